/* SPDX-License-Identifier: Apache-2.0
 * The lines to agencies. */
#include <string.h>
#include "base/err.h"
#include "book/agency.h"
#include "book/talk_priv.h"

#define LINK_LEAST 154    /* bytes of a row with empty texts */
#define SENDING_LEAST 116 /* the same */
#define LINE_LEAST 37     /* the same */
#define STEP_LEAST 25     /* the same */

const char *const agency_stages[AGENCY_STAGES] = {"agreed", "building", "testing", "live"};

int book_agency_add(struct book *book, const struct book_link_terms *terms)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_AGENCY_ADD, &id, &frame);
    wire_put_text(&frame, terms->agency);
    wire_put_text(&frame, terms->url);
    wire_put_text(&frame, terms->token);
    wire_put_text(&frame, terms->callback);
    wire_put_i64(&frame, terms->until);
    wire_put_text(&frame, terms->peer);
    wire_put_text(&frame, terms->documents);
    wire_put_u32(&frame, (uint32_t)terms->poll);
    wire_put_u32(&frame, (uint32_t)terms->most);
    return talk_plain(book, &frame);
}

int book_agency_stage(struct book *book, const char *agency, const char *stage, int32_t day)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_AGENCY_STAGE, &id, &frame);
    wire_put_text(&frame, agency);
    wire_put_text(&frame, stage);
    wire_put_i64(&frame, day);
    return talk_plain(book, &frame);
}

int book_agency_pause(struct book *book, const char *agency, int paused, const char *reason)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_AGENCY_PAUSE, &id, &frame);
    wire_put_text(&frame, agency);
    wire_put_u8(&frame, paused != 0);
    wire_put_text(&frame, reason);
    return talk_plain(book, &frame);
}

int book_agency_push(struct book *book, const char *agency)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_AGENCY_PUSH, &id, &frame);
    wire_put_text(&frame, agency);
    return talk_plain(book, &frame);
}

static void get_link(struct wire *answer, struct arena *arena, void *row)
{
    struct book_link *out = row;
    (void)arena;
    wire_text(answer, out->agency, sizeof out->agency);
    wire_text(answer, out->url, sizeof out->url);
    wire_text(answer, out->stage, sizeof out->stage);
    for (size_t i = 0; i < AGENCY_STAGES; i++)
        out->day[i] = talk_get_day(answer);
    wire_text(answer, out->documents, sizeof out->documents);
    out->poll = talk_get_int(answer);
    out->most = talk_get_int(answer);
    out->until = wire_i64(answer);
    out->paused = (int)talk_get_enum(answer, 2);
    wire_text(answer, out->reason, sizeof out->reason);
    out->open = (int)talk_get_enum(answer, 2);
    out->fails = talk_get_int(answer);
    out->since = wire_i64(answer);
    out->cut_until = wire_i64(answer);
    out->last_ok = wire_i64(answer);
    wire_text(answer, out->why, sizeof out->why);
    out->waiting = wire_i64(answer);
    out->failed = wire_i64(answer);
    out->oldest = wire_i64(answer);
    out->taken = wire_i64(answer);
}

const char *book_link_word(const struct book_link *link, int64_t now)
{
    if (link->paused)
        return "paused";
    if (!link->open)
        return "closed";
    if (link->cut_until > now)
        return "cut";
    return link->fails ? "failing" : "open";
}

int book_agency_list(struct book *book, struct arena *arena, struct book_link **out, size_t *count)
{
    static const struct talk_rows rows = {LINK_LEAST, sizeof **out, get_link};
    struct buf frame;
    talk_begin(book, OP_AGENCY_LIST, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}

static void get_sending(struct wire *answer, struct arena *arena, void *row)
{
    struct book_sending *out = row;
    (void)arena;
    wire_text(answer, out->number, sizeof out->number);
    wire_text(answer, out->agency, sizeof out->agency);
    wire_text(answer, out->state, sizeof out->state);
    out->attempts = talk_get_int(answer);
    out->first_at = wire_i64(answer);
    out->next_at = wire_i64(answer);
    out->status = talk_get_int(answer);
    wire_text(answer, out->why, sizeof out->why);
    talk_get_sha(answer, out->sha);
    talk_get_sha(answer, out->answer_sha);
    out->rev = wire_i64(answer);
}

int book_outbox_list(struct book *book, const char *agency, const char *state, struct arena *arena,
                     struct book_sending **out, size_t *count)
{
    static const struct talk_rows rows = {SENDING_LEAST, sizeof **out, get_sending};
    struct buf frame;
    talk_begin(book, OP_OUTBOX_LIST, NULL, &frame);
    wire_put_text(&frame, agency);
    wire_put_text(&frame, state);
    return talk_list(book, &frame, &rows, arena, out, count);
}

int book_outbox_retry(struct book *book, const char *number)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_OUTBOX_RETRY, &id, &frame);
    wire_put_text(&frame, number);
    return talk_plain(book, &frame);
}

