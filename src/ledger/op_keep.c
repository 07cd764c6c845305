/* SPDX-License-Identifier: Apache-2.0
 * Looking after the book, for the command line: that a backup was made. The copying itself is not
 * the ledger's matter, since a process in a sandbox has nowhere to put a copy. */
#include "base/err.h"
#include "ledger/op_priv.h"
#include "store/keep.h"

int op_backup_made(struct call *call)
{
    struct store_backup backup = {0};
    backup.epoch = wire_i64(&call->in);
    backup.seq = wire_i64(&call->in);
    backup.bytes = wire_i64(&call->in);
    backup.keyring = call_get_flag(call);
    if (!call_done(call) || backup.epoch < 1 || backup.seq < 1 || backup.bytes < 1)
        return OP_MALFORMED;
    return store_backup_made(call->store, &backup, &call->actor);
}
