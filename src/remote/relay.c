/* SPDX-License-Identifier: Apache-2.0
 * The relay. It decides nothing: frames go to the ledger as they come, over the connection that the
 * door has logged in, so whoever sits at the other end may do what that account may and no more.
 *
 * A client that was cut off comes back with the ticket of its session and goes on in it, if that is
 * of the very account that has logged in now; the drafts that it holds stay its own that way. A
 * ledger that is started anew is found again, and the client is told to repeat what was not
 * answered, which is safe. What is no frame closes the line with one plain sentence. */
#include "remote/relay.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/stream.h"
#include "book/carry.h"
#include "remote/frames.h"
#include "text/msg.h"

#define HELLO_MS 60000 /* on the slowest line, behind all that a login costs */
#define LOSSES_MOST 3  /* in a row, without an answer in between */
#define SEEK_MS 250

/* A read of whose results the client has some. */
struct known {
    uint32_t tag;
    int used;
    uint8_t sha[FRAMES_KNOWN];
};
struct relay {
    const struct relay_args *args;
    struct book *book;
    struct stream in;
    struct buf held; /* a request that the ledger had no room for yet */
    struct known known[FRAMES_AHEAD];
    int greeted, losses;
};

/* ---- to the client ---- */

static int give(const struct relay *relay, const void *bytes, size_t len)
{
    return proc_write_all(relay->args->bytes, bytes, len) ? SND_E_LOST : 0;
}

static int give_frame(const struct relay *relay, struct buf *frame)
{
    int err = wire_end(frame);
    if (!err)
        err = give(relay, frame->data, frame->len);
    buf_free(frame);
    return err;
}

static struct known *known_of(struct relay *relay, uint32_t tag)
{
    for (size_t i = 0; i < FRAMES_AHEAD; i++)
        if (relay->known[i].used && relay->known[i].tag == tag)
            return &relay->known[i];
    return NULL;
}

/* An answer goes on as it came, or in a few bytes when the client has its results already. */
static int pass_answer(struct relay *relay, const uint8_t *frame, size_t len)
{
    struct wire in;
    uint8_t sha[HASH_SIZE];
    if (wire_open(&in, frame, len) || wire_u8(&in) != 'A')
        return SND_E_BAD;
    uint32_t tag = wire_u32(&in);
    int64_t status = wire_i64(&in);
    struct known *known = in.bad ? NULL : known_of(relay, tag);
    relay->losses = 0;
    if (known) {
        known->used = 0;
        hash_bytes(in.at, in.left, sha);
        if (status == 0 && memcmp(sha, known->sha, FRAMES_KNOWN) == 0) {
            struct buf same = BUF_INIT(64);
            wire_begin(&same);
            wire_put_u8(&same, 'S');
            wire_put_u32(&same, tag);
            return give_frame(relay, &same);
        }
    }
    return give(relay, frame, len);
}

/* ---- to the ledger ---- */

static int pass_request(struct relay *relay, const uint8_t *frame, size_t len)
{
    struct book_asked asked;
    relay->held = BUF_INIT(WIRE_MAX);
    if (book_asked(frame, len, &asked))
        return SND_E_BAD;
    buf_put(&relay->held, frame, len);
    return 0;
}

/* Noted what is known, it is a request like any other. */
static int pass_conditional(struct relay *relay, const uint8_t *frame, size_t len)
{
    struct buf plain = BUF_INIT(WIRE_MAX);
    struct wire in = {.at = frame + STREAM_LEAST + FRAMES_KNOWN, .left = 4};
    struct known *place = NULL;
    if (len < STREAM_LEAST + FRAMES_KNOWN + 4)
        return SND_E_BAD;
    for (size_t i = 0; i < FRAMES_AHEAD && !place; i++)
        if (!relay->known[i].used)
            place = &relay->known[i];
    if (!place)
        return SND_E_BAD; /* more than anybody who waits for answers has on the way */
    wire_begin(&plain);
    wire_put_u8(&plain, 'Q');
    buf_put(&plain, frame + STREAM_LEAST + FRAMES_KNOWN, len - STREAM_LEAST - FRAMES_KNOWN);
    int err = wire_end(&plain);
    if (!err)
        err = pass_request(relay, plain.data, plain.len);
    if (!err) {
        *place = (struct known){.tag = wire_u32(&in), .used = 1};
        memcpy(place->sha, frame + STREAM_LEAST, FRAMES_KNOWN);
    }
    buf_free(&plain);
    return err;
}

/* Goes on in the session whose ticket that is, if it lives and is this account's. 1 when it does.
 */
static int go_on(struct relay *relay, const uint8_t *ticket)
{
    struct book *beside = NULL;
    struct book_me me;
    if (book_beside(relay->book, &beside))
        return 0;
    int err = book_auth_ticket(beside, ticket, relay->args->peer, &me);
    if (!err && strcmp(me.account, relay->args->me->account) != 0) {
        book_drop(beside); /* somebody else's, which is left alone */
        err = SND_E_AUTH;
    }
    struct book *old = err ? beside : relay->book;
    if (!err)
        *relay->args->book = relay->book = beside;
    book_close(&old);
    return err == 0;
}

