/* SPDX-License-Identifier: Apache-2.0 */
/* Editing a text at a caret. A text that was NFC stays NFC: when a typed mark composes with what
 * stands before it, or belongs before marks that are there already, everything is normalised anew
 * and the caret follows. */
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "text/caret.h"
#include "text/input.h"
#include "text/norm_priv.h"

/* Normalises bytes 0..len-1 of a text into out. */
static void normalise(const char *text, size_t len, struct buf *out)
{
    UChar *units = x_calloc(len + 1, sizeof *units);
    int32_t made = 0;
    for (size_t used; len > 0; len -= used, text += used) {
        uint32_t point = utf8_get(text, len, &used);
        if (point > 0xFFFF) {
            units[made++] = (UChar)((point >> 10) + 0xD7C0);
            units[made++] = (UChar)((point & 0x3FF) | 0xDC00);
        } else {
            units[made++] = (UChar)point;
        }
    }
    norm_nfc(units, made, 0, out);
    x_free(&units);
}

/* Puts the text into normal form, if that fits; the caret stood after `before` bytes. */
static void settle(char *text, size_t size, size_t before, int *position)
{
    struct buf whole = BUF_INIT(size - 1), head = BUF_INIT(size - 1);
    normalise(text, strlen(text), &whole);
    normalise(text, before, &head);
    if (!whole.failed && !head.failed) {
        str_copy(text, size, buf_text(&whole));
        *position = (int)utf8_count(buf_text(&head));
    }
    buf_free(&head);
    buf_free(&whole);
}

int caret_insert(char *text, size_t size, int *position, uint32_t point)
{
    char bytes[5];
    size_t at = utf8_offset(text, *position < 0 ? 0 : (size_t)*position), used;
    size_t length = (size_t)utf8_put(point, bytes), rest = strlen(text + at);
    if (point == 0 || at + rest + length + 1 > size)
        return SND_E_LIMIT;
    uint32_t follower = utf8_get(text + at, rest, &used);
    memmove(text + at + length, text + at, rest + 1);
    memcpy(text + at, bytes, length);
    *position = (int)utf8_count(text) - (int)utf8_count(text + at + length);
    if (!norm_boundary_before(point) || !norm_boundary_before(follower))
        settle(text, size, at + length, position);
    return 0;
}

static void cut(char *text, size_t from, size_t to)
{
    memmove(text + from, text + to, strlen(text + to) + 1);
}

int caret_backspace(char *text, int position)
{
    if (position <= 0)
        return 0;
    size_t to = utf8_offset(text, (size_t)position);
    size_t from = utf8_offset(text, (size_t)position - 1);
    int at_end = from == to;
    if (at_end)
        return (int)utf8_count(text);
    cut(text, from, to);
    return position - 1;
}

int caret_delete(char *text, int position)
{
    size_t from = utf8_offset(text, position < 0 ? 0 : (size_t)position), to = from, used;
    size_t left = strlen(text + from);
    if (left == 0)
        return position;
    do {
        utf8_get(text + to, left, &used);
        to += used;
        left -= used;
    } while (left > 0 && point_width(utf8_get(text + to, left, &used)) == 0);
    cut(text, from, to);
    return position;
}
