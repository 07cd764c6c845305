/* SPDX-License-Identifier: Apache-2.0
 * Messages between centre and hub: what is put comes out again however it is cut into pieces; what
 * is cut short, bent or blown up is refused, and costs little memory. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "sync/answer_priv.h"
#include "sync/message_priv.h"
#include "sync/squeeze_priv.h"
#include "tests/tap.h"

struct got {
    struct message_up up;
    struct buf run;
    int heads, err;
};

static int on_head(void *arg, const void *head, size_t len)
{
    struct got *got = arg;
    got->heads++;
    return message_get_up(head, len, &got->up);
}

static int on_run(void *arg, const void *bytes, size_t len)
{
    struct got *got = arg;
    buf_put(&got->run, bytes, len);
    return got->run.failed ? SND_E_LIMIT : 0;
}

/* Takes a squeezed message in pieces of `step` bytes. */
static int take(const struct buf *body, size_t step, struct got *got)
{
    struct message_reader reader = {.on_head = on_head, .on_run = on_run, .arg = got};
    *got = (struct got){.run = BUF_INIT(MESSAGE_RUN_MAX)};
    message_reader_begin(&reader);
    struct unsqueeze *unsqueeze = unsqueeze_new(MESSAGE_RUN_MAX, message_reader_put, &reader);
    int err = 0;
    for (size_t at = 0; at < body->len && !err; at += step)
        err = unsqueeze_put(unsqueeze, body->data + at,
                            body->len - at < step ? body->len - at : step);
    if (!err)
        err = unsqueeze_end(unsqueeze);
    unsqueeze_free(&unsqueeze);
    message_reader_end(&reader);
    if (!err && got->heads != 1)
        err = SND_E_BAD;
    return err;
}

static struct message_up sample(void)
{
    struct message_up up = {.proto = MESSAGE_PROTO,

                            .epoch = 3,
                            .first = 41,
                            .ends = 1,
                            .hub_epoch = 1,
                            .hub_seq = 77,
                            .now = 1515000000000,
                            .room = 65536,
                            .program = "0.1.0",
                            .events = 5,
                            .documents = 2,
                            .oldest = 1};
    memset(up.before, 1, sizeof up.before);
    memset(up.signature, 3, sizeof up.signature);
    return up;
}

static void make(struct buf *body, size_t run)
{
    struct message_up up = sample();
    struct buf plain = BUF_INIT(MESSAGE_RUN_MAX);
    message_put_up(&plain, &up);
    for (size_t i = 0; i < run; i++)
        buf_putc(&plain, (char)('a' + i * i % 23));
    *body = BUF_INIT(MESSAGE_BODY_MAX);
    snd_assert(squeeze(plain.data, plain.len, body) == 0);
    buf_free(&plain);
}

static void test_pieces(void)
{
    static const size_t steps[] = {1, 2, 3, 7, 100, 100000};
    struct buf body;
    make(&body, 5000);
    struct message_up want = sample();
    int same = 0;
    for (size_t i = 0; i < SND_COUNT(steps); i++) {
        struct got got;
        int err = take(&body, steps[i], &got);
        same += !err && got.run.len == 5000 && memcmp(&want, &got.up, sizeof want) == 0;
        buf_free(&got.run);
    }
    tap_is_int(same, (int)SND_COUNT(steps),
               "a message comes out as it was put, in whatever pieces");
    buf_free(&body);
}

static void test_cut(void)
{
    struct buf body;
    make(&body, 300);
    size_t whole = body.len, taken = 0;
    for (size_t len = 0; len < whole; len++) {
        struct got got;
        body.len = len;
        taken += take(&body, 64, &got) == 0;
        buf_free(&got.run);
    }
    tap_is_int((int)taken, 0, "1, 6: a message cut at any byte is not a message");
    body.len = whole;
    buf_putc(&body, 'x');
    struct got got;
    tap_is_int(take(&body, 64, &got), SND_E_BAD, "nor one with something behind it");
    buf_free(&got.run);
    buf_free(&body);
}

static int read_up(const void *bytes, size_t len, void *up)
{
    return message_get_up(bytes, len, up);
}

