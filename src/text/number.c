/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in and out. Only the digits of a text change, never the rest. */
#include "text/number.h"
#include <inttypes.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "text/input.h"

enum { BAISA_IN_RIAL = 1000, MOST_RIAL_DIGITS = 10, DECIMALS = 3 };

/* The ASCII for a digit or number sign, 0 for nothing, or the point itself. */
static uint32_t ascii_of(uint32_t point)
{
    if (point >= 0x0660 && point <= 0x0669)
        return point - 0x0660 + '0';
    if (point >= 0x06F0 && point <= 0x06F9)
        return point - 0x06F0 + '0';
    if (point == 0x066B)
        return '.';
    return point == 0x066C ? 0 : point;
}

void digits_to_ascii(char *text)
{
    size_t left = strlen(text), used;
    char *out = text;
    for (; left > 0; left -= used, text += used) {
        uint32_t point = utf8_get(text, left, &used), ascii = ascii_of(point);
        if (ascii == point) {
            memmove(out, text, used);
            out += used;
        } else if (ascii) {
            *out++ = (char)ascii;
        }
    }
    *out = '\0';
}

int digits_to_arabic(const char *text, char *out, size_t size)
{
    size_t left = strlen(text), used, at = 0;
    int result = 0;
    snd_assert(size > 0);
    for (; left > 0; left -= used, text += used) {
        char digit[5];
        const char *bytes = text;
        size_t length;
        utf8_get(text, left, &used);
        length = used;
        if (*text >= '0' && *text <= '9') {
            length = (size_t)utf8_put((uint32_t)(0x0660 + *text - '0'), digit);
            bytes = digit;
        }
        if (at + length + 1 > size) {
            result = SND_E_LIMIT;
            break;
        }
        memcpy(out + at, bytes, length);
        at += length;
    }
    out[at] = '\0';
    return result;
}

int number_text(int64_t number, enum text_digits digits, char *out, size_t size)
{
    char plain[32], grouped[64];
    uint64_t amount = number < 0 ? -(uint64_t)number : (uint64_t)number;
    const char *separator = digits == DIGITS_ARABIC ? "\u066C" : ",";
    size_t at = 0;
    str_format(plain, sizeof plain, "%" PRIu64, amount);
    if (number < 0)
        grouped[at++] = '-';
    for (size_t i = 0, len = strlen(plain); i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) {
            memcpy(grouped + at, separator, strlen(separator));
            at += strlen(separator);
        }
        grouped[at++] = plain[i];
    }
    grouped[at] = '\0';
    return digits == DIGITS_ARABIC ? digits_to_arabic(grouped, out, size)
                                   : str_copy(out, size, grouped);
}

int money_parse(const char *text, int64_t *baisa)
{
    char digits[MOST_RIAL_DIGITS + DECIMALS + 1];
    size_t rials = strspn(text, "0123456789"), decimals = 0;
    int point = text[rials] == '.';
    if (point)
        decimals = strspn(text + rials + 1, "0123456789");
    if (rials < 1 || rials > MOST_RIAL_DIGITS || decimals > DECIMALS || (point && !decimals) ||
        text[rials + (size_t)point + decimals])
        return SND_E_BAD;
    memset(digits, '0', sizeof digits);
    memcpy(digits, text, rials);
    if (point)
        memcpy(digits + rials, text + rials + 1, decimals);
    digits[rials + DECIMALS] = '\0';
    return num_parse(digits, 0, INT64_MAX, baisa);
}

int money_text(int64_t baisa, char *out, size_t size)
{
    uint64_t amount = baisa < 0 ? -(uint64_t)baisa : (uint64_t)baisa;
    return str_format(out, size, "%s%" PRIu64 ".%03" PRIu64, baisa < 0 ? "-" : "",
                      amount / BAISA_IN_RIAL, amount % BAISA_IN_RIAL);
}
