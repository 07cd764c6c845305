/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_INPUT_H
#define TEXT_INPUT_H
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/buf.h"
/* What may enter the system as text. Stored text is NFC without presentation forms, tatweel, bidi
 * controls, other default-ignorables, control characters or characters whose width terminals
 * disagree on. ZWNJ is taken out; ZWJ too. */

/* Makes stored text of typed, pasted or received text: valid UTF-8 only, presentation forms folded
 * back, NFC. Takes out what is merely useless (tatweel, ZWNJ, ZWJ, BOM); returns SND_E_BAD when
 * something dangerous stands there (bidi controls, escapes, C1, U+0600-0605, U+06DD, FDFx,
 * unassigned) and then out has it left out; 0 otherwise. Newlines and tabs become one space. */
SND_MUST int input_clean(const char *text, size_t len, struct buf *out);
/* 1 when a text is exactly as input_clean() would leave it: what the ledger demands of a desk. */
int input_is_clean(const char *text);
/* One typed code point: how many code points it becomes (a lam-alef key gives two), written to
 * out[4]; 0 = refused. */
int input_key(uint32_t typed, uint32_t out[4]);

/* UTF-8 decoding for everybody: the code point at text (len bytes left), and its length in *used;
 * malformed bytes give U+FFFD and use one byte. Length 0 gives 0. */
uint32_t utf8_get(const char *text, size_t len, size_t *used);
/* Encodes into out[5], terminated; returns the length. */
int utf8_put(uint32_t point, char out[5]);
/* Number of code points. */
size_t utf8_count(const char *text);
/* Byte offset of the code point number n (or of the end). */
size_t utf8_offset(const char *text, size_t n);
/* Columns a code point takes on a terminal: 0 for marks, 1, 2; -1 = no place there. */
int point_width(uint32_t point);
#endif