static int take_hello(struct relay *relay, struct wire *in)
{
    uint8_t ticket[BOOK_TICKET], version = wire_u8(in);
    struct buf hello = BUF_INIT(128);
    size_t len;
    const uint8_t *given = wire_bytes(in, &len);
    if (wire_done(in) || (len != 0 && len != BOOK_TICKET) || relay->greeted)
        return SND_E_BAD;
    if (version != FRAMES_VERSION)
        return SND_E_VERSION;
    int resumed = len > 0 && go_on(relay, given);
    book_ticket(relay->book, ticket);
    wire_begin(&hello);
    wire_put_u8(&hello, 'H');
    wire_put_u8(&hello, FRAMES_VERSION);
    wire_put_bytes(&hello, ticket, sizeof ticket);
    wire_put_u8(&hello, (uint8_t)resumed);
    mem_wipe(ticket, sizeof ticket);
    relay->greeted = 1;
    log_info("relay.began", "account=%s resumed=%d", relay->args->me->account, resumed);
    return give_frame(relay, &hello);
}

static int take_frame(struct relay *relay, const uint8_t *frame, size_t len)
{
    struct wire in;
    if (wire_open(&in, frame, len))
        return SND_E_BAD;
    uint8_t what = wire_u8(&in);
    if (what == 'H')
        return take_hello(relay, &in);
    if (!relay->greeted)
        return SND_E_BAD;
    if (what == 'C')
        return pass_conditional(relay, frame, len);
    return what == 'Q' ? pass_request(relay, frame, len) : SND_E_BAD;
}

/* ---- the ledger's coming and going ---- */

static int client_gone(const struct relay *relay, int wait)
{
    struct pollfd line = {.fd = relay->args->bytes};
    return poll(&line, 1, wait) > 0;
}

/* Finds the ledger again, as the same person. */
static int seek(struct relay *relay)
{
    struct buf again = BUF_INIT(16);
    int64_t until = clock_mono_ms() + BOOK_PATIENCE_MS;
    int err = SND_E_LOST;
    book_drop(relay->book);
    buf_free(&relay->held);
    memset(relay->known, 0, sizeof relay->known);
    if (++relay->losses > LOSSES_MOST)
        return SND_E_BAD; /* it takes what comes from here for no request */
    while (err == SND_E_LOST && clock_mono_ms() < until) {
        err = book_retry(relay->book);
        if (err == SND_E_LOST && client_gone(relay, SEEK_MS))
            return SND_E_LOST;
    }
    if (err)
        return err;
    wire_begin(&again);
    wire_put_u8(&again, 'R');
    return give_frame(relay, &again);
}

/* What came is passed on, frame by frame, as far as the ledger takes it. */
static int pass_on(struct relay *relay)
{
    for (;;) {
        const uint8_t *frame;
        size_t len;
        if (relay->held.len > 0) {
            int err = book_carry(relay->book, &relay->held);
            if (err)
                return err == SND_E_BUSY ? 0 : seek(relay);
            buf_free(&relay->held);
        }
        int got = stream_next(&relay->in, &frame, &len);
        if (got == 1)
            got = take_frame(relay, frame, len);
        else if (got == 0)
            return 0;
        if (got)
            return got;
    }
}

static int hear_ledger(struct relay *relay)
{
    for (;;) {
        const uint8_t *frame;
        size_t len;
        int got = book_carried(relay->book, &frame, &len);
        if (got == SND_E_BUSY)
            return 0;
        if (got != 1)
            return seek(relay);
        int err = pass_answer(relay, frame, len);
        if (err)
            return err;
    }
}

/* 0, SND_E_LOST at the client's end, SND_E_BAD. */
static int hear_client(struct relay *relay)
{
    static uint8_t bytes[STREAM_PIECE];
    ssize_t got = read(relay->args->bytes, bytes, sizeof bytes);
    if (got < 0 && errno == EINTR)
        return 0;
    if (got <= 0)
        return SND_E_LOST;
    int err = stream_feed(&relay->in, bytes, (size_t)got);
    mem_wipe(bytes, (size_t)got);
    return err;
}

static int turn(struct relay *relay)
{
    int full = relay->held.len > 0;
    struct pollfd fds[] = {
        {.fd = relay->args->bytes, .events = full ? 0 : POLLIN},
        {.fd = book_fd(relay->book), .events = (short)(full ? POLLIN | POLLOUT : POLLIN)}};
    int ready = poll(fds, SND_COUNT(fds), relay->greeted ? -1 : HELLO_MS);
    if (ready < 0)
        return errno == EINTR ? 0 : SND_E_SYS;
    if (ready == 0)
        return SND_E_TIMEOUT;
    int err = fds[0].revents ? (full ? SND_E_LOST : hear_client(relay)) : 0;
    if (!err && fds[1].revents & (POLLIN | POLLHUP | POLLERR))
        err = hear_ledger(relay);
    if (!err)
        err = pass_on(relay);
    return err;
}

static void say_why(const struct relay *relay, int err)
{
    static const struct {
        int err;
        const char *line;
    } lines[] = {
        {SND_E_AUTH, N_("Your session was ended by the administrator.")},
        {SND_E_VERSION,
         N_("The sanad on your computer and the office's don't fit together: bring both up to "
            "date.")},
        {SND_E_BAD,
         N_("What came is nothing that sanad desk --to sends: begin it again, or bring it up to "
            "date.")},
    };
    for (size_t i = 0; i < SND_COUNT(lines); i++)
        if (lines[i].err == err)
            relay->args->say(relay->args->arg, _(lines[i].line));
}

int relay_run(const struct relay_args *args)
{
    struct relay relay = {.args = args, .book = *args->book, .in = STREAM_INIT};
    int err = 0;
    msg_set_language(args->me->lang);
    while (!err)
        err = turn(&relay);
    if (err != SND_E_LOST) {
        log_warn("relay.ended", "account=%s error=%s", args->me->account, err_text(err));
        say_why(&relay, err);
    }
    if (err != SND_E_AUTH)
        book_drop(relay.book);
    buf_free(&relay.held);
    stream_free(&relay.in);
    return err != SND_E_LOST;
}
