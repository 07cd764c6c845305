/* SPDX-License-Identifier: Apache-2.0 */
/* The check finds every column of every projection changed, and rows taken away or slipped in: the
 * columns come from the database itself, so a new one can't be left out. */
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "store/blob.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

static const char *const tables[] = {
#define PROJECTION(table, keys, label) #table,
#include "store/projections.def"
#undef PROJECTION
};

static int spoil(struct fixture *f, const char *sql, const char *prefix)
{
    fixture_restore(f);
    fixture_raw(f, sql);
    return fixture_findings(f, prefix) > 0;
}

/* Changes one column of one row; STRICT tables take only a value of the right type. */
static void spoil_column(struct fixture *f, const char *table, const char *column, const char *type)
{
    static const struct {
        const char *type, *before, *after;
    } changes[] = {
        {"INTEGER", "", " + 1"}, {"TEXT", "", " || 'x'"}, {"BLOB", "randomblob(length(", "))"}};
    for (size_t i = 0; i < SND_COUNT(changes); i++) {
        char sql[256];
        if (strcmp(type, changes[i].type) != 0)
            continue;
        must(str_format(sql, sizeof sql,
                        "UPDATE %s SET %s = %s%s%s WHERE rowid = (SELECT MAX(rowid) FROM %s)",
                        table, column, changes[i].before, column, changes[i].after, table));
        tap_ok(spoil(f, sql, table), "found: %s.%s changed", table, column);
    }
}

static void spoil_columns(struct fixture *f, const char *table)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *stmt = NULL;
    fixture_restore(f);
    int code = sqlite3_open(f->path, &handle);
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(handle, "SELECT name, type FROM pragma_table_info(?)", -1, &stmt,
                                  NULL);
    fixture_must(code == SQLITE_OK ? 0 : SND_E_SYS, "columns of a table");
    char name[32][32], type[32][16];
    int columns = 0;
    sqlite3_bind_text(stmt, 1, table, -1, SQLITE_STATIC);
    while (sqlite3_step(stmt) == SQLITE_ROW && columns < 32) {
        must(str_copy(name[columns], 32, (const char *)sqlite3_column_text(stmt, 0)));
        must(str_copy(type[columns++], 16, (const char *)sqlite3_column_text(stmt, 1)));
    }
    sqlite3_finalize(stmt);
    sqlite3_close(handle);
    tap_ok(columns > 0, "%s has columns", table);
    for (int i = 0; i < columns; i++)
        spoil_column(f, table, name[i], type[i]);
}

static void test_projections(struct fixture *f)
{
    for (size_t i = 0; i < SND_COUNT(tables); i++) {
        char sql[128];
        spoil_columns(f, tables[i]);
        must(str_format(sql, sizeof sql, "DELETE FROM %s WHERE rowid = (SELECT MIN(rowid) FROM %s)",
                        tables[i], tables[i]));
        tap_ok(spoil(f, sql, tables[i]), "found: a row of %s taken away", tables[i]);
    }
}

static void test_inserted(struct fixture *f)
{
    tap_ok(
        spoil(f, "INSERT INTO account_key VALUES ('huda', 'ssh-ed25519 BBBB', 0)", "account_key"),
        "found: a key slipped in");
    tap_ok(spoil(f, "UPDATE tally SET n = n + 1 WHERE past = 0",
                 "tally: 2023-11-15 DA01-003: it differs from a recount"),
           "found: a tally that is no recount");
    tap_ok(spoil(f, "UPDATE tally SET n = n + 1 WHERE past = 1",
                 "tally: 2016-11-28 DA01-003: it has not as many as it says"),
           "found: imported history that has not as many as it says");
    tap_ok(spoil(f, "DELETE FROM tally WHERE past = 0",
                 "tally: 2023-11-15 DA01-003: a request is not in the tally"),
           "found: requests that are not in the tally");
    tap_ok(spoil(f, "INSERT INTO token VALUES ('x', zeroblob(16))", "token: no request"),
           "found: a word of no request");
    tap_ok(spoil(f, "CREATE TRIGGER t AFTER INSERT ON request BEGIN DELETE FROM token; END",
                 "schema: t"),
           "found: a trigger slipped in");
    tap_ok(spoil(f, "DROP INDEX request_newest", "schema: request_newest"), "found: an index away");
}

