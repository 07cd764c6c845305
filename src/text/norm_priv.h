/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_NORM_PRIV_H
#define TEXT_NORM_PRIV_H
#include <stdint.h>
#include <unicode/utypes.h>
#include "base/buf.h"
void norm_warm(void);
/* Normalises to NFC and appends as UTF-8, with at most `marks` marks in a row (0 = no limit).
 * Returns 1 when marks were left out. */
int norm_nfc(const UChar *units, int32_t count, int marks, struct buf *out);
/* 1 when what stands at or after this character can't change what stands before it. */
int norm_boundary_before(uint32_t point);
/* Full compatibility decomposition of one character into out[size]; 0 when it has none. */
int norm_decompose(uint32_t point, uint32_t *out, int size);
#endif
