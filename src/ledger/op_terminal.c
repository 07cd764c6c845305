/* SPDX-License-Identifier: Apache-2.0
 * What a person has chosen for her terminals. The ledger knows nothing of terminals: a word, by a
 * hash of what one says of itself. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"

int op_terminal_get(struct call *call)
{
    uint8_t print[HASH_SIZE];
    char profile[STORE_PROFILE] = "";
    if (call_get_sha(call, print) || !call_done(call))
        return OP_MALFORMED;
    int err = store_terminal_get(call->store, call->who->account, print, profile);
    if (err == 0 || err == SND_E_NOTFOUND)
        wire_put_text(call->out, profile);
    return err == SND_E_NOTFOUND ? 0 : err;
}

int op_terminal_put(struct call *call)
{
    uint8_t print[HASH_SIZE];
    char profile[STORE_PROFILE];
    if (call_get_sha(call, print))
        return OP_MALFORMED;
    wire_text(&call->in, profile, sizeof profile);
    if (!call_done(call) || !profile[0] ||
        profile[strspn(profile, "abcdefghijklmnopqrstuvwxyz")] != '\0')
        return OP_MALFORMED;
    return store_terminal_put(call->store, call->who->account, print, profile, call->actor.at);
}
