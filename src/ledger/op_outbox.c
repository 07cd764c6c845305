/* SPDX-License-Identifier: Apache-2.0
 * What the courier does with the book: which lines are open, what is due on each, that a request is
 * being sent (from then on it can't be cancelled any more: it is in state `sent` before a byte
 * leaves), its text piece by piece, and what came of an attempt. Each can be done twice. */
#include <string.h>
#include "base/err.h"
#include "ledger/errand_priv.h"

#define DUE_MOST 64
#define BODY_MAX (8u << 20)
#define PIECE 49152

/* A line and how it goes. */
struct line_row {
    const struct store_link *link;
    struct store_agency_line goes;
};

static void put_line(struct call *call, const void *arg)
{
    const struct line_row *row = arg;
    const struct store_link *link = row->link;
    wire_put_text(call->out, link->agency);
    wire_put_text(call->out, link->url);
    wire_put_text(call->out, link->token);
    wire_put_text(call->out, link->documents);
    wire_put_u32(call->out, (uint32_t)link->poll);
    wire_put_u32(call->out, (uint32_t)link->most);
    wire_put_u8(call->out, store_link_open(link, call->office) != 0);
    wire_put_u32(call->out, (uint32_t)row->goes.fails);
    wire_put_i64(call->out, row->goes.until);
}

int op_outbox_lines(struct call *call)
{
    struct store_link *list;
    size_t count;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_link_list(call->store, arena, &list, &count);
    if (!err) {
        uint32_t rows = 0;
        size_t at = call_begin_list(call);
        while (!err && rows < count) {
            struct line_row row = {.link = &list[rows]};
            err = store_agency_line_get(call->store, row.link->agency, &row.goes);
            if (err || !call_put_row(call, put_line, &row))
                break;
            rows++;
        }
        call_put_count(call, at, rows);
        mem_wipe(list, count * sizeof *list);
    }
    arena_free(&arena);
    return err;
}

