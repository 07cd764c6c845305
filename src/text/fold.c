/* SPDX-License-Identifier: Apache-2.0 */
/* Folding for search: what a person types in haste and what another person wrote with care become
 * the same letters. Most of it is compatibility decomposition without its marks; the table holds
 * what Unicode rightly keeps apart and a hurried clerk doesn't. Folding a folded text changes
 * nothing. */
#include "text/fold.h"
#include <string.h>
#include <unicode/uchar.h>
#include "base/err.h"
#include "text/input.h"
#include "text/norm_priv.h"

enum {
    MOST_PARTS = 32,
    FOLDED_MAX = 4 * MOST_PARTS + 1,
    NEAR = 0x700, /* ASCII, Latin and Arabic letters */
    NEAR_TEXT = 7,
};

struct same {
    uint32_t from;
    char to[5];
};
static const struct same letters[] = {
    {0x0671, "ا"}, {0x0649, "ي"},  {0x06CC, "ي"},  {0x06D2, "ي"},  {0x0629, "ه"},
    {0x06C1, "ه"}, {0x06C3, "ه"},  {0x06D5, "ه"},  {0x06BE, "ه"},  {0x06A9, "ك"},
    {0x06AA, "ك"}, {0x00DF, "ss"}, {0x00E6, "ae"}, {0x0153, "oe"}, {0x00F8, "o"},
    {0x0111, "d"}, {0x00F0, "d"},  {0x0142, "l"},  {0x0131, "i"},  {0x00FE, "th"},
};

/* What one decomposed character becomes: a space for what parts words, "" for what doesn't count;
 * made in `bytes` where no table has it. */
static const char *fold_part(uint32_t part, char bytes[5])
{
    int digit = u_charDigitValue((UChar32)part);
    uint32_t category = U_GET_GC_MASK((UChar32)part);
    if (digit >= 0) {
        utf8_put((uint32_t)('0' + digit), bytes);
        return bytes;
    }
    if ((category & (U_GC_M_MASK | U_GC_LM_MASK)) ||
        u_hasBinaryProperty((UChar32)part, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
        return "";
    if (!(category & U_GC_L_MASK) || part == 0xFFFD)
        return " ";
    part = (uint32_t)u_foldCase((UChar32)part, U_FOLD_CASE_DEFAULT);
    for (size_t i = 0; i < SND_COUNT(letters); i++)
        if (letters[i].from == part)
            return letters[i].to;
    utf8_put(part, bytes);
    return bytes;
}

/* What one character becomes: letters, and a space for what parts words. */
static void fold_point(uint32_t point, char out[FOLDED_MAX])
{
    uint32_t parts[MOST_PARTS];
    char bytes[5];
    int count = point < 0x80 ? 0 : norm_decompose(point, parts, MOST_PARTS);
    size_t len = 0;
    if (count == 0) {
        parts[0] = point;
        count = 1;
    }
    for (int i = 0; i < count; i++) {
        const char *folded = fold_part(parts[i], bytes);
        size_t more = strlen(folded);
        snd_assert(len + more < FOLDED_MAX);
        memcpy(out + len, folded, more);
        len += more;
    }
    out[len] = '\0';
}

/* The same for the characters that nearly all texts are made of, each worked out once. */
static const char *fold_near(uint32_t point)
{
    static struct {
        char known, text[NEAR_TEXT];
    } near[NEAR];
    char text[FOLDED_MAX];
    if (!near[point].known) {
        fold_point(point, text);
        size_t len = strlen(text);
        if (len >= NEAR_TEXT)
            return NULL;
        memcpy(near[point].text, text, len + 1);
        near[point].known = 1;
    }
    return near[point].text;
}

void fold_text(const char *text, struct buf *out)
{
    size_t left = strlen(text), used, begin = out->len;
    int gap = 0;
    for (; left > 0; left -= used, text += used) {
        char far[FOLDED_MAX];
        uint32_t point = utf8_get(text, left, &used);
        const char *folded = point < NEAR ? fold_near(point) : NULL;
        if (!folded) {
            fold_point(point, far);
            folded = far;
        }
        while (*folded) {
            size_t len = strcspn(folded, " ");
            if (len && gap && out->len > begin)
                buf_putc(out, ' ');
            buf_put(out, folded, len);
            gap = len ? 0 : gap;
            folded += len;
            if (*folded == ' ') {
                gap = 1;
                folded++;
            }
        }
    }
}

/* «عبد» and the name of God after it are written together or apart, so the space between counts as
 * optional. */
static const char servant[] = "عبد";

static int is_servant(const char *word)
{
    size_t len = sizeof servant - 1;
    return strncmp(word, servant, len) == 0 && word[len] == ' ';
}

/* 1 when the text at `word` begins with the first len bytes of `query`. */
static int begins(const char *word, const char *query, size_t len)
{
    size_t head = sizeof servant - 1;
    if (strncmp(word, query, len) == 0)
        return 1;
    return is_servant(word) && len > head && strncmp(query, servant, head) == 0 &&
           strncmp(word + head + 1, query + head, len - head) == 0;
}

static const char *next_word(const char *word)
{
    const char *space = strchr(word, ' ');
    return space ? space + 1 : NULL;
}

static int has_word(const char *folded, const char *query, size_t len)
{
    for (const char *word = folded; word; word = next_word(word))
        if (begins(word, query, len))
            return 1;
    return 0;
}

/* «عبد الله» in the query, as it would be written together. */
static int has_joined(const char *folded, const char *query, size_t len)
{
    size_t head = sizeof servant - 1;
    for (const char *word = folded; word; word = next_word(word))
        if (strncmp(word, servant, head) == 0 &&
            strncmp(word + head, query + head + 1, len - head - 1) == 0)
            return 1;
    return 0;
}

static int match_words(const char *folded, const char *query)
{
    const char *word = query;
    while (word && *word) {
        size_t len = strcspn(word, " ");
        if (is_servant(word)) {
            size_t both = len + 1 + strcspn(word + len + 1, " ");
            if (has_joined(folded, word, both)) {
                word = next_word(word + len + 1);
                continue;
            }
        }
        if (!has_word(folded, word, len))
            return 0;
        word = next_word(word);
    }
    return 1;
}

int fold_matches(const char *folded, const char *query)
{
    struct buf wanted = BUF_INIT(4096);
    fold_text(query, &wanted);
    int matches = !wanted.failed && match_words(folded, buf_text(&wanted));
    buf_free(&wanted);
    return matches;
}
