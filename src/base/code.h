/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CODE_H
#define BASE_CODE_H
#include "base/attr.h"
/* A one-time code that a person types from paper: eight random Crockford base-32 symbols (40 bits)
 * and a check symbol, so that a slip of the pen is told from a guess. */
#define CODE_PLAIN 9 /* the eight symbols and a zero */
#define CODE_TEXT 12 /* XXXX-XXXX-X and a zero */
void code_make(char out[CODE_TEXT]);
/* The eight symbols of what was typed: any case, with or without dashes and blanks, O I L taken for
 * 0 1 1. SND_E_BAD when it can't be a code, or the check symbol doesn't fit. */
SND_MUST int code_read(const char *typed, char out[CODE_PLAIN]);

/* The 32 symbols by their value, and the value of what was typed for one: -1 = no symbol. */
extern const char code_symbols[33];
int code_value(char typed);
#endif
