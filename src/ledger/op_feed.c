/* SPDX-License-Identifier: Apache-2.0
 * Giving events and taking them, for the processes that speak with other machines. What comes from
 * outside is believed only after the whole run was judged: its certificate is the node's, its
 * records make up the chain whose end its key has signed, and that chain goes on from the one that
 * is here. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "book/feed.h"
#include "ledger/feeds_priv.h"

#define VERDICTS BOOK_VERDICTS

static void put_place(struct call *call, const struct store_place *place)
{
    wire_put_i64(call->out, place->epoch);
    wire_put_i64(call->out, place->seq);
}

static void get_place(struct call *call, struct store_place *out)
{
    out->epoch = wire_i64(&call->in);
    out->seq = wire_i64(&call->in);
    if (out->epoch < 0 || out->seq < 0)
        call->in.bad = 1;
}

/* Bytes of a known length, or none: 1 when they were there. */
static int get_exactly(struct call *call, uint8_t *out, size_t size)
{
    size_t len;
    const uint8_t *bytes = wire_bytes(&call->in, &len);
    if (len == size)
        memcpy(out, bytes, size);
    else if (len != 0)
        call->in.bad = 1;
    return len == size;
}

int op_feed_head(struct call *call)
{
    struct store_feed_head head;
    struct id node;
    int other = get_exactly(call, node.b, ID_SIZE);
    if (!call_done(call))
        return OP_MALFORMED;
    int err =
        other ? store_feed_head(call->store, &node, &head) : store_feed_own(call->store, &head);
    if (err)
        return err;
    wire_put_id(call->out, other ? &node : &call->office->node);
    put_place(call, &head.at);
    call_put_sha(call, head.hash);
    put_place(call, &head.down);
    put_place(call, &head.acked);
    wire_put_i64(call->out, head.oldest);
    wire_put_u32(call->out, (uint32_t)head.waiting);
    wire_put_u32(call->out, (uint32_t)head.requests);
    return 0;
}

/* ---- giving ---- */

struct give {
    struct id node;
    struct store_place after;
    uint32_t skip, max;
    int whole;
};

static void put_run(struct call *call, const struct store_feed_run *run, const struct buf *bytes,
                    const uint8_t *signature)
{
    wire_put_i64(call->out, run->epoch);
    wire_put_i64(call->out, run->first);
    wire_put_i64(call->out, run->last);
    wire_put_u8(call->out, run->more != 0);
    call_put_sha(call, run->before);
    call_put_sha(call, run->hash);
    wire_put_bytes(call->out, signature, signature ? SIGN_SIZE : 0);
    wire_put_bytes(call->out, bytes->data, bytes->len);
}

static int give(struct call *call, const struct give *give, int sign)
{
    uint8_t signature[SIGN_SIZE];
    struct store_feed_run run;
    struct buf bytes = BUF_INIT(FEED_RUN);
    int err = store_feed_up(call->store, &give->node, &give->after, give->skip, give->max,
                            give->whole, &bytes, &run);
    if (!err && sign)
        err = store_feed_sign(call->store, &give->node, run.epoch, run.last, run.hash, signature);
    if (err == SND_E_NOTFOUND)
        err = sign = 0; /* nobody needs it yet */
    if (!err)
        put_run(call, &run, &bytes, sign ? signature : NULL);
    buf_free(&bytes);
    return err;
}

int op_feed_give_up(struct call *call)
{
    struct give what = {.node = call->office->node};
    get_place(call, &what.after);
    what.skip = wire_u32(&call->in);
    what.max = wire_u32(&call->in);
    what.whole = call_get_flag(call);
    if (!call_done(call) || what.max > FEED_RUN)
        return OP_MALFORMED;
    return give(call, &what, 1);
}

int op_feed_give_back(struct call *call)
{
    struct give what = {.whole = 1};
    wire_id(&call->in, &what.node);
    get_place(call, &what.after);
    what.skip = wire_u32(&call->in);
    what.max = wire_u32(&call->in);
    if (!call_done(call) || what.max > FEED_RUN)
        return OP_MALFORMED;
    return give(call, &what, 0);
}

