/* SPDX-License-Identifier: Apache-2.0 */
/* How SQLite runs what the store asks: every statement that the store really prepares is caught by
 * SQLite's own trace, and the plan of each is looked at. No table that grows is ever scanned or
 * sorted for an answer that a person waits for, and opening looks at no table but the version. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

#define STATEMENTS 256

/* Every distinct statement seen. */
static struct {
    char *sql[STATEMENTS];
    size_t count;
} seen;

static int catch_statement(unsigned what, void *arg, void *stmt, void *text)
{
    const char *sql = sqlite3_sql(stmt);
    (void)what, (void)arg, (void)text;
    for (size_t i = 0; i < seen.count; i++)
        if (strcmp(seen.sql[i], sql) == 0)
            return 0;
    snd_assert(seen.count < STATEMENTS);
    seen.sql[seen.count++] = x_strdup(sql);
    return 0;
}

/* SQLite calls this for every connection that is opened. */
static int catch_connection(sqlite3 *handle, char **error, const void *api)
{
    (void)error, (void)api;
    return sqlite3_trace_v2(handle, SQLITE_TRACE_STMT, catch_statement, NULL);
}

static void catch_forget(void)
{
    for (size_t i = 0; i < seen.count; i++)
        x_free(&seen.sql[i]);
    seen.count = 0;
}

static void catch_start(void)
{
    catch_forget();
    sqlite3_auto_extension((void (*)(void))catch_connection);
}

static void catch_stop(void)
{
    sqlite3_cancel_auto_extension((void (*)(void))catch_connection);
}

/* A line of a plan that a table which grows must not have. */
static int slow(const char *line)
{
    static const char *const grows[] = {"event",  "e",     "request",       "r",
                                        "token",  "k",     "session",       "ticket",
                                        "answer", "draft", "event_subject", "s"};
    if (strstr(line, "USE TEMP B-TREE") != NULL)
        return 1;
    if (strncmp(line, "SCAN ", 5) != 0)
        return 0;
    size_t len = strcspn(line + 5, " ");
    for (size_t i = 0; i < SND_COUNT(grows); i++)
        if (strlen(grows[i]) == len && strncmp(line + 5, grows[i], len) == 0)
            return 1;
    return 0;
}

static int plan_is_slow(sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int bad = 0;
    char *explain = x_printf("EXPLAIN QUERY PLAN %s", sql);
    if (sqlite3_prepare_v2(handle, explain, -1, &stmt, NULL) != SQLITE_OK)
        fixture_must(SND_E_SYS, sqlite3_errmsg(handle));
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(stmt, 3);
        if (!slow(line))
            continue;
        tap_note("%s: %s", line, sql);
        bad = 1;
    }
    sqlite3_finalize(stmt);
    x_free(&explain);
    return bad;
}

static int is_query(const char *sql)
{
    static const char *const words[] = {"SELECT", "INSERT", "UPDATE", "DELETE"};
    for (size_t i = 0; i < SND_COUNT(words); i++)
        if (strncmp(sql, words[i], strlen(words[i])) == 0)
            return 1;
    return 0;
}

static void test_plans(struct fixture *f)
{
    sqlite3 *handle = NULL;
    int queries = 0, bad = 0;
    if (sqlite3_open(f->path, &handle) != SQLITE_OK)
        fixture_must(SND_E_IO, "open");
    for (size_t i = 0; i < seen.count; i++)
        if (is_query(seen.sql[i])) {
            queries++;
            bad += plan_is_slow(handle, seen.sql[i]);
        }
    sqlite3_close(handle);
    tap_ok(queries > 35, "the statements of all operations were caught (%d)", queries);
    tap_is_int(bad, 0, "no statement scans or sorts a table that grows");
}

static void list(struct fixture *f, const struct store_reach *reach, const char *query)
{
    struct arena *arena = arena_new();
    struct store_request *row;
    size_t count;
    must(store_request_list(f->store, reach, query, "", 20, arena, &row, &count));
    must(store_request_find(f->store, reach, query, 20, arena, &row, &count));
    if (count > 0)
        must(store_request_list(f->store, reach, query, row[count - 1].number, 20, arena, &row,
                                &count));
    arena_free(&arena);
}

/* Trails of every kind, and a piece of the chain. */
static void use_trails(struct fixture *f, const struct id *request)
{
    static const char *const keys[TRAIL_KINDS] = {"", "huda", "7000005", ""};
    struct arena *arena = arena_new();
    struct store_event *event;
    struct store_chain chain = {0};
    struct store_where first = {.epoch = 1, .seq = 1};
    struct store_event one;
    struct id session;
    char number[24], centre[16];
    size_t count;
    for (int of = 0; of < TRAIL_KINDS; of++) {
        struct store_trail ask = {.of = (enum trail_of)of,
                                  .tx = *request,
                                  .key = keys[of],
                                  .before = {.epoch = INT64_MAX, .seq = INT64_MAX},
                                  .max = 20};
        int err = store_trail(f->store, &ask, arena, &event, &count);
        if (of == TRAIL_SESSION && err == SND_E_NOTFOUND)
            err = 0;
        must(err);
    }
    must(store_event_get(f->store, &first, arena, &one));
    (void)!store_event_session(f->store, &one, &session);
    must(store_request_number(f->store, request, number, centre));
    must(store_chain(f->store, 50, arena, &chain));
    arena_free(&arena);
}

