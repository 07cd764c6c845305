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
