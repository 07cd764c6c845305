/* SPDX-License-Identifier: Apache-2.0
 * How long reports take on a book with the history of a nation: counting BOOK [RUNS]. Each is asked
 * once to warm it, then RUNS times; the middle one is printed, a line each: name, milliseconds
 * by the clock, and of a processor. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/num.h"
#include "store/report.h"

#define RUNS_MAX 99

static const struct {
    const char *name, *by, *from, *to;
    int compare;
    const char *dim, *value;
} asks[] = {
    {"day report: nation by governorate", "governorate", "2016-11-27", "2016-11-27", 0, NULL, NULL},
    {"day report: nation by centre", "centre", "2016-11-27", "2016-11-27", 1, NULL, NULL},
    {"day report: one governorate by service", "service", "2016-11-27", "2016-11-27", 1,
     "governorate", "DA"},
    {"year on year: nation", "nation", "2016-01-01", "2016-11-28", 1, NULL, NULL},
    {"year on year: by governorate", "governorate", "2016-01-01", "2016-11-28", 1, NULL, NULL},
    {"year on year: by centre", "centre", "2016-01-01", "2016-11-28", 1, NULL, NULL},
    {"year on year: by clerk", "clerk", "2016-01-01", "2016-11-28", 1, NULL, NULL},
    {"year on year: by agency", "agency", "2016-01-01", "2016-11-28", 1, NULL, NULL},
    {"year on year: by service", "service", "2016-01-01", "2016-11-28", 1, NULL, NULL},
    {"year on year: by state", "state", "2016-01-01", "2016-11-28", 1, NULL, NULL},
    {"year on year: by time of day", "band", "2016-01-01", "2016-11-28", 1, NULL, NULL},
    {"year on year: one governorate by service", "service", "2016-01-01", "2016-11-28", 1,
     "governorate", "DA"},
    {"year on year: one service by centre", "centre", "2016-01-01", "2016-11-28", 1, "service",
     "MP-01"},
    {"year on year: one centre by service", "service", "2016-01-01", "2016-11-28", 1, "centre",
     "DA01-003"},
};

static int by_time(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double now_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ask_once(struct store *store, size_t which, double *cpu)
{
    struct store_ask ask = {.compare = asks[which].compare, .wheres = asks[which].dim != NULL};
    struct store_report report;
    struct arena *arena = arena_new();
    int err = str_copy(ask.by, sizeof ask.by, asks[which].by);
    if (err == 0)
        err = clock_day_parse(asks[which].from, &ask.from);
    if (err == 0)
        err = clock_day_parse(asks[which].to, &ask.to);
    if (err == 0 && ask.wheres > 0)
        err = str_copy(ask.where[0].dim, sizeof ask.where[0].dim, asks[which].dim);
    if (err == 0 && ask.wheres > 0)
        err = str_copy(ask.where[0].value, sizeof ask.where[0].value, asks[which].value);
    double begun = now_ms(CLOCK_MONOTONIC), used = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    if (err == 0)
        err = store_view_begin(store);
    if (err == 0) {
        err = store_report(store, &ask, arena, &report);
        store_view_end(store);
    }
    double took = now_ms(CLOCK_MONOTONIC) - begun;
    *cpu = now_ms(CLOCK_PROCESS_CPUTIME_ID) - used;
    arena_free(&arena);
    if (err != 0) {
        fprintf(stderr, "counting: %s: %s\n", asks[which].name, err_text(err));
        exit(1);
    }
    return took;
}

int main(int argc, char **argv)
{
    struct store *store = NULL;
    double took[RUNS_MAX], cpu[RUNS_MAX];
    int64_t runs = 9;
    if (argc < 2 || (argc > 2 && num_parse(argv[2], 1, RUNS_MAX, &runs) != 0))
        return fprintf(stderr, "usage: counting BOOK [RUNS]\n"), 2;
    int err = store_open(argv[1], STORE_READ, NULL, &store);
    if (err != 0)
        return fprintf(stderr, "counting: %s: %s\n", argv[1], err_text(err)), 1;
    for (size_t i = 0; i < SND_COUNT(asks); i++) {
        (void)ask_once(store, i, &cpu[0]);
        for (int run = 0; run < runs; run++)
            took[run] = ask_once(store, i, &cpu[run]);
        qsort(took, (size_t)runs, sizeof *took, by_time);
        qsort(cpu, (size_t)runs, sizeof *cpu, by_time);
        printf("%-45s %8.1f  (processor %.1f)\n", asks[i].name, took[runs / 2], cpu[runs / 2]);
    }
    store_close(&store);
    return 0;
}
