/* SPDX-License-Identifier: Apache-2.0
 * A list with one chosen row. Typing narrows it: every typed word must begin a word of the row,
 * both folded, so hamza, ya and ta marbuta never matter. Of what is left the row that begins with
 * what was typed is chosen, else the first.
 *
 * The chosen row carries a textual mark besides its look, and the real cursor stands on it once the
 * arrows have moved, in the search box while one types: for people who read with a braille row. */
#include "ui/pick.h"
#include <string.h>
#include "text/fold.h"
#include "ui/frame.h"

void pick_free(struct pick *pick)
{
    x_free(&pick->shown);
    pick->shown_count = 0;
}

static int selectable(const struct pick *pick, size_t row)
{
    return row < pick->shown_count && !pick->item[pick->shown[row]].heading;
}

/* Of the rows that fit, the first that begins with what was typed is meant rather than one that has
 * it somewhere: OP-01 is a code before it is the beginnings of two words. */
static void choose_first(struct pick *pick)
{
    struct buf folded = BUF_INIT(EDIT_BYTES);
    size_t first = pick->shown_count;
    fold_text(pick->filter.text, &folded);
    pick->top = 0;
    for (pick->at = 0; pick->at < pick->shown_count; pick->at++) {
        const char *text = pick->item[pick->shown[pick->at]].folded;
        if (!selectable(pick, pick->at))
            continue;
        if (folded.len == 0 || (text && strncmp(text, buf_text(&folded), folded.len) == 0))
            break;
        first = first < pick->at ? first : pick->at;
    }
    if (pick->at == pick->shown_count)
        pick->at = first;
    buf_free(&folded);
}

void pick_narrow(struct pick *pick)
{
    const char *query = pick->filter.text;
    pick->shown_count = 0;
    for (size_t i = 0; i < pick->count; i++) {
        const struct pick_item *item = &pick->item[i];
        if (!item->heading && item->folded && *query && !fold_matches(item->folded, query))
            continue;
        /* A heading followed by a heading has nothing below it. */
        if (item->heading && pick->shown_count > 0 &&
            pick->item[pick->shown[pick->shown_count - 1]].heading)
            pick->shown_count--;
        pick->shown[pick->shown_count++] = i;
    }
    if (pick->shown_count > 0 && pick->item[pick->shown[pick->shown_count - 1]].heading)
        pick->shown_count--;
    choose_first(pick);
}

void pick_set(struct pick *pick, const struct pick_item *item, size_t count)
{
    pick_free(pick);
    pick->item = item;
    pick->count = count;
    pick->shown = x_calloc(count + 1, sizeof *pick->shown);
    if (pick->filter.max == 0)
        edit_set(&pick->filter, "", 60, TEXT_AUTO);
    pick_narrow(pick);
}

int pick_chosen(const struct pick *pick)
{
    return selectable(pick, pick->at) ? (int)pick->shown[pick->at] : -1;
}

void pick_choose(struct pick *pick, int item)
{
    for (size_t i = 0; i < pick->shown_count; i++)
        if (item >= 0 && pick->shown[i] == (size_t)item && selectable(pick, i))
            pick->at = i;
}

/* ---- keys ---- */

static void step(struct pick *pick, int by)
{
    int count = (int)pick->shown_count, at = (int)pick->at, sign = by < 0 ? -1 : 1;
    int want = at + by;
    want = want < 0 ? 0 : want >= count ? count - 1 : want;
    while (want >= 0 && want < count && !selectable(pick, (size_t)want))
        want += sign;
    if (want >= 0 && want < count)
        pick->at = (size_t)want;
}

static enum pick_did move(struct pick *pick, enum key key)
{
    int page = pick->page > 1 ? pick->page - 1 : 1;
    size_t before = pick->at;
    switch ((int)key) {
    case K_UP:
        step(pick, -1);
        break;
    case K_DOWN:
        step(pick, 1);
        break;
    case K_PAGEUP:
        step(pick, -page);
        break;
    case K_PAGEDOWN:
        step(pick, page);
        break;
    default:
        return PICK_IGNORED;
    }
    return before == pick->at ? PICK_IGNORED : PICK_MOVED;
}

