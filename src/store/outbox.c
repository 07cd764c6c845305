/* SPDX-License-Identifier: Apache-2.0 */
/* What goes out to agencies. What may be sent is asked of the requests themselves; a row here holds
 * what was tried and answered, so that whoever looks can prove what was sent and what came back. A
 * request that is lost from this table (an old backup) is due again, under the same key. */
#include <string.h>
#include "base/err.h"
#include "store/outbox_priv.h"
#include "store/request_priv.h"

int outbox_ids(struct query *query, struct arena *arena, struct id **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct id);
    int err = 0, more;
    while (err == 0 && (more = db_row(query)) != 0) {
        if (more < 0)
            err = more;
        else
            db_id(query, rows_add(&rows));
    }
    err = db_end(query, err);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_outbox_due(struct store *store, const struct store_link *link, int64_t now, size_t max,
                     struct arena *arena, struct id **out, size_t *count)
{
    struct query *query =
        db_query(store->db, "SELECT r.id FROM request r LEFT JOIN outbox o ON o.request = r.id"
                            " WHERE r.agency = $1 AND r.state IN ('queued', 'at_hub', 'sent')"
                            " AND ((o.state = 'waiting' AND o.next_at <= $2)"
                            " OR (o.state IS NULL AND r.day >= $3))"
                            " AND NOT EXISTS (SELECT 1 FROM seat s WHERE s.request = r.id"
                            " AND s.state <> 'given')"
                            " AND NOT EXISTS (SELECT 1 FROM request_blob b WHERE b.request = r.id"
                            " AND NOT EXISTS (SELECT 1 FROM blob_file f WHERE f.sha = b.sha))"
                            " ORDER BY r.at, r.id LIMIT $4");
    db_bind_text(query, link->agency);
    db_bind_int(query, now);
    db_bind_int(query, link->since);
    db_bind_int(query, (int64_t)max);
    return outbox_ids(query, arena, out, count);
}

int store_outbox_asked(struct store *store, const char *agency, int64_t now, size_t max,
                       struct arena *arena, struct id **out, size_t *count)
{
    struct query *query =
        db_query(store->db, "SELECT o.request FROM outbox o JOIN request r ON r.id = o.request"
                            " WHERE o.agency = $1 AND o.state = 'taken' AND o.next_at <= $2"
                            " AND r.state IN ('received', 'in_review', 'need_docs', 'fee_due',"
                            " 'paid', 'field_visit')"
                            " ORDER BY o.next_at, o.request LIMIT $3");
    db_bind_text(query, agency);
    db_bind_int(query, now);
    db_bind_int(query, (int64_t)max);
    return outbox_ids(query, arena, out, count);
}

#define OUTBOX_COLUMNS                                                                             \
    "o.request, o.id, r.number, o.agency, o.state, o.attempts, o.first_at, o.next_at, o.sha,"      \
    " o.status, o.why, o.answer_sha, 0"

void outbox_row(struct query *query, struct store_sending *out)
{
    memset(out, 0, sizeof *out);
    db_id(query, &out->request);
    db_id(query, &out->id);
    db_text(query, out->number, sizeof out->number);
    db_text(query, out->agency, sizeof out->agency);
    db_text(query, out->state, sizeof out->state);
    out->attempts = (int)db_int(query);
    out->first_at = db_int(query);
    out->next_at = db_int(query);
    db_blob(query, out->sha, HASH_SIZE);
    out->status = (int)db_int(query);
    db_text(query, out->why, sizeof out->why);
    db_blob(query, out->answer_sha, HASH_SIZE);
    out->rev = db_int(query);
}

int store_outbox_get(struct store *store, const struct id *request, struct store_sending *out)
{
    struct query *query = db_query(store->db, "SELECT " OUTBOX_COLUMNS " FROM outbox o"
                                              " JOIN request r ON r.id = o.request"
                                              " WHERE o.request = $1");
    db_bind_id(query, request);
    int err = db_one(query);
    if (err == 0)
        outbox_row(query, out);
    return db_end(query, err);
}

