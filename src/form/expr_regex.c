/* SPDX-License-Identifier: Apache-2.0
 * Regular expressions of forms: POSIX extended, compiled once when the form is read, anchored at
 * both ends. A form may come from anywhere, and the C library unrolls {m,n} in memory, so a
 * pattern is weighed before it is compiled; back-references and the library's own extras are
 * refused, since they can take for ever or mean other things elsewhere. */
#include "form/expr_priv.h"
#include <ctype.h>
#include <string.h>
#include "base/mem.h"

#define PATTERN_MAX 200
#define NEST_MAX 8
#define WEIGHT_MAX 2000

/* Where weighing stands: the weight of the group being read and of those around it. */
struct scale {
    const char *at;
    long sum[NEST_MAX]; /* weight of what a group has so far */
    long last;          /* weight of the last atom: what a repetition multiplies */
    int depth;
    const char *sentence;
};

static void weigh_atom(struct scale *scale, long weight)
{
    scale->last = weight;
    scale->sum[scale->depth] += weight;
    if (scale->sum[scale->depth] > WEIGHT_MAX)
        scale->sentence = "Write a shorter regular expression: this one repeats too much.";
}

static void weigh_bracket(struct scale *scale)
{
    const char *at = scale->at + 1;
    if (*at == '^')
        at++;
    if (*at == ']')
        at++;
    while (*at && *at != ']') {
        if (at[0] == '[' && (at[1] == '.' || at[1] == '=' || at[1] == ':')) {
            scale->sentence = "Write the characters themselves between [ and ]; classes such as "
                              "[:alpha:] are not taken.";
            return;
        }
        at++;
    }
    if (!*at)
        scale->sentence = "Close the bracket [ with ].";
    scale->at = at;
    weigh_atom(scale, 1);
}

static void weigh_escape(struct scale *scale)
{
    unsigned char next = (unsigned char)scale->at[1];
    if (next == 'd')
        scale->sentence = "Write [0-9] instead of \\d.";
    else if (!next || !ispunct(next) || strchr("<>`'", next))
        scale->sentence = "Write \\ only before a sign such as . or /.";
    scale->at++;
    weigh_atom(scale, 1);
}

/* A count of at most three digits at *at, which moves behind it; -1 when there is none. */
static int read_count(const char **at)
{
    int count = isdigit((unsigned char)**at) ? 0 : -1;
    for (int digits = 0; digits < 3 && isdigit((unsigned char)**at); digits++)
        count = count * 10 + (*(*at)++ - '0');
    return count;
}

static void weigh_repeat(struct scale *scale)
{
    const char *at = scale->at + 1;
    int least = read_count(&at);
    int most = least;
    if (*at == ',') {
        at++;
        most = read_count(&at);
    }
    if (least < 0 || *at != '}' || most < least || most < 1 || most > 255) {
        scale->sentence = "Write a repetition as {3} or {3,15}, with the larger number last, at "
                          "most 255.";
        return;
    }
    scale->at = at;
    weigh_atom(scale, scale->last * (most - 1));
    scale->last = 0;
}

static void weigh_twice(struct scale *scale)
{
    weigh_atom(scale, scale->last);
    scale->last = 0;
}

static void weigh_open(struct scale *scale)
{
    if (++scale->depth == NEST_MAX) {
        scale->sentence = "Use fewer brackets inside one another.";
        scale->depth--;
        return;
    }
    scale->sum[scale->depth] = 0;
    scale->last = 0;
}

static void weigh_close(struct scale *scale)
{
    if (scale->depth == 0) {
        scale->sentence = "Take out this ), or open it with ( before.";
        return;
    }
    long weight = scale->sum[scale->depth--];
    weigh_atom(scale, weight ? weight : 1);
}

static void weigh_sign(struct scale *scale)
{
    switch (*scale->at) {
    case '[':
        weigh_bracket(scale);
        break;
    case '\\':
        weigh_escape(scale);
        break;
    case '(':
        weigh_open(scale);
        break;
    case ')':
        weigh_close(scale);
        break;
    case '{':
    case '*':
    case '+':
    case '?':
        if (scale->last == 0)
            scale->sentence = "Put something before the repetition, and only one repetition.";
        else if (*scale->at == '{')
            weigh_repeat(scale);
        else
            weigh_twice(scale);
        break;
    case '|':
    case '^':
    case '$':
        scale->last = 0;
        break;
    default:
        weigh_atom(scale, 1);
    }
}

static const char *weigh(const char *pattern)
{
    struct scale scale = {.at = pattern};
    if (!*pattern)
        return "Write the regular expression between the quotes.";
    if (strlen(pattern) > PATTERN_MAX)
        return "Write a shorter regular expression: at most 200 characters.";
    for (; *scale.at && !scale.sentence; scale.at++)
        weigh_sign(&scale);
    if (!scale.sentence && scale.depth)
        scale.sentence = "Close the bracket ( with ).";
    return scale.sentence;
}

regex_t *expr_regex_new(const char *pattern, const char **sentence)
{
    *sentence = weigh(pattern);
    if (*sentence)
        return NULL;
    char *anchored = x_printf("^(%s)$", pattern);
    regex_t *regex = x_alloc(sizeof *regex);
    if (regcomp(regex, anchored, REG_EXTENDED | REG_NOSUB) != 0) {
        *sentence = "Correct the regular expression: it can't be read.";
        x_free(&regex);
    }
    x_free(&anchored);
    return regex;
}
