/* SPDX-License-Identifier: Apache-2.0
 * A form as a JSON Schema, for the agency that gets its requests. `values` has every value as it is
 * stored: a text of one canonical shape, so that equal values are equal bytes; a field that is
 * empty or does not apply is not there. Rules are stated where a schema can state them: kinds as
 * patterns, lists as enumerations, `relevant` and `required` as if and then, each part of a
 * constraint by itself. Titles and rules in both languages stand beside them as annotations. */
#include "form/schema.h"
#include <string.h>
#include "base/hash.h"
#include "base/mem.h"
#include "form/kind_priv.h"
#include "form/schema_priv.h"

/* Controls, joiners, marks of direction, tatweel, letters in the shapes of fonts: never stored. */
#define UNSTORED                                                                                   \
    "[\\u0000-\\u001F\\u007F-\\u009F\\u00AD\\u034F\\u0640\\u200B-\\u200F\\u2028-\\u202E"           \
    "\\u2060-\\u2069\\uFB50-\\uFBB1\\uFBD3-\\uFD3D\\uFD50-\\uFD8F\\uFE00-\\uFE0F\\uFE74-"          \
    "\\uFEFC\\uFEFF]"
#define LETTER "\\u0621-\\u063F\\u0641-\\u064A\\u0671-\\u06D3"
#define SIGN "[" LETTER "\\u064B-\\u0655\\u0670]"

static const char *const patterns[FIELD_KINDS] = {
    /* Where a kind has no pattern of its own. */
    [FIELD_NAME_AR] = "[" LETTER "](?:" SIGN "| " SIGN ")+",
};

static struct json *text_of(const char *const text[LANG_COUNT])
{
    struct json *made = json_new_object();
    json_put_text(made, "ar", text[LANG_AR]);
    json_put_text(made, "en", text[LANG_EN]);
    return made;
}

static struct json *typed(const char *type)
{
    struct json *made = json_new_object();
    json_put_text(made, "type", type);
    return made;
}

static struct json *text_with(const char *member, const char *text)
{
    struct json *made = typed("string");
    json_put_text(made, member, text);
    return made;
}

/* The place may lie in any area that the service ever had: which one holds is the day's. */
static int in_any_area(const struct form *form, const char *wilayat)
{
    for (size_t i = 0; i < form->areas; i++)
        if (area_holds(form->area[i].subject, wilayat))
            return 1;
    return form->areas == 0;
}

static void put_choices(const struct form *form, const struct field *field, struct json *property)
{
    struct json *values = json_new_array(), *labels = json_new_object();
    int is_subject = form->subject && strcmp(form->subject, field->key) == 0;
    for (size_t i = 0; i < field->choices->count; i++) {
        const struct choice *choice = &field->choices->item[i];
        if (is_subject && !in_any_area(form, choice->value))
            continue;
        json_push_text(values, choice->value);
        json_put(labels, choice->value, text_of(choice->label));
    }
    json_put(property, "enum", values);
    json_put(property, "x-labels", labels);
}

static void put_shape(const struct form *form, const struct field *field, struct json *property)
{
    const char *pattern = kind_pattern(field->kind);
    int max = field_max(field);
    if (!pattern)
        pattern = patterns[field->kind];
    if (field->choices) {
        put_choices(form, field, property);
        return;
    }
    json_put_int(property, "minLength", 1);
    if (max)
        json_put_int(property, "maxLength", max);
    if (pattern) {
        char *whole = x_printf("^(?:%s)$", pattern);
        json_put_text(property, "pattern", whole);
        x_free(&whole);
    } else
        json_put(property, "not", text_with("pattern", UNSTORED));
}

/* Each part of a constraint by itself: what can't be said of one leaves the others. */
static void put_constraint(const struct form *form, const struct expr *expr, int index,
                           struct json *parts, struct json *rules)
{
    int field = -1;
    if (expr->step == expr_step_and) {
        put_constraint(form, expr->arg[0], index, parts, rules);
        put_constraint(form, expr->arg[1], index, parts, rules);
        return;
    }
    struct json *value = schema_value(form, expr, index, 1, &field);
    if (value && field == index) {
        json_push(parts, value);
        return;
    }
    json_free(&value);
    struct json *broken = schema_when(form, expr, index, 0);
    if (broken) {
        struct json *rule = json_new_object();
        json_put(rule, "not", broken);
        json_push(rules, rule);
    }
}

