/* SPDX-License-Identifier: Apache-2.0
 * POST /v1/sync at the hub. The body is opened as a stream and handed to the ledger frame by frame;
 * the ledger judges it and takes it, and this answers what it said, with what goes down to the
 * centre behind it. Only what the ledger has committed is ever acknowledged. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "book/feed.h"
#include "sync/hub_priv.h"
#include "sync/message_priv.h"
#include "sync/squeeze_priv.h"

#define ROOM_MOST (1024 * 1024)

/* One exchange. */
struct taking {
    struct ask *ask;
    struct message_up up;
    struct buf piece; /* of the run, not yet with the ledger */
    int64_t offset;   /* of it in the run */
    int heads;
    struct book_feed_taken taken;
};

static int on_head(void *arg, const void *head, size_t len)
{
    struct taking *taking = arg;
    int err = message_get_up(head, len, &taking->up);
    taking->heads = 1;
    taking->offset = taking->up.skip;
    return err;
}

/* Gives the ledger what was gathered. `last`: with it the run ends. */
static int give_ledger(struct taking *taking, int last)
{
    const struct message_up *up = &taking->up;
    struct book_feed_frame frame = {.node = taking->ask->node,
                                    .epoch = up->epoch,
                                    .first = up->first,
                                    .skip = (uint32_t)taking->offset,
                                    .before = up->before,
                                    .signature = last ? up->signature : NULL,
                                    .cert = taking->ask->peer.fingerprint,
                                    .run = taking->piece.data,
                                    .len = taking->piece.len};
    int err;
    do {
        err = book_feed_take_up(taking->ask->book, &frame, &taking->taken);
        taking->offset += (int64_t)frame.len;
        frame.skip = (uint32_t)taking->offset;
        frame.len = 0;
    } while (!err && taking->taken.code == BOOK_FEED_OK && taking->taken.more);
    buf_clear(&taking->piece);
    return err ? err : taking->taken.code == BOOK_FEED_OK ? 0 : SND_E_CONFLICT;
}

static int on_run(void *arg, const void *bytes, size_t len)
{
    struct taking *taking = arg;
    const uint8_t *at = bytes;
    while (len > 0) {
        size_t room = FEED_RUN - taking->piece.len, some = len < room ? len : room;
        if (room == 0) {
            int err = give_ledger(taking, 0);
            if (err)
                return err;
            continue;
        }
        buf_put(&taking->piece, at, some);
        at += some;
        len -= some;
    }
    return 0;
}

/* Opens the body and takes what is in it. SND_E_CONFLICT: the ledger took none of it, and
 * taken.code says why. */
static int take_body(struct taking *taking)
{
    struct message_reader reader = {.on_head = on_head, .on_run = on_run, .arg = taking};
    message_reader_begin(&reader);
    struct unsqueeze *unsqueeze = unsqueeze_new(MESSAGE_RUN_MAX, message_reader_put, &reader);
    int err = unsqueeze_put(unsqueeze, taking->ask->body.data, taking->ask->body.len);
    if (!err)
        err = unsqueeze_end(unsqueeze);
    if (!err && !taking->heads)
        err = SND_E_BAD;
    if (!err)
        err = give_ledger(taking, taking->up.ends);
    unsqueeze_free(&unsqueeze);
    message_reader_end(&reader);
    return err;
}

/* A run of nothing: the ledger notes what it has to say of whose certificate it is. */
static int make_known(const struct ask *ask)
{
    static const uint8_t nothing[HASH_SIZE];
    struct book_feed_taken taken;
    struct book_feed_frame frame = {.node = ask->node,
                                    .epoch = 1,
                                    .first = 1,
                                    .before = nothing,
                                    .cert = ask->peer.fingerprint};
    int err = book_feed_take_up(ask->book, &frame, &taken);
    int known = !err && taken.code != BOOK_FEED_UNKNOWN && taken.code != BOOK_FEED_FORK;
    return err || known ? err : SND_E_DENIED;
}

int ask_known(const struct ask *ask)
{
    int known = 0;
    int err = book_feed_known(ask->book, &ask->node, ask->peer.fingerprint, &known);
    return err || known ? err : make_known(ask);
}

