/* SPDX-License-Identifier: Apache-2.0
 * The first screen after a login: who is here, where, which day in both calendars. When a request
 * lies unfinished it is offered, and one Enter goes on with it at the field where it stopped.
 * Services that are new to this person are named, so that they are read about before somebody asks
 * for them.
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
    struct arena *news;
    struct book_notice *notice; /* what is new */
    size_t notices;
};

/* The newest draft that was not put aside. One that a broken session still holds comes free in a
 * moment: it is looked at again until then. */
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

/* Asked only when the login said that there is something. */
static void find_news(struct ui *ui, struct greeting *greeting)
{
    if (ui->me.notices > 0 && !ui->me.must_change && !ui->me.must_code &&
        book_notice_list(ui->book, greeting->news, &greeting->notice, &greeting->notices) != 0)
        greeting->notices = 0;
}

/* What must be done before anything else. */
static void ask_first(struct ui *ui)
{
    if (ui->me.must_code)
        ui_push(ui, SCREEN_CODE, NULL);
    else if (ui->me.must_change)
        ui_push(ui, SCREEN_PASSWORD, NULL);
}

int greeting_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct greeting *greeting = x_alloc(sizeof *greeting);
    greeting->arena = arena_new();
    greeting->news = arena_new();
    find_draft(ui, greeting);
    find_news(ui, greeting);
    *state = greeting;
    ask_first(ui);
    return 0;
}

void greeting_resume(struct ui *ui, void *state)
{
    ask_first(ui);
    if (!ui->me.must_change && !ui->me.must_code) {
        find_draft(ui, state);
        find_news(ui, state);
    }
}

void greeting_close(struct ui *ui, void *state)
{
    struct greeting *greeting = state;
    ui->watching = 0;
    arena_free(&greeting->arena);
    arena_free(&greeting->news);
    x_free(&greeting);
}

/* The digit beside the news, in either script. */
static int is_three(const struct key_event *event)
{
    return event->key == K_CHAR && (event->point == '3' || event->point == 0x0663);
}

#define AGAIN_DIGIT 9
/* The session before broke off somewhere else than in a form. */
static int again_offered(const struct ui *ui)
{
    return *ui->me.place && !ui->me.must_change && !ui->me.must_code;
}

