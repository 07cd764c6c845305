/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_REPORTS_H
#define UI_REPORTS_H
/* The report screen's state, shared by what it does with keys and what it paints. */
#include "book/report.h"
#include "ui/edit.h"
#include "ui/screens_priv.h"
#define REPORTS_TRAIL 16
/* Where one was before a row was opened. */
struct reports_step {
    struct book_ask ask;
    size_t at;
    char code[REPORT_CODE]; /* of that row */
};
struct reports {
    struct arena *arena; /* of the report */
    struct book_ask ask;
    struct book_report report;
    char name[REPORT_WHERES][BOOK_TEXT]; /* of each thing that it is narrowed to */
    struct register_entry centre; /* the one that it is narrowed to; its code is "" when there is none */
    size_t at, top;                      /* the chosen row, the first on the screen */
    size_t fold;                         /* so many rows and all others in one; 0 = all rows */
    int rows;                            /* rows it was painted with */
    int by_code;                         /* in the order of codes, not of numbers */
    struct reports_step trail[REPORTS_TRAIL];
    size_t depth;
    int typing; /* the period is being typed */
    struct edit period;
    struct book_ask listed; /* what the list of requests shows */
    int choosing;           /* the list of dimensions is open */
    struct arena *choices;
    struct chooser_list list;
    enum report_dim dim[REPORT_DIMS]; /* of each line of that list */
};
/* Asks for the report; when that fails the one that is shown stays. */
SND_MUST int reports_ask(struct ui *ui, struct reports *reports, const struct book_ask *wanted);
/* What is asked of a row, by the same dimension still, and its name at the end of `name`:
 * SND_E_LIMIT when there is no further. */
SND_MUST int reports_narrow(struct reports *reports, const struct report_row *row,
                            struct book_ask *next);
/* By what a row of that dimension is counted; REPORT_DIMS when by its requests. */
enum report_dim reports_below(const struct book_ask *ask, enum report_dim dim);
/* reports_again.c: as far down as that place says and the book has it still. / What the chosen row
 * of the report in front counts, which is to be listed; NULL when that is no list. */
SND_MUST int reports_again(struct ui *ui, struct reports *reports, const struct book_ask *first,
                           const struct ui_arg *place);
const struct book_ask *reports_listed(struct ui *ui);
/* What a period is called by whoever types it: days as forms take them (one, or first and last), a
 * year, a month as 11/2016. SND_E_BAD. */
SND_MUST int period_parse(const char *typed, int32_t *from, int32_t *to);
/* The first day of that day's year. */
int32_t year_begins(int32_t day);
#endif
