/* SPDX-License-Identifier: Apache-2.0
 * Clients that mean ill, or are broken: noise, cut frames, frames as large as they come, requests
 * without end from somebody who reads no answer, connections without end. Meanwhile a clerk works,
 * and is never kept waiting. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

static struct book *clerk;
static int64_t slowest;

/* The clerk's next call: how long it took. */
static int works(void)
{
    struct book_office office;
    int64_t begin = clock_mono_ms();
    int err = book_office(clerk, &office);
    int64_t took = clock_mono_ms() - begin;
    if (took > slowest)
        slowest = took;
    return err == 0;
}

/* 1 when the other side closes within 5 s. */
static int is_closed(int fd)
{
    static uint8_t in[WIRE_MAX];
    int64_t end = clock_mono_ms() + 5000;
    while (clock_mono_ms() < end) {
        struct pollfd poller = {.fd = fd, .events = POLLIN};
        if (poll(&poller, 1, 100) == 1 && recv(fd, in, sizeof in, 0) <= 0)
            return 1;
    }
    return 0;
}

static int send_and_see(const struct rig *rig, const void *bytes, size_t len, int log_in)
{
    int fd = rig_connect(rig), closed = 0;
    if (!log_in || rig_raw_login(fd, "owner", NULL) == 0) {
        (void)!send(fd, bytes, len, MSG_NOSIGNAL);
        closed = is_closed(fd);
    }
    close(fd);
    return closed;
}

/* A well-formed draft.put. */
static void good_frame(const struct rig *rig, struct buf *frame)
{
    struct id id = id_new();
    rig_begin(frame, 1, "draft.put", &id);
    wire_put_id(frame, &id);
    wire_put_text(frame, "TS-01");
    wire_put_bytes(frame, rig->open_form, HASH_SIZE);
    wire_put_u32(frame, 0);
    wire_put_u32(frame, 0);
    wire_put_text(frame, "");
    wire_put_text(frame, "");
    wire_put_text(frame, "{}");
    (void)!wire_end(frame);
}

static void noise(const struct rig *rig)
{
    static uint8_t bytes[WIRE_MAX];
    int closed = 0, busy = 0;
    for (int i = 0; i < 200; i++) {
        size_t len = 1 + random_below(2000);
        random_bytes(bytes, len);
        closed += send_and_see(rig, bytes, len, i & 1);
        busy += works();
    }
    tap_is_int(closed, 200, "200 frames of noise close their connections");
    tap_is_int(busy, 200, "the clerk works on");
}

static void cut(const struct rig *rig)
{
    struct buf frame;
    int closed = 0, cuts = 0;
    good_frame(rig, &frame);
    for (size_t len = 1; len < frame.len; len++) {
        struct buf shorter = BUF_INIT(WIRE_MAX);
        buf_put(&shorter, frame.data, len);
        if (len >= 4) { /* its length says what it is, the rest is missing */
            shorter.data[2] = (uint8_t)(len >> 8);
            shorter.data[3] = (uint8_t)len;
        }
        closed += send_and_see(rig, shorter.data, len, 1);
        cuts++;
        buf_free(&shorter);
    }
    buf_putc(&frame, 'x');
    frame.data[3] = (uint8_t)(frame.data[3] + 1);
    closed += send_and_see(rig, frame.data, frame.len, 1);
    buf_free(&frame);
    tap_is_int(closed, cuts + 1, "a request cut at any byte, or with one too many, closes its own");
    tap_ok(works(), "the clerk works on");
}

static void large(const struct rig *rig)
{
    static char text[WIRE_MAX];
    struct buf frame;
    struct wire answer;
    struct id id = id_new(), write = id_new();
    int fd = rig_connect(rig), status = -1;
    (void)!rig_raw_login(fd, "owner", NULL);
    rig_begin(&frame, 1, "draft.put", &write);
    wire_put_id(&frame, &id);
    wire_put_text(&frame, "TS-01");
    wire_put_bytes(&frame, rig->open_form, HASH_SIZE);
    wire_put_u32(&frame, 0);
    wire_put_u32(&frame, 0);
    wire_put_text(&frame, "");
    wire_put_text(&frame, "");
    memset(text, 'a', WIRE_MAX - 4 - frame.len);
    wire_put_text(&frame, text);
    tap_is_int((long long)frame.len, WIRE_MAX, "a frame of 64 KiB");
    tap_ok(rig_ask(fd, &frame, &status, &answer) == 0 && status == 0, "is taken");
    rig_begin(&frame, 2, "draft.open", &write);
    wire_put_id(&frame, &id);
    tap_ok(rig_ask(fd, &frame, &status, &answer) == 0 && status == 0 && answer.left > 65000,
           "what went in comes out");
    rig_begin(&frame, 2, "office.get", NULL);
    tap_ok(rig_ask(fd, &frame, &status, &answer) == 0 && status == 0, "and the connection stands");
    rig_begin(&frame, 3, "form.nothing", NULL);
    tap_ok(rig_ask(fd, &frame, &status, &answer) == 0 && status == SND_E_NOTFOUND,
           "an operation that doesn't exist");
    close(fd);
    memset(text, 0xff, sizeof text);
    tap_ok(send_and_see(rig, text, sizeof text, 0), "64 KiB of nothing");
}

/* Asks and asks and reads nothing: 256 KiB of answers and it is cut off. */
static void no_reader(const struct rig *rig)
{
    struct buf frame;
    int fd = rig_connect(rig), err = 0, sent = 0, busy = 0, all = 0;
    int64_t end = clock_mono_ms() + 20000;
    (void)!rig_raw_login(fd, "owner", NULL);
    while (err != SND_E_LOST && clock_mono_ms() < end) {
        rig_begin(&frame, 4, "form.get", NULL);
        wire_put_bytes(&frame, rig->open_form, HASH_SIZE);
        (void)!wire_end(&frame);
        err = wire_send(fd, &frame);
        sent += err == 0;
        buf_free(&frame);
        if (err == SND_E_BUSY) {
            all++;
            busy += works();
        }
    }
    tap_note("%d requests sent, the clerk's slowest call %d ms", sent, (int)slowest);
    tap_is_int(err, SND_E_LOST, "who reads no answers is cut off");
    tap_ok(busy == all && works(), "the clerk works on meanwhile");
    close(fd);
}

static void many(const struct rig *rig)
{
    int fds[300], busy = 0;
    for (int i = 0; i < 300; i++) {
        fds[i] = rig_connect(rig);
        busy += works();
    }
    tap_is_int(busy, 300, "300 silent connections keep nobody waiting");
    for (int i = 0; i < 300; i++)
        close(fds[i]);
}

int main(void)
{
    struct rig rig;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    clerk = rig_login(&rig, "clerk");
    noise(&rig);
    cut(&rig);
    large(&rig);
    no_reader(&rig);
    many(&rig);
    tap_ok(slowest < 1000, "the clerk's slowest call took under a second");
    book_close(&clerk);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
