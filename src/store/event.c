/* SPDX-License-Identifier: Apache-2.0 */
/* The append-only event log. An event gets its place from the head row, is hashed together with
 * the hash before it, and is applied to the projections, all in the caller's transaction. What is
 * hashed is made from the stored columns as they are (event_columns.def), so no column can be
 * changed without the chain showing it. The payload is hashed by itself, as it is before it is
 * sealed for this disk: it can be purged, or sealed with another key, and the chain still holds. No
 * statement of this program changes an event. */
#include <string.h>
#include "base/err.h"
#include "base/num.h"
#include "store/event_priv.h"
#include "store/feed.h"
#include "store/memo_priv.h"
#include "store/trail_priv.h"

/* One event must go to a hub in one record (store/feed.h). Older books have larger ones. */
#define EVENT_APPEND_MAX (FEED_RECORD_MAX - 4096)
#define EVENT_PAYLOAD_MAX (32 * 1024 * 1024)

static int (*const event_applies[])(struct store *store, const struct event *event,
                                    const struct json *payload) = {
#define EVENT(name, word, apply, up, down) apply,
#include "store/events.def"
#undef EVENT
};

/* A kind of event that a newer program knows: when this one is that program, what follows from all
 * events is worked out anew. */
static int event_unknown(struct store *store, const struct event *event)
{
    struct query *query = db_query(store->db, "INSERT INTO unknown_type (type) VALUES ($1)"
                                              " ON CONFLICT (type) DO NOTHING");
    db_bind_text(query, event->type);
    return db_run(query, NULL);
}

int event_apply(struct store *store, const struct event *event, const struct json *payload)
{
    enum event_type type;
    int err = event_type_find(event->type, &type);
    if (err == SND_E_NOTFOUND)
        err = event_unknown(store, event);
    else if (err == 0)
        err = event_applies[type](store, event, payload);
    return err != 0 ? err : subject_keep(store, event, payload);
}

static void event_part(struct buf *out, const void *bytes, size_t len)
{
    char text[NUM_TEXT];
    buf_put(out, text, num_text((int64_t)len, text));
    buf_putc(out, ':');
    buf_put(out, bytes, len);
    buf_putc(out, ',');
}

static void event_part_int(struct buf *out, int64_t number)
{
    char text[NUM_TEXT];
    event_part(out, text, num_text(number, text));
}

void event_header(const struct event *event, struct buf *out)
{
    struct buf parts = BUF_INIT(4096);
    buf_reserve(&parts, 500);
#define COLUMN_BLOB(name, size) event_part(&parts, event->name, size);
#define COLUMN_INT(name) event_part_int(&parts, event->name);
#define COLUMN_TEXT(name, size) event_part(&parts, event->name, strlen(event->name));
#include "store/event_columns.def"
#undef COLUMN_BLOB
#undef COLUMN_INT
#undef COLUMN_TEXT
    buf_printf(out, "sanad-event-1 %zu\n", parts.len);
    buf_put(out, parts.data, parts.len);
    snd_assert(!parts.failed && !out->failed);
    buf_free(&parts);
}

void event_hash(const uint8_t previous[HASH_SIZE], const struct event *event,
                uint8_t out[HASH_SIZE])
{
    struct buf header = BUF_INIT(8192);
    buf_reserve(&header, 600);
    event_header(event, &header);
    struct hash *hash = hash_start();
    hash_add(hash, previous, HASH_SIZE);
    hash_add(hash, header.data, header.len);
    hash_end(&hash, out);
    buf_free(&header);
}

struct query *event_walk(struct store *store)
{
    return db_query(store->db,
                    "SELECT node, epoch, seq, id, tx, rev, type, actor, centre, peer, t, day,"
                    " form, payload_sha, payload, hash FROM event ORDER BY node, epoch, seq");
}

