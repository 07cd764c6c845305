/* SPDX-License-Identifier: Apache-2.0
 * The wire encoding: what was put comes back, and nothing cut or grown comes through. */
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/wire.h"
#include "tests/tap.h"

static void make(struct buf *frame, const struct id *id)
{
    wire_begin(frame);
    wire_put_u8(frame, 7);
    wire_put_u32(frame, 0xdeadbeef);
    wire_put_i64(frame, -5);
    wire_put_text(frame, "سند");
    wire_put_id(frame, id);
    wire_put_bytes(frame, "\0\1", 2);
}

static void there_and_back(void)
{
    struct buf frame = BUF_INIT(WIRE_MAX);
    struct id id = id_new(), back;
    struct wire in;
    char text[16];
    size_t len;
    make(&frame, &id);
    tap_is_int(wire_end(&frame), 0, "a frame ends");
    tap_is_int(wire_open(&in, frame.data, frame.len), 0, "a frame opens");
    tap_is_int(wire_u8(&in), 7, "u8");
    tap_is_int(wire_u32(&in), 0xdeadbeef, "u32");
    tap_is_int(wire_i64(&in), -5, "i64");
    wire_text(&in, text, sizeof text);
    tap_is(text, "سند", "text");
    wire_id(&in, &back);
    tap_ok(id_equal(&id, &back), "id");
    const uint8_t *bytes = wire_bytes(&in, &len);
    tap_ok(len == 2 && bytes[1] == 1, "bytes");
    tap_is_int(wire_done(&in), 0, "all read");
    buf_free(&frame);
}

static void every_cut_is_refused(void)
{
    struct buf frame = BUF_INIT(WIRE_MAX);
    struct id id = id_new();
    int through = 0;
    make(&frame, &id);
    tap_is_int(wire_end(&frame), 0, "a frame to cut");
    for (size_t len = 0; len < frame.len; len++) {
        struct wire in;
        char *exact = x_alloc(len + 1);
        memcpy(exact, frame.data, len);
        through += wire_open(&in, exact, len) == 0;
        x_free(&exact);
    }
    tap_is_int(through, 0, "no cut frame opens");
    buf_free(&frame);
}

static void bad_texts(void)
{
    struct buf frame = BUF_INIT(WIRE_MAX);
    struct wire in;
    char small[3];
    wire_begin(&frame);
    wire_put_bytes(&frame, "a\0b", 3);
    tap_is_int(wire_end(&frame), 0, "a frame with a zero in a text");
    tap_is_int(wire_open(&in, frame.data, frame.len), 0, "opens");
    wire_text(&in, small, sizeof small);
    tap_ok(in.bad && !*small, "a text with a zero inside, or too long, is bad");
    frame.data[7] = 0xff;
    tap_is_int(wire_open(&in, frame.data, frame.len), 0, "opens with a lying length");
    char *text = wire_text_dup(&in, 100);
    tap_ok(in.bad && !*text, "a length past the end is bad");
    x_free(&text);
    wire_begin(&frame);
    char *huge = x_alloc(WIRE_MAX + 1);
    wire_put_bytes(&frame, huge, WIRE_MAX);
    tap_is_int(wire_end(&frame), SND_E_LIMIT, "a frame over 64 KiB doesn't end");
    x_free(&huge);
    buf_free(&frame);
}

static void over_a_socket(void)
{
    int pair[2], fds[2], count = 0;
    struct buf frame = BUF_INIT(WIRE_MAX);
    char got[16];
    if (proc_pair_packets(pair))
        return;
    wire_begin(&frame);
    wire_put_text(&frame, "0123456789");
    tap_is_int(wire_end(&frame), 0, "a frame to send");
    tap_is_int(wire_send(pair[0], &frame), 0, "sent");
    tap_is_int(wire_recv(pair[1], got, sizeof got), SND_E_BAD, "a truncated message is refused");
    char room[64];
    tap_is_int(wire_send_fds(pair[0], &frame, pair, 2), 0, "sent with descriptors");
    tap_is_int(wire_recv_fds(pair[1], room, sizeof room, fds, &count), 18, "received");
    tap_is_int(count, 2, "two descriptors came along");
    for (int i = 0; i < count; i++)
        proc_close(&fds[i]);
    int free_one = dup(pair[0]), next_one;
    close(free_one);
    tap_is_int(wire_send_fds(pair[0], &frame, pair, 2), 0, "sent with descriptors again");
    tap_is_int(wire_recv_fds(pair[1], got, 4, fds, &count), SND_E_BAD, "received cut");
    next_one = dup(pair[0]);
    tap_ok(count == 0 && next_one == free_one, "no descriptor of a cut message stays open");
    close(next_one);
    proc_close(&pair[0]);
    tap_is_int(wire_recv(pair[1], room, sizeof room), 0, "the other side's end");
    proc_close(&pair[1]);
    buf_free(&frame);
}

int main(void)
{
    there_and_back();
    every_cut_is_refused();
    bad_texts();
    over_a_socket();
    return tap_done();
}
