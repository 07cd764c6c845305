/* SPDX-License-Identifier: Apache-2.0
 * What an administrator does so that somebody can come in: a one-time code to enrol with, a look at
 * the keys, an end to the pauses after wrong tries. */
#include <string.h>
#include "base/code.h"
#include "base/err.h"
#include "ledger/op_priv.h"

#define CODE_LIVES_MS (72LL * 3600 * 1000)

static int put_code(struct call *call, const char *account)
{
    struct store_code code = {.until = call->actor.at + CODE_LIVES_MS};
    (void)str_copy(code.secret, sizeof code.secret, call->hashed->made);
    int err = store_code_put(call->store, account, &code, &call->actor);
    if (!err)
        err = tries_forgive(call, account); /* what was wrong before was not this code */
    if (!err)
        wire_put_i64(call->out, code.until);
    mem_wipe(&code, sizeof code);
    return err;
}

int op_account_code(struct call *call)
{
    char account[BOOK_NAME], typed[OP_PASSWORD], symbols[CODE_PLAIN];
    wire_text(&call->in, account, sizeof account);
    wire_text(&call->in, typed, sizeof typed);
    int err = OP_MALFORMED;
    if (call_done(call))
        err = code_read(typed, symbols) ? SND_E_INVALID : 0;
    if (!err && !call->hashed) {
        *call->ask = (struct hash_ask){.make = 1};
        (void)str_copy(call->ask->new_password, sizeof call->ask->new_password, symbols);
        err = OP_HASH;
    } else if (!err) {
        err = put_code(call, account);
    }
    mem_wipe(typed, sizeof typed);
    mem_wipe(symbols, sizeof symbols);
    return err;
}

static void put_key(struct call *call, const void *row)
{
    const struct store_key *key = row;
    wire_put_text(call->out, key->key);
    wire_put_i64(call->out, key->added);
}

int op_account_keys(struct call *call)
{
    char account[BOOK_NAME];
    struct store_key *list;
    size_t count;
    wire_text(&call->in, account, sizeof account);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_account_keys(call->store, account, arena, &list, &count);
    if (!err) {
        call_put_list(call, put_key, list, sizeof *list, count);
    }
    arena_free(&arena);
    return err;
}

int op_account_unlock(struct call *call)
{
    char account[BOOK_NAME], code[BOOK_TEXT];
    wire_text(&call->in, account, sizeof account);
    if (!call_done(call))
        return OP_MALFORMED;
    (void)str_format(code, sizeof code, "code %s", account);
    int err = store_account_unlocked(call->store, account, &call->actor);
    if (!err)
        err = tries_forgive(call, account);
    return err ? err : tries_forgive(call, code);
}
