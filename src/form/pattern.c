/* SPDX-License-Identifier: Apache-2.0
 * Regular expressions of forms and kinds. Our own, because the C library's keeps some ten kilobytes
 * of state for each expression that ran, in every session, depends on the locale, and can be made
 * to eat memory or time by a form from anywhere. An expression becomes a short program (repetitions
 * are written out); matching walks all its branches at once, a character at a time, so its time is
 * bounded by program times text. Always the whole text is matched; back-references, classes by name
 * and anchors in the middle are refused. */
#include "form/pattern_priv.h"
#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include "base/attr.h"
#include "base/mem.h"
#include "text/input.h"

#define SOURCE_MAX 200 /* bytes of an expression */
#define STEPS_MAX 2000
#define NEST_MAX 8
#define ENDLESS (-1)

enum op { OP_POINTS, OP_SPLIT, OP_JUMP, OP_MATCH };
struct step {
    enum op op;
    uint16_t x, y;  /* OP_SPLIT: both ways on; OP_JUMP: x */
    uint16_t first; /* OP_POINTS: its ranges */
    uint8_t count, negated;
};
struct range {
    uint32_t from, to;
};
struct pattern {
    struct step *step;
    struct range *range;
    size_t steps, ranges;
};

/* An expression while it is compiled. */
struct compiling {
    struct pattern *pattern;
    const char *at;
    int depth;
    const char *sentence; /* the first thing that was wrong */
};

static void compile_any(struct compiling *in);

static void fail(struct compiling *in, const char *sentence)
{
    if (!in->sentence)
        in->sentence = sentence;
}

static struct step *emit(struct compiling *in, enum op op)
{
    struct pattern *pattern = in->pattern;
    if (pattern->steps == STEPS_MAX) {
        fail(in, "Write a shorter regular expression: this one repeats too much.");
        pattern->steps--;
    }
    if (pattern->steps % 16 == 0)
        pattern->step = x_realloc(pattern->step, pattern->steps + 16, sizeof *pattern->step);
    struct step *step = &pattern->step[pattern->steps++];
    *step = (struct step){.op = op, .first = (uint16_t)pattern->ranges};
    return step;
}

/* A split whose first way is the next step; its index. */
static size_t emit_split(struct compiling *in)
{
    struct step *step = emit(in, OP_SPLIT);
    step->x = (uint16_t)in->pattern->steps;
    return in->pattern->steps - 1;
}

static void add_range(struct compiling *in, uint32_t from, uint32_t to)
{
    struct pattern *pattern = in->pattern;
    struct step *step = &pattern->step[pattern->steps - 1];
    if (step->count == UINT8_MAX || pattern->ranges == UINT16_MAX) {
        fail(in, "Write a shorter regular expression: this one repeats too much.");
        return;
    }
    if (pattern->ranges % 16 == 0)
        pattern->range = x_realloc(pattern->range, pattern->ranges + 16, sizeof *pattern->range);
    pattern->range[pattern->ranges++] = (struct range){from, to};
    step->count++;
}

static uint32_t take_point(struct compiling *in)
{
    size_t used;
    uint32_t point = utf8_get(in->at, strlen(in->at), &used);
    in->at += used;
    return point;
}

/* --- where things end, without compiling them ------------------------------------------------- */

/* Behind the bracket expression that begins at `at`; its first ] is itself. */
static const char *set_end(const char *at)
{
    at += 1 + (at[1] == '^');
    at += *at == ']';
    at += strcspn(at, "]");
    return *at ? at + 1 : at;
}

/* Behind the sign, set or group that begins at `at`. */
static const char *atom_end(const char *at)
{
    size_t used;
    int depth = 0;
    do {
        if (*at == '[') {
            at = set_end(at);
            continue;
        }
        depth += *at == '(';
        depth -= *at == ')';
        at += *at == '\\' && at[1] ? 1 : 0;
        (void)utf8_get(at, strlen(at), &used);
        at += used;
    } while (*at && depth > 0);
    return at;
}

/* The | at this level, or NULL. */
static const char *find_bar(const char *at)
{
    while (*at && *at != ')' && *at != '|')
        at = atom_end(at);
    return *at == '|' ? at : NULL;
}

/* --- compiling -------------------------------------------------------------------------------- */

