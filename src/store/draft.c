/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts: what a clerk is filling in, saved at every field and second of typing. Local state of one
 * account, in no event, and sealed like everything that citizens say. A submitted draft never comes
 * back: its id is the request's. */
#include <string.h>
#include "base/err.h"
#include "store/seal_priv.h"

#define DRAFT_MAX (16 * 1024 * 1024)

/* May this account put a draft of that id? */
static int draft_may_put(struct store *store, const struct id *id, const char *account)
{
    struct query *query = db_query(store->db, "SELECT 1 FROM request WHERE id = $1");
    db_bind_id(query, id);
    int err = db_end(query, db_one(query));
    if (err != SND_E_NOTFOUND)
        return err == 0 ? SND_E_EXISTS : err;
    query = db_query(store->db, "SELECT account FROM draft WHERE id = $1");
    db_bind_id(query, id);
    err = db_one(query);
    if (err == 0 && strcmp(db_text_peek(query), account) != 0)
        err = SND_E_DENIED;
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int draft_write(struct store *store, const struct store_draft *draft,
                       const struct buf *sealed)
{
    struct query *query = db_query(
        store->db,
        "INSERT INTO draft (id, account, service, form, saved, field, caret, summary, holder,"
        " filled) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (id) DO UPDATE SET service = excluded.service, form = excluded.form,"
        " saved = excluded.saved, field = excluded.field, caret = excluded.caret,"
        " summary = excluded.summary, holder = excluded.holder,"
        " filled = excluded.filled");
    db_bind_id(query, &draft->id);
    db_bind_text(query, draft->account);
    db_bind_text(query, draft->service);
    db_bind_blob(query, draft->sha, HASH_SIZE);
    db_bind_int(query, draft->saved);
    db_bind_int(query, draft->field);
    db_bind_int(query, draft->caret);
    db_bind_text(query, draft->summary);
    db_bind_int(query, (int64_t)draft->holder);
    db_bind_blob(query, sealed->data, sealed->len);
    return db_run(query, NULL);
}

/* The unfinished text, a zero, the values. */
static int draft_seal(const struct store *store, const struct id *id, const char *typed,
                      const char *values, struct buf *out)
{
    struct buf plain = BUF_INIT(DRAFT_MAX);
    buf_put(&plain, typed, strlen(typed) + 1);
    buf_puts(&plain, values);
    int err = plain.failed ? SND_E_LIMIT : 0;
    if (err == 0)
        seal_put(store, SEALED_DRAFT_FILLED, id->b, plain.data, plain.len, out);
    buf_free(&plain);
    return err;
}

int store_draft_put(struct store *store, const struct store_draft *draft, const char *typed,
                    const char *values)
{
    struct buf sealed = BUF_INIT(DRAFT_MAX + VAULT_MORE);
    int err = draft_seal(store, &draft->id, typed, values, &sealed);
    if (err == 0)
        err = store_write_begin(store);
    if (err == 0) {
        err = draft_may_put(store, &draft->id, draft->account);
        if (err == 0)
            err = draft_write(store, draft, &sealed);
        err = store_write_end(store, err);
    }
    buf_free(&sealed);
    return err;
}

#define DRAFT_COLUMNS "id, account, service, form, saved, field, caret, summary, holder"

static void draft_row(struct query *query, struct store_draft *out)
{
    memset(out, 0, sizeof *out);
    db_id(query, &out->id);
    db_text(query, out->account, sizeof out->account);
    db_text(query, out->service, sizeof out->service);
    db_blob(query, out->sha, HASH_SIZE);
    out->saved = db_int(query);
    out->field = (int)db_int(query);
    out->caret = (int)db_int(query);
    db_text(query, out->summary, sizeof out->summary);
    out->holder = (uint64_t)db_int(query);
}

static int draft_open(const struct store *store, const struct id *id, struct query *query,
                      char **typed, char **values)
{
    struct buf plain = BUF_INIT(DRAFT_MAX);
    size_t len;
    const void *bytes = db_blob_peek(query, &len);
    int err = seal_get(store, SEALED_DRAFT_FILLED, id->b, bytes, len, &plain);
    size_t first = err == 0 ? strlen(buf_text(&plain)) : 0;
    if (err == 0) {
        *typed = x_strdup(buf_text(&plain));
        *values = x_strdup(first < plain.len ? buf_text(&plain) + first + 1 : "{}");
    }
    buf_free(&plain);
    return err;
}

int store_draft_get(struct store *store, const struct id *id, struct store_draft *out, char **typed,
                    char **values)
{
    if (typed)
        *typed = *values = NULL;
    struct query *query =
        db_query(store->db, "SELECT " DRAFT_COLUMNS ", filled FROM draft WHERE id = $1");
    db_bind_id(query, id);
    int err = db_one(query);
    if (err == 0) {
        draft_row(query, out);
        if (typed)
            err = draft_open(store, id, query, typed, values);
    }
    err = db_end(query, err);
    if (err != 0 && typed) {
        x_free(typed);
        x_free(values);
    }
    return err;
}

int store_draft_list(struct store *store, const char *account, struct arena *arena,
                     struct store_draft **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_draft);
    int got;
    struct query *query =
        db_query(store->db, "SELECT " DRAFT_COLUMNS
                            ", COALESCE((SELECT p.digit FROM parked p"
                            " WHERE p.account = draft.account AND p.draft = draft.id), 0)"
                            " FROM draft WHERE account = $1 ORDER BY saved DESC, id DESC");
    db_bind_text(query, account);
    while ((got = db_row(query)) == 1) {
        struct store_draft *draft = rows_add(&rows);
        draft_row(query, draft);
        draft->parked = (int)db_int(query);
    }
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}

static int draft_changed(struct store *store, struct query *query)
{
    int64_t changed;
    int err = db_run(query, &changed);
    return store_write_end(store, err == 0 && changed == 0 ? SND_E_NOTFOUND : err);
}

int store_draft_hold(struct store *store, const struct id *id, uint64_t holder)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query = db_query(store->db, "UPDATE draft SET holder = $1 WHERE id = $2");
    db_bind_int(query, (int64_t)holder);
    db_bind_id(query, id);
    return draft_changed(store, query);
}

int store_draft_drop(struct store *store, const struct id *id, const char *account)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query = db_query(store->db, "DELETE FROM draft WHERE id = $1 AND account = $2");
    db_bind_id(query, id);
    db_bind_text(query, account);
    return draft_changed(store, query);
}
