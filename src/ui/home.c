/* SPDX-License-Identifier: Apache-2.0
 * Home: what this person's role may do, by digit; and the box in which a request is looked up by
 * its number, a civil number or a name, or a service begun by its code. A letter goes into the box
 * at once; a digit chooses, until Tab has moved into the box, as a civil number begins with one.
 */
#include <string.h>
#include "base/err.h"
#include "text/date.h"
#include "ui/edit.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct home {
    struct edit query;
    int searching;    /* the box has the focus */
    unsigned leaving; /* how many screens had been opened when F3 was pressed once, 0 */
    struct book_waits waits;
    int64_t asked_at; /* when what waits was asked for */
    int watching;     /* the hub has been asked for something */
};
static void choose_language(struct ui *ui);
static void choose_leave(struct ui *ui);
/* A line of the menu: the operation that a role must have for it, or OP_ACCOUNT_ME for everybody.
 */
static const struct entry {
    const char *title;
    enum operation needs;
    enum screen_id opens;
    void (*act)(struct ui *ui); /* instead of opening a screen */
} entries[] = {
    {N_("Waiting requests"), OP_OFFICER_LIST, SCREEN_QUEUE, NULL},
    {N_("New request"), OP_REQUEST_SUBMIT, SCREEN_CATALOGUE, NULL},
    {N_("Drafts"), OP_DRAFT_LIST, SCREEN_DRAFTS, NULL},
    {N_("Trail"), OP_TRAIL_FIND, SCREEN_TRAILS, NULL},
    {N_("Requests"), OP_REQUEST_LIST, SCREEN_REQUESTS, NULL},
    {N_("Accounts"), OP_ACCOUNT_LIST, SCREEN_ACCOUNTS, NULL},
    {N_("Verify the chain"), OP_LEDGER_VERIFY, SCREEN_VERIFY, NULL},
    {N_("Reports"), OP_REPORT_RUN, SCREEN_REPORTS, NULL},
    {N_("Services"), OP_SERVICE_OPEN, SCREEN_SERVICES, NULL},
    /* Clerks may read theirs too, but their menu stays short: those have it who count others' work.
     */
    {N_("Practice"), OP_REPORT_LIST, SCREEN_TRAINING, NULL},
    {N_("Switch the language"), OP_ACCOUNT_LANGUAGE, SCREEN_HOME, choose_language},
    {N_("Change password"), OP_ACCOUNT_OWN_PASSWORD, SCREEN_PASSWORD, NULL},
    {N_("Leave"), OP_ACCOUNT_ME, SCREEN_HOME, choose_leave},
    /* Below what clerks know by heart, so that no digit of theirs changes. */
    {N_("Waiting requests"), OP_REQUEST_SUBMIT, SCREEN_QUEUE, NULL},
    {N_("Lines to agencies"), OP_AGENCY_LIST, SCREEN_LINES, NULL},
};

/* Each role has a menu of its own, numbered from 1 without gaps, in the order of the table. */
static const struct entry *entry_at(const struct ui *ui, int digit)
{
    for (size_t i = 0; i < SND_COUNT(entries); i++)
        if (ui_may(ui, entries[i].needs) && --digit == 0)
            return &entries[i];
    return NULL;
}

int home_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct home *home = x_alloc(sizeof *home);
    edit_set(&home->query, "", 60, TEXT_AUTO);
    *state = home;
    home_resume(ui, home);
    return 0;
}

/* What waits is asked for and not waited for: it is there a moment later. */
void home_resume(struct ui *ui, void *state)
{
    struct home *home = state;
    if (ui_may(ui, OP_REQUEST_WAITS) && book_waits_ask(ui->book))
        home->waits.all = 0; /* nobody can say just now */
}

void home_heard(struct ui *ui, void *state)
{
    struct home *home = state;
    struct book_waits waits;
    if (book_waits_heard(ui->book, &waits))
        return;
    home->waits = waits;
    ui_watch(ui, &home->watching, waits.asked > 0);
    ui->dirty |= DIRTY_ALL;
}

#define ASK_EVERY_MS 2000
/* The hub has been asked for something: its answer is seen without a key. */
void home_tick(struct ui *ui, void *state, int64_t now)
{
    struct home *home = state;
    if (home->waits.asked == 0 || ui->offline || now - home->asked_at < ASK_EVERY_MS ||
        ui->stack[ui->depth - 1].state != state)
        return;
    home->asked_at = now;
    if (book_waits_ask(ui->book))
        home->waits.asked = 0; /* nobody can say just now */
}

