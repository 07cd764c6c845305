/* SPDX-License-Identifier: Apache-2.0
 * Documents: the inbox, those of requests, and documents by hash for whoever carries them. A
 * document is handed over in pieces; finishing one takes several calls, since the ledger looks at
 * it in steps that hold nobody else up. */
#include <string.h>
#include "base/err.h"
#include "book/talk_priv.h"

#define DOCUMENT_LEAST 66 /* bytes of a row with empty texts */
#define LACK_LEAST 52

static void put_sha(struct buf *frame, const uint8_t sha[HASH_SIZE])
{
    wire_put_bytes(frame, sha, HASH_SIZE);
}

static void get_blob(struct wire *answer, struct book_document *out)
{
    talk_get_sha(answer, out->sha);
    out->size = wire_i64(answer);
    out->type = (enum filetype)talk_get_enum(answer, FILETYPES);
    out->pages = wire_u32(answer);
}

/* Rows of documents: those of an inbox begin with their id and name, those of a request with what
 * they are. */
static int get_documents(struct book *book, struct buf *frame, int inbox, struct arena *arena,
                         struct book_document **out, size_t *count)
{
    struct wire answer;
    int err = talk_ask(book, frame, &answer);
    if (err)
        return err;
    *count = talk_count(&answer, DOCUMENT_LEAST - (inbox ? 0 : ID_SIZE));
    *out = arena_alloc(arena, (*count + 1) * sizeof **out);
    for (size_t i = 0; i < *count; i++) {
        struct book_document *row = *out + i;
        if (inbox) {
            wire_id(&answer, &row->id);
            wire_text(&answer, row->name, sizeof row->name);
        }
        wire_text(&answer, row->role, sizeof row->role);
        if (!inbox)
            wire_text(&answer, row->name, sizeof row->name);
        get_blob(&answer, row);
        row->at = wire_i64(&answer);
        row->whole = (int)talk_get_enum(&answer, 2);
    }
    return talk_end(book, &answer);
}

int book_inbox_list(struct book *book, const char *civil, struct arena *arena,
                    struct book_document **out, size_t *count)
{
    struct buf frame;
    talk_begin(book, OP_INBOX_LIST, NULL, &frame);
    wire_put_text(&frame, civil);
    return get_documents(book, &frame, 1, arena, out, count);
}

int book_inbox_begin(struct book *book, const char *name, int64_t size, int resume, struct id *id,
                     int64_t *have)
{
    struct buf frame;
    struct wire answer;
    struct id write = id_new();
    talk_begin(book, OP_INBOX_BEGIN, &write, &frame);
    wire_put_text(&frame, name);
    wire_put_i64(&frame, size);
    wire_put_u8(&frame, resume != 0);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_id(&answer, id);
    *have = wire_i64(&answer);
    return talk_end(book, &answer);
}

int book_inbox_put(struct book *book, const struct id *id, int64_t offset, const void *bytes,
                   size_t len, int64_t *have)
{
    struct buf frame;
    struct wire answer;
    struct id write = id_new();
    talk_begin(book, OP_INBOX_PUT, &write, &frame);
    wire_put_id(&frame, id);
    wire_put_i64(&frame, offset);
    wire_put_bytes(&frame, bytes, len);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *have = wire_i64(&answer);
    return talk_end(book, &answer);
}

static int inbox_step(struct book *book, const struct id *id, struct book_document *out,
                      enum book_finished *how)
{
    struct buf frame;
    struct wire answer;
    struct id write = id_new();
    talk_begin(book, OP_INBOX_END, &write, &frame);
    wire_put_id(&frame, id);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *how = (enum book_finished)talk_get_enum(&answer, BOOK_FINISHES);
    get_blob(&answer, out);
    return talk_end(book, &answer);
}

int book_inbox_end(struct book *book, const struct id *id, struct book_document *out,
                   enum book_finished *how)
{
    int err;
    *out = (struct book_document){.id = *id};
    do
        err = inbox_step(book, id, out, how);
    while (!err && *how == BOOK_MORE);
    return err;
}

int book_inbox_rename(struct book *book, const struct id *id, const char *name)
{
    struct buf frame;
    struct id write = id_new();
    talk_begin(book, OP_INBOX_RENAME, &write, &frame);
    wire_put_id(&frame, id);
    wire_put_text(&frame, name);
    return talk_plain(book, &frame);
}

int book_inbox_drop(struct book *book, const struct id *id)
{
    struct buf frame;
    struct id write = id_new();
    talk_begin(book, OP_INBOX_DROP, &write, &frame);
    wire_put_id(&frame, id);
    return talk_plain(book, &frame);
}

int book_document_list(struct book *book, const char *number, struct arena *arena,
                       struct book_document **out, size_t *count)
{
    struct buf frame;
    talk_begin(book, OP_DOCUMENT_LIST, NULL, &frame);
    wire_put_text(&frame, number);
    return get_documents(book, &frame, 0, arena, out, count);
}

static int get_piece(struct book *book, struct buf *frame, struct buf *out)
{
    struct wire answer;
    size_t len;
    int err = talk_ask(book, frame, &answer);
    if (err)
        return err;
    const uint8_t *bytes = wire_bytes(&answer, &len);
    buf_put(out, bytes, len);
    err = talk_end(book, &answer);
    return err ? err : out->failed ? SND_E_LIMIT : 0;
}

