/* SPDX-License-Identifier: Apache-2.0
 * Reports and the requests behind them (in a reader: a long one delays nobody), registers, and
 * imported history. Nothing of a person is in any of these. */
#include <string.h>
#include "base/err.h"
#include "book/report.h"
#include "form/hours.h"
#include "ledger/op_priv.h"
#include "store/report.h"

#define IMPORT_TEXT (HISTORY_TEXT + 1)

/* The committee sees how the network does, not how a person does. */
static int names_clerks(const struct store_ask *ask)
{
    int named = strcmp(ask->by, "clerk") == 0;
    for (size_t i = 0; i < ask->wheres; i++)
        named |= strcmp(ask->where[i].dim, "clerk") == 0;
    return named;
}

/* Who asks reaches so far: centres, the beginning of their codes, or one agency. */
static int bound(const struct call *call, struct store_ask *ask)
{
    const struct store_reach *reach = &call->reach;
    if (call->who->role == ROLE_COMMITTEE && names_clerks(ask))
        return SND_E_DENIED;
    if (reach->kind == REACH_OF_ALL)
        return 0;
    if (reach->kind == REACH_OF_AGENCY) {
        if (ask->wheres == STORE_WHERES)
            return SND_E_LIMIT;
        (void)str_copy(ask->where[ask->wheres].dim, sizeof ask->where[0].dim, "agency");
        (void)str_copy(ask->where[ask->wheres].value, sizeof ask->where[0].value, reach->codes);
        ask->wheres++;
        return 0;
    }
    for (const char *code = reach->codes; *code && ask->scopes < STORE_SCOPES;) {
        size_t len = strcspn(code, " ");
        if (len > 0)
            (void)str_format(ask->scope[ask->scopes++], sizeof ask->scope[0], "%.*s", (int)len,
                             code);
        code += len;
        code += strspn(code, " ");
    }
    return ask->scopes > 0 ? 0 : SND_E_DENIED;
}

/* What is asked; OP_MALFORMED when it asks for more than there can be. */
static int get_ask(struct call *call, struct store_ask *ask)
{
    *ask = (struct store_ask){0};
    wire_text(&call->in, ask->by, sizeof ask->by);
    int64_t from = wire_i64(&call->in), to = wire_i64(&call->in);
    ask->compare = wire_u8(&call->in);
    uint32_t wheres = wire_u32(&call->in);
    if (wheres > STORE_WHERES)
        return OP_MALFORMED;
    for (; ask->wheres < wheres; ask->wheres++) {
        wire_text(&call->in, ask->where[ask->wheres].dim, sizeof ask->where[0].dim);
        wire_text(&call->in, ask->where[ask->wheres].value, sizeof ask->where[0].value);
    }
    if (from < STORE_FIRST_DAY || to > STORE_LAST_DAY || from > to)
        ask->to = -1; /* the store refuses it */
    else
        ask->from = (int32_t)from, ask->to = (int32_t)to;
    return 0;
}

static void put_row(struct call *call, const void *row)
{
    const struct store_report_row *sum = row;
    const int64_t numbers[] = {sum->n,       sum->before,     sum->outside,
                               sum->working, sum->fee_agency, sum->fee_centre,
                               sum->centres, sum->wilayats,   sum->staff};
    wire_put_text(call->out, sum->code);
    wire_put_text(call->out, sum->ar);
    wire_put_text(call->out, sum->en);
    for (size_t i = 0; i < SND_COUNT(numbers); i++)
        wire_put_i64(call->out, numbers[i]);
}

static void put_span(struct call *call, const struct store_span *span)
{
    wire_put_i64(call->out, span->from);
    wire_put_i64(call->out, span->to);
    wire_put_u32(call->out, (uint32_t)span->days);
    wire_put_u32(call->out, (uint32_t)span->working);
    wire_put_u8(call->out, span->leap != 0);
}

/* The titles of services, which the forms have and no register. */
static int name_services(struct call *call, struct arena *arena, struct store_report *report)
{
    struct store_form_head *heads;
    size_t count;
    int err = store_form_heads(call->store, arena, &heads, &count);
    for (size_t i = 0; i < report->count && !err; i++)
        for (size_t h = 0; h < count && !err; h++) {
            const struct form *form;
            if (strcmp(heads[h].code, report->row[i].code) != 0)
                continue;
            err = formcache_get(call->forms, call->store, heads[h].sha, &form);
            if (err)
                break;
            (void)str_copy(report->row[i].ar, sizeof report->row[i].ar, form->title[LANG_AR]);
            (void)str_copy(report->row[i].en, sizeof report->row[i].en, form->title[LANG_EN]);
        }
    return err;
}

static int by_services(const struct store_ask *ask)
{
    return strcmp(ask->by, "service") == 0;
}

static void put_report(struct call *call, const struct store_report *report, const char *after)
{
    uint32_t rows = 0;
    size_t i = 0;
    wire_put_i64(call->out, report->mark);
    put_span(call, &report->now);
    put_span(call, &report->before);
    put_row(call, &report->all);
    size_t more = call->out->len;
    wire_put_u8(call->out, 0);
    size_t at = call_begin_list(call);
    while (i < report->count && after[0] && strcmp(report->row[i].code, after) <= 0)
        i++;
    for (; i < report->count && call_put_row(call, put_row, &report->row[i]); i++)
        rows++;
    call_put_count(call, at, rows);
    if (!call->out->failed)
        call->out->data[more] = i < report->count;
}

