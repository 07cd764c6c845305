/* SPDX-License-Identifier: Apache-2.0
 * For the end-to-end tests: prints a text as it stands on a terminal, shaped and in visual order,
 * so that a captured screen can be searched for it. usage: visual TEXT [ar|en]: as a sentence of a
 * screen in that language; otherwise as the text itself says. */
#include <stdio.h>
#include <string.h>
#include "base/mem.h"
#include "text/input.h"
#include "text/layout.h"
#include "text/text.h"

static void put(uint32_t point)
{
    char utf8[5];
    utf8_put(point, utf8);
    fputs(utf8, stdout);
}

int main(int argc, char **argv)
{
    struct line line;
    enum text_dir dir = TEXT_AUTO;
    if ((argc != 2 && argc != 3) || text_open() != 0)
        return 2;
    if (argc == 3)
        dir = strcmp(argv[2], "ar") == 0 ? TEXT_RTL : TEXT_LTR;
    struct arena *arena = arena_new();
    layout_line(argv[1], dir, 0, arena, &line);
    for (int i = 0; i < line.count; i++) {
        if (line.cells[i].filler)
            continue;
        put(line.cells[i].base);
        for (int m = 0; m < CELL_MARKS && line.cells[i].marks[m]; m++)
            put(line.cells[i].marks[m]);
    }
    putchar('\n');
    arena_free(&arena);
    return 0;
}
