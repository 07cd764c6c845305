/* SPDX-License-Identifier: Apache-2.0
 * Keys as a text, for those that were typed and have to outlive their session. A character stands
 * for itself, Enter and Tab for their own signs; every other key is its word between two signs that
 * no key types, and a key that comes with a character has it behind that. What a paste brought is
 * marked, one by one, so that any key can be cut off at the end.
 *
 * The text comes back from a book: what no key could have been is none. */
#include <string.h>
#include "base/attr.h"
#include "base/mem.h"
#include "term/keys.h"
#include "text/input.h"

#define WORD '\x1f'
#define PASTED '\x10'

static const struct {
    enum key key;
    char sign;
} signs[] = {{K_ENTER, '\r'}, {K_TAB, '\t'}};

static int has_point(enum key key)
{
    return key == K_CHAR || key == K_CTRL || key == K_ALT;
}

static int may_be(const struct key_event *event)
{
    uint32_t point = event->point;
    if (event->pasted && event->key != K_CHAR && event->key != K_ENTER && event->key != K_TAB)
        return 0;
    if (!has_point(event->key))
        return key_word(event->key)[0] != '\0';
    if (event->key == K_CTRL)
        return (point >= 'a' && point <= 'z') || point == ']';
    return point >= 0x20 && point <= 0x10ffff && !(point >= 0x7f && point < 0xa0) &&
           !(point >= 0xd800 && point < 0xe000);
}

static char sign_of(enum key key)
{
    for (size_t i = 0; i < SND_COUNT(signs); i++)
        if (signs[i].key == key)
            return signs[i].sign;
    return '\0';
}

int keytext_put(const struct key_event *event, struct buf *out)
{
    char text[64], point[5] = "";
    const char sign[] = {sign_of(event->key), '\0'};
    int named = !*sign && event->key != K_CHAR;
    if (!may_be(event))
        return 0;
    if (has_point(event->key))
        (void)utf8_put(event->point, point);
    const char *edge = named ? "\x1f" : "", *word = named ? key_word(event->key) : "";
    if (str_format(text, sizeof text, "%s%s%s%s%s%s", event->pasted ? "\x10" : "", sign, edge, word,
                   edge, point))
        return 0;
    buf_puts(out, text);
    return !out->failed;
}

static enum key key_named(const char *word, size_t len)
{
    for (int key = K_NONE + 1; key <= K_PLUS_PAD; key++)
        if (strlen(key_word((enum key)key)) == len &&
            memcmp(key_word((enum key)key), word, len) == 0)
            return (enum key)key;
    return K_NONE;
}

/* The key that begins at *at, which moves behind its name. */
static enum key read_key(const char **at)
{
    for (size_t i = 0; i < SND_COUNT(signs); i++)
        if (**at == signs[i].sign)
            return (*at)++, signs[i].key;
    if (**at != WORD)
        return K_CHAR;
    const char *word = *at + 1, *end = strchr(word, WORD);
    if (!end) {
        *at += strlen(*at);
        return K_NONE;
    }
    *at = end + 1;
    return key_named(word, (size_t)(end - word));
}

int keytext_get(const char **at, struct key_event *out)
{
    while (**at) {
        size_t used = 0;
        *out = (struct key_event){.pasted = **at == PASTED};
        *at += out->pasted;
        out->key = read_key(at);
        if (has_point(out->key) && **at) {
            out->point = utf8_get(*at, strlen(*at), &used);
            *at += used;
        }
        if (out->key != K_NONE && may_be(out))
            return 1;
    }
    return 0;
}
