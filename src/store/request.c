/* SPDX-License-Identifier: Apache-2.0 */
/* Requests: the moment one is submitted, what follows from it, and looking one up. Submitting is
 * one event; the row, the words to search by and the tally follow from it in the same
 * transaction, and the draft goes. The id is the draft's, so a draft is never submitted twice. What
 * was filled in is stored once, in the event's payload; a purge takes it from there. */
#include <string.h>
#include "base/err.h"
#include "form/party.h"
#include "store/feed_priv.h"
#include "store/blob_priv.h"
#include "store/loaded_priv.h"
#include "store/number_priv.h"
#include "store/person_priv.h"
#include "store/request_priv.h"
#include "store/tally_priv.h"
#include "text/fold.h"

#define REQUEST_NUMBER_TRIES 16
#define REQUEST_PAYLOAD_MAX (32 * 1024 * 1024)
#define REQUEST_MARKS 16 /* numbers that a request can be found by besides the applicant's own */

/* A request without a civil number has NULL there. */
static void request_bind_civil(struct query *query, const struct buf *sealed)
{
    if (sealed->len > 0)
        db_bind_blob(query, sealed->data, sealed->len);
    else
        db_bind_null(query);
}

/* What a field's value can be looked up as; NULL for most. */
static const char *request_domain(enum field_kind kind)
{
    static const struct {
        enum field_kind kind;
        const char *domain;
    } domains[] = {{FIELD_CIVIL, "civil"}, {FIELD_MOBILE, "phone"}, {FIELD_PHONE, "phone"}};
    for (size_t i = 0; i < SND_COUNT(domains); i++)
        if (domains[i].kind == kind)
            return domains[i].domain;
    return NULL;
}

/* Other people's civil numbers and all telephones. They are in the payload, since a replay looks at
 * no form. */
static struct json *request_marks(const struct record *record)
{
    struct json *marks = json_new_array();
    for (size_t i = 0; i < record->form->fields && json_count(marks) < REQUEST_MARKS; i++) {
        const char *domain = request_domain(record->form->field[i].kind);
        if (domain == NULL || record->value[i] == NULL)
            continue;
        struct json *mark = json_new_object();
        json_put_text(mark, "domain", domain);
        json_put_text(mark, "number", record->value[i]);
        json_push(marks, mark);
    }
    return marks;
}

static struct json *request_payload(const struct store_request *request,
                                    const struct record *record)
{
    struct json *payload = json_new_object();
    json_put_text(payload, "number", request->number);
    json_put_text(payload, "service", request->service);
    json_put_text(payload, "agency", request->agency);
    json_put_text(payload, "centre", request->centre);
    json_put_text(payload, "account", request->account);
    json_put_text(payload, "applicant", request->applicant);
    json_put_text(payload, "civil", request->civil);
    json_put(payload, "marks", request_marks(record));
    json_put_text(payload, "state", request->state);
    json_put_int(payload, "fee_agency", request->fee_agency);
    json_put_int(payload, "fee_centre", request->fee_centre);
    if (strcmp(request->channel, store_channels[0]) != 0)
        json_put_text(payload, "channel", request->channel);
    json_put(payload, "people", party_json(record));
    return payload;
}

/* An event that says nothing of it was made before there was another channel than the first. */
static int request_channel(const struct json *payload, struct store_request *out)
{
    const char *word = event_text(payload, "channel");
    int channel = tally_channel(word[0] != '\0' ? word : store_channels[0]);
    return channel < 0 ? SND_E_BAD
                       : str_copy(out->channel, sizeof out->channel, store_channels[channel]);
}

