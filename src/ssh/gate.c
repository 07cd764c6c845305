/* SPDX-License-Identifier: Apache-2.0
 * The gate: takes connections and forks a door for each. It reads not one byte that a client sent.
 *
 * Who may come in while many stand outside. A connection that hasn't logged in yet is "pending":
 * the gate holds one end of a pipe whose other end its door closes at login (or by dying). Beyond
 * startups_begin pending ones, connections are dropped at random, ever more of them, but never one
 * from an address that has few pending; when all places are taken, such a one gets the place of
 * the oldest from the address that holds most. So those who open hundreds of silent connections
 * crowd out each other and not the clerk who comes next. */
#include "ssh/gate.h"
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "base/wire.h"
#include "ssh/ssh_priv.h"

#define SOURCE_SIZE 16
#define ACCEPT_BATCH 32 /* accepted before looking at the pending ones again */
#define REST_MS 100     /* after the kernel had no descriptor or process for us */
#define REPORT_MS 1000  /* dropped connections are logged together */
#define CROWD_HELD 3    /* pending connections of one address that are no crowd */
#define CROWD_NICE 10   /* further ones give way to everybody's work */
#define FIXED 2         /* polled descriptors before the pending ones: listener, nursery */

struct pending {
    pid_t door;
    int report; /* ends when somebody has logged in, or the door is gone */
    uint8_t source[SOURCE_SIZE];
};
struct gate {
    const struct gate_args *args;
    ssh_bind bind;
    struct pending *pending; /* oldest first; conf->startups_full places */
    struct pollfd *polled;   /* as many, and FIXED before them */
    size_t count;            /* pending */
    int64_t doors;           /* living, logged in or not */
    int spare;               /* a descriptor for turning somebody away when there is no other */
    int64_t exhausted_at;    /* when the log was told last that something had run out */
    int64_t rest_until;      /* not accepting before that; 0 = accepting */
    int64_t dropped;         /* since the last line in the log */
    int64_t logged_at;
};
struct visitor {
    int fd;
    uint8_t source[SOURCE_SIZE];
    char peer[CTL_PEER];
    int crowding; /* comes in a crowd, and not alone */
};

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    if (number == SIGTERM)
        stopping = 1;
}

/* An IPv4 address; of IPv6 the network half, since one machine has all of the other. */
static void name_visitor(const struct sockaddr_storage *from, struct visitor *out)
{
    char address[INET6_ADDRSTRLEN] = "?";
    memset(out->source, 0, sizeof out->source);
    if (from->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const struct sockaddr_in *)from;
        memcpy(out->source, &in->sin_addr, sizeof in->sin_addr);
        inet_ntop(AF_INET, &in->sin_addr, address, sizeof address);
        (void)str_format(out->peer, sizeof out->peer, "%s:%d", address, ntohs(in->sin_port));
    } else if (from->ss_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)from;
        memcpy(out->source, &in->sin6_addr, sizeof in->sin6_addr / 2);
        out->source[SOURCE_SIZE - 1] = 6;
        inet_ntop(AF_INET6, &in->sin6_addr, address, sizeof address);
        (void)str_format(out->peer, sizeof out->peer, "[%s]:%d", address, ntohs(in->sin6_port));
    }
}

static int64_t pending_from(const struct gate *gate, const uint8_t *source)
{
    int64_t count = 0;
    for (size_t i = 0; i < gate->count; i++)
        count += memcmp(gate->pending[i].source, source, SOURCE_SIZE) == 0;
    return count;
}

static void forget(struct gate *gate, size_t n)
{
    proc_close(&gate->pending[n].report);
    gate->count--;
    memmove(&gate->pending[n], &gate->pending[n + 1], (gate->count - n) * sizeof *gate->pending);
}

/* Ends the oldest connection of the address that holds most places. */
static void evict(struct gate *gate)
{
    size_t worst = 0;
    int64_t most = 0;
    for (size_t i = 0; i < gate->count; i++) {
        int64_t held = pending_from(gate, gate->pending[i].source);
        if (held > most) {
            most = held;
            worst = i;
        }
    }
    kill(gate->pending[worst].door, SIGKILL);
    forget(gate, worst);
}

