/* SPDX-License-Identifier: Apache-2.0
 * Documents, when there is no event to send: the smallest first, a piece a step. The first piece of
 * a document is sent without asking; the hub says where it wants to go on if that was not its
 * beginning. After a failure it is asked, so a cut costs no more than the piece that was under way.
 * One that can't go now is put by until all others have gone: it holds up none. */
#include "sync/papers_priv.h"
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

#define PIECE 49152    /* of one call to the ledger */
#define LATER_MS 30000 /* before the ledger is asked again whether there is any */
#define ANSWER_MOST (1024 * 1024 + 4096)
#define PATH 80

void papers_begin(struct papers *papers)
{
    *papers = (struct papers){0};
    pace_begin(&papers->pace);
}

static void path_of(const uint8_t sha[HASH_SIZE], char out[PATH])
{
    char hex[HASH_TEXT];
    hex_text(sha, HASH_SIZE, hex);
    (void)str_format(out, PATH, "/v1/blob/%s", hex);
}

/* One of a list of the ledger's, `at` of it from its beginning: 1, 0 = it isn't that long, or an
 * error. */
typedef int papers_list(struct book *book, uint32_t max, struct arena *arena,
                        struct book_blob **out, size_t *count, int64_t *total);
static int nth_of(struct book *book, papers_list *list, uint32_t at, struct book_blob *out)
{
    struct arena *arena = arena_new();
    struct book_blob *rows;
    size_t count = 0;
    int64_t total;
    int err = list(book, at + 1, arena, &rows, &count, &total);
    if (!err && count > at)
        *out = rows[at];
    arena_free(&arena);
    return err ? err : count > at;
}

static void failed(struct papers *papers, int64_t sent)
{
    (void)pace_failed(&papers->pace, sent);
    papers->unsure = 1;
}

static void put_by(struct papers *papers)
{
    papers->put_by++;
    papers->unsure = 1;
    papers->spoiled = 0;
    log_warn("sync.document", "put_by=%u", (unsigned)papers->put_by);
}

/* What the hub's status says: NONE = go on. */
static enum trouble judge(struct papers *papers, const struct carried *carried)
{
    if (carried->trouble)
        return carried->trouble;
    switch (carried->status) {
    case 200:
    case 204:
    case 206:
    case 409: /* it has told where it wants to go on */
        return TROUBLE_NONE;
    case 422: /* damaged on the way: it begins anew, once at once */
        if (papers->spoiled++ > 0)
            put_by(papers);
        return TROUBLE_NONE;
    case 404: /* it doesn't know the request yet, or has refused it */
        put_by(papers);
        return TROUBLE_NONE;
    case 401:
    case 403:
        return TROUBLE_REFUSED;
    default:
        return TROUBLE_BUSY;
    }
}

/* ---- up ---- */

static enum trouble ask_offset(struct papers *papers, struct carrier *carrier)
{
    struct carried carried;
    char path[PATH];
    path_of(papers->sha, path);
    carrier_send(carrier, "HEAD", path, NULL, NULL, NULL, &carried);
    enum trouble trouble = judge(papers, &carried);
    if (!trouble && carried.status == 200) {
        papers->at = carrier_offset(carrier);
        papers->unsure = 0;
    }
    return trouble;
}

static int read_piece(struct papers *papers, struct book *book, const struct book_blob *blob,
                      struct buf *piece)
{
    int64_t end = papers->at + papers->pace.batch;
    if (end > blob->size)
        end = blob->size;
    for (int64_t at = papers->at; at < end; at = papers->at + (int64_t)piece->len) {
        size_t before = piece->len;
        uint32_t most = (uint32_t)(end - at < PIECE ? end - at : PIECE);
        int err = book_blob_get(book, papers->sha, at, most, piece);
        if (err || piece->len == before)
            return err ? err : SND_E_CORRUPT;
    }
    return 0;
}

static enum trouble send_piece(struct papers *papers, struct book *book, struct carrier *carrier,
                               const struct book_blob *blob)
{
    struct buf piece = BUF_INIT(PACE_MOST + PIECE);
    struct carried carried;
    char path[PATH], header[48];
    path_of(papers->sha, path);
    (void)str_format(header, sizeof header, "Upload-Offset: %lld", (long long)papers->at);
    if (read_piece(papers, book, blob, &piece)) {
        buf_free(&piece);
        return TROUBLE_BOOK;
    }
    carrier_send(carrier, "PATCH", path, header, &piece, NULL, &carried);
    enum trouble trouble = judge(papers, &carried);
    if (trouble) {
        failed(papers, (int64_t)piece.len);
    } else if (carrier_offset(carrier) >= 0) {
        papers->at = carrier_offset(carrier);
        pace_worked(&papers->pace);
        if (carried.status == 204)
            pace_full(&papers->pace);
    }
    buf_free(&piece);
    return trouble;
}

