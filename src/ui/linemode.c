/* SPDX-License-Identifier: Apache-2.0
 * Line mode: the loop. A line is asked for, and everything else is done while nothing is typed: the
 * ledger's answers, the door's word, signals. All that is said goes out in one write, just before
 * somebody is waited for; what was typed ahead is answered without one. Nothing goes out by itself.
 *
 * The line stays where it is typed, with its echo, until Enter: a key press crosses no line, and
 * the draft has every answer that was sent. The beginning of one that was not is kept when a file
 * or a pipe ends there. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/ctl.h"
#include "base/err.h"
#include "base/log.h"
#include "base/proc.h"
#include "text/input.h"
#include "ui/linemode_priv.h"

#define READ_SIZE 4096
#define OUT_SIZE (4 * 1024 * 1024)
#define OUT_FULL 16384 /* then it goes out before anybody is waited for */
#define QUIET_MS 300   /* lines of a paste come closer to each other, on the worst line too */
#define HEAR_MS 1000
#define SEEK_MS 1000

static void finish(struct linemode *lm, enum session_end end)
{
    if (lm->ended)
        return;
    lm->ended = 1;
    lm->end = end;
}

/* ---- out ---- */

static void break_off(struct linemode *lm);

static void send_out(struct linemode *lm)
{
    if (lm->out.len > 0 && !lm->gone &&
        proc_write_all(lm->args->out, lm->out.data, lm->out.len) != 0)
        break_off(lm);
    buf_clear(&lm->out);
}

/* ---- in ---- */

static void take_bytes(struct linemode *lm)
{
    char bytes[READ_SIZE];
    ssize_t got = read(lm->args->in, bytes, sizeof bytes);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got <= 0)
        lm->input_ended = 1;
    else
        buf_put(&lm->in, bytes, (size_t)got);
    mem_wipe(bytes, sizeof bytes);
}

/* Nobody hears us any more. What was typed before and came this far counts: it is taken as if its
 * end were that of a file. */
static void break_off(struct linemode *lm)
{
    struct pollfd input = {.fd = lm->args->in, .events = POLLIN};
    lm->gone = 1;
    while (!lm->input_ended && lm->in.len + READ_SIZE < LINEMODE_INPUT && poll(&input, 1, 0) > 0)
        take_bytes(lm);
    lm->input_ended = 1;
}

static void take_control(struct linemode *lm)
{
    struct ctl message;
    int got = ctl_recv(lm->args->ctl, &message);
    if (got != 1 && got != SND_E_BUSY)
        break_off(lm);
}

static void take_book(struct linemode *lm)
{
    struct ui *ui = &lm->ui;
    int error = book_pump(ui->book);
    if (error == SND_E_LOST)
        ui->offline = 1;
    if (error)
        ui_lost(ui, error);
}

/* A ledger that has gone comes back, or it has ended this session. */
static void seek_book(struct linemode *lm)
{
    struct ui *ui = &lm->ui;
    int64_t now = clock_mono_ms();
    if (!ui->offline || now - lm->sought < SEEK_MS)
        return;
    lm->sought = now;
    int error = book_retry(ui->book);
    ui->offline = error == SND_E_LOST;
    if (error == SND_E_AUTH) {
        ui->expelled = 1;
        finish(lm, SESSION_STOPPED);
    } else if (!error) {
        ui_tick(ui, now); /* what could not be saved is saved now */
    }
}

enum { WAIT_INPUT, WAIT_CONTROL, WAIT_BOOK, WAIT_COUNT };
/* Waits so many ms (-1 = for ever) for anything, and takes it in: 1 when something came from the
 * terminal. */
