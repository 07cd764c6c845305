/* SPDX-License-Identifier: Apache-2.0 */
/* Digits, numbers and rials. */
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "text/number.h"

static void digits(void)
{
    char text[64] = "هاتف ٩٩١٢٣۴٥۶ و٣٫٥٠٠ و١٬٠٠٠", out[64];
    digits_to_ascii(text);
    tap_is(text, "هاتف 99123456 و3.500 و1000", "digits in, the rest as it was");
    tap_ok(digits_to_arabic("A-12 م", out, sizeof out) == 0 && strcmp(out, "A-١٢ م") == 0,
           "digits out");
    tap_ok(digits_to_arabic("12", out, 4) == SND_E_LIMIT && strcmp(out, "١") == 0,
           "cut between characters, never within");
    tap_ok(digits_to_arabic("سم", out, 4) == SND_E_LIMIT && strcmp(out, "س") == 0,
           "letters are not cut either");
    tap_ok(digits_to_arabic("12", out, 5) == 0, "the last byte can be used");
}

static void numbers(void)
{
    char out[64];
    number_text(0, DIGITS_ASCII, out, sizeof out);
    tap_is(out, "0", "nought");
    number_text(999, DIGITS_ASCII, out, sizeof out);
    tap_is(out, "999", "no separator");
    number_text(1234567, DIGITS_ASCII, out, sizeof out);
    tap_is(out, "1,234,567", "thousands");
    number_text(-1234, DIGITS_ARABIC, out, sizeof out);
    tap_is(out, "-١٬٢٣٤", "Arabic thousands, below nought");
    number_text(INT64_MIN, DIGITS_ASCII, out, sizeof out);
    tap_is(out, "-9,223,372,036,854,775,808", "the least number");
    tap_is_int(number_text(1234, DIGITS_ASCII, out, 4), SND_E_LIMIT, "no room");
}

static void money(void)
{
    static const struct {
        const char *text;
        int64_t baisa;
    } good[] = {{"7", 7000},
                {"7.5", 7500},
                {"7.500", 7500},
                {"0.001", 1},
                {"9999999999.999", 9999999999999},
                {"007.05", 7050},
                {"0", 0}};
    static const char *const bad[] = {"",    ".",    "7.",    ".5",          "7.5000", "-7",
                                      "+7",  " 7",   "7 ",    "12345678901", "7,5",    "٧",
                                      "1e3", "0x10", "7.5.0", "7..5"};
    int right = 1;
    for (size_t i = 0; i < SND_COUNT(good); i++) {
        int64_t baisa = -1;
        right &= money_parse(good[i].text, &baisa) == 0 && baisa == good[i].baisa;
    }
    tap_ok(right, "amounts are read");
    for (size_t i = 0; i < SND_COUNT(bad); i++) {
        int64_t baisa = -1;
        int result = money_parse(bad[i], &baisa);
        tap_ok(result == SND_E_BAD && baisa == -1, "not an amount: [%s]", bad[i]);
    }
    char out[32];
    money_text(7500, out, sizeof out);
    tap_is(out, "7.500", "an amount is written with three decimals");
    money_text(-5, out, sizeof out);
    tap_is(out, "-0.005", "below nought");
    tap_is_int(money_text(7500, out, 5), SND_E_LIMIT, "no room for an amount");
}

int main(void)
{
    digits();
    numbers();
    money();
    return tap_done();
}
