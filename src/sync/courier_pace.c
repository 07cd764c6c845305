/* SPDX-License-Identifier: Apache-2.0
 * When the courier tries. Ten attempts take about four and a half hours; the waits are spread, so
 * that what failed together does not come back together. */
#include "sync/courier_priv.h"
#include "base/mem.h"

#define CUT_MOST 64 /* times the first cut */

int64_t courier_wait(int attempts, int64_t first, double chance)
{
    /* in units of the first wait, which is 5 s as a rule: 5 s, 20 s, 1 min ... 1 h 50 min */
    static const int waits[COURIER_ATTEMPTS - 1] = {1, 4, 12, 36, 96, 240, 540, 960, 1320};
    size_t n = attempts < 1 ? 0 : (size_t)attempts - 1;
    if (n >= SND_COUNT(waits))
        n = SND_COUNT(waits) - 1;
    double wait = (double)first * waits[n];
    return (int64_t)(wait * (0.8 + 0.4 * chance));
}

void cut_good(struct cut *cut)
{
    *cut = (struct cut){0};
}

void cut_bad(struct cut *cut, int64_t now, int64_t first)
{
    int64_t wait = first * 2;
    cut->fails++;
    if (cut->fails < CUT_FAILS)
        return;
    for (int i = CUT_FAILS; i < cut->fails && wait < first * CUT_MOST; i++)
        wait *= 2;
    cut->until = now + wait;
}

int cut_room(const struct cut *cut, int64_t now, int most)
{
    if (cut->fails < CUT_FAILS)
        return most;
    return now >= cut->until;
}