static void compile_set(struct compiling *in)
{
    emit(in, OP_POINTS)->negated = in->at[1] == '^';
    in->at += 1 + (in->at[1] == '^');
    for (int first = 1; !in->sentence && (first || *in->at != ']'); first = 0) {
        if (!*in->at) {
            fail(in, "Close the bracket [ with ].");
            return;
        }
        if (*in->at == '[' && strchr(".=:", in->at[1]) && in->at[1])
            fail(in, "Write the characters themselves between [ and ]; classes such as [:alpha:] "
                     "are not taken.");
        uint32_t from = take_point(in), to = from;
        if (in->at[0] == '-' && in->at[1] && in->at[1] != ']') {
            in->at++;
            to = take_point(in);
        }
        if (to < from)
            fail(in, "Write the range between [ and ] with its smaller end first.");
        add_range(in, from, to);
    }
    in->at += !in->sentence;
}

static void compile_escape(struct compiling *in)
{
    unsigned char next = (unsigned char)in->at[1];
    if (next == 'd')
        fail(in, "Write [0-9] instead of \\d.");
    else if (!next || !ispunct(next) || strchr("<>`'", next))
        fail(in, "Write \\ only before a sign such as . or /.");
    in->at++;
    (void)emit(in, OP_POINTS);
    uint32_t point = take_point(in);
    add_range(in, point, point);
}

static void compile_group(struct compiling *in)
{
    if (++in->depth > NEST_MAX)
        fail(in, "Use fewer brackets inside one another.");
    in->at++;
    if (*in->at == ')')
        fail(in, "Put something between ( and ).");
    if (!in->sentence)
        compile_any(in);
    if (*in->at != ')')
        fail(in, "Close the bracket ( with ).");
    in->at += *in->at == ')';
    in->depth--;
}

static void compile_atom(struct compiling *in)
{
    if (*in->at == '(') {
        compile_group(in);
        return;
    }
    if (*in->at == '[') {
        compile_set(in);
        return;
    }
    if (*in->at == '\\') {
        compile_escape(in);
        return;
    }
    if (strchr("*+?{", *in->at))
        fail(in, "Put something before the repetition, and only one repetition.");
    if (strchr("^$", *in->at))
        fail(in, "Take ^ and $ out: the whole value is matched anyway.");
    (void)emit(in, OP_POINTS);
    if (*in->at == '.') {
        in->at++;
        add_range(in, 0, UINT32_MAX);
        return;
    }
    uint32_t point = take_point(in);
    add_range(in, point, point);
}

/* A count of at most three digits; -1 when there is none. */
static int read_count(const char **at)
{
    int count = isdigit((unsigned char)**at) ? 0 : -1;
    for (int digits = 0; digits < 3 && isdigit((unsigned char)**at); digits++)
        count = count * 10 + (*(*at)++ - '0');
    return count;
}

/* The repetition at `at`, which is moved behind it; without one, once. */
static void read_repeat(struct compiling *in, const char **at, int *least, int *most)
{
    *least = **at == '*' || **at == '?' ? 0 : 1;
    *most = **at == '*' || **at == '+' ? ENDLESS : 1;
    if (**at == '*' || **at == '+' || **at == '?')
        ++*at;
    if (**at != '{' || *most != 1 || !*least)
        return;
    ++*at;
    *least = *most = read_count(at);
    if (**at == ',') {
        ++*at;
        *most = read_count(at);
    }
    if (*least < 0 || **at != '}' || *most < *least || *most < 1 || *most > 255)
        fail(in, "Write a repetition as {3} or {3,15}, with the larger number last, at most 255.");
    *at += **at == '}';
}

/* One atom as often as its repetition says: compiled anew each time. */
static void compile_repeated(struct compiling *in)
{
    const char *begin = in->at, *after = atom_end(begin);
    struct pattern *pattern = in->pattern;
    int least, most;
    read_repeat(in, &after, &least, &most);
    for (int i = 0; i < least && !in->sentence; i++) {
        in->at = begin;
        compile_atom(in);
    }
    size_t first = pattern->steps;
    for (int i = least; (i < most || most == ENDLESS) && !in->sentence; i++) {
        size_t split = emit_split(in);
        in->at = begin;
        compile_atom(in);
        if (most == ENDLESS) {
            emit(in, OP_JUMP)->x = (uint16_t)split;
            break;
        }
    }
    /* Every optional one may be left out: on to the end. Splits inside the atoms have their way. */
    for (size_t i = first; i < pattern->steps; i++)
        if (pattern->step[i].op == OP_SPLIT && pattern->step[i].y == 0)
            pattern->step[i].y = (uint16_t)pattern->steps;
    in->at = after;
}

static void compile_row(struct compiling *in)
{
    while (*in->at && *in->at != '|' && *in->at != ')' && !in->sentence)
        compile_repeated(in);
}

