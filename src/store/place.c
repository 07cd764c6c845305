/* SPDX-License-Identifier: Apache-2.0 */
/* Where people stood whose sessions broke off: a few words each, which only the screens understand.
 * Local state, in no event, and sealed, since they may hold what was typed to look somebody up. One
 * for each account, written when a session breaks off, and while it lives when nothing was typed
 * for a moment, at no key; of no use after some hours, and then gone with the next that is written.
 */
#include <string.h>
#include "base/err.h"
#include "store/seal_priv.h"

#define PLACE_MS (12LL * 3600 * 1000)

static int place_forget(struct store *store, const char *account, int64_t at)
{
    struct query *query = db_query(store->db, "DELETE FROM place WHERE account = $1 OR at <= $2");
    db_bind_text(query, account);
    db_bind_int(query, at - PLACE_MS);
    return db_run(query, NULL);
}

static int place_write(struct store *store, const char *account, const char *words, int64_t at)
{
    struct id id = id_new();
    struct buf sealed = BUF_INIT(STORE_PLACE + VAULT_MORE);
    seal_put(store, SEALED_PLACE_WORDS, id.b, words, strlen(words), &sealed);
    struct query *query =
        db_query(store->db, "INSERT INTO place (id, account, at, words) VALUES ($1, $2, $3, $4)");
    db_bind_id(query, &id);
    db_bind_text(query, account);
    db_bind_int(query, at);
    db_bind_blob(query, sealed.data, sealed.len);
    int err = db_run(query, NULL);
    buf_free(&sealed);
    return err;
}

int store_place_put(struct store *store, const char *account, const char *words, int64_t at)
{
    if (strlen(words) >= STORE_PLACE)
        return SND_E_LIMIT;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = place_forget(store, account, at);
    if (err == 0 && *words)
        err = place_write(store, account, words, at);
    return store_write_end(store, err);
}

int store_place_get(struct store *store, const char *account, int64_t now, char out[STORE_PLACE])
{
    struct buf plain = BUF_INIT(STORE_PLACE);
    struct id id;
    size_t len;
    struct query *query =
        db_query(store->db, "SELECT id, words FROM place WHERE account = $1 AND at > $2");
    out[0] = '\0';
    db_bind_text(query, account);
    db_bind_int(query, now - PLACE_MS);
    int err = db_one(query);
    if (err == 0) {
        db_id(query, &id);
        const void *bytes = db_blob_peek(query, &len);
        err = seal_get(store, SEALED_PLACE_WORDS, id.b, bytes, len, &plain);
    }
    if (err == 0)
        err = str_copy(out, STORE_PLACE, buf_text(&plain));
    err = db_end(query, err);
    buf_free(&plain);
    return err;
}
