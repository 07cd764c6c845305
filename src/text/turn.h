/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_TURN_H
#define TEXT_TURN_H
/* Rows for terminals that put the cells they are given into another order before drawing them. A
 * row that is right on a terminal that leaves order alone is turned so that such a terminal turns
 * it back. Pure functions. */
#include <stdint.h>

/* What a terminal does to a row. Measured on PuTTY's pterm 0.78, Konsole 22.12 and kitty 0.26. */
enum turning {
    TURN_NONE, /* nothing: most of them, and those that were told to leave order alone */
    TURN_AUTO, /* the bidi algorithm over the whole row, which takes its direction from its first
                  letter (PuTTY: terminal.c, term_bidi_line) */
    TURN_LEFT, /* the same from left to right; U+2500-25FF count as Latin letters, and brackets
                  stay as they are (Konsole) */
    TURN_RUNS, /* each run without blanks whose first letter or Arabic digit is Arabic is reversed
                  and mirrored (kitty) */
    TURNINGS,
};
#define TURN_MOST 512 /* columns; what is beyond stays as it is */
struct turn {
    int count;
    int exact;                /* 0 = no order was found that comes out right in every cell */
    uint16_t from[TURN_MOST]; /* visual column of the cell that goes to each column */
    uint16_t to[TURN_MOST];   /* and back: the column that a visual column's cell goes to */
    uint32_t
        base[TURN_MOST]; /* what is sent at each column: mirrored where it comes back mirrored */
    uint8_t hidden[TURN_MOST]; /* 1 = the cell is blank, and base a letter that must not be seen */
};
/* Turns a row of base characters in visual order, without marks; they ride on their base. Columns 0
 * and count-1 should be blank: a letter hidden there gives the row its direction. */
void turn_row(enum turning turning, const uint32_t *row, int count, struct turn *out);
/* What such a terminal shows of a row that it is sent: the character in each column, and, unless
 * NULL, which of the sent ones it is. */
void turn_show(enum turning turning, const uint32_t *sent, int count, uint32_t *shown,
               uint16_t *from);
/* Once per process before its sandbox; takes what the functions above need. */
void turn_warm(void);
#endif
