/* SPDX-License-Identifier: Apache-2.0
 * One call: connect, become the person again, send, wait for the answer that has our tag. While a
 * call waits, answers to draft puts come in between and are taken in. A lost connection is made
 * again and everything unanswered is sent again: reads and writes are both safe to repeat, a write
 * because its id goes with it. An answer that is not understood closes the connection, so that no
 * stale frame can be taken for another call's. */
#include "book/talk_priv.h"
#include <poll.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/proc.h"

#define PUT_BIT 0x80000000u      /* in the tag of a put */
#define QUESTION_BIT 0x40000000u /* in the tag of a question that nobody waits for */
#define ASIDE (PUT_BIT | QUESTION_BIT)
#define ANSWER_MS 60000      /* a ledger that is silent for so long is taken for lost */
#define CHECK_MS 1800000     /* but a whole verification may take long */
#define PUT_RECONNECT_MS 200 /* a put waits no longer than this for a new connection */
#define ERR_LEAST (-64)      /* statuses below are no error of ours */

/* Between attempts to reach a ledger that is gone. */
struct pause {
    int64_t since; /* the first loss, clock_mono_ms() */
    int ms;        /* the last pause */
};

int book_open(const char *path, struct book **out)
{
    struct book *book = x_alloc(sizeof *book);
    book->path = x_strdup(path);
    book->fd = -1;
    book->in = x_realloc(NULL, WIRE_MAX, 1); /* not zeroed: most of its pages are never touched */
    for (size_t i = 0; i < TALK_PUTS; i++)
        book->put[i].frame = BUF_INIT(WIRE_MAX);
    for (size_t i = 0; i < BOOK_QUESTIONS; i++)
        book->question[i].results = BUF_INIT(WIRE_MAX);
    *out = book;
    return 0;
}

void talk_drop(struct book *book)
{
    proc_close(&book->fd);
    book->outstanding = 0;
    for (size_t i = 0; i < TALK_PUTS; i++)
        book->put[i].sent = 0;
    for (size_t i = 0; i < BOOK_QUESTIONS; i++)
        if (book->question[i].tag && !book->question[i].answered) {
            book->question[i].answered = 1;
            book->question[i].status = SND_E_LOST;
        }
}

int book_fd(const struct book *book)
{
    return book->fd;
}

static void begin(struct book *book, enum operation op, const struct id *id, uint32_t bits,
                  struct buf *frame)
{
    static const struct id none;
    *frame = BUF_INIT(WIRE_MAX);
    book->tag = (book->tag + 1) & ~ASIDE;
    uint32_t tag = book->tag | bits;
    wire_begin(frame);
    wire_put_u8(frame, 'Q');
    wire_put_u32(frame, tag);
    wire_put_text(frame, op_row(op)->wire);
    wire_put_id(frame, id ? id : &none);
}

void talk_begin(struct book *book, enum operation op, const struct id *id, struct buf *frame)
{
    begin(book, op, id, 0, frame);
}

void talk_begin_put(struct book *book, enum operation op, const struct id *id, struct buf *frame)
{
    begin(book, op, id, PUT_BIT, frame);
}

void talk_begin_question(struct book *book, enum operation op, const struct id *id,
                         struct buf *frame)
{
    begin(book, op, id, QUESTION_BIT, frame);
}

uint32_t talk_tag(const struct buf *frame)
{
    struct wire in = {.at = frame->data + 5, .left = 4};
    return wire_u32(&in);
}

/* An answer to a put: over the wire in the order of the puts. */
static int take_put(struct book *book, uint32_t tag, int status)
{
    if (book->outstanding == 0)
        return SND_E_BAD;
    book->outstanding--;
    book->put_since = clock_mono_ms();
    for (size_t i = 0; i < TALK_PUTS; i++) {
        struct put *put = &book->put[i];
        if (put->frame.len == 0 || put->tag != tag)
            continue;
        if (status && !book->put_error && !id_is_zero(&put->draft)) {
            book->put_error = status;
            book->put_error_draft = put->draft;
        }
        buf_free(&put->frame);
    }
    return 0;
}

