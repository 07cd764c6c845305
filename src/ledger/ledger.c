/* SPDX-License-Identifier: Apache-2.0
 * The ledger's process: opens the book, then one loop. In a round it takes what the clients sent,
 * writes all of it in one batch, commits, answers, and hands the reads to the readers; so a read
 * sees every write that its client sent before. It stops when told to, and when the disk fails:
 * then it accepts nothing more, since what was not written must not be answered. */
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "base/vault.h"
#include "ledger/server_priv.h"

#define EVENTS 256
#define GROW_MS 10 /* a batch takes in more for so long */
#define MACHINES_MS 10

static volatile sig_atomic_t told_to_stop;

static void on_stop(int number)
{
    told_to_stop = number;
}

int32_t ledger_day(const struct ledger *ledger)
{
    return ledger->fixed_day != INT32_MIN ? ledger->fixed_day : clock_oman_day(clock_utc_ms());
}

/* A practice office may be given a business day; everywhere else the day is the real one. */
static void find_day(struct ledger *ledger)
{
    const char *said = getenv("SANAD_TODAY");
    ledger->fixed_day = INT32_MIN;
    if (!said || !*said)
        return;
    int32_t day;
    if (ledger->office.practice && clock_day_parse(said, &day) == 0)
        ledger->fixed_day = day;
    else
        log_warn("ledger.today_ignored", "practice=%d", ledger->office.practice);
}

static void name_shell(char out[48], uid_t uid)
{
    const struct passwd *user = getpwuid(uid);
    if (user)
        (void)str_format(out, 48, "cli:%s", user->pw_name);
    else
        (void)str_format(out, 48, "cli:%ld", (long)uid);
}

static int find_users(struct ledger *ledger)
{
    struct stat st;
    char *folder = folder_of(ledger->args->socket);
    int failed = stat(folder, &st);
    x_free(&folder);
    if (failed)
        return err_from_errno(errno);
    ledger->own_uid = geteuid();
    ledger->folder_uid = st.st_uid;
    name_shell(ledger->shell_name[0], 0);
    name_shell(ledger->shell_name[1], ledger->own_uid);
    name_shell(ledger->shell_name[2], ledger->folder_uid);
    return 0;
}

/* A stop is only heard while the loop waits, so a round is never cut short. */
static void hear_signals(sigset_t *while_waiting)
{
    struct sigaction stop = {.sa_handler = on_stop};
    sigset_t stops;
    told_to_stop = 0;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    sigprocmask(SIG_BLOCK, &stops, while_waiting);
    sigdelset(while_waiting, SIGTERM);
    sigdelset(while_waiting, SIGINT);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void raise_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int close_doors(const struct ledger *ledger)
{
    char *data = folder_of(ledger->args->db), *run = folder_of(ledger->args->socket);
    const struct sandbox_path paths[] = {{.path = data, .write = 1},
                                         {.path = run, .write = 1},
                                         {.path = ledger->args->keyring, .write = 0},
                                         {.path = NULL}};
    int err = sandbox_enter(SANDBOX_LEDGER, paths, ledger->args->weak);
    x_free(&data);
    x_free(&run);
    return err;
}

static int listen_for_clients(struct ledger *ledger)
{
    int others = ledger->args->desk_uid >= 0 && (uid_t)ledger->args->desk_uid != ledger->own_uid;
    int err = proc_listen_packets(ledger->args->socket, others ? 0666 : 0660, &ledger->listener);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &ledger->listen_source};
    ledger->listen_source = SOURCE_LISTEN;
    proc_spare(&ledger->spare);
    if (!err && epoll_ctl(ledger->poller, EPOLL_CTL_ADD, ledger->listener, &event))
        err = SND_E_SYS;
    return err;
}

/* What waits for us learns that we are not stuck; the log has each version once. */
static void say_forward(void *arg, int64_t version, int64_t newest)
{
    struct ledger *ledger = arg;
    const char byte = LEDGER_FORWARD;
    if (version != ledger->forward)
        log_info("ledger.forward", "version=%" PRId64 " newest=%" PRId64, version, newest);
    ledger->forward = version;
    if (ledger->args->ready >= 0 && proc_write_all(ledger->args->ready, &byte, 1))
        log_warn("ledger.forward", "told=%s", "nobody");
}

static int open_store(struct ledger *ledger)
{
    store_tell_forward(say_forward, ledger);
    int err = store_open(ledger->args->db, STORE_WRITE, ledger->vault, &ledger->store);
    store_tell_forward(NULL, NULL);
    return err;
}

static int ledger_open(struct ledger *ledger)
{
    raise_files();
    int err = spawn_start(ledger->args, &ledger->spawner); /* before any store is opened */
    if (!err)
        err = find_users(ledger);
    if (!err)
        err = vault_load(ledger->args->keyring, &ledger->vault);
    if (err && !ledger->vault)
        log_error("ledger.keyring", "path=%s error=%s", ledger->args->keyring, err_text(err));
    if (!err)
        err = open_store(ledger);
    if (!err)
        err = store_office_get(ledger->store, &ledger->office);
    if (!err)
        err = tries_load(ledger->tries, ledger->store);
    if (err)
        return err;
    find_day(ledger);
    ledger->poller = epoll_create1(EPOLL_CLOEXEC);
    if (ledger->args->copiers)
        store_log_leave(ledger->store);
    err = ledger->poller < 0 ? SND_E_SYS : pool_open(ledger);
    if (!err)
        err = listen_for_clients(ledger);
    return err ? err : close_doors(ledger);
}

