/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_FEED_TAKE_PRIV_H
#define STORE_FEED_TAKE_PRIV_H
/* Taking a centre's run, record by record. */
#include "store/feed_priv.h"
struct taking_walk {
    const struct store_feed_taking *taking;
    size_t offset;           /* behind the last record */
    int64_t seq;             /* of the last record */
    uint8_t hash[HASH_SIZE]; /* and its hash */
};
void taking_begin(struct taking_walk *walk, const struct store_feed_taking *taking);
/* The next record as the centre's event: 1, 0 at the end, SND_E_BAD, or SND_E_NOTFOUND when it is
 * the hub's and the hub doesn't have it. record->kept is yours to x_free(). */
SND_MUST int taking_next(struct store *store, struct taking_walk *walk, struct feed_record *record);
/* The hash of a node's event: 0 or SND_E_NOTFOUND. / The last of an epoch that is here, 0 = none.
 */
SND_MUST int taken_hash(struct store *store, const struct id *node, int64_t epoch, int64_t seq,
                        uint8_t hash[HASH_SIZE]);
SND_MUST int taken_end(struct store *store, const struct id *node, int64_t epoch, int64_t *seq);
/* What stayed of payloads that are not here, for the event that begins a new epoch; and its rows. */
struct json *back_purged(struct store *store, const struct id *node);
SND_MUST int back_apply_purged(struct store *store, const struct event *event,
                               const struct json *all);
/* 1 when that place of our own chain is behind the end of an epoch that was left: an older book was
 * put back, and what stood there is with the centres alone. */
int feed_lost(struct store *store, const struct store_place *from);
/* An event of ours that an older book of the hub's doesn't have goes into our own chain again. One
 * that can't follow any more is left where it is. */
SND_MUST int regain(struct store *store, const struct feed_record *record, const char *centre);
#endif
