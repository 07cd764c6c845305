/* SPDX-License-Identifier: Apache-2.0
 * Reports as clients see them: what is worked out of the ledger's numbers, in one place, so that a
 * screen and a file can't say different things. */
#include "book/report.h"
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

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

const char *report_word_name(enum report_dim dim, const char *code)
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
    return strcmp(row->code, "-") == 0 ? _("not said") : report_word_name(ask->by, row->code);
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

int64_t report_mean(int64_t n, int days)
{
    return days > 0 ? (n * 2 / days + 1) / 2 : 0;
}
