/* SPDX-License-Identifier: Apache-2.0
 * Reports: requests of a period counted by one thing, the largest first, beside the same days of
 * the year before. Enter goes into a row: the report is narrowed to it and counted by what comes
 * below (governorate, wilayat, centre, clerk, and at last the requests themselves); F3 goes back
 * the way one came. The numbers are the ledger's; here they are only put in order. */
#include "ui/reports.h"
#include <string.h>
#include "base/err.h"
#include "text/date.h"
#include "ui/frame.h"

#define YEARS_BEFORE 2 /* F5 goes through one year, two years, none */

/* Times and bands have an order of their own. */
static int has_order(enum report_dim dim)
{
    return dim == DIM_DAY || dim == DIM_MONTH || dim == DIM_YEAR || dim == DIM_BAND;
}

static void put_in_order(struct reports *reports)
{
    if (reports->fold > 0)
        report_fold(&reports->report, reports->fold);
    else
        report_sort(&reports->report, !reports->by_code && !has_order(reports->ask.by));
    if (reports->at >= reports->report.count)
        reports->at = reports->report.count > 0 ? reports->report.count - 1 : 0;
}

/* The centre that it is narrowed to, as it is registered; one that isn't has nothing to show. */
static void find_centre(struct ui *ui, struct reports *reports)
{
    const char *code = "";
    for (size_t i = 0; i < reports->ask.wheres; i++)
        if (reports->ask.where[i].dim == DIM_CENTRE)
            code = reports->ask.where[i].value;
    if (strcmp(code, reports->centre.code) == 0)
        return;
    reports->centre = (struct register_entry){0};
    if (*code && ui_may(ui, OP_CENTRE_GET) && book_centre(ui->book, code, &reports->centre) != 0)
        reports->centre = (struct register_entry){0};
}

int reports_ask(struct ui *ui, struct reports *reports, const struct book_ask *wanted)
{
    struct arena *fresh = arena_new();
    struct book_report report;
    int error = book_report(ui->book, wanted, fresh, &report);
    if (error) {
        arena_free(&fresh);
        ui_tell_error(ui, error);
        return error;
    }
    arena_free(&reports->arena);
    reports->arena = fresh;
    reports->ask = *wanted;
    reports->report = report;
    find_centre(ui, reports);
    put_in_order(reports);
    return 0;
}

/* What a person's first look is at. */
static enum report_dim first_dim(const struct ui *ui)
{
    if (ui->me.role == ROLE_OWNER)
        return DIM_SERVICE;
    return ui->me.role == ROLE_GOV_SUP ? DIM_WILAYAT : DIM_GOVERNORATE;
}

int reports_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct reports *reports = x_alloc(sizeof *reports);
    struct book_ask first = {
        .by = first_dim(ui), .from = ui->me.today, .to = ui->me.today, .compare = 1};
    if (arg->thing) { /* of one centre: its code, its name */
        first.by = DIM_SERVICE;
        first.from = year_begins(first.to);
        first.where[first.wheres++].dim = DIM_CENTRE;
        (void)str_copy(first.where[0].value, sizeof first.where[0].value, arg->text);
        (void)str_copy(reports->name[0], sizeof reports->name[0], arg->thing);
    }
    int error = *arg->text && !arg->thing ? reports_again(ui, reports, &first, arg)
                                          : reports_ask(ui, reports, &first);
    if (error) {
        reports_close(ui, reports);
        return error;
    }
    *state = reports;
    return 0;
}

void reports_close(struct ui *ui, void *state)
{
    (void)ui;
    struct reports *reports = state;
    arena_free(&reports->arena);
    arena_free(&reports->choices);
    x_free(&reports);
}

/* ---- going into a row ---- */

static int narrowed_to(const struct book_ask *ask, enum report_dim dim)
{
    for (size_t i = 0; i < ask->wheres; i++)
        if (ask->where[i].dim == dim)
            return 1;
    return 0;
}

/* The place below the smallest that it is narrowed to; REPORT_DIMS when that is a clerk. */
static enum report_dim place_below(const struct book_ask *ask)
{
    static const struct {
        enum report_dim has, next;
    } below[] = {{DIM_CLERK, REPORT_DIMS},
                 {DIM_CENTRE, DIM_CLERK},
                 {DIM_WILAYAT, DIM_CENTRE},
                 {DIM_GOVERNORATE, DIM_WILAYAT}};
    for (size_t i = 0; i < SND_COUNT(below); i++)
        if (narrowed_to(ask, below[i].has))
            return below[i].next;
    return DIM_GOVERNORATE;
}

