/* SPDX-License-Identifier: Apache-2.0
 * Time: milliseconds for people, milliseconds for intervals, and day numbers. The civil calendar
 * arithmetic is Howard Hinnant's days_from_civil / civil_from_days (public domain). */
#include "base/clock.h"
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/err.h"
#include "base/num.h"

#define DAY_MS 86400000LL

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    snd_assert(clock_gettime(id, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_utc_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_mono_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t clock_oman_day(int64_t utc_ms)
{
    return (int32_t)floor_div(utc_ms + CLOCK_OMAN_OFFSET_MS, DAY_MS);
}

static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = floor_div(year, 400);
    int64_t yoe = year - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    int64_t era = floor_div(days, 146097);
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (int)((5 * doy + 2) / 153);
    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = yoe + era * 400 + (*month <= 2);
}

void clock_day_text(int32_t day, char out[11])
{
    int64_t year;
    int month, mday;
    char text[40];
    civil_from_days(day, &year, &month, &mday);
    snprintf(text, sizeof text, "%04d-%02d-%02d", (int)year, month, mday);
    memcpy(out, text, 10);
    out[10] = '\0';
}

int clock_day_parse(const char *text, int32_t *day)
{
    char part[11];
    int64_t year, month, mday, got_year;
    int got_month, got_day;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return SND_E_BAD;
    memcpy(part, text, 11);
    part[4] = part[7] = '\0';
    if (num_parse(part, 1900, 2200, &year) || num_parse(part + 5, 1, 12, &month) ||
        num_parse(part + 8, 1, 31, &mday))
        return SND_E_BAD;
    int64_t days = days_from_civil(year, (int)month, (int)mday);
    civil_from_days(days, &got_year, &got_month, &got_day);
    if (got_year != year || got_month != month || got_day != mday)
        return SND_E_BAD;
    *day = (int32_t)days;
    return 0;
}

void clock_utc_text(int64_t utc_ms, char out[25])
{
    char date[11], text[48];
    int64_t day = floor_div(utc_ms, DAY_MS);
    int64_t rest = utc_ms - day * DAY_MS;
    clock_day_text((int32_t)day, date);
    snprintf(text, sizeof text, "%sT%02d:%02d:%02d.%03dZ", date, (int)(rest / 3600000),
             (int)(rest / 60000 % 60), (int)(rest / 1000 % 60), (int)(rest % 1000));
    memcpy(out, text, 24);
    out[24] = '\0';
}
