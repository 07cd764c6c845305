/* SPDX-License-Identifier: Apache-2.0
 * Values that come from elsewhere than the clerk's keys: the form's defaults, the request before,
 * the person who goes on to another service, all papers at once.
 *
 * A given value is marked beside its box, and the first sign typed over it begins anew. Nothing a
 * clerk has typed is ever overwritten, but the one field in which F5 is pressed. What is said of a
 * person is never taken over when the two are different people. In practice there is no request
 * before: F5 gives what somebody says who doesn't exist, and who agrees with all that was typed. */
#include <string.h>
#include "base/err.h"
#include "form/party.h"
#include "form/sample.h"
#include "ui/fill_priv.h"

int fill_is_given(const struct fill *fill, int field)
{
    return fill->record->value[field] && (fill->given[field] || !fill->record->touched[field]);
}

/* 1 when a value may be put there without anybody's typing being lost. */
static int is_free(const struct fill *fill, int field)
{
    if (field == fill->focus && fill->edit.changed)
        return 0;
    return !fill->record->value[field] || fill_is_given(fill, field);
}

static void give(struct fill *fill, int field, const char *value, enum given how)
{
    record_set(fill->record, field, value);
    fill->given[field] = (uint8_t)how;
}

/* After values were given: what follows from them, what is wrong with them, the box in focus. */
static void settle(struct ui *ui, struct fill *fill)
{
    struct fault fault;
    record_settle(fill->record, &fill->day, 1);
    for (size_t i = 0; i < fill->form->fields; i++)
        if (fill->given[i])
            fill->fault[i] =
                (uint8_t)(record_judge(fill->record, (int)i, &fill->day, msg_language(), &fault) &&
                                  fault.rule != FAULT_REQUIRED
                              ? fault.rule
                              : FAULT_NONE);
    if (!fill->edit.changed)
        fill_enter(fill, fill->focus);
    fill_touch(ui, fill);
}

/* ---- who it is about ---- */

static const char *said_of(const struct record *record, const char *party, enum person_part part)
{
    const struct form *form = record->form;
    for (size_t i = 0; i < form->parties; i++)
        if (strcmp(form->party[i].name, party) == 0 && form->party[i].field[part] >= 0)
            return record->value[form->party[i].field[part]];
    return NULL;
}

void fill_carry(struct fill *fill, const struct record *from)
{
    const struct form *form = fill->form;
    for (size_t i = 0; i < form->parties; i++) {
        for (int part = 0; part < PERSON_PARTS; part++) {
            int field = form->party[i].field[part];
            const char *value =
                field < 0 ? NULL : said_of(from, form->party[i].name, (enum person_part)part);
            if (value)
                give(fill, field, value, GIVEN);
        }
    }
    record_settle(fill->record, &fill->day, 1);
    fill->exists = 1;
    fill->dirty = 1;
}

void fill_again(struct fill *fill, const struct record *from)
{
    const struct form *form = fill->form;
    for (size_t i = 0; i < form->fields; i++) {
        const char *value = record_get(from, form->field[i].key);
        if (value)
            give(fill, (int)i, value, GIVEN);
    }
    record_settle(fill->record, &fill->day, 1);
    fill->exists = 1;
    fill->dirty = 1;
}

/* 1 when a field says something of a party that is another one in that record. */
static int of_another(const struct fill *fill, int field, const struct record *record)
{
    const struct form *form = fill->form;
    for (size_t i = 0; i < form->parties; i++) {
        enum person_part known;
        const struct party *party = &form->party[i];
        int key = party_key(party, &known), speaks = 0;
        for (int part = 0; part < PERSON_PARTS; part++)
            speaks |= party->field[part] == field;
        if (!speaks || key < 0 || !fill->record->value[key])
            continue;
        const char *theirs = said_of(record, party->name, known);
        if (!theirs || strcmp(theirs, fill->record->value[key]) != 0)
            return 1;
    }
    return 0;
}

/* ---- who has that number ---- */