/* The request that an event speaks of. SND_E_BAD when a text is too long to be one of ours. */
static int request_from_event(const struct event *event, const struct json *payload,
                              struct store_request *out)
{
    memset(out, 0, sizeof *out);
    memcpy(out->id.b, event->tx, ID_SIZE);
    memcpy(out->sha, event->form, HASH_SIZE);
    out->day = (int32_t)event->day;
    out->at = out->changed = event->t;
    out->rev = (int)event->rev;
    out->fee_agency = json_get_int(payload, "fee_agency", 0);
    out->fee_centre = json_get_int(payload, "fee_centre", 0);
    const struct {
        const char *key;
        char *text;
        size_t size;
    } member[] = {
        {"number", out->number, sizeof out->number},
        {"service", out->service, sizeof out->service},
        {"agency", out->agency, sizeof out->agency},
        {"centre", out->centre, sizeof out->centre},
        {"account", out->account, sizeof out->account},
        {"applicant", out->applicant, sizeof out->applicant},
        {"civil", out->civil, sizeof out->civil},
        {"state", out->state, sizeof out->state},
    };
    for (size_t i = 0; i < SND_COUNT(member); i++)
        if (str_copy(member[i].text, member[i].size, event_text(payload, member[i].key)) != 0)
            return SND_E_BAD;
    memcpy(out->holder, out->centre, sizeof out->holder);
    return request_channel(payload, out);
}

static int request_insert(struct store *store, const struct store_request *request,
                          const struct event *event, const char *words, int64_t place)
{
    struct buf civil = BUF_INIT(1024);
    if (request->civil[0] != '\0')
        seal_put(store, SEALED_REQUEST_CIVIL, request->id.b, request->civil, strlen(request->civil),
                 &civil);
    struct query *query =
        db_query(store->db,
                 "INSERT INTO request (id, number, service, agency, centre, account, applicant,"
                 " civil, state, day, at, changed, fee_agency, fee_centre, rev, form, search,"
                 " node, epoch, seq, fact, holder, channel) VALUES ($1, $2, $3, $4, $5, $6, $7,"
                 " $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)");
    db_bind_id(query, &request->id);
    db_bind_text(query, request->number);
    db_bind_text(query, request->service);
    db_bind_text(query, request->agency);
    db_bind_text(query, request->centre);
    db_bind_text(query, request->account);
    db_bind_text(query, request->applicant);
    request_bind_civil(query, &civil);
    db_bind_text(query, request->state);
    db_bind_int(query, request->day);
    db_bind_int(query, request->at);
    db_bind_int(query, request->changed);
    db_bind_int(query, request->fee_agency);
    db_bind_int(query, request->fee_centre);
    db_bind_int(query, request->rev);
    db_bind_blob(query, request->sha, HASH_SIZE);
    db_bind_text(query, words);
    db_bind_blob(query, event->node, ID_SIZE);
    db_bind_int(query, event->epoch);
    db_bind_int(query, event->seq);
    db_bind_int(query, place);
    db_bind_text(query, request->holder);
    db_bind_text(query, request->channel);
    int err = db_run(query, NULL);
    buf_free(&civil);
    return err;
}

static int request_keep_marks(struct store *store, const struct store_request *request,
                              const struct json *payload)
{
    const struct json *marks = json_get(payload, "marks");
    size_t count = marks == NULL ? 0 : json_count(marks);
    int err = search_mark(store, &request->id, "civil", request->civil);
    for (size_t i = 0; i < count && err == 0; i++) {
        const struct json *mark = json_at(marks, i);
        const char *domain = event_text(mark, "domain"), *number = event_text(mark, "number");
        if (strcmp(domain, "civil") != 0 || strcmp(number, request->civil) != 0)
            err = search_mark(store, &request->id, domain, number);
    }
    return err;
}

int request_forget_marks(struct store *store, const struct id *id, const struct json *payload)
{
    const struct json *marks = json_get(payload, "marks");
    size_t count = marks == NULL ? 0 : json_count(marks);
    int err = search_unmark(store, id, "civil", event_text(payload, "civil"));
    for (size_t i = 0; i < count && err == 0; i++) {
        const struct json *mark = json_at(marks, i);
        err = search_unmark(store, id, event_text(mark, "domain"), event_text(mark, "number"));
    }
    return err;
}

