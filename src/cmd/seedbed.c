/* SPDX-License-Identifier: Apache-2.0
 * Gate and nursery are one pair: neither is of use without the other, and each ends when the other
 * has gone, leaving the sessions that are under way alone. The pair is then made anew from the same
 * warmed pages. The seedbed touches no connection itself. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "cmd/nursery.h"
#include "cmd/seedbed.h"
#include "ssh/gate.h"
#include "term/screen.h"
#include "ui/session.h"

#define AGAIN_MS 1000 /* a pair that lived shorter is not made again at once */

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    if (number == SIGTERM)
        stopping = 1;
}

struct pair {
    pid_t gate, nursery;
    int64_t since;
};

/* The forms in force, parsed once for all desks. Without them a desk fetches its own: slower and
 * larger, but nothing is missing. */
static void warm_forms(const char *ledger)
{
    struct book *book = NULL;
    struct book_me me;
    int64_t patience = clock_mono_ms() + BOOK_PATIENCE_MS;
    int err = book_open(ledger, &book);
    if (!err)
        err = book_auth_cli(book, &me);
    while (err == SND_E_LOST && clock_mono_ms() < patience) { /* the ledger begins beside us */
        poll(NULL, 0, 5);
        err = book_auth_cli(book, &me);
    }
    if (!err)
        err = book_forms_share(book);
    if (err)
        log_warn("warm.failed", "part=forms error=%d", err);
    book_close(&book);
}

/* The words and the text library were opened by whoever started us. */
static void warm_up(const struct seedbed_args *args)
{
    session_warm();
    screen_warm();
    sandbox_warm();
    gate_warm(nursery_warm);
    warm_forms(args->ledger);
    mem_settle_heap();
}

SND_NORETURN static void be_nursery(const struct seedbed_args *args, int gate)
{
    struct nursery_args nursery = {.gate = gate,
                                   .ledger = args->ledger,
                                   .terminal = args->conf->terminal,
                                   .user = args->desk_user,
                                   .weak = args->weak};
    int listener = args->listener, ready = args->ready;
    proc_close(&listener);
    proc_close(&ready);
    _exit(nursery_run(&nursery) ? 1 : 0);
}

SND_NORETURN static void be_gate(const struct seedbed_args *args, int nursery)
{
    struct gate_args gate = {.conf = args->conf,
                             .listener = args->listener,
                             .nursery = nursery,
                             .host_key = args->host_key,
                             .user = args->door_user,
                             .ready = args->ready,
                             .weak = args->weak};
    _exit(gate_run(&gate) ? 1 : 0);
}

static int start_pair(const struct seedbed_args *args, struct pair *pair)
{
    int between[2];
    if (proc_pair_packets(between))
        return SND_E_SYS;
    *pair = (struct pair){.gate = -1, .since = clock_mono_ms()};
    pair->nursery = proc_fork("sanad-nursery", 1);
    if (pair->nursery == 0) {
        proc_close(&between[0]);
        be_nursery(args, between[1]);
    }
    proc_close(&between[1]);
    if (pair->nursery > 0)
        pair->gate = proc_fork("sanad-gate", 1);
    if (pair->gate == 0)
        be_gate(args, between[0]);
    proc_close(&between[0]);
    return pair->nursery > 0 && pair->gate > 0 ? 0 : SND_E_SYS;
}

/* Takes in who has died; orphaned doors and desks come here too. */
static void reap(struct pair *pair)
{
    int status;
    pid_t gone;
    while ((gone = waitpid(-1, &status, WNOHANG)) > 0) {
        const char *which = gone == pair->gate ? "gate" : gone == pair->nursery ? "nursery" : NULL;
        if (which && !stopping)
            log_error("seedbed.lost", "process=%s status=%d", which, status);
        if (gone == pair->gate)
            pair->gate = -1;
        if (gone == pair->nursery)
            pair->nursery = -1;
    }
}

/* Waits for a signal, at most ms (-1 = for ever). */
static void doze(int64_t ms, const sigset_t *open)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    if (ppoll(NULL, 0, ms < 0 ? NULL : &time, open) < 0 && errno != EINTR)
        log_error("seedbed.wait", "errno=%d", errno);
}

static void keep_pair(const struct seedbed_args *args, struct pair *pair, const sigset_t *open)
{
    struct seedbed_args quiet = *args;
    quiet.ready = -1; /* told once */
    while (!stopping) {
        reap(pair);
        int64_t wait = -1;
        if (pair->gate < 0 && pair->nursery < 0) {
            wait = pair->since + AGAIN_MS - clock_mono_ms();
            if (wait <= 0) {
                wait = -1;
                if (start_pair(&quiet, pair))
                    wait = AGAIN_MS;
            }
        }
        if (!stopping)
            doze(wait, open);
    }
}

/* Doors and desks got the same signal by their group; they need a moment to say goodbye. */
static void let_go(struct pair *pair)
{
    const pid_t told[] = {pair->gate, pair->nursery};
    for (size_t i = 0; i < SND_COUNT(told); i++)
        if (told[i] > 0)
            kill(told[i], SIGTERM);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        continue;
}

static int prepare(sigset_t *open)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t both;
    sigemptyset(open);
    sigemptyset(&both);
    sigaddset(&both, SIGTERM);
    sigaddset(&both, SIGCHLD);
    if (setpgid(0, 0) || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) ||
        sigaction(SIGTERM, &action, NULL) || sigaction(SIGCHLD, &action, NULL) ||
        sigprocmask(SIG_BLOCK, &both, NULL))
        return SND_E_SYS;
    return 0;
}

void seedbed_run(const struct seedbed_args *args)
{
    struct pair pair;
    sigset_t open;
    log_open("seedbed", LOG_LEVEL_INFO);
    int err = prepare(&open);
    proc_short_turns(); /* a key press before somebody's login, a painting before a report */
    if (!err) {
        warm_up(args);
        err = start_pair(args, &pair);
    }
    if (err) {
        log_error("seedbed.ended", "err=%s", err_text(err));
        _exit(1);
    }
    int ready = args->ready;
    proc_close(&ready); /* the gate's copy tells */
    keep_pair(args, &pair, &open);
    let_go(&pair);
    _exit(0);
}