static void test_findings_are_bounded(struct fixture *f)
{
    fixture_restore(f);
    fixture_raw(f, "UPDATE event SET day = day + 1; UPDATE request SET rev = 9, day = 1;"
                   "UPDATE token SET word = word || 'x'");
    int n = fixture_findings(f, "");
    tap_ok(n > 100 && n <= 201, "many findings, but not without end");
}

/* Bytes of the file itself are overwritten. */
static void test_damage(struct fixture *f)
{
    fixture_restore(f);
    FILE *file = fopen(f->path, "r+b");
    int done = file != NULL && fseek(file, 3 * 4096, SEEK_SET) == 0;
    for (int i = 0; done && i < 4096; i++)
        done = putc(0xee, file) != EOF;
    if (file != NULL)
        done = fclose(file) == 0 && done;
    fixture_must(done ? 0 : SND_E_IO, "damage");
    tap_ok(fixture_findings(f, "") > 0, "found: a page overwritten");
}

/* A request with a document, whose file lies beside the book. */
static void document_make(struct fixture *f)
{
    static const char pdf[] = "%PDF-1.4 <</Type/Page>> %%EOF";
    struct store_request request = {0};
    struct store_document document = {.role = "doc_id", .name = "بطاقة.pdf"};
    struct store_walk *walk = NULL;
    enum store_walked how = WALK_MORE;
    struct id file;
    int64_t have;
    must(store_blob_begin(f->store, NULL, 0, 1, &file));
    must(store_blob_put(f->store, &file, 0, pdf, sizeof pdf - 1, 1 << 20, &have));
    while (how == WALK_MORE)
        must(store_blob_end(f->store, &walk, &file, 1, &document.blob, &how));
    must(fixture_submit(f, "سالم", "7654321", &request));
    must(store_document_attach(f->store, &request.id, &document, &f->actor));
}

static int document_file(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st, (void)where;
    if (kind == FTW_F)
        must(truncate(path, 40) == 0 ? 0 : SND_E_IO);
    return 0;
}

static int document_remove(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st, (void)kind, (void)where;
    return remove(path);
}

/* The bytes of documents are looked at too. */
static void test_documents(struct fixture *f)
{
    char folder[128];
    must(str_format(folder, sizeof folder, "%s/blobs", f->folder));
    fixture_restore(f);
    tap_is_int(fixture_findings(f, ""), 0, "a document that is there is no finding");
    tap_ok(spoil(f, "DELETE FROM blob_file", "documents"), "found: a document whose file is lost");
    fixture_restore(f);
    must(nftw(folder, document_file, 8, FTW_PHYS) == 0 ? 0 : SND_E_IO);
    tap_ok(fixture_findings(f, "documents") == 1, "found: a document whose file was cut");
    must(nftw(folder, document_remove, 8, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : SND_E_IO);
    fixture_restore(f);
    tap_ok(fixture_findings(f, "documents") == 1, "found: a document whose file was taken away");
}

/* A request that there isn't is asked for; and one that there is, which another centre then has. */
static void wish_make(struct fixture *f)
{
    struct store_request request = {0};
    struct store_actor other = f->actor;
    struct id wish = id_new(), second = id_new();
    must(store_request_want(f->store, &wish, "DA01-003-7K3M9Q0-M", "1234567", &f->actor));
    must(fixture_submit(f, "سالم", "7654322", &request));
    must(str_copy(other.centre, sizeof other.centre, "DA01-004"));
    must(store_request_want(f->store, &second, request.number, "7654322", &other));
}

int main(void)
{
    struct fixture f;
    fixture_open(&f);
    fixture_fill(&f, 40);
    fixture_passed(&f);
    document_make(&f);
    wish_make(&f);
    tap_is_int(fixture_findings(&f, ""), 0, "an untouched book has no findings");
    fixture_keep(&f);
    test_projections(&f);
    test_inserted(&f);
    test_findings_are_bounded(&f);
    test_damage(&f);
    test_documents(&f);
    fixture_close(&f);
    return tap_done();
}
