/* SPDX-License-Identifier: Apache-2.0
 * The loop of one session: terminal bytes, the door's control socket, the ledger's answers, signals
 * and time, each drained whole; then one painting and one write.
 *
 * All that was typed goes through the screens before anything is painted, so type-ahead runs over
 * fields, pages and screens. A frame is left out while the one before it has not left this machine;
 * the newest is painted then. Whatever ends the session, the drafts are saved on the way out. */
#include "ui/session.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "base/attr.h"
#include "base/clock.h"
#include "base/ctl.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "term/screen.h"
#include "ui/frame.h"
#include "ui/ui_priv.h"

#define READ_SIZE 4096
#define READ_MOST 65536 /* bytes taken in before something is painted */
#define FRAME_WAIT_MS 20
#define TICK_MS 1000
#define TICK_RIDES_MS                                                                              \
    750                  /* by then a wake for something else takes the tick along: one wake less */
#define PUT_MS 300       /* by now a put has been answered as a rule: it is taken in by the way */
#define PUT_LATE_MS 1500 /* nothing else happened: wake for its sake */
#define MINUTE_MS 60000
#define CLOCK_QUIET_MS 1500
#define SPREAD_MS 10000 /* a clock is at most so far behind */
#define ANSWERS_MS 5000 /* two round trips of the worst line */
#define SLOW_MS 1000    /* a key's answer takes that long: the line is slow */
#define ECHO_MS 10000   /* no answer by then: it is very slow, or nobody answers any more */
#define ECHO_EVERY_MS 10000
#define SEEN_MS 5000 /* no answer by then: whoever types has seen the picture */

struct session {
    struct ui ui;
    const struct session_args *args;
    struct screen *screen;
    struct keys *keys;
    int ended; /* 1: `end` says how */
    enum session_end end;
    int mono;              /* the screen is without colours */
    int full;              /* the next frame repaints everything */
    int64_t waiting_since; /* an unfinished key sequence, 0 = none */
    int64_t ticked;        /* the last tick, or when there began to be something to tick for */
    int ticking;
    int64_t keyed; /* when something was last typed */
    int64_t shift; /* its minutes begin that much later, ms */
    /* where the person stood when the book was told last, a hash, and what has happened since */
    uint8_t placed[HASH_SIZE];
    int placing; /* it was told at all */
    int placed_depth;
    unsigned placed_opened;
    int64_t placed_keyed;
    unsigned rested;       /* how many screens had been opened when memory was given back last */
    int64_t answers_until; /* the terminal may answer that long, 0 = all is known */
    int64_t asked;         /* when it was asked for an echo and has not answered yet, 0 */
    int64_t measured;      /* when it answered last, 0 = it must not be asked */
    int64_t refused;       /* when it was asked whether it shows what was refused */
    int doubted;           /* it said that the line is another one than was thought */
};

static volatile sig_atomic_t got_term, got_resize;

static void on_signal(int number)
{
    if (number == SIGWINCH)
        got_resize = 1;
    else
        got_term = 1;
}

static void finish(struct session *session, enum session_end end)
{
    if (session->ended)
        return;
    session->ended = 1;
    session->end = end;
}

static void resize(struct session *session, int rows, int cols)
{
    if (rows < 1 || cols < 1 || rows > 500 || cols > 1000)
        return;
    if (rows == session->ui.canvas.rows && cols == session->ui.canvas.cols)
        return;
    canvas_resize(&session->ui.canvas, rows, cols);
    screen_resize(session->screen, rows, cols);
    session->ui.dirty |= DIRTY_ALL;
    session->full = 1;
}

static void resize_local(struct session *session)
{
    struct winsize size;
    if (ioctl(session->args->out, TIOCGWINSZ, &size) == 0)
        resize(session, size.ws_row, size.ws_col);
}

/* ---- taking in ---- */

static int readable(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    return poll(&poll_fd, 1, 0) == 1;
}

/* ---- the terminal ---- */