/* 1 when the visitor may come in; may make a place for it. */
static int admitted(struct gate *gate, struct visitor *visitor)
{
    const struct conf *conf = gate->args->conf;
    int64_t count = (int64_t)gate->count, held = pending_from(gate, visitor->source);
    visitor->crowding = count >= conf->startups_begin && held >= CROWD_HELD;
    if (gate->doors >= conf->sessions_max || held >= conf->startups_source)
        return 0;
    if (held < CROWD_HELD) {
        if (count >= conf->startups_full)
            evict(gate);
        return 1;
    }
    if (count >= conf->startups_full)
        return 0;
    if (count < conf->startups_begin)
        return 1;
    int64_t span = conf->startups_full - conf->startups_begin; /* > 0: begin <= count < full */
    int64_t percent =
        conf->startups_rate + (100 - conf->startups_rate) * (count - conf->startups_begin) / span;
    return random_below(100) >= (uint32_t)percent;
}

/* Gives the desk's ends of the two sockets to the nursery. */
static int hand_over(const struct gate *gate, const struct visitor *visitor, int ctl, int bytes)
{
    struct buf frame = BUF_INIT(256);
    int fds[2] = {ctl, bytes};
    wire_begin(&frame);
    wire_put_u8(&frame, 'D');
    wire_put_text(&frame, visitor->peer);
    int err = wire_end(&frame);
    if (!err)
        err = wire_send_fds(gate->args->nursery, &frame, fds, 2);
    buf_free(&frame);
    return err;
}

/* In the new process: closes what is the gate's, and is a door. */
SND_NORETURN static void be_door(struct gate *gate, const struct visitor *visitor, int ctl,
                                 int bytes, int report)
{
    int listener = gate->args->listener, nursery = gate->args->nursery;
    if (visitor->crowding && setpriority(PRIO_PROCESS, 0, CROWD_NICE))
        log_debug("door.priority", "errno=%d", errno);
    for (size_t i = 0; i < gate->count; i++)
        proc_close(&gate->pending[i].report);
    proc_close(&listener);
    proc_close(&nursery);
    proc_close(&gate->spare);
    struct door_args args = {.bind = gate->bind,
                             .conf = gate->args->conf,
                             .socket = visitor->fd,
                             .ctl = ctl,
                             .bytes = bytes,
                             .report = report,
                             .peer = visitor->peer};
    door_run(&args, gate->args->weak);
}

static int open_door(struct gate *gate, const struct visitor *visitor)
{
    int ctl[2] = {-1, -1}, bytes[2] = {-1, -1}, report[2] = {-1, -1};
    int err = proc_pair_packets(ctl);
    if (!err)
        err = proc_pair_bytes(bytes);
    if (!err)
        err = proc_pair_bytes(report);
    if (!err)
        err = hand_over(gate, visitor, ctl[1], bytes[1]);
    if (err)
        goto out;
    pid_t door = proc_fork("sanad-door", 0);
    if (door == 0) {
        proc_close(&report[0]);
        proc_close(&ctl[1]);
        proc_close(&bytes[1]);
        be_door(gate, visitor, ctl[0], bytes[0], report[1]);
    }
    if (door < 0) {
        err = SND_E_SYS;
        goto out;
    }
    struct pending *pending = &gate->pending[gate->count++];
    *pending = (struct pending){.door = door, .report = report[0]};
    memcpy(pending->source, visitor->source, SOURCE_SIZE);
    report[0] = -1;
    gate->doors++;
out:
    for (int i = 0; i < 2; i++) {
        proc_close(&ctl[i]);
        proc_close(&bytes[i]);
        proc_close(&report[i]);
    }
    return err;
}

static void rest(struct gate *gate, const char *why)
{
    int64_t now = clock_mono_ms();
    if (gate->exhausted_at == 0 || now - gate->exhausted_at >= REPORT_MS) {
        log_error("gate.exhausted", "why=%s doors=%lld", why, (long long)gate->doors);
        gate->exhausted_at = now;
    }
    gate->rest_until = now + REST_MS;
}

/* No descriptor is left: who waits is told so by hanging up, and can try again. */
static void turn_away(struct gate *gate)
{
    for (int i = 0; i < ACCEPT_BATCH && proc_turn_away(gate->args->listener, &gate->spare); i++)
        gate->dropped++;
    rest(gate, "accept");
}

/* 1 when the visitor has hung up while waiting in the kernel's queue: a flood of those must not
 * hold up the clerk who waits behind them. */
static int hung_up(int fd)
{
    struct pollfd polled = {.fd = fd, .events = POLLRDHUP};
    return poll(&polled, 1, 0) > 0 && polled.revents;
}

static void accept_some(struct gate *gate)
{
    for (int i = 0; i < ACCEPT_BATCH && !stopping; i++) {
        struct sockaddr_storage from = {0};
        socklen_t size = sizeof from;
        struct visitor visitor = {.peer = "?"};
        visitor.fd = accept4(gate->args->listener, (struct sockaddr *)&from, &size, SOCK_CLOEXEC);
        if (visitor.fd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                turn_away(gate);
            return;
        }
        name_visitor(&from, &visitor);
        if (hung_up(visitor.fd) || !admitted(gate, &visitor))
            gate->dropped++;
        else if (open_door(gate, &visitor))
            rest(gate, "door");
        proc_close(&visitor.fd);
    }
}

