/* SPDX-License-Identifier: Apache-2.0
 * Requests. A submission is judged here from its values alone, whatever the desk has said of them:
 * the form's rules, whether the service is open for the centre on the business day, the fees. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "book/feed.h"
#include "form/party.h"
#include "ledger/submission_priv.h"
#include "store/feed.h"
#include "store/seat.h"
#include "text/input.h"

#define FAULTS_MAX 200
#define DAY_MINUTES 1440

/* Documents that come with it. */
struct attachments {
    struct store_document *list;
    size_t count;
};

static void put_faults(struct call *call, const struct fault *faults, size_t count)
{
    wire_put_u32(call->out, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        wire_put_u32(call->out, (uint32_t)faults[i].field);
        wire_put_u8(call->out, (uint8_t)faults[i].rule);
    }
}

/* Where a request is asked for. */
struct place {
    char wilayat[8]; /* "" = nothing says it */
    int field;       /* that says it, -1 = none does: it is the centre's */
};

static int first_filled(const struct record *record, const int *field, size_t count)
{
    int found = -1;
    for (size_t i = 0; i < count; i++) {
        if (field[i] >= 0 && record->value[field[i]])
            return field[i];
        found = found < 0 ? field[i] : found;
    }
    return found;
}

/* A clerk's stands at a counter, and the counter's place counts. Who came by wire stands at none:
 * then it is the place of what the request is about, else of the person's home. */
static void place_of(const struct call *call, struct record *record, const struct submission *sub,
                     struct place *out)
{
    const struct form *form = record->form;
    *out = (struct place){.field = -1};
    if (call->op != OP_PORTAL_SUBMIT) {
        call_wilayat(call->office, sub->centre, out->wilayat);
        return;
    }
    const struct rule_day day = {.today = sub->actor.day, .wilayat = ""};
    const int fields[] = {form->subject ? form_field(form, form->subject) : -1,
                          form->parties ? form->party[0].field[PERSON_WILAYAT] : -1};
    record_settle(record, &day, 0); /* a field that doesn't apply says no place */
    out->field = first_filled(record, fields, SND_COUNT(fields));
    if (out->field >= 0 && record->value[out->field])
        (void)str_copy(out->wilayat, sizeof out->wilayat, record->value[out->field]);
}

/* Open there, and every value right: 0, SND_E_CLOSED, or SND_E_INVALID with the faults put out. */
static int judge(struct call *call, const struct form *form, struct record *record,
                 const struct submission *sub)
{
    struct fault faults[FAULTS_MAX];
    struct standing standing;
    struct place place;
    place_of(call, record, sub, &place);
    struct rule_day day = {.today = sub->actor.day, .wilayat = place.wilayat};
    int err = service_standing(call, form, place.wilayat, day.today, &standing);
    if (!err && call->op == OP_REQUEST_SUBMIT)
        err = service_may_begin(call, form, sub->account);
    if (err || standing.state != SERVICE_LIVE || (!standing.in_area && place.field < 0))
        return err ? err : SND_E_CLOSED;
    record_settle(record, &day, 0);
    size_t count = record_judge_all(record, &day, LANG_EN, faults, FAULTS_MAX);
    if (count == 0 && !standing.in_area)
        faults[count++] = (struct fault){.field = place.field, .rule = FAULT_AREA};
    if (count == 0)
        return 0;
    put_faults(call, faults, count < FAULTS_MAX ? count : FAULTS_MAX);
    return SND_E_INVALID;
}

static void copy_value(char *out, size_t size, const struct record *record, const char *key)
{
    const char *value = key ? record_get(record, key) : NULL;
    (void)str_copy(out, size, value ? value : "");
}

/* The documents that it names, or SND_E_INVALID with the field whose document isn't there. */
static int find_documents(struct call *call, const struct record *record,
                          const struct submission *sub, struct arena *arena,
                          struct attachments *out)
{
    /* Who came by wire has no inbox, and what lies in the centre's is others'. */
    const char *centre = call->op == OP_PORTAL_SUBMIT ? "" : sub->centre;
    int wrong, err = documents_offered(call, record, sub->account, centre, arena, &out->list,
                                       &out->count, &wrong);
    const struct fault fault = {.field = wrong, .rule = FAULT_STORED};
    if (err == SND_E_INVALID)
        put_faults(call, &fault, 1);
    return err;
}