static enum trouble step_up(struct papers *papers, struct book *book, struct carrier *carrier,
                            const struct book_blob *blob)
{
    if (memcmp(papers->sha, blob->sha, HASH_SIZE) != 0) {
        memcpy(papers->sha, blob->sha, HASH_SIZE);
        papers->at = 0;
        papers->spoiled = 0;
    }
    enum trouble trouble = papers->unsure ? ask_offset(papers, carrier) : TROUBLE_NONE;
    if (trouble || papers->unsure)
        return trouble;
    if (papers->at < blob->size)
        trouble = send_piece(papers, book, carrier, blob);
    if (!trouble && papers->at == blob->size) {
        if (book_blob_sent(book, papers->sha))
            return TROUBLE_BOOK;
        log_info("sync.document", "sent=%lld", (long long)blob->size);
    }
    return trouble;
}

/* ---- down ---- */

static int keep(struct book *book, const struct book_blob *blob, int64_t have,
                const struct buf *piece)
{
    enum book_finished how = BOOK_MORE;
    int err = 0;
    for (size_t at = 0; at < piece->len && !err; at += PIECE) {
        size_t left = piece->len - at;
        err = book_blob_put(book, blob->sha, have, piece->data + at, left < PIECE ? left : PIECE,
                            &have);
    }
    if (!err && have == blob->size)
        err = book_blob_end(book, blob->sha, &how);
    if (!err && how == BOOK_DONE)
        err = book_blob_sent(book, blob->sha); /* the hub has it */
    return err;
}

static enum trouble get_piece(struct papers *papers, struct book *book, struct carrier *carrier,
                              const struct book_blob *blob, int64_t have)
{
    struct buf piece = BUF_INIT(ANSWER_MOST);
    struct carried carried;
    char path[PATH], header[64];
    int64_t left = blob->size - have, most = papers->pace.batch < left ? papers->pace.batch : left;
    path_of(blob->sha, path);
    (void)str_format(header, sizeof header, "Range: bytes=%lld-%lld", (long long)have,
                     (long long)(have + most - 1));
    carrier_send(carrier, "GET", path, header, NULL, &piece, &carried);
    enum trouble trouble = carried.trouble == TROUBLE_NONE && carried.status == 404
                               ? TROUBLE_NONE
                               : judge(papers, &carried);
    if (trouble)
        failed(papers, most);
    else if (carried.status == 404)
        papers->passed++; /* the hub has not got it either, or not yet */
    else if (carried.status != 206 || (int64_t)piece.len > most)
        trouble = TROUBLE_ODD;
    else if (keep(book, blob, have, &piece))
        trouble = TROUBLE_BOOK;
    if (!trouble && carried.status == 206) {
        pace_worked(&papers->pace);
        pace_full(&papers->pace);
    }
    buf_free(&piece);
    return trouble;
}

static enum trouble step_down(struct papers *papers, struct book *book, struct carrier *carrier,
                              const struct book_blob *blob)
{
    const struct buf nothing = BUF_INIT(1);
    int64_t have = 0;
    int whole = 0;
    if (book_blob_begin(book, blob->sha, &have, &whole))
        return TROUBLE_BOOK;
    if (!whole && have < blob->size)
        return get_piece(papers, book, carrier, blob, have);
    return whole || !keep(book, blob, have, &nothing) ? TROUBLE_NONE : TROUBLE_BOOK;
}

/* A ledger that doesn't answer stops no events. */
static enum trouble not_now(struct papers *papers)
{
    log_warn("sync.document", "again_s=%d", LATER_MS / 1000);
    papers->later = clock_mono_ms() + LATER_MS;
    return TROUBLE_NONE;
}

enum trouble papers_step(struct papers *papers, struct book *book, struct carrier *carrier,
                         int *did)
{
    struct book_blob blob;
    *did = 0;
    if (clock_mono_ms() < papers->later)
        return TROUBLE_NONE;
    int up = nth_of(book, book_blob_unsent, papers->put_by, &blob);
    int down = up == 0 ? nth_of(book, book_blob_missing, papers->passed, &blob) : 0;
    if (up < 0 || down < 0)
        return not_now(papers);
    if (!up && !down) {
        papers->passed = papers->put_by = 0;
        papers->later = clock_mono_ms() + LATER_MS;
        return TROUBLE_NONE;
    }
    *did = 1;
    enum trouble trouble =
        up ? step_up(papers, book, carrier, &blob) : step_down(papers, book, carrier, &blob);
    if (trouble != TROUBLE_BOOK)
        return trouble;
    if (up) /* what our own ledger can't give or take stops nothing else */
        put_by(papers);
    else
        papers->passed++;
    return TROUBLE_NONE;
}
