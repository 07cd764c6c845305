/* SPDX-License-Identifier: Apache-2.0
 * Expressions: what they give on a small record, what they refuse and where, and that a comparison
 * with an empty field stays open. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "form/expr.h"
#include "form/record.h"
#include "tests/tap.h"
#include "text/text.h"

static const char *const keys[] = {"name", "load", "day", "choice", "empty", "fee", "none"};
static const enum field_kind kinds[] = {FIELD_TEXT, FIELD_DECIMAL, FIELD_DATE_G, FIELD_CHOICE,
                                        FIELD_TEXT, FIELD_AMOUNT,  FIELD_INT};
static const char *const values[] = {"سالم", "12.5", "2018-07-01", "agent", NULL, "7.500", NULL};
#define COUNT SND_COUNT(keys)

static struct field field[COUNT];
static struct form form = {.field = field, .fields = COUNT};
static struct record *record;
static struct rule_day day = {.wilayat = "DA01"};

static void test_text(const char *text, const char *want)
{
    struct arena *arena = arena_new();
    const struct expr *expr = NULL;
    struct expr_fault fault = {0, ""};
    struct buf got = BUF_INIT(4096);
    if (expr_read(text, keys, COUNT, arena, &expr, &fault) != 0)
        buf_printf(&got, "refused at %d: %s", fault.column, fault.sentence);
    else
        expr_text(expr, record, 0, &day, &got);
    tap_is(buf_text(&got), want, text);
    buf_free(&got);
    expr_close(expr);
    arena_free(&arena);
}

static void test_verdict(const char *text, int want)
{
    struct arena *arena = arena_new();
    const struct expr *expr = NULL;
    struct expr_fault fault = {0, ""};
    int got = 9;
    if (expr_read(text, keys, COUNT, arena, &expr, &fault) == 0)
        got = expr_verdict(expr, record, 1, &day);
    else
        tap_note("refused at %d: %s", fault.column, fault.sentence);
    tap_is_int(got, want, text);
    expr_close(expr);
    arena_free(&arena);
}

static void test_refused(const char *text, int column, const char *part)
{
    struct arena *arena = arena_new();
    const struct expr *expr = NULL;
    struct expr_fault fault = {0, ""};
    int err = expr_read(text, keys, COUNT, arena, &expr, &fault);
    tap_note("%d: %s", fault.column, fault.sentence);
    tap_ok(err != 0 && !expr && fault.column == column && strstr(fault.sentence, part),
           "refused: %.60s", text);
    expr_close(expr);
    arena_free(&arena);
}

static void test_values(void)
{
    test_text("1 + 2 * 3", "7");
    test_text("(1 + 2) * 3", "9");
    test_text("7 - 2 - 1", "4");
    test_text("-3 + 1", "-2");
    test_text("7 div 2", "3.5");
    test_text("7 mod 4", "3");
    test_text("1 div 0", "");
    test_text("0.1 + 0.2", "0.3");
    test_text("${load} * 2", "25");
    test_text("${fee} + 0.5", "8");
    test_text("${empty} + 1", "");
    test_text("'a'", "a");
    test_text("\"it's\"", "it's");
    test_text("${name}", "سالم");
    test_text("string-length(${name})", "4");
    test_text("string-length(${empty})", "0");
    test_text("if(${load} > 10, 'big', 'small')", "big");
    test_text("if(${none} > 10, 'big', 'small')", "small");
    test_text("coalesce(${empty}, ${name}, 'x')", "سالم");
    test_text("concat(${choice}, '-', 7, '-', ${empty})", "agent-7-");
    test_text("round(2.345, 2)", "2.35");
    test_text("round(-0.5, 0)", "-1");
    test_text("round(${load} div 3, 0)", "4");
    test_text("min(3, ${load}, ${none})", "3");
    test_text("max(3, ${load}, ${none})", "12.5");
    test_text("number('12') + 1", "13");
    test_text("today()", "2018-07-02");
    test_text("${day} + 30", "2018-07-31");
    test_text("today() - ${day}", "1");
    test_text("add-days(${day}, -1)", "2018-06-30");
    test_text("add-months('2018-01-31', 1)", "2018-02-28");
    test_text("hijri('2018-09-11')", "01/01/1440");
    test_text("age('2000-07-02')", "17.999");
    test_text("age('2000-07-01')", "18.001");
    test_text("age('2019-07-02')", "-0.999");
    test_text("age(${empty})", "");
    test_text("age(7)", "refused at 5: Write a day here: today(), or a field that holds a date.");
    test_text("centre-wilayat()", "DA01");
    test_text("count-selected('a b  c')", "3");
    test_text("count-words('للبيع  شقة - 3 غرف، ت: 24123456 .')", "6");
    test_text("count-words('- ،')", "0");
    test_text("count-words(${empty})", "");
    test_text("9 * 999999999999999999", "refused at 5: Write a shorter number: at most 14 signs.");
}

static void test_verdicts(void)
{
    test_verdict(". > 12 and . < 13", 1);
    test_verdict("${choice} = 'agent'", 1);
    test_verdict("${choice} != 'agent'", 0);
    test_verdict("selected(${choice}, 'agent')", 1);
    test_verdict("selected('a agent b', 'agen')", 0);
    test_verdict("not(${choice} = 'agent')", 0);
    test_verdict("${load} = 12.50", 1);
    test_verdict("${fee} <= 7.5", 1);
    test_verdict("0.1 + 0.2 = 0.3", 1);
    test_verdict("${day} < today()", 1);
    test_verdict("${day} = '2018-07-01'", 1);
    test_verdict("${day} > '2018-07-01'", 0);
    test_verdict("regex(${choice}, '[a-z]{5}')", 1);
    test_verdict("regex(${choice}, 'agen')", 0);
    test_verdict("regex('ab/12', '(ab|cd)/[0-9]+')", 1);
    test_verdict("regex('a|b', '[|a-b]+')", 1);
    test_verdict("arabic(${name})", 1);
    test_verdict("arabic('سالم 3')", 0);
    test_verdict("in-area('DA01', 'MZ1')", 1);
    test_verdict("in-area(centre-wilayat(), 'ZU+DA02')", 0);
}

/* A field that isn't filled: open, whichever way it is asked, but for = '' and != ''. */
static void test_open(void)
{
    test_verdict("${empty} = 'x'", -1);
    test_verdict("${empty} != 'x'", -1);
    test_verdict("not(${empty} = 'x')", -1);
    test_verdict("${none} > 3", -1);
    test_verdict("${none} > 3 and ${load} > 3", -1);
    test_verdict("${none} > 3 and ${load} < 3", 0);
    test_verdict("${none} > 3 or ${load} > 3", 1);
    test_verdict("${none} > 3 or ${load} < 3", -1);
    test_verdict("regex(${empty}, '[0-9]+')", -1);
    test_verdict("selected(${empty}, 'x')", -1);
    test_verdict("${empty} = ''", 1);
    test_verdict("${empty} != ''", 0);
    test_verdict("${name} = ''", 0);
    test_verdict("${name} != ''", 1);
}

