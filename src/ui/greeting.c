/* SPDX-License-Identifier: Apache-2.0
 * The first screen after a login: who is here, where, which day in both calendars. When a request
 * lies unfinished it is offered, and one Enter goes on with it at the field where it stopped.
 *
 * A person in a hurry is not held up: any key that means something at home is played there. */
#include <string.h>
#include "base/err.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct greeting {
    struct arena *arena;
    const struct book_draft *draft; /* the newest, or NULL */
    const char *service;            /* its title */
    int elsewhere;                  /* another session holds it: it can't be opened yet */
};

/* The newest draft that was not put aside. One that a broken session still holds comes free in a moment: it is looked at
 * again until then. */
static void find_draft(struct ui *ui, struct greeting *greeting)
{
    struct book_draft *draft;
    const struct form *form;
    size_t count;
    arena_reset(greeting->arena);
    greeting->draft = NULL;
    ui->watching = 0;
    if (!ui_may(ui, OP_DRAFT_LIST) ||
        book_draft_list(ui->book, greeting->arena, &draft, &count) != 0)
        return;
    parked_note(ui, draft, count);
    for (; count > 0 && draft->parked; count--)
        draft++;
    if (count == 0)
        return;
    ui->watching = draft->elsewhere;
    greeting->elsewhere = draft->elsewhere;
    greeting->draft = draft;
    greeting->service = draft->service;
    if (book_form(ui->book, draft->sha, &form) == 0)
        greeting->service = form->title[msg_language()];
}

void greeting_tick(struct ui *ui, void *state, int64_t now)
{
    struct greeting *greeting = state;
    (void)now;
    if (!ui->watching || ui->offline)
        return;
    find_draft(ui, greeting);
    if (!ui->watching)
        ui->dirty |= DIRTY_ALL;
}

int greeting_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct greeting *greeting = x_alloc(sizeof *greeting);
    greeting->arena = arena_new();
    find_draft(ui, greeting);
    *state = greeting;
    if (ui->me.must_change)
        ui_push(ui, SCREEN_PASSWORD, NULL);
    return 0;
}

void greeting_close(struct ui *ui, void *state)
{
    struct greeting *greeting = state;
    ui->watching = 0;
    arena_free(&greeting->arena);
    x_free(&greeting);
}

unsigned greeting_key(struct ui *ui, void *state, const struct key_event *event)
{
    const struct greeting *greeting = state;
    const int offered = greeting->draft && !greeting->elsewhere;
    if (offered && (event->key == K_ENTER || ui_answer(event) == 1)) {
        struct ui_arg arg = {.id = greeting->draft->id};
        ui_home_push(ui, SCREEN_FILL, &arg);
        return UI_HANDLED;
    }
    if (event->key == K_ENTER || event->key == K_F3 || event->key == K_F12 ||
        (offered && ui_answer(event) == 0)) {
        ui_home(ui);
        return UI_HANDLED;
    }
    if (!offered && event->key == K_CHAR) {
        ui_home(ui);
        ui->replay = *event;
        return UI_HANDLED;
    }
    return UI_IGNORED;
}

static int paint_draft(struct ui *ui, const struct greeting *greeting, int row)
{
    const struct book_draft *draft = greeting->draft;
    int width = frame_width(ui) - 4;
    const char *who = *draft->summary ? draft->summary : _("nobody yet");
    frame_text(ui, row, 3, width, _("A request was not finished:"), LOOK_WARNING);
    frame_text(ui, row + 1, 5, width, greeting->service, LOOK_PLAIN);
    frame_text(ui, row + 2, 5, width, arena_printf(ui->arena, _("for %s"), who), LOOK_PLAIN);
    frame_text(ui, row + 3, 5, width,
               arena_printf(ui->arena, _("saved %s"), frame_moment(ui, draft->saved)), LOOK_PLAIN);
    if (greeting->elsewhere) {
        frame_text(ui, row + 4, 5, width, _("Another session has it open."), LOOK_WARNING);
        frame_text(ui, row + 6, 3, width, _("Enter goes on."), LOOK_FOCUS);
        return row + 6;
    }
    frame_text(ui, row + 5, 3, width, _("Go on with it?  Enter or 1 = yes   2 = not now"),
               LOOK_FOCUS);
    return row + 5;
}

void greeting_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("go on")}, {K_F1, N_("help")}, {K_F3, N_("home")}};
    const struct greeting *greeting = state;
    int row = FRAME_TOP + 2, width = frame_width(ui) - 4;
    frame_text(ui, row, 3, width, arena_printf(ui->arena, _("Welcome, %s."), ui->me.name),
               LOOK_FOCUS);
    frame_text(ui, row + 1, 3, width, *ui->me.centre_name ? ui->me.centre_name : "", LOOK_PLAIN);
    frame_text(ui, row + 2, 3, width,
               arena_printf(ui->arena, "%s %s", date_weekday_name(ui->me.today),
                            frame_both_dates(ui, ui->me.today)),
               LOOK_PLAIN);
    if (ui->me.practice)
        frame_text(ui, row + 3, 3, width, _("A practice office: nothing here reaches an agency."),
                   LOOK_WARNING);
    row += 6;
    if (greeting->draft)
        row = paint_draft(ui, greeting, row);
    else
        frame_text(ui, row, 3, width, _("Enter goes on."), LOOK_FOCUS);
    frame_caret(ui, row, 2);
    frame_keys(ui, keys, SND_COUNT(keys));
}
