/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_ACT_H
#define UI_ACT_H
/* What can be done with a request by who looks at it: acts.def. */
#include "ui/ui_priv.h"
enum act_with {
    ACT_WORDS,
    ACT_REASON,
    ACT_DOCUMENTS,
    ACT_BROUGHT,
    ACT_FEE,
    ACT_OFFICER,
    ACT_TAKE,
    ACT_BACK,
    ACT_CORRECT
};
struct act {
    int digit;
    uint32_t roles;
    enum request_state to;
    enum act_with with;
    const char *name, *question, *done;
};
/* What the screen of an act is opened with; it is the opener's until that screen has closed. */
struct act_case {
    const struct act *act;
    const struct book_detail *detail;
};
/* The act of that digit that this person may do with the request now, or NULL. */
const struct act *act_of(const struct ui *ui, const struct book_detail *detail, int digit);
/* All of them in one row: "1 take it  2 documents"; "" when there is none. */
const char *act_words(struct ui *ui, const struct book_detail *detail);
/* The labels of documents by their keys (a space between), with a comma between, in the paint's
 * arena. */
const char *act_documents(struct ui *ui, const struct form *form, const char *keys);
#endif
