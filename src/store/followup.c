/* SPDX-License-Identifier: Apache-2.0 */
/* What a centre does with a request that its agency has (documents brought, a fee paid, handed
 * over, given up) goes to the agency too: a row here is made in the step that moves the request, at
 * the office that has the line. Each goes under the id of its event, after the request itself and
 * after what was done before it. An agency's own moves make none. */
#include <string.h>
#include "base/err.h"
#include "store/move_priv.h"
#include "store/outbox_priv.h"

/* The moves that an agency is told of. One whose sending failed may have arrived all the same. */
static const struct {
    const char *from, *to;
} told[] = {
    {"need_docs", "in_review"}, {"fee_due", "paid"},    {"field_visit", "in_review"},
    {"approved", "delivered"},  {"rejected", "closed"}, {"send_failed", "cancelled"},
};

static int followup_is(const struct followup_move *move)
{
    if (strcmp(move->by, "agency") == 0)
        return 0;
    for (size_t i = 0; i < SND_COUNT(told); i++)
        if (strcmp(told[i].from, move->from) == 0 && strcmp(told[i].to, move->to) == 0)
            return 1;
    return 0;
}

int followup_note(struct store *store, const struct followup_move *move)
{
    static const uint8_t nothing[HASH_SIZE];
    if (!followup_is(move))
        return 0;
    struct query *query = db_query(
        store->db, "INSERT INTO followup (id, request, agency, rev, state, attempts, first_at,"
                   " next_at, sha, status, why, answer_sha)"
                   " SELECT $1, r.id, r.agency, $2, 'waiting', 0, $3, $3, $4, 0, '', $4"
                   " FROM request r WHERE r.id = $5"
                   " AND EXISTS (SELECT 1 FROM agency_link l WHERE l.agency = r.agency)"
                   " AND (r.ack <> '' OR EXISTS (SELECT 1 FROM outbox o WHERE o.request = r.id))"
                   " ON CONFLICT (id) DO NOTHING");
    db_bind_blob(query, move->event, ID_SIZE);
    db_bind_int(query, move->rev);
    db_bind_int(query, move->at);
    db_bind_blob(query, nothing, HASH_SIZE);
    db_bind_blob(query, move->request, ID_SIZE);
    return db_run(query, NULL);
}

int followup_note_own(struct store *store, const struct store_request *request, const char *from,
                      const struct store_move *move, const struct store_actor *actor)
{
    struct id event;
    struct followup_move made = {.event = event.b,
                                 .request = request->id.b,
                                 .rev = request->rev,
                                 .at = actor->at,
                                 .from = from,
                                 .to = move->state,
                                 .by = move->by};
    if (!followup_is(&made))
        return 0;
    struct query *query =
        db_query(store->db, "SELECT e.id FROM event e JOIN office o ON o.node = e.node"
                            " WHERE e.tx = $1 AND e.rev = $2 AND e.type = 'request.moved' ORDER BY "
                            "e.epoch DESC, e.seq DESC"
                            " LIMIT 1");
    db_bind_id(query, &request->id);
    db_bind_int(query, request->rev);
    int err = db_one(query);
    if (err == 0)
        db_id(query, &event);
    err = db_end(query, err);
    return err != 0 ? err : followup_note(store, &made);
}

int followup_react(struct store *store, const struct event *event, const struct json *payload,
                   const struct store_actor *actor)
{
    const struct json *was = json_get(payload, "was");
    int err = clash_of(store, event);
    if (err != SND_E_NOTFOUND)
        return err; /* it was lost */
    struct followup_move move = {.event = event->id,
                                 .request = event->tx,
                                 .rev = event->rev,
                                 .at = actor->at,
                                 .from = was != NULL ? event_text(was, "state") : "",
                                 .to = event_text(payload, "state"),
                                 .by = event_text(payload, "by")};
    return followup_note(store, &move);
}

int store_followup_due(struct store *store, const char *agency, int64_t now, size_t max,
                       struct arena *arena, struct id **out, size_t *count)
{
    struct query *query = db_query(
        store->db, "SELECT f.id FROM followup f WHERE f.agency = $1 AND f.state = 'waiting'"
                   " AND f.next_at <= $2"
                   " AND NOT EXISTS (SELECT 1 FROM followup e WHERE e.request = f.request"
                   " AND e.rev < f.rev AND e.state <> 'taken')"
                   " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.request = f.request"
                   " AND o.state = 'waiting')"
                   " AND NOT EXISTS (SELECT 1 FROM request_blob b WHERE b.request = f.request"
                   " AND NOT EXISTS (SELECT 1 FROM blob_file x WHERE x.sha = b.sha))"
                   " ORDER BY f.next_at, f.id LIMIT $3");
    db_bind_text(query, agency);
    db_bind_int(query, now);
    db_bind_int(query, (int64_t)max);
    return outbox_ids(query, arena, out, count);
}

int store_followup_get(struct store *store, const struct id *id, struct store_sending *out)
{
    struct query *query = db_query(store->db, "SELECT " FOLLOWUP_COLUMNS " FROM followup f"
                                              " JOIN request r ON r.id = f.request"
                                              " WHERE f.id = $1");
    db_bind_id(query, id);
    int err = db_one(query);
    if (err == 0)
        outbox_row(query, out);
    return db_end(query, err);
}

int store_followup_of(struct store *store, const struct id *request, int64_t before,
                      struct arena *arena, struct id **out, size_t *count)
{
    struct query *query =
        db_query(store->db, "SELECT id FROM followup WHERE request = $1 AND rev < $2 ORDER BY rev");
    db_bind_id(query, request);
    db_bind_int(query, before);
    return outbox_ids(query, arena, out, count);
}

static int followup_update(struct store *store, const struct store_sending *sending)
{
    struct query *query =
        db_query(store->db, "UPDATE followup SET state = $1, attempts = $2, next_at = $3, sha = $4,"
                            " status = $5, why = $6, answer_sha = $7 WHERE id = $8");
    db_bind_text(query, sending->state);
    db_bind_int(query, sending->attempts);
    db_bind_int(query, sending->next_at);
    db_bind_blob(query, sending->sha, HASH_SIZE);
    db_bind_int(query, sending->status);
    db_bind_text(query, sending->why);
    db_bind_blob(query, sending->answer_sha, HASH_SIZE);
    db_bind_id(query, &sending->id);
    return db_run(query, NULL);
}

int store_followup_put(struct store *store, const struct store_sending *sending, const void *answer,
                       size_t len)
{
    static const struct sending_place place = {.row = followup_update,
                                               .sealed = SEALED_FOLLOWUP_ANSWER,
                                               .keep =
                                                   "UPDATE followup SET answer = $1 WHERE id = $2"};
    return sending_put(store, &place, sending, &sending->id, answer, len);
}
