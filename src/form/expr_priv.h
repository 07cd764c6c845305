/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_EXPR_PRIV_H
#define FORM_EXPR_PRIV_H
/* What expr_read.c builds and expr.c runs: a tree of nodes. */
#include "form/expr.h"
#include "form/pattern_priv.h"
#include "form/record.h"

enum type { TYPE_ANY, TYPE_TEXT, TYPE_NUMBER, TYPE_BOOL, TYPE_DAY };

/* A value while an expression runs. Text is borrowed: from the record, the tree or the run. */
enum value_kind { VALUE_EMPTY, VALUE_TEXT, VALUE_NUMBER, VALUE_BOOL, VALUE_DAY };
struct value {
    enum value_kind kind;
    double number; /* VALUE_NUMBER; also 0 or 1 of VALUE_BOOL */
    int32_t day;
    const char *text;
};
/* What one run looks at, and room for the texts that it makes. */
struct run {
    const struct record *record;
    int self;
    const struct rule_day *day;
    size_t used;
    char scratch[1536];
};
typedef struct value expr_step(struct run *run, const struct expr *node);

#define EXPR_ARGS 8
struct expr {
    expr_step *step; /* what the node does */
    enum type type;  /* what it gives */
    double number;   /* of a literal */
    const char *text;
    int field;             /* of ${key}; -1 = `.` */
    int relation;          /* of a comparison: RELATION_* */
    struct pattern *regex; /* of regex(): compiled once */
    int count;             /* how many arguments */
    const struct expr *arg[EXPR_ARGS];
};

enum { RELATION_EQ, RELATION_NE, RELATION_LT, RELATION_LE, RELATION_GT, RELATION_GE };

/* Steps of expr.c. */
expr_step expr_step_text, expr_step_number, expr_step_field, expr_step_compare, expr_step_and,
    expr_step_or, expr_step_add, expr_step_subtract, expr_step_multiply, expr_step_divide,
    expr_step_modulo, expr_step_negate;
/* Steps of expr_calls.c: one a function. */
#define FUNCTION(name, word, least, most, type, args) expr_step expr_call_##name;
#include "form/functions.def"
#undef FUNCTION

/* Tools of expr.c for expr_calls.c. */
struct value expr_run(struct run *run, const struct expr *node);
struct value value_number(double number);
struct value value_bool(int truth);
struct value value_day(int32_t day);
/* Copies a text into the run; empty when it is full. */
struct value value_text(struct run *run, const char *text, size_t len);
int value_verdict(struct value value);
int value_to_number(struct value value, double *out); /* 1 = it is one */
int value_to_day(struct value value, int32_t *out);
/* Its text, made in the run when need be; "" for an empty one. */
const char *value_to_text(struct run *run, struct value value);
/* Number -> text with at most three decimals, no trailing zeros. */
void number_write(double number, char *out, size_t size);
#endif