/* As the ui wants it. The door must know what to undo when this process can't do it itself. */
static void treat(struct session *session)
{
    enum profile profile = session->ui.profile;
    struct ctl message = {.type = CTL_MODES};
    screen_treat(session->screen, profile);
    screen_colours(session->screen, !session->ui.mono);
    session->mono = session->ui.mono;
    (void)str_copy(message.text, sizeof message.text, profile_row(profile)->end);
    if (session->args->ctl >= 0 && ctl_send(session->args->ctl, &message))
        log_warn("session.modes", "profile=%s", profile_row(profile)->word);
    session->ui.dirty |= DIRTY_ALL;
}

/* What this person has chosen for a terminal of that kind: 1 and it is so, or 0. */
static int remembered(struct ui *ui)
{
    char print[TERMINAL_PRINT], word[BOOK_PROFILE];
    terminal_print(&ui->terminal, print);
    return ui->me.terminals > 0 && book_terminal(ui->book, print, word) == 0 &&
           terminal_recall(ui, word);
}

/* By what is known now, or at last: all answers that will count have come. What nobody can know the
 * office has said, or the person is asked. */
static void know_terminal(struct session *session, int at_last)
{
    struct ui *ui = &session->ui;
    int known, chosen = remembered(ui);
    if (!chosen)
        ui->profile = terminal_profile(&ui->terminal, &known);
    if (!chosen && !known && strcmp(session->args->preset, "ask") != 0)
        chosen = profile_find(session->args->preset, &ui->profile) == 0;
    layout_latin(profile_row(ui->profile)->latin);
    /* What was painted before the answers came is painted anew, though nothing else has changed. */
    if (ui->profile != screen_treated(session->screen))
        ui->dirty |= DIRTY_ALL;
    if (!at_last)
        return;
    session->answers_until = 0;
    ui->terminal_asked = !chosen && !known;
    if (ui->terminal_asked)
        ui->dirty |= DIRTY_ALL;
}

/* The questions go out before the first picture, which is painted by what is known without the
 * answers; the picture changes only if these say otherwise. */
static void meet_terminal(struct session *session)
{
    struct ui *ui = &session->ui;
    const struct session_args *args = session->args;
    const char *questions;
    terminal_begin(&ui->terminal, args->client, args->term);
    questions = terminal_questions(&ui->terminal);
    know_terminal(session, *questions == '\0');
    if (*questions == '\0')
        return;
    if (ui->profile != screen_treated(session->screen))
        treat(session);
    session->asked = clock_mono_ms();
    session->answers_until = session->asked + ANSWERS_MS;
    session->ui.questions++;
    keys_want_replies(session->keys, 1);
    screen_send(session->screen, questions);
}

/* ---- how long the line takes ---- */

static void want_replies(struct session *session)
{
    keys_want_replies(session->keys, session->answers_until || session->asked || session->ui.blind);
}

static void ask_echo(struct session *session)
{
    session->asked = clock_mono_ms();
    session->ui.questions++;
    want_replies(session);
    screen_send(session->screen, TERMINAL_ECHO);
}

/* Becoming good takes more than having been bad, so that nothing flickers on a line in between. */
static int at_least(int64_t took, int64_t limit, int already)
{
    return took >= (already ? limit * 3 / 4 : limit);
}

/* What a line is said to be changes when two answers in a row agree: a busy machine may have been
 * the reason of one. How far the line is, the door has measured at the login, without a terminal's
 * own delay and the first picture in between: the first answer says nothing of that. */
static void judge_line(struct session *session, int64_t took)
{
    struct ui *ui = &session->ui;
    int first = session->measured == 0;
    int slow = at_least(took, SLOW_MS, ui->slow);
    int far = first || session->args->ctl < 0 ? ui->far : at_least(took, CTL_FAR_MS, ui->far);
    session->asked = 0;
    session->measured = clock_mono_ms();
    want_replies(session);
    if (slow == ui->slow && far == ui->far) {
        session->doubted = 0;
    } else if (!session->doubted) {
        session->doubted = 1;
        ask_echo(session);
    } else {
        session->doubted = 0;
        ui->dirty |= far != ui->far ? DIRTY_ALL : DIRTY_MESSAGE;
        ui->slow = slow;
        ui->far = far;
    }
}

