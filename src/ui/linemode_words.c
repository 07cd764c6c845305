/* SPDX-License-Identifier: Apache-2.0
 * The words that line mode knows, by word or by digit, in either language whatever the session's
 * is: somebody who types Arabic is not asked to change the keyboard. Which of them there are hangs
 * on the place and on what the role may do. */
#include <string.h>
#include "base/num.h"
#include "text/fold.h"
#include "text/number.h"
#include "ui/linemode_priv.h"

#define WORD_MOST 32

static const struct lineword words[] = {
#define LINE_WORD(en, ar, where, needs, home, form, about)                                         \
    {{[LANG_AR] = ar, [LANG_EN] = en}, where, needs, home, form, about},
#include "ui/linemode_words.def"
#undef LINE_WORD
};

int linemode_same(const char *a, const char *b)
{
    struct buf one = BUF_INIT(LINEMODE_LINE), other = BUF_INIT(LINEMODE_LINE);
    fold_text(a, &one);
    fold_text(b, &other);
    int same = one.len > 0 && strcmp(buf_text(&one), buf_text(&other)) == 0;
    buf_free(&one);
    buf_free(&other);
    return same;
}

int linemode_number(const char *text, size_t most)
{
    char digits[16];
    int64_t number;
    if (str_copy(digits, sizeof digits, text) != 0)
        return 0;
    digits_to_ascii(digits);
    return num_parse(digits, 1, (int64_t)most, &number) == 0 ? (int)number : 0;
}

int linemode_yes(const char *line)
{
    static const char *const yes[] = {"1", "yes", "y", "نعم", "ن"}, *const no[] = {"2", "0",  "no",
                                                                                   "n", "لا", "ل"};
    for (size_t i = 0; i < SND_COUNT(yes); i++)
        if (linemode_same(line, yes[i]))
            return 1;
    for (size_t i = 0; i < SND_COUNT(no); i++)
        if (linemode_same(line, no[i]))
            return 0;
    return -1;
}

static int counts(const struct ui *ui, const struct lineword *word, unsigned where)
{
    return (word->where & where) && ui_may(ui, word->needs);
}

static const struct lineword *by_digit(const struct ui *ui, int digit, unsigned where)
{
    for (size_t i = 0; digit > 0 && i < SND_COUNT(words); i++)
        if (counts(ui, &words[i], where) && --digit == 0)
            return &words[i];
    return NULL;
}

const struct lineword *linemode_word(const struct ui *ui, const char *line, unsigned where,
                                     const char **rest)
{
    char first[WORD_MOST];
    line += *line == '.';
    size_t len = strcspn(line, " ");
    if (len == 0 || len >= sizeof first)
        return NULL;
    (void)str_format(first, sizeof first, "%.*s", (int)len, line);
    *rest = line + len + strspn(line + len, " ");
    int digit = **rest ? 0 : linemode_number(first, SND_COUNT(words));
    if (digit)
        return by_digit(ui, digit, where);
    for (size_t i = 0; i < SND_COUNT(words); i++)
        if (counts(ui, &words[i], where) && (linemode_same(first, words[i].word[LANG_EN]) ||
                                             linemode_same(first, words[i].word[LANG_AR])))
            return &words[i];
    return NULL;
}

void linemode_say_words(struct linemode *lm, unsigned where)
{
    int digit = 0;
    for (size_t i = 0; i < SND_COUNT(words); i++)
        if (counts(&lm->ui, &words[i], where))
            linemode_sayf(lm, "%d %s%s: %s", ++digit, where & AT_FIELD ? "." : "",
                          words[i].word[msg_language()], _(words[i].about));
}
