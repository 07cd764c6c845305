/* SPDX-License-Identifier: Apache-2.0
 * The report on the screen: what it is about, the sums, then a row for each group with a bar that
 * grows away from where reading starts and the number beside it. Numbers are aligned at their
 * units in both languages. */
#include <string.h>
#include "text/date.h"
#include "ui/frame.h"
#include "ui/reports.h"

#define SUM_ROWS 5 /* above the list: by what, sums, means, what there is, the columns' names */
#define NUMBER_CELLS 11 /* 999,999,999 */
#define PERCENT_CELLS 8 /* -1234.5% */
#define CENTRE_ROWS 3   /* more of them when it is about one centre */
#define WIDE 110        /* so many columns have room for everything */

static int sum_rows(const struct reports *reports)
{
    return *reports->centre.code ? SUM_ROWS + CENTRE_ROWS : SUM_ROWS;
}

/* Where each column begins and how wide it is; width 0 = not shown. */
struct column {
    int at, width;
};
struct columns {
    struct column name, number, bar, share, before, change, outside;
};

static struct column column(int *at, int width)
{
    struct column column = {*at, width};
    *at += width > 0 ? width + 1 : 0;
    return column;
}

static void lay_out(const struct ui *ui, const struct book_ask *ask, struct columns *out)
{
    int width = frame_width(ui), wide = width >= WIDE, at = 1, compare = ask->compare != 0;
    int long_names = ask->by == DIM_CENTRE || ask->by == DIM_CLERK || ask->by == DIM_SERVICE ||
                     ask->by == DIM_AGENCY;
    int share = wide || !compare ? PERCENT_CELLS : 0, outside = wide ? PERCENT_CELLS : 0;
    int before = compare ? NUMBER_CELLS : 0, change = compare ? PERCENT_CELLS : 0;
    out->name = column(&at, wide ? 46 : long_names ? 36 : 24);
    out->number = column(&at, NUMBER_CELLS);
    int rest = (share ? share + 1 : 0) + (outside ? outside + 1 : 0) + (before ? before + 1 : 0) +
               (change ? change + 1 : 0);
    out->bar = column(&at, width - at + 1 - rest);
    out->share = column(&at, share);
    out->outside = column(&at, outside);
    out->before = column(&at, before);
    out->change = column(&at, change);
}

/* A number or a percentage: its last digit at the column's right end in either language. */
static void put_right(struct ui *ui, int row, struct column column, const char *text,
                      enum look look)
{
    struct line line;
    if (column.width == 0 || !*text)
        return;
    layout_line(text, TEXT_LTR, column.width, ui->arena, &line);
    frame_line(ui, row, ui->rtl ? column.at : column.at + column.width - line.count, &line, look);
}

/* A column's name over its numbers. */
static void put_head(struct ui *ui, int row, struct column column, const char *text)
{
    if (column.width == 0)
        return;
    if (ui->rtl)
        frame_text(ui, row, column.at, column.width, text, LOOK_HEADING);
    else
        frame_text_end(ui, row, column.at + column.width - 1, column.width, text, LOOK_HEADING);
}

/* A label and its value; the place behind both. */
static int put_pair(struct ui *ui, int row, int at, const char *label, const char *value)
{
    int width = frame_width(ui);
    at += frame_text(ui, row, at, width - at, label, LOOK_LABEL) + 1;
    return at + frame_value(ui, row, at, width - at, value, TEXT_LTR, LOOK_FOCUS) + 3;
}

static void paint_sums(struct ui *ui, const struct reports *reports)
{
    const struct book_report *report = &reports->report;
    const struct report_row *all = &report->all;
    char percent[16];
    int row = FRAME_TOP + 1;
    int at = put_pair(ui, row, 1, _("Total:"), frame_number(ui, all->n));
    if (reports->ask.compare) {
        report_change(all->n, all->before, percent);
        at = put_pair(ui, row, at,
                      reports->ask.compare == 1 ? _("A year before:") : _("Two years before:"),
                      frame_number(ui, all->before));
        if (*percent)
            put_pair(ui, row, at, _("Change:"), percent);
    }
    at = put_pair(ui, ++row, 1, _("A day:"),
                  frame_number(ui, report_mean(all->n, report->now.days)));
    at = put_pair(ui, row, at, _("A working day:"),
                  frame_number(ui, report_mean(all->working, report->now.working)));
    report_share(all->outside, all->n, percent);
    at = put_pair(ui, row, at, _("Evening or weekend:"), frame_number(ui, all->outside)) - 2;
    frame_value(ui, row, at, frame_width(ui) - at, percent, TEXT_LTR, LOOK_FOCUS);
}

