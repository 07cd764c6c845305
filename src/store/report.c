/* SPDX-License-Identifier: Apache-2.0 */
/* Reports: requests of a period counted by one thing (a dimension), filtered by others, beside the
 * same period a year before. One walk over the tally's rows of those days gives everything: a row's
 * place or day decides its group at once or leaves it out whole; where a fact decides, tables by
 * the number of its word say whether it counts and for which group, so the inner loop looks nothing
 * up. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "store/report_priv.h"
#include "store/wordmap_priv.h"
#include "text/date.h"

struct report {
    struct store *store;
    const struct store_ask *ask;
    struct filter filter;
    const struct report_dim *by;
    struct wordmap *groups;       /* the code of each group */
    struct store_report_row *sum; /* of each group */
    size_t count;
    uint32_t *group_of; /* by a fact's word: its group + 1, 0 = none */
    struct store_report_row all;
};

static size_t report_group(struct report *report, const char *code, size_t len)
{
    int fresh;
    size_t at = wordmap_add(report->groups, code, len, &fresh);
    if (fresh) {
        report->sum = x_realloc(report->sum, at + 1, sizeof *report->sum);
        report->sum[at] = (struct store_report_row){0};
        report->count = at + 1;
    }
    return at;
}

/* The group of a whole row, by its place or its day; a day of the year before counts for the same
 * day of this year. */
static size_t report_row_group(struct report *report, const struct tally_row *row, int before)
{
    size_t length = (size_t)report->by->length;
    char day[11];
    if (report->by->kind == DIM_PLACE)
        return report_group(report, row->centre, strnlen(row->centre, length));
    clock_day_text(before ? date_add_months(row->day, 12 * report->ask->compare) : row->day, day);
    return report_group(report, day, length);
}

static void report_count(struct store_report_row *sum, const struct fact *fact, int before)
{
    if (before) {
        sum->before += fact->n;
        return;
    }
    sum->n += fact->n;
    sum->outside += fact->band == BAND_MORNING ? 0 : fact->n;
    sum->working += fact->band == BAND_WEEKEND ? 0 : fact->n;
    sum->fee_agency += fact->fee_agency * fact->n;
    sum->fee_centre += fact->fee_centre * fact->n;
}

/* The group of one fact + 1, by its words or its band. */
static size_t report_fact_group(const struct report *report, const struct fact *fact)
{
    switch (report->by->kind) {
    case DIM_SERVICE:
        return report->group_of[fact->service];
    case DIM_CLERK:
        return report->group_of[fact->clerk];
    case DIM_STATE:
        return report->group_of[fact->state];
    case DIM_BAND:
        return (size_t)fact->band + 1;
    case DIM_CHANNEL:
        return (size_t)fact->channel + 1;
    case DIM_PLACE:
    case DIM_TIME:
        break;
    }
    return 0;
}

static int report_is_whole(const struct report *report)
{
    return report->by->kind == DIM_PLACE || report->by->kind == DIM_TIME;
}

static void report_row(struct report *report, const struct tally_row *row, int before)
{
    size_t whole = report_is_whole(report) ? report_row_group(report, row, before) + 1 : 0;
    for (size_t i = 0; i < row->count; i++) {
        struct fact fact;
        fact_get(row->facts + i * FACT_SIZE, &fact);
        if (!filter_fact(&report->filter, &fact))
            continue;
        size_t at = whole != 0 ? whole : report_fact_group(report, &fact);
        if (at > 0)
            report_count(&report->sum[at - 1], &fact, before);
        report_count(&report->all, &fact, before);
    }
}

static int report_walk(struct report *report, int32_t from, int32_t to, int before)
{
    struct tally_row row;
    struct tally_walk walk;
    int got, err = tally_walk_begin(report->store->db, &report->filter, from, to, 0, &walk);
    if (err != 0)
        return err;
    while ((got = tally_walk_next(&walk, &row)) == 1)
        report_row(report, &row, before);
    return tally_walk_end(&walk, got);
}

/* ---- the groups of words, made before the walk ---- */

static int report_word(struct report *report, int64_t no, const char *word, const char *parent)
{
    char sector[16] = "";
    int err = report->by->length == 2 ? report_sector(report->store, parent, sector) : 0;
    const char *code = report->by->length == 0 ? word : report->by->length == 1 ? parent : sector;
    report->group_of[no] = (uint32_t)report_group(report, code, strlen(code)) + 1;
    return err;
}

static int report_words(struct report *report, const char *kind)
{
    int got, err = 0;
    report->group_of = x_calloc(FACT_WORDS, sizeof *report->group_of);
    struct query *query = db_query(report->store->db, "SELECT no, word, parent FROM word"
                                                      " WHERE kind = $1 AND no < 65536"
                                                      " ORDER BY no");
    db_bind_text(query, kind);
    while (err == 0 && (got = db_row(query)) != 0) {
        char word[48], parent[48];
        if (got < 0)
            return got;
        int64_t no = db_int(query);
        db_text(query, word, sizeof word);
        db_text(query, parent, sizeof parent);
        err = report_word(report, no, word, parent);
    }
    report->group_of[0] = (uint32_t)report_group(report, "-", 1) + 1;
    return db_end(query, err);
}

/* Groups whose place is what a fact says. */
static void report_fixed(struct report *report, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)report_group(report, words[i], strlen(words[i]));
}