/* The wish stands before its request: a hub that has the one has the other. */
static int want_seat(struct call *call, const struct record *record, const struct submission *sub)
{
    char first[BOOK_NAME], other[BOOK_NAME];
    copy_value(first, sizeof first, record, record->form->seat);
    copy_value(other, sizeof other, record, record->form->seat_also);
    if (!first[0] || !store_seats_counted(call->store))
        return 0;
    return store_seat_want(call->store, &sub->id, first, other, &sub->actor);
}

/* What is asked for at the desk that an agency shares with the centre came by that desk; whatever
 * else its clerk does is the centre's. */
static const char *channel_of(const struct submission *sub, const struct form *form)
{
    if (sub->channel[0])
        return sub->channel;
    return strcmp(sub->desk, form->agency) == 0 ? "joint" : "centre";
}

static int keep(struct call *call, const struct record *record, const struct submission *sub,
                const struct attachments *documents)
{
    const struct form *form = record->form;
    const struct rule_day day = {.today = sub->actor.day};
    struct fee fee;
    record_fee(record, &day, &fee);
    if (call->op == OP_PORTAL_SUBMIT)
        fee.centre = 0; /* no centre has worked for it */
    struct store_request row = {
        .id = sub->id, .day = sub->actor.day, .fee_agency = fee.agency, .fee_centre = fee.centre};
    memcpy(row.sha, form->sha, HASH_SIZE);
    (void)str_copy(row.service, sizeof row.service, form->code);
    (void)str_copy(row.agency, sizeof row.agency, form->agency);
    (void)str_copy(row.centre, sizeof row.centre, sub->centre);
    (void)str_copy(row.account, sizeof row.account, sub->account);
    (void)str_copy(row.channel, sizeof row.channel, channel_of(sub, form));
    copy_value(row.applicant, sizeof row.applicant, record, form->applicant_name);
    copy_value(row.civil, sizeof row.civil, record, form->applicant_civil);
    int err = want_seat(call, record, sub);
    if (!err)
        err = store_request_submit(call->store, &row, record, &sub->actor);
    if (!err)
        err = store_seat_decide(call->store, &row.id, &sub->actor);
    for (size_t i = 0; !err && i < documents->count; i++)
        err = store_document_attach(call->store, &row.id, &documents->list[i], &sub->actor);
    if (err)
        return err;
    wire_put_text(call->out, row.number);
    wire_put_i64(call->out, row.fee_agency);
    wire_put_i64(call->out, row.fee_centre);
    wire_put_u8(call->out, call->disk_low != 0);
    return 0;
}

int call_submit(struct call *call, const struct submission *sub)
{
    const struct form *form;
    struct record *record = NULL;
    struct attachments documents = {0};
    struct arena *arena = arena_new();
    int err = formcache_get(call->forms, call->store, sub->sha, &form);
    if (!err)
        err = record_from_json(form, sub->values, strlen(sub->values), &record);
    if (!err)
        err = judge(call, form, record, sub);
    if (!err)
        err = find_documents(call, record, sub, arena, &documents);
    if (!err)
        err = keep(call, record, sub, &documents);
    record_free(&record);
    arena_free(&arena);
    return err;
}

/* A draft that somebody else has, or has open, is not ours to submit. One that was never put may be
 * submitted: the desk may have been faster than its own puts. */
static int draft_is_free(struct call *call, const struct id *id)
{
    struct store_draft draft;
    char *typed = NULL, *values = NULL;
    int err = store_draft_get(call->store, id, &draft, &typed, &values);
    x_free(&typed);
    x_free(&values);
    if (err)
        return err == SND_E_NOTFOUND ? 0 : err;
    if (strcmp(draft.account, call->who->account) != 0)
        return SND_E_NOTFOUND;
    return call_held_elsewhere(call, &draft) ? SND_E_INUSE : 0;
}

/* A request with a wrong day on it is worse than one that waits: the hub's clock says. */
static int clock_is_right(struct call *call)
{
    struct store_line line;
    int err = store_line_get(call->store, &line);
    if (err == SND_E_NOTFOUND || (!err && !line.url[0]))
        return 0;
    if (!err && (line.skew_ms > LINE_SKEW_MOST_MS || line.skew_ms < -LINE_SKEW_MOST_MS))
        err = SND_E_CLOCK;
    return err;
}

