/* SPDX-License-Identifier: Apache-2.0
 * What a clerk types -> what is stored, one reader a family of kinds. A reader gets cleaned text
 * (one space between words, ASCII digits, never empty) and writes the canonical form; whether the
 * result obeys the kind is judged afterwards, so a reader refuses only what it can't make sense
 * of. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "form/kind_priv.h"
#include "text/date.h"
#include "text/fold.h"
#include "text/input.h"
#include "text/number.h"

int kind_read_plain(const struct field *field, char *typed, struct buf *out)
{
    (void)field;
    buf_puts(out, typed);
    return 0;
}

/* Without spaces, in capitals. */
int kind_read_code(const struct field *field, char *typed, struct buf *out)
{
    (void)field;
    for (const char *at = typed; *at; at++)
        if (*at != ' ')
            buf_putc(out, (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at));
    return 0;
}

int kind_read_digits(const struct field *field, char *typed, struct buf *out)
{
    (void)field;
    for (const char *at = typed; *at; at++)
        if (*at != ' ' && *at != '-')
            buf_putc(out, *at);
    return 0;
}

/* A telephone number may come with Oman's code. */
int kind_read_phone(const struct field *field, char *typed, struct buf *out)
{
    static const char *const codes[] = {"+968", "00968", "968"};
    struct buf digits = BUF_INIT(KIND_TYPED_MAX);
    (void)kind_read_digits(field, typed, &digits);
    const char *text = buf_text(&digits);
    for (size_t i = 0; i < SND_COUNT(codes); i++) {
        size_t len = strlen(codes[i]);
        if (strlen(text) == len + 8 && strncmp(text, codes[i], len) == 0) {
            text += len;
            break;
        }
    }
    buf_puts(out, text);
    buf_free(&digits);
    return 0;
}

int kind_read_lower(const struct field *field, char *typed, struct buf *out)
{
    (void)field;
    for (const char *at = typed; *at; at++)
        buf_putc(out, (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at));
    return 0;
}

int kind_read_upper_words(const struct field *field, char *typed, struct buf *out)
{
    (void)field;
    for (const char *at = typed; *at; at++)
        buf_putc(out, (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at));
    return 0;
}

int kind_read_date_g(const struct field *field, char *typed, struct buf *out)
{
    int32_t day;
    char text[11];
    (void)field;
    if (date_parse(typed, CALENDAR_ANY, &day) != 0)
        return SND_E_BAD;
    clock_day_text(day, text);
    buf_puts(out, text);
    return 0;
}

int kind_read_date_h(const struct field *field, char *typed, struct buf *out)
{
    int32_t day;
    char text[16];
    (void)field;
    if (date_parse(typed, CALENDAR_ANY, &day) != 0)
        return SND_E_BAD;
    date_text(day, CALENDAR_HIJRI, text);
    buf_puts(out, text);
    return 0;
}

int kind_read_amount(const struct field *field, char *typed, struct buf *out)
{
    int64_t baisa;
    (void)field;
    if (money_parse(typed, &baisa) != 0 || baisa < 0)
        return SND_E_BAD;
    buf_printf(out, "%lld.%03lld", (long long)(baisa / 1000), (long long)(baisa % 1000));
    return 0;
}

/* Without the zeros before it. */
int kind_read_number(const struct field *field, char *typed, struct buf *out)
{
    const char *at = typed;
    (void)field;
    if (*at == '-')
        buf_putc(out, *at++);
    while (at[0] == '0' && at[1] >= '0' && at[1] <= '9')
        at++;
    buf_puts(out, at);
    return 0;
}

static int folds_alike(const char *a, const char *b)
{
    struct buf x = BUF_INIT(KIND_TYPED_MAX), y = BUF_INIT(KIND_TYPED_MAX);
    fold_text(a, &x);
    fold_text(b, &y);
    int alike = strcmp(buf_text(&x), buf_text(&y)) == 0;
    buf_free(&x);
    buf_free(&y);
    return alike;
}

const struct kind_answer kind_yesno[KIND_YESNO] = {
    {"yes", {"نعم", "Yes"}, {"y", "ن", "1"}},
    {"no", {"لا", "No"}, {"n", "ل", "0"}},
};

