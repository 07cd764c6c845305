/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REMOTE_LINK_H
#define REMOTE_LINK_H
/* The person's own ssh as a child process, and frames both ways through it. */
#include <sys/types.h>
#include "base/stream.h"
#include "remote/brevity.h"
struct link {
    const char *who;        /* USER@HOST */
    const char *port;       /* NULL = as the person's configuration says */
    const char *config;     /* ssh -F, NULL = the person's own */
    struct brevity brevity; /* found at the first start */
    pid_t pid;              /* -1 = none runs */
    int fd;                 /* its two ends, -1 = none */
    int errors; /* what it says on standard error, once it may no longer speak to the person */
    struct stream in;
    struct buf out; /* not taken by it yet */
};
void link_init(struct link *link, const char *who, const char *port, const char *config);
/* Starts it. asking: the first time, when it may ask for a password on the terminal; else it may
 * ask nobody anything. */
SND_MUST int link_start(struct link *link, int asking);
/* Ends it, whatever it does; 1 when it had said that it was not let in. */
int link_stop(struct link *link);
/* After link_stop(), or where it runs for somebody else. */
void link_free(struct link *link);
/* Puts a frame behind those that wait to leave. SND_E_LIMIT when it takes none any more. */
SND_MUST int link_put(struct link *link, const struct buf *frame);
/* Gives it what it takes now / takes in one piece: 0 or SND_E_LOST, SND_E_BUSY. */
SND_MUST int link_flush(struct link *link);
SND_MUST int link_fill(struct link *link);
#endif
