/* SPDX-License-Identifier: Apache-2.0
 * What a centre or a hub may be sent in the other's place. The first byte says which, and how it is
 * cut into pieces; with its lowest bit the rest is a squeezed body, without it one that came out of
 * the squeeze. A head that is taken must come out the same when it is put again. */
#include <stdint.h>
#include <string.h>
#include "base/err.h"
#include "sync/message_priv.h"
#include "sync/squeeze_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_up(const struct message_up *up)
{
    static struct message_up again;
    struct buf head = BUF_INIT(MESSAGE_HEAD_MAX);
    message_put_up(&head, up);
    buf_drop(&head, head.data[0] & 0x80 ? 2 : 1);
    snd_assert(message_get_up(head.data, head.len, &again) == 0);
    again.proto = up->proto;
    snd_assert(memcmp(&again, up, sizeof again) == 0); /* an older one's has nothing that waits */
    buf_free(&head);
}

static int on_up(void *arg, const void *head, size_t len)
{
    static struct message_up up;
    int err = message_get_up(head, len, &up);
    *(int *)arg += 1;
    if (!err)
        check_up(&up);
    return err;
}

/* The hub's other head, which stands in the same place. */
static void check_back(const void *bytes, size_t len)
{
    struct message_back back, again;
    struct buf head = BUF_INIT(MESSAGE_HEAD_MAX);
    if (message_get_back(bytes, len, &back) == 0) {
        message_put_back(&head, &back);
        buf_drop(&head, head.data[0] & 0x80 ? 2 : 1);
        snd_assert(message_get_back(head.data, head.len, &again) == 0);
        again.proto = back.proto;
        snd_assert(memcmp(&again, &back, sizeof again) == 0);
    }
    buf_free(&head);
}

static int on_down(void *arg, const void *head, size_t len)
{
    static struct message_down down;
    *(int *)arg += 1;
    check_back(head, len);
    int err = message_get_down(head, len, &down);
    snd_assert(down.refused <= MESSAGE_REFUSED);
    return err;
}

static int on_run(void *arg, const void *bytes, size_t len)
{
    snd_assert(*(int *)arg == 1 && len > 0);
    unsigned sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += ((const uint8_t *)bytes)[i];
    return sum == 1 ? SND_E_BAD : 0;
}

static void feed(struct unsqueeze *unsqueeze, struct message_reader *reader, const uint8_t *at,
                 size_t len, size_t step)
{
    int err = 0;
    for (; len > 0 && !err; at += step, len -= step) {
        step = len < step ? len : step;
        err = unsqueeze ? unsqueeze_put(unsqueeze, at, step) : message_reader_put(reader, at, step);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int heads = 0;
    if (size < 1)
        return 0;
    struct message_reader reader = {
        .on_head = data[0] & 2 ? on_down : on_up, .on_run = on_run, .arg = &heads};
    struct unsqueeze *unsqueeze = NULL;
    message_reader_begin(&reader);
    if (data[0] & 1)
        unsqueeze = unsqueeze_new(MESSAGE_RUN_MAX, message_reader_put, &reader);
    feed(unsqueeze, &reader, data + 1, size - 1, 1 + (data[0] >> 2) * 7u);
    if (unsqueeze)
        snd_assert(unsqueeze_end(unsqueeze) <= 0);
    unsqueeze_free(&unsqueeze);
    message_reader_end(&reader);
    return 0;
}