/* It is found by the name of everybody that it speaks of. */
static void request_words(const struct store_request *request, const struct json *payload,
                          struct buf *out)
{
    const struct json *people = json_get(payload, "people");
    size_t count = people == NULL ? 0 : json_count(people);
    search_text(request->applicant, request->number, out);
    for (size_t i = 0; i < count; i++) {
        const char *name = event_text(json_at(people, i), person_word(PERSON_NAME));
        if (name[0] == '\0' || strcmp(name, request->applicant) == 0)
            continue;
        buf_putc(out, ' ');
        fold_text(name, out);
    }
}

/* A centre's request that has come to the hub is there, whatever it was called at the centre. */
static int request_arrive(struct store *store, const struct event *event,
                          struct store_request *request)
{
    struct id own;
    int err = feed_office(store, &own);
    if (err == 0 && memcmp(own.b, event->node, ID_SIZE) != 0)
        err = str_copy(request->state, sizeof request->state, "at_hub");
    return err;
}

/* Its row, its fact, and what it is found by. */
static int request_put(struct store *store, const struct event *event, const struct json *payload,
                       const struct store_request *request)
{
    struct buf words = BUF_INIT(4096);
    int64_t place = 0;
    request_words(request, payload, &words);
    int err = tally_add(store, request, &place);
    if (err == 0)
        err = request_insert(store, request, event, buf_text(&words), place);
    if (err == 0)
        err = search_keep(store, &request->id, request->number, buf_text(&words));
    if (err == 0)
        err = request_keep_marks(store, request, payload);
    buf_free(&words);
    return err;
}

/* 1 when a hub that has lost its book knows the request already, from the centre it was passed to.
 */
static int request_came_back(struct store *store, const struct event *event,
                             const struct store_request *request)
{
    struct query *query =
        db_query(store->db, "SELECT 1 FROM request WHERE id = $1 AND number = $2 AND centre = $3"
                            " AND node = (SELECT node FROM office) AND node <> $4");
    db_bind_id(query, &request->id);
    db_bind_text(query, request->number);
    db_bind_text(query, request->centre);
    db_bind_blob(query, event->node, ID_SIZE);
    int err = db_end(query, db_one(query));
    return err == 0 ? 1 : err == SND_E_NOTFOUND ? 0 : err;
}

int request_apply_submitted(struct store *store, const struct event *event,
                            const struct json *payload)
{
    struct store_request request;
    int err = request_from_event(event, payload, &request);
    if (err == 0)
        err = request_arrive(store, event, &request);
    if (err != 0)
        return err;
    int there = request_came_back(store, event, &request);
    err = there < 0 ? there : there == 1 ? 0 : request_put(store, event, payload, &request);
    return err != 0 ? err : person_apply_submitted(store, event, payload);
}

int request_put_passed(struct store *store, const struct event *event, const struct json *payload)
{
    struct store_request request;
    int err = request_from_event(event, payload, &request);
    if (err == 0)
        err = str_copy(request.holder, sizeof request.holder, event_text(payload, "holder"));
    if (err != 0)
        return SND_E_BAD;
    request.day = (int32_t)json_get_int(payload, "day", event->day);
    request.at = json_get_int(payload, "at", event->t);
    err = request_put(store, event, payload, &request);
    if (err == 0)
        err = kept_want(store, request.sha);
    if (err != 0)
        return err;
    struct query *query =
        db_query(store->db, "UPDATE request SET fee_due = $1, ack = $2 WHERE id = $3");
    db_bind_int(query, json_get_int(payload, "fee_due", 0));
    db_bind_text(query, event_text(payload, "ack"));
    db_bind_id(query, &request.id);
    return db_run(query, NULL);
}

