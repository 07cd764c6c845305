/* SPDX-License-Identifier: Apache-2.0
 * How line mode's text goes out. In the order in which it is stored, a paragraph is one line,
 * however long: terminals break it, and what reads aloud or in braille does better with it whole.
 * In the order in which it is seen it is joined, turned and broken here, since a row that a
 * terminal breaks would go on in the wrong place.
 *
 * Whatever stands in a text, no control character goes out but the line's end, and none that turns
 * the order of others. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "text/input.h"
#include "ui/linemode_priv.h"

#define COLUMNS 78
#define LINES_MOST 60
#define TEXT_MOST 8192

static void put_point(struct buf *out, uint32_t point)
{
    char bytes[5];
    buf_put(out, bytes, (size_t)utf8_put(point, bytes));
}

/* Signs that turn the order of others. */
static int turns(uint32_t point)
{
    return point == 0x061c || point == 0x200e || point == 0x200f ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

static void put_logical(const char *text, struct buf *out)
{
    for (size_t left = strlen(text), used; left > 0; text += used, left -= used) {
        uint32_t point = utf8_get(text, left, &used);
        if (point < 0x20 || (point >= 0x7f && point < 0xa0))
            point = ' ';
        if (turns(point))
            continue;
        put_point(out, point_width(point) < 0 ? 0xfffd : point);
    }
}

static void put_cells(const struct line *line, struct buf *out)
{
    int count = line->count;
    while (count > 0 && line->cells[count - 1].base == ' ')
        count--;
    for (int i = 0; i < count; i++) {
        const struct cell *cell = &line->cells[i];
        if (cell->filler)
            continue;
        put_point(out, cell->base);
        for (int k = 0; k < CELL_MARKS && cell->marks[k]; k++)
            put_point(out, cell->marks[k]);
    }
}

void linemode_text(enum linemode_order order, enum text_dir dir, const char *text,
                   struct arena *arena, struct buf *out)
{
    struct line line[LINES_MOST];
    if (order == LINE_ORDER_LOGICAL) {
        put_logical(text, out);
        buf_putc(out, '\n');
        return;
    }
    int count = layout_wrap(text, dir, COLUMNS, LINES_MOST, arena, line);
    for (int i = 0; i < count; i++) {
        put_cells(&line[i], out);
        buf_putc(out, '\n');
    }
}

void linemode_say(struct linemode *lm, const char *text)
{
    enum text_dir dir = lm->ui.rtl && lm->order != LINE_ORDER_LATIN ? TEXT_RTL : TEXT_LTR;
    linemode_text(lm->order, dir, text, lm->ui.arena, &lm->out);
}

void linemode_sayf(struct linemode *lm, const char *format, ...)
{
    char text[TEXT_MOST];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    linemode_say(lm, text);
}

void linemode_say_message(struct linemode *lm)
{
    if (*lm->ui.message)
        linemode_say(lm, lm->ui.message);
    lm->ui.message[0] = '\0';
}
