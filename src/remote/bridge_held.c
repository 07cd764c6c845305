/* SPDX-License-Identifier: Apache-2.0
 * Drafts and submissions. What is typed is in a file here before the desk is answered, and goes up
 * when the form is left, looked over before it is submitted, or nobody has typed for a while; never
 * at each field. A submission is in its file before it is sent, under the id that makes it one
 * however often it goes over the line, and leaves it when the office has said what became of it. */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "remote/bridge_priv.h"

#define IDLE_MS 60000  /* nobody has typed: the draft goes up */
#define AGAIN_MS 10000 /* a submission that the office could not take just now */

static int read_id(const struct book_asked *asked, struct id *out)
{
    struct wire in = {.at = asked->payload, .left = asked->len};
    wire_id(&in, out);
    return in.bad ? SND_E_BAD : 0;
}

/* ---- going up ---- */

static void let_go(struct bridge *bridge, struct held *held)
{
    struct id id = id_new();
    (void)line_ask_op(bridge, OP_DRAFT_RELEASE, &id, held->id.b, sizeof held->id.b, NULL);
    held_drop(&bridge->held, held);
    bridge->gone++;
    buf_clear(&bridge->ahead);
}

static void uploaded(struct bridge *bridge, struct ask *ask, int status,
                     const uint8_t *results SND_UNUSED, size_t len SND_UNUSED)
{
    struct held *held = held_find(&bridge->held, &ask->draft);
    if (!held)
        return;
    if (status) {
        log_debug("held.upload", "error=%d", status);
        return;
    }
    held->upstream = 1;
    if (held->version == ask->version)
        held->dirty = 0;
    if (!held->dirty && !held->open && !held->submitted)
        let_go(bridge, held);
    else if (held_save(&bridge->held, held))
        log_warn("held.save", "error=%s", err_text(SND_E_IO));
}

static void upload(struct bridge *bridge, struct held *held)
{
    struct id id = id_new();
    struct ask *ask = line_is_up(bridge) ? line_ask_op(bridge, OP_DRAFT_PUT, &id, held->draft.data,
                                                       held->draft.len, NULL)
                                         : NULL;
    if (!ask)
        return;
    ask->then = uploaded;
    ask->draft = held->id;
    ask->version = held->version;
}

static void submitted(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                      size_t len);

/* Its id is the draft's: a repeat finds the answer to the first. */
static struct ask *submit(struct bridge *bridge, struct held *held)
{
    struct ask *ask = line_is_up(bridge) && !held->on_its_way
                          ? line_ask_op(bridge, OP_REQUEST_SUBMIT, &held->id, held->submission.data,
                                        held->submission.len, NULL)
                          : NULL;
    if (!ask)
        return NULL;
    held->on_its_way = 1;
    ask->then = submitted;
    ask->draft = held->id;
    return ask;
}

/* It may be taken later: nobody has decided upon it. */
static int undecided(int status)
{
    return status == SND_E_LOST || status == SND_E_BUSY || status == SND_E_TIMEOUT ||
           status == SND_E_FULL || status == SND_E_IO || status == SND_E_SYS;
}

static void submitted(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                      size_t len)
{
    struct held *held = held_find(&bridge->held, &ask->draft);
    char number[BOOK_NUMBER] = "";
    struct wire in = {.at = results, .left = len};
    if (!held)
        return;
    held->on_its_way = 0;
    if (undecided(status)) {
        bridge->submit_again = clock_mono_ms() + AGAIN_MS;
        if (ask->for_desk)
            desk_answer(bridge, ask->desk_tag, SND_E_KEPT, NULL, 0);
    } else if (status) {
        held->submitted = 0; /* a draft again, with all that was typed */
        held->dirty = 1;
        held->open = ask->for_desk;
        if (held_save(&bridge->held, held))
            log_warn("held.save", "error=%s", err_text(SND_E_IO));
    } else {
        wire_text(&in, number, sizeof number);
        held_drop(&bridge->held, held);
    }
    if (!undecided(status) && ask->for_desk)
        desk_answer(bridge, ask->desk_tag, status, results, len);
    else
        desk_tell(bridge,
                  undecided(status) ? AWAY_NOTHING
                  : status          ? AWAY_RETURNED
                                    : AWAY_TAKEN,
                  number, status);
}

