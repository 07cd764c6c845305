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
#define ROLE(name, word, ar, en, reach) ROLE_##name,
#include "book/roles.def"
#undef ROLE
    ROLE_COUNT
};
/* Whose requests a role reaches where an operation's scope is WIDE. */
enum reach {
#define REACH(name, letter) REACH_##name,
#include "book/reaches.def"
#undef REACH
    REACHES
};
enum request_state {
#define STATE(name, word, ar, en, waits) STATE_##name,
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
enum op_scope { SCOPE_NONE, SCOPE_SELF, SCOPE_CENTRE, SCOPE_WIDE, SCOPE_AREA, SCOPE_ALL };
enum op_mode { MODE_READ, MODE_TRACED, MODE_WRITE, MODE_REPEAT, MODE_AUTH };
enum deed_class { DEED_SECURITY, DEED_WORK, DEED_SIGHT };
struct deed_row {
    const char *word;
    enum deed_class class;
    const char *member; /* of the payload: what it says in short, "" = nothing */
    const char *name[LANG_COUNT];
};
enum member_mask { MASK_PLAIN, MASK_TAIL, MASK_WORDS, MASK_HIDDEN, MASK_NEVER };
struct member_row {
    const char *word;
    enum member_mask mask;
    const char *name[LANG_COUNT];
};
struct op_row {
    const char *wire;
    uint32_t roles; /* bit 1<<role */
    enum op_scope scope;
    enum op_mode mode;
};
const struct op_row *op_row(enum operation op);
SND_MUST int op_find(const char *wire, enum operation *out); /* SND_E_NOTFOUND */
int op_allows(enum operation op, enum role role);            /* 1 or 0: the permission matrix */
enum reach role_reach(enum role role);
char reach_letter(enum reach reach); /* in the table of permissions */
int role_needs_code(enum role role); /* 1: a code by time, however it logs in */
const char *role_word(enum role role);
const char *role_name(enum role role, enum lang lang);
SND_MUST int role_find(const char *word, enum role *out);
const char *state_word(enum request_state state);
const char *state_name(enum request_state state, enum lang lang);
SND_MUST int state_find(const char *word, enum request_state *out);
/* A member of a payload, by its name: members.def. NULL for one that isn't there. */
const struct member_row *member_find(const char *name);
/* What kind of deed an event is, by its word: deeds.def. NULL for one that isn't there. */
const struct deed_row *deed_find(const char *word);
/* moves.def: whether that is a move at all / whether that role may make it. */
int state_may_become(enum request_state from, enum request_state to);
int state_may_move(enum request_state from, enum request_state to, enum role role);
/* What follows by itself: 1 and the next state, or 0. */
int state_follow(enum request_state state, enum request_state *next);
/* 1 when a request in that state stands in the list of work of that role. */
int state_waits(enum request_state state, enum role role);
#endif
