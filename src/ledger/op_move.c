/* SPDX-License-Identifier: Apache-2.0
 * What becomes of a request: its moves, the officer who has it, and the lists of what waits for
 * whom. Whether a move is one, and whose, is in book/moves.def; what a move must say is the table
 * below. An officer decides only what is in his own hands: taking it is an assignment, which two
 * can try at once and one gets. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"
#include "text/input.h"

/* What a move into a state must come with. */
enum needs { NEEDS_NOTHING, NEEDS_REASON, NEEDS_WISH, NEEDS_FEE };
static const struct {
    enum request_state to;
    enum needs needs;
} needs[] = {
    {STATE_REJECTED, NEEDS_REASON},
    {STATE_CANCELLED, NEEDS_REASON},
    {STATE_NEED_DOCS, NEEDS_WISH}, /* documents of the form, or others in words */
    {STATE_FEE_DUE, NEEDS_FEE},
};

static enum needs needs_of(enum request_state to)
{
    for (size_t i = 0; i < SND_COUNT(needs); i++)
        if (needs[i].to == to)
            return needs[i].needs;
    return NEEDS_NOTHING;
}

static int is_reason(const char *note)
{
    return utf8_count(note) >= BOOK_REASON_LEAST;
}

/* Keys of documents: small letters, digits, underscores and spaces. */
static int are_keys(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_ ") == strlen(text);
}

static int move_judge(enum request_state to, const struct store_move *move)
{
    int whole = input_is_clean(move->note) && input_is_clean(move->why) &&
                input_is_clean(move->ack) && are_keys(move->documents) && move->fee >= 0 &&
                move->fee <= BOOK_FEE_MOST && (move->fee == 0 || to == STATE_FEE_DUE);
    switch (needs_of(to)) {
    case NEEDS_REASON:
        whole &= is_reason(move->note);
        break;
    case NEEDS_WISH:
        whole &= move->documents[0] != '\0' || is_reason(move->note);
        break;
    case NEEDS_FEE:
        whole &= move->fee > 0;
        break;
    case NEEDS_NOTHING:
        break;
    }
    return whole ? 0 : SND_E_INVALID;
}

static const char *side_of(enum role role)
{
    static const char *const sides[ROLE_COUNT] = {[ROLE_CLERK] = "clerk",
                                                  [ROLE_OWNER] = "clerk",
                                                  [ROLE_RUNNER] = "runner",
                                                  [ROLE_AGENCY] = "agency"};
    return sides[role] ? sides[role] : "system";
}

/* The request as it stands, if it still is as it was seen. */
static int seen_as(struct call *call, const char *number, uint32_t rev,
                   struct store_request *request, enum request_state *state)
{
    int err = store_request_row(call->store, &call->reach, number, request);
    if (!err && state_find(request->state, state))
        err = SND_E_CORRUPT;
    return !err && request->rev != (int)rev ? SND_E_CONFLICT : err;
}

/* One step of a request. */
static int step(struct call *call, struct store_request *request, enum request_state to,
                struct store_move *move)
{
    (void)str_copy(move->state, sizeof move->state, state_word(to));
    return store_request_move(call->store, request, move, &call->actor);
}

/* What happens by itself after a move. */
static int follow(struct call *call, struct store_request *request, enum request_state state)
{
    enum request_state next;
    int err = 0;
    while (!err && state_follow(state, &next)) {
        struct store_move move = {.by = "system"};
        err = step(call, request, next, &move);
        state = next;
    }
    return err;
}

int call_move(struct call *call, struct store_request *request, enum request_state to,
              struct store_move *move)
{
    int err = move_judge(to, move);
    if (!err)
        err = step(call, request, to, move);
    return err ? err : follow(call, request, to);
}

static int put_now(struct call *call, const struct store_request *request)
{
    enum request_state state;
    if (state_find(request->state, &state))
        return SND_E_CORRUPT;
    wire_put_u32(call->out, (uint32_t)request->rev);
    wire_put_u8(call->out, (uint8_t)state);
    return 0;
}

