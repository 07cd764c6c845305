/* SPDX-License-Identifier: Apache-2.0
 * The line to an agency at the ledger: what is due and when, that a request is `sent` before a byte
 * leaves, what comes of an attempt, and what agencies tell: once, in any order, before our own side
 * knows, by nobody else. No process of the courier's is here: each of its calls is made by hand. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "book/agency.h"
#include "book/feed.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define TOKEN "the token of the agency TEST"
#define FORGERIES 10000

static struct {
    struct rig rig;
    struct book *shell, *clerk, *courier, *hub;
    struct record *record;
    struct arena *arena;
    char hash[HASH_TEXT]; /* of the token */
    int message;
} at;

static void token_hash(const char *token, char out[HASH_TEXT])
{
    uint8_t hash[HASH_SIZE];
    hash_bytes(token, strlen(token), hash);
    hex_text(hash, HASH_SIZE, out);
}

static int add(const char *agency, const char *token, int64_t until)
{
    struct book_link_terms terms = {.until = until, .most = 4};
    (void)str_copy(terms.agency, sizeof terms.agency, agency);
    (void)str_copy(terms.url, sizeof terms.url, "https://agency.example");
    (void)str_copy(terms.documents, sizeof terms.documents, "reference");
    token_hash(token, terms.callback);
    return book_agency_add(at.shell, &terms);
}

/* A new request: its id; the number into *number. */
static struct id fresh(char number[BOOK_NUMBER])
{
    struct book_receipt receipt = {0};
    struct fault faults[16];
    size_t count;
    struct id id = id_new();
    if (book_submit(at.clerk, &id, at.record, &receipt, faults, 16, &count))
        tap_note("a request could not be submitted");
    if (number)
        (void)str_copy(number, BOOK_NUMBER, receipt.number);
    return id;
}

static size_t due(void)
{
    struct book_dues due;
    int err = book_outbox_due(at.courier, "TEST", 64, at.arena, &due);
    return err ? 99 : due.send.count;
}

static int done(const struct id *request, enum book_outcome outcome, const char *ack, int64_t next)
{
    struct book_attempt attempt = {.request = *request,
                                   .outcome = outcome,
                                   .status = outcome == BOOK_TAKEN ? 200 : 500,
                                   .next_at = next,
                                   .answer = "{}",
                                   .len = 2};
    (void)str_copy(attempt.ack, sizeof attempt.ack, ack);
    (void)str_copy(attempt.why, sizeof attempt.why, outcome == BOOK_TAKEN ? "" : "status");
    return book_outbox_done(at.courier, &attempt);
}

static enum request_state state_of(const char *number)
{
    struct book_detail detail;
    if (book_request_get(at.shell, number, at.arena, &detail))
        return STATE_DRAFT;
    record_free(&detail.record);
    return detail.request.state;
}

/* What the hub is answered when somebody with that token says so; "" and *err when it is refused.
 */
static const char *tell(const char *token, const char *name, const struct id *request,
                        const char *state, const char *more, int *err)
{
    static char heard[AGENCY_WORD], now[AGENCY_WORD];
    char id[ID_TEXT];
    id_text(request, id);
    char *body =
        x_printf("{\"message\":\"%s\",\"id\":\"%s\",\"state\":\"%s\"%s}", name, id, state, more);
    struct book_told told = {.body = body, .len = strlen(body)};
    token_hash(token, told.token);
    heard[0] = '\0';
    *err = book_agency_told(at.hub, &told, heard, now);
    x_free(&body);
    return *err ? "" : heard;
}

static int hears(const struct id *request, const char *state, const char *more, const char *want)
{
    char name[32];
    int err;
    (void)str_format(name, sizeof name, "m%d", at.message++);
    const char *heard = tell(TOKEN, name, request, state, more, &err);
    if (strcmp(heard, want) != 0)
        tap_note("%s: heard %s, err %d", state, heard, err);
    return strcmp(heard, want) == 0;
}

