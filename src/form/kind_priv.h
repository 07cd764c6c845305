/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_KIND_PRIV_H
#define FORM_KIND_PRIV_H
#include "form/form.h"
#include "form/record.h"
#define KIND_TYPED_MAX 8192 /* bytes of typed text that anything looks at */
/* What an expression sees of a field: a text, a number or a day. */
enum kind_holds { HOLDS_TEXT, HOLDS_NUMBER, HOLDS_DAY };
enum kind_holds kind_holds(enum field_kind kind);
/* 1 when a stored value obeys its kind (the length apart); "" does. */
int kind_ok(const struct field *field, const char *stored);
/* Pattern of the whole stored text; NULL = none. */
const char *kind_pattern(enum field_kind kind);
/* Kind by its word in a form; SND_E_BAD. */
SND_MUST int kind_find(const char *word, enum field_kind *out);

/* The words for yes and no: stored, shown, and what else is understood when typed. */
#define KIND_YESNO 2
struct kind_answer {
    const char *stored;
    const char *label[LANG_COUNT];
    const char *key[3];
};
extern const struct kind_answer kind_yesno[KIND_YESNO];

/* Cleaned text with ASCII digits -> stored; SND_E_BAD when it makes no sense. */
typedef int kind_read(const struct field *field, char *typed, struct buf *out);
kind_read kind_read_plain, kind_read_code, kind_read_digits, kind_read_phone, kind_read_lower,
    kind_read_upper_words, kind_read_date_g, kind_read_date_h, kind_read_amount, kind_read_number,
    kind_read_yesno, kind_read_choice, kind_read_doc, kind_read_plate, kind_read_time;
#endif
