/* SPDX-License-Identifier: Apache-2.0
 * A request as its agency gets it: the frame and the values as the schema of the service says
 * (form/schema.h). It is made anew at each attempt, so nothing in it may change between two: what
 * is sent twice must have one hash. */
#include "ledger/errand_priv.h"
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "store/blob.h"

int errand_get(struct call *call, const struct id *request, struct errand *out)
{
    memset(out, 0, sizeof *out);
    return store_request_by_id(call->store, request, &out->request, &out->event, &out->values);
}

void errand_free(struct errand *errand)
{
    x_free(&errand->values);
}

void errand_by(struct call *call, const char *agency)
{
    int cut = str_format(call->actor.name, sizeof call->actor.name, "agency:%s", agency);
    snd_assert(cut == 0);
    call->actor.centre[0] = '\0';
}

static void put_frame(const struct errand *errand, const struct form *form, struct json *out)
{
    const struct store_request *request = &errand->request;
    char id[ID_TEXT], sha[HASH_TEXT], at[25], day[11];
    struct json *fees = json_new_object();
    id_text(&request->id, id);
    hex_text(request->sha, HASH_SIZE, sha);
    clock_utc_text(request->at, at);
    clock_day_text(request->day, day);
    json_put_text(out, "id", id);
    json_put_text(out, "number", request->number);
    json_put_text(out, "service", request->service);
    json_put_int(out, "version", form->version);
    json_put_text(out, "form", sha);
    json_put_text(out, "agency", request->agency);
    json_put_text(out, "centre", request->centre);
    json_put_text(out, "channel", request->channel);
    json_put_text(out, "submitted", at);
    json_put_text(out, "day", day);
    json_put_int(out, "rev", 1);
    json_put_int(fees, "agency", request->fee_agency);
    json_put_int(fees, "centre", request->fee_centre);
    json_put(out, "fees", fees);
}

/* What came with it, by hash: the bytes are had from the hub, or come along. */
static struct json *document_of(const struct store_document *document)
{
    struct json *made = json_new_object();
    char sha[HASH_TEXT];
    hex_text(document->blob.sha, HASH_SIZE, sha);
    char *url = x_printf("/agency/v1/blob/%s", sha);
    json_put_text(made, "role", document->role);
    json_put_text(made, "sha256", sha);
    json_put_int(made, "size", document->blob.size);
    json_put_text(made, "mime", filetype_mime(document->blob.type));
    json_put_int(made, "pages", document->blob.pages);
    json_put_text(made, "name", document->name);
    json_put_text(made, "url", url);
    x_free(&url);
    return made;
}

