/* SPDX-License-Identifier: Apache-2.0 */
/* Coming from an older version. For each schema that was ever released there is an office as it
 * left it (tests/schema/NNNN.sql). Opened by this program it comes forward with everything in it,
 * and its events replayed give what its migrated tables hold. The power may go at every single
 * write of that: then the office is as it was or as it should be. A newer one is refused untouched.
 */
#include <sqlite3.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "base/proc.h"
#include "store/keep.h"
#include "tests/powercut_vfs.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

#define RELEASED 1 /* schemas that have a fixture */
#define SEALED 5   /* sealed, but the file not yet written anew */

/* Sanitizers look at how we take a cut, which every fifth of them shows: without them it is every
 * one. */
#ifdef SND_SANITIZERS
#define EVERY 5
#define TOLD ", of every fifth write"
#else
#define EVERY 1
#define TOLD ""
#endif

static void load(struct fixture *f, int version)
{
    char name[64], *sql;
    size_t len;
    must(str_format(name, sizeof name, "tests/schema/%04d.sql", version));
    must(proc_read_file(tap_source(name), 1 << 20, &sql, &len));
    store_close(&f->store);
    fixture_remove(f->path);
    fixture_raw(f, sql);
    fixture_raw(f, "PRAGMA journal_mode=WAL");
    x_free(&sql);
}

/* What was heard while it came forward. */
struct told {
    int64_t version, newest;
    int calls, back;
};

static void hear(void *arg, int64_t version, int64_t newest)
{
    struct told *told = arg;
    told->calls++;
    told->back += version < told->version;
    told->version = version;
    told->newest = newest;
}

static void test_forward(struct fixture *f, int version)
{
    struct told told = {.version = 0};
    struct store_request request;
    int64_t in_file = 0, ours = 0;
    char *values = NULL;
    load(f, version);
    must(store_version(f->path, &in_file, &ours));
    tap_is_int(in_file, version, "the fixture has its version");
    tap_is_int(store_open(f->path, STORE_READ, f->vault, &f->store), SND_E_VERSION,
               "a reader leaves it to the writer to bring it forward");
    store_tell_forward(hear, &told);
    must(store_open(f->path, STORE_WRITE, f->vault, &f->store));
    tap_ok(told.calls >= ours - version && told.back == 0 && told.version == ours &&
               told.newest == ours,
           "somebody hears of every version that it comes to");
    told.calls = 0;
    store_close(&f->store);
    must(store_open(f->path, STORE_WRITE, f->vault, &f->store));
    tap_is_int(told.calls, 0, "and of nothing when there is nothing to bring forward");
    store_tell_forward(NULL, NULL);
    tap_ok(fixture_findings(f, "") == 0, "schema %d comes forward and checks", version);
    must(store_version(f->path, &in_file, &ours));
    tap_is_int(in_file, ours, "to this program's version");
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(*) FROM request"), 6, "with every request");
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(*) FROM draft"), 1, "and the draft");
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(*) FROM token t JOIN request r ON r.id = t.request"
                                  " WHERE t.word = lower(substr(r.number, length(r.number) - 8,"
                                  " 7))"),
               0, "no symbols of a number are a word to look for");
    struct arena *arena = arena_new();
    struct store_request *list;
    size_t count = 0;
    must(store_request_list(f->store, &store_reach_all, "", "", 10, arena, &list, &count));
    tap_is_int((long long)count, 6, "they are listed");
    must(store_request_get(f->store, &store_reach_all, list[0].number, &request, &values));
    tap_ok(strstr(values, "عائشة") != NULL, "and what was filled in can be read");
    x_free(&values);
    arena_free(&arena);
}

static void test_newer(struct fixture *f)
{
    long long before;
    load(f, 1);
    fixture_raw(f, "UPDATE schema_version SET version = 9999");
    before = fixture_raw_int(f, "SELECT COUNT(*) FROM sqlite_master");
    tap_is_int(store_open(f->path, STORE_WRITE, f->vault, &f->store), SND_E_VERSION,
               "a newer office is refused by a writer");
    tap_is_int(store_open(f->path, STORE_READ, f->vault, &f->store), SND_E_VERSION,
               "and by a reader");
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(*) FROM sqlite_master"), before,
               "and left as it was");
}

/* Comes forward on the disk in memory until the power goes; -1 when it was through before. */
static int cut_forward(struct fixture *f, long cut, long *through)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        powercut_start((unsigned)cut + 11);
        must(powercut_load(f->path));
        powercut_after(cut);
        must(store_open(f->path, STORE_WRITE, f->vault, &f->store));
        *through = 1;
        powercut_now();
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return SND_E_SYS;
    return status == 0 ? 0 : SND_E_SYS;
}

/* Cuts at every write there is, until one run comes through. */
static void test_cuts(struct fixture *f, int version)
{
    long *through =
        mmap(NULL, sizeof *through, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    fixture_must(through == MAP_FAILED ? SND_E_SYS : 0, "mmap");
    long cuts = 0, findings = 0, failures = 0, old = 0;
    load(f, version);
    fixture_keep(f);
    for (long cut = 1; !*through && failures == 0; cut += EVERY) {
        int64_t in_file = 0, ours = 0;
        fixture_restore(f);
        failures += cut_forward(f, cut, through) != 0;
        failures += store_version(f->path, &in_file, &ours) != 0;
        failures += in_file != version && in_file != ours && in_file != SEALED;
        old += in_file == version;
        failures += store_open(f->path, STORE_WRITE, f->vault, &f->store) != 0;
        if (failures == 0)
            findings += fixture_findings(f, "");
        cuts++;
    }
    tap_note("%ld cuts, %ld left the old version", cuts, old);
    tap_ok(cuts > 5 && old > 0, "there are moments to cut at");
    tap_is_int(failures, 0,
               "after a cut the version is the old one, the one that is sealed, or the new one");
    tap_is_int(findings, 0, "a power cut in the middle leaves a migration whole or undone" TOLD);
    munmap(through, sizeof *through);
}

int main(void)
{
    struct fixture f;
    fixture_open(&f);
    for (int version = 1; version <= RELEASED; version++) {
        test_forward(&f, version);
        test_cuts(&f, version);
    }
    test_newer(&f);
    fixture_close(&f);
    return tap_done();
}
