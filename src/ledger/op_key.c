/* SPDX-License-Identifier: Apache-2.0
 * Changing the keys that seal what citizens say: a new key, all rows sealed anew in small steps
 * that the command line asks for one after the other, the old key away. A key goes only after this
 * very process has walked the whole book from its beginning and found nothing of an older key;
 * whoever asks too early is refused, since with the key the data would go. */
#include <string.h>
#include "base/err.h"
#include "base/vault.h"
#include "ledger/op_priv.h"
#include "store/keep.h"

int op_key_list(struct call *call)
{
    struct store_seal_key key[STORE_KEYS];
    size_t count = 0;
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_keys(call->store, key, &count);
    if (err)
        return err;
    uint32_t current = vault_current(store_vault(call->store));
    wire_put_u32(call->out, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        wire_put_u32(call->out, key[i].number);
        wire_put_u8(call->out, key[i].known != 0);
        wire_put_u8(call->out, key[i].number == current);
        wire_put_i64(call->out, key[i].rows);
    }
    return 0;
}

/* While there is an older key beside the newest, changing them has not come to its end: then no
 * other key is added. */
int op_key_add(struct call *call)
{
    uint32_t keys[2], number = 0;
    int err = 0;
    if (!call_done(call))
        return OP_MALFORMED;
    int going_on = vault_keys(call->vault, keys, 2) > 1;
    if (!going_on) {
        err = vault_key_add(call->vault, &number);
        if (!err)
            err = store_key_event(call->store, "added", number, &call->actor);
    }
    *call->walked = (struct walked){0};
    wire_put_u32(call->out, vault_current(call->vault));
    wire_put_u8(call->out, going_on != 0);
    return err;
}

static void get_place(struct call *call, struct store_reseal *place)
{
    *place = (struct store_reseal){.what = wire_u32(&call->in)};
    wire_id(&call->in, &place->id);
    place->epoch = wire_i64(&call->in);
    place->seq = wire_i64(&call->in);
}

static int same_place(const struct store_reseal *a, const struct store_reseal *b)
{
    return a->what == b->what && id_equal(&a->id, &b->id) && a->epoch == b->epoch &&
           a->seq == b->seq;
}

int op_key_reseal(struct call *call)
{
    static const struct store_reseal start;
    struct store_reseal place;
    struct walked *walked = call->walked;
    int64_t sealed = 0;
    get_place(call, &place);
    if (!call_done(call))
        return OP_MALFORMED;
    if (same_place(&place, &start))
        *walked = (struct walked){.clean = 1};
    else if (!same_place(&place, &walked->at))
        walked->clean = 0;
    int err = store_reseal(call->store, &place, &sealed);
    if (err || sealed > 0)
        walked->clean = 0;
    if (err)
        return err;
    walked->at = place;
    walked->whole = walked->clean && !place.more;
    wire_put_i64(call->out, sealed);
    wire_put_u8(call->out, place.more != 0);
    wire_put_u32(call->out, place.what);
    wire_put_id(call->out, &place.id);
    wire_put_i64(call->out, place.epoch);
    wire_put_i64(call->out, place.seq);
    return 0;
}

int op_key_drop(struct call *call)
{
    uint32_t keys[1];
    if (!call_done(call))
        return OP_MALFORMED;
    if (!call->walked->whole)
        return SND_E_INUSE;
    uint32_t dropped = 0;
    int err = 0;
    while (!err && vault_keys(call->vault, keys, 1) > 1) {
        err = vault_key_drop(call->vault, keys[0]);
        if (!err)
            err = store_key_event(call->store, "dropped", keys[0], &call->actor);
        dropped += !err;
    }
    wire_put_u32(call->out, dropped);
    return err;
}
