/* SPDX-License-Identifier: Apache-2.0 */
/* The canvas: borders, halves of wide characters, and which rows are dirty. */
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "term/canvas.h"
#include "tests/tap.h"

static struct canvas canvas;

static int dirty_rows(void)
{
    int count = 0;

    for (int row = 0; row < canvas.rows; row++)
        count += canvas.dirty[row] != 0;
    return count;
}

static void is_row(int row, const char *want, const char *name)
{
    struct buf text = BUF_INIT(1 << 20);
    const char *line;
    char *copy;

    canvas_text(&canvas, &text);
    copy = buf_take(&text);
    line = copy;
    for (int i = 0; i < row; i++)
        line = strchr(line, '\n') + 1;
    copy[(size_t)(line - copy) + strcspn(line, "\n")] = '\0';
    tap_is(line, want, name);
    x_free(&copy);
}

/* A line of ASCII; '#' is the second half of the character before it. */
static struct line ascii(struct cell *cells, const char *text)
{
    struct line line = {.cells = cells};

    for (; text[line.count] != '\0'; line.count++) {
        cells[line.count] = (struct cell){.base = (uint8_t)text[line.count]};
        if (text[line.count] == '#')
            cells[line.count] = (struct cell){.filler = 1};
    }
    return line;
}

static void put_left(int row, int col, const char *text)
{
    struct cell cells[64];
    struct line line = ascii(cells, text);

    canvas_put_left(&canvas, row, col, &line, LOOK_PLAIN);
}

static void put_right(int row, int col, const char *text)
{
    struct cell cells[64];
    struct line line = ascii(cells, text);

    canvas_put_right(&canvas, row, col, &line, LOOK_PLAIN);
}

static void test_borders(void)
{
    canvas_init(&canvas, 4, 10);
    put_left(0, 0, "0123456789");
    is_row(0, " 12345678", "the first and the last column stay blank");
    put_left(0, -3, "0123456789");
    is_row(0, " 45678978", "cut on the left");
    put_left(1, 6, "abcdef");
    is_row(1, "      abc", "cut on the right");
    put_right(2, 8, "abc");
    is_row(2, "      abc", "put by its rightmost cell");
    put_right(2, 2, "vwxyz");
    is_row(2, " yz   abc", "cut on the left, put by its rightmost cell");
    put_left(-1, 1, "x");
    put_left(4, 1, "x");
    put_left(3, 9, "x");
    put_left(3, 2000000000, "x");
    put_left(3, -2000000000, "x");
    put_left(3, 1, "");
    canvas_fill(&canvas, 3, 3, -1, 'x', LOOK_PLAIN);
    canvas_look(&canvas, 9, 3, 1, LOOK_ERROR);
    is_row(3, "", "places outside draw nothing");
    canvas_fill(&canvas, 3, -5, 2000000000, '-', LOOK_HEADER);
    is_row(3, " --------", "a fill is cut on both sides");
    tap_ok(canvas.cell[3 * 10].look == LOOK_PLAIN && canvas.cell[3 * 10 + 9].look == LOOK_PLAIN,
           "the border has no look");
    canvas_blank(&canvas, -7, 99);
    is_row(3, "", "blanked");
    canvas_free(&canvas);
}

static void test_wide(void)
{
    canvas_init(&canvas, 1, 10);
    put_left(0, 1, "W#W#W#");
    is_row(0, " WWW", "wide characters");
    put_left(0, 2, "a");
    is_row(0, "  aWW", "over a second half: the first goes too");
    put_left(0, 3, "b");
    is_row(0, "  ab W", "over a first half: the second goes too");
    put_left(0, 7, "xW#");
    is_row(0, "  ab Wx", "no half at the right border");
    put_left(0, 0, "W#y");
    is_row(0, "  yb Wx", "no half at the left border");
    canvas_fill(&canvas, 0, 6, 1, '.', LOOK_PLAIN);
    is_row(0, "  yb  .x", "a fill over a half");
    canvas_free(&canvas);
}

static void test_dirty(void)
{
    canvas_init(&canvas, 5, 20);
    tap_is_int(dirty_rows(), 5, "all rows are dirty at first");
    canvas_clean(&canvas);
    tap_is_int(dirty_rows(), 0, "none when clean");
    put_left(1, 1, "name");
    tap_ok(dirty_rows() == 1 && canvas.dirty[1], "the row that changed");
    canvas_clean(&canvas);
    canvas_blank(&canvas, 0, 5);
    tap_is_int(dirty_rows(), 1, "blanked: only the row that held something");
    put_left(1, 1, "name");
    tap_is_int(dirty_rows(), 0, "painted as it was: nothing is dirty");
    canvas_look(&canvas, 1, 1, 4, LOOK_ERROR);
    tap_is_int(dirty_rows(), 1, "a look alone");
    canvas_look(&canvas, 1, 1, 4, LOOK_PLAIN);
    tap_is_int(dirty_rows(), 0, "and back");
    canvas_caret(&canvas, 3, 3);
    tap_is_int(dirty_rows(), 0, "the caret dirties nothing");
    canvas_resize(&canvas, 6, 30);
    tap_is_int(dirty_rows(), 6, "all after a resize");
    canvas_free(&canvas);
}

static void test_caret(void)
{
    canvas_init(&canvas, 24, 80);
    canvas_caret(&canvas, 99, -1);
    tap_ok(canvas.caret_row == 23 && canvas.caret_col == 0, "the caret is clamped");
    canvas_caret(&canvas, -1, 80);
    tap_ok(canvas.caret_row == 0 && canvas.caret_col == 79, "on all sides");
    canvas_free(&canvas);
    canvas_init(&canvas, 0, -3);
    tap_ok(canvas.rows == 1 && canvas.cols == 1, "no canvas without a cell");
    put_left(0, 0, "x");
    is_row(0, "", "a single column is border");
    canvas_free(&canvas);
}

static void test_text(void)
{
    struct cell cells[] = {{.base = 0xfeb3, .marks = {0x651, 0x64e}}, {.base = 0x1b}};
    struct line line = {.cells = cells, .count = 2};

    canvas_init(&canvas, 1, 20);
    canvas_put_left(&canvas, 0, 1, &line, LOOK_PLAIN);
    is_row(0, " \357\272\263\331\221\331\216\357\277\275",
           "marks after their base; a control is never kept");
    canvas_free(&canvas);
}

int main(void)
{
    test_borders();
    test_wide();
    test_dirty();
    test_caret();
    test_text();
    return tap_done();
}
