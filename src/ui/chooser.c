/* SPDX-License-Identifier: Apache-2.0
 * One list on a screen of its own: what F4 opens. Answers with the index of the item taken, or -1.
 * It knows nothing of what it lists. */
#include "base/err.h"
#include "text/fold.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct chooser {
    struct pick pick;
    const struct chooser_list *list;
};

const char *item_folded(struct arena *arena, const char *a, const char *b, const char *c)
{
    struct buf folded = BUF_INIT(4096);
    fold_text(arena_printf(arena, "%s %s %s", a, b, c), &folded);
    const char *kept = arena_strdup(arena, buf_text(&folded));
    buf_free(&folded);
    return kept;
}

int chooser_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct chooser *chooser = x_alloc(sizeof *chooser);
    (void)ui;
    chooser->list = arg->thing;
    edit_set(&chooser->pick.filter, chooser->list->filter, 60, TEXT_AUTO);
    pick_set(&chooser->pick, chooser->list->item, chooser->list->count);
    pick_choose(&chooser->pick, chooser->list->chosen);
    *state = chooser;
    return 0;
}

void chooser_close(struct ui *ui, void *state)
{
    (void)ui;
    struct chooser *chooser = state;
    pick_free(&chooser->pick);
    x_free(&chooser);
}

static unsigned take(struct ui *ui, void *state)
{
    const struct chooser *chooser = state;
    ui->answer = pick_chosen(&chooser->pick);
    if (ui->answer >= 0)
        return UI_LEAVE;
    ui_tell(ui, TELL_ERROR, "%s", _("Nothing fits: erase a letter."));
    return UI_HANDLED;
}

/* The item that a digit takes at once, or -1. */
static int by_digit(const struct chooser *chooser, const struct key_event *event)
{
    const struct chooser_list *list = chooser->list;
    int digit = event->key == K_CHAR && !event->pasted && list->digits ? ui_digit(event) : -1;
    if (digit < 0 || digit > list->digits || chooser->pick.filter.text[0])
        return -1;
    return digit == 0 ? (int)list->count - 1 : digit - 1;
}

unsigned chooser_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct chooser *chooser = state;
    int item = by_digit(chooser, event);
    if (item >= 0) {
        ui->answer = item;
        return UI_LEAVE;
    }
    return pick_screen_key(&chooser->pick, event, ui, take, chooser);
}

void chooser_focus(struct ui *ui, void *state)
{
    struct chooser *chooser = state;
    pick_paint(ui, &chooser->pick, FRAME_TOP + 1, frame_body(ui) - 1, _("Find:"));
}

void chooser_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("take")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    const struct chooser *chooser = state;
    frame_context(ui, chooser->list->title, NULL);
    chooser_focus(ui, state);
    frame_hint(ui, chooser->list->digits
                       ? _("A digit takes a document at once; 0: it is with the papers.")
                       : _("Type a few letters, choose with the arrows."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
