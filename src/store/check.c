/* SPDX-License-Identifier: Apache-2.0 */
/* Checks the whole book from the events up: the chain (every column of every event, every payload),
 * a replay of all events into an empty store in memory whose projections must come out row by row
 * as ours are, a recount of the tally, and the engine's own check of its file. It changes nothing
 * and works on one view, so it runs beside the writer. The replay is in memory because a sandboxed
 * reader has no place to put a file.
 *
 * Sealed columns are compared as they lie there; only where the bytes differ, as after a change of
 * keys, is it asked whether both open to the same. What no replay makes (drafts, answers) must
 * open.
 *
 * The chain shows what somebody changed who could write to the file; it can't show a whole history
 * written anew, hashes and all. Findings name rows by number, account or code, never by what a
 * citizen said. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"
#include "store/blob.h"
#include "store/keep.h"
#include "store/tally_priv.h"

#define CHECK_FINDINGS_MAX 200
#define CHECK_PAYLOAD_MAX (32 * 1024 * 1024)

struct check {
    struct store *store;
    struct id own;        /* the office's node */
    struct store *replay; /* NULL when nothing is to be replayed */
    struct arena *arena;
    struct store_check *out;
    struct event last; /* the event before, of the chain being walked */
    uint8_t hash[HASH_SIZE];
    struct event ended; /* the last event of the chain before that one */
    int64_t chains;
};

SND_PRINTF(2, 3) static void check_find(struct check *check, const char *format, ...);

/* Keeps a finding; after so many, one that says there are more. */
static void check_find(struct check *check, const char *format, ...)
{
    struct store_check *out = check->out;
    char text[512];
    va_list args;
    if (out->findings > CHECK_FINDINGS_MAX)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (out->finding == NULL)
        out->finding = arena_alloc(check->arena, (CHECK_FINDINGS_MAX + 1) * sizeof *out->finding);
    const char *said = out->findings < CHECK_FINDINGS_MAX ? text : "there are more findings";
    out->finding[out->findings++] = arena_strdup(check->arena, said);
}

static int check_same_chain(const struct event *a, const struct event *b)
{
    return memcmp(a->node, b->node, ID_SIZE) == 0 && a->epoch == b->epoch;
}

/* The end of a chain must be what its head row says. */
static int check_head(struct check *check)
{
    int64_t seq = 0;
    uint8_t hash[HASH_SIZE] = {0};
    int err = event_head_get(check->store, check->last.node, check->last.epoch, &seq, hash);
    if (err != 0 && err != SND_E_NOTFOUND && err != SND_E_CORRUPT)
        return err;
    check->chains++;
    if (err != 0 || seq != check->last.seq || memcmp(hash, check->hash, HASH_SIZE) != 0)
        check_find(check, "chain: it ends with event %lld, but its head says %lld or another hash",
                   (long long)check->last.seq, (long long)seq);
    return 0;
}

/* Place and hash of one event; the next is judged by the hash that is stored here, so that one
 * changed event gives one finding. */
static int check_link(struct check *check, const struct event *event,
                      const uint8_t stored[HASH_SIZE])
{
    uint8_t hash[HASH_SIZE];
    int first = check->out->events == 0, err = 0;
    if (!first && !check_same_chain(&check->last, event)) {
        err = check_head(check);
        first = 1;
        check->ended = check->last;
    }
    if (first) {
        memset(check->hash, 0, HASH_SIZE);
        check->last.seq = 0;
    }
    if (event->seq != check->last.seq + 1)
        check_find(check, "chain: event %lld follows event %lld", (long long)event->seq,
                   (long long)check->last.seq);
    event_hash(check->hash, event, hash);
    if (memcmp(hash, stored, HASH_SIZE) != 0)
        check_find(check, "chain: event %lld does not have the hash that is stored with it",
                   (long long)event->seq);
    memcpy(check->hash, stored, HASH_SIZE);
    check->last = *event;
    return err;
}

