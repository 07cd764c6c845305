/* SPDX-License-Identifier: Apache-2.0
 * Connections of clients. A frame that doesn't decode closes its connection; a client that doesn't
 * read its answers is cut off at a cap; nothing here waits for anybody. While a worker has a
 * connection's request nothing more is read from it, so each has at most one on its way. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/proc.h"
#include "ledger/server_priv.h"

#define CONNS_MAX 24000
#define STRANGER_CONNS 64 /* connections of one user that is none of ours */
#define FRAMES_A_TURN 16
#define DEAF_MS 1000
#define AWAY_A_TURN 256 /* turned away before those who are in get their turn */

void conn_watch(struct ledger *ledger, struct conn *conn)
{
    uint32_t want = (conn->waiting || conn->closing ? 0 : EPOLLIN) | (conn->out ? EPOLLOUT : 0);
    if (conn->dead || want == conn->watched)
        return;
    struct epoll_event event = {.events = want, .data.ptr = conn};
    int op = want == 0            ? EPOLL_CTL_DEL /* or a hang-up would be told without end */
             : conn->watched == 0 ? EPOLL_CTL_ADD
                                  : EPOLL_CTL_MOD;
    conn->watched = want;
    if (epoll_ctl(ledger->poller, op, conn->fd, &event))
        conn_close(ledger, conn);
}

int who_is_machine(const struct who *who)
{
    return who->role == ROLE_SYNC || who->role == ROLE_HUB || who->role == ROLE_COURIER;
}

/* What the other end's user is to us. */
static void know_peer(const struct ledger *ledger, struct who *who, uid_t uid)
{
    const uid_t shells[] = {0, ledger->own_uid, ledger->folder_uid};
    const struct {
        enum role role;
        int uid;
    } parts[] = {{ROLE_SYNC, ledger->args->sync_uid},
                 {ROLE_HUB, ledger->args->hub_uid},
                 {ROLE_COURIER, ledger->args->courier_uid}};
    *who = (struct who){.role = ROLE_NOBODY};
    (void)str_format(who->peer, sizeof who->peer, "local-%ld", (long)uid);
    for (size_t i = 0; i < SND_COUNT(shells); i++)
        if (uid == shells[i]) {
            who->shell = 1;
            (void)str_copy(who->actor, sizeof who->actor, ledger->shell_name[i]);
        }
    for (size_t i = 0; i < SND_COUNT(parts); i++)
        if (uid == 0 || uid == ledger->own_uid || (parts[i].uid > 0 && uid == (uid_t)parts[i].uid))
            who->parts |= 1u << parts[i].role;
    who->trusted = uid == 0 || uid == ledger->own_uid ||
                   (ledger->args->desk_uid >= 0 && uid == (uid_t)ledger->args->desk_uid);
}

static int too_many(const struct ledger *ledger, const struct who *who)
{
    size_t same = 0;
    if (who->trusted || who->shell)
        return ledger->conn_count >= CONNS_MAX;
    for (const struct conn *conn = ledger->conns; conn; conn = conn->next)
        same += strcmp(conn->who.peer, who->peer) == 0;
    return same >= STRANGER_CONNS || ledger->conn_count >= CONNS_MAX / 2;
}

static void conn_new(struct ledger *ledger, int fd)
{
    uid_t uid;
    pid_t pid;
    struct who who = {.role = ROLE_NOBODY};
    int err = proc_peer(fd, &uid, &pid);
    if (!err)
        know_peer(ledger, &who, uid);
    if (err || too_many(ledger, &who)) {
        close(fd);
        return;
    }
    struct conn *conn = x_alloc(sizeof *conn);
    conn->source = SOURCE_CONN;
    conn->fd = fd;
    conn->who = who;
    conn->out_end = &conn->out;
    conn->request = BUF_INIT(WIRE_MAX);
    conn->job = BUF_INIT(WIRE_MAX);
    conn->next = ledger->conns;
    if (conn->next)
        conn->next->prev = conn;
    ledger->conns = conn;
    ledger->conn_count++;
    conn_watch(ledger, conn);
}

/* No descriptor is left for whoever knocks: those who wait are told so by hanging up. Then the
 * listener is left alone for a while: the poller would tell of it for ever. */
static void stop_listening(struct ledger *ledger, int why)
{
    int away = 0;
    while (away < AWAY_A_TURN && proc_turn_away(ledger->listener, &ledger->spare))
        away++;
    log_error("ledger.exhausted", "errno=%d connections=%zu turned_away=%d", why,
              ledger->conn_count, away);
    if (epoll_ctl(ledger->poller, EPOLL_CTL_DEL, ledger->listener, NULL) == 0)
        ledger->deaf_until = clock_mono_ms() + DEAF_MS;
}

void conn_listen_again(struct ledger *ledger)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &ledger->listen_source};
    if (ledger->deaf_until == 0 || clock_mono_ms() < ledger->deaf_until)
        return;
    ledger->deaf_until = 0;
    if (epoll_ctl(ledger->poller, EPOLL_CTL_ADD, ledger->listener, &event))
        ledger->fatal = SND_E_SYS;
}

void conn_accept_all(struct ledger *ledger)
{
    for (int i = 0; i < 64; i++) {
        int fd = accept4(ledger->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) {
            if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
                stop_listening(ledger, errno);
            return;
        }
        conn_new(ledger, fd);
    }
}

void conn_close(struct ledger *ledger, struct conn *conn)
{
    if (conn->dead)
        return;
    conn->dead = 1;
    session_detach(ledger, conn);
    pool_forget(ledger, conn);
    proc_close(&conn->fd);
    if (conn->next)
        conn->next->prev = conn->prev;
    if (conn->prev)
        conn->prev->next = conn->next;
    else
        ledger->conns = conn->next;
    ledger->conn_count--;
    conn->next = ledger->dead;
    conn->prev = NULL;
    ledger->dead = conn;
}

