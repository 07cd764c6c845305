/* SPDX-License-Identifier: Apache-2.0
 * Line mode from the greeting on: what lies unfinished is offered, then one line says what to do: a
 * word, its digit, a service's code or words, a request's number. What is no word of ours is looked
 * for, so that the common things need none. Whatever the screens decide (which services may be
 * begun, what must be read before) is decided by the same functions. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/linemode_priv.h"

static const char which_service[] =
    N_("Which service? Its code, or words of its name; Enter alone goes back:");

/* ---- beginning a request ---- */

/* What the screens' functions have asked to be opened. */
static void follow(struct linemode *lm)
{
    struct ui *ui = &lm->ui;
    int next = ui->next;
    struct ui_arg arg = ui->next_arg;
    ui->next = NEXT_NONE;
    linemode_say_message(lm);
    if (next == NEXT_NONE)
        return;
    if (ui->next_id == SCREEN_NEEDS) {
        struct needs_case needs = ui->needs;
        if (!id_is_zero(&needs.notice.id) && !linemode_notice(lm, &needs.notice))
            return;
        arg = (struct ui_arg){.thing = needs.form, .index = needs.with};
        if (!needs.begins)
            return;
    }
    linemode_fill(lm, &arg);
}

/* 1 when the words were the code of a service, or those of some: of one alone, when it was asked
 * for one, its request is begun. */
static int begin_words(struct linemode *lm, const char *words, int asked)
{
    struct ui *ui = &lm->ui;
    struct book_service *list;
    if (begin_service(ui, words, BEGIN_EMPTY)) {
        follow(lm);
        return 1;
    }
    struct arena *arena = arena_new();
    size_t count = linemode_services(lm, words, arena, &list);
    if (count == 1 && asked)
        (void)service_begin(ui, list, BEGIN_EMPTY);
    else if (count > 0)
        linemode_say_services(lm, list, count);
    follow(lm);
    arena_free(&arena);
    return count > 0;
}

void linehome_new(struct linemode *lm, const char *rest)
{
    if (!*rest)
        rest = linemode_ask(lm, _(which_service));
    if (rest && *rest && !begin_words(lm, rest, 1))
        linemode_say(lm, _("No service has that code or those words: type others."));
}

/* ---- drafts ---- */

static const char *title_of(struct ui *ui, const struct book_draft *draft)
{
    const struct form *form;
    return book_form(ui->book, draft->sha, &form) == 0 ? form->title[msg_language()]
                                                       : draft->service;
}

static void say_draft(struct linemode *lm, int number, const struct book_draft *draft)
{
    const char *who = *draft->summary ? draft->summary : _("nobody yet");
    linemode_sayf(lm, "%d %s %s, %s, %s%s%s", number, draft->service, title_of(&lm->ui, draft), who,
                  frame_moment(&lm->ui, draft->saved), draft->elsewhere ? ", " : "",
                  draft->elsewhere ? _("open in another session") : "");
}

static void open_draft(struct linemode *lm, const struct id *id)
{
    struct ui_arg arg = {.id = *id};
    linemode_fill(lm, &arg);
}

/* All drafts, or NULL and told. */
static struct book_draft *drafts(struct linemode *lm, struct arena *arena, size_t *count)
{
    struct book_draft *list;
    int error = book_draft_list(lm->ui.book, arena, &list, count);
    if (error) {
        linemode_say(lm, ui_error_words(error));
        return NULL;
    }
    return list;
}

void linehome_drafts(struct linemode *lm, const char *rest)
{
    struct arena *arena = arena_new();
    size_t count = 0;
    linemode_stand(lm, SCREEN_DRAFTS, "");
    const struct book_draft *list = drafts(lm, arena, &count);
    if (list && count == 0)
        linemode_say(lm, _("There are no drafts."));
    for (size_t i = 0; i < count && i < LINEMODE_ITEMS && !*rest; i++)
        say_draft(lm, (int)i + 1, &list[i]);
    if (count > 0 && !*rest)
        rest = linemode_ask(lm, _("Which one? Its number; Enter alone goes back:"));
    int number = rest ? linemode_number(rest, count) : 0;
    if (number)
        open_draft(lm, &list[number - 1].id);
    else if (count > 0 && rest && *rest)
        linemode_say(lm, _("No line has this number: choose one that is shown."));
    arena_free(&arena);
}

/* The newest that was not put aside, or NULL. */
static const struct book_draft *newest_draft(struct linemode *lm, struct arena *arena)
{
    size_t count = 0;
    const struct book_draft *draft =
        ui_may(&lm->ui, OP_DRAFT_LIST) ? drafts(lm, arena, &count) : NULL;
    for (; draft && count > 0 && draft->parked; count--)
        draft++;
    return count > 0 ? draft : NULL;
}

