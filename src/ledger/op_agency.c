/* SPDX-License-Identifier: Apache-2.0
 * The lines to agencies as people see and set them: who has one, how it stands, what waits for it
 * and what failed. */
#include <string.h>
#include "base/err.h"
#include "ledger/errand_priv.h"
#include "text/input.h"

#define COUNTED 9999 /* more than that is not counted */
#define OUTBOX_ROWS 200
#define MOST_AT_ONCE 32
#define POLL_MOST 86400

static int is_word(const char *text, size_t least)
{
    return strlen(text) >= least &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == strlen(text);
}

static int is_hash(const char *text)
{
    uint8_t hash[HASH_SIZE];
    return !text[0] || hex_parse(text, hash, HASH_SIZE) == 0;
}

/* What citizens said goes to other machines under TLS alone. */
static int is_url(const char *url)
{
    static const char *const begins[] = {"https://", "http://127.0.0.1:", "http://localhost:"};
    int known = 0;
    for (size_t i = 0; i < SND_COUNT(begins); i++)
        known |= strncmp(url, begins[i], strlen(begins[i])) == 0;
    for (const char *at = url; *at; at++)
        known &= *at > ' ' && *at < 0x7F;
    return known;
}

static int is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return 1;
    return 0;
}

static int link_judge(const struct store_link *link)
{
    static const char *const ways[] = {"reference", "multipart"};
    int good = is_word(link->agency, 2) && is_url(link->url) && is_hash(link->callback) &&
               is_hash(link->peer) && is_one_of(link->documents, ways, SND_COUNT(ways)) &&
               input_is_clean(link->token) && link->most >= 1 && link->most <= MOST_AT_ONCE &&
               link->poll >= 0 && link->poll <= POLL_MOST;
    return good ? 0 : SND_E_INVALID;
}

int op_agency_add(struct call *call)
{
    struct store_link link = {0};
    wire_text(&call->in, link.agency, sizeof link.agency);
    wire_text(&call->in, link.url, sizeof link.url);
    wire_text(&call->in, link.token, sizeof link.token);
    wire_text(&call->in, link.callback, sizeof link.callback);
    link.until = wire_i64(&call->in);
    wire_text(&call->in, link.peer, sizeof link.peer);
    wire_text(&call->in, link.documents, sizeof link.documents);
    uint32_t poll = wire_u32(&call->in), most = wire_u32(&call->in);
    if (!call_done(call) || poll > INT32_MAX || most > INT32_MAX)
        return OP_MALFORMED;
    link.poll = (int)poll;
    link.most = (int)most;
    int err = link_judge(&link);
    return err ? err : store_link_put(call->store, &link, &call->actor);
}

int op_agency_stage(struct call *call)
{
    char agency[LINK_AGENCY], stage[LINK_WORD];
    wire_text(&call->in, agency, sizeof agency);
    wire_text(&call->in, stage, sizeof stage);
    int64_t day = wire_i64(&call->in);
    if (!call_done(call) || day < INT32_MIN || day > INT32_MAX)
        return OP_MALFORMED;
    if (!is_one_of(stage, store_link_stages, LINK_STAGES))
        return SND_E_INVALID;
    return store_link_stage(call->store, agency, stage, (int32_t)day, &call->actor);
}

int op_agency_pause(struct call *call)
{
    char agency[LINK_AGENCY], reason[LINK_REASON];
    wire_text(&call->in, agency, sizeof agency);
    int paused = call_get_flag(call);
    wire_text(&call->in, reason, sizeof reason);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!input_is_clean(reason))
        return SND_E_BAD;
    return store_link_pause(call->store, agency, paused, reason, &call->actor);
}

/* What waits on a line: tried and not yet taken, and never tried. */
static int waiting(struct call *call, const struct store_link *link, int64_t *tried,
                   int64_t *failed, int64_t *taken, int64_t *untried)
{
    int err = store_outbox_count(call->store, link->agency, "waiting", COUNTED, tried);
    if (!err)
        err = store_outbox_count(call->store, link->agency, "failed", COUNTED, failed);
    if (!err)
        err = store_outbox_count(call->store, link->agency, "taken", COUNTED, taken);
    *untried = 0;
    if (!err && store_link_open(link, call->office))
        err = store_outbox_untried(call->store, link, COUNTED, untried);
    return err;
}

static int put_link(struct call *call, const struct store_link *link)
{
    int32_t days[LINK_STAGES];
    struct store_agency_line line;
    int64_t tried = 0, failed = 0, taken = 0, untried = 0, oldest = 0;
    int err = store_link_days(call->store, link->agency, days);
    if (!err)
        err = store_agency_line_get(call->store, link->agency, &line);
    if (!err)
        err = waiting(call, link, &tried, &failed, &taken, &untried);
    if (!err)
        err = store_outbox_oldest(call->store, link, &oldest);
    if (err)
        return err;
    wire_put_text(call->out, link->agency);
    wire_put_text(call->out, link->url);
    wire_put_text(call->out, link->stage);
    for (size_t i = 0; i < LINK_STAGES; i++)
        wire_put_i64(call->out, days[i]);
    wire_put_text(call->out, link->documents);
    wire_put_u32(call->out, (uint32_t)link->poll);
    wire_put_u32(call->out, (uint32_t)link->most);
    wire_put_i64(call->out, link->callback[0] ? link->until : 0);
    wire_put_u8(call->out, link->paused != 0);
    wire_put_text(call->out, link->reason);
    wire_put_u8(call->out, store_link_open(link, call->office) != 0);
    wire_put_u32(call->out, (uint32_t)line.fails);
    wire_put_i64(call->out, line.since);
    wire_put_i64(call->out, line.until);
    wire_put_i64(call->out, line.last_ok);
    wire_put_text(call->out, line.why);
    wire_put_i64(call->out, tried + untried);
    wire_put_i64(call->out, failed);
    wire_put_i64(call->out, oldest);
    wire_put_i64(call->out, taken);
    return 0;
}

