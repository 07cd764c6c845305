/* SPDX-License-Identifier: Apache-2.0 */
/* What may enter the system as text. One function decides what becomes of a character, for typed
 * keys and for whole texts alike, so that a paste can't bring in what the keyboard can't. What is
 * useless is dropped in silence; what could mislead a reader or a terminal is dropped and told. */
#include "text/input.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf16.h>
#include "base/err.h"
#include "base/mem.h"
#include "text/layout.h"
#include "text/norm_priv.h"

enum { MOST_PARTS = 8, TATWEEL = 0x0640, SPACE = 0x20 };
enum { REFUSED = -1 };

struct range {
    uint32_t first, last;
};
/* Without effect on what is meant: tatweel, soft hyphen, grapheme joiner, Mongolian and other
 * variation selectors, joiners, word joiner, byte order mark. */
static const struct range useless[] = {
    {0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x0640, 0x0640}, {0x180B, 0x180D},   {0x200C, 0x200D},
    {0x2060, 0x2060}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xE0100, 0xE01EF},
};

static int is_useless(uint32_t point)
{
    for (size_t i = 0; i < SND_COUNT(useless); i++)
        if (point >= useless[i].first && point <= useless[i].last)
            return 1;
    return 0;
}

static int is_break(uint32_t point)
{
    return point == '\n' || point == '\r' || point == '\t';
}

/* A form of a letter that only a font should choose: joined, or of another width. */
static int is_presentation(uint32_t point)
{
    static const uint32_t types = 1U << U_DT_ISOLATED | 1U << U_DT_FINAL | 1U << U_DT_INITIAL |
                                  1U << U_DT_MEDIAL | 1U << U_DT_WIDE | 1U << U_DT_NARROW;
    int type = u_getIntPropertyValue((UChar32)point, UCHAR_DECOMPOSITION_TYPE);
    return point >= 0xFB00 && (types >> type & 1U || point <= 0xFB06);
}

/* The letters of a presentation form. A mark's form stands on a space or a tatweel of its own. */
static int unfold(uint32_t point, uint32_t out[MOST_PARTS])
{
    int count = norm_decompose(point, out, MOST_PARTS), kept = 0;
    for (int i = 0; i < count; i++) {
        if (out[i] == SPACE || out[i] == TATWEEL)
            continue;
        if (point_width(out[i]) < 0)
            return REFUSED;
        out[kept++] = out[i];
    }
    return kept;
}

/* What a character becomes: how many, 0 = nothing, REFUSED. */
static int clean_point(uint32_t point, uint32_t out[MOST_PARTS])
{
    out[0] = point;
    if (point >= 0x20 && point < 0x7F)
        return 1;
    if (point > 0x10FFFF || point == 0xFFFD)
        return REFUSED;
    if (is_useless(point))
        return 0;
    if (u_charType((UChar32)point) == U_SPACE_SEPARATOR) {
        out[0] = SPACE;
        return 1;
    }
    if (point_width(point) < 0)
        return REFUSED;
    return is_presentation(point) ? unfold(point, out) : 1;
}

/* ASCII, and the letters, digits and stops of Arabic as it is mostly written, without marks: what
 * is there for nothing to be changed. Of these none is useless, and none composes with another. */
static int is_plain(const char *text, size_t len)
{
    const uint8_t *at = (const uint8_t *)text, *end = at + len;
    for (; at < end; at++) {
        if (*at >= ' ' && *at <= '~')
            continue;
        if (end - at < 2)
            return 0;
        unsigned pair = (unsigned)at[0] << 8 | at[1];
        int letter = (pair >= 0xD8A1 && pair <= 0xD8BA) || (pair >= 0xD981 && pair <= 0xD98A);
        int other = (pair >= 0xD9A0 && pair <= 0xD9A9) || pair == 0xD88C || pair == 0xD89F;
        if (!letter && !other)
            return 0;
        at++;
    }
    return 1;
}

int input_clean(const char *text, size_t len, struct buf *out)
{
    uint32_t parts[MOST_PARTS];
    int result = 0, after_break = 0;
    int32_t made = 0;
    size_t used;
    if (is_plain(text, len)) {
        buf_put(out, text, len);
        return 0;
    }
    if (len > INT32_MAX / 64)
        return SND_E_LIMIT;
    UChar *units = x_calloc(len * MOST_PARTS * 2 + 1, sizeof *units);
    for (; len > 0; len -= used, text += used) {
        uint32_t point = utf8_get(text, len, &used);
        int gap = is_break(point), count = clean_point(gap ? SPACE : point, parts);
        if (count == REFUSED)
            result = SND_E_BAD;
        for (int i = 0; i < count && !(gap && after_break); i++)
            U16_APPEND_UNSAFE(units, made, parts[i]);
        after_break = gap;
    }
    if (norm_nfc(units, made, CELL_MARKS, out))
        result = SND_E_BAD;
    x_free(&units);
    return result;
}

int input_is_clean(const char *text)
{
    size_t len = strlen(text);
    if (is_plain(text, len))
        return 1;
    struct buf cleaned = BUF_INIT(len + 1);
    int clean = input_clean(text, len, &cleaned) == 0 && !cleaned.failed &&
                strcmp(buf_text(&cleaned), text) == 0;
    buf_free(&cleaned);
    return clean;
}

int input_key(uint32_t typed, uint32_t out[4])
{
    uint32_t parts[MOST_PARTS];
    UChar units[MOST_PARTS * 2];
    int32_t made = 0;
    int count = clean_point(typed, parts), keys = 0;
    struct buf text = BUF_INIT(256);
    for (int i = 0; i < count; i++)
        U16_APPEND_UNSAFE(units, made, parts[i]);
    if (norm_nfc(units, made, CELL_MARKS, &text))
        buf_clear(&text);
    for (size_t at = 0, used; at < text.len && keys < 4; at += used)
        out[keys++] = utf8_get((const char *)text.data + at, text.len - at, &used);
    buf_free(&text);
    return keys;
}
