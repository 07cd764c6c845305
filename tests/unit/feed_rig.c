/* SPDX-License-Identifier: Apache-2.0
 * Centres and a hub in one test program. */
#include "tests/unit/feed_rig.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/ending.h"
#include "tests/tap.h"

#define NEED(call) need((call), #call, __LINE__)

static void need(int err, const char *what, int line)
{
    if (!err)
        return;
    printf("Bail out! feed_rig.c %d: %s: %s\n", line, what, err_text(err));
    fflush(stdout);
    exit(1);
}

void side_start(struct side *side, const char *part)
{
    struct book_me me;
    struct book_feed_head head;
    rig_start(&side->rig);
    NEED(book_open(side->rig.socket, &side->book));
    NEED(book_auth_part(side->book, part, &me));
    if (strcmp(part, "sync") == 0)
        side->clerk = rig_login(&side->rig, "clerk");
    NEED(book_feed_head(side->book, NULL, &head));
    side->node = head.node;
}

void side_end(struct side *side)
{
    book_close(&side->book);
    if (side->clerk)
        book_close(&side->clerk);
    rig_end(&side->rig, SIGTERM);
}

void side_hub(struct side *side)
{
    *side = (struct side){0};
    (void)str_copy(side->centre, sizeof side->centre, "MU01-001");
    rig_make_at(&side->rig, RIG_USUAL, side->centre);
    side_start(side, "hub");
}

void side_centre(struct side *side, const char *centre)
{
    *side = (struct side){0};
    (void)str_copy(side->centre, sizeof side->centre, centre);
    rig_make_at(&side->rig, RIG_USUAL, centre);
    side_start(side, "sync");
}

void side_join(struct side *hub, struct side *centre)
{
    struct book *here = rig_shell(&centre->rig), *there = rig_shell(&hub->rig);
    uint8_t key[FEED_KEY];
    char name[BOOK_TEXT];
    struct id node;
    random_bytes(centre->cert, sizeof centre->cert);
    NEED(book_line_key(here, key));
    NEED(book_node_invite(there, centre->centre, "مركز", "seven-words", clock_utc_ms() + 60000));
    NEED(book_node_join(hub->book, centre->centre, "seven-words", &centre->node, centre->cert, key,
                        &node, name));
    NEED(book_line_join(here, "https://hub.test:8443", &node));
    book_close(&here);
    book_close(&there);
}

int side_submit(struct side *centre, const char *name, char number[BOOK_NUMBER])
{
    struct record *record = rig_record(centre->clerk, &centre->rig, name);
    struct book_receipt receipt;
    struct fault faults[8];
    size_t count;
    struct id id = id_new();
    int err = book_submit(centre->clerk, &id, record, &receipt, faults, 8, &count);
    record_free(&record);
    if (!err) {
        centre->made++;
        (void)str_copy(number, BOOK_NUMBER, receipt.number);
    }
    return err;
}

void carried_free(struct carried *run)
{
    x_free(&run->bytes);
    run->len = 0;
}

int carry_give(struct side *centre, size_t max, struct carried *out)
{
    *out = (struct carried){0};
    for (;;) {
        size_t room = max - out->len < FEED_RUN ? max - out->len : FEED_RUN;
        int err = book_feed_give_up(centre->book, &centre->have, (uint32_t)out->len, (uint32_t)room,
                                    centre->whole, &out->head);
        if (err)
            return err;
        if (out->len == 0) {
            memcpy(out->before, out->head.before, HASH_SIZE);
            out->first = out->head.first;
        }
        out->bytes = x_realloc(out->bytes, out->len + out->head.len + 1, 1);
        memcpy(out->bytes + out->len, out->head.run, out->head.len);
        out->len += out->head.len;
        if (out->len >= max || out->head.len == 0)
            break;
    }
    /* Away with the record that doesn't end in it. */
    size_t whole = 0;
    while (out->len - whole >= 4) {
        const uint8_t *at = out->bytes + whole;
        size_t size = ((size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3]) + 4;
        if (size > out->len - whole)
            break;
        whole += size;
    }
    if (whole == 0 && out->len > 0 && max < 4 * 1024 * 1024) { /* one event is larger than that */
        carried_free(out);
        return carry_give(centre, max * 2, out);
    }
    out->len = whole;
    return 0;
}

