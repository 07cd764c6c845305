/* SPDX-License-Identifier: Apache-2.0
 * The person's requests that are not submitted yet, newest first. One that another session has open
 * is shown with that word and can't be opened here. Deleting asks first; the safe answer is no. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct drafts {
    struct arena *arena;
    struct pick pick;
    struct book_draft *list;
    size_t count;
    int asking; /* whether to delete the chosen one */
};

static const char *title_of(struct ui *ui, const struct book_draft *draft)
{
    const struct form *form;
    if (book_form(ui->book, draft->sha, &form) != 0)
        return draft->service;
    return form->title[msg_language()];
}

static int load(struct ui *ui, struct drafts *drafts)
{
    pick_set(&drafts->pick, NULL, 0);
    arena_reset(drafts->arena);
    int error = book_draft_list(ui->book, drafts->arena, &drafts->list, &drafts->count);
    if (error)
        return error;
    parked_note(ui, drafts->list, drafts->count);
    struct pick_item *items = arena_alloc(drafts->arena, (drafts->count + 1) * sizeof *items);
    for (size_t i = 0; i < drafts->count; i++) {
        const struct book_draft *draft = &drafts->list[i];
        const char *title = title_of(ui, draft),
                   *who = *draft->summary ? draft->summary : _("nobody yet");
        items[i].text = arena_printf(drafts->arena, "%s - %s", who, title);
        items[i].note = draft->elsewhere
                            ? arena_strdup(drafts->arena, _("open in another session"))
                            : arena_strdup(drafts->arena, frame_moment(ui, draft->saved));
        items[i].note_look = draft->elsewhere ? LOOK_WARNING : LOOK_PLAIN;
        items[i].folded = item_folded(drafts->arena, who, title, draft->service);
    }
    pick_set(&drafts->pick, items, drafts->count);
    return 0;
}

int drafts_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct drafts *drafts = x_alloc(sizeof *drafts);
    drafts->arena = arena_new();
    int error = load(ui, drafts);
    if (error) {
        ui_tell_error(ui, error);
        drafts_close(ui, drafts);
        return error;
    }
    *state = drafts;
    return 0;
}

void drafts_close(struct ui *ui, void *state)
{
    (void)ui;
    struct drafts *drafts = state;
    pick_free(&drafts->pick);
    arena_free(&drafts->arena);
    x_free(&drafts);
}

void drafts_resume(struct ui *ui, void *state)
{
    int error = load(ui, state);
    if (error)
        ui_tell_error(ui, error);
}

static unsigned go_on(struct ui *ui, void *state)
{
    const struct drafts *drafts = state;
    int chosen = pick_chosen(&drafts->pick);
    if (chosen < 0)
        return UI_HANDLED;
    const struct book_draft *draft = &drafts->list[chosen];
    if (draft->elsewhere) {
        ui_tell(ui, TELL_ERROR, _("Another session has it open (saved %s): close it there."),
                frame_moment(ui, draft->saved));
        return UI_HANDLED;
    }
    struct ui_arg arg = {.id = draft->id};
    ui->parked &= ~(1u << draft->parked);
    ui_quiet(ui);
    ui_push(ui, SCREEN_FILL, &arg);
    return UI_HANDLED;
}

static unsigned ask(struct ui *ui, struct drafts *drafts)
{
    int chosen = pick_chosen(&drafts->pick);
    if (chosen < 0)
        return UI_HANDLED;
    if (drafts->list[chosen].elsewhere) {
        ui_tell_error(ui, SND_E_INUSE);
        return UI_HANDLED;
    }
    drafts->asking = 1;
    ui_tell(ui, TELL_WARNING, "%s",
            _("Delete this draft for good?  1 = delete   2 or Enter = keep it"));
    return UI_HANDLED;
}

static unsigned answer(struct ui *ui, struct drafts *drafts, const struct key_event *event)
{
    int chosen = pick_chosen(&drafts->pick);
    drafts->asking = 0;
    ui_quiet(ui);
    if (chosen < 0 || ui_answer(event) != 1)
        return UI_REDRAW;
    int error = book_draft_drop(ui->book, &drafts->list[chosen].id);
    if (!error)
        error = load(ui, drafts);
    if (error)
        ui_tell_error(ui, error);
    else
        ui_tell(ui, TELL_DONE, "%s", _("The draft is deleted."));
    return UI_REDRAW;
}

unsigned drafts_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct drafts *drafts = state;
    if (drafts->asking)
        return answer(ui, drafts, event);
    if (event->key == K_DELETE && drafts->pick.filter.text[0] == '\0')
        return ask(ui, drafts);
    return pick_screen_key(&drafts->pick, event, ui, go_on, drafts);
}

void drafts_focus(struct ui *ui, void *state)
{
    struct drafts *drafts = state;
    if (drafts->count == 0)
        frame_text(ui, FRAME_TOP + 1, 3, frame_width(ui) - 4, _("You have no drafts."), LOOK_PLAIN);
    else
        pick_paint(ui, &drafts->pick, FRAME_TOP, frame_body(ui), _("Find:"));
}

void drafts_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("go on")}, {K_DELETE, N_("delete")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    frame_context(ui, _("Requests that are not submitted yet"), NULL);
    frame_caret(ui, FRAME_TOP + 1, 2);
    drafts_focus(ui, state);
    frame_keys(ui, keys, SND_COUNT(keys));
}
