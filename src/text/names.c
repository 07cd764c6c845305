/* SPDX-License-Identifier: Apache-2.0 */
/* Names of weekdays and months in each language, copied out of ICU once so that no formatter is
 * kept. Arabic is as Oman writes it (ar_OM). */
#include "text/names_priv.h"
#include <unicode/udat.h>
#include <unicode/ustring.h>
#include "base/err.h"
#include "text/date.h"
#include "text/msg.h"

enum { NAME_BYTES = 48, MONTHS = 12, WEEKDAYS = 7, EPOCH_WEEKDAY = 4 };

struct names {
    char weekdays[WEEKDAYS][NAME_BYTES]; /* Sunday first */
    char months[2][MONTHS][NAME_BYTES];  /* Gregorian, Hijri */
};
static struct names names[LANG_COUNT];
static int warm;

static const char *const locales[LANG_COUNT][2] = {
    [LANG_AR] = {"ar_OM@calendar=gregorian", "ar_OM@calendar=islamic-umalqura"},
    [LANG_EN] = {"en@calendar=gregorian", "en@calendar=islamic-umalqura"},
};

/* ICU counts weekdays from 1. */
static int read_names(const UDateFormat *format, UDateFormatSymbolType type, int base, int count,
                      char out[][NAME_BYTES])
{
    UErrorCode status = U_ZERO_ERROR;
    for (int i = 0; i < count; i++) {
        UChar name[NAME_BYTES];
        int32_t length = udat_getSymbols(format, type, base + i, name, SND_COUNT(name), &status);
        u_strToUTF8(out[i], NAME_BYTES - 1, NULL, name, length, &status);
        if (U_FAILURE(status))
            return SND_E_SYS;
    }
    return 0;
}

static int read_calendar(enum lang lang, int hijri)
{
    UErrorCode status = U_ZERO_ERROR;
    int result = 0;
    UDateFormat *format = udat_open(UDAT_PATTERN, UDAT_PATTERN, locales[lang][hijri], u"Etc/UTC",
                                    -1, u"d", -1, &status);
    if (U_FAILURE(status))
        return SND_E_SYS;
    result = read_names(format, UDAT_STANDALONE_MONTHS, 0, MONTHS, names[lang].months[hijri]);
    if (result == 0 && !hijri)
        result = read_names(format, UDAT_STANDALONE_WEEKDAYS, 1, WEEKDAYS, names[lang].weekdays);
    udat_close(format);
    return result;
}

int names_warm(void)
{
    int result = 0;
    for (int lang = 0; !warm && result == 0 && lang < LANG_COUNT; lang++) {
        result = read_calendar((enum lang)lang, 0);
        if (result == 0)
            result = read_calendar((enum lang)lang, 1);
    }
    warm = result == 0;
    return result;
}

const char *date_weekday_name(int32_t day)
{
    snd_assert(names_warm() == 0);
    int weekday = (int)(((int64_t)day + EPOCH_WEEKDAY) % WEEKDAYS);
    return names[msg_language()].weekdays[weekday < 0 ? weekday + WEEKDAYS : weekday];
}

const char *date_month_name(int month, enum calendar calendar)
{
    snd_assert(names_warm() == 0);
    if (month < 1 || month > MONTHS)
        return "";
    return names[msg_language()].months[calendar == CALENDAR_HIJRI][month - 1];
}
