/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_NURSERY_H
#define CMD_NURSERY_H
/* The nursery never saw a host key or a byte from the network; it forks a desk for each connection
 * that asks to be let in. */
#include "base/attr.h"
struct nursery_args {
    int gate;             /* SEQPACKET: where the gate sends the desks' ends of its sockets */
    const char *ledger;   /* the ledger's socket */
    const char *terminal; /* profile of terminals that can't be known, or "ask" */
    const char *user;     /* service user, NULL = stay */
    int weak;
};
/* Runs until SIGTERM or until the gate has gone; its desks go on without it. 0 or an error. */
SND_MUST int nursery_run(const struct nursery_args *args);
/* A pretended desk for gate_warm(): opens a terminal, paints a screen, closes it. */
void nursery_warm(int ctl, int bytes);
#endif
