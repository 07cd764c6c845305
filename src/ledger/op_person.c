/* SPDX-License-Identifier: Apache-2.0
 * The centre's customers: who has that number, and what of theirs is under way. Only the clerk's
 * own centre is looked at. Each look-up is an event before its answer leaves, found or not, and
 * only so many are answered: the book is no directory. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "form/party.h"
#include "ledger/op_priv.h"

/* The number of the person's newest request of that service, "" when there is none. */
static int newest_alike(struct call *call, const char *service, const char *civil,
                        char number[BOOK_NUMBER])
{
    struct store_alike *list;
    size_t count;
    struct arena *arena = arena_new();
    int err = store_request_alike(call->store, call->who->centre, service, civil, INT32_MIN, arena,
                                  &list, &count);
    (void)str_copy(number, BOOK_NUMBER, !err && count > 0 ? list[0].number : "");
    arena_free(&arena);
    return err;
}

static int keep_look_up(struct call *call, int civil, const char *number, int found)
{
    struct store_seen seen = {.sight = SIGHT_PERSON, .rows = found};
    int cut = str_copy(civil ? seen.civil : seen.words,
                       civil ? sizeof seen.civil : sizeof seen.words, number);
    return cut ? cut : store_seen_keep(call->store, &seen, &call->actor);
}

static int look_up(struct call *call, const char *known_by, const char *number, const char *service)
{
    char *known = NULL, newest[BOOK_NUMBER] = "";
    int civil = strcmp(known_by, person_word(PERSON_CIVIL)) == 0;
    int err = tries_look_up(call->tries, call->who->account, clock_mono_ms());
    if (err)
        return err;
    err = store_person_find(call->store, call->who->centre, known_by, number, &known);
    int found = err == 0;
    if (found && civil)
        err = newest_alike(call, service, number, newest);
    if (!err || err == SND_E_NOTFOUND)
        err = keep_look_up(call, civil, number, found);
    if (!err) {
        wire_put_text(call->out, known ? known : "");
        wire_put_text(call->out, newest);
    }
    if (known)
        mem_wipe(known, strlen(known));
    x_free(&known);
    return err;
}

int op_person_look_up(struct call *call)
{
    char known_by[16], number[16], service[16];
    wire_text(&call->in, known_by, sizeof known_by);
    wire_text(&call->in, number, sizeof number);
    wire_text(&call->in, service, sizeof service);
    if (!call_done(call) || strspn(number, "0123456789") != strlen(number) || !number[0])
        return OP_MALFORMED;
    if (strcmp(known_by, person_word(PERSON_CIVIL)) != 0 &&
        strcmp(known_by, person_word(PERSON_CR)) != 0)
        return OP_MALFORMED;
    return look_up(call, known_by, number, service);
}

/* A request that nothing can happen to any more is no duplicate of a new one. */
static int is_over(const char *state)
{
    static const enum request_state over[] = {STATE_REJECTED, STATE_DELIVERED, STATE_CANCELLED,
                                              STATE_CLOSED};
    for (size_t i = 0; i < SND_COUNT(over); i++)
        if (strcmp(state_word(over[i]), state) == 0)
            return 1;
    return 0;
}

static void put_alike(struct call *call, const void *row)
{
    const struct store_alike *alike = row;
    enum request_state state = STATE_QUEUED;
    if (state_find(alike->state, &state))
        call->out->failed = 1;
    wire_put_text(call->out, alike->number);
    wire_put_i64(call->out, alike->day);
    wire_put_u8(call->out, (uint8_t)state);
}

static int alike(struct call *call, const struct form *form, const char *civil)
{
    struct store_alike *list;
    size_t count;
    uint32_t rows = 0;
    struct arena *arena = arena_new();
    int err = store_request_alike(call->store, call->who->centre, form->code, civil,
                                  call->day - form->duplicate, arena, &list, &count);
    if (!err) {
        size_t at = call_begin_list(call);
        for (size_t i = 0; i < count && form->duplicate > 0; i++)
            if (!is_over(list[i].state) && rows < BOOK_ALIKE &&
                call_put_row(call, put_alike, &list[i]))
                rows++;
        call_put_count(call, at, rows);
        call->seen->sight = SIGHT_PERSON;
        call->seen->rows = rows;
        (void)str_copy(call->seen->civil, sizeof call->seen->civil, civil);
    }
    arena_free(&arena);
    return err;
}

int op_request_alike(struct call *call)
{
    uint8_t sha[HASH_SIZE];
    char civil[16];
    const struct form *form;
    if (call_get_sha(call, sha))
        return OP_MALFORMED;
    wire_text(&call->in, civil, sizeof civil);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = formcache_get(call->forms, call->store, sha, &form);
    return err ? err : alike(call, form, civil);
}
