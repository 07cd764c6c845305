/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing a store, and its transactions: batches of steps for the writer (group
 * commit), views for readers, and the frame that every writing operation stands in. Opening looks
 * at the schema's version and nothing else, so it takes as long with a hundred thousand requests as
 * with none. */
#include <string.h>
#include "base/err.h"
#include "store/memo_priv.h"
#include "store/schema_priv.h"
#include "store/store_priv.h"

/* A reader can't bring the schema forward: it opens what the writer has prepared. */
static int store_prepare(struct store *store)
{
    int err = schema_forward(store, store->mode == STORE_CREATE);
    if (err == SND_E_DENIED)
        return SND_E_VERSION;
    if (err == 0)
        db_guard(store->db);
    return err;
}

/* The folder of documents beside a database. */
static char *store_beside(const char *path)
{
    const char *slash = strrchr(path, '/');
    return x_printf("%.*sblobs", slash == NULL ? 0 : (int)(slash - path + 1), path);
}

int store_open(const char *path, enum store_mode mode, const struct vault *vault,
               struct store **out)
{
    static const enum db_mode modes[] = {
        [STORE_CREATE] = DB_CREATE,
        [STORE_WRITE] = DB_WRITE,
        [STORE_READ] = DB_READ,
        [STORE_ALONE] = DB_ALONE,
    };
    struct store *store = x_alloc(sizeof *store);
    store->mode = mode;
    store->vault = vault;
    store->blobs = store_beside(path);
    int err = db_open(path, modes[mode], &store->db);
    if (err == 0)
        err = store_prepare(store);
    if (err == 0 && mode != STORE_READ)
        err = reproject(store);
    if (err != 0)
        store_close(&store);
    *out = store;
    return err;
}

const struct vault *store_vault(const struct store *store)
{
    return store->vault;
}

int store_is_sealed(const char *path, int *sealed)
{
    struct db *db = NULL;
    int64_t version = 0;
    int err = db_open(path, DB_READ, &db);
    if (err == 0)
        err = schema_version(db, &version);
    db_close(&db);
    *sealed = version >= SCHEMA_SEALED;
    return err;
}

/* What an empty store in memory looks like: all versions of the schema after each other take longer
 * than a small book, and a process that checks books checks many. Stays until the process ends. */
static int store_blank(struct db **out)
{
    static struct db *blank;
    struct store store = {.mode = STORE_CREATE};
    *out = blank;
    if (blank != NULL)
        return 0;
    int err = db_open(NULL, DB_MEMORY, &store.db);
    if (err == 0)
        err = schema_forward(&store, 1);
    if (err != 0)
        db_close(&store.db);
    *out = blank = store.db;
    return err;
}

int store_open_empty(const struct vault *vault, struct store **out)
{
    struct store *store = x_alloc(sizeof *store);
    struct db *blank = NULL;
    store->mode = STORE_CREATE;
    store->vault = vault;
    int err = store_blank(&blank);
    if (err == 0)
        err = db_open(NULL, DB_MEMORY, &store->db);
    if (err == 0)
        err = db_fill(store->db, blank);
    if (err == 0)
        db_guard(store->db);
    if (err != 0)
        store_close(&store);
    *out = store;
    return err;
}

void store_close(struct store **store)
{
    if (*store == NULL)
        return;
    if ((*store)->db != NULL && db_inside((*store)->db))
        db_rollback((*store)->db);
    memo_forget(*store);
    db_close(&(*store)->db);
    x_free(&(*store)->blobs);
    x_free(store);
}

int store_batch_begin_at(struct store *store, const char *file, int line)
{
    snd_assert(!store->batch);
    int err = db_begin_at(store->db, DB_BEGIN_WRITE, file, line);
    store->batch = err == 0;
    store->before = db_changes(store->db);
    return err;
}

int store_batch_commit(struct store *store)
{
    snd_assert(store->batch && !store->sharing);
    store->batch = store->stretch = 0;
    return db_commit(store->db);
}

void store_batch_rollback(struct store *store)
{
    store->batch = store->stretch = store->sharing = 0;
    db_rollback(store->db);
}

int store_step_begin(struct store *store)
{
    snd_assert(store->batch && !store->sharing);
    int err = store->stretch && !store->whole ? db_release(store->db, 1) : 0;
    store->stretch = 0;
    return err != 0 ? err : db_save(store->db);
}

/* Where nothing was written before, all of the transaction is theirs: then no savepoint is needed,
 * for which the engine would put by each page that they touch. */
int store_step_share(struct store *store)
{
    snd_assert(store->batch && !store->sharing);
    int err = 0;
    if (!store->stretch) {
        store->whole = db_inside(store->db) && db_changes(store->db) == store->before;
        err = store->whole ? 0 : db_save(store->db);
    }
    store->stretch = store->sharing = err == 0;
    store->spoiled = 0;
    store->changes = db_changes(store->db);
    return err;
}

static int store_share_undo(struct store *store)
{
    store->stretch = 0;
    if (!store->whole || !db_inside(store->db))
        return db_release(store->db, 0);
    db_rollback(store->db);
    return db_begin(store->db, DB_BEGIN_WRITE);
}

/* Nothing was written, or all of it may stay; otherwise everything that shares goes. */
static int store_share_end(struct store *store, int keep)
{
    store->sharing = 0;
    if ((keep && !store->spoiled) || db_changes(store->db) == store->changes)
        return db_inside(store->db) ? 0 : db_release(store->db, 1);
    int err = store_share_undo(store);
    return err != 0 ? err : STORE_UNDONE;
}

int store_step_end(struct store *store, int keep)
{
    snd_assert(store->batch);
    return store->sharing ? store_share_end(store, keep) : db_release(store->db, keep);
}

int store_view_begin(struct store *store)
{
    snd_assert(!store->batch);
    int err = db_begin(store->db, DB_BEGIN_READ);
    store->batch = err == 0;
    return err;
}

void store_view_end(struct store *store)
{
    store->batch = 0;
    db_rollback(store->db);
}

int store_write_begin_at(struct store *store, const char *file, int line)
{
    if (store->mode == STORE_READ)
        return SND_E_DENIED;
    store->alone = !store->batch;
    if (store->sharing)
        return 0; /* the step is taken back whole */
    return store->alone ? db_begin_at(store->db, DB_BEGIN_WRITE, file, line) : db_save(store->db);
}

int store_write_end(struct store *store, int err)
{
    if (store->sharing) {
        store->spoiled |= err != 0;
        return err;
    }
    if (!store->alone) {
        int released = db_release(store->db, err == 0);
        return err != 0 ? err : released;
    }
    store->alone = 0;
    if (err == 0)
        return db_commit(store->db);
    db_rollback(store->db);
    return err;
}

void store_log_leave(struct store *store)
{
    db_leave_log(store->db);
}

int store_log_len(const struct store *store)
{
    return db_log_len(store->db);
}

int store_log_copy(struct store *store)
{
    return db_copy_log(store->db);
}
