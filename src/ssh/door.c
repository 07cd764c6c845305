/* SPDX-License-Identifier: Apache-2.0
 * A door: one SSH connection, from its first byte to its last. It speaks SSH with the client, asks
 * its desk whether a password or key is right, and then carries the terminal's bytes.
 *
 * Invariants. Nothing ever waits for the client: its socket doesn't block, and the desk is read
 * only as fast as the client takes it. libssh's callbacks only take notes or pass bytes on to the
 * desk; the channel is written from the loop here, never from a callback. Every stage but the
 * running session has a deadline, with an alarm behind it should the loop itself be stuck. A door
 * opens no file and knows nobody: the desk does. */
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "ssh/door_priv.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LAST_MS 2000      /* for the last bytes to leave */
#define RETRY_MS 50       /* the desk's control socket was full */
#define ALARM_S 10        /* the alarm comes this long after the deadline it stands behind */
#define STOP_S 3          /* after SIGTERM: the desk says goodbye first */
#define UNSENT_MOST 16384 /* bytes the kernel may hold unsent before we stop adding */
#define PROBE_S 15
#define PROBES 4
#define FIRST_MS 500 /* on a long line the first picture is waited for that long, to go whole */

/* Leaves the alternate screen, shows the cursor, plain colours and letters, ordinary keys, no
 * bracketed paste: for a desk that could not do it itself. */
#define LOST_AR "«انقطعت هذه الجلسة، وما كتبته محفوظ. ادخل من جديد لتكمل من حيث وقفت.»"
#define LOST_EN                                                                                    \
    "This session broke off; what you typed is kept. Log in again to go on where you were."
static const char words_lost[] =
    "\033[?1049l\033[?25h\033[0m\033(B\033[?2004l\033[?1l\033>\r\n" LOST_AR "\r\n" LOST_EN "\r\n";
static const char lines_lost[] =
    LOST_AR "\n" LOST_EN "\n"; /* without a terminal: nothing but text */

static volatile sig_atomic_t desk_runs;

void door_stage(struct door *door, enum door_stage stage, int64_t ms)
{
    door->stage = stage;
    door->deadline = ms ? clock_mono_ms() + ms : 0;
    desk_runs = stage >= DOOR_RUNNING;
    alarm(ms ? (unsigned)(ms / 1000) + ALARM_S : 0);
}

void door_leave(struct door *door, int status)
{
    doorpump_stop(door);
    ssh_channel_request_send_exit_status(door->channel, status);
    ssh_channel_send_eof(door->channel);
    ssh_channel_close(door->channel);
    door_stage(door, DOOR_LEAVING, LAST_MS);
}

static void answer_unserved(struct door *door)
{
    struct ctl message = {.type = CTL_REFUSED};
    (void)str_copy(message.text, sizeof message.text, door->refused->name);
    if (ctl_send(door->ctl, &message))
        log_warn("door.desk_lost", "peer=%s", door->args->peer);
    log_info("door.unserved", "peer=%s what=%s", door->args->peer, door->refused->name);
    doorpump_say(door, door->refused->line, 1);
    door_leave(door, 1);
}

static void start_desk(struct door *door)
{
    struct ctl message = {.type = CTL_START,
                          .rows = door->rows,
                          .cols = door->cols,
                          .rtt_ms = door->rtt_ms,
                          .mono = (uint32_t)door->mono};
    const char *banner = ssh_get_clientbanner(door->session);
    (void)str_copy(message.term, sizeof message.term, door->term);
    (void)str_copy(message.lang, sizeof message.lang, door->lang);
    (void)str_copy(message.peer, sizeof message.peer, door->args->peer);
    log_escape(message.banner, sizeof message.banner, banner ? banner : "");
    door->resized = 0;
    if (ctl_send(door->ctl, &message) || doorpump_start(door)) {
        doorpump_say(door, door->has_pty ? words_lost : lines_lost, 0);
        door_leave(door, 1);
        return;
    }
    door_stage(door, DOOR_RUNNING, 0);
    if (door->has_pty && door->rtt_ms >= CTL_FAR_MS)
        door->first_at = clock_mono_ms() + FIRST_MS;
}

/* The client speaks to the files' process, or to the relay, from now on, and we carry it. */
static void start_bytes(struct door *door)
{
    struct ctl message = {.type = door->wants_bytes};
    (void)str_copy(message.lang, sizeof message.lang, door->lang);
    (void)str_copy(message.peer, sizeof message.peer, door->args->peer);
    if (ctl_send(door->ctl, &message) || doorpump_start(door)) {
        door_leave(door, 1);
        return;
    }
    door_stage(door, DOOR_RUNNING, 0);
}

static void tell_size(struct door *door)
{
    struct ctl message = {.type = CTL_RESIZE, .rows = door->rows, .cols = door->cols};
    if (door->ctl < 0 || ctl_send(door->ctl, &message) != SND_E_BUSY)
        door->resized = 0;
}

/* For a desk that could not say it: its own modes first, while its screen is still there. */
static void say_lost(struct door *door)
{
    doorpump_say(door, door->modes, 0);
    doorpump_say(door, door->has_pty ? words_lost : lines_lost, 0);
}

/* The desk has gone and everything it said has been passed on. */
static void desk_left(struct door *door)
{
    if (!door->desk_told) {
        log_warn("door.desk_lost", "peer=%s", door->args->peer);
        if (!door->wants_bytes)
            say_lost(door);
        door->exit_status = 1;
    }
    door_leave(door, door->exit_status);
}