void event_read(struct query *walk, struct event *out, const void **payload, size_t *len,
                uint8_t hash[HASH_SIZE])
{
#define COLUMN_BLOB(name, size) db_blob(walk, out->name, size);
#define COLUMN_INT(name) out->name = db_int(walk);
#define COLUMN_TEXT(name, size) db_text(walk, out->name, size);
#include "store/event_columns.def"
#undef COLUMN_BLOB
#undef COLUMN_INT
#undef COLUMN_TEXT
    *payload = db_blob_peek(walk, len);
    db_blob(walk, hash, HASH_SIZE);
}

int event_each(struct store *store, event_visit *visit)
{
    int got = 0, err = 0;
    struct query *walk = event_walk(store);
    while (err == 0 && (got = db_row(walk)) == 1) {
        struct event event;
        const void *sealed;
        size_t len;
        uint8_t hash[HASH_SIZE];
        event_read(walk, &event, &sealed, &len, hash);
        err = visit(store, &event, sealed, len);
    }
    return db_end(walk, err != 0 ? err : got);
}

int event_payload(const struct store *store, const uint8_t id[ID_SIZE], const void *sealed,
                  size_t len, struct buf *out)
{
    return seal_get(store, SEALED_EVENT_PAYLOAD, id, sealed, len, out);
}

struct json *event_sealed_json(const struct store *store, const uint8_t id[ID_SIZE],
                               const void *sealed, size_t len)
{
    struct buf plain = BUF_INIT(EVENT_PAYLOAD_MAX);
    struct json *json = event_payload(store, id, sealed, len, &plain) == 0
                            ? event_json(plain.data, plain.len)
                            : NULL;
    buf_free(&plain);
    return json;
}

struct json *event_json(const void *payload, size_t len)
{
    struct json *json = NULL;
    if (payload == NULL || len < EVENT_SALT ||
        json_parse((const char *)payload + EVENT_SALT, len - EVENT_SALT, &json) != 0)
        return NULL;
    return json;
}

const char *event_text(const struct json *payload, const char *key)
{
    const char *text = json_get_text(payload, key);
    return text == NULL ? "" : text;
}

/* The chain that this office writes to. */
static int event_stream(struct store *store, const struct event_about *about, struct event *event)
{
    if (about->office != NULL) {
        memcpy(event->node, about->office->node.b, ID_SIZE);
        event->epoch = about->office->epoch;
        return 0;
    }
    struct id node;
    int err = memo_office(store, &node, &event->epoch);
    memcpy(event->node, node.b, ID_SIZE);
    return err;
}

/* Takes the next place. The head row is moved first, since that is what makes writers wait for one
 * another on an engine that has several. */
static int event_place(struct store *store, struct event *event, uint8_t previous[HASH_SIZE])
{
    int64_t changed;
    struct query *query =
        db_query(store->db, "UPDATE head SET seq = seq + 1 WHERE node = $1 AND epoch = $2");
    db_bind_blob(query, event->node, ID_SIZE);
    db_bind_int(query, event->epoch);
    int err = db_run(query, &changed);
    if (err != 0)
        return err;
    if (changed == 0) {
        event->seq = 1;
        memset(previous, 0, HASH_SIZE);
        query =
            db_query(store->db, "INSERT INTO head (node, epoch, seq, hash) VALUES ($1, $2, 1, $3)");
        db_bind_blob(query, event->node, ID_SIZE);
        db_bind_int(query, event->epoch);
        db_bind_blob(query, previous, HASH_SIZE);
        return db_run(query, NULL);
    }
    return event_head_get(store, event->node, event->epoch, &event->seq, previous);
}

static int event_insert(struct store *store, const struct event *event, const struct buf *sealed,
                        const uint8_t hash[HASH_SIZE])
{
    struct query *query = db_query(
        store->db, "INSERT INTO event (node, epoch, seq, id, tx, rev, type, actor, centre, peer, t,"
                   " day, form, payload_sha, payload, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8,"
                   " $9, $10, $11, $12, $13, $14, $15, $16)");
#define COLUMN_BLOB(name, size) db_bind_blob(query, event->name, size);
#define COLUMN_INT(name) db_bind_int(query, event->name);
#define COLUMN_TEXT(name, size) db_bind_text(query, event->name);
#include "store/event_columns.def"
#undef COLUMN_BLOB
#undef COLUMN_INT
#undef COLUMN_TEXT
    if (sealed->len > 0)
        db_bind_blob(query, sealed->data, sealed->len);
    else
        db_bind_null(query);
    db_bind_blob(query, hash, HASH_SIZE);
    return db_run(query, NULL);
}

