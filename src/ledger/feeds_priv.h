/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_FEEDS_PRIV_H
#define LEDGER_FEEDS_PRIV_H
/* Runs that are being gathered. */
#include "ledger/op_priv.h"
#include "store/feed.h"
struct staged {
    struct staged *next;
    struct id node; /* whose run; zeros = the hub's, at a centre */
    int64_t epoch, first;
    struct buf run;
    int judged;    /* it is whole and may be taken */
    size_t offset; /* as far as it was taken */
    int64_t seq;
    int64_t touched;
};
/* NULL: there is none. / A new, empty one, in the place of one that was there. */
struct staged *feeds_find(struct feeds *feeds, const struct id *node);
struct staged *feeds_begin(struct feeds *feeds, const struct id *node);
/* SND_E_LIMIT: a run that is too large. May drop others'. */
SND_MUST int feeds_add(struct feeds *feeds, struct staged *staged, const void *bytes, size_t len);
/* How many events of a run are taken at once: as many as take some milliseconds here, at most
 * FEEDS_PIECE. took: how long so many took. */
#define FEEDS_PIECE 32
size_t feeds_piece(const struct feeds *feeds);
void feeds_took(struct feeds *feeds, int64_t ms);
/* Lets go of one that was taken, or that will not be. */
void feeds_drop(struct feeds *feeds, struct staged *staged);
#endif
