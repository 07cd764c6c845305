/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of requests: that one was attached to a field, or taken off it, is an event; what
 * stands there now follows from the events. The same document may belong to many requests, and its
 * bytes may come later than the event, when another node sends both. */
#include <string.h>
#include "base/err.h"
#include "base/vault.h"
#include "store/blob_priv.h"
#include "store/feed_priv.h"
#include "store/trail_priv.h"

#define DOCUMENT_COLUMNS                                                                           \
    "r.id, r.role, r.name, r.at, r.sha, r.rev, b.size, b.mime, b.pages,"                           \
    " CASE WHEN EXISTS (SELECT 1 FROM blob_file f WHERE f.sha = r.sha) THEN 1 ELSE 0 END"
#define DOCUMENT_FROM " FROM request_blob r JOIN blob b ON b.sha = r.sha "

static const char *const document_texts[] = {"role", "sha", "mime", "name"};

/* ---- what follows from an event ---- */

static int document_keep_blob(struct store *store, const struct json *payload,
                              const uint8_t sha[HASH_SIZE])
{
    struct query *query = db_query(store->db, "INSERT INTO blob (sha, size, mime, pages)"
                                              " VALUES ($1, $2, $3, $4)"
                                              " ON CONFLICT (sha) DO NOTHING");
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_int(query, json_get_int(payload, "size", 0));
    db_bind_text(query, event_text(payload, "mime"));
    db_bind_int(query, json_get_int(payload, "pages", 0));
    return db_run(query, NULL);
}

