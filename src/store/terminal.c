/* SPDX-License-Identifier: Apache-2.0 */
/* How each person's terminals are to be treated: local state, since a terminal is of one place. Of
 * each person the newest few are kept. */
#include "base/err.h"
#include "store/store_priv.h"

#define TERMINALS_MOST 32 /* of one person */

int store_terminal_get(struct store *store, const char *account, const uint8_t print[HASH_SIZE],
                       char profile[STORE_PROFILE])
{
    struct query *query = db_query(store->db, "SELECT profile FROM terminal WHERE account = $1"
                                              " AND print = $2");
    db_bind_text(query, account);
    db_bind_blob(query, print, HASH_SIZE);
    int err = db_one(query);
    if (err == 0)
        db_text(query, profile, STORE_PROFILE);
    return db_end(query, err);
}

int store_terminal_count(struct store *store, const char *account, int *out)
{
    struct query *query = db_query(store->db, "SELECT COUNT(*) FROM terminal WHERE account = $1");
    db_bind_text(query, account);
    int err = db_one(query);
    *out = err == 0 ? (int)db_int(query) : 0;
    return db_end(query, err);
}

static int terminal_keep_few(struct store *store, const char *account)
{
    struct query *query =
        db_query(store->db, "DELETE FROM terminal WHERE account = $1 AND at <"
                            " (SELECT MIN(t.at) FROM (SELECT at FROM terminal WHERE account = $1"
                            " ORDER BY at DESC LIMIT $2) t)");
    db_bind_text(query, account);
    db_bind_int(query, TERMINALS_MOST);
    return db_run(query, NULL);
}

int store_terminal_put(struct store *store, const char *account, const uint8_t print[HASH_SIZE],
                       const char *profile, int64_t at)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query =
        db_query(store->db, "INSERT INTO terminal (account, print, profile, at)"
                            " VALUES ($1, $2, $3, $4) ON CONFLICT (account, print)"
                            " DO UPDATE SET profile = excluded.profile, at = excluded.at");
    db_bind_text(query, account);
    db_bind_blob(query, print, HASH_SIZE);
    db_bind_text(query, profile);
    db_bind_int(query, at);
    err = db_run(query, NULL);
    if (err == 0)
        err = terminal_keep_few(store, account);
    return store_write_end(store, err);
}
