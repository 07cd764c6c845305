/* SPDX-License-Identifier: Apache-2.0 */
/* Trails: the events about one request, account, person or session, newest first, a page at a time.
 * Each is read from an index that has them in that order, so a trail takes as long in a book of
 * millions as in a new one. Pages go on below the last place seen, never by counting rows off. What
 * a payload says is handed on whole: who may read which of it is not decided here.
 *
 * A hub has the chains of many nodes. Within one the order is the sequence and never the clock;
 * where a trail goes through several they are merged by time, each read from where the page before
 * ended in it, which is found in its chain by halves. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"
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
    memcpy(out->at.node.b, event.node, ID_SIZE);
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

/* One node's part of a trail. */
struct part {
    struct store *store;
    const struct store_trail *ask;
    struct id node;
    struct store_place before;
    struct rows *rows;
    struct arena *arena;
};

/* An event that came from here is not told twice, when a centre has it, too. */
#define OF_NODE(n)                                                                                 \
    " AND e.node = $" #n                                                                           \
    " AND (substr(e.peer, 1, 4) <> 'hub ' OR e.node = (SELECT node FROM office))"

static void bind_before(struct query *query, const struct part *part)
{
    db_bind_int(query, part->before.epoch);
    db_bind_int(query, part->before.seq);
    db_bind_id(query, &part->node);
    db_bind_int(query, (int64_t)part->ask->max);
}

static int part_of_tx(const struct part *part)
{
    struct query *query =
        db_query(part->store->db, "SELECT " TRAIL_COLUMNS " FROM event e"
                                  " WHERE e.tx = $1 AND (e.epoch, e.seq) < ($2, $3)" OF_NODE(
                                      4) " ORDER BY e.epoch DESC, e.seq DESC LIMIT $5");
    db_bind_id(query, &part->ask->tx);
    bind_before(query, part);
    return trail_take(part->store, query, part->rows, part->arena);
}

static int part_of_subject(const struct part *part, const struct subject *subject)
{
    /* CROSS JOIN: the subject's rows lead, in their order. */
    struct query *query =
        db_query(part->store->db, "SELECT " TRAIL_COLUMNS " FROM event_subject s CROSS JOIN event e"
                                  " WHERE s.subject = $1 AND (s.epoch, s.seq) < ($2, $3)"
                                  " AND s.node = $4"
                                  " AND e.node = s.node AND e.epoch = s.epoch AND e.seq = s.seq"
                                  " ORDER BY s.epoch DESC, s.seq DESC LIMIT $5");
    db_bind_blob(query, subject->bytes, subject->len);
    bind_before(query, part);
    return trail_take(part->store, query, part->rows, part->arena);
}

static int part_of_actor(const struct part *part)
{
    struct query *query =
        db_query(part->store->db, "SELECT " TRAIL_COLUMNS " FROM event e"
                                  " WHERE e.actor = $1 AND (e.epoch, e.seq) < ($2, $3)" OF_NODE(
                                      4) " ORDER BY e.epoch DESC, e.seq DESC LIMIT $5");
    db_bind_text(query, part->ask->key);
    bind_before(query, part);
    return trail_take(part->store, query, part->rows, part->arena);
}

static int newest_first(const void *a, const void *b)
{
    const struct store_event *x = a, *y = b;
    if (x->at.epoch != y->at.epoch)
        return x->at.epoch < y->at.epoch ? 1 : -1;
    return x->at.seq < y->at.seq ? 1 : x->at.seq > y->at.seq ? -1 : 0;
}

/* What an account did, and what was done to it: two lists, each of a page, made into one. */
static int part_of_account(const struct part *part)
{
    struct subject subject;
    size_t first = part->rows->count;
    subject_account(part->ask->key, &subject);
    int err = part_of_actor(part);
    if (err == 0)
        err = part_of_subject(part, &subject);
    struct store_event *all = part->rows->all;
    if (err == 0 && part->rows->count > first + 1)
        qsort(all + first, part->rows->count - first, sizeof *all, newest_first);
    if (part->rows->count > first + part->ask->max)
        part->rows->count = first + part->ask->max;
    return err;
}

static int part_of_person(const struct part *part)
{
    struct subject subject;
    subject_person(part->store, part->ask->key, &subject);
    return part_of_subject(part, &subject);
}

/* ---- whose chains a trail goes through ---- */

static int nodes_take(struct query *query, struct rows *nodes)
{
    int got;
    while ((got = db_row(query)) == 1) {
        const struct id *all = nodes->all;
        struct id node;
        size_t i = 0;
        db_id(query, &node);
        while (i < nodes->count && !id_equal(&all[i], &node))
            i++;
        if (i == nodes->count)
            *(struct id *)rows_add(nodes) = node;
    }
    return db_end(query, got);
}

static int nodes_of_tx(struct store *store, const struct store_trail *ask, struct rows *nodes)
{
    struct query *query = db_query(store->db, "SELECT node FROM event WHERE tx = $1");
    db_bind_id(query, &ask->tx);
    return nodes_take(query, nodes);
}

