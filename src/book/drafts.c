/* SPDX-License-Identifier: Apache-2.0
 * Drafts. A put is sent and not waited for; the newest of each draft is kept until it was answered,
 * so that a ledger that was restarted gets it again. Nothing typed is ever in two places that
 * disagree: the connection's order decides. */
#include <string.h>
#include "base/err.h"
#include "book/talk_priv.h"

#define DRAFT_LEAST 70 /* bytes of a row with empty texts */

int book_pump(struct book *book)
{
    int err = talk_pump(book);
    return err ? err : talk_put_error(book);
}

int book_retry(struct book *book)
{
    return talk_retry(book);
}

int book_draft_flush(struct book *book)
{
    int err = talk_flush(book);
    return err ? err : talk_put_error(book);
}

/* The place of this draft's newest put, a free one, or NULL. */
static struct put *put_place(struct book *book, const struct id *draft)
{
    struct put *free_one = NULL;
    for (size_t i = 0; i < TALK_PUTS; i++) {
        if (book->put[i].frame.len == 0)
            free_one = &book->put[i];
        else if (id_equal(&book->put[i].draft, draft))
            return &book->put[i];
    }
    return free_one;
}

/* Takes that place, and the frame. */
static int send_put(struct book *book, struct put *put, const struct id *draft, struct buf *frame)
{
    int err = wire_end(frame);
    if (err) {
        buf_free(frame);
        return err;
    }
    buf_free(&put->frame);
    *put = (struct put){.draft = *draft, .tag = talk_tag(frame), .frame = *frame};
    return talk_put(book, put);
}

int book_draft_put(struct book *book, const struct book_draft *draft, const char *typed,
                   const struct record *record)
{
    struct put *put = put_place(book, &draft->id);
    if (!put) { /* eight drafts wait for their answers: perhaps some have come */
        int lost = talk_pump(book);
        put = put_place(book, &draft->id);
        if (!put)
            return lost ? lost : SND_E_BUSY;
    }
    struct buf frame;
    struct id id = id_new();
    char *values = record_json(record);
    talk_begin_put(book, OP_DRAFT_PUT, &id, &frame);
    wire_put_id(&frame, &draft->id);
    wire_put_text(&frame, draft->service);
    wire_put_bytes(&frame, draft->sha, HASH_SIZE);
    wire_put_u32(&frame, (uint32_t)draft->field);
    wire_put_u32(&frame, (uint32_t)draft->caret);
    wire_put_text(&frame, draft->summary);
    wire_put_text(&frame, typed);
    wire_put_text(&frame, values);
    x_free(&values);
    return send_put(book, put, &draft->id, &frame);
}

int book_place_note(struct book *book, const char *place)
{
    static const struct id nothing;
    struct put *put = put_place(book, &nothing);
    struct buf frame;
    struct id id = id_new();
    if (!put)
        return SND_E_BUSY;
    talk_begin_put(book, OP_PLACE_PUT, &id, &frame);
    wire_put_text(&frame, place);
    return send_put(book, put, &nothing, &frame);
}

static void get_draft(struct wire *answer, struct arena *arena, void *to)
{
    struct book_draft *row = to;
    (void)arena;
    wire_id(answer, &row->id);
    wire_text(answer, row->service, sizeof row->service);
    talk_get_sha(answer, row->sha);
    row->saved = wire_i64(answer);
    wire_text(answer, row->summary, sizeof row->summary);
    row->elsewhere = (int)talk_get_enum(answer, 2);
    row->parked = (int)talk_get_enum(answer, BOOK_PARKED + 1);
}

int book_draft_list(struct book *book, struct arena *arena, struct book_draft **out, size_t *count)
{
    static const struct talk_rows rows = {DRAFT_LEAST, sizeof **out, get_draft};
    struct buf frame;
    talk_begin(book, OP_DRAFT_LIST, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}

/* Asks for a draft, whole. */
static int ask_draft(struct book *book, enum operation operation, const struct id *write,
                     const struct id *id, struct book_draft *out, char **typed,
                     struct record **record)
{
    struct buf frame;
    struct wire answer;
    const struct form *form;
    *out = (struct book_draft){.id = *id};
    *typed = NULL;
    talk_begin(book, operation, write, &frame);
    wire_put_id(&frame, id);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_text(&answer, out->service, sizeof out->service);
    talk_get_sha(&answer, out->sha);
    out->saved = wire_i64(&answer);
    out->field = talk_get_int(&answer);
    out->caret = talk_get_int(&answer);
    wire_text(&answer, out->summary, sizeof out->summary);
    *typed = wire_text_dup(&answer, WIRE_MAX);
    char *values = wire_text_dup(&answer, WIRE_MAX);
    err = talk_end(book, &answer);
    if (!err)
        err = book_form(book, out->sha, &form);
    if (!err)
        err = record_from_json(form, values, strlen(values), record);
    x_free(&values);
    if (err)
        x_free(typed);
    return err;
}

int book_draft_open(struct book *book, const struct id *id, struct book_draft *out, char **typed,
                    struct record **record)
{
    struct id write = id_new();
    return ask_draft(book, OP_DRAFT_OPEN, &write, id, out, typed, record);
}

int book_draft_look(struct book *book, const struct id *id, struct book_draft *out,
                    struct record **record)
{
    char *typed;
    int err = ask_draft(book, OP_DRAFT_LOOK, NULL, id, out, &typed, record);
    x_free(&typed);
    return err;
}

int book_draft_release(struct book *book, const struct id *id)
{
    struct buf frame;
    struct id write = id_new();
    talk_begin(book, OP_DRAFT_RELEASE, &write, &frame);
    wire_put_id(&frame, id);
    return talk_plain(book, &frame);
}

int book_draft_park(struct book *book, const struct id *id, int *digit)
{
    struct buf frame;
    struct wire answer;
    struct id write = id_new();
    talk_begin(book, OP_DRAFT_PARK, &write, &frame);
    wire_put_id(&frame, id);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *digit = (int)talk_get_enum(&answer, BOOK_PARKED + 1);
    return talk_end(book, &answer);
}

int book_draft_drop(struct book *book, const struct id *id)
{
    struct buf frame;
    struct id write = id_new();
    talk_begin(book, OP_DRAFT_DROP, &write, &frame);
    wire_put_id(&frame, id);
    int err = talk_plain(book, &frame);
    if (!err)
        talk_forget_puts(book, id);
    return err;
}