/* An answer to a question; one to an older question of its kind is nothing any more. */
static int take_question(struct book *book, uint32_t tag, int status, const struct wire *answer)
{
    for (size_t i = 0; i < BOOK_QUESTIONS; i++) {
        struct question *question = &book->question[i];
        if (question->tag != tag || question->answered)
            continue;
        question->answered = 1;
        question->status = status;
        if (status == 0)
            buf_put(&question->results, answer->at, answer->left);
    }
    return 0;
}

/* Receives one frame if there is one. 0 and *out_tag, or SND_E_BUSY, SND_E_LOST, SND_E_BAD. A put's
 * answer is taken in here and gives *out_tag with the put's bit. */
static int receive(struct book *book, uint32_t *out_tag, int *status, struct wire *answer)
{
    int got = wire_recv(book->fd, book->in, WIRE_MAX);
    if (got == 0)
        return SND_E_LOST;
    if (got < 0)
        return got;
    if (wire_open(answer, book->in, (size_t)got))
        return SND_E_BAD;
    uint8_t what = wire_u8(answer);
    *out_tag = QUESTION_BIT; /* like an answer that nobody waits for */
    if (what == 'N')
        return talk_take_away(book, answer);
    if (what != 'A')
        return SND_E_BAD;
    uint32_t tag = wire_u32(answer);
    int64_t said = wire_i64(answer);
    if (answer->bad || said > 0 || said < ERR_LEAST)
        return SND_E_BAD;
    if ((said != 0 && said != SND_E_INVALID) && wire_done(answer))
        return SND_E_BAD;
    *out_tag = tag;
    *status = (int)said;
    if (tag & QUESTION_BIT)
        return take_question(book, tag, *status, answer);
    return tag & PUT_BIT ? take_put(book, tag, *status) : 0;
}

/* Waits until the socket can be read (or written, if `out` is asked for). SND_E_TIMEOUT. */
static int wait_for(struct book *book, short events, int64_t deadline)
{
    for (;;) {
        int64_t left = deadline - clock_mono_ms();
        if (left <= 0)
            return SND_E_TIMEOUT;
        struct pollfd poller = {.fd = book->fd, .events = events};
        if (poll(&poller, 1, (int)(left > 1000 ? 1000 : left)) > 0)
            return 0;
    }
}

/* Takes in put answers that are there; any other frame is one that nobody asked for. The last one
 * that is waited for ends it: to ask for more would cost every save a call that finds nothing. */
static int take_ready(struct book *book)
{
    int waiting = book->outstanding > 0;
    while (!waiting || book->outstanding > 0 || book_asking(book)) {
        uint32_t tag;
        int status;
        struct wire answer;
        int err = receive(book, &tag, &status, &answer);
        if (err == SND_E_BUSY)
            return 0;
        if (!err && !(tag & ASIDE))
            err = SND_E_BAD;
        if (err)
            return err;
    }
    return 0;
}

static int send_frame(struct book *book, const struct buf *frame, int64_t deadline)
{
    for (;;) {
        int err = wire_send(book->fd, frame);
        if (err != SND_E_BUSY)
            return err;
        err = wait_for(book, POLLIN | POLLOUT, deadline);
        if (!err)
            err = take_ready(book);
        if (err)
            return err;
    }
}

/* Sends one request and waits for its answer on this very connection. 0 = *status was answered. */
static int exchange(struct book *book, const struct buf *frame, int64_t wait, int *status,
                    struct wire *answer)
{
    uint32_t tag = 0, want = talk_tag(frame);
    int64_t deadline = clock_mono_ms() + wait;
    int err = send_frame(book, frame, deadline);
    while (!err) {
        err = receive(book, &tag, status, answer);
        if (!err && tag == want)
            return 0;
        if (err == SND_E_BUSY)
            err = wait_for(book, POLLIN, deadline);
        else if (!err && !(tag & ASIDE))
            err = SND_E_BAD;
    }
    talk_drop(book);
    return err;
}