static void opening(void)
{
    struct id early = fresh(NULL);
    struct book_office office;
    int err = book_office(at.shell, &office);
    tap_ok(!err && due() == 0, "nothing is due where there is no link");
    tap_ok(add("TEST", TOKEN, clock_utc_ms() + 100000) == 0 && due() == 0,
           "nor on one that was agreed");
    tap_ok(book_agency_stage(at.shell, "TEST", "live", office.today) == 0 && due() == 0,
           "an office for practice sends nothing over a line that is live");
    tap_ok(book_agency_stage(at.shell, "TEST", "testing", office.today + 1) == 0 && due() == 0,
           "what was submitted before the line's first day stays on paper");
    tap_ok(book_agency_stage(at.shell, "TEST", "testing", office.today) == 0 && due() == 1,
           "it is due from that day on");
    tap_ok(book_agency_pause(at.shell, "TEST", 1, "صيانة") == 0 && due() == 0,
           "nothing is due on a line that is paused");
    tap_ok(book_agency_pause(at.shell, "TEST", 0, "") == 0 && due() == 1, "and it is afterwards");
    tap_ok(book_agency_stage(at.shell, "NONE", "live", 0) == SND_E_NOTFOUND &&
               book_agency_stage(at.shell, "TEST", "soon", 0) == SND_E_INVALID &&
               add("TE/ST", TOKEN, 1) == SND_E_INVALID,
           "what can't be a link is refused");
    struct book_errand errand;
    (void)!book_outbox_begin(at.courier, &early, &errand);
    (void)!done(&early, BOOK_TAKEN, "T-0", 0);
}

static int cancels(const char *number)
{
    struct book_move move = {.rev = 1, .to = STATE_CANCELLED};
    struct id id = id_new();
    (void)str_copy(move.number, sizeof move.number, number);
    (void)str_copy(move.note, sizeof move.note, "عدل عن الطلب");
    return book_request_move(at.clerk, &id, &move);
}

/* Both bodies, and whether they are the same and the hash is theirs. */
static int same_body(const struct book_errand *errand, const char *number)
{
    struct buf one = BUF_INIT(1 << 20), two = BUF_INIT(1 << 20);
    struct json *json = NULL;
    uint8_t sha[HASH_SIZE];
    int err = book_outbox_body(at.courier, &errand->request, &one);
    if (!err)
        err = book_outbox_body(at.courier, &errand->request, &two);
    hash_bytes(one.data, one.len, sha);
    int same = !err && one.len == two.len && memcmp(one.data, two.data, one.len) == 0 &&
               memcmp(sha, errand->sha, HASH_SIZE) == 0 &&
               json_parse(buf_text(&one), one.len, &json) == 0;
    same = same && strcmp(json_get_text(json, "number"), number) == 0 && json_get(json, "values") &&
           strcmp(json_get_text(json, "service"), "TS-01") == 0;
    if (json)
        json_free(&json);
    buf_free(&one);
    buf_free(&two);
    return same;
}

static void attempts(void)
{
    char number[BOOK_NUMBER];
    struct id request = fresh(number);
    struct book_errand errand, again;
    int64_t later = clock_utc_ms() + 100000;
    tap_ok(due() == 1 && book_outbox_begin(at.courier, &request, &errand) == 0 &&
               state_of(number) == STATE_SENT,
           "a request is sent before a byte leaves");
    tap_ok(cancels(number) != 0, "from then on its centre can't cancel it");
    tap_ok(same_body(&errand, number), "its text is the same each time, and its hash was kept");
    tap_ok(due() == 1 && book_outbox_begin(at.courier, &request, &again) == 0 &&
               id_equal(&errand.key, &again.key) && !memcmp(errand.sha, again.sha, HASH_SIZE) &&
               again.attempts == 2,
           "whoever comes after a kill sends it again, under the same key");
    tap_ok(done(&request, BOOK_AGAIN, "", later) == 0 && due() == 0 &&
               state_of(number) == STATE_SENT,
           "what failed is not due before its time");
    tap_ok(book_outbox_retry(at.shell, number) == 0 && due() == 1, "a person may send it now");
    tap_ok(done(&request, BOOK_FAILED, "", 0) == 0 && state_of(number) == STATE_SEND_FAILED &&
               due() == 0,
           "in the end a person is told");
    tap_ok(book_outbox_retry(at.shell, number) == 0 && state_of(number) == STATE_SENT && due() == 1,
           "who sends it on");
    tap_ok(done(&request, BOOK_TAKEN, "T-1", 0) == 0 && state_of(number) == STATE_RECEIVED &&
               due() == 0 && done(&request, BOOK_AGAIN, "", 0) == 0 &&
               state_of(number) == STATE_RECEIVED && due() == 0,
           "taken is taken, whatever is said late");
    tap_ok(book_outbox_retry(at.shell, number) == SND_E_DENIED &&
               book_outbox_begin(at.courier, &request, &again) == SND_E_DENIED,
           "and is never sent again");
    struct id gone = fresh(number);
    tap_ok(cancels(number) == 0 && due() == 0 &&
               book_outbox_begin(at.courier, &gone, &again) == SND_E_DENIED,
           "what was cancelled before is never sent");
}