int book_document_get(struct book *book, const char *number, const uint8_t sha[HASH_SIZE],
                      int64_t offset, uint32_t max, struct buf *out)
{
    struct buf frame;
    talk_begin(book, OP_DOCUMENT_GET, NULL, &frame);
    wire_put_text(&frame, number);
    put_sha(&frame, sha);
    wire_put_i64(&frame, offset);
    wire_put_u32(&frame, max);
    return get_piece(book, &frame, out);
}

static int change(struct book *book, enum operation op, const char *number, const char *role,
                  const uint8_t sha[HASH_SIZE])
{
    struct buf frame;
    struct id write = id_new();
    talk_begin(book, op, &write, &frame);
    wire_put_text(&frame, number);
    wire_put_text(&frame, role);
    put_sha(&frame, sha);
    return talk_plain(book, &frame);
}

int book_document_attach(struct book *book, const char *number, const char *role,
                         const uint8_t sha[HASH_SIZE])
{
    return change(book, OP_DOCUMENT_ATTACH, number, role, sha);
}

int book_document_drop(struct book *book, const char *number, const char *role,
                       const uint8_t sha[HASH_SIZE])
{
    return change(book, OP_DOCUMENT_DROP, number, role, sha);
}

/* ---- by hash ---- */

int book_blob_head(struct book *book, const uint8_t sha[HASH_SIZE], struct book_blob *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_BLOB_HEAD, NULL, &frame);
    put_sha(&frame, sha);
    memcpy(out->sha, sha, HASH_SIZE);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    out->size = wire_i64(&answer);
    out->have = wire_i64(&answer);
    out->whole = (int)talk_get_enum(&answer, 2);
    wire_text(&answer, out->mime, sizeof out->mime);
    return talk_end(book, &answer);
}

int book_blob_get(struct book *book, const uint8_t sha[HASH_SIZE], int64_t offset, uint32_t max,
                  struct buf *out)
{
    struct buf frame;
    talk_begin(book, OP_BLOB_GET, NULL, &frame);
    put_sha(&frame, sha);
    wire_put_i64(&frame, offset);
    wire_put_u32(&frame, max);
    return get_piece(book, &frame, out);
}

int book_blob_begin(struct book *book, const uint8_t sha[HASH_SIZE], int64_t *have, int *whole)
{
    struct buf frame;
    struct wire answer;
    struct id write = id_new();
    talk_begin(book, OP_BLOB_BEGIN, &write, &frame);
    put_sha(&frame, sha);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *have = wire_i64(&answer);
    *whole = (int)talk_get_enum(&answer, 2);
    return talk_end(book, &answer);
}

int book_blob_put(struct book *book, const uint8_t sha[HASH_SIZE], int64_t offset,
                  const void *bytes, size_t len, int64_t *have)
{
    struct buf frame;
    struct wire answer;
    struct id write = id_new();
    talk_begin(book, OP_BLOB_PUT, &write, &frame);
    put_sha(&frame, sha);
    wire_put_i64(&frame, offset);
    wire_put_bytes(&frame, bytes, len);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *have = wire_i64(&answer);
    return talk_end(book, &answer);
}

static int blob_step(struct book *book, const uint8_t sha[HASH_SIZE], enum book_finished *how)
{
    struct buf frame;
    struct wire answer;
    struct id write = id_new();
    talk_begin(book, OP_BLOB_END, &write, &frame);
    put_sha(&frame, sha);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *how = (enum book_finished)talk_get_enum(&answer, BOOK_FINISHES);
    return talk_end(book, &answer);
}

int book_blob_end(struct book *book, const uint8_t sha[HASH_SIZE], enum book_finished *how)
{
    int err;
    do
        err = blob_step(book, sha, how);
    while (!err && *how == BOOK_MORE);
    return err;
}

static void get_lack(struct wire *answer, struct arena *arena, void *to)
{
    struct book_blob *row = to;
    (void)arena;
    talk_get_sha(answer, row->sha);
    row->size = wire_i64(answer);
    row->have = wire_i64(answer);
}

static int lacks(struct book *book, enum operation op, uint32_t max, struct arena *arena,
                 struct book_blob **out, size_t *count, int64_t *total)
{
    static const struct talk_rows rows = {LACK_LEAST, sizeof **out, get_lack};
    struct buf frame;
    struct wire answer;
    talk_begin(book, op, NULL, &frame);
    wire_put_u32(&frame, max);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *total = wire_i64(&answer);
    *out = talk_get_rows(&answer, &rows, arena, count);
    return talk_end(book, &answer);
}

int book_blob_missing(struct book *book, uint32_t max, struct arena *arena, struct book_blob **out,
                      size_t *count, int64_t *total)
{
    return lacks(book, OP_BLOB_MISSING, max, arena, out, count, total);
}

int book_blob_unsent(struct book *book, uint32_t max, struct arena *arena, struct book_blob **out,
                     size_t *count, int64_t *total)
{
    return lacks(book, OP_BLOB_UNSENT, max, arena, out, count, total);
}

int book_blob_sent(struct book *book, const uint8_t sha[HASH_SIZE])
{
    struct buf frame;
    struct id write = id_new();
    talk_begin(book, OP_BLOB_SENT, &write, &frame);
    put_sha(&frame, sha);
    return talk_plain(book, &frame);
}
