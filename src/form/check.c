/* SPDX-License-Identifier: Apache-2.0
 * Pass three: the form as a whole. The keys it names are fields of the right kind; a value that an
 * expression compares a choice with is in its list; the expressions have an order in which each
 * sees its inputs done. A slip here would otherwise only show when a clerk meets it. */
#include <string.h>
#include "form/expr_priv.h"
#include "form/kind_priv.h"
#include "form/read_priv.h"

/* Part of a field number. */
static const struct part *part_of(const struct reader *reader, int field)
{
    for (size_t i = 1; i < reader->parts; i++)
        if (reader->part[i].where == IN_FIELD && field-- == 0)
            return &reader->part[i];
    return &reader->part[0];
}

static void check_key(struct reader *reader, enum property property, enum field_kind kind)
{
    const struct said *said = &reader->part[0].said[property];
    int field = said->text ? form_field(reader->form, said->text) : 0;
    if (!said->text)
        return;
    if (field < 0)
        source_complain(&reader->source, said->line, said->column,
                        "Name a field of this form: there is no [field %s].", said->text);
    else if (reader->form->field[field].kind != kind)
        source_complain(&reader->source, said->line, said->column, "Name a field with `type = %s`.",
                        field_kind_word(kind));
}

/* --- values in expressions -------------------------------------------------------------------- */

/* One expression of a field, while it is judged. */
struct judged {
    struct reader *reader;
    const struct said *said;
    int self;
};

static int is_listed(enum field_kind kind)
{
    return kind == FIELD_CHOICE || kind == FIELD_YESNO || kind == FIELD_WILAYAT;
}

static enum type type_of(enum field_kind kind)
{
    static const enum type types[] = {
        [HOLDS_TEXT] = TYPE_TEXT, [HOLDS_NUMBER] = TYPE_NUMBER, [HOLDS_DAY] = TYPE_DAY};
    return types[kind_holds(kind)];
}

/* A field beside another value, in a comparison or in selected(). */
static void judge_pair(const struct judged *judged, const struct expr *a, const struct expr *b)
{
    if (a->step != expr_step_field)
        return;
    struct source *source = &judged->reader->source;
    int index = a->field < 0 ? judged->self : a->field;
    const struct field *field = &judged->reader->form->field[index];
    enum type type = type_of(field->kind);
    int text = b->step == expr_step_text;
    if (text && *b->text && is_listed(field->kind) && !kind_ok(field, b->text))
        source_complain(source, judged->said->line, judged->said->column,
                        "Use a value of the list of %s: '%s' is none.", field->key, b->text);
    else if (b->type != TYPE_ANY && b->type != type && !(text && !*b->text) &&
             !(text && type == TYPE_DAY))
        source_complain(source, judged->said->line, judged->said->column,
                        "Compare %s with what its kind holds: a number, a day or a text in quotes.",
                        field->key);
}

static void judge_values(const struct judged *judged, const struct expr *expr)
{
    if (expr->step == expr_step_compare || expr->step == expr_call_selected) {
        judge_pair(judged, expr->arg[0], expr->arg[1]);
        judge_pair(judged, expr->arg[1], expr->arg[0]);
    }
    for (int i = 0; i < expr->count; i++)
        judge_values(judged, expr->arg[i]);
}

/* `.` is the value that a constraint judges; nothing else has one. */
static void find_self(void *arg, int field)
{
    if (field < 0)
        *(int *)arg = 1;
}

static void check_expr(struct reader *reader, int field, enum property property,
                       const struct expr *expr)
{
    struct judged judged = {reader, &part_of(reader, field)->said[property], field};
    int self = 0;
    if (!expr)
        return;
    judge_values(&judged, expr);
    expr_uses(expr, find_self, &self);
    if (self && property != SAID_CONSTRAINT)
        source_complain(&reader->source, judged.said->line, judged.said->column,
                        "Write ${key} instead of the dot: only a constraint has one.");
}

