/* SPDX-License-Identifier: Apache-2.0
 * What an agency is told of a request that it has: what its centre did later. Each is sent under
 * the id of its event until it is taken; the ledger hands out the next only then. */
#include <string.h>
#include "base/err.h"
#include "ledger/errand_priv.h"

#define BODY_MAX 57344 /* it goes in one frame */
#define OUTCOMES 3

static int may_send(struct call *call, const struct store_sending *sending)
{
    struct store_link link;
    int err = store_link_get(call->store, sending->agency, &link);
    mem_wipe(link.token, sizeof link.token);
    if (err)
        return err;
    return store_link_open(&link, call->office) && strcmp(sending->state, "waiting") == 0
               ? 0
               : SND_E_DENIED;
}

/* What ends a request needs nobody who has it. */
static int ends(struct call *call, const struct store_sending *sending, int *out)
{
    struct store_request request;
    int err = store_request_row(call->store, &store_reach_all, sending->number, &request);
    *out = !err && strcmp(request.state, state_word(STATE_CANCELLED)) == 0;
    return err;
}

int op_followup_begin(struct call *call)
{
    struct id id;
    struct store_sending sending;
    struct buf body = BUF_INIT(BODY_MAX);
    int ending = 0;
    wire_id(&call->in, &id);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_followup_get(call->store, &id, &sending);
    if (!err)
        err = may_send(call, &sending);
    if (!err)
        err = errand_followup(call, &sending, &body);
    if (!err)
        err = ends(call, &sending, &ending);
    if (!err) {
        hash_bytes(body.data, body.len, sending.sha);
        sending.attempts++;
        sending.next_at = call->actor.at;
        err = store_followup_put(call->store, &sending, NULL, 0);
    }
    if (!err) {
        wire_put_id(call->out, &sending.request);
        wire_put_u32(call->out, (uint32_t)sending.attempts);
        wire_put_u8(call->out, ending != 0);
        wire_put_bytes(call->out, body.data, body.len);
    }
    buf_free(&body);
    return err;
}

int op_followup_done(struct call *call)
{
    static const char *const states[OUTCOMES] = {"taken", "waiting", "failed"};
    struct id id;
    struct store_sending sending, said = {0};
    size_t len;
    wire_id(&call->in, &id);
    uint8_t outcome = wire_u8(&call->in);
    said.status = (int)wire_u32(&call->in);
    wire_text(&call->in, said.why, sizeof said.why);
    said.next_at = wire_i64(&call->in);
    const uint8_t *answer = wire_bytes(&call->in, &len);
    if (!call_done(call) || outcome >= OUTCOMES)
        return OP_MALFORMED;
    int err = store_followup_get(call->store, &id, &sending);
    if (err || strcmp(sending.state, "taken") == 0)
        return err;
    (void)str_copy(sending.state, sizeof sending.state, states[outcome]);
    (void)str_copy(sending.why, sizeof sending.why, said.why);
    sending.status = said.status;
    sending.next_at = said.next_at;
    if (len > 0)
        hash_bytes(answer, len, sending.answer_sha);
    return store_followup_put(call->store, &sending, len > 0 ? answer : NULL, len);
}