int call_holds(const struct call *call, const struct store_request *request)
{
    int centres = call->who->role == ROLE_CLERK || call->who->role == ROLE_OWNER;
    return !centres || store_reach_holds(&call->reach, request->holder, "");
}

/* A request that lies with an officer is decided by that officer. */
static int in_hand(const struct call *call, const struct store_request *request)
{
    return call->who->role != ROLE_AGENCY || strcmp(request->officer, call->who->account) == 0;
}

static int move_to(struct call *call, const char *number, uint32_t rev, enum request_state to,
                   struct store_move *move)
{
    struct store_request request;
    enum request_state from;
    int err = seen_as(call, number, rev, &request, &from);
    if (!err && !state_may_move(from, to, call->who->role))
        err = SND_E_DENIED;
    if (!err && !call_holds(call, &request))
        err = SND_E_ELSEWHERE;
    if (!err && !in_hand(call, &request))
        err = SND_E_INUSE;
    if (!err)
        err = call_move(call, &request, to, move);
    return err ? err : put_now(call, &request);
}

int op_request_move(struct call *call)
{
    char number[BOOK_NUMBER];
    struct store_move move = {0};
    wire_text(&call->in, number, sizeof number);
    uint32_t rev = wire_u32(&call->in);
    uint8_t to = wire_u8(&call->in);
    wire_text(&call->in, move.why, sizeof move.why);
    wire_text(&call->in, move.note, sizeof move.note);
    wire_text(&call->in, move.documents, sizeof move.documents);
    move.fee = wire_i64(&call->in);
    wire_text(&call->in, move.ack, sizeof move.ack);
    if (!call_done(call) || to >= STATE_COUNT)
        return OP_MALFORMED;
    (void)str_copy(move.by, sizeof move.by, side_of(call->who->role));
    return move_to(call, number, rev, to, &move);
}

/* On its way into an officer's hands a request passes the states before. */
static int into_review(struct call *call, struct store_request *request, enum request_state state)
{
    static const struct {
        enum request_state from, to;
    } way[] = {{STATE_QUEUED, STATE_SENT},
               {STATE_AT_HUB, STATE_SENT},
               {STATE_SENT, STATE_RECEIVED},
               {STATE_RECEIVED, STATE_IN_REVIEW}};
    int err = 0;
    for (size_t i = 0; i < SND_COUNT(way) && !err; i++) {
        struct store_move move = {.by = "agency"};
        if (way[i].from != state)
            continue;
        err = step(call, request, way[i].to, &move);
        state = way[i].to;
    }
    return err;
}

/* Whether that account may have a request of that agency in hand. */
static int officer_of(struct call *call, const char *account, const char *agency)
{
    struct store_account row;
    int err = store_account_get(call->store, account, &row);
    mem_wipe(row.secret, sizeof row.secret);
    if (err)
        return err;
    int fits = strcmp(row.role, role_word(ROLE_AGENCY)) == 0 && strcmp(row.scope, agency) == 0;
    return fits && !row.disabled ? 0 : SND_E_NOTFOUND;
}

int op_request_assign(struct call *call)
{
    char number[BOOK_NUMBER], account[BOOK_NAME];
    struct store_request request;
    enum request_state state;
    wire_text(&call->in, number, sizeof number);
    uint32_t rev = wire_u32(&call->in);
    wire_text(&call->in, account, sizeof account);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = seen_as(call, number, rev, &request, &state);
    if (!err && !state_waits(state, ROLE_AGENCY))
        err = SND_E_DENIED;
    if (!err && account[0])
        err = officer_of(call, account, request.agency);
    if (!err && account[0])
        err = into_review(call, &request, state);
    if (!err)
        err = store_request_assign(call->store, &request, account, &call->actor);
    return err ? err : put_now(call, &request);
}

