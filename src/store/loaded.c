/* SPDX-License-Identifier: Apache-2.0 */
/* The forms that were loaded into this office, each version for ever, by hash; and the lists that
 * they named, as these were then. A request names the hash of its form, so it always opens with
 * the form it was filled with.
 *
 * Of one code and version the whole nation has one text: the hub's. An office that had loaded
 * another one before it joined keeps it for what was filled in by it, under a version below 1,
 * with which nothing is begun. */
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"
#include "store/loaded_priv.h"

static int loaded_put_form(struct store *store, const uint8_t sha[HASH_SIZE],
                           const struct json *payload, int64_t version)
{
    struct query *query =
        db_query(store->db, "INSERT INTO form (sha, code, version, body) VALUES ($1, $2, $3, $4)");
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_text(query, event_text(payload, "code"));
    db_bind_int(query, version);
    db_bind_text(query, event_text(payload, "form"));
    return db_run(query, NULL);
}

static int loaded_put_lists(struct store *store, const uint8_t sha[HASH_SIZE],
                            const struct json *payload)
{
    const struct json *lists = json_get(payload, "lists");
    size_t count = lists == NULL ? 0 : json_count(lists);
    int err = 0;
    for (size_t i = 0; i < count && err == 0; i++) {
        const struct json *list = json_at(lists, i);
        struct query *query =
            db_query(store->db, "INSERT INTO form_list (form, name, body) VALUES ($1, $2, $3)");
        db_bind_blob(query, sha, HASH_SIZE);
        db_bind_text(query, event_text(list, "name"));
        db_bind_text(query, event_text(list, "list"));
        err = db_run(query, NULL);
    }
    return err;
}

int loaded_put(struct store *store, const uint8_t sha[HASH_SIZE], const struct json *payload,
               int64_t version)
{
    int err = loaded_put_form(store, sha, payload, version);
    if (err == 0)
        err = loaded_put_lists(store, sha, payload);
    if (err != 0)
        return err;
    struct query *query = db_query(store->db, "DELETE FROM form_wanted WHERE sha = $1");
    db_bind_blob(query, sha, HASH_SIZE);
    return db_run(query, NULL);
}

int loaded_there(struct store *store, const uint8_t sha[HASH_SIZE])
{
    struct query *query = db_query(store->db, "SELECT 1 FROM form WHERE sha = $1");
    db_bind_blob(query, sha, HASH_SIZE);
    int err = db_end(query, db_one(query));
    return err == 0 ? 1 : err == SND_E_NOTFOUND ? 0 : err;
}

int loaded_below(struct store *store, const char *code, int64_t *out)
{
    struct query *query =
        db_query(store->db, "SELECT COALESCE(MIN(version), 1) FROM form WHERE code = $1");
    db_bind_text(query, code);
    int err = db_one(query);
    *out = err == 0 ? db_int(query) : LOADED_BEGUN;
    if (*out > LOADED_BEGUN)
        *out = LOADED_BEGUN;
    *out -= 1;
    return db_end(query, err);
}

/* What this office has loaded of that code and version makes room for the hub's. */
static int loaded_give_way(struct store *store, const struct json *payload)
{
    int64_t below;
    int err = loaded_below(store, event_text(payload, "code"), &below);
    if (err != 0)
        return err;
    struct query *query =
        db_query(store->db, "UPDATE form SET version = $1 WHERE code = $2 AND version = $3");
    db_bind_int(query, below);
    db_bind_text(query, event_text(payload, "code"));
    db_bind_int(query, json_get_int(payload, "version", 0));
    return db_run(query, NULL);
}

/* A text that was kept only for what was filled in by it is one to begin with from now on. */
static int loaded_raise(struct store *store, const struct event *event, const struct json *payload)
{
    struct query *query = db_query(
        store->db, "UPDATE form SET version = $1 WHERE sha = $2 AND code = $3 AND version < 1");
    db_bind_int(query, json_get_int(payload, "version", 0));
    db_bind_blob(query, event->form, HASH_SIZE);
    db_bind_text(query, event_text(payload, "code"));
    return db_run(query, NULL);
}

/* The version under which a text is here. */
static int loaded_version(struct store *store, const uint8_t sha[HASH_SIZE], int64_t *out)
{
    struct query *query = db_query(store->db, "SELECT version FROM form WHERE sha = $1");
    db_bind_blob(query, sha, HASH_SIZE);
    int err = db_one(query);
    *out = err == 0 ? db_int(query) : 0;
    return db_end(query, err);
}

/* The hub may send a form that this office has loaded before it joined, or has been brought: then
 * it is there. */
