/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks a paragraph into lines. Levels and shapes are those of the whole paragraph (a number keeps
 * the order it has after the Arabic word on the line before), only the order within each line is
 * its own. Spaces at a break are dropped from the screen; a word longer than a line is broken
 * anywhere between clusters, never within one. */
#include "text/layout_priv.h"

enum { SPACE = 0x20, NO_PLACE = 0xFFFD };

static int is_space(const struct para *para, int at)
{
    return para->clusters[at].base == SPACE && !para->clusters[at].marks[0];
}

/* A two-cell character can't stand in a line of one cell. */
static void narrow(struct para *para, int width)
{
    for (int i = 0; width < 2 && i < para->count; i++) {
        if (para->clusters[i].width > width) {
            para->clusters[i].base = NO_PLACE;
            para->clusters[i].width = 1;
        }
    }
}

/* The cluster after the last of a line that begins at `from`. */
static int line_end(const struct para *para, int from, int width)
{
    int cells = 0, to = from, space = from;
    for (; to < para->count && cells + para->clusters[to].width <= width; to++) {
        cells += para->clusters[to].width;
        if (is_space(para, to))
            space = to;
    }
    if (to == para->count || is_space(para, to) || space == from)
        return to;
    return space;
}

/* Without the spaces before a break, but never an empty line. */
static int trim(const struct para *para, int from, int to)
{
    while (to > from + 1 && is_space(para, to - 1))
        to--;
    return to;
}

int layout_wrap(const char *text, enum text_dir dir, int width, int max, struct arena *arena,
                struct line *out)
{
    struct para *para = layout_analyse(text, dir);
    int lines = 0, from = 0;
    if (width < 1)
        width = 1;
    narrow(para, width);
    while (lines < max && (from < para->count || lines == 0)) {
        int to = line_end(para, from, width), next = to;
        while (next < para->count && is_space(para, next))
            next++;
        int last = next >= para->count && para->held == para->chars;
        if (lines == max - 1 && !last)
            layout_emit_rest(para, from, width, arena, &out[lines++]);
        else
            layout_emit(para, from, last ? to : trim(para, from, to), 0, arena, &out[lines++]);
        from = next;
    }
    return lines;
}
