/* SPDX-License-Identifier: Apache-2.0
 * Drafts and submissions that wait on the person's own box: a file is whole or what it was before,
 * one that was damaged is set aside and never taken for another, and two desks don't share them. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "remote/bridge.h"
#include "remote/held.h"
#include "tests/tap.h"

static char folder[] = "/tmp/remote_held.XXXXXX";

/* The arguments of a draft.put. */
static void fill(struct held *held, const char *values)
{
    static const uint8_t sha[HASH_SIZE] = {7};
    buf_clear(&held->draft);
    wire_put_id(&held->draft, &held->id);
    wire_put_text(&held->draft, "MZ-01");
    wire_put_bytes(&held->draft, sha, sizeof sha);
    wire_put_u32(&held->draft, 3);
    wire_put_u32(&held->draft, 5);
    wire_put_text(&held->draft, "سالم");
    wire_put_bytes(&held->draft, "typed", 5);
    wire_put_bytes(&held->draft, values, strlen(values));
}

static int says(const struct held *held, const char *values)
{
    struct held_said said;
    return held && held_read(held, &said) == 0 && strcmp(said.service, "MZ-01") == 0 &&
           strcmp(said.summary, "سالم") == 0 && said.field == 3 && said.caret == 5 &&
           said.values_len == strlen(values) && memcmp(said.values, values, said.values_len) == 0;
}

static int files(const char *ending)
{
    DIR *dir = opendir(folder);
    int count = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        size_t len = strlen(entry->d_name);
        count += len > strlen(ending) && strcmp(entry->d_name + len - strlen(ending), ending) == 0;
    }
    if (dir)
        closedir(dir);
    return count;
}

static char *path_of(const struct id *id)
{
    char name[ID_TEXT];
    id_text(id, name);
    return x_printf("%s/%s.held", folder, name);
}

static void test_kept(struct id *id)
{
    struct held_all all;
    struct stat status;
    char *path = path_of(id);
    held_load(&all, folder);
    struct held *held = held_add(&all, id);
    fill(held, "name=سالم");
    buf_put(&held->submission, "as it is sent", 13);
    held->saved = 1515916800000;
    held->dirty = held->submitted = 1;
    held->open = 1;
    tap_is_int(held_save(&all, held), 0, "a draft is kept");
    tap_ok(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600, "for its owner alone");
    held_free(&all);
    held_load(&all, folder);
    held = held_find(&all, id);
    tap_ok(says(held, "name=سالم"), "and there again with all that was typed");
    tap_ok(held && held->dirty && held->submitted && !held->upstream && !held->open &&
               held->saved == 1515916800000 && held->submission.len == 13,
           "and what is to become of it, but that a desk has it open");
    tap_is_int(held_waiting(&all), 1, "it waits");
    held_free(&all);
    x_free(&path);
}

/* The new one doesn't fit: what was kept before still is. */
static void test_full_disk(const struct id *id)
{
    struct held_all all;
    struct rlimit before, little;
    held_load(&all, folder);
    struct held *held = held_find(&all, id);
    getrlimit(RLIMIT_FSIZE, &before);
    little = before;
    little.rlim_cur = 64;
    fill(held, "name=another");
    setrlimit(RLIMIT_FSIZE, &little);
    int err = held_save(&all, held);
    setrlimit(RLIMIT_FSIZE, &before);
    tap_ok(err != 0 && says(held, "name=another"), "a full disk is said, and the draft stands");
    held_free(&all);
    held_load(&all, folder);
    tap_ok(says(held_find(&all, id), "name=سالم") && files(".new") == 0,
           "what was kept before still is, and no piece of the other");
    held_free(&all);
}

/* The same draft comes to harm a second and a third time: each copy that was set aside is there. */
static void test_damaged_again(const char *path)
{
    static const char *const asides[] = {".damaged", ".damaged-2", ".damaged-3"};
    struct held_all all;
    int there = 0;
    for (size_t i = 0; i < SND_COUNT(asides); i++) {
        if (proc_write_file(path, asides[i], strlen(asides[i]), 0600))
            abort();
        held_load(&all, folder);
        held_free(&all);
    }
    for (size_t i = 0; i < SND_COUNT(asides); i++) {
        char *aside = x_printf("%s%s", path, asides[i]), *bytes = NULL;
        size_t len = 0;
        there += proc_read_file(aside, 1 << 20, &bytes, &len) == 0 && len == strlen(asides[i]) &&
                 memcmp(bytes, asides[i], len) == 0;
        (void)unlink(aside);
        x_free(&bytes);
        x_free(&aside);
    }
    tap_is_int(there, 3, "damaged again and again: each copy is kept beside the others");
}