/* Of a long one most comes out before its end is known to lack. */
static void test_cut_long(void)
{
    struct message_up up = sample();
    struct buf plain = BUF_INIT(MESSAGE_RUN_MAX), body = BUF_INIT(MESSAGE_BODY_MAX);
    uint32_t noise = 1;
    struct got got;
    size_t taken = 0, believed = 0;
    message_put_up(&plain, &up);
    for (size_t i = 0; i < 400000; i++) {
        noise = noise * 1664525 + 1013904223;
        buf_putc(&plain, (char)(noise >> 24));
    }
    int err = squeeze(plain.data, plain.len, &body);
    size_t whole = body.len;
    if (!err)
        err = take(&body, whole, &got);
    tap_ok(!err && got.run.len == 400000, "a long message that is whole is taken");
    buf_free(&got.run);
    for (size_t lacks = 1; lacks < 64; lacks++) {
        body.len = whole - lacks;
        taken += take(&body, whole, &got) == 0;
        buf_clear(&got.run);
        believed += answer_open(&body, MESSAGE_RUN_MAX, read_up, &got.up, &got.run) == TROUBLE_NONE;
        buf_free(&got.run);
    }
    tap_is_int((int)taken, 0, "6: and is none when its end lacks");
    tap_is_int((int)believed, 0, "6: nor is it believed as an answer");
    body.len = whole;
    buf_free(&plain);
    buf_free(&body);
}

/* A head without its length, which is one byte or two. */
static void bare(struct buf *head)
{
    buf_drop(head, head->data[0] & 0x80 ? 2 : 1);
}

static void test_head(void)
{
    struct message_up up = sample(), got;
    struct buf head = BUF_INIT(WIRE_MAX);
    message_put_up(&head, &up);
    bare(&head);
    size_t taken = 0, whole = head.len;
    for (size_t len = 0; len < whole; len++)
        taken += message_get_up(head.data, len, &got) == 0;
    tap_is_int((int)taken, 0, "a head that is too short is refused");
    head.data[0] = 0;
    tap_is_int(message_get_up(head.data, whole, &got), SND_E_VERSION, "23: so is one too old");
    head.data[0] = MESSAGE_PROTO + 1;
    buf_puts(&head, "more");
    tap_is_int(message_get_up(head.data, head.len, &got), 0,
               "24: a newer one may say more at its end");
    head.data[0] = MESSAGE_PROTO;
    tap_is_int(message_get_up(head.data, head.len, &got), SND_E_BAD, "one of ours may not");
    head.data[0] = MESSAGE_PROTO_WAITS - 1;
    tap_ok(message_get_up(head.data, head.len - strlen("more") - 3, &got) == 0 && got.events == 0 &&
               strcmp(got.program, "0.1.0") == 0,
           "24: an older one does not say what waits there");
    buf_clear(&head);
    up.ends = 0;
    up.skip = 1000;
    up.program[0] = '\0';
    message_put_up(&head, &up);
    tap_ok(head.len < 32, "a head in the middle of an event has %zu bytes", head.len);
    buf_free(&head);
}

static void test_down(void)
{
    struct message_down down = {.proto = MESSAGE_PROTO,
                                .code = MESSAGE_TAKEN,
                                .epoch = 2,
                                .have = 9,
                                .held = 300,
                                .now = 5,
                                .hub_epoch = 1,
                                .hub_seq = 4,
                                .hub_skip = 7,
                                .more = 1,
                                .refused = 2,
                                .why = {{7, 1}, {9, 2}}},
                        got;
    struct buf head = BUF_INIT(WIRE_MAX);
    message_put_down(&head, &down);
    bare(&head);
    tap_ok(message_get_down(head.data, head.len, &got) == 0 && memcmp(&down, &got, sizeof got) == 0,
           "an answer's head comes out as it was put");
    head.data[head.len - 5] = 200;
    tap_is_int(message_get_down(head.data, head.len, &got), SND_E_BAD,
               "a number of verdicts that can't be is refused");
    buf_free(&head);
}

