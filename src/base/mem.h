/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_MEM_H
#define BASE_MEM_H
#include <stddef.h>
#include "base/attr.h"

/* Allocation that never fails: out of memory ends the process. The memory is zeroed. */
SND_MALLOC void *x_alloc(size_t size);
SND_MALLOC void *x_calloc(size_t count, size_t size);
/* Grows or shrinks to count*size bytes; new bytes are NOT zeroed. Overflow ends the process. */
void *x_realloc(void *memory, size_t count, size_t size);
SND_MALLOC char *x_strdup(const char *text);
SND_MALLOC char *x_strndup(const char *text, size_t max);
SND_MALLOC SND_PRINTF(1, 2) char *x_printf(const char *format, ...);

/* Frees *pointer and sets it to NULL; a NULL *pointer is fine. */
#define x_free(pointer) (mem_free_at(*(pointer)), (void)(*(pointer) = NULL))
void mem_free_at(void *memory);

/* For a process that many others will be forked from, once everything is warm: gives whole free pages
 * back and takes every hole that is left in the heap, for good. What the children allocate then lies
 * together on fresh pages, and none of the parent's pages has to be copied for it. */
void mem_settle_heap(void);

/* For a process that waits for a person: gives back what it holds and doesn't use, the heap's free pages
 * and those of the stack below the caller, which something deep has touched once. */
void mem_rest(void);

/* Overwrites a secret so that the compiler can't leave it out. */
void mem_wipe(void *memory, size_t size);
/* Equal in constant time: 1 or 0. */
int mem_equal_secret(const void *a, const void *b, size_t size);

struct arena;
/* An arena: many small allocations for one job, freed whole (which sets NULL). Everything in it is
 * zeroed. */
SND_MALLOC struct arena *arena_new(void);
void arena_free(struct arena **arena);
/* Empties it and keeps one block: for a job done over and over, such as painting. */
void arena_reset(struct arena *arena);
SND_MALLOC void *arena_alloc(struct arena *arena, size_t size);
SND_MALLOC char *arena_strdup(struct arena *arena, const char *text);
SND_MALLOC char *arena_strndup(struct arena *arena, const char *text, size_t max);
SND_MALLOC SND_PRINTF(2, 3) char *arena_printf(struct arena *arena, const char *format, ...);

/* snprintf into a fixed array that is known to be large enough for any sane value: always
 * terminated; returns 0, or SND_E_LIMIT when the text was cut. */
SND_PRINTF(3, 4) int str_format(char *out, size_t size, const char *format, ...);
/* Copies text into a fixed array, always terminated; 0 or SND_E_LIMIT when cut. */
int str_copy(char *out, size_t size, const char *text);
#endif
