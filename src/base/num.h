/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_NUM_H
#define BASE_NUM_H
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
/* Reads a whole ASCII decimal number (optional sign) within min..max into *out.
 * 0, or SND_E_BAD when anything else stands there, or it is out of bounds. */
SND_MUST int num_parse(const char *text, int64_t min, int64_t max, int64_t *out);
/* A number in decimal; how long that is. */
#define NUM_TEXT 21
size_t num_text(int64_t number, char out[NUM_TEXT]);
#endif
