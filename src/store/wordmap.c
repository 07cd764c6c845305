/* SPDX-License-Identifier: Apache-2.0 */
/* Words by what they say: open addressing with linear steps, never more than half full. Words are
 * only ever added, and each keeps the number of its coming. */
#include <string.h>
#include "store/wordmap_priv.h"

#define WORDMAP_FIRST 64

struct wordmap {
    struct arena *arena;
    const char **word; /* by number */
    size_t count;
    uint32_t *slot; /* number + 1, 0 = free */
    size_t slots;   /* a power of two */
};

struct wordmap *wordmap_new(void)
{
    struct wordmap *map = x_alloc(sizeof *map);
    map->arena = arena_new();
    map->slots = WORDMAP_FIRST;
    map->slot = x_calloc(map->slots, sizeof *map->slot);
    return map;
}

void wordmap_free(struct wordmap **map)
{
    if (*map == NULL)
        return;
    arena_free(&(*map)->arena);
    x_free(&(*map)->word);
    x_free(&(*map)->slot);
    x_free(map);
}

/* FNV-1a; a collision costs a step, nothing more. */
static size_t wordmap_hash(const char *word, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)word[i]) * 0x100000001b3u;
    return (size_t)(hash ^ hash >> 32);
}

/* The slot that has this word, or the free one where it belongs. */
static uint32_t *wordmap_slot(const struct wordmap *map, const char *word, size_t len)
{
    size_t at = wordmap_hash(word, len) & (map->slots - 1);
    while (map->slot[at] != 0) {
        const char *there = map->word[map->slot[at] - 1];
        if (strncmp(there, word, len) == 0 && there[len] == '\0')
            break;
        at = (at + 1) & (map->slots - 1);
    }
    return &map->slot[at];
}

static void wordmap_grow(struct wordmap *map)
{
    x_free(&map->slot);
    map->slots *= 2;
    map->slot = x_calloc(map->slots, sizeof *map->slot);
    for (size_t i = 0; i < map->count; i++)
        *wordmap_slot(map, map->word[i], strlen(map->word[i])) = (uint32_t)i + 1;
}

size_t wordmap_add(struct wordmap *map, const char *word, size_t len, int *fresh)
{
    uint32_t *slot = wordmap_slot(map, word, len);
    *fresh = *slot == 0;
    if (!*fresh)
        return *slot - 1;
    map->word = x_realloc(map->word, map->count + 1, sizeof *map->word);
    map->word[map->count++] = arena_strndup(map->arena, word, len);
    *slot = (uint32_t)map->count;
    if (map->count * 2 > map->slots)
        wordmap_grow(map);
    return map->count - 1;
}

const char *wordmap_word(const struct wordmap *map, size_t number)
{
    return map->word[number];
}
