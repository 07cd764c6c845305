/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FORGE_H
#define TESTS_FORGE_H
/* Certificates as they should be and in every way wrong, for tests. */
#include <stddef.h>
#include <stdint.h>
#include "base/cert.h"
#define FORGE_HOST "hub.test"
struct forged {
    const char *name; /* of the kind, and of its file */
    enum cert_use as; /* what it is shown as */
    int good;         /* 1: nothing is wrong with it */
    struct cert_pair pair;
    char *chain;  /* what its bearer would send besides, or NULL */
    char *anchor; /* the authority that the other side believes in, NULL = ours */
};
/* All of them under that authority, or one of our own (NULL), which is returned in *ca. *out is yours
 * to free. */
size_t forge_all(int64_t now, const struct cert_pair *under, struct cert_pair *ca, struct forged **out);
void forge_free(struct forged **list, size_t count);
#endif
