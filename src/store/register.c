/* SPDX-License-Identifier: Apache-2.0 */
/* The registers: codes, names and dates of what there is: governorates, wilayats, agencies,
 * centres, staff, holidays. One table for all of them, since all have the same columns; the row of
 * a code may be entered again with other values, and what there was stays in the events. A row that
 * says nothing new makes no event, so the same file can be loaded twice. */
#include <string.h>
#include "base/err.h"
#include "store/memo_priv.h"
#include "store/tally_priv.h"

static const struct {
    const char *kind;
    enum event_type event;
} register_kinds[] = {
    {"governorate", EVENT_PLACE_REGISTERED}, {"wilayat", EVENT_PLACE_REGISTERED},
    {"agency", EVENT_AGENCY_REGISTERED},     {"centre", EVENT_CENTRE_REGISTERED},
    {"hours", EVENT_CENTRE_REGISTERED},      {"staff", EVENT_STAFF_REGISTERED},
    {"campaign", EVENT_CAMPAIGN_REGISTERED}, {"violation", EVENT_VIOLATION_REGISTERED},
    {"holiday", EVENT_CALENDAR_REGISTERED},  {"weekend", EVENT_CALENDAR_REGISTERED},
};

#define REGISTER_COLUMNS "code, parent, ar, en, since, until, note, owner, licence, licensed"

void register_row(struct query *query, struct store_entry *out)
{
    memset(out, 0, sizeof *out);
    db_text(query, out->code, sizeof out->code);
    db_text(query, out->parent, sizeof out->parent);
    db_text(query, out->ar, sizeof out->ar);
    db_text(query, out->en, sizeof out->en);
    out->since = (int32_t)db_int(query);
    out->until = (int32_t)db_int(query);
    db_text(query, out->note, sizeof out->note);
    db_text(query, out->owner, sizeof out->owner);
    db_text(query, out->licence, sizeof out->licence);
    out->licensed = (int32_t)db_int(query);
}

int store_register_get(struct store *store, const char *kind, const char *code,
                       struct store_entry *out)
{
    struct query *query = db_query(store->db, "SELECT " REGISTER_COLUMNS " FROM register"
                                              " WHERE kind = $1 AND code = $2");
    db_bind_text(query, kind);
    db_bind_text(query, code);
    int err = db_one(query);
    if (err == 0)
        register_row(query, out);
    return db_end(query, err);
}

struct query *register_walk(struct store *store, const char *kind)
{
    struct query *query = db_query(store->db, "SELECT " REGISTER_COLUMNS " FROM register"
                                              " WHERE kind = $1 ORDER BY code");
    db_bind_text(query, kind);
    return query;
}

int store_register_list(struct store *store, const char *kind, struct arena *arena,
                        struct store_entry **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_entry);
    struct query *query = register_walk(store, kind);
    int got;
    while ((got = db_row(query)) == 1)
        register_row(query, rows_add(&rows));
    *out = rows_take(&rows, arena, count);
    return db_end(query, got < 0 ? got : 0);
}

static int register_put(struct store *store, const char *kind, const struct json *row)
{
    struct query *query = db_query(
        store->db,
        "INSERT INTO register (kind, code, parent, ar, en, since, until, note, owner, licence,"
        " licensed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " ON CONFLICT (kind, code) DO UPDATE SET"
        " parent = excluded.parent, ar = excluded.ar, en = excluded.en, since = excluded.since,"
        " until = excluded.until, note = excluded.note, owner = excluded.owner,"
        " licence = excluded.licence, licensed = excluded.licensed");
    db_bind_text(query, kind);
    db_bind_text(query, event_text(row, "code"));
    db_bind_text(query, event_text(row, "parent"));
    db_bind_text(query, event_text(row, "ar"));
    db_bind_text(query, event_text(row, "en"));
    db_bind_int(query, json_get_int(row, "since", 0));
    db_bind_int(query, json_get_int(row, "until", 0));
    db_bind_text(query, event_text(row, "note"));
    db_bind_text(query, event_text(row, "owner"));
    db_bind_text(query, event_text(row, "licence"));
    db_bind_int(query, json_get_int(row, "licensed", 0));
    return db_run(query, NULL);
}

