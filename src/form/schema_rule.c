/* SPDX-License-Identifier: Apache-2.0
 * Conditions of a form as JSON Schemas. A condition is true, false or open (a field that it looks
 * at is empty), so there are two translations of each: the records for which it is true and those
 * for which it is false. Most conditions ask one thing of one field; those become what the field's
 * value must look like. Comparisons of two fields and of days are left out: NULL. */
#include <string.h>
#include "base/mem.h"
#include "form/kind_priv.h"
#include "form/schema_priv.h"

#define PATTERN_MAX 4096

static struct json *of(const char *word, struct json *value)
{
    struct json *made = json_new_object();
    json_put(made, word, value);
    return made;
}

struct json *schema_pattern(const char *pattern)
{
    char *whole = x_printf("^(?:%s)$", pattern);
    struct json *made = json_new_object();
    json_put_text(made, "pattern", whole);
    x_free(&whole);
    return made;
}

static struct json *negate(struct json *schema, int truth)
{
    return !schema || truth ? schema : of("not", schema);
}

/* The field that an expression is, or -1. */
static int field_of(const struct expr *expr, int self)
{
    if (expr->step != expr_step_field)
        return -1;
    return expr->field < 0 ? self : expr->field;
}

static int opposite(int relation)
{
    static const int other[] = {
        [RELATION_EQ] = RELATION_NE, [RELATION_NE] = RELATION_EQ, [RELATION_LT] = RELATION_GE,
        [RELATION_LE] = RELATION_GT, [RELATION_GT] = RELATION_LE, [RELATION_GE] = RELATION_LT};
    return other[relation];
}

static struct json *value_const(const struct expr *expr, int truth)
{
    struct json *is = json_new_object();
    json_put_text(is, "const", expr->arg[1]->text);
    return negate(is, (expr->relation == RELATION_EQ) == truth);
}

/* A literal that is a whole number from 0 up: 1 and *out. */
static int whole_number(const struct expr *expr, int64_t *out)
{
    if (expr->step != expr_step_number)
        return 0;
    *out = (int64_t)expr->number;
    double rest = expr->number - (double)*out;
    return rest < 1e-9 && rest > -1e-9;
}

static struct json *value_bound(const struct expr *expr, int truth)
{
    struct buf pattern = BUF_INIT(PATTERN_MAX);
    int relation = truth ? expr->relation : opposite(expr->relation);
    int64_t bound;
    if (relation == RELATION_EQ || relation == RELATION_NE || !whole_number(expr->arg[1], &bound))
        return NULL;
    schema_number(relation, bound, &pattern);
    struct json *made = schema_pattern(buf_text(&pattern));
    buf_free(&pattern);
    return made;
}

/* string-length() of a field that is not empty. */
static struct json *value_length(const struct expr *expr, int truth)
{
    int relation = truth ? expr->relation : opposite(expr->relation);
    int64_t bound;
    if (relation == RELATION_NE || !whole_number(expr->arg[1], &bound))
        return NULL;
    struct json *made = json_new_object();
    if (relation == RELATION_EQ || relation == RELATION_GE || relation == RELATION_GT)
        json_put_int(made, "minLength", bound + (relation == RELATION_GT));
    if (relation == RELATION_EQ || relation == RELATION_LE || relation == RELATION_LT)
        json_put_int(made, "maxLength", bound - (relation == RELATION_LT && bound > 0));
    return made;
}

static struct json *value_place(const struct form *form, const struct expr *expr, int field)
{
    const struct choices *choices = form->field[field].choices;
    struct json *list = json_new_array();
    for (size_t i = 0; choices && i < choices->count; i++)
        if (area_holds(expr->arg[1]->text, choices->item[i].value))
            json_push_text(list, choices->item[i].value);
    return of("enum", list);
}

static struct json *value_compare(const struct form *form, const struct expr *expr, int self,
                                  int truth, int *field)
{
    const struct expr *left = expr->arg[0], *right = expr->arg[1];
    int is_text = right->step == expr_step_text && *right->text;
    int is_equal = expr->relation == RELATION_EQ || expr->relation == RELATION_NE;
    if (left->step == expr_call_string_length) {
        *field = field_of(left->arg[0], self);
        return *field < 0 ? NULL : value_length(expr, truth);
    }
    *field = field_of(left, self);
    if (*field < 0)
        return NULL;
    if (is_text && is_equal)
        return value_const(expr, truth);
    if (kind_holds(form->field[*field].kind) == HOLDS_NUMBER)
        return value_bound(expr, truth);
    return NULL;
}

struct json *schema_value(const struct form *form, const struct expr *expr, int self, int truth,
                          int *field)
{
    if (expr->step == expr_call_not)
        return schema_value(form, expr->arg[0], self, !truth, field);
    if (expr->step == expr_step_compare)
        return value_compare(form, expr, self, truth, field);
    *field = expr->count > 0 ? field_of(expr->arg[0], self) : -1;
    if (*field < 0)
        return NULL;
    if (expr->step == expr_call_regex)
        return negate(schema_pattern(expr->arg[1]->text), truth);
    if (expr->step == expr_call_arabic)
        return negate(schema_pattern("[ \\u0620-\\u065F\\u0670-\\u06D3]*"), truth);
    if (expr->step == expr_call_in_area)
        return negate(value_place(form, expr, *field), truth);
    return NULL;
}

/* `= ''` and `!= ''`: whether there is a value at all. */
static struct json *when_there(const struct form *form, const struct expr *expr, int self,
                               int truth)
{
    int field = expr->step == expr_step_compare ? field_of(expr->arg[0], self) : -1;
    if (field < 0 || expr->arg[1]->step != expr_step_text || *expr->arg[1]->text)
        return NULL;
    struct json *keys = json_new_array();
    json_push_text(keys, form->field[field].key);
    return negate(of("required", keys), (expr->relation == RELATION_NE) == truth);
}

static struct json *when_both(const struct form *form, const struct expr *expr, int self, int truth)
{
    int all = (expr->step == expr_step_and) == truth;
    struct json *a = schema_when(form, expr->arg[0], self, truth);
    struct json *b = schema_when(form, expr->arg[1], self, truth);
    if (!a || !b) {
        json_free(&a);
        json_free(&b);
        return NULL;
    }
    struct json *list = json_new_array();
    json_push(list, a);
    json_push(list, b);
    return of(all ? "allOf" : "anyOf", list);
}

struct json *schema_when(const struct form *form, const struct expr *expr, int self, int truth)
{
    int field = -1;
    if (expr->step == expr_call_not)
        return schema_when(form, expr->arg[0], self, !truth);
    if (expr->step == expr_step_and || expr->step == expr_step_or)
        return when_both(form, expr, self, truth);
    struct json *made = when_there(form, expr, self, truth);
    if (made)
        return made;
    struct json *value = schema_value(form, expr, self, truth, &field);
    if (!value)
        return NULL;
    /* A text of no length is shorter than any: such a comparison is never open. */
    if (expr->step == expr_step_compare && expr->arg[0]->step == expr_call_string_length) {
        json_free(&value);
        return NULL;
    }
    struct json *keys = json_new_array();
    json_push_text(keys, form->field[field].key);
    made = of("properties", of(form->field[field].key, value));
    json_put(made, "required", keys);
    return made;
}
