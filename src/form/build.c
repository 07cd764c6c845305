/* SPDX-License-Identifier: Apache-2.0
 * Pass two: parts become a struct form. What must be there and isn't is complained of at the line
 * of its part; what is there and makes no sense, at its own line and column. Everything built lives
 * in the form's arena, so nothing is freed here. */
#include <string.h>
#include "base/err.h"
#include "base/num.h"
#include "form/kind_priv.h"
#include "form/read_priv.h"

#define DUPLICATE_DAYS 30 /* of a form that says nothing else */

static const struct {
    int where, must;
} needs[] = {
#define PROPERTY(name, word, where, what, must) {where, must},
#include "form/property.def"
#undef PROPERTY
};

static void complain_said(struct reader *reader, const struct said *said, const char *sentence)
{
    source_complain(&reader->source, said->line, said->column, "%s", sentence);
}

/* Everything that must be said, and both languages of what may be. */
static void want_properties(struct reader *reader, const struct part *part)
{
    static const enum property pairs[][2] = {{SAID_ABOUT_AR, SAID_ABOUT_EN},
                                             {SAID_HELP_AR, SAID_HELP_EN},
                                             {SAID_MESSAGE_AR, SAID_MESSAGE_EN}};
    for (int i = 0; i < SAID_COUNT; i++)
        if ((needs[i].where & (int)part->where) && needs[i].must && !part->said[i].line)
            source_complain(&reader->source, part->line, 1, "Add a line below this one: %s = ...",
                            property_word((enum property)i));
    for (size_t i = 0; i < SND_COUNT(pairs); i++)
        for (int side = 0; side < 2; side++)
            if (part->said[pairs[i][side]].text && !part->said[pairs[i][1 - side]].line)
                source_complain(&reader->source, part->said[pairs[i][side]].line, 1,
                                "Add a line for the other language: %s = ...",
                                property_word(pairs[i][1 - side]));
}

/* --- the form itself -------------------------------------------------------------------------- */

/* A target without a number. */
static int build_target_word(struct form *form, const char *text)
{
    static const struct {
        const char *word;
        char unit;
    } words[] = {{"season", 's'}, {"queue", 'q'}};
    for (size_t i = 0; i < SND_COUNT(words); i++)
        if (strcmp(text, words[i].word) == 0)
            form->target_unit = words[i].unit;
    return form->target_unit != 0;
}

/* "10 working days", "1 hour", "30 minutes". */
static void build_target(struct reader *reader, const struct said *said)
{
    static const struct {
        const char *words;
        char unit;
    } units[] = {{" working days", 'd'}, {" working day", 'd'}, {" hours", 'h'},
                 {" hour", 'h'},         {" minutes", 'm'},     {" minute", 'm'}};
    if (!said->text || build_target_word(reader->form, said->text))
        return;
    char number[8] = "";
    size_t len = strcspn(said->text, " ");
    int64_t value;
    (void)str_format(number, sizeof number, "%.*s", len < 5 ? (int)len : 5, said->text);
    if (num_parse(number, 1, 999, &value) == 0)
        for (size_t i = 0; i < SND_COUNT(units); i++)
            if (strcmp(said->text + len, units[i].words) == 0) {
                reader->form->target = (int)value;
                reader->form->target_unit = units[i].unit;
                return;
            }
    complain_said(reader, said,
                  "Write a time such as: 10 working days, 2 hours, 30 minutes, season, queue.");
}

/* "30 days", within which a second request like the first is asked about. */
static void build_duplicate(struct reader *reader, const struct said *said)
{
    char number[8] = "";
    int64_t value;
    reader->form->duplicate = DUPLICATE_DAYS;
    if (!said->text)
        return;
    size_t len = strcspn(said->text, " ");
    (void)str_format(number, sizeof number, "%.*s", len < 5 ? (int)len : 5, said->text);
    if (strcmp(said->text + len, " days") == 0 && num_parse(number, 0, 999, &value) == 0)
        reader->form->duplicate = (int)value;
    else
        complain_said(reader, said, "Write a number of days such as: 30 days");
}

static const void *keep(struct reader *reader, const void *from, size_t count, size_t size)
{
    void *kept = arena_alloc(reader->source.keep, (count + 1) * size);
    memcpy(kept, from, count * size);
    return kept;
}

