/* SPDX-License-Identifier: Apache-2.0
 * A centre's ordinary week. What is read is strict, since people go out of their way by it: an hour
 * that is none, spans that overlap or a day that is named twice make the whole of it bad. */
#include "form/hours.h"
#include <ctype.h>
#include <string.h>
#include "base/err.h"
#include "text/date.h"
#include "text/msg.h"

#define DAYS 7
#define SUNDAY 3 /* 1970-01-04 */

static int day_of(const char **at)
{
    static const char names[DAYS][4] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    for (int day = 0; day < DAYS; day++)
        if (strncmp(*at, names[day], 3) == 0) {
            *at += 3;
            return day;
        }
    return -1;
}

/* 0730; -1 when it is no minute of a day (2400 is its end). */
static int minute_of(const char **at)
{
    int digit[4];
    for (int i = 0; i < 4; i++) {
        if (!isdigit((unsigned char)(*at)[i]))
            return -1;
        digit[i] = (*at)[i] - '0';
    }
    int hour = digit[0] * 10 + digit[1], minute = digit[2] * 10 + digit[3];
    *at += 4;
    return hour > 24 || minute > 59 || (hour == 24 && minute > 0) ? -1 : hour * 60 + minute;
}

static void blanks(const char **at)
{
    while (**at == ' ')
        (*at)++;
}

/* " 0730-1430 1600-2000", at least one. */
static int take_spans(const char **at, struct hours *hours, int day)
{
    int count = 0, last = -1;
    for (blanks(at); isdigit((unsigned char)**at); blanks(at)) {
        int from = minute_of(at);
        if (from <= last || **at != '-' || count == HOURS_SPANS)
            return SND_E_BAD;
        (*at)++;
        last = minute_of(at);
        if (last <= from)
            return SND_E_BAD;
        hours->span[day][count].from = (int16_t)from;
        hours->span[day][count++].to = (int16_t)last;
    }
    return count ? 0 : SND_E_BAD;
}

static int take_days(const char **at, struct hours *out)
{
    int first = day_of(at), last = first;
    if (first >= 0 && **at == '-') {
        (*at)++;
        last = day_of(at);
    }
    if (first < 0 || last < 0 || out->span[first][0].to || take_spans(at, out, first))
        return SND_E_BAD;
    for (int day = first; day != last;) {
        day = (day + 1) % DAYS;
        if (out->span[day][0].to)
            return SND_E_BAD;
        memcpy(out->span[day], out->span[first], sizeof out->span[day]);
    }
    return 0;
}

int hours_parse(const char *text, struct hours *out)
{
    *out = (struct hours){0};
    for (;;) {
        blanks(&text);
        if (take_days(&text, out))
            return SND_E_BAD;
        if (!*text)
            return 0;
        if (*text++ != ';')
            return SND_E_BAD;
    }
}

int hours_open(const struct hours *hours, int32_t day, int minute)
{
    int weekday = (int)((((int64_t)day - SUNDAY) % DAYS + DAYS) % DAYS);
    for (int i = 0; i < HOURS_SPANS; i++)
        if (minute >= hours->span[weekday][i].from && minute < hours->span[weekday][i].to)
            return 1;
    return 0;
}

static const char *spans_text(const struct hours *hours, int day, struct arena *arena)
{
    const char *text = "";
    for (int i = 0; i < HOURS_SPANS && hours->span[day][i].to; i++) {
        char from[8], to[8];
        (void)str_format(from, sizeof from, "%02d:%02d", hours->span[day][i].from / 60,
                         hours->span[day][i].from % 60);
        (void)str_format(to, sizeof to, "%02d:%02d", hours->span[day][i].to / 60,
                         hours->span[day][i].to % 60);
        const char *one = arena_printf(arena, _("from %s to %s"), from, to);
        text = *text ? arena_printf(arena, _("%s, %s"), text, one) : one;
    }
    return text;
}

size_t hours_lines(const struct hours *hours, struct arena *arena, const char *out[7])
{
    size_t lines = 0;
    for (int day = 0, next; day < DAYS; day = next) {
        for (next = day + 1; next < DAYS; next++)
            if (memcmp(hours->span[next], hours->span[day], sizeof hours->span[day]) != 0)
                break;
        if (!hours->span[day][0].to)
            continue;
        const char *days = date_weekday_name(SUNDAY + day);
        if (next > day + 1) /* L10N: two days of the week, as in Sunday to Thursday. */
            days = arena_printf(arena, _("%s to %s"), arena_strdup(arena, days),
                                date_weekday_name(SUNDAY + next - 1));
        /* L10N: days of the week, and the hours on them. */
        out[lines++] = arena_printf(arena, _("%s: %s"), days, spans_text(hours, day, arena));
    }
    return lines;
}
