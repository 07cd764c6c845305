/* SPDX-License-Identifier: Apache-2.0 */
/* An office that has lost its book gets its own chain back from the hub, into an empty one: the
 * same node, the same epochs, every event with the hash that it had. What the hub never had is
 * lost. The new life begins with an epoch of its own, as after any restoring; its first event also
 * names what stayed of payloads that the hub has purged, since no event of the office's own does.
 */
#include <string.h>
#include "base/err.h"
#include "store/feed_take_priv.h"
#include "store/keep.h"

static struct json *back_json(const struct feed_record *record)
{
    struct json *json = NULL;
    if (record->payload != NULL)
        return event_json(record->payload, record->len);
    const char *kept = record->kept == NULL || record->kept[0] == '\0' ? "{}" : record->kept;
    return json_parse(kept, strlen(kept), &json) == 0 ? json : NULL;
}

static int back_kept(struct store *store, const struct event *event, const struct json *json)
{
    char *text = json_text(json, 0);
    int err = purge_put(store, event->node, event->epoch, event->seq, text);
    x_free(&text);
    return err;
}

static int back_record(struct store *store, struct feed_record *record,
                       const struct taking_walk *walk, const uint8_t previous[HASH_SIZE])
{
    uint8_t hash[HASH_SIZE];
    struct json *json = back_json(record);
    if (json == NULL || record->relayed) {
        json_free(&json);
        return SND_E_BAD;
    }
    int err = event_keep_at(store, &record->event, record->payload, record->len, previous, hash);
    if (err == 0 && memcmp(hash, walk->hash, HASH_SIZE) != 0)
        err = SND_E_BAD;
    if (err == 0 && record->payload == NULL)
        err = back_kept(store, &record->event, json);
    if (err == 0)
        err = event_head_put(store, &record->event, hash);
    if (err == 0)
        err = event_apply(store, &record->event, json);
    json_free(&json);
    return err;
}

int store_feed_back(struct store *store, const struct store_feed_taking *taking, int64_t *last)
{
    struct taking_walk walk;
    struct feed_record record;
    uint8_t previous[HASH_SIZE];
    int got = 0;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    taking_begin(&walk, taking);
    memcpy(previous, walk.hash, HASH_SIZE);
    while (err == 0 && (got = taking_next(store, &walk, &record)) == 1) {
        err = back_record(store, &record, &walk, previous);
        memcpy(previous, walk.hash, HASH_SIZE);
        x_free(&record.kept);
    }
    if (err == 0 && got < 0)
        err = got;
    if (err == 0 && memcmp(walk.hash, taking->head, HASH_SIZE) != 0)
        err = SND_E_BAD;
    *last = walk.seq;
    return store_write_end(store, err);
}

/* What stayed of every payload that is not here. */
struct json *back_purged(struct store *store, const struct id *node)
{
    struct json *all = json_new_array();
    struct query *query = db_query(store->db, "SELECT epoch, seq, kept FROM purged WHERE node = $1"
                                              " ORDER BY epoch, seq");
    int got;
    db_bind_id(query, node);
    while ((got = db_row(query)) == 1) {
        struct json *one = json_new_object();
        json_put_int(one, "epoch", db_int(query));
        json_put_int(one, "seq", db_int(query));
        json_put_text(one, "kept", db_text_peek(query));
        json_push(all, one);
    }
    if (db_end(query, got) != 0)
        json_free(&all);
    return all;
}

int back_apply_purged(struct store *store, const struct event *event, const struct json *all)
{
    int err = 0;
    for (size_t i = 0; i < json_count(all) && err == 0; i++) {
        const struct json *one = json_at(all, i);
        err = purge_put(store, event->node, json_get_int(one, "epoch", 0),
                        json_get_int(one, "seq", 0), event_text(one, "kept"));
    }
    return err;
}
