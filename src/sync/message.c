/* SPDX-License-Identifier: Apache-2.0
 * The heads of the messages between centre and hub, and how a message is taken apart as it arrives.
 * A head is bounded by the frame it lies in; nothing in it says how much memory to take. */
#include "sync/message_priv.h"
#include <string.h>
#include "base/err.h"

#define LENGTH 4 /* bytes of a frame's own length */

static void put_hash(struct buf *out, const uint8_t hash[HASH_SIZE])
{
    buf_put(out, hash, HASH_SIZE);
}

static void get_fixed(struct wire *in, void *out, size_t len)
{
    if (in->bad || in->left < len) {
        in->bad = 1;
        memset(out, 0, len);
        return;
    }
    memcpy(out, in->at, len);
    in->at += len;
    in->left -= len;
}

void message_put_up(struct buf *out, const struct message_up *up)
{
    struct buf frame = BUF_INIT(WIRE_MAX);
    wire_begin(&frame);
    wire_put_u8(&frame, MESSAGE_PROTO);
    wire_put_id(&frame, &up->node);
    wire_put_i64(&frame, up->epoch);
    wire_put_i64(&frame, up->first);
    put_hash(&frame, up->before);
    put_hash(&frame, up->head);
    buf_put(&frame, up->signature, sizeof up->signature);
    wire_put_i64(&frame, up->hub_epoch);
    wire_put_i64(&frame, up->hub_seq);
    wire_put_i64(&frame, up->now);
    wire_put_u32(&frame, up->room);
    wire_put_text(&frame, up->program);
    snd_assert(wire_end(&frame) == 0);
    buf_put(out, frame.data, frame.len);
    buf_free(&frame);
}

void message_put_down(struct buf *out, const struct message_down *down)
{
    struct buf frame = BUF_INIT(WIRE_MAX);
    wire_begin(&frame);
    wire_put_u8(&frame, MESSAGE_PROTO);
    wire_put_id(&frame, &down->hub);
    wire_put_u8(&frame, (uint8_t)down->code);
    wire_put_i64(&frame, down->epoch);
    wire_put_i64(&frame, down->have);
    wire_put_i64(&frame, down->now);
    wire_put_i64(&frame, down->hub_epoch);
    wire_put_i64(&frame, down->hub_seq);
    wire_put_u8(&frame, (uint8_t)down->more);
    wire_put_u32(&frame, (uint32_t)down->refused);
    for (size_t i = 0; i < down->refused; i++) {
        wire_put_i64(&frame, down->why[i].seq);
        wire_put_u8(&frame, down->why[i].why);
    }
    snd_assert(wire_end(&frame) == 0);
    buf_put(out, frame.data, frame.len);
    buf_free(&frame);
}

/* Opens a head and reads its protocol. */
static int open_head(struct wire *in, const void *head, size_t len, int *proto)
{
    if (wire_open(in, head, len))
        return SND_E_BAD;
    *proto = wire_u8(in);
    if (in->bad)
        return SND_E_BAD;
    return *proto < MESSAGE_PROTO_LEAST ? SND_E_VERSION : 0;
}

/* A newer head may go on: what is behind our own fields is left. */
static int close_head(const struct wire *in, int proto)
{
    if (in->bad || (in->left > 0 && proto <= MESSAGE_PROTO))
        return SND_E_BAD;
    return 0;
}

int message_get_up(const void *head, size_t len, struct message_up *up)
{
    struct wire in;
    memset(up, 0, sizeof *up);
    int err = open_head(&in, head, len, &up->proto);
    if (err)
        return err;
    wire_id(&in, &up->node);
    up->epoch = wire_i64(&in);
    up->first = wire_i64(&in);
    get_fixed(&in, up->before, sizeof up->before);
    get_fixed(&in, up->head, sizeof up->head);
    get_fixed(&in, up->signature, sizeof up->signature);
    up->hub_epoch = wire_i64(&in);
    up->hub_seq = wire_i64(&in);
    up->now = wire_i64(&in);
    up->room = wire_u32(&in);
    wire_text(&in, up->program, sizeof up->program);
    if (up->epoch < 0 || up->first < 1 || up->hub_epoch < 0 || up->hub_seq < 0)
        in.bad = 1;
    return close_head(&in, up->proto);
}

int message_get_down(const void *head, size_t len, struct message_down *down)
{
    struct wire in;
    memset(down, 0, sizeof *down);
    int err = open_head(&in, head, len, &down->proto);
    if (err)
        return err;
    wire_id(&in, &down->hub);
    uint8_t code = wire_u8(&in);
    down->code = (enum message_code)code;
    down->epoch = wire_i64(&in);
    down->have = wire_i64(&in);
    down->now = wire_i64(&in);
    down->hub_epoch = wire_i64(&in);
    down->hub_seq = wire_i64(&in);
    down->more = wire_u8(&in);
    down->refused = wire_u32(&in);
    if (code >= MESSAGE_CODES || down->more > 1 || down->refused > MESSAGE_REFUSED ||
        down->epoch < 0 || down->have < 0 || down->hub_epoch < 0 || down->hub_seq < 0) {
        down->refused = 0;
        return SND_E_BAD;
    }
    for (size_t i = 0; i < down->refused; i++) {
        down->why[i].seq = wire_i64(&in);
        down->why[i].why = wire_u8(&in);
    }
    return close_head(&in, down->proto);
}

void message_reader_begin(struct message_reader *reader)
{
    reader->head = BUF_INIT(WIRE_MAX);
    reader->want = 0;
    reader->whole = 0;
}

void message_reader_end(struct message_reader *reader)
{
    buf_free(&reader->head);
}

/* Takes so many of the bytes as the head still wants. */
static int gather(struct message_reader *reader, size_t want, const uint8_t **at, size_t *len)
{
    size_t lacks = want - reader->head.len, some = *len < lacks ? *len : lacks;
    buf_put(&reader->head, *at, some);
    *at += some;
    *len -= some;
    return reader->head.len == want;
}

/* 1 = the head is whole, 0 = not yet, or an error. */
static int take_head(struct message_reader *reader, const uint8_t **at, size_t *len)
{
    if (reader->want == 0) {
        if (!gather(reader, LENGTH, at, len))
            return 0;
        struct wire in = {.at = reader->head.data, .left = LENGTH};
        reader->want = wire_u32(&in);
        if (reader->want <= LENGTH || reader->want > WIRE_MAX)
            return SND_E_BAD;
    }
    if (!gather(reader, reader->want, at, len))
        return 0;
    reader->whole = 1;
    int err = reader->on_head(reader->arg, reader->head.data, reader->head.len);
    return err ? err : 1;
}

int message_reader_put(void *of, const void *bytes, size_t len)
{
    struct message_reader *reader = of;
    const uint8_t *at = bytes;
    if (!reader->whole) {
        int got = take_head(reader, &at, &len);
        if (got <= 0)
            return got;
    }
    return len > 0 ? reader->on_run(reader->arg, at, len) : 0;
}
