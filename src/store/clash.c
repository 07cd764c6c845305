/* SPDX-License-Identifier: Apache-2.0 */
/* Two who changed a request at once, a centre and its hub, without having heard of one another. The
 * hub's word stands: what the centre did is a row of `conflict` on both sides, the centre's request
 * takes the hub's state and revision, and a person looks at what was lost and closes it. Nothing is
 * decided while an event is applied but by the rows that are there, so a replay comes out the same.
 */
#include <string.h>
#include "base/err.h"
#include "store/move_priv.h"
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

static int clash_of(struct store *store, const struct event *event)
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
    if (err != 0)
        return err == SND_E_NOTFOUND ? 0 : err; /* it was taken */
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

int store_conflict_list(struct store *store, const struct store_reach *reach, size_t max,
                        struct arena *arena, struct store_conflict **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_conflict);
    int got = 0;
    struct query *query =
        db_query(store->db, "SELECT " REQUEST_COLUMNS ", c.event, c.why, c.at FROM conflict c"
                            " CROSS JOIN request r WHERE c.open = 1 AND r.id = c.request");
    while (rows.count < max && (got = db_row(query)) == 1) {
        struct store_request row;
        struct store_conflict one = {0};
        (void)request_row(query, &row);
        db_id(query, &one.event);
        db_text(query, one.lost, sizeof one.lost);
        one.at = db_int(query);
        memcpy(one.number, row.number, sizeof one.number);
        memcpy(one.state, row.state, sizeof one.state);
        if (request_within(reach, &row))
            *(struct store_conflict *)rows_add(&rows) = one;
    }
    int err = db_end(query, got < 0 ? got : 0);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_conflict_settle(struct store *store, const struct store_reach *reach, const char *number,
                          const struct id *event, const struct store_actor *actor)
{
    struct store_request row;
    char id[2 * ID_SIZE + 1];
    int err = store_request_row(store, reach, number, &row);
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
    hex_text(event->b, ID_SIZE, id);
    struct event_about about = {.tx = row.id};
    struct json *said = json_new_object();
    json_put_text(said, "number", row.number);
    json_put_text(said, "event", id);
    err = event_append(store, EVENT_REQUEST_SETTLED, actor, &about, said);
    json_free(&said);
    return store_write_end(store, err);
}
