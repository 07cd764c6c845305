/* SPDX-License-Identifier: Apache-2.0
 * What supervisors rule of services, the notices of new and changed ones, and practice. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"
#include "text/input.h"

#define TRAININGS_MAX 200
#define RULINGS_MAX 50

/* text service, i64 from, i64 to, text reason. */
static void get_ruling(struct call *call, struct store_ruling *out)
{
    *out = (struct store_ruling){0};
    wire_text(&call->in, out->service, sizeof out->service);
    int64_t from = wire_i64(&call->in), to = wire_i64(&call->in);
    wire_text(&call->in, out->reason, sizeof out->reason);
    if (from < INT32_MIN || from > INT32_MAX || to < from || to > INT32_MAX)
        call->in.bad = 1;
    out->from = (int32_t)from;
    out->to = (int32_t)to;
}

void call_get_notice(struct call *call, struct store_notice *out)
{
    *out = (struct store_notice){0};
    wire_text(&call->in, out->body[LANG_AR], sizeof out->body[LANG_AR]);
    wire_text(&call->in, out->body[LANG_EN], sizeof out->body[LANG_EN]);
}

int call_notice_given(const struct store_notice *notice)
{
    return notice->body[LANG_AR][0] || notice->body[LANG_EN][0];
}

int call_notice_clean(const struct store_notice *notice)
{
    return input_is_clean(notice->body[LANG_AR]) && input_is_clean(notice->body[LANG_EN]);
}

/* Nobody can have begun it before that day, by its form or by a ruling: 1, 0 or an error. */
static int first_time(struct call *call, const struct store_ruling *ruling)
{
    const struct form *form;
    int err = service_form(call, ruling->service, &form);
    if (err)
        return err;
    for (size_t i = 0; i < form->spans; i++)
        if (form->span[i].state == SERVICE_LIVE && form->span[i].from < ruling->from)
            return 0;
    err = store_service_was_opened(call->store, ruling->service);
    return err == SND_E_NOTFOUND ? 1 : err;
}

int op_service_open(struct call *call)
{
    struct store_ruling ruling;
    struct store_notice notice;
    get_ruling(call, &ruling);
    call_get_notice(call, &notice);
    int quiet = call_get_flag(call);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!input_is_clean(ruling.reason) || !call_notice_clean(&notice))
        return SND_E_BAD;
    int told = call_notice_given(&notice);
    if (!told && !quiet)
        told = first_time(call, &ruling);
    if (told < 0)
        return told;
    ruling.opens = 1;
    int err = store_service_rule(call->store, &ruling, told ? &notice : NULL, &call->actor);
    wire_put_u8(call->out, told != 0);
    return err;
}

int op_service_close(struct call *call)
{
    struct store_ruling ruling;
    get_ruling(call, &ruling);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!input_is_clean(ruling.reason))
        return SND_E_BAD;
    return store_service_rule(call->store, &ruling, NULL, &call->actor);
}

static void put_ruled(struct call *call, const void *row)
{
    const struct store_ruled *ruled = row;
    wire_put_u8(call->out, ruled->ruling.opens != 0);
    wire_put_i64(call->out, ruled->ruling.from);
    wire_put_i64(call->out, ruled->ruling.to);
    wire_put_text(call->out, ruled->ruling.reason);
    wire_put_i64(call->out, ruled->at);
    wire_put_text(call->out, ruled->actor);
}

int op_service_rulings(struct call *call)
{
    char service[16];
    struct store_ruled *list;
    size_t count = 0;
    wire_text(&call->in, service, sizeof service);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_service_ruled(call->store, service, RULINGS_MAX, arena, &list, &count);
    call_put_list(call, put_ruled, list, sizeof *list, err ? 0 : count);
    arena_free(&arena);
    return err;
}

/* A notice with the form in force of its service. */
struct noticed {
    const struct store_notice *notice;
    const struct form *form;
};

static void put_notice(struct call *call, const void *row)
{
    const struct noticed *noticed = row;
    const struct store_notice *notice = noticed->notice;
    wire_put_id(call->out, &notice->id);
    wire_put_text(call->out, notice->service);
    wire_put_text(call->out, noticed->form->title[LANG_AR]);
    wire_put_text(call->out, noticed->form->title[LANG_EN]);
    call_put_sha(call, noticed->form->sha);
    wire_put_u32(call->out, (uint32_t)notice->version);
    wire_put_i64(call->out, notice->from);
    wire_put_text(call->out, notice->body[LANG_AR]);
    wire_put_text(call->out, notice->body[LANG_EN]);
}

int op_notice_list(struct call *call)
{
    struct store_notice *list;
    size_t count = 0;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_notice_unread(call->store, call->who->account, arena, &list, &count);
    uint32_t rows = 0;
    size_t at = call_begin_list(call);
    for (int room = 1; !err && room && rows < count; rows += room != 0) {
        struct noticed noticed = {.notice = &list[rows]};
        err = service_form(call, list[rows].service, &noticed.form);
        room = !err && call_put_row(call, put_notice, &noticed);
    }
    call_put_count(call, at, rows);
    arena_free(&arena);
    return err;
}

int op_notice_read(struct call *call)
{
    struct id notice;
    wire_id(&call->in, &notice);
    if (!call_done(call))
        return OP_MALFORMED;
    return store_notice_read(call->store, call->who->account, &notice, &call->actor);
}

int op_training_add(struct call *call)
{
    struct store_training training = {0};
    const struct form *form;
    if (call_get_sha(call, training.sha))
        return OP_MALFORMED;
    uint32_t faults = wire_u32(&call->in);
    if (!call_done(call) || faults > INT32_MAX)
        return OP_MALFORMED;
    int err = formcache_get(call->forms, call->store, training.sha, &form);
    if (err)
        return err;
    training.faults = (int)faults;
    (void)str_copy(training.service, sizeof training.service, form->code);
    (void)str_copy(training.account, sizeof training.account, call->who->account);
    return store_training_add(call->store, &training, &call->actor);
}

static void put_training(struct call *call, const void *row)
{
    const struct store_training *training = row;
    wire_put_text(call->out, training->account);
    wire_put_text(call->out, training->centre);
    wire_put_text(call->out, training->service);
    wire_put_i64(call->out, training->at);
    wire_put_u32(call->out, (uint32_t)training->faults);
}

int op_training_list(struct call *call)
{
    struct store_training *list;
    size_t count = 0;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_training_list(call->store, &call->reach, TRAININGS_MAX, arena, &list, &count);
    call_put_list(call, put_training, list, sizeof *list, err ? 0 : count);
    arena_free(&arena);
    return err;
}
