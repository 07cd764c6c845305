/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_SCHEMA_PRIV_H
#define FORM_SCHEMA_PRIV_H
/* Expressions as JSON Schemas. NULL where a schema can't say what an expression says. */
#include "base/buf.h"
#include "form/expr_priv.h"
#include "form/schema.h"
/* Records for which a condition is true (truth 1) or false (0), not open. `.` is the field `self`. */
struct json *schema_when(const struct form *form, const struct expr *expr, int self, int truth);
/* The same when the condition is about one field alone and nothing of it is open: values of that
 * field, whose index goes to *field. */
struct json *schema_value(const struct form *form, const struct expr *expr, int self, int truth,
                          int *field);
/* {"pattern": "^(?:...)$"} */
struct json *schema_pattern(const char *pattern);
/* Stored numbers that stand in that relation to a whole number from 0 up, as a pattern; the relation
 * is none of = and !=. */
void schema_number(int relation, int64_t bound, struct buf *out);
#endif
