/* SPDX-License-Identifier: Apache-2.0
 * Documents between a centre and the hub, by their hash. They go in pieces that a centre may make
 * as small as its line needs; what was had of one is told by Upload-Offset, and a piece that
 * doesn't begin there is refused with where it should (409), so no more than one piece is ever sent
 * twice. Only what some request has is taken: the events come first (404 until then). */
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
    if (!err && (int64_t)ask->body.len > blob.size - offset)
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

/* "bytes=N-" or "bytes=N-M": from where, and the most that is wanted. */
static int range_of(const struct ask *ask, int64_t size, int64_t *from, int64_t *most)
{
    const char *said = ask_header(ask, "Range");
    char number[2][24] = {"", ""};
    *from = 0;
    *most = GIVE_MOST;
    if (!said)
        return 0;
    const char *dash = strchr(said, '-');
    if (strncmp(said, "bytes=", 6) != 0 || !dash || dash - said - 6 >= 24 || strlen(dash + 1) >= 24)
        return SND_E_BAD;
    memcpy(number[0], said + 6, (size_t)(dash - said) - 6);
    memcpy(number[1], dash + 1, strlen(dash + 1));
    int64_t last = size - 1;
    int err = num_parse(number[0], 0, size > 0 ? size - 1 : 0, from);
    if (!err && number[1][0])
        err = num_parse(number[1], *from, INT64_MAX, &last);
    if (!err && last - *from < *most)
        *most = last - *from + 1;
    return err;
}

/* What it has from an offset on, at most GIVE_MOST bytes; who wants more asks again. One that
 * hasn't come whole is not here. */
void page_blob_get(struct ask *ask, struct reply *reply)
{
    uint8_t sha[HASH_SIZE];
    struct book_blob blob;
    int64_t from = 0, most = 0;
    char range[80];
    if (begin(ask, reply, sha, &blob))
        return;
    int err = !blob.whole ? SND_E_NOTFOUND : range_of(ask, blob.size, &from, &most);
    while (!err && (int64_t)reply->body.len < most && from + (int64_t)reply->body.len < blob.size) {
        size_t before = reply->body.len;
        int64_t left = most - (int64_t)before;
        err = book_blob_get(ask->book, sha, from + (int64_t)before,
                            (uint32_t)(left < PIECE ? left : PIECE), &reply->body);
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
