/* SPDX-License-Identifier: Apache-2.0
 * A request carries whole events, since the hub takes nothing else; but one event alone may be more
 * than the line carries between two cuts. Then it goes in parts, which the hub holds until the last
 * one, and a cut costs no more than one part. */
#include "sync/run_priv.h"
#include <string.h>
#include "base/err.h"
#include "base/wire.h"

#define LENGTH 4

static size_t record_len(const uint8_t *run, size_t len)
{
    struct wire in = {.at = run, .left = len};
    return len < LENGTH ? 0 : LENGTH + (size_t)wire_u32(&in);
}

size_t run_whole(const uint8_t *run, size_t len)
{
    size_t whole = 0;
    for (;;) {
        size_t one = record_len(run + whole, len - whole);
        if (one == 0 || one > len - whole)
            return whole;
        whole += one;
    }
}

/* One frame of the ledger's, behind what is in `run`. */
static int add_frame(struct book *book, const struct book_place *after, size_t skip, size_t most,
                     int whole, struct buf *run, struct book_feed_run *got)
{
    int err = book_feed_give_up(book, after, (uint32_t)skip,
                                (uint32_t)(most < FEED_RUN ? most : FEED_RUN), whole, got);
    if (!err)
        buf_put(run, got->run, got->len);
    if (!err && run->failed)
        err = SND_E_LIMIT;
    return err;
}

static void keep_end(struct message_up *up, const struct book_feed_run *got)
{
    memcpy(up->signature, got->signature, sizeof up->signature);
}

/* The next part of an event that was begun. */
static int take_part(struct book *book, const struct book_place *after, int64_t batch, int whole,
                     const struct run_part *part, struct message_up *up, struct buf *run, int *more)
{
    struct book_feed_run got = {0};
    int64_t left = part->len - part->held, most = batch < left ? batch : left;
    int err = 0;
    up->first = part->first;
    up->epoch = part->epoch;
    up->skip = part->held;
    while (!err && (int64_t)run->len < most && (got.len > 0 || run->len == 0)) {
        err = add_frame(book, after, (size_t)part->held + run->len,
                        (size_t)(most - (int64_t)run->len), whole, run, &got);
        memcpy(up->before, got.before, sizeof up->before);
    }
    up->ends = !err && (int64_t)run->len == left;
    if (up->ends)
        keep_end(up, &got);
    *more = got.more || !up->ends;
    return err;
}

int run_take(struct book *book, const struct book_place *after, int64_t batch, int whole,
             const struct run_part *part, struct message_up *up, struct buf *run, int *more)
{
    struct book_feed_run got = {0};
    int64_t last = 0;
    if (part->first > 0)
        return take_part(book, after, batch, whole, part, up, run, more);
    *more = 1;
    up->skip = up->ends = 0;
    while (*more && (int64_t)run->len < batch) {
        int err =
            add_frame(book, after, run->len, (size_t)(batch - (int64_t)run->len), whole, run, &got);
        if (err)
            return err;
        if (last == 0) {
            up->epoch = got.epoch;
            up->first = got.first;
            memcpy(up->before, got.before, sizeof up->before);
            last = got.first - 1;
        }
        if (got.last > last) {
            keep_end(up, &got);
            last = got.last;
            up->ends = 1;
        }
        *more = got.more && got.len > 0;
    }
    size_t fits = run_whole(run->data, run->len);
    *more |= fits < run->len;
    if (up->ends)
        run->len = fits;
    return 0;
}

void run_taken(const struct message_up *up, const struct buf *run, struct run_part *part)
{
    if (up->ends || run->len == 0) {
        *part = (struct run_part){0};
        return;
    }
    if (part->first == 0)
        *part = (struct run_part){.epoch = up->epoch,
                                  .first = up->first,
                                  .len = (int64_t)record_len(run->data, run->len)};
    part->held += (int64_t)run->len;
}
