/* SPDX-License-Identifier: Apache-2.0
 * The ledger is killed again and again while clerks submit, each waiting for its answer and
 * submitting again under the same id when it was lost. Afterwards each number that anybody was told
 * is in the book once, no draft became two requests, and the book is clean. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/num.h"
#include "base/proc.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define CLERKS 4
#ifdef SND_SANITIZERS
#define KILLS 20
#else
#define KILLS 200 /* SND_KILLS in the environment says otherwise */
#endif
#define BETWEEN_MS 90 /* at most, from one kill to the next */

static volatile sig_atomic_t stop;

static void on_stop(int number)
{
    stop = number;
}

/* A login is the one call that is not repeated by itself: who was cut off in it knocks again. */
static struct book *log_in(const struct rig *rig)
{
    struct book *book = NULL;
    struct book_me me;
    int err = SND_E_LOST;
    while (err == SND_E_LOST && !stop) {
        book_close(&book);
        err = book_open(rig->socket, &book);
        if (!err)
            err = book_auth_key(book, "clerk", rig_key("clerk"), "127.0.0.1:4022", &me);
    }
    return book;
}

/* One clerk: submits until told to stop, and writes each number down. */
static int clerk_main(const struct rig *rig, int out)
{
    struct book *book = log_in(rig);
    struct record *record = rig_record(book, rig, "سالم بن سعيد");
    struct book_draft draft = {.service = "TS-01", .summary = "سالم"};
    struct fault faults[4];
    struct book_receipt receipt;
    size_t count;
    int err = 0;
    memcpy(draft.sha, rig->open_form, HASH_SIZE);
    while (!stop && !err) {
        draft.id = id_new();
        (void)!book_draft_put(book, &draft, "", record);
        err = book_submit(book, &draft.id, record, &receipt, faults, 4, &count);
        if (!err)
            err = proc_write_all(out, receipt.number, sizeof receipt.number);
    }
    if (err)
        tap_note("a clerk's submit: %s", err_text(err));
    record_free(&record);
    book_close(&book);
    return err != 0;
}

static void start_clerk(const struct rig *rig, int out, pid_t *clerk)
{
    fflush(stdout);
    *clerk = proc_fork("clerk", 1);
    if (*clerk == 0) {
        signal(SIGTERM, on_stop);
        _exit(clerk_main(rig, out));
    }
}

static int wanted_kills(void)
{
    int64_t kills = KILLS;
    const char *said = getenv("SND_KILLS");
    if (said && num_parse(said, 1, 100000, &kills))
        kills = KILLS;
    return (int)kills;
}

/* Three kills of four are the ledger's; the fourth takes a clerk in the middle of whatever it does,
 * as a killed desk would. */
static void kill_and_restart(struct rig *rig, int out, pid_t clerk[CLERKS])
{
    int64_t begin = clock_mono_ms();
    int kills = wanted_kills();
    for (int i = 0; i < kills; i++) {
        usleep(2000 + random_below(BETWEEN_MS * 1000));
        if (i % 4 == 3) {
            pid_t *one = &clerk[random_below(CLERKS)];
            kill(*one, SIGKILL);
            waitpid(*one, NULL, 0);
            start_clerk(rig, out, one);
            continue;
        }
        rig_end(rig, SIGKILL);
        rig_start(rig);
    }
    tap_note("%d kills in %d ms", kills, (int)(clock_mono_ms() - begin));
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Every number that was told, each found by name, none twice. */
static void compare(const struct rig *rig, char (*told)[BOOK_NUMBER], size_t tolds)
{
    struct book *book = rig_login(rig, "auditor");
    struct arena *arena = arena_new();
    size_t found = 0, twice = 0;
    qsort(told, tolds, sizeof *told, by_text);
    for (size_t i = 0; i < tolds; i++) {
        struct book_detail detail = {0};
        found += book_request_get(book, told[i], arena, &detail) == 0;
        record_free(&detail.record);
        twice += i > 0 && strcmp(told[i], told[i - 1]) == 0;
    }
    tap_is_int((long long)found, (long long)tolds, "each number that was told is in the book");
    tap_is_int((long long)twice, 0, "none was told twice");
    arena_free(&arena);
    book_close(&book);
}

int main(void)
{
    struct rig rig;
    pid_t clerk[CLERKS];
    char name[96];
    int64_t requests = 0;
    int failed = 0, status;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    (void)str_format(name, sizeof name, "%s/told", rig.folder);
    FILE *file = fopen(name, "a+");
    if (!tap_ok(file != NULL, "a file for what was told"))
        return tap_done();
    for (int i = 0; i < CLERKS; i++)
        start_clerk(&rig, fileno(file), &clerk[i]);
    kill_and_restart(&rig, fileno(file), clerk);
    for (int i = 0; i < CLERKS; i++)
        kill(clerk[i], SIGTERM);
    for (int i = 0; i < CLERKS; i++) {
        waitpid(clerk[i], &status, 0);
        /* One may be told to stop before it has learnt how. */
        failed += status != 0 && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    }
    tap_is_int(failed, 0, "no clerk was let down");
    long size = (fseek(file, 0, SEEK_END), ftell(file));
    size_t tolds = (size_t)size / BOOK_NUMBER;
    char(*told)[BOOK_NUMBER] = x_calloc(tolds + 1, BOOK_NUMBER);
    rewind(file);
    tap_ok(fread(told, BOOK_NUMBER, tolds, file) == tolds && tolds > 50, "%zu numbers were told",
           tolds);
    fclose(file);
    compare(&rig, told, tolds);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, &requests), 0, "the book is clean");
    /* A clerk that was killed may not have written down the last number. */
    tap_ok(requests >= (int64_t)tolds && requests <= (int64_t)tolds + wanted_kills() / 4,
           "killed at 200 moments: no request is there that nobody asked for");
    x_free(&told);
    rig_remove(&rig);
    return tap_done();
}
