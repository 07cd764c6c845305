/* SPDX-License-Identifier: Apache-2.0
 * The stack of screens of one session: which is in front, which key it gets, what it wants opened,
 * and what is painted.
 *
 * A handler never opens or closes a screen itself: it asks, and the asking is done here when it has
 * returned, so no handler's state is freed under it. Painting never asks the ledger. Keys that were
 * typed past a wrong field wait here until the field is right; none is ever thrown away unseen. */
#include "ui/ui_priv.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

const struct screen_row screen_table[SCREEN_COUNT] = {
#define EXTRAS(...) __VA_ARGS__
#define SCREEN(name, prefix, title_text, help_text, extras)                                        \
    [SCREEN_##name] = {.title = title_text,                                                        \
                       .help = help_text,                                                          \
                       .open = prefix##_open,                                                      \
                       .key = prefix##_key,                                                        \
                       .paint = prefix##_paint,                                                    \
                       .close = prefix##_close,                                                    \
                       EXTRAS extras},
#include "ui/screens.def"
#undef SCREEN
};

static const struct screen_row *row_of(const struct ui_layer *layer)
{
    return &screen_table[layer->id];
}

static struct ui_layer *top_of(struct ui *ui)
{
    snd_assert(ui->depth > 0);
    return &ui->stack[ui->depth - 1];
}

int ui_may(const struct ui *ui, enum operation operation)
{
    return op_allows(operation, ui->me.role);
}

/* ---- opening and closing ---- */

static void open_now(struct ui *ui, enum screen_id id, const struct ui_arg *arg)
{
    void *state = NULL;
    if (ui->depth >= UI_DEPTH)
        return;
    ui->opened++;
    ui->dirty |= DIRTY_ALL;
    /* On the stack before it opens, so that the path names it when opening paints or waits. */
    if (screen_table[id].open(ui, arg, &state) != 0)
        return;
    ui->stack[ui->depth].id = id;
    ui->stack[ui->depth].state = state;
    ui->depth++;
}

static void close_top(struct ui *ui)
{
    struct ui_layer layer = *top_of(ui);
    ui->depth--;
    row_of(&layer)->close(ui, layer.state);
    ui->dirty |= DIRTY_ALL;
}

static void leave_top(struct ui *ui)
{
    close_top(ui);
    if (ui->depth == 0) {
        ui->leaving = 1;
        return;
    }
    struct ui_layer *top = top_of(ui);
    if (row_of(top)->resume)
        row_of(top)->resume(ui, top->state);
}

static void close_to_home(struct ui *ui)
{
    while (ui->depth > 1)
        close_top(ui);
    if (ui->depth == 1 && ui->stack[0].id != SCREEN_HOME)
        close_top(ui);
    if (ui->depth == 0)
        open_now(ui, SCREEN_HOME, &(struct ui_arg){0});
    else if (row_of(top_of(ui))->resume)
        row_of(top_of(ui))->resume(ui, top_of(ui)->state);
    ui->dirty |= DIRTY_ALL;
}

/* What a screen opens by itself while it opens stands in the next line anyway. */
static void open_again(struct ui *ui)
{
    const char *at = ui->me.place;
    enum screen_id id;
    struct ui_arg arg;
    close_to_home(ui);
    while (*at && again_next(&at, &id, &arg)) {
        int before = ui->depth;
        open_now(ui, id, &arg);
        ui->next = NEXT_NONE;
        if (ui->depth == before)
            break;
    }
    ui->me.place[0] = '\0';
}

/* A screen that opens may ask for a further one at once. */
static void do_next(struct ui *ui)
{
    while (ui->next != NEXT_NONE) {
        int next = ui->next;
        struct ui_arg arg = ui->next_arg;
        ui->next = NEXT_NONE;
        if (next == NEXT_AGAIN)
            open_again(ui);
        if (next == NEXT_HOME || next == NEXT_HOME_PUSH)
            close_to_home(ui);
        if (next == NEXT_PUSH || next == NEXT_HOME_PUSH)
            open_now(ui, ui->next_id, &arg);
    }
}

