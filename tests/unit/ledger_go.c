/* SPDX-License-Identifier: Apache-2.0
 * What the go box asks the book: whom and what the typed words may mean, within one's own sight,
 * and an event for each answer that shows somebody. */
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "book/report.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

static struct rig rig;
static struct book_goal row[BOOK_FIND_ROWS];
static size_t rows;

static int searches(void)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    int count = -1;
    if (sqlite3_open_v2(rig.db, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, "SELECT COUNT(*) FROM event WHERE type = 'request.searched'", -1,
                           &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        count = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return count;
}

/* So that none was submitted at the same moment as the one before. */
static void next_moment(void)
{
    int64_t now = clock_utc_ms();
    while (clock_utc_ms() <= now + 1)
        continue;
}

/* A request of that person; its number. */
static void submit(struct book *clerk, const char *name, const char *civil,
                   char number[BOOK_NUMBER])
{
    struct record *record = rig_record(clerk, &rig, name);
    struct book_receipt receipt = {0};
    struct fault faults[4];
    struct id id = id_new();
    size_t count;
    record_set(record, form_field(record->form, "civil"), civil);
    next_moment();
    int err = book_submit(clerk, &id, record, &receipt, faults, 4, &count);
    if (err)
        tap_note("submit: %s", err_text(err));
    (void)str_copy(number, BOOK_NUMBER, receipt.number);
    record_free(&record);
}

static int finds(struct book *book, const char *words, size_t people, size_t requests)
{
    size_t found[GOAL_KINDS] = {0};
    int err = book_go_find(book, words, row, &rows);
    for (size_t i = 0; i < rows; i++)
        found[row[i].kind]++;
    if (err || found[GOAL_PERSON] != people || found[GOAL_REQUEST] != requests)
        tap_note("%s: %s, %zu people, %zu requests", words, err_text(err), found[GOAL_PERSON],
                 found[GOAL_REQUEST]);
    return !err && found[GOAL_PERSON] == people && found[GOAL_REQUEST] == requests;
}

static void words(struct book *clerk, struct book *sup)
{
    char salim[BOOK_NUMBER], namesake[BOOK_NUMBER], number[BOOK_NUMBER];
    submit(clerk, "سالم بن سعيد", "12345678", number);
    submit(clerk, "سالم بن سعيد", "12345678", salim);
    submit(clerk, "سالم بن سعيد", "99345678", namesake);
    submit(clerk, "هدى بنت أحمد", "87654321", number);
    tap_ok(finds(clerk, "", 0, 0) && finds(clerk, "سا", 0, 0), "two letters mean nobody yet");
    tap_ok(finds(clerk, "زهران", 0, 0) && searches() == 0, "nobody found is no event");
    tap_ok(finds(clerk, "سالم", 2, 3) && searches() == 1, "namesakes are two people; an event");
    tap_ok(row[0].requests == 1 && row[1].requests == 2 && strcmp(row[1].number, salim) == 0,
           "each with their newest request and how many there are");
    tap_ok(finds(clerk, "سعيد سال", 2, 3), "words in any order, by their beginnings");
    tap_ok(finds(clerk, "احمد", 1, 1), "hamza does not matter");
    tap_ok(finds(clerk, "12345678", 1, 2), "a civil number finds its person");
    tap_ok(finds(clerk, "١٢٣٤٥٦٧٨", 1, 2), "in digits of either script");
    tap_ok(finds(clerk, "1234567", 0, 0), "the beginning of one finds nobody");
    tap_ok(finds(clerk, number, 1, 1), "a number finds its request");
    tap_ok(finds(clerk, number + 9, 1, 1), "also without the centre");
    tap_ok(finds(sup, "سالم", 2, 3), "a supervisor sees all centres");
}

/* Somebody who acts for others is found as a person, and by name again among the requests. */
static void agents(struct book *clerk, struct book *sup)
{
    struct record *record = rig_record(clerk, &rig, "مبارك بن خلفان");
    struct book_receipt receipt = {0};
    struct fault faults[4];
    struct id id = id_new();
    size_t count = 0;
    record_set(record, form_field(record->form, "civil"), "66345678");
    record_set(record, form_field(record->form, "agent_name"), "زوينة بنت راشد");
    record_set(record, form_field(record->form, "agent_civil"), "77345678");
    tap_is_int(book_submit(clerk, &id, record, &receipt, faults, 4, &count), 0, "an agent applies");
    record_free(&record);
    tap_ok(finds(clerk, "زوينة", 1, 1), "she is found by name");
    tap_is(row[0].name, "زوينة بنت راشد", "as herself");
    tap_is(row[1].name, "مبارك بن خلفان", "with the request, which is his for whom she acts");
    tap_ok(finds(clerk, "77345678", 1, 1) && strcmp(row[0].name, "زوينة بنت راشد") == 0,
           "and by civil number");
    tap_ok(finds(clerk, "مبارك", 1, 1) && strcmp(row[0].name, "مبارك بن خلفان") == 0,
           "he is found as himself");
    tap_ok(finds(sup, "راشد زوين", 1, 1) && strcmp(row[0].name, "زوينة بنت راشد") == 0,
           "a supervisor finds her too");
    struct book_request *list;
    struct arena *arena = arena_new();
    tap_ok(book_request_list(clerk, "زوينة بنت راشد", "", 9, arena, &list, &count) == 0 &&
               count == 1,
           "the list of requests has hers by that name");
    arena_free(&arena);
}

/* A request of imported history has a number and nobody's name. */
static void counted(struct book *clerk, struct book *shell)
{
    int64_t added = 0, there = 0;
    int before = searches();
    tap_is_int(book_history(shell,
                            "@2016-11-28 DA01-003 1\n"
                            "09:14 morning .02 MP-01 MOMP closed m 5000 2000 1\n",
                            &added, &there),
               0, "history is imported");
    tap_ok(book_go_find(clerk, "da01-003-20161128-0001", row, &rows) == 0 && rows == 1 &&
               row[0].kind == GOAL_COUNTED && strcmp(row[0].service, "MP-01") == 0 &&
               strcmp(row[0].number, "DA01-003-20161128-0001") == 0 && !row[0].name[0],
           "its number is said to be a counted request's");
    tap_ok(finds(clerk, "DA01-003-20161128-0002", 0, 0) && rows == 0, "the next one isn't there");
    tap_is_int(searches() - before, 0, "it shows nobody, so that it is no event");
}

static void limits(struct book *clerk)
{
    char number[BOOK_NUMBER], name[BOOK_TEXT], civil[16];
    for (int i = 0; i < 20; i++) {
        (void)str_format(name, sizeof name, "نصر بن %s", i % 2 ? "علي" : "حمد");
        (void)str_format(civil, sizeof civil, "5000%04d", i);
        submit(clerk, name, civil, number);
    }
    tap_ok(finds(clerk, "نصر", BOOK_FIND_PEOPLE, BOOK_FIND_REQUESTS), "rows are few");
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    tap_ok(finds(clerk, name, 0, 0), "a long word finds nothing");
    tap_ok(book_go_find(clerk, "\xff\xfe\xfd\xfc", row, &rows) != 0 || rows == 0,
           "nor what is no text");
}

int main(void)
{
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk"), *sup = rig_login(&rig, "sup");
    words(clerk, sup);
    agents(clerk, sup);
    struct book *shell = rig_shell(&rig);
    counted(clerk, shell);
    book_close(&shell);
    limits(clerk);
    tap_is_int(book_go_find(clerk, "سالم", row, &rows), 0, "the connection goes on");
    book_close(&clerk);
    book_close(&sup);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
