/* SPDX-License-Identifier: Apache-2.0 */
/* Lines as they are seen: order by field kind, mirroring, cutting, wrapping, marks, wide and
 * misplaced characters, and what a line must keep true whatever is in it. */
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "tests/tap.h"
#include "text/input.h"
#include "text/layout.h"
#include "text/text.h"

static struct arena *arena;

/* The bases (or with marks, both) of a line from the left. */
static const char *seen(const struct line *line)
{
    static struct buf out = BUF_INIT(65536);
    buf_clear(&out);
    for (int i = 0; i < line->count; i++) {
        const struct cell *cell = &line->cells[i];
        char bytes[5];
        if (cell->filler)
            continue;
        buf_put(&out, bytes, (size_t)utf8_put(cell->base, bytes));
        for (int k = 0; k < CELL_MARKS && cell->marks[k]; k++)
            buf_put(&out, bytes, (size_t)utf8_put(cell->marks[k], bytes));
    }
    return buf_text(&out);
}

static const char *laid(const char *text, enum text_dir dir, int width)
{
    struct line line;
    layout_line(text, dir, width, arena, &line);
    return seen(&line);
}

static void order(void)
{
    tap_is(laid("+968 9912-3456", TEXT_LTR, 0), "+968 9912-3456", "a phone number, left to right");
    tap_is(laid("+968 9912-3456", TEXT_RTL, 0), "9912-3456 968+", "the same right to left");
    tap_is(laid("هاتف 9912-3456", TEXT_RTL, 0), "3456-9912 ﻒﺗﺎﻫ", "and after an Arabic word");
    tap_is(laid("رقم A-7 (مبنى)", TEXT_RTL, 0), "(ﻰﻨﺒﻣ) A-7 ﻢﻗﺭ", "mirrored brackets");
    tap_is(laid("رقم «٣٤»", TEXT_RTL, 0), "«٣٤» ﻢﻗﺭ", "mirrored quotes, digits in their order");
    tap_is(laid("abc سلام", TEXT_AUTO, 0), "abc ﻡﻼﺳ", "the first strong letter decides: Latin");
    tap_is(laid("سلام abc", TEXT_AUTO, 0), "abc ﻡﻼﺳ", "the first strong letter decides: Arabic");
    tap_is(laid("12/3", TEXT_AUTO, 0), "12/3", "a number alone");
    tap_is(laid("- 1", TEXT_AUTO, 0), "1 -", "without a letter it runs right to left");
    tap_is(laid("a\u202Eb\u061C", TEXT_LTR, 0), "a\uFFFDb\uFFFD", "controls are seen, not heeded");
    tap_is(laid("a\tb\x1B\n", TEXT_LTR, 0), "a\uFFFDb\uFFFD\uFFFD", "so are C0 and line ends");
    tap_is(laid("\xFFس", TEXT_RTL, 0), "ﺱ\uFFFD", "malformed bytes too");
    tap_is(laid("\U0001E900\U00010900a", TEXT_RTL, 0), "a\U00010900\U0001E900",
           "right to left beyond the BMP");
}

/* Values of either script, one after another in the row's order. */
static void apart(void)
{
    tap_is(laid("بطاقة.pdf" LAYOUT_GAP "PDF" LAYOUT_GAP "4f3a", TEXT_RTL, 0),
           "4f3a  PDF  pdf.ﺔﻗﺎﻄﺑ", "a file's name with a Latin ending, and what it is");
    tap_is(laid("7K3M9QX" LAYOUT_GAP "John Smith", TEXT_RTL, 0), "John Smith  7K3M9QX",
           "a number and a Latin name");
    tap_is(laid("7K3M9QX" LAYOUT_GAP "John Smith", TEXT_LTR, 0), "7K3M9QX  John Smith",
           "the same left to right");
    tap_is(laid("سالم" LAYOUT_GAP "علي", TEXT_LTR, 0), "ﻢﻟﺎﺳ  ﻲﻠﻋ",
           "two Arabic names left to right");
    tap_is_int(layout_width("ab" LAYOUT_GAP "cd"), 6, "two cells between them");
}

static void cells(void)
{
    struct line line;
    layout_line("سلام", TEXT_RTL, 0, arena, &line);
    tap_ok(line.count == 3 && line.chars == 4 && line.cells[1].index == 1 &&
               line.cells[1].span == 2 && line.cells[1].level == 1 && line.cells[0].index == 3,
           "index and span of a lam-alef");
    layout_line("b\u064E\u0651\u064B\u0652\u064F\u0650", TEXT_LTR, 0, arena, &line);
    tap_ok(line.count == 1 && line.cells[0].span == 7 && line.cells[0].marks[3] == 0x0652,
           "four marks ride, more are counted");
    layout_line("\u064Eب", TEXT_RTL, 0, arena, &line);
    tap_ok(line.count == 2 && line.cells[1].base == 0x25CC && line.cells[1].marks[0] == 0x064E,
           "a mark without a base gets a circle");
    layout_line("中ب文", TEXT_RTL, 0, arena, &line);
    tap_ok(line.count == 5 && line.cells[0].base == 0x6587 && line.cells[1].filler &&
               line.cells[1].index == 2 && line.cells[3].base == 0x4E2D && line.cells[4].filler,
           "a wide character takes two cells, its second to the right");
    layout_line("ab", TEXT_LTR, 0, arena, &line);
    tap_ok(line.cells[1].index == 1 && line.cells[1].span == 1 && line.cells[1].level == 0 &&
               line.first == 0 && line.end == 2,
           "plain cells");
}

