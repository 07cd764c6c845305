/* SPDX-License-Identifier: Apache-2.0
 * What becomes of a request, as its two sides do it: the agency's officers and the centre's clerks.
 */
#include <string.h>
#include "base/err.h"
#include "book/talk_priv.h"

#define WAITING_LEAST 101 /* bytes of a row with empty texts */
#define OFFICER_LEAST 8

/* Asks, and takes how the request stands now. */
static int ask_move(struct book *book, struct buf *frame, struct book_move *move)
{
    struct wire answer;
    int err = talk_ask(book, frame, &answer);
    if (err == SND_E_INVALID)
        return talk_end(book, &answer) ? SND_E_BAD : err;
    if (err)
        return err;
    move->rev = talk_get_int(&answer);
    move->to = talk_get_enum(&answer, STATE_COUNT);
    return talk_end(book, &answer);
}

int book_request_move(struct book *book, const struct id *id, struct book_move *move)
{
    struct buf frame;
    talk_begin(book, OP_REQUEST_MOVE, id, &frame);
    wire_put_text(&frame, move->number);
    wire_put_u32(&frame, (uint32_t)move->rev);
    wire_put_u8(&frame, (uint8_t)move->to);
    wire_put_text(&frame, move->why);
    wire_put_text(&frame, move->note);
    wire_put_text(&frame, move->documents);
    wire_put_i64(&frame, move->fee);
    wire_put_text(&frame, move->ack);
    return ask_move(book, &frame, move);
}

int book_request_assign(struct book *book, const struct id *id, struct book_move *move,
                        const char *account)
{
    struct buf frame;
    talk_begin(book, OP_REQUEST_ASSIGN, id, &frame);
    wire_put_text(&frame, move->number);
    wire_put_u32(&frame, (uint32_t)move->rev);
    wire_put_text(&frame, account);
    return ask_move(book, &frame, move);
}

static void get_waiting(struct wire *answer, struct arena *arena, void *to)
{
    struct book_waiting *row = to;
    (void)arena;
    talk_get_request(answer, &row->request);
    wire_text(answer, row->officer, sizeof row->officer);
    row->fee_due = wire_i64(answer);
}

int book_request_queue(struct book *book, const struct book_queue *ask, struct arena *arena,
                       struct book_waiting **out, size_t *count)
{
    static const struct talk_rows rows = {WAITING_LEAST, sizeof **out, get_waiting};
    struct buf frame;
    talk_begin(book, OP_REQUEST_QUEUE, NULL, &frame);
    wire_put_u8(&frame, ask->mine != 0);
    wire_put_u8(&frame, (uint8_t)ask->state);
    wire_put_u8(&frame, (uint8_t)ask->after_state);
    wire_put_text(&frame, ask->after);
    wire_put_u32(&frame, (uint32_t)(ask->max < BOOK_PAGE ? ask->max : BOOK_PAGE));
    return talk_list(book, &frame, &rows, arena, out, count);
}

static void get_waits(struct wire *answer, struct book_waits *out)
{
    size_t count = talk_count(answer, 5);
    *out = (struct book_waits){0};
    for (size_t i = 0; i < count; i++) {
        unsigned state = talk_get_enum(answer, STATE_COUNT);
        out->n[state] = (unsigned)talk_get_int(answer);
        out->all += out->n[state];
    }
    out->conflicts = (unsigned)talk_get_int(answer);
    out->asked = (unsigned)talk_get_int(answer);
    out->news = (unsigned)talk_get_int(answer);
}

int book_request_waits(struct book *book, struct book_waits *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_REQUEST_WAITS, NULL, &frame);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    get_waits(&answer, out);
    return talk_end(book, &answer);
}

int book_waits_ask(struct book *book)
{
    struct buf frame;
    talk_begin_question(book, OP_REQUEST_WAITS, NULL, &frame);
    return talk_question(book, BOOK_ASKED_WAITS, &frame);
}

int book_waits_heard(struct book *book, struct book_waits *out)
{
    struct wire answer;
    int err = talk_heard(book, BOOK_ASKED_WAITS, &answer);
    if (err)
        return err;
    get_waits(&answer, out);
    err = wire_done(&answer);
    talk_forget(book, BOOK_ASKED_WAITS);
    return err;
}

static void get_officer(struct wire *answer, struct arena *arena, void *to)
{
    struct book_officer *row = to;
    (void)arena;
    wire_text(answer, row->account, sizeof row->account);
    wire_text(answer, row->name, sizeof row->name);
}

int book_officer_list(struct book *book, struct arena *arena, struct book_officer **out,
                      size_t *count)
{
    static const struct talk_rows rows = {OFFICER_LEAST, sizeof **out, get_officer};
    struct buf frame;
    talk_begin(book, OP_OFFICER_LIST, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}