/* Whether the event that a new epoch names is there, with the hash that it names. */
static int check_names(struct check *check, const struct event *event, const struct json *json)
{
    uint8_t named[HASH_SIZE], hash[HASH_SIZE];
    struct buf payload = BUF_INIT(CHECK_PAYLOAD_MAX);
    struct event there;
    int names = strcmp(event->type, event_word(EVENT_NODE_RESTORED)) == 0 &&
                hex_parse(event_text(json, "hash"), named, HASH_SIZE) == 0 &&
                event_at(check->store, event->node, json_get_int(json, "epoch", 0),
                         json_get_int(json, "seq", 0), &there, &payload, hash) != SND_E_NOTFOUND &&
                memcmp(named, hash, HASH_SIZE) == 0;
    buf_free(&payload);
    return names;
}

/* A new epoch of an office must begin with an event that names the end of the one before; of a
 * centre's we may have had more than the backup that it has put back. */
static void check_epoch(struct check *check, const struct event *event, const struct json *json)
{
    int ours = memcmp(event->node, check->own.b, ID_SIZE) == 0;
    if (event->seq != 1 || memcmp(event->node, check->ended.node, ID_SIZE) != 0)
        return;
    if (!check_names(check, event, json) ||
        (ours && (json_get_int(json, "epoch", 0) != check->ended.epoch ||
                  json_get_int(json, "seq", 0) != check->ended.seq)))
        check_find(check, "chain: epoch %lld does not go on from the end of epoch %lld",
                   (long long)event->epoch, (long long)check->ended.epoch);
}

/* The payload as it was hashed; NULL with a finding when it can't be had. */
static struct json *check_opened(struct check *check, const struct event *event, const void *sealed,
                                 size_t len)
{
    uint8_t sha[HASH_SIZE] = {0};
    struct buf plain = BUF_INIT(CHECK_PAYLOAD_MAX);
    int err = event_payload(check->store, event->id, sealed, len, &plain);
    hash_bytes(plain.data, plain.len, sha);
    if (err == SND_E_NOTFOUND)
        check_find(check, "payload: event %lld is sealed with key %u, which the key ring lacks",
                   (long long)event->seq, (unsigned)vault_key_of(sealed, len));
    else if (err != 0)
        check_find(check, "payload: event %lld can't be opened: changed, or of another place",
                   (long long)event->seq);
    else if (memcmp(sha, event->payload_sha, HASH_SIZE) != 0)
        check_find(check, "payload: event %lld has another than was hashed", (long long)event->seq);
    struct json *json = event_json(plain.data, plain.len);
    buf_free(&plain);
    return json;
}

/* A centre's event without a payload: it came from here, where our own has it, or was purged. */
static struct json *check_elsewhere_kept(struct check *check, const struct event *event)
{
    struct buf plain = BUF_INIT(CHECK_PAYLOAD_MAX);
    struct event own;
    struct store_place from;
    struct json *kept = NULL;
    if (feed_relayed(event->peer, &from)) {
        if (event_own(check->store, event->id, &own, &plain) != 0 ||
            memcmp(own.payload_sha, event->payload_sha, HASH_SIZE) != 0)
            check_find(check, "payload: event %lld came from here, but is not the one that we have",
                       (long long)event->seq);
    } else if (purge_kept(check->store, event, &kept) != 0) {
        check_find(check, "payload: event %lld has none", (long long)event->seq);
    }
    buf_free(&plain);
    return kept;
}

/* What a replay is to apply: the payload, or what stayed of one that was purged. */
static struct json *check_payload(struct check *check, const struct event *event,
                                  const void *sealed, size_t len)
{
    struct json *kept = NULL;
    if (sealed != NULL)
        return check_opened(check, event, sealed, len);
    if (memcmp(event->node, check->own.b, ID_SIZE) != 0)
        return check_elsewhere_kept(check, event);
    if (purge_kept(check->store, event, &kept) != 0)
        check_find(check, "payload: event %lld has none", (long long)event->seq);
    return kept;
}

/* What follows from the event. What centres sent follows from the events of our own that sealed it.
 */
