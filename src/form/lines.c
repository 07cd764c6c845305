/* SPDX-License-Identifier: Apache-2.0
 * Pass one over a form's text: each line is a [section], a statement (a verb and words) or a
 * property (key = value), and is put down in the part it belongs to with its line and column. What
 * a value means is build.c's business; here only its place, its once-ness and its language are
 * judged. A wrong line is complained of and left out, and reading goes on. */
#include "form/read_priv.h"
#include <string.h>
#include "base/num.h"

enum { SAYS_AR, SAYS_EN, SAYS_KEY, SAYS_PLAIN };

static const struct {
    const char *word;
    int where;
    int what;
} properties[] = {
#define PROPERTY(name, word, where, what, must) {word, where, what},
#include "form/property.def"
#undef PROPERTY
};

const char *property_word(enum property property)
{
    return properties[property].word;
}

static struct part *current(struct reader *reader)
{
    return &reader->part[reader->parts - 1];
}

static void complain(struct reader *reader, int column, const char *sentence)
{
    source_complain(&reader->source, reader->source.line, column, "%s", sentence);
}

static struct part *add_part(struct reader *reader, enum where where, const char *key)
{
    if (reader->parts == reader->part_room) {
        reader->part_room = reader->part_room * 2 + 8;
        reader->part = x_realloc(reader->part, reader->part_room, sizeof *reader->part);
    }
    struct part *part = &reader->part[reader->parts++];
    *part = (struct part){
        .where = where, .key = key, .line = reader->source.line, .choice = reader->choices};
    return part;
}

/* --- sections --------------------------------------------------------------------------------- */

static void begin_page(struct reader *reader)
{
    if (!reader->groups || reader->page_line) {
        complain(reader, 1, "Take this line out: a page needs a group before it and one after it.");
        return;
    }
    reader->page++;
    reader->page_line = reader->source.line;
}

static int key_is_taken(const struct reader *reader, enum where where, const char *key)
{
    for (size_t i = 1; i < reader->parts; i++)
        if (reader->part[i].where == where && strcmp(reader->part[i].key, key) == 0)
            return 1;
    return 0;
}

static void begin_group(struct reader *reader, const char *key)
{
    if (reader->groups == READ_GROUPS) {
        complain(reader, 1, "Make fewer groups: at most 40.");
        return;
    }
    struct part *part = add_part(reader, IN_GROUP, key);
    part->page = reader->page;
    part->group = (int)reader->groups++;
    reader->page_line = 0;
}

static void begin_field(struct reader *reader, const char *key)
{
    if (!reader->groups || reader->page_line)
        complain(reader, 1, "Write a line such as [group applicant] before the field.");
    if (reader->fields == READ_FIELDS) {
        complain(reader, 1, "Make fewer fields: at most 200.");
        return;
    }
    struct part *part = add_part(reader, IN_FIELD, key);
    part->group = (int)reader->groups - 1;
    reader->fields++;
}

static void read_section(struct reader *reader)
{
    struct word words[READ_WORDS];
    struct source *source = &reader->source;
    size_t len = strlen(source->text);
    if (source->text[len - 1] != ']') {
        complain(reader, source_column(source, source->text + len), "Close the bracket with ].");
        return;
    }
    source->text[len - 1] = ' ';
    source->text[0] = ' ';
    source->text++;
    source->indent++;
    int count = source_words(source, words);
    size_t before = source->faults;
    int page = count == 1 && strcmp(words[0].text, "page") == 0;
    int group = count == 2 && strcmp(words[0].text, "group") == 0;
    int field = count == 2 && strcmp(words[0].text, "field") == 0;
    if (!page && !group && !field)
        complain(reader, 1, "Write [page], [group NAME] or [field KEY].");
    else if (page)
        begin_page(reader);
    else if (!source_is_key(words[1].text))
        complain(reader, words[1].column,
                 "Write a name of small Latin letters, digits and _, a letter first.");
    else if (key_is_taken(reader, group ? IN_GROUP : IN_FIELD, words[1].text))
        complain(reader, words[1].column, "Write another name: this one stands above already.");
    else if (group)
        begin_group(reader, words[1].text);
    else
        begin_field(reader, words[1].text);
    /* What follows a wrong section belongs to nothing: one complaint is enough. */
    reader->lost = source->faults != before;
}

