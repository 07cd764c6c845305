/* SPDX-License-Identifier: Apache-2.0 */
/* Two who changed a request at once, a centre and its hub, without having heard of one another. The
 * hub's word stands: what the centre did is a row of `conflict` on both sides, the centre's request
 * takes the hub's state and revision, and a person looks at what was lost and closes it. Nothing is
 * decided while an event is applied but by the rows that are there, so a replay comes out the same.
 */
#include <string.h>
#include "base/err.h"
#include "store/pass_priv.h"
#include "store/tally_priv.h"

int clash_put(struct store *store, const uint8_t request[ID_SIZE], const uint8_t event[ID_SIZE],
              const char *lost, int64_t at)
{
    struct query *query = db_query(store->db, "INSERT INTO conflict (request, event, why, at, open)"
                                              " VALUES ($1, $2, $3, $4, 1)"
                                              " ON CONFLICT (request, event) DO NOTHING");
    db_bind_blob(query, request, ID_SIZE);
    db_bind_blob(query, event, ID_SIZE);
    db_bind_text(query, lost);
    db_bind_int(query, at);
    return db_run(query, NULL);
}

int clash_of(struct store *store, const struct event *event)
{
    struct query *query =
        db_query(store->db, "SELECT 1 FROM conflict WHERE request = $1 AND event = $2");
    db_bind_blob(query, event->tx, ID_SIZE);
    db_bind_blob(query, event->id, ID_SIZE);
    return db_end(query, db_one(query));
}

int clash_react(struct store *store, const struct event *event, const struct json *payload,
                const struct store_actor *actor)
{
    struct store_request row;
    char id[2 * ID_SIZE + 1];
    int err = clash_of(store, event);
    if (err != 0) /* it was taken */
        return err == SND_E_NOTFOUND ? pass_follow(store, event, payload, actor) : err;
    err = store_request_row(store, &store_reach_all, event_text(payload, "number"), &row);
    if (err != 0)
        return err;
    hex_text(event->id, ID_SIZE, id);
    struct event_about about = {.tx = row.id, .rev = row.rev, .to = event->centre};
    struct json *said = json_new_object();
    json_put_text(said, "number", row.number);
    json_put_text(said, "event", id);
    json_put_text(said, "lost", event_text(payload, "state"));
    json_put_text(said, "state", row.state);
    err = event_append(store, EVENT_REQUEST_CLASHED, actor, &about, said);
    json_free(&said);
    return err;
}

int clash_apply(struct store *store, const struct event *event, const struct json *payload)
{
    uint8_t lost[ID_SIZE];
    int err = hex_parse(event_text(payload, "event"), lost, ID_SIZE);
    if (err == 0)
        err = clash_put(store, event->tx, lost, event_text(payload, "lost"), event->t);
    return err != 0 ? err : move_restate(store, event, event_text(payload, "state"));
}

int clash_apply_settled(struct store *store, const struct event *event, const struct json *payload)
{
    uint8_t lost[ID_SIZE];
    int err = hex_parse(event_text(payload, "event"), lost, ID_SIZE);
    if (err != 0)
        return err;
    struct query *query =
        db_query(store->db, "UPDATE conflict SET open = 0 WHERE request = $1 AND event = $2");
    db_bind_blob(query, event->tx, ID_SIZE);
    db_bind_blob(query, lost, ID_SIZE);
    return db_run(query, NULL);
}

/* A centre closes what concerns its own requests: 0, or SND_E_NOTFOUND. */
static int clash_concerns(struct store *store, const struct event *event)
{
    struct id own;
    struct store_place from;
    int err = feed_office(store, &own);
    if (err != 0 || feed_relayed(event->peer, &from) || memcmp(own.b, event->node, ID_SIZE) == 0)
        return err;
    struct query *query =
        db_query(store->db, "SELECT 1 FROM request WHERE id = $1 AND (centre = $2 OR holder = $3)");
    db_bind_blob(query, event->tx, ID_SIZE);
    db_bind_text(query, event->centre);
    db_bind_text(query, event->centre);
    return db_end(query, db_one(query));
}

int clash_apply_closed(struct store *store, const struct event *event, const struct json *payload)
{
    int err = clash_concerns(store, event);
    if (err != 0)
        return err == SND_E_NOTFOUND ? 0 : err;
    return clash_apply_settled(store, event, payload);
}