int kind_read_yesno(const struct field *field, char *typed, struct buf *out)
{
    (void)field;
    for (size_t i = 0; i < KIND_YESNO; i++) {
        int found = folds_alike(typed, kind_yesno[i].stored);
        for (int lang = 0; lang < LANG_COUNT; lang++)
            found |= folds_alike(typed, kind_yesno[i].label[lang]);
        for (size_t k = 0; k < SND_COUNT(kind_yesno[i].key); k++)
            found |= folds_alike(typed, kind_yesno[i].key[k]);
        if (found) {
            buf_puts(out, kind_yesno[i].stored);
            return 0;
        }
    }
    return SND_E_BAD;
}

static int is_label(const struct choice *choice, const char *typed,
                    int (*alike)(const char *a, const char *b))
{
    return alike(choice->label[LANG_AR], typed) || alike(choice->label[LANG_EN], typed);
}

static int equal(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* The one choice with that label, or NULL when none or several have it. */
static const struct choice *labelled(const struct choices *choices, const char *typed,
                                     int (*alike)(const char *a, const char *b))
{
    const struct choice *found = NULL;
    for (size_t i = 0; choices && i < choices->count; i++) {
        if (!is_label(&choices->item[i], typed, alike))
            continue;
        if (found)
            return NULL;
        found = &choices->item[i];
    }
    return found;
}

/* A choice by its value, or by its label in either language: to the letter before anything else, as
 * signs count for nothing once it is folded, and O+ is not O-. */
int kind_read_choice(const struct field *field, char *typed, struct buf *out)
{
    const struct choice *found = field_choice(field, typed);
    if (!found)
        found = labelled(field->choices, typed, equal);
    if (!found)
        found = labelled(field->choices, typed, folds_alike);
    if (!found)
        return SND_E_BAD;
    buf_puts(out, found->value);
    return 0;
}

/* A bare text is the number or name of a document that was seen. */
int kind_read_doc(const struct field *field, char *typed, struct buf *out)
{
    (void)field;
    if (strncmp(typed, "have:", 5) != 0 && strncmp(typed, "none:", 5) != 0 &&
        strncmp(typed, "att:", 4) != 0)
        buf_puts(out, "have:");
    buf_puts(out, typed);
    return 0;
}

/* The Latin letters that stand on plates beside the Arabic ones. */
static char plate_letter(uint32_t point)
{
    static const struct {
        uint32_t arabic;
        char latin;
    } pairs[] = {{0x0627, 'A'}, {0x0628, 'B'}, {0x062F, 'D'}, {0x062D, 'H'},
                 {0x0645, 'M'}, {0x0631, 'R'}, {0x0633, 'S'}, {0x0648, 'W'},
                 {0x064A, 'Y'}, {0x0643, 'K'}, {0x0637, 'T'}, {0x0644, 'L'}};
    for (size_t i = 0; i < SND_COUNT(pairs); i++)
        if (pairs[i].arabic == point)
            return pairs[i].latin;
    if (point >= 'a' && point <= 'z')
        return (char)(point - 32);
    return (char)(point < 0x80 ? point : '?');
}

/* "12345 AB": digits, one space, letters. */
int kind_read_plate(const struct field *field, char *typed, struct buf *out)
{
    size_t left = strlen(typed), used;
    (void)field;
    for (const char *at = typed; left; at += used, left -= used) {
        char c = plate_letter(utf8_get(at, left, &used));
        int after_digit =
            out->len && out->data[out->len - 1] >= '0' && out->data[out->len - 1] <= '9';
        if (c == ' ' || c == '-')
            continue;
        if (after_digit && (c < '0' || c > '9'))
            buf_putc(out, ' ');
        buf_putc(out, c);
    }
    return 0;
}

/* 9:30, 930 and 0930 are all 09:30. */
int kind_read_time(const struct field *field, char *typed, struct buf *out)
{
    char digits[5] = "";
    size_t count = 0;
    (void)field;
    for (const char *at = typed; *at; at++) {
        if (*at == ':' || *at == ' ')
            continue;
        if (count == 4 || *at < '0' || *at > '9')
            return SND_E_BAD;
        digits[count++] = *at;
    }
    if (count < 3)
        return SND_E_BAD;
    buf_printf(out, "%s%.*s:%s", count == 3 ? "0" : "", (int)count - 2, digits, digits + count - 2);
    return 0;
}
