/* SPDX-License-Identifier: Apache-2.0
 * Whether what a form says fits the screens that show it. The screens themselves are painted, each
 * with all that it can have at once: every field of the form, whatever it hangs on, every list that
 * it opens, every message that it may give. The painter tells of each text that it had to cut.
 *
 * The canvas has as many rows as there can be, so that nothing is left out because it is scrolled
 * away. The first row is free to shorten the path. */
#include <string.h>
#include "ui/fill_priv.h"
#include "ui/session.h"

#define ROWS_BESIDES 40

struct fitting {
    session_cut *cut;
    void *arg;
};

void stage_make(struct stage *stage, enum lang lang, int rows, int cols)
{
    struct ui *ui = &stage->ui;
    stage->before = msg_language();
    ui->arena = arena_new();
    canvas_init(&ui->canvas, rows, cols);
    ui->me.role = ROLE_CLERK;
    ui_language(ui, lang);
    ui->stack[0].id = SCREEN_FILL;
    ui->depth = 1;
}

void stage_strike(struct stage *stage)
{
    canvas_free(&stage->ui.canvas);
    arena_free(&stage->ui.arena);
    msg_set_language(stage->before);
}

static void was_cut(void *arg, int row, const char *text)
{
    const struct fitting *fitting = arg;
    if (row > 0)
        fitting->cut(fitting->arg, text);
}

static void paint(struct ui *ui)
{
    ui->dirty = DIRTY_ALL;
    ui_paint(ui);
}

/* Another screen in front of the form's, once. */
static void show_over(struct ui *ui, enum screen_id id, const struct ui_arg *arg)
{
    struct ui_layer *layer = &ui->stack[ui->depth];
    if (screen_table[id].open(ui, arg, &layer->state) != 0)
        return;
    layer->id = id;
    ui->depth++;
    paint(ui);
    ui->depth--;
    screen_table[id].close(ui, layer->state);
}

static void show_choices(struct ui *ui, const struct choices *choices, const char *title)
{
    struct arena *arena = arena_new();
    struct chooser_list list;
    (void)fill_choices(choices, NULL, arena, &list);
    list.title = title;
    show_over(ui, SCREEN_CHOOSER, &(struct ui_arg){.thing = &list});
    arena_free(&arena);
}

/* A field with the focus, what is wrong with it, and its list. */
static void show_field(struct ui *ui, struct fill *fill, int number)
{
    const struct field *field = &fill->form->field[number];
    const char *message = field->message[msg_language()];
    fill_enter(fill, number);
    if (message)
        ui_tell(ui, TELL_ERROR, "%s", message);
    paint(ui);
    ui_tell(ui, TELL_WARNING, _("Correct it before submitting: %s."), field->label[msg_language()]);
    paint(ui);
    ui_quiet(ui);
    if (field->choices)
        show_choices(ui, field->choices, field->label[msg_language()]);
}

/* All fields apply and have a value. */
static void fill_all(struct fill *fill)
{
    for (size_t i = 0; i < fill->form->fields; i++)
        record_set(fill->record, (int)i, "1");
    memset(fill->record->relevant, 1, fill->form->fields);
}

/* The line of the catalogue. */
static void show_title(struct ui *ui, const struct form *form)
{
    char *line = x_printf("%s  %s", form->code, form->title[msg_language()]);
    const struct pick_item item = {.text = line};
    const struct chooser_list list = {
        .title = "", .item = &item, .count = 1, .filter = "", .chosen = -1};
    show_over(ui, SCREEN_CHOOSER, &(struct ui_arg){.thing = &list});
    x_free(&line);
}

/* Rows that a page, a review or a list of this form has at most. */
static int rows_of(const struct form *form)
{
    size_t rows = form->fields * 4;
    for (size_t i = 0; i < form->fields; i++)
        if (form->field[i].choices && form->field[i].choices->count > rows)
            rows = form->field[i].choices->count;
    return (int)rows + ROWS_BESIDES;
}

void session_check_form(const struct form *form, enum lang lang, int cols, session_cut *cut,
                        void *arg)
{
    struct stage stage = {0};
    struct fitting fitting = {cut, arg};
    struct ui *ui = &stage.ui;
    int first_faults = -1;
    stage_make(&stage, lang, rows_of(form), cols);
    ui->cut = was_cut;
    ui->cut_arg = &fitting;
    if (fill_open(ui, &(struct ui_arg){.thing = form}, &ui->stack[0].state) != 0)
        return;
    struct fill *fill = ui->stack[0].state;
    show_title(ui, form);
    fill_all(fill);
    for (size_t i = 0; i < form->fields; i++)
        show_field(ui, fill, (int)i);
    /* As for practice: here is no book that could be asked anything. */
    fill->review.first_faults = &first_faults;
    show_over(ui, SCREEN_REVIEW, &(struct ui_arg){.thing = &fill->review});
    fill_close(ui, fill);
    stage_strike(&stage);
}

void session_check_list(const struct choices *choices, enum lang lang, int cols, session_cut *cut,
                        void *arg)
{
    struct stage stage = {0};
    struct fitting fitting = {cut, arg};
    stage_make(&stage, lang, (int)choices->count + ROWS_BESIDES, cols);
    stage.ui.depth = 0;
    stage.ui.cut = was_cut;
    stage.ui.cut_arg = &fitting;
    show_choices(&stage.ui, choices, "");
    stage_strike(&stage);
}