static void check_follow(struct check *check, const struct event *event, const void *sealed,
                         size_t len)
{
    struct json *json = check_payload(check, event, sealed, len);
    int ours = memcmp(event->node, check->own.b, ID_SIZE) == 0;
    int err = json == NULL && ours ? SND_E_BAD : 0;
    if (err == 0 && json != NULL)
        check_epoch(check, event, json);
    if (err == 0 && ours && check->replay != NULL)
        err = event_apply(check->replay, event, json);
    json_free(&json);
    if (err != 0)
        check_find(check, "replay: event %lld (%s) can't be applied: %s", (long long)event->seq,
                   event->type, err_text(err));
}

/* Whose chain is replayed: the office's, also when its row was taken away. */
static int check_own(struct check *check)
{
    int err = feed_office(check->store, &check->own);
    if (err != SND_E_NOTFOUND)
        return err;
    struct query *query = db_query(check->store->db, "SELECT node FROM event WHERE seq = 1"
                                                     " AND type = 'office.made' LIMIT 1");
    err = db_one(query);
    if (err == 0)
        db_id(query, &check->own);
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int check_events(struct check *check)
{
    int got, err = check_own(check);
    struct query *walk = event_walk(check->store);
    while (err == 0 && (got = db_row(walk)) != 0) {
        struct event event;
        const void *payload;
        size_t len;
        uint8_t hash[HASH_SIZE];
        if (got < 0)
            return got;
        event_read(walk, &event, &payload, &len, hash);
        err = check_link(check, &event, hash);
        check->out->events++;
        check_follow(check, &event, payload, len);
    }
    err = db_end(walk, err);
    if (err == SND_E_CORRUPT) {
        check_find(check, "chain: an event has a column of another kind or length than it must");
        err = 0;
    }
    return err != 0 || check->out->events == 0 ? err : check_head(check);
}

/* A head without a chain: all of its events were taken away. */
static int check_heads(struct check *check)
{
    int64_t heads = 0;
    struct query *query = db_query(check->store->db, "SELECT COUNT(*) FROM head");
    int err = db_one(query);
    if (err == 0)
        heads = db_int(query);
    err = db_end(query, err);
    if (err == 0 && heads != check->chains)
        check_find(check, "chain: there are %lld chains and %lld heads", (long long)check->chains,
                   (long long)heads);
    return err;
}

/* What two lists of rows must agree in. The first `keys` columns put them in order, the next one
 * names a row. */
struct pair {
    const char *table;
    const char *against; /* "the replay", "a recount" */
    int keys;
    struct query *ours, *theirs;
};

static int check_key_order(const struct pair *pair)
{
    int order = 0;
    for (int i = 0; i < pair->keys && order == 0; i++)
        order = db_column_order(pair->ours, pair->theirs, i);
    return order;
}

/* Opens a column of the row at which a statement stands. */
static int check_open(const struct store *store, enum sealed what, const struct query *query,
                      int column, struct buf *out)
{
    for (int i = 0; i < db_columns(query); i++) {
        size_t len, row_len;
        const void *row = db_column_blob(query, i, &row_len);
        if (strcmp(db_column_name(query, i), seal_row_column(what)) != 0 || row_len != SEAL_ROW)
            continue;
        const void *bytes = db_column_blob(query, column, &len);
        return seal_get(store, what, row, bytes, len, out);
    }
    return SND_E_CORRUPT;
}

/* Two sealed values that are not the same bytes: do they hold the same? */
static int check_same_inside(const struct check *check, const struct pair *pair, int column)
{
    struct buf ours = BUF_INIT(CHECK_PAYLOAD_MAX), theirs = BUF_INIT(CHECK_PAYLOAD_MAX);
    enum sealed what;
    int same = seal_find(pair->table, db_column_name(pair->ours, column), &what) == 0 &&
               check_open(check->store, what, pair->ours, column, &ours) == 0 &&
               check_open(check->store, what, pair->theirs, column, &theirs) == 0 &&
               ours.len == theirs.len &&
               (ours.len == 0 || memcmp(ours.data, theirs.data, ours.len) == 0);
    buf_free(&ours);
    buf_free(&theirs);
    return same;
}

static void check_columns(struct check *check, const struct pair *pair)
{
    for (int i = pair->keys + 1; i < db_columns(pair->ours); i++)
        if (db_column_order(pair->ours, pair->theirs, i) != 0 && !check_same_inside(check, pair, i))
            check_find(check, "%s: %s: column %s differs from %s", pair->table,
                       db_column_text(pair->ours, pair->keys), db_column_name(pair->ours, i),
                       pair->against);
}

/* Walks both lists side by side. */
static int check_pair(struct check *check, const struct pair *pair)
{
    int ours = db_row(pair->ours), theirs = db_row(pair->theirs);
    while (ours == 1 || theirs == 1) {
        int order = ours != 1 ? 1 : theirs != 1 ? -1 : check_key_order(pair);
        if (order == 0)
            check_columns(check, pair);
        else if (order < 0)
            check_find(check, "%s: %s: this row is not in %s", pair->table,
                       db_column_text(pair->ours, pair->keys), pair->against);
        else
            check_find(check, "%s: %s: a row of %s is missing", pair->table,
                       db_column_text(pair->theirs, pair->keys), pair->against);
        if (order <= 0)
            ours = db_row(pair->ours);
        if (order >= 0 && ours >= 0)
            theirs = db_row(pair->theirs);
        if (ours < 0 || theirs < 0)
            break;
    }
    int err = db_end(pair->ours, ours < 0 ? ours : 0);
    return db_end(pair->theirs, err != 0 ? err : theirs < 0 ? theirs : 0);
}

static int check_key_count(const char *keys)
{
    int count = 1;
    for (; *keys != '\0'; keys++)
        count += *keys == ',';
    return count;
}

static int check_projections(struct check *check)
{
    static const struct {
        const char *table, *keys, *sql;
    } projections[] = {
#define PROJECTION(table, keys, label)                                                             \
    {#table, keys, "SELECT " keys ", " label ", " #table ".* FROM " #table " ORDER BY " keys},
#include "store/projections.def"
#undef PROJECTION
    };
    int err = 0;
    for (size_t i = 0; i < SND_COUNT(projections) && err == 0; i++)
        err = check_pair(check, &(struct pair){
                                    .table = projections[i].table,
                                    .against = "the replay",
                                    .keys = check_key_count(projections[i].keys),
                                    .ours = db_query(check->store->db, projections[i].sql),
                                    .theirs = db_query(check->replay->db, projections[i].sql),
                                });
    return err;
}

static void check_count(void *arg, const char *finding)
{
    check_find(arg, "tally: %s", finding);
}

static int check_tally(struct check *check)
{
    return tally_recount(check->store->db, check_count, check);
}

static int check_schema(struct check *check)
{
    return check_pair(check, &(struct pair){
                                 .table = "schema",
                                 .against = "this program's",
                                 .keys = 1,
                                 .ours = db_schema(check->store->db),
                                 .theirs = db_schema(check->replay->db),
                             });
}

static void check_complaint(void *arg, const char *complaint)
{
    check_find(arg, "engine: %s", complaint);
}

static int check_requests(struct check *check)
{
    struct query *query = db_query(check->store->db, "SELECT COUNT(*) FROM request");
    int err = db_one(query);
    if (err == 0)
        check->out->requests = db_int(query);
    return db_end(query, err);
}

/* A table that a replay makes is compared, and an event's payload is opened with the chain. */
static int check_elsewhere(const char *table)
{
    static const char *const names[] = {
        "event",
#define PROJECTION(table, keys, label) #table,
#include "store/projections.def"
#undef PROJECTION
    };
    for (size_t i = 0; i < SND_COUNT(names); i++)
        if (strcmp(names[i], table) == 0)
            return 1;
    return 0;
}

/* What is sealed in tables that no replay makes. */
static int check_local(struct check *check)
{
    static const char *const sql[] = {
#define SEALED(name, table, row, column) "SELECT " #row ", " #column " FROM " #table,
#include "store/sealed.def"
#undef SEALED
    };
    int err = 0;
    for (enum sealed what = 0; what < SEALED_COLUMNS && err == 0; what++) {
        if (check_elsewhere(seal_table(what)))
            continue;
        struct query *query = db_query(check->store->db, sql[what]);
        int got;
        while ((got = db_row(query)) == 1) {
            struct buf plain = BUF_INIT(CHECK_PAYLOAD_MAX);
            if (check_open(check->store, what, query, 1, &plain) != 0)
                check_find(check, "%s: a row can't be opened: changed, or of another place",
                           seal_table(what));
            buf_free(&plain);
        }
        err = db_end(query, got);
    }
    return err;
}

/* The documents of this office's own requests are here, and every one reads as it was. */
static int check_documents(struct check *check)
{
    uint8_t sha[HASH_SIZE] = {0}, before[HASH_SIZE] = {0};
    char hex[HASH_TEXT];
    int64_t missing = 0;
    int err;
    /* Where the table itself can't be read, nothing is passed, and it would go on for ever. */
    while ((err = store_blob_verify(check->store, sha)) == 0 ||
           (err == SND_E_CORRUPT && memcmp(sha, before, HASH_SIZE) != 0)) {
        memcpy(before, sha, HASH_SIZE);
        hex_text(sha, HASH_SIZE, hex);
        if (err != 0)
            check_find(check, "documents: %.16s is not there as it was", hex);
    }
    if (err != SND_E_NOTFOUND)
        return err;
    struct query *query =
        db_query(check->store->db, "SELECT COUNT(*) FROM request_blob r"
                                   " JOIN request q ON q.id = r.request"
                                   " JOIN office o ON o.node = q.node WHERE NOT EXISTS"
                                   " (SELECT 1 FROM blob_file f WHERE f.sha = r.sha)");
    err = db_one(query);
    if (err == 0)
        missing = db_int(query);
    err = db_end(query, err);
    if (err == 0 && missing > 0)
        check_find(check, "documents: %lld of this office's requests are missing",
                   (long long)missing);
    return err;
}

static int check_all(struct check *check)
{
    static int (*const steps[])(struct check *) = {
        check_events, check_heads,  check_projections, check_tally,
        check_local,  check_schema, check_requests,    check_documents,
    };
    int err = store_batch_begin(check->replay);
    for (size_t i = 0; i < SND_COUNT(steps) && err == 0; i++)
        err = steps[i](check);
    return err != 0 ? err : db_verify(check->store->db, check_complaint, check);
}

/* What the engine can't read any more is a finding too. */
static int check_end(struct check *check, int err)
{
    if (err != SND_E_CORRUPT)
        return err;
    check_find(check, "engine: the file is damaged, not everything could be read");
    return 0;
}

/* Runs one of the checks in a view of its own, unless the caller has one. */
static int check_in_view(struct check *check, int (*run)(struct check *check))
{
    int mine = !check->store->batch;
    int err = mine ? store_view_begin(check->store) : 0;
    if (err != 0)
        return err;
    err = run(check);
    if (mine)
        store_view_end(check->store);
    return check_end(check, err);
}

int store_check(struct store *store, struct arena *arena, struct store_check *out)
{
    struct check check = {.store = store, .arena = arena, .out = out};
    memset(out, 0, sizeof *out);
    int err = store_open_empty(store->vault, &check.replay);
    if (err == 0)
        check.replay->source = store;
    if (err == 0)
        err = check_in_view(&check, check_all);
    store_close(&check.replay);
    return err;
}

static int check_chain(struct check *check)
{
    int err = check_events(check);
    if (err == 0)
        err = check_heads(check);
    if (err == 0)
        err = check_requests(check);
    return err != 0 ? err : db_verify(check->store->db, check_complaint, check);
}

int store_verify(struct store *store, struct arena *arena, struct store_check *out)
{
    struct check check = {.store = store, .arena = arena, .out = out};
    memset(out, 0, sizeof *out);
    return check_in_view(&check, check_chain);
}
