/* SPDX-License-Identifier: Apache-2.0
 * The nursery and its desks. The gate sends two sockets for each connection; a desk is forked when
 * the first message comes over the control socket, so that a stranger who never says who he is
 * costs no process here. A desk lives on its own: it outlives the nursery, and ends with its
 * terminal, with its person's leave or when told to. It reaches two things only, the ledger's
 * socket and the terminals' descriptions. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/ctl.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "base/wire.h"
#include "book/book.h"
#include "cmd/desk.h"
#include "cmd/files.h"
#include "cmd/nursery.h"
#include "remote/relay.h"
#include "term/screen.h"
#include "text/layout.h"
#include "ui/session.h"

#define REPORT_MS 1000 /* what ran out is logged together */

/* ---- a desk ---- */

struct desk {
    int ctl, bytes;
    const char *preset;
    struct book *book;
    struct book_me me;
    int known; /* somebody has logged in on this connection */
    /* the first key that nobody knew, whose private half the client has: a one-time code enrols it
     */
    char proven_by[CTL_NAME], proven[CTL_KEY];
};

static int answer(const struct desk *desk, int status)
{
    struct ctl message = {.type = CTL_ANSWER, .status = status};
    return ctl_send(desk->ctl, &message);
}

static int try_password(struct desk *desk, const struct ctl *asked)
{
    const char *key = strcmp(desk->proven_by, asked->user) == 0 ? desk->proven : "";
    return book_auth_enrol(desk->book, asked->user, asked->text, key, asked->peer, &desk->me);
}

static int try_key(struct desk *desk, const struct ctl *asked)
{
    int err = book_auth_key(desk->book, asked->user, asked->text, asked->peer, &desk->me);
    if (err == SND_E_AUTH && !desk->proven[0]) {
        (void)str_copy(desk->proven_by, sizeof desk->proven_by, asked->user);
        (void)str_copy(desk->proven, sizeof desk->proven, asked->text);
    }
    return err;
}

/* The questions of the login, and who answers. */
static const struct question {
    enum ctl_type type;
    int (*ask)(struct desk *desk, const struct ctl *asked);
} questions[] = {
    {CTL_PASSWORD_TRY, try_password},
    {CTL_KEY_PROVEN, try_key},
};

/* 0 when the conversation may go on. */
static int answer_question(struct desk *desk, const struct ctl *asked)
{
    for (size_t i = 0; i < SND_COUNT(questions); i++) {
        if (questions[i].type != asked->type)
            continue;
        int status = SND_E_AUTH; /* one connection, one person */
        if (!desk->known)
            status = questions[i].ask(desk, asked);
        if (!status)
            desk->known = 1;
        return answer(desk, status);
    }
    return SND_E_BAD;
}

static void run_session(struct desk *desk, const struct ctl *start)
{
    struct session_args args = {.in = desk->bytes,
                                .out = desk->bytes,
                                .ctl = desk->ctl,
                                .term = start->term,
                                .client = start->banner,
                                .rows = (int)start->rows,
                                .cols = (int)start->cols,
                                .far = start->rtt_ms >= CTL_FAR_MS,
                                .colour = !start->mono,
                                .book = desk->book,
                                .me = desk->me,
                                .peer = start->peer,
                                .preset = desk->preset,
                                .locale = start->lang};
    enum session_end end = *args.term ? session_run(&args) : linemode_run(&args);
    struct ctl message = {.type = CTL_EXIT, .status = end == SESSION_FAILED};
    if (end != SESSION_GONE && ctl_send(desk->ctl, &message))
        log_info("desk.gone", "end=%d", (int)end);
}

/* Files in the place of a screen: from here on this process reaches no file at all. */
static void run_files(struct desk *desk, int weak)
{
    const struct files_args args = {
        .book = desk->book, .me = &desk->me, .bytes = desk->bytes, .ctl = desk->ctl};
    struct ctl message = {.type = CTL_EXIT, .status = 1};
    proc_name("sanad-files");
    log_open("files", LOG_LEVEL_INFO);
    if (sandbox_narrow(SANDBOX_FILES, weak))
        log_error("files.sandbox", "account=%s", desk->me.account);
    else
        message.status = files_run(&args);
    if (ctl_send(desk->ctl, &message))
        log_debug("files.gone", "account=%s", desk->me.account);
}