/* --- statements ------------------------------------------------------------------------------- */

static void read_form(struct reader *reader, const struct word *word)
{
    if (reader->form->code)
        complain(reader, 1, "Take this line out: a file holds one form.");
    else if (!source_is_code(word[1].text))
        complain(reader, word[1].column,
                 "Write a code of capital letters, digits and -, such as MZ-01.");
    else
        reader->form->code = word[1].text;
}

static void read_version(struct reader *reader, const struct word *word)
{
    int64_t number;
    if (reader->form->version)
        complain(reader, 1, "Take this line out: the version stands above already.");
    else if (num_parse(word[1].text, 1, 9999, &number) != 0)
        complain(reader, word[1].column, "Write a whole number from 1 to 9999.");
    else
        reader->form->version = (int)number;
}

static void read_agency(struct reader *reader, const struct word *word)
{
    if (reader->form->agency)
        complain(reader, 1, "Take this line out: the agency stands above already.");
    else if (!source_is_code(word[1].text))
        complain(reader, word[1].column,
                 "Write the agency's code in capital letters, such as MZEC.");
    else
        reader->form->agency = word[1].text;
}

static void read_choice(struct reader *reader, const struct word *word)
{
    struct part *part = current(reader);
    struct choice choice;
    (void)word;
    if (!source_choice(&reader->source, &choice))
        return;
    for (size_t i = part->choice; i < reader->choices; i++)
        if (strcmp(reader->choice[i].value, choice.value) == 0) {
            complain(reader, 1, "Write another value: this one stands above already.");
            return;
        }
    if (reader->choices == READ_CHOICES) {
        complain(reader, 1, "Put long lists into files of their own: `choices = name`.");
        return;
    }
    if (reader->choices == reader->choice_room) {
        reader->choice_room = reader->choice_room * 2 + 16;
        reader->choice = x_realloc(reader->choice, reader->choice_room, sizeof *reader->choice);
    }
    reader->choice[reader->choices++] = choice;
    part->choices++;
}

/* `shape`: the words that must stand there; capitals stand for anything. */
static const struct statement {
    const char *verb;
    int where;
    int words; /* 0 = it counts its own */
    const char *shape;
    statement_read *read;
} statements[] = {
    {"form", IN_FORM, 2, "form CODE", read_form},
    {"version", IN_FORM, 2, "version NUMBER", read_version},
    {"agency", IN_FORM, 2, "agency CODE", read_agency},
    {"open", IN_FORM, 4, "open from DAY STATE", dated_open},
    {"season", IN_FORM, 6, "season CALENDAR from MONTH-DAY to MONTH-DAY", dated_season},
    {"area", IN_FORM, 7, "area from DAY centre AREA subject AREA", dated_area},
    {"fee", IN_FORM, 7, "fee from DAY agency RIALS centre RIALS", dated_fee},
    {"choice", IN_FIELD, 0, "choice VALUE | ARABIC | ENGLISH", read_choice},
};

/* 1 when the small words of the shape stand where they should. */
static int has_shape(const struct statement *statement, const struct word *words, int count)
{
    const char *at = statement->shape;
    if (count != statement->words)
        return statement->words == 0;
    for (int i = 0; i < count; i++) {
        size_t len = strcspn(at, " ");
        if (at[0] >= 'a' && at[0] <= 'z' &&
            (strlen(words[i].text) != len || strncmp(words[i].text, at, len) != 0))
            return 0;
        at += len + (at[len] == ' ');
    }
    return 1;
}

