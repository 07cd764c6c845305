/* SPDX-License-Identifier: Apache-2.0
 * Allocation that can't fail, arenas, and copies into fixed arrays. Out of memory ends the process:
 * each process serves one person or one connection, and the ledger's transaction rolls back. */
#include "config.h"
#include "base/mem.h"
#include <malloc.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "base/err.h"

void *x_calloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    snd_assert(memory != NULL);
    return memory;
}

void *x_alloc(size_t size)
{
    return x_calloc(1, size);
}

void *x_realloc(void *memory, size_t count, size_t size)
{
    void *grown = reallocarray(memory, count ? count : 1, size ? size : 1);
    snd_assert(grown != NULL);
    return grown;
}

char *x_strndup(const char *text, size_t max)
{
    size_t len = strnlen(text, max);
    char *copy = x_alloc(len + 1);
    memcpy(copy, text, len);
    return copy;
}

char *x_strdup(const char *text)
{
    return x_strndup(text, SIZE_MAX - 1);
}

char *x_printf(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    snd_assert(len >= 0 && text != NULL);
    return text;
}

void mem_free_at(void *memory)
{
    free(memory);
}

#ifdef SND_SANITIZERS
/* The sanitizers' allocator is another one: it reuses nothing soon, and has no such figures. */
static void trim_heap(void)
{
}

void mem_settle_heap(void)
{
}
#else
static void trim_heap(void)
{
    malloc_trim(0);
}

/* 1 when the memory came from a hole, 0 when it was cut from the heap's end (and is given back). */
static int fill_hole(size_t size)
{
    size_t end = mallinfo2().keepcost;
    void *memory = malloc(size);
    if (mallinfo2().keepcost == end && memory)
        return 1; /* kept until the process ends: that is its use */
    free(memory);
    return 0;
}

void mem_settle_heap(void)
{
    enum { LARGEST = 65536, SMALLEST = 24 };
    trim_heap();
    for (size_t size = LARGEST; size >= SMALLEST; size -= size > 1024 ? size / 4 : 16) {
        while (fill_hole(size))
            continue;
    }
}
#endif

void mem_rest(void)
{
    enum { DEEPEST = 1 << 20, PAGE = 4096 };
    char here;
    uintptr_t end = ((uintptr_t)&here & ~(uintptr_t)(PAGE - 1)) - PAGE;
    trim_heap();
    /* Below the stack nothing is mapped, which is an error that is none here; what is mapped is
     * let go all the same (madvise(2), ENOMEM). */
    (void)!madvise((void *)(end - DEEPEST), DEEPEST, MADV_DONTNEED);
}

void mem_wipe(void *memory, size_t size)
{
    if (memory)
        sodium_memzero(memory, size);
}

int mem_equal_secret(const void *a, const void *b, size_t size)
{
    return sodium_memcmp(a, b, size) == 0;
}

/* Blocks grow with what was asked for; an arena is freed whole, so there is no free list. */
#define ARENA_BLOCK 4096

struct block {
    struct block *next;
    size_t used, room;
    max_align_t bytes[];
};
struct arena {
    struct block *first; /* the one being filled */
};

struct arena *arena_new(void)
{
    return x_alloc(sizeof(struct arena));
}

void arena_free(struct arena **arena)
{
    if (!*arena)
        return;
    for (struct block *block = (*arena)->first, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    x_free(arena);
}

void arena_reset(struct arena *arena)
{
    struct block *keep = arena->first;
    if (!keep)
        return;
    for (struct block *block = keep->next, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    keep->next = NULL;
    memset(keep->bytes, 0, keep->used);
    keep->used = 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t step = sizeof(max_align_t);
    snd_assert(size < SIZE_MAX / 2);
    size = (size + step - 1) / step * step;
    if (size == 0)
        size = step;
    struct block *block = arena->first;
    if (!block || block->room - block->used < size) {
        size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
        block = x_alloc(sizeof *block + room);
        block->room = room;
        block->next = arena->first;
        arena->first = block;
    }
    void *memory = (char *)block->bytes + block->used;
    block->used += size;
    return memory;
}

char *arena_strndup(struct arena *arena, const char *text, size_t max)
{
    size_t len = strnlen(text, max);
    char *copy = arena_alloc(arena, len + 1);
    memcpy(copy, text, len);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, SIZE_MAX - 1);
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    snd_assert(len >= 0);
    char *text = arena_alloc(arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

int str_format(char *out, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(out, size, format, args);
    va_end(args);
    return len >= 0 && (size_t)len < size ? 0 : SND_E_LIMIT;
}

int str_copy(char *out, size_t size, const char *text)
{
    size_t len = strlen(text), fits = len < size ? len : size - 1;
    memcpy(out, text, fits);
    out[fits] = '\0';
    return fits == len ? 0 : SND_E_LIMIT;
}
