/* SPDX-License-Identifier: Apache-2.0 */
/* Reports against a count of the same rows by hand: every dimension, filters, both years, places
 * and bands; imported history left out when it is there, refused when it is another; requests
 * listed page by page are those that were counted. */
#include <string.h>
#include "base/err.h"
#include "store/report.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

/* Monday 28 and Friday 25 November 2016, and the Saturday a year before the first. */
static const char *const past = "@2015-11-28 DA01-003 1\n"
                                "09:00 weekend .01 MP-01 MOMP closed m 5000 1000 2\n"
                                "@2016-11-25 MA01-001 1\n"
                                "17:00 weekend .01 RP-01 ROP closed f 0 1000 1\n"
                                "@2016-11-28 DA01-003 1\n"
                                "09:14 morning .01 MP-01 MOMP closed m 5000 1000 1\n"
                                "10:14 morning .02 MP-02 MOMP rejected f 0 2000 3\n"
                                "17:05 evening .02 MZ-01 MZEC closed - 0 2000 1\n"
                                "@2016-11-28 DA02-001 1\n"
                                "11:00 morning .01 MP-01 MOMP closed m 5000 1000 4\n";
#define DAY_2016_11_25 17130
#define DAY_2016_11_28 17133

static struct store_ask ask_of(const char *by, const char *dim, const char *value)
{
    struct store_ask ask = {.from = DAY_2016_11_25, .to = DAY_2016_11_28, .compare = 1};
    must(str_copy(ask.by, sizeof ask.by, by));
    if (dim != NULL) {
        must(str_copy(ask.where[0].dim, sizeof ask.where[0].dim, dim));
        must(str_copy(ask.where[0].value, sizeof ask.where[0].value, value));
        ask.wheres = 1;
    }
    return ask;
}

/* "code=n/before ..." of every row, then the total. */
static void told(struct fixture *f, const struct store_ask *ask, char *out, size_t size)
{
    struct arena *arena = arena_new();
    struct store_report report;
    struct buf text = BUF_INIT(4096);
    must(store_report(f->store, ask, arena, &report));
    for (size_t i = 0; i < report.count; i++)
        buf_printf(&text, "%s=%lld/%lld ", report.row[i].code, (long long)report.row[i].n,
                   (long long)report.row[i].before);
    buf_printf(&text, "all=%lld/%lld", (long long)report.all.n, (long long)report.all.before);
    must(str_copy(out, size, buf_text(&text)));
    buf_free(&text);
    arena_free(&arena);
}

static void test_rows(struct fixture *f)
{
    static const struct {
        const char *by, *dim, *value, *want;
    } cases[] = {
        {"nation", NULL, NULL, "=10/2 all=10/2"},
        {"governorate", NULL, NULL, "DA=9/2 MA=1/0 all=10/2"},
        {"wilayat", "governorate", "DA", "DA01=5/2 DA02=4/0 all=9/2"},
        {"centre", "wilayat", "DA01", "DA01-003=5/2 all=5/2"},
        {"clerk", "centre", "DA01-003", "DA01-003.01=1/2 DA01-003.02=4/0 all=5/2"},
        {"agency", NULL, NULL, "MOMP=8/2 MZEC=1/0 ROP=1/0 all=10/2"},
        {"service", "agency", "MOMP", "MP-01=5/2 MP-02=3/0 all=8/2"},
        {"sector", NULL, NULL, "-=1/0 government=9/2 all=10/2"},
        {"state", NULL, NULL, "closed=7/2 rejected=3/0 all=10/2"},
        {"band", NULL, NULL, "evening=1/0 morning=8/0 weekend=1/2 all=10/2"},
        {"day", NULL, NULL, "2016-11-25=1/0 2016-11-28=9/2 all=10/2"},
        {"month", NULL, NULL, "2016-11=10/2 all=10/2"},
        {"service", "band", "evening", "MZ-01=1/0 all=1/0"},
        {"governorate", "clerk", "DA01-003.02", "DA=4/0 all=4/0"},
        {"governorate", "state", "nowhere", "all=0/0"},
    };
    char got[512];
    for (size_t i = 0; i < SND_COUNT(cases); i++) {
        struct store_ask ask = ask_of(cases[i].by, cases[i].dim, cases[i].value);
        told(f, &ask, got, sizeof got);
        tap_ok(strcmp(got, cases[i].want) == 0, "by %s where %s: %s", cases[i].by,
               cases[i].dim ? cases[i].value : "anything", got);
    }
    struct store_ask ask = ask_of("governorate", NULL, NULL);
    must(str_copy(ask.scope[ask.scopes++], sizeof ask.scope[0], "MA"));
    told(f, &ask, got, sizeof got);
    tap_is(got, "MA=1/0 all=1/0", "nothing outside of the scope is counted");
}

