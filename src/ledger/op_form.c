/* SPDX-License-Identifier: Apache-2.0
 * Services and forms. What is open is worked out from the newest version of each form, for the
 * centre of whoever asks, on the business day; nobody stores it. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"

#define LISTS_MAX 64
#define WANTED_MAX 16

/* What holds of all services today, asked of the store once. */
struct facts {
    char wilayat[8]; /* of the centre of whoever asks */
    struct store_ruling *ruling;
    struct store_notice *notice;
    size_t rulings, notices;
};

static int find_facts(struct call *call, struct arena *arena, struct facts *facts)
{
    call_wilayat(call->office, call->who->centre, facts->wilayat);
    int err = store_service_rulings(call->store, call->day, arena, &facts->ruling, &facts->rulings);
    return err ? err : store_notice_list(call->store, arena, &facts->notice, &facts->notices);
}

/* A row of the catalogue, worked out. */
struct service {
    const struct form *form;
    struct standing standing;
    int32_t opens;
    struct id notice; /* zeros = none */
};

static int work_out(struct call *call, const struct facts *facts, struct service *service)
{
    const struct form *form = service->form;
    const struct store_ruling *ruling = NULL;
    for (size_t i = 0; i < facts->rulings && !ruling; i++)
        if (strcmp(facts->ruling[i].service, form->code) == 0)
            ruling = &facts->ruling[i];
    for (size_t i = 0; i < facts->notices; i++)
        if (strcmp(facts->notice[i].service, form->code) == 0)
            service->notice = facts->notice[i].id;
    service_ruled(form, facts->wilayat, call->day, ruling, &service->standing);
    return service_opens(call, form, call->day, &service->standing, &service->opens);
}

static void put_service(struct call *call, const void *row)
{
    const struct service *service = row;
    const struct form *form = service->form;
    const struct standing *standing = &service->standing;
    wire_put_text(call->out, form->code);
    wire_put_text(call->out, form->agency);
    wire_put_text(call->out, form->title[LANG_AR]);
    wire_put_text(call->out, form->title[LANG_EN]);
    wire_put_u8(call->out, (uint8_t)standing->state);
    wire_put_u8(call->out, (uint8_t)standing->open);
    wire_put_u8(call->out, (uint8_t)standing->in_area);
    call_put_sha(call, form->sha);
    wire_put_text(call->out, standing->reason);
    wire_put_i64(call->out, service->opens);
    wire_put_id(call->out, &service->notice);
}

int op_service_list(struct call *call)
{
    struct store_form_head *heads;
    size_t count;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    struct facts facts = {0};
    int err = store_form_heads(call->store, arena, &heads, &count);
    if (!err)
        err = find_facts(call, arena, &facts);
    uint32_t rows = 0;
    size_t at = call_begin_list(call);
    for (size_t i = 0; i < count && !err; i++) {
        struct service service = {0};
        err = formcache_get(call->forms, call->store, heads[i].sha, &service.form);
        if (!err)
            err = work_out(call, &facts, &service);
        if (!err && !call_put_row(call, put_service, &service))
            err = SND_E_LIMIT;
        rows++;
    }
    call_put_count(call, at, rows);
    arena_free(&arena);
    return err;
}

int op_form_get(struct call *call)
{
    uint8_t sha[HASH_SIZE];
    char *text = NULL;
    if (call_get_sha(call, sha) || !call_done(call))
        return OP_MALFORMED;
    int err = store_form_get(call->store, sha, &text);
    if (!err)
        wire_put_text(call->out, text);
    x_free(&text);
    return err;
}

int op_form_list_get(struct call *call)
{
    uint8_t sha[HASH_SIZE];
    char name[64], *text = NULL;
    if (call_get_sha(call, sha))
        return OP_MALFORMED;
    wire_text(&call->in, name, sizeof name);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_form_list_get(call->store, sha, name, &text);
    if (!err)
        wire_put_text(call->out, text);
    x_free(&text);
    return err;
}

struct given {
    size_t count;
    const char *name[LISTS_MAX], *text[LISTS_MAX];
};

