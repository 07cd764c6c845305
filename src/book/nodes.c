/* SPDX-License-Identifier: Apache-2.0
 * The centres of a hub: inviting, joining, listing and revoking them. */
#include "base/err.h"
#include "book/feed.h"
#include "book/talk_priv.h"

int book_node_invite(struct book *book, const char *centre, const char *name, const char *secret,
                     int64_t until)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_NODE_INVITE, &id, &frame);
    wire_put_text(&frame, centre);
    wire_put_text(&frame, name);
    wire_put_text(&frame, secret);
    wire_put_i64(&frame, until);
    return talk_plain(book, &frame);
}

int book_node_join(struct book *book, const char *centre, const char *secret, const struct id *node,
                   const uint8_t cert[HASH_SIZE], const uint8_t sign_key[FEED_KEY], struct id *hub,
                   char name[BOOK_TEXT])
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_NODE_JOIN, &id, &frame);
    wire_put_text(&frame, centre);
    wire_put_text(&frame, secret);
    wire_put_id(&frame, node);
    wire_put_bytes(&frame, cert, HASH_SIZE);
    wire_put_bytes(&frame, sign_key, FEED_KEY);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_id(&answer, hub);
    wire_text(&answer, name, BOOK_TEXT);
    return talk_end(book, &answer);
}

int book_node_renew(struct book *book, const struct id *node, const uint8_t cert[HASH_SIZE])
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_NODE_RENEW, &id, &frame);
    wire_put_id(&frame, node);
    wire_put_bytes(&frame, cert, HASH_SIZE);
    return talk_plain(book, &frame);
}

int book_node_revoke(struct book *book, const char *centre)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_NODE_REVOKE, &id, &frame);
    wire_put_text(&frame, centre);
    return talk_plain(book, &frame);
}

static void get_node(struct wire *answer, struct book_node *out)
{
    wire_id(answer, &out->id);
    wire_text(answer, out->centre, sizeof out->centre);
    wire_text(answer, out->name, sizeof out->name);
    wire_text(answer, out->state, sizeof out->state);
    wire_text(answer, out->cert, sizeof out->cert);
    wire_text(answer, out->cert_next, sizeof out->cert_next);
    out->until = wire_i64(answer);
    out->joined = wire_i64(answer);
    out->seen = wire_i64(answer);
    out->skew_ms = wire_i64(answer);
    wire_text(answer, out->program, sizeof out->program);
    out->have.epoch = wire_i64(answer);
    out->have.seq = wire_i64(answer);
    out->events = wire_i64(answer);
    out->documents = wire_i64(answer);
    out->oldest = wire_i64(answer);
}

/* One page: 1 when there is another. */
static int list_page(struct book *book, struct arena *arena, struct book_node **all, size_t *count)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_NODE_LIST, NULL, &frame);
    wire_put_u32(&frame, (uint32_t)*count);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    size_t rows = talk_count(&answer, 114);
    struct book_node *longer = arena_alloc(arena, (*count + rows + 1) * sizeof *longer);
    for (size_t i = 0; i < *count; i++)
        longer[i] = (*all)[i];
    for (size_t i = 0; i < rows; i++)
        get_node(&answer, &longer[(*count)++]);
    *all = longer;
    int more = (int)talk_get_enum(&answer, 2);
    err = talk_end(book, &answer);
    return err ? err : more && rows > 0;
}

int book_node_list(struct book *book, struct arena *arena, struct book_node **out, size_t *count)
{
    int got;
    *count = 0;
    *out = NULL;
    do
        got = list_page(book, arena, out, count);
    while (got == 1);
    return got;
}