enum report_dim reports_below(const struct book_ask *ask, enum report_dim dim)
{
    static const struct {
        enum report_dim dim, next;
    } below[] = {{DIM_SECTOR, DIM_AGENCY},
                 {DIM_AGENCY, DIM_SERVICE},
                 {DIM_YEAR, DIM_MONTH},
                 {DIM_MONTH, DIM_DAY}};
    for (size_t i = 0; i < SND_COUNT(below); i++)
        if (below[i].dim == dim)
            return below[i].next;
    return place_below(ask);
}

/* Narrows to a row of time: the part of it that is in the period. */
static int narrow_time(struct book_ask *ask, const char *code)
{
    char text[16];
    int32_t from, to;
    size_t len = strlen(code);
    int err = len == 10  ? str_copy(text, sizeof text, code)
              : len == 7 ? str_format(text, sizeof text, "%s/%.4s", code + 5, code)
                         : str_copy(text, sizeof text, code);
    if (!err)
        err = period_parse(text, &from, &to);
    if (err)
        return err;
    ask->from = from > ask->from ? from : ask->from;
    ask->to = to < ask->to ? to : ask->to;
    return 0;
}

int reports_narrow(struct reports *reports, const struct report_row *row, struct book_ask *next)
{
    *next = reports->ask;
    if (next->by == DIM_NATION)
        return 0;
    if (next->by == DIM_DAY || next->by == DIM_MONTH || next->by == DIM_YEAR)
        return narrow_time(next, row->code);
    if (next->wheres == REPORT_WHERES)
        return SND_E_LIMIT;
    struct report_where *where = &next->where[next->wheres];
    where->dim = next->by;
    if (str_copy(where->value, sizeof where->value, row->code))
        return SND_E_LIMIT;
    (void)str_copy(reports->name[next->wheres], BOOK_TEXT,
                   report_row_name(&reports->ask, row, msg_language()));
    next->wheres++;
    return 0;
}

static unsigned go_into(struct ui *ui, struct reports *reports)
{
    struct book_ask next;
    if (reports->report.count == 0)
        return UI_HANDLED;
    const struct report_row *row = &reports->report.row[reports->at];
    if (strcmp(row->code, REPORT_OTHERS) == 0) {
        ui_tell(ui, TELL_ERROR, "%s", _("These are many rows: press 0 to see each of them."));
        return UI_HANDLED;
    }
    if (reports->depth == REPORTS_TRAIL || reports_narrow(reports, row, &next)) {
        ui_tell(ui, TELL_ERROR, "%s", _("It can't be narrowed further: F3 goes back."));
        return UI_HANDLED;
    }
    enum report_dim dim = reports_below(&next, next.by);
    struct reports_step step = {.ask = reports->ask, .at = reports->at};
    if (dim == REPORT_DIMS) {
        struct ui_arg arg = {.thing = &reports->listed};
        reports->listed = next;
        (void)str_copy(arg.text, sizeof arg.text, reports->name[next.wheres - 1]);
        ui_push(ui, SCREEN_COUNTED, &arg);
        return UI_HANDLED;
    }
    next.by = dim;
    (void)str_copy(step.code, sizeof step.code, row->code);
    if (reports_ask(ui, reports, &next))
        return UI_HANDLED;
    reports->trail[reports->depth++] = step;
    reports->at = reports->top = 0;
    ui_quiet(ui);
    return UI_REDRAW;
}

static unsigned go_back(struct ui *ui, struct reports *reports)
{
    if (reports->depth == 0)
        return UI_IGNORED;
    const struct reports_step step = reports->trail[reports->depth - 1];
    if (reports_ask(ui, reports, &step.ask))
        return UI_HANDLED;
    reports->depth--;
    reports->at = step.at < reports->report.count ? step.at : 0;
    reports->top = 0;
    ui_quiet(ui);
    return UI_REDRAW;
}

/* ---- what else keys do ---- */

/* Asks the same otherwise, from where one stands. */
static unsigned ask_anew(struct ui *ui, struct reports *reports, const struct book_ask *next)
{
    if (reports_ask(ui, reports, next))
        return UI_HANDLED;
    reports->at = reports->top = 0;
    ui_quiet(ui);
    return UI_REDRAW;
}

static unsigned compare(struct ui *ui, struct reports *reports)
{
    struct book_ask next = reports->ask;
    next.compare = (next.compare + 1) % (YEARS_BEFORE + 1);
    return ask_anew(ui, reports, &next);
}

static unsigned widen(struct ui *ui, struct reports *reports)
{
    struct book_ask next = reports->ask;
    next.wheres = 0;
    next.by = first_dim(ui);
    reports->depth = reports->fold = 0;
    return ask_anew(ui, reports, &next);
}

