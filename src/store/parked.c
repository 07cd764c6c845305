/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts put aside under a digit. Parking takes the lowest digit that is free; opening a draft
 * gives its digit back. A draft that was submitted or dropped leaves its row behind: such a row
 * counts for nothing and is written over. */
#include "base/err.h"
#include "store/store_priv.h"

#define PARKED_DIGITS 9

/* The digit that the draft has, else the lowest free one; 0 when there is none. */
static int parked_digit(struct store *store, const char *account, const struct id *draft, int *out)
{
    int taken[PARKED_DIGITS + 1] = {0}, got;
    struct query *query =
        db_query(store->db, "SELECT p.digit, p.draft FROM parked p WHERE p.account = $1"
                            " AND EXISTS (SELECT 1 FROM draft d WHERE d.id = p.draft)");
    db_bind_text(query, account);
    *out = 0;
    while ((got = db_row(query)) == 1) {
        struct id other;
        int64_t digit = db_int(query);
        db_id(query, &other);
        if (digit < 1 || digit > PARKED_DIGITS)
            continue;
        taken[digit] = 1;
        if (id_equal(&other, draft))
            *out = (int)digit;
    }
    int err = db_end(query, got);
    for (int digit = 1; err == 0 && *out == 0 && digit <= PARKED_DIGITS; digit++)
        if (!taken[digit])
            *out = digit;
    return err;
}

int store_draft_park(struct store *store, const char *account, const struct id *draft, int *digit)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = parked_digit(store, account, draft, digit);
    if (err == 0 && *digit == 0)
        err = SND_E_LIMIT;
    if (err == 0) {
        struct query *query = db_query(
            store->db, "INSERT INTO parked (account, digit, draft) VALUES ($1, $2, $3)"
                       " ON CONFLICT (account, digit) DO UPDATE SET draft = excluded.draft");
        db_bind_text(query, account);
        db_bind_int(query, *digit);
        db_bind_id(query, draft);
        err = db_run(query, NULL);
    }
    return store_write_end(store, err);
}

int store_draft_unpark(struct store *store, const char *account, const struct id *draft)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    struct query *query =
        db_query(store->db, "DELETE FROM parked WHERE account = $1 AND draft = $2");
    db_bind_text(query, account);
    db_bind_id(query, draft);
    return store_write_end(store, db_run(query, NULL));
}
