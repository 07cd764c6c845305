/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ID_H
#define BASE_ID_H
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#define ID_SIZE 16
#define ID_TEXT 33 /* 32 hex digits and a zero */
/* A UUIDv7 (RFC 9562): time in front for locality, 74 random bits behind. Never used for order. */
struct id {
    uint8_t b[ID_SIZE];
};
/* A new one / all zeros? / the same? / as 32 hex digits. */
struct id id_new(void);
int id_is_zero(const struct id *id);
int id_equal(const struct id *a, const struct id *b);
void id_text(const struct id *id, char out[ID_TEXT]);
SND_MUST int id_parse(const char *text, struct id *out); /* 32 hex digits, or SND_E_BAD */

/* Random bytes from the kernel; never fails. */
void random_bytes(void *out, size_t size);
/* A uniform number in 0..bound-1. */
uint32_t random_below(uint32_t bound);
#endif
