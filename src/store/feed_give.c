/* SPDX-License-Identifier: Apache-2.0 */
/* Giving events to the other side: a centre's chain up, or back to a centre that lost its book, and
 * what concerns a centre down. Each is read by its place from an index, so giving takes as long in
 * a book of millions as in a new one. A run that is cut anywhere goes on by the bytes that were had
 * of it, so one event may be larger than a frame. */
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"

#define GIVE_PAYLOAD_MAX (32 * 1024 * 1024)
#define RECORD_MORE 4096 /* what a record has besides its payload */

/* Where the bytes go: the first `skip` are passed over, then at most `room` are kept. */
struct giving {
    struct store *store;
    struct buf *run;
    size_t skip, room;
    int full; /* there was more than fits */
};

/* 1 when the record has gone out to its end. */
static int give_bytes(struct giving *giving, const struct buf *record)
{
    size_t from = giving->skip < record->len ? giving->skip : record->len;
    size_t left = record->len - from;
    size_t take = left < giving->room ? left : giving->room;
    giving->skip -= from;
    giving->room -= take;
    buf_put(giving->run, record->data + from, take);
    giving->full = take < left;
    return !giving->full;
}

/* What stayed of an event whose payload was purged, as text. */
static char *give_kept(struct store *store, const struct event *event)
{
    struct json *kept = NULL;
    if (purge_kept(store, event, &kept) != 0)
        return x_strdup("");
    char *text = json_text(kept, 0);
    json_free(&kept);
    return text;
}

/* Puts an event whole. The payload of one that came from the hub lies with the hub's own. */
static int give_whole(struct store *store, const struct event *event, const void *sealed,
                      size_t len, struct buf *record)
{
    struct buf plain = BUF_INIT(GIVE_PAYLOAD_MAX);
    struct event own = *event;
    struct store_place from;
    char *kept = NULL;
    int err = event_payload(store, event->id, sealed, len, &plain);
    if (err == 0 && sealed == NULL && feed_relayed(event->peer, &from)) {
        err = event_own(store, event->id, &own, &plain);
        err = err == SND_E_NOTFOUND ? 0 : err;
    }
    if (err == 0 && plain.len == 0)
        kept = give_kept(store, &own);
    if (err == 0)
        feed_record_put(record, event, plain.data, plain.len, kept);
    if (err == 0 && record->failed)
        err = SND_E_LIMIT;
    x_free(&kept);
    buf_free(&plain);
    return err;
}

/* ---- a chain ---- */

/* The epoch that comes after one: 0 or SND_E_NOTFOUND. */
static int chain_next(struct store *store, const struct id *node, int64_t epoch, int64_t *next)
{
    struct query *query = db_query(store->db, "SELECT epoch FROM head WHERE node = $1"
                                              " AND epoch > $2 ORDER BY epoch LIMIT 1");
    db_bind_id(query, node);
    db_bind_int(query, epoch);
    int err = db_one(query);
    if (err == 0)
        *next = db_int(query);
    return db_end(query, err);
}

int store_feed_head(struct store *store, const struct id *node, struct store_feed_head *out)
{
    memset(out, 0, sizeof *out);
    struct query *query = db_query(store->db, "SELECT epoch, seq, hash FROM head WHERE node = $1"
                                              " ORDER BY epoch DESC LIMIT 1");
    db_bind_id(query, node);
    int err = db_one(query);
    if (err == 0) {
        out->at.epoch = db_int(query);
        out->at.seq = db_int(query);
        db_blob(query, out->hash, HASH_SIZE);
    }
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? 0 : err;
}

/* Where giving begins: the place itself, or the beginning of the next epoch; the other side may
 * have more of the one before than a backup that was put back. */
static int up_begin(struct store *store, const struct id *node, const struct store_place *after,
                    struct store_feed_run *out, int64_t *end)
{
    struct store_place at = *after;
    int64_t next;
    *end = 0;
    int err = at.epoch == 0 ? 0 : event_head_get(store, node->b, at.epoch, end, out->hash);
    if (err == SND_E_NOTFOUND)
        return SND_E_CONFLICT;
    if (err == 0 && at.seq >= *end && chain_next(store, node, at.epoch, &next) == 0) {
        at = (struct store_place){.epoch = next};
        err = event_head_get(store, node->b, next, end, out->hash);
    } else if (err == 0 && at.seq > *end) {
        err = SND_E_CONFLICT;
    }
    out->epoch = at.epoch;
    out->first = at.seq + 1;
    out->last = at.seq;
    return err;
}

