/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_RENEW_PRIV_H
#define SYNC_RENEW_PRIV_H
#include <stdint.h>
#include "sync/carrier_priv.h"
#define RENEW_LOOK_MS 86400000LL
/* Whether its time is nearly over: less than 60 days are left. */
int renew_due(const struct cert_pair *own, int64_t now);
/* Asks the hub for the next certificate, writes it down and uses it from then on. What fails is
 * logged, and is tried again another day. */
void renew_certificate(struct carrier *carrier, const struct centre_args *args);
#endif
