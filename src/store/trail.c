/* SPDX-License-Identifier: Apache-2.0 */
/* Trails: the events about one request, account, person or session, newest first, a page at a time.
 * Each is read from an index that has them in that order, so a trail takes as long in a book of
 * millions as in a new one. Pages go on below the last place seen, never by counting rows off. What
 * a payload says is handed on whole: who may read which of it is not decided here. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "store/trail_priv.h"

#define TRAIL_COLUMNS                                                                              \
    "e.node, e.epoch, e.seq, e.id, e.tx, e.rev, e.type, e.actor, e.centre, e.peer, e.t, e.day,"    \
    " e.form, e.payload_sha, e.payload, e.hash"

static void trail_row(struct store *store, struct query *query, struct arena *arena,
                      struct store_event *out)
{
    struct event event;
    const void *payload;
    size_t len;
    memset(out, 0, sizeof *out);
    event_read(query, &event, &payload, &len, out->hash);
    memcpy(out->id.b, event.id, ID_SIZE);
    memcpy(out->tx.b, event.tx, ID_SIZE);
    memcpy(out->form, event.form, HASH_SIZE);
    memcpy(out->payload_sha, event.payload_sha, HASH_SIZE);
    out->at.epoch = event.epoch;
    out->at.seq = event.seq;
    out->rev = event.rev;
    out->t = event.t;
    out->day = (int32_t)event.day;
    const struct {
        char *to;
        size_t size;
        const char *from;
    } text[] = {{out->type, sizeof out->type, event.type},
                {out->actor, sizeof out->actor, event.actor},
                {out->centre, sizeof out->centre, event.centre},
                {out->peer, sizeof out->peer, event.peer}};
    for (size_t i = 0; i < SND_COUNT(text); i++)
        (void)str_copy(text[i].to, text[i].size, text[i].from); /* same sizes */
    struct json *json = event_sealed_json(store, event.id, payload, len);
    if (json != NULL) {
        char *said = json_text(json, 0);
        out->payload = arena_strdup(arena, said);
        x_free(&said);
    }
    json_free(&json);
}

static int trail_take(struct store *store, struct query *query, struct rows *rows,
                      struct arena *arena)
{
    int got;
    while ((got = db_row(query)) == 1)
        trail_row(store, query, arena, rows_add(rows));
    return db_end(query, got);
}

static void bind_before(struct query *query, const struct store_place *before, size_t max)
{
    db_bind_int(query, before->epoch);
    db_bind_int(query, before->seq);
    db_bind_int(query, (int64_t)max);
}

static int trail_of_tx(struct store *store, const struct store_trail *ask, struct rows *rows,
                       struct arena *arena)
{
    struct query *query = db_query(store->db, "SELECT " TRAIL_COLUMNS " FROM event e"
                                              " WHERE e.tx = $1 AND (e.epoch, e.seq) < ($2, $3)"
                                              " ORDER BY e.epoch DESC, e.seq DESC LIMIT $4");
    db_bind_id(query, &ask->tx);
    bind_before(query, &ask->before, ask->max);
    return trail_take(store, query, rows, arena);
}

static int trail_of_subject(struct store *store, const struct subject *subject,
                            const struct store_trail *ask, struct rows *rows, struct arena *arena)
{
    /* CROSS JOIN: the subject's rows lead, in their order. */
    struct query *query =
        db_query(store->db, "SELECT " TRAIL_COLUMNS " FROM event_subject s CROSS JOIN event e"
                            " WHERE s.subject = $1 AND (s.epoch, s.seq) < ($2, $3)"
                            " AND e.node = s.node AND e.epoch = s.epoch AND e.seq = s.seq"
                            " ORDER BY s.epoch DESC, s.seq DESC LIMIT $4");
    db_bind_blob(query, subject->bytes, subject->len);
    bind_before(query, &ask->before, ask->max);
    return trail_take(store, query, rows, arena);
}

static int trail_of_actor(struct store *store, const struct store_trail *ask, struct rows *rows,
                          struct arena *arena)
{
    struct query *query = db_query(store->db, "SELECT " TRAIL_COLUMNS " FROM event e"
                                              " WHERE e.actor = $1 AND (e.epoch, e.seq) < ($2, $3)"
                                              " ORDER BY e.epoch DESC, e.seq DESC LIMIT $4");
    db_bind_text(query, ask->key);
    bind_before(query, &ask->before, ask->max);
    return trail_take(store, query, rows, arena);
}

static int newest_first(const void *a, const void *b)
{
    const struct store_event *x = a, *y = b;
    if (x->at.epoch != y->at.epoch)
        return x->at.epoch < y->at.epoch ? 1 : -1;
    return x->at.seq < y->at.seq ? 1 : x->at.seq > y->at.seq ? -1 : 0;
}

/* What an account did, and what was done to it: two lists, each of a page, made into one. */
static int trail_of_account(struct store *store, const struct store_trail *ask, struct rows *rows,
                            struct arena *arena)
{
    struct subject subject;
    subject_account(ask->key, &subject);
    int err = trail_of_actor(store, ask, rows, arena);
    if (err == 0)
        err = trail_of_subject(store, &subject, ask, rows, arena);
    if (err == 0 && rows->count > 1)
        qsort(rows->all, rows->count, rows->size, newest_first);
    if (rows->count > ask->max)
        rows->count = ask->max;
    return err;
}

