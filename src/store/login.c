/* SPDX-License-Identifier: Apache-2.0 */
/* Wrong logins, and where people come from. Who tried how often is local state by hashes: a name
 * that was typed may be a password, so it stands nowhere that can be read. What the trail tells are
 * events, of which the caller says how many are worth keeping. */
#include <assert.h>
#include <string.h>
#include "base/err.h"
#include "base/vault.h"
#include "store/event_priv.h"

int login_apply_nothing(struct store *store, const struct event *event, const struct json *payload)
{
    (void)store;
    (void)event;
    (void)payload;
    return 0;
}

void store_try_hash(const struct store *store, const char *kind, const char *text,
                    uint8_t out[STORE_TRY_ID])
{
    static_assert(STORE_TRY_ID == VAULT_INDEX, "a try is named by an index of the vault");
    vault_index(store->vault, kind, text, out);
}

int store_try_drop(struct store *store, const uint8_t id[STORE_TRY_ID])
{
    struct query *query = db_query(store->db, "DELETE FROM login_try WHERE id = $1");
    db_bind_blob(query, id, STORE_TRY_ID);
    return db_run(query, NULL);
}

int store_try_put(struct store *store, const struct store_try *row)
{
    int err = store_try_drop(store, row->id);
    if (err != 0)
        return err;
    struct query *query =
        db_query(store->db, "INSERT INTO login_try (id, kind, account, address, count, last, until)"
                            " VALUES ($1, $2, $3, $4, $5, $6, $7)");
    db_bind_blob(query, row->id, sizeof row->id);
    db_bind_int(query, row->kind);
    db_bind_blob(query, row->account, sizeof row->account);
    db_bind_blob(query, row->address, sizeof row->address);
    db_bind_int(query, row->count);
    db_bind_int(query, row->last);
    db_bind_int(query, row->until);
    return db_run(query, NULL);
}

int store_try_list(struct store *store, int64_t max, struct arena *arena, struct store_try **out,
                   size_t *count)
{
    struct rows rows = ROWS_OF(struct store_try);
    int got;
    struct query *query =
        db_query(store->db, "SELECT id, kind, account, address, count, last, until FROM login_try"
                            " ORDER BY last DESC LIMIT $1");
    db_bind_int(query, max);
    while ((got = db_row(query)) == 1) {
        struct store_try *row = rows_add(&rows);
        db_blob(query, row->id, sizeof row->id);
        row->kind = (int)db_int(query);
        db_blob(query, row->account, sizeof row->account);
        db_blob(query, row->address, sizeof row->address);
        row->count = (int)db_int(query);
        row->last = db_int(query);
        row->until = db_int(query);
    }
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_try_sweep(struct store *store, int64_t before)
{
    struct query *query = db_query(store->db, "DELETE FROM login_try WHERE last < $1");
    db_bind_int(query, before);
    return db_run(query, NULL);
}

int store_login_refused(struct store *store, const char *account, const char *why, int64_t left_out,
                        int64_t paused_until, const struct store_actor *actor)
{
    enum event_type type = paused_until != 0 ? EVENT_LOGIN_PAUSED : EVENT_LOGIN_REFUSED;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct json *payload = json_new_object();
    json_put_text(payload, "account", account);
    json_put_text(payload, "why", why);
    if (left_out > 0)
        json_put_int(payload, "left_out", left_out);
    if (paused_until != 0)
        json_put_int(payload, "until", paused_until);
    err = event_append(store, type, actor, &(struct event_about){0}, payload);
    json_free(&payload);
    return store_write_end(store, err);
}

int store_account_unlocked(struct store *store, const char *account,
                           const struct store_actor *actor)
{
    struct store_account there;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_account_get(store, account, &there);
    mem_wipe(there.secret, sizeof there.secret);
    if (err == 0) {
        struct json *payload = json_new_object();
        json_put_text(payload, "account", account);
        err = event_append(store, EVENT_ACCOUNT_UNLOCKED, actor, &(struct event_about){0}, payload);
        json_free(&payload);
    }
    return store_write_end(store, err);
}

static int address_last(struct store *store, const char *account, const char *address,
                        int64_t *last)
{
    struct query *query =
        db_query(store->db, "SELECT last FROM known_address WHERE account = $1 AND address = $2");
    db_bind_text(query, account);
    db_bind_text(query, address);
    int err = db_one(query);
    if (err == 0)
        *last = db_int(query);
    return db_end(query, err);
}

int store_address_known(struct store *store, const char *account, const char *address,
                        int64_t since)
{
    int64_t last = 0;
    int err = address_last(store, account, address, &last);
    return err == 0 && last < since ? SND_E_NOTFOUND : err;
}

#define LEARN_AGAIN_MS 3600000 /* a login writes this at most so often */
int store_address_learn(struct store *store, const char *account, const char *address, int64_t now)
{
    int64_t last = 0;
    int err = address_last(store, account, address, &last);
    if (err == 0 && now - last < LEARN_AGAIN_MS && last <= now)
        return 0;
    if (err != 0 && err != SND_E_NOTFOUND)
        return err;
    struct query *query = db_query(
        store->db, err == 0
                       ? "UPDATE known_address SET last = $3 WHERE account = $1 AND address = $2"
                       : "INSERT INTO known_address (account, address, last) VALUES ($1, $2, $3)");
    db_bind_text(query, account);
    db_bind_text(query, address);
    db_bind_int(query, now);
    return db_run(query, NULL);
}