static void relay_says(void *arg, const char *line)
{
    const struct desk *desk = arg;
    struct ctl message = {.type = CTL_SAY};
    (void)str_format(message.text, sizeof message.text, "%s\r\n", line);
    if (ctl_send(desk->ctl, &message))
        log_debug("relay.unheard", "account=%s", desk->me.account);
}

/* The screens are on the client's own side: this process hands the frames on, and reaches no file
 * either. */
static void run_relay(struct desk *desk, const struct ctl *start, int weak)
{
    const struct relay_args args = {.book = &desk->book,
                                    .me = &desk->me,
                                    .peer = start->peer,
                                    .bytes = desk->bytes,
                                    .say = relay_says,
                                    .arg = desk};
    struct ctl message = {.type = CTL_EXIT, .status = 1};
    proc_name("sanad-relay");
    log_open("relay", LOG_LEVEL_INFO);
    if (sandbox_narrow(SANDBOX_FILES, weak))
        log_error("relay.sandbox", "account=%s", desk->me.account);
    else
        message.status = relay_run(&args);
    if (ctl_send(desk->ctl, &message))
        log_debug("relay.gone", "account=%s", desk->me.account);
}

static void serve_desk(struct desk *desk, int weak)
{
    struct ctl message;
    while (ctl_recv(desk->ctl, &message) == 1) {
        if (message.type == CTL_START && desk->known) {
            run_session(desk, &message);
            break;
        }
        if (message.type == CTL_FILES && desk->known) {
            run_files(desk, weak);
            break;
        }
        if (message.type == CTL_BOOK && desk->known) {
            run_relay(desk, &message, weak);
            break;
        }
        if (message.type == CTL_REFUSED || message.type == CTL_START ||
            answer_question(desk, &message))
            break;
        mem_wipe(&message, sizeof message);
    }
}

SND_NORETURN static void be_desk(const struct nursery_args *args, int ctl, int bytes)
{
    static struct desk desk;
    desk.ctl = ctl;
    desk.bytes = bytes;
    desk.preset = args->terminal;
    log_open("desk", LOG_LEVEL_INFO);
    if (book_open(args->ledger, &desk.book) || sandbox_enter(SANDBOX_DESK, desk_paths, args->weak))
        _exit(1);
    serve_desk(&desk, args->weak);
    proc_close(&desk.bytes); /* the client need not wait for the good-bye to the ledger */
    proc_close(&desk.ctl);
    book_close(&desk.book);
    _exit(0);
}

/* ---- the nursery ---- */

struct cradle {
    int ctl, bytes;
};
struct nursery {
    const struct nursery_args *args;
    struct cradle *cradles; /* connections that have said nothing yet */
    struct pollfd *polled;  /* the gate, then the cradles */
    size_t count, room;
    int64_t exhausted_at; /* when the log was told last that no descriptor was left */
};

static volatile sig_atomic_t stopping;

static void on_terminate(int number SND_UNUSED)
{
    stopping = 1;
}

static void put_away(struct nursery *nursery, size_t n)
{
    proc_close(&nursery->cradles[n].ctl);
    proc_close(&nursery->cradles[n].bytes);
    nursery->cradles[n] = nursery->cradles[--nursery->count];
}