/* What was lost stands among the request's events, in the chain of whoever did it. */
#define CONFLICT_LOST                                                                              \
    ", COALESCE((SELECT e.centre FROM event e WHERE e.tx = c.request AND e.id = c.event LIMIT 1)," \
    " ''), COALESCE((SELECT e.actor FROM event e WHERE e.tx = c.request AND e.id = c.event"        \
    " LIMIT 1), '')"

static void clash_read(struct query *query, const struct store_request *row,
                       struct store_conflict *out)
{
    memset(out, 0, sizeof *out);
    memcpy(out->number, row->number, sizeof row->number);
    memcpy(out->state, row->state, sizeof row->state);
    memcpy(out->applicant, row->applicant, sizeof row->applicant);
    memcpy(out->civil, row->civil, sizeof row->civil);
    db_id(query, &out->event);
    db_text(query, out->lost, sizeof out->lost);
    out->at = db_int(query);
    db_text(query, out->centre, sizeof out->centre);
    db_text(query, out->actor, sizeof out->actor);
}

int store_conflict_list(struct store *store, const struct store_reach *reach, size_t max,
                        struct arena *arena, struct store_conflict **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_conflict);
    int got = 0, err = 0;
    struct query *query =
        db_query(store->db, "SELECT " REQUEST_COLUMNS ", c.event, c.why, c.at" CONFLICT_LOST
                            " FROM conflict c CROSS JOIN request r"
                            " WHERE c.open = 1 AND r.id = c.request");
    while (err == 0 && rows.count < max && (got = db_row(query)) == 1) {
        struct store_request row;
        struct store_conflict one;
        struct sealed_bytes civil = request_row(query, &row);
        err = request_civil(store, &civil, &row);
        clash_read(query, &row, &one);
        if (request_within(reach, &row) || store_reach_holds(reach, one.centre, ""))
            *(struct store_conflict *)rows_add(&rows) = one;
    }
    err = db_end(query, err != 0 || got > 0 ? err : got);
    *out = rows_take(&rows, arena, count);
    return err;
}

/* Whether what was lost was done by a centre within reach, which has passed the request on since.
 */
static int clash_was_of(struct store *store, const struct store_reach *reach,
                        const struct id *event)
{
    char centre[16];
    struct query *query =
        db_query(store->db, "SELECT e.centre FROM conflict c JOIN event e ON e.tx = c.request"
                            " AND e.id = c.event WHERE c.event = $1 AND c.open = 1 LIMIT 1");
    db_bind_id(query, event);
    int err = db_one(query);
    if (err == 0) {
        db_text(query, centre, sizeof centre);
        err = store_reach_holds(reach, centre, "") ? 0 : SND_E_NOTFOUND;
    }
    return db_end(query, err);
}

static int clash_close(struct store *store, const struct store_request *row, const struct id *event,
                       const char *reason, const struct store_actor *actor)
{
    char id[2 * ID_SIZE + 1], to[2 * sizeof row->centre];
    int cut = str_format(to, sizeof to, "%s %s", row->centre, row->holder);
    snd_assert(cut == 0);
    hex_text(event->b, ID_SIZE, id);
    struct event_about about = {.tx = row->id, .to = to};
    struct json *said = json_new_object();
    json_put_text(said, "number", row->number);
    json_put_text(said, "event", id);
    json_put_text(said, "reason", reason);
    int err = event_append(store, EVENT_CONFLICT_CLOSED, actor, &about, said);
    json_free(&said);
    return err;
}

int store_conflict_close(struct store *store, const struct store_reach *reach, const char *number,
                         const struct id *event, const char *reason,
                         const struct store_actor *actor)
{
    struct store_request row;
    int err = store_request_row(store, &store_reach_all, number, &row);
    if (err == 0 && !request_within(reach, &row))
        err = clash_was_of(store, reach, event);
    if (err != 0)
        return err;
    struct event of = {0};
    memcpy(of.tx, row.id.b, ID_SIZE);
    memcpy(of.id, event->b, ID_SIZE);
    err = clash_of(store, &of);
    if (err == 0)
        err = store_write_begin(store);
    if (err != 0)
        return err;
    return store_write_end(store, clash_close(store, &row, event, reason, actor));
}