/* By hand, behind the ledger's back. */
static int raw(const char *sql)
{
    sqlite3 *handle = NULL;
    int code = sqlite3_open(at.rig.db, &handle);
    sqlite3_busy_timeout(handle, 60000);
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, sql, NULL, NULL, NULL);
    sqlite3_close(handle);
    return code == SQLITE_OK ? 0 : SND_E_IO;
}

/* A document of the request's is on its way from the centre: the request waits for it. */
static void lacks_document(void)
{
    char number[BOOK_NUMBER], hex[2 * ID_SIZE + 1], sql[256];
    struct id request = fresh(number);
    struct book_errand errand;
    hex_text(request.b, ID_SIZE, hex);
    (void)str_format(sql, sizeof sql,
                     "INSERT INTO request_blob (id, request, sha, role, at, name)"
                     " VALUES (x'%s', x'%s', zeroblob(32), 'deed', 0, zeroblob(1))",
                     hex, hex);
    int before = due() == 1, err = raw(sql);
    tap_ok(before && !err && due() == 0, "30: without one of its documents a request is not due");
    tap_ok(book_outbox_begin(at.courier, &request, &errand) == SND_E_DENIED &&
               state_of(number) == STATE_QUEUED,
           "30: nor can it be sent");
    tap_ok(raw("DELETE FROM request_blob WHERE role = 'deed'") == 0 && due() == 1 &&
               cancels(number) == 0,
           "30: with it, it is due");
}

static void telling(void)
{
    char number[BOOK_NUMBER];
    struct id request = fresh(number);
    struct book_errand errand;
    int err;
    tap_ok(hears(&request, "in_review", "", "kept") && state_of(number) == STATE_QUEUED,
           "31: a message that comes before our own commit is kept");
    (void)!book_outbox_begin(at.courier, &request, &errand);
    tap_ok(done(&request, BOOK_TAKEN, "T-2", 0) == 0 && state_of(number) == STATE_IN_REVIEW,
           "31: and applied when the request gets there");
    tap_ok(hears(&request, "need_docs", ",\"documents\":[\"doc_id\",\"سند الملكية\"]", "taken") &&
               state_of(number) == STATE_NEED_DOCS,
           "an agency asks for documents");
    tap_ok(hears(&request, "approved", "", "kept") && state_of(number) == STATE_NEED_DOCS,
           "one that comes out of order is kept");
    tap_ok(hears(&request, "in_review", "", "taken") && state_of(number) == STATE_APPROVED,
           "and applied after the one before it");
    tap_ok(hears(&request, "in_review", "", "refused") && state_of(number) == STATE_APPROVED,
           "a state that can't follow any more is refused");
    tap_ok(strcmp(tell(TOKEN, "twice", &request, "approved", "", &err), "taken") == 0 &&
               strcmp(tell(TOKEN, "twice", &request, "rejected", "", &err), "repeated") == 0 &&
               state_of(number) == STATE_APPROVED,
           "31: a message that comes twice is taken once");
    struct id other = fresh(number);
    (void)!book_outbox_begin(at.courier, &other, &errand);
    tap_ok(hears(&other, "in_review", ",\"ack\":\"T-3\"", "taken") &&
               state_of(number) == STATE_IN_REVIEW && due() == 0,
           "31: an agency that speaks of a request has it, though no answer came");
    tap_ok(done(&other, BOOK_FAILED, "", 0) == 0 && state_of(number) == STATE_IN_REVIEW,
           "and our giving up later changes nothing");
    struct id nobody = id_new();
    tap_ok(hears(&nobody, "in_review", "", "unknown"), "a request that isn't there is not known");
    tell(TOKEN, "bad", &other, "married", "", &err);
    tap_ok(err == SND_E_INVALID, "a state that is none is refused as a whole");
    tell(TOKEN, "bad", &other, "rejected", "", &err);
    tap_ok(err == SND_E_INVALID && state_of(number) == STATE_IN_REVIEW,
           "so is a rejection without its reason");
    tap_ok(hears(&other, "fee_due", ",\"fee\":2500", "taken") && state_of(number) == STATE_FEE_DUE,
           "and the right one is taken afterwards");
}

