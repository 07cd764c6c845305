/* SPDX-License-Identifier: Apache-2.0 */
/* Taking the hub's events at a centre. Each goes into the centre's own chain as it is, but for its
 * place there and for its peer, which says where it stands in the hub's; so the centre's chain
 * alone says how the centre's book came about. An event that is there already is passed over, so
 * the same run may come twice. One from which nothing can follow is not kept: an event of our own
 * says so, and the next is taken. */
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"

static int in_cursor(struct store *store, const struct store_place *at)
{
    struct query *query = db_query(store->db, "UPDATE uplink SET down_epoch = $1, down_seq = $2");
    db_bind_int(query, at->epoch);
    db_bind_int(query, at->seq);
    return db_run(query, NULL);
}

static int in_there(struct store *store, const struct store_office *office, const uint8_t *id)
{
    struct query *query = db_query(store->db, "SELECT 1 FROM event WHERE node = $1 AND id = $2");
    db_bind_id(query, &office->node);
    db_bind_blob(query, id, ID_SIZE);
    int err = db_end(query, db_one(query));
    return err == 0 ? 1 : err == SND_E_NOTFOUND ? 0 : err;
}

int feed_apply_refused(struct store *store, const struct event *event, const struct json *payload)
{
    return quarantine_put(store, event, event->seq, event_text(payload, "why"));
}

static int in_refuse(struct store *store, const struct feed_record *record, enum feed_why why,
                     const struct store_actor *actor)
{
    char id[ID_TEXT];
    struct json *payload = json_new_object();
    hex_text(record->event.id, ID_SIZE, id);
    json_put_text(payload, "event", id);
    json_put_text(payload, "kind", record->event.type);
    json_put_int(payload, "hub_epoch", record->from.epoch);
    json_put_int(payload, "hub_seq", record->from.seq);
    json_put_text(payload, "why", feed_why_word(why));
    int err = event_append(store, EVENT_FEED_REFUSED, actor, &(struct event_about){0}, payload);
    json_free(&payload);
    return err;
}

static int in_follow(struct store *store, const struct feed_record *record,
                     const struct store_office *office, const struct json *json)
{
    struct event event = record->event;
    memcpy(event.node, office->node.b, ID_SIZE);
    event.epoch = office->epoch;
    feed_peer(&record->from, event.peer);
    int err = event_keep(store, &event, record->payload, record->len);
    return err != 0 ? err : event_apply(store, &event, json);
}

static int in_keep(struct store *store, const struct feed_record *record,
                   const struct store_office *office, const struct store_actor *actor)
{
    struct json *json = event_json(record->payload, record->len);
    enum feed_why why = record->payload == NULL ? FEED_WHY_PURGED
                        : json == NULL          ? FEED_WHY_JSON
                                                : FEED_WHY_NONE;
    int err = 0;
    if (why == FEED_WHY_NONE)
        err = db_save(store->db);
    if (err == 0 && why == FEED_WHY_NONE) {
        int follows = in_follow(store, record, office, json);
        err = db_release(store->db, follows == 0);
        if (follows == SND_E_IO || follows == SND_E_FULL || follows == SND_E_SYS)
            err = follows;
        else if (follows != 0)
            why = FEED_WHY_REFUSED;
    }
    json_free(&json);
    return err == 0 && why != FEED_WHY_NONE ? in_refuse(store, record, why, actor) : err;
}

/* Two numbers stand before the event on its way down. */
static int in_record(struct wire *body, struct feed_record *out)
{
    struct store_place from = {.epoch = wire_i64(body)};
    from.seq = wire_i64(body);
    if (body->bad || from.epoch < 1 || from.seq < 1 || feed_record_get(body, out) != 0)
        return SND_E_BAD;
    if (out->relayed) {
        x_free(&out->kept);
        return SND_E_BAD;
    }
    out->from = from;
    return 0;
}

static int in_one(struct store *store, struct wire *body, const struct store_office *office,
                  struct store_place *cursor, const struct store_actor *actor)
{
    struct feed_record record;
    int err = in_record(body, &record);
    if (err != 0)
        return err;
    if (place_order(&record.from, cursor) > 0) {
        int there = in_there(store, office, record.event.id);
        err = there < 0 ? there : there == 1 ? 0 : in_keep(store, &record, office, actor);
        *cursor = record.from;
    }
    x_free(&record.kept);
    return err;
}

static int in_all(struct store *store, const uint8_t *run, size_t len, size_t *offset, size_t most,
                  const struct store_actor *actor)
{
    struct store_office office;
    struct store_line line;
    struct wire body;
    size_t whole;
    int got = 0;
    int err = store_office_get(store, &office);
    if (err == 0)
        err = store_line_get(store, &line);
    for (size_t i = 0; err == 0 && i < most; i++) {
        got = feed_record_next(run + *offset, len - *offset, &body, &whole);
        if (got != 1)
            break;
        err = in_one(store, &body, &office, &line.down, actor);
        *offset += whole;
    }
    if (err == 0 && got < 0)
        err = got;
    return err == 0 ? in_cursor(store, &line.down) : err;
}

int store_feed_in(struct store *store, const uint8_t *run, size_t len, size_t *offset, size_t most,
                  const struct store_actor *actor)
{
    size_t at = *offset;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_write_end(store, in_all(store, run, len, &at, most, actor));
    if (err == 0)
        *offset = at;
    return err;
}
