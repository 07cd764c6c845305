/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOOK_OVERSIGHT_H
#define BOOK_OVERSIGHT_H
/* What supervisors note about centres: findings at a centre, each of a kind of violation; meetings
 * of a governorate's centres; and issues, which centres raise too, with who is to solve each and
 * how. */
#include "book/book.h"

#define OVERSIGHT_TEXT 1024
#define OVERSIGHT_PAGE 25
#define OVERSIGHT_MOST 1000 /* rows that are read of a list */
enum book_oversight_kind { BOOK_ISSUES, BOOK_MEETINGS, BOOK_FINDINGS, BOOK_OVERSIGHT_KINDS };
struct book_oversight {
    struct id id;
    char place[16];      /* a centre, or a governorate */
    char code[16];       /* of a finding: the violation */
    int32_t day, closed; /* closed: of an issue; 0 = open */
    uint32_t n, rev;     /* n: cases of a finding */
    int64_t at;
    const char *words, *answer;   /* in the arena; answer: an issue's solution */
    char owner[128], account[48]; /* owner: who is to solve it; account: who noted it */
};
/* finding.add, meeting.add, issue.raise: text place, text violation, i64 day, u32 cases, text words
 * -> nothing. SND_E_INVALID: no such place, violation or day, or words of less than
 * BOOK_REASON_LEAST letters; SND_E_NOTFOUND: a place out of reach. A centre's people name their own
 * centre. */
SND_MUST int book_oversight_add(struct book *book, enum book_oversight_kind kind,
                                const struct book_oversight *row);
/* issue.answer: id, u32 rev, text owner, text solution, i64 closed -> nothing. SND_E_CONFLICT:
 * somebody was first; SND_E_INVALID: an end without a solution, or a day to come. */
SND_MUST int book_issue_answer(struct book *book, const struct book_oversight *row);
/* finding.list, meeting.list, issue.list: i64 day, id (of the last row seen; zeros = from the
 * newest), text place ("" = all within reach) -> u32 count, {id, text place, text violation, i64
 * day, u32 cases, text words, text account, i64 at, text owner, text solution, i64 closed, u32
 * rev}; in pages, joined here. Long numbers in the words are masked for auditors. */
SND_MUST int book_oversight_list(struct book *book, enum book_oversight_kind kind,
                                 const char *place, struct arena *arena,
                                 struct book_oversight **out, size_t *count);
/* finding.count: text by ("code", "centre", "governorate"), i64 from, i64 to -> u32 count, {text
 * code, i64 findings, i64 cases}. SND_E_BAD for another word. */
struct book_findings {
    char code[16];
    int64_t findings, cases;
};
SND_MUST int book_finding_count(struct book *book, const char *by, int32_t from, int32_t to,
                                struct arena *arena, struct book_findings **out, size_t *count);
/* violation.list -> u32 count, {text code, text ar, text en, text severity}: as they are
 * registered. */
struct book_violation {
    char code[16], severity[64];
    const char *name[LANG_COUNT]; /* in the arena */
};
SND_MUST int book_violation_list(struct book *book, struct arena *arena,
                                 struct book_violation **out, size_t *count);
#endif
