/* SPDX-License-Identifier: Apache-2.0
 * A paper as plain text, a line each. */
#include "paper/paper.h"

#define RULE "______________________________"

static void put_line(const struct paper_line *line, struct buf *out)
{
    switch (line->kind) {
    case PAPER_HEADING:
        buf_printf(out, "\n%s\n", line->label);
        break;
    case PAPER_PAIR:
        buf_printf(out, "%s: %s\n", line->label, line->text);
        break;
    case PAPER_MORE:
        buf_printf(out, "  %s\n", line->text);
        break;
    case PAPER_BLANK:
        buf_printf(out, "%s: %s\n", line->label, *line->text ? line->text : RULE);
        break;
    case PAPER_FRAME:
        buf_printf(out, RULE "\n%s\n" RULE "\n", line->text);
        break;
    case PAPER_NOTE:
        buf_printf(out, "\n%s\n", line->text);
        break;
    case PAPER_SIGN:
        buf_printf(out, "\n%s: " RULE "\n", line->label);
        break;
    }
}

void paper_text(const struct paper *paper, struct buf *out)
{
    buf_printf(out, "%s\n", paper->title);
    for (size_t i = 0; i < paper->lines; i++)
        put_line(&paper->line[i], out);
}