static int nodes_of_person(struct store *store, const struct store_trail *ask, struct rows *nodes)
{
    struct subject subject;
    subject_person(store, ask->key, &subject);
    struct query *query = db_query(store->db, "SELECT node FROM event_subject WHERE subject = $1");
    db_bind_blob(query, subject.bytes, subject.len);
    return nodes_take(query, nodes);
}

static int nodes_own(struct store *store, struct rows *nodes)
{
    return nodes_take(db_query(store->db, "SELECT node FROM office"), nodes);
}

/* Another centre may have somebody else of that name. */
static int nodes_of_account(struct store *store, const struct store_trail *ask, struct rows *nodes)
{
    int err = nodes_own(store, nodes);
    if (err != 0)
        return err;
    struct query *query =
        db_query(store->db, "SELECT n.id FROM account a CROSS JOIN node n WHERE a.account = $1"
                            " AND n.centre = a.centre");
    db_bind_text(query, ask->key);
    return nodes_take(query, nodes);
}

/* Most offices have no chain but their own. */
static int nodes_of(struct store *store, const struct store_trail *ask, struct rows *nodes)
{
    static int (*const ways[])(struct store *, const struct store_trail *, struct rows *) = {
        [TRAIL_REQUEST] = nodes_of_tx,
        [TRAIL_ACCOUNT] = nodes_of_account,
        [TRAIL_PERSON] = nodes_of_person,
    };
    struct query *query = db_query(store->db, "SELECT 1 FROM node LIMIT 1");
    int err = db_end(query, db_one(query));
    if (err == SND_E_NOTFOUND)
        return nodes_own(store, nodes);
    return err != 0 ? err : ways[ask->of](store, ask, nodes);
}

/* ---- where a page goes on in another chain than the one that it ended in ---- */

static int time_at(struct store *store, const struct id *node, int64_t epoch, int64_t seq,
                   int64_t *t)
{
    struct query *query =
        db_query(store->db, "SELECT t FROM event WHERE node = $1 AND epoch = $2 AND seq = $3");
    db_bind_id(query, node);
    db_bind_int(query, epoch);
    db_bind_int(query, seq);
    int err = db_one(query);
    if (err == 0)
        *t = db_int(query);
    return db_end(query, err);
}

/* The newest epoch of that node before one, and how long it is. */
static int epoch_before(struct store *store, const struct id *node, int64_t epoch,
                        struct store_place *out)
{
    struct query *query = db_query(store->db, "SELECT epoch, seq FROM head WHERE node = $1"
                                              " AND epoch < $2 ORDER BY epoch DESC LIMIT 1");
    db_bind_id(query, node);
    db_bind_int(query, epoch);
    int err = db_one(query);
    if (err == 0) {
        out->epoch = db_int(query);
        out->seq = db_int(query);
    }
    return db_end(query, err);
}

/* How many of an epoch's events are older than t. */
static int count_older(struct store *store, const struct id *node, const struct store_place *end,
                       int64_t t, int64_t *count)
{
    int64_t least = 0, most = end->seq, at;
    int err = 0;
    while (least < most && err == 0) {
        int64_t middle = least + (most - least + 1) / 2;
        err = time_at(store, node, end->epoch, middle, &at);
        if (at < t)
            least = middle;
        else
            most = middle - 1;
    }
    *count = least;
    return err;
}

/* The place behind a node's last event that is older than t. */
static int place_of_time(struct store *store, const struct id *node, int64_t t,
                         struct store_place *out)
{
    struct store_place end = {.epoch = INT64_MAX};
    int64_t older = 0;
    int err;
    *out = (struct store_place){0};
    while ((err = epoch_before(store, node, end.epoch, &end)) == 0) {
        err = count_older(store, node, &end, t, &older);
        if (err != 0 || older > 0)
            break;
    }
    if (err == 0)
        *out = (struct store_place){end.epoch, older + 1};
    return err == SND_E_NOTFOUND ? 0 : err;
}

/* Where the part of a trail begins that is in this chain. Of two nodes' events of the same moment
 * the greater node's come first. */
static int part_begin(struct part *part)
{
    struct store_where from = part->ask->before;
    int64_t t = 0;
    part->before = (struct store_place){from.epoch, from.seq};
    int err = id_is_zero(&from.node) ? feed_office(part->store, &from.node) : 0;
    if (err != 0 || from.seq == INT64_MAX || id_equal(&from.node, &part->node))
        return err;
    err = time_at(part->store, &from.node, from.epoch, from.seq, &t);
    int later = memcmp(part->node.b, from.node.b, ID_SIZE) < 0;
    return err != 0 ? err : place_of_time(part->store, &part->node, t + later, &part->before);
}

/* ---- merging ---- */

/* Of two heads the one that is told first. */
static int is_newer(const struct store_event *a, const struct store_event *b)
{
    if (a->t != b->t)
        return a->t > b->t;
    return memcmp(a->at.node.b, b->at.node.b, ID_SIZE) > 0;
}

