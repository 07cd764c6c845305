/* SPDX-License-Identifier: Apache-2.0 */
/* Events of centres that are held back, since nothing could follow from them when they came. They
 * lie in the book as they came, so one can be tried again, when this program has learnt it or what
 * it needs has come; what then follows from it, follows from the event that says so, in a replay
 * too. A row goes when it was tried with success, or when a person lets it rest. */
#include <string.h>
#include "base/err.h"
#include "store/feed_take_priv.h"
#include "store/loaded_priv.h"

#define HELD_PAYLOAD_MAX (32 * 1024 * 1024)
#define HELD_LOOK_MAX (256 * 1024) /* of what a list looks into */

static int held_take_off(struct store *store, const uint8_t node[ID_SIZE],
                         const struct store_place *at)
{
    int64_t changed = 0;
    struct query *query =
        db_query(store->db, "DELETE FROM quarantine WHERE node = $1 AND epoch = $2 AND seq = $3");
    db_bind_blob(query, node, ID_SIZE);
    db_bind_int(query, at->epoch);
    db_bind_int(query, at->seq);
    int err = db_run(query, &changed);
    return err == 0 && changed == 0 ? SND_E_NOTFOUND : err;
}

static int held_place(const struct json *payload, uint8_t node[ID_SIZE], struct store_place *at)
{
    at->epoch = json_get_int(payload, "epoch", 0);
    at->seq = json_get_int(payload, "seq", 0);
    return hex_parse(event_text(payload, "node"), node, ID_SIZE);
}

/* The event itself with its payload, yours to json_free(); in a replay out of the book that is
 * replayed. */
static int held_event(struct store *store, const uint8_t node[ID_SIZE],
                      const struct store_place *at, struct event *out, struct json **json)
{
    struct store *from = store->source != NULL ? store->source : store;
    struct buf payload = BUF_INIT(HELD_PAYLOAD_MAX);
    uint8_t hash[HASH_SIZE];
    *json = NULL;
    int err = event_at(from, node, at->epoch, at->seq, out, &payload, hash);
    if (err == 0 && payload.len > 0)
        *json = event_json(payload.data, payload.len);
    else if (err == 0)
        err = purge_kept(from, out, json);
    buf_free(&payload);
    return err;
}

int quarantine_apply_retried(struct store *store, const struct event *event,
                             const struct json *payload)
{
    uint8_t node[ID_SIZE];
    struct store_place at;
    struct event held;
    struct json *json = NULL;
    (void)event;
    int err = held_place(payload, node, &at);
    if (err == 0)
        err = held_take_off(store, node, &at);
    if (err == 0)
        err = held_event(store, node, &at, &held, &json);
    if (err == 0)
        err = taken_follow(store, &held, json);
    json_free(&json);
    return err;
}

int quarantine_apply_closed(struct store *store, const struct event *event,
                            const struct json *payload)
{
    uint8_t node[ID_SIZE];
    struct store_place at;
    (void)event;
    int err = held_place(payload, node, &at);
    return err != 0 ? err : held_take_off(store, node, &at);
}

static struct json *held_payload(const struct id *node, const struct store_place *at)
{
    char hex[2 * ID_SIZE + 1];
    struct json *said = json_new_object();
    hex_text(node->b, ID_SIZE, hex);
    json_put_text(said, "node", hex);
    json_put_int(said, "epoch", at->epoch);
    json_put_int(said, "seq", at->seq);
    return said;
}

static int held_append(struct store *store, enum event_type type, const struct event *held,
                       const struct json *said, const struct store_actor *actor)
{
    struct event_about about = {.rev = 0};
    memcpy(about.tx.b, held->tx, ID_SIZE);
    return event_append(store, type, actor, &about, said);
}

/* Its own trouble is told from the disk's. */
static int held_try(struct store *store, const struct event *held, const struct json *json,
                    const struct json *said, const struct store_actor *actor)
{
    int err = kept_look_back(store, held, actor);
    if (err == 0 && taken_judge(store, held->centre, held, json) != FEED_WHY_NONE)
        err = SND_E_INVALID;
    if (err == 0)
        err = held_append(store, EVENT_QUARANTINE_RETRIED, held, said, actor);
    if (err != 0)
        return err == SND_E_IO || err == SND_E_FULL || err == SND_E_SYS || err == SND_E_NOTFOUND
                   ? err
                   : SND_E_INVALID;
    return react(store, held, json, actor);
}

