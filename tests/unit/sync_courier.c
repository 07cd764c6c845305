/* SPDX-License-Identifier: Apache-2.0
 * When the courier tries: ten attempts in about four and a half hours, spread; a line that fails
 * again and again is cut off, tried by one request at a time, and open again after one that got
 * through. */
#include "sync/courier_priv.h"
#include "tests/tap.h"

#define FIRST 5000

static void waits(void)
{
    int64_t sum = 0, least = 0, most = 0;
    int grows = 1;
    for (int i = 1; i < COURIER_ATTEMPTS; i++) {
        sum += courier_wait(i, FIRST, 0.5);
        least += courier_wait(i, FIRST, 0);
        most += courier_wait(i, FIRST, 1);
        grows &= i == 1 || courier_wait(i, FIRST, 0.5) > courier_wait(i - 1, FIRST, 0.5);
    }
    tap_ok(sum > 4 * 3600000LL && sum < 5 * 3600000LL, "ten attempts take four to five hours");
    tap_ok(grows, "each wait is longer than the one before");
    tap_ok(least < sum && sum < most && courier_wait(99, FIRST, 0.5) == courier_wait(9, FIRST, 0.5),
           "they are spread to both sides, and don't grow for ever");
}

static void cuts(void)
{
    struct cut cut = {0};
    int open = 1;
    for (int i = 0; i < CUT_FAILS - 1; i++) {
        cut_bad(&cut, 1000, FIRST);
        open &= cut_room(&cut, 1000, 4) == 4;
    }
    tap_ok(open, "a few failures cut nothing off");
    cut_bad(&cut, 1000, FIRST);
    int64_t until = cut.until;
    tap_ok(until > 1000 && cut_room(&cut, until - 1, 4) == 0, "one more, and nothing is tried");
    tap_ok(cut_room(&cut, until, 4) == 1, "but one request when the time has come");
    cut_bad(&cut, until, FIRST);
    tap_ok(cut.until - until > until - 1000 && cut_room(&cut, until + 1, 4) == 0,
           "if that fails the line is cut off for longer");
    for (int i = 0; i < 100; i++)
        cut_bad(&cut, 0, FIRST);
    tap_ok(cut.until <= FIRST * 128LL, "but never for much more than ten minutes");
    cut_good(&cut);
    tap_ok(cut_room(&cut, 0, 4) == 4 && cut.fails == 0, "one that gets through opens it again");
}

int main(void)
{
    waits();
    cuts();
    return tap_done();
}
