/* SPDX-License-Identifier: Apache-2.0
 * Runs an expression: walks the tree, each node by its step. It is run at every change of a field,
 * so it allocates nothing; the few texts that are made on the way live in the run itself.
 * Logic has three values: a comparison with an empty field is open (VALUE_EMPTY), as in SQL. So a
 * rule about a field that isn't filled yet says nothing, whichever way it is written. */
#include "form/expr_priv.h"
#include <ctype.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "form/kind_priv.h"

static const struct value empty = {.kind = VALUE_EMPTY};

struct value value_number(double number)
{
    /* Out of all sense, not a number: empty, like a field that can't be read. */
    if (!(number > -1e15 && number < 1e15))
        return empty;
    return (struct value){.kind = VALUE_NUMBER, .number = number};
}

struct value value_bool(int truth)
{
    return (struct value){.kind = VALUE_BOOL, .number = truth != 0};
}

struct value value_day(int32_t day)
{
    /* 1900 to 2200: what the calendars know. */
    if (day < -25567 || day > 84370)
        return empty;
    return (struct value){.kind = VALUE_DAY, .day = day};
}

struct value value_text(struct run *run, const char *text, size_t len)
{
    if (len >= sizeof run->scratch - run->used)
        return empty;
    char *copy = run->scratch + run->used;
    memcpy(copy, text, len);
    copy[len] = '\0';
    run->used += len + 1;
    return (struct value){.kind = VALUE_TEXT, .text = copy};
}

int value_verdict(struct value value)
{
    if (value.kind == VALUE_EMPTY)
        return -1;
    if (value.kind == VALUE_TEXT)
        return value.text[0] != '\0';
    return value.kind == VALUE_DAY || value.number != 0;
}

/* Stored numbers are ASCII: sign, digits, point, digits. */
static int text_number(const char *text, double *out)
{
    const char *at = text + (*text == '-');
    double number = 0, unit = 1;
    if (!isdigit((unsigned char)*at) || strlen(at) > 18)
        return 0;
    while (isdigit((unsigned char)*at))
        number = number * 10 + (*at++ - '0');
    if (*at == '.' && isdigit((unsigned char)at[1]))
        for (at++; isdigit((unsigned char)*at); at++) {
            number = number * 10 + (*at - '0');
            unit *= 10;
        }
    *out = (*text == '-' ? -number : number) / unit;
    return *at == '\0';
}

int value_to_number(struct value value, double *out)
{
    *out = value.kind == VALUE_DAY ? value.day : value.number;
    if (value.kind == VALUE_TEXT)
        return text_number(value.text, out);
    return value.kind != VALUE_EMPTY;
}

int value_to_day(struct value value, int32_t *out)
{
    *out = value.day;
    if (value.kind == VALUE_TEXT)
        return clock_day_parse(value.text, out) == 0;
    return value.kind == VALUE_DAY;
}

void number_write(double number, char *out, size_t size)
{
    if (str_format(out, size, "%.3f", number) != 0)
        return;
    char *end = out + strlen(out);
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        *--end = '\0';
    if (strcmp(out, "-0") == 0)
        (void)str_copy(out, size, "0");
}

const char *value_to_text(struct run *run, struct value value)
{
    char made[40] = "";
    if (value.kind == VALUE_TEXT)
        return value.text;
    if (value.kind == VALUE_DAY)
        clock_day_text(value.day, made);
    if (value.kind == VALUE_NUMBER)
        number_write(value.number, made, sizeof made);
    if (value.kind == VALUE_BOOL)
        (void)str_copy(made, sizeof made, value.number != 0 ? "yes" : "no");
    struct value kept = value_text(run, made, strlen(made));
    return kept.kind == VALUE_TEXT ? kept.text : "";
}

struct value expr_run(struct run *run, const struct expr *node)
{
    return node->step(run, node);
}

struct value expr_step_text(struct run *run, const struct expr *node)
{
    (void)run;
    return (struct value){.kind = VALUE_TEXT, .text = node->text};
}

struct value expr_step_number(struct run *run, const struct expr *node)
{
    (void)run;
    return value_number(node->number);
}

/* What a field holds, by its kind. What can't be read as its kind counts as empty: the kind's own
 * rule speaks of it. */
struct value expr_step_field(struct run *run, const struct expr *node)
{
    int index = node->field < 0 ? run->self : node->field;
    const char *text = index < 0 ? NULL : run->record->value[index];
    struct value value = {.kind = VALUE_TEXT, .text = text};
    if (!text || !*text)
        return empty;
    enum kind_holds holds = kind_holds(run->record->form->field[index].kind);
    double number;
    int32_t day;
    if (holds == HOLDS_NUMBER)
        return text_number(text, &number) ? value_number(number) : empty;
    if (holds == HOLDS_DAY)
        return clock_day_parse(text, &day) == 0 ? value_day(day) : empty;
    return value;
}

/* Below a millionth two numbers are the same: 0.1 + 0.2 is 0.3. */
static int order(double a, double b)
{
    double difference = a - b;
    if (difference > -5e-7 && difference < 5e-7)
        return 0;
    return difference < 0 ? -1 : 1;
}

