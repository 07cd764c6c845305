/* SPDX-License-Identifier: Apache-2.0 */
/* Taking a centre's events at the hub. Each is stored verbatim under its own node, and what follows
 * from it is written at once; one from which nothing can follow is stored all the same, named in
 * the event feed.taken that seals the run into the hub's own chain, and blocks nobody. A replay of
 * the hub's chain comes to feed.taken and does the same again, in the same order. What the hub
 * decides upon what it has taken comes after that, as events of its own. */
#include <string.h>
#include "base/err.h"
#include "store/feed_take_priv.h"
#include "store/loaded_priv.h"
#include "store/trail_priv.h"

#define TAKE_PAYLOAD_MAX (32 * 1024 * 1024)

static const char *const why_words[FEED_WHYS] = {
    [FEED_WHY_NONE] = "",         [FEED_WHY_JSON] = "json",       [FEED_WHY_FOREIGN] = "foreign",
    [FEED_WHY_FORM] = "form",     [FEED_WHY_REFUSED] = "refused", [FEED_WHY_LARGE] = "large",
    [FEED_WHY_PURGED] = "purged",
};

const char *feed_why_word(enum feed_why why)
{
    return why_words[why];
}

static enum feed_why why_find(const char *word)
{
    enum feed_why why = FEED_WHYS - 1;
    while (why > FEED_WHY_NONE && strcmp(why_words[why], word) != 0)
        why--;
    return why;
}

/* ---- what follows from a centre's event ---- */

int taken_follow(struct store *store, const struct event *event, const struct json *payload)
{
    enum event_type type;
    struct store_place from;
    if (feed_relayed(event->peer, &from))
        return 0; /* it followed from the hub's own */
    if (event_type_find(event->type, &type) == 0 && event_up(type) == UP_KEPT)
        return subject_keep(store, event, payload);
    return event_apply(store, event, payload);
}

int quarantine_put(struct store *store, const struct event *of, int64_t seq, const char *why)
{
    struct query *query = db_query(store->db, "INSERT INTO quarantine (node, epoch, seq, why, at)"
                                              " VALUES ($1, $2, $3, $4, $5)");
    db_bind_blob(query, of->node, ID_SIZE);
    db_bind_int(query, of->epoch);
    db_bind_int(query, seq);
    db_bind_text(query, why);
    db_bind_int(query, of->t);
    return db_run(query, NULL);
}

static int taken_kept(struct store *store, const struct event *of, const struct json *one)
{
    return purge_put(store, of->node, of->epoch, json_get_int(one, "seq", 0),
                     event_text(one, "kept"));
}

/* Which of feed.taken's list names that event, or NULL. */
static const struct json *taken_named(const struct json *list, int64_t seq)
{
    for (size_t i = 0; i < json_count(list); i++)
        if (json_get_int(json_at(list, i), "seq", 0) == seq)
            return json_at(list, i);
    return NULL;
}

/* One event of a run that is replayed, from the book that is being checked. */
static int replay_one(struct store *store, const struct event *of, int64_t seq)
{
    struct buf payload = BUF_INIT(TAKE_PAYLOAD_MAX);
    struct event event;
    uint8_t hash[HASH_SIZE];
    struct json *json = NULL;
    int err = event_at(store->source, of->node, of->epoch, seq, &event, &payload, hash);
    struct store_place from;
    if (err == 0 && feed_relayed(event.peer, &from))
        goto out;
    if (err == 0 && payload.len > 0)
        json = event_json(payload.data, payload.len);
    else if (err == 0)
        err = purge_kept(store->source, &event, &json);
    if (err == 0)
        err = taken_follow(store, &event, json);
out:
    json_free(&json);
    buf_free(&payload);
    return err;
}

static int replay_taken(struct store *store, const struct event *of, const struct json *payload)
{
    const struct json *refused = json_get(payload, "refused");
    int64_t last = json_get_int(payload, "to", 0);
    int err = 0;
    for (int64_t seq = json_get_int(payload, "from", 1); seq <= last && err == 0; seq++)
        if (taken_named(refused, seq) == NULL)
            err = replay_one(store, of, seq);
    return err;
}