/* ---- for the courier ---- */

static void get_line(struct wire *answer, struct arena *arena, void *row)
{
    struct book_agency_line *out = row;
    (void)arena;
    wire_text(answer, out->agency, sizeof out->agency);
    wire_text(answer, out->url, sizeof out->url);
    wire_text(answer, out->token, sizeof out->token);
    wire_text(answer, out->documents, sizeof out->documents);
    out->poll = talk_get_int(answer);
    out->most = talk_get_int(answer);
    out->open = (int)talk_get_enum(answer, 2);
    out->fails = talk_get_int(answer);
    out->cut_until = wire_i64(answer);
}

int book_outbox_lines(struct book *book, struct arena *arena, struct book_agency_line **out,
                      size_t *count)
{
    static const struct talk_rows rows = {LINE_LEAST, sizeof **out, get_line};
    struct buf frame;
    talk_begin(book, OP_OUTBOX_LINES, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}

static void get_due(struct wire *answer, struct arena *arena, struct book_due *out)
{
    out->count = talk_count(answer, ID_SIZE);
    out->id = arena_alloc(arena, (out->count + 1) * sizeof *out->id);
    for (size_t i = 0; i < out->count; i++)
        wire_id(answer, &out->id[i]);
}

int book_outbox_due(struct book *book, const char *agency, size_t max, struct arena *arena,
                    struct book_dues *out)
{
    struct buf frame;
    struct wire answer;
    *out = (struct book_dues){0};
    talk_begin(book, OP_OUTBOX_DUE, NULL, &frame);
    wire_put_text(&frame, agency);
    wire_put_u32(&frame, (uint32_t)max);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    get_due(&answer, arena, &out->send);
    get_due(&answer, arena, &out->ask);
    get_due(&answer, arena, &out->follow);
    return talk_end(book, &answer);
}

int book_outbox_begin(struct book *book, const struct id *request, struct book_errand *out)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    *out = (struct book_errand){.request = *request};
    talk_begin(book, OP_OUTBOX_BEGIN, &id, &frame);
    wire_put_id(&frame, request);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_id(&answer, &out->key);
    talk_get_sha(&answer, out->sha);
    out->attempts = talk_get_int(&answer);
    out->first_at = wire_i64(&answer);
    return talk_end(book, &answer);
}

static int body_piece(struct book *book, const struct id *request, struct buf *out, int *more)
{
    struct buf frame;
    struct wire answer;
    size_t len;
    talk_begin(book, OP_OUTBOX_BODY, NULL, &frame);
    wire_put_id(&frame, request);
    wire_put_u32(&frame, (uint32_t)out->len);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    const uint8_t *bytes = wire_bytes(&answer, &len);
    *more = (int)talk_get_enum(&answer, 2);
    if (len > 0)
        buf_put(out, bytes, len);
    else if (*more)
        answer.bad = 1;
    return talk_end(book, &answer);
}

int book_outbox_body(struct book *book, const struct id *request, struct buf *out)
{
    int more = 1, err = 0;
    while (!err && more)
        err = body_piece(book, request, out, &more);
    return err ? err : out->failed ? SND_E_LIMIT : 0;
}

int book_outbox_done(struct book *book, const struct book_attempt *attempt)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_OUTBOX_DONE, &id, &frame);
    wire_put_id(&frame, &attempt->request);
    wire_put_u8(&frame, (uint8_t)attempt->outcome);
    wire_put_text(&frame, attempt->ack);
    wire_put_u32(&frame, (uint32_t)attempt->status);
    wire_put_text(&frame, attempt->why);
    wire_put_i64(&frame, attempt->next_at);
    wire_put_bytes(&frame, attempt->answer, attempt->len);
    return talk_plain(book, &frame);
}

