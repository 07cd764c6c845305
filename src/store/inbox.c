/* SPDX-License-Identifier: Apache-2.0 */
/* The inbox: documents that somebody has sent and that belong to no request yet. Local state of one
 * account. A name stands there once; it is found by a keyed hash, and lies sealed, since people
 * name files after people. */
#include <string.h>
#include "base/err.h"
#include "store/blob_priv.h"

#define INBOX_COLUMNS                                                                              \
    "i.id, i.file, i.account, i.centre, i.name, i.mime, i.pages, i.at, f.state, f.size, f.sha"
#define INBOX_FROM " FROM inbox i JOIN blob_file f ON f.id = i.file "
#define INBOX_FORGET 20

static void inbox_mark(const struct store *store, const char *account, const char *name,
                       uint8_t out[VAULT_INDEX])
{
    char *both = x_printf("%s\n%s", account, name);
    vault_index(store->vault, "inbox", both, out);
    mem_wipe(both, strlen(both));
    x_free(&both);
}

static int inbox_name(const struct store *store, struct query *query, struct store_inbox *out)
{
    struct buf plain = BUF_INIT(STORE_BLOB_NAME);
    size_t len;
    const void *sealed = db_blob_peek(query, &len);
    int err = seal_get(store, SEALED_INBOX_NAME, out->id.b, sealed, len, &plain);
    if (err == 0)
        err = str_copy(out->name, sizeof out->name, buf_text(&plain));
    buf_free(&plain);
    return err;
}

static int inbox_read(const struct store *store, struct query *query, struct store_inbox *out)
{
    char mime[64];
    size_t len;
    memset(out, 0, sizeof *out);
    db_id(query, &out->id);
    db_id(query, &out->file);
    db_text(query, out->account, sizeof out->account);
    db_text(query, out->centre, sizeof out->centre);
    int err = inbox_name(store, query, out);
    db_text(query, mime, sizeof mime);
    out->blob.type = filetype_of_mime(mime);
    out->blob.pages = (uint32_t)db_int(query);
    out->at = db_int(query);
    out->whole = db_int(query) == BLOB_WHOLE;
    out->blob.size = db_int(query);
    const void *sha = db_blob_peek(query, &len);
    if (out->whole && sha != NULL && len == HASH_SIZE)
        memcpy(out->blob.sha, sha, HASH_SIZE);
    return err;
}

/* The row of a query for one; its size so far. */
static int inbox_one(struct store *store, struct query *query, struct store_inbox *out)
{
    int err = db_one(query);
    if (err == 0)
        err = inbox_read(store, query, out);
    err = db_end(query, err);
    if (err != 0 || out->whole)
        return err;
    err = store_blob_length(store, &out->file, &out->blob.size);
    return err == SND_E_NOTFOUND ? 0 : err; /* its file was let go of just now */
}

int store_inbox_add(struct store *store, const struct store_inbox *entry)
{
    uint8_t mark[VAULT_INDEX];
    struct store_inbox other;
    struct buf sealed = BUF_INIT(1024);
    int err = store_inbox_named(store, entry->account, entry->name, &other);
    if (err != SND_E_NOTFOUND)
        return err == 0 ? SND_E_EXISTS : err;
    err = store_write_begin(store);
    if (err != 0)
        return err;
    inbox_mark(store, entry->account, entry->name, mark);
    seal_put(store, SEALED_INBOX_NAME, entry->id.b, entry->name, strlen(entry->name), &sealed);
    struct query *query = db_query(
        store->db, "INSERT INTO inbox (id, account, centre, mark, file, name, mime, pages, at)"
                   " VALUES ($1, $2, $3, $4, $5, $6, '', 0, $7)");
    db_bind_id(query, &entry->id);
    db_bind_text(query, entry->account);
    db_bind_text(query, entry->centre);
    db_bind_blob(query, mark, sizeof mark);
    db_bind_id(query, &entry->file);
    db_bind_blob(query, sealed.data, sealed.len);
    db_bind_int(query, entry->at);
    err = db_run(query, NULL);
    buf_free(&sealed);
    return store_write_end(store, err);
}

int store_inbox_named(struct store *store, const char *account, const char *name,
                      struct store_inbox *out)
{
    uint8_t mark[VAULT_INDEX];
    struct query *query = db_query(store->db, "SELECT " INBOX_COLUMNS INBOX_FROM
                                              "WHERE i.account = $1 AND i.mark = $2");
    inbox_mark(store, account, name, mark);
    db_bind_text(query, account);
    db_bind_blob(query, mark, sizeof mark);
    return inbox_one(store, query, out);
}

int store_inbox_get(struct store *store, const char *account, const struct id *id,
                    struct store_inbox *out)
{
    struct query *query = db_query(store->db, "SELECT " INBOX_COLUMNS INBOX_FROM
                                              "WHERE i.id = $1 AND i.account = $2");
    db_bind_id(query, id);
    db_bind_text(query, account);
    return inbox_one(store, query, out);
}

