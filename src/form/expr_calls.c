/* SPDX-License-Identifier: Apache-2.0
 * The functions of expressions, one each, as functions.def lists them. Each gets its node and runs
 * its own arguments. An empty argument gives an empty result, unless the function is about
 * emptiness itself (coalesce, string-length, count-selected, concat, min, max). */
#include "form/expr_priv.h"
#include <string.h>
#include "base/mem.h"
#include "text/date.h"
#include "text/fold.h"
#include "text/input.h"

static const struct value empty = {.kind = VALUE_EMPTY};

static struct value arg(struct run *run, const struct expr *node, int n)
{
    return expr_run(run, node->arg[n]);
}

struct value expr_call_not(struct run *run, const struct expr *node)
{
    int verdict = value_verdict(arg(run, node, 0));
    return verdict < 0 ? empty : value_bool(!verdict);
}

struct value expr_call_if(struct run *run, const struct expr *node)
{
    return arg(run, node, value_verdict(arg(run, node, 0)) == 1 ? 1 : 2);
}

/* 1 when the word stands in the text, between spaces. */
static int has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; len && *at;) {
        size_t here = strcspn(at, " ");
        if (here == len && strncmp(at, word, len) == 0)
            return 1;
        at += here;
        at += *at == ' ';
    }
    return 0;
}

struct value expr_call_selected(struct run *run, const struct expr *node)
{
    struct value from = arg(run, node, 0);
    if (from.kind == VALUE_EMPTY)
        return empty;
    return value_bool(has_word(value_to_text(run, from), value_to_text(run, arg(run, node, 1))));
}

struct value expr_call_regex(struct run *run, const struct expr *node)
{
    struct value value = arg(run, node, 0);
    if (value.kind == VALUE_EMPTY)
        return empty;
    return value_bool(pattern_matches(node->regex, value_to_text(run, value)));
}

/* Letters and marks of the Arabic block, and spaces: no digits, no signs. */
static int is_arabic(uint32_t point)
{
    return point == ' ' || (point >= 0x0620 && point <= 0x065F) || point == 0x0670 ||
           (point >= 0x0671 && point <= 0x06D3);
}

struct value expr_call_arabic(struct run *run, const struct expr *node)
{
    struct value value = arg(run, node, 0);
    if (value.kind == VALUE_EMPTY)
        return empty;
    const char *text = value_to_text(run, value);
    size_t left = strlen(text), used;
    for (; left; text += used, left -= used)
        if (!is_arabic(utf8_get(text, left, &used)))
            return value_bool(0);
    return value_bool(1);
}

struct value expr_call_in_area(struct run *run, const struct expr *node)
{
    struct value value = arg(run, node, 0);
    if (value.kind == VALUE_EMPTY)
        return empty;
    return value_bool(area_holds(node->arg[1]->text, value_to_text(run, value)));
}

struct value expr_call_string_length(struct run *run, const struct expr *node)
{
    struct value value = arg(run, node, 0);
    return value_number((double)utf8_count(value_to_text(run, value)));
}

struct value expr_call_count_selected(struct run *run, const struct expr *node)
{
    struct value value = arg(run, node, 0);
    int count = 0;
    for (const char *at = value_to_text(run, value); *at;) {
        size_t here = strcspn(at, " ");
        count += here != 0;
        at += here;
        at += *at == ' ';
    }
    return value_number(count);
}

/* 1 when a letter or a digit stands there: a dash between two spaces is no word. */
static int is_word(const char *text, size_t len)
{
    struct buf word = BUF_INIT(len + 1), folded = BUF_INIT(8 * len + 8);
    buf_put(&word, text, len);
    fold_text(buf_text(&word), &folded);
    int is = folded.len > 0;
    buf_free(&word);
    buf_free(&folded);
    return is;
}

struct value expr_call_count_words(struct run *run, const struct expr *node)
{
    struct value value = arg(run, node, 0);
    int count = 0;
    if (value.kind == VALUE_EMPTY)
        return empty;
    for (const char *at = value_to_text(run, value); *at;) {
        size_t here = strcspn(at, " ");
        count += here && is_word(at, here);
        at += here;
        at += *at == ' ';
    }
    return value_number(count);
}

