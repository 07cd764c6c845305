/* SPDX-License-Identifier: Apache-2.0
 * sanad restore: puts a backup back, into a folder without an office or in the place of one that is
 * stopped. Everything is prepared beside the office and checked whole, with a replay of every
 * event; only then does one rename put it in place. The book that was there stays beside it under
 * another name. Since events after the backup may have been seen by others, the book that is put
 * back begins a new epoch of its chain.
 *
 * Configuration and keys out of the backup are only put where there are none. The key ring comes
 * first, since without it nothing can be checked: the one that is there, else the backup's. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
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

struct restore {
    const char *state, *from;
    struct vault *vault;
    char *db, *made, *aside; /* the book, the one being prepared, the old one's new name */
    int lock;
    int had;         /* there is a book already, */
    int had_read;    /* which can be read, */
    int had_related; /* and has the backup's end in its chain */
    struct store_head head, old;
    struct store_beyond beyond;
    int64_t epoch;
};

/* ---- nobody else at work ---- */

static int take_lock(struct restore *restore)
{
    char *path = cmd_path(restore->state, "pid");
    restore->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    int err = restore->lock < 0                         ? err_from_errno(errno)
              : flock(restore->lock, LOCK_EX | LOCK_NB) ? SND_E_BUSY
                                                        : 0;
    x_free(&path);
    return err;
}

static int say_running(const struct restore *restore)
{
    return cmd_fail("Somebody works with the office in %s: stop it first.", restore->state);
}

static int prepare_folder(struct restore *restore)
{
    char *run = cmd_path(restore->state, "run");
    int err = 0;
    if (mkdir(restore->state, 0700) != 0 && errno != EEXIST)
        err = err_from_errno(errno);
    if (!err && mkdir(run, 0700) != 0 && errno != EEXIST)
        err = err_from_errno(errno);
    x_free(&run);
    if (err)
        return cmd_fail("%s could not be made: %s.", restore->state, err_text(err));
    err = take_lock(restore);
    if (err == SND_E_BUSY)
        return say_running(restore);
    return err ? cmd_fail("%s can't be written: %s.", restore->state, err_text(err)) : 0;
}

/* ---- the book that is there ---- */

/* Opens what is there for ourselves alone, which also folds its log into it. What can't be read is
 * no reason to stop: it may be why somebody restores. */
static int look_at_old(struct restore *restore)
{
    struct store *old = NULL;
    restore->had = access(restore->db, F_OK) == 0;
    if (!restore->had)
        return 0;
    int err = store_open(restore->db, STORE_ALONE, restore->vault, &old);
    if (err == SND_E_BUSY)
        return say_running(restore);
    if (!err)
        err = store_head_get(old, &restore->old);
    restore->had_read = !err;
    if (!err && memcmp(restore->old.node.b, restore->head.node.b, ID_SIZE) != 0) {
        store_close(&old);
        return cmd_fail("The book in %s is another office's; it was not touched.", restore->state);
    }
    if (!err)
        restore->had_related = store_beyond(old, &restore->head, &restore->beyond) == 0;
    store_close(&old);
    return 0;
}

/* ---- the one that comes ---- */

static int check_whole(struct store *store)
{
    struct store_check check;
    struct arena *arena = arena_new();
    int err = store_check(store, arena, &check);
    for (size_t i = 0; i < check.findings; i++)
        fprintf(stderr, "%s\n", check.finding[i]);
    if (!err && check.findings > 0)
        err = SND_E_CORRUPT;
    arena_free(&arena);
    return err;
}

