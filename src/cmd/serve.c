/* SPDX-License-Identifier: Apache-2.0
 * sanad serve: runs the office. It binds the port, starts the ledger and the seedbed (the parent of
 * gate and nursery) side by side, says "ready" when both are, restarts whichever dies and ends both
 * in order: first the sessions, which still have something to save, then the ledger. It never
 * touches the database, a connection or a screen.
 *
 * Started by root it makes over the state folder to the service users and every process becomes its
 * own; serve and the seedbed stay root to be able to start the next ones. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "cmd/cmd.h"
#include "cmd/seedbed.h"
#include "ledger/ledger.h"
#include "ssh/gate.h"

#define LEDGER_USER "sanad-ledger"
#define DOOR_USER "sanad-door"
#define DESK_USER "sanad-desk"
#define BACKLOG 1024
#define READERS 2
#define HASHERS 4
#define START_MS 60000  /* for ledger and gate to be ready */
#define GOODBYE_MS 4000 /* for the sessions to end; then they are ended */
#define COMMIT_MS 20000 /* for the ledger to end */
#define AGAIN_MS 1000   /* between two starts of the same process */
#define GROUPS 16       /* seedbeds of this run whose sessions may still live */
#define LINE 128

struct part {
    const char *name; /* as ps shows it */
    pid_t pid;        /* -1 = not running */
    int64_t since;
};
struct serve {
    const char *state;
    struct conf conf;
    int port, weak, background;
    int as_root;
    int desk_uid; /* -1 = everybody is us */
    int listener, lock;
    int told; /* where the ready line goes */
    char *db, *socket, *host_key, *pid_file, *log_file;
    struct part ledger, seedbed;
    pid_t group[GROUPS]; /* process groups of former seedbeds */
    size_t groups;
};

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    if (number == SIGTERM || number == SIGINT)
        stopping = 1;
}

/* ---- before anything runs ---- */

static void name_files(struct serve *serve)
{
    serve->db = cmd_path(serve->state, "office.db");
    serve->socket = cmd_path(serve->state, "run/ledger.sock");
    serve->host_key = cmd_path(serve->state, "host_key");
    serve->pid_file = cmd_path(serve->state, "pid");
    serve->log_file = cmd_path(serve->state, "log");
}

static int read_conf(struct serve *serve, const char *port)
{
    char error[256] = "";
    int64_t number;
    char *path = cmd_path(serve->state, "sanad.conf");
    int err = conf_read(path, &serve->conf, error, sizeof error);
    x_free(&path);
    if (err)
        return cmd_fail("%s", error);
    if (port && num_parse(port, 0, 65535, &number))
        return cmd_fail("--port takes a number from 0 to 65535.");
    if (port)
        serve->conf.port = number;
    if (serve->conf.startups_begin > serve->conf.startups_full)
        serve->conf.startups_begin = serve->conf.startups_full;
    serve->weak = strcmp(serve->conf.sandbox, "weak") == 0;
    if (!serve->weak && !sandbox_available())
        return cmd_fail(
            "This kernel lacks landlock or seccomp; `sandbox = weak` in sanad.conf goes "
            "on without.");
    return 0;
}

static int make_over(const char *path, const struct passwd *to, mode_t mode)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : SND_E_SYS;
    int err = fchown(fd, to->pw_uid, to->pw_gid) || fchmod(fd, mode) ? SND_E_SYS : 0;
    close(fd);
    return err;
}

/* The ledger's user owns the book; the desk's may pass through to the ledger's socket. */
static int hand_over(struct serve *serve)
{
    static const char *const files[] = {"office.db", "office.db-wal", "office.db-shm"};
    static const char *const users[] = {DOOR_USER, DESK_USER, LEDGER_USER};
    const struct passwd *user = NULL;
    serve->as_root = geteuid() == 0;
    if (!serve->as_root)
        return 0;
    for (size_t i = 0; i < SND_COUNT(users); i++) {
        user = getpwnam(users[i]);
        if (!user)
            return cmd_fail("The service user %s is missing: useradd --system %s", users[i],
                            users[i]);
        if (strcmp(users[i], DESK_USER) == 0)
            serve->desk_uid = (int)user->pw_uid;
    }
    char *run = cmd_path(serve->state, "run");
    int err = make_over(serve->state, user, 0711);
    if (!err)
        err = make_over(run, user, 0711);
    x_free(&run);
    for (size_t i = 0; i < SND_COUNT(files) && !err; i++) {
        char *path = cmd_path(serve->state, files[i]);
        err = make_over(path, user, 0600);
        x_free(&path);
    }
    return err ? cmd_fail("%s could not be handed to %s.", serve->state, LEDGER_USER) : 0;
}