/* Named by the event that attached it first, wherever it has been told on since. */
static int document_keep_row(struct store *store, const uint8_t id[ID_SIZE],
                             const struct event *event, int64_t at, const struct json *payload,
                             const uint8_t sha[HASH_SIZE])
{
    const char *name = event_text(payload, "name");
    struct buf sealed = BUF_INIT(4096);
    seal_put(store, SEALED_DOCUMENT_NAME, id, name, strlen(name), &sealed);
    struct query *query =
        db_query(store->db, "INSERT INTO request_blob (id, request, sha, role, at, name, rev)"
                            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING");
    db_bind_blob(query, id, ID_SIZE);
    db_bind_blob(query, event->tx, ID_SIZE);
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_text(query, event_text(payload, "role"));
    db_bind_int(query, at);
    db_bind_blob(query, sealed.data, sealed.len);
    db_bind_int(query, json_get_int(payload, "rev", 0));
    int err = sealed.failed ? SND_E_BAD : db_run(query, NULL);
    buf_free(&sealed);
    return err;
}

/* The hash in a payload; there is none any more in one that was purged. */
static int document_hash(const struct json *payload, uint8_t sha[HASH_SIZE])
{
    return hex_parse(event_text(payload, "sha"), sha, HASH_SIZE);
}

int document_apply_attached(struct store *store, const struct event *event,
                            const struct json *payload)
{
    uint8_t sha[HASH_SIZE], id[ID_SIZE];
    const char *of = event_text(payload, "of");
    if (event_text(payload, "sha")[0] == '\0')
        return 0;
    memcpy(id, event->id, ID_SIZE);
    int err = document_hash(payload, sha);
    if (err == 0 && of[0] != '\0')
        err = hex_parse(of, id, ID_SIZE);
    if (err == 0)
        err = document_keep_blob(store, payload, sha);
    return err != 0 ? err : document_keep_row(store, id, event, event->t, payload, sha);
}

int document_keep_passed(struct store *store, const struct event *event, const struct json *file)
{
    uint8_t sha[HASH_SIZE], id[ID_SIZE];
    int err = document_hash(file, sha);
    if (err == 0)
        err = hex_parse(event_text(file, "id"), id, ID_SIZE);
    if (err == 0)
        err = document_keep_blob(store, file, sha);
    return err != 0
               ? err
               : document_keep_row(store, id, event, json_get_int(file, "at", event->t), file, sha);
}

/* The centre that has the request. */
static int document_holder(struct store *store, const struct event *event, char holder[16])
{
    struct query *query = db_query(store->db, "SELECT holder FROM request WHERE id = $1");
    db_bind_blob(query, event->tx, ID_SIZE);
    int err = db_one(query);
    if (err == 0)
        db_text(query, holder, 16);
    return db_end(query, err);
}

/* Attached by a centre that has passed the request on meanwhile: whoever has it now gets it too. */
int document_react(struct store *store, const struct event *event, const struct json *payload,
                   const struct store_actor *actor)
{
    char holder[16], id[2 * ID_SIZE + 1];
    int err = document_holder(store, event, holder);
    if (err != 0 || strcmp(holder, event->centre) == 0 || event_text(payload, "sha")[0] == '\0')
        return err == SND_E_NOTFOUND ? 0 : err;
    struct event_about about = {.to = holder};
    memcpy(about.tx.b, event->tx, ID_SIZE);
    hex_text(event->id, ID_SIZE, id);
    struct json *said = json_new_object();
    for (size_t i = 0; i < SND_COUNT(document_texts); i++)
        json_put_text(said, document_texts[i], event_text(payload, document_texts[i]));
    json_put_int(said, "size", json_get_int(payload, "size", 0));
    json_put_int(said, "pages", json_get_int(payload, "pages", 0));
    json_put_text(said, "of", id);
    err = event_append(store, EVENT_DOCUMENT_ATTACHED, actor, &about, said);
    json_free(&said);
    return err;
}

/* A document that no request has any more is none of the office's. */
static int document_let_go(struct store *store, const uint8_t sha[HASH_SIZE])
{
    struct query *query =
        db_query(store->db, "DELETE FROM blob WHERE sha = $1"
                            " AND NOT EXISTS (SELECT 1 FROM request_blob r WHERE r.sha = $2)");
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_blob(query, sha, HASH_SIZE);
    int err = db_run(query, NULL);
    return err != 0 ? err : blob_unused(store, sha);
}

int document_apply_dropped(struct store *store, const struct event *event,
                           const struct json *payload)
{
    uint8_t sha[HASH_SIZE];
    if (event_text(payload, "sha")[0] == '\0')
        return 0;
    int err = document_hash(payload, sha);
    if (err != 0)
        return err;
    struct query *query = db_query(
        store->db, "DELETE FROM request_blob WHERE request = $1 AND sha = $2 AND role = $3");
    db_bind_blob(query, event->tx, ID_SIZE);
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_text(query, event_text(payload, "role"));
    err = db_run(query, NULL);
    return err != 0 ? err : document_let_go(store, sha);
}

struct document_sha {
    uint8_t b[HASH_SIZE];
};

int document_forget(struct store *store, const struct id *request)
{
    struct rows rows = ROWS_OF(struct document_sha);
    int got;
    struct query *query = db_query(store->db, "SELECT sha FROM request_blob WHERE request = $1");
    db_bind_id(query, request);
    while ((got = db_row(query)) == 1)
        db_blob(query, ((struct document_sha *)rows_add(&rows))->b, HASH_SIZE);
    int err = db_end(query, got);
    if (err == 0) {
        query = db_query(store->db, "DELETE FROM request_blob WHERE request = $1");
        db_bind_id(query, request);
        err = db_run(query, NULL);
    }
    const struct document_sha *sha = rows.all;
    for (size_t i = 0; err == 0 && i < rows.count; i++)
        err = document_let_go(store, sha[i].b);
    x_free(&rows.all);
    return err;
}

/* ---- events ---- */

static struct json *document_payload(const char *role, const uint8_t sha[HASH_SIZE])
{
    char hex[HASH_TEXT];
    struct json *payload = json_new_object();
    hex_text(sha, HASH_SIZE, hex);
    json_put_text(payload, "role", role);
    json_put_text(payload, "sha", hex);
    return payload;
}

/* The sender's inbox has done its work. */
static int document_out_of_inbox(struct store *store, const char *account,
                                 const uint8_t sha[HASH_SIZE])
{
    struct query *query = db_query(store->db, "DELETE FROM inbox WHERE account = $1 AND file IN"
                                              " (SELECT f.id FROM blob_file f WHERE f.sha = $2)");
    db_bind_text(query, account);
    db_bind_blob(query, sha, HASH_SIZE);
    return db_run(query, NULL);
}

int store_document_attach(struct store *store, const struct id *request,
                          const struct store_document *document, const struct store_actor *actor)
{
    struct event_about about = {.tx = *request};
    struct json *payload = document_payload(document->role, document->blob.sha);
    json_put_int(payload, "size", document->blob.size);
    json_put_text(payload, "mime", filetype_mime(document->blob.type));
    json_put_int(payload, "pages", document->blob.pages);
    json_put_text(payload, "name", document->name);
    if (document->rev > 0)
        json_put_int(payload, "rev", document->rev);
    int err = store_write_begin(store);
    if (err == 0) {
        err = event_append(store, EVENT_DOCUMENT_ATTACHED, actor, &about, payload);
        if (err == 0)
            err = document_out_of_inbox(store, actor->name, document->blob.sha);
        err = store_write_end(store, err);
    }
    json_free(&payload);
    return err;
}

static int document_is_there(struct store *store, const struct id *request, const char *role,
                             const uint8_t sha[HASH_SIZE])
{
    struct query *query = db_query(
        store->db, "SELECT 1 FROM request_blob WHERE request = $1 AND sha = $2 AND role = $3");
    db_bind_id(query, request);
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_text(query, role);
    return db_end(query, db_one(query));
}

int store_document_drop(struct store *store, const struct id *request, const char *role,
                        const uint8_t sha[HASH_SIZE], const struct store_actor *actor)
{
    struct event_about about = {.tx = *request};
    int err = document_is_there(store, request, role, sha);
    if (err == 0)
        err = store_write_begin(store);
    if (err != 0)
        return err;
    struct json *payload = document_payload(role, sha);
    err = event_append(store, EVENT_DOCUMENT_DROPPED, actor, &about, payload);
    json_free(&payload);
    return store_write_end(store, err);
}

/* ---- reading ---- */

static int document_read(const struct store *store, struct query *query, struct store_document *out)
{
    char mime[64];
    struct buf name = BUF_INIT(STORE_BLOB_NAME);
    size_t len;
    memset(out, 0, sizeof *out);
    db_id(query, &out->id);
    db_text(query, out->role, sizeof out->role);
    const void *sealed = db_blob_peek(query, &len);
    int err = seal_get(store, SEALED_DOCUMENT_NAME, out->id.b, sealed, len, &name);
    if (err == 0)
        err = str_copy(out->name, sizeof out->name, buf_text(&name));
    buf_free(&name);
    out->at = db_int(query);
    db_blob(query, out->blob.sha, HASH_SIZE);
    out->rev = db_int(query);
    out->blob.size = db_int(query);
    db_text(query, mime, sizeof mime);
    out->blob.type = filetype_of_mime(mime);
    out->blob.pages = (uint32_t)db_int(query);
    out->have = db_int(query) == 1;
    return err;
}

static int document_rows(struct store *store, struct query *query, struct arena *arena,
                         struct store_document **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_document);
    int got = 0, err = 0;
    while (err == 0 && (got = db_row(query)) == 1)
        err = document_read(store, query, rows_add(&rows));
    err = db_end(query, err != 0 ? err : got);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_document_list(struct store *store, const struct id *request, struct arena *arena,
                        struct store_document **out, size_t *count)
{
    struct query *query = db_query(store->db, "SELECT " DOCUMENT_COLUMNS DOCUMENT_FROM
                                              "WHERE r.request = $1 ORDER BY r.at, r.id");
    db_bind_id(query, request);
    return document_rows(store, query, arena, out, count);
}

static int document_seen_before(const struct store_document *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(all[i].blob.sha, all[n].blob.sha, HASH_SIZE) == 0)
            return 1;
    return 0;
}

