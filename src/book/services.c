/* SPDX-License-Identifier: Apache-2.0
 * What is ruled of services, what is new about them, and practice. */
#include "base/err.h"
#include "book/talk_priv.h"

#define NOTICE_LEAST 80   /* bytes of a row with empty texts */
#define RULED_LEAST 33    /* the same */
#define TRAINING_LEAST 24 /* the same */

void talk_put_notice(struct buf *frame, const struct book_notice *notice)
{
    wire_put_text(frame, notice ? notice->body[LANG_AR] : "");
    wire_put_text(frame, notice ? notice->body[LANG_EN] : "");
}

static void put_ruling(struct buf *frame, const struct book_ruling *ruling)
{
    wire_put_text(frame, ruling->service);
    wire_put_i64(frame, ruling->from);
    wire_put_i64(frame, ruling->to);
    wire_put_text(frame, ruling->reason);
}

int book_service_open(struct book *book, const struct book_ruling *ruling,
                      const struct book_notice *notice, int quiet, int *told)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_SERVICE_OPEN, &id, &frame);
    put_ruling(&frame, ruling);
    talk_put_notice(&frame, notice);
    wire_put_u8(&frame, quiet != 0);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *told = (int)talk_get_enum(&answer, 2);
    return talk_end(book, &answer);
}

int book_service_close(struct book *book, const struct book_ruling *ruling)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_SERVICE_CLOSE, &id, &frame);
    put_ruling(&frame, ruling);
    return talk_plain(book, &frame);
}

int book_service_rulings(struct book *book, const char *service, struct arena *arena,
                         struct book_ruled **out, size_t *count)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_SERVICE_RULINGS, NULL, &frame);
    wire_put_text(&frame, service);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *count = talk_count(&answer, RULED_LEAST);
    *out = arena_alloc(arena, (*count + 1) * sizeof **out);
    for (size_t i = 0; i < *count; i++) {
        struct book_ruled *row = *out + i;
        (void)str_copy(row->ruling.service, sizeof row->ruling.service, service);
        row->opens = (int)talk_get_enum(&answer, 2);
        row->ruling.from = talk_get_day(&answer);
        row->ruling.to = talk_get_day(&answer);
        wire_text(&answer, row->ruling.reason, sizeof row->ruling.reason);
        row->at = wire_i64(&answer);
        wire_text(&answer, row->actor, sizeof row->actor);
    }
    return talk_end(book, &answer);
}

static void get_notice(struct wire *answer, struct arena *arena, void *row)
{
    struct book_notice *out = row;
    (void)arena;
    wire_id(answer, &out->id);
    wire_text(answer, out->service, sizeof out->service);
    wire_text(answer, out->title[LANG_AR], sizeof out->title[LANG_AR]);
    wire_text(answer, out->title[LANG_EN], sizeof out->title[LANG_EN]);
    talk_get_sha(answer, out->sha);
    out->version = talk_get_int(answer);
    out->from = talk_get_day(answer);
    wire_text(answer, out->body[LANG_AR], sizeof out->body[LANG_AR]);
    wire_text(answer, out->body[LANG_EN], sizeof out->body[LANG_EN]);
}

int book_notice_list(struct book *book, struct arena *arena, struct book_notice **out,
                     size_t *count)
{
    static const struct talk_rows rows = {NOTICE_LEAST, sizeof **out, get_notice};
    struct buf frame;
    talk_begin(book, OP_NOTICE_LIST, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}

int book_notice_read(struct book *book, const struct id *notice)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_NOTICE_READ, &id, &frame);
    wire_put_id(&frame, notice);
    return talk_plain(book, &frame);
}

int book_training_add(struct book *book, const struct id *id, const uint8_t sha[HASH_SIZE],
                      int faults)
{
    struct buf frame;
    talk_begin(book, OP_TRAINING_ADD, id, &frame);
    wire_put_bytes(&frame, sha, HASH_SIZE);
    wire_put_u32(&frame, (uint32_t)faults);
    return talk_plain(book, &frame);
}

static void get_training(struct wire *answer, struct arena *arena, void *to)
{
    struct book_training *row = to;
    (void)arena;
    wire_text(answer, row->account, sizeof row->account);
    wire_text(answer, row->centre, sizeof row->centre);
    wire_text(answer, row->service, sizeof row->service);
    row->at = wire_i64(answer);
    row->faults = talk_get_int(answer);
}

int book_training_list(struct book *book, struct arena *arena, struct book_training **out,
                       size_t *count)
{
    static const struct talk_rows rows = {TRAINING_LEAST, sizeof **out, get_training};
    struct buf frame;
    talk_begin(book, OP_TRAINING_LIST, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}
