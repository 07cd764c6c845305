/* SPDX-License-Identifier: Apache-2.0
 * The text a person is typing: characters, caret keys, and its rows in a box.
 *
 * The text is logical and always as input_key() allows it; what is seen is laid out anew after each
 * key, as neighbours change shape. A value whose direction is not the screen's stands at the box's
 * start, where reading begins; while it is typed it has a slot there with room to grow, so that a
 * typed digit does not move the others. */
#include "ui/edit.h"
#include <string.h>
#include "base/err.h"
#include "text/caret.h"
#include "text/input.h"
#include "ui/frame.h"

void edit_set(struct edit *edit, const char *text, int max, enum text_dir dir)
{
    (void)str_copy(edit->text, sizeof edit->text, text ? text : "");
    edit->max = max > 0 && max < EDIT_POINTS ? max : EDIT_POINTS;
    edit->dir = dir;
    edit->caret = (int)utf8_count(edit->text);
    edit->changed = 0;
}

static int is_rtl_point(uint32_t point)
{
    return (point >= 0x590 && point <= 0x8ff && !(point >= 0x660 && point <= 0x669) &&
            !(point >= 0x6f0 && point <= 0x6f9)) ||
           (point >= 0xfb1d && point <= 0xfdff) || (point >= 0xfe70 && point <= 0xfeff);
}

enum text_dir edit_dir(const char *text, enum text_dir dir, int rtl)
{
    if (dir != TEXT_AUTO)
        return dir;
    for (size_t left = strlen(text), used; left > 0; text += used, left -= used) {
        uint32_t point = utf8_get(text, left, &used);
        if (is_rtl_point(point))
            return TEXT_RTL;
        if ((point >= 'A' && point <= 'Z') || (point >= 'a' && point <= 'z') ||
            (point >= 0xc0 && point < 0x590))
            return TEXT_LTR;
    }
    return rtl ? TEXT_RTL : TEXT_LTR;
}

/* ---- keys ---- */

enum edit_did edit_insert(struct edit *edit, uint32_t typed)
{
    uint32_t points[4];
    int count = input_key(typed, points);
    if (count == 0)
        return EDIT_REFUSED;
    if ((int)utf8_count(edit->text) + count > edit->max)
        return EDIT_FULL;
    for (int i = 0; i < count; i++)
        if (caret_insert(edit->text, sizeof edit->text, &edit->caret, points[i]) != 0)
            return EDIT_FULL;
    edit->changed = 1;
    return EDIT_CHANGED;
}

static void move(struct edit *edit, enum key key, int rtl, struct arena *arena)
{
    struct line line;
    layout_line(edit->text, edit_dir(edit->text, edit->dir, rtl), 0, arena, &line);
    if (key == K_LEFT)
        edit->caret = caret_left(&line, edit->caret);
    else if (key == K_RIGHT)
        edit->caret = caret_right(&line, edit->caret);
    else if (key == K_HOME)
        edit->caret = 0;
    else
        edit->caret = line.chars;
}

static enum edit_did erase(struct edit *edit, enum key key)
{
    size_t before = strlen(edit->text);
    edit->caret = key == K_BACKSPACE ? caret_backspace(edit->text, edit->caret)
                                     : caret_delete(edit->text, edit->caret);
    if (strlen(edit->text) == before)
        return EDIT_MOVED;
    edit->changed = 1;
    return EDIT_CHANGED;
}

enum edit_did edit_key(struct edit *edit, const struct key_event *event, int rtl,
                       struct arena *arena)
{
    if (event->key == K_CHAR)
        return edit_insert(edit, event->point);
    if (event->pasted && (event->key == K_ENTER || event->key == K_TAB))
        return edit_insert(edit, ' ');
    if (event->key == K_BACKSPACE || event->key == K_DELETE)
        return erase(edit, event->key);
    if (event->key == K_LEFT || event->key == K_RIGHT || event->key == K_HOME ||
        event->key == K_END) {
        move(edit, event->key, rtl, arena);
        return EDIT_MOVED;
    }
    if (event->key == K_CTRL && event->point == 'u') {
        edit->text[0] = '\0';
        edit->caret = 0;
        edit->changed = 1;
        return EDIT_CHANGED;
    }
    return EDIT_IGNORED;
}

unsigned edit_type(struct ui *ui, struct edit *edit, const struct key_event *event,
                   const char *full)
{
    switch (edit_key(edit, event, ui->rtl, ui->arena)) {
    case EDIT_FULL:
        ui_tell(ui, TELL_ERROR, "%s", full);
        return UI_HANDLED;
    case EDIT_IGNORED:
        return UI_IGNORED;
    case EDIT_MOVED:
    case EDIT_CHANGED:
    case EDIT_REFUSED:
        break;
    }
    return UI_FOCUS;
}

/* ---- layout ---- */

struct wrap {
    uint32_t *point;
    int count;
    int width;
};

/* Where the row that begins at `from` ends: after the last blank that fits, or at the last cell. A
 * mark takes no cell but at the beginning, where it has no letter to stand on; what has no place on
 * a terminal takes one. */
