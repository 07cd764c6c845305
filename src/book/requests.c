/* SPDX-License-Identifier: Apache-2.0
 * Requests: submitting one, looking them up, and the ledger's own check. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "book/agency.h"
#include "book/talk_priv.h"

#define REQUEST_LEAST 89 /* bytes of a row with empty texts */
#define HISTORY_LEAST 41

static void get_faults(struct wire *answer, const struct record *record, struct fault *faults,
                       size_t max, size_t *count)
{
    static const char *const sentences[] = {
#define FAULT(name, word, sentence) [FAULT_##name] = sentence,
#include "form/fault.def"
#undef FAULT
    };
    size_t all = talk_count(answer, 5);
    *count = 0;
    for (size_t i = 0; i < all; i++) {
        uint32_t field = wire_u32(answer);
        unsigned rule = talk_get_enum(answer, FAULT_RULES);
        if (field >= record->form->fields)
            answer->bad = 1;
        if (answer->bad || i >= max)
            continue;
        const char *own = record->form->field[field].message[msg_language()];
        faults[i] = (struct fault){.field = (int)field, .rule = rule, .sentence = sentences[rule]};
        if (rule == FAULT_CONSTRAINT && own)
            faults[i].sentence = own;
        *count = i + 1;
    }
}

/* Asks for a submission of either kind and takes the receipt or the faults. */
static int submit(struct book *book, struct buf *frame, const struct record *record,
                  struct book_receipt *out, struct fault *faults, size_t max, size_t *count)
{
    struct wire answer;
    char *values = record_json(record);
    wire_put_bytes(frame, record->form->sha, HASH_SIZE);
    wire_put_text(frame, values);
    x_free(&values);
    *count = 0;
    *out = (struct book_receipt){0};
    int err = talk_ask(book, frame, &answer);
    if (err == SND_E_INVALID) {
        get_faults(&answer, record, faults, max, count);
        int bad = talk_end(book, &answer);
        return bad ? bad : err;
    }
    if (err)
        return err;
    wire_text(&answer, out->number, sizeof out->number);
    out->fee_agency = wire_i64(&answer);
    out->fee_centre = wire_i64(&answer);
    out->disk_low = wire_u8(&answer) == 1;
    return talk_end(book, &answer);
}

int book_submit(struct book *book, const struct id *draft, const struct record *record,
                struct book_receipt *out, struct fault *faults, size_t max, size_t *count)
{
    struct buf frame;
    talk_begin(book, OP_REQUEST_SUBMIT, draft, &frame);
    wire_put_id(&frame, draft);
    int err = submit(book, &frame, record, out, faults, max, count);
    if (!err)
        talk_forget_puts(book, draft);
    return err;
}

int book_enter(struct book *book, const struct id *id, const char *account, const char *day,
               int minute, const char *channel, const struct record *record,
               struct book_receipt *out, struct fault *faults, size_t max, size_t *count)
{
    struct buf frame;
    talk_begin(book, OP_REQUEST_ENTER, id, &frame);
    wire_put_id(&frame, id);
    wire_put_text(&frame, account);
    wire_put_text(&frame, day);
    wire_put_u32(&frame, (uint32_t)minute);
    wire_put_text(&frame, channel);
    return submit(book, &frame, record, out, faults, max, count);
}

int book_portal_submit(struct book *book, const struct book_told *caller, const char *key,
                       const struct record *record, struct book_receipt *out, struct fault *faults,
                       size_t max, size_t *count)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_PORTAL_SUBMIT, &id, &frame);
    wire_put_text(&frame, "");
    wire_put_text(&frame, caller->token);
    wire_put_text(&frame, caller->peer);
    wire_put_text(&frame, key);
    return submit(book, &frame, record, out, faults, max, count);
}

void talk_get_request(struct wire *answer, struct book_request *out)
{
    wire_text(answer, out->number, sizeof out->number);
    wire_text(answer, out->service, sizeof out->service);
    wire_text(answer, out->centre, sizeof out->centre);
    wire_text(answer, out->account, sizeof out->account);
    wire_text(answer, out->applicant, sizeof out->applicant);
    wire_text(answer, out->tail, sizeof out->tail);
    out->state = talk_get_enum(answer, STATE_COUNT);
    out->day = talk_get_day(answer);
    out->at = wire_i64(answer);
    out->changed = wire_i64(answer);
    out->rev = talk_get_int(answer);
    talk_get_sha(answer, out->sha);
}

static void get_row(struct wire *answer, struct arena *arena, void *row)
{
    (void)arena;
    talk_get_request(answer, row);
}