static int request_words_one(struct store *store, const struct event *event, const void *sealed,
                             size_t len)
{
    struct store_request request;
    struct buf words = BUF_INIT(4096);
    if (strcmp(event->type, event_word(EVENT_REQUEST_SUBMITTED)) != 0 || sealed == NULL)
        return 0;
    struct json *payload = event_sealed_json(store, event->id, sealed, len);
    int err = payload == NULL ? SND_E_CORRUPT : request_from_event(event, payload, &request);
    if (err == 0) {
        request_words(&request, payload, &words);
        struct query *query = db_query(store->db, "UPDATE request SET search = $1 WHERE id = $2");
        db_bind_text(query, buf_text(&words));
        db_bind_id(query, &request.id);
        err = db_run(query, NULL);
    }
    if (err == 0)
        err = search_keep(store, &request.id, request.number, buf_text(&words));
    json_free(&payload);
    buf_free(&words);
    return err;
}

int request_words_anew(struct store *store)
{
    return event_each(store, request_words_one);
}

static int request_symbol_gone(struct store *store, struct query *walk)
{
    char number[NUMBER_SIZE], word[NUMBER_SYMBOLS + 1];
    struct id id;
    db_id(walk, &id);
    db_text(walk, number, sizeof number);
    number_word(number, word);
    struct query *query = db_query(store->db, "DELETE FROM token WHERE word = $1 AND request = $2");
    db_bind_text(query, word);
    db_bind_id(query, &id);
    return db_run(query, NULL);
}

int request_symbols_gone(struct store *store)
{
    int got = 0, err = 0;
    struct query *walk = db_query(store->db, "SELECT id, number FROM request");
    while (err == 0 && (got = db_row(walk)) == 1)
        err = request_symbol_gone(store, walk);
    return db_end(walk, err != 0 ? err : got);
}

static int request_redact_row(struct store *store, const struct id *id, const char *number,
                              const char *words)
{
    struct query *query = db_query(store->db, "UPDATE request SET applicant = '', civil = NULL,"
                                              " search = $1 WHERE id = $2");
    db_bind_text(query, words);
    db_bind_id(query, id);
    int err = db_run(query, NULL);
    return err != 0 ? err : search_keep(store, id, number, words);
}

int request_redact(struct store *store, const struct id *id)
{
    char number[NUMBER_SIZE] = "", *before = NULL;
    struct buf words = BUF_INIT(4096);
    struct query *query = db_query(store->db, "SELECT number, search FROM request WHERE id = $1");
    db_bind_id(query, id);
    int err = db_one(query);
    if (err == 0) {
        db_text(query, number, sizeof number);
        before = x_strdup(db_text_peek(query));
    }
    err = db_end(query, err);
    if (err == 0)
        err = search_drop(store, id, number, before);
    if (err == 0) {
        search_text("", number, &words);
        err = request_redact_row(store, id, number, buf_text(&words));
    }
    buf_free(&words);
    x_free(&before);
    return err != 0 ? err : document_forget(store, id);
}

static int request_has(struct query *query)
{
    int err = db_end(query, db_one(query));
    return err == 0 ? SND_E_EXISTS : err == SND_E_NOTFOUND ? 0 : err;
}

/* A number that nobody has. With 35 random bits a second try is a rare thing. */
static int request_number(struct store *store, struct store_request *request)
{
    int err = SND_E_EXISTS;
    for (int i = 0; i < REQUEST_NUMBER_TRIES && err == SND_E_EXISTS; i++) {
        store_number_make(request->centre, request->number);
        struct query *query = db_query(store->db, "SELECT 1 FROM request WHERE number = $1");
        db_bind_text(query, request->number);
        err = request_has(query);
    }
    return err == SND_E_EXISTS ? SND_E_BUSY : err;
}

static int request_is_new(struct store *store, const struct id *id)
{
    struct query *query = db_query(store->db, "SELECT 1 FROM request WHERE id = $1");
    db_bind_id(query, id);
    return request_has(query);
}

