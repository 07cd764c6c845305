/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of the book, and the life that begins with one. A copy is the database itself, as it was
 * at one moment, in one plain file; the few small files that an office needs besides go into it as
 * rows of a table that is empty in an office at work. That a backup was made is an event of the
 * book that was copied, so the copy doesn't have it.
 *
 * A book that was put back does not go on with the chain that it ends with: events that were
 * written after the copy may have been seen by others, and a place in a chain must never be taken
 * twice. So it begins a new epoch, whose first event names the end of the old one. */
#include <string.h>
#include "base/err.h"
#include "store/memo_priv.h"
#include "store/feed_take_priv.h"
#include "store/keep.h"
#include "store/schema_priv.h"

int store_version(const char *path, int64_t *in_file, int64_t *ours)
{
    struct db *db = NULL;
    *in_file = 0;
    *ours = schema_newest();
    int err = db_open(path, DB_READ, &db);
    if (err == 0)
        err = schema_version(db, in_file);
    db_close(&db);
    return err;
}

static int head_counts(struct store *store, struct store_head *out)
{
    struct query *query =
        db_query(store->db, "SELECT t FROM event WHERE node = $1 AND epoch = $2 AND seq = $3");
    db_bind_id(query, &out->node);
    db_bind_int(query, out->epoch);
    db_bind_int(query, out->seq);
    int err = db_one(query);
    if (err == 0)
        out->at = db_int(query);
    err = db_end(query, err);
    if (err != 0)
        return err;
    query =
        db_query(store->db, "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM tally WHERE past = 0");
    err = db_one(query);
    if (err == 0)
        out->requests = db_int(query);
    return db_end(query, err);
}

int store_head_get(struct store *store, struct store_head *out)
{
    struct query *query =
        db_query(store->db, "SELECT h.node, h.epoch, h.seq, h.hash FROM head h"
                            " JOIN office o ON o.node = h.node AND o.epoch = h.epoch");
    memset(out, 0, sizeof *out);
    int err = db_one(query);
    if (err == 0) {
        db_id(query, &out->node);
        out->epoch = db_int(query);
        out->seq = db_int(query);
        db_blob(query, out->hash, HASH_SIZE);
    }
    err = db_end(query, err);
    return err != 0 ? err : head_counts(store, out);
}

int store_quick_check(struct store *store, void (*each)(void *arg, const char *complaint),
                      void *arg)
{
    return db_quick(store->db, each, arg);
}

const char *store_engine(void)
{
    return db_engine();
}

int store_copy(struct store *store, const char *path)
{
    return db_copy(store->db, path);
}

int store_copy_strip(struct store *copy)
{
    int err = store_write_begin(copy);
    if (err != 0)
        return err;
    return store_write_end(copy, db_run(db_query(copy->db, "DELETE FROM ticket"), NULL));
}

int store_enclose(struct store *copy, const char *name, const void *bytes, size_t len)
{
    int err = store_write_begin(copy);
    if (err != 0)
        return err;
    struct query *query = db_query(copy->db, "INSERT INTO enclosed (name, body) VALUES ($1, $2)");
    db_bind_text(query, name);
    db_bind_blob(query, bytes, len);
    return store_write_end(copy, db_run(query, NULL));
}

int store_enclosed(struct store *copy, const char *name, struct buf *out)
{
    size_t len = 0;
    struct query *query = db_query(copy->db, "SELECT body FROM enclosed WHERE name = $1");
    db_bind_text(query, name);
    int err = db_one(query);
    if (err == 0) {
        const void *bytes = db_blob_peek(query, &len);
        if (bytes != NULL)
            buf_put(out, bytes, len);
        if (out->failed)
            err = SND_E_LIMIT;
    }
    return db_end(query, err);
}

int store_enclosed_drop(struct store *copy)
{
    int err = store_write_begin(copy);
    if (err != 0)
        return err;
    return store_write_end(copy, db_run(db_query(copy->db, "DELETE FROM enclosed"), NULL));
}

int backup_apply_made(struct store *store, const struct event *event, const struct json *payload)
{
    struct query *query =
        db_query(store->db, "INSERT INTO backup (id, at, actor, epoch, seq, bytes, keyring)"
                            " VALUES ($1, $2, $3, $4, $5, $6, $7)");
    db_bind_blob(query, event->id, ID_SIZE);
    db_bind_int(query, event->t);
    db_bind_text(query, event->actor);
    db_bind_int(query, json_get_int(payload, "epoch", 0));
    db_bind_int(query, json_get_int(payload, "seq", 0));
    db_bind_int(query, json_get_int(payload, "bytes", 0));
    db_bind_int(query, json_get_int(payload, "keyring", 0));
    return db_run(query, NULL);
}

int store_backup_made(struct store *store, const struct store_backup *backup,
                      const struct store_actor *actor)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct json *payload = json_new_object();
    json_put_int(payload, "epoch", backup->epoch);
    json_put_int(payload, "seq", backup->seq);
    json_put_int(payload, "bytes", backup->bytes);
    json_put_int(payload, "keyring", backup->keyring);
    err = event_append(store, EVENT_BACKUP_MADE, actor, &(struct event_about){.rev = 0}, payload);
    json_free(&payload);
    return store_write_end(store, err);
}