static void ask_next(struct ui *ui, int next, enum screen_id id, const struct ui_arg *arg)
{
    ui->next = next;
    ui->next_id = id;
    if (arg)
        ui->next_arg = *arg;
    else
        memset(&ui->next_arg, 0, sizeof ui->next_arg);
}

void ui_push(struct ui *ui, enum screen_id id, const struct ui_arg *arg)
{
    ask_next(ui, NEXT_PUSH, id, arg);
}

void ui_home(struct ui *ui)
{
    ask_next(ui, NEXT_HOME, SCREEN_HOME, NULL);
}

void ui_again(struct ui *ui)
{
    ask_next(ui, NEXT_AGAIN, SCREEN_HOME, NULL);
}

void ui_home_push(struct ui *ui, enum screen_id id, const struct ui_arg *arg)
{
    ask_next(ui, NEXT_HOME_PUSH, id, arg);
}

void ui_begin(struct ui *ui)
{
    open_now(ui, SCREEN_GREETING, &(struct ui_arg){0});
    if (ui->depth == 0)
        close_to_home(ui);
    do_next(ui);
}

void ui_end(struct ui *ui)
{
    while (ui->depth > 0)
        close_top(ui);
    ui_drop(ui);
}

/* ---- keys ---- */

/* A lone Esc is the first half of Esc+digit (for terminals whose F-keys are taken) or of Esc Esc,
 * which cancels. 1 = the key is used up. */
static int take_escape(struct ui *ui, struct key_event *event)
{
    int escaped = ui->escaped;
    ui->escaped = 0;
    if (event->key == K_ESC && !escaped) {
        ui->escaped = 1;
        return 1;
    }
    if (event->key == K_ESC)
        event->key = K_F12;
    else if (escaped && ui_digit(event) >= 0)
        event->key = ui_digit(event) > 0 ? (enum key)(K_F1 + ui_digit(event) - 1) : K_F10;
    return 0;
}

static unsigned key_everywhere(struct ui *ui, const struct key_event *event)
{
    struct ui_layer *top = top_of(ui);
    if (event->key == K_F1 && top->id != SCREEN_HELP) {
        const struct screen_row *row = row_of(top);
        const char *topic = row->topic ? row->topic(ui, top->state) : NULL;
        struct ui_arg arg = {.index = (int)top->id};
        if (topic)
            (void)str_copy(arg.text, sizeof arg.text, topic);
        ui_push(ui, SCREEN_HELP, &arg);
        return UI_HANDLED;
    }
    if (event->key == K_F2 && top->id != SCREEN_GO && top->id != SCREEN_HELP &&
        !ui->me.must_change && !ui->me.must_code) {
        ui_quiet(ui);
        ui_push(ui, SCREEN_GO, NULL);
        return UI_HANDLED;
    }
    if (event->key == K_F9 && top->id != SCREEN_PARKED && top->id != SCREEN_HELP &&
        ui_may(ui, OP_DRAFT_PARK) && !ui->me.must_change && !ui->me.must_code) {
        if (ui->parked)
            ui_push(ui, SCREEN_PARKED, NULL);
        else
            ui_tell(ui, TELL_PLAIN, "%s", _("No form is parked: F9 in a form puts it aside."));
        return UI_HANDLED;
    }
    if (event->key == K_CTRL && event->point == 'l')
        return UI_REDRAW;
    if (event->key == K_F3 || event->key == K_F12 ||
        (event->key == K_CTRL && event->point == 'c')) {
        ui->answer = -1;
        return ui->depth > 1 ? UI_LEAVE : UI_HANDLED;
    }
    return UI_HANDLED;
}

/* One key to the screen in front. */
static void deliver(struct ui *ui, struct key_event event)
{
    struct ui_layer *top = top_of(ui);
    unsigned result = row_of(top)->key(ui, top->state, &event);
    if (result == UI_IGNORED)
        result = key_everywhere(ui, &event);
    if (result & UI_FOCUS)
        ui->dirty |= DIRTY_FOCUS;
    if (result & UI_REDRAW)
        ui->dirty |= DIRTY_ALL;
    if (result & UI_LEAVE)
        leave_top(ui);
    if (ui->next != NEXT_NONE && !ui->leaving)
        do_next(ui);
    if (ui->replay.key != K_NONE) {
        event = ui->replay;
        ui->replay.key = K_NONE;
        ui_key(ui, &event);
    }
}