static void handle(struct ledger *ledger, const struct epoll_event *event)
{
    switch (*(const enum source *)event->data.ptr) {
    case SOURCE_LISTEN:
        conn_accept_all(ledger);
        break;
    case SOURCE_CONN:
        conn_event(ledger, event->data.ptr, event->events);
        break;
    case SOURCE_WORKER:
        pool_event(ledger, event->data.ptr);
        break;
    }
}

static int of_machine(const struct epoll_event *event)
{
    const enum source *source = event->data.ptr;
    return *source == SOURCE_CONN && who_is_machine(&((const struct conn *)event->data.ptr)->who);
}

/* People first. When a round has taken MACHINES_MS only one machine more gets its turn in it, since
 * all that people ask meanwhile waits for its end; the poller tells of the others again. */
static void handle_all(struct ledger *ledger, const struct epoll_event *event, int count)
{
    for (int i = 0; i < count; i++)
        if (!of_machine(&event[i]))
            handle(ledger, &event[i]);
    for (int i = 0, late = 0; i < count && !late; i++) {
        if (!of_machine(&event[i]))
            continue;
        handle(ledger, &event[i]);
        late = clock_mono_ms() - ledger->round >= MACHINES_MS;
    }
}

#define SWEEP_MS 60000
#define DAY_MS (24LL * 3600 * 1000)

/* Lets go of documents that nothing needs any more; between two batches. */
static void sweep_documents(struct ledger *ledger)
{
    int64_t now = clock_mono_ms();
    int more = 0, days = ledger->args->inbox_days > 0 ? ledger->args->inbox_days : 14;
    if ((ledger->swept != 0 && now - ledger->swept < SWEEP_MS) || batch_patience(ledger) != 0)
        return;
    int err = store_blob_sweep(ledger->store, clock_utc_ms() - days * DAY_MS, &more);
    if (err)
        log_error("ledger.store", "operation=%s error=%s", "documents.sweep", err_text(err));
    ledger->swept = more ? 0 : now;
}

/* Waits for something to do, and takes it in, with those who join the batch meanwhile. */
static void take_in(struct ledger *ledger, const sigset_t *while_waiting)
{
    struct epoll_event events[EVENTS];
    int puts = batch_patience(ledger), wait = puts ? puts : pool_wait_ms(ledger), count;
    int64_t until = 0;
    do {
        count = epoll_pwait(ledger->poller, events, EVENTS, wait, while_waiting);
        if (until == 0)
            until = (ledger->round = clock_mono_ms()) + GROW_MS;
        handle_all(ledger, events, count);
        wait = batch_late_ms(ledger);
    } while (count > 0 && batch_grows(ledger) && clock_mono_ms() < until);
}

static void ledger_loop(struct ledger *ledger, const sigset_t *while_waiting)
{
    while (!told_to_stop && !ledger->fatal) {
        take_in(ledger, while_waiting);
        conn_listen_again(ledger);
        ballast_tend(ledger);
        session_sweep(ledger);
        if (batch_patience(ledger) == 0)
            batch_commit(ledger);
        sweep_documents(ledger);
        pool_dispatch(ledger);
        conn_reap(ledger);
    }
    batch_commit(ledger);
}

static void ledger_close(struct ledger *ledger)
{
    if (ledger->listener >= 0)
        (void)unlink(ledger->args->socket);
    proc_close(&ledger->listener);
    proc_close(&ledger->spare);
    conn_close_all(ledger);
    pool_close(ledger);
    proc_close(&ledger->poller);
    documents_free(&ledger->documents);
    store_close(&ledger->store);
    vault_free(&ledger->vault);
    sessions_free(&ledger->sessions);
    batch_free(&ledger->batch);
    ballast_free(&ledger->ballast);
    tries_free(&ledger->tries);
    feeds_free(&ledger->feeds);
    formcache_free(&ledger->forms);
}

#define MIB (1024LL * 1024)

static int64_t document_mib(const struct ledger_args *args)
{
    return args->document_mib > 0 ? args->document_mib : 20;
}

int ledger_run(const struct ledger_args *args)
{
    sigset_t while_waiting;
    struct ledger *ledger = x_alloc(sizeof *ledger);
    ledger->args = args;
    ledger->poller = ledger->listener = ledger->spawner = ledger->spare = -1;
    ledger->forms = formcache_new();
    ledger->tries = tries_new();
    ledger->feeds = feeds_new();
    ledger->sessions = sessions_new();
    ledger->batch = batch_new();
    ledger->ballast = ballast_new(args);
    ledger->documents.most = document_mib(args) * MIB;
    ledger->documents.inbox_most = (args->inbox_mib > 0 ? args->inbox_mib : 2048) * MIB;
    log_open("ledger", LOG_LEVEL_INFO);
    proc_short_turns(); /* everybody waits for it */
    hear_signals(&while_waiting);
    const char ready = LEDGER_READY;
    int err = ledger_open(ledger);
    if (!err && args->ready >= 0)
        err = proc_write_all(args->ready, &ready, 1);
    if (!err) {
        log_info("ledger.ready", "readers=%d hashers=%d", args->readers, args->hashers);
        ledger_loop(ledger, &while_waiting);
        err = ledger->fatal;
    }
    if (err)
        log_error("ledger.stopped", "error=%s", err_text(err));
    ledger_close(ledger);
    x_free(&ledger);
    return err;
}