int op_request_submit(struct call *call)
{
    struct submission sub = {.actor = call->actor};
    wire_id(&call->in, &sub.id);
    if (call_get_sha(call, sub.sha))
        return OP_MALFORMED;
    sub.values = wire_text_dup(&call->in, WIRE_MAX);
    int err = OP_MALFORMED;
    /* The write's id is the draft's: a second submission finds the first one's answer. */
    if (call_done(call) && id_equal(&sub.id, &call->id)) {
        (void)str_copy(sub.account, sizeof sub.account, call->who->account);
        (void)str_copy(sub.centre, sizeof sub.centre, call->who->centre);
        if (call->who->role == ROLE_CLERK)
            (void)str_copy(sub.desk, sizeof sub.desk, call->who->scope);
        err = clock_is_right(call);
        if (!err)
            err = draft_is_free(call, &sub.id);
        if (!err)
            err = call_submit(call, &sub);
    }
    x_free(&sub.values);
    return err;
}

/* Who is said to have made it, and when: a clerk of a centre, on a day that has been. */
static int enter_as(struct call *call, struct submission *sub, const char *day, uint32_t minute)
{
    struct store_account account;
    enum role role;
    int err = clock_day_parse(day, &sub->actor.day);
    if (err || minute >= DAY_MINUTES || sub->actor.day > call->day)
        return SND_E_BAD;
    err = store_account_get(call->store, sub->account, &account);
    mem_wipe(account.secret, sizeof account.secret);
    if (err)
        return err;
    if (role_find(account.role, &role) || !op_allows(OP_REQUEST_SUBMIT, role) || !account.centre[0])
        return SND_E_NOTFOUND;
    (void)str_copy(sub->centre, sizeof sub->centre, account.centre);
    if (role == ROLE_CLERK)
        (void)str_copy(sub->desk, sizeof sub->desk, account.scope);
    (void)str_copy(sub->actor.name, sizeof sub->actor.name, account.account);
    (void)str_copy(sub->actor.centre, sizeof sub->actor.centre, account.centre);
    sub->actor.at =
        (int64_t)sub->actor.day * 86400000 + (int64_t)minute * 60000 - CLOCK_OMAN_OFFSET_MS;
    return 0;
}

int op_request_enter(struct call *call)
{
    char day[11];
    struct submission sub = {.actor = call->actor};
    wire_id(&call->in, &sub.id);
    wire_text(&call->in, sub.account, sizeof sub.account);
    wire_text(&call->in, day, sizeof day);
    uint32_t minute = wire_u32(&call->in);
    wire_text(&call->in, sub.channel, sizeof sub.channel);
    if (call_get_sha(call, sub.sha))
        return OP_MALFORMED;
    sub.values = wire_text_dup(&call->in, WIRE_MAX);
    int err = OP_MALFORMED;
    if (call_done(call) && id_equal(&sub.id, &call->id)) {
        err = call->office->practice ? enter_as(call, &sub, day, minute) : SND_E_DENIED;
        if (!err)
            err = call_submit(call, &sub);
    }
    x_free(&sub.values);
    return err;
}

void call_put_tail(struct call *call, const char *civil)
{
    struct buf tail = BUF_INIT(BOOK_TAIL - 1);
    veil_text(MASK_TAIL, civil, &tail);
    wire_put_text(call->out, tail.failed ? "" : buf_text(&tail));
    buf_free(&tail);
}

void call_put_request(struct call *call, const void *row)
{
    const struct store_request *request = row;
    enum request_state state = STATE_QUEUED;
    if (state_find(request->state, &state))
        call->out->failed = 1;
    wire_put_text(call->out, request->number);
    wire_put_text(call->out, request->service);
    wire_put_text(call->out, request->centre);
    wire_put_text(call->out, request->account);
    wire_put_text(call->out, request->applicant);
    call_put_tail(call, request->civil);
    wire_put_u8(call->out, (uint8_t)state);
    wire_put_i64(call->out, request->day);
    wire_put_i64(call->out, request->at);
    wire_put_i64(call->out, request->changed);
    wire_put_u32(call->out, (uint32_t)request->rev);
    call_put_sha(call, request->sha);
}

/* The newest of one's own centre are on everybody's screen there all day: seeing that page is no
 * event. Everything else that a list shows is: any search, older pages, rows of other centres. */
static void say_searched(struct call *call, const char *query, int later, size_t rows)
{
    struct store_seen *seen = call->seen;
    if (!query[0] && !later && call->reach.kind == REACH_OF_CENTRES)
        return;
    seen->sight = SIGHT_SEARCH;
    seen->rows = (int64_t)rows;
    seen->later = later;
    (void)str_copy(seen->words, sizeof seen->words, query);
    call_civil_of(query, seen->civil);
}

