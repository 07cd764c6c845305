/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_COURIER_H
#define SYNC_COURIER_H
/* The process that carries requests to agencies. It knows nothing but what the ledger tells it, and keeps
 * nothing: killed at any moment, the next one goes on, under the same keys. */
#include "base/attr.h"
#include "book/agency.h"
struct courier_args {
    const char *ledger; /* its socket */
    const char *folder; /* STATE/agency: CODE.crt and CODE.key (ours there), CODE.ca (whom we believe there) */
    const char *user;   /* service user, NULL = stay */
    int wait_ms;        /* after the first failure; the waits after it grow in proportion */
    int ready;          /* descriptor to write one byte to; -1 = none */
    int weak;           /* sandbox */
};
/* Runs until SIGTERM. 0 or an error. */
SND_MUST int courier_run(const struct courier_args *args);

/* Asks an agency whether it is there and lets us in. What it answered by HTTP (0 = nothing) and the
 * word of what is wrong ("" = nothing). */
#define COURIER_SAID 256
void courier_hello(const struct book_agency_line *line, const char *folder, long *status, char why[AGENCY_WORD], char said[COURIER_SAID]);
#endif