static int request_drop_draft(struct store *store, const struct id *id)
{
    struct query *query = db_query(store->db, "DELETE FROM draft WHERE id = $1");
    db_bind_id(query, id);
    return db_run(query, NULL);
}

static int request_append(struct store *store, const struct store_request *request,
                          const struct record *record, const struct store_actor *actor)
{
    char *values = record_json(record);
    struct event_about about = {
        .tx = request->id, .rev = request->rev, .form = request->sha, .values = values};
    struct json *payload = request_payload(request, record);
    int err = event_append(store, EVENT_REQUEST_SUBMITTED, actor, &about, payload);
    json_free(&payload);
    x_free(&values);
    return err;
}

int store_request_submit(struct store *store, struct store_request *request,
                         const struct record *record, const struct store_actor *actor)
{
    if (id_is_zero(&request->id) || !store_centre_ok(request->centre))
        return SND_E_BAD;
    request->rev = 1;
    request->at = request->changed = actor->at;
    request->day = actor->day;
    int err = str_copy(request->state, sizeof request->state, "queued");
    if (err == 0 && request->channel[0] == '\0')
        err = str_copy(request->channel, sizeof request->channel, store_channels[0]);
    if (err == 0 && tally_channel(request->channel) < 0)
        err = SND_E_BAD;
    if (err == 0)
        err = store_write_begin(store);
    if (err != 0)
        return err;
    err = request_is_new(store, &request->id);
    if (err == 0)
        err = request_number(store, request);
    if (err == 0)
        err = request_append(store, request, record, actor);
    if (err == 0)
        err = request_drop_draft(store, &request->id);
    return store_write_end(store, err);
}

struct sealed_bytes request_row(struct query *query, struct store_request *out)
{
    struct sealed_bytes civil;
    memset(out, 0, sizeof *out);
    db_id(query, &out->id);
    db_text(query, out->number, sizeof out->number);
    db_text(query, out->service, sizeof out->service);
    db_text(query, out->agency, sizeof out->agency);
    db_text(query, out->centre, sizeof out->centre);
    db_text(query, out->account, sizeof out->account);
    db_text(query, out->applicant, sizeof out->applicant);
    civil.bytes = db_blob_peek(query, &civil.len);
    db_text(query, out->state, sizeof out->state);
    out->day = (int32_t)db_int(query);
    out->at = db_int(query);
    out->changed = db_int(query);
    out->fee_agency = db_int(query);
    out->fee_centre = db_int(query);
    out->rev = (int)db_int(query);
    db_blob(query, out->sha, HASH_SIZE);
    db_text(query, out->holder, sizeof out->holder);
    db_text(query, out->officer, sizeof out->officer);
    out->fee_due = db_int(query);
    db_text(query, out->ack, sizeof out->ack);
    db_text(query, out->channel, sizeof out->channel);
    return civil;
}

int request_civil(const struct store *store, const struct sealed_bytes *sealed,
                  struct store_request *row)
{
    struct buf plain = BUF_INIT(sizeof row->civil - 1);
    int err = seal_get(store, SEALED_REQUEST_CIVIL, row->id.b, sealed->bytes, sealed->len, &plain);
    if (err == 0)
        err = str_copy(row->civil, sizeof row->civil, buf_text(&plain));
    buf_free(&plain);
    return err;
}

int request_within(const struct store_reach *reach, const struct store_request *row)
{
    return store_reach_holds(reach, row->centre, row->agency) ||
           store_reach_holds(reach, row->holder, row->agency);
}

int store_request_row(struct store *store, const struct store_reach *reach, const char *number,
                      struct store_request *out)
{
    struct query *query =
        db_query(store->db, "SELECT " REQUEST_COLUMNS " FROM request r WHERE r.number = $1");
    db_bind_text(query, number);
    int err = db_one(query);
    if (err == 0) {
        struct sealed_bytes civil = request_row(query, out);
        err = request_within(reach, out) ? request_civil(store, &civil, out) : SND_E_NOTFOUND;
    }
    return db_end(query, err);
}