int loaded_apply(struct store *store, const struct event *event, const struct json *payload)
{
    int64_t version;
    struct store_place from;
    int there = loaded_version(store, event->form, &version), err = 0;
    if (there != 0 && there != SND_E_NOTFOUND)
        return there;
    if ((there != 0 || version < LOADED_BEGUN) && feed_relayed(event->peer, &from))
        err = loaded_give_way(store, payload);
    if (err == 0 && there != 0)
        err = loaded_put(store, event->form, payload, json_get_int(payload, "version", 0));
    else if (err == 0 && version < LOADED_BEGUN)
        err = loaded_raise(store, event, payload);
    return err != 0 ? err : notice_apply(store, event, payload, event_text(payload, "code"));
}

/* 0 and *there: this very form is here already; SND_E_EXISTS: another of its code and version. */
static int loaded_find(struct store *store, const struct form *form, int *there)
{
    uint8_t sha[HASH_SIZE] = {0};
    struct query *query =
        db_query(store->db, "SELECT sha FROM form WHERE code = $1 AND version = $2");
    db_bind_text(query, form->code);
    db_bind_int(query, form->version);
    int err = db_one(query);
    if (err == 0)
        db_blob(query, sha, HASH_SIZE);
    err = db_end(query, err);
    *there = err == 0 && memcmp(sha, form->sha, HASH_SIZE) == 0;
    if (err == SND_E_NOTFOUND)
        return 0;
    return err == 0 && !*there ? SND_E_EXISTS : err;
}

static struct json *loaded_payload(const struct form *form, size_t lists, const char *const *names,
                                   const char *const *texts, const struct store_notice *notice)
{
    struct json *payload = json_new_object(), *all = json_new_array();
    json_put_text(payload, "code", form->code);
    json_put_int(payload, "version", form->version);
    json_put_text(payload, "form", form->text);
    for (size_t i = 0; i < lists; i++) {
        struct json *list = json_new_object();
        json_put_text(list, "name", names[i]);
        json_put_text(list, "list", texts[i]);
        json_push(all, list);
    }
    json_put(payload, "lists", all);
    notice_put(payload, notice);
    return payload;
}

int store_form_load(struct store *store, const struct form *form, size_t lists,
                    const char *const *names, const char *const *texts,
                    const struct store_notice *notice, int *added, const struct store_actor *actor)
{
    int there = 0;
    *added = 0;
    for (size_t i = 0; i < lists; i++)
        if (!json_text_fits(names[i]) || !json_text_fits(texts[i]))
            return SND_E_BAD;
    if (!notice_fits(notice))
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = loaded_find(store, form, &there);
    if (err == 0 && !there) {
        struct json *payload = loaded_payload(form, lists, names, texts, notice);
        err = event_append(store, EVENT_FORM_LOADED, actor,
                           &(struct event_about){.form = form->sha}, payload);
        json_free(&payload);
    }
    err = store_write_end(store, err);
    *added = err == 0 && !there;
    return err;
}

static int loaded_text(struct query *query, char **text)
{
    *text = NULL;
    int err = db_one(query);
    if (err == 0)
        *text = x_strdup(db_text_peek(query));
    err = db_end(query, err);
    if (err != 0)
        x_free(text);
    return err;
}

int store_form_get(struct store *store, const uint8_t sha[HASH_SIZE], char **text)
{
    struct query *query = db_query(store->db, "SELECT body FROM form WHERE sha = $1");
    db_bind_blob(query, sha, HASH_SIZE);
    return loaded_text(query, text);
}

int store_form_list_get(struct store *store, const uint8_t sha[HASH_SIZE], const char *name,
                        char **text)
{
    struct query *query =
        db_query(store->db, "SELECT body FROM form_list WHERE form = $1 AND name = $2");
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_text(query, name);
    return loaded_text(query, text);
}

int store_form_head(struct store *store, const char *code, uint8_t sha[HASH_SIZE])
{
    struct query *query =
        db_query(store->db, "SELECT sha FROM form WHERE code = $1 AND version >= 1"
                            " ORDER BY version DESC LIMIT 1");
    db_bind_text(query, code);
    int err = db_one(query);
    if (err == 0)
        db_blob(query, sha, HASH_SIZE);
    return db_end(query, err);
}

int store_form_heads(struct store *store, struct arena *arena, struct store_form_head **out,
                     size_t *count)
{
    struct rows rows = ROWS_OF(struct store_form_head);
    int got;
    struct query *query =
        db_query(store->db, "SELECT f.code, f.version, f.sha FROM form f WHERE f.version ="
                            " (SELECT MAX(g.version) FROM form g WHERE g.code = f.code)"
                            " AND f.version >= 1 ORDER BY f.code");
    while ((got = db_row(query)) == 1) {
        struct store_form_head *head = rows_add(&rows);
        memset(head, 0, sizeof *head);
        db_text(query, head->code, sizeof head->code);
        head->version = (int)db_int(query);
        db_blob(query, head->sha, HASH_SIZE);
    }
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_forms_replaced(struct store *store, int64_t *out)
{
    struct query *query = db_query(store->db, "SELECT COUNT(*) FROM form WHERE version < 1");
    int err = db_one(query);
    *out = err == 0 ? db_int(query) : 0;
    return db_end(query, err);
}