static int wait_and_take(struct linemode *lm, int ms)
{
    struct pollfd fds[WAIT_COUNT] = {
        [WAIT_INPUT] = {.fd = lm->input_ended ? -1 : lm->args->in, .events = POLLIN},
        [WAIT_CONTROL] = {.fd = lm->gone ? -1 : lm->args->ctl, .events = POLLIN},
        [WAIT_BOOK] = {.fd = book_fd(lm->ui.book), .events = POLLIN},
    };
    if ((lm->ui.offline || lm->ui.unsaved) && (ms < 0 || ms > SEEK_MS))
        ms = SEEK_MS;
    struct timespec timeout = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    /* Signals are let in only while waiting, so none is missed between a look and the wait. */
    int ready = ppoll(fds, WAIT_COUNT, ms < 0 ? NULL : &timeout, &lm->open_mask);
    if (ready < 0 && errno != EINTR)
        finish(lm, SESSION_FAILED);
    if (session_must_stop())
        finish(lm, SESSION_STOPPED);
    if (ready > 0 && fds[WAIT_CONTROL].revents)
        take_control(lm);
    if (ready > 0 && fds[WAIT_INPUT].revents && !lm->ended)
        take_bytes(lm);
    if (ready > 0 && fds[WAIT_BOOK].revents && !lm->ended)
        take_book(lm);
    if (!lm->ended && lm->ui.offline)
        seek_book(lm);
    else if (!lm->ended && lm->ui.unsaved)
        ui_tick(&lm->ui, clock_mono_ms());
    return ready > 0 && fds[WAIT_INPUT].revents != 0;
}

static int has_room(const struct linemode *lm)
{
    return lm->in.len + lm->held.len + READ_SIZE < LINEMODE_INPUT;
}

void linemode_pause(struct linemode *lm, int ms)
{
    int64_t until = clock_mono_ms() + ms, now;
    while (!lm->ended && (now = clock_mono_ms()) < until)
        if (has_room(lm))
            (void)wait_and_take(lm, (int)(until - now));
        else
            (void)poll(NULL, 0, (int)(until - now));
}

void linemode_gather(struct linemode *lm)
{
    while (!lm->ended && !lm->input_ended && has_room(lm) && wait_and_take(lm, QUIET_MS))
        continue;
}

void linemode_hear(struct linemode *lm)
{
    int64_t until = clock_mono_ms() + HEAR_MS, now;
    while (!lm->ended && book_asking(lm->ui.book) && (now = clock_mono_ms()) < until) {
        struct pollfd answer = {.fd = book_fd(lm->ui.book), .events = POLLIN};
        if (poll(&answer, 1, (int)(until - now)) > 0)
            take_book(lm);
        else
            break;
    }
    if (book_heard(lm->ui.book))
        ui_heard(&lm->ui);
}

/* ---- lines ---- */

static const uint8_t *end_of_line(const struct linemode *lm)
{
    return lm->in.len > 0 ? memchr(lm->in.data, '\n', lm->in.len) : NULL;
}

int linemode_pending(const struct linemode *lm)
{
    return end_of_line(lm) != NULL;
}

void linemode_hold(struct linemode *lm)
{
    size_t whole = lm->in.len;
    while (whole > 0 && lm->in.data[whole - 1] != '\n')
        whole--;
    if (whole == 0)
        return;
    buf_put(&lm->held, lm->in.data, whole);
    buf_drop(&lm->in, whole);
}

void linemode_release(struct linemode *lm)
{
    if (lm->held.len == 0)
        return;
    buf_put(&lm->held, lm->in.data, lm->in.len);
    buf_clear(&lm->in);
    buf_put(&lm->in, lm->held.data, lm->held.len);
    buf_clear(&lm->held);
}

void linemode_drop_held(struct linemode *lm)
{
    const char *at = buf_text(&lm->held);
    if (lm->held.len > 0)
        linemode_say(lm, _("Not taken, as no field is left for it:"));
    for (size_t len; *at; at += len + (at[len] == '\n')) {
        len = strcspn(at, "\n");
        linemode_sayf(lm, "%.*s", (int)len, at);
    }
    buf_clear(&lm->held);
}

/* Lines are keys that end with Enter, so that a draft has them as the screens know them. */
void linemode_keep_held(struct linemode *lm)
{
    const char *text = buf_text(&lm->held);
    size_t used;
    for (size_t at = 0; at < lm->held.len; at += used) {
        uint32_t point = utf8_get(text + at, lm->held.len - at, &used);
        struct key_event event = {.key = point == '\n' ? K_ENTER : K_CHAR,
                                  .point = point == '\n' ? 0 : point};
        if (point != '\r')
            ui_hold_key(&lm->ui, &event);
    }
    buf_clear(&lm->held);
}

int linemode_take_held(struct linemode *lm)
{
    struct ui *ui = &lm->ui;
    char point[5];
    for (size_t i = 0; i < ui->held_count; i++) {
        const struct key_event *event = &ui->held[i];
        if (event->key == K_CHAR && utf8_put(event->point, point) > 0)
            buf_puts(&lm->held, point);
        else if (event->key == K_ENTER || event->key == K_TAB || event->key == K_DOWN)
            buf_putc(&lm->held, '\n');
    }
    ui_drop(ui);
    if (lm->held.len > 0 && lm->held.data[lm->held.len - 1] != '\n')
        buf_putc(&lm->held, '\n');
    return lm->held.len > 0;
}