int op_feed_give_down(struct call *call)
{
    struct store_node node;
    struct store_place after, at;
    struct id id;
    struct buf run = BUF_INIT(FEED_RUN);
    int more = 0;
    wire_id(&call->in, &id);
    get_place(call, &after);
    uint32_t skip = wire_u32(&call->in), max = wire_u32(&call->in);
    if (!call_done(call) || max > FEED_RUN)
        return OP_MALFORMED;
    int err = store_node_get(call->store, &id, &node);
    if (!err && strcmp(node.state, "revoked") == 0)
        err = SND_E_NOTFOUND;
    if (!err)
        err = store_feed_down(call->store, node.centre, &after, skip, max, &run, &at, &more);
    if (!err) {
        put_place(call, &at);
        wire_put_u8(call->out, more != 0);
        wire_put_bytes(call->out, run.data, run.len);
    }
    buf_free(&run);
    return err;
}

int op_feed_news(struct call *call)
{
    struct store_place since;
    struct store_feed_head now;
    char **dest = NULL;
    size_t count = 0;
    get_place(call, &since);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_feed_head(call->store, &call->office->node, &now);
    if (!err && (now.at.epoch != since.epoch || now.at.seq != since.seq))
        err = store_feed_news(call->store, &since, arena, &dest, &count);
    if (!err) {
        put_place(call, &now.at);
        count = count < BOOK_NEWS ? count : BOOK_NEWS;
        wire_put_u32(call->out, (uint32_t)count);
        for (size_t i = 0; i < count; i++)
            wire_put_text(call->out, dest[i]);
    }
    arena_free(&arena);
    return err;
}

int op_feed_known(struct call *call)
{
    struct store_node node;
    struct id id;
    uint8_t cert[HASH_SIZE];
    char hex[HASH_TEXT];
    wire_id(&call->in, &id);
    if (call_get_sha(call, cert) || !call_done(call))
        return OP_MALFORMED;
    hex_text(cert, HASH_SIZE, hex);
    int err = store_node_get(call->store, &id, &node);
    if (err && err != SND_E_NOTFOUND)
        return err;
    wire_put_u8(call->out,
                !err && strcmp(node.state, "revoked") != 0 && strcmp(node.cert, hex) == 0);
    return 0;
}

/* ---- taking, at the hub ---- */

struct frame {
    struct store_feed_taking taking;
    uint32_t skip;
    const uint8_t *bytes;
    size_t len;
    int last; /* it says how the run ends */
    uint8_t cert[HASH_SIZE];
};

static int get_frame(struct call *call, struct frame *out)
{
    *out = (struct frame){0};
    struct store_feed_taking *taking = &out->taking;
    wire_id(&call->in, &taking->node);
    taking->epoch = wire_i64(&call->in);
    taking->first = wire_i64(&call->in);
    out->skip = wire_u32(&call->in);
    (void)call_get_sha(call, taking->before);
    out->bytes = wire_bytes(&call->in, &out->len);
    int named = get_exactly(call, taking->head, HASH_SIZE);
    out->last = get_exactly(call, taking->signature, SIGN_SIZE);
    taking->unnamed = out->last && !named;
    if (named && !out->last)
        call->in.bad = 1;
    (void)call_get_sha(call, out->cert);
    return call_done(call) && taking->epoch >= 1 && taking->first >= 1;
}

/* Whose certificate it is: a node that may send. SND_E_CONFLICT: it is an older one of that node's,
 * which nobody has but a copy of the office from before it joined again. */
static int frame_node(struct call *call, const struct frame *frame, struct store_node *node)
{
    char cert[HASH_TEXT];
    hex_text(frame->cert, HASH_SIZE, cert);
    int err = store_node_get(call->store, &frame->taking.node, node);
    if (!err && strcmp(node->state, "revoked") == 0)
        err = SND_E_NOTFOUND;
    if (!err && strcmp(node->cert, cert) != 0 && strcmp(node->cert_next, cert) != 0)
        err = SND_E_CONFLICT;
    if (!err && strcmp(node->cert_next, cert) == 0)
        err = store_node_used(call->store, &node->id, cert, &call->actor);
    return err;
}

