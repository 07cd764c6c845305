/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_LOADED_PRIV_H
#define STORE_LOADED_PRIV_H
/* Texts of forms, as those share them that bring one into the book. */
#include "store/event_priv.h"
#define LOADED_BEGUN 1 /* a version below is of a text that nothing is begun with */

/* 1, 0 or an error. */
int loaded_there(struct store *store, const uint8_t sha[HASH_SIZE]);
/* Puts the text and the lists of a payload, under that version. */
SND_MUST int loaded_put(struct store *store, const uint8_t sha[HASH_SIZE],
                        const struct json *payload, int64_t version);
/* A version below LOADED_BEGUN that no text of this form has. */
SND_MUST int loaded_below(struct store *store, const char *code, int64_t *out);

/* A request that was filled in by it has come: it is wanted, unless it is here. */
SND_MUST int kept_want(struct store *store, const uint8_t sha[HASH_SIZE]);

/* At the hub: a text that a centre has loaded is kept for what is filled in by it, when it isn't
 * here: event form.kept. Nothing for one that is no form of a service that the hub has. */
SND_MUST int kept_bring(struct store *store, const struct event *event, const struct json *payload,
                        const struct store_actor *actor);
/* The same for a form that an event of that centre's node names, looked for among what the node has
 * sent. */
SND_MUST int kept_look_back(struct store *store, const struct event *named,
                            const struct store_actor *actor);
#endif
