/* SPDX-License-Identifier: Apache-2.0
 * What goes between a centre and its hub, as the processes that carry it ask the ledger. */
#include "book/feed.h"
#include <string.h>
#include "base/err.h"
#include "book/talk_priv.h"
#include "text/msg.h"

static void put_place(struct buf *frame, const struct book_place *place)
{
    wire_put_i64(frame, place->epoch);
    wire_put_i64(frame, place->seq);
}

static void get_place(struct wire *answer, struct book_place *out)
{
    out->epoch = wire_i64(answer);
    out->seq = wire_i64(answer);
}

int book_feed_head(struct book *book, const struct id *node, struct book_feed_head *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_FEED_HEAD, NULL, &frame);
    wire_put_bytes(&frame, node ? node->b : NULL, node ? ID_SIZE : 0);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_id(&answer, &out->node);
    get_place(&answer, &out->at);
    talk_get_sha(&answer, out->hash);
    get_place(&answer, &out->down);
    get_place(&answer, &out->acked);
    out->oldest = wire_i64(&answer);
    out->events = wire_u32(&answer);
    out->requests = wire_u32(&answer);
    return talk_end(book, &answer);
}

static int get_run(struct book *book, struct wire *answer, struct book_feed_run *out)
{
    size_t len;
    out->epoch = wire_i64(answer);
    out->first = wire_i64(answer);
    out->last = wire_i64(answer);
    out->more = (int)talk_get_enum(answer, 2);
    talk_get_sha(answer, out->before);
    talk_get_sha(answer, out->hash);
    const uint8_t *signature = wire_bytes(answer, &len);
    out->is_signed = len == FEED_SIGNATURE;
    if (out->is_signed)
        memcpy(out->signature, signature, FEED_SIGNATURE);
    out->run = wire_bytes(answer, &out->len);
    return talk_end(book, answer);
}

int book_feed_give_up(struct book *book, const struct book_place *after, uint32_t skip,
                      uint32_t max, int whole, struct book_feed_run *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_FEED_GIVE_UP, NULL, &frame);
    put_place(&frame, after);
    wire_put_u32(&frame, skip);
    wire_put_u32(&frame, max);
    wire_put_u8(&frame, whole != 0);
    int err = talk_ask(book, &frame, &answer);
    return err ? err : get_run(book, &answer, out);
}

int book_feed_give_back(struct book *book, const struct id *node, const struct book_place *after,
                        uint32_t skip, uint32_t max, struct book_feed_run *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_FEED_GIVE_BACK, NULL, &frame);
    wire_put_id(&frame, node);
    put_place(&frame, after);
    wire_put_u32(&frame, skip);
    wire_put_u32(&frame, max);
    int err = talk_ask(book, &frame, &answer);
    return err ? err : get_run(book, &answer, out);
}

static void get_taken(struct wire *answer, struct book_feed_taken *out)
{
    get_place(answer, &out->have);
    out->code = talk_get_enum(answer, BOOK_FEED_CODES);
    out->more = (int)talk_get_enum(answer, 2);
    out->verdicts = talk_count(answer, 9);
    if (out->verdicts > BOOK_VERDICTS)
        answer->bad = 1;
    for (size_t i = 0; i < out->verdicts && !answer->bad; i++) {
        out->verdict[i].seq = wire_i64(answer);
        out->verdict[i].why = wire_u8(answer);
    }
}

int book_feed_take_up(struct book *book, const struct book_feed_frame *in,
                      struct book_feed_taken *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_FEED_TAKE_UP, NULL, &frame);
    wire_put_id(&frame, &in->node);
    wire_put_i64(&frame, in->epoch);
    wire_put_i64(&frame, in->first);
    wire_put_u32(&frame, in->skip);
    wire_put_bytes(&frame, in->before, HASH_SIZE);
    wire_put_bytes(&frame, in->run, in->len);
    wire_put_bytes(&frame, in->head, in->head ? HASH_SIZE : 0);
    wire_put_bytes(&frame, in->signature, in->signature ? FEED_SIGNATURE : 0);
    wire_put_bytes(&frame, in->cert, HASH_SIZE);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    get_taken(&answer, out);
    return talk_end(book, &answer);
}

int book_feed_give_down(struct book *book, const struct id *node, const struct book_place *after,
                        uint32_t skip, uint32_t max, struct book_feed_down *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_FEED_GIVE_DOWN, NULL, &frame);
    wire_put_id(&frame, node);
    put_place(&frame, after);
    wire_put_u32(&frame, skip);
    wire_put_u32(&frame, max);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    get_place(&answer, &out->at);
    out->more = (int)talk_get_enum(&answer, 2);
    out->run = wire_bytes(&answer, &out->len);
    return talk_end(book, &answer);
}

