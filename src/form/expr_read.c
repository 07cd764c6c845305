/* SPDX-License-Identifier: Apache-2.0
 * Reads an expression into a tree: one function a level of binding, loosest first. Reading stops
 * at the first thing that is wrong and says where and what to write instead. Depth and size are
 * bounded, so that no text can exhaust the stack or the memory. Types are checked as far as they
 * are known without a record: a condition is asked for where one belongs. */
#include "form/expr_priv.h"
#include <ctype.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"

#define DEPTH_MAX 40
#define NODES_MAX 300
#define WORD_MAX 40

struct reading {
    const char *text; /* the whole expression */
    const char *at;   /* next character */
    const char *const *keys;
    size_t count;
    struct arena *arena;
    struct expr_fault *fault;
    int depth, nodes;
    int failed;
};

static struct expr *read_any(struct reading *in);

static void fail(struct reading *in, const char *at, const char *sentence)
{
    if (in->failed)
        return;
    in->failed = 1;
    in->fault->sentence = sentence;
    in->fault->column = 1;
    for (const char *p = in->text; p < at; p++)
        in->fault->column += ((unsigned char)*p & 0xC0) != 0x80;
}

static struct expr *node(struct reading *in, expr_step *step, enum type type)
{
    struct expr *made = arena_alloc(in->arena, sizeof *made);
    made->step = step;
    made->type = type;
    made->text = "";
    made->field = -1;
    if (++in->nodes > NODES_MAX)
        fail(in, in->at, "Split this expression: it is too long.");
    return made;
}

static void skip_spaces(struct reading *in)
{
    while (*in->at == ' ')
        in->at++;
}

static int is_word_sign(char c)
{
    return islower((unsigned char)c) || isdigit((unsigned char)c) || c == '-';
}

/* Takes a sign such as `<=`, or a word such as `and` that no letter follows. */
static int take(struct reading *in, const char *sign)
{
    size_t len = strlen(sign);
    skip_spaces(in);
    if (strncmp(in->at, sign, len) != 0)
        return 0;
    if (islower((unsigned char)sign[0]) && (is_word_sign(in->at[len]) || in->at[len] == '_'))
        return 0;
    in->at += len;
    return 1;
}

static struct expr *two(struct reading *in, expr_step *step, enum type type, const struct expr *a,
                        const struct expr *b)
{
    struct expr *made = node(in, step, type);
    made->arg[0] = a;
    made->arg[1] = b;
    made->count = 2;
    return made;
}

static void want(struct reading *in, const char *at, const struct expr *arg, char letter)
{
    enum type type = arg->type;
    if (letter == 'b' && type != TYPE_BOOL)
        fail(in, at, "Write a comparison here, such as ${key} = 'value'.");
    if (letter == 'n' && (type == TYPE_TEXT || type == TYPE_BOOL))
        fail(in, at, "Write a number here, or a field that holds one.");
    if (letter == 'd' && (type == TYPE_NUMBER || type == TYPE_BOOL))
        fail(in, at, "Write a day here: today(), or a field that holds a date.");
    if (letter == 't' && type != TYPE_TEXT && type != TYPE_ANY)
        fail(in, at, "Write a text in quotes here.");
    if (letter == 'q' && arg->step != expr_step_text)
        fail(in, at, "Write a text in quotes here.");
}

static struct expr *read_text(struct reading *in)
{
    const char *begin = in->at + 1;
    const char *end = strchr(begin, *in->at);
    struct expr *made = node(in, expr_step_text, TYPE_TEXT);
    if (!end) {
        fail(in, in->at, "Close the text with the same quote that begins it.");
        return made;
    }
    made->text = arena_strndup(in->arena, begin, (size_t)(end - begin));
    in->at = end + 1;
    return made;
}

static struct expr *read_number(struct reading *in)
{
    struct expr *made = node(in, expr_step_number, TYPE_NUMBER);
    const char *begin = in->at;
    double unit = 1;
    while (isdigit((unsigned char)*in->at))
        made->number = made->number * 10 + (*in->at++ - '0');
    if (*in->at == '.' && isdigit((unsigned char)in->at[1]))
        for (in->at++; isdigit((unsigned char)*in->at); in->at++)
            made->number += (*in->at - '0') * (unit /= 10);
    if (in->at - begin > 14)
        fail(in, begin, "Write a shorter number: at most 14 signs.");
    return made;
}

static struct expr *read_field(struct reading *in)
{
    struct expr *made = node(in, expr_step_field, TYPE_ANY);
    const char *begin = in->at + 2;
    const char *end = in->at[1] == '{' ? strchr(begin, '}') : NULL;
    if (!end) {
        fail(in, in->at, "Write a field as ${key}.");
        return made;
    }
    for (size_t i = 0; i < in->count; i++)
        if (strncmp(in->keys[i], begin, (size_t)(end - begin)) == 0 &&
            in->keys[i][end - begin] == '\0')
            made->field = (int)i;
    if (made->field < 0)
        fail(in, in->at, "Name a field of this form between ${ and }: there is no such key.");
    in->at = end + 1;
    return made;
}