static void test_refusals(void)
{
    test_refused("", 1, "value here");
    test_refused("${load} >", 10, "value here");
    test_refused("${load} > 3 4", 13, "Take this out");
    test_refused("${lod} > 3", 1, "no such key");
    test_refused("load > 3", 1, "function of the list");
    test_refused("(1 + 2", 1, "Close this bracket");
    test_refused("'abc", 1, "Close the text");
    test_refused("today( > 3", 8, "all its arguments");
    test_refused("today(3)", 7, "Take this out");
    test_refused("if(1 = 1, 2)", 13, "all its arguments");
    test_refused("not(${load})", 5, "comparison");
    test_refused("${load} and ${fee} > 1", 1, "comparison");
    test_refused("'a' + 1", 1, "number or a day");
    test_refused("today() > 3", 10, "like with like");
    test_refused("today() > 'soon'", 10, "like with like");
    test_refused("1 = 2 = 3", 7, "Take this out");
    test_refused("regex(., '[0-9')", 1, "Close the bracket [");
    test_refused("regex(., '(a')", 1, "Close the bracket (");
    test_refused("regex(., '\\d+')", 1, "[0-9] instead");
    test_refused("regex(., '(a)\\1')", 1, "only before a sign");
    test_refused("regex(., '((((a{99}){99}){99}){99})')", 1, "repeats too much");
    test_refused("regex(., 'a{5,3}')", 1, "{3,15}");
    test_refused("regex(., '*a')", 1, "before the repetition");
    test_refused("regex(., ${name})", 10, "text in quotes");
    test_refused("in-area(., 'MZ9')", 1, "Name an area");
    test_refused("سالم = 'x'", 1, "value here");
    test_refused("'سالم' = = 'x'", 10, "value here");
}

/* What could exhaust the stack or the memory is refused before. */
static void test_bounds(void)
{
    struct buf deep = BUF_INIT(100000), wide = BUF_INIT(100000);
    for (int i = 0; i < 10000; i++)
        buf_putc(&deep, '(');
    for (int i = 0; i < 10000; i++)
        buf_puts(&wide, "1+");
    test_refused(buf_text(&deep), 41, "fewer brackets");
    struct arena *arena = arena_new();
    const struct expr *expr = NULL;
    struct expr_fault fault;
    tap_ok(expr_read(buf_text(&wide), keys, COUNT, arena, &expr, &fault) != 0 &&
               strstr(fault.sentence, "Split this"),
           "a very long sum is refused");
    arena_free(&arena);
    buf_free(&deep);
    buf_free(&wide);
}

static void note_use(void *arg, int used)
{
    unsigned *seen = arg;
    *seen |= 1U << (used + 1);
}

static void test_uses(void)
{
    struct arena *arena = arena_new();
    const struct expr *expr = NULL;
    struct expr_fault fault;
    unsigned seen = 0;
    int err =
        expr_read("if(${load} > 1, ., concat(${fee}, 'x'))", keys, COUNT, arena, &expr, &fault);
    if (!err)
        expr_uses(expr, note_use, &seen);
    tap_is_int(seen, 1U | 1U << 2 | 1U << 6, "it knows which fields it looks at");
    tap_ok(expr && !expr_is_condition(expr), "a value is no condition");
    expr_close(expr);
    arena_free(&arena);
}

int main(void)
{
    if (text_open() != 0 || clock_day_parse("2018-07-02", &day.today) != 0)
        return 1;
    for (size_t i = 0; i < COUNT; i++) {
        field[i].key = keys[i];
        field[i].kind = kinds[i];
    }
    record = record_new(&form);
    for (size_t i = 0; i < COUNT; i++)
        record_set(record, (int)i, values[i]);
    test_values();
    test_verdicts();
    test_open();
    test_refusals();
    test_bounds();
    test_uses();
    record_free(&record);
    return tap_done();
}
