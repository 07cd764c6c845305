/* SPDX-License-Identifier: Apache-2.0
 * What is asked of the ledger about findings, meetings and issues. */
#include "book/oversight.h"
#include <string.h>
#include "base/err.h"
#include "book/talk_priv.h"

#define ROW_LEAST 76 /* bytes of a row with empty texts */
#define COUNT_LEAST 20
#define VIOLATION_LEAST 16

/* A call whose refused arguments are no fault of the connection. */
static int plain(struct book *book, struct buf *frame)
{
    struct wire answer;
    int err = talk_ask(book, frame, &answer);
    if (err == SND_E_INVALID)
        return talk_end(book, &answer) ? SND_E_BAD : err;
    return err ? err : talk_end(book, &answer);
}

int book_oversight_add(struct book *book, enum book_oversight_kind kind,
                       const struct book_oversight *row)
{
    static const enum operation ops[] = {[BOOK_ISSUES] = OP_ISSUE_RAISE,
                                         [BOOK_MEETINGS] = OP_MEETING_ADD,
                                         [BOOK_FINDINGS] = OP_FINDING_ADD};
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, ops[kind], &id, &frame);
    wire_put_text(&frame, row->place);
    wire_put_text(&frame, row->code);
    wire_put_i64(&frame, row->day);
    wire_put_u32(&frame, row->n);
    wire_put_text(&frame, row->words);
    return plain(book, &frame);
}

int book_issue_answer(struct book *book, const struct book_oversight *row)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_ISSUE_ANSWER, &id, &frame);
    wire_put_id(&frame, &row->id);
    wire_put_u32(&frame, row->rev);
    wire_put_text(&frame, row->owner);
    wire_put_text(&frame, row->answer);
    wire_put_i64(&frame, row->closed);
    return plain(book, &frame);
}

static void get_row(struct wire *answer, struct arena *arena, struct book_oversight *out)
{
    wire_id(answer, &out->id);
    wire_text(answer, out->place, sizeof out->place);
    wire_text(answer, out->code, sizeof out->code);
    out->day = talk_get_day(answer);
    out->n = wire_u32(answer);
    out->words = wire_text_in(answer, arena);
    wire_text(answer, out->account, sizeof out->account);
    out->at = wire_i64(answer);
    wire_text(answer, out->owner, sizeof out->owner);
    out->answer = wire_text_in(answer, arena);
    out->closed = talk_get_day(answer);
    out->rev = wire_u32(answer);
}

/* The rows after the last one that is there. */
static int next_page(struct book *book, enum operation op, const char *place, struct arena *arena,
                     struct book_oversight *rows, size_t had, size_t *got)
{
    static const struct id none = {0};
    struct buf frame;
    struct wire answer;
    *got = 0;
    talk_begin(book, op, NULL, &frame);
    wire_put_i64(&frame, had > 0 ? rows[had - 1].day : 0);
    wire_put_id(&frame, had > 0 ? &rows[had - 1].id : &none);
    wire_put_text(&frame, place);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    size_t count = talk_count(&answer, ROW_LEAST);
    for (size_t i = 0; i < count && had + i < OVERSIGHT_MOST; i++, ++*got)
        get_row(&answer, arena, &rows[had + i]);
    return count > *got ? 0 : talk_end(book, &answer);
}

int book_oversight_list(struct book *book, enum book_oversight_kind kind, const char *place,
                        struct arena *arena, struct book_oversight **out, size_t *count)
{
    static const enum operation ops[] = {[BOOK_ISSUES] = OP_ISSUE_LIST,
                                         [BOOK_MEETINGS] = OP_MEETING_LIST,
                                         [BOOK_FINDINGS] = OP_FINDING_LIST};
    size_t got;
    int err = 0;
    *count = 0;
    *out = arena_alloc(arena, OVERSIGHT_MOST * sizeof **out);
    do {
        err = next_page(book, ops[kind], place, arena, *out, *count, &got);
        *count += got;
    } while (!err && got > 0 && *count < OVERSIGHT_MOST);
    return err;
}

static void get_findings(struct wire *answer, struct arena *arena, void *to)
{
    struct book_findings *row = to;
    (void)arena;
    wire_text(answer, row->code, sizeof row->code);
    row->findings = wire_i64(answer);
    row->cases = wire_i64(answer);
}

int book_finding_count(struct book *book, const char *by, int32_t from, int32_t to,
                       struct arena *arena, struct book_findings **out, size_t *count)
{
    static const struct talk_rows rows = {COUNT_LEAST, sizeof **out, get_findings};
    struct buf frame;
    talk_begin(book, OP_FINDING_COUNT, NULL, &frame);
    wire_put_text(&frame, by);
    wire_put_i64(&frame, from);
    wire_put_i64(&frame, to);
    return talk_list(book, &frame, &rows, arena, out, count);
}

static void get_violation(struct wire *answer, struct arena *arena, void *to)
{
    struct book_violation *row = to;
    wire_text(answer, row->code, sizeof row->code);
    row->name[LANG_AR] = wire_text_in(answer, arena);
    row->name[LANG_EN] = wire_text_in(answer, arena);
    wire_text(answer, row->severity, sizeof row->severity);
}

int book_violation_list(struct book *book, struct arena *arena, struct book_violation **out,
                        size_t *count)
{
    static const struct talk_rows rows = {VIOLATION_LEAST, sizeof **out, get_violation};
    struct buf frame;
    talk_begin(book, OP_VIOLATION_LIST, NULL, &frame);
    return talk_list(book, &frame, &rows, arena, out, count);
}
