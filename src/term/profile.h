/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TERM_PROFILE_H
#define TERM_PROFILE_H
/* Which terminal is at the other end, and how it is to be treated. Pure: what is sent and what
 * comes back passes through whoever runs the session. */
#include "base/attr.h"
#include "text/turn.h"

enum profile {
#define PROFILE(name, word, turning, begin, end, more) PROFILE_##name,
#include "term/profiles.def"
#undef PROFILE
    PROFILES,
};
struct profile_row {
    const char *word;
    enum turning turning;
    const char *begin, *end;
    int keeps_marks, hides, latin, few;
};
const struct profile_row *profile_row(enum profile profile);
/* 0, or SND_E_NOTFOUND. */
SND_MUST int profile_find(const char *word, enum profile *out);

/* What is known of a terminal: facts by name, "" = not said. */
#define FACT_SIZE 64
enum fact { FACT_BANNER, FACT_TERM, FACT_DA2, FACT_XTVERSION, FACT_MODE_8, FACT_MODE_77096, FACTS };
struct terminal {
    char fact[FACTS][FACT_SIZE];
    int answered; /* DA1 came, the last of the answers */
};
/* banner: of the SSH client, "" on a local terminal. Both may hold anything. */
void terminal_begin(struct terminal *terminal, const char *banner, const char *term);
/* The questions, one write, to be sent before the first picture; "" when this terminal must not be
 * asked. Answers come by keys_reply(), in any order, late or never. */
const char *terminal_questions(const struct terminal *terminal);
/* Takes one answer (keys_reply()): 1 when it was one of ours. Each is taken once. */
int terminal_answer(struct terminal *terminal, const char *reply);
/* The shortest question that every terminal answers at once, for the time that this takes; what
 * terminal_questions() begins with must not have been "". / 1 when the reply answers it. */
#define TERMINAL_ECHO "\033[c"
int terminal_echoed(const char *reply);
/* How to treat it, by what is known so far; *known = 0: somebody should be asked. */
enum profile terminal_profile(const struct terminal *terminal, int *known);
/* What to remember it by: the same for the same client, TERM and answers. */
#define TERMINAL_PRINT (FACTS * FACT_SIZE)
void terminal_print(const struct terminal *terminal, char out[TERMINAL_PRINT]);
#endif
