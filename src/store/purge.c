/* SPDX-License-Identifier: Apache-2.0 */
/* Letting go of people's data when its time has come. The payloads of a request's events go; what
 * is no person's (retained.def) stays in the payload of one event that names them all. The chain
 * holds over payloads' hashes, so it verifies as before. A replay applies what stayed in the place
 * of each payload that is gone, and comes out with the same projections: the request with its
 * number, service, dates and state, and nobody's name.
 *
 * It goes in bounded steps, from the oldest request on, so that nobody who works waits long. The
 * engine overwrites what is deleted (secure_delete); what its log still holds goes with the log's
 * next emptying. */
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"
#include "store/keep.h"
#include "store/person_priv.h"
#include "store/request_priv.h"
#include "store/trail_priv.h"

#define PURGE_MAX 100   /* requests let go in one step */
#define PURGE_ROWS 1000 /* requests looked at in one step */
#define PURGE_PAYLOAD_MAX (32 * 1024 * 1024)
#define PURGE_TRAIL 5000 /* events looked at in one step */

static const struct {
    enum event_type type;
    const char *members;
} retained[] = {
#define RETAINED(name, members) {EVENT_##name, members},
#include "store/retained.def"
#undef RETAINED
};

/* ---- what stays of a payload ---- */

static const char *retained_members(const char *type)
{
    for (size_t i = 0; i < SND_COUNT(retained); i++)
        if (strcmp(event_word(retained[i].type), type) == 0)
            return retained[i].members;
    return "state account";
}

static struct json *retained_json(const char *type, const struct json *payload)
{
    struct json *kept = json_new_object();
    for (const char *at = retained_members(type); *at != '\0';) {
        char key[32];
        size_t len = strcspn(at, " ");
        int cut = str_format(key, sizeof key, "%.*s", (int)len, at);
        snd_assert(cut == 0);
        if (json_get_text(payload, key) != NULL)
            json_put_text(kept, key, json_get_text(payload, key));
        else if (json_get(payload, key) != NULL)
            json_put_int(kept, key, json_get_int(payload, key, 0));
        at += len;
        at += strspn(at, " ");
    }
    return kept;
}

int purge_kept(struct store *store, const struct event *event, struct json **out)
{
    struct query *query =
        db_query(store->db, "SELECT kept FROM purged WHERE node = $1 AND epoch = $2 AND seq = $3");
    *out = NULL;
    db_bind_blob(query, event->node, ID_SIZE);
    db_bind_int(query, event->epoch);
    db_bind_int(query, event->seq);
    int err = db_one(query);
    if (err == 0) {
        const char *text = db_text_peek(query);
        err = json_parse(text, strlen(text), out);
    }
    return db_end(query, err);
}

/* ---- the event of it ---- */

int purge_put(struct store *store, const uint8_t node[ID_SIZE], int64_t epoch, int64_t seq,
              const char *kept)
{
    struct query *query =
        db_query(store->db, "INSERT INTO purged (node, epoch, seq, kept) VALUES ($1, $2, $3, $4)"
                            " ON CONFLICT (node, epoch, seq) DO NOTHING");
    db_bind_blob(query, node, ID_SIZE);
    db_bind_int(query, epoch);
    db_bind_int(query, seq);
    db_bind_text(query, kept);
    return db_run(query, NULL);
}

static int purge_keep(struct store *store, const uint8_t node[ID_SIZE], const struct json *one)
{
    char *text = json_text(json_get(one, "kept"), 0);
    int err =
        purge_put(store, node, json_get_int(one, "epoch", 0), json_get_int(one, "seq", 0), text);
    x_free(&text);
    return err;
}

/* In a replay there are no events to take it from: then this finds none. */
static int purge_payload(struct store *store, const uint8_t node[ID_SIZE], const struct json *one)
{
    struct query *query = db_query(
        store->db, "UPDATE event SET payload = NULL WHERE node = $1 AND epoch = $2 AND seq = $3");
    db_bind_blob(query, node, ID_SIZE);
    db_bind_int(query, json_get_int(one, "epoch", 0));
    db_bind_int(query, json_get_int(one, "seq", 0));
    return db_run(query, NULL);
}

