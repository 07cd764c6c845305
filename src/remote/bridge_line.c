/* SPDX-License-Identifier: Apache-2.0
 * What is asked of the office. Requests go out as they come and are not waited for; an answer finds
 * its question by the tag. A line that dies takes its reads with it, which the desk is told at
 * once; what was submitted stays with held.c. A line that is silent while something is asked is
 * taken for dead; an idle one costs no byte. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "remote/bridge_priv.h"

#define ANSWER_MS 25000  /* the desk waits no longer for a look-up, */
#define SUBMIT_MS 12000  /* nor for a submission, which is kept then */
#define SILENCE_MS 30000 /* no byte while something is asked */
#define PAUSE_LEAST_MS 1000
#define PAUSE_MOST_MS 30000
#define REFUSED_MS 60000 /* an agent may get its key back */

int line_is_up(const struct bridge *bridge)
{
    return bridge->link.fd >= 0 && bridge->greeted;
}

static void drop_ask(struct ask *ask)
{
    if (ask->frame.data)
        mem_wipe(ask->frame.data, ask->frame.len);
    buf_free(&ask->frame);
    *ask = (struct ask){0};
}

struct ask *line_ask_op(struct bridge *bridge, enum operation op, const struct id *id,
                        const void *payload, size_t len, const uint8_t *known)
{
    static const struct id none;
    struct ask *ask = NULL;
    for (size_t i = 0; i < FRAMES_AHEAD && !ask; i++)
        if (!bridge->ask[i].used)
            ask = &bridge->ask[i];
    if (!ask || bridge->link.fd < 0)
        return NULL;
    *ask = (struct ask){.op = op, .tag = ++bridge->tag, .since = clock_mono_ms()};
    ask->frame = BUF_INIT(WIRE_MAX);
    wire_begin(&ask->frame);
    wire_put_u8(&ask->frame, known ? 'C' : 'Q');
    if (known)
        buf_put(&ask->frame, known, FRAMES_KNOWN);
    wire_put_u32(&ask->frame, ask->tag);
    wire_put_text(&ask->frame, op_row(op)->wire);
    wire_put_id(&ask->frame, id ? id : &none);
    buf_put(&ask->frame, payload, len);
    if (wire_end(&ask->frame) || link_put(&bridge->link, &ask->frame)) {
        drop_ask(ask);
        return NULL;
    }
    ask->used = 1;
    return ask;
}

/* ---- answers ---- */

static void answered(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                     size_t len)
{
    struct ask own = *ask; /* its place may be taken by what follows */
    *ask = (struct ask){0};
    if (own.then)
        own.then(bridge, &own, status, results, len);
    else if (own.for_desk)
        desk_answer(bridge, own.desk_tag, status, results, len);
    drop_ask(&own);
}

static struct ask *ask_of(struct bridge *bridge, uint32_t tag)
{
    for (size_t i = 0; i < FRAMES_AHEAD; i++)
        if (bridge->ask[i].used && bridge->ask[i].tag == tag)
            return &bridge->ask[i];
    return NULL;
}

static int take_answer(struct bridge *bridge, struct wire *in)
{
    uint32_t tag = wire_u32(in);
    int64_t status = wire_i64(in);
    struct ask *ask = ask_of(bridge, tag);
    if (in->bad || status > 0 || status < -1000)
        return SND_E_BAD;
    if (ask) /* else nobody waits for it any more */
        answered(bridge, ask, (int)status, in->at, in->left);
    return 0;
}

/* What is known stands: told by SND_E_EXISTS, which no read answers. */
static int take_same(struct bridge *bridge, struct wire *in)
{
    uint32_t tag = wire_u32(in);
    struct ask *ask = ask_of(bridge, tag);
    if (wire_done(in))
        return SND_E_BAD;
    if (ask)
        answered(bridge, ask, SND_E_EXISTS, NULL, 0);
    return 0;
}

static int take_hello(struct bridge *bridge, struct wire *in)
{
    size_t len;
    uint8_t version = wire_u8(in);
    const uint8_t *ticket = wire_bytes(in, &len);
    (void)wire_u8(in);
    if (wire_done(in) || len != BOOK_TICKET)
        return SND_E_BAD;
    if (version != FRAMES_VERSION)
        return SND_E_VERSION;
    memcpy(bridge->ticket, ticket, BOOK_TICKET);
    bridge->has_ticket = 1;
    bridge->greeted = 1;
    bridge->pause = 0;
    return 0;
}

/* The ledger was started anew: what it did not answer goes out again. */
static int take_again(struct bridge *bridge)
{
    int err = 0;
    for (size_t i = 0; i < FRAMES_AHEAD && !err; i++)
        if (bridge->ask[i].used)
            err = link_put(&bridge->link, &bridge->ask[i].frame);
    return err;
}

static int take_frame(struct bridge *bridge, const uint8_t *frame, size_t len)
{
    struct wire in;
    if (wire_open(&in, frame, len))
        return SND_E_BAD;
    switch (wire_u8(&in)) {
    case 'H':
        return take_hello(bridge, &in);
    case 'A':
        return take_answer(bridge, &in);
    case 'S':
        return take_same(bridge, &in);
    case 'R':
        return take_again(bridge);
    default:
        return SND_E_BAD;
    }
}