#define FREE_MS 3000 /* a session that broke off has ended by then, or it is no such one */
#define LOOK_MS 100
/* One that a broken session still holds comes free in a moment: it is looked at again until then.
 */
static const struct book_draft *free_draft(struct linemode *lm, struct arena *arena)
{
    int64_t until = clock_mono_ms() + FREE_MS;
    const struct book_draft *draft = newest_draft(lm, arena);
    while (draft && draft->elsewhere && !lm->ended && clock_mono_ms() < until) {
        linemode_pause(lm, LOOK_MS);
        arena_reset(arena);
        draft = newest_draft(lm, arena);
    }
    return draft;
}

/* That draft is gone on with, when that is wanted. What answers neither way is meant for home: it
 * is returned. */
static const char *offer_draft(struct linemode *lm)
{
    struct arena *arena = arena_new();
    const char *line = "";
    const struct book_draft *draft = free_draft(lm, arena);
    if (draft && !lm->ended) {
        const char *who = *draft->summary ? draft->summary : _("nobody yet");
        linemode_sayf(lm, "%s %s %s, %s%s%s", _("A request was not finished:"), draft->service,
                      title_of(&lm->ui, draft), who, draft->elsewhere ? ", " : "",
                      draft->elsewhere ? _("open in another session") : "");
    }
    if (draft && !lm->ended && !draft->elsewhere) {
        line = linemode_ask(lm, _("Go on with it? 1 = yes, 2 = not now:"));
        int yes = line ? linemode_yes(line) : 0;
        if (yes == 1)
            open_draft(lm, &draft->id);
        if (line && yes >= 0)
            line = "";
    }
    arena_free(&arena);
    return line;
}

/* ---- the other words ---- */

void linehome_find(struct linemode *lm, const char *rest)
{
    if (!*rest)
        rest = linemode_ask(
            lm, _("A request's number, a civil number or a name; Enter alone goes back:"));
    if (rest && *rest)
        linemode_find(lm, rest);
}

/* ---- where the line broke off ---- */

void linemode_stand(struct linemode *lm, enum screen_id id, const char *text)
{
    struct ui_arg arg = {0};
    if (str_copy(arg.text, sizeof arg.text, text) || again_add(lm->place, id, &arg))
        lm->place[0] = '\0'; /* too long to be looked for again */
}

/* What screens show and can be said here; what was last looked at comes last. */
static const struct {
    enum screen_id id;
    void (*again)(struct linemode *lm, const char *text);
} sayable[] = {{SCREEN_REQUESTS, linehome_find},   {SCREEN_REQUEST, linemode_request},
               {SCREEN_RECEIPT, linemode_request}, {SCREEN_CATALOGUE, linehome_sheet},
               {SCREEN_NEWS, linehome_news},       {SCREEN_DRAFTS, linehome_drafts}};

/* Its row in that table, -1 = none; the text to go on with in *out. */
static int again_row(const struct linemode *lm, struct ui_arg *out)
{
    const char *at = lm->ui.me.place;
    enum screen_id id;
    struct ui_arg arg;
    int found = -1;
    while (*at && again_next(&at, &id, &arg))
        for (size_t i = 0; i < SND_COUNT(sayable); i++)
            if (sayable[i].id == id) {
                found = (int)i;
                *out = arg;
            }
    return found;
}

int linemode_again(const struct linemode *lm)
{
    struct ui_arg arg;
    return again_row(lm, &arg) >= 0;
}

void linehome_again(struct linemode *lm, const char *rest)
{
    struct ui_arg arg;
    int row = again_row(lm, &arg);
    (void)rest;
    if (row < 0)
        linemode_say(lm, _("No line broke off before: there is nothing to go back to."));
    else
        sayable[row].again(lm, arg.text);
}

void linehome_sheet(struct linemode *lm, const char *rest)
{
    struct arena *arena = arena_new();
    struct book_service *list;
    const struct form *form;
    if (!*rest)
        rest = linemode_ask(lm, _(which_service));
    linemode_stand(lm, SCREEN_CATALOGUE, rest ? rest : "");
    size_t count = rest && *rest ? linemode_services(lm, rest, arena, &list) : 0;
    if (count > 1)
        linemode_say_services(lm, list, count);
    else if (count == 0 && rest && *rest)
        linemode_say(lm, _("No service has that code or those words: type others."));
    if (count == 1 && book_form(lm->ui.book, list->sha, &form) == 0) {
        const char *why = service_why(list);
        linemode_sheet(lm, form, why ? why : _("open"));
    }
    arena_free(&arena);
}

void linehome_news(struct linemode *lm, const char *rest)
{
    struct arena *arena = arena_new();
    struct book_notice *list;
    size_t count = 0;
    (void)rest;
    linemode_stand(lm, SCREEN_NEWS, "");
    int error = book_notice_list(lm->ui.book, arena, &list, &count);
    if (error)
        linemode_say(lm, ui_error_words(error));
    else if (count == 0)
        linemode_say(lm, _("There is nothing new to read."));
    for (size_t i = 0; i < count && !error; i++)
        if (!linemode_notice(lm, &list[i]))
            break;
    arena_free(&arena);
}