int register_apply(struct store *store, const struct event *event, const struct json *payload)
{
    (void)event;
    const struct json *rows = json_get(payload, "rows");
    size_t count = rows == NULL ? 0 : json_count(rows);
    int err = 0;
    memo_forget(store);
    for (size_t i = 0; i < count && err == 0; i++)
        err = register_put(store, event_text(payload, "kind"), json_at(rows, i));
    return err;
}

static int register_same(const struct store_entry *a, const struct store_entry *b)
{
    return strcmp(a->parent, b->parent) == 0 && strcmp(a->ar, b->ar) == 0 &&
           strcmp(a->en, b->en) == 0 && a->since == b->since && a->until == b->until &&
           strcmp(a->note, b->note) == 0 && strcmp(a->owner, b->owner) == 0 &&
           strcmp(a->licence, b->licence) == 0 && a->licensed == b->licensed;
}

static int register_fits(const struct store_entry *entry)
{
    return entry->code[0] != '\0' && json_text_fits(entry->code) && json_text_fits(entry->parent) &&
           json_text_fits(entry->ar) && json_text_fits(entry->en) && json_text_fits(entry->note) &&
           json_text_fits(entry->owner) && json_text_fits(entry->licence) && entry->since >= 0 &&
           entry->until >= 0 && entry->licensed >= 0;
}

static struct json *register_json(const struct store_entry *entry)
{
    struct json *row = json_new_object();
    json_put_text(row, "code", entry->code);
    json_put_text(row, "parent", entry->parent);
    json_put_text(row, "ar", entry->ar);
    json_put_text(row, "en", entry->en);
    json_put_int(row, "since", entry->since);
    json_put_int(row, "until", entry->until);
    json_put_text(row, "note", entry->note);
    if (entry->owner[0] != '\0')
        json_put_text(row, "owner", entry->owner);
    if (entry->licence[0] != '\0')
        json_put_text(row, "licence", entry->licence);
    if (entry->licensed != 0)
        json_put_int(row, "licensed", entry->licensed);
    return row;
}

/* Puts the rows that say something new into the array. */
static int register_news(struct store *store, const char *kind, const struct store_entry *entry,
                         size_t count, struct json *rows)
{
    for (size_t i = 0; i < count; i++) {
        struct store_entry there;
        if (!register_fits(&entry[i]))
            return SND_E_BAD;
        int err = store_register_get(store, kind, entry[i].code, &there);
        if (err != 0 && err != SND_E_NOTFOUND)
            return err;
        if (err != 0 || !register_same(&there, &entry[i]))
            json_push(rows, register_json(&entry[i]));
    }
    return 0;
}

static int register_append(struct store *store, size_t type, const struct store_entry *entry,
                           size_t count, size_t *added, const struct store_actor *actor)
{
    struct json *payload = json_new_object(), *rows = json_new_array();
    int err = register_news(store, register_kinds[type].kind, entry, count, rows);
    *added = json_count(rows);
    json_put_text(payload, "kind", register_kinds[type].kind);
    json_put(payload, "rows", rows);
    if (err == 0 && *added > 0)
        err = event_append(store, register_kinds[type].event, actor, &(struct event_about){0},
                           payload);
    json_free(&payload);
    return err;
}

int store_register_enter(struct store *store, const char *kind, const struct store_entry *entry,
                         size_t count, size_t *added, const struct store_actor *actor)
{
    size_t type = 0;
    *added = 0;
    while (type < SND_COUNT(register_kinds) && strcmp(register_kinds[type].kind, kind) != 0)
        type++;
    if (type == SND_COUNT(register_kinds))
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    return store_write_end(store, register_append(store, type, entry, count, added, actor));
}
