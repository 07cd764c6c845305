/* SPDX-License-Identifier: Apache-2.0
 * Faults of one office, by their numbers in tests/faults.tsv: a reader that keeps the log from
 * being written back, two clerks who finish one request at once, and one person who asks for the
 * same service twice in a day. */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/proc.h"
#include "tests/ending.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define STARVED 120 /* requests while the log can't be written back */
#define PAIRS 12
#define TOLD_MOST 1024

/* Numbers that somebody was told, in memory that children see, too. */
struct told {
    char number[TOLD_MOST][BOOK_NUMBER];
    int count;
    char pair[PAIRS][2][BOOK_NUMBER];
    int pair_err[PAIRS][2];
};
static struct told *told;
static struct rig rig;

static int submit(struct book *book, const struct id *id, const char *name,
                  char number[BOOK_NUMBER])
{
    struct record *record = rig_record(book, &rig, name);
    struct book_receipt receipt = {0};
    struct fault faults[4];
    size_t count;
    int err = book_submit(book, id, record, &receipt, faults, 4, &count);
    record_free(&record);
    (void)str_copy(number, BOOK_NUMBER, receipt.number);
    return err;
}

static int submit_told(struct book *book)
{
    struct id id = id_new();
    int err = told->count < TOLD_MOST ? 0 : SND_E_LIMIT;
    if (!err)
        err = submit(book, &id, "سالم بن سعيد", told->number[told->count]);
    told->count += err == 0;
    return err;
}

static int64_t log_size(void)
{
    char path[128];
    struct stat st;
    (void)str_format(path, sizeof path, "%s-wal", rig.db);
    return stat(path, &st) ? 0 : (int64_t)st.st_size;
}

/* 17 */
static void starved(struct book *clerk)
{
    sqlite3 *reader = NULL;
    int err = submit_told(clerk), worst = 0;
    int64_t before = log_size();
    tap_ok(sqlite3_open(rig.db, &reader) == SQLITE_OK &&
               sqlite3_exec(reader, "BEGIN; SELECT COUNT(*) FROM event", NULL, NULL, NULL) ==
                   SQLITE_OK,
           "17: somebody reads, and doesn't end");
    for (int i = 0; i < STARVED && !err; i++) {
        int64_t begun = clock_mono_ms();
        err = submit_told(clerk);
        int took = (int)(clock_mono_ms() - begun);
        worst = took > worst ? took : worst;
    }
    int64_t grown = log_size();
    tap_note("the log: %lld, then %lld bytes; the slowest of %d took %d ms", (long long)before,
             (long long)grown, STARVED, worst);
    tap_ok(!err && grown > before + (1 << 20), "17: work goes on beside it, and the log grows");
    sqlite3_close(reader);
    int same = 0; /* requests in a row for which it didn't grow */
    for (int i = 0; i < TOLD_MOST / 2 && same < STARVED / 2 && !err; i++) {
        int64_t size = log_size();
        err = submit_told(clerk);
        same = log_size() == size ? same + 1 : 0;
        usleep(5000);
    }
    tap_note("the log has %lld bytes in the end", (long long)log_size());
    tap_ok(!err && same >= STARVED / 2,
           "17: when the reader is gone the log is written back and used again");
}

static int clerk_of_pair(int which, int start)
{
    struct book *book = rig_login(&rig, "clerk");
    char byte;
    int err = 0;
    for (int i = 0; i < PAIRS && !err; i++) {
        struct id id = {{0}};
        id.b[0] = 0x27;
        id.b[15] = (uint8_t)i;
        /* Both begin at the same byte. */
        err = read(start, &byte, 1) == 1 ? 0 : SND_E_LOST;
        if (!err)
            told->pair_err[i][which] = submit(book, &id, "مريم بنت علي", told->pair[i][which]);
    }
    book_close(&book);
    return err;
}

/* 27 */
static void two_clerks(void)
{
    int start[2][2], status, failed = 0, same = 0;
    pid_t child[2];
    for (int i = 0; i < 2; i++) {
        failed += pipe(start[i]) != 0;
        child[i] = proc_fork("clerk", 1);
        if (child[i] == 0)
            _exit(clerk_of_pair(i, start[i][0]) ? 1 : 0);
    }
    for (int i = 0; i < PAIRS && !failed; i++) {
        failed += write(start[0][1], "x", 1) != 1 || write(start[1][1], "x", 1) != 1;
        usleep(5000);
    }
    for (int i = 0; i < 2; i++)
        failed += waitpid(child[i], &status, 0) != child[i] || status != 0;
    for (int i = 0; i < PAIRS; i++) {
        int well = told->pair_err[i][0] == 0 && told->pair_err[i][1] == 0 &&
                   strcmp(told->pair[i][0], told->pair[i][1]) == 0;
        same += well;
        if (well)
            (void)str_copy(told->number[told->count++], BOOK_NUMBER, told->pair[i][0]);
    }
    tap_ok(!failed && same == PAIRS,
           "27: two who finish one request at the same moment get one number");
}

/* 28 */
static void twice_a_day(struct book *clerk)
{
    struct record *record = rig_record(clerk, &rig, "سالم بن سعيد");
    struct book_alike alike[BOOK_ALIKE];
    size_t count = 0;
    int err = submit_told(clerk), shown = 0;
    const char *first = told->number[told->count - 1];
    if (!err)
        err = book_alike_ask(clerk, record, "12345678");
    for (int64_t until = clock_mono_ms() + 60000; !err && clock_mono_ms() < until; usleep(1000)) {
        struct book_office office;
        (void)!book_office(clerk, &office); /* takes in what was answered */
        err = book_alike_heard(clerk, alike, &count);
        if (err != SND_E_BUSY)
            break;
        err = 0;
    }
    for (size_t i = 0; i < count; i++)
        shown += strcmp(alike[i].number, first) == 0;
    tap_note("%d: %zu alike", err, count);
    tap_ok(!err && shown == 1,
           "28: the same person and service on one day is shown as a candidate");
    tap_is_int(submit_told(clerk), 0, "28: and holds nobody up");
    tap_ok(strcmp(told->number[told->count - 1], first) != 0, "28: it is a request of its own");
    record_free(&record);
}

static void count_told(struct store *store, void *ending)
{
    ending_told(ending, store, told->number[0], BOOK_NUMBER, (size_t)told->count);
}

int main(void)
{
    struct ending ending = {0};
    told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!tap_ok(told != MAP_FAILED, "memory that is shared"))
        return tap_done();
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk");
    starved(clerk);
    two_clerks();
    twice_a_day(clerk);
    book_close(&clerk);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    rig_with_store(&rig, count_told, &ending);
    ending_say(&ending, "17 27 28");
    rig_remove(&rig);
    munmap(told, sizeof *told);
    return tap_done();
}