void home_close(struct ui *ui, void *state)
{
    struct home *home = state;
    ui_watch(ui, &home->watching, 0);
    x_free(&home);
}

static void choose_language(struct ui *ui)
{
    enum lang lang = msg_language() == LANG_AR ? LANG_EN : LANG_AR;
    int error = book_set_language(ui->book, lang);
    ui_language(ui, lang);
    if (error)
        ui_tell(ui, TELL_WARNING, "%s", _("The language is changed for this session only."));
    else
        ui_tell(ui, TELL_DONE, "%s", _("The language of your screens is changed."));
}

static void choose_leave(struct ui *ui)
{
    ui->leaving = 1;
}

static unsigned choose(struct ui *ui, const struct entry *entry)
{
    ui_quiet(ui);
    if (entry->act)
        entry->act(ui);
    else
        ui_push(ui, entry->opens, NULL);
    return UI_HANDLED;
}

static unsigned search(struct ui *ui, struct home *home)
{
    struct ui_arg arg = {0};
    if (!home->query.text[0]) {
        home->searching = 0;
        return UI_REDRAW;
    }
    if (str_copy(arg.text, sizeof arg.text, home->query.text) != 0)
        return UI_HANDLED;
    edit_set(&home->query, "", 60, TEXT_AUTO);
    home->searching = 0;
    ui_quiet(ui);
    if (begin_service(ui, arg.text, BEGIN_EMPTY))
        return UI_REDRAW;
    ui_push(ui, SCREEN_REQUESTS, &arg);
    return UI_HANDLED;
}

static unsigned key_box(struct ui *ui, struct home *home, const struct key_event *event)
{
    if (event->key == K_ENTER)
        return search(ui, home);
    if (event->key == K_F3 || event->key == K_F12 || event->key == K_TAB || event->key == K_UP) {
        edit_set(&home->query, "", 60, TEXT_AUTO);
        home->searching = 0;
        return UI_REDRAW;
    }
    return edit_key(&home->query, event, ui->rtl, ui->arena) == EDIT_IGNORED ? UI_IGNORED
                                                                             : UI_FOCUS;
}

static unsigned key_leave(struct ui *ui, struct home *home)
{
    if (home->leaving == ui->opened)
        ui->leaving = 1;
    home->leaving = ui->opened;
    ui_tell(ui, TELL_PLAIN, "%s", _("Press F3 once more to leave Sanad."));
    return UI_HANDLED;
}

/* The line, or the centres: where there is no hub, neither. */
const char *home_more_word(struct ui *ui, void *state)
{
    (void)state;
    if (line_screen(ui) == SCREEN_COUNT)
        return NULL;
    return line_screen(ui) == SCREEN_LINE ? N_("line to the hub") : N_("centres");
}

void home_more(struct ui *ui, void *state)
{
    (void)state;
    ui_quiet(ui);
    ui_push(ui, line_screen(ui), NULL);
}

unsigned home_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct home *home = state;
    if (home->searching)
        return key_box(ui, home, event);
    if (event->key == K_F3)
        return key_leave(ui, home);
    home->leaving = 0;
    if (event->key == K_F6)
        return begin_again(ui, BEGIN_EMPTY);
    if (event->key == K_F5 && line_screen(ui) != SCREEN_COUNT) {
        home_more(ui, home);
        return UI_HANDLED;
    }
    if (ui_digit(event) > 0) {
        const struct entry *entry = entry_at(ui, ui_digit(event));
        if (!entry)
            ui_tell(ui, TELL_ERROR, "%s", _("No line has this digit: choose one that is shown."));
        return entry ? choose(ui, entry) : UI_HANDLED;
    }
    if (!ui_may(ui, OP_REQUEST_LIST))
        return UI_IGNORED;
    if (event->key == K_CHAR || event->key == K_TAB || event->key == K_DOWN) {
        home->searching = 1;
        if (event->key == K_CHAR)
            (void)edit_key(&home->query, event, ui->rtl, ui->arena);
        return UI_REDRAW;
    }
    return UI_IGNORED;
}

/* Below the menu, which has nine lines at most; on a narrow screen its label stands above it. */
static int box_row(const struct ui *ui)
{
    if (frame_narrow(ui))
        return FRAME_TOP + frame_body(ui) - 1;
    return FRAME_TOP + 13 + (entry_at(ui, 9) != NULL);
}

