/* SPDX-License-Identifier: Apache-2.0
 * The ledger's part of the screens of oversight, as a stand-in: one violation, one row of each
 * kind.
 */
#include <string.h>
#include "base/err.h"
#include "book/oversight.h"

#define UNUSED(argument) (void)(argument)

int book_oversight_list(struct book *book, enum book_oversight_kind kind, const char *place,
                        struct arena *arena, struct book_oversight **out, size_t *count)
{
    static const struct book_oversight row = {.place = "DA01-003",
                                              .code = "V05",
                                              .day = 17545,
                                              .n = 2,
                                              .rev = 1,
                                              .words = "لم يعط إيصالا",
                                              .answer = "",
                                              .account = "nasser"};
    UNUSED(book);
    UNUSED(kind);
    UNUSED(place);
    *out = arena_alloc(arena, sizeof row);
    memcpy(*out, &row, sizeof row);
    *count = 1;
    return 0;
}

int book_oversight_add(struct book *book, enum book_oversight_kind kind,
                       const struct book_oversight *row)
{
    UNUSED(book);
    UNUSED(kind);
    return strcmp(row->place, "DA01-003") == 0 ? 0 : SND_E_NOTFOUND;
}

int book_issue_answer(struct book *book, const struct book_oversight *row)
{
    UNUSED(book);
    return row->rev == 1 ? 0 : SND_E_CONFLICT;
}

int book_finding_count(struct book *book, const char *by, int32_t from, int32_t to,
                       struct arena *arena, struct book_findings **out, size_t *count)
{
    UNUSED(book);
    UNUSED(from);
    UNUSED(to);
    *out = arena_alloc(arena, sizeof **out);
    **out = (struct book_findings){.findings = 1, .cases = 2};
    (void)str_copy((*out)->code, sizeof(*out)->code, strcmp(by, "code") == 0 ? "V05" : "DA01-003");
    *count = 1;
    return 0;
}

int book_violation_list(struct book *book, struct arena *arena, struct book_violation **out,
                        size_t *count)
{
    UNUSED(book);
    *out = arena_alloc(arena, sizeof **out);
    **out = (struct book_violation){.code = "V05", .name = {"عدم إعطاء إيصال", "No receipt given"}};
    *count = 1;
    return 0;
}
