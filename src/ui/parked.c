/* SPDX-License-Identifier: Apache-2.0
 * The forms that were put aside, each under its digit: one key goes on with it. Their digits stand
 * in the first row of every screen, so who knows which is whose never has to read this list. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct parked {
    struct arena *arena;
    const struct book_draft *draft[BOOK_PARKED + 1]; /* by digit */
    const char *service[BOOK_PARKED + 1];
};

void parked_note(struct ui *ui, const struct book_draft *list, size_t count)
{
    unsigned digits = 0;
    for (size_t i = 0; i < count; i++)
        if (list[i].parked)
            digits |= 1u << list[i].parked;
    if (digits != ui->parked)
        ui->dirty |= DIRTY_ALL;
    ui->parked = digits;
}

const char *parked_words(struct ui *ui)
{
    const char *digits = "";
    for (int digit = 1; digit <= BOOK_PARKED; digit++)
        if (ui->parked & 1u << digit)
            digits = arena_printf(ui->arena, "%s %d", digits, digit);
    return arena_printf(ui->arena, "F9:%s", digits);
}

int parked_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct parked *parked = x_alloc(sizeof *parked);
    struct book_draft *list;
    size_t count;
    (void)arg;
    parked->arena = arena_new();
    int error = book_draft_list(ui->book, parked->arena, &list, &count);
    if (error) {
        ui_tell_error(ui, error);
        parked_close(ui, parked);
        return error;
    }
    parked_note(ui, list, count);
    for (size_t i = 0; i < count; i++) {
        const struct form *form;
        int digit = list[i].parked;
        parked->draft[digit] = &list[i];
        parked->service[digit] = list[i].service;
        if (digit && book_form(ui->book, list[i].sha, &form) == 0)
            parked->service[digit] = form->title[msg_language()];
    }
    ui_quiet(ui);
    *state = parked;
    return 0;
}

void parked_close(struct ui *ui, void *state)
{
    (void)ui;
    struct parked *parked = state;
    arena_free(&parked->arena);
    x_free(&parked);
}

unsigned parked_key(struct ui *ui, void *state, const struct key_event *event)
{
    const struct parked *parked = state;
    int digit = ui_digit(event);
    ui->answer = -1;
    if (digit < 1)
        return UI_IGNORED;
    if (!parked->draft[digit]) {
        ui_tell(ui, TELL_PLAIN, "%s",
                _("Nothing is parked under this digit: press one of the list."));
        return UI_HANDLED;
    }
    struct ui_arg arg = {.id = parked->draft[digit]->id};
    ui->parked &= ~(1u << digit);
    ui_quiet(ui);
    ui_home_push(ui, SCREEN_FILL, &arg);
    return UI_HANDLED;
}

void parked_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_F1, N_("help")}, {K_F3, N_("back")}};
    const struct parked *parked = state;
    int narrow = frame_narrow(ui), row = narrow ? FRAME_TOP : FRAME_TOP + 1,
        width = frame_width(ui) - 4, any = 0;
    frame_context(ui, _("Forms that were put aside"), NULL);
    frame_caret(ui, row, 2);
    row += frame_sentence(ui, row, 3, width, 2, _("Press the digit of the form to go on with."),
                          LOOK_FOCUS) -
           narrow;
    for (int digit = 1; digit <= BOOK_PARKED; digit++) {
        const struct book_draft *draft = parked->draft[digit];
        if (!draft)
            continue;
        const char *who = *draft->summary ? draft->summary : _("nobody yet");
        any = 1;
        row++;
        frame_text(ui, row, 5, 2, frame_number(ui, digit), LOOK_FOCUS);
        frame_text(ui, row, 8, narrow ? width - 5 : width - 26,
                   arena_printf(ui->arena, "%s - %s", who, parked->service[digit]), LOOK_PLAIN);
        if (!narrow)
            frame_text_end(ui, row, frame_width(ui) - 1, 18, frame_moment(ui, draft->saved),
                           LOOK_HINT);
    }
    if (!any)
        frame_text(ui, row + 1, 5, width, _("No form is parked."), LOOK_PLAIN);
    frame_keys(ui, keys, SND_COUNT(keys));
}
