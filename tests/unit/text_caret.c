/* SPDX-License-Identifier: Apache-2.0 */
/* The caret in 1000 generated lines of Arabic with and without marks, Latin, digits, signs and wide
 * characters: every stop has a column of its own, arrows go there and back, and editing leaves text
 * that is whole. The generator's seed is fixed, so a failure comes again. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "tests/tap.h"
#include "text/caret.h"
#include "text/input.h"

enum { LINES = 1000, MOST_PIECES = 12, SHOWN = 10 };

static const char *const pieces[] = {"محمد",     "لا",
                                     "سلام",     "مُحَمَّدٌ",
                                     " ",        "  ",
                                     "abc",      "Al-Hinai",
                                     "99123456", "٣٤",
                                     "(",        ")",
                                     "-",        "/",
                                     "«",        "»",
                                     "3.5",      "%",
                                     "é",        "مؤمن",
                                     "ﷲ",        "中",
                                     "文字",     "إلى",
                                     "لأن",      "الآ",
                                     "+968",     ":",
                                     "،",        "؟",
                                     "لَا",       "x",
                                     "بـ",       "e\u0301\u0302"};

static uint32_t seed = 20171122;

static uint32_t dice(uint32_t sides)
{
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) % sides;
}

static void make_line(char *out, size_t size)
{
    out[0] = '\0';
    for (uint32_t left = dice(MOST_PIECES) + 1; left > 0; left--) {
        size_t used = strlen(out);
        str_copy(out + used, size - used, pieces[dice(SND_COUNT(pieces))]);
    }
}

/* Every stop from the first to the end: its column is its own, and leads back to it. */
static int stops_and_columns(const struct line *line)
{
    char taken[2048] = {0};
    int stops = 1, cells = 0;
    for (int i = 0; i < line->count; i++)
        cells += !line->cells[i].filler;
    for (int at = 0;; stops++) {
        int column = caret_column(line, at), next = caret_next(line, at);
        if (column < -1 || column > line->count || taken[column + 1]++ ||
            caret_at(line, column) != at)
            return 0;
        if (at == line->chars)
            break;
        if (next <= at || caret_previous(line, next) != at)
            return 0;
        at = next;
    }
    return stops == cells + 1;
}

/* From one edge to the other by the arrow and back: every stop is met, and steps undo each other.
 */
static int arrows(const struct line *line)
{
    int rtl = line->dir == TEXT_RTL, at = line->count ? caret_at(line, line->count - 1) : 0;
    int edge = rtl ? at : line->end, steps = 0, cells = 0;
    for (int i = 0; i < line->count; i++)
        cells += !line->cells[i].filler;
    at = edge;
    if (caret_right(line, at) != at)
        return 0;
    for (int left; (left = caret_left(line, at)) != at; at = left, steps++)
        if (caret_right(line, left) != at || caret_column(line, left) >= caret_column(line, at))
            return 0;
    return steps == cells && caret_column(line, at) == (rtl ? -1 : 0);
}

static int there_and_back(const char *text, enum text_dir dir)
{
    struct arena *arena = arena_new();
    struct line line;
    layout_line(text, dir, 0, arena, &line);
    int good = stops_and_columns(&line) && arrows(&line);
    arena_free(&arena);
    return good;
}

static void all_lines(void)
{
    int wrong = 0;
    for (int i = 0; i < LINES; i++) {
        char text[512];
        make_line(text, sizeof text);
        for (enum text_dir dir = TEXT_LTR; dir <= TEXT_AUTO; dir++)
            if (!there_and_back(text, dir) && wrong++ < SHOWN)
                tap_note("direction %d: [%s]", (int)dir, text);
    }
    tap_ok(wrong == 0, "every caret stop of 1000 mixed lines there and back");
}

/* What is typed at a stop (never between a base and its marks) is taken back by backspace; delete
 * empties a text from its start. */