static int up_before(struct store *store, const struct id *node, struct store_feed_run *out)
{
    struct event event;
    struct buf payload = BUF_INIT(GIVE_PAYLOAD_MAX);
    int err = 0;
    memset(out->before, 0, HASH_SIZE);
    if (out->first > 1)
        err = event_at(store, node->b, out->epoch, out->first - 1, &event, &payload, out->before);
    memcpy(out->hash, out->before, HASH_SIZE);
    buf_free(&payload);
    return err;
}

static int up_one(struct giving *giving, struct query *walk, int whole, struct store_feed_run *out)
{
    struct event event;
    struct store_place from;
    const void *sealed;
    size_t len;
    uint8_t hash[HASH_SIZE];
    int err = 0;
    event_read(walk, &event, &sealed, &len, hash);
    struct buf record = BUF_INIT(GIVE_PAYLOAD_MAX + RECORD_MORE);
    if (!whole && feed_relayed(event.peer, &from))
        feed_record_put_relayed(&record, &from);
    else
        err = give_whole(giving->store, &event, sealed, len, &record);
    if (err == 0 && give_bytes(giving, &record)) {
        out->last = event.seq;
        memcpy(out->hash, hash, HASH_SIZE);
    }
    buf_free(&record);
    return err;
}

int store_feed_up(struct store *store, const struct id *node, const struct store_place *after,
                  size_t skip, size_t max, int whole, struct buf *run, struct store_feed_run *out)
{
    struct giving giving = {.store = store, .run = run, .skip = skip, .room = max};
    int64_t end;
    int got = 0;
    memset(out, 0, sizeof *out);
    int err = up_begin(store, node, after, out, &end);
    if (err == 0)
        err = up_before(store, node, out);
    if (err != 0)
        return err;
    struct query *walk = db_query(store->db, "SELECT " RECORD_COLUMNS " FROM event WHERE node = $1"
                                             " AND epoch = $2 AND seq >= $3 ORDER BY seq");
    db_bind_id(walk, node);
    db_bind_int(walk, out->epoch);
    db_bind_int(walk, out->first);
    while (err == 0 && !giving.full && giving.room > 0 && (got = db_row(walk)) == 1)
        err = up_one(&giving, walk, whole, out);
    err = db_end(walk, err != 0 ? err : got < 0 ? got : 0);
    int64_t next;
    out->more = out->last < end || chain_next(store, node, out->epoch, &next) == 0;
    return err;
}

/* ---- our own, and what of it the hub hasn't got ---- */

static int own_waiting(struct store *store, const struct id *node, struct store_feed_head *out)
{
    struct query *query =
        db_query(store->db, "SELECT COUNT(*), CAST(COALESCE(MIN(CASE WHEN type ="
                            " 'request.submitted' THEN t END), 0) AS BIGINT),"
                            " CAST(COALESCE(SUM(CASE WHEN type = 'request.submitted' THEN 1 ELSE 0"
                            " END), 0) AS BIGINT) FROM event"
                            " WHERE node = $1 AND (epoch, seq) > ($2, $3)");
    db_bind_id(query, node);
    db_bind_int(query, out->acked.epoch);
    db_bind_int(query, out->acked.seq);
    int err = db_one(query);
    if (err == 0) {
        out->waiting = db_int(query);
        out->oldest = db_int(query);
        out->requests = db_int(query);
    }
    return db_end(query, err);
}

int store_feed_own(struct store *store, struct store_feed_head *out)
{
    struct store_line line = {0};
    struct id node;
    int err = feed_office(store, &node);
    if (err == 0)
        err = store_feed_head(store, &node, out);
    if (err != 0)
        return err;
    err = store_line_get(store, &line);
    if (err == SND_E_NOTFOUND || (err == 0 && line.url[0] == '\0'))
        return 0;
    if (err != 0)
        return err;
    out->down = line.down;
    out->acked = line.acked;
    return own_waiting(store, &node, out);
}

/* ---- down ---- */

