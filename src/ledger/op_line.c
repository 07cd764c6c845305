/* SPDX-License-Identifier: Apache-2.0
 * The office's line to its hub: what of it people see, and what the process that uses it notes. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "book/feed.h"
#include "ledger/op_priv.h"
#include "store/feed.h"

#define LINE_FRESH_MS 180000 /* a line that was good so lately is up */

int op_feed_note(struct call *call)
{
    char error[FEED_WORD];
    int64_t last_ok = wire_i64(&call->in);
    wire_text(&call->in, error, sizeof error);
    if (!call_done(call))
        return OP_MALFORMED;
    return store_line_note(call->store, last_ok, error);
}

static int line_of(struct call *call, struct store_line *line)
{
    int err = store_line_get(call->store, line);
    return err == SND_E_NOTFOUND ? 0 : err;
}

int op_feed_wait(struct call *call)
{
    struct store_line line;
    struct store_feed_head head;
    if (!call_done(call))
        return OP_MALFORMED;
    int err = line_of(call, &line);
    if (!err)
        err = store_feed_head(call->store, &call->office->node, &head);
    if (err)
        return err;
    wire_put_i64(call->out, head.at.seq);
    wire_put_i64(call->out, line.pushed);
    wire_put_text(call->out, line.url);
    return 0;
}

static enum book_line state_of(const struct store_line *line)
{
    if (line->url[0] == '\0')
        return BOOK_LINE_NONE;
    if (store_line_stopped(line))
        return BOOK_LINE_STOPPED;
    return !line->error[0] && clock_utc_ms() - line->last_ok < LINE_FRESH_MS ? BOOK_LINE_UP
                                                                             : BOOK_LINE_DOWN;
}

/* What has not reached the hub: of an office without one, nothing is asked. */
static int waiting_of(struct call *call, const struct store_line *line,
                      struct store_feed_head *head, int64_t *documents)
{
    *head = (struct store_feed_head){0};
    *documents = 0;
    if (line->url[0] == '\0')
        return 0;
    int err = store_feed_own(call->store, head);
    return err ? err : store_blob_waiting(call->store, documents);
}

int op_line_state(struct call *call)
{
    struct store_line line;
    struct store_feed_head head;
    struct store_nodes nodes = {0};
    struct store_reach reach;
    int64_t documents;
    if (!call_done(call))
        return OP_MALFORMED;
    int err = line_of(call, &line);
    if (!err)
        err = waiting_of(call, &line, &head, &documents);
    call_reach(call->who, OP_NODE_LIST, &reach);
    if (!err && op_allows(OP_NODE_LIST, call->who->role))
        err = store_nodes(call->store, &reach, clock_utc_ms() - call->silent_ms, &nodes);
    if (err)
        return err;
    wire_put_u8(call->out, line.url[0] != '\0');
    wire_put_u8(call->out, (uint8_t)state_of(&line));
    wire_put_i64(call->out, line.last_ok);
    wire_put_u32(call->out, (uint32_t)head.requests);
    wire_put_u32(call->out, (uint32_t)documents);
    wire_put_i64(call->out, head.oldest);
    wire_put_i64(call->out, line.skew_ms);
    wire_put_text(call->out, line.error);
    wire_put_u32(call->out, nodes.joined);
    wire_put_u32(call->out, nodes.silent);
    return 0;
}

int op_line_push(struct call *call)
{
    if (!call_done(call))
        return OP_MALFORMED;
    if (!store_line_joined(call->store))
        return SND_E_NOTFOUND;
    return store_line_push(call->store, call->actor.at);
}

int op_line_key(struct call *call)
{
    uint8_t key[SIGN_PUBLIC];
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_line_key(call->store, key);
    if (!err)
        wire_put_bytes(call->out, key, sizeof key);
    return err;
}

int op_line_join(struct call *call)
{
    char url[BOOK_TEXT];
    struct id hub;
    wire_text(&call->in, url, sizeof url);
    wire_id(&call->in, &hub);
    if (!call_done(call))
        return OP_MALFORMED;
    return store_line_join(call->store, url, &hub);
}