static void say_seen(struct call *call, const struct store_request *request, const char *reason)
{
    struct store_seen *seen = call->seen;
    seen->sight = reason ? SIGHT_REVEAL : SIGHT_REQUEST;
    (void)str_copy(seen->words, sizeof seen->words, reason ? reason : "");
    seen->tx = request->id;
    (void)str_copy(seen->number, sizeof seen->number, request->number);
    (void)str_copy(seen->civil, sizeof seen->civil, request->civil);
}

int op_request_list(struct call *call)
{
    char query[BOOK_TEXT], after[BOOK_NUMBER];
    struct store_request *list;
    size_t count;
    wire_text(&call->in, query, sizeof query);
    wire_text(&call->in, after, sizeof after);
    uint32_t max = wire_u32(&call->in);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_request_list(call->store, &call->reach, query, after,
                                 max < BOOK_PAGE ? max : BOOK_PAGE, arena, &list, &count);
    if (!err) {
        uint32_t rows = call_put_list(call, call_put_request, list, sizeof *list, count);
        say_searched(call, query, after[0] != '\0', rows);
    }
    arena_free(&arena);
    return err;
}

void call_name_of(struct call *call, const char *account, char out[BOOK_TEXT])
{
    struct store_account row = {0};
    int known = store_account_get(call->store, account, &row) == 0;
    mem_wipe(row.secret, sizeof row.secret);
    (void)str_copy(out, BOOK_TEXT, known ? row.name : account);
}

static void put_history(struct call *call, const void *row)
{
    const struct store_history *history = row;
    enum request_state state = STATE_QUEUED;
    char name[BOOK_TEXT];
    if (state_find(history->state, &state))
        state = STATE_QUEUED;
    call_name_of(call, history->actor, name);
    wire_put_i64(call->out, history->at);
    wire_put_text(call->out, history->actor);
    wire_put_text(call->out, name);
    wire_put_text(call->out, history->type);
    wire_put_u8(call->out, (uint8_t)state);
    wire_put_text(call->out, history->note);
    wire_put_text(call->out, history->documents);
    wire_put_i64(call->out, history->fee);
    wire_put_text(call->out, history->account);
}

/* How it stands: who has it, what is due. */
static void put_standing(struct call *call, const struct store_request *request)
{
    char name[BOOK_TEXT] = "";
    if (request->officer[0])
        call_name_of(call, request->officer, name);
    wire_put_text(call->out, request->officer);
    wire_put_text(call->out, name);
    wire_put_i64(call->out, request->fee_due);
    wire_put_text(call->out, request->ack);
    wire_put_text(call->out, request->holder);
    wire_put_text(call->out, request->channel);
}

/* One request, its values as this operation shows them to this role; `reason`: why in full. */
static int show_request(struct call *call, const char *number, const char *reason)
{
    char *values = NULL;
    struct store_request request;
    struct store_history *history;
    size_t count = 0;
    struct arena *arena = arena_new();
    int err = store_request_get(call->store, &call->reach, number, &request, &values);
    if (!err)
        err = store_request_history(call->store, &request.id, arena, &history, &count);
    if (!err) {
        mask_values(call, request.sha, &values);
        call_put_request(call, &request);
        wire_put_text(call->out, values);
        wire_put_i64(call->out, request.fee_agency);
        wire_put_i64(call->out, request.fee_centre);
        call_put_list(call, put_history, history, sizeof *history, count);
        put_standing(call, &request);
        say_seen(call, &request, reason);
    }
    x_free(&values);
    arena_free(&arena);
    return err;
}

int op_request_get(struct call *call)
{
    char number[BOOK_NUMBER];
    wire_text(&call->in, number, sizeof number);
    return call_done(call) ? show_request(call, number, NULL) : OP_MALFORMED;
}

/* A reason that says something: a few letters at least. */
#define REASON_LEAST 6

int op_request_reveal(struct call *call)
{
    char number[BOOK_NUMBER], reason[BOOK_TEXT];
    wire_text(&call->in, number, sizeof number);
    wire_text(&call->in, reason, sizeof reason);
    if (!call_done(call))
        return OP_MALFORMED;
    if (utf8_count(reason) < REASON_LEAST || !input_is_clean(reason))
        return SND_E_INVALID;
    return show_request(call, number, reason);
}
