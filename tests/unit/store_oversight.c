/* SPDX-License-Identifier: Apache-2.0
 * Findings, meetings and issues between a hub and its centres: a centre has its own findings and
 * its governorate's meetings and issues, an issue that a centre raises reaches the others, a centre
 * that joins later hears what still stands, and the counts are those of the rows. */
#include <string.h>
#include "base/err.h"
#include "base/proc.h"
#include "store/oversight.h"
#include "store/report.h"
#include "tests/ending.h"
#include "tests/tap.h"
#include "tests/unit/feed_pair.h"

static struct pair hub, north, south, far;
static const struct store_reach dakhiliyah = {.kind = REACH_OF_GOVERNORATE, .codes = "DA"};

static void entry(const char *kind, const char *code)
{
    struct store_entry row = {0};
    size_t added;
    must(str_copy(row.code, sizeof row.code, code));
    must(str_copy(row.ar, sizeof row.ar, "اسم"));
    must(str_copy(row.en, sizeof row.en, "Name"));
    must(store_register_enter(hub.f.store, kind, &row, 1, &added, &hub.f.actor));
}

static int add(struct pair *pair, enum oversight_kind kind, const char *place, const char *code,
               int64_t n, const char *words, struct store_oversight *row)
{
    *row = (struct store_oversight){.id = id_new(), .kind = kind, .day = 17545, .n = n};
    must(str_copy(row->place, sizeof row->place, place));
    must(str_copy(row->code, sizeof row->code, code));
    must(str_copy(row->words, sizeof row->words, words));
    return store_oversight_add(pair->f.store, row, &pair->f.actor);
}

/* How many rows of a kind a book gives that reach; the first into *first. */
static int rows(struct pair *pair, const struct store_reach *reach, enum oversight_kind kind,
                struct store_oversight *first)
{
    struct store_oversight *list;
    size_t count;
    struct arena *arena = arena_new();
    must(store_oversight_list(pair->f.store, reach, kind, "", NULL, 100, arena, &list, &count));
    if (count > 0 && first != NULL)
        *first = list[0];
    arena_free(&arena);
    return (int)count;
}

static void sync_all(void)
{
    struct pair *const all[] = {&north, &south, &far};
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < SND_COUNT(all); i++)
            must(pair_sync(&hub, all[i]) == FEED_OK ? 0 : SND_E_BAD);
}

static void findings(void)
{
    struct store_oversight row, got = {0};
    struct store_findings *count;
    size_t counts;
    struct arena *arena = arena_new();
    must(add(&hub, OVERSIGHT_FINDING, "DA01-010", "V05", 3, "لم يعط إيصالا لصاحب 71234567", &row));
    must(add(&hub, OVERSIGHT_FINDING, "DA02-011", "V05", 1, "إيصال واحد ناقص", &row));
    must(add(&hub, OVERSIGHT_FINDING, "DA02-011", "V04", 2, "رسم أعلى", &row));
    must(add(&hub, OVERSIGHT_FINDING, "MA01-001", "V04", 9, "رسم أعلى", &row));
    tap_is_int(add(&hub, OVERSIGHT_FINDING, "DA01-010", "V99", 1, "لا أصل له", &row), SND_E_BAD,
               "a violation that isn't registered is refused");
    tap_is_int(add(&hub, OVERSIGHT_FINDING, "DA", "V05", 1, "في المحافظة", &row), SND_E_BAD,
               "a finding is at a centre");
    sync_all();
    tap_is_int(rows(&north, &store_reach_all, OVERSIGHT_FINDING, &got), 1,
               "a centre has its own findings and no other's");
    tap_ok(strcmp(got.code, "V05") == 0 && got.n == 3 && strstr(got.words, "إيصالا") != NULL,
           "with code, cases and evidence");
    tap_is_int(rows(&hub, &dakhiliyah, OVERSIGHT_FINDING, NULL), 3,
               "a governorate's supervisor sees those of its centres");
    must(store_findings_count(hub.f.store, &dakhiliyah, "code", 17545, 17545, arena, &count,
                              &counts));
    tap_ok(counts == 2 && strcmp(count[0].code, "V04") == 0 && count[0].cases == 2 &&
               count[1].findings == 2 && count[1].cases == 4,
           "findings are counted by violation within reach");
    must(store_findings_count(hub.f.store, &store_reach_all, "governorate", 17000, 18000, arena,
                              &count, &counts));
    tap_ok(counts == 2 && count[0].findings == 3 && count[0].cases == 6 && count[1].cases == 9,
           "and by governorate");
    must(store_findings_count(hub.f.store, &store_reach_all, "centre", 17546, 18000, arena, &count,
                              &counts));
    tap_is_int((long)counts, 0, "of another period there are none");
    tap_is_int(fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM oversight WHERE words LIKE '%71234%'"),
               0, "the words are sealed");
    arena_free(&arena);
}

static void meetings(void)
{
    struct store_oversight row;
    must(add(&hub, OVERSIGHT_MEETING, "DA", "", 0, "اجتماع مراكز الداخلية", &row));
    tap_is_int(add(&hub, OVERSIGHT_MEETING, "XX", "", 0, "لا محافظة", &row), SND_E_BAD,
               "a meeting is of a governorate that is registered");
    sync_all();
    tap_ok(rows(&south, &store_reach_all, OVERSIGHT_MEETING, NULL) == 1 &&
               rows(&far, &store_reach_all, OVERSIGHT_MEETING, NULL) == 0,
           "the governorate's centres read of its meeting, and others do not");
}

