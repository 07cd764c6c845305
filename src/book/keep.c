/* SPDX-License-Identifier: Apache-2.0
 * Looking after the book: what only the command line asks for. */
#include "base/err.h"
#include "book/talk_priv.h"

int book_backup_made(struct book *book, const struct book_backup *backup)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_BACKUP_MADE, &id, &frame);
    wire_put_i64(&frame, backup->epoch);
    wire_put_i64(&frame, backup->seq);
    wire_put_i64(&frame, backup->bytes);
    wire_put_u8(&frame, backup->keyring != 0);
    return talk_plain(book, &frame);
}

/* Where the next step goes on. */
struct place {
    int64_t at, epoch, seq;
    struct id id;
    int more;
};

static int purge_step(struct book *book, const struct book_purge *what, struct place *place,
                      struct book_purged *out)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_LEDGER_PURGE, &id, &frame);
    wire_put_text(&frame, what->class);
    wire_put_i64(&frame, what->before);
    wire_put_u8(&frame, what->trail != 0);
    wire_put_u8(&frame, what->dry != 0);
    wire_put_u32(&frame, (uint32_t)what->services);
    for (size_t i = 0; i < what->services; i++)
        wire_put_text(&frame, what->service[i]);
    wire_put_i64(&frame, place->at);
    wire_put_id(&frame, &place->id);
    wire_put_i64(&frame, place->epoch);
    wire_put_i64(&frame, place->seq);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    out->requests += wire_i64(&answer);
    out->events += wire_i64(&answer);
    out->drafts += wire_i64(&answer);
    place->more = wire_u8(&answer) == 1;
    place->at = wire_i64(&answer);
    wire_id(&answer, &place->id);
    place->epoch = wire_i64(&answer);
    place->seq = wire_i64(&answer);
    return talk_end(book, &answer);
}

int book_purge(struct book *book, const struct book_purge *what, struct book_purged *out)
{
    struct place place = {0};
    int err;
    *out = (struct book_purged){0};
    do
        err = purge_step(book, what, &place, out);
    while (!err && place.more);
    return err;
}