int op_report_run(struct call *call)
{
    struct store_ask ask;
    struct store_report report;
    char after[REPORT_CODE];
    if (get_ask(call, &ask))
        return OP_MALFORMED;
    wire_text(&call->in, after, sizeof after);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = bound(call, &ask);
    if (err)
        return err;
    struct arena *arena = arena_new();
    err = store_report(call->store, &ask, arena, &report);
    if (!err && by_services(&ask))
        err = name_services(call, arena, &report);
    if (!err)
        put_report(call, &report, after);
    arena_free(&arena);
    return err;
}

static void put_request(struct call *call, const void *row)
{
    const struct store_drill_row *request = row;
    wire_put_text(call->out, request->number);
    wire_put_text(call->out, request->centre);
    wire_put_text(call->out, request->clerk);
    wire_put_text(call->out, request->service);
    wire_put_text(call->out, request->state);
    wire_put_text(call->out, request->band);
    wire_put_i64(call->out, request->day);
    wire_put_u32(call->out, (uint32_t)request->minute);
    wire_put_u8(call->out, request->past != 0);
    wire_put_u32(call->out, (uint32_t)request->n);
    wire_put_i64(call->out, request->mark);
    wire_put_u32(call->out, request->place);
}

int op_report_list(struct call *call)
{
    struct store_ask ask;
    struct store_drill_row after = {0}, *list;
    size_t count;
    if (get_ask(call, &ask))
        return OP_MALFORMED;
    after.mark = wire_i64(&call->in);
    after.place = wire_u32(&call->in);
    uint32_t max = wire_u32(&call->in);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = bound(call, &ask);
    if (err)
        return err;
    struct arena *arena = arena_new();
    err = store_drill(call->store, &ask, after.mark ? &after : NULL,
                      max < BOOK_PAGE ? max : BOOK_PAGE, arena, &list, &count);
    if (!err) {
        call_put_list(call, put_request, list, sizeof *list, count);
    }
    arena_free(&arena);
    return err;
}

/* -1 when it is none: the store refuses it. */
static int32_t get_day(struct call *call)
{
    int64_t day = wire_i64(&call->in);
    return day >= 0 && day <= STORE_LAST_DAY ? (int32_t)day : -1;
}

static void get_entry(struct call *call, struct store_entry *out)
{
    wire_text(&call->in, out->code, sizeof out->code);
    wire_text(&call->in, out->parent, sizeof out->parent);
    wire_text(&call->in, out->ar, sizeof out->ar);
    wire_text(&call->in, out->en, sizeof out->en);
    wire_text(&call->in, out->note, sizeof out->note);
    wire_text(&call->in, out->owner, sizeof out->owner);
    wire_text(&call->in, out->licence, sizeof out->licence);
    out->since = get_day(call);
    out->until = get_day(call);
    out->licensed = get_day(call);
}

int op_centre_get(struct call *call)
{
    char code[24];
    struct store_entry entry;
    wire_text(&call->in, code, sizeof code);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_reach_holds(&call->reach, code, "")
                  ? store_register_get(call->store, "centre", code, &entry)
                  : SND_E_NOTFOUND;
    if (err)
        return err;
    const char *const texts[] = {entry.code, entry.parent, entry.ar,     entry.en,
                                 entry.note, entry.owner,  entry.licence};
    for (size_t i = 0; i < SND_COUNT(texts); i++)
        wire_put_text(call->out, texts[i]);
    wire_put_i64(call->out, entry.since);
    wire_put_i64(call->out, entry.until);
    wire_put_i64(call->out, entry.licensed);
    return 0;
}

/* People go out of their way by the hours of a centre: what can't be read is not kept. */
static int hours_fit(const char *kind, const struct store_entry *entry, size_t count)
{
    struct hours hours;
    for (size_t i = 0; i < count && strcmp(kind, "hours") == 0; i++)
        if (hours_parse(entry[i].note, &hours))
            return 0;
    return 1;
}

int op_register_enter(struct call *call)
{
    char kind[16];
    size_t added = 0;
    wire_text(&call->in, kind, sizeof kind);
    uint32_t count = wire_u32(&call->in);
    if (count > REGISTER_ROWS)
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    struct store_entry *entry = arena_alloc(arena, (count + 1) * sizeof *entry);
    for (uint32_t i = 0; i < count; i++)
        get_entry(call, &entry[i]);
    int err = OP_MALFORMED;
    if (call_done(call) && !hours_fit(kind, entry, count))
        err = SND_E_BAD;
    else if (call_done(call))
        err = store_register_enter(call->store, kind, entry, count, &added, &call->actor);
    if (!err)
        wire_put_u32(call->out, (uint32_t)added);
    arena_free(&arena);
    return err;
}

int op_history_import(struct call *call)
{
    struct store_import import;
    char *rows = wire_text_dup(&call->in, IMPORT_TEXT);
    int err = OP_MALFORMED;
    if (call_done(call))
        err = store_history_import(call->store, rows, &import, &call->actor);
    if (!err) {
        wire_put_i64(call->out, import.added);
        wire_put_i64(call->out, import.there);
    }
    x_free(&rows);
    return err;
}
