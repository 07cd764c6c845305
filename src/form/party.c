/* SPDX-License-Identifier: Apache-2.0
 * Who a form is about. The three `applicant.` lines of its head make the first party; every field
 * with a `person` line adds what it says to the party it names. A field speaks of one party only:
 * its own line goes before the head's, so an establishment's telephone is not its signatory's.
 * What is remembered of a party hangs on the number it is known by; a party without one can only be
 * carried through one visit. */
#include "form/party.h"
#include <string.h>
#include "base/err.h"
#include "base/json.h"
#include "form/read_priv.h"

#define KIND(name) (UINT32_C(1) << FIELD_##name)
static const struct {
    const char *word;
    uint32_t kinds;
    enum person_memory memory;
} parts[] = {
#define PERSON_PART(name, word, kinds, memory) {word, kinds, memory},
#include "form/person.def"
#undef PERSON_PART
};

const char *person_word(enum person_part part)
{
    return parts[part].word;
}

enum person_memory person_memory(enum person_part part)
{
    return parts[part].memory;
}

int person_holds(enum person_part part, enum field_kind kind)
{
    return (parts[part].kinds >> kind & 1) != 0;
}

int person_read(const char *text, char party[PARTY_NAME], enum person_part *part)
{
    size_t len = strcspn(text, ".");
    if (text[len] != '.' || str_format(party, PARTY_NAME, "%.*s", (int)len, text) != 0 ||
        !source_is_key(party))
        return SND_E_BAD;
    for (int i = 0; i < PERSON_PARTS; i++) {
        if (strcmp(parts[i].word, text + len + 1) == 0) {
            *part = (enum person_part)i;
            return 0;
        }
    }
    return SND_E_BAD;
}

int party_key(const struct party *party, enum person_part *part)
{
    for (int i = 0; i < PERSON_PARTS; i++) {
        if (parts[i].memory == KNOWN_BY && party->field[i] >= 0) {
            *part = (enum person_part)i;
            return party->field[i];
        }
    }
    return -1;
}

const struct party *party_known_by(const struct form *form, int field)
{
    enum person_part part;
    for (size_t i = 0; i < form->parties; i++)
        if (party_key(&form->party[i], &part) == field)
            return &form->party[i];
    return NULL;
}

int party_has(const struct form *form, int field)
{
    for (size_t i = 0; i < form->parties; i++)
        for (int part = 0; part < PERSON_PARTS; part++)
            if (form->party[i].field[part] == field)
                return 1;
    return 0;
}

struct json *party_json(const struct record *record)
{
    const struct form *form = record->form;
    struct json *all = json_new_array();
    for (size_t i = 0; i < form->parties; i++) {
        enum person_part known;
        int key = party_key(&form->party[i], &known);
        if (key < 0 || !record->value[key])
            continue;
        struct json *one = json_new_object();
        for (int part = 0; part < PERSON_PARTS; part++) {
            int field = form->party[i].field[part];
            if (parts[part].memory != VISIT && field >= 0 && record->value[field])
                json_put_text(one, parts[part].word, record->value[field]);
        }
        json_push(all, one);
    }
    return all;
}

/* ---- reading ---- */

#define PARTIES_MAX 8
struct gathering {
    struct reader *reader;
    struct party *party;
    size_t count;
};

static struct party *party_named(struct gathering *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->party[i].name, name) == 0)
            return &all->party[i];
    if (all->count == PARTIES_MAX)
        return NULL;
    struct party *party = &all->party[all->count++];
    party->name = arena_strdup(all->reader->source.keep, name);
    for (int part = 0; part < PERSON_PARTS; part++)
        party->field[part] = -1;
    return party;
}

/* The fields that the head names, but for those with a line of their own. */
static void gather_applicant(struct gathering *all)
{
    const struct form *form = all->reader->form;
    struct party *party = party_named(all, "applicant");
    const struct {
        enum person_part part;
        const char *key;
    } said[] = {{PERSON_CIVIL, form->applicant_civil},
                {PERSON_NAME, form->applicant_name},
                {PERSON_MOBILE, form->applicant_mobile}};
    for (size_t i = 0; i < SND_COUNT(said); i++) {
        int field = form_field(form, said[i].key);
        if (field >= 0 && !form->field[field].person)
            party->field[said[i].part] = field;
    }
}

static const char *gather_field(struct gathering *all, int field)
{
    char name[PARTY_NAME];
    enum person_part part, known;
    const struct form *form = all->reader->form;
    if (person_read(form->field[field].person, name, &part) != 0)
        return "Write what the field says of whom, such as: agent.name";
    if (!person_holds(part, form->field[field].kind))
        return "Take another word: a field of this kind can't say that of anybody.";
    struct party *party = party_named(all, name);
    if (!party)
        return "Name fewer parties: at most 8.";
    if (party->field[part] >= 0)
        return "Take this line out: another field says this of the same party.";
    if (person_memory(part) == KNOWN_BY && party_key(party, &known) >= 0)
        return "Take this line out: the party is known by another number already.";
    party->field[part] = field;
    return NULL;
}

void party_gather(struct reader *reader)
{
    struct form *form = reader->form;
    struct gathering all = {.reader = reader};
    int field = 0;
    all.party = arena_alloc(reader->source.keep, PARTIES_MAX * sizeof *all.party);
    gather_applicant(&all);
    for (size_t i = 1; i < reader->parts; i++) {
        const struct said *said = &reader->part[i].said[SAID_PERSON];
        if (reader->part[i].where != IN_FIELD)
            continue;
        const char *wrong = form->field[field].person ? gather_field(&all, field) : NULL;
        if (wrong)
            source_complain(&reader->source, said->line, said->column, "%s", wrong);
        field++;
    }
    form->party = all.party;
    form->parties = all.count;
}
