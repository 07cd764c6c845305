/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_PERSON_PRIV_H
#define STORE_PERSON_PRIV_H
/* The centre's customers, as requests make them. */
#include "store/event_priv.h"
/* Of an event request.submitted: whom it speaks of. */
SND_MUST int person_apply_submitted(struct store *store, const struct event *event,
                                    const struct json *payload);
/* Before a request lets go of its people: what only it said of them goes. */
SND_MUST int person_forget(struct store *store, const struct id *request,
                           const struct json *payload);
/* For bringing a database forward: the customers of the requests that it has already. */
SND_MUST int person_first(struct store *store);
#endif