void held_keep(struct bridge *bridge, struct ask *ask)
{
    if (!ask->for_desk)
        return;
    ask->for_desk = 0;
    desk_answer(bridge, ask->desk_tag, SND_E_KEPT, NULL, 0);
    desk_tell(bridge, AWAY_NOTHING, "", 0);
}

void held_send(struct bridge *bridge, int all)
{
    for (struct held *held = bridge->held.first; held; held = held->next)
        if (held->submitted)
            (void)submit(bridge, held);
        else if (held->dirty && held->draft.len > 0 && (all || !held->open))
            upload(bridge, held);
}

void held_tick(struct bridge *bridge)
{
    int64_t now = clock_mono_ms();
    if (!line_is_up(bridge))
        return;
    if (bridge->submit_again && now >= bridge->submit_again) {
        bridge->submit_again = 0;
        held_send(bridge, 0);
    }
    if (bridge->typed && now - bridge->typed >= IDLE_MS) {
        bridge->typed = 0;
        held_send(bridge, 1);
    }
}

/* ---- what the desk does with drafts ---- */

static void put(struct bridge *bridge, const struct book_asked *asked)
{
    struct id id;
    struct held_said said;
    int err = read_id(asked, &id);
    struct held *held = err ? NULL : held_add(&bridge->held, &id);
    if (held && !held->submitted) {
        buf_clear(&held->draft);
        buf_put(&held->draft, asked->payload, asked->len);
        held->saved = clock_utc_ms();
        held->dirty = held->open = 1;
        held->version++;
        bridge->typed = clock_mono_ms();
        err = held_read(held, &said) ? SND_E_BAD : held_save(&bridge->held, held);
    }
    desk_answer(bridge, asked->tag, err, NULL, 0);
    known_offered(bridge);
}

static void give_local(struct bridge *bridge, struct held *held, uint32_t tag)
{
    struct held_said said;
    struct buf results = BUF_INIT(WIRE_MAX);
    int err = held_read(held, &said);
    if (!err) {
        wire_put_text(&results, said.service);
        wire_put_bytes(&results, said.sha, HASH_SIZE);
        wire_put_i64(&results, held->saved);
        wire_put_u32(&results, said.field);
        wire_put_u32(&results, said.caret);
        wire_put_text(&results, said.summary);
        wire_put_bytes(&results, said.typed, said.typed_len);
        wire_put_bytes(&results, said.values, said.values_len);
        held->open = 1;
    }
    desk_answer(bridge, tag, err, results.data, results.len);
    buf_free(&results);
}

/* The office has it too: it says whether another session has it open; what is here is newer. */
static void opened(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                   size_t len)
{
    struct held *held = held_find(&bridge->held, &ask->draft);
    if (status == 0) {
        held = held_add(&bridge->held, &ask->draft);
        held->upstream = held->open = 1;
    }
    if (!ask->for_desk)
        return;
    if (held && held->draft.len > 0 && status != SND_E_INUSE)
        give_local(bridge, held, ask->desk_tag);
    else
        desk_answer(bridge, ask->desk_tag, status, results, len);
}

static void open_draft(struct bridge *bridge, const struct book_asked *asked)
{
    struct id id;
    if (read_id(asked, &id)) {
        desk_answer(bridge, asked->tag, SND_E_BAD, NULL, 0);
        return;
    }
    struct held *held = held_find(&bridge->held, &id);
    struct ask *ask = NULL;
    if (line_is_up(bridge) && (!held || held->upstream))
        ask = line_ask_op(bridge, asked->op, &asked->id, asked->payload, asked->len, NULL);
    if (ask) {
        ask->then = opened;
        ask->draft = id;
        ask->for_desk = 1;
        ask->desk_tag = asked->tag;
    } else if (held && held->draft.len > 0 && !held->submitted) {
        give_local(bridge, held, asked->tag);
    } else {
        desk_answer(bridge, asked->tag, SND_E_LOST, NULL, 0);
    }
}

static void release(struct bridge *bridge, const struct book_asked *asked)
{
    struct id id;
    struct held *held = read_id(asked, &id) ? NULL : held_find(&bridge->held, &id);
    if (!held) {
        desk_forward(bridge, asked);
        return;
    }
    held->open = 0;
    desk_answer(bridge, asked->tag, 0, NULL, 0);
    if (held->dirty)
        upload(bridge, held);
    else if (line_is_up(bridge) && !held->submitted)
        let_go(bridge, held);
}

