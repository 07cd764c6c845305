/* SPDX-License-Identifier: Apache-2.0 */
/* A disk that fails, at each of its operations in turn and with each of its errors, once or for
 * good. Whatever happens: a batch whose commit returned 0 is there, no other is there in part, the
 * caller was told, and opened again on a healed disk the book verifies and takes writes. */
#include <sqlite3.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "tests/powercut_vfs.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

#define BATCHES 2
#define BATCH 2
#define TRIES 2 /* batches after the fault, on the same open store */

/* Sanitizers look at how we take it, for which each kind of fault comes at every fifth operation,
 * beginning at another for each kind: without them each comes at every one. */
#ifdef SND_SANITIZERS
#define EVERY 5
#define TOLD ", at every fifth operation"
#else
#define EVERY 1
#define TOLD ""
#endif

struct story {
    struct id id[BATCHES + TRIES][BATCH];
    int result[BATCHES + TRIES]; /* of each commit, or of the step that failed before it */
    int opened;                  /* what opening gave */
    long operations;
};

static int batch_of(struct fixture *f, struct story *story, int batch)
{
    int err = store_batch_begin(f->store);
    if (err != 0)
        return err;
    for (int i = 0; i < BATCH && err == 0; i++) {
        struct store_request request = {0};
        request.id = id_new();
        story->id[batch][i] = request.id;
        err = store_step_begin(f->store);
        if (err == 0)
            err = fixture_submit(f, "سالم", "3333333", &request);
        int end = store_step_end(f->store, err == 0);
        err = err != 0 ? err : end;
    }
    if (err == 0)
        return store_batch_commit(f->store);
    store_batch_rollback(f->store);
    return err;
}

static void work(struct fixture *f, struct story *story)
{
    story->opened = store_open(f->path, STORE_WRITE, f->vault, &f->store);
    for (int batch = 0; batch < BATCHES + TRIES; batch++) {
        if (batch == BATCHES) {
            story->operations = powercut_operations();
            powercut_heal_once();
        }
        story->result[batch] = story->opened != 0 ? story->opened : batch_of(f, story, batch);
    }
    powercut_now();
}

static int live(struct fixture *f, struct story *story, long at, int code, int for_good)
{
    int status = -1;
    fixture_restore(f);
    memset(story, 0, sizeof *story);
    pid_t child = fork();
    if (child == 0) {
        powercut_start((unsigned)at + 5);
        must(powercut_load(f->path));
        if (at > 0)
            powercut_fail_at(at, code, for_good);
        work(f, story);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return SND_E_SYS;
    return status == 0 ? 0 : SND_E_SYS;
}

static int present(struct fixture *f, const struct id *id)
{
    struct store_history *history;
    size_t count = 0;
    struct arena *arena = arena_new();
    must(store_request_history(f->store, id, arena, &history, &count));
    arena_free(&arena);
    return count == 1;
}

struct toll {
    long runs, died, lost, halves, findings, stuck, told;
};

static void judge(struct fixture *f, const struct story *story, struct toll *toll)
{
    struct store_request request = {0};
    must(store_open(f->path, STORE_WRITE, f->vault, &f->store));
    int failed = story->opened != 0;
    for (int batch = 0; batch < BATCHES + TRIES; batch++) {
        int n = 0;
        for (int i = 0; i < BATCH; i++)
            n += !id_is_zero(&story->id[batch][i]) && present(f, &story->id[batch][i]);
        toll->lost += story->result[batch] == 0 && n != BATCH;
        toll->halves += n != 0 && n != BATCH;
        failed += story->result[batch] != 0;
    }
    toll->told += failed > 0;
    toll->stuck += fixture_submit(f, "سالم", "4444444", &request) != 0;
    toll->findings += fixture_findings(f, "");
}

static void test_code(struct fixture *f, struct story *story, long operations, int code,
                      const char *name)
{
    static int series;
    struct toll toll = {0};
    for (int for_good = 0; for_good < 2; for_good++)
        for (long at = 1 + series++ % EVERY; at <= operations; at += EVERY) {
            toll.runs++;
            if (live(f, story, at, code, for_good) != 0)
                toll.died++;
            else
                judge(f, story, &toll);
        }
    tap_note("%s: %ld runs, %ld in which somebody was told", name, toll.runs, toll.told);
    tap_ok(toll.told > toll.runs * 9 / 10, "%s: whoever wrote was told", name);
    tap_is_int(toll.died, 0, "no writer died of it");
    tap_is_int(toll.lost, 0, "nothing that was acknowledged is lost");
    tap_is_int(toll.halves, 0, "no batch is there in part");
    tap_ok(toll.findings == 0, "%s: the book verifies afterwards", name);
    tap_is_int(toll.stuck, 0, "and takes writes again");
}

int main(void)
{
    struct fixture f;
    struct story *story =
        mmap(NULL, sizeof *story, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    fixture_must(story == MAP_FAILED ? SND_E_SYS : 0, "mmap");
    fixture_open(&f);
    fixture_fill(&f, 1);
    fixture_keep(&f);
    fixture_must(live(&f, story, 0, 0, 0), "a run without a fault");
    long operations = story->operations;
    tap_note("%ld operations", operations);
    test_code(&f, story, operations, SQLITE_FULL, "a full disk" TOLD);
    test_code(&f, story, operations, SQLITE_READONLY, "a disk that is read-only" TOLD);
    test_code(&f, story, operations, SQLITE_IOERR_WRITE, "a disk that can't write" TOLD);
    test_code(&f, story, operations, SQLITE_IOERR_FSYNC, "a disk that can't sync" TOLD);
    fixture_close(&f);
    munmap(story, sizeof *story);
    return tap_done();
}
