/* SPDX-License-Identifier: Apache-2.0
 * Requests of other centres, and what two did at once, as a person asks about them. */
#include "book/pass.h"
#include <string.h>
#include "base/err.h"
#include "book/talk_priv.h"

#define WISH_LEAST 33
#define CONFLICT_LEAST 46
#define QUARANTINED_LEAST 60

int book_request_want(struct book *book, const char *number, const char *civil,
                      struct book_wish *out)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    *out = (struct book_wish){0};
    talk_begin(book, OP_REQUEST_WANT, &id, &frame);
    wire_put_text(&frame, number);
    wire_put_text(&frame, civil);
    int err = talk_ask(book, &frame, &answer);
    if (err == SND_E_INVALID)
        return talk_end(book, &answer) ? SND_E_BAD : err;
    if (err)
        return err;
    wire_text(&answer, out->number, sizeof out->number);
    wire_text(&answer, out->word, sizeof out->word);
    return talk_end(book, &answer);
}

static void get_wish(struct wire *answer, struct arena *arena, void *to)
{
    struct book_wish *row = to;
    (void)arena;
    wire_text(answer, row->number, sizeof row->number);
    wire_text(answer, row->word, sizeof row->word);
    row->at = wire_i64(answer);
    row->answered = wire_i64(answer);
    row->news = (int)talk_get_enum(answer, 2);
    wire_text(answer, row->applicant, sizeof row->applicant);
    wire_text(answer, row->tail, sizeof row->tail);
}

int book_wish_list(struct book *book, struct arena *arena, struct book_wish **out, size_t *count)
{
    static const struct talk_rows rows = {WISH_LEAST, sizeof **out, get_wish};
    struct buf frame;
    talk_begin(book, OP_WISH_LIST, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}

int book_wish_read(struct book *book)
{
    struct buf frame;
    talk_begin(book, OP_WISH_READ, NULL, &frame);
    return talk_plain(book, &frame);
}

static void get_conflict(struct wire *answer, struct arena *arena, void *to)
{
    struct book_conflict *row = to;
    (void)arena;
    wire_text(answer, row->number, sizeof row->number);
    wire_id(answer, &row->event);
    row->lost = talk_get_enum(answer, STATE_COUNT);
    row->state = talk_get_enum(answer, STATE_COUNT);
    row->at = wire_i64(answer);
    wire_text(answer, row->centre, sizeof row->centre);
    wire_text(answer, row->account, sizeof row->account);
    wire_text(answer, row->applicant, sizeof row->applicant);
    wire_text(answer, row->tail, sizeof row->tail);
}

int book_conflict_list(struct book *book, struct arena *arena, struct book_conflict **out,
                       size_t *count)
{
    static const struct talk_rows rows = {CONFLICT_LEAST, sizeof **out, get_conflict};
    struct buf frame;
    talk_begin(book, OP_CONFLICT_LIST, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}

/* A call whose refused arguments are no fault of the connection. */
static int plain(struct book *book, struct buf *frame)
{
    struct wire answer;
    int err = talk_ask(book, frame, &answer);
    if (err == SND_E_INVALID)
        return talk_end(book, &answer) ? SND_E_BAD : err;
    return err ? err : talk_end(book, &answer);
}

int book_conflict_close(struct book *book, const struct book_conflict *conflict, const char *reason)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_CONFLICT_CLOSE, &id, &frame);
    wire_put_text(&frame, conflict->number);
    wire_put_id(&frame, &conflict->event);
    wire_put_text(&frame, reason);
    return plain(book, &frame);
}

static void get_quarantined(struct wire *answer, struct arena *arena, void *to)
{
    struct book_quarantined *row = to;
    (void)arena;
    wire_id(answer, &row->node);
    row->epoch = wire_i64(answer);
    row->seq = wire_i64(answer);
    wire_text(answer, row->centre, sizeof row->centre);
    wire_text(answer, row->type, sizeof row->type);
    wire_text(answer, row->why, sizeof row->why);
    row->at = wire_i64(answer);
    wire_text(answer, row->number, sizeof row->number);
    wire_text(answer, row->tail, sizeof row->tail);
}

int book_quarantine_list(struct book *book, struct arena *arena, struct book_quarantined **out,
                         size_t *count)
{
    static const struct talk_rows rows = {QUARANTINED_LEAST, sizeof **out, get_quarantined};
    struct buf frame;
    talk_begin(book, OP_QUARANTINE_LIST, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}

static void begin_about(struct book *book, enum operation op, const struct book_quarantined *event,
                        struct buf *frame)
{
    struct id id = id_new();
    talk_begin(book, op, &id, frame);
    wire_put_id(frame, &event->node);
    wire_put_i64(frame, event->epoch);
    wire_put_i64(frame, event->seq);
}

int book_quarantine_retry(struct book *book, const struct book_quarantined *event)
{
    struct buf frame;
    begin_about(book, OP_QUARANTINE_RETRY, event, &frame);
    return plain(book, &frame);
}

int book_quarantine_close(struct book *book, const struct book_quarantined *event,
                          const char *reason)
{
    struct buf frame;
    begin_about(book, OP_QUARANTINE_CLOSE, event, &frame);
    wire_put_text(&frame, reason);
    return plain(book, &frame);
}
