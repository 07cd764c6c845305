/* SPDX-License-Identifier: Apache-2.0
 * The cache: a file an answer, named by the hash of its question, beginning with the hash of what
 * follows. Files that were changed, cut or left half-written are removed when they are met, and the
 * answer is fetched anew. Nothing of a citizen's goes in here: bridge.c says what does. */
#include "remote/cache.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/wire.h"

#define CACHE_MOST (16 * 1024 * 1024) /* bytes in one folder; half stays when it is cleared */
#define FILES_MOST 4096

struct cache {
    char *folder;
};
struct old_file {
    char name[HASH_TEXT];
    time_t at;
    off_t size;
};

static char *path_of(const struct cache *cache, const uint8_t key[HASH_SIZE])
{
    char name[HASH_TEXT];
    hex_text(key, HASH_SIZE, name);
    return x_printf("%s/%s", cache->folder, name);
}

static int newest_first(const void *a, const void *b)
{
    const struct old_file *left = a, *right = b;
    return (left->at < right->at) - (left->at > right->at);
}

static size_t list_files(const char *folder, struct old_file *out)
{
    DIR *dir = opendir(folder);
    size_t count = 0;
    for (struct dirent *entry; dir && count < FILES_MOST && (entry = readdir(dir));) {
        struct stat status;
        uint8_t key[HASH_SIZE];
        char *path = x_printf("%s/%s", folder, entry->d_name);
        if (hex_parse(entry->d_name, key, HASH_SIZE) == 0 && stat(path, &status) == 0) {
            (void)str_copy(out[count].name, sizeof out[count].name, entry->d_name);
            out[count].at = status.st_mtime;
            out[count++].size = status.st_size;
        }
        x_free(&path);
    }
    if (dir)
        closedir(dir);
    return count;
}

static void clear(const char *folder)
{
    struct old_file *list = x_calloc(FILES_MOST, sizeof *list);
    size_t count = list_files(folder, list);
    int64_t all = 0, kept = 0;
    for (size_t i = 0; i < count; i++)
        all += list[i].size;
    qsort(list, count, sizeof *list, newest_first);
    for (size_t i = 0; i < count && (all > CACHE_MOST || count == FILES_MOST); i++) {
        char *path = x_printf("%s/%s", folder, list[i].name);
        kept += list[i].size;
        if ((kept > CACHE_MOST / 2 || i > FILES_MOST / 2) && unlink(path))
            log_debug("cache.unlink", "file=%s", list[i].name);
        x_free(&path);
    }
    x_free(&list);
}

struct cache *cache_open(const char *folder)
{
    struct cache *cache = x_alloc(sizeof *cache);
    cache->folder = x_strdup(folder);
    clear(folder);
    return cache;
}

void cache_free(struct cache **cache)
{
    if (!*cache)
        return;
    x_free(&(*cache)->folder);
    x_free(cache);
}

int cache_get(const struct cache *cache, const uint8_t key[HASH_SIZE], struct buf *out)
{
    char *path = path_of(cache, key), *bytes = NULL;
    uint8_t sha[HASH_SIZE];
    size_t len = 0;
    int err = proc_read_file(path, HASH_SIZE + WIRE_MAX, &bytes, &len);
    if (!err && len >= HASH_SIZE) {
        hash_bytes(bytes + HASH_SIZE, len - HASH_SIZE, sha);
        if (memcmp(sha, bytes, HASH_SIZE) == 0)
            buf_put(out, bytes + HASH_SIZE, len - HASH_SIZE);
        else
            err = SND_E_CORRUPT;
    } else if (!err) {
        err = SND_E_CORRUPT;
    }
    if (err == SND_E_CORRUPT || err == SND_E_LIMIT)
        cache_drop(cache, key);
    x_free(&bytes);
    x_free(&path);
    return err ? SND_E_NOTFOUND : 0;
}

void cache_put(const struct cache *cache, const uint8_t key[HASH_SIZE], const void *bytes,
               size_t len)
{
    struct buf file = BUF_INIT(HASH_SIZE + WIRE_MAX);
    char *path = path_of(cache, key);
    uint8_t sha[HASH_SIZE];
    hash_bytes(bytes, len, sha);
    buf_put(&file, sha, HASH_SIZE);
    buf_put(&file, bytes, len);
    if (file.failed || proc_write_file(path, file.data, file.len, 0600))
        log_debug("cache.write", "bytes=%zu", len);
    buf_free(&file);
    x_free(&path);
}

void cache_drop(const struct cache *cache, const uint8_t key[HASH_SIZE])
{
    char *path = path_of(cache, key);
    (void)unlink(path);
    x_free(&path);
}
