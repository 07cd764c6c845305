/* SPDX-License-Identifier: Apache-2.0
 * A centre's line to its hub, as a process. It has one request under way at a time, and besides it
 * one on which it waits for news. What it knows is in the ledger: how far the hub has us, how far
 * we have the hub; so it may be killed at any moment and goes on where it was. Nothing is counted
 * as arrived before the whole answer that says so was read.
 *
 * It tries at once when something is saved, when a person asks for it and when a line comes up;
 * else after a pause that doubles. When the hub says that our history is not the one it knows, it
 * stops, and the screens say so: a person must look. */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <nss.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <curl/curl.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "config.h"
#include "sync/answer_priv.h"
#include "sync/carrier_priv.h"
#include "sync/pace_priv.h"
#include "sync/papers_priv.h"
#include "sync/renew_priv.h"
#include "sync/run_priv.h"
#include "sync/squeeze_priv.h"
#include "sync/texts_priv.h"

#define LOOK_MS 250     /* how often the ledger is asked whether there is something */
#define TOGETHER_MS 150 /* what is saved in a row goes together */
#define RELAYED_MS 2000 /* what nobody waits for */
#define POLL_MS 60000   /* where nobody can wait for news */
#define LISTEN_BAD 3    /* failures in a row that say so */
#define NOTE_MS 60000   /* how often "it works" is noted */
#define PORTAL_MS 60000
#define ANSWER_MOST (MESSAGE_RUN_MAX + MESSAGE_HEAD_MAX)
#define BATCH_MOST (2 * 1024 * 1024)
#define LONG_MS 4000 /* an exchange of so long carries enough: what a cut costs is bounded */
#define ONE_WAY 512  /* bytes of a batch below which only one side says something */

static volatile int stopping;

struct centre {
    const struct centre_args *args;
    struct book *book;
    struct carrier *carrier;
    struct pace pace;
    struct papers papers;        /* documents */
    struct texts texts;          /* of forms that we lack */
    struct run_part part;        /* of ours, that the hub holds */
    int64_t down_skip;           /* bytes of the hub's next record that our ledger holds */
    int whole;                   /* the hub wants its own events back whole */
    int gaps;                    /* times in a row that it had less than we thought */
    int64_t due;                 /* when to speak to the hub, clock_mono_ms() */
    int64_t not_before;          /* it has said that it has too much to do until then */
    int64_t renew_at;            /* when to look at our certificate again, clock_mono_ms() */
    struct book_feed_wait known; /* as of the last look */
    struct book_place down;      /* what we have of the hub's */
    enum trouble trouble;
    int noted; /* the ledger knows the trouble */
    int64_t noted_at, portal_at, listen_since, listen_at;
    int listen_bad;
    int owing;       /* something was saved that the hub hasn't yet */
    int stopped;     /* until a person asks for it */
    int told;        /* the hub knows our version, on this connection, */
    int64_t told_at; /* and since then that we are there */
    int link;        /* netlink */
};

static void on_terminate(int number SND_UNUSED)
{
    stopping = 1;
}

/* ---- what the ledger is told ---- */

static void note(struct centre *centre, enum trouble trouble)
{
    int64_t now = clock_mono_ms();
    if (centre->noted && centre->trouble == trouble &&
        (trouble != TROUBLE_NONE || now - centre->noted_at < NOTE_MS))
        return;
    if (centre->trouble != trouble || !centre->noted)
        log_info("sync.line", "state=%s meaning=\"%s\"", trouble ? trouble_word(trouble) : "up",
                 trouble_help(trouble));
    centre->trouble = trouble;
    centre->noted_at = now;
    centre->noted =
        book_feed_note(centre->book, trouble ? 0 : clock_utc_ms(), trouble_word(trouble)) == 0;
}

/* ---- one exchange ---- */

struct exchange {
    struct message_up up;
    struct buf run, body, answer; /* events up; squeezed; squeezed */
    struct message_down down;
    struct buf events; /* events down */
    int more;
    int64_t asked, answered; /* UTC ms */
    int64_t sent;            /* bytes of the body that got away */
};

