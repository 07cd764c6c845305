/* SPDX-License-Identifier: Apache-2.0
 * Filled forms of every service, right and spoiled, against what a reference says of each field
 * (tests/golden/verdicts, made by tools/make-verdicts). A spoiled line names the valid one that it
 * was made of and what was changed. One fault a field is reported, so it must be one of those that
 * the reference has, or the stricter one that the fixture names; and where the fixture has none
 * there must be none. A fault that the fixture calls looser may be missing. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "form/record.h"
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "text/text.h"

#define VALID 40
#define SPOILED 200

struct tally {
    int records, right, spoiled, differ, stricter;
};

static int set_member(void *arg, const char *key, const char *text)
{
    struct record *record = arg;
    int field = form_field(record->form, key);
    if (field < 0)
        return -1;
    record_set(record, field, text);
    return 0;
}

/* 1 when that text is among the first `most` of an array. */
static int has(const struct json *array, const char *word, size_t most)
{
    char *want = x_printf("\"%s\"", word);
    int found = 0;
    for (size_t i = 0; array && !found && i < json_count(array) && i < most; i++) {
        char *text = json_text(json_at(array, i), 0);
        found = strcmp(text, want) == 0;
        x_free(&text);
    }
    x_free(&want);
    return found;
}

static void judge(const struct record *record, const struct json *line, const struct rule_day *day,
                  struct tally *tally, int number)
{
    const struct json *faults = json_get(line, "faults"), *stricter = json_get(line, "stricter"),
                      *looser = json_get(line, "looser");
    for (size_t i = 0; i < record->form->fields; i++) {
        const char *key = record->form->field[i].key;
        const struct json *wanted = json_get(faults, key), *more = json_get(stricter, key);
        struct fault fault;
        int wrong = record_judge(record, (int)i, day, LANG_AR, &fault);
        const char *got = fault_word(fault.rule);
        int good = wrong ? has(wanted, got, 9) || has(more, got, 1)
                         : (!wanted && !more) || json_get(looser, key);
        tally->stricter += wrong && !has(wanted, got, 9);
        if (good && (!wrong || *fault.sentence))
            continue;
        tally->differ++;
        tap_note("%s line %d: %s is %s, value %s", record->form->code, number, key, got,
                 record->value[i] ? record->value[i] : "(empty)");
    }
}

/* The valid lines of a service, which the spoiled ones are made of. */
struct fixture {
    const struct form *form;
    struct json *valid[VALID];
    size_t count;
    struct tally tally;
};

/* Fills the record of a line; its day too. 0, or the line makes no sense. */
static int fill(const struct fixture *fixture, const struct json *line, struct record *record,
                struct rule_day *day)
{
    const struct json *parent = line;
    int64_t of = json_get_int(line, "of", -1);
    if (of >= (int64_t)fixture->count)
        return -1;
    if (of >= 0)
        parent = fixture->valid[of];
    const char *date = json_get_text(parent, "day");
    if (!date || clock_day_parse(date, &day->today) != 0 ||
        json_each_text(json_get(parent, "values"), set_member, record) != 0)
        return -1;
    return parent == line ? 0 : json_each_text(json_get(line, "set"), set_member, record);
}

static void read_line(struct fixture *fixture, const char *text, size_t len)
{
    struct tally *tally = &fixture->tally;
    struct json *line = NULL;
    struct rule_day day = {.wilayat = "DA01"};
    struct fault fault[1];
    struct record *record = record_new(fixture->form);
    tally->records++;
    if (json_parse(text, len, &line) != 0 || fill(fixture, line, record, &day) != 0) {
        tally->differ++;
        tap_note("%s line %d can't be read", fixture->form->code, tally->records);
    } else {
        judge(record, line, &day, tally, tally->records);
        size_t count = record_judge_all(record, &day, LANG_EN, fault, 1);
        int none = !json_get(line, "faults") && !json_get(line, "stricter");
        tally->right += none && count == 0;
        tally->spoiled += !none && count > 0;
    }
    record_free(&record);
    if (line && json_get(line, "values") && fixture->count < VALID)
        fixture->valid[fixture->count++] = line;
    else
        json_free(&line);
}

static struct tally test_service(const char *name)
{
    struct fixture fixture = {0};
    struct tally *tally = &fixture.tally;
    struct form *form = tools_form(name);
    char *path = x_printf("tests/golden/verdicts/%s.jsonl", name);
    char *text = tools_text(path);
    fixture.form = form;
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "\n");
        read_line(&fixture, at, len);
        at += len + (at[len] == '\n');
    }
    tap_ok(tally->right == VALID && tally->spoiled == SPOILED && tally->differ == 0,
           "%s: %d right, %d spoiled, %d differ, %d stricter", form->code, tally->right,
           tally->spoiled, tally->differ, tally->stricter);
    while (fixture.count)
        json_free(&fixture.valid[--fixture.count]);
    x_free(&text);
    x_free(&path);
    form_free(&form);
    return *tally;
}

static int is_one_of_seven(const char *name)
{
    for (int i = 0; i < TOOLS_FORMS; i++)
        if (strcmp(tools_forms[i], name) == 0)
            return 1;
    return 0;
}

int main(void)
{
    struct tally all = {0}, seven = {0};
    const char *name;
    if (text_open() != 0)
        return 1;
    for (size_t i = 0; (name = tools_service(i)) != NULL; i++) {
        struct tally tally = test_service(name);
        struct tally *sums[] = {&all, &seven};
        for (int sum = 0; sum < 1 + is_one_of_seven(name); sum++) {
            sums[sum]->differ += tally.differ;
            sums[sum]->records += tally.right + tally.spoiled;
        }
    }
    tap_ok(seven.differ == 0 && seven.records == TOOLS_FORMS * (VALID + SPOILED),
           "verdicts of all seven services");
    tap_ok(all.differ == 0 && all.records == TOOLS_SERVICES * (VALID + SPOILED),
           "verdicts of all 93 services");
    tools_end();
    return tap_done();
}