static int trail_of_person(struct store *store, const struct store_trail *ask, struct rows *rows,
                           struct arena *arena)
{
    struct subject subject;
    subject_person(store, ask->key, &subject);
    return trail_of_subject(store, &subject, ask, rows, arena);
}

/* Where a session begins and ends, and who it is. An end that has not come is behind everything. */
struct stay {
    struct store_place from, to;
    char actor[48], peer[64];
};

static int session_span(struct store *store, const struct id *session, struct stay *out)
{
    int got, count = 0;
    struct query *query = db_query(store->db, "SELECT epoch, seq, type, actor, peer FROM event"
                                              " WHERE tx = $1 ORDER BY epoch, seq");
    db_bind_id(query, session);
    out->to = (struct store_place){INT64_MAX, INT64_MAX};
    while ((got = db_row(query)) == 1) {
        char type[32];
        struct store_place at = {.epoch = db_int(query)};
        at.seq = db_int(query);
        db_text(query, type, sizeof type);
        if (strcmp(type, event_word(EVENT_SESSION_CLOSED)) == 0)
            out->to = at;
        if (strcmp(type, event_word(EVENT_SESSION_OPENED)) != 0)
            continue;
        count++;
        out->from = at;
        db_text(query, out->actor, sizeof out->actor);
        db_text(query, out->peer, sizeof out->peer);
    }
    int err = db_end(query, got);
    return err == 0 && count == 0 ? SND_E_NOTFOUND : err;
}

static int place_before(const struct store_place *a, const struct store_place *b)
{
    return a->epoch < b->epoch || (a->epoch == b->epoch && a->seq < b->seq);
}

/* What its person did from its address while it lasted. The close may come from the ledger itself,
 * when nobody came back. */
static int trail_of_session(struct store *store, const struct store_trail *ask, struct rows *rows,
                            struct arena *arena)
{
    struct stay span = {0};
    int err = session_span(store, &ask->tx, &span);
    if (err != 0)
        return err;
    struct store_place end = {span.to.epoch,
                              span.to.seq == INT64_MAX ? INT64_MAX : span.to.seq + 1};
    struct query *query = db_query(store->db, "SELECT " TRAIL_COLUMNS " FROM event e"
                                              " WHERE e.actor = $1 AND (e.epoch, e.seq) < ($2, $3)"
                                              " AND (e.epoch, e.seq) >= ($4, $5) AND e.peer = $6"
                                              " ORDER BY e.epoch DESC, e.seq DESC LIMIT $7");
    const struct store_place *before = place_before(&ask->before, &end) ? &ask->before : &end;
    db_bind_text(query, span.actor);
    db_bind_int(query, before->epoch);
    db_bind_int(query, before->seq);
    db_bind_int(query, span.from.epoch);
    db_bind_int(query, span.from.seq);
    db_bind_text(query, span.peer);
    db_bind_int(query, (int64_t)ask->max);
    return trail_take(store, query, rows, arena);
}

int store_trail(struct store *store, const struct store_trail *ask, struct arena *arena,
                struct store_event **out, size_t *count)
{
    static int (*const ways[])(struct store *, const struct store_trail *, struct rows *,
                               struct arena *) = {
        [TRAIL_REQUEST] = trail_of_tx,
        [TRAIL_ACCOUNT] = trail_of_account,
        [TRAIL_PERSON] = trail_of_person,
        [TRAIL_SESSION] = trail_of_session,
    };
    struct rows rows = ROWS_OF(struct store_event);
    snd_assert((unsigned)ask->of < SND_COUNT(ways));
    int err = ways[ask->of](store, ask, &rows, arena);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_event_get(struct store *store, const struct store_place *at, struct arena *arena,
                    struct store_event *out)
{
    struct query *query = db_query(store->db, "SELECT " TRAIL_COLUMNS " FROM event e"
                                              " WHERE e.node = (SELECT node FROM office)"
                                              " AND e.epoch = $1 AND e.seq = $2");
    db_bind_int(query, at->epoch);
    db_bind_int(query, at->seq);
    int err = db_one(query);
    if (err == 0)
        trail_row(store, query, arena, out);
    return db_end(query, err);
}

int store_event_session(struct store *store, const struct store_event *event, struct id *out)
{
    struct query *query =
        db_query(store->db, "SELECT e.tx FROM event e WHERE e.actor = $1"
                            " AND (e.epoch, e.seq) <= ($2, $3) AND e.peer = $4 AND e.type = $5"
                            " ORDER BY e.epoch DESC, e.seq DESC LIMIT 1");
    db_bind_text(query, event->actor);
    db_bind_int(query, event->at.epoch);
    db_bind_int(query, event->at.seq);
    db_bind_text(query, event->peer);
    db_bind_text(query, event_word(EVENT_SESSION_OPENED));
    int err = db_one(query);
    if (err == 0)
        db_id(query, out);
    return db_end(query, err);
}

int store_request_number(struct store *store, const struct id *id, char number[24], char centre[16])
{
    struct query *query = db_query(store->db, "SELECT number, centre FROM request WHERE id = $1");
    db_bind_id(query, id);
    int err = db_one(query);
    if (err == 0) {
        db_text(query, number, 24);
        db_text(query, centre, 16);
    }
    return db_end(query, err);
}