/* The form's own words alone: those of a kind speak of keys and of how a clerk types it. */
static void put_help(const struct field *field, struct json *made)
{
    if (strcmp(field->help[LANG_EN], field_kind_help(field->kind, LANG_EN)) == 0)
        return;
    json_put_text(made, "description", field->help[LANG_EN]);
    json_put(made, "x-help", text_of(field->help));
}

static struct json *property_of(const struct form *form, int index, struct json *rules)
{
    const struct field *field = &form->field[index];
    struct json *made = typed("string"), *parts = json_new_array();
    json_put_text(made, "title", field->label[LANG_EN]);
    json_put(made, "x-title", text_of(field->label));
    put_help(field, made);
    json_put_text(made, "x-kind", field_kind_word(field->kind));
    put_shape(form, field, made);
    if (field->constraint) {
        json_put(made, "x-rule", text_of(field->message));
        put_constraint(form, field->constraint, index, parts, rules);
    }
    if (json_count(parts) > 0)
        json_put(made, "allOf", parts);
    else
        json_free(&parts);
    return made;
}

/* {"if": condition, "then": ...}; takes both over. */
static struct json *rule_of(struct json *condition, struct json *then)
{
    struct json *made = json_new_object();
    json_put(made, "if", condition);
    json_put(made, "then", then);
    return made;
}

static struct json *wanted(const char *key)
{
    struct json *made = json_new_object(), *keys = json_new_array();
    json_push_text(keys, key);
    json_put(made, "required", keys);
    return made;
}

static struct json *absent(const char *key)
{
    struct json *made = json_new_object(), *members = json_new_object();
    json_put_bool(members, key, 0);
    json_put(made, "properties", members);
    return made;
}

/* What is asked of a field where it applies; anything when nothing is, or nothing can be said. */
static struct json *need_of(const struct form *form, int index)
{
    const struct field *field = &form->field[index];
    if (field->need == NEED_YES)
        return wanted(field->key);
    struct json *when =
        field->need == NEED_IF ? schema_when(form, field->required, index, 1) : NULL;
    return when ? rule_of(when, wanted(field->key)) : json_new_object();
}

/* When a field is there: among the required ones, or a rule of its own. */
static void put_need(const struct form *form, int index, struct json *required, struct json *rules)
{
    const struct field *field = &form->field[index];
    if (!field->relevant && field->need == NEED_YES) {
        json_push_text(required, field->key);
        return;
    }
    struct json *need = need_of(form, index), *when = NULL;
    if (field->relevant)
        when = schema_when(form, field->relevant, index, 1);
    if (when) {
        struct json *rule = rule_of(when, need);
        json_put(rule, "else", absent(field->key));
        json_push(rules, rule);
    } else if (!field->relevant && json_count(need) > 0)
        json_push(rules, need);
    else
        json_free(&need);
}

static struct json *values_of(const struct form *form)
{
    struct json *made = typed("object"), *members = json_new_object();
    struct json *required = json_new_array(), *rules = json_new_array();
    for (size_t i = 0; i < form->fields; i++) {
        json_put(members, form->field[i].key, property_of(form, (int)i, rules));
        put_need(form, (int)i, required, rules);
    }
    json_put(made, "properties", members);
    json_put(made, "required", required);
    json_put_bool(made, "additionalProperties", 0);
    if (json_count(rules) > 0)
        json_put(made, "allOf", rules);
    else
        json_free(&rules);
    return made;
}

/* A document is handed over by its hash; `url` says where its bytes are until they come along. */
static struct json *documents_of(const struct form *form)
{
    static const char *const needed[] = {"role", "sha256", "size", "mime"};
    struct json *made = typed("array"), *item = typed("object"), *members = json_new_object();
    struct json *roles = json_new_array(), *role = typed("string"), *required = json_new_array();
    for (size_t i = 0; i < form->fields; i++)
        if (form->field[i].kind == FIELD_DOC)
            json_push_text(roles, form->field[i].key);
    if (json_count(roles) > 0)
        json_put(role, "enum", roles);
    else
        json_free(&roles);
    json_put(members, "role", role);
    json_put(members, "sha256", text_with("pattern", "^[0-9a-f]{64}$"));
    json_put(members, "size", typed("integer"));
    json_put(members, "mime", typed("string"));
    json_put(members, "pages", typed("integer"));
    json_put(members, "name", typed("string"));
    json_put(members, "url", text_with("format", "uri-reference"));
    for (size_t i = 0; i < SND_COUNT(needed); i++)
        json_push_text(required, needed[i]);
    json_put(item, "properties", members);
    json_put(item, "required", required);
    json_put(made, "items", item);
    return made;
}

