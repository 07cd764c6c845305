/* SPDX-License-Identifier: Apache-2.0
 * Where a person stands in the reports, in a text to come back by: a view after the other, from the
 * first to the one in front, each as the dimension, the period where it is another than before, and
 * the row that is chosen or was gone into:
 *
 *     governorate,17545,17545,1=DA;wilayat=DA01;centre=DA01-003
 *
 * The way there is gone again, so F3 goes back the way one came, every number is of now, and rights
 * are asked for at each step. Where a row is there no more the way ends. */
#include <string.h>
#include "base/err.h"
#include "base/num.h"
#include "ui/reports.h"

#define VIEWS (REPORTS_TRAIL + 1)
#define FOLD_BASE                                                                                  \
    2 /* the number beside the text: so many rows, and whether in the order of codes */

struct view {
    enum report_dim by;
    int period; /* there is one */
    int64_t from, to, compare;
    char code[REPORT_CODE];
};

/* ---- to a text ---- */

/* One view at the end; 0, or SND_E_LIMIT and nothing of it. */
static int put_view(char *out, size_t size, const struct book_ask *ask,
                    const struct book_ask *before, const char *code)
{
    char period[48] = "";
    size_t used = strlen(out);
    int err = strpbrk(code, ";\t\n") ? SND_E_LIMIT : 0;
    if (!err && (!before || ask->from != before->from || ask->to != before->to ||
                 ask->compare != before->compare))
        err = str_format(period, sizeof period, ",%d,%d,%d", (int)ask->from, (int)ask->to,
                         ask->compare);
    if (!err)
        err = str_format(out + used, size - used, "%s%s%s=%s", used > 0 ? ";" : "",
                         report_dim_word(ask->by), period, code);
    if (err)
        out[used] = '\0';
    return err;
}

int reports_place(const struct ui *ui, const void *state, struct ui_arg *out)
{
    const struct reports *reports = state;
    const struct book_ask *before = NULL;
    const char *code =
        reports->at < reports->report.count ? reports->report.row[reports->at].code : "";
    (void)ui;
    out->index = (int)reports->fold * FOLD_BASE + (reports->by_code != 0);
    for (size_t i = 0; i < reports->depth; i++) {
        const struct reports_step *step = &reports->trail[i];
        if (put_view(out->text, sizeof out->text, &step->ask, before, step->code))
            return 1; /* as far as the text goes */
        before = &step->ask;
    }
    (void)!put_view(out->text, sizeof out->text, &reports->ask, before, code);
    return 1;
}

/* ---- and back ---- */

static int get_number(char **at, int64_t *out)
{
    char *comma = strchr(*at, ',');
    if (comma)
        *comma = '\0';
    int err = num_parse(*at, INT32_MIN, INT32_MAX, out);
    *at = comma ? comma + 1 : *at + strlen(*at);
    return err;
}

static int get_view(char *text, struct view *out)
{
    char *code = strchr(text, '='), *period;
    *out = (struct view){0};
    if (!code)
        return SND_E_BAD;
    *code++ = '\0';
    period = strchr(text, ',');
    out->period = period != NULL;
    if (period)
        *period++ = '\0';
    int err = report_dim_find(text, &out->by);
    if (!err)
        err = str_copy(out->code, sizeof out->code, code);
    if (!err && period)
        err = get_number(&period, &out->from);
    if (!err && period)
        err = get_number(&period, &out->to);
    if (!err && period)
        err = get_number(&period, &out->compare);
    return err;
}

static size_t get_views(const char *text, struct view out[VIEWS])
{
    char copy[BOOK_TEXT], *at = copy;
    size_t count = 0;
    (void)str_copy(copy, sizeof copy, text);
    while (at && *at && count < VIEWS) {
        char *end = strchr(at, ';');
        if (end)
            *end++ = '\0';
        if (get_view(at, &out[count]))
            break;
        count++;
        at = end;
    }
    return count;
}

/* The row of that code is the chosen one; 0, or SND_E_NOTFOUND. */
static int choose(struct reports *reports, const char *code)
{
    for (size_t i = 0; i < reports->report.count; i++)
        if (strcmp(reports->report.row[i].code, code) == 0) {
            reports->at = i;
            return 0;
        }
    return SND_E_NOTFOUND;
}

/* What a view asks, in the row that is chosen in the one before it. */
static int ask_of(struct reports *reports, const struct view *view, int within,
                  struct book_ask *next)
{
    const struct book_ask before = *next;
    int err = within ? reports_narrow(reports, &reports->report.row[reports->at], next) : 0;
    next->by = view->by;
    next->from = view->period ? (int32_t)view->from : before.from;
    next->to = view->period ? (int32_t)view->to : before.to;
    next->compare = view->period ? (int)view->compare : before.compare;
    return err;
}

int reports_again(struct ui *ui, struct reports *reports, const struct book_ask *first,
                  const struct ui_arg *place)
{
    struct view view[VIEWS];
    size_t count = get_views(place->text, view);
    struct book_ask next = *first;
    int err = count > 0 ? 0 : reports_ask(ui, reports, first);
    reports->by_code = place->index % FOLD_BASE;
    for (size_t i = 0; i < count && !err; i++) {
        struct reports_step step = {.ask = reports->ask, .at = reports->at};
        err = ask_of(reports, &view[i], i > 0, &next);
        reports->fold = i + 1 == count ? (size_t)(place->index / FOLD_BASE) % 10 : 0;
        if (!err)
            err = reports_ask(ui, reports, &next);
        if (err)
            return i > 0 ? 0 : err;
        if (i > 0) {
            memcpy(step.code, view[i - 1].code, sizeof step.code);
            reports->trail[reports->depth++] = step;
        }
        reports->at = reports->top = 0;
        if (choose(reports, view[i].code))
            break;
    }
    return err;
}

const char *reports_said(struct ui *ui, const struct ui_arg *arg)
{
    struct view view[VIEWS];
    size_t count = get_views(arg->text, view);
    const char *words = "";
    for (size_t i = 0; i + 1 < count; i++)
        words = arena_printf(ui->arena, "%s%s%s", words, *words ? " " : "", view[i].code);
    return words;
}

const struct book_ask *reports_listed(struct ui *ui)
{
    const struct ui_layer *below = ui->depth > 0 ? &ui->stack[ui->depth - 1] : NULL;
    if (!below || below->id != SCREEN_REPORTS)
        return NULL;
    struct reports *reports = below->state;
    if (reports->at >= reports->report.count ||
        reports_narrow(reports, &reports->report.row[reports->at], &reports->listed) ||
        reports_below(&reports->listed, reports->listed.by) != REPORT_DIMS)
        return NULL;
    return &reports->listed;
}