static void paint_box(struct ui *ui, const struct home *home)
{
    if (!ui_may(ui, OP_REQUEST_LIST))
        return;
    const char *label = _("Look up a request (Tab):");
    int narrow = frame_narrow(ui), at = narrow ? 2 : 3 + layout_width(label) + 1,
        width = frame_width(ui) - at - 3, row = box_row(ui);
    canvas_blank(&ui->canvas, row - narrow, row + 1);
    frame_text(ui, row - narrow, narrow ? 1 : 3, 50, label,
               home->searching ? LOOK_FOCUS : LOOK_LABEL);
    frame_text(ui, row, at, 1, "[", LOOK_PLAIN);
    frame_text(ui, row, at + width + 1, 1, "]", LOOK_PLAIN);
    edit_paint_row(ui, &home->query, row, at + 1, width, home->searching);
}

/* What stands between this centre and others, below that. */
static void paint_asked(struct ui *ui, const struct book_waits *waits, int row)
{
    const char *words = "";
    if (waits->conflicts > 0)
        words = arena_printf(ui->arena, _("conflicts %s"), frame_number(ui, waits->conflicts));
    if (waits->asked > 0)
        words = arena_printf(
            ui->arena, "%s%s%s", words, *words ? ", " : "",
            arena_printf(ui->arena, _("asked of the hub %s"), frame_number(ui, waits->asked)));
    if (waits->news > 0)
        words = arena_printf(
            ui->arena, "%s%s%s", words, *words ? ", " : "",
            arena_printf(ui->arena, _("answered by the hub %s"), frame_number(ui, waits->news)));
    if (*words && row < FRAME_TOP + frame_body(ui))
        frame_text(ui, row, 3, frame_width(ui) - 4,
                   arena_printf(ui->arena, _("To look at (F2): %s"), words), LOOK_WARNING);
}

/* How many wait, by state, below the menu: on a narrow screen between it and the box, if there is
 * room. */
static void paint_waits(struct ui *ui, const struct home *home, int menu_end)
{
    int narrow = frame_narrow(ui), row = narrow ? menu_end : box_row(ui) + 2,
        room = narrow ? box_row(ui) - 1 - row : 1;
    const char *words = "";
    for (unsigned i = 0; i < STATE_COUNT; i++)
        if (home->waits.n[i] > 0)
            words = arena_printf(ui->arena, "%s%s%s %s", words, *words ? ", " : "",
                                 state_name(i, msg_language()), frame_number(ui, home->waits.n[i]));
    if (home->waits.all > 0 && room > 0)
        frame_sentence(ui, row, 3, frame_width(ui) - 4, room,
                       arena_printf(ui->arena, _("Waiting: %s"), words), LOOK_WARNING);
    if (!narrow)
        paint_asked(ui, &home->waits, row + 1);
    if (!narrow)
        away_paint_numbers(ui, row - 1);
}

void home_focus(struct ui *ui, void *state)
{
    paint_box(ui, state);
}

/* Returns the row below it. */
static int paint_menu(struct ui *ui, int row)
{
    const struct entry *entry;
    for (int digit = 1; (entry = entry_at(ui, digit)) != NULL; digit++) {
        frame_text(ui, row, 5, 2, frame_number(ui, digit), LOOK_FOCUS);
        frame_text(ui, row++, 8, 50, _(entry->title), LOOK_PLAIN);
    }
    return row;
}

void home_paint(struct ui *ui, void *state)
{
    const struct home *home = state;
    const char *more = home_more_word(ui, state);
    const struct frame_key keys[] = {
        {K_F1, N_("help")}, {K_F2, N_("go to")}, {K_F3, N_("leave")}, {K_F5, more}};
    int width = frame_width(ui) - 4, narrow = frame_narrow(ui),
        row = narrow ? FRAME_TOP : FRAME_TOP + 3;
    const char *role = role_name(ui->me.role, msg_language());
    frame_context(ui, arena_printf(ui->arena, "%s - %s", ui->me.name, role),
                  narrow ? NULL : ui->me.centre_name);
    if (!narrow)
        frame_text(ui, FRAME_TOP + 1, 3, width,
                   arena_printf(ui->arena, "%s %s", date_weekday_name(ui->me.today),
                                frame_both_dates(ui, ui->me.today)),
                   LOOK_PLAIN);
    frame_caret(ui, row, 2);
    row += frame_sentence(ui, row, 3, width, 2, _("What would you like to do? Press its digit."),
                          LOOK_FOCUS);
    row = paint_menu(ui, narrow ? row : row + 1);
    paint_box(ui, home);
    paint_waits(ui, home, row);
    if (ui_may(ui, OP_REQUEST_LIST))
        frame_hint(ui,
                   _("A service's code, a request number, a civil number or a name, then Enter."));
    frame_keys(ui, keys, SND_COUNT(keys) - (more == NULL));
}
