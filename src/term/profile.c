/* SPDX-License-Identifier: Apache-2.0 */
/* Which terminal it is. Nothing waits for the answers: the first picture is painted by what the SSH
 * client and TERM say, and once more if the answers say otherwise. Only questions of the form CSI
 * are sent, which every terminal that was tried swallows; a device that is no more than a VT100 is
 * not asked. Answers are the client's words: bounded, kept as text, and used for nothing but to
 * look up terminals.def. */
#include "term/profile.h"
#include <fnmatch.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"

/* XTVERSION, DA2, DECRQM 8, DECRQM ?77096, and DA1 last, which all answer. */
#define QUESTIONS "\033[>q\033[>c\033[8$p\033[?77096$p" TERMINAL_ECHO

enum { KEEPS_MARKS = 1, HIDES = 2, IN_LATIN = 4, FEW = 8 };
enum { ASK, KNOWN };

static const struct profile_row profiles[] = {
#define PROFILE(name, word, turning, begin, end, more)                                             \
    {word, turning, begin, end, (more)&KEEPS_MARKS, (more)&HIDES, (more)&IN_LATIN, (more)&FEW},
#include "term/profiles.def"
#undef PROFILE
};

static const struct {
    enum fact fact;
    const char *pattern;
    enum profile profile;
    int known;
} terminals[] = {
#define TERMINAL(fact, pattern, profile, known) {FACT_##fact, pattern, PROFILE_##profile, known},
#include "term/terminals.def"
#undef TERMINAL
};

const struct profile_row *profile_row(enum profile profile)
{
    return &profiles[profile];
}

int profile_find(const char *word, enum profile *out)
{
    for (size_t i = 0; i < SND_COUNT(profiles); i++) {
        if (strcmp(profiles[i].word, word) == 0) {
            *out = (enum profile)i;
            return 0;
        }
    }
    return SND_E_NOTFOUND;
}

/* What is too long or not plain text is no fact. Each is told once. */
static int keep(struct terminal *terminal, enum fact fact, const char *text, size_t len)
{
    char *kept = terminal->fact[fact];

    if (kept[0] != '\0' || len == 0 || len >= FACT_SIZE)
        return 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < 0x20 || text[i] > 0x7e)
            return 0;
    }
    memcpy(kept, text, len);
    kept[len] = '\0';
    return 1;
}

void terminal_begin(struct terminal *terminal, const char *banner, const char *term)
{
    *terminal = (struct terminal){0};
    (void)keep(terminal, FACT_BANNER, banner, strlen(banner));
    (void)keep(terminal, FACT_TERM, term, strlen(term));
}

const char *terminal_questions(const struct terminal *terminal)
{
    static const char *const silent[] = {"vt52*", "vt100*", "vt102*", "dumb*", "ansi*", "unknown"};

    for (size_t i = 0; i < SND_COUNT(silent); i++) {
        if (fnmatch(silent[i], terminal->fact[FACT_TERM], 0) == 0)
            return "";
    }
    return QUESTIONS;
}

int terminal_answer(struct terminal *terminal, const char *reply)
{
    static const struct {
        const char *before, *after;
        enum fact fact;
    } forms[] = {
        {"P>|", "", FACT_XTVERSION},
        {"[>", "c", FACT_DA2},
        {"[8;", "$y", FACT_MODE_8},
        {"[?77096;", "$y", FACT_MODE_77096},
    };
    size_t len = strlen(reply);

    for (size_t i = 0; i < SND_COUNT(forms); i++) {
        size_t before = strlen(forms[i].before), after = strlen(forms[i].after);

        if (len > before + after && strncmp(reply, forms[i].before, before) == 0 &&
            strcmp(reply + len - after, forms[i].after) == 0)
            return keep(terminal, forms[i].fact, reply + before, len - before - after);
    }
    if (terminal_echoed(reply) && !terminal->answered)
        return terminal->answered = 1;
    return 0;
}

int terminal_echoed(const char *reply)
{
    return strncmp(reply, "[?", 2) == 0 && reply[strlen(reply) - 1] == 'c';
}

enum profile terminal_profile(const struct terminal *terminal, int *known)
{
    for (size_t i = 0; i < SND_COUNT(terminals); i++) {
        const char *fact = terminal->fact[terminals[i].fact];

        if (fact[0] != '\0' && fnmatch(terminals[i].pattern, fact, 0) == 0) {
            *known = terminals[i].known;
            return terminals[i].profile;
        }
    }
    *known = 0;
    return PROFILE_PLAIN;
}

void terminal_print(const struct terminal *terminal, char out[TERMINAL_PRINT])
{
    int cut = str_format(out, TERMINAL_PRINT, "%s|%s|%s|%s", terminal->fact[FACT_BANNER],
                         terminal->fact[FACT_TERM], terminal->fact[FACT_DA2],
                         terminal->fact[FACT_XTVERSION]);
    snd_assert(cut == 0);
}
