/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H
#include "base/attr.h"
#include "base/buf.h"
/* For search and comparison, never for display: hamza forms of alef -> alef, waw/ya with hamza ->
 * waw/ya, alef maqsura -> ya, ta marbuta -> ha, Persian kaf and ya -> Arabic; marks, tatweel and
 * ZWNJ away; all digits ASCII; Latin lower case without accents; runs of other signs -> one space.
 */
void fold_text(const char *text, struct buf *out);
/* 1 when every word of `query` (folded here) begins some word of `folded`, in any order. */
int fold_matches(const char *folded, const char *query);
/* Order of two texts for people: Arabic collation (CLDR root with `ar`), <0, 0, >0. */
int text_compare(const char *a, const char *b);
#endif
