/* SPDX-License-Identifier: Apache-2.0
 * Requests of other centres that are asked for here, and what was lost when two changed a request
 * at once. Whether a request is passed is the hub's to say: what is asked here is kept, and goes
 * there when the line is up. */
#include <string.h>
#include "base/err.h"
#include "book/pass.h"
#include "ledger/op_priv.h"
#include "text/input.h"

#define WISH_DAYS 30
#define WISHES 50
#define DAY_MS (24LL * 60 * 60 * 1000)

/* ---- requests of other centres ---- */

static int put_wish(struct call *call, const char *number, const char *word)
{
    wire_put_text(call->out, number);
    wire_put_text(call->out, word);
    return 0;
}

static int list_wishes(struct call *call, struct arena *arena, struct store_wish **out,
                       size_t *count)
{
    return store_wish_list(call->store, call->who->account, call->actor.at - WISH_DAYS * DAY_MS,
                           WISHES, arena, out, count);
}

/* What has become of the wish of that id: its answer is there at once where no line is between. */
static int say_wish(struct call *call, const char *number)
{
    struct store_wish *list;
    size_t count;
    const char *word = "asked";
    struct arena *arena = arena_new();
    int err = list_wishes(call, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        if (id_equal(&list[i].id, &call->id))
            word = list[i].word;
    if (!err)
        err = put_wish(call, number, word);
    arena_free(&arena);
    return err;
}

int op_request_want(struct call *call)
{
    char typed[BOOK_TEXT], civil_typed[BOOK_TEXT], number[24], civil[16];
    struct store_request request;
    wire_text(&call->in, typed, sizeof typed);
    wire_text(&call->in, civil_typed, sizeof civil_typed);
    if (!call_done(call))
        return OP_MALFORMED;
    call_civil_of(civil_typed, civil);
    if (store_number_read(typed, number) || !civil[0])
        return SND_E_INVALID;
    int err = store_request_row(call->store, &call->reach, number, &request);
    if (!err && call_holds(call, &request))
        return put_wish(call, number, "passed");
    if (err && err != SND_E_NOTFOUND)
        return err;
    err = store_request_want(call->store, &call->id, number, civil, &call->actor);
    return err ? err : say_wish(call, number);
}

static void put_row(struct call *call, const void *row)
{
    const struct store_wish *wish = row;
    (void)put_wish(call, wish->number, wish->word);
    wire_put_i64(call->out, wish->at);
    wire_put_i64(call->out, wish->answered);
    wire_put_u8(call->out, wish->news != 0);
    wire_put_text(call->out, wish->applicant);
    call_put_tail(call, wish->civil);
}

int op_wish_list(struct call *call)
{
    struct store_wish *list;
    size_t count;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = list_wishes(call, arena, &list, &count);
    if (!err) {
        call_put_list(call, put_row, list, sizeof *list, count);
    }
    arena_free(&arena);
    return err;
}

int op_wish_read(struct call *call)
{
    return call_done(call) ? store_wish_read(call->store, call->who->account) : OP_MALFORMED;
}

int call_put_asked(struct call *call)
{
    struct store_wish *wish = NULL;
    struct store_conflict *conflict = NULL;
    size_t wishes = 0, conflicts = 0;
    uint32_t asked = 0, news = 0;
    struct arena *arena = arena_new();
    int err = 0;
    if (op_allows(OP_WISH_LIST, call->who->role))
        err = list_wishes(call, arena, &wish, &wishes);
    if (!err && op_allows(OP_CONFLICT_LIST, call->who->role))
        err =
            store_conflict_list(call->store, &call->reach, BOOK_PAGE, arena, &conflict, &conflicts);
    for (size_t i = 0; !err && i < wishes; i++) {
        asked += wish[i].answered == 0;
        news += wish[i].news != 0;
    }
    wire_put_u32(call->out, (uint32_t)conflicts);
    wire_put_u32(call->out, asked);
    wire_put_u32(call->out, news);
    arena_free(&arena);
    return err;
}

/* ---- what was lost ---- */

static void put_conflict(struct call *call, const void *row)
{
    const struct store_conflict *conflict = row;
    enum request_state lost = STATE_QUEUED, state = STATE_QUEUED;
    if (state_find(conflict->lost, &lost) || state_find(conflict->state, &state))
        call->out->failed = 1;
    wire_put_text(call->out, conflict->number);
    wire_put_id(call->out, &conflict->event);
    wire_put_u8(call->out, (uint8_t)lost);
    wire_put_u8(call->out, (uint8_t)state);
    wire_put_i64(call->out, conflict->at);
    wire_put_text(call->out, conflict->centre);
    wire_put_text(call->out, conflict->actor);
    wire_put_text(call->out, conflict->applicant);
    call_put_tail(call, conflict->civil);
}

int op_conflict_list(struct call *call)
{
    struct store_conflict *list;
    size_t count;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_conflict_list(call->store, &call->reach, BOOK_PAGE, arena, &list, &count);
    if (!err) {
        uint32_t rows = call_put_list(call, put_conflict, list, sizeof *list, count);
        call_say_paged(call, rows);
    }
    arena_free(&arena);
    return err;
}

int call_is_reason(const char *reason)
{
    return utf8_count(reason) >= BOOK_REASON_LEAST && input_is_clean(reason);
}

int op_conflict_close(struct call *call)
{
    char number[BOOK_NUMBER], reason[BOOK_NOTE];
    struct id event;
    wire_text(&call->in, number, sizeof number);
    wire_id(&call->in, &event);
    wire_text(&call->in, reason, sizeof reason);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!call_is_reason(reason))
        return SND_E_INVALID;
    return store_conflict_close(call->store, &call->reach, number, &event, reason, &call->actor);
}
