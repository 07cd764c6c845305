/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include <stdint.h>
/* Milliseconds since 1970-01-01 UTC, by the system's clock, which may be wrong: for people, never
 * for order. */
int64_t clock_utc_ms(void);
/* Milliseconds that only go forward: for intervals and deadlines. */
int64_t clock_mono_ms(void);
/* Oman keeps UTC+4 all year (IANA tz: Asia/Dubai, alias Asia/Muscat). */
#define CLOCK_OMAN_OFFSET_MS (4LL * 3600 * 1000)
/* Days since 1970-01-01 of the Gregorian day in Oman at that moment. */
int32_t clock_oman_day(int64_t utc_ms);
/* "YYYY-MM-DD" of a day number into out[11], and back (SND_E_BAD if it isn't a real day of
 * 1900..2200). */
void clock_day_text(int32_t day, char out[11]);
int clock_day_parse(const char *text, int32_t *day);
/* "YYYY-MM-DDTHH:MM:SS.mmmZ" of a moment into out[25]. */
void clock_utc_text(int64_t utc_ms, char out[25]);
#endif
