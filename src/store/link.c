/* SPDX-License-Identifier: Apache-2.0 */
/* The lines to agencies: which there are, how they are set, in which stage they are and whether
 * they are paused. Each change is an event. The token that an agency gave us lies sealed in its
 * row; of the one that we gave it there is only a hash. How a line goes is local state. */
#include "store/link.h"
#include <string.h>
#include "base/err.h"
#include "store/event_priv.h"
#include "store/seal_priv.h"

#define LINK_COLUMNS                                                                               \
    "id, agency, url, callback, until, peer, documents, poll, most, stage, since, paused, reason," \
    " token"

const char *const store_link_stages[LINK_STAGES] = {"agreed", "building", "testing", "live"};

/* A row's id is made of its code, so that a replay gives the same. */
static void link_id(const char *agency, struct id *out)
{
    uint8_t hash[HASH_SIZE];
    hash_bytes(agency, strlen(agency), hash);
    memcpy(out->b, hash, ID_SIZE);
}

static void link_bind_token(struct query *query, const struct buf *sealed)
{
    if (sealed->len > 0)
        db_bind_blob(query, sealed->data, sealed->len);
    else
        db_bind_null(query);
}

static void link_seal(const struct store *store, const struct id *id, const char *token,
                      struct buf *out)
{
    if (token[0] != '\0')
        seal_put(store, SEALED_LINK_TOKEN, id->b, token, strlen(token), out);
}

static int stage_insert(struct store *store, const char *agency, const char *stage, int64_t day)
{
    struct query *query = db_query(store->db, "INSERT INTO agency_stage (agency, stage, day)"
                                              " VALUES ($1, $2, $3) ON CONFLICT (agency, stage)"
                                              " DO UPDATE SET day = excluded.day");
    db_bind_text(query, agency);
    db_bind_text(query, stage);
    db_bind_int(query, day);
    return db_run(query, NULL);
}

/* ---- what follows from an event ---- */

static int link_upsert(struct store *store, const struct event *event, const struct json *payload,
                       int64_t *added)
{
    const char *agency = event_text(payload, "agency");
    struct buf sealed = BUF_INIT(LINK_TOKEN + VAULT_MORE);
    struct id id;
    link_id(agency, &id);
    link_seal(store, &id, event_text(payload, "token"), &sealed);
    struct query *query = db_query(
        store->db, "INSERT INTO agency_link (id, agency, url, token, callback, until, peer,"
                   " documents, poll, most, stage, since, paused, reason)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'agreed', $11, 0, '')"
                   " ON CONFLICT (agency) DO UPDATE SET url = excluded.url,"
                   " token = excluded.token, callback = excluded.callback, until = excluded.until,"
                   " peer = excluded.peer, documents = excluded.documents, poll = excluded.poll,"
                   " most = excluded.most");
    db_bind_id(query, &id);
    db_bind_text(query, agency);
    db_bind_text(query, event_text(payload, "url"));
    link_bind_token(query, &sealed);
    db_bind_text(query, event_text(payload, "callback"));
    db_bind_int(query, json_get_int(payload, "until", 0));
    db_bind_text(query, event_text(payload, "peer"));
    db_bind_text(query, event_text(payload, "documents"));
    db_bind_int(query, json_get_int(payload, "poll", 0));
    db_bind_int(query, json_get_int(payload, "most", 1));
    db_bind_int(query, event->day);
    int err = db_run(query, added);
    buf_free(&sealed);
    return err;
}

int link_apply(struct store *store, const struct event *event, const struct json *payload)
{
    const char *agency = event_text(payload, "agency");
    struct query *query =
        db_query(store->db, "SELECT 1 FROM agency_stage WHERE agency = $1 LIMIT 1");
    db_bind_text(query, agency);
    int known = db_end(query, db_one(query));
    if (known != 0 && known != SND_E_NOTFOUND)
        return known;
    int err = link_upsert(store, event, payload, NULL);
    if (err == 0 && known != 0)
        err = stage_insert(store, agency, "agreed", event->day);
    return err;
}

