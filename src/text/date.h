/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_DATE_H
#define TEXT_DATE_H
#include <stdint.h>
#include "base/attr.h"
/* Days are numbers since 1970-01-01 (base/clock.h). Hijri is Umm al-Qura (ICU islamic-umalqura)
 * plus a table of month starts that Oman moved by a day: date_offsets_load(). */
struct ymd {
    int year, month, day;
};
SND_MUST int date_from_gregorian(struct ymd date, int32_t *day); /* SND_E_BAD: no such day */
struct ymd date_to_gregorian(int32_t day);
SND_MUST int date_from_hijri(struct ymd date, int32_t *day); /* months have 29 or 30 days */
struct ymd date_to_hijri(int32_t day); /* {0, 0, 0} outside the years 1300 to 1600 */
/* Lines `YYYY-MM <tab> -1|0|1` (Hijri year-month, days its start moves), `#` comments.
 * The table always starts from Umm al-Qura; a month named twice, or one that a move leaves with
 * other than 29 or 30 days, is SND_E_BAD with the line number in *line; the table is unchanged
 * then. */
SND_MUST int date_offsets_load(const char *text, int *line);
/* Reads what a clerk types: d/m/yyyy, dd-mm-yyyy, ddmmyyyy, yyyy-mm-dd, any digits; a year below
 * 1500 is Hijri, otherwise Gregorian, unless `calendar` forces one. */
enum calendar { CALENDAR_ANY, CALENDAR_GREGORIAN, CALENDAR_HIJRI };
SND_MUST int date_parse(const char *typed, enum calendar calendar, int32_t *day);
/* "28/11/2016" into out[16]. Hijri when asked; "" for a day outside that calendar's table. */
void date_text(int32_t day, enum calendar calendar, char out[16]);
/* Name of the weekday and of the month in the session's language; borrowed. */
const char *date_weekday_name(int32_t day);
const char *date_month_name(int month, enum calendar calendar);
/* Day 1..28 clamped month arithmetic: date_add_months(31 Jan, 1) is the last of February. */
int32_t date_add_months(int32_t day, int months);
#endif
