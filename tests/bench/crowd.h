/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_BENCH_CROWD_H
#define TESTS_BENCH_CROWD_H
/* Many centres of one hub, played by one process. */
#include "base/buf.h"
#include "base/cert.h"
#include "base/id.h"
#include "sync/message_priv.h"

struct crowd_centre {
    char code[16];
    struct id node;
    struct cert_pair own; /* as the hub's authority has issued it */
    struct message_up up; /* the head of what it sends, */
    struct buf run;       /* its events, */
    int64_t last;         /* the seq of the last of them */
    struct buf numbers;   /* and their requests' numbers, one a line */
    int requests;
};
struct crowd {
    struct crowd_centre *centre;
    size_t centres, requests;
    char *authority; /* the hub's, PEM */
};

/* Makes them: each a book of its own with the requests that the file has of it, joined to the hub
 * at `state`, which nobody may be serving. What they did before those requests the hub has. Ends
 * the process when it can't. */
void crowd_make(struct crowd *crowd, const char *state, const char *requests);
/* All speak to the hub at `url` at once, as a centre does whose line comes back, until it has all
 * that they have; then they wait for news `linger` seconds. Prints figures; the numbers of the
 * requests that were acknowledged go to the file `told`. 0 when all were, in so many seconds. */
int crowd_play(struct crowd *crowd, const char *url, const char *told, int64_t most,
               int64_t linger);
void crowd_free(struct crowd *crowd);
_Noreturn void crowd_stop(const char *what, int err);
#endif
