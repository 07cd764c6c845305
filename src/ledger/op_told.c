/* SPDX-License-Identifier: Apache-2.0
 * What agencies tell of their requests. A message has a name of the agency's own and is taken once.
 * It may come in any order and before our own side knows that the request arrived: one whose state
 * can still be reached is kept, and applied when its request gets there. Who tells is known by the
 * hash of its token or certificate; another agency's request is as if it weren't there. */
#include <string.h>
#include "base/err.h"
#include "ledger/errand_priv.h"
#include "store/blob.h"
#include "text/input.h"

/* What became of a message, as the agency is answered. */
enum heard { HEARD_TAKEN, HEARD_REPEATED, HEARD_KEPT, HEARD_REFUSED, HEARD_UNKNOWN, HEARDS };
static const char *const heard_words[HEARDS] = {"taken", "repeated", "kept", "refused", "unknown"};

struct message {
    char name[LINK_MESSAGE];
    struct id request;
    enum request_state state;
    struct store_move move;
};

/* Documents: the form's own by key, others by what they are called, as words for the person. */
static void get_documents(const struct json *list, struct message *out)
{
    struct buf keys = BUF_INIT(sizeof out->move.documents - 1);
    struct buf words = BUF_INIT(sizeof out->move.note - 1);
    buf_puts(&words, out->move.note);
    for (size_t i = 0; list && i < json_count(list); i++) {
        char *text = json_words(json_at(list, i));
        int key = strncmp(text, "doc_", 4) == 0;
        struct buf *to = key ? &keys : &words;
        buf_printf(to, "%s%s", to->len ? key ? " " : "، " : "", text);
        x_free(&text);
    }
    (void)str_copy(out->move.documents, sizeof out->move.documents, buf_text(&keys));
    (void)str_copy(out->move.note, sizeof out->move.note, buf_text(&words));
    buf_free(&keys);
    buf_free(&words);
}

static int copy_member(const struct json *json, const char *member, char *out, size_t size)
{
    const char *text = json_get_text(json, member);
    return str_copy(out, size, text ? text : "");
}

/* A body as openapi.json says: 0 or SND_E_INVALID. */
static int message_read(const char *text, size_t len, struct message *out)
{
    struct json *json = NULL;
    char id[ID_TEXT];
    *out = (struct message){.move.by = "agency"};
    if (json_parse(text, len, &json) != 0)
        return SND_E_INVALID;
    const char *state = json_get_text(json, "state");
    int bad = copy_member(json, "message", out->name, sizeof out->name) ||
              copy_member(json, "id", id, sizeof id) ||
              copy_member(json, "ack", out->move.ack, sizeof out->move.ack) ||
              copy_member(json, "words", out->move.note, sizeof out->move.note) ||
              id_parse(id, &out->request) || !out->name[0] || !input_is_clean(out->name) ||
              !state || state_find(state, &out->state);
    out->move.fee = json_get_int(json, "fee", 0);
    if (!bad)
        get_documents(json_get(json, "documents"), out);
    json_free(&json);
    return bad ? SND_E_INVALID : 0;
}

/* Whether moves lead from one state to the other, whoever makes them. */
static int leads(enum request_state from, enum request_state to)
{
    uint32_t reached = 1u << from, before = 0;
    while (reached != before) {
        before = reached;
        for (unsigned a = 0; a < STATE_COUNT; a++)
            for (unsigned b = 0; b < STATE_COUNT; b++)
                if ((reached >> a & 1u) && state_may_become(a, b))
                    reached |= 1u << b;
    }
    return (reached >> to & 1u) != 0;
}

/* What an agency may give a request at all, once it was sent. */
static int is_theirs(enum request_state to)
{
    for (unsigned from = STATE_SENT; from < STATE_COUNT; from++)
        if (state_may_move(from, to, ROLE_AGENCY))
            return 1;
    return 0;
}

/* An agency that speaks of a request has it, whatever came of our waiting for an answer. */
static int imply_received(struct call *call, struct store_request *request,
                          const struct message *message)
{
    struct store_move move = {.by = "agency"};
    struct store_sending sending;
    (void)str_copy(move.ack, sizeof move.ack, message->move.ack);
    int err = call_move(call, request, STATE_RECEIVED, &move);
    if (!err)
        err = store_outbox_get(call->store, &request->id, &sending);
    if (err)
        return err == SND_E_NOTFOUND ? 0 : err;
    (void)str_copy(sending.state, sizeof sending.state, "taken");
    return store_outbox_put(call->store, &sending, NULL, 0);
}

/* An agency that is asked says how it stands now, not what it passed on its way there: a review
 * that nobody heard of was one. A message of its own may be too early, and waits for the one
 * before. */
static int imply_review(struct call *call, struct store_request *request,
                        const struct message *message, enum request_state *from)
{
    struct store_move move = {.by = "agency"};
    if (call->who->role != ROLE_COURIER || *from < STATE_SENT ||
        state_may_move(*from, message->state, ROLE_AGENCY) ||
        !state_may_move(*from, STATE_IN_REVIEW, ROLE_AGENCY) ||
        !state_may_move(STATE_IN_REVIEW, message->state, ROLE_AGENCY))
        return 0;
    *from = STATE_IN_REVIEW;
    return call_move(call, request, STATE_IN_REVIEW, &move);
}

