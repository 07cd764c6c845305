/* SPDX-License-Identifier: Apache-2.0
 * Answers that are had already. A form and its lists never change under their hash and are asked
 * for once. The catalogue is answered from here at once, and the office is asked in a few bytes,
 * behind the person's back, whether it still stands: what was closed meanwhile it refuses anyway
 * when a request of it is submitted. None of these answers holds anything of a citizen's. The files
 * that came for whoever a form is about are asked for as soon as that is typed, and are kept in
 * memory alone. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "remote/bridge_priv.h"

#define FRESH_MS 60000   /* what the office has confirmed is not asked about again within this */
#define OFFERED_MS 60000 /* a list of files is this old at most when it is shown, */
#define OFFERED_YOUNG_MS 10000 /* and older than this it is asked for behind that */

static const struct kind {
    enum operation op;
    int for_ever; /* under its arguments */
} kinds[] = {
    {OP_FORM_GET, 1},    {OP_FORM_LIST_GET, 1}, {OP_SERVICE_LIST, 0},
    {OP_NOTICE_LIST, 0}, {OP_TERMINAL_GET, 0},
};
/* By which write an answer becomes another; `shared` bytes of the arguments are the same in both.
 */
static const struct {
    enum operation write, read;
    size_t shared;
} spoils[] = {
    {OP_NOTICE_READ, OP_NOTICE_LIST, 0},
    {OP_TERMINAL_PUT, OP_TERMINAL_GET, 4 + HASH_SIZE},
    {OP_SERVICE_OPEN, OP_SERVICE_LIST, 0},
    {OP_SERVICE_CLOSE, OP_SERVICE_LIST, 0},
};

static void key_of(enum operation op, const void *payload, size_t len, uint8_t out[HASH_SIZE])
{
    const char *name = op_row(op)->wire;
    struct hash *hash = hash_start();
    hash_add(hash, name, strlen(name) + 1);
    hash_add(hash, payload, len);
    hash_end(&hash, out);
}

static struct checked *checked_of(struct bridge *bridge, const uint8_t key[HASH_SIZE])
{
    struct checked *oldest = &bridge->checked[0];
    for (size_t i = 0; i < CHECKED_MOST; i++) {
        if (memcmp(bridge->checked[i].key, key, HASH_SIZE) == 0)
            return &bridge->checked[i];
        if (bridge->checked[i].at < oldest->at)
            oldest = &bridge->checked[i];
    }
    *oldest = (struct checked){0};
    memcpy(oldest->key, key, HASH_SIZE);
    return oldest;
}

/* The text of a form must be what its hash says, whatever the file says of itself. */
static int is_right(const struct book_asked *asked, const struct buf *results)
{
    uint8_t sha[HASH_SIZE];
    if (asked->op != OP_FORM_GET)
        return 1;
    if (results->len < 4 || asked->len != 4 + HASH_SIZE)
        return 0;
    hash_bytes(results->data + 4, results->len - 4, sha);
    return memcmp(sha, asked->payload + 4, HASH_SIZE) == 0;
}

/* An answer has come for the cache, and perhaps for the desk. */
static void keep_answer(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                        size_t len)
{
    if (status == 0)
        cache_put(bridge->cache, ask->key, results, len);
    if (status == 0 || status == SND_E_EXISTS)
        checked_of(bridge, ask->key)->at = clock_mono_ms();
    if (ask->for_desk)
        desk_answer(bridge, ask->desk_tag, status, results, len);
}

/* 1 when it could be asked. known: the answer that is had, or NULL. */
static int ask_office(struct bridge *bridge, enum operation op, const void *payload, size_t len,
                      const struct buf *known, const struct book_asked *asked)
{
    uint8_t sha[HASH_SIZE];
    if (known)
        hash_bytes(known->data, known->len, sha);
    struct ask *ask = line_ask_op(bridge, op, NULL, payload, len, known ? sha : NULL);
    if (!ask)
        return 0;
    ask->then = keep_answer;
    key_of(op, payload, len, ask->key);
    ask->for_desk = asked != NULL;
    ask->desk_tag = asked ? asked->tag : 0;
    return 1;
}

static const struct kind *kind_of(enum operation op)
{
    for (size_t i = 0; i < SND_COUNT(kinds); i++)
        if (kinds[i].op == op)
            return &kinds[i];
    return NULL;
}

/* ---- the files that may go with a form ---- */

static void forget_offered(struct bridge *bridge)
{
    buf_free(&bridge->offered.asked);
    buf_free(&bridge->offered.results);
    bridge->offered = (struct offered){.asked = BUF_INIT(BOOK_TEXT), .results = BUF_INIT(WIRE_MAX)};
}

static void keep_offered(struct bridge *bridge, struct ask *ask, int status, const uint8_t *results,
                         size_t len)
{
    struct offered *offered = &bridge->offered;
    offered->on_its_way = 0;
    if (status == 0) {
        buf_clear(&offered->results);
        buf_put(&offered->results, results, len);
        offered->at = clock_mono_ms();
    }
    if (ask->for_desk)
        desk_answer(bridge, ask->desk_tag, status, results, len);
}