/* ---- lists ---- */

/* The words of the states in which requests wait for that role, a space between. */
static void waiting_states(enum role role, char *out, size_t size)
{
    struct buf words = BUF_INIT(size - 1);
    for (unsigned i = 0; i < STATE_COUNT; i++)
        if (state_waits(i, role))
            buf_printf(&words, "%s%s", words.len ? " " : "", state_word(i));
    (void)str_copy(out, size, buf_text(&words));
    buf_free(&words);
}

static void put_waiting(struct call *call, const void *row)
{
    const struct store_request *request = row;
    call_put_request(call, request);
    wire_put_text(call->out, request->officer);
    wire_put_i64(call->out, request->fee_due);
}

void call_say_paged(struct call *call, size_t rows)
{
    if (rows == 0)
        return;
    call->seen->sight = SIGHT_SEARCH;
    call->seen->rows = (int64_t)rows;
    call->seen->later = 1;
}

static int queue(struct call *call, const struct store_queue *ask)
{
    struct store_request *list;
    size_t count;
    struct arena *arena = arena_new();
    int err = store_request_queue(call->store, &call->reach, ask, arena, &list, &count);
    if (!err) {
        uint32_t rows = call_put_list(call, put_waiting, list, sizeof *list, count);
        if (ask->after[0]) /* the first page is on the screens of those who work through it */
            call_say_paged(call, rows);
    }
    arena_free(&arena);
    return err;
}

int op_request_queue(struct call *call)
{
    char states[256], after[BOOK_NUMBER];
    int mine = call_get_flag(call);
    unsigned state = wire_u8(&call->in), after_state = wire_u8(&call->in);
    wire_text(&call->in, after, sizeof after);
    uint32_t max = wire_u32(&call->in);
    if (!call_done(call) || (state >= STATE_COUNT && state != BOOK_ANY_STATE) ||
        (after[0] && after_state >= STATE_COUNT))
        return OP_MALFORMED;
    if (state == BOOK_ANY_STATE)
        waiting_states(call->who->role, states, sizeof states);
    else
        (void)str_copy(states, sizeof states, state_word(state));
    struct store_queue ask = {.states = states,
                              .officer = mine ? call->who->account : "",
                              .after_state = after[0] ? state_word(after_state) : "",
                              .after = after,
                              .max = max < BOOK_PAGE ? max : BOOK_PAGE};
    return queue(call, &ask);
}

int op_request_waits(struct call *call)
{
    if (!call_done(call))
        return OP_MALFORMED;
    uint32_t rows = 0;
    int err = 0;
    size_t at = call_begin_list(call);
    for (unsigned i = 0; i < STATE_COUNT && !err; i++) {
        int64_t n = 0;
        if (!state_waits(i, call->who->role))
            continue;
        err = store_request_waits(call->store, &call->reach, state_word(i), BOOK_WAITS, &n);
        wire_put_u8(call->out, (uint8_t)i);
        wire_put_u32(call->out, (uint32_t)n);
        rows++;
    }
    call_put_count(call, at, rows);
    return err ? err : call_put_asked(call);
}

static void put_officer(struct call *call, const void *row)
{
    const struct store_account *account = row;
    wire_put_text(call->out, account->account);
    wire_put_text(call->out, account->name);
}

int op_officer_list(struct call *call)
{
    struct store_account *list;
    size_t count;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_account_list(call->store, arena, &list, &count);
    if (!err) {
        uint32_t rows = 0;
        size_t at = call_begin_list(call);
        for (size_t i = 0; i < count; i++)
            if (strcmp(list[i].role, role_word(ROLE_AGENCY)) == 0 && !list[i].disabled &&
                strcmp(list[i].scope, call->who->scope) == 0 &&
                call_put_row(call, put_officer, &list[i]))
                rows++;
        call_put_count(call, at, rows);
    }
    arena_free(&arena);
    return err;
}
