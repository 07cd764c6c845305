/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_LAYOUT_H
#define TEXT_LAYOUT_H
/* From logical text to a visual line of terminal cells: shape, order, mirror, cut. Pure functions.
 * A visual line has a type of its own, so that it can't be stored or sent by mistake. */
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/mem.h"

enum text_dir {
    TEXT_LTR,  /* numbers, e-mail, codes: the paragraph runs left to right */
    TEXT_RTL,  /* the paragraph runs right to left */
    TEXT_AUTO, /* first strong character decides; RTL when there is none */
};
#define CELL_MARKS 4 /* ncurses keeps a base and four more in a cell (CCHARW_MAX 5) */

/* One terminal cell of a visual line. */
struct cell {
    uint32_t base;              /* what is drawn: a presentation form, mirrored where needed */
    uint32_t marks[CELL_MARKS]; /* combining marks riding on it, 0 = none */
    int32_t index;              /* first logical character (code point number) it stands for */
    int16_t span;   /* how many logical characters: 2 or more for lam-alef and for marks */
    uint8_t level;  /* its bidi level: odd = right to left */
    uint8_t filler; /* 1 = second half of a two-column character: draw nothing */
};
/* Cells in visual order: cells[0] is leftmost. */
struct line {
    struct cell *cells;
    int count;
    int chars; /* logical characters in the whole text */
    int first; /* the caret positions this line holds: first..end; more than one line only */
    int end;   /* after layout_wrap(): spaces dropped at a break lie between two lines */
    enum text_dir dir; /* the direction it was laid out with: TEXT_LTR or TEXT_RTL, resolved */
    int cut;           /* 1 = did not fit in `width`; ends in an ellipsis at its visual end */
};

/* Stands between two values in one row: two blank cells, segment separators of the bidi algorithm,
 * at which the order of either ends; so a name and a code that are both Latin stand in the order of
 * the row, not in theirs. No input lets the sign in. */
#define LAYOUT_GAP "\x1f\x1f"
#define LAYOUT_GAP_SIGN 0x1fu
/* Lays out one paragraph of UTF-8 (no newlines; characters that have no place on a terminal become
 * U+FFFD, one cell). width: most cells, or 0 for no limit; when it doesn't fit, the text's end is
 * cut and `…` stands at the visual end (the left in RTL). The cells live in `arena`. At most
 * LAYOUT_MOST characters are laid out, whatever the width; a negative width gives an empty line. */
#define LAYOUT_MOST 4096
void layout_line(const char *text, enum text_dir dir, int width, struct arena *arena,
                 struct line *out);

/* The same for a text known to have no cut, given as code points: for the tests of the standard's
 * own data, and for the row transforms. Bidi controls keep their effect here; layout_line() has
 * none for them. */
void layout_points(const uint32_t *text, int count, enum text_dir dir, int width,
                   struct arena *arena, struct line *out);

/* Breaks text into lines of at most `width` cells, at spaces where possible, in logical order;
 * returns how many lines, at most max; out[i] are laid out. Text beyond max lines is cut with `…`.
 * An empty text is one empty line. */
int layout_wrap(const char *text, enum text_dir dir, int width, int max, struct arena *arena,
                struct line *out);
/* From now on, for this process: Arabic letters are laid out as a Latin one each, for terminals
 * that have none; or no longer. */
void layout_latin(int on);
/* Cells that the text takes when nothing cuts it. */
int layout_width(const char *text);
#endif