/* The row is there: 0 or SND_E_NOTFOUND. */
static int held_there(struct store *store, const struct id *node, const struct store_place *at)
{
    struct query *query =
        db_query(store->db, "SELECT 1 FROM quarantine WHERE node = $1 AND epoch = $2 AND seq = $3");
    db_bind_id(query, node);
    db_bind_int(query, at->epoch);
    db_bind_int(query, at->seq);
    return db_end(query, db_one(query));
}

/* Of our own chain there is nothing to try: what was refused there is with the hub. */
static int held_centre(struct store *store, const struct id *node, struct event *held)
{
    struct store_node row;
    int err = store_node_get(store, node, &row);
    return err == 0 && strcmp(row.centre, held->centre) != 0 ? SND_E_INVALID : err;
}

int store_quarantine_retry(struct store *store, const struct id *node, const struct store_place *at,
                           const struct store_actor *actor)
{
    struct event held;
    struct json *json = NULL;
    int err = held_there(store, node, at);
    if (err == 0)
        err = held_event(store, node->b, at, &held, &json);
    if (err == 0)
        err = held_centre(store, node, &held);
    if (err == 0)
        err = store_write_begin(store);
    if (err != 0) {
        json_free(&json);
        return err;
    }
    struct json *said = held_payload(node, at);
    json_put_text(said, "kind", held.type);
    err = held_try(store, &held, json, said, actor);
    json_free(&said);
    json_free(&json);
    return store_write_end(store, err);
}

int store_quarantine_close(struct store *store, const struct id *node, const struct store_place *at,
                           const char *reason, const struct store_actor *actor)
{
    static const struct event none;
    int err = held_there(store, node, at);
    if (err == 0)
        err = store_write_begin(store);
    if (err != 0)
        return err;
    struct json *said = held_payload(node, at);
    json_put_text(said, "reason", reason);
    err = held_append(store, EVENT_QUARANTINE_CLOSED, &none, said, actor);
    json_free(&said);
    return store_write_end(store, err);
}

/* What stands in the event comes from elsewhere: only what can be a number is one. */
static void held_read_about(const struct json *payload, struct store_quarantined *row)
{
    const char *number = event_text(payload, "number"), *civil = event_text(payload, "civil");
    if (store_number_ok(number))
        (void)str_copy(row->number, sizeof row->number, number);
    if (strspn(civil, "0123456789") == strlen(civil))
        (void)str_copy(row->civil, sizeof row->civil, civil);
}

/* Which request it is about, and whose; nothing when that can't be read. */
static void held_look_about(struct store *store, struct store_quarantined *row)
{
    struct buf payload = BUF_INIT(HELD_LOOK_MAX);
    struct event event;
    struct store_request request;
    uint8_t hash[HASH_SIZE];
    struct json *json = NULL;
    if (event_at(store, row->node.b, row->at.epoch, row->at.seq, &event, &payload, hash) == 0 &&
        !payload.failed && payload.len > 0)
        json = event_json(payload.data, payload.len);
    if (json != NULL)
        held_read_about(json, row);
    if (row->civil[0] == '\0' && row->number[0] != '\0' &&
        store_request_row(store, &store_reach_all, row->number, &request) == 0)
        memcpy(row->civil, request.civil, sizeof request.civil);
    json_free(&json);
    mem_wipe(payload.data, payload.len);
    buf_free(&payload);
}

int store_quarantine_list(struct store *store, size_t max, struct arena *arena,
                          struct store_quarantined **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_quarantined);
    int got;
    struct query *query = db_query(
        store->db, "SELECT q.node, q.epoch, q.seq, q.why, q.at, COALESCE(e.centre, ''),"
                   " COALESCE(e.type, '') FROM quarantine q LEFT JOIN event e ON e.node = q.node"
                   " AND e.epoch = q.epoch AND e.seq = q.seq"
                   " ORDER BY q.at, q.node, q.epoch, q.seq LIMIT $1");
    db_bind_int(query, (int64_t)max);
    while ((got = db_row(query)) == 1) {
        struct store_quarantined *row = rows_add(&rows);
        memset(row, 0, sizeof *row);
        db_id(query, &row->node);
        row->at.epoch = db_int(query);
        row->at.seq = db_int(query);
        db_text(query, row->why, sizeof row->why);
        row->t = db_int(query);
        db_text(query, row->centre, sizeof row->centre);
        db_text(query, row->type, sizeof row->type);
        held_look_about(store, row);
    }
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}
