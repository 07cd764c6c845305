/* SPDX-License-Identifier: Apache-2.0
 * Documents between a centre and the hub, by their hash. They go in pieces that a centre may make as
 * small as its line needs; what was had of one is told by Upload-Offset, and a piece that doesn't
 * begin there is refused with where it should (409), so no more than one piece is ever sent twice.
 * Only what some request has is taken: the events come first (404 until then). */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "book/feed.h"
#include "sync/hub_priv.h"

#define PIECE 49152 /* of one call to the ledger */
#define GIVE_MOST (1024 * 1024)

static void put_offset(struct reply *reply, int64_t offset)
{
    char text[24];
    (void)str_format(text, sizeof text, "%lld", (long long)offset);
    reply_header(reply, "Upload-Offset", text);
}

/* Which document, and whether this centre may ask: 0, or the reply is made. */
static int begin(struct ask *ask, struct reply *reply, uint8_t sha[HASH_SIZE],
                 struct book_blob *blob)
{
    int err = hex_parse(ask->tail, sha, HASH_SIZE) ? SND_E_NOTFOUND : ask_known(ask);
    if (!err)
        err = book_blob_head(ask->book, sha, blob);
    if (err)
        reply_error(reply, err);
    return err;
}

void page_blob_head(struct ask *ask, struct reply *reply)
{
    uint8_t sha[HASH_SIZE];
    struct book_blob blob;
    if (begin(ask, reply, sha, &blob))
        return;
    put_offset(reply, blob.whole ? blob.size : blob.have);
    reply_header(reply, "Cache-Control", "no-store");
}

/* The body, behind what is there. */
static int take(struct ask *ask, const uint8_t sha[HASH_SIZE], int64_t *have)
{
    int err = 0;
    for (size_t at = 0; at < ask->body.len && !err; at += PIECE) {
        size_t left = ask->body.len - at;
        err = book_blob_put(ask->book, sha, *have, ask->body.data + at, left < PIECE ? left : PIECE,
                            have);
    }
    return err;
}

void page_blob_put(struct ask *ask, struct reply *reply)
{
    uint8_t sha[HASH_SIZE];
    struct book_blob blob;
    int64_t offset = 0, have = 0;
    int whole = 0;
    enum book_finished how = BOOK_DONE;
    const char *said = ask_header(ask, "Upload-Offset");
    if (begin(ask, reply, sha, &blob))
        return;
    int err = !said || num_parse(said, 0, blob.size, &offset) ? SND_E_BAD : 0;
    if (!err)
        err = book_blob_begin(ask->book, sha, &have, &whole);
    if (!err && whole)
        have = blob.size;
    if (!err && !whole && offset != have)
        err = SND_E_CONFLICT;
    if (!err && !whole && (int64_t)ask->body.len > blob.size - have)
        err = SND_E_BAD;
    if (!err && !whole)
        err = take(ask, sha, &have);
    if (!err && !whole && have == blob.size)
        err = book_blob_end(ask->book, sha, &how);
    if (!err && how != BOOK_DONE) {
        err = SND_E_INVALID; /* not what its hash says: it begins anew */
        have = 0;
    }
    if (err)
        reply_error(reply, err);
    else
        reply->status = 204;
    put_offset(reply, have);
}

/* "bytes=N-" */
static int range_of(const struct ask *ask, int64_t size, int64_t *from)
{
    const char *said = ask_header(ask, "Range");
    char number[24];
    *from = 0;
    if (!said)
        return 0;
    size_t len = strlen(said);
    if (strncmp(said, "bytes=", 6) != 0 || said[len - 1] != '-' || len - 7 >= sizeof number)
        return SND_E_BAD;
    memcpy(number, said + 6, len - 7);
    number[len - 7] = '\0';
    return num_parse(number, 0, size > 0 ? size - 1 : 0, from);
}

/* What it has from an offset on, at most GIVE_MOST bytes; who wants more asks again. */
void page_blob_get(struct ask *ask, struct reply *reply)
{
    uint8_t sha[HASH_SIZE];
    struct book_blob blob;
    int64_t from = 0;
    char range[80];
    if (begin(ask, reply, sha, &blob))
        return;
    int err = !blob.whole ? SND_E_BUSY : range_of(ask, blob.size, &from);
    while (!err && reply->body.len < GIVE_MOST && from + (int64_t)reply->body.len < blob.size) {
        size_t before = reply->body.len;
        err = book_blob_get(ask->book, sha, from + (int64_t)before, PIECE, &reply->body);
        if (!err && reply->body.len == before)
            err = SND_E_CORRUPT;
    }
    if (err) {
        reply_error(reply, err);
        return;
    }
    reply->status = 206;
    reply->type = "application/octet-stream"; /* never to be shown as what it says it is */
    (void)str_format(range, sizeof range, "bytes %lld-%lld/%lld", (long long)from,
                     (long long)from + (long long)reply->body.len - 1, (long long)blob.size);
    reply_header(reply, "Content-Range", range);
    reply_header(reply, "Cache-Control", "no-store");
}
