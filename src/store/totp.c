/* SPDX-License-Identifier: Apache-2.0 */
/* The secrets of codes by time: local state, never in an event, so that they leave this machine
 * only in its own backup. */
#include <string.h>
#include "base/err.h"
#include "base/id.h"
#include "store/event_priv.h"
#include "store/seal_priv.h"

static int totp_event(struct store *store, const char *account, const char *what,
                      const struct store_actor *actor)
{
    struct json *payload = json_new_object();
    json_put_text(payload, "account", account);
    json_put_text(payload, "what", what);
    int err = event_append(store, EVENT_ACCOUNT_TOTP, actor, &(struct event_about){0}, payload);
    json_free(&payload);
    return err;
}

static int totp_delete(struct store *store, const char *account, int64_t *changed)
{
    struct query *query = db_query(store->db, "DELETE FROM totp WHERE account = $1");
    db_bind_text(query, account);
    return db_run(query, changed);
}

/* The secret of a row, out of its seal. */
static int totp_secret(struct store *store, struct query *query, struct store_totp *out)
{
    struct buf plain = BUF_INIT(sizeof out->secret + 1);
    struct id id;
    size_t len;
    db_id(query, &id);
    const void *sealed = db_blob_peek(query, &len);
    int err = seal_get(store, SEALED_TOTP_SECRET, id.b, sealed, len, &plain);
    if (err == 0 && plain.len != sizeof out->secret)
        err = SND_E_CORRUPT;
    if (err == 0)
        memcpy(out->secret, plain.data, sizeof out->secret);
    if (plain.len > 0)
        mem_wipe(plain.data, plain.len);
    buf_free(&plain);
    return err;
}

int store_totp_get(struct store *store, const char *account, struct store_totp *out)
{
    struct query *query =
        db_query(store->db, "SELECT proved, used, id, secret FROM totp WHERE account = $1");
    memset(out, 0, sizeof *out);
    db_bind_text(query, account);
    int err = db_one(query);
    if (err == 0) {
        out->proved = (int)db_int(query);
        out->used = db_int(query);
        err = totp_secret(store, query, out);
    }
    return db_end(query, err);
}

static int totp_insert(struct store *store, const char *account, const struct store_totp *totp)
{
    struct buf sealed = BUF_INIT(sizeof totp->secret + VAULT_MORE);
    struct id id = id_new();
    seal_put(store, SEALED_TOTP_SECRET, id.b, totp->secret, sizeof totp->secret, &sealed);
    struct query *query = db_query(store->db, "INSERT INTO totp (account, id, secret, proved, used)"
                                              " VALUES ($1, $2, $3, $4, $5)");
    db_bind_text(query, account);
    db_bind_id(query, &id);
    db_bind_blob(query, sealed.data, sealed.len);
    db_bind_int(query, totp->proved);
    db_bind_int(query, totp->used);
    int err = db_run(query, NULL);
    buf_free(&sealed);
    return err;
}

int store_totp_put(struct store *store, const char *account, const struct store_totp *totp,
                   const char *what, const struct store_actor *actor)
{
    struct store_account there;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_account_get(store, account, &there);
    mem_wipe(there.secret, sizeof there.secret);
    if (err == 0)
        err = totp_delete(store, account, NULL);
    if (err == 0)
        err = totp_insert(store, account, totp);
    if (err == 0)
        err = totp_event(store, account, what, actor);
    return store_write_end(store, err);
}

int store_totp_use(struct store *store, const char *account, int64_t step)
{
    int64_t changed = 0;
    struct query *query =
        db_query(store->db, "UPDATE totp SET used = $1 WHERE account = $2 AND used < $3");
    db_bind_int(query, step);
    db_bind_text(query, account);
    db_bind_int(query, step);
    int err = db_run(query, &changed);
    return err == 0 && changed == 0 ? SND_E_NOTFOUND : err;
}

int store_totp_drop(struct store *store, const char *account, const struct store_actor *actor)
{
    struct store_account there;
    int64_t changed = 0;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_account_get(store, account, &there);
    mem_wipe(there.secret, sizeof there.secret);
    if (err == 0)
        err = totp_delete(store, account, &changed);
    if (err == 0 && changed > 0)
        err = totp_event(store, account, "taken away", actor);
    return store_write_end(store, err);
}
