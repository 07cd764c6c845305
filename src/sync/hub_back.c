/* SPDX-License-Identifier: Apache-2.0
 * GET /v1/stream: a centre that has lost its book gets its own chain back, as the hub stored it, a
 * piece at a time. Whose chain it is its certificate says; no centre ever sees another's. Where it
 * goes on is all in the address, so a piece may be asked for again and nothing is kept here. */
#include <string.h>
#include "base/err.h"
#include "base/num.h"
#include "book/feed.h"
#include "sync/hub_priv.h"
#include "sync/message_priv.h"
#include "sync/squeeze_priv.h"

#define ROOM_MOST (1024 * 1024)

/* A number behind `?`: 0 or SND_E_BAD. */
static int argument(const struct ask *ask, const char *name, int64_t most, int64_t *out)
{
    const char *said = ask_argument(ask, name);
    return said && num_parse(said, 0, most, out) == 0 ? 0 : SND_E_BAD;
}

struct piece {
    struct book_place after;
    int64_t skip, room;
};

static int get_piece(const struct ask *ask, struct piece *out)
{
    int err = argument(ask, "epoch", INT64_MAX, &out->after.epoch);
    if (!err)
        err = argument(ask, "seq", INT64_MAX, &out->after.seq);
    if (!err)
        err = argument(ask, "skip", MESSAGE_RUN_MAX, &out->skip);
    return err ? err : argument(ask, "room", ROOM_MOST, &out->room);
}

/* One frame of the ledger's after another, until there is no more room. */
static int gather(const struct ask *ask, const struct piece *piece, struct message_back *back,
                  struct buf *run)
{
    struct book_feed_run got = {0};
    do {
        size_t left = (size_t)piece->room - run->len;
        int err = book_feed_give_back(ask->book, &ask->node, &piece->after,
                                      (uint32_t)(piece->skip + (int64_t)run->len),
                                      (uint32_t)(left < FEED_RUN ? left : FEED_RUN), &got);
        if (err)
            return err;
        buf_put(run, got.run, got.len);
        *back = (struct message_back){
            .epoch = got.epoch, .first = got.first, .last = got.last, .more = got.more};
        memcpy(back->before, got.before, HASH_SIZE);
        memcpy(back->head, got.hash, HASH_SIZE);
    } while (got.more && got.len > 0 && run->len < (size_t)piece->room);
    return run->failed ? SND_E_LIMIT : 0;
}

void page_stream(struct ask *ask, struct reply *reply)
{
    struct piece piece;
    struct message_back back;
    struct buf run = BUF_INIT(ROOM_MOST), plain = BUF_INIT(ROOM_MOST + MESSAGE_HEAD_MAX);
    int err = get_piece(ask, &piece);
    if (!err)
        err = ask_known(ask);
    if (!err)
        err = gather(ask, &piece, &back, &run);
    if (!err) {
        message_put_back(&plain, &back);
        buf_put(&plain, run.data, run.len);
        err = squeeze(plain.data, plain.len, &reply->body);
    }
    if (err)
        reply_error(reply, err);
    reply_header(reply, "Cache-Control", "no-store");
    buf_free(&run);
    buf_free(&plain);
}
