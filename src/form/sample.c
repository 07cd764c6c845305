/* SPDX-License-Identifier: Apache-2.0
 * A filled form of somebody who doesn't exist, for practice. Nothing is known here of any service:
 * each field tries the values that its kind has (its choices, or the lines of samples.def) and
 * keeps the first that its own rules let pass. Fields are taken in the order in which rules look at
 * each other. Where an early value leaves a later field without any that is right, somebody else is
 * tried. The rules are the judge's alone, so a sample is right exactly when the form says so. */
#include "form/sample.h"
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "form/party.h"
#include "text/date.h"

#define SAMPLE_TEXT 160
#define TRIES 24 /* people, until one has it all right */
#define FIRST 4  /* values of a kind with which a field may begin */
#define BIRTH "-12800"

static const struct {
    enum field_kind kind;
    const char *text;
} samples[] = {
#define SAMPLE(kind, text) {FIELD_##kind, text},
#include "form/samples.def"
#undef SAMPLE
};

/* One field that is looking for its value. */
struct sampled {
    struct record *record;
    const struct rule_day *day;
    int field;
    uint32_t seed; /* of this field of this person */
};

/* Mixes two numbers into one that looks like neither (the end of MurmurHash3). */
static uint32_t mix(uint32_t a, uint32_t b)
{
    uint32_t h = a * UINT32_C(0x9E3779B1) + b;
    h = (h ^ h >> 16) * UINT32_C(0x85EBCA6B);
    h = (h ^ h >> 13) * UINT32_C(0xC2B2AE35);
    return h ^ h >> 16;
}

static void day_text(enum field_kind kind, int32_t day, char out[SAMPLE_TEXT])
{
    if (kind == FIELD_DATE_G)
        clock_day_text(day, out);
    else
        date_text(day, CALENDAR_HIJRI, out);
}

/* A line of samples.def as this field stores it. */
static void write_sample(const struct sampled *sampled, const char *text, char out[SAMPLE_TEXT])
{
    enum field_kind kind = sampled->record->form->field[sampled->field].kind;
    int64_t days;
    if ((kind == FIELD_DATE_G || kind == FIELD_DATE_H) &&
        num_parse(text, -40000, 40000, &days) == 0) {
        day_text(kind, sampled->day->today + (int32_t)days, out);
        return;
    }
    (void)str_copy(out, SAMPLE_TEXT, text);
    uint32_t digits = sampled->seed;
    for (char *at = strchr(out, '#'); at; at = strchr(at, '#')) {
        digits = mix(digits, 1);
        *at = (char)('0' + digits % 10);
    }
}

/* 1 when the field takes it, which then stands there. */
static int takes(const struct sampled *sampled, const char *value)
{
    struct fault fault;
    record_set(sampled->record, sampled->field, value);
    return !record_judge(sampled->record, sampled->field, sampled->day, LANG_EN, &fault);
}

static int try_line(const struct sampled *sampled, size_t line)
{
    char value[SAMPLE_TEXT];
    write_sample(sampled, samples[line].text, value);
    return takes(sampled, value);
}

static int try_lines(const struct sampled *sampled, enum field_kind kind)
{
    size_t first = 0, count = 0;
    while (first < SND_COUNT(samples) && samples[first].kind != kind)
        first++;
    while (first + count < SND_COUNT(samples) && samples[first + count].kind == kind)
        count++;
    if (count == 0)
        return 0;
    if (try_line(sampled, first + sampled->seed % (count < FIRST ? count : FIRST)))
        return 1;
    for (size_t i = 0; i < count; i++)
        if (try_line(sampled, first + i))
            return 1;
    return 0;
}

/* What two fields say of one day: in another calendar. */
static int try_days(const struct sampled *sampled)
{
    const struct form *form = sampled->record->form;
    for (size_t i = 0; i < form->fields; i++) {
        char value[SAMPLE_TEXT];
        int32_t day;
        const char *said = sampled->record->value[i];
        if ((int)i == sampled->field || form->field[i].kind != FIELD_DATE_G || !said ||
            clock_day_parse(said, &day) != 0)
            continue;
        day_text(form->field[sampled->field].kind, day, value);
        if (takes(sampled, value))
            return 1;
    }
    return 0;
}

/* 1 when the field says that of one of the people. */
static int says(const struct sampled *sampled, enum person_part part)
{
    const struct form *form = sampled->record->form;
    for (size_t i = 0; i < form->parties; i++)
        if (form->party[i].field[part] == sampled->field)
            return 1;
    return 0;
}

/* Nobody was born last week. */
static int try_birth(const struct sampled *sampled)
{
    char value[SAMPLE_TEXT];
    if (!says(sampled, PERSON_BIRTH))
        return 0;
    write_sample(sampled, BIRTH, value);
    return takes(sampled, value);
}

/* The names are men's, which the lists have first. */
static int try_choices(const struct sampled *sampled, const struct choices *choices)
{
    uint32_t first = says(sampled, PERSON_GENDER) ? 0 : sampled->seed;
    for (size_t i = 0; i < choices->count; i++)
        if (takes(sampled, choices->item[(first + i) % choices->count].value))
            return 1;
    return 0;
}

/* A value that is right, or none: a paper that isn't needed was not brought. */
static void sample_field(const struct sampled *sampled)
{
    const struct field *field = &sampled->record->form->field[sampled->field];
    struct fault fault;
    if (field->kind == FIELD_DOC &&
        !record_judge(sampled->record, sampled->field, sampled->day, LANG_EN, &fault))
        return;
    int found = field->choices ? try_choices(sampled, field->choices)
                               : try_birth(sampled) || try_lines(sampled, field->kind);
    if (!found && field->kind == FIELD_TEXT) /* a number, by its own rule */
        found = try_lines(sampled, FIELD_CODE);
    if (!found && field->kind == FIELD_DATE_H)
        found = try_days(sampled);
    if (!found)
        record_set(sampled->record, sampled->field, "");
}

static size_t sample(struct record *record, const struct rule_day *day, uint32_t seed)
{
    const struct form *form = record->form;
    struct fault fault;
    record_settle(record, day, 1);
    for (size_t i = 0; i < form->fields; i++) {
        int index = form->order[i];
        if (!record->relevant[index] || record->value[index] || form->field[index].calculate)
            continue;
        sample_field(&(struct sampled){record, day, index, mix(seed, (uint32_t)index)});
        record_settle(record, day, 1);
    }
    return record_judge_all(record, day, LANG_EN, &fault, 1);
}

static void copy(struct record *to, const struct record *from)
{
    for (size_t i = 0; i < from->form->fields; i++)
        record_set(to, (int)i, from->value[i]);
    memcpy(to->touched, from->touched, from->form->fields);
}

size_t record_sample(struct record *record, const struct rule_day *day, uint32_t seed)
{
    struct record *before = record_new(record->form);
    size_t faults = 1;
    copy(before, record);
    for (uint32_t i = 0; faults > 0 && i < TRIES; i++) {
        copy(record, before);
        faults = sample(record, day, mix(seed, i));
    }
    record_free(&before);
    return faults;
}
