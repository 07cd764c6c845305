/* SPDX-License-Identifier: Apache-2.0
 * What supervisors note about centres, and what centres raise: findings, meetings, issues. A place
 * that lies outside of somebody's reach isn't there. A centre raises issues in its own name alone.
 */
#include <string.h>
#include "base/err.h"
#include "book/oversight.h"
#include "ledger/op_priv.h"
#include "store/oversight.h"
#include "store/report.h"
#include "text/input.h"

static int32_t get_day(struct call *call)
{
    int64_t day = wire_i64(&call->in);
    return day >= 0 && day <= STORE_LAST_DAY ? (int32_t)day : -1;
}

/* A place within reach: a centre's people speak for their own centre. */
static int place_ok(const struct call *call, const char *place)
{
    if (call->reach.kind == REACH_OF_CENTRES)
        return strcmp(place, call->who->centre) == 0;
    return store_reach_holds(&call->reach, place, "");
}

static int add(struct call *call, enum oversight_kind kind)
{
    struct store_oversight row = {.kind = kind, .id = call->id};
    wire_text(&call->in, row.place, sizeof row.place);
    wire_text(&call->in, row.code, sizeof row.code);
    row.day = get_day(call);
    row.n = wire_u32(&call->in);
    wire_text(&call->in, row.words, sizeof row.words);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!call_is_reason(row.words) || row.day > call->day)
        return SND_E_INVALID;
    if (!place_ok(call, row.place))
        return SND_E_NOTFOUND;
    int err = store_oversight_add(call->store, &row, &call->actor);
    return err == SND_E_BAD ? SND_E_INVALID : err;
}

int op_finding_add(struct call *call)
{
    return add(call, OVERSIGHT_FINDING);
}

int op_meeting_add(struct call *call)
{
    return add(call, OVERSIGHT_MEETING);
}

int op_issue_raise(struct call *call)
{
    return add(call, OVERSIGHT_ISSUE);
}

int op_issue_answer(struct call *call)
{
    struct store_oversight row = {.kind = OVERSIGHT_ISSUE};
    wire_id(&call->in, &row.id);
    row.rev = wire_u32(&call->in);
    wire_text(&call->in, row.owner, sizeof row.owner);
    wire_text(&call->in, row.answer, sizeof row.answer);
    row.closed = get_day(call);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!input_is_clean(row.owner) || !input_is_clean(row.answer) || row.closed < 0 ||
        row.closed > call->day || (row.closed > 0 && !call_is_reason(row.answer)))
        return SND_E_INVALID;
    return store_oversight_answer(call->store, &call->reach, &row, &call->actor);
}

static void put_row(struct call *call, const void *one)
{
    const struct store_oversight *row = one;
    char words[OVERSIGHT_WORDS], answer[OVERSIGHT_WORDS];
    veil_member(call->who->role == ROLE_AUDITOR ? ROLE_AUDITOR : ROLE_CLI, "said", row->words,
                words, sizeof words);
    veil_member(call->who->role == ROLE_AUDITOR ? ROLE_AUDITOR : ROLE_CLI, "solution", row->answer,
                answer, sizeof answer);
    wire_put_id(call->out, &row->id);
    wire_put_text(call->out, row->place);
    wire_put_text(call->out, row->code);
    wire_put_i64(call->out, row->day);
    wire_put_u32(call->out, (uint32_t)row->n);
    wire_put_text(call->out, words);
    wire_put_text(call->out, row->account);
    wire_put_i64(call->out, row->at);
    wire_put_text(call->out, row->owner);
    wire_put_text(call->out, answer);
    wire_put_i64(call->out, row->closed);
    wire_put_u32(call->out, (uint32_t)row->rev);
}

static int list(struct call *call, enum oversight_kind kind)
{
    struct store_oversight *row, after = {0};
    char place[sizeof after.place];
    size_t count;
    after.day = get_day(call);
    wire_id(&call->in, &after.id);
    wire_text(&call->in, place, sizeof place);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_oversight_list(call->store, &call->reach, kind, place,
                                   id_is_zero(&after.id) ? NULL : &after, OVERSIGHT_PAGE, arena,
                                   &row, &count);
    if (!err) {
        call_put_list(call, put_row, row, sizeof *row, count);
    }
    arena_free(&arena);
    return err;
}

int op_finding_list(struct call *call)
{
    return list(call, OVERSIGHT_FINDING);
}

int op_meeting_list(struct call *call)
{
    return list(call, OVERSIGHT_MEETING);
}

int op_issue_list(struct call *call)
{
    return list(call, OVERSIGHT_ISSUE);
}

static void put_count(struct call *call, const void *one)
{
    const struct store_findings *row = one;
    wire_put_text(call->out, row->code);
    wire_put_i64(call->out, row->findings);
    wire_put_i64(call->out, row->cases);
}

int op_finding_count(struct call *call)
{
    char by[16];
    struct store_findings *row;
    size_t count;
    wire_text(&call->in, by, sizeof by);
    int32_t from = get_day(call), to = get_day(call);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_findings_count(call->store, &call->reach, by, from, to, arena, &row, &count);
    if (!err) {
        call_put_list(call, put_count, row, sizeof *row, count);
    }
    arena_free(&arena);
    return err;
}

static void put_violation(struct call *call, const void *one)
{
    const struct store_entry *entry = one;
    wire_put_text(call->out, entry->code);
    wire_put_text(call->out, entry->ar);
    wire_put_text(call->out, entry->en);
    wire_put_text(call->out, entry->note);
}

int op_violation_list(struct call *call)
{
    struct store_entry *entry;
    size_t count;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_register_list(call->store, "violation", arena, &entry, &count);
    if (!err) {
        call_put_list(call, put_violation, entry, sizeof *entry, count);
    }
    arena_free(&arena);
    return err;
}
