/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of forms that requests were filled in by elsewhere: a centre may have loaded its own text
 * of a version before it joined, and what was filled in by it is read by it for ever, wherever the
 * request goes. Such a text is kept under a version below 1, so nothing is ever begun with it, and
 * the service stays what the hub says it is. A text is known by its hash, so it can't be another.
 */
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"
#include "store/loaded_priv.h"

#define KEPT_PAYLOAD_MAX (32 * 1024 * 1024)

/* What form_read() looks for lists in. */
struct given {
    const struct json *lists;
};

static const char *list_of(void *arg, const char *name)
{
    const struct given *given = arg;
    const struct json *lists = given->lists;
    for (size_t i = 0; i < json_count(lists); i++)
        if (strcmp(event_text(json_at(lists, i), "name"), name) == 0)
            return event_text(json_at(lists, i), "list");
    return NULL;
}

/* The form of a payload, yours to form_free(), or NULL: it is none, or not the one of that hash. */
static struct form *kept_read(const uint8_t sha[HASH_SIZE], const struct json *payload)
{
    struct arena *arena = arena_new();
    struct form *form = NULL;
    const struct form_fault *faults;
    size_t count;
    struct given given = {json_get(payload, "lists")};
    const char *text = event_text(payload, "form");
    int err = form_read(text, strlen(text), list_of, &given, arena, &form, &faults, &count);
    if (err == 0 && (memcmp(form->sha, sha, HASH_SIZE) != 0 ||
                     strcmp(form->code, event_text(payload, "code")) != 0))
        form_free(&form);
    arena_free(&arena);
    return err == 0 ? form : NULL;
}

int kept_want(struct store *store, const uint8_t sha[HASH_SIZE])
{
    int there = loaded_there(store, sha);
    if (there != 0)
        return there < 0 ? there : 0;
    struct query *query = db_query(
        store->db, "INSERT INTO form_wanted (sha) VALUES ($1) ON CONFLICT (sha) DO NOTHING");
    db_bind_blob(query, sha, HASH_SIZE);
    return db_run(query, NULL);
}

int kept_apply(struct store *store, const struct event *event, const struct json *payload)
{
    int64_t version;
    int there = loaded_there(store, event->form);
    if (there != 0)
        return there < 0 ? there : 0;
    int err = loaded_below(store, event_text(payload, "code"), &version);
    return err != 0 ? err : loaded_put(store, event->form, payload, version);
}

static struct json *kept_payload(const struct form *form, const struct json *from, const char *of)
{
    struct json *payload = json_new_object(), *all = json_new_array();
    const struct json *lists = json_get(from, "lists");
    json_put_text(payload, "code", form->code);
    json_put_int(payload, "version", form->version);
    json_put_text(payload, "form", form->text);
    for (size_t i = 0; i < json_count(lists); i++) {
        struct json *list = json_new_object();
        json_put_text(list, "name", event_text(json_at(lists, i), "name"));
        json_put_text(list, "list", event_text(json_at(lists, i), "list"));
        json_push(all, list);
    }
    json_put(payload, "lists", all);
    if (of[0] != '\0')
        json_put_text(payload, "of", of);
    return payload;
}

static int kept_put(struct store *store, const struct form *form, const struct json *from,
                    const char *of, const struct store_actor *actor)
{
    struct json *payload = kept_payload(form, from, of);
    int err = event_append(store, EVENT_FORM_KEPT, actor, &(struct event_about){.form = form->sha},
                           payload);
    json_free(&payload);
    return err;
}

static int kept_append(struct store *store, const struct form *form, const struct json *from,
                       const char *of, const struct store_actor *actor)
{
    uint8_t head[HASH_SIZE];
    int err = store_form_head(store, form->code, head);
    if (err != 0)
        return err == SND_E_NOTFOUND ? 0 : err;
    return kept_put(store, form, from, of, actor);
}

