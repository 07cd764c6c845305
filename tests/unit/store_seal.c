/* SPDX-License-Identifier: Apache-2.0 */
/* What citizens said, at rest: nowhere in the database's files in clear; good in its own place and
 * with its own keys only; a book from before there were keys is sealed whole, and nothing of it
 * stays behind in the file. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/proc.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

#define PEOPLE 1000
#define CIVIL_FIRST 61000000
#define PHONE_FIRST 93000000

/* ---- nothing in clear ---- */

/* Seeded numbers in the bytes of a file: eight digits of ours in a row. -1: there is no such file.
 */
static int seeded_in(const char *path)
{
    char *bytes = NULL;
    size_t len, run = 0;
    long long value = 0;
    int hits = 0;
    if (access(path, F_OK) != 0)
        return -1;
    must(proc_read_file(path, 256 << 20, &bytes, &len));
    for (size_t i = 0; i < len; i++) {
        int digit = bytes[i] >= '0' && bytes[i] <= '9';
        run = digit ? run + 1 : 0;
        value = digit ? (value * 10 + (bytes[i] - '0')) % 100000000 : 0;
        hits += run >= 8 && ((value >= CIVIL_FIRST && value < CIVIL_FIRST + PEOPLE) ||
                             (value >= PHONE_FIRST && value < PHONE_FIRST + PEOPLE));
    }
    x_free(&bytes);
    return hits;
}

static void test_nothing_shows(struct fixture *f, const char *when)
{
    char wal[128];
    must(str_format(wal, sizeof wal, "%s-wal", f->path));
    tap_is_int(seeded_in(f->path), 0, "no civil number or phone in the database");
    tap_ok(seeded_in(wal) <= 0, "nor in its write-ahead log %s", when);
}

static void put_draft(struct fixture *f, const char *civil, const char *phone, struct id *out)
{
    struct store_draft draft = {.id = id_new(), .account = "huda", .service = "MZ-01"};
    char values[128];
    must(str_format(values, sizeof values, "{\"civil\":\"%s\",\"mobile\":\"%s\"}", civil, phone));
    must(store_draft_put(f->store, &draft, phone, values));
    *out = draft.id;
}

/* `phones`: the requests have some; the first version knew none apart from the other values. */
static void seed(struct fixture *f, int phones)
{
    must(store_batch_begin(f->store));
    for (int i = 0; i < PEOPLE; i++) {
        struct store_request request = {0};
        struct id id = id_new(), draft;
        char civil[16];
        must(str_format(civil, sizeof civil, "%d", CIVIL_FIRST + i));
        must(str_format(f->mobile, sizeof f->mobile, "%d", PHONE_FIRST + i));
        put_draft(f, civil, f->mobile, &draft);
        if (!phones)
            f->mobile[0] = '\0';
        must(fixture_submit(f, "سالم بن أحمد الحارثي", civil, &request));
        must(store_answer_keep(f->store, &id, "huda", "op", civil, strlen(civil), f->actor.at));
    }
    f->mobile[0] = '\0';
    must(store_batch_commit(f->store));
}

static int found(struct fixture *f, const char *query)
{
    struct arena *arena = arena_new();
    struct store_request *row;
    size_t count;
    must(store_request_list(f->store, &store_reach_all, query, "", 100, arena, &row, &count));
    int good = count == 1 && strcmp(row[0].civil, "61000042") == 0;
    arena_free(&arena);
    return good;
}

static void test_at_rest(void)
{
    struct fixture f;
    fixture_open(&f);
    seed(&f, 1);
    test_nothing_shows(&f, "while it is open");
    tap_ok(found(&f, "61000042"), "found by a whole civil number");
    tap_ok(found(&f, "93000042"), "found by a whole telephone number");
    tap_ok(found(&f, "٩٣٠٠٠٠٤٢ سالم"), "in Arabic digits and with a name");
    tap_ok(!found(&f, "6100004") && !found(&f, "9300004"), "not by the beginning of either");
    fixture_again(&f, STORE_WRITE);
    test_nothing_shows(&f, "after closing it");
    tap_is_int(fixture_findings(&f, ""), 0, "the sealed book is whole");
    fixture_close(&f);
}

/* ---- moved, cut, changed, other keys ---- */

static int get_request(struct fixture *f, const char *number)
{
    struct store_request got;
    char *values = NULL;
    int err = store_request_get(f->store, &store_reach_all, number, &got, &values);
    x_free(&values);
    return err;
}

static int get_draft(struct fixture *f, const struct id *id)
{
    struct store_draft draft;
    char *typed = NULL, *values = NULL;
    int err = store_draft_get(f->store, id, &draft, &typed, &values);
    x_free(&typed);
    x_free(&values);
    return err;
}