static void take_echo(struct session *session)
{
    if (session->asked != 0)
        judge_line(session, clock_mono_ms() - session->asked);
}

/* No answer in all that time. One that has never answered is not asked again. */
static void miss_echo(struct session *session)
{
    session->asked = 0;
    session->ui.questions = 0;
    if (session->measured == 0)
        return;
    session->doubted = 1; /* nor is it asked at once: whatever it was, there is no hurry */
    judge_line(session, ECHO_MS);
}

/* The line is measured by the terminal's answer to a question of three bytes, which goes with the
 * picture that a key brings about: now and then while somebody types, and never else. */
static void echo_again(struct session *session, int64_t now)
{
    if (session->asked == 0 && session->measured && now - session->measured >= ECHO_EVERY_MS)
        ask_echo(session);
}

static void take_replies(struct session *session)
{
    const char *reply;
    while ((reply = keys_reply(session->keys)) != NULL) {
        (void)terminal_answer(&session->ui.terminal, reply);
        if (terminal_echoed(reply))
            take_echo(session);
    }
    if (!session->answers_until || !session->ui.terminal.answered)
        return;
    know_terminal(session, 1);
    want_replies(session);
}

static void take_bytes(struct session *session)
{
    SND_UNFILLED uint8_t bytes[READ_SIZE];
    size_t taken = 0;
    do {
        ssize_t got = read(session->args->in, bytes, sizeof bytes);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            return;
        if (got <= 0) {
            finish(session, SESSION_GONE);
            return;
        }
        session->keyed = clock_mono_ms();
        echo_again(session, session->keyed);
        keys_feed(session->keys, bytes, (size_t)got);
        take_replies(session);
        ui_keys(&session->ui, session->keys);
        taken += (size_t)got;
        if ((size_t)got < sizeof bytes) /* that was all */
            break;
    } while (taken < READ_MOST && readable(session->args->in));
    session->waiting_since = keys_waiting(session->keys) ? clock_mono_ms() : 0;
}

/* What was typed before the line broke off and came this far counts, though nobody sees it. */
static void break_off(struct session *session)
{
    session->ui.unseen = 1;
    while (!session->ended && !session->ui.leaving && readable(session->args->in))
        take_bytes(session);
    finish(session, session->ui.leaving ? SESSION_LEFT : SESSION_GONE);
}

static void take_control(struct session *session)
{
    struct ctl message;
    do {
        int got = ctl_recv(session->args->ctl, &message);
        if (got == SND_E_BUSY)
            return;
        if (got != 1) {
            break_off(session);
            return;
        }
        if (message.type == CTL_RESIZE)
            resize(session, (int)message.rows, (int)message.cols);
    } while (readable(session->args->ctl));
}

/* Whether the answer to a saved draft may wait until something else wakes us. */
static int book_may_wait(const struct session *session, int64_t now)
{
    int64_t since = book_put_since(session->ui.book);
    return since != 0 && now < since + PUT_LATE_MS && !book_asking(session->ui.book);
}

static int book_is_due(const struct session *session)
{
    int64_t since = book_put_since(session->ui.book);
    return since != 0 && clock_mono_ms() >= since + PUT_MS;
}

static void take_book(struct session *session)
{
    int error = book_pump(session->ui.book);
    if (error == SND_E_LOST)
        session->ui.offline = 1;
    if (error)
        ui_lost(&session->ui, error);
    away_heard(&session->ui);
}

/* A ledger that has gone comes back, or it has ended this session and then the desk ends too. */
static void seek_book(struct session *session)
{
    int error = book_retry(session->ui.book);
    session->ui.offline = error == SND_E_LOST;
    if (error == SND_E_AUTH) {
        session->ui.expelled = 1;
        finish(session, SESSION_STOPPED);
    }
}

