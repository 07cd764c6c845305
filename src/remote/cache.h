/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REMOTE_CACHE_H
#define REMOTE_CACHE_H
/* Answers that were had before, in files of one folder. Each carries the hash of what it holds and
 * is nothing when that doesn't agree. */
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/hash.h"
struct cache;
/* The folder must be there. What is too much in it goes, the oldest first. */
struct cache *cache_open(const char *folder);
void cache_free(struct cache **cache);
/* 0 and the bytes put at the end of *out, or SND_E_NOTFOUND. */
SND_MUST int cache_get(const struct cache *cache, const uint8_t key[HASH_SIZE], struct buf *out);
/* Keeps them, as far as the disk lets us: without a cache all works, only slower. */
void cache_put(const struct cache *cache, const uint8_t key[HASH_SIZE], const void *bytes,
               size_t len);
void cache_drop(const struct cache *cache, const uint8_t key[HASH_SIZE]);
#endif
