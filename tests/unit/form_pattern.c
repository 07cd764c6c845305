/* SPDX-License-Identifier: Apache-2.0
 * The regular expressions of forms give what the C library's give, on every expression of the
 * shipped forms' sort and texts that are near them; and what could eat memory or time does not. */
#include <regex.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "form/pattern_priv.h"
#include "tests/tap.h"

static const char *const sources[] = {
    "[0-9/]{3,15}",
    "[0-9]{1,6}(/[0-9A-Za-z]{1,4})?",
    "[A-Z0-9/-]{3,14}",
    "[0-9/-]{4,16}",
    "(7[0-26-9]|9[1-9])[0-9]{6}|90[1-9][0-9]{5}",
    "a*",
    "a+b?c{2}",
    "(ab|cd)+",
    "(a|b|cd){2,3}",
    "[^a-c]+",
    "[]a-]+",
    "[^]]",
    "a\\.b",
    ".",
    "..?",
    "(a?)*b",
    "((a|b)*c){1,2}",
    "^abc$",
    "x(y(z|w)?)*",
    "[1-9][0-9]{0,4} [A-Z]{1,2}",
    "[0-9]{1,3}(\\.[0-9])?",
    "a|",
    "(|b)c",
};
static const char *const texts[] = {
    "",         "a",           "b",       "c",       "aa",       "ab",       "abc",      "abcc",
    "acc",      "aabcc",       "cd",      "abcd",    "cdcdab",   "bb",       "acd",      "]",
    "-",        "a-]",         "d",       "xyz",     "a.b",      "axb",      "aab",      "aaab",
    "abcbc",    "abcbcc",      "x",       "xy",      "xyzyw",    "xyzz",     "123",      "12",
    "1/2",      "123456/12ab", "1234567", "123456/", "0/0-1",    "70123456", "73123456", "90123456",
    "99123456", "901234567",   "AB12",    "A-/",     "12345 AB", "123456 A", "0123 A",   "1.5",
    "1.55",     "12.",         "^abc$",
};

static void test_alike(void)
{
    int differ = 0, tried = 0, matched = 0;
    for (size_t i = 0; i < SND_COUNT(sources); i++) {
        const char *sentence;
        struct pattern *pattern = pattern_new(sources[i], &sentence);
        regex_t regex;
        char *anchored = x_printf("^(%s)$", sources[i]);
        int err = regcomp(&regex, anchored, REG_EXTENDED | REG_NOSUB);
        for (size_t k = 0; pattern && !err && k < SND_COUNT(texts); k++, tried++) {
            int want = regexec(&regex, texts[k], 0, NULL, 0) == 0;
            matched += want;
            if (pattern_matches(pattern, texts[k]) != want) {
                differ++;
                tap_note("%s on %s: wanted %d", sources[i], texts[k], want);
            }
        }
        if (!pattern)
            tap_note("%s: %s", sources[i], sentence);
        differ += !pattern || err;
        if (!err)
            regfree(&regex);
        pattern_free(&pattern);
        x_free(&anchored);
    }
    tap_ok(differ == 0 && tried > 1000 && matched > 60, "as POSIX says: %d differ of %d, %d match",
           differ, tried, matched);
}

static void test_letters(void)
{
    const char *sentence;
    struct pattern *pattern = pattern_new("[ء-ي ]{3,5}.", &sentence);
    tap_ok(pattern && pattern_matches(pattern, "سالم!") &&
               pattern_matches(pattern, "سالمة é") == 0 && pattern_matches(pattern, "سا م é") &&
               !pattern_matches(pattern, "سا!"),
           "characters are counted, not bytes");
    pattern_free(&pattern);
}

/* Would take a backtracking matcher for ever. */
static void test_bounded(void)
{
    const char *sentence;
    char text[1001] = "";
    memset(text, 'a', sizeof text - 1);
    struct pattern *pattern = pattern_new("((a*)*|(a|aa){1,200})*b", &sentence);
    int64_t begin = clock_mono_ms();
    tap_ok(pattern && !pattern_matches(pattern, text) && clock_mono_ms() - begin < 5000,
           "a thousand characters of a hostile text");
    pattern_free(&pattern);
    tap_ok(!pattern_new("(((((a{255}){255}){255}){255}){255})", &sentence) && sentence,
           "repetitions of repetitions are refused");
    tap_ok(!pattern_new("((((((((()))))))))", &sentence) && !pattern_new("(){255}", &sentence),
           "so are empty and deep brackets");
}

int main(void)
{
    test_alike();
    test_letters();
    test_bounded();
    return tap_done();
}