int feed_apply_taken(struct store *store, const struct event *event, const struct json *payload)
{
    const struct json *refused = json_get(payload, "refused"), *kept = json_get(payload, "purged");
    struct event of = {.epoch = json_get_int(payload, "epoch", 0), .t = event->t};
    int err = hex_parse(event_text(payload, "node"), of.node, ID_SIZE);
    if (err == 0 && store->source != NULL)
        err = replay_taken(store, &of, payload);
    for (size_t i = 0; i < json_count(refused) && err == 0; i++)
        err = quarantine_put(store, &of, json_get_int(json_at(refused, i), "seq", 0),
                             event_text(json_at(refused, i), "why"));
    for (size_t i = 0; i < json_count(kept) && err == 0; i++)
        err = taken_kept(store, &of, json_at(kept, i));
    return err;
}

/* ---- one record ---- */

struct take {
    struct store *store;
    const struct store_feed_taking *taking;
    const struct store_actor *actor;
    struct json *refused, *purged;
    struct rows reacts; /* int64_t: events that the hub may have to decide upon */
};

static void take_name(struct json *list, int64_t seq, const char *member, const char *text)
{
    struct json *one = json_new_object();
    json_put_int(one, "seq", seq);
    json_put_text(one, member, text);
    json_push(list, one);
}

/* 1 when a request's number is one of that centre's. */
static int number_of(const char *number, const char *centre)
{
    size_t len = strlen(centre);
    return store_number_ok(number) && strncmp(number, centre, len) == 0 && number[len] == '-';
}

/* What a centre may not say: of another centre, by a form that nobody has. */
enum feed_why taken_judge(struct store *store, const char *centre, const struct event *event,
                          const struct json *json)
{
    static const uint8_t none[HASH_SIZE];
    const char *said = event_text(json, "centre"), *number = event_text(json, "number");
    if (json == NULL || !json_is_members(json))
        return FEED_WHY_JSON;
    if (strcmp(event->centre, centre) != 0 || (said[0] != '\0' && strcmp(said, centre) != 0))
        return FEED_WHY_FOREIGN;
    if (strcmp(event->type, event_word(EVENT_REQUEST_SUBMITTED)) == 0 && !number_of(number, centre))
        return FEED_WHY_FOREIGN;
    if (memcmp(event->form, none, HASH_SIZE) != 0 && loaded_there(store, event->form) != 1)
        return FEED_WHY_FORM;
    return FEED_WHY_NONE;
}

/* What follows from it, all or nothing. Trouble with the disk is no reason to refuse. */
static int take_follow(struct take *take, const struct event *event, const struct json *json,
                       enum feed_why *why)
{
    int err = db_save(take->store->db);
    if (err != 0)
        return err;
    int follows = taken_follow(take->store, event, json);
    err = db_release(take->store->db, follows == 0);
    if (follows == SND_E_IO || follows == SND_E_FULL || follows == SND_E_SYS)
        return follows;
    if (follows != 0)
        *why = FEED_WHY_REFUSED;
    return err;
}

static int take_event(struct take *take, const struct feed_record *record, const struct json *json,
                      enum feed_why *why)
{
    enum event_type type;
    struct store_place from;
    int known = event_type_find(record->event.type, &type) == 0;
    *why = FEED_WHY_NONE;
    if (feed_relayed(record->event.peer, &from))
        return 0;
    if (json == NULL)
        *why = FEED_WHY_JSON;
    else if (known && event_up(type) == UP_TAKEN)
        *why = taken_judge(take->store, take->taking->centre, &record->event, json);
    return *why != FEED_WHY_NONE ? 0 : take_follow(take, &record->event, json, why);
}

