/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_AGENCY_PRIV_H
#define SYNC_AGENCY_PRIV_H
/* What the pages for whoever has a link share: agencies and the portal. */
#include "base/json.h"
#include "sync/hub_priv.h"
/* The hash of what is shown as a token, or else of a certificate; SND_E_AUTH when nothing is. */
SND_MUST int agency_caller(const struct ask *ask, struct book_told *out);
/* Answers so; takes the JSON. */
void agency_json(struct reply *reply, int status, struct json *json);
/* What an error is answered with: a sentence and whose fault it is. What is not in the table is ours,
 * and 503. Yours to give to agency_json(). */
struct agency_fault {
    int err, status;
    const char *sentence;
};
struct json *agency_fault(const struct agency_fault *faults, size_t count, int err, int *status);
#endif