int store_inbox_list(struct store *store, const char *account, size_t max, struct arena *arena,
                     struct store_inbox **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_inbox);
    int got = 0, err = 0;
    struct query *query = db_query(store->db, "SELECT " INBOX_COLUMNS INBOX_FROM
                                              "WHERE i.account = $1 ORDER BY i.at DESC, i.id DESC"
                                              " LIMIT $2");
    db_bind_text(query, account);
    db_bind_int(query, (int64_t)max);
    while (err == 0 && (got = db_row(query)) == 1)
        err = inbox_read(store, query, rows_add(&rows));
    err = db_end(query, err != 0 ? err : got);
    *out = rows_take(&rows, arena, count);
    for (size_t i = 0; err == 0 && i < *count; i++)
        if (!(*out)[i].whole)
            err = store_blob_length(store, &(*out)[i].file, &(*out)[i].blob.size);
    return err;
}

int store_inbox_whole(struct store *store, const struct id *id, const struct id *file,
                      const struct store_blob *blob, int64_t at)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query = db_query(
        store->db, "UPDATE inbox SET file = $1, mime = $2, pages = $3, at = $4 WHERE id = $5");
    db_bind_id(query, file);
    db_bind_text(query, filetype_mime(blob->type));
    db_bind_int(query, blob->pages);
    db_bind_int(query, at);
    db_bind_id(query, id);
    return store_write_end(store, db_run(query, NULL));
}

int store_inbox_rename(struct store *store, const struct store_inbox *entry, const char *name)
{
    uint8_t mark[VAULT_INDEX];
    struct store_inbox other;
    struct buf sealed = BUF_INIT(1024);
    int err = store_inbox_named(store, entry->account, name, &other);
    if (err != SND_E_NOTFOUND)
        return err == 0 ? SND_E_EXISTS : err;
    err = store_write_begin(store);
    if (err != 0)
        return err;
    inbox_mark(store, entry->account, name, mark);
    seal_put(store, SEALED_INBOX_NAME, entry->id.b, name, strlen(name), &sealed);
    struct query *query =
        db_query(store->db, "UPDATE inbox SET mark = $1, name = $2 WHERE id = $3");
    db_bind_blob(query, mark, sizeof mark);
    db_bind_blob(query, sealed.data, sealed.len);
    db_bind_id(query, &entry->id);
    err = db_run(query, NULL);
    buf_free(&sealed);
    return store_write_end(store, err);
}

/* The entry, and its file unless something else has it. */
static int inbox_remove(struct store *store, const struct store_inbox *entry)
{
    struct query *query = db_query(store->db, "DELETE FROM inbox WHERE id = $1");
    db_bind_id(query, &entry->id);
    int err = db_run(query, NULL);
    if (err != 0)
        return err;
    if (entry->whole)
        return blob_unused(store, entry->blob.sha);
    err = store_blob_drop(store, &entry->file);
    return err == SND_E_NOTFOUND ? 0 : err; /* it was let go of already */
}

int store_inbox_drop(struct store *store, const char *account, const struct id *id)
{
    struct store_inbox entry;
    int err = store_inbox_get(store, account, id, &entry);
    if (err == 0)
        err = store_write_begin(store);
    return err != 0 ? err : store_write_end(store, inbox_remove(store, &entry));
}

int inbox_forget(struct store *store, int64_t before)
{
    struct rows rows = ROWS_OF(struct store_inbox);
    int got = 0, err = 0;
    struct query *query =
        db_query(store->db, "SELECT " INBOX_COLUMNS INBOX_FROM "WHERE i.at < $1 LIMIT $2");
    db_bind_int(query, before);
    db_bind_int(query, INBOX_FORGET);
    while (err == 0 && (got = db_row(query)) == 1)
        err = inbox_read(store, query, rows_add(&rows));
    err = db_end(query, err != 0 ? err : got);
    const struct store_inbox *entry = rows.all;
    for (size_t i = 0; err == 0 && i < rows.count; i++)
        err = inbox_remove(store, &entry[i]);
    x_free(&rows.all);
    return err;
}

/* Files that still grow are as long as they are. */
static int inbox_growing(struct store *store, const char *centre, int64_t *bytes)
{
    struct rows rows = ROWS_OF(struct id);
    int got;
    struct query *query =
        db_query(store->db, "SELECT i.file" INBOX_FROM "WHERE i.centre = $1 AND f.state = 0");
    db_bind_text(query, centre);
    while ((got = db_row(query)) == 1)
        db_id(query, rows_add(&rows));
    int err = db_end(query, got);
    const struct id *file = rows.all;
    for (size_t i = 0; err == 0 && i < rows.count; i++) {
        int64_t have;
        err = store_blob_length(store, &file[i], &have);
        *bytes += have;
    }
    x_free(&rows.all);
    return err;
}

int store_inbox_use(struct store *store, const char *account, const char *centre, int64_t *entries,
                    int64_t *bytes)
{
    *entries = *bytes = 0;
    struct query *query = db_query(
        store->db, "SELECT COALESCE(SUM(CASE WHEN i.account = $1 THEN 1 ELSE 0 END), 0),"
                   " COALESCE(SUM(CASE WHEN f.state = 1 THEN f.size ELSE 0 END), 0)" INBOX_FROM
                   "WHERE i.centre = $2");
    db_bind_text(query, account);
    db_bind_text(query, centre);
    int err = db_one(query);
    if (err == 0) {
        *entries = db_int(query);
        *bytes = db_int(query);
    }
    err = db_end(query, err);
    return err != 0 ? err : inbox_growing(store, centre, bytes);
}
