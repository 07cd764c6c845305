/* SPDX-License-Identifier: Apache-2.0
 * The ledger's own check, in a reader: a book of years delays nobody who works. */
#include "base/err.h"
#include "ledger/op_priv.h"

#define FINDINGS_MAX 200

static void put_finding(struct call *call, const void *row)
{
    wire_put_text(call->out, row);
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