static struct json *fees(void)
{
    struct json *made = typed("object"), *members = json_new_object();
    json_put_text(made, "description", "Money in baisa: 1 rial is 1000 baisa.");
    json_put(members, "agency", typed("integer"));
    json_put(members, "centre", typed("integer"));
    json_put(made, "properties", members);
    return made;
}

static struct json *channel(void)
{
    static const char *const words[] = {"centre", "joint", "self"};
    struct json *made = typed("string"), *list = json_new_array();
    for (size_t i = 0; i < SND_COUNT(words); i++)
        json_push_text(list, words[i]);
    json_put_text(made, "description",
                  "Where the person asked for it: at a centre, at the agency's own desk in a "
                  "centre, or by herself.");
    json_put(made, "enum", list);
    return made;
}

static struct json *frame_of(const struct form *form)
{
    struct json *members = json_new_object(), *version = typed("integer");
    char sha[HASH_TEXT];
    hex_text(form->sha, HASH_SIZE, sha);
    json_put_int(version, "const", form->version);
    json_put(members, "id", text_with("pattern", "^[0-9a-f]{32}$"));
    json_put(members, "number", text_with("pattern", "^[A-Z]{2}[0-9]{2}-[0-9]{3}-[0-9A-Z]{7}-.$"));
    json_put(members, "service", text_with("const", form->code));
    json_put(members, "version", version);
    json_put(members, "form", text_with("const", sha));
    json_put(members, "agency", text_with("const", form->agency));
    json_put(members, "centre", text_with("pattern", "^[A-Z]{2}[0-9]{2}-[0-9]{3}$"));
    json_put(members, "channel", channel());
    json_put(members, "submitted", text_with("format", "date-time"));
    json_put(members, "day", text_with("format", "date"));
    json_put(members, "rev", typed("integer"));
    json_put(members, "fees", fees());
    json_put(members, "values", values_of(form));
    json_put(members, "documents", documents_of(form));
    return members;
}

/* What a schema of a service begins with. */
static struct json *head_of(const struct form *form, const char *what)
{
    struct json *made = json_new_object();
    char *name = x_printf("urn:sanad:%s:%s:%d", what, form->code, form->version);
    json_put_text(made, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_put_text(made, "$id", name);
    json_put_text(made, "title", form->title[LANG_EN]);
    json_put(made, "x-title", text_of(form->title));
    if (form->about[LANG_EN] && form->about[LANG_AR]) {
        json_put_text(made, "description", form->about[LANG_EN]);
        json_put(made, "x-help", text_of(form->about));
    }
    x_free(&name);
    return made;
}

struct json *schema_request(const struct form *form)
{
    static const char *const needed[] = {"id",   "number", "service",  "version",
                                         "form", "agency", "centre",   "submitted",
                                         "day",  "values", "documents"};
    struct json *made = head_of(form, "service"), *required = json_new_array();
    json_put_text(made, "type", "object");
    json_put(made, "properties", frame_of(form));
    for (size_t i = 0; i < SND_COUNT(needed); i++)
        json_push_text(required, needed[i]);
    json_put(made, "required", required);
    return made;
}

struct json *schema_submission(const struct form *form)
{
    struct json *made = head_of(form, "submission"), *required = json_new_array();
    struct json *members = json_new_object();
    char sha[HASH_TEXT];
    hex_text(form->sha, HASH_SIZE, sha);
    json_put_text(made, "type", "object");
    json_put(members, "form", text_with("const", sha));
    json_put(members, "values", values_of(form));
    json_put(made, "properties", members);
    json_push_text(required, "form");
    json_push_text(required, "values");
    json_put(made, "required", required);
    json_put_bool(made, "additionalProperties", 0);
    return made;
}