/* Whether the event that the hub holds a part of is the next: it may have had the whole of it
 * before, in a run whose answer was lost. */
static int goes_on(const struct run_part *part, const struct book_place *acked)
{
    return (part->epoch == acked->epoch && part->first == acked->seq + 1) ||
           (part->epoch > acked->epoch && part->first == 1);
}

/* Who we are, and what waits here. */
static void tell(struct centre *centre, const struct book_feed_head *head, struct message_up *up)
{
    struct book_line_state line;
    (void)str_copy(up->program, sizeof up->program, PACKAGE_VERSION);
    up->events = head->events;
    up->oldest = head->oldest;
    if (book_line_state(centre->book, &line) == 0)
        up->documents = line.documents;
}

/* The message to the hub. */
static int prepare_up(struct centre *centre, struct exchange *exchange)
{
    struct book_feed_head head;
    struct message_up *up = &exchange->up;
    int err = book_feed_head(centre->book, NULL, &head);
    if (err)
        return err;
    centre->down = head.down;
    *up = (struct message_up){.epoch = head.acked.epoch ? head.acked.epoch : 1,
                              .first = head.acked.seq + 1,
                              .hub_epoch = head.down.epoch,
                              .hub_seq = head.down.seq,
                              .hub_skip = centre->down_skip,
                              .room = centre->pace.batch};
    if (!goes_on(&centre->part, &head.acked))
        centre->part = (struct run_part){0};
    if (head.acked.epoch != head.at.epoch || head.acked.seq != head.at.seq)
        err = run_take(centre->book, &head.acked, centre->pace.batch, centre->whole, &centre->part,
                       up, &exchange->run, &exchange->more);
    if (err)
        return err;
    if (exchange->run.len > 0 && centre->pace.batch < ONE_WAY)
        up->room = 0;
    if (!centre->told && centre->pace.batch >= ONE_WAY)
        tell(centre, &head, up);
    exchange->asked = up->now = clock_utc_ms();
    struct buf plain = BUF_INIT(ANSWER_MOST);
    message_put_up(&plain, up);
    buf_put(&plain, exchange->run.data, exchange->run.len);
    err = plain.failed ? SND_E_LIMIT : squeeze(plain.data, plain.len, &exchange->body);
    buf_free(&plain);
    return err;
}

static int read_head(const void *bytes, size_t len, void *head)
{
    return message_get_down(bytes, len, head);
}

/* Gives the ledger what came down, and what the hub has of us. */
static int take_down(struct centre *centre, struct exchange *exchange)
{
    const struct message_down *down = &exchange->down;
    const struct book_place acked = {down->epoch, down->have};
    struct book_place cursor = centre->down;
    int64_t skew = down->now - (exchange->asked + exchange->answered) / 2;
    size_t at = 0, len = exchange->events.len;
    int more = 0, err;
    do {
        size_t some = more ? 0 : len - at < FEED_RUN ? len - at : FEED_RUN;
        err = book_feed_take_down(centre->book, (uint32_t)(centre->down_skip + (int64_t)at),
                                  exchange->events.data + at, some, &acked, skew, &cursor, &more);
        at += some;
    } while (!err && (more || at < len));
    if (err) {
        centre->down_skip = 0;
        return err;
    }
    int moved = cursor.epoch != centre->down.epoch || cursor.seq != centre->down.seq;
    centre->down_skip = moved || len == 0 ? 0 : centre->down_skip + (int64_t)len;
    centre->down = cursor;
    return 0;
}

static void say_refused(const struct message_down *down)
{
    for (size_t i = 0; i < down->refused; i++)
        log_warn("sync.refused", "seq=%lld why=%d", (long long)down->why[i].seq, down->why[i].why);
}