const char *linemode_rest(struct linemode *lm)
{
    struct buf clean = BUF_INIT(LINEMODE_LINE);
    lm->line[0] = '\0';
    if (lm->in.len < LINEMODE_LINE && !linemode_pending(lm) && lm->in.len > 0 &&
        input_clean(buf_text(&lm->in), lm->in.len, &clean) == 0)
        (void)str_copy(lm->line, sizeof lm->line, buf_text(&clean));
    buf_free(&clean);
    return lm->line;
}

/* The next line into lm->line: 0; SND_E_BUSY = there is none yet; SND_E_LIMIT: it is too long, and
 * is passed over; SND_E_BAD: it has what is no text. */
static int next_line(struct linemode *lm)
{
    struct buf clean = BUF_INIT(LINEMODE_LINE - 1);
    const uint8_t *end = end_of_line(lm);
    if (!end && lm->in.len >= LINEMODE_LINE) {
        lm->too_long = 1;
        buf_clear(&lm->in);
    }
    if (!end)
        return SND_E_BUSY;
    size_t len = (size_t)(end - lm->in.data), taken = len + 1;
    int error = lm->too_long || len >= LINEMODE_LINE ? SND_E_LIMIT : 0;
    lm->too_long = 0;
    len -= len > 0 && lm->in.data[len - 1] == '\r';
    if (!error)
        error = input_clean((const char *)lm->in.data, len, &clean);
    if (!error)
        error = str_copy(lm->line, sizeof lm->line, buf_text(&clean));
    buf_drop(&lm->in, taken);
    buf_free(&clean);
    return error;
}

/* Blanks at both ends mean nothing. */
static const char *trimmed(char *line)
{
    char *start = line + strspn(line, " ");
    size_t len = strlen(start);
    while (len > 0 && start[len - 1] == ' ')
        start[--len] = '\0';
    return start;
}

/* Where the person stands is in the book before anything is waited for: a desk may be killed. */
static void note_place(struct linemode *lm)
{
    if (!lm->stood || strcmp(lm->place, lm->noted) == 0 || book_place_note(lm->ui.book, lm->place))
        return;
    (void)str_copy(lm->noted, sizeof lm->noted, lm->place);
    lm->noting = 1;
}

const char *linemode_ask(struct linemode *lm, const char *prompt)
{
    linemode_say_message(lm);
    lm->ahead = linemode_pending(lm);
    if (prompt && !lm->ahead && !lm->input_ended)
        linemode_say(lm, prompt);
    arena_reset(lm->ui.arena);
    if (lm->out.len > OUT_FULL)
        send_out(lm);
    while (!lm->ended) {
        int error = next_line(lm);
        if (error == 0)
            return trimmed(lm->line);
        if (error == SND_E_LIMIT)
            linemode_say(lm, _("That line is too long and was not taken: type a shorter one."));
        else if (error != SND_E_BUSY)
            linemode_say(lm, _("That line has signs that may not be stored: type it again."));
        if (error != SND_E_BUSY)
            continue;
        if (lm->input_ended)
            break;
        send_out(lm);
        note_place(lm);
        (void)wait_and_take(lm, -1);
    }
    return NULL;
}

/* ---- beginning and ending ---- */

void linemode_set_order(struct linemode *lm, enum linemode_order order)
{
    lm->order = order;
    layout_latin(order == LINE_ORDER_LATIN);
}

static const char *const orders[] = {
#define LINE_ORDER(name, word, about) word,
#include "ui/linemode_orders.def"
#undef LINE_ORDER
};

/* Without a screen nothing can be asked of the terminal; the same one may be set up otherwise for
 * it, so it is another one to remember. */
static void print_of(const struct linemode *lm, char out[TERMINAL_PRINT])
{
    char whole[TERMINAL_PRINT];
    terminal_print(&lm->ui.terminal, whole);
    (void)str_format(out, TERMINAL_PRINT, "line|%.*s", TERMINAL_PRINT - 8, whole);
}