/* Whose chain it stands in: a hub lets go of what its centres sent, too. */
static int purge_node(const struct event *event, const struct json *one, uint8_t node[ID_SIZE])
{
    const char *said = event_text(one, "node");
    memcpy(node, event->node, ID_SIZE);
    return said[0] == '\0' ? 0 : hex_parse(said, node, ID_SIZE);
}

/* A centre has let go of what it searched for: it is about nobody any more here either. Our own
 * steps have seen to that before the event; in a replay there is nothing to take away. */
static int purge_forget(struct store *store, const uint8_t node[ID_SIZE], const struct json *one)
{
    struct buf payload = BUF_INIT(PURGE_PAYLOAD_MAX);
    struct event there;
    uint8_t hash[HASH_SIZE];
    int err = event_at(store, node, json_get_int(one, "epoch", 0), json_get_int(one, "seq", 0),
                       &there, &payload, hash);
    struct json *json = event_json(payload.data, payload.len);
    if (err == 0 && json != NULL)
        err = subject_forget(store, &there, json);
    json_free(&json);
    buf_free(&payload);
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int purge_one(struct store *store, const struct event *event, const struct json *one)
{
    struct id id;
    uint8_t node[ID_SIZE];
    if (json_get(one, "kept") == NULL || purge_node(event, one, node) != 0)
        return SND_E_BAD;
    int err = purge_keep(store, node, one);
    if (err == 0)
        err = purge_payload(store, node, one);
    if (err != 0 || event_text(one, "request")[0] == '\0')
        return err;
    err = hex_parse(event_text(one, "request"), id.b, ID_SIZE);
    return err != 0 ? err : request_redact(store, &id);
}

int purge_apply(struct store *store, const struct event *event, const struct json *payload)
{
    const struct json *all = json_get(payload, "events");
    struct id own;
    int err = feed_office(store, &own);
    int ours = err == 0 && memcmp(own.b, event->node, ID_SIZE) == 0;
    for (size_t i = 0; i < json_count(all) && err == 0; i++) {
        const struct json *one = json_at(all, i);
        /* A hub keeps a centre's requests for as long as its own table says. */
        if (!ours && (event_text(one, "request")[0] != '\0' || json_get(one, "node") != NULL))
            continue;
        if (!ours)
            err = purge_forget(store, event->node, one);
        if (err == 0)
            err = purge_one(store, event, one);
    }
    return err;
}

/* ---- one step ---- */

struct purge {
    struct store *store;
    const struct store_purge *what;
    struct store_purged *out;
    struct json *events; /* of the event to be */
    struct store_office office;
};

/* A row of a walk over events: node, epoch, seq, type, id, payload. */
struct purge_row {
    struct event event; /* only what such a row has */
    struct json *payload;
};

static void purge_row(struct purge *purge, struct query *query, struct purge_row *row)
{
    size_t len;
    struct event *event = &row->event;
    memset(row, 0, sizeof *row);
    db_blob(query, event->node, ID_SIZE);
    event->epoch = db_int(query);
    event->seq = db_int(query);
    db_text(query, event->type, sizeof event->type);
    db_blob(query, event->id, ID_SIZE);
    const void *sealed = db_blob_peek(query, &len);
    row->payload = event_sealed_json(purge->store, event->id, sealed, len);
}

/* Adds the row that stands next; `request` is the one it belongs to. */
static int purge_add(struct purge *purge, struct query *query, const struct id *request)
{
    struct purge_row row;
    char hex[2 * ID_SIZE + 1];
    int err = 0;
    purge_row(purge, query, &row);
    if (row.payload == NULL)
        return SND_E_CORRUPT; /* it can't be opened, so it can't be said what stays of it */
    struct json *one = json_new_object();
    if (memcmp(row.event.node, purge->office.node.b, ID_SIZE) != 0) {
        hex_text(row.event.node, ID_SIZE, hex);
        json_put_text(one, "node", hex);
    }
    json_put_int(one, "epoch", row.event.epoch);
    json_put_int(one, "seq", row.event.seq);
    json_put(one, "kept", retained_json(row.event.type, row.payload));
    int first = strcmp(row.event.type, event_word(EVENT_REQUEST_SUBMITTED)) == 0;
    if (first || strcmp(row.event.type, event_word(EVENT_REQUEST_PASSED)) == 0) {
        hex_text(request->b, ID_SIZE, hex);
        json_put_text(one, "request", hex);
        if (!purge->what->dry)
            err = request_forget_marks(purge->store, request, row.payload);
        if (err == 0 && first && !purge->what->dry)
            err = person_forget(purge->store, request, row.payload);
    }
    if (err == 0 && !purge->what->dry)
        err = subject_forget(purge->store, &row.event, row.payload);
    json_free(&row.payload);
    json_push(purge->events, one);
    purge->out->events++;
    return err;
}

static int purge_request(struct purge *purge, const struct id *id)
{
    int got = 0, err = 0;
    struct query *query =
        db_query(purge->store->db, "SELECT node, epoch, seq, type, id, payload FROM event"
                                   " WHERE tx = $1 AND payload IS NOT NULL"
                                   " ORDER BY node, epoch, seq");
    db_bind_id(query, id);
    while (err == 0 && (got = db_row(query)) == 1)
        err = purge_add(purge, query, id);
    purge->out->requests++;
    return db_end(query, err != 0 ? err : got);
}

static int purge_wants(const struct store_purge *what, const char *service)
{
    for (size_t i = 0; i < what->services; i++)
        if (strcmp(what->service[i], service) == 0)
            return 1;
    return 0;
}

/* The next requests of those services, oldest first, that still have somebody in them. */
static int purge_find(struct purge *purge, struct id *found, size_t *count)
{
    const struct store_purge *what = purge->what;
    int got, rows = 0;
    struct query *query =
        db_query(purge->store->db, "SELECT r.at, r.id, r.service, r.changed FROM request r"
                                   " WHERE (r.at > $1 OR (r.at = $2 AND r.id > $3)) AND r.at < $4"
                                   " AND NOT EXISTS (SELECT 1 FROM purged p WHERE p.node = r.node"
                                   " AND p.epoch = r.epoch AND p.seq = r.seq)"
                                   " AND NOT EXISTS (SELECT 1 FROM uplink u WHERE u.url <> ''"
                                   " AND (r.epoch, r.seq) > (u.acked_epoch, u.acked_seq))"
                                   " ORDER BY r.at, r.id LIMIT $5");
    db_bind_int(query, what->after_at);
    db_bind_int(query, what->after_at);
    db_bind_id(query, &what->after);
    db_bind_int(query, what->before);
    db_bind_int(query, PURGE_ROWS);
    while (*count < PURGE_MAX && (got = db_row(query)) == 1) {
        char service[16];
        rows++;
        purge->out->after_at = db_int(query);
        db_id(query, &purge->out->after);
        db_text(query, service, sizeof service);
        if (db_int(query) < what->before && purge_wants(what, service))
            found[(*count)++] = purge->out->after;
    }
    purge->out->more = *count == PURGE_MAX || rows == PURGE_ROWS;
    return db_end(query, *count == PURGE_MAX ? 0 : got);
}

static int purge_requests(struct purge *purge)
{
    size_t count = 0;
    struct id found[PURGE_MAX];
    int err = purge_find(purge, found, &count);
    for (size_t i = 0; i < count && err == 0; i++)
        err = purge_request(purge, &found[i]);
    return err;
}

/* Drafts that nobody went on with, all in the first step. */
static int purge_drafts(struct purge *purge)
{
    const struct store_purge *what = purge->what;
    int err = 0;
    for (size_t i = 0; i < what->services && err == 0 && what->after_at == 0; i++) {
        int64_t changed = 0;
        struct query *query =
            what->dry ? db_query(purge->store->db, "SELECT COUNT(*) FROM draft WHERE service = $1"
                                                   " AND saved < $2")
                      : db_query(purge->store->db, "DELETE FROM draft WHERE service = $1"
                                                   " AND saved < $2");
        db_bind_text(query, what->service[i]);
        db_bind_int(query, what->before);
        if (!what->dry)
            err = db_run(query, &changed);
        else if ((err = db_one(query)) == 0) {
            changed = db_int(query);
            err = db_end(query, 0);
        }
        purge->out->drafts += changed;
    }
    return err;
}

/* The end of an epoch, or SND_E_NOTFOUND. */
static int purge_epoch(struct purge *purge, int64_t least, struct store_place *out)
{
    struct query *query =
        db_query(purge->store->db, "SELECT epoch, seq FROM head WHERE node = $1 AND epoch >= $2"
                                   " ORDER BY epoch LIMIT 1");
    db_bind_id(query, &purge->office.node);
    db_bind_int(query, least);
    int err = db_one(query);
    if (err == 0) {
        out->epoch = db_int(query);
        out->seq = db_int(query);
    }
    return db_end(query, err);
}

static int purge_window(struct purge *purge, const struct store_place *after, int64_t last)
{
    int got = 0, err = 0;
    struct query *query = db_query(
        purge->store->db,
        "SELECT node, epoch, seq, type, id, payload FROM event"
        " WHERE node = $1 AND epoch = $2 AND seq > $3 AND seq <= $4 AND t < $5"
        " AND type IN ('request.searched', 'request.wanted', 'person.looked_up', 'trail.seen', "
        "'trail.searched') AND payload IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM uplink u WHERE u.url <> '' AND"
        " (event.epoch, event.seq) > (u.acked_epoch, u.acked_seq))"
        " ORDER BY seq");
    db_bind_id(query, &purge->office.node);
    db_bind_int(query, after->epoch);
    db_bind_int(query, after->seq);
    db_bind_int(query, last);
    db_bind_int(query, purge->what->before);
    while (err == 0 && (got = db_row(query)) == 1)
        err = purge_add(purge, query, NULL);
    return db_end(query, err != 0 ? err : got);
}

/* Who searched for what: events of no request, by the moment they happened. */
static int purge_trail(struct purge *purge)
{
    struct store_place end = {0}, after = purge->what->place;
    int err = purge_epoch(purge, after.epoch, &end);
    if (err == 0 && end.epoch != after.epoch)
        after = (struct store_place){.epoch = end.epoch};
    if (err == 0)
        err = purge_window(purge, &after, after.seq + PURGE_TRAIL);
    if (err != 0)
        return err == SND_E_NOTFOUND ? 0 : err;
    purge->out->place = after;
    purge->out->place.seq += PURGE_TRAIL;
    if (purge->out->place.seq >= end.seq)
        purge->out->place = (struct store_place){.epoch = end.epoch + 1};
    purge->out->more = 1;
    return 0;
}

static int purge_append(struct purge *purge, const struct store_actor *actor)
{
    struct json *payload = json_new_object();
    json_put_text(payload, "class", purge->what->class);
    json_put_int(payload, "before", purge->what->before);
    json_put_int(payload, "requests", purge->out->requests);
    json_put(payload, "events", purge->events);
    purge->events = NULL;
    int err = event_append(purge->store, EVENT_PAYLOAD_PURGED, actor,
                           &(struct event_about){.rev = 0}, payload);
    json_free(&payload);
    return err;
}

int store_purge(struct store *store, const struct store_purge *what, struct store_purged *out,
                const struct store_actor *actor)
{
    struct purge purge = {.store = store, .what = what, .out = out};
    memset(out, 0, sizeof *out);
    if (!json_text_fits(what->class))
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    purge.events = json_new_array();
    err = store_office_get(store, &purge.office);
    if (err == 0)
        err = what->trail ? purge_trail(&purge) : purge_requests(&purge);
    if (err == 0 && !what->trail)
        err = purge_drafts(&purge);
    if (err == 0 && out->events > 0 && !what->dry)
        err = purge_append(&purge, actor);
    json_free(&purge.events);
    return store_write_end(store, err);
}

int store_settle(struct store *store)
{
    return db_settle(store->db);
}
