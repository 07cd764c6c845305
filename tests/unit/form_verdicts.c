/* SPDX-License-Identifier: Apache-2.0
 * Filled forms of the seven Mazoon services, right and spoiled, against what a reference says of
 * each field (tests/golden/verdicts, made by tools/make-verdicts). One fault a field is reported,
 * so it must be one of those that the reference has, or the stricter one that the fixture names;
 * and where the fixture has none there must be none. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "form/record.h"
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "text/text.h"

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
    const struct json *faults = json_get(line, "faults"), *stricter = json_get(line, "stricter");
    for (size_t i = 0; i < record->form->fields; i++) {
        const char *key = record->form->field[i].key;
        const struct json *wanted = json_get(faults, key), *more = json_get(stricter, key);
        struct fault fault;
        int wrong = record_judge(record, (int)i, day, LANG_AR, &fault);
        const char *got = fault_word(fault.rule);
        int good = wrong ? has(wanted, got, 9) || has(more, got, 1) : !wanted && !more;
        tally->stricter += wrong && !has(wanted, got, 9);
        if (good && (!wrong || *fault.sentence))
            continue;
        tally->differ++;
        tap_note("%s line %d: %s is %s, value %s", record->form->code, number, key, got,
                 record->value[i] ? record->value[i] : "(empty)");
    }
}

static void read_line(const struct form *form, const char *text, size_t len, struct tally *tally)
{
    struct json *line = NULL;
    struct rule_day day = {.wilayat = "DA01"};
    struct fault fault[1];
    struct record *record = record_new(form);
    tally->records++;
    if (json_parse(text, len, &line) != 0 ||
        clock_day_parse(json_get_text(line, "day"), &day.today) != 0 ||
        json_each_text(json_get(line, "values"), set_member, record) != 0) {
        tally->differ++;
        tap_note("%s line %d can't be read", form->code, tally->records);
    } else {
        judge(record, line, &day, tally, tally->records);
        size_t count = record_judge_all(record, &day, LANG_EN, fault, 1);
        int none = !json_count(json_get(line, "faults")) && !json_count(json_get(line, "stricter"));
        tally->right += none && count == 0;
        tally->spoiled += !none && count > 0;
    }
    record_free(&record);
    json_free(&line);
}

static struct tally test_service(const char *name)
{
    struct tally tally = {0};
    struct form *form = tools_form(name);
    char *path = x_printf("tests/golden/verdicts/%s.jsonl", name);
    char *text = tools_text(path);
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "\n");
        read_line(form, at, len, &tally);
        at += len + (at[len] == '\n');
    }
    tap_ok(tally.right == 40 && tally.spoiled == 200 && tally.differ == 0,
           "%s: %d right, %d spoiled, %d differ, %d stricter", form->code, tally.right,
           tally.spoiled, tally.differ, tally.stricter);
    x_free(&text);
    x_free(&path);
    form_free(&form);
    return tally;
}

int main(void)
{
    int differ = 0, records = 0;
    if (text_open() != 0)
        return 1;
    for (int i = 0; i < TOOLS_FORMS; i++) {
        struct tally tally = test_service(tools_forms[i]);
        differ += tally.differ;
        records += tally.right + tally.spoiled;
    }
    tap_ok(differ == 0 && records == TOOLS_FORMS * 240, "verdicts of all seven services");
    tools_end();
    return tap_done();
}
