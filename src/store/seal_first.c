/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing an office forward that was made before there were keys: seals payloads, civil numbers,
 * drafts and answers, and takes civil numbers out of what is searched by words. One row at a time,
 * by its key, inside the transaction that changes the schema. */
#include <string.h>
#include "base/err.h"
#include "store/request_priv.h"
#include "store/seal_priv.h"

#define ROW_MAX (40 * 1024 * 1024)

/* ---- events ---- */

static int payload_one(struct store *store, const uint8_t node[ID_SIZE], int64_t epoch, int64_t seq)
{
    struct buf sealed = BUF_INIT(ROW_MAX);
    struct id id;
    size_t len;
    struct query *query = db_query(store->db, "SELECT id, payload FROM event"
                                              " WHERE node = $1 AND epoch = $2 AND seq = $3");
    db_bind_blob(query, node, ID_SIZE);
    db_bind_int(query, epoch);
    db_bind_int(query, seq);
    int err = db_one(query);
    if (err == 0) {
        db_id(query, &id);
        const void *payload = db_blob_peek(query, &len);
        if (payload != NULL)
            seal_put(store, SEALED_EVENT_PAYLOAD, id.b, payload, len, &sealed);
    }
    err = db_end(query, err);
    if (err == 0 && sealed.len > 0) {
        query = db_query(store->db, "UPDATE event SET payload = $1"
                                    " WHERE node = $2 AND epoch = $3 AND seq = $4");
        db_bind_blob(query, sealed.data, sealed.len);
        db_bind_blob(query, node, ID_SIZE);
        db_bind_int(query, epoch);
        db_bind_int(query, seq);
        err = db_run(query, NULL);
    }
    buf_free(&sealed);
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int payload_chain(struct store *store, const uint8_t node[ID_SIZE], int64_t epoch,
                         int64_t last)
{
    int err = 0;
    for (int64_t seq = 1; seq <= last && err == 0; seq++)
        err = payload_one(store, node, epoch, seq);
    return err;
}

struct chain {
    uint8_t node[ID_SIZE];
    int64_t epoch, last;
};

static int payloads(struct store *store)
{
    struct rows rows = ROWS_OF(struct chain);
    struct query *query = db_query(store->db, "SELECT node, epoch, seq FROM head");
    int got;
    while ((got = db_row(query)) == 1) {
        struct chain *chain = rows_add(&rows);
        db_blob(query, chain->node, ID_SIZE);
        chain->epoch = db_int(query);
        chain->last = db_int(query);
    }
    int err = db_end(query, got);
    const struct chain *chain = rows.all;
    for (size_t i = 0; i < rows.count && err == 0; i++)
        err = payload_chain(store, chain[i].node, chain[i].epoch, chain[i].last);
    x_free(&rows.all);
    return err;
}

/* ---- rows by id ---- */

static int bind_update(struct query *query, const struct buf *sealed, const struct id *id)
{
    db_bind_blob(query, sealed->data, sealed->len);
    db_bind_id(query, id);
    return db_run(query, NULL);
}

/* The number stood among the words of the name. */
static int words_anew(struct store *store, const struct store_request *request)
{
    struct buf words = BUF_INIT(4096), civil = BUF_INIT(64);
    search_text(request->applicant, request->number, &words);
    search_number(request->civil, &civil);
    struct query *query = db_query(store->db, "DELETE FROM token WHERE word = $1 AND request = $2");
    db_bind_text(query, buf_text(&civil));
    db_bind_id(query, &request->id);
    int err = db_run(query, NULL);
    if (err == 0)
        err = search_keep(store, &request->id, request->number, buf_text(&words));
    if (err == 0) {
        query =
            db_query(store->db, "UPDATE request SET search = $1, civil_clear = '' WHERE id = $2");
        db_bind_text(query, buf_text(&words));
        db_bind_id(query, &request->id);
        err = db_run(query, NULL);
    }
    buf_free(&civil);
    buf_free(&words);
    return err;
}

static int civil_one(struct store *store, const struct store_request *request)
{
    struct buf sealed = BUF_INIT(1024);
    int err = words_anew(store, request);
    if (err == 0 && request->civil[0] != '\0') {
        seal_put(store, SEALED_REQUEST_CIVIL, request->id.b, request->civil, strlen(request->civil),
                 &sealed);
        err = bind_update(db_query(store->db, "UPDATE request SET civil = $1 WHERE id = $2"),
                          &sealed, &request->id);
    }
    if (err == 0)
        err = search_mark(store, &request->id, "civil", request->civil);
    buf_free(&sealed);
    return err;
}

static int draft_one(struct store *store, const struct id *id, const char *typed,
                     const char *values)
{
    struct buf plain = BUF_INIT(ROW_MAX), sealed = BUF_INIT(ROW_MAX);
    buf_put(&plain, typed, strlen(typed) + 1);
    buf_puts(&plain, values);
    seal_put(store, SEALED_DRAFT_FILLED, id->b, plain.data, plain.len, &sealed);
    int err =
        bind_update(db_query(store->db, "UPDATE draft SET filled = $1 WHERE id = $2"), &sealed, id);
    buf_free(&plain);
    buf_free(&sealed);
    return err;
}

static int answer_one(struct store *store, const struct id *id, const void *body, size_t len)
{
    struct buf sealed = BUF_INIT(ROW_MAX);
    seal_put(store, SEALED_ANSWER_BODY, id->b, body, len, &sealed);
    int err =
        bind_update(db_query(store->db, "UPDATE answer SET body = $1 WHERE id = $2"), &sealed, id);
    buf_free(&sealed);
    return err;
}

static int next_request(struct store *store, struct id *last)
{
    struct store_request request = {0};
    struct query *query =
        db_query(store->db, "SELECT id, applicant, civil_clear, number FROM request WHERE id > $1"
                            " ORDER BY id LIMIT 1");
    db_bind_id(query, last);
    int err = db_one(query);
    if (err == 0) {
        db_id(query, &request.id);
        db_text(query, request.applicant, sizeof request.applicant);
        db_text(query, request.civil, sizeof request.civil);
        db_text(query, request.number, sizeof request.number);
    }
    err = db_end(query, err);
    *last = request.id;
    return err != 0 ? err : civil_one(store, &request);
}

static int next_draft(struct store *store, struct id *last)
{
    char *typed = NULL, *values = NULL;
    struct query *query =
        db_query(store->db, "SELECT id, typed_clear, filled_clear FROM draft WHERE id > $1"
                            " ORDER BY id LIMIT 1");
    db_bind_id(query, last);
    int err = db_one(query);
    if (err == 0) {
        db_id(query, last);
        typed = x_strdup(db_text_peek(query));
        values = x_strdup(db_text_peek(query));
    }
    err = db_end(query, err);
    if (err == 0)
        err = draft_one(store, last, typed, values);
    x_free(&typed);
    x_free(&values);
    return err;
}

static int next_answer(struct store *store, struct id *last)
{
    struct buf body = BUF_INIT(ROW_MAX);
    size_t len;
    struct query *query =
        db_query(store->db, "SELECT id, body FROM answer WHERE id > $1 ORDER BY id LIMIT 1");
    db_bind_id(query, last);
    int err = db_one(query);
    if (err == 0) {
        db_id(query, last);
        const void *bytes = db_blob_peek(query, &len);
        buf_put(&body, bytes == NULL ? "" : bytes, len);
    }
    err = db_end(query, err);
    if (err == 0)
        err = answer_one(store, last, body.data, body.len);
    buf_free(&body);
    return err;
}

int seal_first(struct store *store)
{
    static int (*const each[])(struct store * store, struct id * last) = {next_request, next_draft,
                                                                          next_answer};
    int err = payloads(store);
    for (size_t i = 0; i < SND_COUNT(each) && err == 0; i++) {
        struct id last = {0};
        while (err == 0)
            err = each[i](store, &last);
        err = err == SND_E_NOTFOUND ? 0 : err;
    }
    return err;
}