static const char *find_given(void *arg, const char *name)
{
    const struct given *given = arg;
    for (size_t i = 0; i < given->count; i++)
        if (strcmp(given->name[i], name) == 0)
            return given->text[i];
    return NULL;
}

static const char *get_text(struct call *call, struct arena *arena, size_t max)
{
    char *text = wire_text_dup(&call->in, max);
    const char *kept = arena_strdup(arena, text);
    x_free(&text);
    return kept;
}

static int load_form(struct call *call, const char *text, struct given *given,
                     const struct store_notice *notice, struct arena *arena)
{
    struct form *form = NULL;
    const struct form_fault *faults;
    size_t count;
    int added = 0;
    int err = form_read(text, strlen(text), find_given, given, arena, &form, &faults, &count);
    if (!err)
        err = store_form_load(call->store, form, given->count, given->name, given->text,
                              call_notice_given(notice) ? notice : NULL, &added, &call->actor);
    if (!err) {
        call_put_sha(call, form->sha);
        wire_put_u8(call->out, added != 0);
    }
    if (form)
        form_free(&form);
    return err;
}

/* A form's text and lists among the arguments: 1, or 0 when they are malformed. */
static int get_form(struct call *call, struct arena *arena, struct given *given, const char **text)
{
    *text = get_text(call, arena, WIRE_MAX);
    uint32_t lists = wire_u32(&call->in);
    for (uint32_t i = 0; i < lists && lists <= LISTS_MAX && !call->in.bad; i++) {
        given->name[i] = get_text(call, arena, 63);
        given->text[i] = get_text(call, arena, WIRE_MAX);
        given->count = i + 1;
    }
    return lists <= LISTS_MAX;
}

int op_form_load(struct call *call)
{
    struct arena *arena = arena_new();
    struct given given = {0};
    struct store_notice notice;
    const char *text;
    int err = OP_MALFORMED;
    int form = get_form(call, arena, &given, &text);
    call_get_notice(call, &notice);
    if (call_done(call) && form)
        err =
            call_notice_clean(&notice) ? load_form(call, text, &given, &notice, arena) : SND_E_BAD;
    arena_free(&arena);
    return err;
}

static int keep_form(struct call *call, const char *text, struct given *given, struct arena *arena)
{
    struct form *form = NULL;
    const struct form_fault *faults;
    size_t count;
    struct store_form_list list[LISTS_MAX];
    int err = form_read(text, strlen(text), find_given, given, arena, &form, &faults, &count);
    for (size_t i = 0; i < given->count; i++)
        list[i] = (struct store_form_list){given->name[i], given->text[i]};
    if (!err)
        err = store_form_keep(call->store, form, list, given->count, &call->actor);
    if (form)
        form_free(&form);
    return err;
}

int op_form_keep(struct call *call)
{
    struct arena *arena = arena_new();
    struct given given = {0};
    const char *text;
    int form = get_form(call, arena, &given, &text);
    int err = call_done(call) && form ? keep_form(call, text, &given, arena) : OP_MALFORMED;
    arena_free(&arena);
    return err;
}

int op_form_wanted(struct call *call)
{
    uint8_t sha[WANTED_MAX][HASH_SIZE];
    size_t count;
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_form_wanted(call->store, sha, WANTED_MAX, &count);
    if (err)
        return err;
    wire_put_u32(call->out, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        call_put_sha(call, sha[i]);
    return 0;
}

int op_form_whole(struct call *call)
{
    uint8_t sha[HASH_SIZE];
    char *text = NULL;
    struct store_form_list *list;
    size_t count;
    if (call_get_sha(call, sha) || !call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_form_get(call->store, sha, &text);
    if (!err)
        err = store_form_lists(call->store, sha, arena, &list, &count);
    if (!err) {
        wire_put_text(call->out, text);
        wire_put_u32(call->out, (uint32_t)count);
        for (size_t i = 0; i < count; i++) {
            wire_put_text(call->out, list[i].name);
            wire_put_text(call->out, list[i].text);
        }
    }
    x_free(&text);
    arena_free(&arena);
    return err;
}
