/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOOK_REPORT_H
#define BOOK_REPORT_H
/* Reports, the requests behind them, registers and imported history: calls of book/book.h in a file
 * of their own. */
#include "book/book.h"

#define REPORT_WHERES 12
#define REPORT_CODE 48
#define REGISTER_ROWS 100 /* most entries of one call */
#define HISTORY_TEXT (60 * 1024)

/* By what a report counts, book/dims.def. */
enum report_dim {
#define DIM(name, word, id) DIM_##name,
#include "book/dims.def"
#undef DIM
    REPORT_DIMS
};
const char *report_dim_word(enum report_dim dim);
const char *report_dim_name(enum report_dim dim); /* N_(): msgid, not yet translated */
SND_MUST int report_dim_find(const char *word, enum report_dim *out); /* SND_E_NOTFOUND */

struct report_where {
    enum report_dim dim;
    char value[REPORT_CODE];
};
struct book_ask {
    enum report_dim by;
    int32_t from, to;
    int compare; /* beside the same period so many years before; 0 = beside nothing */
    struct report_where where[REPORT_WHERES];
    size_t wheres;
};
/* Requests of the period and of the one before; of those of the period how many outside of office
 * hours (evening, weekend, holiday) and on working days; fees in baisa; what there was on the last
 * day. */
struct report_row {
    char code[REPORT_CODE];
    const char *name[LANG_COUNT]; /* of the register or the form, "" = the code is the name; in the
                                     arena */
    int64_t n, before, outside, working, fee_agency, fee_centre, centres, wilayats, staff;
};
struct report_span {
    int32_t from, to;
    int days, working, leap; /* leap: the 29th of February is one of the days */
};
struct book_report {
    struct report_row *row, all; /* in the order of codes */
    size_t count;
    struct report_span now, before;
};
/* ask = text by, i64 from, i64 to, u8 years before, u32 count {text dimension, text value}.
 * report.run: ask, text after (code of the last row seen) -> i64 mark of the book, two spans {i64
 * from, i64 to, u32 days, u32 working days, u8 leap}, row of all, u8 more, u32 count, {row};
 * row = text code, text ar, text en, nine i64. In pages, joined here; begun again when the book has
 * moved between two pages. SND_E_BAD for an ask that can't be. */
SND_MUST int book_report(struct book *book, const struct book_ask *ask, struct arena *arena,
                         struct book_report *out);
/* What a word of a dimension is called that stands in no register: itself when it has no name. */
const char *report_word_name(enum report_dim dim, const char *code);
/* The name of a row for people. */
const char *report_row_name(const struct book_ask *ask, const struct report_row *row,
                            enum lang lang);
/* All rows but the `top` largest folded into one with this code at the end; rows by number then. */
#define REPORT_OTHERS "others"
void report_fold(struct book_report *report, size_t top);
void report_sort(struct book_report *report, int by_number);
/* "+5 %", "-12.3 %" of n beside before into out; "" when there is nothing to compare with. */
void report_change(int64_t n, int64_t before, char out[16]);
/* So many for each of `days`, rounded; 0 of no days. */
int64_t report_mean(int64_t n, int days);
/* "40.5 %" of n in all; "" of nothing. */
void report_share(int64_t n, int64_t all, char out[16]);

/* A request that was counted: of this book, or of imported history (n alike in one). */
struct report_request {
    char number[32], centre[16], clerk[REPORT_CODE], service[16], state[16], band[16];
    int32_t day;
    int minute, past, n;
    int64_t mark;
    uint32_t place;
};
/* report.list: ask, i64 mark, u32 place (of the last row seen; zeros = from the newest), u32 max ->
 * u32 count, {text number, centre, clerk, service, state, band, i64 day, u32 minute, u8 past, u32
 * n, i64 mark, u32 place}. `after` may be NULL. Nothing of a person. */
SND_MUST int book_report_list(struct book *book, const struct book_ask *ask,
                              const struct report_request *after, size_t max, struct arena *arena,
                              struct report_request **out, size_t *count);

struct register_entry {
    char code[24], parent[24], ar[BOOK_TEXT], en[BOOK_TEXT], note[64];
    char owner[BOOK_TEXT], licence[32]; /* of a centre */
    int32_t since, until; /* 0 = always / still */
    int32_t licensed;     /* the last day of a centre's licence; 0 = not known */
};
/* register.enter: text kind, u32 count, {text code, text parent, text ar, text en, text note, text owner,
 * text licence, i64 since, i64 until, i64 licensed} -> u32 added. At most REGISTER_ROWS. SND_E_BAD for another kind. */
SND_MUST int book_register(struct book *book, const char *kind, const struct register_entry *entry,
                           size_t count, size_t *added);
/* centre.get: text code -> one such entry: a centre as it is registered. SND_E_NOTFOUND, also for
 * one that is out of reach. */
SND_MUST int book_centre(struct book *book, const char *code, struct register_entry *out);
/* history.import: text rows -> i64 added, i64 there already. */
SND_MUST int book_history(struct book *book, const char *rows, int64_t *added, int64_t *there);
#endif
