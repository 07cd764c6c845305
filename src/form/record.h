/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_RECORD_H
#define FORM_RECORD_H
/* A filled form: one stored value a field, in the form's order. Stored values are canonical: ASCII
 * digits, dates YYYY-MM-DD (Hijri kinds too: dd/mm/yyyy Hijri), amounts with three decimals,
 * choices by value, yes/no. A document is "have:<number or name>" (seen, it is with the papers),
 * "none:<why>" (its absence justified) or "att:<hex>" (a stored file). */
#include <stdint.h>
#include "base/json.h"
#include "base/mem.h"
#include "base/wire.h"
#include "form/form.h"

struct record {
    const struct form *form;
    char **value;      /* [form->fields]; NULL = empty */
    uint8_t *relevant; /* [form->fields]; set by record_settle() */
    uint8_t *touched;  /* [form->fields]; set by record_set(): its default stays away */
};
struct record *record_new(const struct form *form);
void record_free(struct record **record);
/* Sets (a copy) or empties (NULL or "") one value, as is. */
void record_set(struct record *record, int field, const char *value);
const char *record_get(const struct record *record, const char *key); /* NULL when empty */

/* What the rules look at besides the record. */
struct rule_day {
    int32_t today;       /* business day */
    const char *wilayat; /* of the centre, "DA01" */
};
/* Works out defaults of empty fields that record_set() never touched (when `fill` is set), what is
 * relevant, empties what is not, and calculates, in dependency order. Call after every change; cheap.
 * Don't call it before judging what came from a desk: it would mend what should be refused. */
void record_settle(struct record *record, const struct rule_day *day, int fill);

/* The fees on that day: those of form_fee(), and on the agency's what the form works out from the
 * record (nothing while what it needs is empty; never less than nothing). */
void record_fee(const struct record *record, const struct rule_day *day, struct fee *out);

/* What is wrong with a value. Rules in fault.def: FAULT(NAME, "english sentence id"). */
enum fault_rule {
#define FAULT(name, word, sentence) FAULT_##name,
#include "form/fault.def"
#undef FAULT
    FAULT_RULES
};
struct fault {
    int field;
    enum fault_rule rule;
    const char *sentence; /* msgid of one sentence, or the form's own message (already in the language asked) */
};
/* Judges one field (relevance, need, its kind's rule, calculation, constraint, area) of a record as
 * it stands, settled or not: 1 = something wrong, in *out; 0 = right. The sentence is in language `lang` when it is the form's own. */
int record_judge(const struct record *record, int field, const struct rule_day *day, enum lang lang, struct fault *out);
/* Judges all, also the hidden ones (which must be empty); returns how many faults, out[] up to max. */
size_t record_judge_all(const struct record *record, const struct rule_day *day, enum lang lang, struct fault *out, size_t max);
/* Word of a rule for logs, JSON and tests ("required", "civil", "constraint"...). */
const char *fault_word(enum fault_rule rule);

/* What the clerk typed -> stored value (0), or SND_E_BAD. Empty text is 0 and "". */
SND_MUST int field_parse(const struct field *field, const char *typed, struct buf *out);
/* What is stored of a document that is with the papers and has no number. */
#define DOCUMENT_SEEN "have:seen"
/* What stands before the hash of one that is stored. */
#define DOCUMENT_STORED "att:"
/* Stored value -> as it is read, in the session's language; of a document, that it is there. */
const char *field_words(const struct field *field, const char *stored, struct arena *arena);
/* Stored value -> what stands in the box, in that language: dates dd/mm/yyyy, a choice's label. */
void field_show(const struct field *field, const char *stored, enum lang lang, struct buf *out);
/* Label of a choice, or NULL. */
const struct choice *field_choice(const struct field *field, const char *value);

/* {"key":"value",...} in the form's order, empties left out; yours to x_free(). And back:
 * SND_E_BAD for malformed JSON, unknown keys or text that input_is_clean() refuses. */
char *record_json(const struct record *record);
SND_MUST int record_from_json(const struct form *form, const char *json, size_t len, struct record **out);
#endif