int carry_take(struct side *hub, const struct side *centre, const struct carried *run,
               struct book_feed_taken *out)
{
    struct book_feed_frame frame = {.node = centre->node,
                                    .epoch = run->head.epoch,
                                    .first = run->first,
                                    .before = run->before,
                                    .cert = centre->cert};
    size_t at = 0;
    int err;
    do {
        size_t left = run->len - at;
        frame.skip = (uint32_t)at;
        frame.run = run->bytes + at;
        frame.len = left < FEED_RUN ? left : FEED_RUN;
        at += frame.len;
        if (at == run->len) {
            frame.head = run->head.hash;
            frame.signature = run->head.signature;
        }
        err = book_feed_take_up(hub->book, &frame, out);
    } while (!err && out->code == BOOK_FEED_OK && at < run->len);
    while (!err && out->code == BOOK_FEED_OK && out->more) {
        frame.skip = (uint32_t)run->len;
        frame.len = 0;
        err = book_feed_take_up(hub->book, &frame, out);
    }
    return err;
}

int carry_down(struct side *hub, struct side *centre, size_t max)
{
    struct book_feed_head head;
    int err = book_feed_head(centre->book, NULL, &head);
    struct book_place cursor = head.down, after = head.down;
    struct book_feed_down down = {.more = 1};
    uint32_t skip = 0, sent = 0;
    int more = 0;
    while (!err && down.more) {
        err = book_feed_give_down(hub->book, &centre->node, &after, skip, (uint32_t)max, &down);
        if (err)
            break;
        skip += (uint32_t)down.len;
        err = book_feed_take_down(centre->book, sent, down.run, down.len, &centre->have, 0, &cursor,
                                  &more);
        sent += (uint32_t)down.len;
        while (!err && more)
            err =
                book_feed_take_down(centre->book, sent, NULL, 0, &centre->have, 0, &cursor, &more);
    }
    return err;
}

int side_sync(struct side *hub, struct side *centre, size_t max)
{
    struct book_feed_taken taken;
    struct carried run;
    int err, more;
    do {
        err = carry_give(centre, max, &run);
        if (err)
            break;
        more = run.head.more;
        err = carry_take(hub, centre, &run, &taken);
        carried_free(&run);
        if (err || (taken.code != BOOK_FEED_OK && taken.code != BOOK_FEED_GAP &&
                    taken.code != BOOK_FEED_WHOLE))
            return err ? err : -100 - (int)taken.code;
        centre->whole = taken.code == BOOK_FEED_WHOLE;
        more = more || taken.code != BOOK_FEED_OK;
        centre->have = taken.have;
    } while (more);
    carried_free(&run);
    return err ? err : carry_down(hub, centre, max < FEED_RUN ? max : FEED_RUN);
}

int side_check(struct side *side, const char *part, int64_t *requests)
{
    side_end(side);
    int findings = rig_check(&side->rig, requests);
    side_start(side, part);
    return findings;
}

/* A hub's store while that of a centre is opened, too. */
struct endings {
    struct ending ending;
    struct side *const *centre;
    size_t count;
    struct store *hub;
    int64_t made;
};

static void end_centre(struct store *store, void *arg)
{
    struct endings *endings = arg;
    ending_check(&endings->ending, store);
    ending_compare(&endings->ending, endings->hub, store, endings->made);
}

static void end_hub(struct store *store, void *arg)
{
    struct endings *endings = arg;
    endings->hub = store;
    ending_check(&endings->ending, store);
    for (size_t i = 0; i < endings->count; i++) {
        endings->made = endings->centre[i]->made;
        rig_with_store(&endings->centre[i]->rig, end_centre, endings);
    }
}

void sides_end(struct side *hub, struct side *const *centre, size_t count, const char *faults)
{
    struct endings endings = {.centre = centre, .count = count};
    for (size_t i = 0; i < count; i++)
        endings.ending.lost += side_sync(hub, centre[i], FEED_RUN) != 0;
    side_end(hub);
    for (size_t i = 0; i < count; i++)
        side_end(centre[i]);
    rig_with_store(&hub->rig, end_hub, &endings);
    if (endings.ending.books != (long)count + 1)
        endings.ending.chain++;
    ending_say(&endings.ending, faults);
}
