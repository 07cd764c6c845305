/* SPDX-License-Identifier: Apache-2.0
 * What a role may read of an event's payload. Trails are for finding out who did and saw what; what
 * a citizen said is not shown for that, so whatever is not known to be harmless is hidden. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"
#include "text/input.h"

#define VEIL "••••"
#define VEIL_TAIL 4
#define VEIL_DIGITS 6 /* so many digits in a row may be somebody's number */

/* Where the last four signs begin; never more than half of a text. */
static size_t tail_of(const char *text)
{
    size_t points = utf8_count(text), tail = points / 2 < VEIL_TAIL ? points / 2 : VEIL_TAIL;
    return utf8_offset(text, points - tail);
}

/* Long numbers within words, and nothing else. */
static void veil_words(const char *text, struct buf *out)
{
    while (*text) {
        size_t other = strcspn(text, "0123456789");
        buf_put(out, text, other);
        text += other;
        size_t digits = strspn(text, "0123456789");
        int veiled = digits >= VEIL_DIGITS;
        buf_puts(out, veiled ? VEIL : "");
        buf_put(out, text + (veiled ? digits - VEIL_TAIL : 0), veiled ? VEIL_TAIL : digits);
        text += digits;
    }
}

static enum member_mask mask_of(enum role role, const char *member)
{
    const struct member_row *row = member_find(member);
    enum member_mask mask = row ? row->mask : MASK_HIDDEN;
    return role == ROLE_CLI && mask != MASK_NEVER ? MASK_PLAIN : mask;
}

/* Cuts between characters. */
static void copy_whole(char *out, size_t size, const char *text)
{
    size_t len = strlen(text);
    if (len >= size)
        for (len = size - 1; len > 0 && ((uint8_t)text[len] & 0xc0) == 0x80;)
            len--;
    memcpy(out, text, len);
    out[len] = '\0';
}

void veil_text(enum member_mask mask, const char *text, struct buf *out)
{
    switch (*text ? mask : MASK_PLAIN) {
    case MASK_PLAIN:
        buf_puts(out, text);
        break;
    case MASK_TAIL:
        buf_puts(out, VEIL);
        buf_puts(out, text + tail_of(text));
        break;
    case MASK_WORDS:
        veil_words(text, out);
        break;
    case MASK_HIDDEN:
    case MASK_NEVER:
        buf_puts(out, VEIL);
        break;
    }
}

void veil_member(enum role role, const char *member, const char *text, char *out, size_t size)
{
    struct buf veiled = BUF_INIT(WIRE_MAX);
    veil_text(mask_of(role, member), text, &veiled);
    copy_whole(out, size, veiled.failed ? VEIL : buf_text(&veiled));
    buf_free(&veiled);
}

void veil_civil(enum role role, const char *civil, char out[BOOK_TEXT])
{
    veil_member(role, "civil", civil, out, BOOK_TEXT);
}