/* Ids of later steps that are due to be told; the first into *first. */
static size_t following(struct id *first)
{
    struct book_dues due;
    if (book_outbox_due(at.courier, "TEST", 64, at.arena, &due))
        return 99;
    if (due.follow.count > 0)
        *first = due.follow.id[0];
    return due.follow.count;
}

static int followed(const struct id *event, enum book_outcome outcome, int64_t next)
{
    struct book_attempt attempt = {.request = *event,
                                   .outcome = outcome,
                                   .status = outcome == BOOK_TAKEN ? 200 : 500,
                                   .next_at = next,
                                   .answer = "{}",
                                   .len = 2};
    (void)str_copy(attempt.why, sizeof attempt.why, outcome == BOOK_TAKEN ? "" : "status");
    return book_followup_done(at.courier, &attempt);
}

/* The clerk moves a request on, as it stands. */
static int clerk_moves(const char *number, enum request_state to, const char *note,
                       const char *documents)
{
    struct book_detail detail;
    struct book_move move = {.to = to};
    struct id id = id_new();
    if (book_request_get(at.shell, number, at.arena, &detail))
        return SND_E_NOTFOUND;
    record_free(&detail.record);
    move.rev = detail.request.rev;
    (void)str_copy(move.number, sizeof move.number, number);
    (void)str_copy(move.note, sizeof move.note, note);
    (void)str_copy(move.documents, sizeof move.documents, documents);
    return book_request_move(at.clerk, &id, &move);
}

/* A request that the agency has and has asked documents for. */
static struct id asked(char number[BOOK_NUMBER])
{
    struct id request = fresh(number);
    struct book_errand errand;
    if (book_outbox_begin(at.courier, &request, &errand) || done(&request, BOOK_TAKEN, "T-5", 0) ||
        !hears(&request, "in_review", "", "taken") ||
        !hears(&request, "need_docs", ",\"documents\":[\"doc_id\"]", "taken"))
        tap_note("nothing was asked for");
    return request;
}

static int says(struct buf *body, const struct id *request, const struct id *event,
                const char *state)
{
    char id[ID_TEXT], message[ID_TEXT];
    struct json *json = NULL;
    id_text(request, id);
    id_text(event, message);
    int good = json_parse(buf_text(body), body->len, &json) == 0 &&
               strcmp(json_get_text(json, "id"), id) == 0 &&
               strcmp(json_get_text(json, "message"), message) == 0 &&
               strcmp(json_get_text(json, "state"), state) == 0 && json_get(json, "documents");
    json_free(&json);
    buf_free(body);
    return good;
}