int store_backup_last(struct store *store, struct store_backup *out)
{
    struct query *query = db_query(store->db, "SELECT at, actor, epoch, seq, bytes, keyring"
                                              " FROM backup ORDER BY epoch DESC, seq DESC LIMIT 1");
    memset(out, 0, sizeof *out);
    int err = db_one(query);
    if (err == 0) {
        out->at = db_int(query);
        db_text(query, out->actor, sizeof out->actor);
        out->epoch = db_int(query);
        out->seq = db_int(query);
        out->bytes = db_int(query);
        out->keyring = (int)db_int(query);
    }
    return db_end(query, err);
}

/* The office lives in the event's epoch from now on, and nobody is logged in any more. */
int backup_apply_restored(struct store *store, const struct event *event,
                          const struct json *payload)
{
    const struct json *purged = json_get(payload, "purged");
    struct query *query =
        db_query(store->db, "UPDATE office SET epoch = $1 WHERE node = $2 AND epoch < $3");
    db_bind_int(query, event->epoch);
    db_bind_blob(query, event->node, ID_SIZE);
    db_bind_int(query, event->epoch);
    memo_forget(store);
    int err = db_run(query, NULL);
    if (err == 0 && purged != NULL)
        err = back_apply_purged(store, event, purged);
    if (err != 0)
        return err;
    query = db_query(store->db, "UPDATE session SET closed = $1 WHERE closed = 0");
    db_bind_int(query, event->t);
    return db_run(query, NULL);
}

static int restored_append(struct store *store, int64_t epoch, int from_hub,
                           const struct store_actor *actor)
{
    struct store_head head;
    struct store_office office;
    char hash[HASH_TEXT];
    int err = store_head_get(store, &head);
    if (err == 0)
        err = store_office_get(store, &office);
    if (err != 0)
        return err;
    if (epoch <= head.epoch || epoch > UINT32_MAX)
        return SND_E_BAD;
    office.epoch = (uint32_t)epoch;
    hex_text(head.hash, HASH_SIZE, hash);
    struct json *payload = json_new_object();
    json_put_int(payload, "epoch", head.epoch);
    json_put_int(payload, "seq", head.seq);
    json_put_text(payload, "hash", hash);
    struct json *purged = from_hub ? back_purged(store, &head.node) : NULL;
    if (purged != NULL && json_count(purged) > 0)
        json_put(payload, "purged", purged);
    else
        json_free(&purged);
    err = event_append(store, EVENT_NODE_RESTORED, actor, &(struct event_about){.office = &office},
                       payload);
    json_free(&payload);
    return err;
}

int store_restored(struct store *store, int64_t epoch, const struct store_actor *actor)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = restored_append(store, epoch, 0, actor);
    if (err == 0)
        err = db_run(db_query(store->db, "DELETE FROM ticket"), NULL);
    return store_write_end(store, err);
}

int store_feed_returned(struct store *store, int64_t epoch, const struct store_actor *actor)
{
    struct store_head head;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_head_get(store, &head);
    if (err == 0)
        err = restored_append(store, epoch, 1, actor);
    if (err == 0)
        err = line_returned(store, &head.node, &(struct store_place){head.epoch, head.seq});
    return store_write_end(store, err);
}

/* The copy's last event must be one of this book's. */
static int beyond_known(struct store *store, const struct store_head *copy)
{
    uint8_t hash[HASH_SIZE];
    struct query *query =
        db_query(store->db, "SELECT hash FROM event WHERE node = $1 AND epoch = $2 AND seq = $3");
    db_bind_id(query, &copy->node);
    db_bind_int(query, copy->epoch);
    db_bind_int(query, copy->seq);
    int err = db_one(query);
    if (err == 0)
        db_blob(query, hash, HASH_SIZE);
    if (err == 0 && memcmp(hash, copy->hash, HASH_SIZE) != 0)
        err = SND_E_CONFLICT;
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? SND_E_CONFLICT : err;
}

int store_beyond(struct store *store, const struct store_head *copy, struct store_beyond *out)
{
    memset(out, 0, sizeof *out);
    int err = beyond_known(store, copy);
    if (err != 0)
        return err;
    struct query *query = db_query(
        store->db, "SELECT COUNT(*), CAST(COALESCE(MIN(t), 0) AS BIGINT),"
                   " CAST(COALESCE(MAX(t), 0) AS BIGINT),"
                   " CAST(COALESCE(SUM(CASE WHEN type = 'request.submitted' THEN 1 ELSE 0 END), 0)"
                   " AS BIGINT) FROM event WHERE node = $1"
                   " AND (epoch > $2 OR (epoch = $3 AND seq > $4))");
    db_bind_id(query, &copy->node);
    db_bind_int(query, copy->epoch);
    db_bind_int(query, copy->epoch);
    db_bind_int(query, copy->seq);
    err = db_one(query);
    if (err == 0) {
        out->events = db_int(query);
        out->first = db_int(query);
        out->last = db_int(query);
        out->requests = db_int(query);
    }
    return db_end(query, err);
}
