/* SPDX-License-Identifier: Apache-2.0 */
/* One-time codes for enrolling, hashed elsewhere. Shared state: a code that somebody slips into the
 * table without an event is found by the check. */
#include <string.h>
#include "base/err.h"
#include "store/event_priv.h"

int code_apply_made(struct store *store, const struct event *event, const struct json *payload)
{
    int err = code_apply_gone(store, event, payload);
    if (err != 0)
        return err;
    struct query *query = db_query(
        store->db, "INSERT INTO account_code (account, secret, until) VALUES ($1, $2, $3)");
    db_bind_text(query, event_text(payload, "account"));
    db_bind_text(query, event_text(payload, "secret"));
    db_bind_int(query, json_get_int(payload, "until", 0));
    return db_run(query, NULL);
}

int code_apply_gone(struct store *store, const struct event *event, const struct json *payload)
{
    (void)event;
    struct query *query = db_query(store->db, "DELETE FROM account_code WHERE account = $1");
    db_bind_text(query, event_text(payload, "account"));
    return db_run(query, NULL);
}

int store_code_get(struct store *store, const char *account, struct store_code *out)
{
    struct query *query =
        db_query(store->db, "SELECT secret, until FROM account_code WHERE account = $1");
    memset(out, 0, sizeof *out);
    db_bind_text(query, account);
    int err = db_one(query);
    if (err == 0) {
        db_text(query, out->secret, sizeof out->secret);
        out->until = db_int(query);
    }
    return db_end(query, err);
}

int store_code_put(struct store *store, const char *account, const struct store_code *code,
                   const struct store_actor *actor)
{
    struct store_account there;
    if (strlen(code->secret) >= sizeof there.secret)
        return SND_E_LIMIT;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_account_get(store, account, &there);
    mem_wipe(there.secret, sizeof there.secret);
    if (err == 0) {
        struct json *payload = json_new_object();
        json_put_text(payload, "account", account);
        json_put_text(payload, "secret", code->secret);
        json_put_int(payload, "until", code->until);
        err = event_append(store, EVENT_ACCOUNT_CODE, actor, &(struct event_about){0}, payload);
        json_free(&payload);
    }
    return store_write_end(store, err);
}

int store_code_gone(struct store *store, const char *account, const char *why,
                    const struct store_actor *actor)
{
    struct store_code there;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_code_get(store, account, &there);
    mem_wipe(there.secret, sizeof there.secret);
    if (err == 0) {
        struct json *payload = json_new_object();
        json_put_text(payload, "account", account);
        json_put_text(payload, "why", why);
        err =
            event_append(store, EVENT_ACCOUNT_CODE_GONE, actor, &(struct event_about){0}, payload);
        json_free(&payload);
    }
    return store_write_end(store, err);
}