int link_apply_staged(struct store *store, const struct event *event, const struct json *payload)
{
    int64_t day = json_get_int(payload, "day", event->day);
    struct query *query = db_query(store->db, "UPDATE agency_link SET stage = $1, since = $2"
                                              " WHERE agency = $3");
    db_bind_text(query, event_text(payload, "stage"));
    db_bind_int(query, day);
    db_bind_text(query, event_text(payload, "agency"));
    int err = db_run(query, NULL);
    return err != 0 ? err
                    : stage_insert(store, event_text(payload, "agency"),
                                   event_text(payload, "stage"), day);
}

int link_apply_paused(struct store *store, const struct event *event, const struct json *payload)
{
    (void)event;
    struct query *query = db_query(store->db, "UPDATE agency_link SET paused = $1, reason = $2"
                                              " WHERE agency = $3");
    db_bind_int(query, json_get_int(payload, "paused", 0));
    db_bind_text(query, event_text(payload, "reason"));
    db_bind_text(query, event_text(payload, "agency"));
    return db_run(query, NULL);
}

/* ---- changes ---- */

static int link_append(struct store *store, enum event_type type, struct json *payload,
                       const struct store_actor *actor)
{
    int err = store_write_begin(store);
    if (err == 0)
        err = store_write_end(store,
                              event_append(store, type, actor, &(struct event_about){0}, payload));
    json_free(&payload);
    return err;
}

static int link_fits(const struct store_link *link)
{
    return link->agency[0] != '\0' && link->url[0] != '\0' && json_text_fits(link->agency) &&
           json_text_fits(link->url) && json_text_fits(link->token) && link->most > 0 &&
           link->poll >= 0;
}

int store_link_put(struct store *store, const struct store_link *link,
                   const struct store_actor *actor)
{
    if (!link_fits(link))
        return SND_E_BAD;
    struct json *payload = json_new_object();
    json_put_text(payload, "agency", link->agency);
    json_put_text(payload, "url", link->url);
    json_put_text(payload, "token", link->token);
    json_put_text(payload, "callback", link->callback);
    json_put_int(payload, "until", link->until);
    json_put_text(payload, "peer", link->peer);
    json_put_text(payload, "documents", link->documents);
    json_put_int(payload, "poll", link->poll);
    json_put_int(payload, "most", link->most);
    return link_append(store, EVENT_AGENCY_LINKED, payload, actor);
}

static int link_known(struct store *store, const char *agency)
{
    struct query *query = db_query(store->db, "SELECT 1 FROM agency_link WHERE agency = $1");
    db_bind_text(query, agency);
    return db_end(query, db_one(query));
}

int store_link_stage(struct store *store, const char *agency, const char *stage, int32_t day,
                     const struct store_actor *actor)
{
    int err = link_known(store, agency);
    if (err != 0)
        return err;
    struct json *payload = json_new_object();
    json_put_text(payload, "agency", agency);
    json_put_text(payload, "stage", stage);
    json_put_int(payload, "day", day);
    return link_append(store, EVENT_AGENCY_STAGED, payload, actor);
}

int store_link_pause(struct store *store, const char *agency, int paused, const char *reason,
                     const struct store_actor *actor)
{
    int err = json_text_fits(reason) ? link_known(store, agency) : SND_E_BAD;
    if (err != 0)
        return err;
    struct json *payload = json_new_object();
    json_put_text(payload, "agency", agency);
    json_put_int(payload, "paused", paused != 0);
    json_put_text(payload, "reason", reason);
    return link_append(store, EVENT_AGENCY_PAUSED, payload, actor);
}

/* ---- looking ---- */

static int link_row(const struct store *store, struct query *query, struct store_link *out)
{
    struct id id;
    size_t len;
    memset(out, 0, sizeof *out);
    db_id(query, &id);
    db_text(query, out->agency, sizeof out->agency);
    db_text(query, out->url, sizeof out->url);
    db_text(query, out->callback, sizeof out->callback);
    out->until = db_int(query);
    db_text(query, out->peer, sizeof out->peer);
    db_text(query, out->documents, sizeof out->documents);
    out->poll = (int)db_int(query);
    out->most = (int)db_int(query);
    db_text(query, out->stage, sizeof out->stage);
    out->since = (int32_t)db_int(query);
    out->paused = (int)db_int(query);
    db_text(query, out->reason, sizeof out->reason);
    const void *sealed = db_blob_peek(query, &len);
    struct buf token = BUF_INIT(LINK_TOKEN - 1);
    int err = seal_get(store, SEALED_LINK_TOKEN, id.b, sealed, len, &token);
    if (err == 0)
        err = str_copy(out->token, sizeof out->token, buf_text(&token));
    buf_free(&token);
    return err;
}