static void test_sums(struct fixture *f)
{
    struct arena *arena = arena_new();
    struct store_ask ask = ask_of("nation", NULL, NULL);
    struct store_report report;
    must(store_report(f->store, &ask, arena, &report));
    tap_is_int(report.all.outside, 2, "evening and weekend");
    tap_is_int(report.all.working, 9, "on working days");
    tap_is_int(report.all.fee_agency, 25000, "fees of agencies");
    tap_is_int(report.all.fee_centre, 14000, "fees of centres");
    tap_is_int(report.now.days, 4, "days");
    tap_is_int(report.now.working, 2, "working days: Friday and Saturday are none");
    ask.from = 16860; /* 2016-02-29 */
    ask.to = 16861;
    must(store_report(f->store, &ask, arena, &report));
    tap_ok(report.now.leap == 1 && report.before.leap == 0, "the leap day is said");
    tap_is_int(report.before.days, 2, "28 February stands for the 29th a year before");
    ask.from = ask.to + 1;
    tap_is_int(store_report(f->store, &ask, arena, &report), SND_E_BAD, "a period that ends first");
    ask = ask_of("shoe size", NULL, NULL);
    tap_is_int(store_report(f->store, &ask, arena, &report), SND_E_BAD, "no such dimension");
    arena_free(&arena);
}

static void test_import(struct fixture *f)
{
    static const char *const bad[] = {
        "09:00 morning .01 MP-01 MOMP closed m 0 0 1\n",
        "@2016-11-31 DA01-003 1\n09:00 morning .01 MP-01 MOMP closed m 0 0 1\n",
        "@2016-11-28 DA01-003 1\n",
        "@2016-11-28 DA01-003 1\n24:00 morning .01 MP-01 MOMP closed m 0 0 1\n",
        "@2016-11-28 DA01-003 1\n09:00 noon .01 MP-01 MOMP closed m 0 0 1\n",
        "@2016-11-28 DA01-003 1\n09:00 morning .01 MP-01 MOMP closed m -1 0 1\n",
        "@2016-11-28 DA01-003 1\n09:00 morning .01 MP-01 MOMP closed m 0 0 0\n",
        "@2016-11-28 DA01-003 1\n09:00 morning .01 MP-01 MOMP closed m 0 0 1",
    };
    struct store_import import;
    must(store_history_import(f->store, past, &import, &f->actor));
    tap_ok(import.added == 12 && import.there == 0, "history is imported");
    must(store_history_import(f->store, past, &import, &f->actor));
    tap_ok(import.added == 0 && import.there == 12, "again it is all there");
    tap_is_int(store_history_import(f->store,
                                    "@2016-11-28 DA02-001 1\n"
                                    "11:01 morning .01 MP-01 MOMP closed m 5000 1000 4\n",
                                    &import, &f->actor),
               SND_E_CONFLICT, "another row in the same place is refused");
    tap_is_int(store_history_import(f->store,
                                    "@2016-11-29 DA02-001 2\n"
                                    "11:01 morning .01 MP-01 MOMP closed m 5000 1000 4\n",
                                    &import, &f->actor),
               SND_E_CONFLICT, "a second row without a first is refused");
    for (size_t i = 0; i < SND_COUNT(bad); i++)
        tap_ok(store_history_import(f->store, bad[i], &import, &f->actor) == SND_E_BAD,
               "text that is no history %zu", i);
}

static int finds_past(struct fixture *f, const struct store_reach *reach, const char *number)
{
    struct store_drill_row row;
    return store_past_find(f->store, reach, number, &row);
}

/* One of history by its number. */
static void test_past_number(struct fixture *f)
{
    struct store_drill_row row;
    struct store_reach agency = {.kind = REACH_OF_AGENCY, .codes = "MOMP"},
                       here = {.kind = REACH_OF_CENTRES, .codes = "DA02-001"};
    must(store_past_find(f->store, &store_reach_all, "DA02-001-20161128-0001", &row));
    tap_is(row.number, "DA02-001-20161128-0001", "a counted request is found by its number");
    tap_ok(row.past && strcmp(row.service, "MP-01") == 0 && row.day == 17133, "with its service and day");
    tap_is_int(finds_past(f, &store_reach_all, " da02-001-٢٠١٦١١٢٨-0001 "), 0,
               "in either case and any digits");
    tap_ok(finds_past(f, &agency, row.number) == 0 && finds_past(f, &here, row.number) == 0,
           "by its agency and its centre");
    must(str_copy(agency.codes, sizeof agency.codes, "MOCI"));
    must(str_copy(here.codes, sizeof here.codes, "DA01-003"));
    tap_ok(finds_past(f, &agency, row.number) == SND_E_NOTFOUND &&
               finds_past(f, &here, row.number) == SND_E_NOTFOUND,
           "and not by others");
    static const char *const none[] = {
        "DA02-001-20161128-0009", "DA02-001-20161128-0000",  "DA02-001-20161129-0001",
        "DA09-001-20161128-0001", "DA02-001-20169928-0001",  "-20161128-0001",
        "20161128-0001",          "DA02-001-20161128-",      "DA02-001-20161128",
        "DA01-003-7K3M9QX-H",     "-",                       "",
        "DA02-001-20161128-1",    "DA02-001-20161128-99999999999999999999",
        "DA02-001-DA02-001-DA02-001-20161128-0001"};
    int wrong = 0;
    for (size_t i = 0; i < SND_COUNT(none); i++)
        wrong += finds_past(f, &store_reach_all, none[i]) != SND_E_NOTFOUND;
    tap_is_int(wrong, 0, "what is no such number finds nothing");
}

