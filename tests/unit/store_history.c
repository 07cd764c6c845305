/* SPDX-License-Identifier: Apache-2.0
 * Random histories of a hub and two centres: runs are given twice, kept back, taken in another
 * order, cut, spoiled, played again; answers get lost; books are closed in the middle of a step and
 * put back from backups. Whatever was acknowledged is at the hub in the end, once, and all books
 * are whole. `store_history 1000 7` runs so many from that seed on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "store/keep.h"
#include "tests/ending.h"
#include "tests/tap.h"
#include "tests/unit/feed_pair.h"

#define ROUNDS 24
#define STEPS 60
#define POOL 12

static uint64_t chance;

/* xorshift: the same history for the same seed. */
static uint32_t below(uint32_t bound)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (uint32_t)(chance >> 16) % bound;
}

struct history {
    struct pair hub, centre[2];
    struct parcel pool[POOL]; /* under way; bytes NULL = a free place */
    int from[POOL];
    struct store_place acked[2]; /* the furthest that the hub said it has of a centre */
    int broken;
};

static void note(struct history *h, const char *what, long long got)
{
    tap_note("%s: %lld", what, got);
    h->broken++;
}

static void step_submit(struct history *h, int which)
{
    for (uint32_t i = below(6); i-- > 0;)
        pair_submit(&h->centre[which], NULL);
}

static void step_give(struct history *h, int which)
{
    uint32_t at = below(POOL);
    struct pair *pair = &h->centre[which];
    parcel_free(&h->pool[at]);
    int err = parcel_make(pair, 200 + below(8000), &h->pool[at]);
    if (err != 0)
        note(h, "giving", err);
    h->from[at] = which;
}

/* Cut, or with a bit turned: never taken. */
static void spoil(struct parcel *parcel)
{
    if (below(2) == 0 && parcel->taking.len > 0)
        parcel->taking.len -= 1 + below((uint32_t)parcel->taking.len);
    else if (parcel->taking.len > 0)
        parcel->bytes[below((uint32_t)parcel->taking.len)] ^= (uint8_t)(1u << below(8));
}

static void step_take(struct history *h)
{
    struct parcel parcel;
    struct store_place have;
    uint32_t at = below(POOL);
    if (h->pool[at].bytes == NULL)
        return;
    int which = h->from[at], spoiled = below(4) == 0;
    parcel_copy(&h->pool[at], &parcel);
    if (spoiled && parcel.taking.len > 0)
        spoil(&parcel);
    else
        spoiled = 0;
    enum feed_code code = parcel_take(&h->hub, &parcel, &have);
    parcel_free(&parcel);
    if (spoiled && code == FEED_OK)
        note(h, "a spoiled run was taken", which);
    if (code == FEED_FORK && !spoiled)
        note(h, "a true run was called a fork", which);
    if (code == FEED_OK && have.seq > h->acked[which].seq)
        h->acked[which] = have;
    if (below(3) > 0) /* else the answer is lost */
        h->centre[which].have = have;
    if (code == FEED_WHOLE)
        h->centre[which].whole = 1;
    if (below(2) == 0) /* else it may come again */
        parcel_free(&h->pool[at]);
}

static void step_down(struct history *h, int which)
{
    int err = pair_down(&h->hub, &h->centre[which]);
    if (err != 0)
        note(h, "the way down", err);
}

static void step_decide(struct history *h)
{
    struct store_ruling ruling = {.service = "MZ-01", .opens = (int)below(2), .from = 19676};
    ruling.to = 19676 + (int32_t)below(100);
    must(store_service_rule(h->hub.f.store, &ruling, NULL, &h->hub.f.actor));
}

/* The program dies in the middle of a step: what was not committed was never there. */
static void step_die(struct history *h, struct pair *pair)
{
    must(store_batch_begin(pair->f.store));
    if (pair != &h->hub) {
        pair_submit(pair, NULL);
        pair->made--;
    } else {
        step_take(h);
    }
    store_batch_rollback(pair->f.store);
    fixture_again(&pair->f, STORE_WRITE);
}

static void heal(struct history *h)
{
    for (int i = 0; i < 2; i++)
        for (int twice = 0; twice < 2; twice++) {
            int code = pair_sync(&h->hub, &h->centre[i]);
            if (code != 0)
                note(h, "the last sync", code);
        }
}

static void step(struct history *h)
{
    int which = (int)below(2);
    switch (below(10)) {
    case 0:
    case 1:
        step_submit(h, which);
        break;
    case 2:
    case 3:
        step_give(h, which);
        break;
    case 4:
    case 5:
    case 6:
        step_take(h);
        break;
    case 7:
        step_down(h, which);
        break;
    case 8:
        step_decide(h);
        break;
    case 9:
        step_die(h, below(3) == 0 ? &h->hub : &h->centre[which]);
        break;
    }
}

/* Every acknowledgement against what is there in the end: what went wrong. */
static int judge(struct history *h)
{
    struct ending ending = {0};
    ending_check(&ending, h->hub.f.store);
    for (int i = 0; i < 2; i++) {
        struct pair *centre = &h->centre[i];
        struct store_feed_head head = {0};
        must(store_feed_head(h->hub.f.store, &centre->f.office.node, &head));
        ending.lost += h->acked[i].seq > 0 &&
                       (head.at.epoch != h->acked[i].epoch || head.at.seq < h->acked[i].seq);
        ending_check(&ending, centre->f.store);
        ending_compare(&ending, h->hub.f.store, centre->f.store, centre->made);
    }
    return (int)(ending.lost + ending.twice + ending.chain + ending.tally + ending.replay);
}

/* The hub is put back as it was `kept`, once, in the middle. */
static void hub_back(struct history *h, uint32_t epoch)
{
    fixture_restore(&h->hub.f);
    must(store_open(h->hub.f.path, STORE_WRITE, h->hub.f.vault, &h->hub.f.store));
    must(store_restored(h->hub.f.store, epoch, &h->hub.f.actor));
}

static int run(uint64_t seed)
{
    struct history *h = x_alloc(sizeof *h);
    chance = seed * 0x9e3779b97f4a7c15u + 1;
    pair_open(&h->hub, "MU01-001");
    pair_open(&h->centre[0], "DA01-003");
    pair_open(&h->centre[1], "DA01-004");
    pair_join(&h->hub, &h->centre[0]);
    pair_join(&h->hub, &h->centre[1]);
    int kept_at = (int)below(STEPS), back_at = kept_at + 1 + (int)below(STEPS);
    for (int i = 0; i < STEPS; i++) {
        if (i == kept_at && seed % 3 == 0) {
            fixture_keep(&h->hub.f);
            must(store_open(h->hub.f.path, STORE_WRITE, h->hub.f.vault, &h->hub.f.store));
        }
        if (i == back_at && seed % 3 == 0)
            hub_back(h, 2);
        step(h);
    }
    heal(h);
    int wrong = h->broken + judge(h);
    for (int i = 0; i < POOL; i++)
        parcel_free(&h->pool[i]);
    for (int i = 0; i < 2; i++)
        pair_close(&h->centre[i]);
    pair_close(&h->hub);
    x_free(&h);
    return wrong;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : ROUNDS, wrong = 0;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    for (int i = 0; i < rounds; i++) {
        int found = run(seed + (uint64_t)i);
        if (found != 0)
            tap_note("seed %llu: %d", (unsigned long long)(seed + (uint64_t)i), found);
        wrong += found != 0;
    }
    tap_note("%d histories", rounds);
    tap_is_int(wrong, 0,
               "B1: in random histories every acknowledged event is there once, all books whole");
    return tap_done();
}
