/* SPDX-License-Identifier: Apache-2.0
 * A hub and its centres, book against book. */
#include "tests/unit/feed_pair.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "tests/ending.h"
#include "tests/tap.h"

void pair_open(struct pair *pair, const char *centre)
{
    static const char *const list = "areas", *const text = "ALL\nMA\n";
    int added;
    memset(pair, 0, sizeof *pair);
    fixture_open_at(&pair->f, centre);
    must(store_form_load(pair->f.store, &pair->f.form, 1, &list, &text, NULL, &added,
                         &pair->f.actor));
}

void pair_close(struct pair *pair)
{
    fixture_close(&pair->f);
}

void pair_join(struct pair *hub, struct pair *centre)
{
    struct store_node node = {.id = centre->f.office.node, .name = "مركز", .cert = "aa"};
    must(str_copy(node.centre, sizeof node.centre, centre->f.office.centre));
    node.until = INT64_MAX;
    must(store_node_invite(hub->f.store, &node, &hub->f.actor));
    must(store_line_key(centre->f.store, node.sign_key));
    must(store_node_join(hub->f.store, &node, &hub->f.actor));
    must(store_line_join(centre->f.store, "https://hub", &hub->f.office.node));
}

void pair_submit(struct pair *centre, char *number)
{
    struct store_request request = {0};
    char civil[16];
    must(str_format(civil, sizeof civil, "%d", 7000000 + centre->made));
    must(fixture_submit(&centre->f, "سالم بن أحمد الحارثي", civil, &request));
    centre->made++;
    if (number != NULL)
        must(str_copy(number, 24, request.number));
}

int parcel_make(struct pair *centre, size_t max, struct parcel *out)
{
    struct store_feed_run run;
    struct buf bytes = BUF_INIT(64 * 1024 * 1024);
    size_t whole;
    memset(out, 0, sizeof *out);
    int err;
    for (;;) {
        buf_clear(&bytes);
        err = store_feed_up(centre->f.store, &centre->f.office.node, &centre->have, 0, max,
                            centre->whole, &bytes, &run);
        if (err != 0 || run.last >= run.first || bytes.len == 0)
            break;
        max *= 2; /* one event is larger than that */
    }
    if (err == 0)
        err = feed_whole(bytes.data, bytes.len, &whole);
    if (err == 0)
        err = store_feed_sign(centre->f.store, &centre->f.office.node, run.epoch, run.last,
                              run.hash, out->taking.signature);
    if (err == 0) {
        out->taking.node = centre->f.office.node;
        out->taking.epoch = run.epoch;
        out->taking.first = run.first;
        memcpy(out->taking.before, run.before, HASH_SIZE);
        memcpy(out->taking.head, run.hash, HASH_SIZE);
        must(str_copy(out->taking.centre, sizeof out->taking.centre, centre->f.office.centre));
        out->bytes = x_alloc(whole + 1);
        if (whole > 0)
            memcpy(out->bytes, bytes.data, whole);
        out->taking.run = out->bytes;
        out->taking.len = whole;
        out->last = run.last;
        out->more = run.more;
    }
    buf_free(&bytes);
    return err;
}

void parcel_copy(const struct parcel *from, struct parcel *to)
{
    *to = *from;
    to->bytes = x_alloc(from->taking.len + 1);
    memcpy(to->bytes, from->bytes, from->taking.len);
    to->taking.run = to->bytes;
}

void parcel_free(struct parcel *parcel)
{
    x_free(&parcel->bytes);
}