static void turn(struct door *door)
{
    if (door->stage == DOOR_WAITING && door->refused)
        answer_unserved(door);
    else if (door->stage == DOOR_WAITING && door->wants_shell)
        start_desk(door);
    else if (door->stage == DOOR_WAITING && door->wants_bytes)
        start_bytes(door);
    if (door->stage != DOOR_RUNNING)
        return;
    if (door->resized)
        tell_size(door);
    doorpump_turn(door);
    if (door->bytes_ended && door->out_len == 0 && (door->desk_told || door->ctl < 0))
        desk_left(door);
}

/* How long to wait for something to happen: ms, -1 = for ever. */
static int patience(const struct door *door)
{
    if (door->stage == DOOR_RUNNING && door->first_at)
        return RETRY_MS;
    if (door->stage == DOOR_RUNNING && door->resized)
        return RETRY_MS;
    if (!door->deadline)
        return -1;
    int64_t left = door->deadline - clock_mono_ms();
    return left > 0 ? (int)left : 0;
}

static int finished(const struct door *door)
{
    return door->over || (ssh_get_status(door->session) & (SSH_CLOSED | SSH_CLOSED_ERROR));
}

static void set_number(int fd, int level, int option, int64_t value)
{
    int number = (int)value;
    if (setsockopt(fd, level, option, &number, sizeof number))
        log_debug("door.setsockopt", "option=%d", option);
}

/* Up to the first picture what is said in one turn leaves in one segment, and the answer to the
 * request for a shell with the picture itself: each segment more is 40 bytes more on the line. */
static void gather(struct door *door)
{
    int running = door->stage >= DOOR_RUNNING;
    if (!door->gathers || (ssh_get_status(door->session) & SSH_WRITE_PENDING))
        return;
    if (door->stage == DOOR_RUNNING && door->wants_shell && !door->spoke && door->ctl >= 0)
        return;
    set_number(door->args->socket, IPPROTO_TCP, TCP_CORK, 0);
    if (!running)
        set_number(door->args->socket, IPPROTO_TCP, TCP_CORK, 1);
    door->gathers = !running;
}

static void loop(struct door *door)
{
    while (!finished(door)) {
        turn(door);
        gather(door);
        int ms = patience(door);
        if (ms == 0) {
            log_info("door.timeout", "peer=%s stage=%d", door->args->peer, (int)door->stage);
            return;
        }
        if (!door->over && ssh_event_dopoll(door->event, ms) == SSH_ERROR)
            return;
    }
}

static void tune(int fd, const struct conf *conf)
{
    set_number(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_number(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_number(fd, IPPROTO_TCP, TCP_KEEPIDLE, conf->idle_keepalive);
    set_number(fd, IPPROTO_TCP, TCP_KEEPINTVL, PROBE_S);
    set_number(fd, IPPROTO_TCP, TCP_KEEPCNT, PROBES);
    set_number(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, conf->user_timeout * 1000);
    set_number(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT_MOST);
}

/* Makes the session over the socket and begins the key exchange. */
static int begin(struct door *door)
{
    int fd = door->args->socket;
    tune(fd, door->args->conf);
    door->gathers = 1;
    /* Before libssh sees it: libssh's own non-blocking mode leaves the socket as it is. */
    if (proc_nonblocking(fd, 1))
        return SND_E_SYS;
    door->session = ssh_new();
    door->event = ssh_event_new();
    if (!door->session || !door->event)
        return SND_E_SYS;
    if (ssh_bind_accept_fd(door->args->bind, door->session, fd) != SSH_OK)
        return SND_E_SYS;
    doorlogin_set(door);
    ssh_set_blocking(door->session, 0);
    if (ssh_handle_key_exchange(door->session) == SSH_ERROR)
        return SND_E_BAD;
    return ssh_event_add_session(door->event, door->session) == SSH_OK ? 0 : SND_E_SYS;
}

static void end(struct door *door)
{
    if (door->session && door->event) {
        static const char *const reasons[] = {
            [DOOR_LOGIN] = "Not logged in. Try again.",
            [DOOR_WAITING] = "Sanad serves a screen: log in with plain ssh.",
            [DOOR_RUNNING] = "Goodbye.",
            [DOOR_LEAVING] = "Goodbye.",
        };
        ssh_session_set_disconnect_message(door->session, reasons[door->stage]);
        ssh_disconnect(door->session);
    }
    if (door->event) {
        doorpump_stop(door);
        ssh_event_remove_session(door->event, door->session);
        ssh_event_free(door->event);
    }
    ssh_free(door->session);
    proc_close(&door->report);
    proc_close(&door->ctl);
    proc_close(&door->bytes);
}

void door_serve(const struct door_args *args)
{
    static struct door only; /* not on the heap: what is never written stays shared or untouched */
    struct door *door = &only;
    memset(door, 0, offsetof(struct door, in));
    door->args = args;
    door->ctl = args->ctl;
    door->bytes = args->bytes;
    door->report = args->report;
    door_stage(door, DOOR_LOGIN, args->conf->login_grace * 1000);
    int err = begin(door);
    if (!err)
        loop(door);
    else
        log_debug("door.broken", "peer=%s err=%d", args->peer, err);
    end(door);
    alarm(0);
}

static void on_terminate(int number SND_UNUSED)
{
    if (!desk_runs)
        _exit(0);
    alarm(STOP_S);
}

void door_run(const struct door_args *args, int weak)
{
    struct sigaction action = {.sa_handler = on_terminate};
    log_open("door", LOG_LEVEL_INFO);
    if (sigaction(SIGTERM, &action, NULL) || sandbox_enter(SANDBOX_DOOR, NULL, weak))
        _exit(1);
    door_serve(args);
    _exit(0);
}