struct function {
    const char *word;
    int least, most;
    enum type type;
    const char *args;
    expr_step *step;
};
static const struct function functions[] = {
#define FUNCTION(name, word, least, most, type, args)                                              \
    {word, least, most, type, args, expr_call_##name},
#include "form/functions.def"
#undef FUNCTION
};

static void read_arguments(struct reading *in, struct expr *made, const struct function *function)
{
    size_t letters = strlen(function->args);
    while (!in->failed && !take(in, ")")) {
        if (made->count && !take(in, ",")) {
            fail(in, in->at, "Write , before the next argument, or ) after the last.");
            return;
        }
        skip_spaces(in);
        const char *at = in->at;
        if (made->count == function->most) {
            fail(in, at, "Take this out: the function has all its arguments.");
            return;
        }
        size_t n = (size_t)made->count < letters ? (size_t)made->count : letters - 1;
        made->arg[made->count] = read_any(in);
        want(in, at, made->arg[made->count++], function->args[n]);
    }
    if (made->count < function->least)
        fail(in, in->at, "Give the function all its arguments.");
}

/* What a function needs besides its arguments' types. */
static void finish_call(struct reading *in, const char *at, struct expr *made)
{
    const char *sentence = NULL;
    if (made->step == expr_call_regex) {
        made->regex = pattern_new(made->arg[1]->text, &sentence);
        if (!made->regex)
            fail(in, at, sentence);
    }
    if (made->step == expr_call_in_area && !area_known(made->arg[1]->text))
        fail(in, at,
             "Name an area such as 'MA', or codes of governorates and wilayats as 'ZU+WU02'.");
    if (made->step == expr_call_if && made->arg[1]->type == made->arg[2]->type)
        made->type = made->arg[1]->type;
}

static struct expr *read_call(struct reading *in)
{
    const char *begin = in->at;
    size_t len = strspn(begin, "abcdefghijklmnopqrstuvwxyz-");
    const struct function *function = NULL;
    for (size_t i = 0; i < SND_COUNT(functions); i++)
        if (strlen(functions[i].word) == len && strncmp(functions[i].word, begin, len) == 0)
            function = &functions[i];
    if (!function) {
        fail(in, begin,
             "Write a function of the list in README.md, a ${key}, a number or a 'text'.");
        return node(in, expr_step_text, TYPE_ANY);
    }
    struct expr *made = node(in, function->step, function->type);
    in->at += len;
    if (!take(in, "(")) {
        fail(in, in->at, "Write ( after the function's name.");
        return made;
    }
    read_arguments(in, made, function);
    if (!in->failed)
        finish_call(in, begin, made);
    return made;
}

static struct expr *read_brackets(struct reading *in)
{
    const char *begin = in->at++;
    struct expr *made = read_any(in);
    if (!in->failed && !take(in, ")"))
        fail(in, begin, "Close this bracket with ).");
    return made;
}

static struct expr *read_value(struct reading *in)
{
    skip_spaces(in);
    char c = *in->at;
    if (c == '\'' || c == '"')
        return read_text(in);
    if (c == '$')
        return read_field(in);
    if (c == '(')
        return read_brackets(in);
    if (isdigit((unsigned char)c))
        return read_number(in);
    if (c == '.' && !isdigit((unsigned char)in->at[1])) {
        in->at++;
        return node(in, expr_step_field, TYPE_ANY);
    }
    if (islower((unsigned char)c))
        return read_call(in);
    fail(in, in->at, "Write a value here: a ${key}, a number, a 'text' or a function.");
    return node(in, expr_step_text, TYPE_ANY);
}

static struct expr *read_sign(struct reading *in)
{
    if (!take(in, "-"))
        return read_value(in);
    const char *at = in->at;
    struct expr *made = node(in, expr_step_negate, TYPE_NUMBER);
    made->arg[0] = read_value(in);
    made->count = 1;
    want(in, at, made->arg[0], 'n');
    return made;
}

/* The step of the operator `*`, `div` or `mod` that stands here, or NULL. */
static expr_step *take_product(struct reading *in)
{
    if (take(in, "*"))
        return expr_step_multiply;
    if (take(in, "div"))
        return expr_step_divide;
    return take(in, "mod") ? expr_step_modulo : NULL;
}

static struct expr *read_product(struct reading *in)
{
    skip_spaces(in);
    const char *begin = in->at;
    struct expr *left = read_sign(in);
    expr_step *step;
    while (!in->failed && (step = take_product(in)) != NULL) {
        const char *at = in->at;
        left = two(in, step, TYPE_NUMBER, left, read_sign(in));
        want(in, begin, left->arg[0], 'n');
        want(in, at, left->arg[1], 'n');
    }
    return left;
}

/* A sum of a day and a number is a day; a day less a day is a number. */
static enum type sum_type(const struct expr *a, const struct expr *b, int minus)
{
    if (minus && a->type == TYPE_DAY && b->type == TYPE_DAY)
        return TYPE_NUMBER;
    if (a->type == TYPE_DAY && b->type == TYPE_NUMBER)
        return TYPE_DAY;
    return a->type == TYPE_NUMBER && b->type == TYPE_NUMBER ? TYPE_NUMBER : TYPE_ANY;
}

static void want_summand(struct reading *in, const char *at, const struct expr *arg)
{
    if (arg->type == TYPE_TEXT || arg->type == TYPE_BOOL)
        fail(in, at, "Write a number or a day here.");
}

static struct expr *read_sum(struct reading *in)
{
    skip_spaces(in);
    const char *begin = in->at;
    struct expr *left = read_product(in);
    while (!in->failed) {
        int minus = take(in, "-");
        if (!minus && !take(in, "+"))
            break;
        const char *at = in->at;
        struct expr *right = read_product(in);
        want_summand(in, begin, left);
        want_summand(in, at, right);
        left = two(in, minus ? expr_step_subtract : expr_step_add, sum_type(left, right, minus),
                   left, right);
    }
    return left;
}

static int comparable(const struct expr *a, const struct expr *b)
{
    if (a->type == TYPE_BOOL || b->type == TYPE_BOOL)
        return 0;
    if (a->type == b->type || a->type == TYPE_ANY || b->type == TYPE_ANY)
        return 1;
    int32_t day;
    if (a->type == TYPE_DAY && b->step == expr_step_text)
        return value_to_day((struct value){.kind = VALUE_TEXT, .text = b->text}, &day);
    return 0;
}

static struct expr *read_comparison(struct reading *in)
{
    static const struct {
        const char *sign;
        int relation;
    } signs[] = {{"!=", RELATION_NE}, {"<=", RELATION_LE}, {">=", RELATION_GE},
                 {"=", RELATION_EQ},  {"<", RELATION_LT},  {">", RELATION_GT}};
    struct expr *left = read_sum(in);
    for (size_t i = 0; i < SND_COUNT(signs) && !in->failed; i++) {
        if (!take(in, signs[i].sign))
            continue;
        const char *at = in->at;
        struct expr *made = two(in, expr_step_compare, TYPE_BOOL, left, read_sum(in));
        made->relation = signs[i].relation;
        if (!comparable(made->arg[0], made->arg[1]))
            fail(in, at, "Compare like with like: a number with a number, a day with a day.");
        return made;
    }
    return left;
}

static struct expr *read_and(struct reading *in)
{
    const char *begin = in->at;
    struct expr *left = read_comparison(in);
    while (!in->failed && take(in, "and")) {
        const char *at = in->at;
        left = two(in, expr_step_and, TYPE_BOOL, left, read_comparison(in));
        want(in, begin, left->arg[0], 'b');
        want(in, at, left->arg[1], 'b');
    }
    return left;
}

static struct expr *read_any(struct reading *in)
{
    const char *begin = in->at;
    if (++in->depth > DEPTH_MAX)
        fail(in, begin, "Use fewer brackets inside one another.");
    struct expr *left = in->failed ? node(in, expr_step_text, TYPE_ANY) : read_and(in);
    while (!in->failed && take(in, "or")) {
        const char *at = in->at;
        left = two(in, expr_step_or, TYPE_BOOL, left, read_and(in));
        want(in, begin, left->arg[0], 'b');
        want(in, at, left->arg[1], 'b');
    }
    in->depth--;
    return left;
}

int expr_read(const char *text, const char *const *keys, size_t count, struct arena *arena,
              const struct expr **out, struct expr_fault *fault)
{
    struct reading in = {
        .text = text, .at = text, .keys = keys, .count = count, .arena = arena, .fault = fault};
    struct expr *made = read_any(&in);
    skip_spaces(&in);
    if (*in.at)
        fail(&in, in.at, "Take this out, or put `and`, `or` or an operator before it.");
    *out = NULL;
    if (in.failed) {
        expr_close(made);
        return SND_E_BAD;
    }
    *out = made;
    return 0;
}

void expr_close(const struct expr *expr)
{
    if (!expr)
        return;
    struct pattern *regex = expr->regex;
    pattern_free(&regex);
    for (int i = 0; i < expr->count; i++)
        expr_close(expr->arg[i]);
}

void expr_uses(const struct expr *expr, void (*each)(void *arg, int field), void *arg)
{
    if (expr->step == expr_step_field)
        each(arg, expr->field);
    for (int i = 0; i < expr->count; i++)
        expr_uses(expr->arg[i], each, arg);
}

int expr_is_condition(const struct expr *expr)
{
    return expr->type == TYPE_BOOL;
}
