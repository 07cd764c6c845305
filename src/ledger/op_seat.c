/* SPDX-License-Identifier: Apache-2.0
 * Seats as people see them: the campaigns with what is free, and how a request's wish stands. */
#include "base/err.h"
#include "ledger/op_priv.h"
#include "store/seat.h"

static void put_campaign(struct call *call, const void *row)
{
    const struct store_campaign *campaign = row;
    wire_put_text(call->out, campaign->code);
    wire_put_text(call->out, campaign->season);
    wire_put_text(call->out, campaign->ar);
    wire_put_text(call->out, campaign->en);
    wire_put_i64(call->out, campaign->seats);
    wire_put_i64(call->out, campaign->free);
    wire_put_i64(call->out, campaign->wanted);
    wire_put_i64(call->out, campaign->at);
}

int op_seat_list(struct call *call)
{
    struct store_campaign *list;
    size_t count = 0;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_campaign_list(call->store, arena, &list, &count);
    call_put_list(call, put_campaign, list, sizeof *list, err ? 0 : count);
    arena_free(&arena);
    return err;
}

int op_seat_get(struct call *call)
{
    char number[BOOK_NUMBER];
    struct store_request request;
    struct store_seat seat;
    wire_text(&call->in, number, sizeof number);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_request_row(call->store, &call->reach, number, &request);
    if (!err)
        err = store_seat_get(call->store, &request.id, &seat);
    if (err)
        return err;
    wire_put_text(call->out, seat.campaign);
    wire_put_text(call->out, seat.other);
    wire_put_text(call->out, seat.season);
    wire_put_text(call->out, seat.state);
    wire_put_text(call->out, seat.why);
    wire_put_i64(call->out, seat.at);
    return 0;
}
