/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_PARTY_H
#define FORM_PARTY_H
/* The people and establishments that a form is about: which of its fields say what of whom. The
 * applicant comes first; others are those that fields name by `person = agent.name`. */
#include "form/record.h"

enum person_part {
#define PERSON_PART(name, word, kinds, memory) PERSON_##name,
#include "form/person.def"
#undef PERSON_PART
    PERSON_PARTS
};
enum person_memory { KNOWN_BY, KEPT, VISIT };
const char *person_word(enum person_part part);
enum person_memory person_memory(enum person_part part);
/* 1 when a field of that kind can hold it. */
int person_holds(enum person_part part, enum field_kind kind);
/* `applicant.civil`: 0 and what it says, or SND_E_BAD. The party's name is in `party`. */
#define PARTY_NAME 24
SND_MUST int person_read(const char *text, char party[PARTY_NAME], enum person_part *part);

struct party {
    const char *name;        /* applicant, agent, company ... */
    int field[PERSON_PARTS]; /* index of the field that says it, or -1 */
};
/* The part that the party is known by (civil or cr) and its field; -1 = by none. */
int party_key(const struct party *party, enum person_part *part);
/* The party that is known by that field, or NULL. */
const struct party *party_known_by(const struct form *form, int field);
/* 1 when the field says something of some party. */
int party_has(const struct form *form, int field);
/* What a record says of its parties that is worth remembering, for the book:
 * [{"civil":"...","name":"..."}, ...], one for each party whose key is filled in; yours to
 * json_free(). */
struct json;
struct json *party_json(const struct record *record);
#endif
