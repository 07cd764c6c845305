/* SPDX-License-Identifier: Apache-2.0
 * What F1 says: of the field that was focused, then of the screen, then of the keys that mean the
 * same everywhere. Any key but the arrows goes back. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct help {
    enum screen_id about;
    char topic[BOOK_TEXT];
};

int help_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)ui;
    struct help *help = x_alloc(sizeof *help);
    help->about = (enum screen_id)arg->index;
    (void)str_copy(help->topic, sizeof help->topic, arg->text);
    *state = help;
    return 0;
}

void help_close(struct ui *ui, void *state)
{
    (void)ui;
    struct help *help = state;
    x_free(&help);
}

/* What F1 once more leads to, or NULL. */
static const char *more_word(struct ui *ui, const struct ui_layer *below)
{
    const struct screen_row *row = &screen_table[below->id];
    if (row->more_word)
        return row->more_word(ui, below->state);
    return row->more ? N_("what is needed") : NULL;
}

unsigned help_key(struct ui *ui, void *state, const struct key_event *event)
{
    (void)state;
    const struct ui_layer *below = &ui->stack[ui->depth - 2];
    const struct screen_row *row = &screen_table[below->id];
    if (event->key == K_F1 && more_word(ui, below))
        row->more(ui, below->state);
    if (event->key == K_ENTER || event->key == K_F1 || event->key == K_CHAR) {
        ui->answer = -1;
        return UI_LEAVE;
    }
    return UI_IGNORED;
}

void help_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_F3, N_("back")}};
    static const char *const everywhere[] = {
        N_("F3 goes back and keeps what was typed; F12 or Esc Esc cancels a question."),
        N_("Where the terminal takes the F keys for itself, press Esc and then the digit: Esc 1 is "
           "F1, Esc 0 is F10."),
        N_("F2 goes to any service, screen or request by its name or number."),
        N_("Ctrl-] makes an Arabic keyboard of a Latin one, and back."),
        N_("Ctrl-L paints the screen again."),
    };
    const struct help *help = state;
    const int width = frame_width(ui) - 4, end = FRAME_TOP + frame_body(ui);
    int row = FRAME_TOP + 1;
    if (*help->topic) {
        frame_text(ui, row++, 2, width, _("This field"), LOOK_HEADING);
        row += frame_paragraph(ui, row, 3, width, end - row, help->topic, LOOK_PLAIN) + 1;
    }
    frame_text(ui, row++, 2, width, _("This screen"), LOOK_HEADING);
    row += frame_paragraph(ui, row, 3, width, end - row, _(screen_table[help->about].help),
                           LOOK_PLAIN) +
           1;
    frame_text(ui, row++, 2, width, _("Everywhere"), LOOK_HEADING);
    for (size_t i = 0; i < SND_COUNT(everywhere); i++)
        row += frame_paragraph(ui, row, 3, width, end - row, _(everywhere[i]), LOOK_PLAIN);
    frame_caret(ui, FRAME_TOP + 1, 1);
    const char *word = ui->depth > 1 ? more_word(ui, &ui->stack[ui->depth - 2]) : NULL;
    const struct frame_key more[] = {{K_F1, word}, {K_F3, N_("back")}};
    frame_keys(ui, word ? more : keys, word ? SND_COUNT(more) : SND_COUNT(keys));
}
