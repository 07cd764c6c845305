/* SPDX-License-Identifier: Apache-2.0 */
/* The event log: the chain holds, and whatever is done to an event behind the store's back is
 * found, column by column from the table of columns itself. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "store/event_priv.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

static void spoil(struct fixture *f, const char *what, const char *sql)
{
    fixture_restore(f);
    fixture_raw(f, sql);
    tap_ok(fixture_findings(f, "chain:") > 0, "found: %s", what);
}

static void spoil_column(struct fixture *f, const char *column, const char *value)
{
    char sql[256], what[96];
    must(str_format(sql, sizeof sql, "UPDATE event SET %s = %s WHERE seq = 4", column, value));
    must(str_format(what, sizeof what, "%s changed", column));
    spoil(f, what, sql);
}

static void test_columns(struct fixture *f)
{
#define COLUMN_BLOB(name, size) spoil_column(f, #name, "randomblob(" #size ")");
#define COLUMN_INT(name) spoil_column(f, #name, #name " + 1000000");
#define COLUMN_TEXT(name, size) spoil_column(f, #name, #name " || 'x'");
#include "store/event_columns.def"
#undef COLUMN_BLOB
#undef COLUMN_INT
#undef COLUMN_TEXT
    spoil_column(f, "hash", "randomblob(32)");
    spoil_column(f, "id", "zeroblob(15)");
}

static void test_every_column_is_hashed(struct fixture *f)
{
    int columns = 2; /* payload, which is hashed by payload_sha, and the hash itself */
#define COLUMN_BLOB(name, size) columns++;
#define COLUMN_INT(name) columns++;
#define COLUMN_TEXT(name, size) columns++;
#include "store/event_columns.def"
#undef COLUMN_BLOB
#undef COLUMN_INT
#undef COLUMN_TEXT
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(*) FROM pragma_table_info('event')"), columns,
               "the table has the columns that are hashed and no other");
}

static void test_rows(struct fixture *f)
{
    spoil(f, "an event in the middle deleted", "DELETE FROM event WHERE seq = 5");
    spoil(f, "the first event deleted", "DELETE FROM event WHERE seq = 1");
    spoil(f, "the last event deleted",
          "DELETE FROM event WHERE seq = (SELECT MAX(seq) FROM event)");
    spoil(f, "the last event deleted and the head moved back",
          "DELETE FROM event WHERE seq = (SELECT MAX(seq) FROM event);"
          "UPDATE head SET seq = seq - 1");
    spoil(f, "all events deleted", "DELETE FROM event");
    spoil(f, "head deleted", "DELETE FROM head");
    spoil(f, "two events exchanged",
          "UPDATE event SET seq = -1 WHERE seq = 6;"
          "UPDATE event SET seq = 6 WHERE seq = 7;"
          "UPDATE event SET seq = 7 WHERE seq = -1");
    spoil(f, "an event inserted",
          "INSERT INTO event SELECT node, epoch, seq + 1000, randomblob(16), tx, rev, type, actor,"
          " centre, peer, t, day, form, payload_sha, payload, hash FROM event WHERE seq = 6");
    spoil(f, "an event inserted in a chain of its own",
          "INSERT INTO event SELECT randomblob(16), epoch, 1, id, tx, rev, type, actor,"
          " centre, peer, t, day, form, payload_sha, payload, hash FROM event WHERE seq = 6");
}

static void test_payloads(struct fixture *f)
{
    fixture_restore(f);
    fixture_raw(f, "UPDATE event SET payload = substr(payload, 1, length(payload) - 1)"
                   " WHERE seq = 3");
    tap_is_int(fixture_findings(f, "payload: event 3"), 1, "found: a payload cut");
    fixture_restore(f);
    fixture_raw(f, "UPDATE event SET payload = (SELECT payload FROM event WHERE seq = 2)"
                   " WHERE seq = 3");
    tap_is_int(fixture_findings(f, "payload: event 3"), 1, "found: a payload changed");
    fixture_restore(f);
    fixture_raw(f, "UPDATE event SET payload = NULL WHERE seq = 3");
    tap_is_int(fixture_findings(f, "payload: event 3"), 1, "found: a payload taken away");
    tap_is_int(fixture_findings(f, "chain:"), 0, "the chain holds without a payload");
    fixture_restore(f);
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(DISTINCT substr(payload, 1, 16)) = COUNT(payload)"
                                  " FROM event"),
               1, "no two payloads begin alike");
}

static void test_header(void)
{
    struct event event = {.epoch = 1, .seq = -2, .type = "a:b,", .actor = "هدى"};
    struct buf out = BUF_INIT(4096);
    event_header(&event, &out);
    size_t line = strcspn(buf_text(&out), "\n") + 1;
    long long says = -1;
    sscanf(buf_text(&out), "sanad-event-1 %lld\n", &says);
    tap_is_int((long long)(out.len - line), says, "a header line says how long the header is");
    tap_ok(strstr((const char *)out.data + line + 20, "1:1,2:-2,16:") != NULL,
           "numbers are decimal and measured");
    tap_ok(out.len > 64 && memmem(out.data, out.len, "4:a:b,,6:هدى,", 16) != NULL,
           "texts are measured in bytes, so no sign in them can move a border");
    buf_free(&out);
}

int main(void)
{
    struct fixture f;
    fixture_open(&f);
    fixture_fill(&f, 6);
    tap_is_int(fixture_findings(&f, ""), 0, "an untouched book has no findings");
    tap_is_int(fixture_raw_int(&f, "SELECT MAX(seq) = COUNT(*) FROM event"), 1,
               "events are numbered without gaps");
    tap_is_int(fixture_raw_int(&f, "SELECT COUNT(DISTINCT id) = COUNT(*) FROM event"), 1,
               "each event has an id of its own");
    fixture_keep(&f);
    test_every_column_is_hashed(&f);
    test_columns(&f);
    test_rows(&f);
    test_payloads(&f);
    test_header();
    fixture_close(&f);
    return tap_done();
}