static void want_statement(struct reader *reader, int there, const char *shape)
{
    if (!there)
        source_complain(&reader->source, reader->part[0].line, 1, "Add a line below this one: %s",
                        shape);
}

static void build_head(struct reader *reader)
{
    const struct said *said = reader->part[0].said;
    struct form *form = reader->form;
    want_properties(reader, &reader->part[0]);
    want_statement(reader, form->version != 0, "version 1");
    want_statement(reader, form->agency != NULL, "agency CODE");
    want_statement(reader, form->spans != 0, "open from DAY live");
    want_statement(reader, form->areas != 0, "area from DAY centre ALL subject ALL");
    want_statement(reader, form->fees != 0, "fee from DAY agency 0.000 centre 0.000");
    want_statement(reader, reader->fields != 0, "[group NAME], and a [field KEY]");
    form->title[LANG_AR] = said[SAID_TITLE_AR].text;
    form->title[LANG_EN] = said[SAID_TITLE_EN].text;
    form->about[LANG_AR] = said[SAID_ABOUT_AR].text ? said[SAID_ABOUT_AR].text : "";
    form->about[LANG_EN] = said[SAID_ABOUT_EN].text ? said[SAID_ABOUT_EN].text : "";
    form->applicant_civil = said[SAID_CIVIL].text;
    form->applicant_name = said[SAID_NAME].text;
    form->applicant_mobile = said[SAID_MOBILE].text;
    form->seat = said[SAID_SEAT].text;
    form->seat_also = said[SAID_SEAT_ALSO].text;
    form->proof = said[SAID_PROOF].text;
    form->subject = said[SAID_SUBJECT].text;
    build_target(reader, &said[SAID_TARGET]);
    build_duplicate(reader, &said[SAID_DUPLICATE]);
    form->span = keep(reader, reader->span, form->spans, sizeof *form->span);
    form->season = keep(reader, reader->season, form->seasons, sizeof *form->season);
    form->area = keep(reader, reader->area, form->areas, sizeof *form->area);
    form->fee = keep(reader, reader->fee, form->fees, sizeof *form->fee);
}

static void build_group(struct reader *reader, const struct part *part, struct group *group)
{
    want_properties(reader, part);
    group->key = part->key;
    group->title[LANG_AR] = part->said[SAID_TITLE_AR].text;
    group->title[LANG_EN] = part->said[SAID_TITLE_EN].text;
    group->page = part->page;
    for (size_t i = 1; i < reader->parts; i++)
        if (reader->part[i].where == IN_FIELD && reader->part[i].group == part->group)
            return;
    source_complain(&reader->source, part->line, 1,
                    "Write a [field KEY] below this group, or take "
                    "the group out.");
}

/* --- fields ----------------------------------------------------------------------------------- */

struct keys {
    const char *const *key;
    size_t count;
};

static const struct expr *build_expr(struct reader *reader, const struct keys *keys,
                                     const struct said *said, int condition)
{
    const struct expr *expr;
    struct expr_fault fault;
    if (!said->text)
        return NULL;
    if (expr_read(said->text, keys->key, keys->count, reader->source.keep, &expr, &fault) != 0) {
        source_complain(&reader->source, said->line, said->column + fault.column - 1, "%s",
                        fault.sentence);
        return NULL;
    }
    if (condition && !expr_is_condition(expr))
        complain_said(reader, said, "Write a condition, such as ${key} = 'value'.");
    return expr;
}

static void build_kind(struct reader *reader, const struct said *said, struct field *field)
{
    struct buf words = BUF_INIT(512);
    if (!said->text || kind_find(said->text, &field->kind) == 0)
        return;
    for (int kind = 0; kind < FIELD_KINDS; kind++)
        buf_printf(&words, "%s%s", kind ? " " : "", field_kind_word((enum field_kind)kind));
    source_complain(&reader->source, said->line, said->column, "Write one of the kinds: %s.",
                    buf_text(&words));
    buf_free(&words);
}