static void cutting(void)
{
    struct line line;
    tap_is(laid("محمد بن سالم", TEXT_RTL, 8), "…ﻦﺑ ﺪﻤﺤﻣ",
           "the ellipsis at the left, no space before it");
    tap_is(laid("محمد بن", TEXT_RTL, 3), "…ﺢﻣ", "a letter is not joined to what is cut off");
    tap_is(laid("hello world", TEXT_LTR, 7), "hello…", "the ellipsis at the right");
    tap_is(laid("hello world", TEXT_RTL, 8), "…hello w", "Latin cut in a right-to-left field");
    tap_is(laid("سلام", TEXT_RTL, 3), "ﻡﻼﺳ", "what fits is not cut");
    tap_is(laid("سلام", TEXT_RTL, 2), "…ﺱ", "a lam-alef is not cut in two");
    tap_is(laid("中文字", TEXT_LTR, 4), "中…", "nor a wide character");
    tap_is(laid("سلام", TEXT_RTL, 1), "…", "a single cell");
    layout_line("سلام عليكم", TEXT_RTL, 5, arena, &line);
    tap_ok(line.cut && line.count == 4 && line.cells[0].index == 4 && line.cells[0].span == 6 &&
               line.end == 4 && line.chars == 10,
           "the ellipsis stands for the rest");
    layout_line("سلام", TEXT_RTL, -3, arena, &line);
    tap_ok(line.count == 0 && line.cut && line.chars == 4, "no width, no cells");
    layout_line("", TEXT_AUTO, 0, arena, &line);
    tap_ok(line.count == 0 && !line.cut && line.dir == TEXT_RTL, "an empty line");
}

static void long_text(void)
{
    static char text[40000 * 2 + 1];
    struct line line;
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "ب", 2);
    layout_line(text, TEXT_RTL, 0, arena, &line);
    tap_ok(line.count == LAYOUT_MOST + 1 && line.cut && line.chars == 40000 &&
               line.cells[0].base == 0x2026,
           "a text without end is cut at the most");
    layout_line(text, TEXT_RTL, 80, arena, &line);
    tap_ok(line.count == 80 && line.cells[1].base == 0xFE90 && line.cells[2].base == 0xFE92,
           "and at a width");
    memset(text, 'x', sizeof text - 1);
    layout_line(text, TEXT_LTR, 0, arena, &line);
    tap_ok(line.count == LAYOUT_MOST + 1 && line.cut && line.chars == 80000, "plain text too");
    tap_is_int(layout_width("سلام عليكم"), 9, "width of joined text");
    tap_is_int(layout_width("abc"), 3, "width of plain text");
    tap_is_int(layout_width("中e\u0301"), 3, "width with marks and wide characters");
}

static void wrapping(void)
{
    struct line lines[8];
    const char *text = "سعيد بن راشد بن حمد 12 abc";
    int count = layout_wrap(text, TEXT_AUTO, 12, 8, arena, lines);
    tap_ok(count == 3 && strcmp(seen(&lines[0]), "ﺪﺷﺍﺭ ﻦﺑ ﺪﻴﻌﺳ") == 0 &&
               strcmp(seen(&lines[1]), "12 ﺪﻤﺣ ﻦﺑ") == 0 && strcmp(seen(&lines[2]), "abc") == 0,
           "broken at spaces, each line in its own order");
    tap_ok(lines[0].first == 0 && lines[0].end == 12 && lines[1].first == 13 &&
               lines[2].end == 26 && lines[2].dir == TEXT_RTL && lines[2].cells[0].index == 23,
           "what each line holds");
    count = layout_wrap(text, TEXT_AUTO, 12, 2, arena, lines);
    tap_ok(count == 2 && lines[1].cut && strcmp(seen(&lines[1]), "…a 12 ﺪﻤﺣ ﻦﺑ") == 0,
           "the last line that is allowed says that there is more");
    count = layout_wrap("abcdefghij kl", TEXT_LTR, 4, 8, arena, lines);
    tap_ok(count == 4 && strcmp(seen(&lines[1]), "efgh") == 0 && strcmp(seen(&lines[3]), "kl") == 0,
           "a word longer than a line is broken");
    count = layout_wrap("", TEXT_RTL, 10, 8, arena, lines);
    tap_ok(count == 1 && lines[0].count == 0, "nothing is one empty line");
    tap_is_int(layout_wrap("abc", TEXT_LTR, 10, 0, arena, lines), 0, "no lines allowed");
    count = layout_wrap("中文", TEXT_LTR, 1, 8, arena, lines);
    tap_ok(count == 2 && lines[0].count == 1 && lines[0].cells[0].base == 0xFFFD,
           "a wide character in a column of one cell");
    count = layout_wrap("abc   def", TEXT_LTR, 3, 8, arena, lines);
    tap_ok(count == 2 && lines[1].count == 3 && lines[0].end == 3 && lines[1].first == 6,
           "spaces at a break are dropped");
}

int main(void)
{
    tap_is_int(text_open(), 0, "the room opens");
    arena = arena_new();
    order();
    apart();
    cells();
    cutting();
    long_text();
    wrapping();
    arena_free(&arena);
    return tap_done();
}