/* The run that this frame belongs to, with its bytes; NULL when it is out of order or too large. */
static struct staged *gather(struct call *call, const struct frame *frame)
{
    const struct store_feed_taking *taking = &frame->taking;
    struct staged *staged = feeds_find(call->feeds, &taking->node);
    if (frame->skip == 0 && (frame->len > 0 || !staged))
        staged = feeds_begin(call->feeds, &taking->node);
    if (!staged)
        return NULL;
    if (frame->skip == 0) {
        staged->epoch = taking->epoch;
        staged->first = taking->first;
    }
    int fits = staged->epoch == taking->epoch && staged->first == taking->first &&
               staged->run.len == frame->skip && (!staged->judged || frame->len == 0);
    if (fits && feeds_add(call->feeds, staged, frame->bytes, frame->len) == 0)
        return staged;
    feeds_drop(call->feeds, staged);
    return NULL;
}

static int judge(struct call *call, struct store_feed_taking *taking, const struct store_node *node,
                 enum feed_code *code)
{
    int64_t last;
    uint8_t head[HASH_SIZE];
    int err = store_feed_judge(call->store, taking, code, &last, head);
    if (err || *code == FEED_WHOLE)
        return err;
    memcpy(taking->head, head, HASH_SIZE); /* the same, if one was said and all is well */
    if (*code != FEED_DAMAGED && !feed_signed(node->sign_key, &taking->node, taking->epoch, last,
                                              taking->head, taking->signature))
        *code = FEED_DAMAGED;
    if (*code == FEED_FORK)
        err = store_feed_forked(call->store, taking, last, &call->actor);
    if (*code == FEED_FORK || *code == FEED_DAMAGED)
        log_warn("ledger.feed_refused", "centre=%s code=%d epoch=%lld first=%lld", node->centre,
                 (int)*code, (long long)taking->epoch, (long long)taking->first);
    return err;
}

/* Judges a run that is whole and takes its next piece. */
static int take(struct call *call, struct frame *frame, const struct store_node *node,
                struct staged *staged, enum feed_code *code)
{
    struct store_feed_taking *taking = &frame->taking;
    int err = 0;
    taking->run = staged->run.data;
    taking->len = staged->run.len;
    (void)str_copy(taking->centre, sizeof taking->centre, node->centre);
    if (!staged->judged)
        err = judge(call, taking, node, code);
    staged->judged = !err && *code == FEED_OK;
    if (!staged->judged)
        return err;
    int64_t began = clock_mono_ms();
    err = store_feed_take(call->store, taking, &staged->offset, &staged->seq,
                          feeds_piece(call->feeds), &call->actor);
    feeds_took(call->feeds, clock_mono_ms() - began);
    return err;
}

static int put_verdicts(struct call *call, const struct frame *frame, int64_t to)
{
    struct arena *arena = arena_new();
    struct store_verdict *list;
    size_t count;
    int err = store_feed_verdicts(call->store, &frame->taking.node, frame->taking.epoch,
                                  frame->taking.first, to, arena, &list, &count);
    if (!err) {
        count = count < VERDICTS ? count : VERDICTS;
        wire_put_u32(call->out, (uint32_t)count);
        for (size_t i = 0; i < count; i++) {
            wire_put_i64(call->out, list[i].seq);
            wire_put_u8(call->out, (uint8_t)list[i].why);
        }
    }
    arena_free(&arena);
    return err;
}

static int put_taken(struct call *call, const struct frame *frame, enum feed_code code, int more,
                     int64_t to)
{
    struct store_feed_head have = {0};
    int err = code == FEED_UNKNOWN ? 0 : store_feed_head(call->store, &frame->taking.node, &have);
    if (err)
        return err;
    put_place(call, &have.at);
    wire_put_u8(call->out, (uint8_t)code);
    wire_put_u8(call->out, more != 0);
    if (code != FEED_UNKNOWN)
        return put_verdicts(call, frame, to);
    wire_put_u32(call->out, 0);
    return 0;
}

