/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_TRAIL_PRIV_H
#define STORE_TRAIL_PRIV_H
/* Whom events are about, as the trails look for them. */
#include "base/vault.h"
#include "store/event_priv.h"
struct subject {
    uint8_t bytes[48];
    size_t len;
};
/* Of an account by its name; of a person by the number, which is kept as a hash. */
void subject_account(const char *account, struct subject *out);
void subject_person(const struct store *store, const char *civil, struct subject *out);
/* Keeps whom an event is about; of every event, also in a replay. */
SND_MUST int subject_keep(struct store *store, const struct event *event,
                          const struct json *payload);
/* Takes away that it is about a person, while its payload still says who that is. */
SND_MUST int subject_forget(struct store *store, const struct event *event,
                            const struct json *payload);
/* For bringing a database forward: the same of all the events that are there. */
SND_MUST int subject_first(struct store *store);
#endif
