/* SPDX-License-Identifier: Apache-2.0
 * sanad serve: runs the office. It starts the ledger and the seedbed (the parent of gate and
 * nursery), and where the configuration asks for them the hub's web server and the line to a hub,
 * side by side; says "ready" when they are, restarts whichever dies and ends all in order: first
 * the sessions, which still have something to save, and the line, then the ledger. It never touches
 * the database, a connection or a screen.
 *
 * Started by root it makes over the state folder to the service users and every process becomes its
 * own; serve and the seedbed stay root to be able to start the next ones. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmd/cmd.h"
#include "cmd/import.h"
#include "cmd/network.h"
#include "cmd/logfile.h"
#include "cmd/notify.h"
#include "cmd/office.h"
#include "cmd/seedbed.h"
#include "ledger/ledger.h"

#define READERS 2
#define HASHERS 4
#define START_MS 60000 /* for ledger and gate to be ready */
#define FORWARD "EXTEND_TIMEOUT_USEC=60000000\nSTATUS=The book of an older sanad comes forward."
#define GOODBYE_MS 4000 /* for the sessions to end; then they are ended */
#define LINE_MS 4000    /* for what speaks over the network to end */
#define COMMIT_MS 20000 /* for the ledger to end */
#define AGAIN_MS 1000   /* between two starts of the same process */
#define GROUPS 16       /* seedbeds of this run whose sessions may still live */
#define LINE 128

enum { LEDGER, SEEDBED, HUB, SYNC, COURIER, PARTS };
struct part {
    int wanted;
    pid_t pid; /* -1 = not running */
    int64_t since;
};
struct serve {
    struct office office;
    struct network network;
    int background;
    int told; /* where the ready line goes */
    struct part part[PARTS];
    pid_t group[GROUPS]; /* process groups of former seedbeds */
    size_t groups;
};

static volatile sig_atomic_t stopping, told_again;

static void on_signal(int number)
{
    if (number == SIGTERM || number == SIGINT)
        stopping = 1;
    if (number == SIGHUP)
        told_again = 1;
}

/* ---- its parts ---- */

/* In a child: what only the parent may hold. */
static void let_go_of_ours(struct serve *serve)
{
    umask(077);
    proc_close(&serve->office.lock);
    proc_close(&serve->told);
}

static void let_go_of_listeners(struct serve *serve)
{
    proc_close(&serve->office.listener);
    network_close(&serve->network);
}

SND_NORETURN static void be_ledger(struct serve *serve, int ready)
{
    struct ledger_args args = {.db = serve->office.db,
                               .keyring = serve->office.keyring,
                               .socket = serve->office.socket,
                               .ballast_mib = (int)serve->office.conf.ballast_mib,
                               .document_mib = (int)serve->office.conf.document_mib,
                               .inbox_mib = (int)serve->office.conf.inbox_mib,
                               .inbox_days = (int)serve->office.conf.inbox_days,
                               .silent_minutes = (int)serve->office.conf.hub_silent,
                               .readers = READERS,
                               .hashers = HASHERS,
                               .copiers = 1,
                               .weak = serve->office.weak,
                               .ready = ready,
                               .desk_uid = serve->office.desk_uid,
                               .sync_uid = serve->office.sync_uid,
                               .hub_uid = serve->office.hub_uid,
                               .courier_uid = serve->office.courier_uid};
    let_go_of_ours(serve);
    let_go_of_listeners(serve);
    if (serve->office.as_root && proc_become(OFFICE_LEDGER_USER)) {
        log_error("serve.become", "user=%s", OFFICE_LEDGER_USER);
        _exit(1);
    }
    _exit(ledger_run(&args) ? 1 : 0);
}