/* Compares two values that aren't empty: 1 and *out below, at or above 0, or 0 = they can't be. */
static int compare(struct value a, struct value b, int *out)
{
    int32_t day_a, day_b;
    double number_a, number_b;
    if (a.kind == VALUE_DAY || b.kind == VALUE_DAY) {
        *out = 0;
        if (!value_to_day(a, &day_a) || !value_to_day(b, &day_b))
            return 0;
        *out = (day_a > day_b) - (day_a < day_b);
        return 1;
    }
    if (a.kind == VALUE_TEXT && b.kind == VALUE_TEXT) {
        *out = strcmp(a.text, b.text);
        return 1;
    }
    if (!value_to_number(a, &number_a) || !value_to_number(b, &number_b))
        return 0;
    *out = order(number_a, number_b);
    return 1;
}

static int holds(int relation, int order)
{
    switch (relation) {
    case RELATION_EQ:
        return order == 0;
    case RELATION_NE:
        return order != 0;
    case RELATION_LT:
        return order < 0;
    case RELATION_LE:
        return order <= 0;
    case RELATION_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static int is_nothing(struct value value)
{
    return value.kind == VALUE_EMPTY || (value.kind == VALUE_TEXT && !*value.text);
}

struct value expr_step_compare(struct run *run, const struct expr *node)
{
    struct value a = expr_run(run, node->arg[0]);
    struct value b = expr_run(run, node->arg[1]);
    int result;
    /* `= ''` and `!= ''` ask whether something stands there: the one comparison that is never open.
     */
    if ((a.kind == VALUE_TEXT && !*a.text) || (b.kind == VALUE_TEXT && !*b.text))
        return value_bool(holds(node->relation, is_nothing(a) && is_nothing(b) ? 0 : 1));
    if (a.kind == VALUE_EMPTY || b.kind == VALUE_EMPTY || !compare(a, b, &result))
        return empty;
    return value_bool(holds(node->relation, result));
}

struct value expr_step_and(struct run *run, const struct expr *node)
{
    int a = value_verdict(expr_run(run, node->arg[0]));
    int b = a == 0 ? 0 : value_verdict(expr_run(run, node->arg[1]));
    if (a == 0 || b == 0)
        return value_bool(0);
    return a < 0 || b < 0 ? empty : value_bool(1);
}

struct value expr_step_or(struct run *run, const struct expr *node)
{
    int a = value_verdict(expr_run(run, node->arg[0]));
    int b = a == 1 ? 1 : value_verdict(expr_run(run, node->arg[1]));
    if (a == 1 || b == 1)
        return value_bool(1);
    return a < 0 || b < 0 ? empty : value_bool(0);
}

/* Both arguments as numbers; 0 when one is empty or none. */
static int both(struct run *run, const struct expr *node, double *a, double *b)
{
    return value_to_number(expr_run(run, node->arg[0]), a) &&
           value_to_number(expr_run(run, node->arg[1]), b);
}

/* Day + number, day - number, day - day; otherwise plain numbers. */
static struct value sum(struct run *run, const struct expr *node, int sign)
{
    struct value a = expr_run(run, node->arg[0]);
    struct value b = expr_run(run, node->arg[1]);
    double x, y;
    if (!value_to_number(a, &x) || !value_to_number(b, &y))
        return empty;
    double total = x + sign * y;
    if (a.kind == VALUE_DAY && b.kind != VALUE_DAY && total > -1e6 && total < 1e6)
        return value_day((int32_t)total);
    return value_number(total);
}

struct value expr_step_add(struct run *run, const struct expr *node)
{
    return sum(run, node, 1);
}

struct value expr_step_subtract(struct run *run, const struct expr *node)
{
    return sum(run, node, -1);
}

struct value expr_step_multiply(struct run *run, const struct expr *node)
{
    double a, b;
    return both(run, node, &a, &b) ? value_number(a * b) : empty;
}

struct value expr_step_divide(struct run *run, const struct expr *node)
{
    double a, b;
    return both(run, node, &a, &b) && order(b, 0) != 0 ? value_number(a / b) : empty;
}

/* The remainder has the sign of the first, as in XPath. */
struct value expr_step_modulo(struct run *run, const struct expr *node)
{
    double a, b;
    if (!both(run, node, &a, &b) || order(b, 0) == 0)
        return empty;
    return value_number(a - b * (double)(int64_t)(a / b));
}

struct value expr_step_negate(struct run *run, const struct expr *node)
{
    double a;
    return value_to_number(expr_run(run, node->arg[0]), &a) ? value_number(-a) : empty;
}

int expr_verdict(const struct expr *expr, const struct record *record, int self,
                 const struct rule_day *day)
{
    struct run run;
    run.record = record;
    run.self = self;
    run.day = day;
    run.used = 0;
    return value_verdict(expr_run(&run, expr));
}

int expr_true(const struct expr *expr, const struct record *record, int self,
              const struct rule_day *day)
{
    return expr_verdict(expr, record, self, day) == 1;
}

void expr_text(const struct expr *expr, const struct record *record, int self,
               const struct rule_day *day, struct buf *out)
{
    struct run run;
    run.record = record;
    run.self = self;
    run.day = day;
    run.used = 0;
    buf_puts(out, value_to_text(&run, expr_run(&run, expr)));
}
