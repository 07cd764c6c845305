/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_OVERSIGHT_H
#define UI_OVERSIGHT_H
/* What the list of findings, meetings and issues hands to the screen of one of them. */
#include "book/oversight.h"
struct oversight_case {
    enum book_oversight_kind kind;
    const struct book_oversight *row; /* NULL = a new one */
    const struct book_violation *violation;
    size_t violations;
};
/* A violation's name in the language spoken; its code when it has none. */
const char *violation_name(const struct oversight_case *of, const char *code);
#endif