static void build_need(struct reader *reader, const struct keys *keys, const struct said *said,
                       struct field *field)
{
    if (!said->text || strcmp(said->text, "no") == 0)
        field->need = NEED_NO;
    else if (strcmp(said->text, "yes") == 0)
        field->need = NEED_YES;
    else if (said->text[strspn(said->text, "abcdefghijklmnopqrstuvwxyz")] == '\0')
        complain_said(reader, said, "Write yes, no, or a condition such as ${key} = 'value'.");
    else {
        field->need = NEED_IF;
        field->required = build_expr(reader, keys, said, 1);
    }
}

static void build_max(struct reader *reader, const struct said *said, struct field *field)
{
    int64_t max;
    if (!said->text)
        return;
    int free_text = field->kind == FIELD_TEXT || field->kind == FIELD_LONGTEXT ||
                    field->kind == FIELD_CODE || field->kind == FIELD_NAME_AR ||
                    field->kind == FIELD_NAME_EN;
    if (!free_text)
        source_complain(&reader->source, said->line, 1,
                        "Take this line out: the kind knows its length.");
    else if (num_parse(said->text, 1, field_max(field), &max) != 0)
        source_complain(&reader->source, said->line, said->column,
                        "Write a whole number from 1 to %d.", field_max(field));
    else
        field->max = (int)max;
}

/* A list that isn't there: all of them make one complaint, at the first. */
static void want_list(struct reader *reader, const char *name, int line, int column)
{
    const char *file = arena_printf(reader->source.said, " %s.list", name);
    if (!reader->missing) {
        reader->missing = "";
        reader->missing_line = line;
        reader->missing_column = column;
    }
    if (!strstr(reader->missing, file))
        reader->missing = arena_printf(reader->source.said, "%s%s", reader->missing, file);
}

/* A list that another field has read already, or from its file. */
static const struct choices *build_list(struct reader *reader, const struct said *said, int line,
                                        const char *name, const struct field *others)
{
    for (const struct field *other = others; other->line && other->line != line; other++)
        if (other->choices && other->choices->name && strcmp(other->choices->name, name) == 0)
            return other->choices;
    const char *text = reader->find ? reader->find(reader->find_arg, name) : NULL;
    int at = said->text ? said->line : line, column = said->text ? said->column : 1;
    if (!text) {
        want_list(reader, name, at, column);
        return NULL;
    }
    struct source *source = arena_alloc(reader->source.keep, sizeof *source);
    source_open(source, text, strlen(text), reader->source.keep, reader->source.said);
    const struct choices *choices =
        source->faults ? NULL : lists_read(source, arena_strdup(source->keep, name));
    if (!choices)
        source_complain(&reader->source, at, column, "Correct the list %s.list, line %d: %s", name,
                        source->fault[0].line, source->fault[0].sentence);
    return choices;
}

static void build_choices(struct reader *reader, const struct part *part, struct field *field,
                          const struct field *others)
{
    const struct said *said = &part->said[SAID_CHOICES];
    int takes = field->kind == FIELD_CHOICE;
    if (field->kind == FIELD_WILAYAT)
        field->choices = build_list(reader, said, part->line, "wilayats", others);
    if (!takes && (said->text || part->choices))
        source_complain(&reader->source, said->text ? said->line : part->line, 1,
                        "Take the choices out: only `type = choice` has its own.");
    else if (takes && said->text && part->choices)
        source_complain(&reader->source, said->line, 1,
                        "Take this line out, or the `choice` lines of the field.");
    else if (takes && said->text)
        field->choices = build_list(reader, said, part->line, said->text, others);
    else if (takes && part->choices < 2)
        source_complain(&reader->source, part->line, 1,
                        "Add choices below this field: choice value | عربي | English");
    else if (takes) {
        struct choices *own = arena_alloc(reader->source.keep, sizeof *own);
        own->item = keep(reader, reader->choice + part->choice, part->choices, sizeof *own->item);
        own->count = part->choices;
        field->choices = own;
    }
}

static void build_texts(const struct part *part, struct field *field)
{
    static const enum property of[LANG_COUNT][3] = {
        [LANG_AR] = {SAID_LABEL_AR, SAID_HELP_AR, SAID_MESSAGE_AR},
        [LANG_EN] = {SAID_LABEL_EN, SAID_HELP_EN, SAID_MESSAGE_EN}};
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        const char *help = part->said[of[lang][1]].text;
        field->label[lang] = part->said[of[lang][0]].text;
        field->help[lang] = help ? help : field_kind_help(field->kind, (enum lang)lang);
        field->message[lang] = part->said[of[lang][2]].text;
    }
}

