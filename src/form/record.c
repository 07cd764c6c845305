/* SPDX-License-Identifier: Apache-2.0
 * A filled form: one stored value a field. Settling works out, in the form's own order, what
 * applies, what is made and what stands there at first; it runs at every change of a field. */
#include "form/record.h"
#include <string.h>
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "form/expr.h"
#include "form/kind_priv.h"
#include "text/input.h"
#include "text/number.h"

#define RECORD_JSON_MAX (16 * 1024 * 1024)

struct record *record_new(const struct form *form)
{
    struct record *record = x_alloc(sizeof *record);
    record->form = form;
    record->value = x_calloc(form->fields + 1, sizeof *record->value);
    record->relevant = x_calloc(form->fields + 1, sizeof *record->relevant);
    record->touched = x_calloc(form->fields + 1, sizeof *record->touched);
    return record;
}

void record_free(struct record **record)
{
    if (!*record)
        return;
    for (size_t i = 0; i < (*record)->form->fields; i++) {
        if ((*record)->value[i])
            mem_wipe((*record)->value[i], strlen((*record)->value[i]));
        x_free(&(*record)->value[i]);
    }
    x_free(&(*record)->value);
    x_free(&(*record)->relevant);
    x_free(&(*record)->touched);
    x_free(record);
}

static void put(struct record *record, int field, const char *value)
{
    char *old = record->value[field];
    if (!value || !*value)
        value = NULL;
    if (old == value || (old && value && strcmp(old, value) == 0))
        return;
    record->value[field] = value ? x_strdup(value) : NULL;
    x_free(&old);
}

void record_set(struct record *record, int field, const char *value)
{
    snd_assert(field >= 0 && (size_t)field < record->form->fields);
    put(record, field, value);
    record->touched[field] = 1;
}

const char *record_get(const struct record *record, const char *key)
{
    int field = form_field(record->form, key);
    return field < 0 ? NULL : record->value[field];
}

/* Puts what an expression gives, in the form its field's kind stores; nothing when it can't be. */
static void put_made(struct record *record, int index, const struct expr *expr,
                     const struct rule_day *day, struct buf *made, struct buf *stored)
{
    buf_clear(made);
    buf_clear(stored);
    expr_text(expr, record, index, day, made);
    int err = field_parse(&record->form->field[index], buf_text(made), stored);
    put(record, index, err ? NULL : buf_text(stored));
}

void record_settle(struct record *record, const struct rule_day *day, int fill)
{
    struct buf made = BUF_INIT(KIND_TYPED_MAX), stored = BUF_INIT(KIND_TYPED_MAX);
    for (size_t i = 0; i < record->form->fields; i++) {
        int index = record->form->order[i];
        const struct field *field = &record->form->field[index];
        int relevant = !field->relevant || expr_true(field->relevant, record, index, day);
        record->relevant[index] = (uint8_t)relevant;
        if (!relevant) {
            put(record, index, NULL);
            record->touched[index] = 0;
        } else if (field->calculate)
            put_made(record, index, field->calculate, day, &made, &stored);
        else if (fill && field->otherwise && !record->value[index] && !record->touched[index])
            put_made(record, index, field->otherwise, day, &made, &stored);
    }
    buf_free(&made);
    buf_free(&stored);
}

void record_fee(const struct record *record, const struct rule_day *day, struct fee *out)
{
    struct buf made = BUF_INIT(64);
    int64_t baisa;
    *out = *form_fee(record->form, day->today);
    if (!record->form->rate)
        return;
    expr_text(record->form->rate, record, -1, day, &made);
    if (money_parse(buf_text(&made), &baisa) == 0 && baisa > 0)
        out->agency += baisa;
    buf_free(&made);
}

char *record_json(const struct record *record)
{
    struct buf text = BUF_INIT(RECORD_JSON_MAX);
    buf_reserve(&text, 1000);
    buf_putc(&text, '{');
    for (size_t i = 0; i < record->form->fields; i++) {
        if (!record->value[i])
            continue;
        if (text.len > 1)
            buf_putc(&text, ',');
        json_quote(&text, record->form->field[i].key);
        buf_putc(&text, ':');
        json_quote(&text, record->value[i]);
    }
    buf_putc(&text, '}');
    snd_assert(!text.failed);
    return buf_take(&text);
}

/* Members as they are read: most come in the form's own order, so the field after the last one is
 * looked at first. */
struct taking {
    struct record *record;
    int next;
};

static int take_field(struct taking *taking, const char *key)
{
    const struct form *form = taking->record->form;
    size_t next = (size_t)taking->next;
    while (next < form->fields && strcmp(form->field[next].key, key) != 0)
        next++;
    int field = next < form->fields ? (int)next : form_field(form, key);
    taking->next = field + 1;
    return field;
}

static int take(struct record *record, int field, const char *text)
{
    if (field < 0 || strlen(text) > KIND_TYPED_MAX || !input_is_clean(text))
        return SND_E_BAD;
    record_set(record, field, text);
    return 0;
}

static int take_member(void *arg, const char *key, const char *text)
{
    struct taking *taking = arg;
    return take(taking->record, take_field(taking, key), text);
}

/* A field that comes twice is left to the parser, which refuses it. */
static int take_flat(void *arg, const char *key, const char *text)
{
    struct taking *taking = arg;
    int field = take_field(taking, key);
    int again = field >= 0 && taking->record->touched[field];
    return again ? JSON_NOT_FLAT : take(taking->record, field, text);
}

static int parse_members(struct record *record, const char *json, size_t len)
{
    struct taking taking = {.record = record};
    struct json *parsed = NULL;
    int err = json_parse(json, len, &parsed);
    if (!err && len && json[strspn(json, " \t\r\n")] != '{')
        err = SND_E_BAD;
    if (!err)
        err = json_each_text(parsed, take_member, &taking);
    json_free(&parsed);
    return err;
}

int record_from_json(const struct form *form, const char *json, size_t len, struct record **out)
{
    struct record *record = record_new(form);
    struct taking taking = {.record = record};
    int err = json_each_flat(json, len, take_flat, &taking);
    if (err == JSON_NOT_FLAT) {
        record_free(&record);
        record = record_new(form);
        err = parse_members(record, json, len);
    }
    if (err)
        record_free(&record);
    *out = record;
    return err ? SND_E_BAD : 0;
}
