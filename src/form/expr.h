/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_EXPR_H
#define FORM_EXPR_H
/* Expressions of a form: the XLSForm subset. ${key}, `.`, numbers, 'text', and or, = != < <= > >=,
 * + - * div mod, and the functions of functions.def.
 * Values: empty, text, number, boolean, day. A comparison with an empty value is neither true nor
 * false but open (except with ''), and so is what and, or and not() make of it when it matters: an
 * open constraint is not broken, an open `relevant` hides, an open `required` asks for nothing. */
#include "base/buf.h"
#include "form/form.h"
struct record;
struct rule_day;
struct expr_fault {
    int column; /* from 1, in the expression's own text */
    const char *sentence;
};
/* Reads one; keys[] are those it may use. Lives in the arena, but for what expr_close() frees.
 * SND_E_BAD fills *fault. */
SND_MUST int expr_read(const char *text, const char *const *keys, size_t count, struct arena *arena,
                       const struct expr **out, struct expr_fault *fault);
/* Frees its compiled regular expressions; NULL is fine. */
void expr_close(const struct expr *expr);
/* Calls back for each field index that it looks at; `.` is -1. */
void expr_uses(const struct expr *expr, void (*each)(void *arg, int field), void *arg);
/* 1 when it says yes or no (a comparison, and, or, not(), selected() ...) rather than a value. */
int expr_is_condition(const struct expr *expr);
/* 1 true, 0 false, -1 open. `self` is the field that `.` means, or -1. */
int expr_verdict(const struct expr *expr, const struct record *record, int self,
                 const struct rule_day *day);
/* 1 when it is true, else 0. */
int expr_true(const struct expr *expr, const struct record *record, int self,
              const struct rule_day *day);
/* The value as stored text into out ("" = empty); numbers with at most three decimals. */
void expr_text(const struct expr *expr, const struct record *record, int self,
               const struct rule_day *day, struct buf *out);
#endif
