/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REMOTE_RELAY_H
#define REMOTE_RELAY_H
/* The office's end of a line: one person's frames between SSH's bytes and the ledger's socket. */
#include "book/book.h"
struct relay_args {
    struct book **book; /* logged in; another one when a session is gone on with */
    const struct book_me *me;
    const char *peer;
    int bytes; /* blocking */
    /* Says a line to the client beside the frames. */
    void (*say)(void *arg, const char *line);
    void *arg;
};
/* Until the client has gone: 0. 1 when it was sent away, after a line that says why. The session is
 * not ended: it lives for a minute, for the client to come back to. */
int relay_run(const struct relay_args *args);
#endif
