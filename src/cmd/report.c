/* SPDX-License-Identifier: Apache-2.0
 * sanad report: the same report as on the screens, on standard output or in a file. The file is for
 * spreadsheets: one row a line of the report, the names in both languages, and the total at the
 * end.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "book/report.h"
#include "cmd/cmd.h"
#include "cmd/csv.h"

struct wish {
    struct book_ask ask;
    int64_t top;
    const char *csv;
    int json;
};

static int take_day(int *argc, char **argv, const char *name, int32_t *out)
{
    const char *text = cmd_option(argc, argv, name);
    if (!text || clock_day_parse(text, out) == 0)
        return 0;
    return cmd_fail("Write the day after --%s as in 2016-11-28.", name);
}

/* --where DIM=VALUE, as often as there are. */
static int take_wheres(int *argc, char **argv, struct book_ask *ask)
{
    const char *text;
    while ((text = cmd_option(argc, argv, "where")) != NULL) {
        char dim[16];
        struct report_where *where = &ask->where[ask->wheres];
        size_t len = strcspn(text, "=");
        if (ask->wheres == REPORT_WHERES)
            return cmd_fail("At most %d times --where.", REPORT_WHERES);
        if (text[len] == '\0' || str_format(dim, sizeof dim, "%.*s", (int)len, text) ||
            report_dim_find(dim, &where->dim) ||
            str_copy(where->value, sizeof where->value, text + len + 1))
            return cmd_fail("Write --where as in --where governorate=DA; sanad help report names "
                            "what can be asked for.");
        ask->wheres++;
    }
    return 0;
}

/* Fills in what was asked for; a status for the command, 0 to go on. */
static int take_wish(int *argc, char **argv, int32_t today, struct wish *wish)
{
    const char *by = cmd_option(argc, argv, "by"), *compare = cmd_option(argc, argv, "compare");
    const char *top = cmd_option(argc, argv, "top");
    struct book_ask *ask = &wish->ask;
    int64_t years = 0;
    ask->by = DIM_GOVERNORATE;
    ask->from = ask->to = today;
    wish->csv = cmd_option(argc, argv, "csv");
    wish->json = cmd_flag(argc, argv, "json");
    if (by && report_dim_find(by, &ask->by))
        return cmd_fail("There is no report by %.20s; sanad help report names them.", by);
    if (compare && strcmp(compare, "year") == 0)
        years = 1;
    else if (compare && num_parse(compare, 1, 20, &years))
        return cmd_fail("Write --compare year, or how many years before: --compare 2.");
    ask->compare = (int)years;
    if (top && num_parse(top, 1, 1000000, &wish->top))
        return cmd_fail("Write how many rows after --top.");
    if (take_day(argc, argv, "from", &ask->from) || take_day(argc, argv, "to", &ask->to) ||
        take_wheres(argc, argv, ask))
        return 1;
    return *argc == 1 ? 0 : cmd_usage("report");
}

/* ---- CSV ---- */

/* "5" of "+5%": a number that a spreadsheet takes for one. */
static void csv_percent(struct buf *out, const char *text)
{
    text += *text == '+';
    buf_printf(out, "%.*s,", (int)strcspn(text, "%"), text);
}

static void csv_name(struct buf *out, const struct book_ask *ask, const struct report_row *row,
                     enum lang lang)
{
    enum lang spoken = msg_language();
    msg_set_language(lang);
    csv_text(out, report_row_name(ask, row, lang));
    msg_set_language(spoken);
}

static void csv_row(struct buf *out, const struct wish *wish, const struct book_report *report,
                    const struct report_row *row, const char *kind)
{
    char from[11], to[11], share[16], change[16], outside[16];
    clock_day_text(wish->ask.from, from);
    clock_day_text(wish->ask.to, to);
    report_share(row->n, report->all.n, share);
    report_change(row->n, row->before, change);
    report_share(row->outside, row->n, outside);
    buf_printf(out, "%s,%s,%s,", kind, from, to);
    csv_text(out, row->code);
    csv_name(out, &wish->ask, row, LANG_AR);
    csv_name(out, &wish->ask, row, LANG_EN);
    buf_printf(out, "%" PRId64 ",", row->n);
    csv_percent(out, share);
    if (wish->ask.compare)
        buf_printf(out, "%" PRId64 ",", row->before);
    else
        buf_putc(out, ',');
    csv_percent(out, wish->ask.compare ? change : "");
    buf_printf(out, "%" PRId64 ",", row->outside);
    csv_percent(out, outside);
    buf_printf(out, "%" PRId64 ".%03d,%" PRId64 ".%03d,", row->fee_agency / 1000,
               (int)(row->fee_agency % 1000), row->fee_centre / 1000,
               (int)(row->fee_centre % 1000));
    buf_printf(out, "%" PRId64 ",%" PRId64 "\r\n", row->centres, row->staff);
}

static void csv_report(struct buf *out, const struct wish *wish, const struct book_report *report)
{
    struct report_row all = report->all;
    buf_puts(out, CSV_MARK "by,from,to,code,name_ar,name_en,requests,share_percent,before,"
                           "change_percent,evening_or_weekend,evening_or_weekend_percent,"
                           "agency_fees_omr,centre_fees_omr,centres,staff\r\n");
    for (size_t i = 0; i < report->count; i++)
        csv_row(out, wish, report, &report->row[i], report_dim_word(wish->ask.by));
    all.name[LANG_AR] = all.name[LANG_EN] = "";
    csv_row(out, wish, report, &all, "total");
}

