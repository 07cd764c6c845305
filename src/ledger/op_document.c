/* SPDX-License-Identifier: Apache-2.0
 * Documents of requests. What a submission names by hash must be here, and the submitter's to give:
 * out of the own inbox, or of a request of the same centre, since one document serves several. What
 * was submitted can get further ones for as long as the centre still has it, or when an agency has
 * asked for them. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"

#define STORED "att:"

/* The hash that a document's value names: 1, or 0 when it names none; SND_E_BAD for half of one. */
static int hash_of(const char *value, uint8_t sha[HASH_SIZE])
{
    if (!value || strncmp(value, STORED, strlen(STORED)) != 0)
        return 0;
    return hex_parse(value + strlen(STORED), sha, HASH_SIZE) ? SND_E_BAD : 1;
}

int documents_offered(struct call *call, const struct record *record, const char *account,
                      const char *centre, struct arena *arena, struct store_document **out,
                      size_t *count, int *wrong)
{
    const struct form *form = record->form;
    struct store_document *list = NULL;
    *count = 0;
    *wrong = -1;
    for (size_t i = 0; i < form->fields; i++) {
        uint8_t sha[HASH_SIZE];
        int has = form->field[i].kind == FIELD_DOC ? hash_of(record->value[i], sha) : 0;
        if (has == 0)
            continue;
        if (!list)
            list = arena_alloc(arena, form->fields * sizeof *list);
        struct store_document *document = &list[*count];
        int err = has < 0 ? SND_E_NOTFOUND
                          : store_document_offered(call->store, account, centre, sha, document);
        if (err == SND_E_NOTFOUND) {
            *wrong = (int)i;
            return SND_E_INVALID;
        }
        if (!err)
            err = str_copy(document->role, sizeof document->role, form->field[i].key);
        if (err)
            return err;
        ++*count;
    }
    *out = list;
    return 0;
}

static void put_document(struct call *call, const void *row)
{
    const struct store_document *document = row;
    /* Files are called after people: who sees requests masked gets no names. */
    int names = op_allows(OP_DOCUMENT_GET, call->who->role) || call->who->role == ROLE_CLI;
    wire_put_text(call->out, document->role);
    wire_put_text(call->out, names ? document->name : "");
    call_put_sha(call, document->blob.sha);
    wire_put_i64(call->out, document->blob.size);
    wire_put_u8(call->out, (uint8_t)document->blob.type);
    wire_put_u32(call->out, document->blob.pages);
    wire_put_i64(call->out, document->at);
    wire_put_u8(call->out, (uint8_t)(document->have != 0));
}

/* The request that a call names, within reach. */
static int get_request(struct call *call, const char *number, struct store_request *out)
{
    char *values = NULL;
    int err = store_request_get(call->store, &call->reach, number, out, &values);
    x_free(&values);
    return err;
}

int op_document_list(struct call *call)
{
    char number[BOOK_NUMBER];
    struct store_request request;
    struct store_document *list;
    size_t count = 0;
    wire_text(&call->in, number, sizeof number);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = get_request(call, number, &request);
    if (!err)
        err = store_document_list(call->store, &request.id, arena, &list, &count);
    if (!err) {
        call_put_list(call, put_document, list, sizeof *list, count);
    }
    arena_free(&arena);
    return err;
}

/* One of the request's documents: 0 or SND_E_NOTFOUND. */
static int has_document(struct call *call, const struct id *request, const uint8_t sha[HASH_SIZE])
{
    struct store_document *list;
    size_t count = 0;
    struct arena *arena = arena_new();
    int err = store_document_list(call->store, request, arena, &list, &count), found = 0;
    for (size_t i = 0; !err && i < count; i++)
        found |= memcmp(list[i].blob.sha, sha, HASH_SIZE) == 0;
    arena_free(&arena);
    return err ? err : found ? 0 : SND_E_NOTFOUND;
}

int op_document_get(struct call *call)
{
    char number[BOOK_NUMBER];
    uint8_t sha[HASH_SIZE];
    struct store_request request;
    wire_text(&call->in, number, sizeof number);
    if (call_get_sha(call, sha))
        return OP_MALFORMED;
    int64_t offset = wire_i64(&call->in);
    uint32_t max = wire_u32(&call->in);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = get_request(call, number, &request);
    if (!err)
        err = has_document(call, &request.id, sha);
    if (!err)
        err = call_put_bytes(call, sha, offset, max);
    if (!err && offset == 0) {
        call->seen->sight = SIGHT_REQUEST;
        call->seen->tx = request.id;
        (void)str_copy(call->seen->number, sizeof call->seen->number, request.number);
        (void)str_copy(call->seen->civil, sizeof call->seen->civil, request.civil);
    }
    return err;
}

/* While its centre still has it, or once an agency has asked for documents. */
static int may_change(const char *state)
{
    static const enum request_state open[] = {STATE_QUEUED, STATE_NEED_DOCS};
    for (size_t i = 0; i < SND_COUNT(open); i++)
        if (strcmp(state_word(open[i]), state) == 0)
            return 1;
    return 0;
}

/* Number, field and hash among the arguments, and the request. */
static int get_change(struct call *call, struct store_request *request, char role[64],
                      uint8_t sha[HASH_SIZE])
{
    char number[BOOK_NUMBER];
    const struct form *form;
    wire_text(&call->in, number, sizeof number);
    wire_text(&call->in, role, 64);
    if (call_get_sha(call, sha) || !call_done(call))
        return OP_MALFORMED;
    int err = get_request(call, number, request);
    if (!err)
        err = formcache_get(call->forms, call->store, request->sha, &form);
    if (err)
        return err;
    int field = form_field(form, role);
    if (field < 0 || form->field[field].kind != FIELD_DOC)
        return SND_E_BAD;
    if (!call_holds(call, request))
        return SND_E_ELSEWHERE;
    return may_change(request->state) ? 0 : SND_E_CONFLICT;
}

int op_document_attach(struct call *call)
{
    char role[64];
    uint8_t sha[HASH_SIZE];
    struct store_request request;
    struct store_document document;
    int err = get_change(call, &request, role, sha);
    if (err)
        return err;
    err = has_document(call, &request.id, sha);
    if (!err)
        return SND_E_EXISTS;
    if (err == SND_E_NOTFOUND)
        err = store_document_offered(call->store, call->who->account, call->who->centre, sha,
                                     &document);
    if (err)
        return err;
    (void)str_copy(document.role, sizeof document.role, role);
    document.rev = request.rev;
    return store_document_attach(call->store, &request.id, &document, &call->actor);
}

/* Whether the agency may have it: what it was sent stays. */
static int is_sent(struct call *call, const struct store_request *request,
                   const uint8_t sha[HASH_SIZE], int *out)
{
    struct store_document *list;
    size_t count = 0;
    struct arena *arena = arena_new();
    int err = store_document_list(call->store, &request->id, arena, &list, &count);
    *out = 0;
    for (size_t i = 0; !err && i < count; i++)
        *out |= memcmp(list[i].blob.sha, sha, HASH_SIZE) == 0 && list[i].rev < request->rev &&
                strcmp(request->state, state_word(STATE_QUEUED)) != 0;
    arena_free(&arena);
    return err;
}

int op_document_drop(struct call *call)
{
    char role[64];
    uint8_t sha[HASH_SIZE];
    struct store_request request;
    int sent = 0, err = get_change(call, &request, role, sha);
    if (!err)
        err = is_sent(call, &request, sha, &sent);
    if (!err && sent)
        err = SND_E_CONFLICT;
    return err ? err : store_document_drop(call->store, &request.id, role, sha, &call->actor);
}
