/* SPDX-License-Identifier: Apache-2.0
 * Who has practised which service, when, and how many mistakes the first try had: for those who
 * answer for clerks. A few letters of an account, a centre or a service narrow it. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct training {
    struct arena *arena;
    struct pick pick;
    size_t count;
};

static const char *title_of(const struct book_service *service, size_t services, const char *code)
{
    for (size_t i = 0; i < services; i++)
        if (strcmp(service[i].code, code) == 0)
            return service[i].title[msg_language()];
    return "";
}

static const char *faults_words(struct ui *ui, struct arena *arena, int faults)
{
    if (faults == 0)
        return _("no mistake");
    return arena_printf(arena, P_("%s mistake", "%s mistakes", (unsigned long)faults),
                        frame_number(ui, faults));
}

static void make_item(struct ui *ui, struct arena *arena, const struct book_training *row,
                      const char *title, struct pick_item *out)
{
    *out = (struct pick_item){.note_look = row->faults ? LOOK_PLAIN : LOOK_HINT};
    out->text = arena_printf(arena, "%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s", row->account,
                             row->service, title);
    out->note = arena_printf(arena, "%s" LAYOUT_GAP "%s", faults_words(ui, arena, row->faults),
                             frame_moment(ui, row->at));
    out->folded = item_folded(arena, row->account, row->centre,
                              arena_printf(arena, "%s %s", row->service, title));
}

static int load(struct ui *ui, struct training *training)
{
    struct book_training *list;
    struct book_service *service;
    size_t services;
    int error = book_training_list(ui->book, training->arena, &list, &training->count);
    if (!error)
        error = book_service_list(ui->book, training->arena, &service, &services);
    if (error)
        return error;
    struct pick_item *item = arena_alloc(training->arena, (training->count + 1) * sizeof *item);
    for (size_t i = 0; i < training->count; i++)
        make_item(ui, training->arena, &list[i], title_of(service, services, list[i].service),
                  &item[i]);
    training->pick.nothing = training->count > 0 ? NULL : _("Nobody has practised a service yet.");
    pick_set(&training->pick, item, training->count);
    return 0;
}

int training_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct training *training = x_alloc(sizeof *training);
    training->arena = arena_new();
    int error = load(ui, training);
    if (error) {
        ui_tell_error(ui, error);
        training_close(ui, training);
        return error;
    }
    *state = training;
    return 0;
}

void training_close(struct ui *ui, void *state)
{
    (void)ui;
    struct training *training = state;
    pick_free(&training->pick);
    arena_free(&training->arena);
    x_free(&training);
}

/* There is no more of a practice than its row: nothing of it was kept. */
static unsigned take(struct ui *ui, void *state)
{
    (void)ui;
    (void)state;
    return UI_HANDLED;
}

unsigned training_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct training *training = state;
    return pick_screen_key(&training->pick, event, ui, take, training);
}

void training_focus(struct ui *ui, void *state)
{
    struct training *training = state;
    pick_paint(ui, &training->pick, FRAME_TOP, frame_body(ui), _("Find:"));
}

void training_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_F1, N_("help")}, {K_F3, N_("back")}};
    const struct training *training = state;
    frame_context(
        ui, _("Who has practised which service, the newest first"),
        arena_printf(ui->arena, _("shown: %s"), frame_number(ui, (int64_t)training->count)));
    training_focus(ui, state);
    frame_hint(ui, _("The mistakes are those of the first try; a practice is never sent."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