static int apply(struct call *call, struct store_request *request, struct message *message,
                 enum heard *out)
{
    enum request_state from;
    int err = state_find(request->state, &from) ? SND_E_CORRUPT : 0;
    if (err)
        return err;
    *out = HEARD_TAKEN;
    if (from == message->state)
        return 0;
    errand_by(call, request->agency);
    if (from == STATE_SENT && leads(STATE_RECEIVED, message->state)) {
        err = imply_received(call, request, message);
        from = STATE_RECEIVED;
    }
    if (!err)
        err = imply_review(call, request, message, &from);
    if (err || from == message->state)
        return err;
    if (from >= STATE_SENT && state_may_move(from, message->state, ROLE_AGENCY))
        return call_move(call, request, message->state, &message->move);
    *out = is_theirs(message->state) && leads(from, message->state) ? HEARD_KEPT : HEARD_REFUSED;
    return 0;
}

/* The first that can be applied now: 1, and it was; 0 when there is none. */
static int catch_up_once(struct call *call, struct store_request *request,
                         const struct store_kept *kept, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct message message;
        enum heard heard = HEARD_REFUSED;
        int err = message_read(kept[i].body, strlen(kept[i].body), &message);
        if (!err)
            err = apply(call, request, &message, &heard);
        if (err == SND_E_INVALID)
            err = 0;
        else if (!err && heard == HEARD_KEPT)
            continue;
        if (!err)
            err = store_told_code(call->store, &kept[i].told.id, heard_words[heard]);
        return err ? err : 1;
    }
    return 0;
}

int told_catch_up(struct call *call, struct store_request *request)
{
    int more = 1;
    while (more > 0) {
        struct store_kept *kept;
        size_t count;
        struct arena *arena = arena_new();
        more = store_told_kept(call->store, &request->id, arena, &kept, &count);
        if (!more)
            more = catch_up_once(call, request, kept, count);
        arena_free(&arena);
    }
    return more;
}

static int keep(struct call *call, const struct message *message, const char *agency,
                const char *code, const uint8_t *body, size_t len)
{
    struct store_told told = {.id = id_new(), .request = message->request, .at = call->actor.at};
    (void)str_copy(told.agency, sizeof told.agency, agency);
    (void)str_copy(told.message, sizeof told.message, message->name);
    (void)str_copy(told.code, sizeof told.code, code);
    return store_told_put(call->store, &told, body, len);
}

/* The request, if it is that agency's and was ever on its way there. */
static int theirs(struct call *call, const struct message *message, const char *agency,
                  struct store_request *request)
{
    struct errand errand;
    enum request_state state;
    int err = errand_get(call, &message->request, &errand);
    *request = errand.request;
    errand_free(&errand);
    if (!err && (strcmp(request->agency, agency) != 0 || state_find(request->state, &state)))
        err = SND_E_NOTFOUND;
    return err;
}

static int hear(struct call *call, const struct store_link *link, const uint8_t *body, size_t len,
                enum heard *out, struct store_request *request)
{
    struct message message;
    char before[LINK_WORD];
    int err = message_read((const char *)body, len, &message);
    if (err)
        return err;
    *out = HEARD_UNKNOWN;
    err = theirs(call, &message, link->agency, request);
    if (err)
        return err == SND_E_NOTFOUND ? 0 : err;
    err = store_told_new(call->store, link->agency, message.name, before);
    *out = HEARD_REPEATED;
    if (err)
        return err == SND_E_EXISTS ? 0 : err;
    err = apply(call, request, &message, out);
    if (!err)
        err = keep(call, &message, link->agency, heard_words[*out], body, len);
    return err || *out != HEARD_TAKEN ? err : told_catch_up(call, request);
}

int told_caller(struct call *call, struct store_link *link)
{
    char agency[LINK_AGENCY], token[HASH_TEXT], peer[HASH_TEXT];
    wire_text(&call->in, agency, sizeof agency);
    wire_text(&call->in, token, sizeof token);
    wire_text(&call->in, peer, sizeof peer);
    if (call->in.bad)
        return OP_MALFORMED;
    if (agency[0])
        return call->who->role == ROLE_COURIER ? store_link_get(call->store, agency, link)
                                               : SND_E_DENIED;
    int err = store_link_caller(call->store, token, peer, link);
    int late = !err && strcmp(link->callback, token) == 0 && link->until <= call->actor.at &&
               !(peer[0] && strcmp(link->peer, peer) == 0);
    return err == SND_E_NOTFOUND || late ? SND_E_AUTH : err;
}

int op_agency_told(struct call *call)
{
    struct store_link link;
    struct store_request request = {0};
    enum heard heard = HEARD_UNKNOWN;
    size_t len;
    int err = told_caller(call, &link);
    mem_wipe(link.token, sizeof link.token);
    const uint8_t *body = wire_bytes(&call->in, &len);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!err)
        err = hear(call, &link, body, len, &heard, &request);
    if (!err) {
        wire_put_text(call->out, heard_words[heard]);
        wire_put_text(call->out, heard == HEARD_UNKNOWN ? "" : request.state);
    }
    return err;
}

int op_agency_document(struct call *call)
{
    struct store_link link;
    struct store_blob blob;
    uint8_t sha[HASH_SIZE];
    int err = told_caller(call, &link);
    mem_wipe(link.token, sizeof link.token);
    if (call_get_sha(call, sha) || !call_done(call))
        return OP_MALFORMED;
    if (!err)
        err = store_outbox_document(call->store, link.agency, sha);
    if (!err)
        err = store_blob_known(call->store, sha, &blob);
    if (err)
        return err;
    wire_put_i64(call->out, blob.size);
    wire_put_text(call->out, filetype_mime(blob.type));
    return 0;
}
