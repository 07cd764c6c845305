/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CERT_PRIV_H
#define BASE_CERT_PRIV_H
#include <openssl/x509.h>
#include "base/cert.h"
/* PEM or DER, all of it and nothing behind it; NULL when it is no certificate. */
X509 *cert_parse(const void *bytes, size_t len);
EVP_PKEY *cert_key_parse(const char *pem);
/* What is wrong with it beyond the chain of signatures; NULL when nothing is. */
const char *cert_own_rules(X509 *cert, enum cert_use as);
/* An EC key on P-256 by name, and nothing else. */
int cert_key_is_ours(EVP_PKEY *key);
#endif
