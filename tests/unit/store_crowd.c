/* SPDX-License-Identifier: Apache-2.0
 * Fault 33, book against book: many centres come back at once after an outage, each with its
 * requests of weeks. Their runs come in any order, are cut into small ones, given twice; answers
 * get lost. The hub then has every request once. How long 621 take over HTTP is for tools/bench. */
#include <string.h>
#include "base/err.h"
#include "base/id.h"
#include "tests/tap.h"
#include "tests/unit/feed_pair.h"

#ifdef SND_SANITIZERS
#define CENTRES 6
#else
#define CENTRES 24
#endif
#define EACH 18     /* requests: 11 000 of 621 centres */
#define TURNS 20000 /* more than it takes */

static struct pair hub, centre[CENTRES];

static void begin(void)
{
    char code[16];
    pair_open(&hub, "MU01-001");
    for (int i = 0; i < CENTRES; i++) {
        must(str_format(code, sizeof code, "DA01-%03d", 100 + i));
        pair_open(&centre[i], code);
        pair_join(&hub, &centre[i]);
        for (int n = 0; n < EACH; n++)
            pair_submit(&centre[i], NULL);
    }
}

/* A run of one of them; 1 when the hub has all of it now. */
static int turn(struct pair *one, int *wrong)
{
    struct parcel parcel;
    struct store_place have = one->have;
    must(parcel_make(one, 500 + random_below(6000), &parcel));
    int all = !parcel.more;
    for (uint32_t times = 1 + (random_below(8) == 0); times > 0; times--)
        *wrong += parcel_take(&hub, &parcel, &have) != FEED_OK;
    parcel_free(&parcel);
    if (random_below(6) == 0)
        return 0; /* the answer is lost */
    one->have = have;
    return all;
}

int main(void)
{
    struct pair *each[CENTRES];
    int left = CENTRES, wrong = 0, turns = 0;
    int64_t requests = 0;
    begin();
    for (int i = 0; i < CENTRES; i++)
        each[i] = &centre[i];
    for (; left > 0 && turns < TURNS; turns++) {
        uint32_t at = random_below((uint32_t)left);
        if (turn(each[at], &wrong)) {
            struct pair *done = each[at];
            each[at] = each[--left];
            each[left] = done;
        }
    }
    must(store_request_count(hub.f.store, "", &requests));
    tap_note("%d centres, %d runs, %lld requests", CENTRES, turns, (long long)requests);
    tap_ok(left == 0 && wrong == 0, "33: many centres at once, run by run in any order");
    pair_ends(&hub, each, CENTRES, "33");
    for (int i = 0; i < CENTRES; i++)
        pair_close(&centre[i]);
    pair_close(&hub);
    return tap_done();
}
