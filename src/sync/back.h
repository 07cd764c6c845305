/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_BACK_H
#define SYNC_BACK_H
/* What a centre that has lost its book asks of its hub: its own chain, and then its documents. One
 * request at a time, each as large as the line has shown that it carries; nothing is kept here of
 * how far it came. */
#include "base/attr.h"
#include "base/cert.h"
#include "book/feed.h"
struct back_args {
    const char *url;           /* https://host:port of the hub */
    struct cert_pair *own;     /* the centre's certificate and key, PEM */
    const char *authority;     /* the hub's, PEM */
};
struct back;
/* Names are looked up and certificates read with the first request. 0 or an error. */
SND_MUST int back_open(const struct back_args *args, struct back **out);
void back_close(struct back **back);

enum back_came {
    BACK_CAME,
    BACK_AGAIN, /* not this time: wait back_pause() and ask again */
    BACK_NEVER, /* asking again will not help */
};
/* The events after a place, without the first `skip` bytes of their records: added to `run`, as far
 * as the line carries at once. */
struct back_piece {
    int64_t epoch, first, last; /* last: whose record ends in the run; first - 1 = none does */
    int more;
    uint8_t before[HASH_SIZE], hash[HASH_SIZE]; /* of the event before the first; of the last */
};
SND_MUST enum back_came back_events(struct back *back, const struct book_place *after, int64_t skip,
                                    struct buf *run, struct back_piece *out);
/* One piece of one of the documents that the book lacks; book: as the office's "sync". *did: 0 when
 * there is none that the hub has. */
SND_MUST enum back_came back_document(struct back *back, struct book *book, int *did);
/* What was wrong, in words for a person; ms to wait before asking again. */
const char *back_why(const struct back *back);
int64_t back_pause(const struct back *back);
#endif
