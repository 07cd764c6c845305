/* SPDX-License-Identifier: Apache-2.0 */
/* The Hijri calendar as a table of month starts: Umm al-Qura as ICU has it, read once, then moved
 * where Oman's own sighting moved a month by a day. Everything else is search in the table, so no
 * calendar of ICU is kept. Invariant: every month of the table has 29 or 30 days. */
#include "text/hijri_priv.h"
#include <string.h>
#include <unicode/ucal.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "text/date.h"

#define DAY_MS 86400000.0

static int32_t computed[HIJRI_MONTHS + 1], starts[HIJRI_MONTHS + 1];
static int warm;

static int read_starts(UCalendar *calendar)
{
    UErrorCode status = U_ZERO_ERROR;
    for (int i = 0; i <= HIJRI_MONTHS; i++) {
        ucal_clear(calendar);
        ucal_set(calendar, UCAL_YEAR, HIJRI_FIRST_YEAR + i / 12);
        ucal_set(calendar, UCAL_MONTH, i % 12);
        ucal_set(calendar, UCAL_DATE, 1);
        computed[i] = (int32_t)(ucal_getMillis(calendar, &status) / DAY_MS);
        if (U_FAILURE(status))
            return SND_E_SYS;
    }
    return 0;
}

int hijri_warm(void)
{
    UErrorCode status = U_ZERO_ERROR;
    if (warm)
        return 0;
    UCalendar *calendar =
        ucal_open(u"Etc/UTC", -1, "ar@calendar=islamic-umalqura", UCAL_TRADITIONAL, &status);
    if (U_FAILURE(status))
        return SND_E_SYS;
    int result = read_starts(calendar);
    ucal_close(calendar);
    if (result == 0) {
        memcpy(starts, computed, sizeof starts);
        warm = 1;
    }
    return result;
}

int32_t hijri_start(int month)
{
    snd_assert(hijri_warm() == 0);
    snd_assert(month >= 0 && month <= HIJRI_MONTHS);
    return starts[month];
}

int hijri_month_of(int32_t day)
{
    int low = 0, high = HIJRI_MONTHS;
    if (day < hijri_start(0) || day >= hijri_start(HIJRI_MONTHS))
        return -1;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (starts[middle] <= day)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* One line of the offsets; *month is -1 for a line that says nothing. */
static int parse_line(const char *line, size_t len, int *month, int *move)
{
    char copy[64];
    int64_t year, month_of_year, days;
    *month = -1;
    if (len > 0 && line[len - 1] == '\r')
        len--;
    if (len == 0 || line[0] == '#')
        return 0;
    if (len >= sizeof copy || len < 9 || line[4] != '-' || line[7] != '\t')
        return SND_E_BAD;
    memcpy(copy, line, len);
    copy[len] = copy[4] = copy[7] = '\0';
    if (memchr(copy, '\0', len) != copy + 4 || memchr(copy + 5, '\0', len - 5) != copy + 7 ||
        strlen(copy + 8) != len - 8 || num_parse(copy, HIJRI_FIRST_YEAR, HIJRI_LAST_YEAR, &year) ||
        num_parse(copy + 5, 1, 12, &month_of_year) || num_parse(copy + 8, -1, 1, &days))
        return SND_E_BAD;
    *month = (int)(year - HIJRI_FIRST_YEAR) * 12 + (int)month_of_year - 1;
    *move = (int)days;
    return 0;
}

static int is_month(const int32_t *table, int month)
{
    if (month < 0 || month >= HIJRI_MONTHS)
        return 1;
    int32_t days = table[month + 1] - table[month];
    return days == 29 || days == 30;
}

/* Whether the months that the lines moved have lengths a month can have. */
static int check_moves(const int32_t *table, const int *moved_by, int *line)
{
    for (int i = 0; i < HIJRI_MONTHS; i++) {
        if (moved_by[i] && !(is_month(table, i - 1) && is_month(table, i))) {
            *line = moved_by[i];
            return SND_E_BAD;
        }
    }
    return 0;
}

int date_offsets_load(const char *text, int *line)
{
    int32_t *table = x_calloc(HIJRI_MONTHS + 1, sizeof *table);
    int *moved_by = x_calloc(HIJRI_MONTHS + 1, sizeof *moved_by);
    int result = hijri_warm(), at = 0;
    *line = 0;
    memcpy(table, computed, (HIJRI_MONTHS + 1) * sizeof *table);
    while (result == 0 && *text) {
        size_t len = strcspn(text, "\n");
        int month, move = 0;
        at++;
        result = parse_line(text, len, &month, &move);
        if (result == 0 && month >= 0) {
            result = moved_by[month] ? SND_E_BAD : 0;
            moved_by[month] = at;
            table[month] = computed[month] + move;
        }
        text += len + (text[len] == '\n');
    }
    if (result == SND_E_BAD)
        *line = at;
    if (result == 0)
        result = check_moves(table, moved_by, line);
    if (result == 0)
        memcpy(starts, table, sizeof starts);
    x_free(&moved_by);
    x_free(&table);
    return result;
}
