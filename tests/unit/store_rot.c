/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that forgets: 1 000 single bits turned over, pages zeroed, files cut short. What is read
 * from the file afterwards is compared with what was written, column by column; each change that
 * shows must be found by the check. A change that shows nowhere (free space, a page's spare bytes)
 * may pass. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "base/proc.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

/* Sanitizers look at how we take it, which a share of them shows: the build without them turns over
 * all. */
#ifdef SND_SANITIZERS
#define BITS 200
#define BITS_TOLD "200 bits turned over"
#define PAGES 20
#define LENGTHS 10
#else
#define BITS 1000
#define BITS_TOLD "1000 bits turned over"
#define PAGES 60
#define LENGTHS 40
#endif
#define PAGE 4096
#define REQUESTS 12

static const char *const tables[] = {
    "event",
    "head",
#define PROJECTION(table, key, label) #table,
#include "store/projections.def"
#undef PROJECTION
};

struct toll {
    int done, shown, found, missed;
};

/* A hash over every row of every table that is the book's; 0 when it can be read to the end. */
static int digest(const char *path, uint8_t out[HASH_SIZE])
{
    sqlite3 *handle = NULL;
    struct hash *hash = hash_start();
    int code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL);
    for (size_t i = 0; i < SND_COUNT(tables) && code == SQLITE_OK; i++) {
        char sql[128];
        sqlite3_stmt *stmt = NULL;
        must(str_format(sql, sizeof sql, "SELECT * FROM %s NOT INDEXED", tables[i]));
        code = sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL);
        int step = code;
        while (code == SQLITE_OK && (step = sqlite3_step(stmt)) == SQLITE_ROW)
            for (int column = 0; column < sqlite3_column_count(stmt); column++) {
                int type = sqlite3_column_type(stmt, column);
                hash_add(hash, &type, sizeof type);
                const void *bytes = sqlite3_column_blob(stmt, column);
                if (bytes != NULL)
                    hash_add(hash, bytes, (size_t)sqlite3_column_bytes(stmt, column));
            }
        if (code == SQLITE_OK && step != SQLITE_DONE)
            code = step;
        sqlite3_finalize(stmt);
    }
    sqlite3_close(handle);
    hash_end(&hash, out);
    return code == SQLITE_OK ? 0 : SND_E_CORRUPT;
}

/* 1 when opening or checking the book shows that something is wrong. */
static int found_by_check(struct fixture *f)
{
    struct store_check check = {0};
    struct arena *arena = arena_new();
    store_close(&f->store);
    int err = store_open(f->path, STORE_WRITE, f->vault, &f->store);
    if (err == 0)
        err = store_check(f->store, arena, &check);
    store_close(&f->store);
    arena_free(&arena);
    return err != 0 || check.findings > 0;
}

static void judge(struct fixture *f, const uint8_t before[HASH_SIZE], struct toll *toll,
                  const char *what, long at)
{
    uint8_t after[HASH_SIZE];
    int shows = digest(f->path, after) != 0 || memcmp(before, after, HASH_SIZE) != 0;
    int found = found_by_check(f);
    toll->done++;
    toll->shown += shows;
    toll->found += found;
    if (shows && !found) {
        toll->missed++;
        tap_note("missed: %s %ld", what, at);
    }
}

static void change(const char *path, long at, const void *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    fixture_must(fd < 0 || pwrite(fd, bytes, len, at) != (ssize_t)len ? SND_E_IO : 0, "change");
    close(fd);
}

static uint8_t byte_at(const char *path, long at)
{
    uint8_t byte = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    fixture_must(fd < 0 || pread(fd, &byte, 1, at) != 1 ? SND_E_IO : 0, "read");
    close(fd);
    return byte;
}

static void report(const struct toll *toll, const char *what)
{
    tap_note("%s: %d done, %d show, %d found", what, toll->done, toll->shown, toll->found);
    tap_ok(toll->shown > 0 && toll->missed == 0, "%s: each change that shows is found", what);
}

int main(void)
{
    static const uint8_t nothing[PAGE];
    struct fixture f;
    struct stat st;
    struct toll bits = {0}, pages = {0}, lengths = {0};
    uint8_t before[HASH_SIZE];
    unsigned seed = 20180114;
    fixture_open(&f);
    fixture_fill(&f, REQUESTS);
    fixture_keep(&f);
    fixture_restore(&f);
    fixture_must(stat(f.path, &st) == 0 ? 0 : SND_E_IO, "stat");
    fixture_must(digest(f.path, before), "digest");
    tap_ok(!found_by_check(&f), "the whole book has no findings");
    for (int i = 0; i < BITS; i++) {
        fixture_restore(&f);
        long at = (long)((unsigned long)rand_r(&seed) % (unsigned long)st.st_size);
        uint8_t byte = (uint8_t)(byte_at(f.path, at) ^ (1u << (rand_r(&seed) % 8)));
        change(f.path, at, &byte, 1);
        judge(&f, before, &bits, "bit in byte", at);
    }
    report(&bits, BITS_TOLD);
    for (int i = 0; i < PAGES; i++) {
        fixture_restore(&f);
        long at = i * (long)(st.st_size / PAGE) / PAGES * PAGE;
        change(f.path, at, nothing, PAGE);
        judge(&f, before, &pages, "page at", at);
    }
    report(&pages, "pages zeroed");
    for (int i = 0; i < LENGTHS; i++) {
        fixture_restore(&f);
        long len = (long)(st.st_size * i / LENGTHS);
        fixture_must(truncate(f.path, len) == 0 ? 0 : SND_E_IO, "truncate");
        judge(&f, before, &lengths, "cut at", len);
    }
    report(&lengths, "files cut short");
    fixture_close(&f);
    return tap_done();
}