/* What the agency's fee is worked out from: an expression of the form, beside no field. */
static void check_rate(struct reader *reader)
{
    struct judged judged = {reader, &reader->part[0].said[SAID_RATE], 0};
    const struct expr *rate = reader->form->rate;
    int self = 0;
    if (!rate)
        return;
    expr_uses(rate, find_self, &self);
    if (self || (rate->type != TYPE_NUMBER && rate->type != TYPE_ANY))
        source_complain(&reader->source, judged.said->line, judged.said->column,
                        "Write an amount of rials worked out from fields: ${key} * 0.03");
    else
        judge_values(&judged, rate);
}

static void check_default(struct reader *reader, int index, const struct expr *expr)
{
    const struct said *said = &part_of(reader, index)->said[SAID_DEFAULT];
    if (expr && expr->step == expr_step_text && !kind_ok(&reader->form->field[index], expr->text))
        source_complain(&reader->source, said->line, said->column,
                        "Write a value that the field itself would take.");
}

static void check_field(struct reader *reader, int index)
{
    const struct field *field = &reader->form->field[index];
    check_expr(reader, index, SAID_REQUIRED, field->required);
    check_expr(reader, index, SAID_RELEVANT, field->relevant);
    check_expr(reader, index, SAID_CONSTRAINT, field->constraint);
    check_expr(reader, index, SAID_CALCULATE, field->calculate);
    check_expr(reader, index, SAID_DEFAULT, field->otherwise);
    check_default(reader, index, field->otherwise);
}

/* --- order ------------------------------------------------------------------------------------ */

enum mark { FRESH, OPEN, DONE };
struct ordering {
    struct reader *reader;
    uint8_t mark[READ_FIELDS];
    int *order;
    size_t count;
    int from; /* the field whose inputs are being visited */
};

static void visit(struct ordering *ordering, int index);

static void visit_input(void *arg, int input)
{
    struct ordering *ordering = arg;
    int from = ordering->from;
    if (input < 0)
        return;
    visit(ordering, input);
    ordering->from = from;
}

static void visit(struct ordering *ordering, int index)
{
    const struct field *field = &ordering->reader->form->field[index];
    const struct expr *inputs[] = {field->relevant, field->calculate, field->otherwise};
    if (ordering->mark[index] == OPEN)
        source_complain(&ordering->reader->source, field->line, 1,
                        "Break the circle: whether %s shows or what it holds depends on itself, "
                        "by way of %s.",
                        field->key, ordering->reader->form->field[ordering->from].key);
    if (ordering->mark[index] != FRESH)
        return;
    ordering->mark[index] = OPEN;
    for (size_t i = 0; i < SND_COUNT(inputs); i++) {
        ordering->from = index;
        if (inputs[i])
            expr_uses(inputs[i], visit_input, ordering);
    }
    ordering->mark[index] = DONE;
    ordering->order[ordering->count++] = index;
}

static void check_order(struct reader *reader)
{
    struct form *form = reader->form;
    struct ordering ordering = {.reader = reader};
    ordering.order = arena_alloc(reader->source.keep, (form->fields + 1) * sizeof *ordering.order);
    for (size_t i = 0; i < form->fields; i++)
        visit(&ordering, (int)i);
    form->order = ordering.order;
}

void check_form(struct reader *reader)
{
    check_key(reader, SAID_CIVIL, FIELD_CIVIL);
    check_key(reader, SAID_NAME, FIELD_NAME_AR);
    check_key(reader, SAID_MOBILE, FIELD_MOBILE);
    check_key(reader, SAID_SUBJECT, FIELD_WILAYAT);
    check_key(reader, SAID_SEAT, FIELD_CHOICE);
    check_key(reader, SAID_SEAT_ALSO, FIELD_CHOICE);
    check_key(reader, SAID_PROOF, FIELD_LONGTEXT);
    for (size_t i = 0; i < reader->form->fields; i++)
        check_field(reader, (int)i);
    party_gather(reader);
    check_rate(reader);
    check_order(reader);
}