/* Another number: what was known of the one before is not said of this one. */
static void forget_known(struct fill *fill, const struct party *party)
{
    for (int part = 0; part < PERSON_PARTS; part++) {
        int field = party->field[part];
        if (field >= 0 && fill->given[field] == GIVEN_KNOWN) {
            record_set(fill->record, field, "");
            fill->given[field] = GIVEN_NOT;
        }
    }
    record_settle(fill->record, &fill->day, 1);
    record_free(&fill->past);
    fill->newest[0] = '\0';
}

void fill_ask_person(struct ui *ui, struct fill *fill)
{
    enum person_part known_by;
    const struct party *party = party_known_by(fill->form, fill->focus);
    const char *number = fill->record->value[fill->focus];
    if (!party || fill->practice)
        return;
    fill->asked = -1;
    forget_known(fill, party);
    if (!number || str_copy(fill->asked_for, sizeof fill->asked_for, number) != 0)
        return;
    (void)party_key(party, &known_by);
    if (book_person_ask(ui->book, known_by, number, fill->form->code) == 0)
        fill->asked = fill->focus;
}

/* Into an empty field only, and only what the field takes. */
static int give_known(struct fill *fill, int field, const char *value)
{
    struct fault fault;
    if (field < 0 || !value || fill->record->value[field] || !fill->record->relevant[field] ||
        (field == fill->focus && fill->edit.changed))
        return 0;
    give(fill, field, value, GIVEN_KNOWN);
    if (!record_judge(fill->record, field, &fill->day, msg_language(), &fault))
        return 1;
    give(fill, field, "", GIVEN_NOT);
    return 0;
}

static void give_person(struct ui *ui, struct fill *fill, const struct book_person *person)
{
    const struct party *party = party_known_by(fill->form, fill->asked);
    int given = 0;
    for (int part = 0; part < PERSON_PARTS; part++)
        given += give_known(fill, party->field[part], person->known[part]);
    if (party == &fill->form->party[0])
        (void)str_copy(fill->newest, sizeof fill->newest, person->newest);
    if (given == 0)
        return;
    settle(ui, fill);
    if (ui->message_kind != TELL_ERROR || !*ui->message)
        ui_tell(ui, TELL_DONE,
                P_("This customer is known: %s field is filled in.",
                   "This customer is known: %s fields are filled in.", (unsigned long)given),
                frame_number(ui, given));
    ui->dirty |= DIRTY_ALL;
}

void fill_heard(struct ui *ui, void *state)
{
    struct fill *fill = state;
    struct book_person person;
    int error = book_person_heard(ui->book, &person);
    if (error == SND_E_BUSY)
        return;
    const char *number = fill->asked >= 0 ? fill->record->value[fill->asked] : NULL;
    if (error == SND_E_LIMIT)
        ui_tell(
            ui, TELL_WARNING, "%s",
            _("Too many numbers were looked up: type the rest, known customers come back soon."));
    if (error)
        return;
    /* Under another screen nothing changes: what the clerk reads there is what is submitted. */
    int in_front = ui->stack[ui->depth - 1].state == state && !fill->readonly;
    if (in_front && number && strcmp(number, fill->asked_for) == 0)
        give_person(ui, fill, &person);
    fill->asked = -1;
    book_person_free(&person);
}

/* ---- the request before ---- */

/* For practice: what was typed and is right, but in this field, and a made-up person around it. */
static const struct record *made_up(struct fill *fill)
{
    uint32_t who;
    struct fault fault;
    memcpy(&who, fill->draft.id.b + ID_SIZE - sizeof who, sizeof who);
    record_free(&fill->past);
    fill->past = record_new(fill->form);
    for (size_t i = 0; i < fill->form->fields; i++)
        if ((int)i != fill->focus && fill->record->value[i] &&
            !record_judge(fill->record, (int)i, &fill->day, msg_language(), &fault))
            record_set(fill->past, (int)i, fill->record->value[i]);
    (void)record_sample(fill->past, &fill->day, who);
    return fill->past;
}

