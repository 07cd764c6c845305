/* SPDX-License-Identifier: Apache-2.0
 * What somebody may mean who is still typing into the go box: people and requests of the book, in
 * one answer. Services, screens and one's own drafts are at the desk already.
 *
 * It is asked at each pause of typing, so it looks at a bounded number of rows whatever was typed.
 * An answer that shows somebody is an event as any search is; one that shows nobody is none. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"
#include "store/report.h"
#include "text/fold.h"
#include "text/input.h"

#define LOOKED_AT 60 /* requests from which the people are taken */

struct going {
    struct store_request *list;
    struct store_party *who; /* whom the words mean, of each request */
    size_t count;
};

static void put_found(struct call *call, enum goal_kind kind, const struct store_request *request,
                      const struct store_party *who, size_t requests)
{
    enum request_state state = STATE_QUEUED;
    if (state_find(request->state, &state))
        call->out->failed = 1;
    wire_put_u8(call->out, (uint8_t)kind);
    wire_put_text(call->out, request->number);
    wire_put_text(call->out, who->name);
    call_put_tail(call, who->civil);
    wire_put_text(call->out, request->service);
    wire_put_u8(call->out, (uint8_t)state);
    wire_put_i64(call->out, request->day);
    wire_put_u32(call->out, (uint32_t)requests);
}

static struct store_party applicant_of(const struct store_request *request)
{
    struct store_party out = {0};
    (void)str_copy(out.name, sizeof out.name, request->applicant);
    (void)str_copy(out.civil, sizeof out.civil, request->civil);
    return out;
}

/* Who applied, unless the words mean somebody else whom the request speaks of. */
static int find_who(struct call *call, const struct store_request *request, const char *words,
                    struct store_party *out)
{
    int err = SND_E_NOTFOUND;
    *out = (struct store_party){0};
    if (!store_words_mean(words, request->applicant, request->civil))
        err = store_request_party(call->store, &request->id, words, out);
    if (err == SND_E_NOTFOUND)
        *out = applicant_of(request);
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int find_people(struct call *call, const char *words, struct arena *arena,
                       struct going *going)
{
    int err = 0;
    going->who = arena_alloc(arena, (going->count + 1) * sizeof *going->who);
    for (size_t i = 0; i < going->count && !err; i++)
        err = find_who(call, &going->list[i], words, &going->who[i]);
    return err;
}

/* One person: by number, else by name. */
static int same_person(const struct store_party *a, const struct store_party *b)
{
    if (a->civil[0] && b->civil[0])
        return strcmp(a->civil, b->civil) == 0;
    return strcmp(a->name, b->name) == 0;
}

/* The person of a request, at their newest: how many requests they have, 0 = an older one of
 * theirs. */
static size_t requests_of(const struct going *going, size_t at)
{
    size_t requests = 0;
    for (size_t i = 0; i < going->count; i++) {
        if (!same_person(&going->who[i], &going->who[at]))
            continue;
        if (i < at)
            return 0;
        requests++;
    }
    return requests;
}

static uint32_t put_people(struct call *call, const struct going *going)
{
    uint32_t rows = 0;
    for (size_t i = 0; i < going->count && rows < BOOK_FIND_PEOPLE; i++) {
        size_t requests = requests_of(going, i);
        if (requests == 0)
            continue;
        put_found(call, GOAL_PERSON, &going->list[i], &going->who[i], requests);
        rows++;
    }
    return rows;
}

static uint32_t put_requests(struct call *call, const struct going *going)
{
    uint32_t rows = 0;
    for (; rows < going->count && rows < BOOK_FIND_REQUESTS; rows++) {
        struct store_party who = applicant_of(&going->list[rows]);
        put_found(call, GOAL_REQUEST, &going->list[rows], &who, 0);
    }
    return rows;
}

static void say_found(struct call *call, const char *words, uint32_t rows)
{
    struct store_seen *seen = call->seen;
    if (rows == 0)
        return;
    seen->sight = SIGHT_SEARCH;
    seen->rows = rows;
    (void)str_copy(seen->words, sizeof seen->words, words);
    call_civil_of(words, seen->civil);
}

static size_t letters_of(const char *words)
{
    struct buf folded = BUF_INIT(BOOK_TEXT * 4);
    fold_text(words, &folded);
    size_t letters = utf8_count(buf_text(&folded));
    buf_free(&folded);
    return letters;
}

/* Of imported history there is a number and nothing of a person, so that finding it is no event. */
static int find_past(struct call *call, const char *words, struct store_request *out, int *n)
{
    struct store_drill_row past;
    int err = store_past_find(call->store, &call->reach, words, &past);
    *n = 0;
    if (err)
        return err == SND_E_NOTFOUND ? 0 : err;
    *out = (struct store_request){.day = past.day};
    *n = str_copy(out->number, sizeof out->number, past.number) == 0 &&
                 str_copy(out->service, sizeof out->service, past.service) == 0
             ? past.n
             : 0;
    (void)str_copy(out->state, sizeof out->state,
                   state_word(STATE_QUEUED)); /* said of no past one */
    return 0;
}

int op_go_find(struct call *call)
{
    char words[BOOK_TEXT];
    struct going going = {0};
    struct store_request past;
    int err = 0, alike = 0;
    wire_text(&call->in, words, sizeof words);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    if (letters_of(words) >= BOOK_FIND_LEAST)
        err = store_request_find(call->store, &call->reach, words, LOOKED_AT, arena, &going.list,
                                 &going.count);
    if (!err)
        err = find_people(call, words, arena, &going);
    if (!err && going.count == 0)
        err = find_past(call, words, &past, &alike);
    if (!err) {
        size_t at = call_begin_list(call);
        uint32_t rows = put_people(call, &going);
        rows += put_requests(call, &going);
        if (alike > 0)
            put_found(call, GOAL_COUNTED, &past, &(struct store_party){0}, (size_t)alike);
        call_put_count(call, at, rows + (alike > 0));
        say_found(call, words, rows);
    }
    arena_free(&arena);
    return err;
}