/* Where Latin is typed whatever the keyboard: numbers, addresses, passwords. */
static int types_latin(struct ui *ui)
{
    const struct ui_layer *top = ui->depth > 0 ? top_of(ui) : NULL;
    return top && row_of(top)->latin && row_of(top)->latin(ui, top->state);
}

void ui_arabic_keys(struct ui *ui)
{
    ui->arabic_keys = !ui->arabic_keys;
    ui->dirty |= DIRTY_CLOCK;
    ui_tell(ui, TELL_PLAIN, "%s",
            ui->arabic_keys ? _("Arabic keyboard: Ctrl-] turns it off.")
                            : _("Arabic keyboard off."));
}

const char *ui_arabic_sign(struct ui *ui)
{
    if (!ui->arabic_keys)
        return "";
    return types_latin(ui) ? "[A]" : "[ع]";
}

void ui_key(struct ui *ui, const struct key_event *original)
{
    struct key_event event = *original;
    uint32_t letters[2];
    if (ui->leaving || take_escape(ui, &event))
        return;
    if (event.key == K_CTRL && event.point == ']') {
        ui_arabic_keys(ui);
        return;
    }
    if (event.key == K_CTRL && event.point == 't' && top_of(ui)->id != SCREEN_TERMINAL) {
        ui_push(ui, SCREEN_TERMINAL, NULL);
        do_next(ui);
        return;
    }
    int latin = types_latin(ui);
    int count = ui->arabic_keys && event.key == K_CHAR && !event.pasted && !latin
                    ? arabic_key(event.point, letters)
                    : 0;
    if (count == 0)
        deliver(ui, event);
    for (int i = 0; i < count && !ui->leaving; i++) {
        event.point = letters[i];
        deliver(ui, event);
    }
    if (ui->arabic_keys && latin != types_latin(ui))
        ui->dirty |= DIRTY_CLOCK; /* the sign in the first row */
}

/* Keeps a key until the field that was typed past is right; the draft has it meanwhile. */
void ui_hold_key(struct ui *ui, const struct key_event *event)
{
    if (!ui->held)
        ui->held = x_calloc(UI_HELD, sizeof *ui->held);
    if (ui->held_count < UI_HELD)
        ui->held[ui->held_count++] = *event;
    ui->unsaved = 1;
}

void ui_held_put(const struct ui *ui, struct buf *typed)
{
    if (ui->held_count > 0)
        buf_putc(typed, KEYTEXT_MARK);
    for (size_t i = 0; i < ui->held_count; i++)
        (void)keytext_put(&ui->held[i], typed);
}

void ui_held_take(struct ui *ui, char *typed)
{
    struct key_event event;
    char *mark = strchr(typed, KEYTEXT_MARK);
    if (!mark)
        return;
    *mark = '\0';
    for (const char *at = mark + 1; keytext_get(&at, &event);)
        ui_hold_key(ui, &event);
    ui->wrong = ui->held_count > 0;
}

static void play_held(struct ui *ui)
{
    size_t count = ui->held_count;
    struct key_event *held = ui->held;
    ui->held = NULL;
    ui->held_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (ui->hold)
            ui_hold_key(ui, &held[i]);
        else
            ui_key(ui, &held[i]);
    }
    x_free(&held);
}

/* The answers come in the order of their questions. */
static void take_answer(struct ui *ui)
{
    if (ui->questions > 0)
        ui->questions--;
    if (ui->blind > 0 && --ui->blind == 0)
        ui_seen(ui);
}

void ui_keys(struct ui *ui, struct keys *keys)
{
    struct key_event event;
    while (keys_next(keys, &event)) {
        if (event.key == K_ANSWER) {
            take_answer(ui);
            continue;
        }
        if (ui->hold) {
            ui_hold_key(ui, &event);
            continue;
        }
        ui_key(ui, &event);
        if (!ui->wrong && ui->held_count > 0)
            play_held(ui);
    }
}

