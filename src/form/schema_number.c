/* SPDX-License-Identifier: Apache-2.0
 * Bounds of numbers as patterns. Stored numbers are texts without zeros before them, so "at least
 * 250" can be said sign by sign: a number that is longer, or of the same length and larger at the
 * first digit that differs. Decimals are compared by what stands before the point. */
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "form/schema_priv.h"

#define DECIMALS "([.][0-9]+)?"

/* Digits of the same length as `text` that are the same before place `at` and from..to there. */
static void put_place(struct buf *out, const char *text, size_t at, char from, char to)
{
    size_t rest = strlen(text) - at - 1;
    if (from > to)
        return;
    buf_printf(out, "%.*s[%c-%c]", (int)at, text, from, to);
    if (rest > 0)
        buf_printf(out, "[0-9]{%zu}", rest);
    buf_putc(out, '|');
}

static void put_above(struct buf *out, const char *text)
{
    for (size_t at = 0; text[at]; at++)
        put_place(out, text, at, (char)(text[at] + 1), '9');
    buf_printf(out, "[1-9][0-9]{%zu,}", strlen(text));
}

static void put_below(struct buf *out, const char *text)
{
    size_t len = strlen(text);
    for (size_t at = 0; at < len; at++)
        put_place(out, text, at, at == 0 && len > 1 ? '1' : '0', (char)(text[at] - 1));
    if (len > 2)
        buf_printf(out, "[1-9][0-9]{0,%zu}|0", len - 2);
    else
        buf_puts(out, len == 2 ? "[0-9]" : "[^0-9]");
}

void schema_number(int relation, int64_t bound, struct buf *out)
{
    char text[24];
    int cut = str_format(text, sizeof text, "%lld", (long long)bound);
    int up = relation == RELATION_GE || relation == RELATION_GT;
    snd_assert(cut == 0 && bound >= 0);
    buf_puts(out, "(");
    if (up)
        put_above(out, text);
    else
        put_below(out, text);
    buf_puts(out, ")" DECIMALS);
    if (relation == RELATION_GE)
        buf_printf(out, "|%s" DECIMALS, text);
    if (relation == RELATION_GT)
        buf_printf(out, "|%s[.][0-9]*[1-9][0-9]*", text);
    if (relation == RELATION_LE)
        buf_printf(out, "|%s([.]0+)?", text);
    if (!up)
        buf_puts(out, "|-.*");
    if (bound == 0 && (relation == RELATION_GE || relation == RELATION_LE))
        buf_puts(out, "|-0([.]0+)?");
}