static unsigned order(struct reports *reports)
{
    reports->by_code = !reports->by_code;
    reports->at = reports->top = 0;
    put_in_order(reports);
    return UI_REDRAW;
}

/* So many rows, all others in one. Folding loses rows, so they are asked for anew. */
static unsigned fold(struct ui *ui, struct reports *reports, unsigned rows)
{
    struct book_ask next = reports->ask;
    reports->fold = rows;
    return ask_anew(ui, reports, &next);
}

static unsigned open_dims(struct ui *ui, struct reports *reports)
{
    struct ui_arg arg = {.thing = &reports->list};
    arena_free(&reports->choices);
    reports->choices = arena_new();
    struct pick_item *item = arena_alloc(reports->choices, REPORT_DIMS * sizeof *item);
    size_t count = 0;
    reports->list.chosen = -1;
    for (enum report_dim dim = 0; dim < REPORT_DIMS; dim++) {
        if (narrowed_to(&reports->ask, dim))
            continue;
        item[count].text = _(report_dim_name(dim));
        item[count].folded =
            item_folded(reports->choices, item[count].text, report_dim_word(dim), "");
        if (dim == reports->ask.by)
            reports->list.chosen = (int)count;
        reports->dim[count++] = dim;
    }
    reports->list.title = _("By what are the requests to be counted?");
    reports->list.item = item;
    reports->list.count = count;
    reports->list.filter = "";
    reports->choosing = 1;
    ui_push(ui, SCREEN_CHOOSER, &arg);
    return UI_HANDLED;
}

void reports_resume(struct ui *ui, void *state)
{
    struct reports *reports = state;
    int answer = ui->answer;
    if (!reports->choosing)
        return;
    reports->choosing = 0;
    if (answer < 0 || (size_t)answer >= reports->list.count)
        return;
    struct book_ask next = reports->ask;
    next.by = reports->dim[answer];
    (void)ask_anew(ui, reports, &next);
}

static unsigned type_period(struct ui *ui, struct reports *reports, const struct key_event *event)
{
    struct book_ask next = reports->ask;
    if (event->key == K_F3 || event->key == K_ESC) {
        reports->typing = 0;
        return UI_REDRAW;
    }
    if (event->key != K_ENTER)
        return edit_key(&reports->period, event, ui->rtl, ui->arena) == EDIT_IGNORED ? UI_IGNORED
                                                                                     : UI_FOCUS;
    if (period_parse(reports->period.text, &next.from, &next.to)) {
        ui_tell(ui, TELL_ERROR, "%s",
                _("Write a day, two days, a month or a year: 28/11/2016, 11/2016, 2016."));
        return UI_HANDLED;
    }
    reports->typing = 0;
    return ask_anew(ui, reports, &next) | UI_REDRAW;
}

static unsigned begin_period(struct reports *reports)
{
    reports->typing = 1;
    edit_set(&reports->period, "", 40, TEXT_LTR);
    return UI_REDRAW;
}

static unsigned move(struct reports *reports, enum key key)
{
    size_t count = reports->report.count, page = reports->rows > 1 ? (size_t)reports->rows : 1;
    size_t last = count > 0 ? count - 1 : 0, at = reports->at;
    if (key == K_UP)
        at = at > 0 ? at - 1 : 0;
    else if (key == K_DOWN)
        at = at < last ? at + 1 : last;
    else if (key == K_PAGEUP)
        at = at > page ? at - page : 0;
    else if (key == K_PAGEDOWN)
        at = at + page < last ? at + page : last;
    else if (key == K_HOME)
        at = 0;
    else if (key == K_END)
        at = last;
    else
        return UI_IGNORED;
    reports->at = at;
    return UI_REDRAW;
}

/* The value of a digit of either script, or -1. */
static int digit_of(uint32_t point)
{
    if (point >= '0' && point <= '9')
        return (int)(point - '0');
    return point >= 0x0660 && point <= 0x0669 ? (int)(point - 0x0660) : -1;
}

unsigned reports_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct reports *reports = state;
    if (reports->typing)
        return type_period(ui, reports, event);
    if (event->key == K_CHAR)
        return digit_of(event->point) < 0 ? UI_IGNORED
                                          : fold(ui, reports, (unsigned)digit_of(event->point));
    switch ((int)event->key) {
    case K_ENTER:
        return go_into(ui, reports);
    case K_F3:
        return go_back(ui, reports);
    case K_F4:
        return open_dims(ui, reports);
    case K_F5:
        return compare(ui, reports);
    case K_F6:
        return begin_period(reports);
    case K_F7:
        return order(reports);
    case K_F8:
        return widen(ui, reports);
    default:
        return move(reports, event->key);
    }
}
