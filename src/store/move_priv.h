/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_MOVE_PRIV_H
#define STORE_MOVE_PRIV_H
/* A request's row after it was submitted, and what two have done to it at once. */
#include "store/feed_priv.h"
#include "store/request_priv.h"

/* The request that an event is about takes that state and the event's revision, whatever it had. */
SND_MUST int move_restate(struct store *store, const struct event *event, const char *state);
/* 1 when a centre can do something with a request that the hub has in that state. */
int move_of_centre(const char *state);
/* Notes that an event about a request was lost; once. */
SND_MUST int clash_put(struct store *store, const uint8_t request[ID_SIZE],
                       const uint8_t event[ID_SIZE], const char *lost, int64_t at);
/* A move as an event, inside store_write_begin/end; the row is read anew. */
SND_MUST int move_keep(struct store *store, struct store_request *request,
                       const struct store_move *move, const struct store_actor *actor);
/* 0 when that event about a request was lost, SND_E_NOTFOUND when it stands. */
SND_MUST int clash_of(struct store *store, const struct event *event);
#endif