SND_NORETURN static void be_seedbed(struct serve *serve, int ready)
{
    struct seedbed_args args = {.conf = &serve->office.conf,
                                .listener = serve->office.listener,
                                .host_key = serve->office.host_key,
                                .ledger = serve->office.socket,
                                .door_user = serve->office.as_root ? OFFICE_DOOR_USER : NULL,
                                .desk_user = serve->office.as_root ? OFFICE_DESK_USER : NULL,
                                .ready = ready,
                                .weak = serve->office.weak};
    let_go_of_ours(serve);
    network_close(&serve->network);
    seedbed_run(&args);
}

SND_NORETURN static void be_hub(struct serve *serve, int ready)
{
    let_go_of_ours(serve);
    proc_close(&serve->office.listener);
    network_become("hub", &serve->network, serve->office.state, ready);
}

SND_NORETURN static void be_sync(struct serve *serve, int ready)
{
    let_go_of_ours(serve);
    let_go_of_listeners(serve);
    network_become("sync", &serve->network, serve->office.state, ready);
}

SND_NORETURN static void be_courier(struct serve *serve, int ready)
{
    let_go_of_ours(serve);
    let_go_of_listeners(serve);
    network_become("courier", &serve->network, serve->office.state, ready);
}

/* In the order in which they are started; who has to be there before anybody may come. */
static const struct {
    const char *name; /* as ps shows it */
    SND_NORETURN void (*be)(struct serve *serve, int ready);
    int awaited;
} parts[PARTS] = {
    [LEDGER] = {"sanad-ledger", be_ledger, 1},
    [SEEDBED] = {"sanad-seedbed", be_seedbed, 1},
    [HUB] = {"sanad-hub", be_hub, 1},
    [SYNC] = {"sanad-sync", be_sync, 0},
    [COURIER] = {"sanad-courier", be_courier, 0},
};