struct value expr_call_coalesce(struct run *run, const struct expr *node)
{
    struct value value = empty;
    for (int i = 0; i < node->count && value.kind == VALUE_EMPTY; i++)
        value = arg(run, node, i);
    return value;
}

struct value expr_call_concat(struct run *run, const struct expr *node)
{
    struct buf all = BUF_INIT(sizeof run->scratch);
    for (int i = 0; i < node->count; i++)
        buf_puts(&all, value_to_text(run, arg(run, node, i)));
    struct value value = value_text(run, buf_text(&all), all.len);
    buf_free(&all);
    return value;
}

struct value expr_call_number(struct run *run, const struct expr *node)
{
    double number;
    return value_to_number(arg(run, node, 0), &number) ? value_number(number) : empty;
}

/* Half goes away from zero, as people round. */
struct value expr_call_round(struct run *run, const struct expr *node)
{
    double number, places, unit = 1;
    if (!value_to_number(arg(run, node, 0), &number) ||
        !value_to_number(arg(run, node, 1), &places) || !(places >= 0 && places <= 6))
        return empty;
    for (int i = 0; i < (int)places; i++)
        unit *= 10;
    double scaled = number * unit;
    if (!(scaled > -9e15 && scaled < 9e15))
        return empty;
    double half = 0.5 + 5e-7; /* 2.345 is stored a little below itself */
    return value_number((double)(int64_t)(scaled + (scaled < 0 ? -half : half)) / unit);
}

/* The outermost of the arguments that aren't empty: sign 1 = largest, -1 = smallest. */
static struct value outermost(struct run *run, const struct expr *node, int sign)
{
    struct value best = empty;
    for (int i = 0; i < node->count; i++) {
        double number;
        if (!value_to_number(arg(run, node, i), &number))
            continue;
        if (best.kind == VALUE_EMPTY || sign * number > sign * best.number)
            best = value_number(number);
    }
    return best;
}

struct value expr_call_min(struct run *run, const struct expr *node)
{
    return outermost(run, node, -1);
}

struct value expr_call_max(struct run *run, const struct expr *node)
{
    return outermost(run, node, 1);
}

struct value expr_call_today(struct run *run, const struct expr *node)
{
    (void)node;
    return value_day(run->day->today);
}

/* A day and a number within 300 years, so that no sum leaves the calendar. */
static int day_and_number(struct run *run, const struct expr *node, int32_t *day, int *number)
{
    double by;
    if (!value_to_day(arg(run, node, 0), day) || !value_to_number(arg(run, node, 1), &by) ||
        !(by > -110000 && by < 110000))
        return 0;
    *number = (int)by;
    return 1;
}

struct value expr_call_add_days(struct run *run, const struct expr *node)
{
    int32_t day;
    int by;
    return day_and_number(run, node, &day, &by) ? value_day(day + by) : empty;
}

struct value expr_call_add_months(struct run *run, const struct expr *node)
{
    int32_t day;
    int by;
    if (!day_and_number(run, node, &day, &by) || by < -3600 || by > 3600)
        return empty;
    return value_day(date_add_months(day, by));
}

/* A year counts 365.25 days, so that an age is a number and can be compared as one. */
struct value expr_call_age(struct run *run, const struct expr *node)
{
    int32_t day;
    if (!value_to_day(arg(run, node, 0), &day))
        return empty;
    return value_number((double)(run->day->today - day) / 365.25);
}

struct value expr_call_hijri(struct run *run, const struct expr *node)
{
    int32_t day;
    char text[16];
    if (!value_to_day(arg(run, node, 0), &day))
        return empty;
    date_text(day, CALENDAR_HIJRI, text);
    return value_text(run, text, strlen(text));
}

struct value expr_call_centre_wilayat(struct run *run, const struct expr *node)
{
    (void)node;
    return run->day->wilayat ? value_text(run, run->day->wilayat, strlen(run->day->wilayat))
                             : empty;
}