/* The values in an event's payload; "{}" when it was purged. */
static char *request_values(const struct json *payload)
{
    const struct json *values = payload == NULL ? NULL : json_get(payload, "values");
    char *text = values == NULL ? x_strdup("{}") : json_text(values, 0);
    return text;
}

/* What the row's event holds, sealed. */
static int request_payload_read(const struct store *store, struct query *query, char **values)
{
    struct id event;
    struct buf plain = BUF_INIT(REQUEST_PAYLOAD_MAX);
    size_t len;
    db_id(query, &event);
    const void *bytes = db_blob_peek(query, &len);
    int err = event_payload(store, event.b, bytes, len, &plain);
    struct json *payload = err == 0 ? event_json(plain.data, plain.len) : NULL;
    if (err == 0)
        *values = request_values(payload);
    json_free(&payload);
    buf_free(&plain);
    return err;
}

int store_request_get(struct store *store, const struct store_reach *reach, const char *number,
                      struct store_request *out, char **values)
{
    struct query *query =
        db_query(store->db, "SELECT " REQUEST_COLUMNS ", e.id, e.payload FROM request r"
                            " JOIN event e ON e.node = r.node AND e.epoch = r.epoch"
                            " AND e.seq = r.seq WHERE r.number = $1");
    *values = NULL;
    db_bind_text(query, number);
    int err = db_one(query);
    if (err == 0) {
        struct sealed_bytes civil = request_row(query, out);
        err = request_within(reach, out) ? 0 : SND_E_NOTFOUND;
        if (err == 0)
            err = request_civil(store, &civil, out);
        if (err == 0)
            err = request_payload_read(store, query, values);
    }
    err = db_end(query, err);
    if (err != 0)
        x_free(values);
    return err;
}

int store_request_any(struct store *store, char number[24])
{
    struct query *query = db_query(store->db, "SELECT number FROM request LIMIT 1");
    int err = db_one(query);
    if (err == 0)
        db_text(query, number, 24);
    return db_end(query, err);
}

/* The first of those that the words mean, of all that a payload speaks of. */
static int request_party(const struct json *payload, const char *words, struct store_party *out)
{
    const struct json *people = payload == NULL ? NULL : json_get(payload, "people");
    size_t count = people == NULL ? 0 : json_count(people);
    for (size_t i = 0; i < count; i++) {
        const struct json *said = json_at(people, i);
        const char *name = event_text(said, person_word(PERSON_NAME));
        const char *number = event_text(said, person_word(PERSON_CIVIL));
        if (number[0] == '\0')
            number = event_text(said, person_word(PERSON_CR));
        if (name[0] != '\0' && store_words_mean(words, name, number) &&
            str_copy(out->name, sizeof out->name, name) == 0 &&
            str_copy(out->civil, sizeof out->civil, number) == 0)
            return 0;
    }
    return SND_E_NOTFOUND;
}

int store_request_party(struct store *store, const struct id *request, const char *words,
                        struct store_party *out)
{
    struct id event;
    size_t len;
    struct query *query = db_query(store->db, "SELECT e.id, e.payload FROM request r"
                                              " JOIN event e ON e.node = r.node"
                                              " AND e.epoch = r.epoch AND e.seq = r.seq"
                                              " WHERE r.id = $1");
    db_bind_id(query, request);
    int err = db_one(query);
    if (err == 0) {
        db_id(query, &event);
        const void *bytes = db_blob_peek(query, &len);
        struct json *payload = bytes == NULL ? NULL : event_sealed_json(store, event.b, bytes, len);
        err = request_party(payload, words, out);
        json_free(&payload);
    }
    return db_end(query, err);
}

