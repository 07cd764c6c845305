/* SPDX-License-Identifier: Apache-2.0 */
/* The office: the one row that says whose database this is. Its making is the first event of all,
 * and gives the chain its node and epoch. */
#include <string.h>
#include "base/err.h"
#include "store/event_priv.h"
#include "store/memo_priv.h"

int office_apply_made(struct store *store, const struct event *event, const struct json *payload)
{
    struct query *query =
        db_query(store->db, "INSERT INTO office (node, epoch, centre, name, wilayat, practice)"
                            " VALUES ($1, $2, $3, $4, $5, $6)");
    db_bind_blob(query, event->node, ID_SIZE);
    db_bind_int(query, event->epoch);
    db_bind_text(query, event_text(payload, "centre"));
    db_bind_text(query, event_text(payload, "name"));
    db_bind_text(query, event_text(payload, "wilayat"));
    db_bind_int(query, json_get_int(payload, "practice", 0));
    memo_forget(store);
    return db_run(query, NULL);
}

int store_office_make(struct store *store, const struct store_office *office,
                      const struct store_actor *actor)
{
    struct store_office there;
    if (!store_centre_ok(office->centre) || id_is_zero(&office->node) ||
        !json_text_fits(office->centre_name) || !json_text_fits(office->wilayat))
        return SND_E_BAD;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = store_office_get(store, &there);
    err = err == 0 ? SND_E_EXISTS : err == SND_E_NOTFOUND ? 0 : err;
    if (err == 0) {
        struct json *payload = json_new_object();
        json_put_text(payload, "centre", office->centre);
        json_put_text(payload, "name", office->centre_name);
        json_put_text(payload, "wilayat", office->wilayat);
        json_put_int(payload, "practice", office->practice);
        err = event_append(store, EVENT_OFFICE_MADE, actor, &(struct event_about){.office = office},
                           payload);
        json_free(&payload);
    }
    return store_write_end(store, err);
}

int store_office_get(struct store *store, struct store_office *out)
{
    struct query *query =
        db_query(store->db, "SELECT node, epoch, centre, name, wilayat, practice FROM office");
    memset(out, 0, sizeof *out);
    int err = db_one(query);
    if (err == 0) {
        db_id(query, &out->node);
        out->epoch = (uint32_t)db_int(query);
        db_text(query, out->centre, sizeof out->centre);
        db_text(query, out->centre_name, sizeof out->centre_name);
        db_text(query, out->wilayat, sizeof out->wilayat);
        out->practice = (int)db_int(query);
    }
    return db_end(query, err);
}
