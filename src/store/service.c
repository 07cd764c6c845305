/* SPDX-License-Identifier: Apache-2.0 */
/* Services beyond their forms: rulings that open or close one for some days, the notices that come
 * with a new or changed one, who has read which, and who has practised. Each is an event with one
 * row behind it; no row is ever changed, so that a form's dates come back by themselves when a
 * ruling's days are over. Of rulings and notices of one service the newest counts, in the order of
 * their events. */
#include <string.h>
#include "base/err.h"
#include "store/event_priv.h"

/* ---- what follows from an event ---- */

static int ruling_insert(struct store *store, const struct event *event, const struct json *payload,
                         int opens)
{
    struct query *query = db_query(
        store->db, "INSERT INTO ruling (service, epoch, seq, opens, from_day, to_day, reason)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7)");
    db_bind_text(query, event_text(payload, "service"));
    db_bind_int(query, event->epoch);
    db_bind_int(query, event->seq);
    db_bind_int(query, opens);
    db_bind_int(query, json_get_int(payload, "from", 0));
    db_bind_int(query, json_get_int(payload, "to", STORE_FOREVER));
    db_bind_text(query, event_text(payload, "reason"));
    return db_run(query, NULL);
}

int notice_apply(struct store *store, const struct event *event, const struct json *payload,
                 const char *service)
{
    const struct json *notice = json_get(payload, "notice");
    if (notice == NULL)
        return 0;
    struct query *query =
        db_query(store->db, "INSERT INTO notice (id, service, epoch, seq, version,"
                            " from_day, body_ar, body_en)"
                            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    db_bind_blob(query, event->id, ID_SIZE);
    db_bind_text(query, service);
    db_bind_int(query, event->epoch);
    db_bind_int(query, event->seq);
    db_bind_int(query, json_get_int(payload, "version", 0));
    db_bind_int(query, json_get_int(payload, "from", event->day));
    db_bind_text(query, event_text(notice, "ar"));
    db_bind_text(query, event_text(notice, "en"));
    return db_run(query, NULL);
}

int service_apply_opened(struct store *store, const struct event *event, const struct json *payload)
{
    int err = ruling_insert(store, event, payload, 1);
    return err != 0 ? err : notice_apply(store, event, payload, event_text(payload, "service"));
}

int service_apply_closed(struct store *store, const struct event *event, const struct json *payload)
{
    return ruling_insert(store, event, payload, 0);
}

int service_apply_read(struct store *store, const struct event *event, const struct json *payload)
{
    struct query *query =
        db_query(store->db, "INSERT INTO notice_read (account, notice, at) VALUES ($1, $2, $3)");
    db_bind_text(query, event_text(payload, "account"));
    db_bind_blob(query, event->tx, ID_SIZE);
    db_bind_int(query, event->t);
    return db_run(query, NULL);
}

int service_apply_practised(struct store *store, const struct event *event,
                            const struct json *payload)
{
    struct query *query =
        db_query(store->db, "INSERT INTO training (id, account, centre, service, form, at, day,"
                            " faults) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    db_bind_blob(query, event->id, ID_SIZE);
    db_bind_text(query, event_text(payload, "account"));
    db_bind_text(query, event->centre);
    db_bind_text(query, event_text(payload, "service"));
    db_bind_blob(query, event->form, HASH_SIZE);
    db_bind_int(query, event->t);
    db_bind_int(query, event->day);
    db_bind_int(query, json_get_int(payload, "faults", 0));
    return db_run(query, NULL);
}

/* ---- rulings ---- */

void notice_put(struct json *payload, const struct store_notice *notice)
{
    if (notice == NULL)
        return;
    struct json *both = json_new_object();
    json_put_text(both, "ar", notice->body[LANG_AR]);
    json_put_text(both, "en", notice->body[LANG_EN]);
    json_put(payload, "notice", both);
}

int notice_fits(const struct store_notice *notice)
{
    return notice == NULL ||
           (json_text_fits(notice->body[LANG_AR]) && json_text_fits(notice->body[LANG_EN]));
}

static int service_known(struct store *store, const char *service)
{
    struct query *query = db_query(store->db, "SELECT version FROM form WHERE code = $1 LIMIT 1");
    db_bind_text(query, service);
    return db_end(query, db_one(query));
}

int store_service_rule(struct store *store, const struct store_ruling *ruling,
                       const struct store_notice *notice, const struct store_actor *actor)
{
    if (!json_text_fits(ruling->service) || !json_text_fits(ruling->reason) ||
        !notice_fits(notice) || ruling->to < ruling->from)
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = service_known(store, ruling->service);
    if (err == 0) {
        struct json *payload = json_new_object();
        json_put_text(payload, "service", ruling->service);
        json_put_int(payload, "from", ruling->from);
        if (ruling->to != STORE_FOREVER)
            json_put_int(payload, "to", ruling->to);
        json_put_text(payload, "reason", ruling->reason);
        if (ruling->opens)
            notice_put(payload, notice);
        err = event_append(store, ruling->opens ? EVENT_SERVICE_OPENED : EVENT_SERVICE_CLOSED,
                           actor, &(struct event_about){0}, payload);
        json_free(&payload);
    }
    return store_write_end(store, err);
}

static void ruling_get(struct query *query, struct store_ruling *out)
{
    memset(out, 0, sizeof *out);
    db_text(query, out->service, sizeof out->service);
    out->opens = db_int(query) != 0;
    out->from = (int32_t)db_int(query);
    out->to = (int32_t)db_int(query);
    db_text(query, out->reason, sizeof out->reason);
}

int store_service_ruling(struct store *store, const char *service, int32_t day,
                         struct store_ruling *out)
{
    struct query *query =
        db_query(store->db, "SELECT service, opens, from_day, to_day, reason FROM ruling"
                            " WHERE service = $1 AND from_day <= $2 AND to_day >= $3"
                            " ORDER BY epoch DESC, seq DESC LIMIT 1");
    db_bind_text(query, service);
    db_bind_int(query, day);
    db_bind_int(query, day);
    int err = db_one(query);
    if (err == 0)
        ruling_get(query, out);
    return db_end(query, err);
}

int store_service_rulings(struct store *store, int32_t day, struct arena *arena,
                          struct store_ruling **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_ruling);
    int got;
    struct query *query =
        db_query(store->db, "SELECT service, opens, from_day, to_day, reason FROM ruling"
                            " WHERE from_day <= $1 AND to_day >= $2"
                            " ORDER BY service, epoch DESC, seq DESC");
    db_bind_int(query, day);
    db_bind_int(query, day);
    while ((got = db_row(query)) == 1)
        ruling_get(query, rows_add(&rows));
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_service_ruled(struct store *store, const char *service, size_t max, struct arena *arena,
                        struct store_ruled **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_ruled);
    int got = 0;
    struct query *query = db_query(
        store->db, "SELECT r.service, r.opens, r.from_day, r.to_day, r.reason, e.t, e.actor"
                   " FROM ruling r JOIN event e ON e.node = (SELECT node FROM office)"
                   " AND e.epoch = r.epoch AND e.seq = r.seq WHERE r.service = $1"
                   " ORDER BY r.epoch DESC, r.seq DESC");
    db_bind_text(query, service);
    while (rows.count < max && (got = db_row(query)) == 1) {
        struct store_ruled *row = rows_add(&rows);
        ruling_get(query, &row->ruling);
        row->at = db_int(query);
        db_text(query, row->actor, sizeof row->actor);
    }
    int err = db_end(query, got < 0 ? got : 0);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_service_opens(struct store *store, const char *service, int32_t day, int32_t *out)
{
    struct query *query =
        db_query(store->db, "SELECT from_day FROM ruling WHERE service = $1 AND opens = 1"
                            " AND from_day > $2 ORDER BY from_day LIMIT 1");
    db_bind_text(query, service);
    db_bind_int(query, day);
    int err = db_one(query);
    if (err == 0)
        *out = (int32_t)db_int(query);
    return db_end(query, err);
}

int store_service_was_opened(struct store *store, const char *service)
{
    struct query *query =
        db_query(store->db, "SELECT opens FROM ruling WHERE service = $1 AND opens = 1 LIMIT 1");
    db_bind_text(query, service);
    return db_end(query, db_one(query));
}

/* ---- notices ---- */

static void notice_get(struct query *query, struct store_notice *out)
{
    memset(out, 0, sizeof *out);
    db_id(query, &out->id);
    db_text(query, out->service, sizeof out->service);
    out->version = (int)db_int(query);
    out->from = (int32_t)db_int(query);
    db_text(query, out->body[LANG_AR], sizeof out->body[LANG_AR]);
    db_text(query, out->body[LANG_EN], sizeof out->body[LANG_EN]);
}

int store_notice_newest(struct store *store, const char *service, int version,
                        struct store_notice *out)
{
    struct query *query =
        db_query(store->db, "SELECT id, service, version, from_day, body_ar, body_en FROM notice"
                            " WHERE service = $1 AND version <= $2"
                            " ORDER BY epoch DESC, seq DESC LIMIT 1");
    db_bind_text(query, service);
    db_bind_int(query, version);
    int err = db_one(query);
    if (err == 0)
        notice_get(query, out);
    return db_end(query, err);
}

int store_notice_list(struct store *store, struct arena *arena, struct store_notice **out,
                      size_t *count)
{
    struct rows rows = ROWS_OF(struct store_notice);
    int got;
    struct query *query = db_query(
        store->db,
        "SELECT n.id, n.service, n.version, n.from_day, n.body_ar, n.body_en FROM notice n"
        " WHERE NOT EXISTS (SELECT 1 FROM notice l WHERE l.service = n.service AND"
        " (l.epoch > n.epoch OR (l.epoch = n.epoch AND l.seq > n.seq))) ORDER BY n.service");
    while ((got = db_row(query)) == 1)
        notice_get(query, rows_add(&rows));
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_notice_is_read(struct store *store, const char *account, const struct id *notice)
{
    struct query *query =
        db_query(store->db, "SELECT at FROM notice_read WHERE account = $1 AND notice = $2");
    db_bind_text(query, account);
    db_bind_id(query, notice);
    return db_end(query, db_one(query));
}

int store_notice_unread(struct store *store, const char *account, struct arena *arena,
                        struct store_notice **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_notice);
    int got;
    struct query *query = db_query(
        store->db,
        "SELECT n.id, n.service, n.version, n.from_day, n.body_ar, n.body_en FROM notice n"
        " WHERE NOT EXISTS (SELECT 1 FROM notice l WHERE l.service = n.service AND"
        " (l.epoch > n.epoch OR (l.epoch = n.epoch AND l.seq > n.seq)))"
        " AND NOT EXISTS (SELECT 1 FROM notice_read r WHERE r.account = $1 AND r.notice = n.id)"
        " ORDER BY n.service");
    db_bind_text(query, account);
    while ((got = db_row(query)) == 1)
        notice_get(query, rows_add(&rows));
    int err = db_end(query, got);
    *out = rows_take(&rows, arena, count);
    return err;
}

int store_notice_count(struct store *store, const char *account, int *out)
{
    struct query *query = db_query(
        store->db,
        "SELECT COUNT(*) FROM notice n"
        " WHERE NOT EXISTS (SELECT 1 FROM notice l WHERE l.service = n.service AND"
        " (l.epoch > n.epoch OR (l.epoch = n.epoch AND l.seq > n.seq)))"
        " AND NOT EXISTS (SELECT 1 FROM notice_read r WHERE r.account = $1 AND r.notice = n.id)");
    db_bind_text(query, account);
    int err = db_one(query);
    if (err == 0)
        *out = (int)db_int(query);
    return db_end(query, err);
}

static int notice_known(struct store *store, const struct id *notice)
{
    struct query *query = db_query(store->db, "SELECT version FROM notice WHERE id = $1");
    db_bind_id(query, notice);
    return db_end(query, db_one(query));
}

int store_notice_read(struct store *store, const char *account, const struct id *notice,
                      const struct store_actor *actor)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = notice_known(store, notice);
    int before = err != 0 ? err : store_notice_is_read(store, account, notice);
    if (err == 0 && before == SND_E_NOTFOUND) {
        struct json *payload = json_new_object();
        json_put_text(payload, "account", account);
        err = event_append(store, EVENT_NOTICE_READ, actor, &(struct event_about){.tx = *notice},
                           payload);
        json_free(&payload);
    } else if (err == 0) {
        err = before;
    }
    return store_write_end(store, err);
}

/* ---- practice ---- */

int store_training_add(struct store *store, const struct store_training *training,
                       const struct store_actor *actor)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct json *payload = json_new_object();
    json_put_text(payload, "account", training->account);
    json_put_text(payload, "service", training->service);
    json_put_int(payload, "faults", training->faults);
    err = event_append(store, EVENT_SERVICE_PRACTISED, actor,
                       &(struct event_about){.form = training->sha}, payload);
    json_free(&payload);
    return store_write_end(store, err);
}

int store_training_list(struct store *store, const struct store_reach *reach, size_t max,
                        struct arena *arena, struct store_training **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_training);
    int got = 0;
    struct query *query =
        db_query(store->db, "SELECT account, centre, service, form, at, day, faults FROM training"
                            " ORDER BY at DESC, id DESC");
    while (rows.count < max && (got = db_row(query)) == 1) {
        struct store_training row = {0};
        db_text(query, row.account, sizeof row.account);
        db_text(query, row.centre, sizeof row.centre);
        db_text(query, row.service, sizeof row.service);
        db_blob(query, row.sha, HASH_SIZE);
        row.at = db_int(query);
        row.day = (int32_t)db_int(query);
        row.faults = (int)db_int(query);
        if (store_reach_holds(reach, row.centre, ""))
            *(struct store_training *)rows_add(&rows) = row;
    }
    int err = db_end(query, got < 0 ? got : 0);
    *out = rows_take(&rows, arena, count);
    return err;
}