int linemode_remember(struct linemode *lm)
{
    char print[TERMINAL_PRINT];
    print_of(lm, print);
    lm->order_known = 1;
    int error = book_set_terminal(lm->ui.book, print, orders[lm->order]);
    lm->ui.me.terminals += !error;
    return error;
}

static int remembered(struct linemode *lm)
{
    char print[TERMINAL_PRINT], word[BOOK_PROFILE];
    print_of(lm, print);
    if (lm->ui.me.terminals == 0 || book_terminal(lm->ui.book, print, word) != 0)
        return 0;
    for (size_t i = 0; i < SND_COUNT(orders); i++) {
        if (strcmp(orders[i], word) == 0) {
            linemode_set_order(lm, (enum linemode_order)i);
            return 1;
        }
    }
    return 0;
}

/* A terminal that has to be told to leave order alone is not told here: it does put Arabic in
 * order.
 */
static enum linemode_order order_for(const struct profile_row *profile)
{
    if (profile->latin)
        return LINE_ORDER_LATIN;
    return profile->turning == TURN_NONE && !*profile->begin ? LINE_ORDER_VISUAL
                                                             : LINE_ORDER_LOGICAL;
}

/* What was chosen; else what the client and TERM say for sure; else what the office has said of its
 * terminals; else as it is read aloud, which no speech and no braille gets wrong. */
static void know_order(struct linemode *lm)
{
    struct ui *ui = &lm->ui;
    int known;
    terminal_begin(&ui->terminal, lm->args->client, lm->args->term);
    lm->order_known = remembered(lm);
    if (lm->order_known)
        return;
    enum profile profile = terminal_profile(&ui->terminal, &known);
    if (!known && strcmp(lm->args->preset, "ask") != 0)
        known = profile_find(lm->args->preset, &profile) == 0;
    linemode_set_order(lm, known ? order_for(profile_row(profile)) : LINE_ORDER_LOGICAL);
    lm->order_known = known;
}

static void begin(struct linemode *lm, const struct session_args *args)
{
    struct ui *ui = &lm->ui;
    *lm = (struct linemode){.args = args};
    lm->in = BUF_INIT(LINEMODE_INPUT * 2 + READ_SIZE);
    lm->held = BUF_INIT(LINEMODE_INPUT * 2 + READ_SIZE);
    lm->out = BUF_INIT(OUT_SIZE);
    ui->book = args->book;
    ui->me = args->me;
    (void)str_copy(lm->noted, sizeof lm->noted, args->me.place);
    ui->peer = args->peer;
    ui->arena = arena_new();
    ui->answer = -1;
    ui_language(ui, args->me.lang);
    know_order(lm);
}

/* For the login after a session that broke off. What was offered and is known to nobody here is
 * left for the screens. */
static void keep_place(struct linemode *lm)
{
    const char *before = linemode_again(lm) ? lm->args->me.place : "";
    if (lm->end == SESSION_LEFT)
        again_keep(&lm->ui, lm->end, lm->noting || *before, "");
    else if (lm->stood)
        again_keep(&lm->ui, lm->end, lm->noting || *lm->args->me.place, lm->place);
    mem_wipe(lm->place, sizeof lm->place);
    mem_wipe(lm->noted, sizeof lm->noted);
}

static void say_goodbye(struct linemode *lm)
{
    linemode_say_message(lm);
    if (lm->ui.expelled)
        linemode_say(lm, _("Your session was ended by the administrator."));
    else if (lm->end == SESSION_LEFT)
        linemode_say(lm, _("You have left Sanad. Good-bye."));
    else if (lm->end != SESSION_GONE)
        linemode_say(lm, _("Sanad has to stop. Your draft is kept: log in again to go on."));
    if (lm->end != SESSION_GONE)
        send_out(lm);
}

enum session_end linemode_run(const struct session_args *args)
{
    static struct linemode only; /* not on the stack: it has a form's texts in it */
    struct linemode *lm = &only;
    sigset_t before;
    session_signals(&before);
    begin(lm, args);
    lm->open_mask = before;
    linemode_home(lm);
    finish(lm, lm->gone && !lm->ui.leaving ? SESSION_GONE : SESSION_LEFT);
    keep_place(lm);
    say_goodbye(lm);
    record_free(&lm->ui.repeat.record);
    arena_free(&lm->ui.arena);
    buf_free(&lm->in);
    buf_free(&lm->held);
    buf_free(&lm->out);
    mem_wipe(lm->line, sizeof lm->line);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return lm->end;
}