/* Centres and staff, and the day that makes the two periods unlike. */
static void paint_register(struct ui *ui, const struct reports *reports)
{
    const struct book_report *report = &reports->report;
    const struct report_row *all = &report->all;
    int row = FRAME_TOP + 3, at = 1;
    if (all->centres > 0) {
        at = put_pair(ui, row, at, _("Centres:"), frame_number(ui, all->centres));
        at = put_pair(ui, row, at, _("Wilayats:"), frame_number(ui, all->wilayats));
        at = put_pair(ui, row, at, _("Staff:"), frame_number(ui, all->staff));
    }
    if (!reports->ask.compare || report->now.leap == report->before.leap)
        return;
    frame_text(ui, row, at, frame_width(ui) - at + 1,
               report->now.leap ? _("One day more: 29 February.")
                                : _("One day less: no 29 February."),
               LOOK_WARNING);
}

/* A centre as it is registered: its names, whose it is and since when, its licence and its line. */
static void paint_centre(struct ui *ui, const struct reports *reports)
{
    const struct register_entry *centre = &reports->centre;
    char since[16] = "-", licensed[16] = "-";
    int row = FRAME_TOP + SUM_ROWS - 1, ar = msg_language() == LANG_AR;
    if (!*centre->code)
        return;
    if (centre->since)
        date_text(centre->since, CALENDAR_GREGORIAN, since);
    if (centre->licensed)
        date_text(centre->licensed, CALENDAR_GREGORIAN, licensed);
    frame_text(ui, row++, 1, frame_width(ui),
               arena_printf(ui->arena, "%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s", centre->code,
                            ar ? centre->ar : centre->en, ar ? centre->en : centre->ar),
               LOOK_PLAIN);
    int at = put_pair(ui, row, 1, _("Owner:"), *centre->owner ? centre->owner : "-");
    put_pair(ui, row++, at, _("Since:"), since);
    at = put_pair(ui, row, 1, _("Licence:"), *centre->licence ? centre->licence : "-");
    at = put_pair(ui, row, at, _("until:"), licensed);
    if (*centre->note)
        at = put_pair(ui, row, at, _("Line:"), centre->note);
    if (centre->licensed && centre->licensed < ui->me.today)
        frame_text(ui, row, at, frame_width(ui) - at, _("The licence is over."), LOOK_WARNING);
}

static void paint_head(struct ui *ui, const struct reports *reports, const struct columns *columns)
{
    int row = FRAME_TOP + sum_rows(reports) - 1;
    frame_text(ui, row, 1, columns->name.width, _(report_dim_name(reports->ask.by)), LOOK_HEADING);
    put_head(ui, row, columns->number, _("requests"));
    put_head(ui, row, columns->share, _("share"));
    put_head(ui, row, columns->outside, _("evening"));
    put_head(ui, row, columns->before,
             reports->ask.compare == 1 ? _("year before") : _("2 y. before"));
    put_head(ui, row, columns->change, _("change"));
}

/* How a row is called: its name, with the code where people know that better. */
static const char *row_name(struct ui *ui, const struct reports *reports,
                            const struct report_row *row)
{
    const char *name = report_row_name(&reports->ask, row, msg_language());
    int32_t from, to;
    char date[16];
    if (reports->ask.by == DIM_DAY && period_parse(row->code, &from, &to) == 0) {
        date_text(from, CALENDAR_GREGORIAN, date);
        return arena_printf(ui->arena, "%s %s", date, date_weekday_name(from));
    }
    if (reports->ask.by == DIM_SERVICE || reports->ask.by == DIM_CENTRE)
        return *row->code && strcmp(name, row->code) != 0 && strcmp(row->code, REPORT_OTHERS) != 0
                   ? arena_printf(ui->arena, "%s %s", row->code, name)
                   : name;
    return name;
}

static void paint_row(struct ui *ui, const struct reports *reports, const struct columns *columns,
                      int at, const struct report_row *row, int64_t most)
{
    char percent[16];
    int cells = most > 0 ? (int)(row->n * columns->bar.width / most) : 0;
    frame_text(ui, at, columns->name.at, columns->name.width, row_name(ui, reports, row),
               LOOK_PLAIN);
    put_right(ui, at, columns->number, frame_number(ui, row->n), LOOK_PLAIN);
    frame_fill(ui, at, columns->bar.at, row->n > 0 && cells == 0 ? 1 : cells, 0x2588, LOOK_PLAIN);
    report_share(row->n, reports->report.all.n, percent);
    put_right(ui, at, columns->share, percent, LOOK_PLAIN);
    report_share(row->outside, row->n, percent);
    put_right(ui, at, columns->outside, percent, LOOK_PLAIN);
    put_right(ui, at, columns->before, frame_number(ui, row->before), LOOK_PLAIN);
    report_change(row->n, row->before, percent);
    put_right(ui, at, columns->change, percent, LOOK_PLAIN);
}