/* A new connection becomes the person again before anything else is sent on it. */
static int become(struct book *book, int64_t wait)
{
    struct buf frame;
    struct wire answer;
    struct book_me me;
    int status = 0;
    if (book->who == WHO_NOBODY)
        return 0;
    static const enum operation ways[] = {
        [WHO_TICKET] = OP_AUTH_TICKET, [WHO_CLI] = OP_AUTH_CLI, [WHO_PART] = OP_AUTH_PART};
    talk_begin(book, ways[book->who], NULL, &frame);
    if (book->who == WHO_PART)
        wire_put_text(&frame, book->peer);
    if (book->who == WHO_TICKET) {
        wire_put_bytes(&frame, book->ticket, sizeof book->ticket);
        wire_put_text(&frame, book->peer);
    }
    int err = wire_end(&frame);
    if (!err)
        err = exchange(book, &frame, wait, &status, &answer);
    buf_free(&frame);
    if (err)
        return err;
    if (status == SND_E_AUTH) /* the session was ended: nothing brings it back, and nobody else */
        mem_wipe(book->ticket, sizeof book->ticket);
    if (status) {
        talk_drop(book);
        return status;
    }
    talk_get_me(&answer, &me);
    return talk_end(book, &answer);
}

static void count_put(struct book *book, struct put *put)
{
    put->sent = 1;
    if (book->outstanding++ == 0)
        book->put_since = clock_mono_ms();
}

int64_t book_put_since(const struct book *book)
{
    return book->outstanding > 0 ? book->put_since : 0;
}

/* Sends the newest puts that this connection hasn't seen yet. */
static int send_puts(struct book *book, int64_t wait)
{
    int64_t deadline = clock_mono_ms() + wait;
    for (size_t i = 0; i < TALK_PUTS; i++) {
        struct put *put = &book->put[i];
        if (put->frame.len == 0 || put->sent)
            continue;
        int err = send_frame(book, &put->frame, deadline);
        if (err) {
            talk_drop(book);
            return err;
        }
        count_put(book, put);
    }
    return 0;
}

/* Connected, and the person again, and nothing that was put before left behind. */
static int ready(struct book *book, int64_t wait)
{
    if (book->fd < 0) {
        int err = talk_connect(book);
        if (!err)
            err = become(book, wait);
        if (err)
            return err;
    }
    return send_puts(book, wait);
}

int talk_connect(struct book *book)
{
    if (book->fd >= 0)
        return 0;
    if (book->away || proc_connect_packets(book->path, &book->fd))
        return SND_E_LOST;
    if (proc_nonblocking(book->fd, 1)) {
        talk_drop(book);
        return SND_E_SYS;
    }
    return 0;
}

static int64_t patience_of(const struct buf *frame)
{
    size_t len = strlen(op_row(OP_LEDGER_CHECK)->wire);
    int check =
        frame->len > 13 + len && memcmp(frame->data + 13, op_row(OP_LEDGER_CHECK)->wire, len) == 0;
    return check ? CHECK_MS : ANSWER_MS;
}

/* Pauses before the next attempt on a ledger that is gone; 0 when patience has ended. */
static int pause_more(struct pause *pause)
{
    int64_t now = clock_mono_ms();
    pause->since = pause->since ? pause->since : now;
    if (now - pause->since >= BOOK_PATIENCE_MS)
        return 0;
    pause->ms = pause->ms == 0 ? 10 : pause->ms < 250 ? pause->ms * 2 : 500;
    poll(NULL, 0, pause->ms);
    return 1;
}

int talk_ask(struct book *book, struct buf *frame, struct wire *answer)
{
    int status = 0, err = wire_end(frame);
    struct pause pause = {0};
    while (!err) {
        err = ready(book, ANSWER_MS);
        if (!err)
            err = exchange(book, frame, patience_of(frame), &status, answer);
        if (err != SND_E_LOST || !pause_more(&pause))
            break;
        err = 0;
    }
    if (frame->data)
        mem_wipe(frame->data, frame->len);
    buf_free(frame);
    return err ? err : status;
}

