/* SPDX-License-Identifier: Apache-2.0
 * What the hub serves the unified national portal: the services that are open and what each wants
 * to know, submissions, and how those stand. Who calls is known as an agency is, and the ledger
 * says whether it may; what is filed is judged there by the form's own rules. Whoever has shown its
 * token is held to a pace, so that a portal that runs wild leaves the workers to the centres. */
#include <pthread.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "form/agency.h"
#include "form/record.h"
#include "form/schema.h"
#include "sync/agency_priv.h"

#define PORTAL_API "1"
#define FAULTS_MOST 200
#define PACE_MS 50      /* one exchange each so many ms */
#define PACE_BURST 5000 /* and as many at once as this time gives */

/* ---- who may, and how often ---- */

static struct {
    pthread_mutex_t lock;
    int64_t paid; /* exchanges are paid for up to here, clock_mono_ms() */
} pace = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* 1 when there is one exchange left. */
static int pace_takes(int64_t now)
{
    snd_assert(pthread_mutex_lock(&pace.lock) == 0);
    if (pace.paid < now - PACE_BURST)
        pace.paid = now - PACE_BURST;
    int left = pace.paid + PACE_MS <= now;
    if (left)
        pace.paid += PACE_MS;
    snd_assert(pthread_mutex_unlock(&pace.lock) == 0);
    return left;
}

/* The portal calls, its link is open and it keeps to the pace: 0, SND_E_AUTH, SND_E_DENIED or
 * SND_E_BUSY. */
static int admit(const struct ask *ask, struct book_told *caller)
{
    int err = agency_caller(ask, caller);
    if (!err)
        err = book_portal_hello(ask->book, caller);
    return err ? err : pace_takes(clock_mono_ms()) ? 0 : SND_E_BUSY;
}

/* What an error is answered with, to be added to. */
static struct json *fault_of(int err, int *status)
{
    static const struct agency_fault faults[] = {
        {SND_E_AUTH, 401,
         "Call with the portal's token, as Authorization: Bearer, or certificate."},
        {SND_E_DENIED, 403, "Ask the hub's administrator to open the link of the portal."},
        {SND_E_NOTFOUND, 404, "There is nothing of that name or number for the portal."},
        {SND_E_BAD, 400, "Mend the message: it is not what openapi.json says."},
        {SND_E_CLOSED, 409, "Ask for the list of services: this one is not open now."},
        {SND_E_EXISTS, 409, "Give this request a key of its own: that key named another one."},
        {SND_E_INVALID, 422, "Mend the fields that are named."},
        {SND_E_BUSY, 429, "Call less often."}};
    return agency_fault(faults, SND_COUNT(faults), err, status);
}

static void answer_fault(struct reply *reply, int err)
{
    int status;
    struct json *json = fault_of(err, &status);
    agency_json(reply, status, json);
    if (status == 401)
        reply_header(reply, "WWW-Authenticate", "Bearer");
    if (status == 429)
        reply_header(reply, "Retry-After", "2");
}

/* ---- services ---- */

static struct json *both(const char *const text[LANG_COUNT])
{
    struct json *made = json_new_object();
    json_put_text(made, "ar", text[LANG_AR]);
    json_put_text(made, "en", text[LANG_EN]);
    return made;
}

static struct json *service_of(const struct book_service *service)
{
    const char *const agency[LANG_COUNT] = {
        [LANG_AR] = agency_name(service->agency, LANG_AR),
        [LANG_EN] = agency_name(service->agency, LANG_EN),
    };
    struct json *made = json_new_object();
    char sha[HASH_TEXT], *path = x_printf("/portal/v1/services/%s", service->code);
    hex_text(service->sha, HASH_SIZE, sha);
    json_put_text(made, "code", service->code);
    json_put(made, "name", both(service->title));
    json_put_text(made, "agency", service->agency);
    json_put(made, "agency_name", both(agency));
    json_put_text(made, "form", sha);
    json_put_text(made, "schema", path);
    x_free(&path);
    return made;
}

void page_portal_services(struct ask *ask, struct reply *reply)
{
    struct book_told caller = {0};
    struct book_service *list = NULL;
    size_t count = 0;
    struct arena *arena = arena_new();
    int err = admit(ask, &caller);
    if (!err)
        err = book_service_list(ask->book, arena, &list, &count);
    if (err) {
        answer_fault(reply, err);
    } else {
        struct json *made = json_new_object(), *services = json_new_array();
        for (size_t i = 0; i < count; i++)
            if (list[i].state == SERVICE_LIVE)
                json_push(services, service_of(&list[i]));
        json_put_text(made, "version", PORTAL_API);
        json_put(made, "services", services);
        agency_json(reply, 200, made);
    }
    arena_free(&arena);
}

void page_portal_service(struct ask *ask, struct reply *reply)
{
    struct book_told caller = {0};
    struct book_service *list = NULL;
    const struct form *form = NULL;
    size_t count = 0;
    struct arena *arena = arena_new();
    int err = admit(ask, &caller);
    if (!err)
        err = book_service_list(ask->book, arena, &list, &count);
    for (size_t i = 0; !err && i < count && !form; i++)
        if (list[i].state == SERVICE_LIVE && strcmp(list[i].code, ask->tail) == 0)
            err = book_form(ask->book, list[i].sha, &form);
    if (!err && !form)
        err = SND_E_NOTFOUND;
    if (err)
        answer_fault(reply, err);
    else
        agency_json(reply, 200, schema_submission(form));
    arena_free(&arena);
}