/* Each session's minute begins at a moment of its own within some seconds: thousands of desks that
 * do nothing would else all wake at once, and whoever types would wait for them. */
static int64_t own_time(const struct session *session)
{
    return clock_utc_ms() - session->shift;
}

static int own_minute(const struct session *session)
{
    return (int)(own_time(session) / MINUTE_MS);
}

/* The clock on the screen is behind. It waits until nothing was typed for a moment: its bytes
 * would go with the answer to a letter. */
static int minute_over(const struct session *session)
{
    return own_minute(session) != session->ui.minute;
}

/* Screens that have come and gone since leave memory behind, which a person who looks at the new
 * one doesn't need meanwhile. */
static int restless(const struct session *session)
{
    return session->rested != session->ui.opened;
}

/* The person may stand elsewhere than the book has it. In a form the draft knows. */
static int unplaced(const struct session *session)
{
    const struct ui *ui = &session->ui;
    if (ui->depth == 0 || ui->leaving || book_away(ui->book))
        return 0;
    return session->placed_opened != ui->opened || session->placed_depth != ui->depth ||
           (session->placed_keyed != session->keyed &&
            screen_table[ui->stack[ui->depth - 1].id].place);
}

/* For a desk that is killed, which can say nothing at its end: when nothing is typed for a moment,
 * as a draft is put. */
static void note_place(struct session *session)
{
    struct ui *ui = &session->ui;
    char place[BOOK_PLACE] = "";
    uint8_t sha[HASH_SIZE];
    session->placed_opened = ui->opened;
    session->placed_depth = ui->depth;
    session->placed_keyed = session->keyed;
    if (!again_make(ui, place))
        return;
    hash_bytes(place, strlen(place), sha);
    if (memcmp(sha, session->placed, HASH_SIZE) != 0 && book_place_note(ui->book, place) == 0) {
        memcpy(session->placed, sha, HASH_SIZE);
        session->placing = 1;
    }
    mem_wipe(place, sizeof place);
}

static int has_ticks(const struct ui *ui)
{
    return ui->unsaved || ui->offline || ui->watching;
}

/* A second is counted from when there is something to tick for. */
static void tick(struct session *session, int64_t now)
{
    int has = has_ticks(&session->ui);
    if (has && !session->ticking)
        session->ticked = now;
    session->ticking = has;
    if (!session->ui.working && now - session->ticked < (has ? TICK_RIDES_MS : TICK_MS))
        return;
    session->ticked = now;
    if (session->ui.offline)
        seek_book(session);
    ui_tick(&session->ui, now);
}

static void take_time(struct session *session)
{
    int64_t now = clock_mono_ms();
    if (session->waiting_since && now - session->waiting_since >= KEYS_WAIT_MS) {
        keys_expire(session->keys);
        ui_keys(&session->ui, session->keys);
        session->waiting_since = 0;
    }
    if (session->ui.rests_at && now >= session->ui.rests_at)
        ui_rested(&session->ui);
    if (session->answers_until && now >= session->answers_until)
        know_terminal(session, 1);
    if (session->asked && now >= session->asked + ECHO_MS)
        miss_echo(session);
    if (session->ui.blind && now >= session->refused + SEEN_MS)
        ui_seen(&session->ui);
    tick(session, now);
    if (minute_over(session) && now - session->keyed >= CLOCK_QUIET_MS) {
        session->ui.minute = own_minute(session);
        session->ui.dirty |= DIRTY_CLOCK;
        line_ask(&session->ui);
    }
    if (unplaced(session) && now - session->keyed >= CLOCK_QUIET_MS)
        note_place(session);
    if (restless(session) && now - session->keyed >= CLOCK_QUIET_MS) {
        session->rested = session->ui.opened;
        mem_rest();
    }
}

/* ---- giving out ---- */

/* What was typed before the person could see that a field was refused was not meant for it. A
 * terminal that answers says when it has come so far: nothing that a person types overtakes that.
 * Of others what came at once is taken for typed ahead. It is asked before the picture, not behind
 * it: else who answers a picture at once would be quicker than the terminal. */