static int outbox_upsert(struct store *store, const struct store_sending *sending)
{
    struct query *query = db_query(
        store->db, "INSERT INTO outbox (request, id, agency, state, attempts, first_at, next_at,"
                   " sha, status, why, answer_sha) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
                   " $11) ON CONFLICT (request) DO UPDATE SET state = excluded.state,"
                   " attempts = excluded.attempts, next_at = excluded.next_at, sha = excluded.sha,"
                   " status = excluded.status, why = excluded.why,"
                   " answer_sha = excluded.answer_sha");
    db_bind_id(query, &sending->request);
    db_bind_id(query, &sending->id);
    db_bind_text(query, sending->agency);
    db_bind_text(query, sending->state);
    db_bind_int(query, sending->attempts);
    db_bind_int(query, sending->first_at);
    db_bind_int(query, sending->next_at);
    db_bind_blob(query, sending->sha, HASH_SIZE);
    db_bind_int(query, sending->status);
    db_bind_text(query, sending->why);
    db_bind_blob(query, sending->answer_sha, HASH_SIZE);
    return db_run(query, NULL);
}

static int keep_answer(struct store *store, const struct sending_place *place, const struct id *key,
                       const void *answer, size_t len)
{
    struct buf sealed = BUF_INIT(OUTBOX_ANSWER_MAX + VAULT_MORE);
    seal_put(store, place->sealed, key->b, answer, len, &sealed);
    struct query *query = db_query(store->db, place->keep);
    db_bind_blob(query, sealed.data, sealed.len);
    db_bind_id(query, key);
    int err = db_run(query, NULL);
    buf_free(&sealed);
    return err;
}

int sending_put(struct store *store, const struct sending_place *place,
                const struct store_sending *sending, const struct id *key, const void *answer,
                size_t len)
{
    if (len > OUTBOX_ANSWER_MAX)
        return SND_E_LIMIT;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = place->row(store, sending);
    if (err == 0 && answer != NULL)
        err = keep_answer(store, place, key, answer, len);
    return store_write_end(store, err);
}

int store_outbox_put(struct store *store, const struct store_sending *sending, const void *answer,
                     size_t len)
{
    static const struct sending_place place = {
        .row = outbox_upsert,
        .sealed = SEALED_OUTBOX_ANSWER,
        .keep = "UPDATE outbox SET answer = $1 WHERE request = $2"};
    return sending_put(store, &place, sending, &sending->request, answer, len);
}

int store_outbox_list(struct store *store, const char *agency, const char *state, size_t max,
                      struct arena *arena, struct store_sending **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_sending);
    struct query *query =
        db_query(store->db, "SELECT " OUTBOX_COLUMNS " FROM outbox o JOIN request r"
                            " ON r.id = o.request WHERE (o.agency = $1 OR $1 = '')"
                            " AND (o.state = $2 OR ($2 = '' AND o.state IN ('waiting', 'failed')))"
                            " UNION ALL SELECT " FOLLOWUP_COLUMNS " FROM followup f JOIN request r"
                            " ON r.id = f.request WHERE (f.agency = $1 OR $1 = '')"
                            " AND (f.state = $2 OR ($2 = '' AND f.state IN ('waiting', 'failed')))"
                            " ORDER BY 5, 7, 1, 13 LIMIT $3");
    int err = 0, more;
    db_bind_text(query, agency);
    db_bind_text(query, state);
    db_bind_int(query, (int64_t)max);
    while (err == 0 && (more = db_row(query)) != 0) {
        if (more < 0)
            err = more;
        else
            outbox_row(query, rows_add(&rows));
    }
    err = db_end(query, err);
    *out = rows_take(&rows, arena, count);
    return err;
}