static int event_move_head(struct store *store, const struct event *event,
                           const uint8_t hash[HASH_SIZE])
{
    struct query *query =
        db_query(store->db, "UPDATE head SET hash = $1 WHERE node = $2 AND epoch = $3");
    db_bind_blob(query, hash, HASH_SIZE);
    db_bind_blob(query, event->node, ID_SIZE);
    db_bind_int(query, event->epoch);
    return db_run(query, NULL);
}

/* Everything but the place. Names come from the ledger's own limits; one that doesn't fit is
 * refused, never cut. */
static int event_fill(struct event *event, enum event_type type, const struct store_actor *actor,
                      const struct event_about *about)
{
    struct id id = id_new();
    memcpy(event->id, id.b, ID_SIZE);
    memcpy(event->tx, about->tx.b, ID_SIZE);
    event->rev = about->rev;
    event->t = actor->at;
    event->day = actor->day;
    if (about->form != NULL)
        memcpy(event->form, about->form, HASH_SIZE);
    int err = str_copy(event->type, sizeof event->type, event_word(type));
    if (err == 0)
        err = str_copy(event->actor, sizeof event->actor, actor->name);
    if (err == 0)
        err = str_copy(event->centre, sizeof event->centre, actor->centre);
    return err != 0 ? err : str_copy(event->peer, sizeof event->peer, actor->peer);
}

static int event_bytes(const struct json *json, const char *values, struct buf *out)
{
    uint8_t salt[EVENT_SALT];
    char *text = json_text(json, 0);
    size_t len = strlen(text);
    random_bytes(salt, sizeof salt);
    buf_reserve(out, sizeof salt + len + (values == NULL ? 0 : strlen(values)) + 16);
    buf_put(out, salt, sizeof salt);
    buf_put(out, text, values == NULL ? len : len - 1);
    if (values != NULL) {
        buf_puts(out, ",\"values\":");
        buf_puts(out, values);
        buf_putc(out, '}');
    }
    x_free(&text);
    return out->failed ? SND_E_LIMIT : 0;
}

int event_keep_at(struct store *store, struct event *event, const void *bytes, size_t len,
                  const uint8_t previous[HASH_SIZE], uint8_t hash[HASH_SIZE])
{
    struct buf sealed = BUF_INIT(EVENT_PAYLOAD_MAX + VAULT_MORE);
    if (bytes != NULL) {
        hash_bytes(bytes, len, event->payload_sha);
        seal_put(store, SEALED_EVENT_PAYLOAD, event->id, bytes, len, &sealed);
    }
    event_hash(previous, event, hash);
    int err = event_insert(store, event, &sealed, hash);
    buf_free(&sealed);
    return err;
}

int event_keep(struct store *store, struct event *event, const void *bytes, size_t len)
{
    uint8_t previous[HASH_SIZE], hash[HASH_SIZE];
    int err = event_place(store, event, previous);
    if (err == 0)
        err = event_keep_at(store, event, bytes, len, previous, hash);
    return err != 0 ? err : event_move_head(store, event, hash);
}

/* A place in the feed of a centre, of a governorate, or of everybody. */
static int event_feed_to(struct store *store, const struct event *event, const char *dest,
                         size_t len)
{
    char code[16];
    if (str_format(code, sizeof code, "%.*s", (int)len, dest) != 0)
        return SND_E_BAD;
    struct query *query = db_query(store->db, "INSERT INTO feed (dest, epoch, seq)"
                                              " VALUES ($1, $2, $3)"
                                              " ON CONFLICT (dest, epoch, seq) DO NOTHING");
    db_bind_text(query, code);
    db_bind_int(query, event->epoch);
    db_bind_int(query, event->seq);
    return db_run(query, NULL);
}