/* Help lines and messages have one line of the screen. */
static void want_width(struct reader *reader, const struct part *part)
{
    static const enum property lines[] = {SAID_HELP_AR, SAID_HELP_EN, SAID_MESSAGE_AR,
                                          SAID_MESSAGE_EN};
    for (size_t i = 0; i < SND_COUNT(lines); i++) {
        const struct said *said = &part->said[lines[i]];
        int width = said->text ? layout_width(said->text) : 0;
        if (width > READ_LINE_COLUMNS)
            source_complain(&reader->source, said->line, said->column,
                            "Shorten the text: it takes %d columns and one line has %d.", width,
                            READ_LINE_COLUMNS);
    }
}

/* A constraint and its message need each other; a calculated field has no default. */
static void want_sense(struct reader *reader, const struct part *part)
{
    const struct said *said = part->said;
    if (said[SAID_CONSTRAINT].text && !said[SAID_MESSAGE_AR].line && !said[SAID_MESSAGE_EN].line)
        source_complain(&reader->source, said[SAID_CONSTRAINT].line, 1,
                        "Add message.ar and message.en: what to do when the rule is broken.");
    for (int i = SAID_MESSAGE_AR; i <= SAID_MESSAGE_EN; i++)
        if (said[i].text && !said[SAID_CONSTRAINT].line)
            source_complain(&reader->source, said[i].line, 1,
                            "Take the message out, or add the constraint it belongs to.");
    if (said[SAID_CALCULATE].text && said[SAID_DEFAULT].text)
        source_complain(&reader->source, said[SAID_DEFAULT].line, 1,
                        "Take this line out: a calculated field has no default.");
}

static void build_field(struct reader *reader, const struct part *part, const struct keys *keys,
                        struct field *field, const struct field *others)
{
    want_properties(reader, part);
    want_sense(reader, part);
    want_width(reader, part);
    field->key = part->key;
    field->line = part->line;
    field->group = part->group;
    build_kind(reader, &part->said[SAID_TYPE], field);
    build_texts(part, field);
    build_need(reader, keys, &part->said[SAID_REQUIRED], field);
    field->relevant = build_expr(reader, keys, &part->said[SAID_RELEVANT], 1);
    field->constraint = build_expr(reader, keys, &part->said[SAID_CONSTRAINT], 1);
    field->calculate = build_expr(reader, keys, &part->said[SAID_CALCULATE], 0);
    field->otherwise = build_expr(reader, keys, &part->said[SAID_DEFAULT], 0);
    field->person = part->said[SAID_PERSON].text;
    build_max(reader, &part->said[SAID_MAX], field);
    if (part->said[SAID_TYPE].text)
        build_choices(reader, part, field, others);
}

void build_form(struct reader *reader)
{
    struct arena *arena = reader->source.keep;
    struct form *form = reader->form;
    struct field *field = arena_alloc(arena, (reader->fields + 1) * sizeof *field);
    struct group *group = arena_alloc(arena, (reader->groups + 1) * sizeof *group);
    const char **key = arena_alloc(arena, (reader->fields + 1) * sizeof *key);
    struct keys keys = {key, 0};
    for (size_t i = 1; i < reader->parts; i++)
        if (reader->part[i].where == IN_FIELD)
            key[keys.count++] = reader->part[i].key;
    form->field = field;
    form->group = group;
    build_head(reader);
    form->rate = build_expr(reader, &keys, &reader->part[0].said[SAID_RATE], 0);
    for (size_t i = 1; i < reader->parts; i++) {
        const struct part *part = &reader->part[i];
        if (part->where == IN_GROUP)
            build_group(reader, part, &group[form->groups++]);
        else
            build_field(reader, part, &keys, &field[form->fields++], field);
    }
    form->pages = reader->page + 1;
    if (reader->missing)
        source_complain(&reader->source, reader->missing_line, reader->missing_column,
                        "Put into lists/ beside the form, or name other lists:%s.",
                        reader->missing);
}