int parcel_try(struct pair *hub, const struct parcel *parcel, struct store_place *have,
               enum feed_code *code)
{
    const struct store_feed_taking *taking = &parcel->taking;
    struct store_feed_head head;
    struct store_node node;
    int64_t last, seq = 0;
    size_t offset = 0;
    uint8_t end[HASH_SIZE];
    *code = FEED_UNKNOWN;
    int err = store_node_get(hub->f.store, &taking->node, &node);
    if (err != 0)
        return err == SND_E_NOTFOUND ? 0 : err;
    err = store_feed_judge(hub->f.store, taking, code, &last, end);
    if (err == 0 && *code != FEED_WHOLE &&
        !feed_signed(node.sign_key, &taking->node, taking->epoch, last, taking->head,
                     taking->signature))
        *code = FEED_DAMAGED;
    hub->f.actor.at += 10;
    if (err == 0 && *code == FEED_FORK)
        err = store_feed_forked(hub->f.store, taking, last, &hub->f.actor);
    while (err == 0 && *code == FEED_OK && offset < taking->len)
        err = store_feed_take(hub->f.store, taking, &offset, &seq, 5, &hub->f.actor);
    if (err == 0)
        err = store_feed_head(hub->f.store, &taking->node, &head);
    if (err == 0)
        *have = head.at;
    return err;
}

enum feed_code parcel_take(struct pair *hub, const struct parcel *parcel, struct store_place *have)
{
    enum feed_code code;
    must(parcel_try(hub, parcel, have, &code));
    return code;
}

int pair_down(struct pair *hub, struct pair *centre)
{
    struct store_line line;
    struct store_place at;
    int more = 1, err = store_line_get(centre->f.store, &line);
    struct buf run = BUF_INIT(64 * 1024 * 1024);
    while (err == 0 && more) {
        size_t offset = 0;
        buf_clear(&run);
        err = store_feed_down(hub->f.store, centre->f.office.centre, &line.down, 0, 1 << 20, &run,
                              &at, &more);
        while (err == 0 && offset < run.len)
            err = store_feed_in(centre->f.store, run.data, run.len, &offset, 3, &centre->f.actor);
        line.down = at;
    }
    if (err == 0)
        err = store_feed_acked(centre->f.store, &centre->have, 0);
    buf_free(&run);
    return err;
}

int pair_sync(struct pair *hub, struct pair *centre)
{
    int more, err;
    do {
        struct parcel parcel;
        err = parcel_make(centre, 20000, &parcel);
        if (err != 0)
            return err;
        more = parcel.more;
        enum feed_code code;
        err = parcel_try(hub, &parcel, &centre->have, &code);
        parcel_free(&parcel);
        if (err != 0)
            return err;
        if (code != FEED_OK && code != FEED_GAP && code != FEED_WHOLE)
            return (int)code;
        centre->whole = code == FEED_WHOLE;
        more = more || code != FEED_OK;
    } while (more);
    return pair_down(hub, centre);
}

static int count_in(struct pair *pair, const char *centre, int *out)
{
    int64_t count = 0;
    int err = store_request_count(pair->f.store, centre, &count);
    *out = (int)count;
    return err;
}

void pair_ends(struct pair *hub, struct pair *const *centre, size_t count, const char *faults)
{
    struct ending ending = {0};
    fixture_again(&hub->f, STORE_WRITE);
    for (size_t i = 0; i < count; i++) {
        fixture_again(&centre[i]->f, STORE_WRITE);
        int code = pair_sync(hub, centre[i]);
        if (code != 0)
            tap_note("the last sync of %s: %d", centre[i]->f.office.centre, code);
        ending.lost += code != 0;
    }
    ending_check(&ending, hub->f.store);
    for (size_t i = 0; i < count; i++) {
        ending_check(&ending, centre[i]->f.store);
        ending_compare(&ending, hub->f.store, centre[i]->f.store, centre[i]->made);
    }
    ending_say(&ending, faults);
}

int pair_wrong(struct pair *hub, struct pair *const *centre, size_t count)
{
    int wrong = fixture_findings(&hub->f, "");
    for (size_t i = 0; i < count; i++) {
        int here = -1, there = -1;
        const char *code = centre[i]->f.office.centre;
        wrong += fixture_findings(&centre[i]->f, "");
        if (count_in(centre[i], code, &here) != 0 || count_in(hub, code, &there) != 0 ||
            here != centre[i]->made || there != centre[i]->made) {
            tap_note("%s: made %d, has %d, the hub has %d", code, centre[i]->made, here, there);
            wrong++;
        }
    }
    return wrong;
}
