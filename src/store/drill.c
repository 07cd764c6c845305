/* SPDX-License-Identifier: Apache-2.0 */
/* The requests behind a report's numbers, newest first, a page at a time: of the tally's own rows,
 * so that they are exactly those that were counted. No person is in them. Where a fact is of this
 * book's own request, the n-th fact of a centre's day is the n-th request of that day. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/num.h"
#include "store/report_priv.h"
#include "text/number.h"

struct drill {
    struct store *store;
    struct filter filter;
    struct store_drill_row *row;
    size_t count, max;
};

static int drill_word(struct store *store, int no, char *out, size_t size)
{
    struct query *query = db_query(store->db, "SELECT word FROM word WHERE no = $1");
    db_bind_int(query, no);
    int err = db_one(query);
    if (err == 0)
        db_text(query, out, size);
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? str_copy(out, size, "-") : err;
}

static int drill_number(struct store *store, const struct tally_row *row, size_t place, char *out,
                        size_t size)
{
    char day[11];
    if (row->past) {
        clock_day_text(row->day, day);
        return str_format(out, size, "%s-%.4s%.2s%.2s-%04zu", row->centre, day, day + 5, day + 8,
                          place + 1);
    }
    struct query *query = db_query(store->db, "SELECT number FROM request WHERE day = $1 AND"
                                              " centre = $2 ORDER BY epoch, seq LIMIT 1 OFFSET $3");
    db_bind_int(query, row->day);
    db_bind_text(query, row->centre);
    db_bind_int(query, (int64_t)place);
    int err = db_one(query);
    if (err == 0)
        db_text(query, out, size);
    return db_end(query, err);
}

static int drill_fact(struct drill *drill, const struct tally_row *row, size_t place,
                      const struct fact *fact)
{
    struct store_drill_row *out = &drill->row[drill->count++];
    *out = (struct store_drill_row){.day = row->day,
                                    .minute = fact->minute,
                                    .past = row->past,
                                    .n = fact->n,
                                    .mark = row->id,
                                    .place = (uint32_t)place};
    int err = str_copy(out->centre, sizeof out->centre, row->centre);
    if (err == 0)
        err = str_copy(out->band, sizeof out->band, report_bands[fact->band % BANDS]);
    if (err == 0)
        err = drill_number(drill->store, row, row->first + place, out->number, sizeof out->number);
    if (err == 0)
        err = drill_word(drill->store, fact->service, out->service, sizeof out->service);
    if (err == 0)
        err = drill_word(drill->store, fact->clerk, out->clerk, sizeof out->clerk);
    return err != 0 ? err : drill_word(drill->store, fact->state, out->state, sizeof out->state);
}

/* The facts of one row that count, the last first, those before `place` only. */
static int drill_row(struct drill *drill, const struct tally_row *row, size_t place)
{
    int err = 0;
    for (size_t i = place < row->count ? place : row->count; i-- > 0;) {
        struct fact fact;
        if (drill->count == drill->max || err != 0)
            break;
        fact_get(row->facts + i * FACT_SIZE, &fact);
        if (filter_fact(&drill->filter, &fact))
            err = drill_fact(drill, row, i, &fact);
    }
    return err;
}

static int drill_walk(struct drill *drill, const struct store_ask *ask,
                      const struct store_drill_row *after)
{
    struct tally_walk walk;
    struct tally_row row;
    int got = 0;
    int err = tally_walk_begin(drill->store->db, &drill->filter, ask->from, ask->to, 1, &walk);
    if (err != 0)
        return err;
    if (after != NULL && after->mark < walk.high)
        walk.high = after->mark;
    while (err == 0 && drill->count < drill->max && (got = tally_walk_next(&walk, &row)) == 1)
        err = drill_row(drill, &row,
                        after != NULL && row.id == after->mark ? after->place : row.count);
    return tally_walk_end(&walk, err != 0 ? err : got < 0 ? got : 0);
}

int store_drill(struct store *store, const struct store_ask *ask,
                const struct store_drill_row *after, size_t max, struct arena *arena,
                struct store_drill_row **out, size_t *count)
{
    struct drill drill = {.store = store, .max = max};
    *count = 0;
    drill.row = *out = arena_alloc(arena, (max + 1) * sizeof **out);
    if (ask->from > ask->to || ask->from < STORE_FIRST_DAY || ask->to > STORE_LAST_DAY)
        return SND_E_BAD;
    int err = filter_make(store, ask, &drill.filter);
    if (err == 0 && max > 0)
        err = drill_walk(&drill, ask, after);
    filter_free(&drill.filter);
    *count = drill.count;
    return err;
}

/* ---- one of imported history, by its number ---- */

#define PAST_TAIL 14 /* "-20160114-0003" at the end of a number, if not more places */
/* "DA01-003-20160114-0003" taken apart: centre, day, and the how-manieth of it, from 1. */
static int past_read(const char *number, char centre[16], int32_t *day, int64_t *place)
{
    char text[40], date[16];
    if (str_copy(text, sizeof text, number + strspn(number, " ")) != 0)
        return SND_E_NOTFOUND;
    digits_to_ascii(text);
    text[strcspn(text, " ")] = '\0';
    for (char *at = text; *at != '\0'; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    char *last = strrchr(text, '-');
    size_t before = last == NULL ? 0 : (size_t)(last - text);
    if (before < PAST_TAIL - 5 + 1 || text[before - 9] != '-' || strlen(last) < 5 ||
        num_parse(last + 1, 1, UINT32_MAX, place) != 0)
        return SND_E_NOTFOUND;
    const char *at = text + before - 8;
    int err = str_format(date, sizeof date, "%.4s-%.2s-%.2s", at, at + 4, at + 6);
    text[before - 9] = '\0';
    if (err == 0)
        err = str_copy(centre, 16, text);
    if (err == 0)
        err = clock_day_parse(date, day);
    return err != 0 || *day < STORE_FIRST_DAY || *day > STORE_LAST_DAY ? SND_E_NOTFOUND : 0;
}

static int past_agency(struct store *store, int no, char out[16])
{
    struct query *query = db_query(store->db, "SELECT parent FROM word WHERE no = $1");
    out[0] = '\0';
    db_bind_int(query, no);
    int err = db_one(query);
    if (err == 0)
        db_text(query, out, 16);
    err = db_end(query, err);
    return err == SND_E_NOTFOUND ? 0 : err;
}

int store_past_find(struct store *store, const struct store_reach *reach, const char *number,
                    struct store_drill_row *out)
{
    struct tally_row row = {.past = 1};
    struct drill drill = {.store = store, .row = out, .max = 1};
    struct buf facts = BUF_INIT(TALLY_PARTS * TALLY_PART * FACT_SIZE);
    struct fact fact;
    char agency[16] = "";
    int64_t place = 0;
    int err = past_read(number, row.centre, &row.day, &place);
    if (err == 0)
        err = tally_find(store->db, row.day, row.centre, 1, &facts);
    if (err == 0 && (size_t)place > facts.len / FACT_SIZE)
        err = SND_E_NOTFOUND;
    if (err == 0) {
        fact_get(facts.data + (size_t)(place - 1) * FACT_SIZE, &fact);
        err = past_agency(store, fact.service, agency);
    }
    if (err == 0 && !store_reach_holds(reach, row.centre, agency))
        err = SND_E_NOTFOUND;
    if (err == 0)
        err = drill_fact(&drill, &row, (size_t)place - 1, &fact);
    buf_free(&facts);
    return err;
}
