/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_RUN_PRIV_H
#define SYNC_RUN_PRIV_H
/* What of a centre's chain goes with the next request. Runs are opaque but for this: records stand
 * one behind the other, each a 32-bit length and so many bytes (store/feed.h). */
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/buf.h"
#include "book/feed.h"
#include "sync/message_priv.h"
/* Bytes of the whole records at the front. */
size_t run_whole(const uint8_t *run, size_t len);

/* An event larger than a batch, of which the hub holds a part. */
struct run_part {
    int64_t epoch, first; /* that event; first 0 = there is none */
    int64_t held;         /* so much of its record */
    int64_t len;          /* of all of it */
};
/* What goes: whole events after a place for about `batch` bytes, or a part of one. Puts it into
 * `run` and fills in the run's fields of `up`. *more: there is something behind it. `whole`: the
 * hub wants what came from it. 0 or an error of the ledger's. */
SND_MUST int run_take(struct book *book, const struct book_place *after, int64_t batch, int whole,
                      const struct run_part *part, struct message_up *up, struct buf *run,
                      int *more);
/* The hub has taken it: the part that it holds from now on. */
void run_taken(const struct message_up *up, const struct buf *run, struct run_part *part);
#endif
