/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_OVERSIGHT_H
#define STORE_OVERSIGHT_H
/* What supervisors note about centres: findings at a centre, coded to violations; meetings of a
 * governorate; and issues, raised by a centre or a supervisor, with who is to solve each and how.
 */
#include "store/store.h"

enum oversight_kind { OVERSIGHT_ISSUE, OVERSIGHT_MEETING, OVERSIGHT_FINDING, OVERSIGHT_KINDS };
#define OVERSIGHT_WORDS 1024
struct store_oversight {
    struct id id;
    enum oversight_kind kind;
    char place[16];      /* a centre, or a governorate */
    char code[16];       /* of a finding: the violation in the register */
    int32_t day, closed; /* closed: of an issue, the day; 0 = open */
    int64_t n, at, rev;  /* n: of a finding, how many cases of it */
    char words[OVERSIGHT_WORDS], answer[OVERSIGHT_WORDS]; /* answer: of an issue, its solution */
    char owner[128];                                      /* of an issue: who is to solve it */
    char account[48];                                     /* who noted it */
};
/* Events finding.noted, meeting.held, issue.raised. They go to the centre, or to all centres of
 * the governorate, those that join later too. SND_E_BAD: a place, code, day or number that can't
 * be, or a text that can't be stored. */
SND_MUST int store_oversight_add(struct store *store, const struct store_oversight *row,
                                 const struct store_actor *actor);
/* Event issue.listed: owner, answer and closed of the issue with that id become those of *row,
 * whose rev must still be the issue's: SND_E_CONFLICT. SND_E_NOTFOUND: none such within reach. */
SND_MUST int store_oversight_answer(struct store *store, const struct store_reach *reach,
                                    const struct store_oversight *row,
                                    const struct store_actor *actor);
/* Of a kind and a place ("" = all), the newest day first, after one of them (NULL = from the
 * first). */
SND_MUST int store_oversight_list(struct store *store, const struct store_reach *reach,
                                  enum oversight_kind kind, const char *place,
                                  const struct store_oversight *after, size_t max,
                                  struct arena *arena, struct store_oversight **out, size_t *count);
/* Findings of a period by "code", "centre" or "governorate" (SND_E_BAD for another word), in order
 * of that: how many, and cases in all. */
struct store_findings {
    char code[16];
    int64_t findings, cases;
};
SND_MUST int store_findings_count(struct store *store, const struct store_reach *reach,
                                  const char *by, int32_t from, int32_t to, struct arena *arena,
                                  struct store_findings **out, size_t *count);
#endif