static void steps(void)
{
    char number[BOOK_NUMBER];
    struct id request = asked(number), first = {0}, again = {0};
    struct book_errand errand, second;
    struct book_sending *list;
    struct buf body = BUF_INIT(65536), other = BUF_INIT(65536);
    size_t rows;
    int64_t later = clock_utc_ms() + 100000;
    tap_is_int((int)following(&first), 0, "an agency isn't told what it has told itself");
    tap_ok(clerk_moves(number, STATE_IN_REVIEW, "أحضره صاحب الطلب", "doc_id") == 0 &&
               following(&first) == 1,
           "that documents were brought is on its way to the agency");
    tap_ok(book_followup_begin(at.courier, &first, &errand, &body) == 0 &&
               id_equal(&errand.request, &request) && errand.attempts == 1 && !errand.ends &&
               strstr(buf_text(&body), "أحضره صاحب الطلب") &&
               strstr(buf_text(&body), "\"brought\":[\"doc_id\"]"),
           "with what was said and which documents");
    tap_ok(book_followup_begin(at.courier, &first, &second, &other) == 0 &&
               !memcmp(errand.sha, second.sha, HASH_SIZE) && second.attempts == 2 &&
               says(&other, &request, &first, "in_review"),
           "under the id of its event, the same each time");
    buf_free(&body);
    tap_ok(followed(&first, BOOK_AGAIN, later) == 0 && following(&again) == 0 &&
               book_outbox_retry(at.shell, number) == 0 && following(&again) == 1,
           "what failed waits, and a person may send it now");
    tap_ok(followed(&first, BOOK_AGAIN, later) == 0 && book_agency_push(at.shell, "TEST") == 0 &&
               following(&again) == 1 && book_agency_push(at.shell, "NONE") == SND_E_NOTFOUND,
           "or all that waits on the line");
    tap_ok(followed(&first, BOOK_FAILED, 0) == 0 && following(&again) == 0 &&
               book_outbox_list(at.shell, "TEST", "failed", at.arena, &list, &rows) == 0 &&
               rows == 1 && list[0].rev > 1 && strcmp(list[0].number, number) == 0,
           "in the end it is on the list of what failed");
    tap_ok(hears(&request, "fee_due", ",\"fee\":1500", "taken") &&
               clerk_moves(number, STATE_PAID, "", "") == 0 && following(&again) == 0,
           "the next step waits for the one before");
    tap_ok(book_outbox_retry(at.shell, number) == 0 && following(&again) == 1 &&
               id_equal(&again, &first) && followed(&first, BOOK_TAKEN, 0) == 0 &&
               following(&again) == 1 && !id_equal(&again, &first),
           "and goes when that has arrived");
    tap_ok(followed(&first, BOOK_FAILED, 0) == 0 && followed(&again, BOOK_TAKEN, 0) == 0 &&
               following(&again) == 0 && book_outbox_retry(at.shell, number) == SND_E_DENIED,
           "taken is taken");
}

/* An agency that is asked says only how it stands in the end. */
static void polled(void)
{
    char number[BOOK_NUMBER], id[ID_TEXT], heard[AGENCY_WORD], now[AGENCY_WORD];
    struct id request = fresh(number);
    struct book_errand errand;
    struct book_told told = {.agency = "TEST"};
    (void)!book_outbox_begin(at.courier, &request, &errand);
    (void)!done(&request, BOOK_TAKEN, "T-7", 0);
    id_text(&request, id);
    char *body = x_printf("{\"message\":\"p1\",\"id\":\"%s\",\"state\":\"approved\"}", id);
    told.body = body;
    told.len = strlen(body);
    tap_ok(book_agency_told(at.courier, &told, heard, now) == 0 && strcmp(heard, "taken") == 0 &&
               state_of(number) == STATE_APPROVED,
           "what an agency answers when it is asked stands, whatever it passed on the way");
    tap_ok(book_agency_told(at.hub, &told, heard, now) == SND_E_DENIED,
           "and nobody but who asked may say who answered");
    x_free(&body);
}

static void given_up(void)
{
    char number[BOOK_NUMBER];
    struct id request = fresh(number), event = {0};
    struct book_errand errand;
    struct buf body = BUF_INIT(65536);
    tap_ok(book_outbox_begin(at.courier, &request, &errand) == 0 &&
               done(&request, BOOK_FAILED, "", 0) == 0 &&
               clerk_moves(number, STATE_CANCELLED, "عدل عن الطلب", "") == 0 &&
               following(&event) == 1 &&
               book_followup_begin(at.courier, &event, &errand, &body) == 0 && errand.ends &&
               says(&body, &request, &event, "cancelled"),
           "a request that may have arrived is cancelled at the agency too");
    tap_ok(book_outbox_retry(at.shell, number) == 0 && due() == 0 && following(&event) == 1,
           "and isn't sent any more itself");
    tap_ok(followed(&event, BOOK_TAKEN, 0) == 0 && following(&event) == 0, "until it is heard");
}