/* Those that were attached to a revision from `from` up to `to`; 0 is the request as it came. */
static int put_documents(struct call *call, const struct id *request, int64_t from, int64_t to,
                         struct json *out)
{
    struct store_document *list;
    size_t count;
    struct arena *arena = arena_new();
    struct json *documents = json_new_array();
    int err = store_document_list(call->store, request, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        if (list[i].rev >= from && list[i].rev <= to)
            json_push(documents, document_of(&list[i]));
    json_put(out, "documents", documents);
    arena_free(&arena);
    return err;
}

/* What the values speak of; the sum of what is attached. */
struct spoken {
    const struct store_document *list;
    size_t count;
    int missing;
};

static int look_for(void *arg, const char *key, const char *text)
{
    struct spoken *spoken = arg;
    uint8_t sha[HASH_SIZE];
    int found = 0;
    (void)key;
    if (strncmp(text, "att:", 4) != 0 || hex_parse(text + 4, sha, HASH_SIZE) != 0)
        return 0;
    for (size_t i = 0; i < spoken->count; i++)
        found |= spoken->list[i].have && memcmp(spoken->list[i].blob.sha, sha, HASH_SIZE) == 0;
    spoken->missing |= !found;
    return 0;
}

int errand_complete(struct call *call, const struct errand *errand, int *complete)
{
    struct store_document *list;
    struct json *values = NULL;
    struct spoken spoken = {0};
    struct arena *arena = arena_new();
    int err = store_document_complete(call->store, &errand->request.id, complete);
    if (!err)
        err = store_document_list(call->store, &errand->request.id, arena, &list, &spoken.count);
    if (!err)
        err = json_parse(errand->values, strlen(errand->values), &values);
    if (!err) {
        spoken.list = list;
        err = json_each_text(values, look_for, &spoken);
        *complete = *complete && !spoken.missing;
        json_free(&values);
    }
    arena_free(&arena);
    return err;
}

int errand_body(struct call *call, const struct errand *errand, struct buf *out)
{
    const struct form *form;
    struct json *values = NULL;
    int err = formcache_get(call->forms, call->store, errand->request.sha, &form);
    if (!err)
        err = json_parse(errand->values, strlen(errand->values), &values);
    if (err)
        return err;
    struct json *body = json_new_object();
    put_frame(errand, form, body);
    json_put(body, "values", values);
    err = put_documents(call, &errand->request.id, 0, 1, body);
    char *text = json_text(body, 0);
    buf_puts(out, text);
    x_free(&text);
    json_free(&body);
    return err ? err : out->failed ? SND_E_LIMIT : 0;
}

/* The step of the request's history that is told. */
static int find_step(struct call *call, const struct store_sending *sending, struct arena *arena,
                     const struct store_history **out)
{
    struct store_history *list;
    size_t count = 0;
    int err = store_request_history(call->store, &sending->request, arena, &list, &count);
    *out = NULL;
    for (size_t i = 0; !err && i < count; i++)
        if (id_equal(&list[i].id, &sending->id))
            *out = &list[i];
    return err ? err : *out ? 0 : SND_E_CORRUPT;
}

/* The keys of documents, a space between, one by one. */
static void put_keys(const char *keys, const char *member, struct json *out)
{
    struct json *list = json_new_array();
    for (const char *at = keys; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        char *key = x_strndup(at, len);
        json_push_text(list, key);
        x_free(&key);
        at += len;
    }
    json_put(out, member, list);
}

static void put_step(const struct store_sending *sending, const struct store_history *step,
                     struct json *out)
{
    char id[ID_TEXT], request[ID_TEXT], at[25];
    id_text(&sending->id, id);
    id_text(&sending->request, request);
    clock_utc_text(step->at, at);
    json_put_text(out, "message", id);
    json_put_text(out, "id", request);
    json_put_text(out, "number", sending->number);
    json_put_int(out, "rev", sending->rev);
    json_put_text(out, "state", step->state);
    json_put_text(out, "at", at);
    json_put_text(out, "words", step->note);
    put_keys(step->documents, "brought", out);
}

/* What was attached since the message before. */
static int put_new_documents(struct call *call, const struct store_sending *sending,
                             struct arena *arena, struct json *out)
{
    struct id *before;
    size_t count = 0;
    struct store_sending last = {.rev = 2};
    int err =
        store_followup_of(call->store, &sending->request, sending->rev, arena, &before, &count);
    if (!err && count > 0)
        err = store_followup_get(call->store, &before[count - 1], &last);
    return err ? err : put_documents(call, &sending->request, last.rev, sending->rev - 1, out);
}

int errand_followup(struct call *call, const struct store_sending *sending, struct buf *out)
{
    const struct store_history *step;
    struct arena *arena = arena_new();
    struct json *body = json_new_object();
    int err = find_step(call, sending, arena, &step);
    if (!err) {
        put_step(sending, step, body);
        err = put_new_documents(call, sending, arena, body);
    }
    char *text = json_text(body, 0);
    buf_puts(out, text);
    x_free(&text);
    json_free(&body);
    arena_free(&arena);
    return err ? err : out->failed ? SND_E_LIMIT : 0;
}
