/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REMOTE_BRIDGE_H
#define REMOTE_BRIDGE_H
/* The person's end of a line: stands in the ledger's place for one desk on the same box. Form, list
 * and catalogue come from its cache; drafts are kept in files and go up when there is time; what is
 * submitted is kept until the office has it. */
#include "book/book.h"
struct bridge;
struct bridge_args {
    const char *who;    /* USER@HOST */
    const char *port;   /* NULL = the person's configuration says */
    const char *config; /* ssh -F, or NULL */
    const char *cache;  /* folders that are there and that only this person may enter */
    const char *held;
};
/* Logs in over the line, with ssh speaking on the terminal if it has to. SND_E_LOST: it did not
 * come about, and ssh has said why; SND_E_VERSION; SND_E_INUSE: another bridge has these folders.
 */
SND_MUST int bridge_open(const struct bridge_args *args, struct bridge **out, struct book_me *me);
/* Serves the desk at the other end of that SEQPACKET socket until it has gone, and then sends what
 * can be sent within moments. Takes the socket. */
void bridge_serve(struct bridge *bridge, int desk);
/* For the desk, which is forked from here: lets go of the line and of the lock, and of the memory.
 */
void bridge_leave(struct bridge **bridge);
/* How many requests and drafts are kept here. */
int bridge_waiting(const struct bridge *bridge, int *drafts);
void bridge_close(struct bridge **bridge);
#endif