/* What the hub said of our run. */
static enum trouble judge(struct centre *centre, const struct exchange *exchange)
{
    centre->whole = 0;
    switch (exchange->down.code) {
    case MESSAGE_TAKEN:
        centre->gaps = 0;
        run_taken(&exchange->up, &exchange->run, &centre->part);
        say_refused(&exchange->down);
        return TROUBLE_NONE;
    case MESSAGE_GAP:
        centre->part = (struct run_part){0};
        return ++centre->gaps > 3 ? TROUBLE_ODD : TROUBLE_NONE;
    case MESSAGE_WHOLE:
        centre->part = (struct run_part){0};
        centre->whole = 1;
        return TROUBLE_NONE;
    case MESSAGE_FORK:
        return TROUBLE_FORK;
    case MESSAGE_REVOKED:
        return TROUBLE_REVOKED;
    case MESSAGE_DAMAGED:
    case MESSAGE_CODES:
        break;
    }
    centre->part = (struct run_part){0};
    return TROUBLE_DAMAGED;
}

/* A request that didn't come through: perhaps because of a log-in page. */
static enum trouble look_for_portal(struct centre *centre, enum trouble trouble)
{
    int64_t now = clock_mono_ms();
    if (trouble != TROUBLE_CERTIFICATE && trouble != TROUBLE_UNREACHABLE && trouble != TROUBLE_CUT)
        return trouble;
    if (centre->portal_at && now - centre->portal_at < PORTAL_MS)
        return centre->trouble == TROUBLE_PORTAL ? TROUBLE_PORTAL : trouble;
    centre->portal_at = now;
    return carrier_portal(centre->carrier) ? TROUBLE_PORTAL : trouble;
}

static enum trouble speak(struct centre *centre, struct exchange *exchange)
{
    struct carried carried;
    carrier_send(centre->carrier, "POST", "/v1/sync", NULL, &exchange->body, &exchange->answer,
                 &carried);
    exchange->answered = clock_utc_ms();
    exchange->sent = carried.sent;
    enum trouble trouble = answer_judge(&carried);
    if (!trouble)
        trouble = answer_open(&exchange->answer, ANSWER_MOST, read_head, &exchange->down,
                              &exchange->events);
    if (carried.fresh && !trouble)
        centre->portal_at = 0;
    if (!trouble && !centre->told)
        centre->told_at = clock_mono_ms();
    centre->told = !trouble;
    return trouble ? look_for_portal(centre, trouble) : judge(centre, exchange);
}

/* When to speak next, after an exchange that worked. */
static void go_on(struct centre *centre, const struct exchange *exchange)
{
    struct book_feed_head head;
    int64_t now = clock_mono_ms();
    pace_worked(&centre->pace);
    if (exchange->answered - exchange->asked < LONG_MS &&
        ((int64_t)exchange->run.len * 4 > centre->pace.batch * 3 ||
         (int64_t)exchange->events.len * 4 > centre->pace.batch * 3))
        pace_full(&centre->pace);
    if (exchange->more || exchange->down.more || centre->down_skip > 0 ||
        exchange->down.code != MESSAGE_TAKEN) {
        centre->due = now;
        return;
    }
    centre->owing = 0;
    centre->due = now + POLL_MS;
    if (book_feed_head(centre->book, NULL, &head) == 0 && head.events > 0)
        centre->due = now + (head.requests > 0 ? 0 : RELAYED_MS);
}

/* Until when to wait after a failure, and for what is saved meanwhile, too, when the hub has said
 * how long: of all centres each has something to save. How long that is. */
static int64_t wait_after(struct centre *centre, int64_t ms)
{
    int64_t again_s = carrier_again_s(centre->carrier);
    ms = pace_told(ms, again_s);
    centre->due = clock_mono_ms() + ms;
    centre->not_before = again_s > 0 ? centre->due : 0;
    return ms;
}

static void failed(struct centre *centre, const struct exchange *exchange, enum trouble trouble)
{
    /* a line that takes nothing at all says nothing about how much it can carry, nor does a hub
     * that has too much to do */
    int carried = exchange->sent && trouble != TROUBLE_BUSY;
    int64_t ms =
        wait_after(centre, pace_failed(&centre->pace, carried ? (int64_t)exchange->run.len : 0));
    centre->stopped = trouble == TROUBLE_FORK || trouble == TROUBLE_REVOKED;
    log_info("sync.failed", "why=%s again_ms=%d batch=%d", trouble_word(trouble), (int)ms,
             (int)centre->pace.batch);
}

