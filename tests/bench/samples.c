/* SPDX-License-Identifier: Apache-2.0
 * Time, chance and percentiles for the load driver. */
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include "base/id.h"
#include "tests/bench/load.h"

double load_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* With a seed one typist is the same each time, so that what is left between two runs is the line
 * (xorshift64*). */
double load_random(void)
{
    static uint64_t state;
    if (!load.options.seed)
        return random_below(1u << 30) / (double)(1u << 30);
    state = state ? state : load.options.seed * 0x9e3779b97f4a7c15u;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (double)((state * 0x2545f4914f6cdd1du) >> 34) / (double)(1u << 30);
}

void load_die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("sshload: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(2);
}

void samples_add(struct samples *samples, double v)
{
    if (samples->n == samples->room) {
        samples->room = samples->room ? samples->room * 2 : 256;
        samples->v = x_realloc(samples->v, samples->room, sizeof *samples->v);
    }
    samples->v[samples->n++] = v;
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void samples_sort(struct samples *samples)
{
    if (samples->n > 0)
        qsort(samples->v, samples->n, sizeof *samples->v, ascending);
}

double samples_percentile(const struct samples *samples, double percent)
{
    if (samples->n == 0)
        return (double)NAN;
    size_t rank = (size_t)ceil(percent / 100.0 * (double)samples->n);
    return samples->v[rank ? rank - 1 : 0];
}

double samples_mean(const struct samples *samples)
{
    double total = 0;
    for (size_t i = 0; i < samples->n; i++)
        total += samples->v[i];
    return samples->n ? total / (double)samples->n : (double)NAN;
}