static int listen_on(struct serve *serve)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE},
                    *found = NULL;
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char port[8];
    int one = 1, fd = -1;
    (void)str_format(port, sizeof port, "%d", (int)serve->conf.port);
    if (getaddrinfo(serve->conf.listen, port, &hints, &found))
        return cmd_fail("`listen = %s` in sanad.conf is not an address.", serve->conf.listen);
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int bad = fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
              bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, BACKLOG) ||
              getsockname(fd, (struct sockaddr *)&bound, &size);
    freeaddrinfo(found);
    if (bad) {
        int why = errno;
        proc_close(&fd);
        return cmd_fail("Port %s of %s could not be opened: %s.", port, serve->conf.listen,
                        strerror(why));
    }
    serve->port =
        ntohs(bound.ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)&bound)->sin6_port
                                          : ((const struct sockaddr_in *)&bound)->sin_port);
    serve->listener = fd;
    return 0;
}

/* One server an office: the lock on the pid file is the server's alone, children give it up. */
static int take_lock(struct serve *serve)
{
    serve->lock = open(serve->pid_file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (serve->lock < 0)
        return cmd_fail("%s can't be written.", serve->pid_file);
    if (flock(serve->lock, LOCK_EX | LOCK_NB))
        return cmd_fail("The office in %s is running already.", serve->state);
    return 0;
}

static int write_pid(const struct serve *serve)
{
    char text[16];
    (void)str_format(text, sizeof text, "%d\n", (int)getpid());
    int err = ftruncate(serve->lock, 0) ? SND_E_IO : 0;
    return err ? err : proc_write_all(serve->lock, text, strlen(text));
}

/* ---- its two parts ---- */

/* In a child: what only the parent may hold. */
static void let_go_of_ours(struct serve *serve)
{
    umask(077);
    proc_close(&serve->lock);
    proc_close(&serve->told);
}

SND_NORETURN static void be_ledger(struct serve *serve, int ready)
{
    struct ledger_args args = {.db = serve->db,
                               .socket = serve->socket,
                               .readers = READERS,
                               .hashers = HASHERS,
                               .weak = serve->weak,
                               .ready = ready,
                               .desk_uid = serve->desk_uid};
    let_go_of_ours(serve);
    proc_close(&serve->listener);
    if (serve->as_root && proc_become(LEDGER_USER)) {
        log_error("serve.become", "user=%s", LEDGER_USER);
        _exit(1);
    }
    _exit(ledger_run(&args) ? 1 : 0);
}

SND_NORETURN static void be_seedbed(struct serve *serve, int ready)
{
    struct seedbed_args args = {.conf = &serve->conf,
                                .listener = serve->listener,
                                .host_key = serve->host_key,
                                .ledger = serve->socket,
                                .door_user = serve->as_root ? DOOR_USER : NULL,
                                .desk_user = serve->as_root ? DESK_USER : NULL,
                                .ready = ready,
                                .weak = serve->weak};
    let_go_of_ours(serve);
    seedbed_run(&args);
}

/* Forks one part; *ready, unless NULL, gets a descriptor that one byte comes from, or its end. */
static int start_part(struct serve *serve, struct part *part,
                      SND_NORETURN void (*be)(struct serve *serve, int ready), int *ready)
{
    int pipe_ends[2] = {-1, -1};
    if (ready && pipe2(pipe_ends, O_CLOEXEC))
        return SND_E_SYS;
    part->since = clock_mono_ms();
    part->pid = proc_fork(part->name, 1);
    if (part->pid == 0) {
        proc_close(&pipe_ends[0]);
        be(serve, pipe_ends[1]);
    }
    proc_close(&pipe_ends[1]);
    if (part->pid < 0) {
        proc_close(&pipe_ends[0]);
        return SND_E_SYS;
    }
    if (ready)
        *ready = pipe_ends[0];
    return 0;
}

static int await_ready(int *ready, int64_t deadline)
{
    struct pollfd polled = {.fd = *ready, .events = POLLIN};
    int64_t left = deadline - clock_mono_ms();
    char byte;
    int err = SND_E_TIMEOUT;
    while (left > 0 && !stopping) {
        int n = poll(&polled, 1, (int)left);
        if (n > 0) {
            err = read(*ready, &byte, 1) == 1 ? 0 : SND_E_LOST;
            break;
        }
        left = deadline - clock_mono_ms();
    }
    proc_close(ready);
    return err;
}

static int start_both(struct serve *serve)
{
    int ledger = -1, seedbed = -1;
    int64_t deadline = clock_mono_ms() + START_MS;
    int err = start_part(serve, &serve->ledger, be_ledger, &ledger);
    if (!err)
        err = start_part(serve, &serve->seedbed, be_seedbed, &seedbed);
    if (!err)
        err = await_ready(&ledger, deadline);
    if (!err)
        err = await_ready(&seedbed, deadline);
    proc_close(&ledger);
    proc_close(&seedbed);
    return err;
}

static void say_ready(struct serve *serve)
{
    char line[LINE];
    (void)str_format(line, sizeof line, "ready %s:%d\n", serve->conf.listen, serve->port);
    if (proc_write_all(serve->told, line, strlen(line)))
        log_warn("serve.ready", "told=%s", "nobody");
    if (serve->background)
        proc_close(&serve->told);
    log_info("serve.ready", "port=%d", serve->port);
}

/* ---- running ---- */

static void remember_group(struct serve *serve, pid_t group)
{
    if (serve->groups == GROUPS) {
        kill(-serve->group[0], SIGTERM);
        serve->groups--;
        memmove(serve->group, serve->group + 1, serve->groups * sizeof *serve->group);
    }
    serve->group[serve->groups++] = group;
}

static void reap(struct serve *serve)
{
    int status;
    pid_t gone;
    while ((gone = waitpid(-1, &status, WNOHANG)) > 0) {
        struct part *part = gone == serve->ledger.pid    ? &serve->ledger
                            : gone == serve->seedbed.pid ? &serve->seedbed
                                                         : NULL;
        if (!part)
            continue; /* a session of a seedbed that is no more */
        if (!stopping)
            log_error("serve.lost", "process=%s status=%d", part->name, status);
        if (part == &serve->seedbed)
            remember_group(serve, gone);
        part->pid = -1;
    }
}

/* Starts a part that has died, not more often than every AGAIN_MS. Returns how long to wait. */
static int64_t restart(struct serve *serve, struct part *part,
                       SND_NORETURN void (*be)(struct serve *serve, int ready))
{
    if (part->pid > 0)
        return -1;
    int64_t wait = part->since + AGAIN_MS - clock_mono_ms();
    if (wait > 0)
        return wait;
    return start_part(serve, part, be, NULL) ? AGAIN_MS : -1;
}

static void doze(int64_t ms, const sigset_t *open)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    if (ppoll(NULL, 0, ms < 0 ? NULL : &time, open) < 0 && errno != EINTR)
        log_error("serve.wait", "errno=%d", errno);
}