int book_feed_take_down(struct book *book, uint32_t skip, const void *run, size_t len,
                        const struct book_place *acked, int64_t skew_ms, struct book_place *cursor,
                        int *more)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_FEED_TAKE_DOWN, NULL, &frame);
    wire_put_u32(&frame, skip);
    wire_put_bytes(&frame, run, len);
    put_place(&frame, acked);
    wire_put_i64(&frame, skew_ms);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    get_place(&answer, cursor);
    *more = (int)talk_get_enum(&answer, 2);
    return talk_end(book, &answer);
}

int book_feed_news(struct book *book, const struct book_place *since, struct book_feed_news *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_FEED_NEWS, NULL, &frame);
    put_place(&frame, since);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    get_place(&answer, &out->now);
    out->count = talk_count(&answer, 4);
    if (out->count > BOOK_NEWS)
        answer.bad = 1;
    for (size_t i = 0; i < out->count && !answer.bad; i++)
        wire_text(&answer, out->dest[i], sizeof out->dest[i]);
    return talk_end(book, &answer);
}

int book_feed_known(struct book *book, const struct id *node, const uint8_t cert[HASH_SIZE],
                    int *known)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_FEED_KNOWN, NULL, &frame);
    wire_put_id(&frame, node);
    wire_put_bytes(&frame, cert, HASH_SIZE);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *known = (int)talk_get_enum(&answer, 2);
    return talk_end(book, &answer);
}

int book_feed_seen(struct book *book, const struct book_node *heard)
{
    struct buf frame;
    talk_begin(book, OP_FEED_SEEN, NULL, &frame);
    wire_put_id(&frame, &heard->id);
    wire_put_i64(&frame, heard->skew_ms);
    wire_put_text(&frame, heard->program);
    wire_put_i64(&frame, heard->events);
    wire_put_i64(&frame, heard->documents);
    wire_put_i64(&frame, heard->oldest);
    return talk_plain(book, &frame);
}

int book_feed_note(struct book *book, int64_t last_ok, const char *error)
{
    struct buf frame;
    talk_begin(book, OP_FEED_NOTE, NULL, &frame);
    wire_put_i64(&frame, last_ok);
    wire_put_text(&frame, error);
    return talk_plain(book, &frame);
}

int book_feed_wait(struct book *book, struct book_feed_wait *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_FEED_WAIT, NULL, &frame);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    out->seq = wire_i64(&answer);
    out->pushed = wire_i64(&answer);
    wire_text(&answer, out->url, sizeof out->url);
    return talk_end(book, &answer);
}

static void get_line(struct wire *answer, struct book_line_state *out)
{
    out->joined = (int)talk_get_enum(answer, 2);
    out->state = talk_get_enum(answer, BOOK_LINES);
    out->last_ok = wire_i64(answer);
    out->requests = wire_u32(answer);
    out->documents = wire_u32(answer);
    out->oldest = wire_i64(answer);
    out->skew_ms = wire_i64(answer);
    wire_text(answer, out->why, sizeof out->why);
    out->centres = wire_u32(answer);
    out->silent = wire_u32(answer);
}

int book_line_state(struct book *book, struct book_line_state *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_LINE_STATE, NULL, &frame);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    get_line(&answer, out);
    return talk_end(book, &answer);
}

int book_line_ask(struct book *book)
{
    struct buf frame;
    talk_begin_question(book, OP_LINE_STATE, NULL, &frame);
    return talk_question(book, BOOK_ASKED_LINE, &frame);
}

int book_line_heard(struct book *book, struct book_line_state *out)
{
    struct wire answer;
    int err = talk_heard(book, BOOK_ASKED_LINE, &answer);
    if (err)
        return err;
    get_line(&answer, out);
    err = wire_done(&answer);
    talk_forget(book, BOOK_ASKED_LINE);
    return err;
}

const char *line_trouble(const char *why)
{
    static const struct {
        const char *word, *words;
    } table[] = {
#define TROUBLE(name, word, help, words) {word, words},
#include "book/trouble.def"
#undef TROUBLE
    };
    for (size_t i = 0; i < SND_COUNT(table); i++)
        if (strcmp(table[i].word, why) == 0)
            return table[i].words;
    return "";
}

int book_line_push(struct book *book)
{
    struct buf frame;
    talk_begin(book, OP_LINE_PUSH, NULL, &frame);
    return talk_plain(book, &frame);
}

int book_line_key(struct book *book, uint8_t key[FEED_KEY])
{
    struct buf frame;
    struct wire answer;
    size_t len;
    talk_begin(book, OP_LINE_KEY, NULL, &frame);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    const uint8_t *bytes = wire_bytes(&answer, &len);
    if (len == FEED_KEY)
        memcpy(key, bytes, FEED_KEY);
    else
        answer.bad = 1;
    return talk_end(book, &answer);
}

int book_line_join(struct book *book, const char *url, const struct id *hub)
{
    struct buf frame;
    talk_begin(book, OP_LINE_JOIN, NULL, &frame);
    wire_put_text(&frame, url);
    wire_put_id(&frame, hub);
    return talk_plain(book, &frame);
}
