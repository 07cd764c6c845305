/* SPDX-License-Identifier: Apache-2.0 */
/* What agencies told: each message once, by the agency's own name of it. One whose state could not
 * follow yet is kept, and looked at again whenever its request has moved. */
#include <string.h>
#include "base/err.h"
#include "store/event_priv.h"
#include "store/link.h"
#include "store/seal_priv.h"

#define TOLD_BODY_MAX (64 * 1024)

int store_told_new(struct store *store, const char *agency, const char *message,
                   char code[LINK_WORD])
{
    struct query *query =
        db_query(store->db, "SELECT code FROM told WHERE agency = $1 AND message = $2");
    db_bind_text(query, agency);
    db_bind_text(query, message);
    int err = db_one(query);
    if (err == 0)
        db_text(query, code, LINK_WORD);
    err = db_end(query, err);
    return err == 0 ? SND_E_EXISTS : err == SND_E_NOTFOUND ? 0 : err;
}

int store_told_put(struct store *store, const struct store_told *told, const void *body, size_t len)
{
    if (len > TOLD_BODY_MAX)
        return SND_E_LIMIT;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct buf sealed = BUF_INIT(TOLD_BODY_MAX + VAULT_MORE);
    seal_put(store, SEALED_TOLD_BODY, told->id.b, body, len, &sealed);
    struct query *query =
        db_query(store->db, "INSERT INTO told (id, agency, message, request, at, code, body)"
                            " VALUES ($1, $2, $3, $4, $5, $6, $7)");
    db_bind_id(query, &told->id);
    db_bind_text(query, told->agency);
    db_bind_text(query, told->message);
    db_bind_id(query, &told->request);
    db_bind_int(query, told->at);
    db_bind_text(query, told->code);
    db_bind_blob(query, sealed.data, sealed.len);
    err = db_run(query, NULL);
    buf_free(&sealed);
    return store_write_end(store, err);
}

int store_told_code(struct store *store, const struct id *id, const char *code)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query = db_query(store->db, "UPDATE told SET code = $1 WHERE id = $2");
    db_bind_text(query, code);
    db_bind_id(query, id);
    return store_write_end(store, db_run(query, NULL));
}

static int told_row(const struct store *store, struct query *query, struct arena *arena,
                    struct store_kept *out)
{
    struct buf body = BUF_INIT(TOLD_BODY_MAX + 1);
    size_t len;
    memset(out, 0, sizeof *out);
    db_id(query, &out->told.id);
    db_text(query, out->told.agency, sizeof out->told.agency);
    db_text(query, out->told.message, sizeof out->told.message);
    db_id(query, &out->told.request);
    out->told.at = db_int(query);
    db_text(query, out->told.code, sizeof out->told.code);
    const void *sealed = db_blob_peek(query, &len);
    int err = seal_get(store, SEALED_TOLD_BODY, out->told.id.b, sealed, len, &body);
    out->body = arena_strdup(arena, buf_text(&body));
    buf_free(&body);
    return err;
}

int store_told_get(struct store *store, const char *agency, const char *message,
                   struct arena *arena, struct store_kept *out)
{
    struct query *query =
        db_query(store->db, "SELECT id, agency, message, request, at, code, body FROM told"
                            " WHERE agency = $1 AND message = $2");
    db_bind_text(query, agency);
    db_bind_text(query, message);
    int err = db_one(query);
    if (err == 0)
        err = told_row(store, query, arena, out);
    return db_end(query, err);
}

int store_told_kept(struct store *store, const struct id *request, struct arena *arena,
                    struct store_kept **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_kept);
    struct query *query =
        db_query(store->db, "SELECT id, agency, message, request, at, code, body FROM told"
                            " WHERE request = $1 AND code = 'kept' ORDER BY at, id");
    int err = 0, more;
    db_bind_id(query, request);
    while (err == 0 && (more = db_row(query)) != 0)
        err = more < 0 ? more : told_row(store, query, arena, rows_add(&rows));
    err = db_end(query, err);
    *out = rows_take(&rows, arena, count);
    return err;
}
