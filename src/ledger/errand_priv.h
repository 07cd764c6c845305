/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_ERRAND_PRIV_H
#define LEDGER_ERRAND_PRIV_H
/* What the operations of the lines to agencies share. */
#include "ledger/op_priv.h"
#include "store/link.h"

/* A request on its way to its agency. */
struct errand {
    struct store_request request;
    struct id event; /* that submitted it: its key at the agency */
    char *values;    /* JSON; "{}" once purged */
};
SND_MUST int errand_get(struct call *call, const struct id *request, struct errand *out);
void errand_free(struct errand *errand);
/* 1 when all its documents are here, attached to it and whole: before that it is not sent. */
SND_MUST int errand_complete(struct call *call, const struct errand *errand, int *complete);
/* What the agency is sent, byte for byte the same whenever it is made: 0, SND_E_LIMIT. */
SND_MUST int errand_body(struct call *call, const struct errand *errand, struct buf *out);
/* What the agency is told of a later step of the request; the same whenever it is made. */
SND_MUST int errand_followup(struct call *call, const struct store_sending *sending, struct buf *out);
/* That agency does what this call does, as events say it. */
void errand_by(struct call *call, const char *agency);
/* Who calls: the hub knows the hash of a token or of a certificate; the courier, which has asked,
 * knows whom. Reads text agency, text token, text certificate. 0, SND_E_AUTH, OP_MALFORMED. */
int told_caller(struct call *call, struct store_link *link);
/* After a request has moved: the agency's messages that were waiting for it, as far as they can be
 * applied now. */
SND_MUST int told_catch_up(struct call *call, struct store_request *request);
#endif
