/* SPDX-License-Identifier: Apache-2.0
 * Masks a request's values by mask.def before they leave the ledger. What can't be read as a record
 * of its form is not shown at all to somebody who would see it masked. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"

#define R(name) (1u << ROLE_##name)
#define K(name) (UINT64_C(1) << FIELD_##name)

static const struct {
    uint32_t roles;
    enum operation op;
    uint64_t kinds;
    enum member_mask mask;
} masks[] = {
#define MASK(roles, op, kinds, how) {roles, OP_##op, kinds, MASK_##how},
#include "ledger/mask.def"
#undef MASK
};

static enum member_mask mask_of(enum role role, enum operation op, enum field_kind kind)
{
    for (size_t i = 0; i < SND_COUNT(masks); i++)
        if ((masks[i].roles >> role & 1) && masks[i].op == op && (masks[i].kinds >> kind & 1))
            return masks[i].mask;
    return MASK_PLAIN;
}

static int masks_any(enum role role, enum operation op)
{
    for (size_t i = 0; i < SND_COUNT(masks); i++)
        if ((masks[i].roles >> role & 1) && masks[i].op == op)
            return 1;
    return 0;
}

/* A document's value says first whether it is there: that stays. */
static void mask_value(struct record *record, int field, enum member_mask mask)
{
    const char *value = record->value[field];
    const char *sign = record->form->field[field].kind == FIELD_DOC ? strchr(value, ':') : NULL;
    size_t head = sign ? (size_t)(sign - value) + 1 : 0;
    struct buf out = BUF_INIT(WIRE_MAX);
    buf_put(&out, value, head);
    veil_text(mask, value + head, &out);
    record_set(record, field, out.failed ? NULL : buf_text(&out));
    buf_free(&out);
}

static int mask_record(const struct call *call, const struct form *form, char **values)
{
    struct record *record = NULL;
    int err = record_from_json(form, *values, strlen(*values), &record);
    for (int i = 0; !err && i < (int)form->fields; i++) {
        enum member_mask mask = mask_of(call->who->role, call->op, form->field[i].kind);
        if (record->value[i] && mask != MASK_PLAIN)
            mask_value(record, i, mask);
    }
    if (!err) {
        mem_wipe(*values, strlen(*values));
        x_free(values);
        *values = record_json(record);
    }
    record_free(&record);
    return err;
}

void mask_values(struct call *call, const uint8_t sha[HASH_SIZE], char **values)
{
    const struct form *form;
    if (!masks_any(call->who->role, call->op))
        return;
    if (formcache_get(call->forms, call->store, sha, &form) == 0 &&
        mask_record(call, form, values) == 0)
        return;
    mem_wipe(*values, strlen(*values));
    x_free(values);
    *values = x_strdup("{}");
}