/* The next place in one of the feeds: 0 or SND_E_NOTFOUND. */
static int down_next(struct store *store, const char *dest, const struct store_place *after,
                     struct store_place *out)
{
    struct query *query = db_query(
        store->db, "SELECT epoch, seq FROM feed WHERE dest = $1 AND (epoch, seq) > ($2, $3)"
                   " ORDER BY epoch, seq LIMIT 1");
    db_bind_text(query, dest);
    db_bind_int(query, after->epoch);
    db_bind_int(query, after->seq);
    int err = db_one(query);
    if (err == 0) {
        out->epoch = db_int(query);
        out->seq = db_int(query);
    }
    return db_end(query, err);
}

/* The next of a centre's three feeds: its own, its governorate's, everybody's. 1, 0 or an error. */
static int down_step(struct store *store, const char *centre, const struct store_place *after,
                     struct store_place *out)
{
    char governorate[FEED_GOVERNORATE + 1];
    const char *const dest[] = {centre, governorate, "*"};
    struct store_place at;
    int got = 0;
    (void)str_format(governorate, sizeof governorate, "%.*s", FEED_GOVERNORATE, centre);
    for (size_t i = 0; i < SND_COUNT(dest); i++) {
        int err = down_next(store, dest[i], after, &at);
        if (err != 0 && err != SND_E_NOTFOUND)
            return err;
        if (err == 0 && (!got || place_order(&at, out) < 0))
            *out = at;
        got = got || err == 0;
    }
    return got;
}

static int down_one(struct giving *giving, const struct id *node, const struct store_place *at)
{
    struct buf plain = BUF_INIT(GIVE_PAYLOAD_MAX);
    struct buf body = BUF_INIT(GIVE_PAYLOAD_MAX + RECORD_MORE), record = BUF_INIT(body.max + 32);
    struct event event;
    uint8_t hash[HASH_SIZE];
    char *kept = NULL;
    int err = event_at(giving->store, node->b, at->epoch, at->seq, &event, &plain, hash);
    if (err == 0) {
        if (plain.len == 0)
            kept = give_kept(giving->store, &event);
        feed_record_put(&body, &event, plain.data, plain.len, kept);
        wire_put_u32(&record, (uint32_t)(body.len - 4 + 16));
        wire_put_i64(&record, at->epoch);
        wire_put_i64(&record, at->seq);
        buf_put(&record, body.data + 4, body.len - 4);
        if (body.failed || record.failed)
            err = SND_E_LIMIT;
    }
    if (err == 0)
        err = give_bytes(giving, &record);
    x_free(&kept);
    buf_free(&plain);
    buf_free(&body);
    buf_free(&record);
    return err;
}

int store_feed_down(struct store *store, const char *centre, const struct store_place *after,
                    size_t skip, size_t max, struct buf *run, struct store_place *at, int *more)
{
    struct giving giving = {.store = store, .run = run, .skip = skip, .room = max};
    struct store_place next;
    struct id node;
    int got = 1, err = feed_office(store, &node);
    *at = *after;
    *more = 0;
    while (err == 0 && (got = down_step(store, centre, at, &next)) == 1) {
        if (giving.room == 0) {
            *more = 1;
            break;
        }
        int whole = down_one(&giving, &node, &next);
        if (whole == 1)
            *at = next;
        else if (whole < 0)
            err = whole;
        else {
            *more = 1;
            break;
        }
    }
    return err != 0 ? err : got < 0 ? got : 0;
}

int store_feed_news(struct store *store, const struct store_place *after, struct arena *arena,
                    char ***dest, size_t *count)
{
    struct rows rows = ROWS_OF(char *);
    struct store_place last = {0};
    int got;
    /* Each destination's newest place, by stepping from one to the next in the index. */
    char at[16] = "";
    int err = 0;
    for (;;) {
        struct query *query = db_query(
            store->db, "SELECT dest, epoch, seq FROM feed WHERE dest = (SELECT MIN(dest)"
                       " FROM feed WHERE dest > $1) ORDER BY epoch DESC, seq DESC LIMIT 1");
        db_bind_text(query, at);
        got = db_one(query);
        if (got == 0) {
            db_text(query, at, sizeof at);
            last.epoch = db_int(query);
            last.seq = db_int(query);
        }
        err = db_end(query, got);
        if (err != 0)
            break;
        if (place_order(&last, after) > 0)
            *(char **)rows_add(&rows) = arena_strdup(arena, at);
    }
    *dest = rows_take(&rows, arena, count);
    return err == SND_E_NOTFOUND ? 0 : err;
}
