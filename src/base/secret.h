/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H
#include "base/attr.h"
#define SECRET_TEXT 128 /* crypto_pwhash_STRBYTES of libsodium */
/* Argon2id, 64 MiB, 2 passes (libsodium's INTERACTIVE, about 50 ms). `out` gets a self-describing
 * string. 0 or SND_E_SYS when memory is short. */
SND_MUST int secret_hash(const char *password, char out[SECRET_TEXT]);
/* 1 when the password is the one that was hashed, else 0. */
int secret_matches(const char *hashed, const char *password);
/* Takes as long as secret_matches() does: for a name that doesn't exist. Returns 0. */
int secret_matches_nobody(const char *password);
/* 1 when it is one of the passwords that are tried first (base/common.txt), in any case. */
int secret_is_common(const char *password);
#define SECRET_WORD 15
/* A word to be read over the telephone: 3 groups of 4 Crockford base-32 symbols, 60 bits. */
void secret_word(char out[SECRET_WORD]);
#endif