int store_document_known(struct store *store, const char *centre, const char *civil, size_t max,
                         struct arena *arena, struct store_document **out, size_t *count)
{
    struct subject person;
    size_t all, kept = 0;
    subject_person(store, civil, &person);
    struct query *query = db_query(
        store->db, "SELECT " DOCUMENT_COLUMNS " FROM event_subject s"
                   " JOIN event e ON e.node = s.node AND e.epoch = s.epoch AND e.seq = s.seq"
                   " JOIN request q ON q.id = e.tx JOIN request_blob r ON r.request = q.id"
                   " JOIN blob b ON b.sha = r.sha WHERE s.subject = $1"
                   " AND e.type = 'request.submitted' AND q.centre = $2"
                   " ORDER BY r.at DESC, r.id DESC LIMIT $3");
    db_bind_blob(query, person.bytes, person.len);
    db_bind_text(query, centre);
    db_bind_int(query, (int64_t)max * 4);
    int err = document_rows(store, query, arena, out, &all);
    for (size_t i = 0; i < all; i++)
        if ((*out)[i].have && !document_seen_before(*out, i) && kept < max)
            (*out)[kept++] = (*out)[i];
    *count = kept;
    return err;
}

/* One of the centre's requests that has it. */
static int document_of_centre(struct store *store, const char *centre, const uint8_t sha[HASH_SIZE],
                              struct store_document *out)
{
    struct query *query =
        db_query(store->db, "SELECT " DOCUMENT_COLUMNS DOCUMENT_FROM
                            "JOIN request q ON q.id = r.request WHERE r.sha = $1 AND q.centre = $2"
                            " AND EXISTS (SELECT 1 FROM blob_file f WHERE f.sha = r.sha) LIMIT 1");
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_text(query, centre);
    int err = db_one(query);
    if (err == 0)
        err = document_read(store, query, out);
    out->rev = 0;
    return db_end(query, err);
}

