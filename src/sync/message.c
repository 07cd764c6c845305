/* SPDX-License-Identifier: Apache-2.0
 * The heads of the messages between centre and hub, and how a message is taken apart as it arrives.
 * A head is bounded; nothing in it says how much memory to take. */
#include "sync/message_priv.h"
#include <string.h>
#include "base/err.h"

#define UP_ENDS 1 /* `before` and `signature` are there */
#define DOWN_MORE 1
#define LENGTH_MAX 2 /* bytes of a head's length */
#define NUMBER_MAX 9 /* bytes of a number below 2^63 */

static void put_number(struct buf *out, int64_t number)
{
    uint64_t left = (uint64_t)number;
    for (; left > 0x7f; left >>= 7)
        buf_putc(out, (char)(uint8_t)(left | 0x80));
    buf_putc(out, (char)(uint8_t)left);
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

/* A number in its shortest form. */
static int64_t get_number(struct wire *in)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < NUMBER_MAX; i++) {
        uint8_t byte = wire_u8(in);
        number |= (uint64_t)(byte & 0x7f) << 7 * i;
        if (byte & 0x80)
            continue;
        if (in->bad || (byte == 0 && i > 0))
            break;
        return (int64_t)number;
    }
    in->bad = 1;
    return 0;
}

static void put_text(struct buf *out, const char *text)
{
    size_t len = strlen(text);
    put_number(out, (int64_t)len);
    buf_put(out, text, len);
}

static void get_text(struct wire *in, char *out, size_t size)
{
    int64_t len = get_number(in);
    if (len >= (int64_t)size || memchr(in->at, 0, in->left < (size_t)len ? 0 : (size_t)len))
        in->bad = 1;
    get_fixed(in, out, in->bad ? 0 : (size_t)len);
    out[in->bad ? 0 : (size_t)len] = '\0';
}

/* The head with its length in front. */
static void put_head(struct buf *out, struct buf *head)
{
    put_number(out, (int64_t)head->len);
    buf_put(out, head->data, head->len);
    buf_free(head);
}

void message_put_up(struct buf *out, const struct message_up *up)
{
    struct buf head = BUF_INIT(MESSAGE_HEAD_MAX);
    buf_putc(&head, MESSAGE_PROTO);
    buf_putc(&head, (char)(up->ends ? UP_ENDS : 0));
    put_number(&head, up->epoch);
    put_number(&head, up->first);
    put_number(&head, up->skip);
    if (up->ends) {
        buf_put(&head, up->before, sizeof up->before);
        buf_put(&head, up->signature, sizeof up->signature);
    }
    put_number(&head, up->hub_epoch);
    put_number(&head, up->hub_seq);
    put_number(&head, up->hub_skip);
    put_number(&head, up->now);
    put_number(&head, up->room);
    put_text(&head, up->program);
    if (up->program[0]) {
        put_number(&head, up->events);
        put_number(&head, up->documents);
        put_number(&head, up->oldest);
    }
    put_head(out, &head);
}

void message_put_down(struct buf *out, const struct message_down *down)
{
    struct buf head = BUF_INIT(MESSAGE_HEAD_MAX);
    buf_putc(&head, MESSAGE_PROTO);
    buf_putc(&head, (char)(down->more ? DOWN_MORE : 0));
    put_number(&head, (int64_t)down->code);
    put_number(&head, down->epoch);
    put_number(&head, down->have);
    put_number(&head, down->held);
    put_number(&head, down->now);
    put_number(&head, down->hub_epoch);
    put_number(&head, down->hub_seq);
    put_number(&head, down->hub_skip);
    put_number(&head, (int64_t)down->refused);
    for (size_t i = 0; i < down->refused; i++) {
        put_number(&head, down->why[i].seq);
        buf_putc(&head, (char)down->why[i].why);
    }
    put_head(out, &head);
}

void message_put_back(struct buf *out, const struct message_back *back)
{
    struct buf head = BUF_INIT(MESSAGE_HEAD_MAX);
    buf_putc(&head, MESSAGE_PROTO);
    buf_putc(&head, (char)(back->more ? DOWN_MORE : 0));
    put_number(&head, back->epoch);
    put_number(&head, back->first);
    put_number(&head, back->last);
    buf_put(&head, back->before, sizeof back->before);
    buf_put(&head, back->head, sizeof back->head);
    put_head(out, &head);
}

/* Opens a head and reads its protocol and flags. */
static int open_head(struct wire *in, const void *head, size_t len, int *proto, uint8_t *flags)
{
    *in = (struct wire){.at = head, .left = len};
    *proto = wire_u8(in);
    *flags = wire_u8(in);
    if (in->bad)
        return SND_E_BAD;
    return *proto < MESSAGE_PROTO_LEAST ? SND_E_VERSION : 0;
}

