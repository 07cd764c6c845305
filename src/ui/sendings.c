/* SPDX-License-Identifier: Apache-2.0
 * What waits on the line to one agency and what failed: requests, and what their centres did with
 * them later. Each leads to its request; by a key one is sent now, or all. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/lines.h"
#include "ui/screens_priv.h"

struct sendings {
    char agency[AGENCY_CODE];
    struct arena *arena;
    struct pick pick;
    struct book_sending *list;
    size_t count;
};

static const char *outcome(struct ui *ui, struct arena *arena, const struct book_sending *row)
{
    const char *why = row->why[0] ? link_fault(row->why) : "";
    if (strcmp(row->state, "failed") == 0)
        return arena_printf(arena, _("failed: %s"), why);
    return arena_printf(arena, _("next at %s  %s"), frame_moment(ui, row->next_at), why);
}

static void make_item(struct ui *ui, struct arena *arena, const struct book_sending *row,
                      struct pick_item *out)
{
    int failed = strcmp(row->state, "failed") == 0;
    *out = (struct pick_item){.note_look = failed ? LOOK_WARNING : LOOK_PLAIN};
    out->text =
        row->rev ? arena_printf(arena, "%s" LAYOUT_GAP "%s", row->number, _("what was done later"))
                 : row->number;
    out->note = outcome(ui, arena, row);
    out->folded = item_folded(arena, row->number, "", "");
}

static int load(struct ui *ui, struct sendings *sendings)
{
    struct arena *fresh = arena_new();
    struct book_sending *list;
    size_t count;
    int error = book_outbox_list(ui->book, sendings->agency, "", fresh, &list, &count);
    if (error) {
        arena_free(&fresh);
        return error;
    }
    arena_free(&sendings->arena);
    sendings->arena = fresh;
    sendings->list = list;
    sendings->count = count;
    struct pick_item *item = arena_alloc(fresh, (count + 1) * sizeof *item);
    for (size_t i = 0; i < count; i++)
        make_item(ui, fresh, &list[i], &item[i]);
    sendings->pick.nothing =
        count > 0 ? NULL : _("Nothing has been tried in vain: what waits is still to be sent.");
    pick_set(&sendings->pick, item, count);
    return 0;
}

static void again(struct ui *ui, struct sendings *sendings)
{
    int chosen = pick_chosen(&sendings->pick), error = load(ui, sendings);
    if (error)
        ui_tell_error(ui, error);
    else if (chosen >= 0)
        pick_choose(&sendings->pick,
                    chosen < (int)sendings->count ? chosen : (int)sendings->count - 1);
}

int sendings_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct sendings *sendings = x_alloc(sizeof *sendings);
    int error = str_copy(sendings->agency, sizeof sendings->agency, arg->text);
    edit_set(&sendings->pick.filter, "", 60, TEXT_AUTO);
    if (!error)
        error = load(ui, sendings);
    if (error) {
        ui_tell_error(ui, error);
        sendings_close(ui, sendings);
        return error;
    }
    *state = sendings;
    return 0;
}

void sendings_close(struct ui *ui, void *state)
{
    (void)ui;
    struct sendings *sendings = state;
    pick_free(&sendings->pick);
    arena_free(&sendings->arena);
    x_free(&sendings);
}

void sendings_resume(struct ui *ui, void *state)
{
    again(ui, state);
}

static unsigned take(struct ui *ui, void *state)
{
    struct sendings *sendings = state;
    int chosen = pick_chosen(&sendings->pick);
    struct ui_arg arg = {0};
    if (chosen < 0)
        return UI_HANDLED;
    if (!ui_may(ui, OP_REQUEST_GET)) {
        ui_tell(ui, TELL_PLAIN, "%s", _("Requests themselves are shown to supervisors."));
        return UI_REDRAW;
    }
    (void)str_copy(arg.text, sizeof arg.text, sendings->list[chosen].number);
    ui_push(ui, SCREEN_REQUEST, &arg);
    return UI_HANDLED;
}

static unsigned send_one(struct ui *ui, struct sendings *sendings, int chosen)
{
    int error = book_outbox_retry(ui->book, sendings->list[chosen].number);
    if (error == SND_E_DENIED)
        ui_tell(ui, TELL_DONE, "%s", _("The agency has taken it meanwhile."));
    else if (error)
        ui_tell_error(ui, error);
    else
        ui_tell(ui, TELL_DONE, "%s", _("It is sent now. F5 shows how it goes."));
    again(ui, sendings);
    return UI_REDRAW;
}

unsigned sendings_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct sendings *sendings = state;
    int chosen = pick_chosen(&sendings->pick);
    if (event->key == K_F8 && chosen >= 0)
        return send_one(ui, sendings, chosen);
    if (event->key == K_F6)
        return link_push(ui, sendings->agency);
    if (event->key == K_F5) {
        ui_quiet(ui);
        again(ui, sendings);
        return UI_REDRAW;
    }
    return pick_screen_key(&sendings->pick, event, ui, take, sendings);
}

void sendings_focus(struct ui *ui, void *state)
{
    struct sendings *sendings = state;
    pick_paint(ui, &sendings->pick, FRAME_TOP, frame_body(ui), _("Find:"));
}

void sendings_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_ENTER, N_("open the request")},
                                            {K_F1, N_("help")},
                                            {K_F3, N_("back")},
                                            {K_F5, N_("again")},
                                            {K_F6, N_("send all")},
                                            {K_F8, N_("send it")}};
    const struct sendings *sendings = state;
    frame_context(
        ui, link_title(ui->arena, sendings->agency),
        arena_printf(ui->arena, _("shown: %s"), frame_number(ui, (int64_t)sendings->count)));
    sendings_focus(ui, state);
    frame_hint(ui, _("Tried and not yet taken. F8 sends the chosen one now."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
