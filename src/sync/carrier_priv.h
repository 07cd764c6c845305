/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_CARRIER_PRIV_H
#define SYNC_CARRIER_PRIV_H
/* Requests from a centre to its hub, over two connections that are kept: one for what is sent, one
 * on which the hub says that there is something new. Nothing is sent before the other side has
 * shown a certificate of our hub's authority; what answers without Sanad-Hub is not listened to. */
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/buf.h"
#include "sync/sync.h"

enum trouble {
#define TROUBLE(name, word, help, words) TROUBLE_##name,
#include "book/trouble.def"
#undef TROUBLE
    TROUBLES
};
const char *trouble_word(enum trouble trouble);
const char *trouble_help(enum trouble trouble);

struct carrier;
/* 0, or an error when the certificates can't be used. *stop ends what is under way. */
SND_MUST int carrier_open(const struct centre_args *args, const volatile int *stop,
                          struct carrier **out);
void carrier_close(struct carrier **carrier);

/* What came of a request. */
struct carried {
    enum trouble trouble; /* NONE: `status` and the body are the hub's */
    int status;
    int fresh;         /* it went over a new connection */
    int64_t sent, got; /* bytes of bodies */
};
/* Sends one request and waits for its whole answer. method: POST, HEAD, GET or PATCH; header: a
 * line besides, or NULL. The answer's body goes into `body` (as much as it may hold; more is
 * TROUBLE_ODD). */
void carrier_send(struct carrier *carrier, const char *method, const char *path, const char *header,
                  const struct buf *content, struct buf *body, struct carried *out);
/* Headers of the last answer: Upload-Offset (-1 = it had none); Retry-After, the seconds after which
 * it wants to be asked again (0 = it does not say; more than an hour is not believed). */
int64_t carrier_offset(const struct carrier *carrier);
int64_t carrier_again_s(const struct carrier *carrier);

/* The connection on which news are waited for: begins to ask / whether it is asking. */
void carrier_listen(struct carrier *carrier, const char *path);
int carrier_listening(const struct carrier *carrier);
/* Waits at most ms for anything: an answer to that, or that `fd` (-1 = none) can be read, then 1.
 * *out: when the asking has come to an end: 1, with *heard; else 0. */
int carrier_doze(struct carrier *carrier, int64_t ms, int fd, struct carried *heard, int *readable);
/* Asks in clear, with nothing of ours in it, whether a log-in page stands in the way: 1 or 0. */
int carrier_portal(struct carrier *carrier);
#endif
