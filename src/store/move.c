/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of a request after it was submitted: its moves from state to state, and which
 * officer of its agency has it. Each is one event that carries the revision it makes; the row takes
 * it only when it has the one before, so of two people who act on the same sight of a request one
 * is told that the other was first. The fact of the request takes the new state in the same
 * transaction.
 *
 * Who may make which move is not decided here (book/moves.def), nor who reaches which request. Only
 * what a centre may say to its hub of its own requests is: there nobody has asked the table. */
#include <string.h>
#include "base/err.h"
#include "store/move_priv.h"
#include "store/outbox_priv.h"
#include "store/seat_priv.h"
#include "store/tally_priv.h"

/* What a move changes of a row, and where its fact is. */
struct moving {
    int64_t day, fact, rev, fee_due;
    char centre[16], holder[16], state[16], officer[33], ack[64];
    enum { MOVE_NEXT, MOVE_ANYHOW, MOVE_LOST } how;
};

/* Where an event comes from: our own chain's next, the hub's, which stands whatever we have, or a
 * centre's at its hub. */
enum source { SOURCE_OWN, SOURCE_HUB, SOURCE_CENTRE };
static int source_of(struct store *store, const struct event *event, enum source *out)
{
    struct store_place from;
    struct id own;
    int err = feed_office(store, &own);
    *out = feed_relayed(event->peer, &from)           ? SOURCE_HUB
           : memcmp(own.b, event->node, ID_SIZE) == 0 ? SOURCE_OWN
                                                      : SOURCE_CENTRE;
    return err;
}

/* What a centre may do to a request that its hub has, by the states that it may come from. */
static const struct {
    const char *from, *to;
} centre_moves[] = {
    {"at_hub", "cancelled"},    {"queued", "cancelled"}, {"send_failed", "cancelled"},
    {"need_docs", "in_review"}, {"fee_due", "paid"},     {"approved", "delivered"},
    {"rejected", "closed"},     {"delivered", "closed"},
};

int move_of_centre(const char *state)
{
    for (size_t i = 0; i < SND_COUNT(centre_moves); i++)
        if (strcmp(centre_moves[i].from, state) == 0)
            return 1;
    return 0;
}

static int centre_may(const struct moving *moving, const struct event *event,
                      const struct json *payload)
{
    if (moving->rev != event->rev - 1 || strcmp(moving->holder, event->centre) != 0)
        return 0;
    for (size_t i = 0; i < SND_COUNT(centre_moves); i++)
        if (strcmp(centre_moves[i].from, moving->state) == 0 &&
            strcmp(centre_moves[i].to, event_text(payload, "state")) == 0)
            return 1;
    return 0;
}

static int moving_get(struct store *store, const struct event *event, const struct json *payload,
                      struct moving *out)
{
    enum source source;
    memset(out, 0, sizeof *out);
    struct query *query = db_query(store->db, "SELECT day, fact, rev, fee_due, centre, state,"
                                              " officer, ack, holder FROM request WHERE id = $1");
    db_bind_blob(query, event->tx, ID_SIZE);
    int err = db_one(query);
    if (err == 0) {
        out->day = db_int(query);
        out->fact = db_int(query);
        out->rev = db_int(query);
        out->fee_due = db_int(query);
        db_text(query, out->centre, sizeof out->centre);
        db_text(query, out->state, sizeof out->state);
        db_text(query, out->officer, sizeof out->officer);
        db_text(query, out->ack, sizeof out->ack);
        db_text(query, out->holder, sizeof out->holder);
    }
    err = db_end(query, err);
    if (err == 0)
        err = source_of(store, event, &source);
    if (err != 0)
        return err;
    if (source == SOURCE_CENTRE && !centre_may(out, event, payload))
        out->how = MOVE_LOST;
    else if (source == SOURCE_HUB)
        out->how = MOVE_ANYHOW;
    return source == SOURCE_OWN && out->rev != event->rev - 1 ? SND_E_CONFLICT : 0;
}

static int moving_put(struct store *store, const struct event *event, const struct moving *moving)
{
    struct query *query =
        db_query(store->db, "UPDATE request SET rev = $1, changed = $2, fee_due = $3, state = $4,"
                            " officer = $5, ack = $6 WHERE id = $7");
    db_bind_int(query, event->rev);
    db_bind_int(query, event->t);
    db_bind_int(query, moving->fee_due);
    db_bind_text(query, moving->state);
    db_bind_text(query, moving->officer);
    db_bind_text(query, moving->ack);
    db_bind_blob(query, event->tx, ID_SIZE);
    return db_run(query, NULL);
}

