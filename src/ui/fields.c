/* SPDX-License-Identifier: Apache-2.0
 * A few fields one under another: Enter, Tab and the arrows go round them, Enter in the last one
 * and F10 say that all is typed, and what is left is typing. */
#include "ui/fields.h"
#include "ui/frame.h"

static unsigned step(struct fields *fields, int by)
{
    int count = fields->count - fields->first;
    fields->focus = fields->first + (fields->focus - fields->first + by + count) % count;
    return UI_REDRAW;
}

unsigned fields_key(struct ui *ui, struct fields *fields, const struct key_event *event,
                    const char *full)
{
    switch ((int)event->key) {
    case K_ENTER:
        return fields->focus == fields->count - 1 ? FIELDS_DONE : step(fields, 1);
    case K_F10:
        return FIELDS_DONE;
    case K_TAB:
    case K_DOWN:
        return step(fields, 1);
    case K_BACKTAB:
    case K_UP:
        return step(fields, -1);
    default:
        return edit_type(ui, &fields->edit[fields->focus], event, full);
    }
}

unsigned fields_refuse(struct ui *ui, struct fields *fields, int field, const char *sentence)
{
    fields->focus = field;
    ui_tell(ui, TELL_ERROR, "%s", sentence);
    return UI_REDRAW;
}

void fields_paint(struct ui *ui, const struct fields *fields, int i, int row, const char *label,
                  int label_width, int width)
{
    int focused = fields->focus == i;
    canvas_blank(&ui->canvas, row, row + 1);
    if (frame_narrow(ui)) { /* the box below its label */
        frame_text(ui, row, 3, frame_width(ui) - 3, label, focused ? LOOK_FOCUS : LOOK_LABEL);
        label_width = 0;
        width = width < frame_width(ui) - 6 ? width : frame_width(ui) - 6;
        row++;
        canvas_blank(&ui->canvas, row, row + 1);
    } else {
        frame_text(ui, row, 3, label_width, label, focused ? LOOK_FOCUS : LOOK_LABEL);
    }
    if (focused)
        frame_text(ui, row, label_width + 3, 1, "[", LOOK_PLAIN);
    edit_paint_row(ui, &fields->edit[i], row, label_width + 5, width, focused);
}
