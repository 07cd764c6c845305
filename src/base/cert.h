/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CERT_H
#define BASE_CERT_H
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/hash.h"
/* The certificates by which a hub and its centres know each other: X.509, EC P-256 with SHA-256, of
 * an authority that is the hub's own and of nobody else. Everything goes in and out as PEM text;
 * what came from the other side of a line may be PEM or DER. Times are UTC milliseconds.
 * No certificate is good for longer than its authority. */
#define CERT_MAX 16384 /* bytes of one certificate or request, at most */
#define CERT_NAME 65   /* a subject's name or unit, and a zero (RFC 5280, ub-common-name) */

/* A certificate, or the request for one, and its private key. Freed wiped. */
struct cert_pair {
    char *cert, *key;
};
void cert_pair_free(struct cert_pair *pair);

/* An authority that signs what follows: 20 years. */
SND_MUST int cert_make_ca(const char *name, int64_t now, struct cert_pair *out);
/* A hub's own, for the server side alone: 2 years. Names are host names and addresses, at least
 * one. SND_E_INVALID: one is neither; SND_E_BAD: the authority is none, or not of that key. */
SND_MUST int cert_make_hub(const struct cert_pair *ca, const char *const *names, size_t count,
                           int64_t now, struct cert_pair *out);
/* A new key and a request (PKCS #10) that proves that its sender has it. */
SND_MUST int cert_ask(struct cert_pair *out);
/* The same again with a key that there is; *request is yours to x_free(). SND_E_BAD: no key of
 * ours. */
SND_MUST int cert_ask_again(const char *key, char **request);
/* A centre's, for the client side alone: 1 year. Of the request only the key is taken; name (the
 * node's id) and unit (the centre's code) are the caller's. SND_E_BAD: no request, not signed by
 * its own key, or of another kind of key; or as above. */
SND_MUST int cert_issue_node(const struct cert_pair *ca, const char *request, size_t len,
                             const char *node, const char *centre, int64_t now, char **cert);

struct cert_facts {
    uint8_t fingerprint[HASH_SIZE]; /* SHA-256 of the DER */
    int64_t from, until;            /* UTC ms; good from `from` to `until` */
    char name[CERT_NAME], unit[CERT_NAME];
};
/* What a certificate says of itself, believed or not. SND_E_BAD: it is none. */
SND_MUST int cert_read(const void *cert, size_t len, struct cert_facts *out);

enum cert_use { CERT_CA, CERT_HUB, CERT_NODE };
/* Whether it may be used so: of that authority, in its time, of our kind of key, made for this use
 * and for no other. `host` (name or address; NULL = any) is asked of a hub's. 0, SND_E_BAD (it is
 * no certificate) or SND_E_AUTH; then *why, which may be NULL, is a few English words. */
SND_MUST int cert_check(const void *cert, size_t len, const char *ca, enum cert_use use,
                        const char *host, int64_t now, const char **why);
/* For a TLS client that believes in the hub's authority alone: what cert_check() asks of a hub's
 * certificate beyond the library's own rules is asked before anything is sent. ssl_ctx is an
 * SSL_CTX of OpenSSL, as libcurl hands it to CURLOPT_SSL_CTX_FUNCTION. Host names stay the
 * library's. */
void cert_strict(void *ssl_ctx);
/* Whether the key is that certificate's. 1 or 0. */
int cert_key_fits(const struct cert_pair *pair);
#endif
