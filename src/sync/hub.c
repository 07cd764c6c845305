/* SPDX-License-Identifier: Apache-2.0
 * The hub's web server as a process: it takes what it was handed (listeners, certificates), gives
 * up its user and enters its sandbox, and only then makes threads and speaks to anybody. Its first
 * thread looks after slow connections and those who wait. It opens no file and calls nobody but the
 * ledger. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "book/feed.h"
#include "sync/hub_priv.h"

#define LOOK_MS 250 /* how often somebody who waits is looked for */
#define TIDY_MS 1000

static volatile sig_atomic_t stopping;

static void on_terminate(int number SND_UNUSED)
{
    stopping = 1;
}

/* Signals come to this thread alone, while it waits. */
static int prepare(const struct hub_args *args, sigset_t *open)
{
    struct sigaction action = {.sa_handler = on_terminate};
    struct rlimit limit;
    sigset_t ours;
    sigemptyset(open);
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    if (sigaction(SIGTERM, &action, NULL) || sigprocmask(SIG_BLOCK, &ours, NULL) ||
        getrlimit(RLIMIT_NOFILE, &limit))
        return SND_E_SYS;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit))
        return SND_E_SYS;
    proc_give_way();
    int err = args->user ? proc_become(args->user) : 0;
    return err ? err : sandbox_enter(SANDBOX_HUB, NULL, args->weak);
}

static void doze(int64_t ms, const sigset_t *open)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    if (ppoll(NULL, 0, &time, open) < 0 && errno != EINTR)
        log_error("hub.wait", "errno=%d", errno);
}

struct book *hub_book(const struct hub_args *args)
{
    struct book *book = NULL;
    struct book_me me;
    sigset_t none;
    sigemptyset(&none);
    int err = book_open(args->ledger, &book);
    while (!err && !stopping) {
        err = book_auth_part(book, "hub", &me);
        if (!err)
            return book;
        if (err != SND_E_LOST && err != SND_E_BUSY)
            break;
        doze(LOOK_MS, &none); /* the ledger begins beside us */
        err = 0;
    }
    book_close(&book);
    return NULL;
}

static int know_self(struct hub *hub, struct book *book)
{
    struct book_feed_head head;
    int err = book ? book_feed_head(book, NULL, &head) : SND_E_LOST;
    if (!err)
        hub->id = head.node;
    return err;
}

/* What the first thread does besides. */
static void watch(struct book *book, const sigset_t *open)
{
    int64_t tidied = 0;
    while (!stopping) {
        int64_t now = clock_mono_ms();
        if (now - tidied >= TIDY_MS) {
            server_tidy();
            tidied = now;
        }
        wait_watch(book);
        if (!stopping)
            doze(LOOK_MS, open);
    }
}

int hub_run(const struct hub_args *args)
{
    struct hub hub = {.args = args, .started = clock_utc_ms()};
    sigset_t open;
    log_open("hub", LOG_LEVEL_INFO);
    int err = prepare(args, &open);
    struct book *book = err ? NULL : hub_book(args);
    hub.pages = pages_new();
    if (!err)
        err = know_self(&hub, book);
    if (!err)
        err = server_start(&hub);
    if (!err) {
        log_info("hub.ready", "line=%d pages=%d proxy=%d", args->line >= 0, args->pages >= 0,
                 args->proxy[0] != '\0');
        if (args->ready >= 0 && proc_write_all(args->ready, "", 1))
            log_warn("hub.ready", "told=%s", "nobody");
    }
    if (!err)
        watch(book, &open);
    server_stop();
    pages_free(&hub.pages);
    book_close(&book);
    if (err && !stopping)
        log_error("hub.ended", "err=%s", err_text(err));
    return err;
}
