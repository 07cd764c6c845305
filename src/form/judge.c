/* SPDX-License-Identifier: Apache-2.0
 * What is wrong with a record, field by field, at most one fault a field: the first of the rules in
 * the order below. The desk runs it when a field is left, the ledger runs the same before it keeps
 * anything: a desk is never trusted. It looks at the values as they stand and changes nothing, so
 * a hidden field that was filled is found as well as a calculated one that was forged. */
#include <string.h>
#include "form/expr.h"
#include "form/kind_priv.h"
#include "form/record.h"
#include "text/input.h"

static const struct {
    const char *word;
    const char *sentence;
} rules[] = {
#define FAULT(name, word, sentence) {word, sentence},
#include "form/fault.def"
#undef FAULT
};

/* One field while it is judged. */
struct judged {
    const struct record *record;
    const struct field *field;
    int index;
    const char *value; /* NULL = empty */
    const struct rule_day *day;
};

static int is_relevant(const struct judged *judged)
{
    const struct expr *relevant = judged->field->relevant;
    return !relevant || expr_true(relevant, judged->record, judged->index, judged->day);
}

static int is_required(const struct judged *judged)
{
    const struct field *field = judged->field;
    return field->need == NEED_YES ||
           (field->need == NEED_IF &&
            expr_true(field->required, judged->record, judged->index, judged->day));
}

/* A calculated value must be what its expression gives now. */
static int is_forged(const struct judged *judged)
{
    struct buf made = BUF_INIT(KIND_TYPED_MAX), stored = BUF_INIT(KIND_TYPED_MAX);
    if (!judged->field->calculate)
        return 0;
    expr_text(judged->field->calculate, judged->record, judged->index, judged->day, &made);
    int err = field_parse(judged->field, buf_text(&made), &stored);
    int forged = err != 0 || strcmp(buf_text(&stored), judged->value) != 0;
    buf_free(&made);
    buf_free(&stored);
    return forged;
}

static int breaks_constraint(const struct judged *judged)
{
    const struct expr *constraint = judged->field->constraint;
    return constraint && expr_verdict(constraint, judged->record, judged->index, judged->day) == 0;
}

static int leaves_area(const struct judged *judged)
{
    const struct form *form = judged->record->form;
    return form->subject && strcmp(form->subject, judged->field->key) == 0 &&
           !area_holds(form_area(form, judged->day->today)->subject, judged->value);
}

static enum fault_rule judge_value(const struct judged *judged)
{
    const struct field *field = judged->field;
    int max = field_max(field);
    if (!input_is_clean(judged->value))
        return FAULT_TEXT;
    if (max && utf8_count(judged->value) > (size_t)max)
        return FAULT_MAX;
    if (!kind_ok(field, judged->value))
        return field->choices ? FAULT_CHOICE : FAULT_KIND;
    if (is_forged(judged) || breaks_constraint(judged))
        return FAULT_CONSTRAINT;
    return leaves_area(judged) ? FAULT_AREA : FAULT_NONE;
}

static enum fault_rule judge(const struct judged *judged)
{
    if (!is_relevant(judged))
        return judged->value ? FAULT_HIDDEN : FAULT_NONE;
    if (!judged->value)
        return is_required(judged) ? FAULT_REQUIRED : FAULT_NONE;
    return judge_value(judged);
}

int record_judge(const struct record *record, int field, const struct rule_day *day, enum lang lang,
                 struct fault *out)
{
    struct judged judged = {record, &record->form->field[field], field, record->value[field], day};
    enum fault_rule rule = judge(&judged);
    const char *message = rule == FAULT_CONSTRAINT ? judged.field->message[lang] : NULL;
    *out = (struct fault){field, rule, message ? message : rules[rule].sentence};
    return rule != FAULT_NONE;
}

size_t record_judge_all(const struct record *record, const struct rule_day *day, enum lang lang,
                        struct fault *out, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < record->form->fields; i++) {
        struct fault fault;
        if (!record_judge(record, (int)i, day, lang, &fault))
            continue;
        if (count < max)
            out[count] = fault;
        count++;
    }
    return count;
}

const char *fault_word(enum fault_rule rule)
{
    return rules[rule].word;
}
