/* SPDX-License-Identifier: Apache-2.0 */
/* Every Arabic word that the services and the name lists hold, joined as HarfBuzz joins it with the
 * font most terminals use (tests/golden/joining.tsv, made by tools/make-joining); and what the
 * words don't show: letters that HarfBuzz' font lacks, and marks that must not break a joint. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "tests/tap.h"
#include "text/layout.h"

enum { LEAST_WORDS = 1400, SHOWN = 20 };

/* The bases of a word in logical order, as "FEB3 FEFC". */
static void forms_of(const char *word, char *out, size_t size)
{
    struct arena *arena = arena_new();
    struct line line;
    size_t at = 0;
    layout_line(word, TEXT_RTL, 0, arena, &line);
    out[0] = '\0';
    for (int i = line.count - 1; i >= 0 && at < size; i--)
        at += (size_t)snprintf(out + at, size - at, "%s%04X", at ? " " : "",
                               (unsigned)line.cells[i].base);
    arena_free(&arena);
}

static void golden_words(void)
{
    char line[2048], got[1024];
    int words = 0, wrong = 0;
    FILE *file = fopen(tap_source("tests/golden/joining.tsv"), "r");
    while (file && fgets(line, sizeof line, file)) {
        char *want = strchr(line, '\t');
        if (line[0] == '#' || !want)
            continue;
        *want++ = '\0';
        want[strcspn(want, "\n")] = '\0';
        forms_of(line, got, sizeof got);
        words++;
        if (strcmp(got, want) != 0 && wrong++ < SHOWN)
            tap_note("%s: got %s, want %s", line, got, want);
    }
    if (file)
        fclose(file);
    tap_note("%d words", words);
    tap_ok(words >= LEAST_WORDS && wrong == 0, "every word joins as hb-shape joins it");
}

int main(void)
{
    static const struct {
        const char *word, *forms, *name;
    } cases[] = {
        {"\u0628\u065E\u0628", "FE91 FE90", "U+065E does not break a joint"},
        {"\u0644\u06D6\u0644", "FEDF FEDE", "a Quranic mark does not break a joint"},
        {"\u0644\u064E\u0627", "FEFB", "lam and alef with a mark between are one cell"},
        {"\u0628\u0644\u0622", "FE91 FEF6", "lam with alef madda, joined"},
        {"\u0671\u0644", "FB50 FEDD", "alef wasla"},
        {"\u06A4\u064A\u06A4", "FB6C FEF4 FB6B", "veh"},
        {"\u0628\u0640\u0628", "FE91 0640 FE90", "tatweel joins on both sides"},
        {"\u0628\u200C\u0628", "FE8F FE8F", "ZWNJ parts"},
        {"\u0628\u200D", "FE91", "ZWJ joins"},
        {"\u0628\u0621\u0628", "FE8F FE80 FE8F", "hamza joins nothing"},
        {"\u0628a\u0628", "FE8F 0061 FE8F", "Latin joins nothing"},
        {"\u06CE\u0628", "06CE FE90", "a letter without forms keeps its own, its neighbour joins"},
    };
    char got[1024];
    golden_words();
    for (size_t i = 0; i < SND_COUNT(cases); i++) {
        forms_of(cases[i].word, got, sizeof got);
        tap_is(got, cases[i].forms, cases[i].name);
    }
    return tap_done();
}