static void compile_any(struct compiling *in)
{
    struct pattern *pattern = in->pattern;
    if (!find_bar(in->at)) {
        compile_row(in);
        return;
    }
    size_t split = emit_split(in);
    pattern->step[split].y = UINT16_MAX;
    compile_row(in);
    (void)emit(in, OP_JUMP);
    size_t jump = pattern->steps - 1;
    pattern->step[split].y = (uint16_t)pattern->steps;
    in->at += *in->at == '|';
    if (!in->sentence)
        compile_any(in);
    pattern->step[jump].x = (uint16_t)pattern->steps;
}

static void compile(struct compiling *in, char *source)
{
    size_t len = strlen(source);
    if (len > SOURCE_MAX)
        fail(in, "Write a shorter regular expression: at most 200 characters.");
    /* Anchors around the whole are what happens anyway. */
    if (len > 1 && source[len - 1] == '$' && source[len - 2] != '\\')
        source[--len] = '\0';
    in->at = source + (*source == '^');
    if (!*in->at)
        fail(in, "Write the regular expression between the quotes.");
    if (!in->sentence)
        compile_any(in);
    if (!in->sentence && *in->at)
        fail(in, "Take this ) out, or open it with ( before.");
    (void)emit(in, OP_MATCH);
}

struct pattern *pattern_new(const char *source, const char **sentence)
{
    struct compiling in = {.pattern = x_alloc(sizeof *in.pattern)};
    char *copy = x_strdup(source);
    compile(&in, copy);
    x_free(&copy);
    if (in.sentence)
        pattern_free(&in.pattern);
    *sentence = in.sentence;
    return in.pattern;
}

void pattern_free(struct pattern **pattern)
{
    if (!*pattern)
        return;
    x_free(&(*pattern)->step);
    x_free(&(*pattern)->range);
    x_free(pattern);
}

/* --- matching --------------------------------------------------------------------------------- */

/* The steps that wait for the next character, each at most once. */
struct waiting {
    uint16_t step[STEPS_MAX];
    int count;
    uint8_t seen[STEPS_MAX];
};

static void wait_all(const struct pattern *pattern, struct waiting *waiting, size_t first)
{
    /* Each step is pushed at most twice (both ways into it), so this can't overflow. */
    SND_UNFILLED uint16_t stack[2 * STEPS_MAX];
    int top = 0;
    stack[top++] = (uint16_t)first;
    while (top) {
        uint16_t at = stack[--top];
        const struct step *step = &pattern->step[at];
        if (waiting->seen[at])
            continue;
        waiting->seen[at] = 1;
        if (step->op == OP_SPLIT)
            stack[top++] = step->y;
        if (step->op == OP_SPLIT || step->op == OP_JUMP)
            stack[top++] = step->x;
        else
            waiting->step[waiting->count++] = at;
    }
}

/* Most steps lead to nothing but themselves. */
static void wait_at(const struct pattern *pattern, struct waiting *waiting, size_t first)
{
    enum op op = pattern->step[first].op;
    if (waiting->seen[first])
        return;
    if (op == OP_SPLIT || op == OP_JUMP) {
        wait_all(pattern, waiting, first);
        return;
    }
    waiting->seen[first] = 1;
    waiting->step[waiting->count++] = (uint16_t)first;
}

static int takes(const struct pattern *pattern, const struct step *step, uint32_t point)
{
    int inside = 0;
    for (size_t i = 0; i < step->count && !inside; i++) {
        const struct range *range = &pattern->range[step->first + i];
        inside = point >= range->from && point <= range->to;
    }
    return inside != step->negated;
}

static void clear(const struct pattern *pattern, struct waiting *waiting)
{
    waiting->count = 0;
    memset(waiting->seen, 0, pattern->steps);
}

int pattern_matches(const struct pattern *pattern, const char *text)
{
    SND_UNFILLED struct waiting both[2];
    struct waiting *now = &both[0], *next = &both[1];
    size_t left = strlen(text), used;
    clear(pattern, now);
    wait_at(pattern, now, 0);
    for (; left && now->count; text += used, left -= used) {
        uint32_t point = utf8_get(text, left, &used);
        clear(pattern, next);
        for (int i = 0; i < now->count; i++) {
            const struct step *step = &pattern->step[now->step[i]];
            if (step->op == OP_POINTS && takes(pattern, step, point))
                wait_at(pattern, next, (size_t)now->step[i] + 1);
        }
        struct waiting *swap = now;
        now = next;
        next = swap;
    }
    for (int i = 0; !left && i < now->count; i++)
        if (pattern->step[now->step[i]].op == OP_MATCH)
            return 1;
    return 0;
}