static int row_end(const struct wrap *wrap, int from)
{
    int cells = 0, blank = 0;
    for (int i = from; i < wrap->count; i++) {
        int width = point_width(wrap->point[i]);
        if (wrap->point[i] == ' ')
            blank = i + 1;
        else if (width == 0 && blank == i && i > from)
            blank++;
        cells += width > 0 ? width : width < 0 || i == from;
        if (cells > wrap->width)
            return blank > from ? blank : i;
    }
    return wrap->count;
}

static int next_row_end(const struct wrap *wrap, int from)
{
    int end = row_end(wrap, from);
    return end > from ? end : from + 1;
}

/* First row to show, so that the row of the caret is among `max`. */
static int first_shown(const struct wrap *wrap, int caret, int max)
{
    int rows = 0, at = 0, caret_row = 0, from = 0;
    while (from < wrap->count) {
        int end = next_row_end(wrap, from);
        if (caret >= from)
            caret_row = rows;
        rows++;
        from = end;
    }
    at = caret_row - max + 1;
    return at > 0 ? at : 0;
}

static void layout_rows(const char *text, int width, int max, int caret, struct arena *arena,
                        struct edit_box *out)
{
    size_t left = strlen(text), used;
    struct wrap wrap = {.width = width};
    wrap.point = arena_alloc(arena, (utf8_count(text) + 1) * sizeof *wrap.point);
    for (const char *at = text; left > 0; at += used, left -= used)
        wrap.point[wrap.count++] = utf8_get(at, left, &used);
    int skip = first_shown(&wrap, caret, max), from = 0;
    for (int i = 0; i < skip; i++)
        from = next_row_end(&wrap, from);
    out->rows = 0;
    out->first[0] = from;
    while (from < wrap.count && out->rows < max) {
        int end = next_row_end(&wrap, from);
        layout_points(wrap.point + from, end - from, out->dir, 0, arena, &out->line[out->rows++]);
        out->first[out->rows] = end;
        from = end;
    }
}

/* The cells from the box's start in which a value stands that runs against the screen: as many as
 * it has, or while it is typed a few more, taken in few steps. */
static int slot_of(const struct edit_box *box, int max_points, int width, int typing)
{
    static const int steps[] = {12, 24};
    int cells = 0, most = max_points + 1 < width ? max_points + 1 : width;
    for (int i = 0; i < box->rows; i++)
        cells = box->line[i].count > cells ? box->line[i].count : cells;
    if (!typing)
        return cells > 0 ? cells : 1;
    for (size_t i = 0; i < SND_COUNT(steps); i++)
        if (cells < steps[i] && steps[i] < most)
            return steps[i];
    return most;
}

void edit_layout(const char *text, enum text_dir dir, int max_points, int width, int max, int caret,
                 int rtl, struct arena *arena, struct edit_box *out)
{
    memset(out, 0, sizeof *out);
    if (max > EDIT_ROWS)
        max = EDIT_ROWS;
    out->dir = edit_dir(text, dir, rtl);
    layout_line(text, out->dir, 0, arena, &out->line[0]);
    out->rows = 1;
    out->first[1] = out->line[0].chars;
    /* One cell stays free for the caret behind the text. */
    if (out->line[0].count > width - 1)
        layout_rows(text, width - 1, max, caret, arena, out);
    out->slot = width;
    if ((out->dir == TEXT_RTL) != (rtl != 0))
        out->slot = slot_of(out, max_points, width, caret >= 0);
}

/* The row of the box in which a caret stands. */
static int caret_row(const struct edit_box *box, int caret)
{
    int row = 0;
    while (row + 1 < box->rows && caret >= box->first[row + 1])
        row++;
    return row;
}

void edit_paint(struct ui *ui, const struct edit_box *box, int row, int start, int caret,
                enum look look)
{
    int near = frame_x(ui, start), far = frame_x(ui, start + box->slot - 1);
    int left = near < far ? near : far, right = near < far ? far : near;
    for (int i = 0; i < box->rows; i++) {
        const struct line *line = &box->line[i];
        if (box->dir == TEXT_RTL)
            canvas_put_right(&ui->canvas, row + i, right, line, look);
        else
            canvas_put_left(&ui->canvas, row + i, left, line, look);
    }
    if (caret < 0)
        return;
    int at = caret_row(box, caret);
    int column = caret_column(&box->line[at], caret - box->first[at]);
    int x = box->dir == TEXT_RTL ? right - box->line[at].count + 1 + column : left + column;
    canvas_caret(&ui->canvas, row + at, x < left ? left : x > right ? right : x);
}

void edit_paint_row(struct ui *ui, const struct edit *edit, int row, int start, int width,
                    int focused)
{
    struct edit_box box;
    const char *text = edit->text;
    if (edit->secret) {
        char *dots = arena_strdup(ui->arena, edit->text);
        size_t count = utf8_count(edit->text);
        memset(dots, '*', count);
        dots[count] = '\0';
        text = dots;
    }
    edit_layout(text, edit->dir, edit->max, width, 1, focused ? edit->caret : -1, ui->rtl,
                ui->arena, &box);
    edit_paint(ui, &box, row, start, focused ? edit->caret : -1, LOOK_PLAIN);
}
