/* SPDX-License-Identifier: Apache-2.0
 * The centres of this hub. A secret to join with is hashed and compared by a password worker, with
 * the same look-ups and pauses whether the centre was invited or not. */
#include <string.h>
#include "base/err.h"
#include "base/log.h"
#include "book/feed.h"
#include "ledger/op_priv.h"
#include "store/feed.h"

int op_node_invite(struct call *call)
{
    struct store_node node = {0};
    char secret[OP_PASSWORD];
    wire_text(&call->in, node.centre, sizeof node.centre);
    wire_text(&call->in, node.name, sizeof node.name);
    wire_text(&call->in, secret, sizeof secret);
    node.until = wire_i64(&call->in);
    int err = call_done(call) && secret[0] ? 0 : OP_MALFORMED;
    if (!err && !store_centre_ok(node.centre))
        err = SND_E_BAD;
    if (!err && !call->hashed) {
        *call->ask = (struct hash_ask){.make = 1};
        (void)str_copy(call->ask->new_password, sizeof call->ask->new_password, secret);
        err = OP_HASH;
    } else if (!err) {
        (void)str_copy(node.code, sizeof node.code, call->hashed->made);
        err = store_node_invite(call->store, &node, &call->actor);
    }
    mem_wipe(secret, sizeof secret);
    return err;
}

struct joining {
    struct store_node node;
    char secret[OP_PASSWORD], tried[BOOK_NAME];
};

static int get_fixed(struct call *call, uint8_t *out, size_t size)
{
    size_t len;
    const uint8_t *bytes = wire_bytes(&call->in, &len);
    if (len == size)
        memcpy(out, bytes, size);
    else
        call->in.bad = 1;
    return len == size;
}

static int get_joining(struct call *call, struct joining *out)
{
    uint8_t cert[HASH_SIZE] = {0};
    wire_text(&call->in, out->node.centre, sizeof out->node.centre);
    wire_text(&call->in, out->secret, sizeof out->secret);
    wire_id(&call->in, &out->node.id);
    (void)get_fixed(call, cert, sizeof cert);
    (void)get_fixed(call, out->node.sign_key, SIGN_PUBLIC);
    hex_text(cert, sizeof cert, out->node.cert);
    (void)str_format(out->tried, sizeof out->tried, "join %s", out->node.centre);
    return call_done(call);
}

static int ask_secret(struct call *call, const struct joining *joining)
{
    struct store_node invited;
    int err = tries_begin(call, joining->tried, call->who->peer, 0);
    if (err)
        return err;
    *call->ask = (struct hash_ask){.check = 1};
    err = store_node_invited(call->store, joining->node.centre, &invited);
    if (!err && call->actor.at < invited.until)
        (void)str_copy(call->ask->secret, sizeof call->ask->secret, invited.code);
    (void)str_copy(call->ask->password, sizeof call->ask->password, joining->secret);
    mem_wipe(&invited, sizeof invited);
    return err && err != SND_E_NOTFOUND ? err : OP_HASH;
}

/* The secret must still be the one that was compared. */
static int join(struct call *call, const struct joining *joining)
{
    struct store_node invited = {0};
    int err = store_node_invited(call->store, joining->node.centre, &invited);
    if (err == SND_E_NOTFOUND || (!err && (!call->hashed->matched || !call->hashed->checked[0] ||
                                           strcmp(call->hashed->checked, invited.code) != 0)))
        err = SND_E_AUTH;
    if (!err)
        err = store_node_join(call->store, &joining->node, &call->actor);
    if (!err)
        err = tries_right(call, joining->tried, call->who->peer);
    if (err == SND_E_AUTH) {
        log_warn("ledger.join_refused", "centre=%s", joining->node.centre);
        err = tries_wrong(call, joining->tried, "", "code", call->who->peer);
        err = err ? err : SND_E_AUTH;
    } else if (!err) {
        wire_put_id(call->out, &call->office->node);
        wire_put_text(call->out, invited.name);
    }
    mem_wipe(&invited, sizeof invited);
    return err;
}

int op_node_join(struct call *call)
{
    struct joining joining = {0};
    int err = OP_MALFORMED;
    if (get_joining(call, &joining))
        err = call->hashed ? join(call, &joining) : ask_secret(call, &joining);
    mem_wipe(joining.secret, sizeof joining.secret);
    return err;
}

int op_node_renew(struct call *call)
{
    uint8_t cert[HASH_SIZE] = {0};
    char hex[HASH_TEXT];
    struct id node;
    wire_id(&call->in, &node);
    (void)get_fixed(call, cert, sizeof cert);
    if (!call_done(call))
        return OP_MALFORMED;
    hex_text(cert, sizeof cert, hex);
    return store_node_renew(call->store, &node, hex, &call->actor);
}

int op_node_revoke(struct call *call)
{
    char centre[16];
    wire_text(&call->in, centre, sizeof centre);
    if (!call_done(call))
        return OP_MALFORMED;
    return store_node_revoke(call->store, centre, &call->actor);
}

struct listed {
    const struct store_node *node;
    struct store_place have;
};

static void put_node(struct call *call, const void *row)
{
    const struct listed *listed = row;
    const struct store_node *node = listed->node;
    wire_put_id(call->out, &node->id);
    wire_put_text(call->out, node->centre);
    wire_put_text(call->out, node->name);
    wire_put_text(call->out, node->state);
    wire_put_text(call->out, node->cert);
    wire_put_text(call->out, node->cert_next);
    wire_put_i64(call->out, node->until);
    wire_put_i64(call->out, node->joined);
    wire_put_i64(call->out, node->seen);
    wire_put_i64(call->out, node->skew_ms);
    wire_put_text(call->out, node->program);
    wire_put_i64(call->out, listed->have.epoch);
    wire_put_i64(call->out, listed->have.seq);
    wire_put_i64(call->out, node->events);
    wire_put_i64(call->out, node->documents);
    wire_put_i64(call->out, node->oldest);
}

/* Those that somebody's reach holds, in their order. */
static size_t within(const struct store_reach *reach, struct store_node *list, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (store_reach_holds(reach, list[i].centre, ""))
            list[kept++] = list[i];
    return kept;
}

#define NODES_A_PAGE 100
int op_node_list(struct call *call)
{
    struct store_node *list;
    size_t count, from = wire_u32(&call->in);
    uint32_t rows = 0;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_node_list(call->store, arena, &list, &count);
    count = err ? 0 : within(&call->reach, list, count);
    size_t at = call_begin_list(call);
    for (size_t i = from; !err && i < count && rows < NODES_A_PAGE; i++, rows++) {
        struct store_feed_head head;
        err = store_feed_head(call->store, &list[i].id, &head);
        put_node(call, &(struct listed){.node = &list[i], .have = head.at});
    }
    call_put_count(call, at, rows);
    wire_put_u8(call->out, !err && from + rows < count);
    arena_free(&arena);
    return err;
}