static long resident(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static int swallow(void *arg, const void *bytes SND_UNUSED, size_t len)
{
    *(size_t *)arg += len;
    return 0;
}

/* The bytes of zeros that come to a gigabyte, as a stream: a frame whose blocks are all runs. */
static size_t bomb(uint8_t *out, size_t blocks)
{
    static const uint8_t head[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50}; /* window of 1 MiB */
    size_t len = sizeof head;
    memcpy(out, head, len);
    for (size_t i = 0; i < blocks; i++) {
        uint32_t block = (uint32_t)(i + 1 == blocks) | 1u << 1 | 131072u << 3;
        out[len++] = (uint8_t)block;
        out[len++] = (uint8_t)(block >> 8);
        out[len++] = (uint8_t)(block >> 16);
        out[len++] = 0;
    }
    return len;
}

static void test_bombs(void)
{
    static uint8_t bytes[65536];
    size_t len = bomb(bytes, 8192), out = 0;
    long before = resident();
    struct unsqueeze *unsqueeze = unsqueeze_new(MESSAGE_RUN_MAX, swallow, &out);
    tap_is_int(unsqueeze_put(unsqueeze, bytes, len), SND_E_LIMIT,
               "26: a gigabyte in 32 kB is refused");
    unsqueeze_free(&unsqueeze);
    tap_ok(out < 16u * 1024 * 1024 && resident() - before < 8192,
           "26: a bomb costs less than 8 MB of memory");
    len = bomb(bytes, 64);
    out = 0;
    unsqueeze = unsqueeze_new(MESSAGE_RUN_MAX, swallow, &out);
    tap_ok(unsqueeze_put(unsqueeze, bytes, len) == SND_E_LIMIT && out < 1024 * 1024,
           "26: what comes out thousands of times larger is refused, though it would fit");
    unsqueeze_free(&unsqueeze);
    static const uint8_t wide[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x98}; /* window of 512 MiB */
    unsqueeze = unsqueeze_new(MESSAGE_RUN_MAX, swallow, &out);
    tap_is_int(unsqueeze_put(unsqueeze, wide, sizeof wide) || unsqueeze_put(unsqueeze, "abcd", 4),
               1, "26: a window larger than ours is refused before it is there");
    unsqueeze_free(&unsqueeze);
    unsqueeze = unsqueeze_new(1000, swallow, &out);
    struct buf body;
    make(&body, 5000);
    tap_is_int(unsqueeze_put(unsqueeze, body.data, body.len), SND_E_LIMIT,
               "what is larger than it may be is refused");
    tap_is_int(unsqueeze_put(unsqueeze, body.data, 1), SND_E_LIMIT, "and stays refused");
    unsqueeze_free(&unsqueeze);
    buf_free(&body);
}

static void test_bits(void)
{
    struct buf body;
    make(&body, 300);
    size_t died = 0;
    for (size_t bit = 0; bit < body.len * 8; bit++) {
        struct got got;
        body.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        died += take(&body, 50, &got) == SND_E_SYS;
        buf_free(&got.run);
        body.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    tap_is_int((int)died, 0,
               "a message with any one bit wrong is read or refused, and nothing else");
    buf_free(&body);
}

/* What a lost centre gets back. */
static void back(void)
{
    struct message_back said = {.epoch = 2, .first = 7, .last = 6, .more = 1}, got;
    struct buf head = BUF_INIT(MESSAGE_HEAD_MAX);
    memset(said.before, 4, sizeof said.before);
    memset(said.head, 5, sizeof said.head);
    message_put_back(&head, &said);
    tap_ok(message_get_back(head.data + 1, head.len - 1, &got) == 0 && got.epoch == 2 &&
               got.first == 7 && got.last == 6 && got.more == 1 &&
               memcmp(got.before, said.before, HASH_SIZE) == 0 &&
               memcmp(got.head, said.head, HASH_SIZE) == 0,
           "the head of a piece of a chain comes out as it was put");
    int refused = 0;
    for (size_t len = 0; len + 1 < head.len; len++)
        refused += message_get_back(head.data + 1, len, &got) != 0;
    tap_is_int(refused, (int)head.len - 1, "cut anywhere it is refused");
    buf_clear(&head);
    said.last = 5;
    message_put_back(&head, &said);
    tap_is_int(message_get_back(head.data + 1, head.len - 1, &got), SND_E_BAD,
               "nor may it end before it begins");
    buf_free(&head);
}

int main(void)
{
    test_pieces();
    test_cut();
    test_cut_long();
    test_head();
    test_down();
    test_bombs();
    test_bits();
    back();
    return tap_done();
}
