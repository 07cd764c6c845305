/* SPDX-License-Identifier: Apache-2.0 */
/* Power cuts in the middle of the real mix of operations. Each time a child works on a disk in
 * memory until the power goes; what survives becomes a real file, and then: every request that was
 * acknowledged (its batch's commit had returned) is there, no batch is there in part, and the whole
 * book checks. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "base/num.h"
#include "store/keep.h"
#include "tests/powercut_vfs.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

#ifdef SND_SANITIZERS
#define CUTS 200
#else
#define CUTS 2000 /* SND_CUTS in the environment says otherwise */
#endif
#define LONG_RUN                                                                                   \
    40          /* every so many runs is a long one, in which the log is checkpointed by itself */
#define SHORT 4 /* batches of the others */
#define BATCHES 40
#define BATCH 6

/* What the child tells, in memory that both see. */
struct story {
    struct id id[BATCHES][BATCH]; /* requests of each batch */
    int batches;                  /* how many there are to be, */
    int begun, acked;             /* were */
    long operations;              /* of a whole run without a cut */
    int failed, after, healed;    /* results while the disk fails, right after, and healed */
};
/* Sums over all cuts. */
struct toll {
    long acked, lost, halves, findings, failures;
};

static void work_request(struct fixture *f, struct id *id, int n)
{
    struct store_request request = {.id = id_new()};
    struct store_draft draft = {
        .id = request.id, .account = "huda", .service = "MZ-01", .saved = n};
    char civil[16];
    *id = request.id;
    must(str_format(civil, sizeof civil, "%d", 5000000 + n));
    must(store_step_begin(f->store));
    must(store_draft_put(f->store, &draft, "س", "{\"name\":\"س\"}"));
    must(store_step_end(f->store, 1));
    must(store_step_begin(f->store));
    must(fixture_submit(f, "سالم بن أحمد الحارثي", civil, &request));
    must(
        store_answer_keep(f->store, &request.id, "huda", "request.submit", "DA01", 4, f->actor.at));
    must(store_step_end(f->store, 1));
}

/* Around the requests: a step that is taken back, a draft of another, sessions, an account. */
static void work_rest(struct fixture *f, int batch)
{
    struct store_draft draft = {.id = id_new(), .account = "zahir", .service = "MZ-02"};
    struct store_request gone = {0};
    uint8_t ticket[HASH_SIZE] = {9, (uint8_t)batch};
    must(store_draft_put(f->store, &draft, "", "{}"));
    must(store_step_begin(f->store));
    must(fixture_submit(f, "لا أحد", "9999999", &gone));
    must(store_step_end(f->store, 0));
    must(store_session_open(f->store, "zahir", ticket, "key", &f->actor));
    if (batch % 3 == 0)
        must(store_session_close_all(f->store, "zahir", &f->actor));
    must(store_account_language(f->store, "zahir", batch % 2 == 0 ? "en" : "ar", &f->actor));
}

/* What the keeping of the book adds: a look that is noted, a backup, an old search let go, the log
 * emptied. */
static void work_keeping(struct fixture *f, int batch)
{
    struct store_seen seen = {.sight = SIGHT_SEARCH, .words = "سالم", .rows = batch};
    struct store_backup backup = {.epoch = 1, .seq = 1 + batch, .bytes = 4096};
    struct store_purge what = {.class = "looking", .trail = 1, .before = f->actor.at - 5000};
    struct store_purged out;
    must(store_seen_keep(f->store, &seen, &f->actor));
    if (batch % 2 == 0)
        must(store_backup_made(f->store, &backup, &f->actor));
    must(store_purge(f->store, &what, &out, &f->actor));
}

static void work(struct fixture *f, struct story *story)
{
    must(store_open(f->path, STORE_WRITE, f->vault, &f->store));
    for (int batch = 0; batch < story->batches; batch++) {
        story->begun = batch + 1;
        must(store_batch_begin(f->store));
        for (int i = 0; i < BATCH; i++)
            work_request(f, &story->id[batch][i], batch * BATCH + i);
        work_rest(f, batch);
        work_keeping(f, batch);
        must(store_batch_commit(f->store));
        story->acked = batch + 1;
        if (batch % 4 == 3)
            must(store_settle(f->store));
    }
    story->operations = powercut_operations();
    powercut_now();
}

/* A batch of one request: what its commit, or the first step before it that failed, gave. */
static int try_batch(struct fixture *f, int code)
{
    struct store_request request = {0};
    int err = store_batch_begin(f->store);
    if (err != 0)
        return err;
    powercut_fail(code);
    err = fixture_submit(f, "سالم", "3333333", &request);
    if (err == 0)
        return store_batch_commit(f->store);
    store_batch_rollback(f->store);
    return err;
}

