/* SPDX-License-Identifier: Apache-2.0
 * Drafts: local state of one account, held by one live session at a time. A holder that doesn't
 * live any more holds nothing, so nothing has to be released when a connection breaks. Another
 * account's draft is as if it weren't there. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"

/* The person's own draft and, unless they are NULL, its texts. */
static int own_draft(struct call *call, const struct id *id, struct store_draft *draft,
                     char **typed, char **values)
{
    int err = store_draft_get(call->store, id, draft, typed, values);
    if (err || strcmp(draft->account, call->who->account) == 0)
        return err;
    if (typed) {
        x_free(typed);
        x_free(values);
    }
    return SND_E_NOTFOUND;
}

static int put_draft(struct call *call, struct store_draft *draft, const char *typed,
                     const char *values)
{
    struct store_draft before;
    const struct form *form;
    int err = formcache_get(call->forms, call->store, draft->sha, &form);
    if (err)
        return err;
    err = own_draft(call, &draft->id, &before, NULL, NULL);
    if (!err && call_held_elsewhere(call, &before))
        return SND_E_INUSE;
    if (err && err != SND_E_NOTFOUND)
        return err;
    (void)str_copy(draft->service, sizeof draft->service, form->code);
    (void)str_copy(draft->account, sizeof draft->account, call->who->account);
    draft->saved = call->actor.at;
    draft->holder = call->who->session;
    return store_draft_put(call->store, draft, typed, values);
}

int op_draft_put(struct call *call)
{
    struct store_draft draft = {0};
    wire_id(&call->in, &draft.id);
    wire_text(&call->in, draft.service, sizeof draft.service);
    if (call_get_sha(call, draft.sha))
        return OP_MALFORMED;
    uint32_t field = wire_u32(&call->in), caret = wire_u32(&call->in);
    wire_text(&call->in, draft.summary, sizeof draft.summary);
    char *typed = wire_text_dup(&call->in, WIRE_MAX);
    char *values = wire_text_dup(&call->in, WIRE_MAX);
    int err = OP_MALFORMED;
    if (call_done(call) && field <= INT32_MAX && caret <= INT32_MAX) {
        draft.field = (int)field;
        draft.caret = (int)caret;
        err = put_draft(call, &draft, typed, values);
    }
    x_free(&typed);
    x_free(&values);
    return err;
}

static void put_row(struct call *call, const void *row)
{
    const struct store_draft *draft = row;
    wire_put_id(call->out, &draft->id);
    wire_put_text(call->out, draft->service);
    call_put_sha(call, draft->sha);
    wire_put_i64(call->out, draft->saved);
    wire_put_text(call->out, draft->summary);
    wire_put_u8(call->out, (uint8_t)call_held_elsewhere(call, draft));
    wire_put_u8(call->out, (uint8_t)draft->parked);
}

int op_draft_list(struct call *call)
{
    struct store_draft *list;
    size_t count;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_draft_list(call->store, call->who->account, arena, &list, &count);
    if (!err) {
        call_put_list(call, put_row, list, sizeof *list, count < BOOK_PAGE ? count : BOOK_PAGE);
    }
    arena_free(&arena);
    return err;
}

/* The draft that a call names, whole; first it becomes this session's when that is wanted. */
static int give_draft(struct call *call, int hold)
{
    struct id id;
    struct store_draft draft;
    char *typed = NULL, *values = NULL;
    wire_id(&call->in, &id);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = own_draft(call, &id, &draft, &typed, &values);
    if (!err && hold && call_held_elsewhere(call, &draft))
        err = SND_E_INUSE;
    if (!err && hold)
        err = store_draft_hold(call->store, &id, call->who->session);
    if (!err && hold)
        err = store_draft_unpark(call->store, call->who->account, &id);
    if (!err) {
        wire_put_text(call->out, draft.service);
        call_put_sha(call, draft.sha);
        wire_put_i64(call->out, draft.saved);
        wire_put_u32(call->out, (uint32_t)draft.field);
        wire_put_u32(call->out, (uint32_t)draft.caret);
        wire_put_text(call->out, draft.summary);
        wire_put_text(call->out, typed);
        wire_put_text(call->out, values);
    }
    x_free(&typed);
    x_free(&values);
    return err;
}

int op_draft_open(struct call *call)
{
    return give_draft(call, 1);
}

int op_draft_look(struct call *call)
{
    return give_draft(call, 0);
}

/* The draft that a call names with its only argument: the person's own, held nowhere else. */
static int get_free_draft(struct call *call, struct id *id)
{
    struct store_draft draft;
    wire_id(&call->in, id);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = own_draft(call, id, &draft, NULL, NULL);
    return !err && call_held_elsewhere(call, &draft) ? SND_E_INUSE : err;
}

int op_draft_release(struct call *call)
{
    struct id id;
    int err = get_free_draft(call, &id);
    return err ? err : store_draft_hold(call->store, &id, 0);
}

int op_draft_drop(struct call *call)
{
    struct id id;
    int err = get_free_draft(call, &id);
    return err ? err : store_draft_drop(call->store, &id, call->who->account);
}

int op_draft_park(struct call *call)
{
    struct id id;
    int digit = 0, err = get_free_draft(call, &id);
    if (!err)
        err = store_draft_park(call->store, call->who->account, &id, &digit);
    if (!err)
        err = store_draft_hold(call->store, &id, 0);
    if (!err)
        wire_put_u8(call->out, (uint8_t)digit);
    return err;
}