enum pick_did pick_key(struct pick *pick, const struct key_event *event, int narrowing,
                       struct ui *ui)
{
    if (event->key == K_ENTER && !event->pasted)
        return PICK_TAKEN;
    enum pick_did did = move(pick, event->key);
    if (did == PICK_MOVED)
        pick->roamed = 1;
    if (did != PICK_IGNORED || !narrowing)
        return did;
    switch (edit_key(&pick->filter, event, ui->rtl, ui->arena)) {
    case EDIT_CHANGED:
        pick->roamed = 0;
        pick_narrow(pick);
        return PICK_NARROWED;
    case EDIT_MOVED:
        pick->roamed = 0;
        return PICK_MOVED;
    case EDIT_IGNORED:
    case EDIT_FULL:
    case EDIT_REFUSED:
        break;
    }
    return PICK_IGNORED;
}

unsigned pick_screen_key(struct pick *pick, const struct key_event *event, struct ui *ui,
                         unsigned (*take)(struct ui *ui, void *state), void *state)
{
    switch (pick_key(pick, event, 1, ui)) {
    case PICK_TAKEN:
        return take(ui, state);
    case PICK_MOVED:
    case PICK_NARROWED:
        return UI_FOCUS;
    case PICK_IGNORED:
        break;
    }
    return UI_IGNORED;
}

/* ---- painting ---- */

#define ITEM_START 4 /* after the mark */

/* Rows of an item: on a narrow screen a note that has no room beside the text stands below it. */
static int item_rows(const struct ui *ui, const struct pick *pick, size_t at)
{
    const struct pick_item *item = &pick->item[pick->shown[at]];
    int room = frame_width(ui) - ITEM_START - 2;
    if (!frame_narrow(ui) || item->heading || !item->note || !*item->note)
        return 1;
    return layout_width(item->text) + layout_width(item->note) > room ? 2 : 1;
}

static void scroll(const struct ui *ui, struct pick *pick, int rows)
{
    int used = 0;
    pick->page = frame_narrow(ui) ? rows / 2 : rows;
    if (pick->at < pick->top)
        pick->top = pick->at;
    for (size_t i = pick->at + 1; i-- > pick->top && i < pick->shown_count;) {
        used += item_rows(ui, pick, i);
        if (used > rows && i < pick->at) {
            pick->top = i + 1;
            break;
        }
    }
    /* The heading of the first row is shown with it. */
    if (pick->at == 1 && pick->top == 1)
        pick->top = 0;
}

static void paint_item(struct ui *ui, const struct pick_item *item, int row, int rows, int chosen)
{
    int width = frame_width(ui), note = 0;
    if (item->heading) {
        frame_text(ui, row, 2, width - 2, item->text, LOOK_HEADING);
        return;
    }
    if (item->note)
        note = frame_text_end(ui, row + rows - 1, width - 1,
                              rows > 1 ? width - ITEM_START - 2 : width * 3 / 5, item->note,
                              chosen ? LOOK_PLAIN : item->note_look) +
               2;
    if (rows > 1)
        note = 0;
    frame_text(ui, row, ITEM_START, width - ITEM_START - note, item->text, LOOK_PLAIN);
    if (!chosen)
        return;
    frame_text(ui, row, 2, 1, ui->rtl ? "◄" : ">", LOOK_PLAIN);
    for (int i = 0; i < rows; i++)
        frame_look(ui, row + i, 1, width, LOOK_SELECTED);
}

static int paint_box(struct ui *ui, struct pick *pick, int row, const char *label)
{
    int used = frame_text(ui, row, 2, 30, label, LOOK_FOCUS);
    edit_paint_row(ui, &pick->filter, row, 2 + used + 2, frame_width(ui) - used - 5, 1);
    return 2;
}

void pick_paint(struct ui *ui, struct pick *pick, int first, int rows, const char *label)
{
    int row = first;
    canvas_blank(&ui->canvas, first, first + rows);
    if (label)
        row += paint_box(ui, pick, row, label);
    const int end = first + rows;
    scroll(ui, pick, end - row);
    if (pick->shown_count == 0)
        frame_text(ui, row, ITEM_START, frame_width(ui) - 6,
                   pick->nothing ? pick->nothing : _("Nothing fits: erase a letter."), LOOK_HINT);
    for (size_t at = pick->top; row < end && at < pick->shown_count; at++) {
        int used = item_rows(ui, pick, at);
        if (row + used > end)
            break;
        paint_item(ui, &pick->item[pick->shown[at]], row, used, at == pick->at);
        if (at == pick->at && (!label || pick->roamed))
            frame_caret(ui, row, 2);
        row += used;
    }
}
