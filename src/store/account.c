/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts, their passwords (hashed elsewhere) and public keys. All of it is shared state: a
 * password or a key that somebody slips into the table without an event is found by the check. */
#include <string.h>
#include "base/ctl.h"
#include "base/err.h"
#include "store/feed_priv.h"

#define ACCOUNT_SELECT                                                                             \
    "SELECT a.account, a.name, a.role, a.centre, a.lang, a.scope, a.secret, a.one_time, "          \
    "a.disabled,"                                                                                  \
    " a.secret_at, (SELECT COUNT(*) FROM account_key k WHERE k.account = a.account),"              \
    " (SELECT COUNT(*) FROM account_code c WHERE c.account = a.account),"                          \
    " (SELECT COUNT(*) FROM totp t WHERE t.account = a.account AND t.proved = 1)"                  \
    " FROM account a "

static void account_row(struct query *query, struct store_account *out)
{
    memset(out, 0, sizeof *out);
    db_text(query, out->account, sizeof out->account);
    db_text(query, out->name, sizeof out->name);
    db_text(query, out->role, sizeof out->role);
    db_text(query, out->centre, sizeof out->centre);
    db_text(query, out->lang, sizeof out->lang);
    db_text(query, out->scope, sizeof out->scope);
    db_text(query, out->secret, sizeof out->secret);
    out->one_time = (int)db_int(query);
    out->disabled = (int)db_int(query);
    out->secret_at = db_int(query);
    out->keys = (int)db_int(query);
    out->code = (int)db_int(query);
    out->totp = (int)db_int(query);
}

int store_account_get(struct store *store, const char *account, struct store_account *out)
{
    struct query *query = db_query(store->db, ACCOUNT_SELECT "WHERE a.account = $1");
    db_bind_text(query, account);
    int err = db_one(query);
    if (err == 0)
        account_row(query, out);
    return db_end(query, err);
}

int store_account_list(struct store *store, struct arena *arena, struct store_account **out,
                       size_t *count)
{
    struct rows rows = ROWS_OF(struct store_account);
    int got;
    struct query *query = db_query(store->db, ACCOUNT_SELECT "ORDER BY a.account");
    while ((got = db_row(query)) == 1)
        account_row(query, rows_add(&rows));
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}

/* What was there of the members that change, for whoever reads the trail. Never the password. */
static void account_was(struct json *payload, const struct store_account *there)
{
    struct json *was = json_new_object();
    const struct {
        const char *member, *text;
    } texts[] = {{"name", there->name},
                 {"role", there->role},
                 {"centre", there->centre},
                 {"lang", there->lang}};
    for (size_t i = 0; i < SND_COUNT(texts); i++)
        if (json_get(payload, texts[i].member) != NULL)
            json_put_text(was, texts[i].member, texts[i].text);
    if (json_get(payload, "disabled") != NULL)
        json_put_int(was, "disabled", there->disabled);
    if (json_get(payload, "one_time") != NULL)
        json_put_int(was, "one_time", there->one_time);
    json_put(payload, "was", was);
}

/* The frame of every change: the account must be there (`want` 0) or must not be. */
static int account_change(struct store *store, enum event_type type, const char *account, int want,
                          struct json *payload, const struct store_actor *actor)
{
    struct store_account there;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_account_get(store, account, &there);
    if (err == 0)
        account_was(payload, &there);
    /* If its centre has joined this office, it hears of it. */
    struct event_about about = {.to = err == 0 ? there.centre : event_text(payload, "centre")};
    if (err == want)
        err = event_append(store, type, actor, &about, payload);
    else if (err == 0)
        err = SND_E_EXISTS;
    return store_write_end(store, err);
}

