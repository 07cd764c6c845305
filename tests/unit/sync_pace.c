/* SPDX-License-Identifier: Apache-2.0
 * How large the next batch is and how long the pause: bounds, growth, and a line that is cut every
 * so many bytes, which must never be a line on which nothing moves. */
#include <stdint.h>
#include "base/err.h"
#include "sync/pace_priv.h"
#include "tests/tap.h"

static void test_bounds(void)
{
    struct pace pace;
    pace_begin(&pace);
    tap_is_int(pace.batch, PACE_FIRST, "a batch begins at 64 KiB");
    for (int i = 0; i < 100; i++)
        pace_full(&pace);
    tap_is_int(pace.batch, PACE_MOST, "it grows to 1 MiB and no further");
    pace.most = 2 * PACE_MOST;
    for (int i = 0; i < 100; i++)
        pace_full(&pace);
    tap_is_int(pace.batch, 2 * PACE_MOST, "unless it may");
    for (int i = 0; i < 100; i++)
        (void)pace_failed(&pace, pace.batch);
    tap_is_int(pace.batch, PACE_LEAST, "it shrinks to one event and no further");
    pace_begin(&pace);
    (void)pace_failed(&pace, 10000);
    tap_is_int(pace.batch, 5000, "half of what was sent, when that was less than a batch");
    int64_t before = pace.batch;
    pace_full(&pace);
    tap_is_int(pace.batch, before + before / 8, "an eighth more after a success");
    before = pace.batch;
    (void)pace_failed(&pace, 0);
    tap_is_int(pace.batch, before, "a failure that carried nothing says nothing about batches");
    for (int i = 1; i < PACE_CALM; i++)
        pace_full(&pace);
    before = pace.batch;
    pace_full(&pace);
    tap_is_int(pace.batch, 2 * before, "twice as much again when the line has carried many since");
}

static void test_pauses(void)
{
    struct pace pace;
    pace_begin(&pace);
    int bad = 0, differs = 0;
    int64_t first = pace_failed(&pace, 0), want = PACE_WAIT_LEAST;
    bad |= first < want / 2 || first > want;
    for (int i = 0; i < 40; i++) {
        int64_t ms = pace_failed(&pace, 0);
        want = want * 2 > PACE_WAIT_MOST ? PACE_WAIT_MOST : want * 2;
        bad |= ms < want / 2 || ms > want;
        differs |= i > 20 && ms != want;
    }
    tap_ok(!bad, "pauses double from 0.2 s to 5 min, each somewhere in its upper half");
    tap_ok(differs, "no two centres keep step");
    pace_again(&pace);
    tap_ok(pace_failed(&pace, 0) <= PACE_WAIT_LEAST, "a save or a person begins at 0.2 s again");
    (void)pace_failed(&pace, 0);
    pace_worked(&pace);
    tap_ok(pace_failed(&pace, 0) <= PACE_WAIT_LEAST, "and so does a success");
    tap_is_int(pace_patience(0), 30000, "30 s for a request without a body");
    tap_is_int(pace_patience(60000), 90000, "and a second more for each kilobyte");
}

#define EVENT 400 /* bytes of one on the wire */

/* A line that is cut after every `cut` bytes, on which a batch of batch bytes comes to a quarter of
 * that, and at least one event; the bytes it takes to bring `events` across, 0 = it never ends. */
static int64_t bring_across(int64_t cut, int events)
{
    struct pace pace;
    int64_t sent = 0, left = cut;
    pace_begin(&pace);
    for (int turns = 0; events > 0 && turns < 200000; turns++) {
        int64_t bytes = pace.batch / 4 > EVENT ? pace.batch / 4 : EVENT;
        if (bytes > (int64_t)events * EVENT)
            bytes = (int64_t)events * EVENT;
        int arrives = bytes <= left;
        sent += arrives ? bytes : left;
        left = arrives ? left - bytes : cut;
        if (arrives) {
            events -= (int)(bytes / EVENT);
            pace_worked(&pace);
            pace_full(&pace);
        } else {
            (void)pace_failed(&pace, pace.batch);
        }
    }
    return events > 0 ? 0 : sent;
}

static void test_told(void)
{
    int least = 1, most = 1, spread = 0;
    for (int i = 0; i < 200; i++) {
        int64_t ms = pace_told(300, 4);
        least &= ms >= 4000;
        most &= ms <= 6000;
        spread |= ms > 4500;
    }
    tap_ok(least && most && spread, "who is told when to come again comes then or somewhat later");
    tap_is_int((int)pace_told(300, 0), 300, "who is not told comes as ever");
    tap_is_int((int)pace_told(9000, 4), 9000, "and never sooner than that");
}

static void test_cuts(void)
{
    int stuck = 0;
    int64_t worst = 0;
    for (int64_t cut = 500; cut <= 1000000; cut = cut * 5 / 4) {
        int64_t sent = bring_across(cut, 5000);
        stuck += sent == 0;
        if (cut > 4 * PACE_LEAST && sent > worst)
            worst = sent;
    }
    tap_ok(!stuck, "a line that is cut every so many bytes, from 500 up, never stands still");
    tap_ok(worst < 3LL * 5000 * EVENT, "and at most two thirds of what is sent is sent in vain");
}

int main(void)
{
    test_bounds();
    test_pauses();
    test_told();
    test_cuts();
    return tap_done();
}
