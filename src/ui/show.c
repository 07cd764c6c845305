/* SPDX-License-Identifier: Apache-2.0
 * How a form looks without a server: every page on a canvas, empty, as text. For `sanad form show`.
 * The same painting as a session's, and nothing else. */
#include "ui/fill_priv.h"
#include "ui/session.h"

void session_show_form(const struct form *form, enum lang lang, int rows, int cols, struct buf *out)
{
    struct stage stage = {0};
    struct ui *ui = &stage.ui;
    struct ui_arg arg = {.thing = form};
    stage_make(&stage, lang, rows, cols);
    if (fill_open(ui, &arg, &ui->stack[0].state) != 0)
        return;
    struct fill *fill = ui->stack[0].state;
    int page = -1;
    for (int field = fill->focus; field >= 0; field = fill_next(fill, field, 1)) {
        fill_enter(fill, field);
        if (form->group[form->field[field].group].page == page)
            continue;
        page = form->group[form->field[field].group].page;
        ui->dirty = DIRTY_ALL;
        ui_paint(ui);
        canvas_text(&ui->canvas, out);
    }
    fill_close(ui, fill);
    stage_strike(&stage);
}

void session_warm(void)
{
    struct arena *arena = arena_new();
    struct line line;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        msg_set_language((enum lang)lang);
        layout_line(_("Welcome"), TEXT_AUTO, 0, arena, &line);
    }
    arena_free(&arena);
}
