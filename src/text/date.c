/* SPDX-License-Identifier: Apache-2.0 */
/* Dates in both calendars as day numbers. The Gregorian side is arithmetic (the usual count of days
 * from 1 March, in eras of 400 years), the Hijri side is the table of hijri.c. Years before 1583
 * are refused: nobody in Oman's registers was born under the Julian calendar. */
#include "text/date.h"
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "text/hijri_priv.h"
#include "text/number.h"

enum { FIRST_YEAR = 1583, LAST_YEAR = 9999, HIJRI_BELOW = 1500 };
enum { ERA_DAYS = 146097, EPOCH_SHIFT = 719468 };

static int32_t days_from_civil(int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400, of_era = year % 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return era * ERA_DAYS + days - EPOCH_SHIFT;
}

int date_from_gregorian(struct ymd date, int32_t *day)
{
    if (date.year < FIRST_YEAR || date.year > LAST_YEAR || date.month < 1 || date.month > 12 ||
        date.day < 1 || date.day > 31)
        return SND_E_BAD;
    int32_t found = days_from_civil(date.year, date.month, date.day);
    /* 31 April would be 1 May: then there is no such day. */
    if (date_to_gregorian(found).day != date.day)
        return SND_E_BAD;
    *day = found;
    return 0;
}

struct ymd date_to_gregorian(int32_t day)
{
    int64_t shifted = (int64_t)day + EPOCH_SHIFT;
    int64_t era = (shifted >= 0 ? shifted : shifted - (ERA_DAYS - 1)) / ERA_DAYS;
    int of_era = (int)(shifted - era * ERA_DAYS);
    int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / (ERA_DAYS - 1)) / 365;
    int of_year = of_era - (365 * year + year / 4 - year / 100);
    int month = (5 * of_year + 2) / 153;
    struct ymd date = {.year = year + (int)era * 400,
                       .month = month < 10 ? month + 3 : month - 9,
                       .day = of_year - (153 * month + 2) / 5 + 1};
    date.year += date.month <= 2;
    return date;
}

int date_from_hijri(struct ymd date, int32_t *day)
{
    if (date.year < HIJRI_FIRST_YEAR || date.year > HIJRI_LAST_YEAR || date.month < 1 ||
        date.month > 12 || date.day < 1)
        return SND_E_BAD;
    int month = (date.year - HIJRI_FIRST_YEAR) * 12 + date.month - 1;
    if (date.day > hijri_start(month + 1) - hijri_start(month))
        return SND_E_BAD;
    *day = hijri_start(month) + date.day - 1;
    return 0;
}

struct ymd date_to_hijri(int32_t day)
{
    int month = hijri_month_of(day);
    if (month < 0)
        return (struct ymd){0};
    return (struct ymd){.year = HIJRI_FIRST_YEAR + month / 12,
                        .month = month % 12 + 1,
                        .day = day - hijri_start(month) + 1};
}

static int is_separator(char c)
{
    return c == '/' || c == '-' || c == '.';
}

/* Splits "a/b/c" at two equal separators; 0 or SND_E_BAD. */
static int split(char *typed, char *parts[3])
{
    size_t first = strspn(typed, "0123456789");
    if (!is_separator(typed[first]))
        return SND_E_BAD;
    char separator = typed[first];
    size_t second = first + 1 + strspn(typed + first + 1, "0123456789");
    if (typed[second] != separator)
        return SND_E_BAD;
    parts[0] = typed;
    parts[1] = typed + first + 1;
    parts[2] = typed + second + 1;
    typed[first] = typed[second] = '\0';
    return 0;
}

/* The digits of a date without separators: ddmmyyyy. */
static int split_plain(const char *typed, char copy[11], char *parts[3])
{
    if (strspn(typed, "0123456789") != 8)
        return SND_E_BAD;
    str_format(copy, 11, "%.2s/%.2s/%s", typed, typed + 2, typed + 4);
    return split(copy, parts);
}

static int parts_to_ymd(char *parts[3], struct ymd *out)
{
    int64_t year, month, day;
    int year_first = strlen(parts[0]) == 4;
    const char *year_text = parts[year_first ? 0 : 2], *day_text = parts[year_first ? 2 : 0];
    if (strlen(year_text) != 4 || strlen(parts[1]) > 2 || strlen(day_text) > 2 ||
        num_parse(year_text, 1, LAST_YEAR, &year) || num_parse(parts[1], 1, 12, &month) ||
        num_parse(day_text, 1, 31, &day))
        return SND_E_BAD;
    *out = (struct ymd){.year = (int)year, .month = (int)month, .day = (int)day};
    return 0;
}

int date_parse(const char *typed, enum calendar calendar, int32_t *day)
{
    char text[64], copy[11], *parts[3];
    struct ymd date;
    typed += strspn(typed, " ");
    if (str_copy(text, sizeof text, typed))
        return SND_E_BAD;
    digits_to_ascii(text);
    for (size_t len = strlen(text); len > 0 && text[len - 1] == ' '; len--)
        text[len - 1] = '\0';
    if (strlen(text) == 8 && split_plain(text, copy, parts) == 0) {
        if (parts_to_ymd(parts, &date))
            return SND_E_BAD;
    } else if (split(text, parts) || parts_to_ymd(parts, &date)) {
        return SND_E_BAD;
    }
    if (calendar == CALENDAR_HIJRI || (calendar == CALENDAR_ANY && date.year < HIJRI_BELOW))
        return date_from_hijri(date, day);
    return date_from_gregorian(date, day);
}

void date_text(int32_t day, enum calendar calendar, char out[16])
{
    struct ymd date = calendar == CALENDAR_HIJRI ? date_to_hijri(day) : date_to_gregorian(day);
    if (date.day == 0)
        out[0] = '\0';
    else
        str_format(out, 16, "%02d/%02d/%04d", date.day, date.month, date.year);
}

int32_t date_add_months(int32_t day, int months)
{
    struct ymd date = date_to_gregorian(day);
    int64_t total = (int64_t)date.year * 12 + date.month - 1 + months;
    int32_t found = day;
    if (total < FIRST_YEAR * 12 || total >= (LAST_YEAR + 1) * 12)
        return day;
    date.year = (int)(total / 12);
    date.month = (int)(total % 12) + 1;
    while (date_from_gregorian(date, &found) && date.day > 28)
        date.day--;
    return found;
}
