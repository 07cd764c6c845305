/* SPDX-License-Identifier: Apache-2.0
 * What the desk asks. It speaks as to a ledger and is answered always: from here where that is
 * possible, by the office where it isn't, and with SND_E_LOST at once while there is no line. */
#include "base/proc.h"
#include "base/err.h"
#include "remote/bridge_priv.h"

void desk_answer(struct bridge *bridge, uint32_t tag, int status, const void *results, size_t len)
{
    struct buf frame = BUF_INIT(WIRE_MAX);
    if (bridge->desk < 0)
        return;
    wire_begin(&frame);
    wire_put_u8(&frame, 'A');
    wire_put_u32(&frame, tag);
    wire_put_i64(&frame, status);
    if (status == 0 || status == SND_E_INVALID)
        buf_put(&frame, results, len);
    if (wire_end(&frame) || wire_send(bridge->desk, &frame))
        proc_close(&bridge->desk);
    buf_free(&frame);
}

void desk_tell(struct bridge *bridge, enum book_away_news news, const char *number, int status)
{
    struct buf frame = BUF_INIT(256);
    if (bridge->desk < 0)
        return;
    bridge->away.waiting = held_waiting(&bridge->held);
    bridge->away.news = news;
    bridge->away.status = status;
    (void)str_copy(bridge->away.number, sizeof bridge->away.number, number);
    book_away_put(&frame, &bridge->away);
    if (wire_end(&frame) || wire_send(bridge->desk, &frame))
        proc_close(&bridge->desk);
    buf_free(&frame);
}

/* A code or a password that the office has taken is owed no more: were it owed again after the line
 * came back, that would be another session. */
static void settled(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                    size_t len)
{
    if (status == 0 && ask->op == OP_ACCOUNT_OWN_PASSWORD)
        bridge->me.must_change = CHANGE_NONE;
    else if (status == 0)
        bridge->me.must_code = CODE_NONE;
    if (ask->for_desk)
        desk_answer(bridge, ask->desk_tag, status, results, len);
}

/* As it came; `then` may be set in the ask that is returned. */
void desk_forward(struct bridge *bridge, const struct book_asked *asked)
{
    static const enum operation duties[] = {OP_TOTP_PROVE, OP_TOTP_PASS, OP_ACCOUNT_OWN_PASSWORD};
    struct ask *ask = line_is_up(bridge) ? line_ask_op(bridge, asked->op, &asked->id,
                                                       asked->payload, asked->len, NULL)
                                         : NULL;
    if (!ask) {
        desk_answer(bridge, asked->tag, SND_E_LOST, NULL, 0);
        return;
    }
    ask->for_desk = 1;
    ask->desk_tag = asked->tag;
    for (size_t i = 0; i < SND_COUNT(duties); i++)
        if (duties[i] == asked->op)
            ask->then = settled;
}

int desk_hear(struct bridge *bridge)
{
    static uint8_t frame[WIRE_MAX];
    struct book_asked asked;
    int got = wire_recv(bridge->desk, frame, sizeof frame);
    if (got <= 0 || book_asked(frame, (size_t)got, &asked))
        return SND_E_LOST;
    if (!asked.known) {
        desk_answer(bridge, asked.tag, SND_E_NOTFOUND, NULL, 0);
    } else if (!held_take(bridge, &asked) && !known_take(bridge, &asked)) {
        known_spoil(bridge, &asked);
        desk_forward(bridge, &asked);
    }
    mem_wipe(frame, (size_t)got);
    return 0;
}