static int outbox_number(struct query *query, int64_t *out)
{
    int err = db_one(query);
    if (err == 0)
        *out = db_int(query);
    return db_end(query, err);
}

int store_outbox_count(struct store *store, const char *agency, const char *state, int64_t most,
                       int64_t *out)
{
    struct query *query = db_query(
        store->db, "SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE agency = $1 AND state = $2"
                   " UNION ALL SELECT 1 FROM followup WHERE agency = $1 AND state = $2"
                   " LIMIT $3) AS some");
    db_bind_text(query, agency);
    db_bind_text(query, state);
    db_bind_int(query, most);
    return outbox_number(query, out);
}

int store_outbox_untried(struct store *store, const struct store_link *link, int64_t most,
                         int64_t *out)
{
    struct query *query = db_query(
        store->db, "SELECT COUNT(*) FROM (SELECT 1 FROM request r LEFT JOIN outbox o"
                   " ON o.request = r.id WHERE r.agency = $1 AND r.state IN ('queued', 'at_hub',"
                   " 'sent') AND o.state IS NULL AND r.day >= $2 LIMIT $3) AS some");
    db_bind_text(query, link->agency);
    db_bind_int(query, link->since);
    db_bind_int(query, most);
    return outbox_number(query, out);
}

int store_outbox_oldest(struct store *store, const struct store_link *link, int64_t *out)
{
    struct query *query =
        db_query(store->db, "SELECT COALESCE(MIN(at), 0) FROM ("
                            "SELECT MIN(o.first_at) AS at FROM outbox o WHERE o.agency = $1"
                            " AND o.state IN ('waiting', 'failed')"
                            " UNION ALL SELECT MIN(f.first_at) FROM followup f WHERE f.agency = $1"
                            " AND f.state IN ('waiting', 'failed')"
                            " UNION ALL SELECT MIN(r.at) FROM request r LEFT JOIN outbox o"
                            " ON o.request = r.id WHERE r.agency = $1"
                            " AND r.state IN ('queued', 'at_hub', 'sent')"
                            " AND o.state IS NULL AND r.day >= $2) AS some");
    db_bind_text(query, link->agency);
    db_bind_int(query, link->since);
    return outbox_number(query, out);
}

int store_outbox_now(struct store *store, const char *agency, int64_t now)
{
    static const char *const due[] = {
        "UPDATE outbox SET next_at = $1 WHERE agency = $2 AND state = 'waiting' AND next_at > $3",
        "UPDATE followup SET next_at = $1 WHERE agency = $2 AND state = 'waiting'"
        " AND next_at > $3"};
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    for (size_t i = 0; i < SND_COUNT(due) && err == 0; i++) {
        struct query *query = db_query(store->db, due[i]);
        db_bind_int(query, now);
        db_bind_text(query, agency);
        db_bind_int(query, now);
        err = db_run(query, NULL);
    }
    return store_write_end(store, err);
}

int store_outbox_document(struct store *store, const char *agency, const uint8_t sha[HASH_SIZE])
{
    struct query *query =
        db_query(store->db, "SELECT 1 FROM request_blob b JOIN outbox o ON o.request = b.request"
                            " WHERE b.sha = $1 AND o.agency = $2 LIMIT 1");
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_text(query, agency);
    return db_end(query, db_one(query));
}

int store_request_by_id(struct store *store, const struct id *id, struct store_request *out,
                        struct id *event, char **values)
{
    char number[sizeof out->number];
    struct query *query = db_query(store->db, "SELECT r.number, e.id FROM request r JOIN event e"
                                              " ON e.node = r.node AND e.epoch = r.epoch"
                                              " AND e.seq = r.seq WHERE r.id = $1");
    *values = NULL;
    db_bind_id(query, id);
    int err = db_one(query);
    if (err == 0) {
        db_text(query, number, sizeof number);
        db_id(query, event);
    }
    err = db_end(query, err);
    return err != 0 ? err : store_request_get(store, &store_reach_all, number, out, values);
}