int talk_end(struct book *book, const struct wire *answer)
{
    if (wire_done(answer) == 0)
        return 0;
    talk_drop(book);
    return SND_E_BAD;
}

int talk_plain(struct book *book, struct buf *frame)
{
    struct wire answer;
    int err = talk_ask(book, frame, &answer);
    return err ? err : talk_end(book, &answer);
}

int talk_put(struct book *book, struct put *put)
{
    int64_t now = clock_mono_ms();
    put->sent = 0;
    if (book->fd < 0) {
        if (now < book->put_retry)
            return SND_E_LOST;
        book->put_retry = now + PUT_RECONNECT_MS;
        return ready(book, PUT_RECONNECT_MS);
    }
    if (book->outstanding >= TALK_WINDOW)
        return SND_E_BUSY;
    int err = wire_send(book->fd, &put->frame);
    if (!err) {
        count_put(book, put);
    } else if (err != SND_E_BUSY) {
        talk_drop(book);
    }
    return err;
}

/* Sends without waiting what the window held back. */
static int put_held(struct book *book)
{
    for (size_t i = 0; i < TALK_PUTS; i++) {
        struct put *put = &book->put[i];
        int err = put->frame.len == 0 || put->sent ? 0 : talk_put(book, put);
        if (err)
            return err;
    }
    return 0;
}

int talk_pump(struct book *book)
{
    if (book->fd < 0)
        return SND_E_LOST;
    int err = take_ready(book);
    if (!err)
        err = put_held(book);
    if (err == 0 || err == SND_E_BUSY)
        return 0;
    talk_drop(book);
    return SND_E_LOST;
}

int talk_retry(struct book *book)
{
    return ready(book, PUT_RECONNECT_MS);
}

static int any_put(const struct book *book)
{
    for (size_t i = 0; i < TALK_PUTS; i++)
        if (book->put[i].frame.len > 0)
            return 1;
    return 0;
}

int talk_flush(struct book *book)
{
    struct pause pause = {0};
    while (any_put(book)) {
        int err = ready(book, ANSWER_MS);
        if (!err && any_put(book))
            err = wait_for(book, POLLIN, clock_mono_ms() + ANSWER_MS);
        if (!err)
            err = take_ready(book);
        if (err)
            talk_drop(book);
        if (err && (err != SND_E_LOST || !pause_more(&pause)))
            return err;
    }
    return 0;
}

int talk_question(struct book *book, enum book_question which, struct buf *frame)
{
    struct question *question = &book->question[which];
    int err = book->fd < 0 ? SND_E_LOST : wire_end(frame);
    talk_forget(book, which);
    if (!err)
        err = wire_send(book->fd, frame);
    if (!err)
        question->tag = talk_tag(frame);
    else if (err == SND_E_LOST || err == SND_E_SYS)
        talk_drop(book);
    if (frame->data)
        mem_wipe(frame->data, frame->len);
    buf_free(frame);
    return err;
}

int talk_heard(struct book *book, enum book_question which, struct wire *answer)
{
    struct question *question = &book->question[which];
    if (!question->answered)
        return SND_E_BUSY;
    int status = question->status;
    *answer = (struct wire){.at = question->results.data, .left = question->results.len};
    if (status)
        talk_forget(book, which);
    return status;
}

void talk_forget(struct book *book, enum book_question which)
{
    struct question *question = &book->question[which];
    if (question->results.data)
        mem_wipe(question->results.data, question->results.len);
    buf_clear(&question->results);
    question->tag = 0;
    question->answered = 0;
}

void talk_forget_puts(struct book *book, const struct id *draft)
{
    for (size_t i = 0; i < TALK_PUTS; i++)
        if (id_equal(&book->put[i].draft, draft))
            buf_free(&book->put[i].frame);
    if (id_equal(&book->put_error_draft, draft))
        book->put_error = 0;
}

int talk_put_error(struct book *book)
{
    int err = book->put_error;
    book->put_error = 0;
    return err;
}