/* A text of a payload, cut when it is longer than what is shown of it. */
static void history_text(const struct json *payload, const char *member, char *out, size_t size)
{
    int cut = str_copy(out, size, event_text(payload, member));
    (void)cut;
}

static void history_said(const struct json *payload, struct store_history *out)
{
    history_text(payload, "state", out->state, sizeof out->state);
    history_text(payload, "note", out->note, sizeof out->note);
    history_text(payload, "account", out->account, sizeof out->account);
    history_text(payload, "documents", out->documents, sizeof out->documents);
    out->fee = json_get_int(payload, "fee", 0);
}

static void request_history_row(struct query *query, const struct json *payload,
                                struct store_history *out)
{
    memset(out, 0, sizeof *out);
    db_id(query, &out->id);
    out->rev = db_int(query);
    out->at = db_int(query);
    db_text(query, out->actor, sizeof out->actor);
    db_text(query, out->type, sizeof out->type);
    history_said(payload, out);
    if (strcmp(out->type, event_word(EVENT_REQUEST_PASSED)) == 0)
        history_text(payload, "holder", out->account, sizeof out->account);
}

/* A step that was told with the request when it was passed here. */
static int history_told(const struct json *step, struct store_history *out)
{
    memset(out, 0, sizeof *out);
    out->rev = json_get_int(step, "rev", 0);
    out->at = json_get_int(step, "at", 0);
    history_text(step, "actor", out->actor, sizeof out->actor);
    history_text(step, "type", out->type, sizeof out->type);
    history_said(step, out);
    return hex_parse(event_text(step, "id"), out->id.b, ID_SIZE);
}

/* Puts the newest row in its place by revision: at a hub a request's events stand in several
 * chains. */
static void history_place(struct rows *rows)
{
    struct store_history *row = rows->all, last = row[rows->count - 1];
    size_t at = rows->count - 1;
    for (size_t i = 0; i < at; i++)
        if (id_equal(&row[i].id, &last.id)) {
            rows->count--;
            return;
        }
    for (; at > 0 && row[at - 1].rev > last.rev; at--)
        row[at] = row[at - 1];
    row[at] = last;
}

/* The event that `query` stands at: its step, and those that came with it. */
static int history_add(const struct store *store, struct query *query, struct rows *rows)
{
    size_t len;
    struct id id;
    db_id(query, &id);
    const void *bytes = db_blob_peek(query, &len);
    struct json *payload = event_sealed_json(store, id.b, bytes, len);
    const struct json *told = payload == NULL ? NULL : json_get(payload, "history");
    int err = 0;
    for (size_t i = 0; err == 0 && i < json_count(told); i++) {
        err = history_told(json_at(told, i), rows_add(rows));
        history_place(rows);
    }
    request_history_row(query, payload, rows_add(rows));
    history_place(rows);
    json_free(&payload);
    return err == 0 ? 0 : SND_E_CORRUPT;
}

int store_request_history(struct store *store, const struct id *id, struct arena *arena,
                          struct store_history **out, size_t *count)
{
    struct rows rows = ROWS_OF(struct store_history);
    int got = 0, err = 0;
    struct query *query =
        db_query(store->db, "SELECT id, payload, id, rev, t, actor, type FROM event"
                            " WHERE tx = $1 AND rev > 0 AND type <> 'request.followed'"
                            " AND (node = (SELECT node FROM office) OR peer NOT LIKE 'hub %')"
                            " ORDER BY epoch, seq");
    db_bind_id(query, id);
    while (err == 0 && (got = db_row(query)) == 1)
        err = history_add(store, query, &rows);
    err = db_end(query, err != 0 ? err : got);
    *out = rows_take(&rows, arena, count);
    for (size_t i = 1; i < *count; i++)
        if ((*out)[i].state[0] == '\0')
            memcpy((*out)[i].state, (*out)[i - 1].state, sizeof(*out)[i].state);
    return err;
}
