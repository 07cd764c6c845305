/* SPDX-License-Identifier: Apache-2.0
 * Fault 34: fifty clerks of one office save all at once. Of a hundred saves ninety-nine are
 * answered within a tenth of a second, and each that was answered is in the book once. The machine
 * may have something else to do for a moment, so the best of a few rounds counts. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/err.h"
#include "base/proc.h"
#include "tests/ending.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define CLERKS 50
#define ROUNDS 3
#define SAVES 16 /* of each clerk in a round */
#define ALL (CLERKS * SAVES)
#define THINK_MS 60 /* at most, between two saves: a thousand times as fast as a clerk */
#ifdef SND_SANITIZERS
#define MOST_MS 3000
#else
#define MOST_MS 100
#endif

/* In memory that all see. */
struct story {
    char number[ROUNDS][CLERKS][SAVES][BOOK_NUMBER];
    int us[ROUNDS][ALL];
};
static struct story *story;
static struct rig rig;

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int clerk_main(int which, int round, int start)
{
    struct book *book = rig_login(&rig, "clerk");
    struct record *record = rig_record(book, &rig, "سالم بن سعيد");
    char byte;
    int err =
        read(start, &byte, 1) == 0 ? 0 : SND_E_LOST; /* its other end is closed for all at once */
    for (int i = 0; i < SAVES && !err; i++) {
        struct book_receipt receipt = {0};
        struct fault faults[4];
        struct id id = id_new();
        size_t count;
        usleep(random_below(THINK_MS * 1000));
        int64_t begun = now_us();
        err = book_submit(book, &id, record, &receipt, faults, 4, &count);
        story->us[round][which * SAVES + i] = (int)(now_us() - begun);
        (void)str_copy(story->number[round][which][i], BOOK_NUMBER, receipt.number);
    }
    record_free(&record);
    book_close(&book);
    return err;
}

static int by_size(const void *a, const void *b)
{
    const int *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* One round: ms of the save that one in a hundred is slower than; -1 when a clerk was let down. */
static int round_of(int round)
{
    pid_t child[CLERKS];
    int start[2], status, failed = 0;
    if (pipe(start))
        return -1;
    for (int i = 0; i < CLERKS; i++) {
        child[i] = proc_fork("clerk", 1);
        if (child[i] == 0) {
            close(start[1]);
            _exit(clerk_main(i, round, start[0]) ? 1 : 0);
        }
    }
    close(start[0]);
    usleep(300000); /* they log in */
    close(start[1]);
    for (int i = 0; i < CLERKS; i++)
        failed += waitpid(child[i], &status, 0) != child[i] || status != 0;
    qsort(story->us[round], ALL, sizeof story->us[round][0], by_size);
    int p99 = story->us[round][ALL * 99 / 100] / 1000;
    tap_note("half of them within %d ms, 99 of 100 within %d ms, the slowest %d ms",
             story->us[round][ALL / 2] / 1000, p99, story->us[round][ALL - 1] / 1000);
    return failed ? -1 : p99;
}

static void count_told(struct store *store, void *ending)
{
    ending_told(ending, store, story->number[0][0][0], BOOK_NUMBER, ROUNDS * ALL);
}

int main(void)
{
    struct ending ending = {0};
    int best = -1, failed = 0;
    story = mmap(NULL, sizeof *story, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!tap_ok(story != MAP_FAILED, "memory that is shared"))
        return tap_done();
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    for (int round = 0; round < ROUNDS && (best < 0 || best >= MOST_MS); round++) {
        int p99 = round_of(round);
        failed += p99 < 0;
        if (p99 >= 0 && (best < 0 || p99 < best))
            best = p99;
    }
    tap_is_int(failed, 0, "34: fifty clerks are served");
    tap_ok(best >= 0 && best < MOST_MS, "34: 99 of 100 saves of fifty clerks within 100 ms");
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    rig_with_store(&rig, count_told, &ending);
    ending_say(&ending, "34");
    rig_remove(&rig);
    munmap(story, sizeof *story);
    return tap_done();
}
