/* SPDX-License-Identifier: Apache-2.0 */
/* Recounts the tally: walks the requests in the order of its rows, a centre's day at a time, each
 * beside its fact. Of imported history the events are the only other place, which a replay looks
 * at; here only that each row has as many as it says. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "store/tally_priv.h"

struct recount {
    struct db *db;
    void (*each)(void *arg, const char *finding);
    void *arg;
    struct query *requests;
    int got; /* a request is in hand */
    int32_t day;
    char centre[16];
    struct fact fact; /* of the request in hand */
};

static void recount_find(struct recount *recount, int32_t day, const char *centre, const char *what)
{
    char text[128], date[11];
    clock_day_text(day, date);
    int cut = str_format(text, sizeof text, "%s %s: %s", date, centre, what);
    if (cut == 0)
        recount->each(recount->arg, text);
}

/* Takes the next request in hand. */
static int recount_next(struct recount *recount)
{
    recount->got = db_row(recount->requests);
    if (recount->got != 1)
        return recount->got;
    recount->day = (int32_t)db_int(recount->requests);
    db_text(recount->requests, recount->centre, sizeof recount->centre);
    recount->fact = (struct fact){.n = 1,
                                  .service = word_in_fact(db_int(recount->requests)),
                                  .clerk = word_in_fact(db_int(recount->requests)),
                                  .state = word_in_fact(db_int(recount->requests))};
    recount->fact.fee_agency = db_int(recount->requests);
    recount->fact.fee_centre = db_int(recount->requests);
    recount->fact.channel = tally_channel(db_text_peek(recount->requests));
    return 0;
}

static int recount_same(const struct fact *a, const struct fact *b)
{
    return a->service == b->service && a->clerk == b->clerk && a->state == b->state &&
           a->fee_agency == b->fee_agency && a->fee_centre == b->fee_centre &&
           a->channel == b->channel;
}

/* Where the request in hand belongs: before that row, to it, or after it. */
static int recount_order(const struct recount *recount, const struct tally_row *row)
{
    if (recount->day != row->day)
        return recount->day < row->day ? -1 : 1;
    return strcmp(recount->centre, row->centre);
}

/* Requests of a centre's day that has no row. */
static int recount_skip(struct recount *recount, const struct tally_row *row)
{
    int err = 0;
    while (err == 0 && recount->got == 1 && (row == NULL || recount_order(recount, row) < 0)) {
        recount_find(recount, recount->day, recount->centre, "a request is not in the tally");
        err = recount_next(recount);
    }
    return err;
}

static int recount_row(struct recount *recount, const struct tally_row *row)
{
    int same = row->n == (int64_t)row->count, err = recount_skip(recount, row);
    for (size_t i = 0; i < row->count && err == 0; i++) {
        struct fact fact;
        if (recount->got != 1 || recount_order(recount, row) != 0) {
            same = 0;
            break;
        }
        fact_get(row->facts + i * FACT_SIZE, &fact);
        same &= recount_same(&fact, &recount->fact);
        err = recount_next(recount);
    }
    if (err == 0 && !same)
        recount_find(recount, row->day, row->centre, "it differs from a recount");
    return err;
}

static int recount_past(struct recount *recount, const struct tally_row *row)
{
    int64_t n = 0;
    for (size_t i = 0; i < row->count; i++) {
        struct fact fact;
        fact_get(row->facts + i * FACT_SIZE, &fact);
        n += fact.n;
    }
    if (n != row->n)
        recount_find(recount, row->day, row->centre, "it has not as many as it says");
    return 0;
}

static int recount_each(struct recount *recount, struct query *query,
                        int (*each)(struct recount *recount, const struct tally_row *row))
{
    int got, err = 0;
    while (err == 0 && (got = db_row(query)) != 0) {
        struct tally_row row = {0};
        if (got < 0)
            return got;
        tally_row(query, &row);
        err = each(recount, &row);
    }
    return db_end(query, err);
}

static int recount_all(struct recount *recount)
{
    int err = recount_next(recount);
    if (err == 0)
        err = recount_each(recount,
                           db_query(recount->db, "SELECT " TALLY_COLUMNS " FROM tally"
                                                 " WHERE past = 0 ORDER BY day, centre, id"),
                           recount_row);
    if (err == 0)
        err = recount_skip(recount, NULL);
    if (err == 0)
        err = recount_each(recount,
                           db_query(recount->db, "SELECT " TALLY_COLUMNS " FROM tally"
                                                 " WHERE past <> 0 ORDER BY id"),
                           recount_past);
    return err;
}

int tally_recount(struct db *db, void (*each)(void *arg, const char *finding), void *arg)
{
    struct recount recount = {.db = db, .each = each, .arg = arg};
    recount.requests = db_query(
        db, "SELECT r.day, r.centre, COALESCE(s.no, 0), COALESCE(c.no, 0), COALESCE(t.no, 0),"
            " r.fee_agency, r.fee_centre, r.channel FROM request r"
            " LEFT JOIN word s ON s.kind = 'service' AND s.word = r.service"
            " LEFT JOIN word c ON c.kind = 'clerk' AND c.word = r.account"
            " LEFT JOIN word t ON t.kind = 'state' AND t.word = r.state"
            " ORDER BY r.day, r.centre, r.fact");
    int err = recount_all(&recount);
    return db_end(recount.requests, err);
}