/* The disk fails with that code for two batches and is healed for a third. */
static void suffer(struct fixture *f, struct story *story, int code)
{
    must(store_open(f->path, STORE_WRITE, f->vault, &f->store));
    story->failed = try_batch(f, code);
    powercut_fail(0);
    story->after = try_batch(f, 0);
    fixture_again(f, STORE_WRITE);
    story->healed = try_batch(f, 0);
    powercut_now();
}

static void test_failing(struct fixture *f, struct story *story, int code, int failed, int after,
                         const char *what)
{
    int status = -1;
    fixture_restore(f);
    memset(story, 0, sizeof *story);
    pid_t child = fork();
    if (child == 0) {
        powercut_start(3);
        must(powercut_load(f->path));
        suffer(f, story, code);
    }
    fixture_must(child < 0 || waitpid(child, &status, 0) != child ? SND_E_SYS : status, what);
    tap_is_int(story->failed, failed, what);
    tap_is_int(story->after, after, "and right after it");
    tap_is_int(story->healed, 0, "opened again, the store takes writes");
    tap_is_int(fixture_findings(f, ""), 0, "and is whole");
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(*) FROM request"), 4 + (after == 0),
               "with what was acknowledged and nothing else");
}

/* One life of the office: from the kept file to the cut. 0 when the child ended by it. */
static int live(struct fixture *f, struct story *story, int batches, unsigned seed, long cut)
{
    int status = -1;
    fixture_restore(f);
    memset(story, 0, sizeof *story);
    story->batches = batches;
    pid_t child = fork();
    if (child == 0) {
        powercut_start(seed);
        must(powercut_load(f->path));
        if (cut > 0)
            powercut_after(cut);
        work(f, story);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return SND_E_SYS;
    return status == 0 ? 0 : SND_E_SYS;
}

static int survivors(struct fixture *f, const struct story *story, int batch)
{
    int n = 0;
    for (int i = 0; i < BATCH; i++) {
        struct store_history *history;
        size_t count = 0;
        struct arena *arena = arena_new();
        must(store_request_history(f->store, &story->id[batch][i], arena, &history, &count));
        n += count == 1;
        arena_free(&arena);
    }
    return n;
}

static void judge(struct fixture *f, const struct story *story, struct toll *toll)
{
    struct store_check check;
    struct arena *arena = arena_new();
    must(store_open(f->path, STORE_WRITE, f->vault, &f->store));
    must(store_check(f->store, arena, &check));
    if (check.findings > 0)
        tap_note("%s", check.finding[0]);
    toll->findings += (long)check.findings;
    arena_free(&arena);
    for (int batch = 0; batch < story->begun; batch++) {
        int n = survivors(f, story, batch);
        toll->halves += n != 0 && n != BATCH;
        if (batch < story->acked) {
            toll->acked += BATCH;
            toll->lost += BATCH - n;
        }
    }
}

static int wanted_cuts(void)
{
    int64_t cuts = CUTS;
    const char *said = getenv("SND_CUTS");
    if (said != NULL)
        must(num_parse(said, 1, 1000000, &cuts));
    return (int)cuts;
}

int main(void)
{
    struct fixture f;
    struct toll toll = {0};
    struct story *story =
        mmap(NULL, sizeof *story, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    fixture_must(story == MAP_FAILED ? SND_E_SYS : 0, "mmap");
    fixture_open(&f);
    fixture_fill(&f, 3);
    fixture_keep(&f);
    tap_is_int(live(&f, story, SHORT, 1, 0), 0, "a short run of the mix of operations");
    long operations[2] = {story->operations};
    tap_is_int(live(&f, story, BATCHES, 1, 0), 0, "and a long one, on the disk in memory");
    operations[1] = story->operations;
    tap_ok(operations[0] > 100 && operations[1] > 1000, "there are many moments to cut at");
    test_failing(&f, story, SQLITE_FULL, SND_E_FULL, 0, "a full disk");
    test_failing(&f, story, SQLITE_IOERR_FSYNC, SND_E_IO, SND_E_IO,
                 "a disk that can't sync: never tried again");
    unsigned seed = 20260101;
    int cuts = wanted_cuts();
    for (int i = 0; i < cuts; i++) {
        int is_long = i % LONG_RUN == 0;
        long cut = 1 + rand_r(&seed) % operations[is_long];
        if (live(&f, story, is_long ? BATCHES : SHORT, (unsigned)i + 7, cut) != 0)
            toll.failures++;
        else
            judge(&f, story, &toll);
    }
    tap_note("%ld requests acknowledged in %d cuts of %ld and %ld moments", toll.acked, cuts,
             operations[0], operations[1]);
    tap_is_int(toll.failures, 0, "every child ended by its power cut");
    tap_ok(toll.acked > cuts, "requests were acknowledged");
    tap_is_int(toll.lost, 0, "power cuts: no acknowledged request is lost");
    tap_is_int(toll.halves, 0, "power cuts: no batch is there in part");
    tap_is_int(toll.findings, 0, "power cuts: chain, projections and rollups verify");
    fixture_close(&f);
    munmap(story, sizeof *story);
    return tap_done();
}
