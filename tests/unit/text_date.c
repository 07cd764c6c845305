/* SPDX-License-Identifier: Apache-2.0 */
/* Both calendars: every Gregorian day there and back, the Hijri months of an independent list
 * (tests/golden/hijri-months.tsv), what clerks type, and the table of moved months. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "text/date.h"
#include "text/msg.h"

static int32_t gregorian(int year, int month, int day)
{
    int32_t found = INT32_MIN;
    int result = date_from_gregorian((struct ymd){year, month, day}, &found);
    return result ? INT32_MIN : found;
}

static void gregorian_days(void)
{
    int wrong = 0;
    struct ymd last = date_to_gregorian(gregorian(1583, 1, 1));
    for (int32_t day = gregorian(1583, 1, 2); day <= gregorian(2400, 12, 31); day++) {
        struct ymd date = date_to_gregorian(day);
        int follows = (date.day == last.day + 1 && date.month == last.month) ||
                      (date.day == 1 && date.month == last.month + 1) ||
                      (date.day == 1 && date.month == 1 && date.year == last.year + 1);
        wrong += !follows || gregorian(date.year, date.month, date.day) != day;
        last = date;
    }
    tap_is_int(wrong, 0, "every Gregorian day from 1583 to 2400 there and back");
    tap_is_int(gregorian(1970, 1, 1), 0, "the first day is 0");
    tap_is_int(gregorian(2026, 11, 22), 20779, "a day of 2026");
    tap_ok(gregorian(2023, 2, 29) == INT32_MIN && gregorian(2024, 2, 29) != INT32_MIN &&
               gregorian(1900, 2, 29) == INT32_MIN && gregorian(2024, 4, 31) == INT32_MIN &&
               gregorian(2024, 13, 1) == INT32_MIN && gregorian(2024, 0, 1) == INT32_MIN &&
               gregorian(2024, 1, 0) == INT32_MIN && gregorian(1445, 1, 1) == INT32_MIN,
           "days that don't exist");
}

static void check_month(const char *line, int *months, int *wrong)
{
    int year, month, days, gy, gm, gd;
    char name[64];
    int32_t first = 0, found = 0;
    if (sscanf(line, "%d\t%d\t%63[^\t]\t%d-%d-%d\t%d", &year, &month, name, &gy, &gm, &gd, &days) !=
        7)
        return;
    first = gregorian(gy, gm, gd);
    struct ymd begin = date_to_hijri(first), end = date_to_hijri(first + days - 1);
    int good = date_from_hijri((struct ymd){year, month, 1}, &found) == 0 && found == first &&
               begin.year == year && begin.month == month && begin.day == 1 && end.month == month &&
               end.day == days && strcmp(date_month_name(month, CALENDAR_HIJRI), name) == 0;
    good &= days == 30 || date_from_hijri((struct ymd){year, month, 30}, &found) == SND_E_BAD;
    if (!good)
        tap_note("%d-%02d %s, the table says %s", year, month, name,
                 date_month_name(month, CALENDAR_HIJRI));
    *months += 1;
    *wrong += !good;
}

static void hijri_months(void)
{
    char line[256];
    int months = 0, wrong = 0, there = 0;
    FILE *file = fopen(tap_source("tests/golden/hijri-months.tsv"), "r");
    while (file && fgets(line, sizeof line, file))
        check_month(line, &months, &wrong);
    if (file)
        fclose(file);
    tap_ok(months > 200 && wrong == 0, "the Hijri months of the list");
    for (int32_t day = gregorian(1882, 11, 12); day <= gregorian(2174, 11, 25); day++) {
        int32_t back = 0;
        struct ymd date = date_to_hijri(day);
        int failed = date_from_hijri(date, &back);
        there += failed || back != day;
    }
    tap_is_int(there, 0, "every Hijri day there and back");
    tap_ok(date_to_hijri(gregorian(1882, 11, 11)).year == 0 &&
               date_to_hijri(gregorian(2174, 11, 26)).year == 0,
           "nothing outside the tabled years");
}

struct typed {
    const char *text;
    enum calendar calendar;
    const char *want; /* NULL = refused */
};
static const struct typed typed[] = {
    {"28/11/2016", CALENDAR_ANY, "28/11/2016"},
    {"8/1/2016", CALENDAR_ANY, "08/01/2016"},
    {"28-11-2016", CALENDAR_ANY, "28/11/2016"},
    {"28112016", CALENDAR_ANY, "28/11/2016"},
    {"2016-11-28", CALENDAR_ANY, "28/11/2016"},
    {"٢٨/١١/٢٠١٦", CALENDAR_ANY, "28/11/2016"},
    {"۲۸.۱۱.۲۰۱۶", CALENDAR_GREGORIAN, "28/11/2016"},
    {"  28/11/2016 ", CALENDAR_ANY, "28/11/2016"},
    {"28/02/1438", CALENDAR_ANY, "28/11/2016"},
    {"٢٨٠٢١٤٣٨", CALENDAR_ANY, "28/11/2016"},
    {"1438-02-28", CALENDAR_HIJRI, "28/11/2016"},
    {"28/02/1438", CALENDAR_GREGORIAN, NULL},
    {"28/11/2016", CALENDAR_HIJRI, NULL},
    {"31/02/2016", CALENDAR_ANY, NULL},
    {"28/11/16", CALENDAR_ANY, NULL},
    {"28/11-2016", CALENDAR_ANY, NULL},
    {"28/11", CALENDAR_ANY, NULL},
    {"28/11/2016x", CALENDAR_ANY, NULL},
    {"28//2016", CALENDAR_ANY, NULL},
    {"-28/11/2016", CALENDAR_ANY, NULL},
    {"", CALENDAR_ANY, NULL},
    {"281120166", CALENDAR_ANY, NULL},
    {"2811201", CALENDAR_ANY, NULL},
    {"99999999999999999999999999999999999999999999999999999999999999999999", CALENDAR_ANY, NULL},
};