static int report_groups(struct report *report)
{
    static const char *const kinds[] = {
        [DIM_SERVICE] = "service", [DIM_CLERK] = "clerk", [DIM_STATE] = "state"};
    switch (report->by->kind) {
    case DIM_SERVICE:
    case DIM_CLERK:
    case DIM_STATE:
        return report_words(report, kinds[report->by->kind]);
    case DIM_BAND:
        report_fixed(report, report_bands, BANDS);
        break;
    case DIM_CHANNEL:
        report_fixed(report, store_channels, STORE_CHANNELS);
        break;
    case DIM_PLACE:
    case DIM_TIME:
        break;
    }
    return 0;
}

/* ---- what there is besides requests ---- */

/* Counts what a register has on the last day, each also in the row of its place. A member of
 * staff is where the centre is. */
static int report_register(struct report *report, const char *kind, size_t member)
{
    struct query *walk = register_walk(report->store, kind);
    int got, staff = strcmp(kind, "staff") == 0;
    int32_t day = report->ask->to;
    while ((got = db_row(walk)) == 1) {
        struct store_entry entry;
        register_row(walk, &entry);
        const char *place = staff ? entry.parent : entry.code;
        if (entry.since > day || (entry.until != 0 && entry.until < day) ||
            !filter_overlaps(&report->filter, place))
            continue;
        ++*(int64_t *)((char *)&report->all + member);
        if (report->by->kind != DIM_PLACE || strcmp(kind, "wilayat") == 0)
            continue;
        size_t at = report_group(report, place, strnlen(place, (size_t)report->by->length));
        ++*(int64_t *)((char *)&report->sum[at] + member);
    }
    return db_end(walk, got);
}

static int report_days(struct store *store, struct store_span *span)
{
    span->days = span->to - span->from + 1;
    span->working = span->leap = 0;
    for (int32_t day = span->from; day <= span->to; day++) {
        char text[11];
        int band = BAND_MORNING;
        int err = band_of(store->db, day, 0, &band);
        if (err != 0)
            return err;
        clock_day_text(day, text);
        span->working += band != BAND_WEEKEND;
        span->leap += strcmp(text + 5, "02-29") == 0;
    }
    return 0;
}

/* ---- the answer ---- */

static int report_order(const void *a, const void *b)
{
    const struct store_report_row *x = a, *y = b;
    return strcmp(x->code, y->code);
}

static int report_name(struct report *report, struct store_report_row *row)
{
    struct store_entry entry;
    if (report->by->names == NULL)
        return 0;
    int err = store_register_get(report->store, report->by->names, row->code, &entry);
    if (err == 0 && (str_copy(row->ar, sizeof row->ar, entry.ar) != 0 ||
                     str_copy(row->en, sizeof row->en, entry.en) != 0))
        err = SND_E_CORRUPT;
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int report_rows(struct report *report, struct arena *arena, struct store_report *out)
{
    int err = 0;
    out->row = arena_alloc(arena, (report->count + 1) * sizeof *out->row);
    for (size_t i = 0; i < report->count && err == 0; i++) {
        struct store_report_row *row = &out->row[out->count];
        *row = report->sum[i];
        if (row->n == 0 && row->before == 0 && row->centres == 0 && row->staff == 0)
            continue;
        err = str_copy(row->code, sizeof row->code, wordmap_word(report->groups, i));
        if (err == 0)
            err = report_name(report, row);
        out->count++;
    }
    if (out->count > 0)
        qsort(out->row, out->count, sizeof *out->row, report_order);
    out->all = report->all;
    return err;
}

static int report_mark(struct store *store, int64_t *mark)
{
    struct query *query =
        db_query(store->db, "SELECT CAST(COALESCE(SUM(seq), 0) AS BIGINT) FROM head");
    int err = db_one(query);
    *mark = err == 0 ? db_int(query) : 0;
    return db_end(query, err);
}

static int report_make(struct report *report, struct store_report *out)
{
    const struct store_ask *ask = report->ask;
    int err = report_groups(report);
    if (err == 0)
        err = report_walk(report, ask->from, ask->to, 0);
    if (err == 0 && ask->compare)
        err = report_walk(report, out->before.from, out->before.to, 1);
    if (err == 0)
        err = report_register(report, "centre", offsetof(struct store_report_row, centres));
    if (err == 0)
        err = report_register(report, "staff", offsetof(struct store_report_row, staff));
    if (err == 0)
        err = report_register(report, "wilayat", offsetof(struct store_report_row, wilayats));
    if (err == 0)
        err = report_days(report->store, &out->now);
    return err == 0 && ask->compare ? report_days(report->store, &out->before) : err;
}

int store_report(struct store *store, const struct store_ask *ask, struct arena *arena,
                 struct store_report *out)
{
    struct report report = {.store = store, .ask = ask, .by = report_dim(ask->by)};
    int years = ask->compare;
    *out = (struct store_report){.now = {.from = ask->from, .to = ask->to},
                                 .before = {.from = date_add_months(ask->from, -12 * years),
                                            .to = date_add_months(ask->to, -12 * years)}};
    if (report.by == NULL || ask->from > ask->to || ask->from < STORE_FIRST_DAY ||
        ask->to > STORE_LAST_DAY || years < 0 || years > STORE_YEARS)
        return SND_E_BAD;
    report.groups = wordmap_new();
    int err = filter_make(store, ask, &report.filter);
    if (err == 0)
        err = report_mark(store, &out->mark);
    if (err == 0)
        err = report_make(&report, out);
    if (err == 0)
        err = report_rows(&report, arena, out);
    filter_free(&report.filter);
    wordmap_free(&report.groups);
    x_free(&report.sum);
    x_free(&report.group_of);
    return err;
}
