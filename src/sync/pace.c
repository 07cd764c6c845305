/* SPDX-License-Identifier: Apache-2.0
 * Additive increase, multiplicative decrease, by bytes: a line that is cut every so often settles a
 * little below what it can carry between two cuts, and a batch never grows so fast that most of
 * what is sent is sent in vain. A line that has carried several full batches since then is another
 * line: measured small, a good one would take an hour to be used. The pause doubles and is drawn at
 * random, so that six hundred centres that lost the same hub don't come back in the same second. */
#include "sync/pace_priv.h"
#include "base/id.h"

#define WHOLE_MS 30000 /* a request without a body */
#define SLOWEST 1000   /* bytes a second that a line must carry */

void pace_begin(struct pace *pace)
{
    *pace = (struct pace){.batch = PACE_FIRST, .most = PACE_MOST};
}

void pace_full(struct pace *pace)
{
    pace->batch += pace->cut > 0 ? pace->batch / 8 : pace->batch;
    pace->cut -= pace->cut > 0;
    if (pace->batch > pace->most)
        pace->batch = pace->most;
}

void pace_worked(struct pace *pace)
{
    pace->wait = 0;
}

int64_t pace_failed(struct pace *pace, int64_t sent)
{
    if (sent > 0 && sent < pace->batch)
        pace->batch = sent;
    if (sent > 0) {
        pace->batch /= 2;
        pace->cut = PACE_CALM;
    }
    if (pace->batch < PACE_LEAST)
        pace->batch = PACE_LEAST;
    pace->wait = pace->wait == 0 ? PACE_WAIT_LEAST : pace->wait * 2;
    if (pace->wait > PACE_WAIT_MOST)
        pace->wait = PACE_WAIT_MOST;
    return pace->wait / 2 + random_below((uint32_t)(pace->wait / 2) + 1);
}

int64_t pace_told(int64_t ms, int64_t again_s)
{
    int64_t told = again_s * 1000;
    if (told > 0)
        told += random_below((uint32_t)(told / 2) + 1);
    return told > ms ? told : ms;
}

void pace_again(struct pace *pace)
{
    pace->wait = 0;
}

int64_t pace_patience(int64_t bytes)
{
    return WHOLE_MS + bytes * 1000 / SLOWEST;
}
