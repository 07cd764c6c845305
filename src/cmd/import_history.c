/* SPDX-License-Identifier: Apache-2.0
 * The requests of a nation's past: streamed from a file in the order of day, centre and number,
 * some hundred to a call. Each call is whole or nothing and leaves out what is there, so an import
 * that was killed is begun again and ends the same. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "book/report.h"
#include "cmd/cmd.h"
#include "cmd/import.h"
#include "cmd/tsv.h"
#include "text/number.h"

#define ROW_MOST 256    /* bytes of one row, with a head before it */
#define PROGRESS_MS 500 /* between two looks at how far one is */

struct history {
    struct book *book;
    struct tsv tsv;
    struct buf rows;                /* of the next call */
    char day[16], centre[16];       /* of the row before */
    int64_t place;                  /* its place in that centre's day */
    int64_t added, there, progress; /* progress: when it was last told */
};

/* How far, on a terminal, over the same line again and again. */
static void tell(struct history *history, int last)
{
    int64_t now = clock_mono_ms(), at = ftello(history->tsv.file);
    if (!isatty(STDERR_FILENO) || (!last && now - history->progress < PROGRESS_MS))
        return;
    history->progress = now;
    fprintf(stderr, "\r%" PRId64 " requests, %d %% of the file%s", history->added + history->there,
            history->tsv.size > 0 ? (int)(at * 100 / history->tsv.size) : 100, last ? "\n" : "");
}

static int send(struct history *history)
{
    int64_t added = 0, there = 0;
    if (history->rows.len == 0)
        return 0;
    int err = book_history(history->book, buf_text(&history->rows), &added, &there);
    if (err == SND_E_CONFLICT)
        return tsv_complain(&history->tsv,
                            "other requests of that day are in the book; nothing was changed.");
    if (err == SND_E_BAD)
        return tsv_complain(&history->tsv, "one of the rows up to here is not understood.");
    if (err)
        cmd_fail("The history could not be imported further: %s.", err_text(err));
    history->added += added;
    history->there += there;
    buf_clear(&history->rows);
    tell(history, 0);
    return err;
}

/* The head of a centre's day: where it begins, and at the beginning of each call. */
static int put_head(struct history *history)
{
    const char *day = tsv_get(&history->tsv, "date"), *centre = tsv_get(&history->tsv, "centre");
    int other = strcmp(day, history->day) != 0 || strcmp(centre, history->centre) != 0;
    if (other)
        history->place = 0;
    history->place++;
    if (!other && history->rows.len > 0)
        return 0;
    if (str_copy(history->day, sizeof history->day, day) ||
        str_copy(history->centre, sizeof history->centre, centre))
        return tsv_complain(&history->tsv, "its date or centre is too long.");
    buf_printf(&history->rows, "@%s %s %" PRId64 "\n", day, centre, history->place);
    return 0;
}

/* A number, where there is one, must be that of its place: it is not kept, but worked out again. */
static int check_number(const struct history *history)
{
    char number[64];
    const char *said = tsv_get(&history->tsv, "req"), *day = history->day;
    if (!*said)
        return 0;
    int cut = str_format(number, sizeof number, "%s-%.4s%.2s%.2s-%04" PRId64, history->centre, day,
                         strlen(day) == 10 ? day + 5 : "", strlen(day) == 10 ? day + 8 : "",
                         history->place);
    return cut || strcmp(said, number) != 0
               ? tsv_complain(&history->tsv, "its number is not the next of that centre's day.")
               : 0;
}

static int get_fee(const struct history *history, const char *column, int64_t *out)
{
    const char *text = tsv_get(&history->tsv, column);
    *out = 0;
    if (*text && money_parse(text, out))
        return tsv_complain(&history->tsv, "write a fee as in 7.500.");
    return 0;
}

static const char *or_dash(const char *text)
{
    return *text ? text : "-";
}

static int put_row(struct history *history)
{
    const struct tsv *tsv = &history->tsv;
    int64_t agency_fee, centre_fee;
    const char *clerk = tsv_get(tsv, "clerk"), *count = tsv_get(tsv, "count");
    int err = get_fee(history, "fee_gov", &agency_fee);
    if (!err)
        err = get_fee(history, "fee_centre", &centre_fee);
    if (err)
        return err;
    if (*clerk && strncmp(clerk, history->centre, strlen(history->centre)) != 0)
        return tsv_complain(tsv, "the clerk's code does not begin with the centre's.");
    buf_printf(&history->rows, "%s %s %s %s %s %s %s %" PRId64 " %" PRId64 " %s\n",
               or_dash(tsv_get(tsv, "time")), or_dash(tsv_get(tsv, "band")),
               *clerk ? or_dash(clerk + strlen(history->centre)) : "-",
               or_dash(tsv_get(tsv, "service")), or_dash(tsv_get(tsv, "agency")),
               or_dash(tsv_get(tsv, "state")), or_dash(tsv_get(tsv, "gender")), agency_fee,
               centre_fee, *count ? count : "1");
    return 0;
}

static int add_row(struct history *history)
{
    int err = history->rows.len + ROW_MOST > HISTORY_TEXT ? send(history) : 0;
    if (!err)
        err = put_head(history);
    if (!err)
        err = check_number(history);
    if (!err)
        err = put_row(history);
    return err || !history->rows.failed ? err : tsv_complain(&history->tsv, "it is too long.");
}

int import_history(struct book *book, const char *path, int64_t *added, int64_t *there)
{
    struct history *history = x_alloc(sizeof *history);
    history->book = book;
    history->rows = BUF_INIT(HISTORY_TEXT);
    int got, err = tsv_open(&history->tsv, path);
    while (!err && (got = tsv_next(&history->tsv)) != 0)
        err = got < 0 ? got : add_row(history);
    if (!err)
        err = send(history);
    if (!err)
        tell(history, 1);
    *added = history->added;
    *there = history->there;
    tsv_close(&history->tsv);
    buf_free(&history->rows);
    x_free(&history);
    return err;
}
