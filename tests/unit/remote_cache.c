/* SPDX-License-Identifier: Apache-2.0
 * The cache of a desk away from its office: what its files hold is had whole or not at all,
 * whatever has become of them, and no disk that is full is ever told to anybody. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/proc.h"
#include "base/wire.h"
#include "remote/cache.h"
#include "tests/tap.h"

static char folder[] = "/tmp/remote_cache.XXXXXX";
static struct cache *cache;

static char *path_of(const uint8_t key[HASH_SIZE])
{
    char name[HASH_TEXT];
    hex_text(key, HASH_SIZE, name);
    return x_printf("%s/%s", folder, name);
}

static int there(const uint8_t key[HASH_SIZE])
{
    char *path = path_of(key);
    int found = access(path, F_OK) == 0;
    x_free(&path);
    return found;
}

static void write_raw(const uint8_t key[HASH_SIZE], const void *bytes, size_t len)
{
    char *path = path_of(key);
    FILE *file = fopen(path, "w");
    if (!file || fwrite(bytes, 1, len, file) != len || fclose(file))
        abort();
    x_free(&path);
}

/* 1 when that is the answer; 0 when there is none; -1 when there is another one. */
static int had(const uint8_t key[HASH_SIZE], const char *text)
{
    struct buf out = BUF_INIT(WIRE_MAX);
    int err = cache_get(cache, key, &out);
    int same = out.len == strlen(text) && memcmp(buf_text(&out), text, out.len) == 0;
    int result = err ? (out.len > 0 ? -1 : 0) : same ? 1 : -1;
    buf_free(&out);
    return result;
}

static void test_kept(void)
{
    static const uint8_t key[HASH_SIZE] = {1}, other[HASH_SIZE] = {2};
    struct stat status;
    char *path = path_of(key);
    cache_put(cache, key, "سند", strlen("سند"));
    tap_ok(had(key, "سند") == 1 && had(other, "") == 0, "what was put is had, and nothing else");
    tap_ok(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600, "by its owner alone");
    cache_put(cache, key, "", 0);
    tap_ok(had(key, "") == 1, "an empty answer is one");
    cache_drop(cache, key);
    tap_ok(had(key, "") == 0 && !there(key), "what was dropped is gone");
    x_free(&path);
}

static void test_damaged(void)
{
    static const uint8_t key[HASH_SIZE] = {3};
    static const char text[] = "a form of twelve fields";
    size_t len = 0;
    char *bytes = NULL, *path = path_of(key);
    int wrong = 0, left = 0;
    cache_put(cache, key, text, strlen(text));
    if (proc_read_file(path, 4096, &bytes, &len))
        abort();
    for (size_t i = 0; i < len; i++) {
        bytes[i] ^= 0x20;
        write_raw(key, bytes, len);
        wrong += had(key, text) != 0;
        left += there(key);
        bytes[i] ^= 0x20;
    }
    tap_ok(wrong == 0 && left == 0, "a byte changed anywhere: no answer, and the file goes");
    for (size_t i = 0; i < len; i++) {
        write_raw(key, bytes, i);
        wrong += had(key, text) != 0;
        left += there(key);
    }
    tap_ok(wrong == 0 && left == 0, "cut anywhere: the same");
    char *large = x_calloc(1, HASH_SIZE + WIRE_MAX + 1);
    write_raw(key, large, HASH_SIZE + WIRE_MAX + 1);
    tap_ok(had(key, text) == 0 && !there(key), "one longer than any answer goes, too");
    x_free(&large);
    tap_ok(mkdir(path, 0700) == 0 && had(key, text) == 0, "a folder of that name is no answer");
    (void)rmdir(path);
    cache_put(cache, key, text, strlen(text));
    tap_ok(had(key, text) == 1, "and the place can be used again");
    x_free(&bytes);
    x_free(&path);
}

static void test_full_disk(void)
{
    static const uint8_t key[HASH_SIZE] = {4}, fresh[HASH_SIZE] = {5};
    struct rlimit before, none = {0, RLIM_INFINITY};
    char *large = x_calloc(1, 40000);
    cache_put(cache, key, "old", 3);
    getrlimit(RLIMIT_FSIZE, &before);
    none.rlim_max = before.rlim_max;
    none.rlim_cur = 100;
    setrlimit(RLIMIT_FSIZE, &none);
    cache_put(cache, key, large, 40000);
    cache_put(cache, fresh, large, 40000);
    setrlimit(RLIMIT_FSIZE, &before);
    tap_ok(had(key, "old") == 1 && !there(fresh),
           "a full disk leaves what was there, and no pieces");
    x_free(&large);
}

/* More than it may hold: the oldest go when it is opened, and nothing that isn't its own. */
static void test_too_much(void)
{
    enum { FILES = 300, SIZE = 65000 };
    uint8_t key[HASH_SIZE] = {9};
    char *bytes = x_calloc(1, SIZE), *strange = x_printf("%s/notes.txt", folder);
    int oldest = 0, newest = 0;
    write_raw(key, bytes, 1);
    if (proc_write_file(strange, "mine", 4, 0600))
        abort();
    for (int i = 0; i < FILES; i++) {
        key[1] = (uint8_t)(i / 256);
        key[2] = (uint8_t)i;
        cache_put(cache, key, bytes, SIZE);
        char *path = path_of(key);
        struct timespec times[2] = {{.tv_sec = 1000000 + i}, {.tv_sec = 1000000 + i}};
        (void)!utimensat(AT_FDCWD, path, times, 0);
        x_free(&path);
    }
    cache_free(&cache);
    cache = cache_open(folder);
    for (int i = 0; i < FILES; i++) {
        key[1] = (uint8_t)(i / 256);
        key[2] = (uint8_t)i;
        oldest += i < 100 && there(key);
        newest += i >= 200 && there(key);
    }
    tap_is_int(oldest, 0, "of too many the oldest go");
    tap_is_int(newest, 100, "and the newest stay");
    tap_ok(access(strange, F_OK) == 0, "what isn't its own stays");
    x_free(&strange);
    x_free(&bytes);
}

int main(void)
{
    signal(SIGXFSZ, SIG_IGN);
    if (!mkdtemp(folder))
        return 1;
    cache = cache_open(folder);
    test_kept();
    test_damaged();
    test_full_disk();
    test_too_much();
    cache_free(&cache);
    char *clear = x_printf("rm -rf '%s'", folder);
    (void)!system(clear);
    x_free(&clear);
    return tap_done();
}