/* A file out of the backup, unless there is one of that name. */
static int unfold(const struct restore *restore, struct store *store, const char *name)
{
    struct buf body = BUF_INIT(KEEP_ENCLOSED_MAX);
    char *path = cmd_path(restore->state, name);
    int err = access(path, F_OK) == 0 ? SND_E_NOTFOUND : store_enclosed(store, name, &body);
    if (!err) {
        err = proc_write_file(path, body.data, body.len, 0600);
        printf("%s was put back.\n", path);
    }
    buf_free(&body);
    x_free(&path);
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int unfold_all(const struct restore *restore, struct store *store)
{
    int err = 0;
    for (const struct keep_file *file = keep_files; !err && file->name; file++)
        err = unfold(restore, store, file->name);
    return err;
}

/* The seconds of the clock make an epoch that a second restore of the same backup doesn't share. */
static int64_t new_epoch(const struct restore *restore)
{
    int64_t least = restore->head.epoch + 1, now = clock_utc_ms() / 1000;
    if (restore->had_read && restore->old.epoch >= least)
        least = restore->old.epoch + 1;
    return now > least && now <= UINT32_MAX ? now : least;
}

static int begin_again(struct restore *restore, struct store *store)
{
    struct store_actor actor;
    struct store_office office;
    restore->epoch = new_epoch(restore);
    keep_actor(store_office_get(store, &office) == 0 ? office.centre : "", &actor);
    int err = store_enclosed_drop(store);
    return err ? err : store_restored(store, restore->epoch, &actor);
}

static int say_unfit(const struct restore *restore, int err)
{
    switch (err) {
    case SND_E_VERSION:
        return cmd_fail("%s was made by a newer sanad; install that one first.", restore->from);
    case SND_E_CORRUPT:
        return cmd_fail("%s is damaged or no backup; take another one.", restore->from);
    case SND_E_FULL:
        return cmd_fail("There is no room in %s; nothing was changed.", restore->state);
    default:
        return cmd_fail("%s could not be read: %s.", restore->from, err_text(err));
    }
}

/* The keys that a backup carries, if it does; new ones for one from before there were keys. */
static int unfold_keys(const struct restore *restore, const char *ring)
{
    struct store *store = NULL;
    int sealed = 1, err = store_is_sealed(restore->made, &sealed);
    if (!err && !sealed)
        return vault_make(ring);
    if (!err)
        err = store_open(restore->made, STORE_ALONE, NULL, &store);
    if (!err)
        err = unfold(restore, store, "keyring");
    store_close(&store);
    return err;
}

/* The key ring into restore->vault. */
static int find_keys(struct restore *restore)
{
    char *ring = NULL;
    int err = cmd_keyring_of(restore->state, &ring);
    if (err)
        return 1;
    if (access(ring, F_OK) != 0)
        err = unfold_keys(restore, ring);
    x_free(&ring);
    if (err)
        return say_unfit(restore, err);
    return cmd_vault(restore->state, &restore->vault) != 0;
}

/* The backup as a file beside the office; where it ends into restore->head. */
static int bring(struct restore *restore)
{
    struct store *store = NULL;
    unlink(restore->made);
    int err = proc_copy_file(restore->from, restore->made, 0600);
    if (err)
        return say_unfit(restore, err);
    if (find_keys(restore) != 0)
        return 1;
    err = store_open(restore->made, STORE_ALONE, restore->vault, &store);
    if (!err)
        err = store_head_get(store, &restore->head);
    store_close(&store);
    return err ? say_unfit(restore, err) : 0;
}

/* Run by root, what is made here is the state folder's owner's. */
static int give_path(const struct restore *restore, const char *path)
{
    struct stat st;
    if (geteuid() != 0)
        return 0;
    return stat(restore->state, &st) != 0 || chown(path, st.st_uid, st.st_gid) != 0 ? SND_E_SYS : 0;
}

static int document_folder(const struct restore *restore, const char *below, size_t len)
{
    char *name = x_strndup(below, len), *path = cmd_path(restore->state, name);
    int err = mkdir(path, 0700) != 0 && errno != EEXIST ? err_from_errno(errno) : 0;
    if (!err)
        err = give_path(restore, path);
    x_free(&path);
    x_free(&name);
    return err;
}

/* A document out of the backup, unless its file is there. */
static int unfold_document(const struct restore *restore, struct store *store, const char *below)
{
    struct buf body = BUF_INIT(KEEP_DOCUMENT_MAX);
    char *name = x_printf("blobs/%s", below), *path = cmd_path(restore->state, name);
    int err = access(path, F_OK) == 0 ? SND_E_NOTFOUND : store_enclosed(store, name, &body);
    if (!err)
        err = document_folder(restore, "blobs", strlen("blobs"));
    if (!err)
        err = document_folder(restore, name, strlen("blobs/") + strcspn(below, "/"));
    if (!err)
        err = proc_write_file(path, body.data, body.len, 0600);
    if (!err)
        err = give_path(restore, path);
    buf_free(&body);
    x_free(&path);
    x_free(&name);
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int unfold_documents(const struct restore *restore, struct store *store)
{
    struct id after = {0};
    char below[STORE_BLOB_NAME];
    int err;
    while ((err = store_blob_next(store, &after, below)) == 0) {
        err = unfold_document(restore, store, below);
        if (err)
            return err;
    }
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int judge(const struct restore *restore)
{
    struct store *store = NULL;
    int err = store_open(restore->made, STORE_ALONE, restore->vault, &store);
    if (!err)
        err = unfold_documents(restore, store);
    if (!err)
        err = check_whole(store);
    store_close(&store);
    return err ? say_unfit(restore, err) : 0;
}

static int begin(struct restore *restore)
{
    struct store *store = NULL;
    int err = store_open(restore->made, STORE_ALONE, restore->vault, &store);
    if (!err)
        err = unfold_all(restore, store);
    if (!err)
        err = begin_again(restore, store);
    store_close(&store);
    return err ? say_unfit(restore, err) : 0;
}

/* ---- in place ---- */

/* Run by root, the office's files stay their owner's. */
static int give_to_owner(const struct restore *restore)
{
    struct stat st;
    if (geteuid() != 0)
        return 0;
    if (stat(restore->state, &st) != 0 || chown(restore->made, st.st_uid, st.st_gid) != 0)
        return SND_E_SYS;
    return 0;
}

static int put_in_place(struct restore *restore)
{
    int err = give_to_owner(restore);
    if (!err && restore->had && link(restore->db, restore->aside) != 0)
        err = err_from_errno(errno);
    if (!err && rename(restore->made, restore->db) != 0)
        err = err_from_errno(errno);
    if (!err)
        err = proc_sync_folder(restore->db);
    return err ? cmd_fail("%s could not be put in place: %s.", restore->db, err_text(err)) : 0;
}

static void say_lost(const struct restore *restore)
{
    char when[KEEP_TIME], first[KEEP_TIME], last[KEEP_TIME];
    const struct store_beyond *beyond = &restore->beyond;
    keep_time(restore->head.at, when);
    printf("The backup ends with event %" PRId64 " of %s and holds %" PRId64 " requests.\n",
           restore->head.seq, when, restore->head.requests);
    if (!restore->had) {
        puts("What was done after that is not in it.");
    } else if (!restore->had_related) {
        printf("What the book in %s had beyond it can't be said.\n", restore->state);
    } else if (beyond->events == 0) {
        puts("The book that was there had nothing beyond it.");
    } else {
        keep_time(beyond->first, first);
        keep_time(beyond->last, last);
        printf("The book that was there goes on after it: %" PRId64 " events with %" PRId64
               " requests, from %s to %s, are not in the restored one.\n",
               beyond->events, beyond->requests, first, last);
    }
    if (restore->had)
        printf("The old book is kept as %s.\n", restore->aside);
    printf("The office in %s goes on in epoch %" PRId64 "; everybody must log in again.\n",
           restore->state, restore->epoch);
}

static int restore_all(struct restore *restore)
{
    int status = prepare_folder(restore);
    if (!status)
        status = bring(restore);
    if (!status)
        status = look_at_old(restore);
    if (!status)
        status = judge(restore);
    if (!status)
        status = begin(restore);
    if (!status)
        status = put_in_place(restore);
    if (!status)
        say_lost(restore);
    else
        unlink(restore->made);
    return status;
}

int cmd_restore(int argc, char **argv)
{
    char when[KEEP_STAMP];
    struct restore restore = {.state = cmd_state(&argc, argv), .lock = -1};
    if (argc != 2)
        return cmd_usage("restore");
    restore.from = argv[1];
    if (access(restore.from, R_OK) != 0)
        return cmd_fail("%s can't be read.", restore.from);
    keep_stamp(when);
    restore.db = cmd_path(restore.state, "office.db");
    restore.made = cmd_path(restore.state, "office.db.restoring");
    restore.aside = x_printf("%s.before-%s", restore.db, when);
    int status = restore_all(&restore);
    proc_close(&restore.lock);
    vault_free(&restore.vault);
    x_free(&restore.aside);
    x_free(&restore.made);
    x_free(&restore.db);
    return status;
}