int book_request_list(struct book *book, const char *query, const char *after, size_t max,
                      struct arena *arena, struct book_request **out, size_t *count)
{
    static const struct talk_rows rows = {REQUEST_LEAST, sizeof **out, get_row};
    struct buf frame;
    talk_begin(book, OP_REQUEST_LIST, NULL, &frame);
    wire_put_text(&frame, query);
    wire_put_text(&frame, after);
    wire_put_u32(&frame, (uint32_t)(max < BOOK_PAGE ? max : BOOK_PAGE));
    return talk_list(book, &frame, &rows, arena, out, count);
}

#define FOUND_LEAST 30 /* bytes of a row with empty texts */
int book_go_find(struct book *book, const char *words, struct book_goal out[BOOK_FIND_ROWS],
                 size_t *count)
{
    struct buf frame;
    struct wire answer;
    *count = 0;
    talk_begin(book, OP_GO_FIND, NULL, &frame);
    wire_put_text(&frame, words);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    size_t all = talk_count(&answer, FOUND_LEAST);
    if (all > BOOK_FIND_ROWS)
        answer.bad = 1;
    for (size_t i = 0; i < all && !answer.bad; i++) {
        struct book_goal *found = &out[i];
        found->kind = talk_get_enum(&answer, GOAL_KINDS);
        wire_text(&answer, found->number, sizeof found->number);
        wire_text(&answer, found->name, sizeof found->name);
        wire_text(&answer, found->tail, sizeof found->tail);
        wire_text(&answer, found->service, sizeof found->service);
        found->state = talk_get_enum(&answer, STATE_COUNT);
        found->day = talk_get_day(&answer);
        found->requests = talk_get_int(&answer);
    }
    *count = answer.bad ? 0 : all;
    return talk_end(book, &answer);
}

static void get_history(struct wire *answer, struct book_history *out)
{
    out->at = wire_i64(answer);
    wire_text(answer, out->actor, sizeof out->actor);
    wire_text(answer, out->actor_name, sizeof out->actor_name);
    wire_text(answer, out->type, sizeof out->type);
    out->state = talk_get_enum(answer, STATE_COUNT);
    wire_text(answer, out->note, sizeof out->note);
    wire_text(answer, out->documents, sizeof out->documents);
    out->fee = wire_i64(answer);
    wire_text(answer, out->account, sizeof out->account);
}

static int ask_detail(struct book *book, struct buf *frame, struct arena *arena,
                      struct book_detail *out)
{
    struct wire answer;
    const struct form *form;
    *out = (struct book_detail){0};
    int err = talk_ask(book, frame, &answer);
    if (err)
        return err;
    talk_get_request(&answer, &out->request);
    char *values = wire_text_dup(&answer, WIRE_MAX);
    out->fee_agency = wire_i64(&answer);
    out->fee_centre = wire_i64(&answer);
    out->histories = talk_count(&answer, HISTORY_LEAST);
    out->history = arena_alloc(arena, (out->histories + 1) * sizeof *out->history);
    for (size_t i = 0; i < out->histories; i++)
        get_history(&answer, &out->history[i]);
    wire_text(&answer, out->officer, sizeof out->officer);
    wire_text(&answer, out->officer_name, sizeof out->officer_name);
    out->fee_due = wire_i64(&answer);
    wire_text(&answer, out->ack, sizeof out->ack);
    wire_text(&answer, out->holder, sizeof out->holder);
    wire_text(&answer, out->channel, sizeof out->channel);
    err = talk_end(book, &answer);
    if (!err)
        err = book_form(book, out->request.sha, &form);
    if (!err)
        err = record_from_json(form, values, strlen(values), &out->record);
    x_free(&values);
    return err;
}

int book_request_get(struct book *book, const char *number, struct arena *arena,
                     struct book_detail *out)
{
    struct buf frame;
    talk_begin(book, OP_REQUEST_GET, NULL, &frame);
    wire_put_text(&frame, number);
    return ask_detail(book, &frame, arena, out);
}

int book_request_reveal(struct book *book, const char *number, const char *reason,
                        struct arena *arena, struct book_detail *out)
{
    struct buf frame;
    talk_begin(book, OP_REQUEST_REVEAL, NULL, &frame);
    wire_put_text(&frame, number);
    wire_put_text(&frame, reason);
    return ask_detail(book, &frame, arena, out);
}

int book_check(struct book *book, struct arena *arena, struct book_check *out)
{
    struct buf frame;
    struct wire answer;
    *out = (struct book_check){0};
    talk_begin(book, OP_LEDGER_CHECK, NULL, &frame);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    out->events = wire_i64(&answer);
    out->requests = wire_i64(&answer);
    out->findings = talk_count(&answer, 4);
    out->finding = arena_alloc(arena, (out->findings + 1) * sizeof *out->finding);
    for (size_t i = 0; i < out->findings; i++) {
        char *text = wire_text_dup(&answer, WIRE_MAX);
        out->finding[i] = arena_strdup(arena, text);
        x_free(&text);
    }
    return talk_end(book, &answer);
}
