/* SPDX-License-Identifier: Apache-2.0 */
/* Where the caret stands in a laid-out line. The stops are the first characters of the cells, and
 * the end of the line; each has a column of its own, so a step on the screen is a step to the
 * neighbouring column and back again. A line that was cut has no end to stand at: its last stop is
 * the ellipsis, for all that it hides. */
#include "text/caret.h"

/* The cell that stands for a position, never a second half; -1 if none does. */
static int find_cell(const struct line *line, int position)
{
    for (int i = 0; i < line->count; i++) {
        const struct cell *cell = &line->cells[i];
        if (!cell->filler && position >= cell->index && position < cell->index + cell->span)
            return i;
    }
    return -1;
}

static int end_column(const struct line *line)
{
    return line->dir == TEXT_RTL ? -1 : line->count;
}

int caret_column(const struct line *line, int position)
{
    int cell = find_cell(line, position < line->first ? line->first : position);
    if (cell >= 0)
        return cell;
    /* The ellipsis may hide more than its span can say. */
    if (line->cut && line->count > 0)
        return line->dir == TEXT_RTL ? 0 : line->count - 1;
    return end_column(line);
}

int caret_at(const struct line *line, int column)
{
    int beyond = line->dir == TEXT_RTL ? column < 0 : column >= line->count;
    if (line->count == 0 || beyond)
        return line->end;
    if (column < 0)
        column = 0;
    if (column >= line->count)
        column = line->count - 1;
    return line->cells[column].index;
}

/* The caret `step` cells further, over the second half of a wide character. */
static int move(const struct line *line, int position, int step)
{
    int from = caret_column(line, position), column = from + step;
    int low = line->dir == TEXT_RTL && !line->cut ? -1 : 0;
    int high = line->dir == TEXT_RTL || line->cut ? line->count - 1 : line->count;
    while (column >= 0 && column < line->count && line->cells[column].filler)
        column += step;
    return column < low || column > high ? position : caret_at(line, column);
}

int caret_left(const struct line *line, int position)
{
    return move(line, position, -1);
}

int caret_right(const struct line *line, int position)
{
    return move(line, position, 1);
}

int caret_previous(const struct line *line, int position)
{
    int best = -1;
    if (position > line->end || position <= line->first)
        return position > 0 ? position - 1 : 0;
    for (int i = 0; i < line->count; i++)
        if (line->cells[i].index < position && line->cells[i].index > best)
            best = line->cells[i].index;
    return best < 0 ? line->first : best;
}

int caret_next(const struct line *line, int position)
{
    int best = line->end;
    if (position >= line->end)
        return position < line->chars ? position + 1 : line->chars;
    for (int i = 0; i < line->count; i++)
        if (line->cells[i].index > position && line->cells[i].index < best)
            best = line->cells[i].index;
    return best;
}