static void exchange_once(struct centre *centre)
{
    struct exchange exchange = {.run = BUF_INIT(MESSAGE_RUN_MAX),
                                .body = BUF_INIT(MESSAGE_BODY_MAX),
                                .answer = BUF_INIT(MESSAGE_BODY_MAX),
                                .events = BUF_INIT(MESSAGE_RUN_MAX)};
    enum trouble trouble = prepare_up(centre, &exchange) ? TROUBLE_BOOK : TROUBLE_NONE;
    if (!trouble)
        trouble = speak(centre, &exchange);
    if (!trouble && take_down(centre, &exchange))
        trouble = TROUBLE_BOOK;
    if (stopping)
        goto out;
    if (trouble)
        failed(centre, &exchange, trouble);
    else
        go_on(centre, &exchange);
    note(centre, trouble);
out:
    buf_free(&exchange.run);
    buf_free(&exchange.body);
    buf_free(&exchange.answer);
    buf_free(&exchange.events);
}

/* ---- what makes it speak ---- */

static void soon(struct centre *centre, int64_t ms)
{
    int64_t at = clock_mono_ms() + ms;
    if (at < centre->not_before)
        at = centre->not_before;
    pace_again(&centre->pace);
    centre->papers.later = centre->texts.later = 0;
    if (at < centre->due)
        centre->due = at;
}

static void look_at_ledger(struct centre *centre)
{
    struct book_feed_wait now;
    if (book_feed_wait(centre->book, &now))
        return;
    centre->owing |= now.seq != centre->known.seq;
    if (now.pushed != centre->known.pushed) {
        centre->stopped = 0;
        centre->not_before = 0; /* a person asks for it */
        soon(centre, 0);
    } else if (now.seq != centre->known.seq) {
        soon(centre, TOGETHER_MS);
    }
    centre->known = now;
}

/* ---- documents ---- */

/* When there is no event to send and the line is good: the hub takes no document before it knows
 * whose it is. 1: there may be more to do at once. */
static int carry_papers(struct centre *centre)
{
    int did = 0;
    if (centre->trouble || !centre->noted || centre->due <= clock_mono_ms())
        return 0;
    look_at_ledger(centre);
    if (centre->owing)
        return 0;
    enum trouble trouble = texts_step(&centre->texts, centre->book, centre->carrier, &did);
    if (!trouble && !did)
        trouble = papers_step(&centre->papers, centre->book, centre->carrier, &did);
    if (trouble && !stopping) {
        (void)wait_after(centre, pace_failed(&centre->pace, 0));
        note(centre, trouble);
    }
    return did && !trouble;
}

/* ---- the network of this machine ---- */

static int open_link(void)
{
    struct sockaddr_nl address = {.nl_family = AF_NETLINK,
                                  .nl_groups =
                                      RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address)) {
        log_info("sync.link", "errno=%d", errno);
        proc_close(&fd);
    }
    return fd;
}

/* Something changed about this machine's network. */
static void link_changed(struct centre *centre)
{
    char bytes[4096];
    while (recv(centre->link, bytes, sizeof bytes, 0) > 0)
        continue;
    if (centre->trouble)
        soon(centre, TOGETHER_MS);
}

/* ---- waiting for news ---- */

static void heard(struct centre *centre, const struct carried *carried)
{
    int64_t now = clock_mono_ms();
    if (carried->trouble == TROUBLE_NONE && carried->status == 200) {
        soon(centre, 0);
    } else if (carried->trouble || carried->status != 204) {
        centre->listen_bad++;
        centre->listen_at = now + (centre->listen_bad < LISTEN_BAD ? LOOK_MS : POLL_MS);
        return;
    }
    centre->listen_bad = 0;
    centre->listen_at = now;
}

/* Asks for news as long as the line is good and there is nothing to say. */
static void listen_on(struct centre *centre)
{
    int64_t now = clock_mono_ms();
    char path[96];
    if (carrier_listening(centre->carrier) || centre->trouble || !centre->noted ||
        centre->due <= now + LOOK_MS || now < centre->listen_at)
        return;
    (void)str_format(path, sizeof path, "/v1/wait?epoch=%lld&seq=%lld",
                     (long long)centre->down.epoch, (long long)centre->down.seq);
    carrier_listen(centre->carrier, path);
}