int op_agency_list(struct call *call)
{
    struct store_link *list;
    size_t count;
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_link_list(call->store, arena, &list, &count);
    size_t at = call_begin_list(call);
    for (size_t i = 0; !err && i < count; i++)
        err = put_link(call, &list[i]);
    call_put_count(call, at, (uint32_t)count);
    for (size_t i = 0; i < count; i++)
        mem_wipe(list[i].token, sizeof list[i].token);
    arena_free(&arena);
    return err;
}

static void put_sending(struct call *call, const void *row)
{
    const struct store_sending *sending = row;
    wire_put_text(call->out, sending->number);
    wire_put_text(call->out, sending->agency);
    wire_put_text(call->out, sending->state);
    wire_put_u32(call->out, (uint32_t)sending->attempts);
    wire_put_i64(call->out, sending->first_at);
    wire_put_i64(call->out, sending->next_at);
    wire_put_u32(call->out, (uint32_t)sending->status);
    wire_put_text(call->out, sending->why);
    call_put_sha(call, sending->sha);
    call_put_sha(call, sending->answer_sha);
    wire_put_i64(call->out, sending->rev);
}

int op_outbox_list(struct call *call)
{
    char agency[LINK_AGENCY], state[LINK_WORD];
    struct store_sending *list;
    size_t count;
    wire_text(&call->in, agency, sizeof agency);
    wire_text(&call->in, state, sizeof state);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_outbox_list(call->store, agency, state, OUTBOX_ROWS, arena, &list, &count);
    if (!err) {
        call_put_list(call, put_sending, list, sizeof *list, count);
    }
    arena_free(&arena);
    return err;
}

/* What failed is sent again by a person; what waits, at once. 1 when there was something. */
static int retry_one(struct call *call, struct store_sending *sending)
{
    int failed = strcmp(sending->state, "failed") == 0;
    if (!failed && strcmp(sending->state, "waiting") != 0)
        return 0;
    (void)str_copy(sending->state, sizeof sending->state, "waiting");
    sending->next_at = call->actor.at;
    if (failed)
        sending->attempts = 0;
    int err = sending->rev ? store_followup_put(call->store, sending, NULL, 0)
                           : store_outbox_put(call->store, sending, NULL, 0);
    return err ? err : 1;
}

/* The first of what its centre did later that the agency hasn't taken. */
static int retry_followup(struct call *call, const struct id *request)
{
    struct id *ids;
    size_t count = 0;
    struct arena *arena = arena_new();
    int done = store_followup_of(call->store, request, INT64_MAX, arena, &ids, &count);
    for (size_t i = 0; done == 0 && i < count; i++) {
        struct store_sending sending;
        done = store_followup_get(call->store, &ids[i], &sending);
        if (!done)
            done = retry_one(call, &sending);
    }
    arena_free(&arena);
    return done;
}

static int retry(struct call *call, struct store_request *request, struct store_sending *sending)
{
    int done = strcmp(request->state, state_word(STATE_CANCELLED)) == 0
                   ? 0 /* it isn't sent any more, but that it was given up is */
                   : retry_one(call, sending);
    if (done == 1 && strcmp(request->state, state_word(STATE_SEND_FAILED)) == 0) {
        struct store_move move = {.by = "system", .why = "retry"};
        int err = call_move(call, request, STATE_SENT, &move);
        return err;
    }
    if (done == 0)
        done = retry_followup(call, &request->id);
    return done == 1 ? 0 : done ? done : SND_E_DENIED;
}

int op_outbox_retry(struct call *call)
{
    char number[BOOK_NUMBER];
    struct store_request request;
    struct store_sending sending = {.state = "taken"};
    wire_text(&call->in, number, sizeof number);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_request_row(call->store, &store_reach_all, number, &request);
    if (!err)
        err = store_outbox_get(call->store, &request.id, &sending);
    return err ? err : retry(call, &request, &sending);
}

/* A person says that it is to be tried now: what waits is due, and the line isn't cut off any more,
 * which the courier sees when it looks at the lines again. */
int op_agency_push(struct call *call)
{
    char agency[LINK_AGENCY];
    struct store_link link;
    struct store_agency_line line;
    wire_text(&call->in, agency, sizeof agency);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_link_get(call->store, agency, &link);
    mem_wipe(link.token, sizeof link.token);
    if (!err)
        err = store_agency_line_get(call->store, agency, &line);
    if (!err)
        err = store_outbox_now(call->store, agency, call->actor.at);
    if (err)
        return err;
    line.until = STORE_LINE_PUSHED;
    return store_agency_line_put(call->store, agency, &line);
}
