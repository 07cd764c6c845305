/* SPDX-License-Identifier: Apache-2.0
 * Disks that fail under a hub and a centre in the middle of their work: requests are made, go up,
 * are ruled upon and answered while the power goes, or while a write or sync of either book fails.
 * Then both are opened again, speak once more, and whatever a clerk was told of is at both, once.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "tests/ending.h"
#include "tests/powercut_vfs.h"
#include "tests/tap.h"
#include "tests/unit/feed_pair.h"

#define ROUNDS 3
#ifdef SND_SANITIZERS
#define EVERY 97 /* which operation is tried; each of them when SND_CUTS is in the environment */
#else
#define EVERY 29
#endif

/* What the child tells, in memory that both see. */
struct story {
    int told, tried; /* requests */
    int failed;      /* steps that said so */
    long operations;
};
static struct story *story;
static struct pair hub, one;

static void submit(void)
{
    struct store_request request = {0};
    story->tried++;
    int err = fixture_submit(&one.f, "سالم بن أحمد الحارثي", "7000001", &request);
    story->told += err == 0;
    story->failed += err != 0;
}

static void rule(void)
{
    struct store_ruling ruling = {.service = "MZ-01", .opens = 1, .from = 19676, .to = 19700};
    must(str_copy(ruling.reason, sizeof ruling.reason, "قرار"));
    story->failed += store_service_rule(hub.f.store, &ruling, NULL, &hub.f.actor) != 0;
}

static void work(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        submit();
        rule();
        story->failed += pair_sync(&hub, &one) != 0;
        submit();
    }
}

/* One life of both: from the kept files to the cut. */
static int live(long cut, long fault, int code, int for_good)
{
    int status = -1;
    fixture_restore(&hub.f);
    fixture_restore(&one.f);
    memset(story, 0, sizeof *story);
    pid_t child = fork();
    if (child == 0) {
        powercut_start((unsigned)(cut + fault) + 5);
        must(powercut_load(hub.f.path));
        must(powercut_load(one.f.path));
        must(store_open(hub.f.path, STORE_WRITE, hub.f.vault, &hub.f.store));
        must(store_open(one.f.path, STORE_WRITE, one.f.vault, &one.f.store));
        long before = powercut_operations();
        if (cut > 0)
            powercut_after(cut);
        if (fault > 0)
            powercut_fail_at(fault, code, for_good);
        work();
        story->operations = powercut_operations() - before;
        powercut_heal_once();
        submit(); /* on a disk that is well again, by a store that may have given up */
        powercut_now();
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return SND_E_SYS;
    return status == 0 ? 0 : SND_E_SYS;
}

/* Both are opened again and speak once more. */
static void judge(struct ending *ending)
{
    struct store_line line;
    int64_t here = 0;
    must(store_open(hub.f.path, STORE_WRITE, hub.f.vault, &hub.f.store));
    must(store_open(one.f.path, STORE_WRITE, one.f.vault, &one.f.store));
    must(store_line_get(one.f.store, &line));
    one.have = line.acked;
    one.whole = 0;
    ending->lost += pair_sync(&hub, &one) != 0;
    ending_check(ending, hub.f.store);
    ending_check(ending, one.f.store);
    must(store_request_count(one.f.store, one.f.office.centre, &here));
    ending->lost += here < story->told ? story->told - here : 0;
    ending->twice += here > story->tried ? here - story->tried : 0;
    ending_compare(ending, hub.f.store, one.f.store, here);
}

static long every(void)
{
    return getenv("SND_CUTS") ? 1 : EVERY;
}

static void test_cuts(long operations)
{
    struct ending ending = {0};
    int died = 0;
    long told = 0;
    for (long at = 1; at <= operations; at += every()) {
        died += live(at, 0, 0, 0) != 0;
        told += story->told;
        judge(&ending);
    }
    tap_is_int(died, 0, "15: every life ended by its power cut");
    tap_ok(told > operations / every(), "15: the power of hub and centre goes at any operation");
    ending_say(&ending, "15");
}

static void test_faults(long operations)
{
    static const struct {
        int code;
        const char *name;
    } faults[] = {{SQLITE_FULL, "a full disk"},
                  {SQLITE_IOERR_WRITE, "a disk that can't write"},
                  {SQLITE_IOERR_FSYNC, "a disk that can't sync"},
                  {SQLITE_READONLY, "a disk that is read-only"}};
    struct ending ending = {0};
    for (size_t i = 0; i < SND_COUNT(faults); i++) {
        long runs = 0, said = 0, died = 0;
        for (long at = 1 + 3 * (long)i; at <= operations; at += 2 * every(), runs++) {
            died += live(0, at, faults[i].code, runs % 2 == 0) != 0;
            said += story->failed > 0;
            judge(&ending);
        }
        tap_note("%s: %ld runs, told of in %ld", faults[i].name, runs, said);
        tap_ok(died == 0 && said > runs / 2, "16: %s under hub and centre, and they say so",
               faults[i].name);
    }
    ending_say(&ending, "16");
}

int main(void)
{
    story = mmap(NULL, sizeof *story, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    fixture_must(story == MAP_FAILED ? SND_E_SYS : 0, "mmap");
    pair_open(&hub, "MU01-001");
    pair_open(&one, "DA01-003");
    pair_join(&hub, &one);
    must(pair_sync(&hub, &one));
    fixture_keep(&hub.f);
    fixture_keep(&one.f);
    fixture_must(live(0, 0, 0, 0), "a run without a fault");
    tap_note("%ld operations, %d requests", story->operations, story->told);
    long operations = story->operations;
    tap_ok(story->failed == 0 && operations > 50, "a run without a fault");
    test_cuts(operations);
    test_faults(operations);
    pair_close(&hub);
    pair_close(&one);
    munmap(story, sizeof *story);
    return tap_done();
}