static void keep_both(struct serve *serve, const sigset_t *open)
{
    while (!stopping) {
        reap(serve);
        int64_t one = restart(serve, &serve->ledger, be_ledger);
        int64_t two = restart(serve, &serve->seedbed, be_seedbed);
        int64_t wait = one < 0 || (two >= 0 && two < one) ? two : one;
        if (!stopping)
            doze(wait, open);
    }
}

/* ---- the end ---- */

/* Waits until no group of sessions is left, or the deadline. */
static void await_sessions(struct serve *serve, const sigset_t *open)
{
    int64_t deadline = clock_mono_ms() + GOODBYE_MS;
    for (;;) {
        reap(serve);
        size_t alive = 0;
        for (size_t i = 0; i < serve->groups; i++)
            alive += kill(-serve->group[i], 0) == 0;
        if ((serve->seedbed.pid < 0 && alive == 0) || clock_mono_ms() >= deadline)
            return;
        doze(20, open);
    }
}

static void end_sessions(struct serve *serve, const sigset_t *open)
{
    if (serve->seedbed.pid > 0)
        kill(-serve->seedbed.pid, SIGTERM);
    for (size_t i = 0; i < serve->groups; i++)
        kill(-serve->group[i], SIGTERM);
    await_sessions(serve, open);
    if (serve->seedbed.pid > 0)
        kill(-serve->seedbed.pid, SIGKILL);
    for (size_t i = 0; i < serve->groups; i++)
        kill(-serve->group[i], SIGKILL);
}