void linehome_language(struct linemode *lm, const char *rest)
{
    enum lang lang = msg_language() == LANG_AR ? LANG_EN : LANG_AR;
    (void)rest;
    int error = book_set_language(lm->ui.book, lang);
    ui_language(&lm->ui, lang);
    linemode_say(lm, error ? _("The language is changed for this session only.")
                           : _("The language of your screens is changed."));
}

void linehome_order(struct linemode *lm, const char *rest)
{
    static const char *const abouts[] = {
#define LINE_ORDER(name, word, about) about,
#include "ui/linemode_orders.def"
#undef LINE_ORDER
    };
    /* The same words each way: whoever reads knows which of them is right. */
    enum linemode_order before = lm->order;
    for (int i = 0; i < LINE_ORDERS && !*rest; i++) {
        linemode_set_order(lm, (enum linemode_order)i);
        linemode_sayf(lm, "%d %s", i + 1, "هذا السطر صحيح");
        linemode_set_order(lm, before);
        linemode_say(lm, _(abouts[i]));
    }
    if (!*rest)
        rest = linemode_ask(lm, _("Which line of Arabic reads right? Its number:"));
    int number = rest ? linemode_number(rest, LINE_ORDERS) : 0;
    if (!number)
        return;
    linemode_set_order(lm, (enum linemode_order)(number - 1));
    linemode_say(lm, linemode_remember(lm) ? _("So it is for this session.")
                                           : _("So it stays for this terminal."));
}

void linehome_leave(struct linemode *lm, const char *rest)
{
    (void)rest;
    lm->ui.leaving = 1;
}

void linehome_help(struct linemode *lm, const char *rest)
{
    (void)rest;
    linemode_say_words(lm, AT_HOME);
    linemode_say(lm, _("Without a word: a service's code or words begin a request, a number looks "
                       "a request up."));
    linemode_say(lm, _("In a form: answer and press Enter; Enter alone keeps what stands in "
                       "brackets, a dash empties it, ? explains, < goes back."));
    linemode_say(lm, _("Everything else is on the screens: log in without -T."));
}

/* ---- home ---- */

static void at_home(struct linemode *lm, const char *line)
{
    const char *rest;
    const struct lineword *word = linemode_word(&lm->ui, line, AT_HOME, &rest);
    lm->stood = 1;
    lm->place[0] = '\0';
    if (strcmp(line, "?") == 0 || strcmp(line, "؟") == 0)
        linehome_help(lm, "");
    else if (word)
        word->home(lm, rest);
    else if (*line == '.' || linemode_number(line, 99))
        linemode_say(lm, _("There is no such word here: ? lists them."));
    else if (ui_may(&lm->ui, OP_REQUEST_SUBMIT) && begin_words(lm, line, 0))
        return;
    else if (ui_may(&lm->ui, OP_REQUEST_LIST))
        linemode_find(lm, line);
    else
        linemode_say(lm, _("There is no such word here: ? lists them."));
}

static void greet(struct linemode *lm)
{
    struct ui *ui = &lm->ui;
    linemode_sayf(lm, "%s %s %s %s", arena_printf(ui->arena, _("Welcome, %s."), ui->me.name),
                  ui->me.centre_name, date_weekday_name(ui->me.today),
                  frame_both_dates(ui, ui->me.today));
    if (ui->me.practice)
        linemode_say(lm, _("A practice office: its requests are not real ones."));
    if (!lm->order_known && ui->rtl)
        linemode_say(lm, "Does Arabic look reversed or broken? Type: order");
    if (ui->me.notices > 0)
        linemode_say(lm, _("New services are to be read about: the word news shows them."));
    if (linemode_again(lm))
        linemode_sayf(lm, _("The line broke off here: %s. The word again goes back there."),
                      again_words(ui));
}

/* Said in full once: on a slow line each word of it would be waited for again after every request.
 */
static const char *home_prompt(struct linemode *lm)
{
    if (lm->homes++ > 0)
        return _("Home. ? says what can be typed:");
    return _("Home. A service's code or words, a request's number, or a word; ? lists them:");
}

void linemode_home(struct linemode *lm)
{
    linemode_duties(lm);
    if (lm->ui.me.must_code || lm->ui.me.must_change || lm->ended)
        return;
    greet(lm);
    const char *line = offer_draft(lm);
    while (line && !lm->ui.leaving) {
        if (*line)
            at_home(lm, line);
        if (lm->ui.leaving || lm->ended)
            break;
        line = linemode_ask(lm, home_prompt(lm));
    }
}
