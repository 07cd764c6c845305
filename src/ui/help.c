/* SPDX-License-Identifier: Apache-2.0
 * What F1 says: of the field that was focused, then of the screen, then of the keys that mean the
 * same everywhere. The arrows scroll what is longer than the screen; letters, Enter and F3 go back.
 */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct help {
    enum screen_id about;
    int skip, rows; /* rows scrolled away, and all there are after a painting */
    int placed;     /* the caret was, in this painting */
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

static unsigned scroll(struct ui *ui, struct help *help, int by)
{
    int last = help->rows - frame_body(ui);
    help->skip += by;
    if (help->skip > last)
        help->skip = last;
    if (help->skip < 0)
        help->skip = 0;
    return UI_REDRAW;
}

unsigned help_key(struct ui *ui, void *state, const struct key_event *event)
{
    int page = frame_body(ui) - 2;
    const struct ui_layer *below = &ui->stack[ui->depth - 2];
    const struct screen_row *row = &screen_table[below->id];
    if (event->key == K_F1 && more_word(ui, below))
        row->more(ui, below->state);
    int by = event->key == K_DOWN       ? 1
             : event->key == K_UP       ? -1
             : event->key == K_PAGEDOWN ? page
             : event->key == K_PAGEUP   ? -page
                                        : 0;
    if (by != 0)
        return scroll(ui, state, by);
    if (event->key == K_ENTER || event->key == K_F1 || event->key == K_CHAR) {
        ui->answer = -1;
        return UI_LEAVE;
    }
    return UI_IGNORED;
}

#define TEXT_ROWS 24 /* most of one text */
/* A text from the row that comes next, as far as it is not scrolled away. The caret is on the first
 * row that is seen, so that whoever follows it reads on from there. */
static void put(struct ui *ui, struct help *help, int start, const char *text, enum look look)
{
    struct line line[TEXT_ROWS];
    int width = frame_width(ui) - 4;
    int count = layout_wrap(text, frame_dir(ui), width, TEXT_ROWS, ui->arena, line);
    for (int i = 0; i < count; i++, help->rows++) {
        int row = help->rows - help->skip;
        if (row < 0 || row >= frame_body(ui))
            continue;
        frame_line(ui, FRAME_TOP + row, start, &line[i], look);
        if (!help->placed)
            frame_caret(ui, FRAME_TOP + row, 1);
        help->placed = 1;
    }
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
    struct help *help = state;
    help->rows = frame_narrow(ui) ? 0 : 1;
    help->placed = 0;
    if (*help->topic) {
        put(ui, help, 2, _("This field"), LOOK_HEADING);
        put(ui, help, 3, help->topic, LOOK_PLAIN);
        help->rows++;
    }
    put(ui, help, 2, _("This screen"), LOOK_HEADING);
    put(ui, help, 3, _(screen_table[help->about].help), LOOK_PLAIN);
    help->rows++;
    put(ui, help, 2, _("Everywhere"), LOOK_HEADING);
    for (size_t i = 0; i < SND_COUNT(everywhere); i++)
        put(ui, help, 3, _(everywhere[i]), LOOK_PLAIN);
    if (help->rows > help->skip + frame_body(ui))
        frame_hint(ui, _("PgDn shows more."));
    const char *word = ui->depth > 1 ? more_word(ui, &ui->stack[ui->depth - 2]) : NULL;
    const struct frame_key more[] = {{K_F1, word}, {K_F3, N_("back")}};
    frame_keys(ui, word ? more : keys, word ? SND_COUNT(more) : SND_COUNT(keys));
}