unsigned greeting_key(struct ui *ui, void *state, const struct key_event *event)
{
    const struct greeting *greeting = state;
    const int offered = greeting->draft && !greeting->elsewhere;
    if (ui->terminal_asked && ui_digit(event) == 0) {
        ui_push(ui, SCREEN_TERMINAL, NULL);
        return UI_HANDLED;
    }
    if (ui->terminal_asked && event->key == K_ENTER)
        terminal_choose(ui, ui->profile);
    if (again_offered(ui) && ui_digit(event) == AGAIN_DIGIT) {
        ui_again(ui);
        return UI_HANDLED;
    }
    if (offered && (event->key == K_ENTER || ui_answer(event) == 1)) {
        struct ui_arg arg = {.id = greeting->draft->id};
        ui_home_push(ui, SCREEN_FILL, &arg);
        return UI_HANDLED;
    }
    if (greeting->notices > 0 && (offered ? is_three(event) : event->key == K_ENTER)) {
        ui_home_push(ui, SCREEN_NEWS, NULL);
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

/* Where the line broke off when that was not in a form. */
static void paint_again(struct ui *ui, int row)
{
    const char *words =
        arena_printf(ui->arena, _("9 goes on where the line broke off: %s"), again_words(ui));
    frame_sentence(ui, row, 3, frame_width(ui) - 4, 2, words, LOOK_WARNING);
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
    row += frame_narrow(ui) ? 4 : 5;
    if (greeting->elsewhere) {
        frame_text(ui, row - 1, 5, width, _("Another session has it open."), LOOK_WARNING);
        frame_text(ui, row + 1, 3, width, _("Enter goes on."), LOOK_FOCUS);
        return row + 1;
    }
    frame_sentence(ui, row, 3, width, 2, _("Go on with it?  Enter or 1 = yes   2 = not now"),
                   LOOK_FOCUS);
    return row;
}

#define NEWS_SHOWN 4
/* A few of them by name, the rest by number. */
static int paint_news(struct ui *ui, const struct greeting *greeting, int row)
{
    int width = frame_width(ui) - 4;
    size_t most = !frame_narrow(ui) ? (again_offered(ui) ? 1 : NEWS_SHOWN)
                  : greeting->draft ? 0
                                    : 1;
    size_t shown = greeting->notices < most ? greeting->notices : most;
    row += frame_sentence(ui, row, 3, width, 2,
                          _("New and changed services, to be read about first:"), LOOK_WARNING);
    for (size_t i = 0; i < shown; i++)
        frame_text(ui, row++, 5, width,
                   arena_printf(ui->arena, "%s" LAYOUT_GAP "%s", greeting->notice[i].service,
                                greeting->notice[i].title[msg_language()]),
                   LOOK_PLAIN);
    if (shown > 0 && shown < greeting->notices) {
        unsigned long more = (unsigned long)(greeting->notices - shown);
        frame_text(ui, row++, 5, width,
                   arena_printf(ui->arena, P_("and %s more", "and %s more", more),
                                frame_number(ui, (int64_t)more)),
                   LOOK_PLAIN);
    }
    frame_text(ui, row, 3, width,
               greeting->draft && !greeting->elsewhere ? _("3 shows what is new.")
                                                       : _("Enter shows what is new."),
               LOOK_FOCUS);
    return row;
}

/* Above the keys: whoever can't read the one can read the other. */
static void paint_terminal(struct ui *ui)
{
    int row = FRAME_TOP + frame_body(ui) - 2, width = frame_width(ui) - 4;
    const char *words = "Does Arabic look reversed or broken? Press 0.";
    if (!ui->terminal_asked)
        return;
    if (frame_narrow(ui)) { /* there is no hint */
        row += 2;
        words = "Is Arabic reversed or broken? 0.";
    }
    if (ui->rtl)
        frame_text(ui, row, 3, width, _("Is the Arabic right?  Enter = yes   0 = no"),
                   LOOK_WARNING);
    frame_value(ui, row + 1, 3, width, words, TEXT_LTR, LOOK_WARNING);
}

/* Who, where, which day; returns the row of what comes after it. */
static int paint_welcome(struct ui *ui)
{
    int narrow = frame_narrow(ui), row = FRAME_TOP + (narrow ? 0 : 2), width = frame_width(ui) - 4;
    frame_text(ui, row, 3, width, arena_printf(ui->arena, _("Welcome, %s."), ui->me.name),
               LOOK_FOCUS);
    frame_text(ui, row + 1, 3, width, *ui->me.centre_name ? ui->me.centre_name : "", LOOK_PLAIN);
    if (!narrow)
        frame_text(ui, row + 2, 3, width,
                   arena_printf(ui->arena, "%s %s", date_weekday_name(ui->me.today),
                                frame_both_dates(ui, ui->me.today)),
                   LOOK_PLAIN);
    if (ui->me.practice)
        frame_sentence(ui, row + (narrow ? 2 : 3), 3, width, 2,
                       _("A practice office: its requests are not real ones."), LOOK_WARNING);
    return row + (narrow ? 4 + (ui->me.practice != 0) : 6);
}

void greeting_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("go on")}, {K_F1, N_("help")}, {K_F3, N_("home")}};
    const struct greeting *greeting = state;
    int row = paint_welcome(ui), width = frame_width(ui) - 4, caret = row;
    if (greeting->draft)
        row = caret = paint_draft(ui, greeting, row);
    else if (greeting->notices == 0)
        frame_text(ui, row, 3, width, _("Enter goes on."), LOOK_FOCUS);
    if (greeting->notices > 0) {
        row = paint_news(ui, greeting, greeting->draft ? row + 2 : row);
        caret = greeting->draft ? caret : row;
    }
    if (again_offered(ui))
        paint_again(ui, row + 2);
    paint_terminal(ui);
    frame_caret(ui, caret, 2);
    frame_keys(ui, keys, SND_COUNT(keys));
}
