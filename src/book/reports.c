/* SPDX-License-Identifier: Apache-2.0
 * The calls of book/report.h. A report comes in pages, in the order of codes; what the book took in
 * between two of them would show in some rows and not in others, so it is begun again then. */
#include <string.h>
#include "base/err.h"
#include "book/report.h"
#include "book/talk_priv.h"

#define ROW_LEAST 84 /* bytes of a row with empty texts */
#define LIST_LEAST 61
#define REPORT_PATIENCE 3 /* a book that moves on between pages is asked so often again */

static void put_ask(struct buf *frame, const struct book_ask *ask)
{
    wire_put_text(frame, report_dim_word(ask->by));
    wire_put_i64(frame, ask->from);
    wire_put_i64(frame, ask->to);
    wire_put_u8(frame, (uint8_t)ask->compare);
    wire_put_u32(frame, (uint32_t)ask->wheres);
    for (size_t i = 0; i < ask->wheres; i++) {
        wire_put_text(frame, report_dim_word(ask->where[i].dim));
        wire_put_text(frame, ask->where[i].value);
    }
}

static const char *get_name(struct wire *answer, struct arena *arena)
{
    char *text = wire_text_dup(answer, BOOK_TEXT);
    const char *kept = arena_strdup(arena, text);
    x_free(&text);
    return kept;
}

static void get_row(struct wire *answer, struct arena *arena, struct report_row *out)
{
    int64_t *const numbers[] = {&out->n,       &out->before,     &out->outside,
                                &out->working, &out->fee_agency, &out->fee_centre,
                                &out->centres, &out->wilayats,   &out->staff};
    wire_text(answer, out->code, sizeof out->code);
    out->name[LANG_AR] = get_name(answer, arena);
    out->name[LANG_EN] = get_name(answer, arena);
    for (size_t i = 0; i < SND_COUNT(numbers); i++)
        *numbers[i] = wire_i64(answer);
}

static void get_span(struct wire *answer, struct report_span *out)
{
    out->from = talk_get_day(answer);
    out->to = talk_get_day(answer);
    out->days = talk_get_int(answer);
    out->working = talk_get_int(answer);
    out->leap = wire_u8(answer);
}

/* The next page behind the rows that `out` has. */
static int get_page(struct book *book, const struct book_ask *ask, struct arena *arena,
                    struct book_report *out, int64_t *mark, int *more)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_REPORT_RUN, NULL, &frame);
    put_ask(&frame, ask);
    wire_put_text(&frame, out->count > 0 ? out->row[out->count - 1].code : "");
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *mark = wire_i64(&answer);
    get_span(&answer, &out->now);
    get_span(&answer, &out->before);
    get_row(&answer, arena, &out->all);
    *more = wire_u8(&answer);
    size_t count = talk_count(&answer, ROW_LEAST);
    struct report_row *all = arena_alloc(arena, (out->count + count + 1) * sizeof *all);
    if (out->count > 0)
        memcpy(all, out->row, out->count * sizeof *all);
    for (size_t i = 0; i < count; i++)
        get_row(&answer, arena, &all[out->count + i]);
    out->row = all;
    out->count += count;
    *more = *more && count > 0;
    return talk_end(book, &answer);
}

int book_report(struct book *book, const struct book_ask *ask, struct arena *arena,
                struct book_report *out)
{
    int64_t first = 0, mark = 0;
    int more = 1, err = 0, tries = 0;
    *out = (struct book_report){0};
    while (!err && more) {
        size_t had = out->count;
        err = get_page(book, ask, arena, out, &mark, &more);
        if (had == 0)
            first = mark;
        if (mark != first && ++tries < REPORT_PATIENCE)
            *out = (struct book_report){0}, more = 1;
        first = mark;
    }
    return err;
}

static void get_request(struct wire *answer, struct arena *arena, void *row)
{
    struct report_request *out = row;
    (void)arena;
    wire_text(answer, out->number, sizeof out->number);
    wire_text(answer, out->centre, sizeof out->centre);
    wire_text(answer, out->clerk, sizeof out->clerk);
    wire_text(answer, out->service, sizeof out->service);
    wire_text(answer, out->state, sizeof out->state);
    wire_text(answer, out->band, sizeof out->band);
    out->day = talk_get_day(answer);
    out->minute = talk_get_int(answer);
    out->past = wire_u8(answer);
    out->n = talk_get_int(answer);
    out->mark = wire_i64(answer);
    out->place = wire_u32(answer);
}

int book_report_list(struct book *book, const struct book_ask *ask,
                     const struct report_request *after, size_t max, struct arena *arena,
                     struct report_request **out, size_t *count)
{
    static const struct talk_rows rows = {LIST_LEAST, sizeof **out, get_request};
    struct buf frame;
    talk_begin(book, OP_REPORT_LIST, NULL, &frame);
    put_ask(&frame, ask);
    wire_put_i64(&frame, after ? after->mark : 0);
    wire_put_u32(&frame, after ? after->place : 0);
    wire_put_u32(&frame, (uint32_t)(max < BOOK_PAGE ? max : BOOK_PAGE));
    return talk_list(book, &frame, &rows, arena, out, count);
}

int book_register(struct book *book, const char *kind, const struct register_entry *entry,
                  size_t count, size_t *added)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_REGISTER_ENTER, &id, &frame);
    wire_put_text(&frame, kind);
    wire_put_u32(&frame, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        wire_put_text(&frame, entry[i].code);
        wire_put_text(&frame, entry[i].parent);
        wire_put_text(&frame, entry[i].ar);
        wire_put_text(&frame, entry[i].en);
        wire_put_text(&frame, entry[i].note);
        wire_put_text(&frame, entry[i].owner);
        wire_put_text(&frame, entry[i].licence);
        wire_put_i64(&frame, entry[i].since);
        wire_put_i64(&frame, entry[i].until);
        wire_put_i64(&frame, entry[i].licensed);
    }
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *added = wire_u32(&answer);
    return talk_end(book, &answer);
}

int book_centre(struct book *book, const char *code, struct register_entry *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_CENTRE_GET, NULL, &frame);
    wire_put_text(&frame, code);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_text(&answer, out->code, sizeof out->code);
    wire_text(&answer, out->parent, sizeof out->parent);
    wire_text(&answer, out->ar, sizeof out->ar);
    wire_text(&answer, out->en, sizeof out->en);
    wire_text(&answer, out->note, sizeof out->note);
    wire_text(&answer, out->owner, sizeof out->owner);
    wire_text(&answer, out->licence, sizeof out->licence);
    out->since = talk_get_day(&answer);
    out->until = talk_get_day(&answer);
    out->licensed = talk_get_day(&answer);
    return talk_end(book, &answer);
}

int book_history(struct book *book, const char *rows, int64_t *added, int64_t *there)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_HISTORY_IMPORT, &id, &frame);
    wire_put_text(&frame, rows);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *added = wire_i64(&answer);
    *there = wire_i64(&answer);
    return talk_end(book, &answer);
}