int book_followup_begin(struct book *book, const struct id *event, struct book_errand *out,
                        struct buf *body)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    size_t len;
    *out = (struct book_errand){.key = *event, .follows = 1};
    talk_begin(book, OP_FOLLOWUP_BEGIN, &id, &frame);
    wire_put_id(&frame, event);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_id(&answer, &out->request);
    out->attempts = talk_get_int(&answer);
    out->ends = (int)talk_get_enum(&answer, 2);
    const uint8_t *bytes = wire_bytes(&answer, &len);
    if (len > 0)
        buf_put(body, bytes, len);
    hash_bytes(bytes, len, out->sha);
    err = talk_end(book, &answer);
    return err ? err : body->failed ? SND_E_LIMIT : 0;
}

int book_followup_done(struct book *book, const struct book_attempt *attempt)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_FOLLOWUP_DONE, &id, &frame);
    wire_put_id(&frame, &attempt->request);
    wire_put_u8(&frame, (uint8_t)attempt->outcome);
    wire_put_u32(&frame, (uint32_t)attempt->status);
    wire_put_text(&frame, attempt->why);
    wire_put_i64(&frame, attempt->next_at);
    wire_put_bytes(&frame, attempt->answer, attempt->len);
    return talk_plain(book, &frame);
}

int book_outbox_line(struct book *book, const char *agency, int fails, int64_t until,
                     int64_t last_ok, const char *why)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_OUTBOX_LINE, &id, &frame);
    wire_put_text(&frame, agency);
    wire_put_u32(&frame, (uint32_t)fails);
    wire_put_i64(&frame, until);
    wire_put_i64(&frame, last_ok);
    wire_put_text(&frame, why);
    return talk_plain(book, &frame);
}

/* ---- what agencies tell ---- */

int book_agency_told(struct book *book, const struct book_told *told, char heard[AGENCY_WORD],
                     char state[AGENCY_WORD])
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_AGENCY_TOLD, &id, &frame);
    wire_put_text(&frame, told->agency);
    wire_put_text(&frame, told->token);
    wire_put_text(&frame, told->peer);
    wire_put_bytes(&frame, told->body, told->len);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_text(&answer, heard, AGENCY_WORD);
    wire_text(&answer, state, AGENCY_WORD);
    return talk_end(book, &answer);
}

int book_agency_document(struct book *book, const struct book_told *caller,
                         const uint8_t sha[HASH_SIZE], int64_t *size, char mime[64])
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_AGENCY_DOCUMENT, NULL, &frame);
    wire_put_text(&frame, "");
    wire_put_text(&frame, caller->token);
    wire_put_text(&frame, caller->peer);
    wire_put_bytes(&frame, sha, HASH_SIZE);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *size = wire_i64(&answer);
    wire_text(&answer, mime, 64);
    return talk_end(book, &answer);
}

/* ---- the portal ---- */

int portal_key_fits(const char *key)
{
    size_t len = strlen(key);
    for (const char *at = key; *at; at++)
        if (*at <= ' ' || *at >= 0x7F)
            return 0;
    return len >= PORTAL_KEY_LEAST && len < PORTAL_KEY;
}

static void begin_portal(struct book *book, enum operation op, const struct book_told *caller,
                         struct buf *frame)
{
    talk_begin(book, op, NULL, frame);
    wire_put_text(frame, "");
    wire_put_text(frame, caller->token);
    wire_put_text(frame, caller->peer);
}

int book_portal_hello(struct book *book, const struct book_told *caller)
{
    struct buf frame;
    struct wire answer;
    begin_portal(book, OP_PORTAL_HELLO, caller, &frame);
    int err = talk_ask(book, &frame, &answer);
    return err ? err : talk_end(book, &answer);
}

int book_portal_status(struct book *book, const struct book_told *caller, const char *number,
                       struct arena *arena, struct portal_status *out)
{
    struct buf frame;
    struct wire answer;
    begin_portal(book, OP_PORTAL_STATUS, caller, &frame);
    wire_put_text(&frame, number);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_text(&answer, out->number, sizeof out->number);
    wire_text(&answer, out->service, sizeof out->service);
    out->state = talk_get_enum(&answer, STATE_COUNT);
    out->changed = wire_i64(&answer);
    out->fee_due = wire_i64(&answer);
    out->steps = talk_count(&answer, STEP_LEAST);
    out->step = arena_alloc(arena, (out->steps + 1) * sizeof *out->step);
    for (size_t i = 0; i < out->steps; i++) {
        struct portal_step *step = &out->step[i];
        step->at = wire_i64(&answer);
        step->state = talk_get_enum(&answer, STATE_COUNT);
        wire_text(&answer, step->note, sizeof step->note);
        wire_text(&answer, step->documents, sizeof step->documents);
        step->fee = wire_i64(&answer);
    }
    return talk_end(book, &answer);
}
