/* SPDX-License-Identifier: Apache-2.0
 * Reports as clients see them: asking for one page after the other, and what is worked out of the
 * numbers in one place, so that a screen and a file can't say different things. */
#include "book/report.h"
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "book/talk_priv.h"

#define ROW_LEAST 84 /* bytes of a row with empty texts */
#define LIST_LEAST 61
#define ENTRY_LEAST 36
#define REPORT_PATIENCE 3 /* a book that moves on between pages is asked so often again */

static const struct {
    const char *word, *name;
} dims[] = {
#define DIM(name, word, id) {word, id},
#include "book/dims.def"
#undef DIM
};

const char *report_dim_word(enum report_dim dim)
{
    return dims[dim].word;
}

const char *report_dim_name(enum report_dim dim)
{
    return dims[dim].name;
}

int report_dim_find(const char *word, enum report_dim *out)
{
    for (size_t i = 0; i < SND_COUNT(dims); i++)
        if (strcmp(dims[i].word, word) == 0) {
            *out = (enum report_dim)i;
            return 0;
        }
    return SND_E_NOTFOUND;
}

static const char *plain_word(enum report_dim dim, const char *code)
{
    static const struct {
        enum report_dim dim;
        const char *code, *name;
    } words[] = {
#define WORD(dim, code, name) {DIM_##dim, code, name},
#include "book/report_words.def"
#undef WORD
    };
    for (size_t i = 0; i < SND_COUNT(words); i++)
        if (words[i].dim == dim && strcmp(words[i].code, code) == 0)
            return _(words[i].name);
    return code;
}

const char *report_row_name(const struct book_ask *ask, const struct report_row *row,
                            enum lang lang)
{
    enum request_state state;
    if (row->name[lang] && *row->name[lang])
        return row->name[lang];
    if (row->name[LANG_AR] && *row->name[LANG_AR])
        return row->name[LANG_AR];
    if (ask->by == DIM_STATE && state_find(row->code, &state) == 0)
        return state_name(state, lang);
    if (strcmp(row->code, REPORT_OTHERS) == 0)
        return _("all others");
    return strcmp(row->code, "-") == 0 ? _("not said") : plain_word(ask->by, row->code);
}

static void put_ask(struct buf *frame, const struct book_ask *ask)
{
    wire_put_text(frame, dims[ask->by].word);
    wire_put_i64(frame, ask->from);
    wire_put_i64(frame, ask->to);
    wire_put_u8(frame, ask->compare != 0);
    wire_put_u32(frame, (uint32_t)ask->wheres);
    for (size_t i = 0; i < ask->wheres; i++) {
        wire_put_text(frame, dims[ask->where[i].dim].word);
        wire_put_text(frame, ask->where[i].value);
    }
}

static const char *get_name(struct wire *answer, struct arena *arena)
{
    char *text = wire_text_dup(answer, BOOK_TEXT);
    const char *kept = arena_strdup(arena, text);
    x_free(&text);
    return kept;
}

static void get_row(struct wire *answer, struct arena *arena, struct report_row *out)
{
    int64_t *const numbers[] = {&out->n,          &out->before,     &out->outside,
                                &out->working,    &out->fee_agency, &out->fee_centre,
                                &out->centres,    &out->wilayats,   &out->staff};
    wire_text(answer, out->code, sizeof out->code);
    out->name[LANG_AR] = get_name(answer, arena);
    out->name[LANG_EN] = get_name(answer, arena);
    for (size_t i = 0; i < SND_COUNT(numbers); i++)
        *numbers[i] = wire_i64(answer);
}

static void get_span(struct wire *answer, struct report_span *out)
{
    out->from = talk_get_day(answer);
    out->to = talk_get_day(answer);
    out->days = talk_get_int(answer);
    out->working = talk_get_int(answer);
    out->leap = wire_u8(answer);
}

/* The next page behind the rows that `out` has. */
static int get_page(struct book *book, const struct book_ask *ask, struct arena *arena,
                    struct book_report *out, int64_t *mark, int *more)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_REPORT_RUN, NULL, &frame);
    put_ask(&frame, ask);
    wire_put_text(&frame, out->count > 0 ? out->row[out->count - 1].code : "");
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *mark = wire_i64(&answer);
    get_span(&answer, &out->now);
    get_span(&answer, &out->before);
    get_row(&answer, arena, &out->all);
    *more = wire_u8(&answer);
    size_t count = talk_count(&answer, ROW_LEAST);
    struct report_row *all = arena_alloc(arena, (out->count + count + 1) * sizeof *all);
    if (out->count > 0)
        memcpy(all, out->row, out->count * sizeof *all);
    for (size_t i = 0; i < count; i++)
        get_row(&answer, arena, &all[out->count + i]);
    out->row = all;
    out->count += count;
    *more = *more && count > 0;
    return talk_end(book, &answer);
}

