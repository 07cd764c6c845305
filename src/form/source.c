/* SPDX-License-Identifier: Apache-2.0
 * Lines, columns and complaints: what reading a form and reading a list have in common. Columns
 * count characters from 1, as an editor shows them. Whatever the bytes, nothing here reads past
 * them; a text that is no text at all gets one complaint and no lines. */
#include "form/read_priv.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "text/input.h"

void source_complain(struct source *source, int line, int column, const char *format, ...)
{
    char sentence[512];
    va_list args;
    if (source->faults == READ_FAULTS)
        return;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    source->fault[source->faults++] =
        (struct form_fault){line, column, arena_strdup(source->said, sentence)};
}

/* Line and column of the byte at `at` in a whole text. */
static void complain_at_byte(struct source *source, const char *text, const char *at,
                             const char *sentence)
{
    int line = 1, column = 1;
    for (const char *p = text; p < at; p++) {
        column += ((unsigned char)*p & 0xC0) != 0x80;
        if (*p == '\n') {
            line++;
            column = 1;
        }
    }
    source_complain(source, line, column, "%s", sentence);
}

void source_open(struct source *source, const char *text, size_t len, struct arena *keep,
                 struct arena *said)
{
    source->keep = keep;
    source->said = said;
    source->rest = arena_strdup(keep, "");
    const char *zero = memchr(text, '\0', len);
    if (zero)
        complain_at_byte(source, text, zero,
                         "Save the file as UTF-8 text: a zero byte stands here.");
    else if (len > READ_BYTES)
        source_complain(source, 1, 1, "Make the file smaller: at most 256 KiB are read.");
    else
        source->rest = arena_strndup(keep, text, len);
    if (strncmp(source->rest, "\xEF\xBB\xBF", 3) == 0)
        source->rest += 3;
}

int source_column(const struct source *source, const char *at)
{
    int column = source->indent + 1;
    for (const char *p = source->text; p < at; p++)
        column += ((unsigned char)*p & 0xC0) != 0x80;
    return column;
}

/* The first character that may not stand in stored text. */
static const char *first_unclean(const char *text)
{
    size_t left = strlen(text), used;
    for (const char *at = text; left; at += used, left -= used) {
        char one[8] = "";
        (void)utf8_get(at, left, &used);
        memcpy(one, at, used < sizeof one ? used : sizeof one - 1);
        if (!input_is_clean(one))
            return at;
    }
    return text;
}

static int line_is_sound(struct source *source)
{
    if (strlen(source->text) > READ_LINE) {
        source_complain(source, source->line, 1, "Shorten the line: at most %d bytes.", READ_LINE);
        return 0;
    }
    if (!input_is_clean(source->text)) {
        source_complain(source, source->line, source_column(source, first_unclean(source->text)),
                        "Take out the sign here, or type it anew: it is invisible, a joined form, "
                        "a lengthening stroke or not UTF-8.");
        return 0;
    }
    return 1;
}

int source_next(struct source *source)
{
    while (*source->rest) {
        char *begin = source->rest;
        char *end = begin + strcspn(begin, "\n");
        source->rest = *end ? end + 1 : end;
        *end = '\0';
        source->line++;
        source->text = begin + strspn(begin, " \t");
        source->indent = (int)(source->text - begin);
        while (end > source->text && strchr(" \t\r", end[-1]))
            *--end = '\0';
        if (line_is_sound(source) && *source->text && *source->text != '#')
            return 1;
    }
    return 0;
}

int source_words(struct source *source, struct word words[READ_WORDS])
{
    int count = 0;
    for (const char *at = source->text; *at && count < READ_WORDS;) {
        size_t len = strcspn(at, " ");
        words[count++] =
            (struct word){arena_strndup(source->keep, at, len), source_column(source, at)};
        at += len;
        at += strspn(at, " ");
    }
    return count;
}

static int is_arabic_letter(uint32_t point)
{
    return (point >= 0x0620 && point <= 0x064A) || (point >= 0x0671 && point <= 0x06D3);
}

static int count_letters(const char *text, int *latin)
{
    size_t left = strlen(text), used;
    int arabic = 0;
    *latin = 0;
    for (; left; text += used, left -= used) {
        uint32_t point = utf8_get(text, left, &used);
        arabic += is_arabic_letter(point);
        *latin += point < 0x80 && isalpha((int)point);
    }
    return arabic;
}

int source_says(struct source *source, struct word said, enum lang lang)
{
    int latin;
    int arabic = count_letters(said.text, &latin);
    const char *sentence = NULL;
    if (utf8_count(said.text) > READ_TEXT)
        sentence = "Shorten the text: at most 160 characters.";
    else if (lang == LANG_AR && !arabic)
        sentence = "Write the Arabic text here.";
    else if (lang == LANG_EN && arabic)
        sentence = "Write English here; the Arabic belongs on the line of its own.";
    else if (lang == LANG_EN && (!latin || isdigit((unsigned char)said.text[0])))
        sentence = "Write the English text here, with a letter first.";
    if (sentence)
        source_complain(source, source->line, said.column, "%s", sentence);
    return sentence == NULL;
}

int source_is_key(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return islower((unsigned char)*text) && !text[len] && len <= 32;
}

int source_is_code(const char *text)
{
    size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    return isupper((unsigned char)*text) && !text[len] && len >= 2 && len <= 12;
}

static int is_value(const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("_-+", text[i]))
            return 0;
    return len >= 1 && len <= 32;
}

/* The piece up to `|` or the end, trimmed; *at moves behind the `|`, or becomes NULL. */
static struct word next_piece(struct source *source, char **at)
{
    char *begin = *at + strspn(*at, " ");
    char *end = begin + strcspn(begin, "|");
    *at = *end ? end + 1 : NULL;
    while (end > begin && end[-1] == ' ')
        end--;
    return (struct word){arena_strndup(source->keep, begin, (size_t)(end - begin)),
                         source_column(source, begin)};
}

int source_choice(struct source *source, struct choice *out)
{
    struct word piece[3] = {0};
    char *at = source->text + strcspn(source->text, " ");
    int count = 0;
    while (at && count < 3)
        piece[count++] = next_piece(source, &at);
    if (count < 3 || at) {
        source_complain(source, source->line, 1,
                        "Write a value and two labels: %.*s value | عربي | English",
                        (int)strcspn(source->text, " "), source->text);
        return 0;
    }
    if (!is_value(piece[0].text)) {
        source_complain(source, source->line, piece[0].column,
                        "Write a short value of Latin letters, digits, _, - or + before the first |.");
        return 0;
    }
    *out = (struct choice){.value = piece[0].text,
                           .label = {[LANG_AR] = piece[1].text, [LANG_EN] = piece[2].text}};
    return source_says(source, piece[1], LANG_AR) & source_says(source, piece[2], LANG_EN);
}

static int by_line(const void *a, const void *b)
{
    const struct form_fault *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

const struct form_fault *source_faults(struct source *source)
{
    struct form_fault *sorted = arena_alloc(source->said, (source->faults + 1) * sizeof *sorted);
    memcpy(sorted, source->fault, source->faults * sizeof *sorted);
    qsort(sorted, source->faults, sizeof *sorted, by_line);
    return sorted;
}