void conn_reap(struct ledger *ledger)
{
    while (ledger->dead) {
        struct conn *conn = ledger->dead;
        ledger->dead = conn->next;
        while (conn->out) {
            struct out_frame *old = conn->out;
            conn->out = old->next;
            buf_free(&old->frame);
            x_free(&old);
        }
        buf_free(&conn->request);
        buf_free(&conn->job);
        x_free(&conn);
    }
}

void conn_close_all(struct ledger *ledger)
{
    while (ledger->conns)
        conn_close(ledger, ledger->conns);
    conn_reap(ledger);
}

void conn_end_account(struct ledger *ledger, const char *account, struct conn *but_later)
{
    for (struct conn *conn = ledger->conns, *next; conn; conn = next) {
        next = conn->next;
        if (strcmp(conn->who.account, account) != 0)
            continue;
        if (conn == but_later)
            conn->closing = 1;
        else
            conn_close(ledger, conn);
    }
}

static void flush(struct ledger *ledger, struct conn *conn)
{
    int err = 0;
    while (conn->out && !err) {
        struct out_frame *frame = conn->out;
        err = wire_send(conn->fd, &frame->frame);
        if (err)
            break;
        conn->out = frame->next;
        conn->out_bytes -= frame->frame.len;
        if (!conn->out)
            conn->out_end = &conn->out;
        buf_free(&frame->frame);
        x_free(&frame);
    }
    if ((err && err != SND_E_BUSY) || (!conn->out && conn->closing))
        conn_close(ledger, conn);
    else
        conn_watch(ledger, conn);
}

void conn_send(struct ledger *ledger, struct conn *conn, struct buf *frame)
{
    if (conn->dead) {
        buf_free(frame);
        return;
    }
    if (conn->out_bytes + frame->len > CONN_OUT_MAX) {
        log_warn("ledger.slow_client", "account=%s unread=%zu", conn->who.account, conn->out_bytes);
        buf_free(frame);
        conn_close(ledger, conn);
        return;
    }
    struct out_frame *last = x_alloc(sizeof *last);
    last->frame = *frame;
    *frame = BUF_INIT(frame->max);
    conn->out_bytes += last->frame.len;
    *conn->out_end = last;
    conn->out_end = &last->next;
    flush(ledger, conn);
}

void answer_frame(struct buf *frame, uint32_t tag, int status, const struct buf *results)
{
    *frame = BUF_INIT(WIRE_MAX);
    wire_begin(frame);
    wire_put_u8(frame, 'A');
    wire_put_u32(frame, tag);
    wire_put_i64(frame, status);
    if (results && results->len > 0)
        buf_put(frame, results->data, results->len);
    snd_assert(wire_end(frame) == 0); /* results are capped below a frame */
}

void conn_answer(struct ledger *ledger, struct conn *conn, uint32_t tag, int status,
                 const struct buf *results)
{
    struct buf frame;
    answer_frame(&frame, tag, status, results);
    conn_send(ledger, conn, &frame);
}

static int reads(enum operation op)
{
    return op_row(op)->mode == MODE_READ || op_row(op)->mode == MODE_TRACED;
}

/* One request: refused by the table, written, or handed to a reader. 0 = no more of this connection
 * in this turn: who submits waits for the answer, and nobody has two submissions in a turn. */
static int serve(struct ledger *ledger, struct conn *conn, const uint8_t *frame, size_t len)
{
    struct request request;
    if (request_parse(frame, len, &request)) {
        log_warn("ledger.malformed", "peer=%s account=%s", conn->who.peer, conn->who.account);
        conn_close(ledger, conn);
        return 0;
    }
    if (conn->who.vouched && !session_vouches(ledger, &conn->who))
        conn->who.vouched = 0;
    int err = request.known ? call_permit(&conn->who, request.op) : SND_E_NOTFOUND;
    if (err) {
        conn_answer(ledger, conn, request.tag, err, NULL);
    } else if (reads(request.op)) {
        batch_hurry(ledger); /* a read sees what its person has written before */
        pool_read(ledger, conn, &request);
    } else {
        batch_write(ledger, conn, &request, NULL);
        if (conn->waiting) /* a password worker sees to it first, then it is run again */
            buf_put(&conn->request, frame, len);
    }
    return request.op != OP_REQUEST_SUBMIT || !request.known;
}

/* One login a connection: while one waits for its commit, a second would not find anybody there. */
static int may_read(const struct conn *conn)
{
    return !conn->dead && !conn->waiting && !conn->closing && !conn->becoming;
}

void conn_event(struct ledger *ledger, struct conn *conn, uint32_t events)
{
    static uint8_t frame[WIRE_MAX];
    if (!conn->dead && (events & EPOLLOUT))
        flush(ledger, conn);
    int more = 1;
    for (int i = 0; i < FRAMES_A_TURN && more && may_read(conn); i++) {
        int got = wire_recv(conn->fd, frame, sizeof frame);
        if (got == SND_E_BUSY)
            break;
        if (got > 0) {
            more = serve(ledger, conn, frame, (size_t)got);
            mem_wipe(frame, (size_t)got);
        } else {
            conn_close(ledger, conn);
        }
    }
    conn_watch(ledger, conn);
}

void conn_resume(struct ledger *ledger, struct conn *conn)
{
    conn->waiting = 0;
    buf_free(&conn->request);
    conn_watch(ledger, conn);
}