static int link_one(const struct store *store, struct query *query, struct store_link *out)
{
    int err = db_one(query);
    if (err == 0)
        err = link_row(store, query, out);
    return db_end(query, err);
}

int store_link_get(struct store *store, const char *agency, struct store_link *out)
{
    struct query *query =
        db_query(store->db, "SELECT " LINK_COLUMNS " FROM agency_link WHERE agency = $1");
    db_bind_text(query, agency);
    return link_one(store, query, out);
}

int store_link_caller(struct store *store, const char *callback, const char *peer,
                      struct store_link *out)
{
    struct query *query = db_query(
        store->db, "SELECT " LINK_COLUMNS " FROM agency_link WHERE (callback = $1 AND"
                   " callback <> '') OR (peer = $2 AND peer <> '') ORDER BY agency LIMIT 1");
    db_bind_text(query, callback);
    db_bind_text(query, peer);
    return link_one(store, query, out);
}

int store_link_list(struct store *store, struct arena *arena, struct store_link **out,
                    size_t *count)
{
    struct rows rows = ROWS_OF(struct store_link);
    struct query *query =
        db_query(store->db, "SELECT " LINK_COLUMNS " FROM agency_link ORDER BY agency");
    int err = 0, more;
    while (err == 0 && (more = db_row(query)) != 0)
        err = more < 0 ? more : link_row(store, query, rows_add(&rows));
    err = db_end(query, err);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_link_days(struct store *store, const char *agency, int32_t out[LINK_STAGES])
{
    struct query *query =
        db_query(store->db, "SELECT stage, day FROM agency_stage WHERE agency = $1");
    int err = 0, more;
    memset(out, 0, LINK_STAGES * sizeof *out);
    db_bind_text(query, agency);
    while (err == 0 && (more = db_row(query)) != 0) {
        char stage[LINK_WORD];
        if (more < 0)
            return db_end(query, more);
        db_text(query, stage, sizeof stage);
        int32_t day = (int32_t)db_int(query);
        for (size_t i = 0; i < LINK_STAGES; i++)
            if (strcmp(store_link_stages[i], stage) == 0)
                out[i] = day;
    }
    return db_end(query, err);
}

int store_link_open(const struct store_link *link, const struct store_office *office)
{
    return !link->paused && strcmp(link->stage, office->practice ? "testing" : "live") == 0;
}

/* ---- how a line goes ---- */

int store_agency_line_get(struct store *store, const char *agency, struct store_agency_line *out)
{
    memset(out, 0, sizeof *out);
    struct query *query =
        db_query(store->db, "SELECT fails, until, last_ok, why, since FROM agency_line"
                            " WHERE agency = $1");
    db_bind_text(query, agency);
    int err = db_one(query);
    if (err == 0) {
        out->fails = (int)db_int(query);
        out->until = db_int(query);
        out->last_ok = db_int(query);
        db_text(query, out->why, sizeof out->why);
        out->since = db_int(query);
    }
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? 0 : err;
}

int store_agency_line_put(struct store *store, const char *agency,
                          const struct store_agency_line *line)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query =
        db_query(store->db, "INSERT INTO agency_line (agency, fails, until, last_ok, why, since)"
                            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (agency) DO UPDATE SET"
                            " fails = excluded.fails, until = excluded.until,"
                            " last_ok = excluded.last_ok, why = excluded.why,"
                            " since = excluded.since");
    db_bind_text(query, agency);
    db_bind_int(query, line->fails);
    db_bind_int(query, line->until);
    db_bind_int(query, line->last_ok);
    db_bind_text(query, line->why);
    db_bind_int(query, line->since);
    return store_write_end(store, db_run(query, NULL));
}
