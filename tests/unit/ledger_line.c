/* SPDX-License-Identifier: Apache-2.0
 * Faults between a centre's ledger and its hub's, by their numbers in the list of those that a line
 * must survive; and what a centre that has joined decides no more. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
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

/* A sender's second frame, and then the same from another: that is no run, and no damage either. */
static void out_of_place(struct side *hub, const struct book_feed_frame *like, const uint8_t *run,
                         size_t len)
{
    struct book_feed_taken taken;
    struct book_feed_frame frame = *like;
    frame.head = frame.signature = NULL;
    frame.skip = 0;
    frame.run = run;
    frame.len = len / 3;
    int err = book_feed_take_up(hub->book, &frame, &taken);
    frame.skip = (uint32_t)frame.len;
    frame.run = run + frame.len;
    if (!err && taken.code == BOOK_FEED_OK)
        err = book_feed_take_up(hub->book, &frame, &taken);
    int first = !err && taken.code == BOOK_FEED_OK;
    err = book_feed_take_up(hub->book, &frame, &taken);
    tap_ok(first && !err && taken.code == BOOK_FEED_GAP, "9: a frame that comes twice is a gap");
}

/* 19: the right certificate, a whole run, and a signature of another's: the hub takes none of it.
 */
static void forged(struct side *hub, struct side *centre, const struct carried *run)
{
    struct book_feed_taken taken = {0};
    struct carried other = *run;
    other.head.signature[0] ^= 1;
    int err = carry_take(hub, centre, &other, &taken);
    tap_ok(err == 0 && taken.code == BOOK_FEED_DAMAGED && taken.have.seq == run->first - 1,
           "19: a run whose end the centre's key has not signed is refused");
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
    forged(hub, centre, &run);
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
    out_of_place(hub, &frame, run.bytes, run.len);
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

static void stop(struct side *side)
{
    book_close(&side->book);
    book_close(&side->clerk);
    rig_end(&side->rig, SIGTERM);
}

static int copy_file(const char *from, const char *to)
{
    static char bytes[65536];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t len;
    int err = in && out ? 0 : SND_E_IO;
    while (!err && (len = fread(bytes, 1, sizeof bytes, in)) > 0)
        err = fwrite(bytes, 1, len, out) == len ? 0 : SND_E_IO;
    if (in)
        fclose(in);
    if (out && fclose(out))
        err = SND_E_IO;
    return err;
}

/* A book is two files: what stands in its log is not in the other yet. */
static int copy_book(const struct rig *rig, const char *from, const char *to)
{
    static const char *const of[] = {"", "-wal"};
    char source[160], target[160];
    int err = 0;
    for (size_t i = 0; i < SND_COUNT(of) && !err; i++) {
        (void)str_format(source, sizeof source, "%s%s%s", rig->db, from, of[i]);
        (void)str_format(target, sizeof target, "%s%s%s", rig->db, to, of[i]);
        if (access(source, F_OK) == 0)
            err = copy_file(source, target);
        else if (unlink(target) && errno != ENOENT)
            err = SND_E_IO;
    }
    (void)str_format(target, sizeof target, "%s%s-shm", rig->db, to);
    return err ? err : unlink(target) && errno != ENOENT ? SND_E_IO : 0;
}

static int node_is(struct side *hub, const struct side *centre, const char *state)
{
    struct book *shell = rig_shell(&hub->rig);
    struct arena *arena = arena_new();
    struct book_node *list = NULL;
    size_t count = 0;
    int found = 0, err = book_node_list(shell, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        found |= strcmp(list[i].centre, centre->centre) == 0 && strcmp(list[i].state, state) == 0;
    arena_free(&arena);
    book_close(&shell);
    return found;
}

/* 19: the disk is cloned, and both go on with one certificate and one key. */
static void cloned(struct side *hub, struct side *centre)
{
    char number[BOOK_NUMBER];
    struct book_feed_taken taken = {0};
    struct carried run = {0};
    tap_is_int(side_sync(hub, centre, FEED_RUN), 0, "19: a centre's disk is cloned");
    struct book_place common = centre->have;
    stop(centre);
    int err = copy_book(&centre->rig, "", ".clone");
    side_start(centre, "sync");
    submit(centre, 1);
    err = err ? err : side_sync(hub, centre, FEED_RUN);
    struct book_place known = centre->have;
    stop(centre);
    err = err ? err : copy_book(&centre->rig, "", ".first");
    err = err ? err : copy_book(&centre->rig, ".clone", "");
    side_start(centre, "sync");
    centre->have = common;
    err = err ? err : side_submit(centre, "سالم بن سعيد", number);
    err = err ? err : carry_give(centre, FEED_RUN, &run);
    err = err ? err : carry_take(hub, centre, &run, &taken);
    tap_ok(err == 0 && taken.code == BOOK_FEED_FORK && taken.have.seq == known.seq,
           "19: the second of the two is refused, with the certificate and the key of the first");
    tap_ok(node_is(hub, centre, "forked"), "19: and the hub's list of centres says so");
    carried_free(&run);
    stop(centre);
    err = err ? err : copy_book(&centre->rig, ".first", "");
    side_start(centre, "sync");
    centre->made--; /* what the clone made is nowhere but there */
    centre->have = known;
    submit(centre, 1);
    err = err ? err : side_sync(hub, centre, FEED_RUN);
    tap_is_int(err, 0, "19: the first goes on");
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
    err = book_feed_take_down(centre->book, 0, NULL, 0, &centre->have, -2 * 86400000LL, &cursor,
                              &more);
    tap_ok(err == 0 && side_submit(centre, "سالم بن سعيد", number) == SND_E_CLOCK,
           "22: nor while it is a day behind");
    err = book_feed_take_down(centre->book, 0, NULL, 0, &centre->have, -60000, &cursor, &more);
    tap_ok(err == 0 && side_submit(centre, "سالم بن سعيد", number) == 0,
           "22: and again once it is right");
}

/* 12: who may not send is told so, and what it sent is not in the book. */
static void turned_away(struct side *hub, struct side *other)
{
    struct book *shell = rig_shell(&hub->rig);
    struct book_feed_taken taken;
    struct book_feed_head before, after;
    struct carried run;
    submit(other, 2);
    int err = carry_give(other, FEED_RUN, &run);
    err = err ? err : book_feed_head(hub->book, &other->node, &before);
    uint8_t first = other->cert[0];
    other->cert[0] ^= 1;
    err = err ? err : carry_take(hub, other, &run, &taken);
    other->cert[0] = first;
    err = err ? err : book_feed_head(hub->book, &other->node, &after);
    tap_ok(!err && taken.code == BOOK_FEED_FORK && after.at.seq == before.at.seq,
           "12: nothing is taken under a certificate that isn't the centre's");
    err = book_node_revoke(shell, other->centre);
    err = err ? err : carry_take(hub, other, &run, &taken);
    err = err ? err : book_feed_head(hub->book, &other->node, &after);
    tap_ok(!err && taken.code == BOOK_FEED_UNKNOWN && after.at.seq == before.at.seq,
           "12: nothing is taken from a centre that is revoked");
    carried_free(&run);
    book_close(&shell);
}

int main(void)
{
    struct side hub, centre, other;
    int64_t requests = 0;
    side_hub(&hub);
    side_centre(&centre, "DA01-003");
    side_join(&hub, &centre);
    two_at_once(&hub, &centre);
    killed(&hub, &centre);
    cloned(&hub, &centre);
    side_centre(&other, "DA01-004");
    side_join(&hub, &other);
    turned_away(&hub, &other);
    side_end(&other);
    rig_remove(&other.rig);
    decided(&centre);
    wrong_clock(&centre);
    tap_is_int(side_sync(&hub, &centre, FEED_RUN), 0, "everything up");
    tap_is_int(side_check(&hub, "hub", &requests), 0, "the hub's book is whole");
    tap_is_int(requests, centre.made, "with every acknowledged request once");
    tap_is_int(side_check(&centre, "sync", &requests), 0, "the centre's book is whole");
    tap_is_int(requests, centre.made, "with as many");
    sides_end(&hub, (struct side *const[]){&centre}, 1, "9 10 12 14 19 22");
    rig_remove(&hub.rig);
    rig_remove(&centre.rig);
    return tap_done();
}