int account_apply_added(struct store *store, const struct event *event, const struct json *payload)
{
    struct query *query = db_query(
        store->db, "INSERT INTO account (account, name, role, centre, lang, secret, one_time,"
                   " disabled, secret_at, scope, of_hub)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    struct store_place from;
    db_bind_text(query, event_text(payload, "account"));
    db_bind_text(query, event_text(payload, "name"));
    db_bind_text(query, event_text(payload, "role"));
    db_bind_text(query, event_text(payload, "centre"));
    db_bind_text(query, event_text(payload, "lang"));
    db_bind_text(query, event_text(payload, "secret"));
    db_bind_int(query, json_get_int(payload, "one_time", 0));
    db_bind_int(query, json_get_int(payload, "disabled", 0));
    db_bind_int(query, event->t);
    db_bind_text(query, event_text(payload, "scope"));
    db_bind_int(query, feed_relayed(event->peer, &from));
    return db_run(query, NULL);
}

int store_account_add(struct store *store, const struct store_account *account,
                      const struct store_actor *actor)
{
    if (!ctl_name_ok(account->account) || !json_text_fits(account->name))
        return SND_E_BAD;
    struct json *payload = json_new_object();
    json_put_text(payload, "account", account->account);
    json_put_text(payload, "name", account->name);
    json_put_text(payload, "role", account->role);
    json_put_text(payload, "centre", account->centre);
    json_put_text(payload, "scope", account->scope);
    json_put_text(payload, "lang", account->lang[0] == '\0' ? "ar" : account->lang);
    json_put_text(payload, "secret", account->secret);
    json_put_int(payload, "one_time", account->one_time);
    json_put_int(payload, "disabled", account->disabled);
    int err = account_change(store, EVENT_ACCOUNT_ADDED, account->account, SND_E_NOTFOUND, payload,
                             actor);
    json_free(&payload);
    return err;
}

int account_apply_disabled(struct store *store, const struct event *event,
                           const struct json *payload)
{
    (void)event;
    struct query *query =
        db_query(store->db, "UPDATE account SET disabled = $1 WHERE account = $2");
    db_bind_int(query, json_get_int(payload, "disabled", 0));
    db_bind_text(query, event_text(payload, "account"));
    return db_run(query, NULL);
}

int store_account_disable(struct store *store, const char *account, int disabled,
                          const struct store_actor *actor)
{
    if (!ctl_name_ok(account))
        return SND_E_NOTFOUND;
    struct json *payload = json_new_object();
    json_put_text(payload, "account", account);
    json_put_int(payload, "disabled", disabled != 0);
    int err = account_change(store, EVENT_ACCOUNT_DISABLED, account, 0, payload, actor);
    json_free(&payload);
    return err;
}

int account_apply_secret(struct store *store, const struct event *event, const struct json *payload)
{
    struct query *query =
        db_query(store->db, "UPDATE account SET secret = $1, one_time = $2, secret_at = $3"
                            " WHERE account = $4");
    db_bind_text(query, event_text(payload, "secret"));
    db_bind_int(query, json_get_int(payload, "one_time", 0));
    db_bind_int(query, event->t);
    db_bind_text(query, event_text(payload, "account"));
    return db_run(query, NULL);
}

int store_account_secret(struct store *store, const char *account, const char *secret, int one_time,
                         const struct store_actor *actor)
{
    if (!ctl_name_ok(account))
        return SND_E_NOTFOUND;
    if (strlen(secret) >= sizeof((struct store_account *)0)->secret)
        return SND_E_LIMIT;
    struct json *payload = json_new_object();
    json_put_text(payload, "account", account);
    json_put_text(payload, "secret", secret);
    json_put_int(payload, "one_time", one_time != 0);
    int err = account_change(store, EVENT_ACCOUNT_SECRET, account, 0, payload, actor);
    json_free(&payload);
    return err;
}

int account_apply_language(struct store *store, const struct event *event,
                           const struct json *payload)
{
    (void)event;
    struct query *query = db_query(store->db, "UPDATE account SET lang = $1 WHERE account = $2");
    db_bind_text(query, event_text(payload, "lang"));
    db_bind_text(query, event_text(payload, "account"));
    return db_run(query, NULL);
}

int store_account_language(struct store *store, const char *account, const char *lang,
                           const struct store_actor *actor)
{
    if (!ctl_name_ok(account))
        return SND_E_NOTFOUND;
    if (strlen(lang) != 2 || !json_text_fits(lang))
        return SND_E_BAD;
    struct json *payload = json_new_object();
    json_put_text(payload, "account", account);
    json_put_text(payload, "lang", lang);
    int err = account_change(store, EVENT_ACCOUNT_LANGUAGE, account, 0, payload, actor);
    json_free(&payload);
    return err;
}

static int account_key_add(struct store *store, const struct event *event,
                           const struct json *payload)
{
    struct query *query =
        db_query(store->db, "INSERT INTO account_key (account, pubkey, added) VALUES ($1, $2, $3)");
    db_bind_text(query, event_text(payload, "account"));
    db_bind_text(query, event_text(payload, "key"));
    db_bind_int(query, event->t);
    return db_run(query, NULL);
}

static int account_key_remove(struct store *store, const struct json *payload)
{
    int64_t changed;
    struct query *query =
        db_query(store->db, "DELETE FROM account_key WHERE account = $1 AND pubkey = $2");
    db_bind_text(query, event_text(payload, "account"));
    db_bind_text(query, event_text(payload, "key"));
    int err = db_run(query, &changed);
    return err == 0 && changed == 0 ? SND_E_NOTFOUND : err;
}

int account_apply_key(struct store *store, const struct event *event, const struct json *payload)
{
    if (json_get_int(payload, "add", 0) != 0)
        return account_key_add(store, event, payload);
    return account_key_remove(store, payload);
}

int store_account_key(struct store *store, const char *account, const char *key, int add,
                      const struct store_actor *actor)
{
    if (!ctl_name_ok(account))
        return SND_E_NOTFOUND;
    if (key[0] == '\0' || !json_text_fits(key))
        return SND_E_BAD;
    struct json *payload = json_new_object();
    json_put_text(payload, "account", account);
    json_put_text(payload, "key", key);
    json_put_int(payload, "add", add != 0);
    int err = account_change(store, EVENT_ACCOUNT_KEY, account, 0, payload, actor);
    json_free(&payload);
    return err;
}

int store_account_has_key(struct store *store, const char *account, const char *key)
{
    struct query *query =
        db_query(store->db, "SELECT 1 FROM account_key WHERE account = $1 AND pubkey = $2");
    db_bind_text(query, account);
    db_bind_text(query, key);
    return db_end(query, db_one(query));
}

int store_account_keys(struct store *store, const char *account, struct arena *arena,
                       struct store_key **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_key);
    int got;
    struct query *query = db_query(
        store->db, "SELECT pubkey, added FROM account_key WHERE account = $1 ORDER BY added");
    db_bind_text(query, account);
    while ((got = db_row(query)) == 1) {
        struct store_key *key = rows_add(&rows);
        db_text(query, key->key, sizeof key->key);
        key->added = db_int(query);
    }
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}