/* 1 when the payload of a relayed event lies with our own. */
static int take_has_own(struct take *take, const struct feed_record *record)
{
    struct buf payload = BUF_INIT(TAKE_PAYLOAD_MAX);
    struct event own;
    struct store_place from;
    if (record->relayed)
        return 1;
    int same = feed_relayed(record->event.peer, &from) &&
               event_own(take->store, record->event.id, &own, &payload) == 0 &&
               memcmp(own.payload_sha, record->event.payload_sha, HASH_SIZE) == 0;
    buf_free(&payload);
    return same;
}

static int take_store(struct take *take, struct feed_record *record, const struct taking_walk *walk,
                      const uint8_t previous[HASH_SIZE])
{
    uint8_t hash[HASH_SIZE];
    const uint8_t *bytes = take_has_own(take, record) ? NULL : record->payload;
    int err = event_keep_at(take->store, &record->event, bytes, record->len, previous, hash);
    snd_assert(err != 0 || memcmp(hash, walk->hash, HASH_SIZE) == 0);
    return err;
}

static struct json *take_json(const struct feed_record *record)
{
    struct json *json = NULL;
    if (record->payload != NULL)
        return event_json(record->payload, record->len);
    if (record->kept == NULL || json_parse(record->kept, strlen(record->kept), &json) != 0)
        return NULL;
    return json;
}

/* A text of the centre's own is here before what was filled in by it comes. */
static int take_form(struct take *take, const struct feed_record *record, const struct json *json)
{
    struct store_place from;
    if (json == NULL || strcmp(record->event.type, event_word(EVENT_FORM_LOADED)) != 0 ||
        feed_relayed(record->event.peer, &from))
        return 0;
    return kept_bring(take->store, &record->event, json, take->actor);
}

static int take_record(struct take *take, struct feed_record *record,
                       const struct taking_walk *walk, const uint8_t previous[HASH_SIZE])
{
    struct json *json = take_json(record);
    enum feed_why why = FEED_WHY_NONE;
    int err = take_store(take, record, walk, previous);
    if (err == 0)
        err = take_form(take, record, json);
    if (err == 0)
        err = take_event(take, record, json, &why);
    if (err == 0 && why != FEED_WHY_NONE)
        take_name(take->refused, walk->seq, "why", feed_why_word(why));
    else if (err == 0)
        *(int64_t *)rows_add(&take->reacts) = walk->seq;
    if (err == 0 && record->payload == NULL && !record->relayed && json != NULL)
        take_name(take->purged, walk->seq, "kept", record->kept);
    json_free(&json);
    return err;
}

/* ---- a slice of a run ---- */

/* Seals what was taken into our own chain. */
static int take_seal(struct take *take, int64_t from, const struct taking_walk *walk, int done)
{
    char node[ID_TEXT], hash[HASH_TEXT], signature[2 * SIGN_SIZE + 1];
    struct json *payload = json_new_object();
    id_text(&take->taking->node, node);
    hex_text(walk->hash, HASH_SIZE, hash);
    hex_text(take->taking->signature, SIGN_SIZE, signature);
    json_put_text(payload, "node", node);
    json_put_text(payload, "of", take->taking->centre);
    json_put_int(payload, "epoch", take->taking->epoch);
    json_put_int(payload, "from", from);
    json_put_int(payload, "to", walk->seq);
    json_put_text(payload, "hash", hash);
    if (done)
        json_put_text(payload, "signature", signature);
    json_put(payload, "refused", take->refused);
    if (json_count(take->purged) > 0)
        json_put(payload, "purged", take->purged);
    else
        json_free(&take->purged);
    take->refused = take->purged = NULL;
    int err =
        event_append(take->store, EVENT_FEED_TAKEN, take->actor, &(struct event_about){0}, payload);
    json_free(&payload);
    return err;
}

/* A head row comes with the chain's first slice, so that it counts what is here. */
static int take_head(struct take *take, const struct taking_walk *walk)
{
    struct event last = {.epoch = take->taking->epoch, .seq = walk->seq};
    memcpy(last.node, take->taking->node.b, ID_SIZE);
    return event_head_put(take->store, &last, walk->hash);
}

