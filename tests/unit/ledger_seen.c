/* SPDX-License-Identifier: Apache-2.0
 * Who looks at people's data is in the book: each read of a request and each search is an event,
 * committed before the answer comes; the pages of one search are one event, and what is no search
 * is none. */
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define REQUESTS 5

static struct rig rig;
static char number[REQUESTS][BOOK_NUMBER];

/* Events of a type in the file, now; of that actor and address alone. */
static int events(const char *type, const char *actor)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    int count = -1;
    if (sqlite3_open_v2(rig.db, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db,
                           "SELECT COUNT(*) FROM event WHERE type = ?1 AND actor = ?2 AND peer ="
                           " '127.0.0.1:4022' AND (type <> 'request.seen' OR tx IN"
                           " (SELECT id FROM request))",
                           -1, &stmt, NULL) == SQLITE_OK) {
        sqlite3_bind_text(stmt, 1, type, -1, SQLITE_STATIC);
        sqlite3_bind_text(stmt, 2, actor, -1, SQLITE_STATIC);
        if (sqlite3_step(stmt) == SQLITE_ROW)
            count = sqlite3_column_int(stmt, 0);
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return count;
}

static int list(struct book *book, const char *query, const char *after, size_t max)
{
    struct arena *arena = arena_new();
    struct book_request *rows;
    size_t count;
    int err = book_request_list(book, query, after, max, arena, &rows, &count);
    arena_free(&arena);
    return err;
}

static int get(struct book *book, const char *which)
{
    struct arena *arena = arena_new();
    struct book_detail detail = {0};
    int err = book_request_get(book, which, arena, &detail);
    if (!err && detail.histories != 1)
        err = SND_E_BAD; /* looking is no part of what happened to it */
    record_free(&detail.record);
    arena_free(&arena);
    return err;
}

static void submit_some(struct book *clerk)
{
    struct record *record = rig_record(clerk, &rig, "سالم بن سعيد");
    struct book_receipt receipt;
    struct fault faults[4];
    size_t count;
    int done = 0;
    for (int i = 0; i < REQUESTS; i++) {
        struct id id = id_new();
        done += book_submit(clerk, &id, record, &receipt, faults, 4, &count) == 0;
        (void)str_copy(number[i], BOOK_NUMBER, receipt.number);
    }
    record_free(&record);
    tap_is_int(done, REQUESTS, "requests to look at");
}

static void looked_at(struct book *clerk)
{
    int kept = 0;
    for (int i = 0; i < 100; i++)
        kept += get(clerk, number[i % REQUESTS]) == 0 && events("request.seen", "clerk") == i + 1;
    tap_is_int(kept, 100, "each request seen is in the file when its answer comes");
    tap_is_int(get(clerk, "DA01-003-0000000-0"), SND_E_NOTFOUND, "one that is not there");
    tap_is_int(events("request.seen", "clerk"), 100, "was not seen");
}

static void lists(struct book *clerk, struct book *sup)
{
    int err = list(clerk, "", "", 100);
    tap_ok(!err && events("request.searched", "clerk") == 0, "the own centre's newest: no event");
    err = list(clerk, "", number[2], 2);
    tap_ok(!err && events("request.searched", "clerk") == 1, "older ones: an event");
    err = list(clerk, "", number[1], 2);
    tap_ok(!err && events("request.searched", "clerk") == 1, "still older: the same one");
    err = list(clerk, "سالم", "", 2);
    tap_ok(!err && events("request.searched", "clerk") == 2, "a search: an event");
    err = list(clerk, "سالم", number[3], 2);
    tap_ok(!err && events("request.searched", "clerk") == 2, "its next page: the same one");
    err = list(clerk, "سعيد", number[3], 2);
    tap_ok(!err && events("request.searched", "clerk") == 3,
           "a later page of a search that was never begun: an event");
    err = list(clerk, "سعيد", "", 2);
    tap_ok(!err && events("request.searched", "clerk") == 4, "the search begun anew: an event");
    err = list(sup, "", "", 2);
    tap_ok(!err && events("request.searched", "sup") == 1,
           "a supervisor's list of all centres: an event");
    tap_is_int(list(clerk, "\xff\xfe", "", 2), SND_E_BAD, "words that are no text are refused");
}

int main(void)
{
    rig_make(&rig, 1);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk"), *sup = rig_login(&rig, "sup");
    submit_some(clerk);
    looked_at(clerk);
    lists(clerk, sup);
    book_close(&clerk);
    book_close(&sup);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
