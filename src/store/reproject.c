/* SPDX-License-Identifier: Apache-2.0 */
/* Working out anew what follows from all events. Events of a kind that a newer program made are
 * kept by an older one, which can't say what follows from them; when this program is that newer
 * one, every projection is emptied and our own chain replayed into it, in the order in which it
 * came about. That takes as long as a check, once after such an upgrade, and is all or nothing. */
#include <string.h>
#include "base/err.h"
#include "store/memo_priv.h"
#include "store/feed_priv.h"
#include "store/schema_priv.h"

#define REPROJECT_PAYLOAD_MAX (32 * 1024 * 1024)

/* Is one of the kinds that were unknown known to this program? */
static int is_wanted(struct store *store, int *wanted)
{
    int got;
    enum event_type type;
    struct query *query = db_query(store->db, "SELECT type FROM unknown_type");
    *wanted = 0;
    while ((got = db_row(query)) == 1)
        if (event_type_find(db_text_peek(query), &type) == 0)
            *wanted = 1;
    return db_end(query, got);
}

/* What stayed of purged payloads stays: a replay of those events needs it. */
static int empty_all(struct store *store)
{
    static const struct {
        const char *table, *sql;
    } tables[] = {
#define PROJECTION(table, keys, label) {#table, "DELETE FROM " #table},
#include "store/projections.def"
#undef PROJECTION
    };
    int err = 0;
    memo_forget(store);
    for (size_t i = 0; i < SND_COUNT(tables) && err == 0; i++)
        if (strcmp(tables[i].table, "purged") != 0)
            err = db_run(db_query(store->db, tables[i].sql), NULL);
    if (err == 0)
        err = db_run(db_query(store->db, "DELETE FROM unknown_type"), NULL);
    return err;
}

static int replay_event(struct store *store, const struct id *node, int64_t epoch, int64_t seq)
{
    struct buf payload = BUF_INIT(REPROJECT_PAYLOAD_MAX);
    struct event event;
    uint8_t hash[HASH_SIZE];
    struct json *json = NULL;
    int err = event_at(store, node->b, epoch, seq, &event, &payload, hash);
    if (err == 0 && payload.len > 0)
        json = event_json(payload.data, payload.len);
    else if (err == 0)
        err = purge_kept(store, &event, &json);
    if (err == 0)
        err = json == NULL ? SND_E_CORRUPT : event_apply(store, &event, json);
    json_free(&json);
    buf_free(&payload);
    return err;
}

/* The epochs are few. */
static int replay_chain(struct store *store, const struct id *node)
{
    struct rows heads = ROWS_OF(struct store_place);
    int got, err;
    struct query *query =
        db_query(store->db, "SELECT epoch, seq FROM head WHERE node = $1 ORDER BY epoch");
    db_bind_id(query, node);
    while ((got = db_row(query)) == 1) {
        struct store_place *head = rows_add(&heads);
        head->epoch = db_int(query);
        head->seq = db_int(query);
    }
    err = db_end(query, got);
    for (size_t i = 0; i < heads.count && err == 0; i++) {
        const struct store_place *head = (const struct store_place *)heads.all + i;
        for (int64_t seq = 1; seq <= head->seq && err == 0; seq++)
            err = replay_event(store, node, head->epoch, seq);
    }
    x_free(&heads.all);
    return err;
}

int reproject(struct store *store)
{
    struct id node;
    int wanted, err = is_wanted(store, &wanted);
    if (err != 0 || !wanted)
        return err;
    err = store_write_begin(store);
    if (err != 0)
        return err;
    err = feed_office(store, &node);
    if (err == 0)
        err = empty_all(store);
    store->source = store;
    if (err == 0)
        err = replay_chain(store, &node);
    store->source = NULL;
    return store_write_end(store, err);
}
