/* SPDX-License-Identifier: Apache-2.0
 * Documents by hash, for the node's own processes that carry them to other nodes and to agencies.
 * Only what some request has is taken: the events come before the documents. A document goes in
 * pieces, and whoever was cut off asks where to go on. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"

#define LACK_MAX 500

void documents_free(struct documents *documents)
{
    for (size_t i = 0; i < SND_COUNT(documents->walk); i++)
        store_walk_free(&documents->walk[i].walk);
}

/* Where the finishing of that file stands: its own place, a free one, or the oldest. */
static struct store_walk **walk_of(struct documents *documents, const struct id *file)
{
    size_t at = SND_COUNT(documents->walk);
    for (size_t i = 0; i < SND_COUNT(documents->walk); i++)
        if (documents->walk[i].walk && id_equal(&documents->walk[i].file, file))
            return &documents->walk[i].walk;
    for (size_t i = 0; i < SND_COUNT(documents->walk) && at == SND_COUNT(documents->walk); i++)
        if (!documents->walk[i].walk)
            at = i;
    if (at == SND_COUNT(documents->walk))
        at = documents->next++ % SND_COUNT(documents->walk);
    store_walk_free(&documents->walk[at].walk);
    documents->walk[at].file = *file;
    return &documents->walk[at].walk;
}

int call_finish(struct call *call, struct id *file, struct store_blob *blob, enum store_walked *how)
{
    return store_blob_end(call->store, walk_of(call->documents, file), file, call->actor.at, blob,
                          how);
}

int call_add_bytes(struct call *call, const struct id *file, int64_t offset, const uint8_t *bytes,
                   size_t len)
{
    int64_t have = 0;
    if (call->disk_low)
        return SND_E_FULL;
    int err = store_blob_put(call->store, file, offset, bytes, len, call->documents->most, &have);
    if (!err)
        wire_put_i64(call->out, have);
    return err;
}

/* The file that grows towards that hash. */
static int growing(struct call *call, const uint8_t sha[HASH_SIZE], struct id *file)
{
    return call->documents ? store_blob_growing(call->store, sha, file) : SND_E_SYS;
}

int op_blob_head(struct call *call)
{
    uint8_t sha[HASH_SIZE];
    struct store_blob known;
    struct id file;
    int64_t have = 0;
    if (call_get_sha(call, sha) || !call_done(call))
        return OP_MALFORMED;
    int err = store_blob_known(call->store, sha, &known);
    if (err)
        return err;
    int whole = store_blob_find(call->store, sha, &have) == 0;
    if (!whole && store_blob_growing(call->store, sha, &file) == 0)
        err = store_blob_length(call->store, &file, &have);
    wire_put_i64(call->out, known.size);
    wire_put_i64(call->out, have);
    wire_put_u8(call->out, (uint8_t)whole);
    wire_put_text(call->out, filetype_mime(known.type));
    return err;
}

int call_put_bytes(struct call *call, const uint8_t sha[HASH_SIZE], int64_t offset, uint32_t max)
{
    struct buf piece = BUF_INIT(STORE_BLOB_PIECE);
    int err = store_blob_read(call->store, sha, offset, max, &piece);
    if (!err)
        wire_put_bytes(call->out, piece.data, piece.len);
    buf_free(&piece);
    return err;
}

int op_blob_get(struct call *call)
{
    uint8_t sha[HASH_SIZE];
    if (call_get_sha(call, sha))
        return OP_MALFORMED;
    int64_t offset = wire_i64(&call->in);
    uint32_t max = wire_u32(&call->in);
    return call_done(call) ? call_put_bytes(call, sha, offset, max) : OP_MALFORMED;
}

int op_blob_begin(struct call *call)
{
    uint8_t sha[HASH_SIZE];
    struct store_blob known;
    struct id file;
    int64_t have = 0;
    if (call_get_sha(call, sha) || !call_done(call))
        return OP_MALFORMED;
    int err = store_blob_known(call->store, sha, &known);
    if (err)
        return err;
    int whole = store_blob_find(call->store, sha, &have) == 0;
    if (!whole) {
        err = growing(call, sha, &file);
        if (err == SND_E_NOTFOUND)
            err = call->disk_low
                      ? SND_E_FULL
                      : store_blob_begin(call->store, sha, known.size, call->actor.at, &file);
        if (!err)
            err = store_blob_length(call->store, &file, &have);
    }
    wire_put_i64(call->out, have);
    wire_put_u8(call->out, (uint8_t)whole);
    return err;
}

int op_blob_put(struct call *call)
{
    uint8_t sha[HASH_SIZE];
    struct id file;
    size_t len;
    if (call_get_sha(call, sha))
        return OP_MALFORMED;
    int64_t offset = wire_i64(&call->in);
    const uint8_t *bytes = wire_bytes(&call->in, &len);
    if (!call_done(call) || len > STORE_BLOB_PIECE)
        return OP_MALFORMED;
    int err = growing(call, sha, &file);
    return err ? err : call_add_bytes(call, &file, offset, bytes, len);
}

/* The same answer for whoever asks again after it is whole. */
int op_blob_end(struct call *call)
{
    uint8_t sha[HASH_SIZE];
    struct store_blob blob;
    struct id file;
    int64_t size;
    enum store_walked how = WALK_WHOLE;
    if (call_get_sha(call, sha) || !call_done(call))
        return OP_MALFORMED;
    int err = store_blob_find(call->store, sha, &size);
    if (err == SND_E_NOTFOUND) {
        err = growing(call, sha, &file);
        if (!err)
            err = call_finish(call, &file, &blob, &how);
    }
    wire_put_u8(call->out, (uint8_t)how);
    call->keep |= how != WALK_MORE;
    return err;
}

static void put_lack(struct call *call, const void *row)
{
    const struct store_blob_lack *lack = row;
    call_put_sha(call, lack->sha);
    wire_put_i64(call->out, lack->size);
    wire_put_i64(call->out, lack->have);
}

typedef int find_lacks(struct store *store, size_t max, struct arena *arena,
                       struct store_blob_lack **out, size_t *count, int64_t *total);

static int put_lacks(struct call *call, find_lacks *find)
{
    struct store_blob_lack *list;
    size_t count;
    int64_t total = 0;
    uint32_t max = wire_u32(&call->in);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = find(call->store, max < LACK_MAX ? max : LACK_MAX, arena, &list, &count, &total);
    if (!err) {
        wire_put_i64(call->out, total);
        call_put_list(call, put_lack, list, sizeof *list, count);
    }
    arena_free(&arena);
    return err;
}

int op_blob_missing(struct call *call)
{
    return put_lacks(call, store_blob_missing);
}

int op_blob_unsent(struct call *call)
{
    return put_lacks(call, store_blob_unsent);
}

int op_blob_sent(struct call *call)
{
    uint8_t sha[HASH_SIZE];
    if (call_get_sha(call, sha) || !call_done(call))
        return OP_MALFORMED;
    return store_blob_sent(call->store, sha);
}
