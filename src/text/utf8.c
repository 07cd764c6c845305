/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 for everybody. Strict: overlong forms, surrogates and everything past U+10FFFF are
 * malformed, and one malformed byte is one U+FFFD, so that two readers of the same bytes always
 * count the same number of characters. */
#include "text/input.h"
#include <string.h>

/* Bytes of a sequence by its first byte and the least code point it may stand for. */
struct lead {
    uint8_t mask, value, length;
    uint32_t least;
};
static const struct lead leads[] = {
    {0x80, 0x00, 1, 0}, {0xE0, 0xC0, 2, 0x80}, {0xF0, 0xE0, 3, 0x800}, {0xF8, 0xF0, 4, 0x10000}};

static uint32_t sequence(const unsigned char *bytes, size_t len, const struct lead *lead)
{
    if (lead->length > len)
        return 0xFFFD;
    uint32_t point = bytes[0] & (uint32_t)(uint8_t)~lead->mask;
    for (int i = 1; i < lead->length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0xFFFD;
        point = point << 6 | (bytes[i] & 0x3F);
    }
    if (point < lead->least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return 0xFFFD;
    return point;
}

uint32_t utf8_get(const char *text, size_t len, size_t *used)
{
    const unsigned char *bytes = (const unsigned char *)text;
    *used = len > 0;
    if (len == 0)
        return 0;
    for (size_t i = 0; i < SND_COUNT(leads); i++) {
        if ((bytes[0] & leads[i].mask) != leads[i].value)
            continue;
        uint32_t point = sequence(bytes, len, &leads[i]);
        /* A real U+FFFD is a whole sequence: its bytes EF BF BD go together. */
        if (point != 0xFFFD || (len >= 3 && memcmp(bytes, "\xEF\xBF\xBD", 3) == 0))
            *used = leads[i].length;
        return point;
    }
    return 0xFFFD;
}

int utf8_put(uint32_t point, char out[5])
{
    if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        point = 0xFFFD;
    int length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (int i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    out[0] = (char)(leads[length - 1].value | point);
    out[length] = '\0';
    return length;
}

size_t utf8_count(const char *text)
{
    size_t left = strlen(text), count = 0, used;
    for (; left > 0; left -= used, text += used, count++)
        utf8_get(text, left, &used);
    return count;
}

size_t utf8_offset(const char *text, size_t n)
{
    size_t left = strlen(text), offset = 0, used;
    for (; n > 0 && left > 0; n--, left -= used, offset += used)
        utf8_get(text + offset, left, &used);
    return offset;
}
