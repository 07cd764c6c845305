/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_INVITE_H
#define BASE_INVITE_H
#include <stdint.h>
#include "base/attr.h"
#include "base/code.h"
#include "base/hash.h"
/* An invitation that a person reads to another over the telephone: which hub it is (80 bits of the
 * fingerprint of its authority, so that nobody between can be taken for it) and a one-time secret
 * of 40 bits. Six groups of four Crockford base-32 symbols, each with a check symbol of its own, so
 * that the one who typed it hears which group to ask for again:
 *
 *     XXXXC-XXXXC-XXXXC-XXXXC-XXXXC-XXXXC */
#define INVITE_MARK 10
#define INVITE_GROUPS 6
#define INVITE_TEXT 36 /* and a zero */
struct invite {
    uint8_t mark[INVITE_MARK]; /* begins the SHA-256 of the authority's certificate */
    char secret[CODE_PLAIN];   /* eight symbols */
};
/* A new one for the hub of that authority. */
void invite_make(const uint8_t ca[HASH_SIZE], struct invite *out);
void invite_text(const struct invite *invite, char out[INVITE_TEXT]);
/* What was typed: any case, any dashes and blanks, O I L for 0 1 1. SND_E_BAD; then *group is the
 * first group that is wrong, counted from 1, or 0 when there are not six groups of five. */
SND_MUST int invite_read(const char *typed, struct invite *out, int *group);
/* Whether it is that hub's. 1 or 0. */
int invite_is_of(const struct invite *invite, const uint8_t ca[HASH_SIZE]);
#endif
