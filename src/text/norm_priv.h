/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_NORM_PRIV_H
#define TEXT_NORM_PRIV_H
#include <stdint.h>
#include <unicode/utypes.h>
#include "base/buf.h"
/* Has ICU load what norm_nfc() needs, while files can still be opened. */
void norm_warm(void);
/* Normalises to NFC and appends as UTF-8. With `marks` not 0, marks beyond that many in a row and
 * parts without a width are left out; returns 1 when something was. */
int norm_nfc(const UChar *units, int32_t count, int marks, struct buf *out);
/* 1 when what stands at or after this character can't change what stands before it. */
int norm_boundary_before(uint32_t point);
/* Full compatibility decomposition of one character into out[size]; 0 when it has none. */
int norm_decompose(uint32_t point, uint32_t *out, int size);
#endif