int kept_bring(struct store *store, const struct event *event, const struct json *payload,
               const struct store_actor *actor)
{
    int there = loaded_there(store, event->form);
    if (there != 0)
        return there < 0 ? there : 0;
    struct form *form = kept_read(event->form, payload);
    int err = form == NULL ? 0 : kept_append(store, form, payload, event->centre, actor);
    if (form != NULL)
        form_free(&form);
    return err;
}

/* Where that node has loaded it: 0 or SND_E_NOTFOUND. */
static int kept_find(struct store *store, const struct event *named, struct store_place *at)
{
    struct query *query =
        db_query(store->db, "SELECT epoch, seq FROM event WHERE node = $1 AND type = $2"
                            " AND form = $3 ORDER BY epoch, seq LIMIT 1");
    db_bind_blob(query, named->node, ID_SIZE);
    db_bind_text(query, event_word(EVENT_FORM_LOADED));
    db_bind_blob(query, named->form, HASH_SIZE);
    int err = db_one(query);
    if (err == 0) {
        at->epoch = db_int(query);
        at->seq = db_int(query);
    }
    return db_end(query, err);
}

int kept_look_back(struct store *store, const struct event *named, const struct store_actor *actor)
{
    struct buf bytes = BUF_INIT(KEPT_PAYLOAD_MAX);
    struct store_place at = {0};
    struct event loaded;
    uint8_t hash[HASH_SIZE];
    struct json *payload = NULL;
    int there = loaded_there(store, named->form);
    if (there != 0)
        return there < 0 ? there : 0;
    int err = kept_find(store, named, &at);
    if (err == 0)
        err = event_at(store, named->node, at.epoch, at.seq, &loaded, &bytes, hash);
    if (err == 0)
        payload = event_json(bytes.data, bytes.len);
    if (payload != NULL)
        err = kept_bring(store, &loaded, payload, actor);
    json_free(&payload);
    buf_free(&bytes);
    return err == SND_E_NOTFOUND ? 0 : err;
}

int store_form_wanted(struct store *store, uint8_t (*out)[HASH_SIZE], size_t max, size_t *count)
{
    int got;
    struct query *query = db_query(store->db, "SELECT sha FROM form_wanted ORDER BY sha LIMIT $1");
    db_bind_int(query, (int64_t)max);
    *count = 0;
    while (*count < max && (got = db_row(query)) == 1)
        db_blob(query, out[(*count)++], HASH_SIZE);
    return db_end(query, *count < max && got < 0 ? got : 0);
}

int store_form_lists(struct store *store, const uint8_t sha[HASH_SIZE], struct arena *arena,
                     struct store_form_list **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_form_list);
    int got;
    struct query *query =
        db_query(store->db, "SELECT name, body FROM form_list WHERE form = $1 ORDER BY name");
    db_bind_blob(query, sha, HASH_SIZE);
    while ((got = db_row(query)) == 1) {
        struct store_form_list *row = rows_add(&rows);
        row->name = arena_strdup(arena, db_text_peek(query));
        row->text = arena_strdup(arena, db_text_peek(query));
    }
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}

/* 0 or SND_E_NOTFOUND. */
static int wanted_is(struct store *store, const uint8_t sha[HASH_SIZE])
{
    struct query *query = db_query(store->db, "SELECT 1 FROM form_wanted WHERE sha = $1");
    db_bind_blob(query, sha, HASH_SIZE);
    return db_end(query, db_one(query));
}

int store_form_keep(struct store *store, const struct form *form,
                    const struct store_form_list *list, size_t lists,
                    const struct store_actor *actor)
{
    struct json *given = json_new_object(), *all = json_new_array();
    for (size_t i = 0; i < lists; i++) {
        struct json *one = json_new_object();
        json_put_text(one, "name", list[i].name);
        json_put_text(one, "list", list[i].text);
        json_push(all, one);
    }
    json_put(given, "lists", all);
    int err = store_write_begin(store);
    if (err == 0) {
        err = wanted_is(store, form->sha);
        if (err == 0)
            err = kept_put(store, form, given, "", actor);
        err = store_write_end(store, err);
    }
    json_free(&given);
    return err;
}