/* Its digit is the office's to give, which must have it first. */
static void park(struct bridge *bridge, const struct book_asked *asked)
{
    struct id id;
    struct held *held = read_id(asked, &id) ? NULL : held_find(&bridge->held, &id);
    if (held && held->dirty)
        upload(bridge, held);
    if (held)
        held->open = 0;
    desk_forward(bridge, asked);
}

static void dropped(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                    size_t len)
{
    struct held *held = held_find(&bridge->held, &ask->draft);
    if (held && (status == 0 || status == SND_E_NOTFOUND)) {
        held_drop(&bridge->held, held);
        status = 0;
    }
    if (ask->for_desk)
        desk_answer(bridge, ask->desk_tag, status, results, len);
}

static void drop(struct bridge *bridge, const struct book_asked *asked)
{
    struct id id;
    struct held *held = read_id(asked, &id) ? NULL : held_find(&bridge->held, &id);
    if (held && !held->upstream) {
        held_drop(&bridge->held, held);
        desk_answer(bridge, asked->tag, 0, NULL, 0);
        return;
    }
    struct ask *ask = line_is_up(bridge) ? line_ask_op(bridge, asked->op, &asked->id,
                                                       asked->payload, asked->len, NULL)
                                         : NULL;
    if (!ask) {
        desk_answer(bridge, asked->tag, SND_E_LOST, NULL, 0);
        return;
    }
    ask->then = dropped;
    ask->draft = id;
    ask->for_desk = 1;
    ask->desk_tag = asked->tag;
}

static void take_submission(struct bridge *bridge, const struct book_asked *asked)
{
    struct id id;
    struct held *held = read_id(asked, &id) ? NULL : held_add(&bridge->held, &id);
    if (!held) {
        desk_answer(bridge, asked->tag, SND_E_BAD, NULL, 0);
        return;
    }
    buf_clear(&held->submission);
    buf_put(&held->submission, asked->payload, asked->len);
    held->submitted = 1;
    held->open = 0;
    held->saved = clock_utc_ms();
    int err = held_save(&bridge->held, held);
    struct ask *ask = submit(bridge, held);
    if (ask) {
        ask->for_desk = 1;
        ask->desk_tag = asked->tag;
        return;
    }
    if (err) /* neither there nor here: the form stays where it is */
        held->submitted = 0;
    held->open = err != 0;
    desk_answer(bridge, asked->tag, err ? err : SND_E_KEPT, NULL, 0);
    desk_tell(bridge, AWAY_NOTHING, "", 0);
}

/* ---- the list ---- */

/* The rows of here and those of the office that are not here, the newest first. */
#define ROWS_MOST 256
struct row {
    int64_t saved;
    size_t at, len;
};
struct rows {
    struct buf bytes;
    struct row row[ROWS_MOST];
    size_t count;
};

static void put_row(struct rows *rows, const struct held *held)
{
    struct held_said said;
    struct row *row = &rows->row[rows->count];
    if (held->submitted || held->draft.len == 0 || held_read(held, &said) ||
        rows->count == ROWS_MOST)
        return;
    *row = (struct row){.saved = held->saved, .at = rows->bytes.len};
    wire_put_id(&rows->bytes, &held->id);
    wire_put_text(&rows->bytes, said.service);
    wire_put_bytes(&rows->bytes, said.sha, HASH_SIZE);
    wire_put_i64(&rows->bytes, held->saved);
    wire_put_text(&rows->bytes, said.summary);
    wire_put_u8(&rows->bytes, 0);
    wire_put_u8(&rows->bytes, 0);
    row->len = rows->bytes.len - row->at;
    rows->count++;
}

static void take_row(const struct bridge *bridge, struct rows *rows, struct wire *in)
{
    char text[BOOK_TEXT];
    struct id id;
    const uint8_t *from = in->at;
    size_t len;
    wire_id(in, &id);
    wire_text(in, text, BOOK_NAME);
    (void)wire_bytes(in, &len);
    int64_t saved = wire_i64(in);
    wire_text(in, text, sizeof text);
    (void)wire_u8(in);
    (void)wire_u8(in);
    const struct held *held = held_find(&bridge->held, &id);
    int here = held && (held->draft.len > 0 || held->submitted);
    if (in->bad || here || rows->count == ROWS_MOST)
        return;
    rows->row[rows->count] = (struct row){saved, rows->bytes.len, (size_t)(in->at - from)};
    buf_put(&rows->bytes, from, rows->row[rows->count++].len);
}

