/* SPDX-License-Identifier: Apache-2.0
 * sanad backup: copies the book while people work. This process reads the database's pages itself,
 * as one more reader; nothing of the office waits for it. The copy gets the configuration beside
 * the book, is read again from end to end, and only then has its name, so a file of that name is a
 * whole backup. The ledger is told at the end and keeps who made it and when.
 *
 * The keys stay out of it unless they are asked for: who finds a backup must not be able to read
 * it, nor to be taken for this office. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/vault.h"
#include "cmd/cmd.h"
#include "cmd/keep.h"
#include "store/blob.h"
#include "store/keep.h"

struct backup {
    const char *state;
    const char *to; /* what was asked for: a file's name or a folder */
    int keys;
    struct vault *vault;
    char *path, *part; /* the file, and its name until it is whole */
    struct store_head head;
    int64_t bytes;
};

/* DIR -> DIR/DA01-003-20180114T083015Z.sanad */
static void name_file(struct backup *backup, struct store *store)
{
    struct stat st;
    struct store_office office;
    char when[KEEP_STAMP];
    keep_stamp(when);
    if (stat(backup->to, &st) != 0 || !S_ISDIR(st.st_mode))
        backup->path = x_strdup(backup->to);
    else if (store_office_get(store, &office) == 0)
        backup->path = x_printf("%s/%s-%s.sanad", backup->to, office.centre, when);
    else
        backup->path = x_printf("%s/%s.sanad", backup->to, when);
    backup->part = x_printf("%s.part-%ld", backup->path, (long)getpid());
}

static int enclose(const struct backup *backup, struct store *copy, const char *name)
{
    char *path = NULL, *bytes = NULL;
    size_t len = 0;
    if (strcmp(name, "keyring") != 0)
        path = cmd_path(backup->state, name);
    else if (cmd_keyring_of(backup->state, &path) != 0)
        return SND_E_BAD;
    int err = proc_read_file(path, KEEP_ENCLOSED_MAX, &bytes, &len);
    if (!err)
        err = store_enclose(copy, name, bytes, len);
    if (bytes)
        mem_wipe(bytes, len);
    x_free(&bytes);
    x_free(&path);
    return err == SND_E_NOTFOUND ? 0 : err;
}

/* The documents that the copy speaks of, sealed as they lie. One that was let go of meanwhile is
 * not there any more. */
static int enclose_documents(const struct backup *backup, struct store *copy)
{
    struct id after = {0};
    char below[STORE_BLOB_NAME];
    int err;
    while ((err = store_blob_next(copy, &after, below)) == 0) {
        char *bytes = NULL, *name = x_printf("blobs/%s", below);
        char *path = cmd_path(backup->state, name);
        size_t len = 0;
        err = proc_read_file(path, KEEP_DOCUMENT_MAX, &bytes, &len);
        if (!err)
            err = store_enclose(copy, name, bytes, len);
        x_free(&bytes);
        x_free(&path);
        x_free(&name);
        if (err && err != SND_E_NOTFOUND)
            return err;
    }
    return err == SND_E_NOTFOUND ? 0 : err;
}

/* Reads the copy from end to end. */
static int verify(struct backup *backup, struct store *copy)
{
    struct store_check check;
    struct arena *arena = arena_new();
    int err = store_verify(copy, arena, &check);
    for (size_t i = 0; i < check.findings; i++)
        fprintf(stderr, "%s\n", check.finding[i]);
    if (!err && check.findings > 0)
        err = SND_E_CORRUPT;
    arena_free(&arena);
    return err ? err : store_head_get(copy, &backup->head);
}

static int fill(struct backup *backup)
{
    struct store *copy = NULL;
    int err = store_open(backup->part, STORE_ALONE, backup->vault, &copy);
    if (!err)
        err = store_copy_strip(copy);
    for (const struct keep_file *file = keep_files; !err && file->name; file++)
        if (!file->secret || backup->keys)
            err = enclose(backup, copy, file->name);
    if (!err)
        err = enclose_documents(backup, copy);
    if (!err)
        err = verify(backup, copy);
    store_close(&copy);
    return err;
}

/* Gives the part its name; never over another file. */
static int put_in_place(struct backup *backup)
{
    struct stat st;
    if (stat(backup->part, &st) != 0)
        return SND_E_IO;
    backup->bytes = st.st_size;
    if (access(backup->path, F_OK) == 0)
        return SND_E_EXISTS;
    if (rename(backup->part, backup->path) != 0)
        return SND_E_IO;
    return proc_sync_folder(backup->path);
}

static int make(struct backup *backup)
{
    char *db = cmd_path(backup->state, "office.db");
    struct store *store = NULL;
    int err = store_open(db, STORE_READ, backup->vault, &store);
    x_free(&db);
    if (err)
        return err;
    name_file(backup, store);
    err = access(backup->path, F_OK) == 0 ? SND_E_EXISTS : store_copy(store, backup->part);
    store_close(&store);
    if (err)
        return err;
    err = fill(backup);
    if (!err)
        err = put_in_place(backup);
    if (err)
        unlink(backup->part);
    return err;
}

static int say_failed(const struct backup *backup, int err)
{
    const char *path = backup->path ? backup->path : backup->to;
    if (err == SND_E_EXISTS)
        return cmd_fail("%s is there already; choose another name.", path);
    if (err == SND_E_FULL)
        return cmd_fail("There is no room for %s; nothing was kept of it.", path);
    if (err == SND_E_CORRUPT)
        return cmd_fail("The book is damaged, so no backup was made; sanad fsck says where.");
    return cmd_fail("%s could not be written: %s.", path, err_text(err));
}

static void say_made(const struct backup *backup)
{
    char when[KEEP_TIME];
    keep_time(backup->head.at, when);
    printf("%s holds %" PRId64 " requests, up to event %" PRId64 " of %s; it was read again and is "
           "whole.\n",
           backup->path, backup->head.requests, backup->head.seq, when);
    if (backup->keys)
        puts("The keys are inside: who has this file can read everything. Lock it away.");
    else
        printf("The keys are not inside: keep a copy of %s/keyring in another place, since nobody "
               "can read the backup without it.\n",
               backup->state);
}

int cmd_backup(int argc, char **argv)
{
    struct backup backup = {.state = cmd_state(&argc, argv)};
    struct book *book = NULL;
    backup.keys = cmd_flag(&argc, argv, "with-keys");
    if (argc != 2)
        return cmd_usage("backup");
    backup.to = argv[1];
    if (cmd_book_open(backup.state, &book) != 0)
        return 1;
    if (cmd_vault(backup.state, &backup.vault) != 0) {
        cmd_book_close(&book);
        return 1;
    }
    int err = make(&backup), status = 0;
    if (err)
        status = say_failed(&backup, err);
    else
        say_made(&backup);
    const struct book_backup made = {.epoch = backup.head.epoch,
                                     .seq = backup.head.seq,
                                     .bytes = backup.bytes,
                                     .keyring = backup.keys};
    if (!status && (err = book_backup_made(book, &made)) != 0)
        status =
            cmd_fail("The backup is whole, but the book could not note it: %s.", err_text(err));
    cmd_book_close(&book);
    vault_free(&backup.vault);
    x_free(&backup.path);
    x_free(&backup.part);
    return status;
}
