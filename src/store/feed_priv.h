/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_FEED_PRIV_H
#define STORE_FEED_PRIV_H
/* Records of a run, and what both sides of a line share. */
#include "base/wire.h"
#include "store/event_priv.h"
#include "store/feed.h"
#define RECORD_COLUMNS                                                                             \
    "node, epoch, seq, id, tx, rev, type, actor, centre, peer, t, day, form, payload_sha, "        \
    "payload,"                                                                                     \
    " hash"

struct feed_record {
    int relayed;             /* an 'R': nothing below but `from` is filled in */
    struct store_place from; /* the hub's event */
    struct event event;      /* without node, epoch, seq */
    const uint8_t *payload;  /* borrowed; NULL when it was purged */
    size_t len;
    char *kept; /* then: what stayed, "" = nothing; yours to x_free() */
};
/* An event as a record; kept as in record. The length goes before it. */
void feed_record_put(struct buf *out, const struct event *event, const void *payload, size_t len,
                     const char *kept);
void feed_record_put_relayed(struct buf *out, const struct store_place *from);
/* The record at the front of a run: its body and the length of all of it. 1, 0 = not whole, or
 * SND_E_BAD. */
SND_MUST int feed_record_next(const uint8_t *run, size_t len, struct wire *body, size_t *whole);
/* Reads a body to its end: 0 or SND_E_BAD. */
SND_MUST int feed_record_get(struct wire *body, struct feed_record *out);

/* 1 when an event of that peer came from the hub: its place there. */
int feed_relayed(const char *peer, struct store_place *out);
void feed_peer(const struct store_place *from, char out[64]);
int place_order(const struct store_place *a, const struct store_place *b); /* <0, 0, >0 */

/* What follows from a centre's event at the hub, by the table. */
SND_MUST int taken_follow(struct store *store, const struct event *event,
                          const struct json *payload);
/* Whether that centre may say it: FEED_WHY_NONE, or why not. */
enum feed_why taken_judge(struct store *store, const char *centre, const struct event *event,
                          const struct json *payload);
/* What the hub decides upon it, after all has followed: reactions.def. Nothing for most. */
SND_MUST int react(struct store *store, const struct event *event, const struct json *payload,
                   const struct store_actor *actor);
#define REACTION(name, function)                                                                   \
    SND_MUST int function(struct store *store, const struct event *event,                          \
                          const struct json *payload, const struct store_actor *actor);
#include "store/reactions.def"
#undef REACTION

/* The office's own node. */
SND_MUST int feed_office(struct store *store, struct id *node);
/* The book came back from the hub, which has all of it up to `end`: the line goes on from there. */
SND_MUST int line_returned(struct store *store, const struct id *node,
                           const struct store_place *end);
/* A row of quarantine. */
SND_MUST int quarantine_put(struct store *store, const struct event *of, int64_t seq,
                            const char *why);
#endif
