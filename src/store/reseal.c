/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing anew what was sealed with an older key, a bounded number of rows at a time, so that it
 * can go on while people work, be stopped anywhere and begun again: a row that has the newest key
 * already is passed over. Which key a row has stands in its first four bytes. */
#include <string.h>
#include "base/err.h"
#include "store/event_priv.h"
#include "store/keep.h"

#define RESEAL_LOOK 500 /* rows looked at in one step, */
#define RESEAL_DO 50    /* and sealed anew */
#define RESEAL_MAX (40 * 1024 * 1024)

struct old_row {
    uint8_t id[ID_SIZE], node[ID_SIZE];
    int64_t epoch, seq;
    uint8_t *bytes;
    size_t len;
};

/* For each sealed column: the next rows of its table, and putting one back. Events stand in the
 * order of their chains and have no index by id. */
static const struct {
    const char *next, *update;
} sql[] = {
#define SEALED(name, table, row, column)                                                           \
    [SEALED_##name] = {"SELECT " #row ", " #column " FROM " #table " WHERE " #row                  \
                       " > $1 ORDER BY " #row " LIMIT $2",                                         \
                       "UPDATE " #table " SET " #column " = $1 WHERE " #row " = $2"},
#include "store/sealed.def"
#undef SEALED
};

static struct query *next_events(struct store *store, const struct store_reseal *place)
{
    struct query *query = db_query(
        store->db, "SELECT id, payload, node, epoch, seq FROM event"
                   " WHERE (node, epoch, seq) > ($1, $2, $3) ORDER BY node, epoch, seq LIMIT $4");
    db_bind_id(query, &place->id);
    db_bind_int(query, place->epoch);
    db_bind_int(query, place->seq);
    db_bind_int(query, RESEAL_LOOK);
    return query;
}

static struct query *next_rows(struct store *store, const struct store_reseal *place)
{
    if (place->what == SEALED_EVENT_PAYLOAD)
        return next_events(store, place);
    struct query *query = db_query(store->db, sql[place->what].next);
    db_bind_id(query, &place->id);
    db_bind_int(query, RESEAL_LOOK);
    return query;
}

/* Reads the row at which the statement stands; *place is there then. */
static void read_row(const struct store *store, struct query *query, struct store_reseal *place,
                     struct rows *old)
{
    struct old_row row = {0};
    size_t len;
    db_blob(query, row.id, ID_SIZE);
    const void *bytes = db_blob_peek(query, &len);
    memcpy(place->id.b, row.id, ID_SIZE);
    if (place->what == SEALED_EVENT_PAYLOAD) {
        db_blob(query, row.node, ID_SIZE);
        place->epoch = row.epoch = db_int(query);
        place->seq = row.seq = db_int(query);
        memcpy(place->id.b, row.node, ID_SIZE);
    }
    if (bytes == NULL || vault_key_of(bytes, len) == vault_current(store->vault))
        return;
    row.bytes = x_alloc(len + 1);
    row.len = len;
    memcpy(row.bytes, bytes, len);
    *(struct old_row *)rows_add(old) = row;
}

static int put_back(struct store *store, uint32_t what, const struct old_row *row,
                    const struct buf *sealed)
{
    struct query *query;
    if (what == SEALED_EVENT_PAYLOAD) {
        query = db_query(store->db, "UPDATE event SET payload = $1"
                                    " WHERE node = $2 AND epoch = $3 AND seq = $4");
        db_bind_blob(query, sealed->data, sealed->len);
        db_bind_blob(query, row->node, ID_SIZE);
        db_bind_int(query, row->epoch);
        db_bind_int(query, row->seq);
        return db_run(query, NULL);
    }
    query = db_query(store->db, sql[what].update);
    db_bind_blob(query, sealed->data, sealed->len);
    db_bind_blob(query, row->id, ID_SIZE);
    return db_run(query, NULL);
}

static int seal_anew(struct store *store, uint32_t what, const struct old_row *row)
{
    struct buf plain = BUF_INIT(RESEAL_MAX), sealed = BUF_INIT(RESEAL_MAX + VAULT_MORE);
    int err = seal_get(store, what, row->id, row->bytes, row->len, &plain);
    if (err == 0) {
        seal_put(store, what, row->id, plain.data, plain.len, &sealed);
        err = put_back(store, what, row, &sealed);
    }
    buf_free(&plain);
    buf_free(&sealed);
    return err;
}

/* Rows of one table after the place, which goes on with them. *ended: there were no more. */
static int gather(struct store *store, struct store_reseal *place, struct rows *old, int *ended)
{
    int looked = 0, got = 0;
    struct query *query = next_rows(store, place);
    while (old->count < RESEAL_DO && (got = db_row(query)) == 1) {
        read_row(store, query, place, old);
        looked++;
    }
    *ended = got == 0 && looked < RESEAL_LOOK;
    return db_end(query, got < 0 ? got : 0);
}

int store_reseal(struct store *store, struct store_reseal *place, int64_t *sealed)
{
    struct rows old = ROWS_OF(struct old_row);
    int ended = 0;
    *sealed = 0;
    if (place->what >= SEALED_COLUMNS)
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    uint32_t what = place->what;
    err = gather(store, place, &old, &ended);
    struct old_row *row = old.all;
    for (size_t i = 0; i < old.count; i++) {
        if (err == 0)
            err = seal_anew(store, what, &row[i]);
        x_free(&row[i].bytes);
    }
    if (ended)
        *place = (struct store_reseal){.what = what + 1};
    place->more = place->what < SEALED_COLUMNS;
    *sealed = (int64_t)old.count;
    x_free(&old.all);
    return store_write_end(store, err);
}

static void count_add(struct store_seal_key *keys, size_t *count, uint32_t number, int64_t rows)
{
    for (size_t i = 0; i < *count; i++)
        if (keys[i].number == number) {
            keys[i].rows += rows;
            return;
        }
    if (*count < STORE_KEYS)
        keys[(*count)++] = (struct store_seal_key){.number = number, .rows = rows};
}

int store_keys(struct store *store, struct store_seal_key *keys, size_t *count)
{
    static const char *const counts[] = {
#define SEALED(name, table, row, column)                                                           \
    "SELECT substr(" #column ", 1, 4), COUNT(*) FROM " #table " WHERE " #column                    \
    " IS NOT NULL GROUP BY substr(" #column ", 1, 4)",
#include "store/sealed.def"
#undef SEALED
    };
    uint32_t ring[STORE_KEYS];
    size_t known = vault_keys(store->vault, ring, STORE_KEYS);
    int err = 0;
    *count = 0;
    for (size_t i = 0; i < known && i < STORE_KEYS; i++)
        keys[(*count)++] = (struct store_seal_key){.number = ring[i], .known = 1};
    for (size_t i = 0; i < SND_COUNT(counts) && err == 0; i++) {
        struct query *query = db_query(store->db, counts[i]);
        int got;
        while ((got = db_row(query)) == 1) {
            uint8_t head[VAULT_MORE] = {0};
            db_blob(query, head, 4);
            count_add(keys, count, vault_key_of(head, sizeof head), db_int(query));
        }
        err = db_end(query, got);
    }
    return err;
}

int key_apply_rotated(struct store *store, const struct event *event, const struct json *payload)
{
    (void)store, (void)event, (void)payload;
    return 0;
}

int store_key_event(struct store *store, const char *what, uint32_t number,
                    const struct store_actor *actor)
{
    struct json *payload = json_new_object();
    json_put_text(payload, "what", what);
    json_put_int(payload, "sealing_key", number);
    int err = store_write_begin(store);
    if (err == 0)
        err = store_write_end(store, event_append(store, EVENT_KEY_ROTATED, actor,
                                                  &(struct event_about){0}, payload));
    json_free(&payload);
    return err;
}
