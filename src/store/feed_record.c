/* SPDX-License-Identifier: Apache-2.0 */
/* An event as bytes on their way to another book, and back. The payload goes as it was hashed; the
 * reader believes nothing of it and bounds everything. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"

static const uint8_t nothing[HASH_SIZE];

/* The transaction is nothing, the event itself, or another id. */
static void put_tx(struct buf *out, const struct event *event)
{
    if (memcmp(event->tx, nothing, ID_SIZE) == 0) {
        wire_put_u8(out, 0);
    } else if (memcmp(event->tx, event->id, ID_SIZE) == 0) {
        wire_put_u8(out, 1);
    } else {
        wire_put_u8(out, 2);
        buf_put(out, event->tx, ID_SIZE);
    }
}

static void put_payload(struct buf *out, const struct event *event, const void *payload, size_t len,
                        const char *kept)
{
    wire_put_u8(out, payload != NULL);
    if (payload != NULL) {
        wire_put_bytes(out, payload, len);
        return;
    }
    buf_put(out, event->payload_sha, HASH_SIZE);
    wire_put_text(out, kept);
}

/* Fills in the length that goes before a record which began there. */
static void put_length(struct buf *out, size_t at)
{
    size_t len = out->len - at - 4;
    for (int i = 3; i >= 0 && !out->failed; i--, len >>= 8)
        out->data[at + (size_t)i] = (uint8_t)len;
}

void feed_record_put(struct buf *out, const struct event *event, const void *payload, size_t len,
                     const char *kept)
{
    size_t at = out->len;
    int formed = memcmp(event->form, nothing, HASH_SIZE) != 0;
    wire_put_u32(out, 0);
    wire_put_u8(out, 'E');
    buf_put(out, event->id, ID_SIZE);
    put_tx(out, event);
    wire_put_i64(out, event->rev);
    wire_put_text(out, event->type);
    wire_put_text(out, event->actor);
    wire_put_text(out, event->centre);
    wire_put_text(out, event->peer);
    wire_put_i64(out, event->t);
    wire_put_i64(out, event->day);
    wire_put_u8(out, formed != 0);
    if (formed)
        buf_put(out, event->form, HASH_SIZE);
    put_payload(out, event, payload, len, kept);
    put_length(out, at);
}

void feed_record_put_relayed(struct buf *out, const struct store_place *from)
{
    wire_put_u32(out, 17);
    wire_put_u8(out, 'R');
    wire_put_i64(out, from->epoch);
    wire_put_i64(out, from->seq);
}

int feed_record_next(const uint8_t *run, size_t len, struct wire *body, size_t *whole)
{
    struct wire in = {.at = run, .left = len};
    if (len < 4)
        return 0;
    uint32_t size = wire_u32(&in);
    if (size == 0 || size > FEED_RECORD_MAX)
        return SND_E_BAD;
    *whole = (size_t)size + 4;
    *body = (struct wire){.at = in.at, .left = size};
    return len - 4 >= size;
}

int feed_whole(const uint8_t *run, size_t len, size_t *whole)
{
    struct wire body;
    size_t one;
    int got;
    *whole = 0;
    while ((got = feed_record_next(run + *whole, len - *whole, &body, &one)) == 1)
        *whole += one;
    return got;
}

static void get_blob(struct wire *in, uint8_t *out, size_t size)
{
    if (in->left < size) {
        in->bad = 1;
        return;
    }
    memcpy(out, in->at, size);
    in->at += size;
    in->left -= size;
}

static void get_tx(struct wire *in, struct event *event)
{
    uint8_t kind = wire_u8(in);
    if (kind == 1)
        memcpy(event->tx, event->id, ID_SIZE);
    else if (kind == 2)
        get_blob(in, event->tx, ID_SIZE);
    else if (kind != 0)
        in->bad = 1;
}

static void get_payload(struct wire *in, struct feed_record *out)
{
    uint8_t kind = wire_u8(in);
    if (kind == 1) {
        out->payload = wire_bytes(in, &out->len);
        if (!in->bad)
            hash_bytes(out->payload, out->len, out->event.payload_sha);
    } else if (kind == 0) {
        get_blob(in, out->event.payload_sha, HASH_SIZE);
        out->kept = wire_text_dup(in, FEED_RECORD_MAX);
    } else {
        in->bad = 1;
    }
}

static void get_event(struct wire *in, struct feed_record *out)
{
    struct event *event = &out->event;
    get_blob(in, event->id, ID_SIZE);
    get_tx(in, event);
    event->rev = wire_i64(in);
    wire_text(in, event->type, sizeof event->type);
    wire_text(in, event->actor, sizeof event->actor);
    wire_text(in, event->centre, sizeof event->centre);
    wire_text(in, event->peer, sizeof event->peer);
    event->t = wire_i64(in);
    event->day = wire_i64(in);
    uint8_t formed = wire_u8(in);
    if (formed == 1)
        get_blob(in, event->form, HASH_SIZE);
    else if (formed != 0)
        in->bad = 1;
    get_payload(in, out);
}

int feed_record_get(struct wire *body, struct feed_record *out)
{
    *out = (struct feed_record){0};
    uint8_t kind = wire_u8(body);
    if (kind == 'R') {
        out->relayed = 1;
        out->from.epoch = wire_i64(body);
        out->from.seq = wire_i64(body);
    } else if (kind == 'E') {
        get_event(body, out);
    } else {
        body->bad = 1;
    }
    int err = wire_done(body);
    if (err != 0)
        x_free(&out->kept);
    return err;
}

/* A number as feed_peer() writes one: no sign, no zero in front. */
static const char *read_number(const char *at, int64_t *out)
{
    *out = 0;
    if (*at < '1' || *at > '9')
        return NULL;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (*out > (INT64_MAX - 9) / 10)
            return NULL;
        *out = *out * 10 + (*at - '0');
    }
    return at;
}

int feed_relayed(const char *peer, struct store_place *out)
{
    if (strncmp(peer, FEED_PEER, strlen(FEED_PEER)) != 0)
        return 0;
    const char *at = read_number(peer + strlen(FEED_PEER), &out->epoch);
    if (at == NULL || *at != ' ')
        return 0;
    at = read_number(at + 1, &out->seq);
    return at != NULL && *at == '\0';
}

void feed_peer(const struct store_place *from, char out[64])
{
    int cut =
        str_format(out, 64, FEED_PEER "%lld %lld", (long long)from->epoch, (long long)from->seq);
    snd_assert(cut == 0);
}

int place_order(const struct store_place *a, const struct store_place *b)
{
    if (a->epoch != b->epoch)
        return a->epoch < b->epoch ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}
