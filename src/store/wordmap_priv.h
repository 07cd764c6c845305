/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_WORDMAP_PRIV_H
#define STORE_WORDMAP_PRIV_H
/* A set of words, each with a number: 0 for the first that was added, and so on. */
#include <stddef.h>
#include <stdint.h>
#include "base/mem.h"
struct wordmap;
struct wordmap *wordmap_new(void);
void wordmap_free(struct wordmap **map);
/* The number of a word (len bytes, none of them zero); *fresh when it was not there before. */
size_t wordmap_add(struct wordmap *map, const char *word, size_t len, int *fresh);
const char *wordmap_word(const struct wordmap *map, size_t number);
#endif
