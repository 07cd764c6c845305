/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOOK_OPS_H
#define BOOK_OPS_H
/* Operations, roles and states by number and word; the same on both sides of the ledger's socket.
 */
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "text/msg.h"
enum role {
#define ROLE(name, word, ar, en) ROLE_##name,
#include "book/roles.def"
#undef ROLE
    ROLE_COUNT
};
enum request_state {
#define STATE(name, word, ar, en, who, next) STATE_##name,
#include "book/states.def"
#undef STATE
    STATE_COUNT
};
enum operation {
#define OPERATION(name, wire, roles, scope, mode, handler) OP_##name,
#include "book/operations.def"
#undef OPERATION
    OP_COUNT
};
enum op_scope { SCOPE_NONE, SCOPE_SELF, SCOPE_CENTRE, SCOPE_WIDE, SCOPE_ALL };
enum op_mode { MODE_READ, MODE_TRACED, MODE_WRITE, MODE_REPEAT, MODE_AUTH };
struct op_row {
    const char *wire;
    uint32_t roles; /* bit 1<<role */
    enum op_scope scope;
    enum op_mode mode;
};
const struct op_row *op_row(enum operation op);
SND_MUST int op_find(const char *wire, enum operation *out); /* SND_E_NOTFOUND */
int op_allows(enum operation op, enum role role);            /* 1 or 0: the permission matrix */
const char *role_word(enum role role);
const char *role_name(enum role role, enum lang lang);
SND_MUST int role_find(const char *word, enum role *out);
const char *state_word(enum request_state state);
const char *state_name(enum request_state state, enum lang lang);
SND_MUST int state_find(const char *word, enum request_state *out);
int state_may_become(enum request_state from, enum request_state to);
#endif
