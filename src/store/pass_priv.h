/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_PASS_PRIV_H
#define STORE_PASS_PRIV_H
/* A request on its way from one centre to another. */
#include "store/move_priv.h"

/* From a reaction upon a move of the centre that has the request: the one that made it hears how it
 * stands. */
SND_MUST int pass_follow(struct store *store, const struct event *event, const struct json *payload,
                         const struct store_actor *actor);
#endif
