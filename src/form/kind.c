/* SPDX-License-Identifier: Apache-2.0
 * The kinds of a field: one row of the table a kind, with its pattern, its own rule, how typed text
 * becomes stored text and how that is shown. Stored text is canonical, so that equal values are
 * equal bytes. Where Sanad is stricter than a pattern says (real days, IBAN's check digits, names
 * of letters only), the row has a rule of its own. */
#include "form/kind_priv.h"
#include "form/pattern_priv.h"
#include <assert.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "text/date.h"
#include "text/input.h"
#include "text/number.h"

#define MOBILE "(7[0-26-9]|9[1-9])[0-9]{6}|90[1-9][0-9]{5}"

typedef int kind_rule(const struct field *field, const char *stored);
typedef void kind_write(const struct field *field, const char *stored, enum lang lang,
                        struct buf *out);

struct kind {
    const char *pattern; /* of the whole stored text; NULL = none */
    kind_rule *rule;     /* more than the pattern says; NULL = nothing */
    kind_read *read;     /* cleaned text with ASCII digits -> stored */
    kind_write *write;   /* stored -> shown; NULL = as it is */
    enum kind_holds holds;
};

/* --- rules ------------------------------------------------------------------------------------ */

static int rule_email(const struct field *field, const char *stored)
{
    (void)field;
    return strstr(stored, "..") == NULL;
}