/* The first message has come, or the end of file of a stranger who said nothing. */
static void wake(struct nursery *nursery, size_t n)
{
    struct cradle *cradle = &nursery->cradles[n];
    char byte;
    if (recv(cradle->ctl, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0) {
        pid_t child = proc_fork("sanad-desk", 0);
        if (child == 0) {
            int gate = nursery->args->gate;
            for (size_t i = 0; i < nursery->count; i++) {
                if (i == n)
                    continue;
                close(nursery->cradles[i].ctl);
                close(nursery->cradles[i].bytes);
            }
            proc_close(&gate);
            be_desk(nursery->args, cradle->ctl, cradle->bytes);
        }
        if (child < 0)
            log_error("nursery.fork", "desks=%s", "none");
    }
    put_away(nursery, n);
}

/* No descriptor was left for the two sockets, which are gone: the door finds nobody behind it and
 * says so to its client. */
static void turned_away(struct nursery *nursery)
{
    int64_t now = clock_mono_ms();
    if (nursery->exhausted_at != 0 && now - nursery->exhausted_at < REPORT_MS)
        return;
    log_error("nursery.exhausted", "waiting=%zu", nursery->count);
    nursery->exhausted_at = now;
}

/* 0, or SND_E_LOST when the gate has gone. */
static int take_in(struct nursery *nursery)
{
    uint8_t frame[256];
    int fds[2] = {-1, -1}, count = 0;
    int got = wire_recv_fds(nursery->args->gate, frame, sizeof frame, fds, &count);
    if (got == SND_E_BUSY)
        return 0;
    if (got == SND_E_BAD) {
        turned_away(nursery);
        return 0;
    }
    if (got <= 0 || count != 2) {
        proc_close(&fds[0]);
        return SND_E_LOST;
    }
    if (nursery->count == nursery->room) {
        nursery->room = nursery->room ? nursery->room * 2 : 64;
        nursery->cradles = x_realloc(nursery->cradles, nursery->room, sizeof *nursery->cradles);
        nursery->polled = x_realloc(nursery->polled, nursery->room + 1, sizeof *nursery->polled);
    }
    nursery->cradles[nursery->count++] = (struct cradle){.ctl = fds[0], .bytes = fds[1]};
    return 0;
}

static int loop(struct nursery *nursery)
{
    sigset_t none;
    sigemptyset(&none);
    while (!stopping) {
        struct pollfd gate = {.fd = nursery->args->gate, .events = POLLIN};
        nursery->polled[0] = gate;
        for (size_t i = 0; i < nursery->count; i++)
            nursery->polled[1 + i] =
                (struct pollfd){.fd = nursery->cradles[i].ctl, .events = POLLIN};
        if (ppoll(nursery->polled, 1 + nursery->count, NULL, &none) < 0) {
            if (errno == EINTR)
                continue;
            return SND_E_SYS;
        }
        int gate_spoke = nursery->polled[0].revents != 0;
        for (size_t i = nursery->count; i-- > 0;)
            if (nursery->polled[1 + i].revents)
                wake(nursery, i);
        if (gate_spoke && take_in(nursery))
            return SND_E_LOST;
    }
    return 0;
}

static int prepare(const struct nursery_args *args)
{
    struct sigaction action = {.sa_handler = on_terminate}, reap = {.sa_handler = SIG_IGN};
    struct rlimit limit;
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    if (sigaction(SIGTERM, &action, NULL) || sigaction(SIGCHLD, &reap, NULL) ||
        sigprocmask(SIG_BLOCK, &term, NULL) || getrlimit(RLIMIT_NOFILE, &limit))
        return SND_E_SYS;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit))
        return SND_E_SYS;
    int err = args->user ? proc_become(args->user) : 0;
    if (!err)
        err = proc_nonblocking(args->gate, 1);
    return err ? err : sandbox_enter(SANDBOX_NURSERY, desk_paths, args->weak);
}

int nursery_run(const struct nursery_args *args)
{
    struct nursery nursery = {.args = args};
    nursery.polled = x_calloc(1, sizeof *nursery.polled);
    log_open("nursery", LOG_LEVEL_INFO);
    int err = prepare(args);
    if (!err)
        err = loop(&nursery);
    if (err && err != SND_E_LOST)
        log_error("nursery.ended", "err=%s", err_text(err));
    while (nursery.count > 0)
        put_away(&nursery, nursery.count - 1);
    x_free(&nursery.cradles);
    x_free(&nursery.polled);
    return err;
}

/* ---- warming ---- */

static void paint_sample(struct canvas *canvas)
{
    static const char *const samples[] = {"سند", "Sanad", "مركز الأفق للخدمات 003"};
    struct arena *arena = arena_new();
    for (int row = 0; row < canvas->rows; row++) {
        struct line line;
        layout_line(samples[(size_t)row % SND_COUNT(samples)], TEXT_RTL, canvas->cols - 2, arena,
                    &line);
        canvas_put_right(canvas, row, canvas->cols - 2, &line, (enum look)(row % LOOK_COUNT));
    }
    arena_free(&arena);
}

void nursery_warm(int ctl, int bytes)
{
    struct ctl start;
    struct screen *screen = NULL;
    struct canvas canvas = {0};
    if (ctl_recv(ctl, &start) != 1 ||
        screen_open(bytes, bytes, start.term, (int)start.rows, (int)start.cols, 1, &screen)) {
        log_warn("warm.failed", "part=%s", "screen");
        return;
    }
    canvas_init(&canvas, (int)start.rows, (int)start.cols);
    paint_sample(&canvas);
    screen_show(screen, &canvas, 1);
    canvas_free(&canvas);
    screen_close(&screen);
}
