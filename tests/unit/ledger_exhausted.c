/* SPDX-License-Identifier: Apache-2.0
 * A ledger that has no descriptor left: whoever comes is turned away within a moment instead of
 * waiting for ever, whoever is in goes on and loses nothing, it doesn't spin, and when there are
 * descriptors again it takes people in as before. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define AWAY_MS 5000 /* a second, on a busy machine */

/* The lowest descriptor that the ledger hasn't got: as a limit, it leaves none for anything new. */
static rlim_t lowest_free(const struct rig *rig)
{
    char path[64];
    rlim_t fd = 0;
    do
        snprintf(path, sizeof path, "/proc/%ld/fd/%lu", (long)rig->ledger, (unsigned long)fd);
    while (access(path, F_OK) == 0 && ++fd);
    return fd;
}

static int limit(const struct rig *rig, rlim_t most)
{
    struct rlimit files;
    if (prlimit(rig->ledger, RLIMIT_NOFILE, NULL, &files))
        return -1;
    files.rlim_cur = most < files.rlim_max ? most : files.rlim_max;
    return prlimit(rig->ledger, RLIMIT_NOFILE, &files, NULL);
}

/* Milliseconds of work that the ledger has done. */
static long worked_ms(const struct rig *rig)
{
    char path[64];
    long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)rig->ledger);
    FILE *file = fopen(path, "r");
    int got = file
                  ? fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld",
                           &user, &system)
                  : 0;
    if (file)
        fclose(file);
    return got == 2 ? (user + system) * 1000 / sysconf(_SC_CLK_TCK) : -1;
}

static int turned_away(const struct rig *rig)
{
    char byte;
    struct pollfd polled = {.fd = rig_connect(rig), .events = POLLIN};
    int away = poll(&polled, 1, AWAY_MS) == 1 && read(polled.fd, &byte, 1) <= 0;
    close(polled.fd);
    return away;
}

static int submits(struct book *book, const struct rig *rig)
{
    struct book_receipt receipt;
    struct fault faults[8];
    struct record *record = rig_record(book, rig, "سالم بن سعيد");
    struct id id = id_new();
    size_t count;
    int err = book_submit(book, &id, record, &receipt, faults, 8, &count);
    record_free(&record);
    return err;
}

static void exhausted(const struct rig *rig, struct book *clerk)
{
    int away = 0, wrong = 0;
    int64_t until = clock_mono_ms() + 2000;
    long before = worked_ms(rig);
    tap_is_int(limit(rig, lowest_free(rig)), 0, "no descriptor is left for the ledger");
    while (away < 3 || clock_mono_ms() < until) {
        if (!turned_away(rig))
            break;
        away++;
    }
    long worked = worked_ms(rig) - before;
    tap_ok(away >= 3, "whoever comes is turned away");
    tap_note("%d in two seconds; the ledger worked %ld ms", away, worked);
    tap_ok(before >= 0 && worked < 500, "the ledger doesn't spin");
    for (int i = 0; i < 5; i++)
        wrong += submits(clerk, rig) != 0;
    tap_is_int(wrong, 0, "a clerk who is in submits five requests");
    tap_is_int(limit(rig, RLIM_INFINITY), 0, "there are descriptors again");
}

int main(void)
{
    struct rig rig;
    int64_t requests = 0;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    struct book *clerk = rig_login(&rig, "clerk");
    tap_is_int(submits(clerk, &rig), 0, "a request before");
    exhausted(&rig, clerk);
    struct book *owner = rig_login(&rig, "owner");
    tap_is_int(submits(owner, &rig), 0, "somebody else comes in and works");
    book_close(&owner);
    book_close(&clerk);
    tap_is_int(rig_end(&rig, 15), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, &requests), 0, "the book is clean");
    tap_is_int(requests, 7, "and has every request that was accepted");
    rig_remove(&rig);
    return tap_done();
}