/* The person's own newest request of this service, or the one this session has submitted last. */
static const struct record *before(struct ui *ui, struct fill *fill)
{
    struct book_detail detail;
    if (fill->practice)
        return made_up(fill);
    if (fill->past || !fill->newest[0])
        return fill->past ? fill->past : ui->repeat.record;
    struct arena *arena = arena_new();
    int error = book_request_get(ui->book, fill->newest, arena, &detail);
    if (error)
        ui_tell_error(ui, error);
    fill->past = detail.record;
    fill->newest[0] = '\0';
    arena_free(&arena);
    return fill->past ? fill->past : ui->repeat.record;
}

/* The first field that says nothing of anybody: where two requests of one person differ. */
static int first_matter(const struct fill *fill)
{
    int field = fill_next(fill, -1, 1);
    while (field >= 0 && party_has(fill->form, field))
        field = fill_next(fill, field, 1);
    return field;
}

static void tell_repeated(struct ui *ui, const struct fill *fill, int given)
{
    unsigned long count = (unsigned long)given;
    ui_tell(ui, TELL_DONE,
            fill->practice
                ? P_("%s field is filled in of somebody made up: look it over.",
                     "%s fields are filled in of somebody made up: look them over.", count)
                : P_("%s field is filled in from the request before: look it over.",
                     "%s fields are filled in from the request before: look them over.", count),
            frame_number(ui, given));
}

static unsigned repeat_all(struct ui *ui, struct fill *fill, const struct record *past)
{
    int given = 0;
    if (strcmp(past->form->code, fill->form->code) != 0) {
        ui_tell(ui, TELL_PLAIN, "%s",
                _("The request before was of another service: F5 repeats single fields of it."));
        return UI_HANDLED;
    }
    for (size_t i = 0; i < fill->form->fields; i++) {
        const struct field *field = &fill->form->field[i];
        const char *value = record_get(past, field->key);
        /* A paper that was here the last time need not be here today. */
        if (!value || (field->kind == FIELD_DOC && !fill->practice) || field->calculate ||
            !is_free(fill, (int)i) || of_another(fill, (int)i, past))
            continue;
        give(fill, (int)i, value, GIVEN);
        given++;
    }
    settle(ui, fill);
    int field = first_matter(fill);
    if (field > fill->focus && party_has(fill->form, fill->focus))
        fill_enter(fill, field);
    tell_repeated(ui, fill, given);
    return UI_REDRAW;
}

unsigned fill_repeat(struct ui *ui, struct fill *fill)
{
    const struct record *past = before(ui, fill);
    if (past && fill->last == K_F5) {
        review_count_first(&fill->review);
        return repeat_all(ui, fill, past);
    }
    const char *stored = past ? record_get(past, fill_field(fill)->key) : NULL;
    if (!stored) {
        ui_tell(ui, TELL_PLAIN, "%s",
                past ? _("The request before has no such value: F5 again repeats the whole of it.")
                     : _("There is no value before to repeat: type it."));
        return UI_HANDLED;
    }
    fill_put(ui, fill, stored);
    fill->given[fill->focus] = GIVEN;
    return UI_REDRAW;
}

/* ---- papers ---- */

int fill_papers(struct ui *ui, struct fill *fill)
{
    struct fault fault;
    int noted = 0;
    for (size_t i = 0; i < fill->form->fields; i++) {
        if (fill->form->field[i].kind != FIELD_DOC || fill->record->value[i] ||
            !record_judge(fill->record, (int)i, &fill->day, msg_language(), &fault) ||
            fault.rule != FAULT_REQUIRED)
            continue;
        give(fill, (int)i, DOCUMENT_SEEN, GIVEN);
        noted++;
    }
    if (noted > 0) {
        settle(ui, fill);
        ui_tell(ui, TELL_DONE,
                P_("%s paper is noted as handed in.", "%s papers are noted as handed in.",
                   (unsigned long)noted),
                frame_number(ui, noted));
    }
    return noted;
}
