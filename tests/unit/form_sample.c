/* SPDX-License-Identifier: Apache-2.0
 * People who don't exist, for practice: each service's form filled by its own rules alone, on days
 * all over the years and at centres everywhere; and around what stands there already. */
#include "form/sample.h"
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "text/text.h"

#define PEOPLE 12

static const struct rule_day days[] = {
    {17440, "MA01"}, {17504, "DA01"}, {17714, "DA01"}, {20420, "DS05"}};

static void note_faults(const struct record *record, const struct rule_day *day)
{
    for (size_t i = 0; i < record->form->fields; i++) {
        struct fault fault;
        if (record_judge(record, (int)i, day, LANG_EN, &fault))
            tap_note("%s %s: %s (%s)", record->form->code, record->form->field[i].key,
                     fault_word(fault.rule), record->value[i] ? record->value[i] : "");
    }
}

/* How many of the people who were tried fill the form right. */
static int people_right(const struct form *form)
{
    int right = 0;
    for (size_t day = 0; day < SND_COUNT(days); day++) {
        for (uint32_t who = 0; who < PEOPLE; who++) {
            struct record *record = record_new(form);
            size_t faults = record_sample(record, &days[day], who);
            if (faults > 0)
                note_faults(record, &days[day]);
            right += faults == 0 && record_get(record, form->applicant_civil) != NULL;
            record_free(&record);
        }
    }
    return right;
}

static void services(void)
{
    const char *name;
    int right = 0;
    for (size_t i = 0; (name = tools_service(i)) != NULL; i++) {
        struct form *form = tools_form(name);
        right += people_right(form) == PEOPLE * (int)SND_COUNT(days);
        form_free(&form);
    }
    tap_ok(right == TOOLS_SERVICES, "a made-up person fills each of the 93 services right");
}

/* Each field empty again, then all but one: what was said stays, the rest is found around it. */
static void around(void)
{
    const char *name;
    int kept = 1, differ = 0;
    for (size_t i = 0; (name = tools_service(i)) != NULL; i++) {
        struct form *form = tools_form(name);
        struct record *typed = tools_right(form, name, &days[1]), *filled = record_new(form);
        int civil = form_field(form, form->applicant_civil),
            mobile = form_field(form, form->applicant_mobile);
        record_set(filled, civil, typed ? typed->value[civil] : "99012345");
        record_set(filled, mobile, "92345678");
        int right = record_sample(filled, &days[1], (uint32_t)i) == 0;
        kept &= right && strcmp(filled->value[mobile], "92345678") == 0 &&
                (!typed || strcmp(filled->value[civil], typed->value[civil]) == 0);
        if (!right)
            note_faults(filled, &days[1]);
        struct record *other = record_new(form), *again = record_new(form);
        (void)record_sample(other, &days[1], 1);
        (void)record_sample(again, &days[1], 2);
        differ += strcmp(other->value[civil], again->value[civil]) != 0;
        record_free(&other);
        record_free(&again);
        record_free(&typed);
        record_free(&filled);
        form_free(&form);
    }
    tap_ok(kept, "what was typed already stays, and the rest fits it");
    tap_ok(differ == TOOLS_SERVICES, "each practice has somebody else");
}

/* Nobody can take one of them for a person: the numbers and the family say so. */
static void obvious(void)
{
    struct form *form = tools_form("mz-01");
    int obvious = 1;
    for (uint32_t who = 0; who < 200; who++) {
        struct record *record = record_new(form);
        (void)record_sample(record, &days[1], who);
        const char *civil = record_get(record, form->applicant_civil),
                   *name = record_get(record, form->applicant_name);
        obvious &= civil && strncmp(civil, "99", 2) == 0 && strlen(civil) == 8 && name &&
                   strstr(name, " التدريبي") != NULL;
        record_free(&record);
    }
    tap_ok(obvious, "and is obviously nobody");
    form_free(&form);
}

/* A rule that no sample meets leaves its field to whoever practises; one that was typed wrong is
 * not mended. */
static void impossible(void)
{
    struct form *form = tools_form("mz-01");
    struct record *record = record_new(form);
    int mobile = form_field(form, form->applicant_mobile);
    record_set(record, mobile, "123");
    tap_ok(record_sample(record, &days[1], 1) == 1 && strcmp(record->value[mobile], "123") == 0,
           "a wrong value that was typed stays, and is the one fault");
    record_free(&record);
    form_free(&form);
}

int main(void)
{
    if (text_open() != 0)
        return 1;
    services();
    around();
    obvious();
    impossible();
    tools_end();
    return tap_done();
}