static int64_t most_of(const struct book_report *report)
{
    int64_t most = 0;
    for (size_t i = 0; i < report->count; i++)
        if (report->row[i].n > most)
            most = report->row[i].n;
    return most;
}

static void paint_list(struct ui *ui, struct reports *reports)
{
    const struct book_report *report = &reports->report;
    struct columns columns;
    int first = FRAME_TOP + sum_rows(reports);
    size_t rows = (size_t)(frame_body(ui) - sum_rows(reports));
    reports->rows = (int)rows;
    if (reports->at < reports->top)
        reports->top = reports->at;
    if (reports->at >= reports->top + rows)
        reports->top = reports->at - rows + 1;
    lay_out(ui, &reports->ask, &columns);
    paint_head(ui, reports, &columns);
    if (report->count == 0)
        frame_text(ui, first, 1, frame_width(ui), _("There are no requests in this period."),
                   LOOK_PLAIN);
    int64_t most = most_of(report);
    for (size_t i = 0; i < rows && reports->top + i < report->count; i++)
        paint_row(ui, reports, &columns, first + (int)i, &report->row[reports->top + i], most);
    int at = first + (int)(reports->at - reports->top);
    if (report->count > 0)
        frame_look(ui, at, columns.name.at, columns.name.width, LOOK_SELECTED);
    if (!reports->typing)
        frame_caret(ui, at, 1);
}

/* What it is narrowed to, the smallest last. */
static const char *narrowed(struct ui *ui, const struct reports *reports)
{
    const char *text = _("the whole country");
    if (*ui->me.centre && ui->me.role == ROLE_OWNER)
        text = ui->me.centre_name;
    for (size_t i = 0; i < reports->ask.wheres; i++)
        text =
            i == 0 ? reports->name[0] : arena_printf(ui->arena, "%s › %s", text, reports->name[i]);
    return text;
}

static const char *period_text(struct ui *ui, const struct book_ask *ask)
{
    char from[16], to[16];
    date_text(ask->from, CALENDAR_GREGORIAN, from);
    date_text(ask->to, CALENDAR_GREGORIAN, to);
    return ask->from == ask->to ? arena_strdup(ui->arena, from)
                                : arena_printf(ui->arena, "%s - %s", from, to);
}

static void paint_about(struct ui *ui, const struct reports *reports)
{
    const struct report_span *now = &reports->report.now;
    int row = FRAME_TOP;
    const char *by =
        arena_printf(ui->arena, _("Requests by: %s"), _(report_dim_name(reports->ask.by)));
    int at = frame_text(ui, row, 1, 40, by, LOOK_FOCUS) + 4;
    at = put_pair(ui, row, at, _("Days:"), frame_number(ui, now->days));
    put_pair(ui, row, at, _("Working days:"), frame_number(ui, now->working));
}

void reports_focus(struct ui *ui, void *state)
{
    struct reports *reports = state;
    const char *label = _("Period:");
    int at = layout_width(label) + 2;
    if (!reports->typing)
        return;
    canvas_blank(&ui->canvas, FRAME_TOP, FRAME_TOP + 1);
    frame_text(ui, FRAME_TOP, 1, 20, label, LOOK_FOCUS);
    frame_text(ui, FRAME_TOP, at, 1, "[", LOOK_PLAIN);
    frame_text(ui, FRAME_TOP, at + 42, 1, "]", LOOK_PLAIN);
    edit_paint_row(ui, &reports->period, FRAME_TOP, at + 1, 41, 1);
}

void reports_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_ENTER, N_("go in")},   {K_F1, N_("help")},
                                            {K_F3, N_("back")},       {K_F4, N_("count by")},
                                            {K_F6, N_("period")},     {K_F5, N_("year before")},
                                            {K_F8, N_("everything")}, {K_F7, N_("order")}};
    static const struct frame_key typing[] = {
        {K_ENTER, N_("take")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    struct reports *reports = state;
    frame_context(ui, narrowed(ui, reports), period_text(ui, &reports->ask));
    paint_about(ui, reports);
    paint_sums(ui, reports);
    paint_register(ui, reports);
    paint_centre(ui, reports);
    paint_list(ui, reports);
    reports_focus(ui, reports);
    if (reports->typing) {
        frame_hint(ui, _("A day, two days, a month or a year: 28/11/2016, 11/2016, 2016."));
        frame_keys(ui, typing, SND_COUNT(typing));
        return;
    }
    frame_hint(ui, _("Enter opens a row. 1 to 9 show so many rows and the rest in one, 0 all."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