static int newest_first(const void *a, const void *b)
{
    const struct row *left = a, *right = b;
    return (left->saved < right->saved) - (left->saved > right->saved);
}

static void give_list(struct bridge *bridge, uint32_t tag, const uint8_t *results, size_t len)
{
    static struct rows rows;
    struct buf all = BUF_INIT(WIRE_MAX - 32);
    struct wire in = {.at = results, .left = len};
    rows.count = 0;
    rows.bytes = BUF_INIT(4 * WIRE_MAX);
    for (const struct held *held = bridge->held.first; held; held = held->next)
        put_row(&rows, held);
    for (uint32_t left = results ? wire_u32(&in) : 0; left > 0 && !in.bad; left--)
        take_row(bridge, &rows, &in);
    qsort(rows.row, rows.count, sizeof *rows.row, newest_first);
    size_t most = rows.count < BOOK_PAGE ? rows.count : BOOK_PAGE;
    wire_put_u32(&all, (uint32_t)most);
    for (size_t i = 0; i < most; i++)
        buf_put(&all, rows.bytes.data + rows.row[i].at, rows.row[i].len);
    desk_answer(bridge, tag, in.bad || all.failed ? SND_E_LIMIT : 0, all.data, all.len);
    buf_free(&rows.bytes);
    buf_free(&all);
}

static void listed(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                   size_t len);

static int list_for_desk(struct bridge *bridge, uint32_t tag)
{
    struct ask *ask =
        line_is_up(bridge) ? line_ask_op(bridge, OP_DRAFT_LIST, NULL, NULL, 0, NULL) : NULL;
    if (!ask)
        return 0;
    ask->version = bridge->gone;
    ask->then = listed;
    ask->for_desk = 1;
    ask->desk_tag = tag;
    return 1;
}

static void listed(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                   size_t len)
{
    if (!ask->for_desk)
        return;
    if (status == 0 && ask->version != bridge->gone && list_for_desk(bridge, ask->desk_tag))
        return;
    if (status == 0 || status == SND_E_LOST)
        give_list(bridge, ask->desk_tag, status ? NULL : results, len);
    else
        desk_answer(bridge, ask->desk_tag, status, NULL, 0);
}

static void came_ahead(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                       size_t len)
{
    buf_put(&bridge->ahead, results, status || ask->version != bridge->gone ? 0 : len);
    bridge->ahead_there = 1;
}

void held_ahead(struct bridge *bridge)
{
    struct ask *ask = line_ask_op(bridge, OP_DRAFT_LIST, NULL, NULL, 0, NULL);
    bridge->ahead = BUF_INIT(WIRE_MAX);
    if (!ask)
        return;
    ask->version = bridge->gone;
    ask->then = came_ahead;
}

static void list(struct bridge *bridge, const struct book_asked *asked)
{
    if (bridge->ahead.len > 0) {
        give_list(bridge, asked->tag, bridge->ahead.data, bridge->ahead.len);
        buf_free(&bridge->ahead);
        return;
    }
    if (!list_for_desk(bridge, asked->tag))
        give_list(bridge, asked->tag, NULL, 0);
}

/* The form is being looked over: its draft goes up now, so that the submission, which says the same
 * again, is a few bytes on a line that is compressed. */
static void look_over(struct bridge *bridge, const struct book_asked *asked)
{
    held_send(bridge, 1);
    desk_forward(bridge, asked);
}

int held_take(struct bridge *bridge, const struct book_asked *asked)
{
    static const struct {
        enum operation op;
        void (*take)(struct bridge *bridge, const struct book_asked *asked);
    } takes[] = {
        {OP_DRAFT_PUT, put},           {OP_DRAFT_OPEN, open_draft},
        {OP_DRAFT_RELEASE, release},   {OP_DRAFT_PARK, park},
        {OP_DRAFT_DROP, drop},         {OP_DRAFT_LIST, list},
        {OP_REQUEST_ALIKE, look_over}, {OP_REQUEST_SUBMIT, take_submission},
    };
    for (size_t i = 0; i < SND_COUNT(takes); i++)
        if (takes[i].op == asked->op) {
            takes[i].take(bridge, asked);
            return 1;
        }
    return 0;
}
