/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_SHAPE_PRIV_H
#define TEXT_SHAPE_PRIV_H
#include <stdint.h>
#include "text/layout.h"

/* What ends up in one cell (or two, when wide): a base, what rides on it, and where it stood. */
struct cluster {
    uint32_t base;
    uint32_t marks[CELL_MARKS];
    int32_t index; /* first character */
    int16_t span;  /* characters */
    uint8_t width; /* cells: 1 or 2 */
    uint8_t level; /* bidi level */
};
/* Builds the tables; called once, more often is harmless. */
void shape_warm(void);
/* Joins `count` (at most LAYOUT_MOST) characters in logical order into clusters; levels[i] is the
 * bidi level of character i. Returns how many clusters. */
int shape_join(const uint32_t *points, const uint8_t *levels, int count, struct cluster *out);
/* The form of a letter behind which the text is cut off: no longer joined to what isn't shown. */
uint32_t shape_alone(uint32_t base);
#endif