static void ask_seen(struct session *session)
{
    if (session->measured == 0 || session->answers_until) {
        ui_seen(&session->ui);
        return;
    }
    ui_ask_seen(&session->ui);
    session->refused = clock_mono_ms();
    want_replies(session);
    screen_send(session->screen, TERMINAL_ECHO);
}

static void paint(struct session *session)
{
    if (session->ui.profile != screen_treated(session->screen) || session->mono != session->ui.mono)
        treat(session);
    ui_paint(&session->ui);
    if (session->ui.refused)
        ask_seen(session);
    screen_show(session->screen, &session->ui.canvas, session->full);
    session->full = 0;
    if (!ui_too_small(&session->ui))
        session->ui.frames++;
}

static void show(struct session *session)
{
    if (session->ui.dirty == 0 && !session->full)
        return;
    if (screen_pending(session->screen) == 0)
        paint(session);
}

/* The first picture goes with the questions before it. Where each message costs, the door holds
 * them until it hears that this is all. */
static void paint_first(struct session *session)
{
    struct ctl message = {.type = CTL_PAINTED};
    paint(session);
    if (session->ui.far && session->args->ctl >= 0 && ctl_send(session->args->ctl, &message))
        log_warn("session.painted", "lost");
}

/* How long nothing needs to be done unless something comes in. */
static int patience(const struct session *session)
{
    int64_t now = clock_mono_ms(), until = session->ticked + TICK_MS;
    if (session->ui.working)
        return 0;
    if (session->ui.dirty || session->full)
        return FRAME_WAIT_MS;
    if (session->waiting_since && session->waiting_since + KEYS_WAIT_MS < until)
        until = session->waiting_since + KEYS_WAIT_MS;
    if (!has_ticks(&session->ui) && !session->waiting_since)
        until = now + MINUTE_MS - own_time(session) % MINUTE_MS;
    if ((minute_over(session) || restless(session) || unplaced(session)) &&
        session->keyed + CLOCK_QUIET_MS < until)
        until = session->keyed + CLOCK_QUIET_MS;
    if (session->ui.rests_at && session->ui.rests_at < until)
        until = session->ui.rests_at;
    if (session->answers_until && session->answers_until < until)
        until = session->answers_until;
    if (session->asked && session->asked + ECHO_MS < until)
        until = session->asked + ECHO_MS;
    if (session->ui.blind && session->refused + SEEN_MS < until)
        until = session->refused + SEEN_MS;
    if (book_may_wait(session, now) && book_put_since(session->ui.book) + PUT_LATE_MS < until)
        until = book_put_since(session->ui.book) + PUT_LATE_MS;
    return until > now ? (int)(until - now) + 1 : 0;
}

enum { WAIT_INPUT, WAIT_CONTROL, WAIT_BOOK, WAIT_COUNT };

static void wait_and_take(struct session *session, const sigset_t *open_mask)
{
    /* Asked for nothing, the ledger's socket still tells when the other end has gone. */
    short book_events = book_may_wait(session, clock_mono_ms()) ? 0 : POLLIN;
    struct pollfd fds[WAIT_COUNT] = {
        [WAIT_INPUT] = {.fd = session->args->in, .events = POLLIN},
        [WAIT_CONTROL] = {.fd = session->args->ctl, .events = POLLIN},
        [WAIT_BOOK] = {.fd = book_fd(session->ui.book), .events = book_events},
    };
    int wait = patience(session);
    struct timespec timeout = {.tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000L};
    /* Signals are let in only while waiting, so none is missed between a look and the wait. */
    int ready = ppoll(fds, WAIT_COUNT, &timeout, open_mask);
    if (ready < 0 && errno != EINTR)
        finish(session, SESSION_FAILED);
    if (got_term)
        finish(session, SESSION_STOPPED);
    if (got_resize) {
        got_resize = 0;
        resize_local(session);
    }
    if (ready > 0 && fds[WAIT_CONTROL].revents)
        take_control(session);
    if (ready > 0 && fds[WAIT_INPUT].revents && !session->ended)
        take_bytes(session);
    if (!session->ended && ((ready > 0 && fds[WAIT_BOOK].revents) || book_is_due(session)))
        take_book(session);
    if (book_heard(session->ui.book) && !session->ended)
        ui_heard(&session->ui);
    if (!session->ended && !session->ui.leaving)
        show(session); /* before what the time brings: the person waits for it */
    take_time(session);
    if (session->ui.leaving)
        finish(session, SESSION_LEFT);
}