/* Until the person can have seen it, what is typed was meant for what comes behind. */
void ui_hold(struct ui *ui)
{
    ui->hold = 1;
    ui->wrong = 1;
    ui->refused = 1;
    ui->blind = 0;
}

void ui_ask_seen(struct ui *ui)
{
    ui->refused = 0;
    ui->blind = ++ui->questions;
}

void ui_seen(struct ui *ui)
{
    ui->refused = 0;
    ui->blind = 0;
    ui->hold = ui->unseen;
}

void ui_release(struct ui *ui)
{
    ui->wrong = 0;
}

void ui_drop(struct ui *ui)
{
    ui->wrong = 0;
    ui_seen(ui);
    ui->hold = 0;
    ui->held_count = 0;
    x_free(&ui->held);
}

/* ---- time and the ledger ---- */

void ui_tick(struct ui *ui, int64_t now)
{
    for (int i = 0; i < ui->depth; i++) {
        const struct screen_row *row = row_of(&ui->stack[i]);
        if (row->tick)
            row->tick(ui, ui->stack[i].state, now);
    }
    if (ui->next != NEXT_NONE && !ui->leaving)
        do_next(ui);
}

void ui_watch(struct ui *ui, int *held, int on)
{
    ui->watching += (on != 0) - *held;
    *held = on != 0;
}

#define REST_MS 150
void ui_rest(struct ui *ui)
{
    ui->rests_at = clock_mono_ms() + REST_MS;
}

void ui_rested(struct ui *ui)
{
    const struct ui_layer *top = top_of(ui);
    ui->rests_at = 0;
    if (row_of(top)->rest && !ui->leaving)
        row_of(top)->rest(ui, top->state);
}

void ui_lost(struct ui *ui, int error)
{
    for (int i = 0; i < ui->depth; i++) {
        const struct screen_row *row = row_of(&ui->stack[i]);
        if (row->lost)
            row->lost(ui, ui->stack[i].state, error);
    }
}

void ui_heard(struct ui *ui)
{
    line_heard(ui);
    for (int i = 0; i < ui->depth; i++) {
        const struct screen_row *row = row_of(&ui->stack[i]);
        if (row->heard)
            row->heard(ui, ui->stack[i].state);
    }
    book_hear_no_more(ui->book);
}

void ui_language(struct ui *ui, enum lang lang)
{
    msg_set_language(lang);
    ui->me.lang = lang;
    ui->rtl = lang == LANG_AR;
    ui->dirty |= DIRTY_ALL;
}

/* ---- messages ---- */

void ui_tell(struct ui *ui, enum ui_tell kind, const char *format, ...)
{
    static const enum look looks[] = {LOOK_ERROR, LOOK_WARNING, LOOK_DONE, LOOK_PLAIN};
    static const char *const prefixes[] = {N_("Error:"), N_("Note:"), N_("Done:"), NULL};
    char sentence[UI_TEXT];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    if (prefixes[kind])
        (void)str_format(ui->message, sizeof ui->message, "%s %s", _(prefixes[kind]), sentence);
    else
        (void)str_copy(ui->message, sizeof ui->message, sentence);
    ui->message_look = looks[kind];
    ui->message_kind = (int)kind;
    ui->dirty |= DIRTY_MESSAGE;
}

void ui_quiet(struct ui *ui)
{
    if (!*ui->message)
        return;
    ui->message[0] = '\0';
    ui->message_look = LOOK_PLAIN;
    ui->dirty |= DIRTY_MESSAGE;
}

const char *ui_error_words(int error)
{
    static const struct {
        int error;
        const char *sentence;
    } table[] = {
        {SND_E_DENIED, N_("Your account may not do this: ask the centre's owner.")},
        {SND_E_AUTH, N_("Your session has ended: leave and log in again.")},
        {SND_E_NOTFOUND, N_("Nothing of that number is here: check it and try again.")},
        {SND_E_INUSE, N_("It is open in another session: close it there first.")},
        {SND_E_CLOSED, N_("The service is not open here today: the draft is kept.")},
        {SND_E_CLOCK,
         N_("This machine's clock is wrong by more than a day: have it set; the draft is kept.")},
        {SND_E_LOST, N_("The book did not answer: wait a moment and press the key again.")},
        {SND_E_BUSY, N_("The book is busy: wait a moment and press the key again.")},
        {SND_E_TIMEOUT, N_("The book did not answer: wait a moment and press the key again.")},
        {SND_E_FULL, N_("The disk is full: call the person who looks after the server.")},
    };
    for (size_t i = 0; i < SND_COUNT(table); i++) {
        if (table[i].error == error)
            return _(table[i].sentence);
    }
    return _("That failed: call the person who looks after the server.");
}