static void reap(struct gate *gate)
{
    pid_t gone;
    while ((gone = waitpid(-1, NULL, WNOHANG)) > 0) {
        gate->doors--;
        for (size_t i = 0; i < gate->count; i++)
            if (gate->pending[i].door == gone)
                forget(gate, i--);
    }
}

static void log_dropped(struct gate *gate)
{
    int64_t now = clock_mono_ms();
    if (gate->dropped == 0 || now - gate->logged_at < REPORT_MS)
        return;
    log_warn("gate.dropped", "connections=%lld pending=%zu", (long long)gate->dropped, gate->count);
    gate->dropped = 0;
    gate->logged_at = now;
}

/* Fills gate->polled; returns how many. */
static nfds_t list_polled(struct gate *gate)
{
    int resting = gate->rest_until > clock_mono_ms();
    gate->polled[0] = (struct pollfd){.fd = resting ? -1 : gate->args->listener, .events = POLLIN};
    gate->polled[1] = (struct pollfd){.fd = gate->args->nursery, .events = 0};
    for (size_t i = 0; i < gate->count; i++)
        gate->polled[FIXED + i] = (struct pollfd){.fd = gate->pending[i].report, .events = POLLIN};
    return FIXED + gate->count;
}

static int serve(struct gate *gate)
{
    sigset_t none;
    sigemptyset(&none);
    while (!stopping) {
        nfds_t count = list_polled(gate);
        int busy = gate->rest_until > clock_mono_ms() || gate->dropped > 0;
        struct timespec soon = {.tv_nsec = REST_MS * 1000000L};
        int ready = ppoll(gate->polled, count, busy ? &soon : NULL, &none);
        if (ready < 0 && errno != EINTR)
            return SND_E_SYS;
        if (ready > 0) {
            if (gate->polled[1].revents)
                return SND_E_LOST; /* a gate without a nursery leads nowhere */
            for (size_t i = gate->count; i-- > 0;)
                if (gate->polled[FIXED + i].revents)
                    forget(gate, i);
        }
        reap(gate);
        if (ready > 0 && gate->polled[0].revents)
            accept_some(gate);
        log_dropped(gate);
    }
    return 0;
}

/* Signals are let in only while waiting, so that none is missed. */
static int catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t both;
    sigemptyset(&both);
    sigaddset(&both, SIGTERM);
    sigaddset(&both, SIGCHLD);
    if (sigaction(SIGTERM, &action, NULL) || sigaction(SIGCHLD, &action, NULL) ||
        sigprocmask(SIG_BLOCK, &both, NULL))
        return SND_E_SYS;
    return 0;
}

static int raise_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit))
        return SND_E_SYS;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit) ? SND_E_SYS : 0;
}

static int prepare(struct gate *gate)
{
    ssh_key key = NULL;
    int err = hostkey_load(gate->args->host_key, &key);
    if (!err)
        err = hostkey_bind(key, &gate->bind);
    if (!err)
        err = catch_signals();
    if (!err)
        err = proc_nonblocking(gate->args->listener, 1);
    if (!err)
        err = raise_limit();
    if (!err && gate->args->user)
        err = proc_become(gate->args->user);
    if (!err)
        err = sandbox_enter(SANDBOX_GATE, NULL, gate->args->weak);
    return err;
}

int gate_run(const struct gate_args *args)
{
    size_t places = (size_t)args->conf->startups_full;
    struct gate gate = {.args = args, .spare = -1};
    gate.pending = x_calloc(places, sizeof *gate.pending);
    gate.polled = x_calloc(places + FIXED, sizeof *gate.polled);
    log_open("gate", LOG_LEVEL_INFO);
    proc_spare(&gate.spare);
    int err = prepare(&gate);
    if (!err && args->ready >= 0)
        err = proc_write_all(args->ready, "1", 1);
    if (!err)
        err = serve(&gate);
    if (err)
        log_error("gate.ended", "err=%s", err_text(err));
    for (size_t i = 0; i < gate.count; i++)
        kill(gate.pending[i].door, SIGTERM);
    while (gate.count > 0)
        forget(&gate, gate.count - 1);
    proc_close(&gate.spare);
    ssh_bind_free(gate.bind);
    x_free(&gate.polled);
    x_free(&gate.pending);
    return err;
}