int store_document_offered(struct store *store, const char *account, const char *centre,
                           const uint8_t sha[HASH_SIZE], struct store_document *out)
{
    struct id entry = {0};
    struct store_inbox inbox;
    struct query *query =
        db_query(store->db, "SELECT i.id FROM blob_file f JOIN inbox i ON i.file = f.id"
                            " WHERE f.sha = $1 AND i.account = $2 LIMIT 1");
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_text(query, account);
    int err = db_one(query);
    if (err == 0)
        db_id(query, &entry);
    err = db_end(query, err);
    if (err == SND_E_NOTFOUND)
        return document_of_centre(store, centre, sha, out);
    if (err == 0)
        err = store_inbox_get(store, account, &entry, &inbox);
    if (err != 0)
        return err;
    *out = (struct store_document){.blob = inbox.blob, .have = 1};
    return str_copy(out->name, sizeof out->name, inbox.name);
}

int store_document_complete(struct store *store, const struct id *request, int *complete)
{
    struct query *query =
        db_query(store->db, "SELECT 1 FROM request_blob r WHERE r.request = $1"
                            " AND NOT EXISTS (SELECT 1 FROM blob_file f WHERE f.sha = r.sha)"
                            " LIMIT 1");
    db_bind_id(query, request);
    int err = db_end(query, db_one(query));
    *complete = err == SND_E_NOTFOUND;
    return err == SND_E_NOTFOUND ? 0 : err;
}

int store_blob_known(struct store *store, const uint8_t sha[HASH_SIZE], struct store_blob *out)
{
    char mime[64];
    struct query *query = db_query(store->db, "SELECT size, mime, pages FROM blob WHERE sha = $1");
    memset(out, 0, sizeof *out);
    memcpy(out->sha, sha, HASH_SIZE);
    db_bind_blob(query, sha, HASH_SIZE);
    int err = db_one(query);
    if (err == 0) {
        out->size = db_int(query);
        db_text(query, mime, sizeof mime);
        out->type = filetype_of_mime(mime);
        out->pages = (uint32_t)db_int(query);
    }
    return db_end(query, err);
}

/* ---- what one side lacks ---- */

static int lack_rows(struct query *query, size_t max, struct arena *arena,
                     struct store_blob_lack **out, size_t *count, int64_t *total)
{
    struct rows rows = ROWS_OF(struct store_blob_lack);
    int got;
    *total = 0;
    while ((got = db_row(query)) == 1) {
        if (rows.count < max) {
            struct store_blob_lack *lack = rows_add(&rows);
            db_blob(query, lack->sha, HASH_SIZE);
            lack->size = db_int(query);
        }
        (*total)++;
    }
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_blob_missing(struct store *store, size_t max, struct arena *arena,
                       struct store_blob_lack **out, size_t *count, int64_t *total)
{
    struct query *query = db_query(store->db, "SELECT b.sha, b.size FROM blob b WHERE NOT EXISTS"
                                              " (SELECT 1 FROM blob_file f WHERE f.sha = b.sha)"
                                              " ORDER BY b.size, b.sha");
    int err = lack_rows(query, max, arena, out, count, total);
    for (size_t i = 0; err == 0 && i < *count; i++) {
        struct id file;
        err = store_blob_growing(store, (*out)[i].sha, &file);
        if (err == 0)
            err = store_blob_length(store, &file, &(*out)[i].have);
        err = err == SND_E_NOTFOUND ? 0 : err;
    }
    return err;
}

int store_blob_unsent(struct store *store, size_t max, struct arena *arena,
                      struct store_blob_lack **out, size_t *count, int64_t *total)
{
    struct query *query =
        db_query(store->db, "SELECT f.sha, f.size FROM blob_file f WHERE f.state = 1 AND f.sent = 0"
                            " AND EXISTS (SELECT 1 FROM blob b WHERE b.sha = f.sha)"
                            " ORDER BY f.size, f.sha");
    int err = lack_rows(query, max, arena, out, count, total);
    for (size_t i = 0; i < *count; i++)
        (*out)[i].have = (*out)[i].size;
    return err;
}

int store_blob_waiting(struct store *store, int64_t *count)
{
    struct query *query =
        db_query(store->db, "SELECT COUNT(*) FROM blob_file f WHERE f.state = 1 AND f.sent = 0"
                            " AND EXISTS (SELECT 1 FROM blob b WHERE b.sha = f.sha)");
    int err = db_one(query);
    if (err == 0)
        *count = db_int(query);
    return db_end(query, err);
}

int store_blob_sent(struct store *store, const uint8_t sha[HASH_SIZE])
{
    int64_t changed = 0;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query = db_query(store->db, "UPDATE blob_file SET sent = 1 WHERE sha = $1");
    db_bind_blob(query, sha, HASH_SIZE);
    err = db_run(query, &changed);
    return store_write_end(store, err == 0 && changed == 0 ? SND_E_NOTFOUND : err);
}