/* ISO 13616: letters count 10 to 35, the first four signs go last, and 97 leaves 1. */
static int rule_iban(const struct field *field, const char *stored)
{
    (void)field;
    size_t len = strlen(stored);
    unsigned rest = 0;
    for (size_t i = 0; i < len; i++) {
        char c = stored[(i + 4) % len];
        unsigned value = c >= 'A' ? (unsigned)(c - 'A') + 10 : (unsigned)(c - '0');
        rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest == 1;
}

static int rule_date_g(const struct field *field, const char *stored)
{
    int32_t day;
    (void)field;
    return clock_day_parse(stored, &day) == 0 && strcmp(stored, "2100-12-31") <= 0;
}

static int rule_date_h(const struct field *field, const char *stored)
{
    int32_t day;
    (void)field;
    return date_parse(stored, CALENDAR_HIJRI, &day) == 0;
}

static int rule_choice(const struct field *field, const char *stored)
{
    return field_choice(field, stored) != NULL;
}

/* Arabic letters with their marks, one space between words; no digits, no signs. */
static int rule_name_ar(const struct field *field, const char *stored)
{
    size_t left = strlen(stored), used;
    int letters = 0;
    (void)field;
    for (const char *at = stored; left; at += used, left -= used) {
        uint32_t point = utf8_get(at, left, &used);
        int mark = (point >= 0x064B && point <= 0x0655) || point == 0x0670;
        int letter = (point >= 0x0621 && point <= 0x064A && point != 0x0640) ||
                     (point >= 0x0671 && point <= 0x06D3);
        letters += letter;
        if (!letter && !(mark && at > stored) && point != ' ')
            return 0;
    }
    return letters >= 2 && stored[0] != ' ' && stored[strlen(stored) - 1] != ' ' &&
           strstr(stored, "  ") == NULL;
}

/* --- stored -> shown -------------------------------------------------------------------------- */

static void write_date_g(const struct field *field, const char *stored, enum lang lang,
                         struct buf *out)
{
    int32_t day;
    char text[16];
    (void)field;
    (void)lang;
    if (clock_day_parse(stored, &day) != 0) {
        buf_puts(out, stored);
        return;
    }
    date_text(day, CALENDAR_GREGORIAN, text);
    buf_puts(out, text);
}

static void write_choice(const struct field *field, const char *stored, enum lang lang,
                         struct buf *out)
{
    const struct choice *choice = field_choice(field, stored);
    buf_puts(out, choice ? choice->label[lang] : stored);
}

static void write_yesno(const struct field *field, const char *stored, enum lang lang,
                        struct buf *out)
{
    (void)field;
    for (size_t i = 0; i < KIND_YESNO; i++)
        if (strcmp(stored, kind_yesno[i].stored) == 0)
            stored = kind_yesno[i].label[lang];
    buf_puts(out, stored);
}

static void write_doc(const struct field *field, const char *stored, enum lang lang,
                      struct buf *out)
{
    const char *colon = strchr(stored, ':');
    (void)field;
    (void)lang;
    buf_puts(out, colon ? colon + 1 : stored);
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct kind kinds[] = {
    [FIELD_TEXT] = {NULL, NULL, kind_read_plain, NULL, HOLDS_TEXT},
    [FIELD_CODE] = {NULL, NULL, kind_read_plain, NULL, HOLDS_TEXT},
    [FIELD_LONGTEXT] = {NULL, NULL, kind_read_plain, NULL, HOLDS_TEXT},
    [FIELD_NAME_AR] = {NULL, rule_name_ar, kind_read_plain, NULL, HOLDS_TEXT},
    [FIELD_NAME_EN] = {"[A-Za-z][A-Za-z' .-]*", NULL, kind_read_upper_words, NULL, HOLDS_TEXT},
    [FIELD_CIVIL] = {"[1-9][0-9]{5,8}", NULL, kind_read_digits, NULL, HOLDS_TEXT},
    [FIELD_CR] = {"[1-9][0-9]{4,7}", NULL, kind_read_digits, NULL, HOLDS_TEXT},
    [FIELD_MOBILE] = {MOBILE, NULL, kind_read_phone, NULL, HOLDS_TEXT},
    [FIELD_PHONE] = {"2[1-6][0-9]{6}|" MOBILE, NULL, kind_read_phone, NULL, HOLDS_TEXT},
    [FIELD_EMAIL] = {"[A-Za-z0-9_+-][A-Za-z0-9._+-]*@([A-Za-z0-9-]+\\.)+[A-Za-z]{2,12}", rule_email,
                     kind_read_lower, NULL, HOLDS_TEXT},
    [FIELD_DATE_G] = {"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", rule_date_g, kind_read_date_g,
                      write_date_g, HOLDS_DAY},
    [FIELD_DATE_H] = {"[0-9]{2}/[0-9]{2}/1[34][0-9]{2}", rule_date_h, kind_read_date_h, NULL,
                      HOLDS_TEXT},
    [FIELD_CHOICE] = {NULL, rule_choice, kind_read_choice, write_choice, HOLDS_TEXT},
    [FIELD_YESNO] = {"yes|no", NULL, kind_read_yesno, write_yesno, HOLDS_TEXT},
    [FIELD_AMOUNT] = {"(0|[1-9][0-9]{0,9})\\.[0-9]{3}", NULL, kind_read_amount, NULL, HOLDS_NUMBER},
    [FIELD_INT] = {"0|-?[1-9][0-9]{0,9}", NULL, kind_read_number, NULL, HOLDS_NUMBER},
    [FIELD_DECIMAL] = {"-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,3})?", NULL, kind_read_number, NULL,
                       HOLDS_NUMBER},
    [FIELD_DOC] = {"(have|none):[^ ].*|att:[0-9a-f]{8,64}", NULL, kind_read_doc, write_doc,
                   HOLDS_TEXT},
    [FIELD_WILAYAT] = {NULL, rule_choice, kind_read_choice, write_choice, HOLDS_TEXT},
    [FIELD_PLATE] = {"[1-9][0-9]{0,4} [ABDHMRSWYKTL]{1,2}", NULL, kind_read_plate, NULL,
                     HOLDS_TEXT},
    [FIELD_PASSPORT] = {"[A-Z0-9]{5,9}", NULL, kind_read_code, NULL, HOLDS_TEXT},
    [FIELD_IBAN] = {"OM[0-9]{5}[A-Z0-9]{16}", rule_iban, kind_read_code, NULL, HOLDS_TEXT},
    [FIELD_ELEC_ACC] = {"[0-9]{6,10}", NULL, kind_read_digits, NULL, HOLDS_TEXT},
    [FIELD_METER] = {"[A-Z0-9]{5,14}", NULL, kind_read_code, NULL, HOLDS_TEXT},
    [FIELD_POSTAL] = {"[0-9]{3}", NULL, kind_read_digits, NULL, HOLDS_TEXT},
    [FIELD_TIME] = {"([01][0-9]|2[0-3]):[0-5][0-9]", NULL, kind_read_time, NULL, HOLDS_TEXT},
};
static_assert(SND_COUNT(kinds) == FIELD_KINDS, "a row for each kind");

static const struct {
    const char *word;
    enum text_dir dir;
    int max, fixed;
} traits[] = {
#define FIELD_KIND(name, word, dir, max, fixed) {word, dir, max, fixed},
#include "form/kinds.def"
#undef FIELD_KIND
};

static const char *const helps[FIELD_KINDS][LANG_COUNT] = {
#define KIND_HELP(name, arabic, english) [FIELD_##name] = {arabic, english},
#include "form/kind_help.def"
#undef KIND_HELP
};

/* Compiled at its first use and kept: the patterns are ours, so they do compile. */
static int matches(enum field_kind kind, const char *stored)
{
    static struct pattern *compiled[FIELD_KINDS];
    const char *sentence = NULL;
    if (!compiled[kind])
        compiled[kind] = pattern_new(kinds[kind].pattern, &sentence);
    snd_assert(sentence == NULL);
    return pattern_matches(compiled[kind], stored);
}

int kind_ok(const struct field *field, const char *stored)
{
    const struct kind *kind = &kinds[field->kind];
    if (!*stored)
        return 1;
    if (kind->pattern && !matches(field->kind, stored))
        return 0;
    return !kind->rule || kind->rule(field, stored);
}

const char *kind_pattern(enum field_kind kind)
{
    return kinds[kind].pattern;
}

enum kind_holds kind_holds(enum field_kind kind)
{
    return kinds[kind].holds;
}

const char *field_kind_help(enum field_kind kind, enum lang lang)
{
    return helps[kind][lang];
}

int kind_find(const char *word, enum field_kind *out)
{
    for (int kind = 0; kind < FIELD_KINDS; kind++)
        if (strcmp(traits[kind].word, word) == 0) {
            *out = (enum field_kind)kind;
            return 0;
        }
    return SND_E_BAD;
}

const char *field_kind_word(enum field_kind kind)
{
    return traits[kind].word;
}

enum text_dir field_dir(const struct field *field)
{
    return traits[field->kind].dir;
}

int field_max(const struct field *field)
{
    return field->max ? field->max : traits[field->kind].max;
}

int field_fixed(const struct field *field)
{
    return traits[field->kind].fixed;
}

const struct choice *field_choice(const struct field *field, const char *value)
{
    for (size_t i = 0; field->choices && i < field->choices->count; i++)
        if (strcmp(field->choices->item[i].value, value) == 0)
            return &field->choices->item[i];
    return NULL;
}

/* One space between words, none at the ends: in place. */
static void squeeze(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++)
        if (*from != ' ' || (to > text && to[-1] != ' '))
            *to++ = *from;
    while (to > text && to[-1] == ' ')
        to--;
    *to = '\0';
}

int field_parse(const struct field *field, const char *typed, struct buf *out)
{
    struct buf clean = BUF_INIT(KIND_TYPED_MAX), stored = BUF_INIT(KIND_TYPED_MAX);
    int err = input_clean(typed, strlen(typed), &clean);
    char *text = buf_take(&clean);
    squeeze(text);
    digits_to_ascii(text);
    if (!err && *text)
        err = kinds[field->kind].read(field, text, &stored);
    if (!err && (stored.failed || !kind_ok(field, buf_text(&stored))))
        err = SND_E_BAD;
    if (!err)
        buf_puts(out, buf_text(&stored));
    x_free(&text);
    buf_free(&clean);
    buf_free(&stored);
    return err ? SND_E_BAD : 0;
}

void field_show(const struct field *field, const char *stored, enum lang lang, struct buf *out)
{
    kind_write *write = kinds[field->kind].write;
    if (stored && *stored && write)
        write(field, stored, lang, out);
    else if (stored)
        buf_puts(out, stored);
}
