/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_NUMBER_H
#define TEXT_NUMBER_H
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
/* Digits in: U+0660.. and U+06F0.. to ASCII in place; the Arabic decimal and thousands signs to
 * `.` and nothing. */
void digits_to_ascii(char *text);
/* Digits out: ASCII digits as U+0660.. into out; SND_E_LIMIT when cut. */
int digits_to_arabic(const char *text, char *out, size_t size);
/* A number for people with thousands separated, digits as asked; borrowed arrays only. */
enum text_digits { DIGITS_ASCII, DIGITS_ARABIC };
int number_text(int64_t number, enum text_digits digits, char *out, size_t size);
/* Rials of Oman: 1 OMR = 1000 baisa, three decimals. parse: "7", "7.5", "7.500" -> 7500; at most
 * 10 digits before the point; SND_E_BAD otherwise. text: 7500 -> "7.500". */
SND_MUST int money_parse(const char *text, int64_t *baisa);
int money_text(int64_t baisa, char *out, size_t size);
#endif
