/* SPDX-License-Identifier: Apache-2.0 */
/* The picture that widgets paint: a grid of cells in visual order, without a terminal behind it.
 *
 * A screen is painted by blanking rows and putting lines again, so "was touched" says nothing about
 * what the terminal must be sent. Each row therefore counts the cells that differ from the last
 * picture shown, and is dirty while that count isn't zero: a row painted as it was costs no bytes.
 *
 * Invariants: column 0 and the last are always blank (several terminals reorder or wrap there); a
 * filler has the first half of its character on its left; no cell holds a control character. Bad
 * places and sizes draw nothing: they follow from a window somebody made very small. */
#include "term/canvas.h"

#include <string.h>

#include "base/mem.h"
#include "text/input.h"

static const struct canvas_cell blank = {.base = ' ', .look = LOOK_PLAIN};

static int clamp(int value, int least, int most)
{
    if (value < least)
        return least;
    return value > most ? most : value;
}

_Static_assert(sizeof(struct canvas_cell) == 8, "cells are compared as bytes");

static int cells_equal(const struct canvas_cell *a, const struct canvas_cell *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static struct canvas_cell *cell_at(const struct canvas *canvas, int row, int col)
{
    return &canvas->cell[(size_t)row * (size_t)canvas->cols + (size_t)col];
}

/* The only place that changes a cell once the canvas exists: keeps the row's count right. */
static void set_cell(struct canvas *canvas, int row, int col, const struct canvas_cell *now)
{
    struct canvas_cell *cell = cell_at(canvas, row, col);
    const struct canvas_cell *clean = &canvas->clean[cell - canvas->cell];

    canvas->changed[row] += !cells_equal(now, clean) - !cells_equal(cell, clean);
    canvas->dirty[row] = canvas->changed[row] > 0;
    *cell = *now;
}

static int row_exists(const struct canvas *canvas, int row)
{
    return row >= 0 && row < canvas->rows;
}

/* Cuts col..col+count-1 to the columns that may be painted; returns how many are left. */
static int cut_run(const struct canvas *canvas, int row, int *col, int count)
{
    int last;

    if (!row_exists(canvas, row) || count <= 0 || *col > canvas->cols - 2)
        return 0;
    last = count > canvas->cols - 2 - *col ? canvas->cols - 2 : *col + count - 1;
    if (*col < 1)
        *col = 1;
    return last < *col ? 0 : last - *col + 1;
}

/* Before columns col..col+count-1 are overwritten: a two-column character that loses one half
 * there loses the other too. */
static void free_halves(struct canvas *canvas, int row, int col, int count)
{
    if (cell_at(canvas, row, col)->filler)
        set_cell(canvas, row, col - 1, &blank);
    if (cell_at(canvas, row, col + count)->filler)
        set_cell(canvas, row, col + count, &blank);
}

/* The number of this pile of marks; few are ever in use, so they are searched one by one. */
static uint16_t pile_of(struct canvas *canvas, const uint32_t marks[CELL_MARKS])
{
    if (marks[0] == 0)
        return 0;
    for (int i = 1; i < canvas->piles; i++) {
        if (memcmp(canvas->pile[i], marks, sizeof canvas->pile[i]) == 0)
            return (uint16_t)i;
    }
    if (canvas->piles >= CANVAS_PILES_MAX)
        return 0;
    if (canvas->piles == 0)
        canvas->piles = 1;
    canvas->pile = x_realloc(canvas->pile, (size_t)canvas->piles + 1, sizeof *canvas->pile);
    memset(canvas->pile[0], 0, sizeof canvas->pile[0]);
    memcpy(canvas->pile[canvas->piles], marks, sizeof *canvas->pile);
    return (uint16_t)canvas->piles++;
}

const uint32_t *canvas_marks(const struct canvas *canvas, const struct canvas_cell *cell)
{
    static const uint32_t none[CELL_MARKS];

    return cell->marks == 0 ? none : canvas->pile[cell->marks];
}

static int is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

void canvas_init(struct canvas *canvas, int rows, int cols)
{
    size_t cells;

    *canvas = (struct canvas){.rows = clamp(rows, 1, CANVAS_ROWS_MAX),
                              .cols = clamp(cols, 1, CANVAS_COLS_MAX)};
    cells = (size_t)canvas->rows * (size_t)canvas->cols;
    canvas->cell = x_calloc(cells, sizeof *canvas->cell);
    canvas->clean = x_calloc(cells, sizeof *canvas->clean);
    canvas->changed = x_calloc((size_t)canvas->rows, sizeof *canvas->changed);
    canvas->dirty = x_calloc((size_t)canvas->rows, sizeof *canvas->dirty);
    canvas->as = x_calloc((size_t)canvas->rows, sizeof *canvas->as);
    /* The zeroed clean cells equal no cell that is ever painted: so all differ. */
    for (size_t i = 0; i < cells; i++)
        canvas->cell[i] = blank;
    for (int row = 0; row < canvas->rows; row++) {
        canvas->changed[row] = canvas->cols;
        canvas->dirty[row] = 1;
    }
}

void canvas_free(struct canvas *canvas)
{
    x_free(&canvas->cell);
    x_free(&canvas->clean);
    x_free(&canvas->changed);
    x_free(&canvas->dirty);
    x_free(&canvas->as);
    x_free(&canvas->pile);
    *canvas = (struct canvas){0};
}

void canvas_resize(struct canvas *canvas, int rows, int cols)
{
    canvas_free(canvas);
    canvas_init(canvas, rows, cols);
}

void canvas_clean(struct canvas *canvas)
{
    size_t row_size = (size_t)canvas->cols * sizeof *canvas->cell;

    for (int row = 0; row < canvas->rows; row++) {
        if (!canvas->dirty[row])
            continue;
        memcpy(&canvas->clean[row * canvas->cols], cell_at(canvas, row, 0), row_size);
        canvas->changed[row] = 0;
        canvas->dirty[row] = 0;
    }
}

void canvas_blank(struct canvas *canvas, int first, int last)
{
    first = clamp(first, 0, canvas->rows);
    last = clamp(last, 0, canvas->rows);
    for (int row = first; row < last; row++) {
        for (int col = 0; col < canvas->cols; col++)
            set_cell(canvas, row, col, &blank);
        canvas->as[row] = 0;
    }
}

void canvas_turn(struct canvas *canvas, int row, enum turning turning)
{
    if (row_exists(canvas, row))
        canvas->as[row] = (uint8_t)(turning + 1);
}

void canvas_put_left(struct canvas *canvas, int row, int col, const struct line *line,
                     enum look look)
{
    int start = col;
    int count = cut_run(canvas, row, &start, line->count);

    if (count == 0)
        return;
    free_halves(canvas, row, start, count);
    for (int i = 0; i < count; i++) {
        int place = start - col + i;
        const struct cell *from = &line->cells[place];
        struct canvas_cell now = {.base = is_control(from->base) ? 0xfffd : from->base,
                                  .look = (uint8_t)look};

        now.marks = pile_of(canvas, from->marks);
        if (from->filler)
            now = (struct canvas_cell){.filler = 1, .look = (uint8_t)look};
        /* Half a character at the border: nothing of it. */
        if ((from->filler && i == 0) ||
            (i == count - 1 && place + 1 < line->count && line->cells[place + 1].filler))
            now = (struct canvas_cell){.base = ' ', .look = (uint8_t)look};
        set_cell(canvas, row, start + i, &now);
    }
}

void canvas_put_right(struct canvas *canvas, int row, int col, const struct line *line,
                      enum look look)
{
    canvas_put_left(canvas, row, col - line->count + 1, line, look);
}

void canvas_fill(struct canvas *canvas, int row, int col, int count, uint32_t point, enum look look)
{
    struct canvas_cell now = {.base = is_control(point) ? 0xfffd : point, .look = (uint8_t)look};

    count = cut_run(canvas, row, &col, count);
    if (count == 0)
        return;
    free_halves(canvas, row, col, count);
    for (int i = 0; i < count; i++)
        set_cell(canvas, row, col + i, &now);
}

void canvas_look(struct canvas *canvas, int row, int col, int count, enum look look)
{
    count = cut_run(canvas, row, &col, count);
    for (int i = 0; i < count; i++) {
        struct canvas_cell now = *cell_at(canvas, row, col + i);

        now.look = (uint8_t)look;
        set_cell(canvas, row, col + i, &now);
    }
}

void canvas_caret(struct canvas *canvas, int row, int col)
{
    canvas->caret_row = clamp(row, 0, canvas->rows - 1);
    canvas->caret_col = clamp(col, 0, canvas->cols - 1);
}

int canvas_span(const struct canvas *canvas, int row, int *first, int *last)
{
    const struct canvas_cell *now = cell_at(canvas, row, 0);
    const struct canvas_cell *clean = &canvas->clean[row * canvas->cols];
    int from = 0, to = canvas->cols - 1;

    while (from <= to && cells_equal(&now[from], &clean[from]))
        from++;
    while (to > from && cells_equal(&now[to], &clean[to]))
        to--;
    if (from > to)
        return 0;
    while (from > 0 && now[from].filler)
        from--;
    while (to + 1 < canvas->cols && now[to + 1].filler)
        to++;
    *first = from;
    *last = to;
    return 1;
}

static void put_point(struct buf *out, uint32_t point)
{
    char bytes[5];
    int len = utf8_put(point, bytes);

    buf_put(out, bytes, (size_t)len);
}

/* One past the last cell of a row that isn't a bare space. */
static int row_end(const struct canvas *canvas, int row)
{
    int end = canvas->cols;

    while (end > 0) {
        const struct canvas_cell *cell = cell_at(canvas, row, end - 1);

        if (cell->filler || cell->base != ' ' || cell->marks != 0)
            break;
        end--;
    }
    return end;
}

void canvas_text(const struct canvas *canvas, struct buf *out)
{
    for (int row = 0; row < canvas->rows; row++) {
        int end = row_end(canvas, row);

        for (int col = 0; col < end; col++) {
            const struct canvas_cell *cell = cell_at(canvas, row, col);

            if (cell->filler)
                continue;
            const uint32_t *marks = canvas_marks(canvas, cell);

            put_point(out, cell->base);
            for (int i = 0; i < CELL_MARKS && marks[i] != 0; i++)
                put_point(out, marks[i]);
        }
        buf_putc(out, '\n');
    }
}