static int take_react(struct take *take)
{
    int err = 0;
    for (size_t i = 0; i < take->reacts.count && err == 0; i++) {
        struct buf payload = BUF_INIT(TAKE_PAYLOAD_MAX);
        struct event event;
        uint8_t hash[HASH_SIZE];
        err = event_at(take->store, take->taking->node.b, take->taking->epoch,
                       ((const int64_t *)take->reacts.all)[i], &event, &payload, hash);
        struct json *json = event_json(payload.data, payload.len);
        if (err == 0 && json != NULL)
            err = react(take->store, &event, json, take->actor);
        json_free(&json);
        buf_free(&payload);
    }
    return err;
}

/* 1 when this record brings back an event of ours that was lost: it goes into our own chain first,
 * and what was taken before it is sealed before it. */
static int take_is_lost(struct take *take, const struct feed_record *record)
{
    struct store_place from;
    return !record->relayed && record->payload != NULL && feed_relayed(record->event.peer, &from) &&
           !take_has_own(take, record) && feed_lost(take->store, &from);
}

static int take_slice(struct take *take, struct taking_walk *walk, size_t most, int64_t have)
{
    int64_t from = 0;
    int got = 0, err = 0;
    size_t count = 0;
    while (err == 0 && count < most) {
        struct taking_walk before = *walk;
        struct feed_record record;
        got = taking_next(take->store, walk, &record);
        if (got != 1) {
            err = got;
            break;
        }
        int lost = walk->seq > have && take_is_lost(take, &record);
        if (lost && count > 0) {
            *walk = before;
            x_free(&record.kept);
            break;
        }
        if (lost)
            err = regain(take->store, &record, take->taking->centre);
        if (err == 0 && walk->seq > have) {
            from = from == 0 ? walk->seq : from;
            err = take_record(take, &record, walk, before.hash);
            count++;
        }
        x_free(&record.kept);
    }
    if (err == 0 && count > 0)
        err = take_head(take, walk);
    if (err == 0 && count > 0)
        err = take_seal(take, from, walk, walk->offset == take->taking->len);
    return err == 0 ? take_react(take) : err;
}

int store_feed_take(struct store *store, const struct store_feed_taking *taking, size_t *offset,
                    int64_t *seq, size_t most, const struct store_actor *actor)
{
    struct take take = {
        .store = store, .taking = taking, .actor = actor, .reacts = ROWS_OF(int64_t)};
    struct taking_walk walk;
    int64_t have = 0;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    taking_begin(&walk, taking);
    take.refused = json_new_array();
    take.purged = json_new_array();
    err = taken_end(store, &taking->node, taking->epoch, &have);
    if (err == 0 && *offset > 0) {
        walk.offset = *offset;
        walk.seq = *seq;
        err = taken_hash(store, &taking->node, taking->epoch, walk.seq, walk.hash);
    }
    if (err == 0)
        err = take_slice(&take, &walk, most, have);
    json_free(&take.refused);
    json_free(&take.purged);
    x_free(&take.reacts.all);
    err = store_write_end(store, err);
    if (err == 0) {
        *offset = walk.offset;
        *seq = walk.seq;
    }
    return err;
}

int store_feed_verdicts(struct store *store, const struct id *node, int64_t epoch, int64_t from,
                        int64_t to, struct arena *arena, struct store_verdict **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_verdict);
    int got;
    struct query *query =
        db_query(store->db, "SELECT seq, why FROM quarantine WHERE node = $1 AND epoch = $2"
                            " AND seq >= $3 AND seq <= $4 ORDER BY seq");
    db_bind_id(query, node);
    db_bind_int(query, epoch);
    db_bind_int(query, from);
    db_bind_int(query, to);
    while ((got = db_row(query)) == 1) {
        struct store_verdict *row = rows_add(&rows);
        row->seq = db_int(query);
        row->why = why_find(db_text_peek(query));
    }
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}