static void put_ids(struct call *call, const struct id *ids, size_t count)
{
    wire_put_u32(call->out, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        wire_put_id(call->out, &ids[i]);
}

int op_outbox_due(struct call *call)
{
    char agency[LINK_AGENCY];
    struct store_link link;
    struct id *due, *asked = NULL, *follow = NULL;
    size_t dues = 0, askeds = 0, follows = 0;
    wire_text(&call->in, agency, sizeof agency);
    uint32_t max = wire_u32(&call->in);
    if (!call_done(call))
        return OP_MALFORMED;
    size_t most = max < DUE_MOST ? max : DUE_MOST;
    int err = store_link_get(call->store, agency, &link);
    mem_wipe(link.token, sizeof link.token);
    if (err || !store_link_open(&link, call->office)) {
        put_ids(call, NULL, 0);
        put_ids(call, NULL, 0);
        put_ids(call, NULL, 0);
        return err == SND_E_NOTFOUND ? 0 : err;
    }
    struct arena *arena = arena_new();
    err = store_outbox_due(call->store, &link, call->actor.at, most, arena, &due, &dues);
    if (!err && link.poll > 0)
        err = store_outbox_asked(call->store, agency, call->actor.at, most, arena, &asked, &askeds);
    if (!err)
        err =
            store_followup_due(call->store, agency, call->actor.at, most, arena, &follow, &follows);
    if (!err) {
        put_ids(call, due, dues);
        put_ids(call, asked, askeds);
        put_ids(call, follow, follows);
    }
    arena_free(&arena);
    return err;
}

/* Whether it may be sent now, on a line that is open. */
static int may_send(struct call *call, const struct errand *errand,
                    const struct store_sending *sending, enum request_state *state)
{
    struct store_link link;
    int err = store_link_get(call->store, errand->request.agency, &link);
    mem_wipe(link.token, sizeof link.token);
    if (!err && state_find(errand->request.state, state))
        err = SND_E_CORRUPT;
    if (err)
        return err;
    int waits = !sending->state[0] ? errand->request.day >= link.since
                                   : strcmp(sending->state, "waiting") == 0;
    int here = *state == STATE_QUEUED || *state == STATE_AT_HUB || *state == STATE_SENT;
    return store_link_open(&link, call->office) && waits && here ? 0 : SND_E_DENIED;
}

static int sending_of(struct call *call, const struct errand *errand, struct store_sending *out)
{
    int err = store_outbox_get(call->store, &errand->request.id, out);
    if (err != SND_E_NOTFOUND)
        return err;
    *out = (struct store_sending){
        .request = errand->request.id, .id = errand->event, .first_at = call->actor.at};
    return str_copy(out->agency, sizeof out->agency, errand->request.agency);
}

static int begin(struct call *call, struct errand *errand, struct store_sending *sending)
{
    struct buf body = BUF_INIT(BODY_MAX);
    enum request_state state;
    int complete = 0, err = may_send(call, errand, sending, &state);
    if (!err)
        err = errand_complete(call, errand, &complete);
    if (!err && !complete)
        err = SND_E_DENIED;
    if (!err)
        err = errand_body(call, errand, &body);
    if (!err) {
        hash_bytes(body.data, body.len, sending->sha);
        (void)str_copy(sending->state, sizeof sending->state, "waiting");
        sending->attempts++;
        sending->next_at = call->actor.at;
        err = store_outbox_put(call->store, sending, NULL, 0);
    }
    if (!err && state != STATE_SENT) {
        struct store_move move = {.by = "system"};
        err = call_move(call, &errand->request, STATE_SENT, &move);
    }
    buf_free(&body);
    return err;
}

int op_outbox_begin(struct call *call)
{
    struct id request;
    struct errand errand;
    struct store_sending sending;
    wire_id(&call->in, &request);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = errand_get(call, &request, &errand);
    if (!err)
        err = sending_of(call, &errand, &sending);
    if (!err)
        err = begin(call, &errand, &sending);
    if (!err) {
        wire_put_id(call->out, &errand.event);
        call_put_sha(call, sending.sha);
        wire_put_u32(call->out, (uint32_t)sending.attempts);
        wire_put_i64(call->out, sending.first_at);
    }
    errand_free(&errand);
    return err;
}

int op_outbox_body(struct call *call)
{
    struct id request;
    struct errand errand;
    struct buf body = BUF_INIT(BODY_MAX);
    wire_id(&call->in, &request);
    uint32_t skip = wire_u32(&call->in);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = errand_get(call, &request, &errand);
    if (!err)
        err = errand_body(call, &errand, &body);
    if (!err && skip > body.len)
        err = SND_E_BAD;
    if (!err) {
        size_t len = body.len - skip < PIECE ? body.len - skip : PIECE;
        wire_put_bytes(call->out, body.data + skip, len);
        wire_put_u8(call->out, skip + len < body.len);
    }
    buf_free(&body);
    errand_free(&errand);
    return err;
}

enum outcome { OUTCOME_TAKEN, OUTCOME_AGAIN, OUTCOME_FAILED, OUTCOMES };

/* What an attempt brought. */
struct attempt {
    struct id request;
    enum outcome outcome;
    char ack[64], why[LINK_WORD];
    int status;
    int64_t next_at;
    const uint8_t *answer;
    size_t len;
};

/* In state `sent` it goes on; anything else has gone on by itself, by a message that was faster. */
static int move_on(struct call *call, struct store_request *request, const struct attempt *attempt)
{
    struct store_move move = {.by = "system"};
    int sent = strcmp(request->state, state_word(STATE_SENT)) == 0;
    if (sent && attempt->outcome == OUTCOME_FAILED) {
        (void)str_copy(move.why, sizeof move.why, attempt->why);
        return call_move(call, request, STATE_SEND_FAILED, &move);
    }
    if (attempt->outcome != OUTCOME_TAKEN)
        return 0;
    errand_by(call, request->agency);
    (void)str_copy(move.by, sizeof move.by, "agency");
    (void)str_copy(move.ack, sizeof move.ack, attempt->ack);
    int err = sent ? call_move(call, request, STATE_RECEIVED, &move) : 0;
    return err ? err : told_catch_up(call, request);
}

static int done(struct call *call, const struct attempt *attempt)
{
    static const char *const states[OUTCOMES] = {"taken", "waiting", "failed"};
    struct store_sending sending;
    struct store_request request;
    int err = store_outbox_get(call->store, &attempt->request, &sending);
    if (!err)
        err = store_request_row(call->store, &store_reach_all, sending.number, &request);
    /* A late word of a failure doesn't undo that it was taken. */
    if (err || (strcmp(sending.state, "taken") == 0 && attempt->outcome != OUTCOME_TAKEN))
        return err;
    (void)str_copy(sending.state, sizeof sending.state, states[attempt->outcome]);
    (void)str_copy(sending.why, sizeof sending.why, attempt->why);
    sending.status = attempt->status;
    sending.next_at = attempt->next_at;
    if (attempt->len > 0)
        hash_bytes(attempt->answer, attempt->len, sending.answer_sha);
    err = store_outbox_put(call->store, &sending, attempt->len > 0 ? attempt->answer : NULL,
                           attempt->len);
    return err ? err : move_on(call, &request, attempt);
}

int op_outbox_done(struct call *call)
{
    struct attempt attempt;
    wire_id(&call->in, &attempt.request);
    uint8_t outcome = wire_u8(&call->in);
    wire_text(&call->in, attempt.ack, sizeof attempt.ack);
    attempt.status = (int)wire_u32(&call->in);
    wire_text(&call->in, attempt.why, sizeof attempt.why);
    attempt.next_at = wire_i64(&call->in);
    attempt.answer = wire_bytes(&call->in, &attempt.len);
    if (!call_done(call) || outcome >= OUTCOMES)
        return OP_MALFORMED;
    attempt.outcome = outcome;
    return done(call, &attempt);
}

/* Since when it fails is known by who sees the first failure. */
static int line_put(struct call *call, const char *agency, struct store_agency_line *line)
{
    struct store_agency_line before;
    int err = store_agency_line_get(call->store, agency, &before);
    if (line->fails > 0)
        line->since = before.fails > 0 && before.since ? before.since : call->actor.at;
    if (!line->last_ok)
        line->last_ok = before.last_ok;
    return err ? err : store_agency_line_put(call->store, agency, line);
}

int op_outbox_line(struct call *call)
{
    char agency[LINK_AGENCY];
    struct store_agency_line line = {0};
    wire_text(&call->in, agency, sizeof agency);
    line.fails = (int)wire_u32(&call->in);
    line.until = wire_i64(&call->in);
    line.last_ok = wire_i64(&call->in);
    wire_text(&call->in, line.why, sizeof line.why);
    if (!call_done(call))
        return OP_MALFORMED;
    return line_put(call, agency, &line);
}