/* Forks one part; *ready, unless NULL, gets a descriptor that one byte comes from, or its end. */
static int start_part(struct serve *serve, int which, int *ready)
{
    struct part *part = &serve->part[which];
    int pipe_ends[2] = {-1, -1};
    if (ready && pipe2(pipe_ends, O_CLOEXEC))
        return SND_E_SYS;
    part->since = clock_mono_ms();
    part->pid = proc_fork(parts[which].name, 1);
    if (part->pid == 0) {
        proc_close(&pipe_ends[0]);
        parts[which].be(serve, pipe_ends[1]);
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

/* A ledger that brings an older book forward says so again and again, and has its time. */
static int await_ready(int *ready)
{
    struct pollfd polled = {.fd = *ready, .events = POLLIN};
    int64_t left = START_MS, deadline = clock_mono_ms() + left;
    char byte;
    int err = SND_E_TIMEOUT;
    while (err == SND_E_TIMEOUT && left > 0 && !stopping) {
        int n = poll(&polled, 1, (int)left);
        if (n > 0 && read(*ready, &byte, 1) != 1)
            err = SND_E_LOST;
        else if (n > 0 && byte != LEDGER_FORWARD)
            err = 0;
        else if (n > 0) {
            deadline = clock_mono_ms() + START_MS;
            notify_manager(FORWARD);
        }
        left = deadline - clock_mono_ms();
    }
    proc_close(ready);
    return err;
}

/* Nobody else begins before the ledger is there: a book that comes forward can take minutes. */
static int start_all(struct serve *serve)
{
    int ready[PARTS], err = 0;
    for (int i = 0; i < PARTS; i++) {
        ready[i] = -1;
        if (serve->part[i].wanted && !err)
            err = start_part(serve, i, parts[i].awaited ? &ready[i] : NULL);
        if (i == LEDGER && !err)
            err = await_ready(&ready[i]);
    }
    for (int i = 0; i < PARTS; i++) {
        if (ready[i] >= 0 && !err)
            err = await_ready(&ready[i]);
        proc_close(&ready[i]);
    }
    return err;
}

static void say_ready(struct serve *serve)
{
    char line[LINE];
    (void)str_format(line, sizeof line, "ready %s:%d\n", serve->office.conf.listen,
                     serve->office.port);
    if (proc_write_all(serve->told, line, strlen(line)))
        log_warn("serve.ready", "told=%s", "nobody");
    if (serve->background)
        proc_close(&serve->told);
    notify_manager("READY=1");
    log_info("serve.ready", "port=%d", serve->office.port);
}

/* An office that was made by an older program has no register of what came since. A joined centre
 * has its hub's. Nobody waits for it. */
static void complete_register(struct serve *serve)
{
    struct book *book = NULL;
    struct book_me me;
    size_t entries = 0;
    if (serve->network.centre || proc_fork("sanad-register", 1) != 0)
        return;
    let_go_of_ours(serve);
    let_go_of_listeners(serve);
    int err = serve->office.as_root ? proc_become(OFFICE_LEDGER_USER) : 0;
    if (!err)
        err = book_open(serve->office.socket, &book);
    if (!err)
        err = book_auth_cli(book, &me);
    if (!err)
        err = import_missing_register(book, &entries);
    if (err || entries > 0)
        log_info("serve.register", "entries=%zu err=%s", entries, err_text(err));
    book_close(&book);
    _exit(err ? 1 : 0);
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
        int which = 0;
        while (which < PARTS && serve->part[which].pid != gone)
            which++;
        if (which == PARTS)
            continue; /* a session of a seedbed that is no more */
        if (!stopping)
            log_error("serve.lost", "process=%s status=%d", parts[which].name, status);
        if (which == SEEDBED)
            remember_group(serve, gone);
        serve->part[which].pid = -1;
    }
}

/* Starts a part that has died, not more often than every AGAIN_MS. Returns how long to wait. */
static int64_t restart(struct serve *serve, int which)
{
    struct part *part = &serve->part[which];
    if (part->pid > 0 || !part->wanted)
        return -1;
    int64_t wait = part->since + AGAIN_MS - clock_mono_ms();
    if (wait > 0)
        return wait;
    return start_part(serve, which, NULL) ? AGAIN_MS : -1;
}

/* Which parts are to run. */
static void want(struct serve *serve)
{
    serve->part[HUB].wanted = serve->network.hub >= 0 || serve->network.pages >= 0;
    serve->part[SYNC].wanted = serve->network.centre;
    serve->part[COURIER].wanted = serve->network.courier;
}

/* The office has joined a hub, or became one: what speaks over the network begins anew, by what the
 * configuration says now. Nobody's session notices. */
static void look_again(struct serve *serve)
{
    struct office now;
    told_again = 0;
    if (office_read(&now, serve->office.state, NULL) == 0 &&
        network_open(&serve->network, &now) == 0) {
        want(serve);
        for (int i = HUB; i < PARTS; i++)
            if (serve->part[i].pid > 0)
                kill(serve->part[i].pid, SIGTERM);
        log_info("serve.again", "hub=%d sync=%d courier=%d", serve->part[HUB].wanted,
                 serve->part[SYNC].wanted, serve->part[COURIER].wanted);
    } else {
        log_error("serve.again", "changed=%s", "nothing");
    }
    office_close(&now);
}

static void doze(int64_t ms, const sigset_t *open)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    if (ppoll(NULL, 0, ms < 0 ? NULL : &time, open) < 0 && errno != EINTR)
        log_error("serve.wait", "errno=%d", errno);
}

static void keep_all(struct serve *serve, const sigset_t *open)
{
    while (!stopping) {
        int64_t wait = -1;
        reap(serve);
        if (told_again)
            look_again(serve);
        for (int i = 0; i < PARTS; i++) {
            int64_t ms = restart(serve, i);
            if (ms >= 0 && (wait < 0 || ms < wait))
                wait = ms;
        }
        if (serve->background && (wait < 0 || wait > LOGFILE_TEND_MS))
            wait = LOGFILE_TEND_MS;
        if (!stopping)
            doze(wait, open);
        if (serve->background)
            logfile_tend(serve->office.log_file);
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
        if ((serve->part[SEEDBED].pid < 0 && alive == 0) || clock_mono_ms() >= deadline)
            return;
        doze(20, open);
    }
}

