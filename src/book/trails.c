/* SPDX-License-Identifier: Apache-2.0
 * Trails and the verifying of the chain, for auditors and their like. */
#include <string.h>
#include "base/err.h"
#include "book/talk_priv.h"

#define FOUND_LEAST 13 /* bytes of a row with empty texts */
#define STEP_LEAST 80
#define MEMBER_LEAST 12

static const enum operation trail_ops[] = {
    [BOOK_TRAIL_REQUEST] = OP_TRAIL_REQUEST,
    [BOOK_TRAIL_ACCOUNT] = OP_TRAIL_ACCOUNT,
    [BOOK_TRAIL_PERSON] = OP_TRAIL_PERSON,
    [BOOK_TRAIL_SESSION] = OP_TRAIL_SESSION,
};

static void get_found(struct wire *answer, struct arena *arena, void *to)
{
    struct book_found *row = to;
    (void)arena;
    row->of = talk_get_enum(answer, SND_COUNT(trail_ops));
    wire_text(answer, row->key, sizeof row->key);
    wire_text(answer, row->name, sizeof row->name);
    wire_text(answer, row->note, sizeof row->note);
}

int book_trail_find(struct book *book, const char *words, struct arena *arena,
                    struct book_found **out, size_t *count)
{
    static const struct talk_rows rows = {FOUND_LEAST, sizeof **out, get_found};
    struct buf frame;
    talk_begin(book, OP_TRAIL_FIND, NULL, &frame);
    wire_put_text(&frame, words);
    return talk_list(book, &frame, &rows, arena, out, count);
}

static void get_place(struct wire *answer, struct book_place *out)
{
    out->epoch = wire_i64(answer);
    out->seq = wire_i64(answer);
}

static void get_where(struct wire *answer, struct book_where *out)
{
    out->epoch = wire_i64(answer);
    out->seq = wire_i64(answer);
    wire_id(answer, &out->node);
}

static void put_where(struct buf *frame, const struct book_where *where)
{
    wire_put_i64(frame, where->epoch);
    wire_put_i64(frame, where->seq);
    wire_put_id(frame, &where->node);
}

static void get_step(struct wire *answer, struct book_step *out)
{
    get_where(answer, &out->place);
    out->at = wire_i64(answer);
    out->day = talk_get_day(answer);
    wire_text(answer, out->type, sizeof out->type);
    wire_text(answer, out->actor, sizeof out->actor);
    wire_text(answer, out->actor_name, sizeof out->actor_name);
    wire_text(answer, out->centre, sizeof out->centre);
    wire_text(answer, out->peer, sizeof out->peer);
    wire_text(answer, out->number, sizeof out->number);
    wire_text(answer, out->was, sizeof out->was);
    wire_text(answer, out->now, sizeof out->now);
}

int book_trail(struct book *book, enum book_trail of, const char *key,
               const struct book_where *before, struct arena *arena, struct book_trail_page *out)
{
    struct buf frame;
    struct wire answer;
    *out = (struct book_trail_page){0};
    talk_begin(book, trail_ops[of], NULL, &frame);
    wire_put_text(&frame, key);
    put_where(&frame, before ? before : &(struct book_where){0});
    wire_put_u32(&frame, BOOK_PAGE);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_text(&answer, out->title, sizeof out->title);
    get_where(&answer, &out->next);
    out->steps = talk_count(&answer, STEP_LEAST);
    out->step = arena_alloc(arena, (out->steps + 1) * sizeof *out->step);
    for (size_t i = 0; i < out->steps; i++)
        get_step(&answer, &out->step[i]);
    return talk_end(book, &answer);
}

static char *get_text(struct wire *answer, struct arena *arena)
{
    char *text = wire_text_dup(answer, WIRE_MAX), *kept = arena_strdup(arena, text);
    x_free(&text);
    return kept;
}

int book_trail_event(struct book *book, const struct book_where *place, struct arena *arena,
                     struct book_event *out)
{
    struct buf frame;
    struct wire answer;
    *out = (struct book_event){0};
    talk_begin(book, OP_TRAIL_EVENT, NULL, &frame);
    put_where(&frame, place);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    get_step(&answer, &out->step);
    out->rev = wire_i64(&answer);
    wire_id(&answer, &out->id);
    wire_id(&answer, &out->tx);
    talk_get_sha(&answer, out->form);
    talk_get_sha(&answer, out->payload_sha);
    talk_get_sha(&answer, out->hash);
    out->person = (int)talk_get_enum(&answer, 2);
    out->session = (int)talk_get_enum(&answer, 2);
    out->members = talk_count(&answer, MEMBER_LEAST);
    out->member = arena_alloc(arena, (out->members + 1) * sizeof *out->member);
    for (size_t i = 0; i < out->members; i++) {
        out->member[i].name = get_text(&answer, arena);
        out->member[i].was = get_text(&answer, arena);
        out->member[i].now = get_text(&answer, arena);
    }
    return talk_end(book, &answer);
}

static void get_flaws(struct wire *answer, struct book_verify *out)
{
    size_t count = talk_count(answer, 9);
    for (size_t i = 0; i < count; i++) {
        enum book_flaw flaw = talk_get_enum(answer, BOOK_FLAWS);
        int64_t seq = wire_i64(answer);
        if (out->flaws++ > 0)
            continue;
        out->flaw = flaw;
        out->flaw_seq = seq;
    }
}

int book_verify(struct book *book, struct book_verify *inout)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_LEDGER_VERIFY, NULL, &frame);
    wire_put_id(&frame, &inout->node);
    wire_put_i64(&frame, inout->place.epoch);
    wire_put_i64(&frame, inout->place.seq);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_id(&answer, &inout->node);
    get_place(&answer, &inout->place);
    inout->events += wire_i64(&answer);
    inout->total = wire_i64(&answer);
    inout->done = (int)talk_get_enum(&answer, 2);
    get_flaws(&answer, inout);
    return talk_end(book, &answer);
}
