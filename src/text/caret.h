/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEXT_CARET_H
#define TEXT_CARET_H
/* Where the caret may stand in a laid-out line, and how keys move it. A caret is a logical position
 * 0..chars (insert before that character). A lam-alef and a base with its marks are one stop. */
#include "text/layout.h"
/* Visual column of a caret, 0..count: the cell of the character it stands before; at the end of the
 * text, the next free cell in the line's direction (-1 = the cell left of the leftmost, count = the
 * cell right of the rightmost). */
int caret_column(const struct line *line, int position);
/* The caret one cell to the left / to the right on the screen; the same when it can't. */
int caret_left(const struct line *line, int position);
int caret_right(const struct line *line, int position);
/* The stop before / after, logically. */
int caret_previous(const struct line *line, int position);
int caret_next(const struct line *line, int position);
/* The logical position of the caret for a click or cell at that column. */
int caret_at(const struct line *line, int column);

/* Editing a UTF-8 text of at most size bytes at a logical position. Each returns the new position.
 * insert: SND_E_LIMIT when it doesn't fit. Backspace takes the alef off a lam-alef, a mark off its
 * base; delete takes a base with its marks. */
SND_MUST int caret_insert(char *text, size_t size, int *position, uint32_t point);
int caret_backspace(char *text, int position);
int caret_delete(char *text, int position);
#endif