/* A copy of the office speaks: a person at the hub must know, and the copy is to stop. */
static int copied(struct call *call, const struct frame *frame, const struct store_node *node)
{
    char cert[HASH_TEXT];
    hex_text(frame->cert, HASH_SIZE, cert);
    int err = store_node_copied(call->store, &node->id, cert, &call->actor);
    log_warn("ledger.feed_refused", "centre=%s certificate=%.16s", node->centre, cert);
    return err ? err : put_taken(call, frame, FEED_FORK, 0, 0);
}

int op_feed_take_up(struct call *call)
{
    struct frame frame;
    struct store_node node;
    enum feed_code code = FEED_OK;
    if (!get_frame(call, &frame))
        return OP_MALFORMED;
    int err = frame_node(call, &frame, &node);
    if (err == SND_E_NOTFOUND)
        return put_taken(call, &frame, FEED_UNKNOWN, 0, 0);
    if (err == SND_E_CONFLICT)
        return copied(call, &frame, &node);
    if (err)
        return err;
    struct staged *staged = gather(call, &frame);
    if (!staged)
        return put_taken(call, &frame, FEED_GAP, 0, 0);
    if (frame.last)
        err = take(call, &frame, &node, staged, &code);
    int more = !err && staged->judged && staged->offset < staged->run.len;
    int64_t to = staged->seq;
    if (err || code != FEED_OK || (frame.last && !more))
        feeds_drop(call->feeds, staged);
    return err ? err : put_taken(call, &frame, code, more, to);
}

int op_feed_seen(struct call *call)
{
    struct store_node heard = {.seen = call->actor.at};
    wire_id(&call->in, &heard.id);
    heard.skew_ms = wire_i64(&call->in);
    wire_text(&call->in, heard.program, sizeof heard.program);
    heard.events = wire_i64(&call->in);
    heard.documents = wire_i64(&call->in);
    heard.oldest = wire_i64(&call->in);
    if (!call_done(call) || heard.events < 0 || heard.documents < 0 || heard.oldest < 0)
        return OP_MALFORMED;
    return store_node_seen(call->store, &heard);
}

/* ---- taking, at a centre ---- */

/* Away with what was taken; what is left is the beginning of a record. */
static int take_whole(struct call *call, struct staged *staged, int *more)
{
    size_t offset = 0, whole;
    int err = store_feed_in(call->store, staged->run.data, staged->run.len, &offset, FEEDS_PIECE,
                            &call->actor);
    if (err)
        return err;
    buf_drop(&staged->run, offset);
    err = feed_whole(staged->run.data, staged->run.len, &whole);
    *more = whole > 0;
    return err;
}

static int take_down(struct call *call, uint32_t skip, const uint8_t *bytes, size_t len, int *more)
{
    static const struct id hub;
    struct staged *staged =
        skip == 0 ? feeds_begin(call->feeds, &hub) : feeds_find(call->feeds, &hub);
    if (!staged)
        return SND_E_CONFLICT;
    int err = (uint64_t)staged->seq != skip ? SND_E_CONFLICT : 0;
    if (!err)
        err = feeds_add(call->feeds, staged, bytes, len);
    staged->seq += (int64_t)len;
    if (!err)
        err = take_whole(call, staged, more);
    if (err || (!*more && staged->run.len == 0 && len == 0))
        feeds_drop(call->feeds, staged);
    return err;
}

int op_feed_take_down(struct call *call)
{
    struct store_place acked;
    struct store_line line;
    size_t len;
    int more = 0;
    uint32_t skip = wire_u32(&call->in);
    const uint8_t *bytes = wire_bytes(&call->in, &len);
    get_place(call, &acked);
    int64_t skew = wire_i64(&call->in);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_feed_acked(call->store, &acked, skew);
    if (!err)
        err = take_down(call, skip, bytes, len, &more);
    if (!err)
        err = store_line_get(call->store, &line);
    if (err)
        return err;
    put_place(call, &line.down);
    wire_put_u8(call->out, more != 0);
    return 0;
}