/* The parts lie one behind the other, each in its order. */
static void merge(struct rows *rows, const size_t *begin, size_t parts, size_t max,
                  struct rows *out)
{
    const struct store_event *all = rows->all;
    size_t *at = x_alloc((parts + 1) * sizeof *at);
    memcpy(at, begin, (parts + 1) * sizeof *at);
    while (out->count < max) {
        size_t best = parts;
        for (size_t i = 0; i < parts; i++)
            if (at[i] < begin[i + 1] && (best == parts || is_newer(&all[at[i]], &all[at[best]])))
                best = i;
        if (best == parts)
            break;
        struct store_event *row = rows_add(out);
        *row = all[at[best]++];
    }
    x_free(&at);
}

static int trail_of_nodes(struct store *store, const struct store_trail *ask,
                          const struct rows *nodes, int (*way)(const struct part *part),
                          struct rows *out, struct arena *arena)
{
    struct rows rows = ROWS_OF(struct store_event);
    size_t *begin = x_alloc((nodes->count + 1) * sizeof *begin);
    int err = 0;
    for (size_t i = 0; i < nodes->count && err == 0; i++) {
        struct part part = {.store = store,
                            .ask = ask,
                            .node = ((const struct id *)nodes->all)[i],
                            .rows = &rows,
                            .arena = arena};
        err = part_begin(&part);
        if (err == 0)
            err = way(&part);
        begin[i + 1] = rows.count;
    }
    if (err == 0)
        merge(&rows, begin, nodes->count, ask->max, out);
    x_free(&rows.all);
    x_free(&begin);
    return err;
}

/* Where a session begins and ends, and who it is. An end that has not come is behind everything. */
struct stay {
    struct id node;
    struct store_place from, to;
    char actor[48], peer[64];
};

static int session_span(struct store *store, const struct id *session, struct stay *out)
{
    int got, count = 0;
    struct query *query = db_query(store->db, "SELECT epoch, seq, type, actor, peer, node"
                                              " FROM event WHERE tx = $1 ORDER BY epoch, seq");
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
        db_id(query, &out->node);
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
                                              " AND e.node = $7"
                                              " ORDER BY e.epoch DESC, e.seq DESC LIMIT $8");
    const struct store_place asked = {ask->before.epoch, ask->before.seq};
    const struct store_place *before = place_before(&asked, &end) ? &asked : &end;
    db_bind_text(query, span.actor);
    db_bind_int(query, before->epoch);
    db_bind_int(query, before->seq);
    db_bind_int(query, span.from.epoch);
    db_bind_int(query, span.from.seq);
    db_bind_text(query, span.peer);
    db_bind_id(query, &span.node);
    db_bind_int(query, (int64_t)ask->max);
    return trail_take(store, query, rows, arena);
}

int store_trail(struct store *store, const struct store_trail *ask, struct arena *arena,
                struct store_event **out, size_t *count)
{
    static int (*const ways[])(const struct part *part) = {
        [TRAIL_REQUEST] = part_of_tx,
        [TRAIL_ACCOUNT] = part_of_account,
        [TRAIL_PERSON] = part_of_person,
    };
    struct rows rows = ROWS_OF(struct store_event), nodes = ROWS_OF(struct id);
    snd_assert((unsigned)ask->of < TRAIL_KINDS);
    int err = ask->of == TRAIL_SESSION ? trail_of_session(store, ask, &rows, arena)
                                       : nodes_of(store, ask, &nodes);
    if (err == 0 && ask->of != TRAIL_SESSION)
        err = trail_of_nodes(store, ask, &nodes, ways[ask->of], &rows, arena);
    x_free(&nodes.all);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_event_get(struct store *store, const struct store_where *at, struct arena *arena,
                    struct store_event *out)
{
    struct id node = at->node;
    int err = id_is_zero(&node) ? feed_office(store, &node) : 0;
    if (err != 0)
        return err;
    struct query *query = db_query(store->db, "SELECT " TRAIL_COLUMNS " FROM event e"
                                              " WHERE e.node = $1 AND e.epoch = $2 AND e.seq = $3");
    db_bind_id(query, &node);
    db_bind_int(query, at->epoch);
    db_bind_int(query, at->seq);
    err = db_one(query);
    if (err == 0)
        trail_row(store, query, arena, out);
    return db_end(query, err);
}

int store_event_session(struct store *store, const struct store_event *event, struct id *out)
{
    struct query *query =
        db_query(store->db, "SELECT e.tx FROM event e WHERE e.actor = $1"
                            " AND (e.epoch, e.seq) <= ($2, $3) AND e.peer = $4 AND e.type = $5"
                            " AND e.node = $6 ORDER BY e.epoch DESC, e.seq DESC LIMIT 1");
    db_bind_text(query, event->actor);
    db_bind_int(query, event->at.epoch);
    db_bind_int(query, event->at.seq);
    db_bind_text(query, event->peer);
    db_bind_text(query, event_word(EVENT_SESSION_OPENED));
    db_bind_id(query, &event->at.node);
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
