/* SPDX-License-Identifier: Apache-2.0
 * Where people stood whose sessions broke off, for their next login. A few words each, which only
 * the screens understand: the ledger keeps them as they are, and gives them with the login. */
#include <assert.h>
#include "base/clock.h"
#include "base/mem.h"
#include "ledger/op_priv.h"

static_assert(BOOK_PLACE == STORE_PLACE, "a place is as long here as there");

int op_place_put(struct call *call)
{
    char words[BOOK_PLACE];
    wire_text(&call->in, words, sizeof words);
    int err = call_done(call)
                  ? store_place_put(call->store, call->who->account, words, call->actor.at)
                  : OP_MALFORMED;
    mem_wipe(words, sizeof words);
    return err;
}

void call_put_place(struct call *call, const char *account)
{
    char words[BOOK_PLACE] = "";
    if (account && store_place_get(call->store, account, clock_utc_ms(), words))
        words[0] = '\0'; /* nothing depends on it */
    wire_put_text(call->out, words);
    mem_wipe(words, sizeof words);
}