static enum message_code code_of(enum book_feed_code code)
{
    static const enum message_code codes[BOOK_FEED_CODES] = {
        [BOOK_FEED_OK] = MESSAGE_TAKEN,        [BOOK_FEED_GAP] = MESSAGE_GAP,
        [BOOK_FEED_FORK] = MESSAGE_FORK,       [BOOK_FEED_WHOLE] = MESSAGE_WHOLE,
        [BOOK_FEED_UNKNOWN] = MESSAGE_REVOKED, [BOOK_FEED_DAMAGED] = MESSAGE_DAMAGED};
    return codes[code];
}

/* The run for the centre, from where it stands. */
static int put_down(struct taking *taking, struct message_down *down, struct buf *run)
{
    const struct message_up *up = &taking->up;
    const struct book_place after = {up->hub_epoch, up->hub_seq};
    size_t room = up->room < ROOM_MOST ? (size_t)up->room : ROOM_MOST;
    struct book_feed_down got = {.at = after, .more = 0};
    do {
        size_t left = room - run->len;
        int err = book_feed_give_down(taking->ask->book, &taking->ask->node, &after,
                                      (uint32_t)(up->hub_skip + (int64_t)run->len),
                                      (uint32_t)(left < FEED_RUN ? left : FEED_RUN), &got);
        if (err)
            return err;
        buf_put(run, got.run, got.len);
    } while (got.more && got.len > 0 && run->len < room);
    down->hub_epoch = got.at.epoch;
    down->hub_seq = got.at.seq;
    down->more = got.more;
    return 0;
}

static void set_verdicts(const struct taking *taking, struct message_down *down)
{
    down->refused = taking->taken.verdicts;
    for (size_t i = 0; i < down->refused; i++)
        down->why[i] =
            (struct message_refused){taking->taken.verdict[i].seq, taking->taken.verdict[i].why};
}

/* What the centre says of itself: what waits there now is less by what was just taken. */
static int keep_told(const struct taking *taking, const struct message_down *down)
{
    const struct message_up *up = &taking->up;
    int64_t took = down->epoch == up->epoch ? down->have - (up->first - 1) : 0;
    struct book_node heard = {.id = taking->ask->node,
                              .skew_ms = up->now - down->now,
                              .events = up->events > took ? up->events - took : 0,
                              .documents = up->documents};
    (void)str_copy(heard.program, sizeof heard.program, up->program);
    if (heard.events > 0)
        heard.oldest = up->oldest;
    return book_feed_seen(taking->ask->book, &heard);
}

static int answer(struct taking *taking, struct reply *reply)
{
    struct message_down down = {.code = code_of(taking->taken.code),
                                .epoch = taking->taken.have.epoch,
                                .have = taking->taken.have.seq,
                                .held = taking->up.ends ? 0 : taking->offset,
                                .now = clock_utc_ms(),
                                .hub_epoch = taking->up.hub_epoch,
                                .hub_seq = taking->up.hub_seq};
    struct buf run = BUF_INIT(ROOM_MOST), plain = BUF_INIT(ROOM_MOST + MESSAGE_HEAD_MAX);
    int err = 0;
    set_verdicts(taking, &down);
    if (down.code == MESSAGE_TAKEN)
        err = put_down(taking, &down, &run);
    if (err == SND_E_NOTFOUND) {
        down.code = MESSAGE_REVOKED;
        err = 0;
    }
    if (!err) {
        message_put_down(&plain, &down);
        buf_put(&plain, run.data, run.len);
        err = squeeze(plain.data, plain.len, &reply->body);
    }
    if (!err && taking->up.program[0])
        err = keep_told(taking, &down);
    buf_free(&run);
    buf_free(&plain);
    return err;
}

void page_sync(struct ask *ask, struct reply *reply)
{
    struct taking taking = {.ask = ask, .piece = BUF_INIT(FEED_RUN)};
    int err = take_body(&taking);
    if (!err || (err == SND_E_CONFLICT && taking.taken.code != BOOK_FEED_OK))
        err = answer(&taking, reply);
    if (err) {
        log_warn("hub.sync", "centre=%s err=%s", ask->peer.unit, err_text(err));
        reply_error(reply, err);
    }
    buf_free(&taking.piece);
}