static void test_drill(struct fixture *f)
{
    struct arena *arena = arena_new();
    struct store_ask ask = ask_of("centre", "centre", "DA01-003");
    struct store_drill_row *row, after;
    size_t count;
    char seen[256] = "";
    must(store_drill(f->store, &ask, NULL, 2, arena, &row, &count));
    while (count > 0) {
        for (size_t i = 0; i < count; i++)
            must(str_format(seen + strlen(seen), sizeof seen - strlen(seen), "%s*%d ",
                            row[i].number + 9, row[i].n));
        after = row[count - 1];
        must(store_drill(f->store, &ask, &after, 2, arena, &row, &count));
    }
    tap_is(seen, "20161128-0003*1 20161128-0002*3 20161128-0001*1 ",
           "the requests that were counted, the newest first");
    arena_free(&arena);
}

/* The book's own requests count beside the past. */
static void test_own(struct fixture *f)
{
    struct arena *arena = arena_new();
    struct store_request request;
    struct store_drill_row *row;
    size_t count;
    char got[128];
    must(fixture_submit(f, "سالم", "7000001", &request));
    struct store_ask ask = ask_of("governorate", NULL, NULL);
    ask.from = ask.to = request.day;
    told(f, &ask, got, sizeof got);
    tap_is(got, "DA=1/0 all=1/0", "a request of this book is counted");
    must(store_drill(f->store, &ask, NULL, 10, arena, &row, &count));
    tap_ok(count == 1 && strcmp(row[0].number, request.number) == 0, "under its own number");
    arena_free(&arena);
}

/* A day of so many requests that it lies in several rows: none grows without bound, and paging over
 * all of them goes back in the order in which they came. */
#define BUSY 300
static void test_busy(struct fixture *f)
{
    static char number[BUSY][24];
    struct store_ask ask = ask_of("governorate", NULL, NULL);
    struct arena *arena = arena_new();
    struct store_drill_row *row, after;
    size_t count, met = 0, right = 0;
    char got[128];
    f->actor.day += 1;
    for (int i = 0; i < BUSY; i++) {
        struct store_request request = {0};
        must(fixture_submit(f, "سالم", "7000001", &request));
        must(str_copy(number[i], sizeof number[i], request.number));
        ask.from = ask.to = request.day;
    }
    told(f, &ask, got, sizeof got);
    tap_is(got, "DA=300/0 all=300/0", "a busy day is counted whole");
    tap_ok(fixture_raw_int(f, "SELECT MAX(LENGTH(facts)) FROM tally") <= 128 * 18,
           "in rows that stay small");
    must(store_drill(f->store, &ask, NULL, 7, arena, &row, &count));
    while (count > 0) {
        for (size_t i = 0; i < count; i++, met++)
            right += met < BUSY && strcmp(row[i].number, number[BUSY - 1 - met]) == 0;
        after = row[count - 1];
        must(store_drill(f->store, &ask, &after, 7, arena, &row, &count));
    }
    tap_ok(met == BUSY && right == BUSY, "and listed over its rows, the newest first");
    arena_free(&arena);
}

static void enter(struct fixture *f, const char *kind, const char *code, const char *parent)
{
    struct store_entry entry = {0};
    size_t added;
    must(str_copy(entry.code, sizeof entry.code, code));
    must(str_copy(entry.parent, sizeof entry.parent, parent));
    must(store_register_enter(f->store, kind, &entry, 1, &added, &f->actor));
    must(store_register_enter(f->store, kind, &entry, 1, &added, &f->actor));
    tap_ok(added == 0, "%s %s is entered once", kind, code);
}

int main(void)
{
    struct fixture f;
    size_t added;
    fixture_open(&f);
    enter(&f, "agency", "MOMP", "government");
    enter(&f, "agency", "ROP", "government");
    tap_is_int(store_register_enter(f.store, "shoes", NULL, 0, &added, &f.actor), SND_E_BAD,
               "no such register");
    test_import(&f);
    test_past_number(&f);
    test_rows(&f);
    test_sums(&f);
    test_drill(&f);
    test_own(&f);
    test_busy(&f);
    tap_is_int(fixture_findings(&f, ""), 0, "the book verifies");
    fixture_close(&f);
    return tap_done();
}
