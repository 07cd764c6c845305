/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_EXPR_H
#define FORM_EXPR_H
/* Expressions of a form: the XLSForm subset. ${key}, `.`, numbers, 'text', and or not, = != < <= >
 * >=, + - * div mod, if() selected() regex() string-length() count-selected() coalesce() today()
 * date-add (add-months(), add-days()), number(), concat(), min() max() round(), in-area().
 * Values: empty, text, number, boolean, day. Comparing with empty is false, except = ''. */
#include "form/form.h"
struct record;
struct rule_day;
struct expr_fault {
    int column; /* from 1, in the expression's own text */
    const char *sentence;
};
/* Reads one; names[] are the keys it may use. Lives in the arena. SND_E_BAD fills *fault. */
SND_MUST int expr_read(const char *text, const char *const *keys, size_t count, struct arena *arena,
                       const struct expr **out, struct expr_fault *fault);
/* Calls back for each field index that it looks at. */
void expr_uses(const struct expr *expr, void (*each)(void *arg, int field), void *arg);
/* 1 or 0. `self` is the field that `.` means, or -1. */
int expr_true(const struct expr *expr, const struct record *record, int self, const struct rule_day *day);
/* The value as stored text into out ("" = empty). */
void expr_text(const struct expr *expr, const struct record *record, int self, const struct rule_day *day, struct buf *out);
#endif