static void issues(void)
{
    struct store_oversight row, seen = {0}, change;
    struct store_reach own = {.kind = REACH_OF_CENTRES, .codes = "DA02-011"};
    must(add(&north, OVERSIGHT_ISSUE, "DA01-010", "", 0, "انقطاع الخط كل صباح", &row));
    tap_is_int(rows(&south, &own, OVERSIGHT_ISSUE, NULL), 0, "nobody else knows of it yet");
    sync_all();
    tap_ok(rows(&south, &own, OVERSIGHT_ISSUE, &seen) == 1 && id_equal(&seen.id, &row.id) &&
               strcmp(seen.place, "DA01-010") == 0,
           "an issue that a centre raised reaches the others of its governorate");
    tap_is_int(rows(&far, &store_reach_all, OVERSIGHT_ISSUE, NULL), 0, "and those alone");
    change = seen;
    must(str_copy(change.owner, sizeof change.owner, "عمانتل"));
    must(store_oversight_answer(hub.f.store, &dakhiliyah, &change, &hub.f.actor));
    tap_is_int(store_oversight_answer(hub.f.store, &dakhiliyah, &change, &hub.f.actor),
               SND_E_CONFLICT, "who was second is told so");
    change.rev = 2;
    change.closed = 17550;
    must(str_copy(change.answer, sizeof change.answer, "خط ثان لكل مركز"));
    struct store_reach elsewhere = {.kind = REACH_OF_GOVERNORATE, .codes = "MA"};
    tap_is_int(store_oversight_answer(hub.f.store, &elsewhere, &change, &hub.f.actor),
               SND_E_NOTFOUND, "another governorate's supervisor doesn't find it");
    must(store_oversight_answer(hub.f.store, &dakhiliyah, &change, &hub.f.actor));
    sync_all();
    tap_ok(rows(&north, &store_reach_all, OVERSIGHT_ISSUE, &seen) == 1 && seen.closed == 17550 &&
               strcmp(seen.answer, "خط ثان لكل مركز") == 0 && strcmp(seen.owner, "عمانتل") == 0,
           "who raised it reads who solved it, how, and when");
    tap_ok(rows(&south, &own, OVERSIGHT_ISSUE, &seen) == 1 && seen.rev == 3, "so do the others");
    must(add(&north, OVERSIGHT_ISSUE, "DA02-011", "", 0, "باسم مركز آخر", &row));
    sync_all();
    tap_is_int(rows(&hub, &store_reach_all, OVERSIGHT_ISSUE, NULL), 1,
               "a centre can't speak for another at the hub");
}

/* A centre that joins now: what it has been told after its first sync, as meetings, issues,
 * findings in one number of three digits. */
static int told_late(const char *code, struct store_oversight *issue)
{
    struct pair late;
    pair_open(&late, code);
    pair_join(&hub, &late);
    must(pair_sync(&hub, &late) == FEED_OK ? 0 : SND_E_BAD);
    int told = 100 * rows(&late, &store_reach_all, OVERSIGHT_MEETING, NULL) +
               10 * rows(&late, &store_reach_all, OVERSIGHT_ISSUE, issue) +
               rows(&late, &store_reach_all, OVERSIGHT_FINDING, NULL);
    tap_is_int(fixture_findings(&late.f, ""), 0, "a replay of its book gives the same");
    pair_close(&late);
    return told;
}

static void late(void)
{
    struct store_oversight issue = {0};
    tap_is_int(told_late("DA03-012", &issue), 110,
               "a centre that joins later hears of its governorate's meeting and issue");
    tap_ok(issue.rev == 3 && issue.closed == 17550, "as the issue stands now");
    tap_is_int(told_late("MA02-002", NULL), 0, "one of another governorate doesn't");
}

/* A book from before there were feeds of governorates. */
static void upgraded(void)
{
    char *sql;
    size_t len;
    must(proc_read_file(tap_source("src/store/schema/0028_local.sql"), 1 << 16, &sql, &len));
    fixture_raw(&hub.f, "DELETE FROM feed WHERE dest = 'DA'");
    fixture_again(&hub.f, STORE_WRITE);
    tap_is_int(told_late("DA04-013", NULL), 0, "without its feed nothing is heard");
    fixture_raw(&hub.f, sql);
    x_free(&sql);
    fixture_again(&hub.f, STORE_WRITE);
    tap_is_int(told_late("DA05-014", NULL), 110, "an older hub tells what stood before, too");
    sync_all();
    tap_ok(rows(&south, &store_reach_all, OVERSIGHT_MEETING, NULL) == 1 &&
               rows(&south, &store_reach_all, OVERSIGHT_ISSUE, NULL) == 1,
           "and who knows of it hears nothing twice");
}

int main(void)
{
    pair_open(&hub, "MU01-001");
    pair_open(&north, "DA01-010");
    pair_open(&south, "DA02-011");
    pair_open(&far, "MA01-001");
    pair_join(&hub, &north);
    pair_join(&hub, &south);
    pair_join(&hub, &far);
    entry("governorate", "DA");
    entry("violation", "V04");
    entry("violation", "V05");
    findings();
    meetings();
    issues();
    late();
    upgraded();
    tap_is_int(fixture_findings(&hub.f, ""), 0, "a replay of the hub's book gives the same");
    tap_is_int(fixture_findings(&south.f, ""), 0, "and of a centre's");
    pair_close(&hub);
    pair_close(&north);
    pair_close(&south);
    pair_close(&far);
    return tap_done();
}
