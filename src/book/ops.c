/* SPDX-License-Identifier: Apache-2.0
 * The tables of operations, roles, states and deeds, made from their .def files. Nothing here
 * decides anything that those files don't say. */
#include "book/ops.h"
#include <assert.h>
#include <string.h>
#include "base/err.h"

#define R(name) (1u << ROLE_##name)
/* Every role that an account can have: all before CLI. */
#define ANYONE (R(CLI) - 1)

static const struct op_row ops[] = {
#define OPERATION(name, wire, roles, scope, mode, handler)                                         \
    [OP_##name] = {wire, roles, SCOPE_##scope, MODE_##mode},
#include "book/operations.def"
#undef OPERATION
};
static_assert(SND_COUNT(ops) == OP_COUNT, "a row for each operation");

static const struct role_row {
    const char *word;
    const char *name[LANG_COUNT];
    enum reach reach;
} roles[] = {
#define ROLE(name, word, ar, en, reach)                                                            \
    [ROLE_##name] = {word, {[LANG_AR] = ar, [LANG_EN] = en}, REACH_##reach},
#include "book/roles.def"
#undef ROLE
};
static_assert(SND_COUNT(roles) == ROLE_COUNT, "a row for each role");
static_assert(ROLE_CLI == 9, "nine roles may be given to an account, and come first");

static const struct state_row {
    const char *word;
    const char *name[LANG_COUNT];
    uint32_t waits; /* for these roles */
} states[] = {
#define CENTRES (R(CLERK) | R(OWNER))
#define STATE(name, word, ar, en, waits)                                                           \
    [STATE_##name] = {word, {[LANG_AR] = ar, [LANG_EN] = en}, waits},
#include "book/states.def"
#undef STATE
};
static const struct {
    enum request_state from, to;
    uint32_t roles;
} moves[] = {
#define MOVE(from, to, roles) {STATE_##from, STATE_##to, roles},
#define FOLLOW(state, next)
#include "book/moves.def"
#undef MOVE
#undef FOLLOW
};
static const struct {
    enum request_state state, next;
} follows[] = {
#define MOVE(from, to, roles)
#define FOLLOW(state, next) {STATE_##state, STATE_##next},
#include "book/moves.def"
#undef MOVE
#undef FOLLOW
};
static_assert(SND_COUNT(states) == STATE_COUNT, "a row for each state");

static const struct deed_row deeds[] = {
#define DEED(word, class, member, ar, en)                                                          \
    {word, DEED_##class, member, {[LANG_AR] = ar, [LANG_EN] = en}},
#include "book/deeds.def"
#undef DEED
};

static const struct member_row members[] = {
#define MEMBER(word, mask, ar, en) {word, MASK_##mask, {[LANG_AR] = ar, [LANG_EN] = en}},
#include "book/members.def"
#undef MEMBER
};

const struct op_row *op_row(enum operation op)
{
    snd_assert((unsigned)op < OP_COUNT);
    return &ops[op];
}

int op_find(const char *wire, enum operation *out)
{
    for (unsigned i = 0; i < OP_COUNT; i++)
        if (strcmp(ops[i].wire, wire) == 0) {
            *out = (enum operation)i;
            return 0;
        }
    return SND_E_NOTFOUND;
}

int op_allows(enum operation op, enum role role)
{
    snd_assert((unsigned)role < ROLE_COUNT);
    return (op_row(op)->roles >> role & 1u) != 0;
}

enum reach role_reach(enum role role)
{
    snd_assert((unsigned)role < ROLE_COUNT);
    return roles[role].reach;
}

char reach_letter(enum reach reach)
{
    static const char letters[] = {
#define REACH(name, letter) [REACH_##name] = letter,
#include "book/reaches.def"
#undef REACH
    };
    return letters[reach];
}

int role_needs_code(enum role role)
{
    static const uint32_t need = R(AGENCY) | R(GOV_SUP) | R(SUP) | R(AUDITOR) | R(ADMIN);
    snd_assert((unsigned)role < ROLE_COUNT);
    return (need >> role & 1u) != 0;
}

const char *role_word(enum role role)
{
    snd_assert((unsigned)role < ROLE_COUNT);
    return roles[role].word;
}

const char *role_name(enum role role, enum lang lang)
{
    snd_assert((unsigned)role < ROLE_COUNT && (unsigned)lang < LANG_COUNT);
    return roles[role].name[lang];
}

int role_find(const char *word, enum role *out)
{
    for (unsigned i = 0; i < ROLE_COUNT; i++)
        if (strcmp(roles[i].word, word) == 0) {
            *out = (enum role)i;
            return 0;
        }
    return SND_E_NOTFOUND;
}

const char *state_word(enum request_state state)
{
    snd_assert((unsigned)state < STATE_COUNT);
    return states[state].word;
}

const char *state_name(enum request_state state, enum lang lang)
{
    snd_assert((unsigned)state < STATE_COUNT && (unsigned)lang < LANG_COUNT);
    return states[state].name[lang];
}

int state_find(const char *word, enum request_state *out)
{
    for (unsigned i = 0; i < STATE_COUNT; i++)
        if (strcmp(states[i].word, word) == 0) {
            *out = (enum request_state)i;
            return 0;
        }
    return SND_E_NOTFOUND;
}

const struct deed_row *deed_find(const char *word)
{
    for (size_t i = 0; i < SND_COUNT(deeds); i++)
        if (strcmp(deeds[i].word, word) == 0)
            return &deeds[i];
    return NULL;
}

const struct member_row *member_find(const char *name)
{
    for (size_t i = 0; i < SND_COUNT(members); i++)
        if (strcmp(members[i].word, name) == 0)
            return &members[i];
    return NULL;
}

int state_may_become(enum request_state from, enum request_state to)
{
    for (size_t i = 0; i < SND_COUNT(moves); i++)
        if (moves[i].from == from && moves[i].to == to)
            return 1;
    return 0;
}

int state_may_move(enum request_state from, enum request_state to, enum role role)
{
    snd_assert((unsigned)role < ROLE_COUNT);
    for (size_t i = 0; i < SND_COUNT(moves); i++)
        if (moves[i].from == from && moves[i].to == to)
            return role == ROLE_CLI || (moves[i].roles >> role & 1u) != 0;
    return 0;
}

int state_follow(enum request_state state, enum request_state *next)
{
    for (size_t i = 0; i < SND_COUNT(follows); i++)
        if (follows[i].state == state) {
            *next = follows[i].next;
            return 1;
        }
    return 0;
}

int state_waits(enum request_state state, enum role role)
{
    snd_assert((unsigned)state < STATE_COUNT && (unsigned)role < ROLE_COUNT);
    return (states[state].waits >> role & 1u) != 0;
}
