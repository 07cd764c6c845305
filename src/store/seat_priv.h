/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SEAT_PRIV_H
#define STORE_SEAT_PRIV_H
/* Inside store_write_begin/end. */
#include "store/seat.h"
/* The seat of a request that has ended without one is free again, where that is decided here. */
SND_MUST int seat_follow(struct store *store, const struct id *request,
                         const struct store_actor *actor);
#endif