int move_apply(struct store *store, const struct event *event, const struct json *payload)
{
    struct moving moving;
    const char *ack = event_text(payload, "ack");
    int err = moving_get(store, event, payload, &moving);
    if (err != 0)
        return err;
    if (moving.how == MOVE_LOST)
        return clash_put(store, event->tx, event->id, event_text(payload, "state"), event->t);
    moving.fee_due = json_get_int(payload, "fee", moving.fee_due);
    err = str_copy(moving.state, sizeof moving.state, event_text(payload, "state"));
    if (err == 0 && ack[0] != '\0')
        err = str_copy(moving.ack, sizeof moving.ack, ack);
    if (err != 0)
        return SND_E_BAD;
    err = moving_put(store, event, &moving);
    return err != 0 ? err
                    : tally_restate(store->db, (int32_t)moving.day, moving.centre, moving.fact,
                                    moving.state);
}

int move_restate(struct store *store, const struct event *event, const char *state)
{
    struct moving moving;
    struct event any = *event;
    int err = moving_get(store, &any, NULL, &moving);
    if (err != 0 && err != SND_E_CONFLICT)
        return err;
    if (str_copy(moving.state, sizeof moving.state, state) != 0)
        return SND_E_BAD;
    err = moving_put(store, event, &moving);
    return err != 0 ? err
                    : tally_restate(store->db, (int32_t)moving.day, moving.centre, moving.fact,
                                    moving.state);
}

int move_apply_assigned(struct store *store, const struct event *event, const struct json *payload)
{
    struct moving moving;
    int err = moving_get(store, event, payload, &moving);
    if (err == 0 && moving.how == MOVE_LOST)
        return clash_put(store, event->tx, event->id, moving.state, event->t);
    if (err == 0)
        err = str_copy(moving.officer, sizeof moving.officer, event_text(payload, "account"));
    return err != 0 ? err : moving_put(store, event, &moving);
}

/* A payload's member, left out when there is nothing to say. */
static void move_put_text(struct json *payload, const char *member, const char *text)
{
    if (text[0] != '\0')
        json_put_text(payload, member, text);
}

/* The old value beside the new one, for trails. */
static void move_put_was(struct json *payload, const char *member, const char *text)
{
    struct json *was = json_new_object();
    json_put_text(was, member, text);
    json_put(payload, "was", was);
}

static struct json *move_payload(const struct store_request *request, const struct store_move *move)
{
    struct json *payload = json_new_object();
    json_put_text(payload, "number", request->number);
    json_put_text(payload, "state", move->state);
    move_put_was(payload, "state", request->state);
    json_put_text(payload, "by", move->by);
    move_put_text(payload, "why", move->why);
    move_put_text(payload, "note", move->note);
    move_put_text(payload, "ack", move->ack);
    if (move->fee > 0)
        json_put_int(payload, "fee", move->fee);
    move_put_text(payload, "documents", move->documents);
    return payload;
}

/* Keeps the event, and reads the row that it made. move: what its agency may have to be told of. */
static int move_append(struct store *store, enum event_type type, struct store_request *request,
                       const struct store_actor *actor, const struct json *payload,
                       const struct store_move *move)
{
    char to[2 * sizeof request->centre + 1], number[sizeof request->number];
    char from[sizeof request->state];
    memcpy(from, request->state, sizeof from);
    int moved = strcmp(request->centre, request->holder) != 0;
    int cut = str_format(to, sizeof to, "%s%s%s", request->centre, moved ? " " : "",
                         moved ? request->holder : "");
    snd_assert(cut == 0);
    struct event_about about = {
        .tx = request->id, .rev = request->rev + 1, .form = request->sha, .to = to};
    int err = event_append(store, type, actor, &about, payload);
    if (err == 0)
        err = seat_follow(store, &request->id, actor);
    memcpy(number, request->number, sizeof number);
    if (err == 0)
        err = store_request_row(store, &store_reach_all, number, request);
    return err != 0 || move == NULL ? err : followup_note_own(store, request, from, move, actor);
}

int move_keep(struct store *store, struct store_request *request, const struct store_move *move,
              const struct store_actor *actor)
{
    struct json *payload = move_payload(request, move);
    int err = move_append(store, EVENT_REQUEST_MOVED, request, actor, payload, move);
    json_free(&payload);
    return err;
}

int store_request_move(struct store *store, struct store_request *request,
                       const struct store_move *move, const struct store_actor *actor)
{
    int err = store_write_begin(store);
    return err != 0 ? err : store_write_end(store, move_keep(store, request, move, actor));
}

int store_request_assign(struct store *store, struct store_request *request, const char *account,
                         const struct store_actor *actor)
{
    struct json *payload = json_new_object();
    json_put_text(payload, "number", request->number);
    json_put_text(payload, "account", account);
    move_put_was(payload, "account", request->officer);
    int err = store_write_begin(store);
    if (err == 0)
        err = store_write_end(
            store, move_append(store, EVENT_REQUEST_ASSIGNED, request, actor, payload, NULL));
    json_free(&payload);
    return err;
}