void line_hear(struct bridge *bridge)
{
    const uint8_t *frame;
    size_t len;
    int err = link_fill(&bridge->link);
    while (!err) {
        int got = stream_next(&bridge->link.in, &frame, &len);
        if (got == 0)
            break;
        bridge->heard = clock_mono_ms();
        err = got == 1 ? take_frame(bridge, frame, len) : got;
    }
    if (!err || err == SND_E_BUSY) {
        bridge->heard = clock_mono_ms();
        return;
    }
    line_lost(bridge);
}

/* ---- coming and going ---- */

/* The session that the line led to may be another one now: who owes a code or a password has to
 * give it anew, at the screens' own beginning. */
static void met_again(struct bridge *bridge, struct ask *ask SND_UNUSED, int status,
                      const uint8_t *results, size_t len)
{
    struct book_me me;
    if (status || book_me_read(results, len, &me))
        return;
    if (bridge->has_me &&
        (me.must_code > bridge->me.must_code || me.must_change > bridge->me.must_change ||
         strcmp(me.account, bridge->me.account) != 0)) {
        bridge->away.state = AWAY_ENDED;
        desk_tell(bridge, AWAY_NOTHING, "", 0);
        return;
    }
    bridge->me = me;
    bridge->has_me = 1;
    bridge->away.state = AWAY_UP;
    bridge->away.since = clock_utc_ms();
    held_send(bridge, 0);
    desk_tell(bridge, AWAY_NOTHING, "", 0);
}

int line_greet(struct bridge *bridge)
{
    struct buf hello = BUF_INIT(128);
    wire_begin(&hello);
    wire_put_u8(&hello, 'H');
    wire_put_u8(&hello, FRAMES_VERSION);
    wire_put_bytes(&hello, bridge->ticket, bridge->has_ticket ? BOOK_TICKET : 0);
    int err = wire_end(&hello);
    if (!err)
        err = link_put(&bridge->link, &hello);
    buf_free(&hello);
    bridge->heard = clock_mono_ms();
    struct ask *ask = err ? NULL : line_ask_op(bridge, OP_ACCOUNT_ME, NULL, NULL, 0, NULL);
    if (!ask)
        return SND_E_LIMIT;
    ask->then = met_again;
    return 0;
}

void line_lost(struct bridge *bridge)
{
    int refused = link_stop(&bridge->link);
    bridge->greeted = 0;
    for (size_t i = 0; i < FRAMES_AHEAD; i++) {
        struct ask *ask = &bridge->ask[i];
        if (ask->used && ask->op == OP_REQUEST_SUBMIT)
            held_keep(bridge, ask);
        if (ask->used)
            answered(bridge, ask, SND_E_LOST, NULL, 0);
    }
    bridge->pause = bridge->pause == 0 ? PAUSE_LEAST_MS : bridge->pause * 2;
    if (bridge->pause > PAUSE_MOST_MS)
        bridge->pause = PAUSE_MOST_MS;
    bridge->retry = clock_mono_ms() + (refused ? REFUSED_MS : bridge->pause);
    if (bridge->away.state == AWAY_UP)
        bridge->away.since = clock_utc_ms();
    if (bridge->away.state != AWAY_ENDED)
        bridge->away.state = refused ? AWAY_REFUSED : AWAY_DOWN;
    log_debug("bridge.lost", "refused=%d", refused);
    desk_tell(bridge, AWAY_NOTHING, "", 0);
}

static void try_again(struct bridge *bridge, int64_t now)
{
    if (bridge->away.state == AWAY_ENDED || now < bridge->retry)
        return;
    bridge->retry = now + PAUSE_MOST_MS;
    if (link_start(&bridge->link, 0) || line_greet(bridge))
        line_lost(bridge);
}

/* Nobody at the desk waits for ever. */
static void give_up(struct bridge *bridge, int64_t now, int *silent)
{
    for (size_t i = 0; i < FRAMES_AHEAD; i++) {
        struct ask *ask = &bridge->ask[i];
        if (!ask->used)
            continue;
        *silent |= now - ask->since >= SILENCE_MS && now - bridge->heard >= SILENCE_MS;
        if (!ask->for_desk)
            continue;
        if (ask->op == OP_REQUEST_SUBMIT && now - ask->since >= SUBMIT_MS) {
            held_keep(bridge, ask);
        } else if (ask->op != OP_REQUEST_SUBMIT && now - ask->since >= ANSWER_MS) {
            ask->for_desk = 0;
            desk_answer(bridge, ask->desk_tag, SND_E_LOST, NULL, 0);
        }
    }
}

void line_tick(struct bridge *bridge)
{
    int64_t now = clock_mono_ms();
    int silent = 0;
    if (bridge->link.fd < 0) {
        try_again(bridge, now);
        return;
    }
    give_up(bridge, now, &silent);
    if (silent)
        line_lost(bridge);
}