int book_report(struct book *book, const struct book_ask *ask, struct arena *arena,
                struct book_report *out)
{
    int64_t first = 0, mark = 0;
    int more = 1, err = 0, tries = 0;
    *out = (struct book_report){0};
    while (!err && more) {
        size_t had = out->count;
        err = get_page(book, ask, arena, out, &mark, &more);
        if (had == 0)
            first = mark;
        if (mark != first && ++tries < REPORT_PATIENCE)
            *out = (struct book_report){0}, more = 1;
        first = mark;
    }
    return err;
}

static int by_number(const void *a, const void *b)
{
    const struct report_row *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? 1 : -1;
    return strcmp(x->code, y->code);
}

static int by_code(const void *a, const void *b)
{
    const struct report_row *x = a, *y = b;
    return strcmp(x->code, y->code);
}

void report_sort(struct book_report *report, int number)
{
    if (report->count > 0)
        qsort(report->row, report->count, sizeof *report->row, number ? by_number : by_code);
}

static void add_row(struct report_row *sum, const struct report_row *row)
{
    sum->n += row->n;
    sum->before += row->before;
    sum->outside += row->outside;
    sum->working += row->working;
    sum->fee_agency += row->fee_agency;
    sum->fee_centre += row->fee_centre;
    sum->centres += row->centres;
    sum->wilayats += row->wilayats;
    sum->staff += row->staff;
}

void report_fold(struct book_report *report, size_t top)
{
    report_sort(report, 1);
    if (top == 0 || report->count <= top)
        return;
    struct report_row others = {.code = REPORT_OTHERS};
    for (size_t i = top; i < report->count; i++)
        add_row(&others, &report->row[i]);
    report->row[top] = others;
    report->count = top + 1;
}

/* A per mille as a percentage with one decimal, none when it is nought. */
static void percent(int64_t tenths, int sign, char out[16])
{
    char number[12];
    int64_t whole = tenths < 0 ? -tenths : tenths;
    if (whole % 10 == 0)
        (void)str_format(number, sizeof number, "%lld", (long long)(whole / 10));
    else
        (void)str_format(number, sizeof number, "%lld.%lld", (long long)(whole / 10),
                         (long long)(whole % 10));
    (void)str_format(out, 16, "%s%s%%", tenths < 0 ? "-" : sign && tenths > 0 ? "+" : "", number);
}

/* n * 1000 / of, rounded half away from nought. */
static int64_t per_mille(int64_t n, int64_t of)
{
    int64_t twice = n * 2000 / of;
    return (twice + (twice < 0 ? -1 : 1)) / 2;
}

void report_change(int64_t n, int64_t before, char out[16])
{
    out[0] = '\0';
    if (before > 0)
        percent(per_mille(n - before, before), 1, out);
}

void report_share(int64_t n, int64_t all, char out[16])
{
    out[0] = '\0';
    if (all > 0)
        percent(per_mille(n, all), 0, out);
}

static void get_request(struct wire *answer, struct report_request *out)
{
    wire_text(answer, out->number, sizeof out->number);
    wire_text(answer, out->centre, sizeof out->centre);
    wire_text(answer, out->clerk, sizeof out->clerk);
    wire_text(answer, out->service, sizeof out->service);
    wire_text(answer, out->state, sizeof out->state);
    wire_text(answer, out->band, sizeof out->band);
    out->day = talk_get_day(answer);
    out->minute = talk_get_int(answer);
    out->past = wire_u8(answer);
    out->n = talk_get_int(answer);
    out->mark = wire_i64(answer);
    out->place = wire_u32(answer);
}

int book_report_list(struct book *book, const struct book_ask *ask,
                     const struct report_request *after, size_t max, struct arena *arena,
                     struct report_request **out, size_t *count)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_REPORT_LIST, NULL, &frame);
    put_ask(&frame, ask);
    wire_put_i64(&frame, after ? after->mark : 0);
    wire_put_u32(&frame, after ? after->place : 0);
    wire_put_u32(&frame, (uint32_t)(max < BOOK_PAGE ? max : BOOK_PAGE));
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *count = talk_count(&answer, LIST_LEAST);
    *out = arena_alloc(arena, (*count + 1) * sizeof **out);
    for (size_t i = 0; i < *count; i++)
        get_request(&answer, *out + i);
    return talk_end(book, &answer);
}

int book_register(struct book *book, const char *kind, const struct register_entry *entry,
                  size_t count, size_t *added)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_REGISTER_ENTER, &id, &frame);
    wire_put_text(&frame, kind);
    wire_put_u32(&frame, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        wire_put_text(&frame, entry[i].code);
        wire_put_text(&frame, entry[i].parent);
        wire_put_text(&frame, entry[i].ar);
        wire_put_text(&frame, entry[i].en);
        wire_put_text(&frame, entry[i].note);
        wire_put_i64(&frame, entry[i].since);
        wire_put_i64(&frame, entry[i].until);
    }
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *added = wire_u32(&answer);
    return talk_end(book, &answer);
}

int book_history(struct book *book, const char *rows, int64_t *added, int64_t *there)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_HISTORY_IMPORT, &id, &frame);
    wire_put_text(&frame, rows);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *added = wire_i64(&answer);
    *there = wire_i64(&answer);
    return talk_end(book, &answer);
}
