/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes through the room: cleaned, laid out in each direction and width, wrapped, walked by the
 * caret, edited and folded. The first byte chooses the width. What must hold is asserted. */
#include <stdint.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "text/caret.h"
#include "text/date.h"
#include "text/fold.h"
#include "text/input.h"
#include "text/layout.h"
#include "text/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_LINES = 16, MOST_BYTES = 1 << 16 };

static void check_cells(const struct line *line, int width)
{
    snd_assert(line->count >= 0 && (width == 0 || line->count <= width));
    for (int i = 0; i < line->count; i++) {
        const struct cell *cell = &line->cells[i];
        snd_assert(point_width(cell->base) >= 1);
        snd_assert(cell->index >= 0 && cell->index < line->chars && cell->span > 0);
        for (int k = 0; k < CELL_MARKS && cell->marks[k]; k++)
            snd_assert(point_width(cell->marks[k]) == 0);
    }
}

static void walk_caret(const struct line *line)
{
    int left = line->end;
    for (int at = line->first, next; at < line->end; at = next) {
        int column = caret_column(line, at);
        next = caret_next(line, at);
        snd_assert(next > at && caret_previous(line, next) == at);
        snd_assert(caret_at(line, column) == at);
    }
    for (int steps = 0, next; (next = caret_left(line, left)) != left; left = next, steps++)
        snd_assert(steps <= line->count + 1 && caret_right(line, next) == left);
}

static void lay_out(const char *text, int width)
{
    struct arena *arena = arena_new();
    struct line line, lines[MOST_LINES];
    for (enum text_dir dir = TEXT_LTR; dir <= TEXT_AUTO; dir++) {
        layout_line(text, dir, width, arena, &line);
        check_cells(&line, width);
        if (line.count < 512)
            walk_caret(&line);
        int count = layout_wrap(text, dir, width, MOST_LINES, arena, lines);
        snd_assert(count >= 1 && count <= MOST_LINES);
        for (int i = 0; i < count; i++) {
            check_cells(&lines[i], width ? width : 1);
            snd_assert(i == 0 || lines[i].first >= lines[i - 1].end);
        }
    }
    snd_assert(layout_width(text) >= 0);
    arena_free(&arena);
}

static void edit(const char *text)
{
    size_t size = strlen(text) + 8;
    char *copy = x_alloc(size);
    int at = (int)(size / 3);
    str_copy(copy, size, text);
    if (caret_insert(copy, size, &at, 0x0651) == 0)
        at = caret_backspace(copy, at);
    caret_delete(copy, at);
    digits_to_ascii(copy);
    snd_assert(strlen(copy) < size);
    x_free(&copy);
}

static void read_values(const char *text)
{
    int32_t day;
    int64_t baisa;
    int line;
    char out[32];
    if (date_parse(text, CALENDAR_ANY, &day) == 0)
        date_text(day, CALENDAR_HIJRI, out);
    if (money_parse(text, &baisa) == 0)
        snd_assert(money_text(baisa, out, sizeof out) == 0);
    if (date_offsets_load(text, &line) == 0)
        snd_assert(date_offsets_load("", &line) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int width = size ? data[0] : 0;
    if (size > MOST_BYTES)
        return 0;
    size -= size > 0;
    char *text = x_strndup(data ? (const char *)data + (width || size) : "", size);
    struct buf clean = BUF_INIT(size * 8 + 64), folded = BUF_INIT(size * 32 + 64);
    (void)!input_clean(text, strlen(text), &clean);
    snd_assert(!clean.failed && input_is_clean(buf_text(&clean)));
    lay_out(text, width);
    lay_out(buf_text(&clean), width);
    fold_text(text, &folded);
    snd_assert(!folded.failed && fold_matches(buf_text(&folded), "") == 1);
    edit(text);
    edit(buf_text(&clean));
    read_values(text);
    (void)text_compare(text, buf_text(&clean));
    buf_free(&folded);
    buf_free(&clean);
    x_free(&text);
    return 0;
}