void ui_tell_error(struct ui *ui, int error)
{
    const char *words =
        error == SND_E_LOST && away_is_down(ui)
            ? _("The office is out of reach: this needs it. What you type is kept here.")
            : ui_error_words(error);
    ui_tell(ui, TELL_ERROR, "%s", words);
}

/* ---- painting ---- */

static int can_be_narrow(const struct ui *ui)
{
    const struct ui_layer *top = &ui->stack[ui->depth - 1];
    return row_of(top)->narrow && row_of(top)->narrow(ui, top->state);
}

int narrow_always(const struct ui *ui, const void *state)
{
    (void)ui;
    (void)state;
    return 1;
}

static int holds(const struct ui *ui, int rows, int cols)
{
    return ui->canvas.rows >= rows && ui->canvas.cols >= cols;
}

int ui_too_small(const struct ui *ui)
{
    if (ui->depth == 0 || holds(ui, UI_ROWS, UI_COLS))
        return 0;
    return !holds(ui, UI_NARROW_ROWS, UI_NARROW_COLS) || !can_be_narrow(ui);
}

/* What is needed, that nothing is lost, and the ways out, each as long as there is room. */
static void paint_too_small(struct ui *ui)
{
    int narrow = can_be_narrow(ui), width = frame_width(ui), row = 0, end = ui->canvas.rows;
    const char *const sentences[] = {
        arena_printf(ui->arena, _("Make the window larger: %d columns and %d rows are needed."),
                     narrow ? UI_NARROW_COLS : UI_COLS, narrow ? UI_NARROW_ROWS : UI_ROWS),
        _("What you typed is kept."),
        narrow || ui->depth < 2 ? "" : _("F3 or Esc 3 goes back."),
        _("Without a larger one, log in with ssh -T: it asks line by line."),
    };
    canvas_blank(&ui->canvas, 0, end);
    frame_text(ui, row++, 2, width, _("Sanad"), LOOK_HEADER);
    frame_caret(ui, row, 1);
    for (size_t i = 0; i < SND_COUNT(sentences); i++)
        row += frame_paragraph(ui, row, 1, width, end - row, sentences[i], LOOK_PLAIN);
}

static void paint_all(struct ui *ui)
{
    struct ui_layer *top = top_of(ui);
    canvas_blank(&ui->canvas, 0, ui->canvas.rows);
    frame_header(ui);
    row_of(top)->paint(ui, top->state);
    frame_message(ui);
}

void ui_paint(struct ui *ui)
{
    unsigned dirty = ui->dirty;
    ui->dirty = 0;
    arena_reset(ui->arena);
    if (ui->depth == 0)
        return;
    if (ui_too_small(ui)) {
        paint_too_small(ui);
        return;
    }
    /* A message that grows or shrinks there stands over the hint. */
    if (dirty & DIRTY_MESSAGE && frame_narrow(ui))
        dirty |= DIRTY_ALL;
    struct ui_layer *top = top_of(ui);
    if (dirty & DIRTY_FOCUS && !row_of(top)->focus)
        dirty |= DIRTY_ALL;
    if (dirty & DIRTY_ALL) {
        paint_all(ui);
        return;
    }
    if (dirty & DIRTY_FOCUS)
        row_of(top)->focus(ui, top->state);
    /* A focus that no longer fits its rows asks for the whole screen. */
    if (ui->dirty & DIRTY_ALL) {
        ui->dirty = 0;
        paint_all(ui);
        return;
    }
    if (dirty & DIRTY_MESSAGE)
        frame_message(ui);
    if (dirty & DIRTY_CLOCK)
        frame_header(ui);
}