static void end_ledger(struct serve *serve, const sigset_t *open)
{
    int64_t deadline = clock_mono_ms() + COMMIT_MS;
    if (serve->ledger.pid > 0)
        kill(serve->ledger.pid, SIGTERM);
    for (reap(serve); serve->ledger.pid > 0 && clock_mono_ms() < deadline; reap(serve))
        doze(20, open);
    if (serve->ledger.pid > 0)
        kill(serve->ledger.pid, SIGKILL);
}

static int prepare(sigset_t *open)
{
    struct sigaction action = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigset_t ours;
    sigemptyset(open);
    sigemptyset(&ours);
    sigaddset(&ours, SIGCHLD);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) || sigaction(SIGTERM, &action, NULL) ||
        sigaction(SIGINT, &action, NULL) || sigaction(SIGCHLD, &action, NULL) ||
        sigaction(SIGPIPE, &ignore, NULL) || sigaction(SIGHUP, &ignore, NULL) ||
        sigprocmask(SIG_BLOCK, &ours, NULL))
        return SND_E_SYS;
    return 0;
}

/* From the ready line to the end. The exit status. */
static int run(struct serve *serve)
{
    sigset_t open;
    int err = prepare(&open);
    if (!err)
        err = write_pid(serve);
    if (!err)
        err = start_both(serve);
    if (!err) {
        say_ready(serve);
        keep_both(serve, &open);
    } else if (!stopping) {
        log_error("serve.start", "err=%s", err_text(err));
    }
    stopping = 1;
    end_sessions(serve, &open);
    end_ledger(serve, &open);
    unlink(serve->pid_file);
    log_info("serve.ended", "status=%d", err ? 1 : 0);
    return err ? 1 : 0;
}

/* In the background: this process waits for the ready line, the child serves. */
static int run_behind(struct serve *serve)
{
    char line[LINE] = "";
    int pipe_ends[2];
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    int log = open(serve->log_file, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (nothing < 0 || log < 0 || pipe2(pipe_ends, O_CLOEXEC))
        return cmd_fail("%s can't be written.", serve->log_file);
    pid_t child = fork();
    if (child < 0)
        return cmd_fail("The server could not be started.");
    if (child == 0) {
        if (setsid() < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(nothing, STDOUT_FILENO) < 0 ||
            dup2(log, STDERR_FILENO) < 0)
            _exit(1);
        proc_close(&pipe_ends[0]);
        serve->told = pipe_ends[1];
        _exit(run(serve));
    }
    proc_close(&pipe_ends[1]);
    proc_close(&serve->lock);
    ssize_t got = read(pipe_ends[0], line, sizeof line - 1);
    if (got <= 0)
        return cmd_fail("The office did not start; %s says why.", serve->log_file);
    fputs(line, stdout);
    return 0;
}

static int serve_office(struct serve *serve, const char *port)
{
    if (access(serve->db, F_OK) != 0)
        return cmd_fail("There is no office in %s; sanad init makes one.", serve->state);
    int bad = read_conf(serve, port);
    if (!bad)
        bad = hand_over(serve);
    if (!bad)
        bad = take_lock(serve);
    if (!bad && gate_make_key(serve->host_key))
        bad = cmd_fail("%s can't be written.", serve->host_key);
    if (!bad)
        bad = listen_on(serve);
    if (bad)
        return bad;
    return serve->background ? run_behind(serve) : run(serve);
}

int cmd_serve(int argc, char **argv)
{
    struct serve serve = {.state = cmd_state(&argc, argv),
                          .ledger = {"sanad-ledger", -1, 0},
                          .seedbed = {"sanad-seedbed", -1, 0},
                          .desk_uid = -1,
                          .listener = -1,
                          .lock = -1,
                          .told = STDOUT_FILENO};
    const char *port = cmd_option(&argc, argv, "port");
    serve.background = cmd_flag(&argc, argv, "background");
    if (argc != 1)
        return cmd_usage("serve");
    log_open("serve", LOG_LEVEL_INFO);
    name_files(&serve);
    int status = serve_office(&serve, port);
    proc_close(&serve.listener);
    proc_close(&serve.lock);
    conf_free(&serve.conf);
    x_free(&serve.db);
    x_free(&serve.socket);
    x_free(&serve.host_key);
    x_free(&serve.pid_file);
    x_free(&serve.log_file);
    return status;
}