static int write_csv(const struct wish *wish, const struct book_report *report)
{
    struct buf out = BUF_INIT(CSV_BYTES);
    csv_report(&out, wish, report);
    return csv_write(&out, wish->csv);
}

/* ---- JSON ---- */

static struct json *json_row(const struct wish *wish, const struct report_row *row)
{
    struct json *json = json_new_object();
    json_put_text(json, "code", row->code);
    json_put_text(json, "name", report_row_name(&wish->ask, row, LANG_EN));
    json_put_int(json, "requests", row->n);
    if (wish->ask.compare)
        json_put_int(json, "before", row->before);
    json_put_int(json, "evening_or_weekend", row->outside);
    json_put_int(json, "working_days", row->working);
    json_put_int(json, "agency_fees_baisa", row->fee_agency);
    json_put_int(json, "centre_fees_baisa", row->fee_centre);
    json_put_int(json, "centres", row->centres);
    json_put_int(json, "staff", row->staff);
    return json;
}

static struct json *json_span(const struct report_span *span)
{
    char text[11];
    struct json *json = json_new_object();
    clock_day_text(span->from, text);
    json_put_text(json, "from", text);
    clock_day_text(span->to, text);
    json_put_text(json, "to", text);
    json_put_int(json, "days", span->days);
    json_put_int(json, "working_days", span->working);
    json_put_bool(json, "leap_day", span->leap);
    return json;
}

static void print_json(const struct wish *wish, const struct book_report *report)
{
    struct json *json = json_new_object(), *rows = json_new_array();
    struct json *all = json_row(wish, &report->all);
    json_put_int(all, "wilayats", report->all.wilayats);
    json_put_text(json, "by", report_dim_word(wish->ask.by));
    json_put(json, "period", json_span(&report->now));
    if (wish->ask.compare)
        json_put(json, "period_before", json_span(&report->before));
    json_put(json, "total", all);
    for (size_t i = 0; i < report->count; i++)
        json_push(rows, json_row(wish, &report->row[i]));
    json_put(json, "rows", rows);
    char *text = json_text(json, 1);
    puts(text);
    x_free(&text);
    json_free(&json);
}

/* ---- plain ---- */

static void print_row(const struct wish *wish, const struct book_report *report,
                      const struct report_row *row, const char *name)
{
    char share[16], change[16];
    report_share(row->n, report->all.n, share);
    report_change(row->n, row->before, change);
    printf("%s\t%s\t%" PRId64 "\t%s", row->code, name, row->n, share);
    if (wish->ask.compare)
        printf("\t%" PRId64 "\t%s", row->before, change);
    putchar('\n');
}

static void print_plain(const struct wish *wish, const struct book_report *report)
{
    const struct report_span *now = &report->now;
    const struct report_row *all = &report->all;
    char outside[16];
    for (size_t i = 0; i < report->count; i++)
        print_row(wish, report, &report->row[i],
                  report_row_name(&wish->ask, &report->row[i], LANG_EN));
    print_row(wish, report, all, "total");
    report_share(all->outside, all->n, outside);
    printf("# %d days, %d of them working days; %" PRId64 " a day, %" PRId64
           " on a working day; %" PRId64 " in the evening or on weekends%s%s\n",
           now->days, now->working, report_mean(all->n, now->days),
           report_mean(all->working, now->working), all->outside, *outside ? ", " : "", outside);
    if (all->centres)
        printf("# %" PRId64 " centres in %" PRId64 " wilayats, %" PRId64 " staff\n", all->centres,
               all->wilayats, all->staff);
    if (wish->ask.compare && now->leap != report->before.leap)
        printf("# %s has the 29th of February, one day more\n",
               now->leap ? "this period" : "the period before");
}

static int run(struct book *book, const struct wish *wish)
{
    struct book_report report;
    struct arena *arena = arena_new();
    int status = 0, err = book_report(book, &wish->ask, arena, &report);
    if (!err && wish->top)
        report_fold(&report, (size_t)wish->top);
    if (err == SND_E_BAD)
        status = cmd_fail("This can't be reported: look at the days and at what stands after "
                          "--where.");
    else if (err)
        status = cmd_fail("The report could not be made: %s.", err_text(err));
    else if (wish->csv)
        status = write_csv(wish, &report);
    else if (wish->json)
        print_json(wish, &report);
    else
        print_plain(wish, &report);
    arena_free(&arena);
    return status;
}

int cmd_report(int argc, char **argv)
{
    const char *state = cmd_state(&argc, argv);
    struct book *book = NULL;
    struct book_office office;
    struct wish wish = {0};
    if (cmd_book_open(state, &book) != 0)
        return 1;
    msg_set_language(LANG_EN);
    int err = book_office(book, &office);
    int status = err ? cmd_fail("The office could not be read: %s.", err_text(err))
                     : take_wish(&argc, argv, office.today, &wish);
    if (status == 0)
        status = run(book, &wish);
    cmd_book_close(&book);
    return status;
}