/* ---- the process ---- */

static int become_ready(struct centre *centre)
{
    struct book_me me;
    int err = book_open(centre->args->ledger, &centre->book);
    while (!err && !stopping) {
        err = book_auth_part(centre->book, "sync", &me);
        if (!err || (err != SND_E_LOST && err != SND_E_BUSY))
            break;
        poll(NULL, 0, LOOK_MS); /* the ledger begins beside us */
        err = 0;
    }
    if (!err && !stopping)
        err = book_feed_wait(centre->book, &centre->known);
    return err;
}

/* Names are looked up in files and DNS alone: other ways would load code, which the sandbox
 * refuses. */
static int prepare(const struct centre_args *args)
{
    struct sigaction action = {.sa_handler = on_terminate};
    /* /etc as a whole: who manages the network replaces resolv.conf by a new file */
    const struct sandbox_path paths[] = {{.path = "/etc"},
                                         {.path = "/run/systemd/resolve"},
                                         {.path = "/run/resolvconf"},
                                         {.path = "/run/NetworkManager"},
                                         {.path = args->folder, .write = 1},
                                         {.path = NULL}};
    if (sigaction(SIGTERM, &action, NULL) || __nss_configure_lookup("hosts", "files dns") ||
        curl_global_init(CURL_GLOBAL_DEFAULT))
        return SND_E_SYS;
    proc_give_way();
    int err = args->user ? proc_become(args->user) : 0;
    return err ? err : sandbox_enter(SANDBOX_SYNC, paths, args->weak);
}

/* Once a day, when the line is good. */
static void look_at_certificate(struct centre *centre)
{
    int64_t now = clock_mono_ms();
    if (centre->trouble || !centre->told || now < centre->renew_at)
        return;
    centre->renew_at = now + RENEW_LOOK_MS;
    if (renew_due(centre->args->own, clock_utc_ms()))
        renew_certificate(centre->carrier, centre->args);
}

/* A hub that hears nothing takes a centre for silent, and waiting for news is no word of ours. */
static void tell_again(struct centre *centre)
{
    int64_t now = clock_mono_ms();
    if (centre->trouble || !centre->told || now < centre->told_at + centre->args->word_ms)
        return;
    centre->told = 0;
    centre->due = now;
}

static void turn(struct centre *centre)
{
    struct carried carried;
    int64_t now = clock_mono_ms();
    int changed = 0;
    if (!centre->stopped && now >= centre->due)
        exchange_once(centre);
    if (stopping)
        return;
    look_at_certificate(centre);
    tell_again(centre);
    int busy = carry_papers(centre);
    listen_on(centre);
    int64_t wait = busy ? 0 : centre->stopped ? LOOK_MS : centre->due - clock_mono_ms();
    wait = wait < 0 ? 0 : wait > LOOK_MS ? LOOK_MS : wait;
    if (carrier_doze(centre->carrier, wait, centre->link, &carried, &changed))
        heard(centre, &carried);
    if (changed)
        link_changed(centre);
    look_at_ledger(centre);
}

int centre_run(const struct centre_args *args)
{
    struct centre centre = {.args = args, .link = -1};
    log_open("sync", LOG_LEVEL_INFO);
    int err = prepare(args);
    if (!err)
        err = carrier_open(args, &stopping, &centre.carrier);
    if (!err)
        err = become_ready(&centre);
    if (!err && !stopping) {
        centre.link = open_link();
        pace_begin(&centre.pace);
        centre.pace.most = BATCH_MOST;
        papers_begin(&centre.papers);
        centre.due = clock_mono_ms();
        if (args->ready >= 0 && proc_write_all(args->ready, "", 1))
            log_warn("sync.ready", "told=%s", "nobody");
        log_info("sync.ready", "hub=%s", args->url);
    }
    while (!err && !stopping)
        turn(&centre);
    if (err && !stopping)
        log_error("sync.ended", "err=%s", err_text(err));
    proc_close(&centre.link);
    carrier_close(&centre.carrier);
    book_close(&centre.book);
    return stopping ? 0 : err;
}
