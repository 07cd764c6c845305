/* SPDX-License-Identifier: Apache-2.0
 * Events of centres from which nothing could follow at this hub: who looks after it tries one
 * again, as after an upgrade, or lets it rest for a reason. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"
#include "store/feed.h"

static void put_row(struct call *call, const void *row)
{
    const struct store_quarantined *event = row;
    wire_put_id(call->out, &event->node);
    wire_put_i64(call->out, event->at.epoch);
    wire_put_i64(call->out, event->at.seq);
    wire_put_text(call->out, event->centre);
    wire_put_text(call->out, event->type);
    wire_put_text(call->out, event->why);
    wire_put_i64(call->out, event->t);
    wire_put_text(call->out, event->number);
    call_put_tail(call, event->civil);
}

int op_quarantine_list(struct call *call)
{
    struct store_quarantined *list;
    size_t count;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_quarantine_list(call->store, BOOK_PAGE, arena, &list, &count);
    if (!err) {
        uint32_t rows = call_put_list(call, put_row, list, sizeof *list, count);
        call_say_paged(call, rows);
    }
    arena_free(&arena);
    return err;
}

static void get_place(struct call *call, struct id *node, struct store_place *at)
{
    wire_id(&call->in, node);
    at->epoch = wire_i64(&call->in);
    at->seq = wire_i64(&call->in);
}

int op_quarantine_retry(struct call *call)
{
    struct id node;
    struct store_place at;
    get_place(call, &node, &at);
    if (!call_done(call))
        return OP_MALFORMED;
    return store_quarantine_retry(call->store, &node, &at, &call->actor);
}

int op_quarantine_close(struct call *call)
{
    struct id node;
    struct store_place at;
    char reason[BOOK_NOTE];
    get_place(call, &node, &at);
    wire_text(&call->in, reason, sizeof reason);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!call_is_reason(reason))
        return SND_E_INVALID;
    return store_quarantine_close(call->store, &node, &at, reason, &call->actor);
}
