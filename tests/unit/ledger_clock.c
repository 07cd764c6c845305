/* SPDX-License-Identifier: Apache-2.0
 * A clock that lies: 1970 after a dead battery, 2038 when seconds no longer fit 31 bits, an hour
 * and a day back and forth, under a ledger at work. Order is the sequence, never the clock:
 * whatever was acknowledged is there once, every number is its own, the book is whole. The program
 * is linked with
 * --wrap=clock_utc_ms, so the time below is the ledger's and ours. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define EACH 6
#define HOUR (3600LL * 1000)

/* In memory that the ledger's processes share: what is added to the real time. */
static int64_t *shift;

int64_t __real_clock_utc_ms(void);
int64_t __wrap_clock_utc_ms(void);
int64_t __wrap_clock_utc_ms(void)
{
    return __real_clock_utc_ms() + (shift ? *shift : 0);
}

static const struct {
    const char *name;
    int64_t at, by; /* an absolute moment, or so much beside the real one */
} clocks[] = {
    {"the right time", 0, 0},       {"1970", 90000, 0},
    {"the right time again", 0, 0}, {"2038", 2147483647LL * 1000 + 5000, 0},
    {"an hour back", 0, -HOUR},     {"an hour forth", 0, HOUR},
    {"a day back", 0, -24 * HOUR},  {"a leap day", 1582934399000, 0}, /* 2020-02-28 23:59:59 */
    {"a day forth", 0, 24 * HOUR},  {"the right time at last", 0, 0},
};

static void set_clock(size_t i)
{
    *shift = clocks[i].at ? clocks[i].at - __real_clock_utc_ms() : clocks[i].by;
}

/* Submits some; adds the numbers that were told. Returns how many. */
static size_t work(const struct rig *rig, char (*told)[BOOK_NUMBER])
{
    struct book *book = rig_login(rig, "clerk");
    struct record *record = rig_record(book, rig, "سالم بن سعيد");
    struct book_draft draft = {.service = "TS-01", .summary = "سالم"};
    struct book_receipt receipt;
    struct fault faults[4];
    size_t count, n = 0;
    memcpy(draft.sha, rig->open_form, HASH_SIZE);
    for (int i = 0; i < EACH; i++) {
        draft.id = id_new();
        (void)!book_draft_put(book, &draft, "", record);
        if (book_submit(book, &draft.id, record, &receipt, faults, 4, &count) == 0)
            memcpy(told[n++], receipt.number, BOOK_NUMBER);
    }
    record_free(&record);
    book_close(&book);
    return n;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

int main(void)
{
    static char told[SND_COUNT(clocks) * EACH][BOOK_NUMBER];
    struct rig rig;
    size_t tolds = 0, twice = 0, found = 0;
    int64_t requests = 0;
    shift = mmap(NULL, sizeof *shift, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!tap_ok(shift != MAP_FAILED, "memory that is shared"))
        return tap_done();
    setenv("SANAD_TODAY", "2018-01-14", 1);
    rig_make(&rig, 1);
    rig_start(&rig);
    for (size_t i = 0; i < SND_COUNT(clocks); i++) {
        set_clock(i);
        size_t n = work(&rig, told + tolds);
        tap_is_int((long long)n, EACH, clocks[i].name);
        tolds += n;
        if (i % 3 == 2) { /* and some of it over a restart */
            rig_end(&rig, 9);
            rig_start(&rig);
        }
    }
    *shift = 0;
    qsort(told, tolds, sizeof *told, by_text);
    struct book *book = rig_login(&rig, "auditor");
    struct arena *arena = arena_new();
    for (size_t i = 0; i < tolds; i++) {
        struct book_detail detail = {0};
        twice += i > 0 && strcmp(told[i], told[i - 1]) == 0;
        found += book_request_get(book, told[i], arena, &detail) == 0;
        record_free(&detail.record);
    }
    arena_free(&arena);
    book_close(&book);
    tap_is_int((long long)found, (long long)tolds, "each number that was told is in the book");
    tap_is_int((long long)twice, 0, "none was told twice");
    tap_is_int(rig_end(&rig, 15), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, &requests), 0, "a clock that lies: the book is whole");
    tap_is_int(requests, (long long)tolds, "and has each request once");
    rig_remove(&rig);
    munmap(shift, sizeof *shift);
    return tap_done();
}
