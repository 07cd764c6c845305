/* SPDX-License-Identifier: Apache-2.0
 * A period as people say it in few keys: a day, two days, a month or a year. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/num.h"
#include "text/date.h"
#include "text/number.h"
#include "ui/reports.h"

#define PERIOD_TEXT 64

static int month_days(int year, int month, int months, int32_t *from, int32_t *to)
{
    int err = date_from_gregorian((struct ymd){year, month, 1}, from);
    if (err == 0)
        *to = date_add_months(*from, months) - 1;
    return err;
}

/* "2016" or "11/2016". */
static int year_or_month(char *text, int32_t *from, int32_t *to)
{
    int64_t year, month = 0;
    char *slash = strchr(text, '/');
    if (slash)
        *slash = '\0';
    if (num_parse(slash ? slash + 1 : text, 1980, 2180, &year) ||
        (slash && num_parse(text, 1, 12, &month)))
        return SND_E_BAD;
    return slash ? month_days((int)year, (int)month, 1, from, to)
                 : month_days((int)year, 1, 12, from, to);
}

int period_parse(const char *typed, int32_t *from, int32_t *to)
{
    char text[PERIOD_TEXT];
    if (str_copy(text, sizeof text, typed + strspn(typed, " ")))
        return SND_E_BAD;
    digits_to_ascii(text);
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ')
        text[--len] = '\0';
    char *second = strchr(text, ' ');
    if (second) {
        *second++ = '\0';
        second += strspn(second, " -");
        int err = date_parse(text, CALENDAR_ANY, from);
        if (err == 0)
            err = date_parse(second, CALENDAR_ANY, to);
        return err != 0 || *from > *to ? SND_E_BAD : 0;
    }
    if (date_parse(text, CALENDAR_ANY, from) == 0) {
        *to = *from;
        return 0;
    }
    return year_or_month(text, from, to);
}

int32_t year_begins(int32_t day)
{
    char text[11];
    int32_t first = day;
    clock_day_text(day, text);
    memcpy(text + 5, "01-01", 5);
    return clock_day_parse(text, &first) == 0 ? first : day;
}