static int edits(const char *text)
{
    char copy[600];
    int length = (int)utf8_count(text);
    for (int at = 0; at <= length; at++) {
        size_t used, offset = utf8_offset(text, (size_t)at);
        int position = at;
        str_copy(copy, sizeof copy, text);
        if (point_width(utf8_get(text + offset, strlen(text + offset), &used)) == 0)
            continue;
        if (caret_insert(copy, sizeof copy, &position, 'z') || position != at + 1 ||
            caret_backspace(copy, position) != at || strcmp(copy, text) != 0)
            return 0;
    }
    for (int left = length; left > 0; left--) {
        if (copy[0] == '\0')
            break;
        caret_delete(copy, 0);
    }
    return copy[0] == '\0';
}

static void all_edits(void)
{
    int wrong = 0;
    for (int i = 0; i < LINES / 10; i++) {
        char text[512];
        struct buf clean = BUF_INIT(512);
        make_line(text, sizeof text);
        int verdict = input_clean(text, strlen(text), &clean);
        if (verdict && verdict != SND_E_BAD)
            wrong++;
        if (!edits(buf_text(&clean)) && wrong++ < SHOWN)
            tap_note("[%s]", buf_text(&clean));
        buf_free(&clean);
    }
    tap_ok(wrong == 0, "typing and taking back leaves the text as it was");
}

static void words(void)
{
    char text[16] = "سلا";
    int at = caret_backspace(text, 3);
    tap_ok(at == 2 && strcmp(text, "سل") == 0, "backspace takes the alef off a lam-alef");
    str_copy(text, sizeof text, "بَّ");
    at = caret_backspace(text, 3);
    tap_ok(at == 2 && utf8_count(text) == 2, "backspace takes one mark off its base");
    str_copy(text, sizeof text, "بَّا");
    at = caret_delete(text, 0);
    tap_ok(at == 0 && strcmp(text, "ا") == 0, "delete takes a base with its marks");
    str_copy(text, sizeof text, "ا");
    at = 1;
    tap_ok(caret_insert(text, sizeof text, &at, 0x0654) == 0 && at == 1 && strcmp(text, "أ") == 0,
           "a typed hamza above composes with its alef");
    str_copy(text, sizeof text, "ب\u0651");
    at = 2;
    tap_ok(caret_insert(text, sizeof text, &at, 0x064E) == 0 && at == 3 &&
               strcmp(text, "ب\u064E\u0651") == 0,
           "a mark typed out of order finds its place");
    str_copy(text, sizeof text, "0123456789abcd");
    at = 14;
    tap_ok(caret_insert(text, sizeof text, &at, 0x0628) == SND_E_LIMIT && at == 14 &&
               strcmp(text, "0123456789abcd") == 0,
           "what does not fit changes nothing");
    at = 3;
    tap_ok(caret_insert(text, sizeof text, &at, 'x') == 0 && at == 4 &&
               strcmp(text, "012x3456789abcd") == 0,
           "the last byte can be used");
}

static void cut_line(void)
{
    struct arena *arena = arena_new();
    struct line line;
    layout_line("محمد بن سالم", TEXT_RTL, 6, arena, &line);
    tap_ok(line.cut && caret_column(&line, line.chars) == 0 && caret_column(&line, line.end) == 0,
           "the end of a cut line is its ellipsis");
    tap_is_int(caret_left(&line, line.end), line.end, "there is nothing left of it");
    layout_line("abcdef", TEXT_LTR, 4, arena, &line);
    tap_is_int(caret_right(&line, 3), 3, "nor right of it from left to right");
    layout_line("", TEXT_RTL, 0, arena, &line);
    tap_ok(caret_column(&line, 0) == -1 && caret_left(&line, 0) == 0 && caret_right(&line, 0) == 0,
           "an empty line has one stop");
    arena_free(&arena);
}

int main(void)
{
    all_lines();
    all_edits();
    words();
    cut_line();
    return tap_done();
}