/* 1 when it could be asked. */
static int ask_offered(struct bridge *bridge, const struct book_asked *asked)
{
    struct offered *offered = &bridge->offered;
    struct ask *ask = line_is_up(bridge)
                          ? line_ask_op(bridge, OP_INBOX_LIST, NULL, offered->asked.data,
                                        offered->asked.len, NULL)
                          : NULL;
    if (!ask)
        return 0;
    ask->then = keep_offered;
    ask->for_desk = asked != NULL;
    ask->desk_tag = asked ? asked->tag : 0;
    offered->on_its_way = 1;
    return 1;
}

static void take_offered(struct bridge *bridge, const struct book_asked *asked)
{
    struct offered *offered = &bridge->offered;
    int same = offered->asked.len == asked->len && asked->len > 0 &&
               memcmp(offered->asked.data, asked->payload, asked->len) == 0;
    if (same && offered->at && clock_mono_ms() - offered->at < OFFERED_MS) {
        desk_answer(bridge, asked->tag, 0, offered->results.data, offered->results.len);
        if (clock_mono_ms() - offered->at >= OFFERED_YOUNG_MS && !offered->on_its_way)
            (void)ask_offered(bridge, NULL);
        return;
    }
    if (!same) {
        forget_offered(bridge);
        buf_put(&offered->asked, asked->payload, asked->len);
    }
    if (!ask_offered(bridge, asked))
        desk_answer(bridge, asked->tag, SND_E_LOST, NULL, 0);
}

/* Who it is has just been typed: what came for that number is wanted soon. */
static void expect_offered(struct bridge *bridge, const struct book_asked *asked)
{
    struct wire in = {.at = asked->payload, .left = asked->len};
    char known_by[BOOK_NAME], number[BOOK_NAME];
    wire_text(&in, known_by, sizeof known_by);
    wire_text(&in, number, sizeof number);
    forget_offered(bridge);
    if (in.bad || strcmp(known_by, person_word(PERSON_CIVIL)) != 0)
        return;
    wire_put_text(&bridge->offered.asked, number);
    (void)ask_offered(bridge, NULL);
}

void known_offered(struct bridge *bridge)
{
    const struct offered *offered = &bridge->offered;
    if (offered->asked.len > 0 && !offered->on_its_way &&
        clock_mono_ms() - offered->at >= OFFERED_MS * 3 / 4)
        (void)ask_offered(bridge, NULL);
}

/* ---- all of them ---- */

int known_take(struct bridge *bridge, const struct book_asked *asked)
{
    if (asked->op == OP_INBOX_LIST) {
        take_offered(bridge, asked);
        return 1;
    }
    if (asked->op == OP_PERSON_LOOK_UP) {
        desk_forward(bridge, asked);
        expect_offered(bridge, asked);
        return 1;
    }
    const struct kind *kind = kind_of(asked->op);
    struct buf results = BUF_INIT(WIRE_MAX);
    uint8_t key[HASH_SIZE];
    if (!kind)
        return 0;
    key_of(asked->op, asked->payload, asked->len, key);
    if (cache_get(bridge->cache, key, &results) == 0 && is_right(asked, &results)) {
        const struct checked *checked = checked_of(bridge, key);
        desk_answer(bridge, asked->tag, 0, results.data, results.len);
        if (!kind->for_ever && line_is_up(bridge) &&
            (checked->at == 0 || clock_mono_ms() - checked->at >= FRESH_MS))
            (void)ask_office(bridge, asked->op, asked->payload, asked->len, &results, NULL);
    } else if (!line_is_up(bridge) ||
               !ask_office(bridge, asked->op, asked->payload, asked->len, NULL, asked)) {
        desk_answer(bridge, asked->tag, SND_E_LOST, NULL, 0);
    }
    buf_free(&results);
    return 1;
}

void known_spoil(struct bridge *bridge, const struct book_asked *asked)
{
    uint8_t key[HASH_SIZE];
    if (asked->op == OP_INBOX_RENAME || asked->op == OP_INBOX_DROP ||
        asked->op == OP_DOCUMENT_ATTACH)
        forget_offered(bridge);
    for (size_t i = 0; i < SND_COUNT(spoils); i++) {
        if (spoils[i].write != asked->op || asked->len < spoils[i].shared)
            continue;
        key_of(spoils[i].read, asked->payload, spoils[i].shared, key);
        cache_drop(bridge->cache, key);
    }
}

void known_ahead(struct bridge *bridge)
{
    struct buf results = BUF_INIT(WIRE_MAX);
    uint8_t key[HASH_SIZE];
    key_of(OP_SERVICE_LIST, NULL, 0, key);
    if (cache_get(bridge->cache, key, &results) == 0)
        (void)ask_office(bridge, OP_SERVICE_LIST, NULL, 0, &results, NULL);
    buf_free(&results);
}