static void test_damaged(const struct id *id)
{
    struct held_all all;
    char *path = path_of(id), *aside = x_printf("%s.damaged", path), *bytes = NULL;
    size_t len = 0;
    int taken = 0, lost = 0;
    if (proc_read_file(path, 1 << 20, &bytes, &len))
        abort();
    for (size_t i = 0; i < 2 * len; i++) { /* changed at each byte, then cut at each */
        char *now = NULL;
        size_t size = i < len ? len : i - len, kept = 0;
        bytes[i % len] ^= i < len ? 0x11 : 0;
        if (proc_write_file(path, bytes, size, 0600))
            abort();
        held_load(&all, folder);
        taken += all.first != NULL;
        held_free(&all);
        lost += proc_read_file(aside, 1 << 20, &now, &kept) || kept != size ||
                memcmp(now, bytes, size) != 0 || access(path, F_OK) == 0;
        bytes[i % len] ^= i < len ? 0x11 : 0;
        (void)unlink(aside);
        x_free(&now);
    }
    tap_is_int(taken, 0, "changed or cut anywhere: never taken for a draft");
    tap_is_int(lost, 0, "but set aside as it is");
    test_damaged_again(path);
    if (proc_write_file(aside, "from before", 11, 0600))
        abort();
    held_load(&all, folder);
    struct held *held = held_add(&all, id);
    fill(held, "name=new");
    tap_ok(held_save(&all, held) == 0 && files(".damaged") == 1, "nor is it written over");
    held_free(&all);
    (void)unlink(aside);
    x_free(&bytes);
    x_free(&aside);
    x_free(&path);
}

static void test_others(const struct id *id)
{
    static const char *const names[] = {"lock", "notes.txt", "0123.held", "x.held.new",
                                        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz.held"};
    struct held_all all;
    for (size_t i = 0; i < SND_COUNT(names); i++) {
        char *path = x_printf("%s/%s", folder, names[i]);
        if (proc_write_file(path, "?", 1, 0600))
            abort();
        x_free(&path);
    }
    held_load(&all, folder);
    tap_ok(all.first && !all.first->next && says(held_find(&all, id), "name=new"),
           "what isn't a draft is left alone");
    held_drop(&all, held_find(&all, id));
    tap_ok(!all.first && !held_find(&all, id), "one that was sent is forgotten, and its file");
    held_free(&all);
    held_load(&all, folder);
    tap_ok(!all.first && files(".held") == 2, "for good");
    held_free(&all);
    held_load(&all, "/nowhere/at/all");
    tap_ok(!all.first, "no folder, no drafts");
    held_free(&all);
}

/* Two desks of one person on one box: the second is told so before it speaks to anybody. ssh is one
 * that refuses. */
static void test_two(void)
{
    char *path = x_printf("%s/ssh", folder), *lock = x_printf("%s/lock", folder);
    const struct bridge_args args = {.who = "clerk@office", .cache = folder, .held = folder};
    struct bridge *bridge = NULL;
    struct book_me me;
    if (proc_write_file(path, "#!/bin/sh\nexit 255\n", 19, 0700))
        abort();
    setenv("PATH", folder, 1);
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    tap_ok(flock(fd, LOCK_EX | LOCK_NB) == 0 && bridge_open(&args, &bridge, &me) == SND_E_INUSE,
           "two desks at once: the second is told");
    bridge_close(&bridge);
    close(fd);
    tap_is_int(bridge_open(&args, &bridge, &me), SND_E_LOST,
               "the first has gone: the second goes on, as far as the line");
    bridge_close(&bridge);
    tap_is_int(bridge_open(&args, &bridge, &me), SND_E_LOST, "and leaves the way to a third");
    bridge_close(&bridge);
    x_free(&path);
    x_free(&lock);
}

int main(void)
{
    struct id id = id_new();
    log_open("test", LOG_LEVEL_ERROR);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    if (!mkdtemp(folder))
        return 1;
    test_kept(&id);
    test_full_disk(&id);
    test_damaged(&id);
    test_others(&id);
    char *clear = x_printf("/bin/rm -rf '%s'", folder);
    test_two();
    (void)!system(clear);
    x_free(&clear);
    return tap_done();
}
