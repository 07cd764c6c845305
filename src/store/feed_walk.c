/* SPDX-License-Identifier: Apache-2.0 */
/* A run that a centre sent, record by record: each becomes the event that it must be at the centre,
 * with the hash that follows from the one before. One that came from the hub is made anew from the
 * hub's own. Judging a run writes nothing. */
#include <string.h>
#include "base/err.h"
#include "store/feed_take_priv.h"

void taking_begin(struct taking_walk *walk, const struct store_feed_taking *taking)
{
    *walk = (struct taking_walk){.taking = taking, .seq = taking->first - 1};
    memcpy(walk->hash, taking->before, HASH_SIZE);
}

/* The hub's event that a short record names, as the centre has it. SND_E_NOTFOUND. */
static int rebuild(struct store *store, struct feed_record *record)
{
    struct buf payload = BUF_INIT(FEED_RECORD_MAX);
    uint8_t hash[HASH_SIZE];
    struct id own;
    int err = feed_office(store, &own);
    if (err == 0)
        err = event_at(store, own.b, record->from.epoch, record->from.seq, &record->event, &payload,
                       hash);
    feed_peer(&record->from, record->event.peer);
    buf_free(&payload);
    return err;
}

int taking_next(struct store *store, struct taking_walk *walk, struct feed_record *record)
{
    const struct store_feed_taking *taking = walk->taking;
    struct wire body;
    size_t whole;
    *record = (struct feed_record){0};
    int got =
        feed_record_next(taking->run + walk->offset, taking->len - walk->offset, &body, &whole);
    if (got == 0 && walk->offset < taking->len)
        return SND_E_BAD;
    if (got <= 0)
        return got;
    if (feed_record_get(&body, record) != 0)
        return SND_E_BAD;
    if (record->relayed) {
        int err = rebuild(store, record);
        if (err != 0)
            return err;
    }
    memcpy(record->event.node, taking->node.b, ID_SIZE);
    record->event.epoch = taking->epoch;
    record->event.seq = ++walk->seq;
    uint8_t previous[HASH_SIZE];
    memcpy(previous, walk->hash, HASH_SIZE);
    event_hash(previous, &record->event, walk->hash);
    walk->offset += whole;
    return 1;
}

/* ---- what is known here of a chain ---- */

int taken_hash(struct store *store, const struct id *node, int64_t epoch, int64_t seq,
               uint8_t hash[HASH_SIZE])
{
    struct query *query =
        db_query(store->db, "SELECT hash FROM event WHERE node = $1 AND epoch = $2 AND seq = $3");
    db_bind_id(query, node);
    db_bind_int(query, epoch);
    db_bind_int(query, seq);
    int err = db_one(query);
    if (err == 0)
        db_blob(query, hash, HASH_SIZE);
    return db_end(query, err);
}

int taken_end(struct store *store, const struct id *node, int64_t epoch, int64_t *seq)
{
    struct query *query =
        db_query(store->db, "SELECT seq FROM head WHERE node = $1 AND epoch = $2");
    *seq = 0;
    db_bind_id(query, node);
    db_bind_int(query, epoch);
    int err = db_one(query);
    if (err == 0)
        *seq = db_int(query);
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? 0 : err;
}

struct judge {
    struct store *store;
    const struct store_feed_taking *taking;
    struct store_feed_head known; /* the newest epoch of it */
    int64_t have;                 /* of the run's epoch */
    enum feed_code code;
};

static int hash_is(struct judge *judge, int64_t seq, const uint8_t hash[HASH_SIZE])
{
    uint8_t known[HASH_SIZE] = {0};
    if (seq == 0)
        return memcmp(known, hash, HASH_SIZE) == 0;
    return taken_hash(judge->store, &judge->taking->node, judge->taking->epoch, seq, known) == 0 &&
           memcmp(known, hash, HASH_SIZE) == 0;
}

/* A first epoch begins with the office's making; a later one with the event that names an end, or
 * an earlier place, of the chain that is known here. */
static int begins_well(struct judge *judge, const struct feed_record *first)
{
    uint8_t named[HASH_SIZE], known[HASH_SIZE];
    if (judge->known.at.epoch == 0)
        return strcmp(first->event.type, event_word(EVENT_OFFICE_MADE)) == 0;
    if (strcmp(first->event.type, event_word(EVENT_NODE_RESTORED)) != 0)
        return 0;
    struct json *json = event_json(first->payload, first->len);
    int well = json != NULL && hex_parse(event_text(json, "hash"), named, HASH_SIZE) == 0 &&
               taken_hash(judge->store, &judge->taking->node, json_get_int(json, "epoch", 0),
                          json_get_int(json, "seq", 0), known) == 0 &&
               memcmp(named, known, HASH_SIZE) == 0;
    json_free(&json);
    return well;
}

/* How one record agrees with what is here. */
static void judge_record(struct judge *judge, const struct taking_walk *walk,
                         const struct feed_record *record)
{
    if (walk->seq <= judge->have) {
        if ((walk->seq == judge->have || walk->offset == judge->taking->len) &&
            !hash_is(judge, walk->seq, walk->hash))
            judge->code = FEED_FORK;
    } else if (judge->taking->epoch < judge->known.at.epoch) {
        judge->code = FEED_FORK; /* it goes on where a newer epoch has begun */
    } else if (walk->seq == 1 && !begins_well(judge, record)) {
        judge->code = FEED_FORK;
    }
}

static int judge_place(struct judge *judge)
{
    const struct store_feed_taking *taking = judge->taking;
    int err = store_feed_head(judge->store, &taking->node, &judge->known);
    if (err == 0)
        err = taken_end(judge->store, &taking->node, taking->epoch, &judge->have);
    if (err != 0)
        return err;
    if (taking->first > judge->have + 1)
        judge->code = FEED_GAP;
    else if (!hash_is(judge, taking->first - 1, taking->before))
        judge->code = FEED_FORK;
    return 0;
}

/* A short record of an event that isn't here: lost with an older book of the hub's, or never there.
 */
static enum feed_code missing(struct judge *judge, const struct feed_record *record)
{
    return feed_lost(judge->store, &record->from) ? FEED_WHOLE : FEED_DAMAGED;
}

int store_feed_judge(struct store *store, const struct store_feed_taking *taking,
                     enum feed_code *code, int64_t *last, uint8_t head[HASH_SIZE])
{
    struct judge judge = {.store = store, .taking = taking};
    struct taking_walk walk;
    struct feed_record record;
    int got = 0;
    taking_begin(&walk, taking);
    int err = judge_place(&judge);
    while (err == 0 && (got = taking_next(store, &walk, &record)) == 1) {
        if (judge.code == FEED_OK)
            judge_record(&judge, &walk, &record);
        x_free(&record.kept);
    }
    if (err == 0 && got == SND_E_NOTFOUND)
        judge.code = missing(&judge, &record);
    else if (err == 0 && (got == SND_E_BAD ||
                          (!taking->unnamed && memcmp(walk.hash, taking->head, HASH_SIZE) != 0)))
        judge.code = FEED_DAMAGED;
    else if (err == 0)
        err = got;
    *code = judge.code;
    *last = walk.seq;
    memcpy(head, walk.hash, HASH_SIZE);
    return err;
}

int feed_lost(struct store *store, const struct store_place *from)
{
    struct store_office office;
    int64_t end = 0;
    return store_office_get(store, &office) == 0 && from->epoch < (int64_t)office.epoch &&
           taken_end(store, &office.node, from->epoch, &end) == 0 && from->seq > end;
}
