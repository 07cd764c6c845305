/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_HOURS_H
#define FORM_HOURS_H
#include <stdint.h>
#include "base/attr.h"
#include "base/mem.h"
/* When a centre is open in an ordinary week, as the register has it:
 *     sun-thu 0730-1430 1600-2000; sat 0800-1300
 * Days are sun mon tue wed thu fri sat, one or from-to (fri-sun goes over the week's end); a day
 * that isn't named is closed. */
#define HOURS_SPANS 3
struct hours {
    struct {
        int16_t from, to; /* minutes of the day; 0, 0 = no more on that day */
    } span[7][HOURS_SPANS]; /* from Sunday on */
};
SND_MUST int hours_parse(const char *text, struct hours *out); /* 0 or SND_E_BAD */
/* 1 when it is open in that minute of that day. */
int hours_open(const struct hours *hours, int32_t day, int minute);
/* In the session's language, days of the same hours together, lines of at most one text each: how
 * many; in the arena. */
size_t hours_lines(const struct hours *hours, struct arena *arena, const char *out[7]);
#endif
