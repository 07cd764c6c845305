/* SPDX-License-Identifier: Apache-2.0 */
/* Rollups: how many requests by centre, day, service and state, kept up in the transaction that
 * changes a request, so that a count or a report never walks the requests themselves. The check
 * recounts them. */
#include "base/err.h"
#include "store/request_priv.h"

int rollup_add(struct store *store, const struct store_request *request, int by)
{
    struct query *query = db_query(
        store->db,
        "INSERT INTO rollup (centre, day, service, state, n, fee_agency, fee_centre)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (centre, day, service, state) DO UPDATE SET n = rollup.n + excluded.n,"
        " fee_agency = rollup.fee_agency + excluded.fee_agency,"
        " fee_centre = rollup.fee_centre + excluded.fee_centre");
    db_bind_text(query, request->centre);
    db_bind_int(query, request->day);
    db_bind_text(query, request->service);
    db_bind_text(query, request->state);
    db_bind_int(query, by);
    db_bind_int(query, by * request->fee_agency);
    db_bind_int(query, by * request->fee_centre);
    return db_run(query, NULL);
}

int store_request_count(struct store *store, const char *centre, int64_t *out)
{
    struct query *query;
    if (centre[0] == '\0')
        query = db_query(store->db, "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM rollup");
    else {
        query = db_query(store->db, "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM rollup"
                                    " WHERE centre = $1");
        db_bind_text(query, centre);
    }
    *out = 0;
    int err = db_one(query);
    if (err == 0)
        *out = db_int(query);
    return db_end(query, err);
}