/* A message with a token that is not, or no more, the agency's. */
static int forged(const struct id *request, int n)
{
    char token[sizeof TOKEN], name[32];
    int err;
    uint8_t bytes[4];
    (void)str_copy(token, sizeof token, TOKEN);
    random_bytes(bytes, sizeof bytes);
    if (n % 6 == 4)
        return strcmp(tell("the token of FOREIGN", "foreign", request, "approved", "", &err),
                      "unknown") != 0;
    if (n % 6 == 5) { /* the agency's own word of before, sent again by somebody who heard it */
        tell(TOKEN, "heard", request, "in_review", "", &err);
        return err != 0;
    }
    if (n % 6 == 0)
        token[bytes[0] % (sizeof TOKEN - 1)] ^= (char)(1u << bytes[1] % 7);
    else if (n % 6 == 1)
        token[bytes[0] % (sizeof TOKEN - 1)] = '\0';
    else if (n % 6 == 2)
        (void)str_copy(token, sizeof token, "the token of OLD");
    else
        (void)str_format(token, sizeof token, "%02x%02x%02x", bytes[0], bytes[1], bytes[2]);
    (void)str_format(name, sizeof name, "f%d", n);
    tell(token, name, request, "approved", "", &err);
    return err != SND_E_AUTH;
}

static void forgery(void)
{
    char number[BOOK_NUMBER];
    struct id request = fresh(number);
    struct book_errand errand;
    int taken = 0, err;
    (void)!book_outbox_begin(at.courier, &request, &errand);
    (void)!done(&request, BOOK_TAKEN, "T-4", 0);
    tap_is(tell(TOKEN, "heard", &request, "in_review", "", &err), "taken",
           "the agency's own token is taken");
    tap_ok(hears(&request, "fee_due", ",\"fee\":2500", "taken"), "and its next word");
    (void)!add("OLD", "the token of OLD", clock_utc_ms() - 1);
    (void)!add("FOREIGN", "the token of FOREIGN", clock_utc_ms() + 100000);
    for (int n = 0; n < FORGERIES; n++)
        taken += forged(&request, n);
    tap_ok(taken == 0 && state_of(number) == STATE_FEE_DUE,
           "none of %d forged, expired, replayed or foreign tokens is taken", FORGERIES);
    tap_ok(strcmp(tell("the token of FOREIGN", "x", &request, "approved", "", &err), "unknown") ==
                   0 &&
               state_of(number) == STATE_FEE_DUE,
           "another agency's token knows nothing of it");
    (void)!add("TEST", "a new token", clock_utc_ms() + 100000);
    tell(TOKEN, "late", &request, "approved", "", &err);
    tap_ok(err == SND_E_AUTH && state_of(number) == STATE_FEE_DUE,
           "once there is a new token the old one is nobody's");
}

static void looking(void)
{
    struct book_link *links;
    struct book_sending *list;
    size_t count, rows;
    struct book *officer = rig_login(&at.rig, "agency");
    tap_ok(book_agency_list(at.shell, at.arena, &links, &count) == 0 && count == 3 &&
               strcmp(links[2].agency, "TEST") == 0 && links[2].open && links[2].waiting == 0 &&
               links[2].taken > 0,
           "people see the links, and what waits");
    tap_ok(book_outbox_list(at.shell, "TEST", "taken", at.arena, &list, &rows) == 0 && rows > 0,
           "and what was sent");
    tap_ok(book_agency_list(officer, at.arena, &links, &count) == SND_E_DENIED &&
               book_outbox_due(at.hub, "TEST", 1, at.arena, &(struct book_dues){0}) == SND_E_DENIED,
           "others don't");
    book_close(&officer);
}

static struct book *part(const char *name)
{
    struct book *book = NULL;
    struct book_me me;
    if (book_open(at.rig.socket, &book) || book_auth_part(book, name, &me))
        tap_note("no %s", name);
    return book;
}

int main(void)
{
    int64_t requests;
    rig_make(&at.rig, RIG_USUAL);
    rig_start(&at.rig);
    at.arena = arena_new();
    at.shell = rig_shell(&at.rig);
    at.clerk = rig_login(&at.rig, "clerk");
    at.courier = part("courier");
    at.hub = part("hub");
    at.record = rig_record(at.clerk, &at.rig, "أحمد بن سالم الهنائي");
    opening();
    attempts();
    lacks_document();
    telling();
    steps();
    given_up();
    polled();
    forgery();
    looking();
    record_free(&at.record);
    book_close(&at.shell);
    book_close(&at.clerk);
    book_close(&at.courier);
    book_close(&at.hub);
    arena_free(&at.arena);
    rig_end(&at.rig, 15);
    tap_ok(rig_check(&at.rig, &requests) == 0 && requests == 10,
           "the book is whole, its projections are what a replay gives");
    rig_remove(&at.rig);
    return tap_done();
}
