/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_HASH_H
#define BASE_HASH_H
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#define HASH_SIZE 32
#define HASH_TEXT 65
/* SHA-256 (FIPS 180-4) of one run of bytes. */
void hash_bytes(const void *bytes, size_t len, uint8_t out[HASH_SIZE]);
struct hash;
/* SHA-256 in parts: start, any number of adds, end (which frees it and sets NULL). */
struct hash *hash_start(void);
void hash_add(struct hash *hash, const void *bytes, size_t len);
void hash_end(struct hash **hash, uint8_t out[HASH_SIZE]);
/* Lower-case hex of `len` bytes into out (2*len+1 bytes); and back, SND_E_BAD unless exactly len. */
void hex_text(const void *bytes, size_t len, char *out);
SND_MUST int hex_parse(const char *text, void *out, size_t len);
#endif
