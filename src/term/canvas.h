/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TERM_CANVAS_H
#define TERM_CANVAS_H
/* A screen full of cells in visual order: what the widgets paint and what the golden tests read.
 * Coordinates: row 0 on top, column 0 leftmost. Column 0 and the last stay blank.
 * Pure: no ncurses. */
#include <stdint.h>
#include "base/buf.h"
#include "text/layout.h"
#include "text/turn.h"

/* Looks are meanings, not colours; term/looks.def says how each tier draws them. */
enum look {
#define LOOK(name, mono, colour16) LOOK_##name,
#include "term/looks.def"
#undef LOOK
    LOOK_COUNT
};
/* Eight bytes, without holes: two cells are compared, and a screen of them copied, at every key. */
struct canvas_cell {
    uint32_t base;
    uint16_t marks; /* which pile of marks: canvas_marks(); 0 = none */
    uint8_t look;
    uint8_t filler;
};
/* Sizes outside 1..CANVAS_ROWS_MAX and 1..CANVAS_COLS_MAX are clamped: a client
 * says them. */
#define CANVAS_ROWS_MAX 300
#define CANVAS_COLS_MAX 500
/* Different piles of marks that one canvas remembers; letters with further ones stand bare. */
#define CANVAS_PILES_MAX 4096
struct canvas {
    int rows, cols;
    struct canvas_cell *cell;  /* [rows*cols] */
    struct canvas_cell *clean; /* [rows*cols]: as they were at canvas_clean() */
    int *changed;              /* [rows]: how many cells differ from clean */
    uint8_t *dirty;            /* [rows]: changed since canvas_clean() */
    uint8_t *as;               /* [rows]: 0, or canvas_turn()'s turning and one */
    int caret_row, caret_col;
    uint32_t (*pile)[CELL_MARKS]; /* the piles of marks seen so far; pile 0 is empty */
    int piles;
};
/* A blank canvas; every row is dirty, since nobody knows what the terminal shows. The same after a
 * resize. */
void canvas_init(struct canvas *canvas, int rows, int cols);
void canvas_free(struct canvas *canvas);
void canvas_resize(struct canvas *canvas, int rows, int cols);
/* What stands there now is what the terminal shows: no row is dirty. */
void canvas_clean(struct canvas *canvas);
/* Blanks rows first..last-1. Cells that end up as they were don't make a row dirty. */
void canvas_blank(struct canvas *canvas, int first, int last);
/* Puts a laid-out line with its leftmost cell at col / its rightmost cell at col. Cells outside
 * 1..cols-2 are dropped. */
void canvas_put_left(struct canvas *canvas, int row, int col, const struct line *line,
                     enum look look);
void canvas_put_right(struct canvas *canvas, int row, int col, const struct line *line,
                      enum look look);
/* One character count times, from col to the right. */
void canvas_fill(struct canvas *canvas, int row, int col, int count, uint32_t point,
                 enum look look);
void canvas_look(struct canvas *canvas, int row, int col, int count, enum look look);
/* This row is to be turned so, whatever the terminal is, until it is blanked: a sample. */
void canvas_turn(struct canvas *canvas, int row, enum turning turning);
/* Where the terminal's cursor belongs; clamped into the canvas. */
void canvas_caret(struct canvas *canvas, int row, int col);
/* The marks that ride on a cell: CELL_MARKS of them, 0 after the last. Borrowed until the next put.
 */
const uint32_t *canvas_marks(const struct canvas *canvas, const struct canvas_cell *cell);
/* The columns of a row that differ from canvas_clean(), whole characters: 1 and *first, *last, or
 * 0. */
int canvas_span(const struct canvas *canvas, int row, int *first, int *last);
/* The picture as text, one line a row, trailing blanks gone; marks after their base. */
void canvas_text(const struct canvas *canvas, struct buf *out);
#endif
