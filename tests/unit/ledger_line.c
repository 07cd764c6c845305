/* SPDX-License-Identifier: Apache-2.0
 * Faults between a centre's ledger and its hub's, by their numbers in the list of those that a line
 * must survive; and what a centre that has joined decides no more. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/feed_rig.h"

static void submit(struct side *centre, int count)
{
    char number[BOOK_NUMBER];
    int err = 0;
    for (int i = 0; i < count && !err; i++)
        err = side_submit(centre, "سالم بن سعيد", number);
    tap_ok(err == 0, "%d requests", count);
}

/* 9, 10 */
static void two_at_once(struct side *hub, struct side *centre)
{
    struct book_feed_taken taken, again;
    struct carried old, run;
    submit(centre, 3);
    int err = carry_give(centre, FEED_RUN, &old);
    submit(centre, 3);
    err = err ? err : carry_give(centre, FEED_RUN, &run);
    err = err ? err : carry_take(hub, centre, &run, &taken);
    tap_ok(err == 0 && taken.code == BOOK_FEED_OK, "10: the newer of two runs comes first");
    err = carry_take(hub, centre, &old, &again);
    tap_ok(err == 0 && again.code == BOOK_FEED_OK && again.have.seq == taken.have.seq,
           "10: the older, after it, takes nothing away and adds nothing");
    /* Two senders whose frames come in turn: one of them is told to begin again. */
    struct book_feed_frame frame = {.node = centre->node,
                                    .epoch = run.head.epoch,
                                    .first = run.first,
                                    .before = run.before,
                                    .cert = centre->cert,
                                    .run = run.bytes,
                                    .len = run.len / 2};
    err = book_feed_take_up(hub->book, &frame, &again);
    tap_ok(err == 0 && again.code == BOOK_FEED_OK, "9: half of a run");
    err = book_feed_take_up(hub->book, &frame, &again);
    tap_ok(err == 0 && again.code == BOOK_FEED_OK, "9: and the same half from another");
    frame.skip = (uint32_t)frame.len;
    frame.run = run.bytes + frame.len;
    frame.len = run.len - frame.len;
    frame.head = run.head.hash;
    frame.signature = run.head.signature;
    err = book_feed_take_up(hub->book, &frame, &again);
    tap_ok(err == 0 && again.code == BOOK_FEED_OK && again.have.seq == taken.have.seq,
           "9: the other half makes one run of it");
    err = book_feed_take_up(hub->book, &frame, &again);
    tap_ok(err == 0 && again.code == BOOK_FEED_GAP, "9: a half without its beginning is a gap");
    carried_free(&old);
    carried_free(&run);
    centre->have = taken.have;
    tap_is_int(side_sync(hub, centre, FEED_RUN), 0, "9, 10: and the line goes on");
}

/* 14: the hub's ledger, or the centre's, is killed somewhere in a sync. */
static void killed(struct side *hub, struct side *centre)
{
    int broken = 0;
    for (int i = 0; i < 8; i++) {
        struct side *side = i % 2 ? hub : centre;
        struct book_feed_taken taken;
        struct carried run = {0};
        char number[BOOK_NUMBER];
        for (int j = 0; j < 4; j++)
            broken += side_submit(centre, "سالم بن سعيد", number) != 0;
        broken += carry_give(centre, FEED_RUN, &run) != 0;
        /* The first frame, or the whole; the answer is lost. */
        struct book_feed_frame frame = {.node = centre->node,
                                        .epoch = run.head.epoch,
                                        .first = run.first,
                                        .before = run.before,
                                        .cert = centre->cert,
                                        .run = run.bytes,
                                        .len = i % 3 ? run.len : run.len / 2};
        if (i % 3) {
            frame.head = run.head.hash;
            frame.signature = run.head.signature;
        }
        broken += book_feed_take_up(hub->book, &frame, &taken) != 0;
        carried_free(&run);
        book_close(&side->book);
        if (side->clerk)
            book_close(&side->clerk);
        rig_end(&side->rig, SIGKILL);
        side_start(side, side == hub ? "hub" : "sync");
    }
    tap_is_int(broken, 0, "14: ledgers killed eight times in the middle of a sync");
    tap_is_int(side_sync(hub, centre, FEED_RUN), 0, "14: the next sync brings all of it");
}

static void decided(struct side *centre)
{
    struct book *shell = rig_shell(&centre->rig), *sup = rig_login(&centre->rig, "sup");
    struct book_ruling ruling = {.service = "TS-02", .from = 17545, .to = BOOK_FOREVER};
    int told = 0;
    tap_is_int(book_service_open(shell, &ruling, NULL, 0, &told), SND_E_ELSEWHERE,
               "a centre that has joined opens no service");
    tap_is_int(book_service_open(sup, &ruling, NULL, 0, &told), SND_E_ELSEWHERE, "whoever asks");
    book_close(&shell);
    book_close(&sup);
}

/* 22 */
static void wrong_clock(struct side *centre)
{
    struct book_place cursor;
    char number[BOOK_NUMBER];
    int more;
    int err = book_feed_take_down(centre->book, 0, NULL, 0, &centre->have, 2 * 86400000LL, &cursor,
                                  &more);
    tap_ok(err == 0 && side_submit(centre, "سالم بن سعيد", number) == SND_E_CLOCK,
           "22: nothing is submitted while the clock is a day wrong");
    err = book_feed_take_down(centre->book, 0, NULL, 0, &centre->have, -60000, &cursor, &more);
    tap_ok(err == 0 && side_submit(centre, "سالم بن سعيد", number) == 0,
           "22: and again once it is right");
}

int main(void)
{
    struct side hub, centre;
    int64_t requests = 0;
    side_hub(&hub);
    side_centre(&centre, "DA01-003");
    side_join(&hub, &centre);
    two_at_once(&hub, &centre);
    killed(&hub, &centre);
    decided(&centre);
    wrong_clock(&centre);
    tap_is_int(side_sync(&hub, &centre, FEED_RUN), 0, "everything up");
    tap_is_int(side_check(&hub, "hub", &requests), 0, "the hub's book is whole");
    tap_is_int(requests, centre.made, "with every acknowledged request once");
    tap_is_int(side_check(&centre, "sync", &requests), 0, "the centre's book is whole");
    tap_is_int(requests, centre.made, "with as many");
    sides_end(&hub, (struct side *const[]){&centre}, 1, "9 10 14");
    rig_remove(&hub.rig);
    rig_remove(&centre.rig);
    return tap_done();
}