static void read_statement(struct reader *reader, const struct statement *statement)
{
    struct word words[READ_WORDS];
    int count = source_words(&reader->source, words);
    if (!(statement->where & (int)current(reader)->where))
        complain(reader, 1,
                 statement->where == IN_FORM ? "Move this line up, before the first [group]."
                                             : "Move this line below the [field] it belongs to.");
    else if (!has_shape(statement, words, count))
        source_complain(&reader->source, reader->source.line, 1, "Write: %s", statement->shape);
    else
        statement->read(reader, words);
}

/* --- properties ------------------------------------------------------------------------------- */

static int value_is_sound(struct reader *reader, int what, struct word value)
{
    if (!*value.text) {
        complain(reader, value.column, "Write something after the = sign, or take the line out.");
        return 0;
    }
    if (what == SAYS_AR || what == SAYS_EN)
        return source_says(&reader->source, value, what == SAYS_AR ? LANG_AR : LANG_EN);
    if (what == SAYS_KEY && !source_is_key(value.text)) {
        complain(reader, value.column, "Write the key of a field, such as app_civil.");
        return 0;
    }
    return 1;
}

static void put_property(struct reader *reader, size_t property, struct word value)
{
    struct part *part = current(reader);
    struct said *said = &part->said[property];
    static const char *const places[] = {[IN_FORM] = "before the first [group]",
                                         [IN_GROUP] = "below a [group]",
                                         [IN_FORM | IN_GROUP] = "below `form` or a [group]",
                                         [IN_FIELD] = "below a [field]"};
    if (!(properties[property].where & (int)part->where))
        source_complain(&reader->source, reader->source.line, 1, "Move this line: it belongs %s.",
                        places[properties[property].where]);
    else if (said->text)
        source_complain(&reader->source, reader->source.line, 1,
                        "Take this line out: `%s` stands on line %d already.",
                        properties[property].word, said->line);
    else if (value_is_sound(reader, properties[property].what, value))
        *said = (struct said){value.text, reader->source.line, value.column};
    else
        said->line = reader->source.line;
}

static void read_property(struct reader *reader)
{
    struct source *source = &reader->source;
    size_t len = strcspn(source->text, " =");
    const char *sign = source->text + len + strspn(source->text + len, " ");
    for (size_t i = 0; i < SAID_COUNT; i++) {
        if (strlen(properties[i].word) != len ||
            strncmp(properties[i].word, source->text, len) != 0)
            continue;
        const char *value = sign + (*sign == '=');
        value += strspn(value, " ");
        struct word word = {arena_strdup(source->keep, value), source_column(source, value)};
        if (*sign == '=') {
            put_property(reader, i, word);
            return;
        }
        complain(reader, source_column(source, sign), "Write = after the word.");
        current(reader)->said[i].line = source->line;
        return;
    }
    complain(reader, 1, "Begin the line with a word of README.md, or with # for a remark.");
}

static void read_line(struct reader *reader)
{
    const char *text = reader->source.text;
    size_t len = strcspn(text, " ");
    if (*text == '[') {
        read_section(reader);
        return;
    }
    if (reader->lost)
        return;
    if (reader->page_line) {
        complain(reader, 1, "Write a line such as [group documents] after [page].");
        return;
    }
    for (size_t i = 0; i < SND_COUNT(statements); i++)
        if (strlen(statements[i].verb) == len && strncmp(statements[i].verb, text, len) == 0) {
            read_statement(reader, &statements[i]);
            return;
        }
    read_property(reader);
}

void lines_read(struct reader *reader)
{
    int first = 1;
    reader->source.line = 0;
    add_part(reader, IN_FORM, NULL)->line = 1;
    while (source_next(&reader->source)) {
        if (first && strncmp(reader->source.text, "form ", 5) != 0)
            complain(reader, 1, "Begin with a line such as: form MZ-01");
        if (first)
            reader->part[0].line = reader->source.line;
        first = 0;
        read_line(reader);
    }
    if (reader->page_line)
        source_complain(&reader->source, reader->page_line, 1,
                        "Write a [group] after this page line, or take it out.");
}