static void test_moved(void)
{
    static const struct {
        const char *sql, *what, *finding;
    } moves[] = {
        {"UPDATE request SET civil = (SELECT civil FROM request ORDER BY at LIMIT 1)",
         "a civil number from another row", "request: "},
        {"UPDATE request SET civil = substr(civil, 1, length(civil) - 1)", "a civil number cut",
         "request: "},
        {"UPDATE request SET civil = x'0102'", "one that is too short for anything", "request: "},
        {"UPDATE event SET payload = (SELECT payload FROM event ORDER BY seq DESC LIMIT 1 OFFSET 1)"
         " WHERE seq = (SELECT MAX(seq) FROM event)",
         "a payload from another event", "payload: "},
        {"UPDATE request SET civil = (SELECT payload FROM event WHERE event.seq = request.seq)",
         "a payload in another column", "request: "},
    };
    struct fixture f;
    struct store_request one = {0}, two = {0};
    struct id draft[2];
    fixture_open(&f);
    must(fixture_submit(&f, "سالم", "61000001", &one));
    must(fixture_submit(&f, "فاطمة", "61000002", &two));
    put_draft(&f, "61000003", "93000003", &draft[0]);
    put_draft(&f, "61000004", "93000004", &draft[1]);
    fixture_keep(&f);
    for (size_t i = 0; i < SND_COUNT(moves); i++) {
        fixture_restore(&f);
        fixture_raw(&f, moves[i].sql);
        fixture_again(&f, STORE_READ);
        tap_ok(get_request(&f, two.number) == SND_E_CORRUPT, "refused: %s", moves[i].what);
        tap_ok(fixture_findings(&f, moves[i].finding) > 0, "found: %s", moves[i].what);
    }
    fixture_restore(&f);
    fixture_raw(&f, "UPDATE draft SET filled = (SELECT MIN(filled) FROM draft)");
    fixture_again(&f, STORE_READ);
    tap_ok((get_draft(&f, &draft[0]) == SND_E_CORRUPT) +
                   (get_draft(&f, &draft[1]) == SND_E_CORRUPT) ==
               1,
           "refused: a draft's values in another draft");
    tap_is_int(fixture_findings(&f, "draft: "), 1, "found: a draft's values in another draft");
    fixture_close(&f);
}

static void test_other_keys(void)
{
    struct fixture f;
    struct vault *own, *other = NULL;
    struct store_request one = {0};
    char second[128];
    uint32_t key = 0;
    fixture_open(&f);
    must(str_format(second, sizeof second, "%s/second", f.folder));
    must(vault_make(second));
    must(vault_load(second, &other));
    must(fixture_submit(&f, "سالم", "61000001", &one));
    own = f.vault;
    f.vault = other;
    fixture_again(&f, STORE_READ);
    tap_is_int(get_request(&f, one.number), SND_E_CORRUPT, "another ring opens nothing");
    tap_ok(fixture_findings(&f, "payload: ") > 1, "and the check says so of every event");
    must(vault_key_add(own, &key));
    f.vault = own;
    fixture_again(&f, STORE_WRITE);
    tap_is_int(fixture_findings(&f, ""), 0, "with a newer key beside its own the book is whole");
    fixture_again(&f, STORE_WRITE);
    one = (struct store_request){0};
    must(fixture_submit(&f, "فاطمة", "61000002", &one));
    tap_is_int(fixture_findings(&f, ""), 0, "with rows of both keys too");
    must(vault_key_drop(own, 1));
    tap_ok(fixture_findings(&f,
                            "payload: event 2 is sealed with key 1, which the key ring lacks") == 1,
           "a key that is missing is said by its number");
    vault_free(&other);
    unlink(second);
    fixture_close(&f);
}

/* ---- from before there were keys ---- */

static void sql_unseal(sqlite3_context *context, int count, sqlite3_value **value)
{
    const struct vault *vault = sqlite3_user_data(context);
    struct vault_place place = {.table = (const char *)sqlite3_value_text(value[0]),
                                .column = (const char *)sqlite3_value_text(value[1]),
                                .row = sqlite3_value_blob(value[2]),
                                .row_len = (size_t)sqlite3_value_bytes(value[2])};
    struct buf plain = BUF_INIT(1 << 20);
    (void)count;
    must(vault_open(vault, &place, sqlite3_value_blob(value[3]),
                    (size_t)sqlite3_value_bytes(value[3]), &plain));
    sqlite3_result_blob(context, plain.len ? (const char *)plain.data : "", (int)plain.len,
                        SQLITE_TRANSIENT);
    buf_free(&plain);
}

static void run_sql(sqlite3 *handle, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(handle, sql, NULL, NULL, &message) == SQLITE_OK)
        return;
    tap_note("%s: %s", sql, message);
    fixture_must(SND_E_SYS, "SQL of the first version");
}