/* What a login asks and leaves, right or wrong. */
static void log_in(struct fixture *f, const uint8_t ticket[HASH_SIZE])
{
    const struct store_try row = {.id = {1}, .count = 1, .last = 5};
    const struct store_totp totp = {.proved = 1};
    struct store_totp got;
    struct store_code code;
    must(store_try_put(f->store, &row));
    must(store_try_sweep(f->store, 9));
    must(store_try_drop(f->store, row.id));
    must(store_code_get(f->store, "zahir", &code));
    must(store_code_gone(f->store, "zahir", "key", &f->actor));
    must(store_totp_put(f->store, "zahir", &totp, "made", &f->actor));
    must(store_totp_use(f->store, "zahir", 7));
    must(store_totp_get(f->store, "zahir", &got));
    must(store_login_passed(f->store, ticket, "zahir", &f->actor));
    must(store_session_passed(f->store, ticket) ? 0 : SND_E_NOTFOUND);
    must(store_login_refused(f->store, "zahir", "password", 0, 0, &f->actor));
    must(store_address_learn(f->store, "zahir", "10.0.0.1", 5));
    must(store_address_learn(f->store, "zahir", "10.0.0.1", 9999999));
    must(store_address_known(f->store, "zahir", "10.0.0.1", 5));
}

/* Everything that a person waits for, at least once. */
static void use(struct fixture *f)
{
    static const struct store_reach reaches[] = {{REACH_OF_CENTRES, "DA01-003"},
                                                 {REACH_OF_CENTRES, "DA01-003 MU02-001"},
                                                 {REACH_OF_AGENCY, "MZEC"},
                                                 {REACH_OF_GOVERNORATE, "DA"}};
    static const char *const queries[] = {"",  "سالم",      "7000005",   "DA01-003", "DA01",
                                          "x", "سالم احمد", "مريم احمد", "مريم"};
    struct arena *arena = arena_new();
    struct store_request request = {0};
    struct store_draft draft = {.id = id_new(), .account = "huda"}, *drafts;
    struct store_history *history;
    struct store_form_head *heads;
    uint8_t ticket[HASH_SIZE] = {5};
    char account[33], *typed, *values;
    struct buf out = BUF_INIT(100);
    int64_t n;
    size_t count;
    must(store_batch_begin(f->store)); /* so many that words are common */
    for (int i = 0; i <= 1000; i++)
        must(fixture_submit(f, "مريم احمد", "7000006", &(struct store_request){0}));
    must(store_batch_commit(f->store));
    for (size_t i = 0; i < SND_COUNT(queries); i++) {
        list(f, &store_reach_all, queries[i]);
        for (size_t k = 0; k < SND_COUNT(reaches); k++)
            list(f, &reaches[k], queries[i]);
    }
    must(store_draft_put(f->store, &draft, "", "{}"));
    must(store_draft_hold(f->store, &draft.id, 1));
    must(store_draft_list(f->store, "huda", arena, &drafts, &count));
    must(store_draft_get(f->store, &draft.id, &draft, &typed, &values));
    x_free(&typed);
    x_free(&values);
    must(store_draft_drop(f->store, &draft.id, "huda"));
    must(fixture_submit(f, "سالم", "7000005", &request));
    must(store_request_get(f->store, &store_reach_all, request.number, &request, &values));
    x_free(&values);
    must(store_request_history(f->store, &request.id, arena, &history, &count));
    must(store_request_count(f->store, "DA01-003", &n));
    use_trails(f, &request.id);
    must(store_answer_keep(f->store, &request.id, "huda", "op", "x", 1, f->actor.at));
    must(store_answer_find(f->store, &request.id, "huda", "op", &out));
    must(store_session_open(f->store, "zahir", ticket, "key", &f->actor));
    must(store_session_find(f->store, ticket, account));
    log_in(f, ticket);
    must(store_session_close(f->store, ticket, &f->actor));
    must(store_session_close_all(f->store, "huda", &f->actor));
    must(store_account_key(f->store, "huda", "ssh-ed25519 AAAA", 0, &f->actor));
    must(store_form_heads(f->store, arena, &heads, &count));
    must(store_form_get(f->store, heads[0].sha, &typed));
    x_free(&typed);
    buf_free(&out);
    arena_free(&arena);
}

static void test_open(struct fixture *f)
{
    int tables = 0;
    store_close(&f->store);
    catch_start();
    int64_t begun = clock_mono_ms();
    must(store_open(f->path, STORE_WRITE, f->vault, &f->store));
    int64_t took = clock_mono_ms() - begun;
    catch_stop();
    for (size_t i = 0; i < seen.count; i++)
        tables += strstr(seen.sql[i], " FROM ") != NULL &&
                  strcmp(seen.sql[i], "SELECT version FROM schema_version") != 0 &&
                  strcmp(seen.sql[i], "SELECT type FROM unknown_type") != 0;
    tap_is_int(tables, 0, "opening reads the version, kinds not yet known, and no other table");
    tap_ok(took < 1000, "and takes well under a second");
}

int main(void)
{
    struct fixture f;
    fixture_open(&f);
    must(store_batch_begin(f.store));
    fixture_fill(&f, 1500); /* so many that a search knows common words from rare ones */
    must(store_batch_commit(f.store));
    test_open(&f);
    store_close(&f.store);
    catch_start();
    must(store_open(f.path, STORE_WRITE, f.vault, &f.store));
    use(&f);
    catch_stop();
    test_plans(&f);
    catch_forget();
    fixture_close(&f);
    return tap_done();
}