int event_feed(struct store *store, const struct event *event, enum event_down down, const char *to)
{
    int err = 0;
    if (down == DOWN_EVERYONE)
        return event_feed_to(store, event, "*", 1);
    while (down == DOWN_CENTRE && to != NULL && *to != '\0' && err == 0) {
        size_t len = strcspn(to, " ");
        err = event_feed_to(store, event, to, len);
        to += len + strspn(to + len, " ");
    }
    return err;
}

int event_append(struct store *store, enum event_type type, const struct store_actor *actor,
                 const struct event_about *about, const struct json *payload)
{
    struct event event = {0};
    struct buf bytes = BUF_INIT(EVENT_APPEND_MAX);
    int err = event_fill(&event, type, actor, about);
    if (err == 0)
        err = event_stream(store, about, &event);
    if (err == 0)
        err = event_bytes(payload, about->values, &bytes);
    if (err == 0)
        err = event_keep(store, &event, bytes.data, bytes.len);
    if (err == 0)
        err = event_feed(store, &event, event_down(type), about->to);
    if (err == 0)
        err = event_apply(store, &event, payload);
    buf_free(&bytes);
    return err;
}

int event_head_get(struct store *store, const uint8_t node[ID_SIZE], int64_t epoch, int64_t *seq,
                   uint8_t hash[HASH_SIZE])
{
    struct query *query =
        db_query(store->db, "SELECT seq, hash FROM head WHERE node = $1 AND epoch = $2");
    db_bind_blob(query, node, ID_SIZE);
    db_bind_int(query, epoch);
    int err = db_one(query);
    if (err == 0) {
        *seq = db_int(query);
        db_blob(query, hash, HASH_SIZE);
    }
    return db_end(query, err);
}

int event_head_put(struct store *store, const struct event *last, const uint8_t hash[HASH_SIZE])
{
    struct query *query =
        db_query(store->db, "INSERT INTO head (node, epoch, seq, hash) VALUES ($1, $2, $3, $4)"
                            " ON CONFLICT (node, epoch) DO UPDATE SET seq = excluded.seq,"
                            " hash = excluded.hash");
    db_bind_blob(query, last->node, ID_SIZE);
    db_bind_int(query, last->epoch);
    db_bind_int(query, last->seq);
    db_bind_blob(query, hash, HASH_SIZE);
    return db_run(query, NULL);
}

/* The one row of a query for events. */
static int event_one(struct store *store, struct query *query, struct event *out,
                     struct buf *payload, uint8_t hash[HASH_SIZE])
{
    const void *sealed;
    size_t len;
    int err = db_one(query);
    if (err == 0) {
        event_read(query, out, &sealed, &len, hash);
        err = event_payload(store, out->id, sealed, len, payload);
    }
    return db_end(query, err);
}

int event_at(struct store *store, const uint8_t node[ID_SIZE], int64_t epoch, int64_t seq,
             struct event *out, struct buf *payload, uint8_t hash[HASH_SIZE])
{
    struct query *query =
        db_query(store->db, "SELECT node, epoch, seq, id, tx, rev, type, actor, centre, peer, t,"
                            " day, form, payload_sha, payload, hash FROM event"
                            " WHERE node = $1 AND epoch = $2 AND seq = $3");
    db_bind_blob(query, node, ID_SIZE);
    db_bind_int(query, epoch);
    db_bind_int(query, seq);
    return event_one(store, query, out, payload, hash);
}

int event_own(struct store *store, const uint8_t id[ID_SIZE], struct event *out,
              struct buf *payload)
{
    uint8_t hash[HASH_SIZE];
    struct query *query =
        db_query(store->db, "SELECT node, epoch, seq, id, tx, rev, type, actor, centre, peer, t,"
                            " day, form, payload_sha, payload, hash FROM event"
                            " WHERE node = (SELECT node FROM office) AND id = $1");
    db_bind_blob(query, id, ID_SIZE);
    return event_one(store, query, out, payload, hash);
}
