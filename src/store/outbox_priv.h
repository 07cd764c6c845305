/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_OUTBOX_PRIV_H
#define STORE_OUTBOX_PRIV_H
/* What goes out to agencies: requests, and what a centre did with them later. */
#include "store/event_priv.h"
#include "store/link.h"
#include "store/seal_priv.h"

#define OUTBOX_ANSWER_MAX (64 * 1024)
/* Of `followup f` joined with `request r`; outbox_row() reads them. */
#define FOLLOWUP_COLUMNS                                                                           \
    "f.request, f.id, r.number, f.agency, f.state, f.attempts, f.first_at, f.next_at, f.sha,"      \
    " f.status, f.why, f.answer_sha, f.rev"
/* The row at which the query stands. / The ids in its first column, in the arena; ends the query. */
void outbox_row(struct query *query, struct store_sending *out);
SND_MUST int outbox_ids(struct query *query, struct arena *arena, struct id **out, size_t *count);

/* A request has moved by that event, and the move stands: its agency is to be told of it, when it
 * has the request over a line and the move is a centre's or a runner's. */
struct followup_move {
    const uint8_t *event, *request; /* ids */
    int64_t rev, at;
    const char *from, *to, *by;
};
SND_MUST int followup_note(struct store *store, const struct followup_move *move);
/* The same of a move of this office's own, which has just been made. */
SND_MUST int followup_note_own(struct store *store, const struct store_request *request,
                               const char *from, const struct store_move *move,
                               const struct store_actor *actor);
/* The same as a hub's reaction to such an event of a centre. */
SND_MUST int followup_react(struct store *store, const struct event *event,
                            const struct json *payload, const struct store_actor *actor);
/* Where a kind of sending is kept: how its row is written, and the answer beside it, sealed. */
struct sending_place {
    int (*row)(struct store *store, const struct store_sending *sending);
    enum sealed sealed;
    const char *keep; /* sets the answer ($1) of a key ($2) */
};
/* Both in one step; answer NULL = none. SND_E_LIMIT: too long an answer. */
SND_MUST int sending_put(struct store *store, const struct sending_place *place,
                         const struct store_sending *sending, const struct id *key,
                         const void *answer, size_t len);
#endif
