/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_JOIN_H
#define SYNC_JOIN_H
/* A centre joins a hub, by what somebody at the hub has read to it: the address and an invitation.
 * Nothing of the invitation's secret is sent before the other side has shown that it is the hub of
 * that invitation. */
#include "base/attr.h"
#include "base/cert.h"
#include "base/id.h"
#include "base/invite.h"
#define JOIN_TITLE 256
#define JOIN_SIGN_KEY 32
struct join_ask {
    const char *url; /* https://host:port */
    const struct invite *invite;
    const char *centre; /* its code */
    struct id node;     /* of its book; zeros: that is lost, and the hub says which it was */
    uint8_t sign_key[JOIN_SIGN_KEY];
};
struct join_answer {
    char *authority;      /* PEM; all three yours to free with join_free() */
    struct cert_pair own; /* the centre's certificate and its key */
    struct id hub, node;
    char name[JOIN_TITLE]; /* of the centre, as the hub has it */
};
/* Why it did not go through. */
enum join_fault {
#define JOIN_FAULT(name, sentence) JOIN_##name,
#include "sync/join_fault.def"
#undef JOIN_FAULT
    JOIN_FAULTS
};
/* One sentence that says what to do. */
const char *join_sentence(enum join_fault fault);
/* JOIN_NONE, or why not. Waits at most a minute. */
SND_MUST enum join_fault join_hub(const struct join_ask *ask, struct join_answer *out);
void join_free(struct join_answer *answer);
#endif
