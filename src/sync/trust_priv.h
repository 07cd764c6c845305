/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_TRUST_PRIV_H
#define SYNC_TRUST_PRIV_H
#include <curl/curl.h>
#include "base/cert.h"
/* What every request to a hub has in common: https and nothing else, nowhere else than asked,
 * TLS 1.2 or newer, and a certificate of that authority for that name, judged before anything is
 * sent. authority (PEM): NULL = whoever answers, which is for nothing but asking who it is. own:
 * the certificate that is shown, NULL = none. */
void trust_set(CURL *easy, const char *authority, const struct cert_pair *own);
#endif