static void end_sessions(struct serve *serve, const sigset_t *open)
{
    if (serve->part[SEEDBED].pid > 0)
        kill(-serve->part[SEEDBED].pid, SIGTERM);
    for (size_t i = 0; i < serve->groups; i++)
        kill(-serve->group[i], SIGTERM);
    await_sessions(serve, open);
    if (serve->part[SEEDBED].pid > 0)
        kill(-serve->part[SEEDBED].pid, SIGKILL);
    for (size_t i = 0; i < serve->groups; i++)
        kill(-serve->group[i], SIGKILL);
}

static void end_part(struct serve *serve, int which, int64_t ms, const sigset_t *open)
{
    const struct part *part = &serve->part[which];
    int64_t deadline = clock_mono_ms() + ms;
    if (part->pid > 0)
        kill(part->pid, SIGTERM);
    for (reap(serve); part->pid > 0 && clock_mono_ms() < deadline; reap(serve))
        doze(20, open);
    if (part->pid > 0)
        kill(part->pid, SIGKILL);
}

static int prepare(sigset_t *open)
{
    struct sigaction action = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigset_t ours;
    sigemptyset(open);
    sigemptyset(&ours);
    sigaddset(&ours, SIGCHLD);
    sigaddset(&ours, SIGHUP);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) || sigaction(SIGTERM, &action, NULL) ||
        sigaction(SIGINT, &action, NULL) || sigaction(SIGCHLD, &action, NULL) ||
        sigaction(SIGPIPE, &ignore, NULL) || sigaction(SIGHUP, &action, NULL) ||
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
        err = office_write_pid(&serve->office);
    if (!err)
        err = start_all(serve);
    if (!err) {
        say_ready(serve);
        complete_register(serve);
        keep_all(serve, &open);
    } else if (!stopping) {
        log_error("serve.start", "err=%s", err_text(err));
    }
    stopping = 1;
    notify_manager("STOPPING=1");
    end_sessions(serve, &open);
    end_part(serve, COURIER, LINE_MS, &open);
    end_part(serve, SYNC, LINE_MS, &open);
    end_part(serve, HUB, LINE_MS, &open);
    end_part(serve, LEDGER, COMMIT_MS, &open);
    unlink(serve->office.pid_file);
    log_info("serve.ended", "status=%d", err ? 1 : 0);
    return err ? 1 : 0;
}

/* In the background: this process waits for the ready line, the child serves. */
static int run_behind(struct serve *serve)
{
    char line[LINE] = "";
    int pipe_ends[2];
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    int log =
        open(serve->office.log_file, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (nothing < 0 || log < 0 || pipe2(pipe_ends, O_CLOEXEC))
        return cmd_fail("%s can't be written.", serve->office.log_file);
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
    proc_close(&serve->office.lock);
    ssize_t got = read(pipe_ends[0], line, sizeof line - 1);
    if (got <= 0)
        return cmd_fail("The office did not start; %s says why.", serve->office.log_file);
    fputs(line, stdout);
    return 0;
}

int cmd_serve(int argc, char **argv)
{
    struct serve serve = {.network = NETWORK_CLOSED, .told = STDOUT_FILENO};
    const char *state = cmd_state(&argc, argv), *port = cmd_option(&argc, argv, "port");
    serve.background = cmd_flag(&argc, argv, "background");
    if (argc != 1)
        return cmd_usage("serve");
    log_open("serve", LOG_LEVEL_INFO);
    int status = office_open(&serve.office, state, port);
    if (!status)
        status = network_open(&serve.network, &serve.office);
    for (int i = 0; i < PARTS; i++)
        serve.part[i] = (struct part){.wanted = i <= SEEDBED, .pid = -1};
    want(&serve);
    if (!status)
        status = serve.background ? run_behind(&serve) : run(&serve);
    network_close(&serve.network);
    office_close(&serve.office);
    return status;
}
