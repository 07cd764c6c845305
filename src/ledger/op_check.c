/* SPDX-License-Identifier: Apache-2.0
 * The ledger's own check, in a reader: a book of years delays nobody who works. */
#include "base/err.h"
#include "ledger/op_priv.h"

#define FINDINGS_MAX 200

static void put_finding(struct call *call, const void *row)
{
    wire_put_text(call->out, row);
}

#define VERIFY_MS 50
static void put_flaw(struct call *call, const struct store_flaw_at *flaw)
{
    wire_put_u8(call->out, (uint8_t)flaw->flaw);
    wire_put_i64(call->out, flaw->seq);
}

int op_ledger_verify(struct call *call)
{
    struct store_chain verify = {0};
    wire_id(&call->in, &verify.node);
    verify.at.epoch = wire_i64(&call->in);
    verify.at.seq = wire_i64(&call->in);
    if (!call_done(call) || verify.at.epoch < 0 || verify.at.seq < 0)
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_chain(call->store, VERIFY_MS, arena, &verify);
    if (!err) {
        wire_put_id(call->out, &verify.node);
        wire_put_i64(call->out, verify.at.epoch);
        wire_put_i64(call->out, verify.at.seq);
        wire_put_i64(call->out, verify.events);
        wire_put_i64(call->out, verify.total);
        wire_put_u8(call->out, verify.done != 0);
        wire_put_u32(call->out, (uint32_t)verify.flaws);
        for (size_t i = 0; i < verify.flaws; i++)
            put_flaw(call, &verify.flaw[i]);
    }
    arena_free(&arena);
    return err;
}

int op_ledger_check(struct call *call)
{
    struct store_check check = {0};
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_check(call->store, arena, &check);
    if (!err) {
        uint32_t rows = 0;
        wire_put_i64(call->out, check.events);
        wire_put_i64(call->out, check.requests);
        size_t at = call_begin_list(call);
        while (rows < check.findings && rows < FINDINGS_MAX &&
               call_put_row(call, put_finding, check.finding[rows]))
            rows++;
        call_put_count(call, at, rows);
    }
    arena_free(&arena);
    return err;
}