/* A newer head may go on: what is behind our own fields is left. */
static int close_head(const struct wire *in, int proto)
{
    return in->bad || (in->left > 0 && proto <= MESSAGE_PROTO) ? SND_E_BAD : 0;
}

int message_get_up(const void *head, size_t len, struct message_up *up)
{
    struct wire in;
    uint8_t flags;
    memset(up, 0, sizeof *up);
    int err = open_head(&in, head, len, &up->proto, &flags);
    if (err)
        return err;
    up->ends = (flags & UP_ENDS) != 0;
    up->epoch = get_number(&in);
    up->first = get_number(&in);
    up->skip = get_number(&in);
    if (up->ends) {
        get_fixed(&in, up->before, sizeof up->before);
        get_fixed(&in, up->signature, sizeof up->signature);
    }
    up->hub_epoch = get_number(&in);
    up->hub_seq = get_number(&in);
    up->hub_skip = get_number(&in);
    up->now = get_number(&in);
    up->room = get_number(&in);
    get_text(&in, up->program, sizeof up->program);
    if (up->program[0] && up->proto >= MESSAGE_PROTO_WAITS) {
        up->events = get_number(&in);
        up->documents = get_number(&in);
        up->oldest = get_number(&in);
    }
    if (up->first < 1 || up->skip > MESSAGE_RUN_MAX || up->hub_skip > MESSAGE_RUN_MAX)
        return SND_E_BAD;
    return close_head(&in, up->proto);
}

int message_get_down(const void *head, size_t len, struct message_down *down)
{
    struct wire in;
    uint8_t flags;
    memset(down, 0, sizeof *down);
    int err = open_head(&in, head, len, &down->proto, &flags);
    if (err)
        return err;
    int64_t code = get_number(&in);
    down->code = (enum message_code)code;
    down->more = (flags & DOWN_MORE) != 0;
    down->epoch = get_number(&in);
    down->have = get_number(&in);
    down->held = get_number(&in);
    down->now = get_number(&in);
    down->hub_epoch = get_number(&in);
    down->hub_seq = get_number(&in);
    down->hub_skip = get_number(&in);
    int64_t refused = get_number(&in);
    if (code >= MESSAGE_CODES || refused > MESSAGE_REFUSED || down->held > MESSAGE_RUN_MAX ||
        down->hub_skip > MESSAGE_RUN_MAX)
        return SND_E_BAD;
    for (; down->refused < (size_t)refused; down->refused++) {
        down->why[down->refused].seq = get_number(&in);
        down->why[down->refused].why = wire_u8(&in);
    }
    return close_head(&in, down->proto);
}

int message_get_back(const void *head, size_t len, struct message_back *back)
{
    struct wire in;
    uint8_t flags;
    memset(back, 0, sizeof *back);
    int err = open_head(&in, head, len, &back->proto, &flags);
    if (err)
        return err;
    back->more = (flags & DOWN_MORE) != 0;
    back->epoch = get_number(&in);
    back->first = get_number(&in);
    back->last = get_number(&in);
    get_fixed(&in, back->before, sizeof back->before);
    get_fixed(&in, back->head, sizeof back->head);
    if (back->first < 1 || back->last < back->first - 1)
        return SND_E_BAD;
    return close_head(&in, back->proto);
}

void message_reader_begin(struct message_reader *reader)
{
    reader->head = BUF_INIT(MESSAGE_HEAD_MAX + LENGTH_MAX);
    reader->want = 0;
    reader->whole = 0;
}

void message_reader_end(struct message_reader *reader)
{
    buf_free(&reader->head);
}

/* The head's length from what is there of it: 1, 0 = not yet, SND_E_BAD. */
static int know_length(struct message_reader *reader)
{
    struct wire in = {.at = reader->head.data, .left = reader->head.len};
    if (in.left < LENGTH_MAX && in.at[in.left - 1] & 0x80)
        return 0;
    int64_t len = get_number(&in);
    if (in.bad || len < 2 || len > MESSAGE_HEAD_MAX)
        return SND_E_BAD;
    reader->want = (size_t)len + reader->head.len - in.left;
    return 1;
}

/* 1 = the head is whole, 0 = not yet, or an error. */
static int take_head(struct message_reader *reader, const uint8_t **at, size_t *len)
{
    while (reader->want == 0 && *len > 0) {
        buf_put(&reader->head, (*at)++, 1);
        --*len;
        int known = know_length(reader);
        if (known < 0)
            return known;
    }
    if (reader->want == 0)
        return 0;
    size_t lacks = reader->want - reader->head.len, some = *len < lacks ? *len : lacks;
    buf_put(&reader->head, *at, some);
    *at += some;
    *len -= some;
    if (some < lacks)
        return 0;
    reader->whole = 1;
    struct wire in = {.at = reader->head.data, .left = reader->head.len};
    size_t said = (size_t)get_number(&in);
    int err = reader->on_head(reader->arg, in.at, said);
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
