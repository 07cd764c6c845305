/* SPDX-License-Identifier: Apache-2.0 */
/* Answers to writes by the client's id: kept in the same transaction as what they answer, so that
 * a repeat after a lost answer gets the first one and nothing is done twice. Sealed, since an
 * answer may hold what a citizen said. */
#include <string.h>
#include "base/err.h"
#include "store/seal_priv.h"

#define ANSWER_DAYS 30
#define ANSWER_KEPT_MS (ANSWER_DAYS * 24LL * 3600 * 1000)
#define ANSWER_SWEEP_MS 60000

int store_answer_find(struct store *store, const struct id *id, const char *actor,
                      const char *operation, struct buf *out)
{
    size_t len;
    struct query *query =
        db_query(store->db, "SELECT actor, operation, body FROM answer WHERE id = $1");
    db_bind_id(query, id);
    int err = db_one(query);
    if (err == 0) {
        int same = strcmp(db_text_peek(query), actor) == 0;
        same = strcmp(db_text_peek(query), operation) == 0 && same;
        const void *body = db_blob_peek(query, &len);
        if (!same)
            err = SND_E_CONFLICT;
        else
            err = seal_get(store, SEALED_ANSWER_BODY, id->b, body, len, out);
    }
    return db_end(query, err);
}

/* Lets go of those that are too old, now and then. */
static int answer_sweep(struct store *store, int64_t at)
{
    int64_t since = at - store->answers_swept;
    if (since >= 0 && since < ANSWER_SWEEP_MS)
        return 0;
    store->answers_swept = at;
    struct query *query = db_query(store->db, "DELETE FROM answer WHERE at < $1");
    db_bind_int(query, at - ANSWER_KEPT_MS);
    return db_run(query, NULL);
}

int store_answer_keep(struct store *store, const struct id *id, const char *actor,
                      const char *operation, const void *answer, size_t len, int64_t at)
{
    struct buf sealed = BUF_INIT(len + VAULT_MORE);
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    seal_put(store, SEALED_ANSWER_BODY, id->b, answer, len, &sealed);
    err = answer_sweep(store, at);
    if (err == 0) {
        struct query *query =
            db_query(store->db, "INSERT INTO answer (id, actor, operation, body, at)"
                                " VALUES ($1, $2, $3, $4, $5)");
        db_bind_id(query, id);
        db_bind_text(query, actor);
        db_bind_text(query, operation);
        db_bind_blob(query, sealed.data, sealed.len);
        db_bind_int(query, at);
        err = db_run(query, NULL);
    }
    buf_free(&sealed);
    return store_write_end(store, err);
}
