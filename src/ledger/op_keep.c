/* SPDX-License-Identifier: Apache-2.0
 * Looking after the book, for the command line: letting go of old data, and that a backup was made. The copying itself is not
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

#define SERVICES_MAX 200

static void get_services(struct call *call, struct arena *arena, struct store_purge *what)
{
    const char **services = arena_alloc(arena, SERVICES_MAX * sizeof *services);
    uint32_t count = wire_u32(&call->in);
    if (count > SERVICES_MAX)
        call->in.bad = 1;
    for (uint32_t i = 0; i < count && !call->in.bad; i++) {
        char code[16];
        wire_text(&call->in, code, sizeof code);
        services[what->services++] = arena_strdup(arena, code);
    }
    what->service = services;
}

static void put_purged(struct call *call, const struct store_purged *purged)
{
    wire_put_i64(call->out, purged->requests);
    wire_put_i64(call->out, purged->events);
    wire_put_i64(call->out, purged->drafts);
    wire_put_u8(call->out, purged->more != 0);
    wire_put_i64(call->out, purged->after_at);
    wire_put_id(call->out, &purged->after);
    wire_put_i64(call->out, purged->place.epoch);
    wire_put_i64(call->out, purged->place.seq);
}

int op_ledger_purge(struct call *call)
{
    struct store_purge what = {0};
    struct store_purged purged;
    char class[32];
    struct arena *arena = arena_new();
    wire_text(&call->in, class, sizeof class);
    what.class = class;
    what.before = wire_i64(&call->in);
    what.trail = call_get_flag(call);
    what.dry = call_get_flag(call);
    get_services(call, arena, &what);
    what.after_at = wire_i64(&call->in);
    wire_id(&call->in, &what.after);
    what.place.epoch = wire_i64(&call->in);
    what.place.seq = wire_i64(&call->in);
    int err = call_done(call) ? 0 : OP_MALFORMED;
    if (!err)
        err = store_purge(call->store, &what, &purged, &call->actor);
    if (!err) {
        put_purged(call, &purged);
        call->effect->settle = purged.events > 0 && !what.dry;
    }
    arena_free(&arena);
    return err;
}