/* The schema's first version, its dialect words replaced. */
static void first_schema(sqlite3 *handle, const char *path)
{
    static const char *const words[][2] = {
        {"@BLOB@", "BLOB"}, {"@STRICT@", "STRICT"}, {"BIGINT", "INTEGER"}};
    char *text = NULL;
    size_t len;
    struct buf sql = BUF_INIT(1 << 20);
    must(proc_read_file(tap_source(path), 1 << 20, &text, &len));
    for (const char *at = text; *at != '\0';) {
        size_t word = 0;
        while (word < SND_COUNT(words) && strncmp(at, words[word][0], strlen(words[word][0])) != 0)
            word++;
        if (word < SND_COUNT(words)) {
            buf_puts(&sql, words[word][1]);
            at += strlen(words[word][0]);
        } else {
            buf_putc(&sql, *at++);
        }
    }
    run_sql(handle, buf_text(&sql));
    buf_free(&sql);
    x_free(&text);
}

/* The same book as the first version of the program kept it, in clear, in f->kept. */
static void make_first(struct fixture *f)
{
    static const char *const copies[] = {"head", "office",    "account_key", "session",
                                         "form", "form_list", "token",       "ticket"};
    sqlite3 *handle = NULL;
    char sql[256];
    store_close(&f->store);
    if (sqlite3_open(f->kept, &handle) != SQLITE_OK ||
        sqlite3_create_function(handle, "unseal", 4, SQLITE_UTF8, f->vault, sql_unseal, NULL,
                                NULL) != SQLITE_OK)
        fixture_must(SND_E_SYS, "first version");
    run_sql(handle, "PRAGMA journal_mode=WAL");
    first_schema(handle, "src/store/schema/0001_shared.sql");
    first_schema(handle, "src/store/schema/0001_local.sql");
    must(str_format(sql, sizeof sql, "ATTACH '%s' AS sealed", f->path));
    run_sql(handle, sql);
    run_sql(handle, "INSERT INTO schema_version VALUES (1)");
    for (size_t i = 0; i < SND_COUNT(copies); i++) {
        must(str_format(sql, sizeof sql, "INSERT INTO main.%s SELECT * FROM sealed.%s", copies[i],
                        copies[i]));
        run_sql(handle, sql);
    }
    run_sql(handle, "INSERT INTO main.account SELECT account, name, role, centre, lang, secret,"
                    " one_time, disabled, secret_at FROM sealed.account");
    run_sql(handle, "INSERT INTO main.event SELECT node, epoch, seq, id, tx, rev, type, actor,"
                    " centre, peer, t, day, form, payload_sha,"
                    " unseal('event', 'payload', id, payload), hash FROM sealed.event;"
                    "INSERT INTO main.request SELECT id, number, service, agency, centre, account,"
                    " applicant, CAST(unseal('request', 'civil', id, civil) AS TEXT), state, day,"
                    " at, changed, fee_agency, fee_centre, rev, form,"
                    " CAST(unseal('request', 'civil', id, civil) AS TEXT) || ' ' || search, node,"
                    " epoch, seq FROM sealed.request;"
                    "INSERT INTO main.token SELECT civil, id FROM main.request;"
                    "INSERT INTO main.answer SELECT id, actor, operation,"
                    " unseal('answer', 'body', id, body), at FROM sealed.answer;"
                    "INSERT INTO main.draft SELECT id, account, service, form, saved, field, caret,"
                    " summary, holder, '93000000',"
                    " CAST(substr(unseal('draft', 'filled', id, filled), 10) AS TEXT)"
                    " FROM sealed.draft;"
                    "DELETE FROM main.draft WHERE id IN (SELECT id FROM main.draft LIMIT 500)");
    sqlite3_close(handle);
}

static void test_first(void)
{
    struct fixture f;
    struct id draft;
    struct store_draft got;
    char *typed = NULL, *values = NULL;
    int sealed = -1;
    fixture_open(&f);
    seed(&f, 0);
    put_draft(&f, "61000777", "93000000", &draft);
    make_first(&f);
    fixture_restore(&f);
    tap_ok(seeded_in(f.path) > 3 * PEOPLE, "a book of the first version is in clear");
    tap_ok(store_is_sealed(f.path, &sealed) == 0 && !sealed, "and says so");
    fixture_again(&f, STORE_WRITE);
    test_nothing_shows(&f, "when it has been brought forward");
    tap_ok(store_is_sealed(f.path, &sealed) == 0 && sealed, "it says that it is sealed");
    tap_ok(found(&f, "61000042"), "its requests are found by civil number");
    must(store_draft_get(f.store, &draft, &got, &typed, &values));
    tap_is(typed, "93000000", "a draft's unfinished text is there");
    tap_is(values, "{\"civil\":\"61000777\",\"mobile\":\"93000000\"}", "and its values");
    x_free(&typed);
    x_free(&values);
    tap_is_int(fixture_findings(&f, ""), 0, "and the book is whole");
    fixture_close(&f);
}

int main(void)
{
    test_at_rest();
    test_moved();
    test_other_keys();
    test_first();
    return tap_done();
}