/* ---- submitting ---- */

/* {"form", "values"} -> a record of that form. SND_E_BAD, SND_E_NOTFOUND (no such form). */
static int read_record(struct ask *ask, struct record **out)
{
    struct json *json = NULL;
    const struct form *form;
    uint8_t sha[HASH_SIZE];
    if (ask->body.len == 0 || json_parse((const char *)ask->body.data, ask->body.len, &json))
        return SND_E_BAD;
    const char *hex = json_get_text(json, "form");
    struct json *values = json_get(json, "values");
    int err = hex && values && hex_parse(hex, sha, HASH_SIZE) == 0 ? 0 : SND_E_BAD;
    if (!err)
        err = book_form(ask->book, sha, &form);
    if (!err) {
        char *text = json_text(values, 0);
        err = record_from_json(form, text, strlen(text), out);
        x_free(&text);
    }
    json_free(&json);
    return err;
}

static struct json *fault_json(const struct form *form, const struct fault *fault)
{
    struct json *made = json_new_object();
    const struct field *field = &form->field[fault->field];
    json_put_text(made, "field", field->key);
    json_put_text(made, "rule", fault_word(fault->rule));
    if (field->label[LANG_AR] && field->label[LANG_EN])
        json_put(made, "label", both(field->label));
    if (fault->rule == FAULT_CONSTRAINT && field->message[LANG_AR] && field->message[LANG_EN])
        json_put(made, "message", both(field->message));
    return made;
}

static void answer_faults(struct reply *reply, const struct form *form, const struct fault *faults,
                          size_t count)
{
    int status;
    struct json *made = fault_of(SND_E_INVALID, &status), *fields = json_new_array();
    for (size_t i = 0; i < count; i++)
        json_push(fields, fault_json(form, &faults[i]));
    json_put(made, "fields", fields);
    agency_json(reply, status, made);
}

static void answer_receipt(struct reply *reply, const struct book_receipt *receipt)
{
    struct json *made = json_new_object();
    char where[64];
    (void)str_format(where, sizeof where, "/portal/v1/requests/%s", receipt->number);
    json_put_text(made, "number", receipt->number);
    json_put_text(made, "status", where);
    json_put_int(made, "fee", receipt->fee_agency);
    agency_json(reply, 201, made);
    reply_header(reply, "Location", where);
}

void page_portal_submit(struct ask *ask, struct reply *reply)
{
    struct book_told caller = {0};
    struct book_receipt receipt;
    struct fault faults[FAULTS_MOST];
    struct record *record = NULL;
    size_t count = 0;
    const char *key = ask_header(ask, "Idempotency-Key");
    int err = admit(ask, &caller);
    if (!err)
        err = key && portal_key_fits(key) ? read_record(ask, &record) : SND_E_BAD;
    if (!err)
        err = book_portal_submit(ask->book, &caller, key, record, &receipt, faults, FAULTS_MOST,
                                 &count);
    if (!err)
        answer_receipt(reply, &receipt);
    else if (err == SND_E_INVALID)
        answer_faults(reply, record->form, faults, count);
    else
        answer_fault(reply, err);
    record_free(&record);
}

/* ---- how it stands ---- */

static void put_time(struct json *to, const char *member, int64_t at)
{
    char text[25];
    clock_utc_text(at, text);
    json_put_text(to, member, text);
}

static void put_state(struct json *to, enum request_state state)
{
    const char *const name[LANG_COUNT] = {
        [LANG_AR] = state_name(state, LANG_AR), [LANG_EN] = state_name(state, LANG_EN)};
    json_put_text(to, "state", state_word(state));
    json_put(to, "state_name", both(name));
}

static struct json *step_of(const struct portal_step *step)
{
    struct json *made = json_new_object();
    put_time(made, "at", step->at);
    put_state(made, step->state);
    if (step->note[0])
        json_put_text(made, "words", step->note);
    if (step->documents[0])
        json_put_text(made, "documents", step->documents);
    if (step->fee)
        json_put_int(made, "fee", step->fee);
    return made;
}

/* What may be the number of a request at all. */
static int is_number(const char *text)
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-*~$=";
    size_t len = strlen(text);
    return len > 0 && len < BOOK_NUMBER && strspn(text, signs) == len;
}

void page_portal_status(struct ask *ask, struct reply *reply)
{
    struct book_told caller = {0};
    struct portal_status status;
    struct arena *arena = arena_new();
    int err = admit(ask, &caller);
    if (!err && !is_number(ask->tail))
        err = SND_E_NOTFOUND;
    if (!err)
        err = book_portal_status(ask->book, &caller, ask->tail, arena, &status);
    if (err) {
        answer_fault(reply, err);
    } else {
        struct json *made = json_new_object(), *history = json_new_array();
        json_put_text(made, "number", status.number);
        json_put_text(made, "service", status.service);
        put_state(made, status.state);
        put_time(made, "changed", status.changed);
        json_put_int(made, "fee_due", status.fee_due);
        for (size_t i = 0; i < status.steps; i++)
            json_push(history, step_of(&status.step[i]));
        json_put(made, "history", history);
        agency_json(reply, 200, made);
    }
    arena_free(&arena);
}
