/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H
/* Registers, imported history, and the reports that count both it and the book's own requests. */
#include "store/store.h"

/* Registers: governorate, wilayat, agency, centre, hours, staff, violation (its note says how grave), holiday, weekend. Days: 0 = always / still.
 * A holiday's code is its day, a weekend's the day from which it holds, its note its days ("fri
 * sat"). enter: rows that say something new become one event; SND_E_BAD for another kind. */
struct store_entry {
    char code[24], parent[24], ar[256], en[256], note[64];
    char owner[256], licence[32]; /* of a centre */
    int32_t since, until, licensed; /* licensed: the last day of its licence */
};
SND_MUST int store_register_enter(struct store *store, const char *kind, const struct store_entry *entry, size_t count, size_t *added, const struct store_actor *actor);
SND_MUST int store_register_get(struct store *store, const char *kind, const char *code, struct store_entry *out); /* 0 or SND_E_NOTFOUND */
/* All of a kind, by code; in the arena. */
SND_MUST int store_register_list(struct store *store, const char *kind, struct arena *arena, struct store_entry **out, size_t *count);

/* Imports requests of the past: text as over history.c. What is there is left out; SND_E_BAD for text
 * that is no history, SND_E_CONFLICT when other rows stand in the same places. */
struct store_import {
    int64_t added, there; /* requests */
};
SND_MUST int store_history_import(struct store *store, const char *text, struct store_import *out, const struct store_actor *actor);

/* What a report is asked: by which dimension (a word of dims.def), of which days, beside the year
 * before or not, only what fits every `where`, and only centres whose code begins with one of
 * `scope` (none = all). */
#define STORE_YEARS 20 /* most years before */
#define STORE_WHERES 12
#define STORE_SCOPES 16
#define STORE_FIRST_DAY 3653 /* 1980-01-01 */
#define STORE_LAST_DAY 80000
struct store_ask {
    char by[16];
    int32_t from, to;
    int compare; /* so many years before; 0 = with nothing */
    struct {
        char dim[16], value[48];
    } where[STORE_WHERES];
    size_t wheres, scopes;
    char scope[STORE_SCOPES][16];
};
/* One row, or all together: requests of the period and of the one before; of those of the period how
 * many were outside of office hours (evening, weekend, holiday) and how many on working days, their
 * fees in baisa; centres, wilayats and staff on the last day. */
struct store_report_row {
    char code[48], ar[256], en[256];
    int64_t n, before, outside, working, fee_agency, fee_centre, centres, wilayats, staff;
};
struct store_span {
    int32_t from, to;
    int days, working, leap; /* leap: it has a 29th of February */
};
struct store_report {
    struct store_report_row *row, all; /* by code */
    size_t count;
    struct store_span now, before;
    int64_t mark; /* another when the book has changed */
};
SND_MUST int store_report(struct store *store, const struct store_ask *ask, struct arena *arena, struct store_report *out);
/* The requests that were counted, newest first, after one of them (NULL = from the newest). */
struct store_drill_row {
    char number[32], centre[16], clerk[48], service[16], state[16], band[16];
    int32_t day;
    int minute, past, n;
    int64_t mark; /* where it stands: to go on after it */
    uint32_t place;
};
SND_MUST int store_drill(struct store *store, const struct store_ask *ask, const struct store_drill_row *after, size_t max, struct arena *arena, struct store_drill_row **out, size_t *count);
/* The counted request of imported history with that number, `DA01-003-20160114-0003`, in either case
 * and any digits; of a person there is nothing in it. SND_E_NOTFOUND also when it lies out of reach. */
SND_MUST int store_past_find(struct store *store, const struct store_reach *reach, const char *number, struct store_drill_row *out);
#endif