/* ---- beginning and ending ---- */

void session_signals(sigset_t *before)
{
    static const int caught[] = {SIGTERM, SIGHUP, SIGINT, SIGWINCH};
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t blocked;
    sigemptyset(&blocked);
    for (size_t i = 0; i < SND_COUNT(caught); i++) {
        sigaddset(&blocked, caught[i]);
        (void)sigaction(caught[i], &action, NULL);
    }
    got_term = 0;
    got_resize = 0;
    (void)sigprocmask(SIG_BLOCK, &blocked, before);
}

int session_must_stop(void)
{
    return got_term;
}

/* The last line, on the terminal as it was before: shaped by us, as nobody else will. */
static void say_goodbye(struct session *session)
{
    struct ui *ui = &session->ui;
    const char *words = session->end == SESSION_LEFT ? _("You have left Sanad. Good-bye.")
                        : ui->expelled
                            ? _("Your session was ended by the administrator.")
                            : _("Sanad has to stop. Your draft is kept: log in again to go on.");
    struct buf out = BUF_INIT(READ_SIZE);
    canvas_blank(&ui->canvas, 0, ui->canvas.rows);
    arena_reset(ui->arena);
    frame_text(ui, 0, 1, frame_width(ui), words, LOOK_PLAIN);
    canvas_text(&ui->canvas, &out);
    size_t line = strcspn(buf_text(&out), "\n");
    if (proc_write_all(session->args->out, buf_text(&out), line) == 0)
        (void)!write(session->args->out, "\r\n", 2);
    buf_free(&out);
}

/* For the login after a session that broke off: while its screens still stand. */
static void keep_place(struct session *session)
{
    char place[BOOK_PLACE] = "";
    if (session->end == SESSION_LEFT || again_make(&session->ui, place))
        again_keep(&session->ui, session->end, session->placing || *session->args->me.place, place);
    mem_wipe(place, sizeof place);
}

static void begin(struct session *session, const struct session_args *args)
{
    struct ui *ui = &session->ui;
    session->args = args;
    session->ticked = clock_mono_ms();
    ui->book = args->book;
    ui->me = args->me;
    ui->peer = args->peer;
    ui->mono = session->mono = !args->colour;
    ui->far = args->far;
    ui->arena = arena_new();
    ui->minute = -1;
    session->shift = random_below(SPREAD_MS);
    hash_bytes(args->me.place, strlen(args->me.place), session->placed);
    canvas_init(&ui->canvas, args->rows, args->cols);
    ui_language(ui, args->me.lang);
    session->keys = keys_new();
    session->full = 1;
}

enum session_end session_run(const struct session_args *args)
{
    struct session session = {0};
    sigset_t before;
    session_signals(&before);
    begin(&session, args);
    int error = screen_open(args->in, args->out, args->term, args->rows, args->cols, args->colour,
                            &session.screen);
    if (error) {
        log_error("session.no_screen", "error=%d", error);
        finish(&session, SESSION_FAILED);
    } else {
        meet_terminal(&session);
        ui_begin(&session.ui);
        paint_first(&session);
    }
    while (!session.ended) {
        show(&session);
        wait_and_take(&session, &before);
    }
    keep_place(&session);
    ui_end(&session.ui);
    screen_close(&session.screen);
    if (!error && session.end != SESSION_GONE)
        say_goodbye(&session);
    keys_free(&session.keys);
    canvas_free(&session.ui.canvas);
    arena_free(&session.ui.arena);
    record_free(&session.ui.repeat.record);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return session.end;
}
