/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_OVERSIGHT_PRIV_H
#define STORE_OVERSIGHT_PRIV_H
/* What a hub does when a centre has raised an issue: all centres of the governorate hear of it. */
#include "store/event_priv.h"
SND_MUST int oversight_react(struct store *store, const struct event *event,
                             const struct json *payload, const struct store_actor *actor);
#endif