static void parsing(void)
{
    for (size_t i = 0; i < SND_COUNT(typed); i++) {
        char text[16] = "refused";
        int32_t day;
        if (date_parse(typed[i].text, typed[i].calendar, &day) == 0)
            date_text(day, CALENDAR_GREGORIAN, text);
        if (!tap_ok(strcmp(text, typed[i].want ? typed[i].want : "refused") == 0, "typed: [%s]",
                    typed[i].text))
            tap_note("got %s", text);
    }
}

static void texts(void)
{
    char out[16];
    int32_t day = gregorian(2016, 11, 28);
    date_text(day, CALENDAR_HIJRI, out);
    tap_is(out, "28/02/1438", "written in Hijri");
    date_text(gregorian(1700, 1, 1), CALENDAR_HIJRI, out);
    tap_is(out, "", "nothing where Hijri is not tabled");
    msg_set_language(LANG_AR);
    tap_is(date_weekday_name(day), "الاثنين", "weekday");
    tap_is(date_weekday_name(-1), "الأربعاء", "weekday before the first day");
    tap_is(date_month_name(11, CALENDAR_GREGORIAN), "نوفمبر", "month");
    msg_set_language(LANG_EN);
    tap_is(date_weekday_name(day), "Monday", "weekday in English");
    tap_is(date_month_name(9, CALENDAR_HIJRI), "Ramadan", "Hijri month in English");
    tap_is(date_month_name(13, CALENDAR_HIJRI), "", "no thirteenth month");
    msg_set_language(LANG_AR);
}

static void months(void)
{
    tap_ok(date_add_months(gregorian(2024, 1, 31), 1) == gregorian(2024, 2, 29) &&
               date_add_months(gregorian(2023, 1, 31), 1) == gregorian(2023, 2, 28) &&
               date_add_months(gregorian(2023, 12, 15), 1) == gregorian(2024, 1, 15) &&
               date_add_months(gregorian(2024, 3, 31), -1) == gregorian(2024, 2, 29) &&
               date_add_months(gregorian(2024, 3, 31), -27) == gregorian(2021, 12, 31) &&
               date_add_months(gregorian(2024, 2, 29), 12) == gregorian(2025, 2, 28),
           "months are added, the day kept or clamped");
    tap_is_int(date_add_months(gregorian(2024, 1, 1), INT32_MAX), gregorian(2024, 1, 1),
               "beyond all years nothing moves");
}

static int load(const char *text, int *line)
{
    *line = -1;
    return date_offsets_load(text, line);
}

static void offsets(void)
{
    int line;
    int32_t before = 0, after = 0;
    /* Safar 1438 has 29 days, so Rabi I may begin a day later and its own month loses one. */
    tap_ok(date_from_hijri((struct ymd){1438, 3, 1}, &before) == 0 &&
               load("# moved\n\n1438-03\t1\n", &line) == 0 && line == 0 &&
               date_from_hijri((struct ymd){1438, 3, 1}, &after) == 0 && after == before + 1 &&
               date_to_hijri(before).month == 2 && date_to_hijri(before).day == 30,
           "a month begins a day later");
    tap_ok(load("1438-03\t0", &line) == 0 && date_to_hijri(before).day == 1,
           "a table replaces the one before");
    static const struct {
        const char *text;
        int line;
    } bad[] = {
        {"1438-3\t1\n", 1},
        {"# x\n1438-03 1\n", 2},
        {"1438-03\t2\n", 1},
        {"1438-13\t1\n", 1},
        {"1200-01\t1\n", 1},
        {"1438-03\t\n", 1},
        {"nonsense\n", 1},
        {"1438-03\t1\n\n1438-03\t1", 3},
        {"1438-03\t-1\n1438-04\t1\n", 1},
        {"1438-03\t1 late", 1},
    };
    for (size_t i = 0; i < SND_COUNT(bad); i++)
        tap_ok(load(bad[i].text, &line) == SND_E_BAD && line == bad[i].line &&
                   date_to_hijri(before).day == 1,
               "refused with its line: %zu", i + 1);
    FILE *file = fopen(tap_source("screens/lists/hijri.offsets"), "r");
    char shipped[4096] = "";
    size_t size = file ? fread(shipped, 1, sizeof shipped - 1, file) : 0;
    if (file)
        fclose(file);
    tap_ok(size > 0 && load(shipped, &line) == 0, "the shipped table loads");
}

int main(void)
{
    gregorian_days();
    hijri_months();
    parsing();
    texts();
    months();
    offsets();
    return tap_done();
}
