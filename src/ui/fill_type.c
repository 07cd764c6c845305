/* SPDX-License-Identifier: Apache-2.0
 * Keys typed into the focused field. Free typing goes through edit.c; this file only adds what a
 * kind is helped with: digits of either script, the signs of dates and times, yes and no by one
 * key, a list at a question mark, fields of fixed length that go on by themselves. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "text/input.h"
#include "ui/fill_priv.h"

#define ABSORB_MS 700 /* an Enter this soon after a field went on by itself was meant for it */

static uint32_t ascii_digit(uint32_t point)
{
    if (point >= 0x0660 && point <= 0x0669)
        return point - 0x0660 + '0';
    if (point >= 0x06f0 && point <= 0x06f9)
        return point - 0x06f0 + '0';
    return point;
}

/* What stands where in a text with separators: `#` is a digit. */
static const char *mask_of(const struct field *field)
{
    if (field->kind == FIELD_DATE_G || field->kind == FIELD_DATE_H)
        return "##/##/####";
    return field->kind == FIELD_TIME ? "##:##" : NULL;
}

/* Writes the separators of a date or time, so that digits alone do. A year typed first (2016-11-28)
 * is left alone. Returns 1 when the character is used up. */
static int type_masked(struct fill *fill, const char *mask, uint32_t point)
{
    struct edit *edit = &fill->edit;
    size_t len = strlen(edit->text);
    if ((size_t)edit->caret != len || len >= strlen(mask))
        return 0;
    int digit = point >= '0' && point <= '9',
        separator = point == '/' || point == '-' || point == '.' || point == ':';
    if (strchr(edit->text, '-'))
        return 0;
    if (point == '-' && len == 5 && fill->separated) {
        /* Four digits without a sign between them, and now a sign: a year. */
        memmove(edit->text + 2, edit->text + 3, 3);
        edit->caret = 4;
        return 0;
    }
    if (separator && (len == 1 || len == 4) && mask[len] == '#') {
        edit->text[len] = edit->text[len - 1];
        edit->text[len - 1] = '0';
        edit->text[len + 1] = '\0';
        edit->caret++;
        len++;
    }
    if (separator && len > 0 && mask[len - 1] != '#')
        return 1;
    if (!digit && !separator)
        return 0;
    if (mask[len] != '#') {
        (void)edit_insert(edit, (uint32_t)mask[len]);
        fill->separated = digit && len == 2;
        return separator;
    }
    return 0;
}

static unsigned type_yesno(struct ui *ui, struct fill *fill, uint32_t point)
{
    const char *now = fill->record->value[fill->focus];
    if (point == ' ') {
        fill_put(ui, fill, now && strcmp(now, "yes") == 0 ? "no" : "yes");
        return UI_REDRAW;
    }
    int answer = ui_answer(&(struct key_event){.key = K_CHAR, .point = point});
    if (answer >= 0) {
        fill_put(ui, fill, answer ? "yes" : "no");
        return UI_REDRAW;
    }
    ui_tell(ui, TELL_ERROR, "%s", _("Press y for yes, n for no, or the space bar."));
    return UI_HANDLED;
}

/* The first letter typed over a chosen or a given value begins anew, unless the caret was moved
 * into a text to mend it. */
static void begin_anew(struct fill *fill)
{
    int whole = fill_field(fill)->choices || (fill_is_given(fill, fill->focus) &&
                                              fill->edit.caret == (int)utf8_count(fill->edit.text));
    if (whole && !fill->edit.changed && fill->edit.text[0])
        edit_set(&fill->edit, "", fill->edit.max, fill->edit.dir);
}

/* Characters with a meaning of their own in this field. 1 = used up, *result says how. */
static int type_special(struct ui *ui, struct fill *fill, uint32_t point, unsigned *result)
{
    const struct field *field = fill_field(fill);
    const int empty = !fill->edit.text[0];
    const char *mask = mask_of(field);
    *result = UI_FOCUS;
    if ((point == '?' || point == 0x061f) && (empty || !fill->edit.changed) &&
        (field->choices || field->kind == FIELD_DOC)) {
        *result = fill_list(ui, fill);
        return 1;
    }
    if (field->kind == FIELD_DOC && point == '-' && empty) {
        fill->absent = 1;
        fill->edit.changed = 1;
        return 1;
    }
    return mask && type_masked(fill, mask, point);
}

/* The field is full and leaves by itself. */
static unsigned go_on(struct ui *ui, struct fill *fill)
{
    int before = fill->focus;
    unsigned left = fill_forward(ui, fill);
    fill->absorb_until = fill->focus != before ? clock_mono_ms() + ABSORB_MS : 0;
    return left;
}

static unsigned type_character(struct ui *ui, struct fill *fill, const struct key_event *event)
{
    const struct field *field = fill_field(fill);
    uint32_t point = field_dir(field) == TEXT_LTR ? ascii_digit(event->point) : event->point;
    unsigned result;
    size_t item;
    if (field->kind == FIELD_YESNO)
        return type_yesno(ui, fill, point);
    begin_anew(fill);
    if (!event->pasted && fill_by_place(fill, ascii_digit(point), &item)) {
        fill_put(ui, fill, field->choices->item[item].value);
        return go_on(ui, fill);
    }
    if (!event->pasted && type_special(ui, fill, point, &result)) {
        fill_touch(ui, fill);
        return result;
    }
    switch (edit_insert(&fill->edit, point)) {
    case EDIT_FULL:
        ui_tell(ui, TELL_ERROR, "%s", _("The field is full."));
        return UI_HANDLED;
    case EDIT_REFUSED:
        ui_tell(ui, TELL_ERROR, "%s", _("This sign may not be stored."));
        return UI_HANDLED;
    case EDIT_CHANGED:
    case EDIT_MOVED:
    case EDIT_IGNORED:
        break;
    }
    fill_touch(ui, fill);
    int fixed = field_fixed(field);
    if (fixed && !event->pasted && (int)utf8_count(fill->edit.text) == fixed &&
        fill->edit.caret == fixed)
        return go_on(ui, fill);
    return UI_FOCUS;
}

unsigned fill_type(struct ui *ui, struct fill *fill, const struct key_event *event)
{
    if (event->key == K_CHAR)
        return type_character(ui, fill, event);
    int backspace = event->key == K_BACKSPACE || event->key == K_DELETE;
    const struct field *field = fill_field(fill);
    if (backspace && (field->choices || field->kind == FIELD_YESNO) && !fill->edit.changed) {
        fill_put(ui, fill, "");
        return UI_REDRAW;
    }
    if (backspace && field->kind == FIELD_DOC && !fill->edit.text[0]) {
        fill_put(ui, fill, "");
        return UI_REDRAW;
    }
    switch (edit_key(&fill->edit, event, ui->rtl, ui->arena)) {
    case EDIT_CHANGED:
        fill_touch(ui, fill);
        return UI_FOCUS;
    case EDIT_MOVED:
        return UI_FOCUS;
    case EDIT_FULL:
        ui_tell(ui, TELL_ERROR, "%s", _("The field is full."));
        return UI_HANDLED;
    case EDIT_REFUSED:
        return UI_HANDLED;
    case EDIT_IGNORED:
        break;
    }
    return UI_IGNORED;
}
