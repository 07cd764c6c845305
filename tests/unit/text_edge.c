/* SPDX-License-Identifier: Apache-2.0 */
/* The hard cases of the names (tests/golden/names-edge.tsv): each line is held to what its reason
 * says, looked up here by the reason's words, so that a new case without a check fails. */
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "tests/tap.h"
#include "text/fold.h"
#include "text/input.h"
#include "text/layout.h"

struct edge {
    const char *reason; /* words of the reason column */
    const char *visual; /* from the left, as cleaned and laid out right to left */
    const char *folded;
    const char *query; /* what a clerk types to find it */
};
static const struct edge edges[] = {
    {"lam-alef ligatures in", "ﺔﻴﻠﻴﻋﺎﻤﺳﻹﺍ ﺡﻼﺻ ﻦﺑ ﺀﻼﻋ ﺖﻨﺑ ﺔﻣﻼﺳ",
     "سلامه بنت علاء بن صلاح الاسماعيليه", "الاسماعيلية سلامه"},
    {"hamza carriers", "ﺔﻴﻟﻮﻌﻤﻟﺍ ﺲﻴﺋﺭ ﻦﺑ ﻦﻣﺆﻣ ﺖﻨﺑ ﻯﺅﺭ", "روي بنت مومن بن رييس المعوليه",
     "رؤي مؤمن"},
    {"written joined and apart", "ﻲﺋﺎﻨﻬﻟﺍ ﻦﻤﺣﺮﻟﺍﺪﺒﻋ ﻦﺑ ﻪﻠﻟﺍ ﺪﺒﻋ ﻦﺑ ﻪﻠﻟﺍﺪﺒﻋ",
     "عبدالله بن عبد الله بن عبدالرحمن الهنايي", "عبد الرحمن عبدالله"},
    {"alef madda", "ﺔﻴﻠﻴﻜﺸﻟﺍ ﺏﻮﻳﺃ ﻦﺑ ﻕﺎﺤﺳﺇ ﺖﻨﺑ ﺀﻻﺁ", "الاء بنت اسحاق بن ايوب الشكيليه",
     "ايوب آلاء"},
    {"yeh versus alef maqsura", "ﻲﻨﺴﺤﻟﺍ ﻰﺳﻮﻣ ﻦﺑ ﻰﺴﻴﻋ ﻦﺑ ﻰﻴﺤﻳ", "يحيي بن عيسي بن موسي الحسني",
     "يحي موسى"},
    {"full diacritics", "ﻲُّﺋِﺎﻨَﻬِﻟﺍ ﺪٍﻴﻌِﺳَ ﻦُﺑ ﺪُﻤَّﺤَﻣُ", "محمد بن سعيد الهنايي", "محمّد سعيد"},
    {"tatweel", "ﺔﻴﻨﺳﻮﺤﻟﺍ ﻢﻟﺎﺳ ﺖﻨﺑ ﺩﻮﻠﺧ", "خلود بنت سالم الحوسنيه", "خلــود"},
    {"no ال", "ﺮﻤﻋﺎﺑ ﻞﻴﻬﺳ ﻦﺑ ﺖﻴﺨﺑ", "بخيت بن سهيل باعمر", "باعمر"},
    {"80-character limit",
     "ﻲﺑﻮﻘﻌﻴﻟﺍ ﺩﻮﻌﺴﻣ ﻦﺑ ﻪﻠﻟﺍﺪﺒﻋ ﻦﺑ ﺮﺻﺎﻧ ﻦﺑ ﻒﻴﺳ ﻦﺑ ﻥﺎﻔﻠﺧ ﻦﺑ ﺪﻤﺣ ﻦﺑ ﺪﺷﺍﺭ ﻦﺑ ﺪﻴﻌﺳ",
     "سعيد بن راشد بن حمد بن خلفان بن سيف بن ناصر بن عبدالله بن مسعود اليعقوبي", "مسعود سعيد"},
    {"shortest", "ﻲﻠﻋ", "علي", "على"},
    {"brackets mirror", "ﺔﻴﺳﺭﺎﻔﻟﺍ (ﻢﻟﺎﺳ) ﺪﻤﺤﻣ ﺖﻨﺑ ﺔﻤﻃﺎﻓ", "فاطمه بنت محمد سالم الفارسيه",
     "فاطمة (سالم"},
    {"digits with slash", "ﻲﺒﻴﻫﻮﻟﺍ 3/12 ﺪﻤﺣ ﻦﺑ ﺮﺻﺎﻧ", "ناصر بن حمد 3 12 الوهيبي", "٣/١٢"},
    {"mixed Latin", "ﻲﺋﺎﻨﻬﻟﺍ ﻢﻟﺎﺳ SALIM AL HINAI", "salim al hinai سالم الهنايي", "hinai سالم"},
    {"two-word given", "ﺔﻴﻣﺎﻳﺮﻟﺍ ﺔﻌﻤﺟ ﺖﻨﺑ ﻡﻮﺜﻠﻛ ﻡُّﺃُ", "ام كلثوم بنت جمعه الرياميه", "ام كلثوم"},
    {"lam-alef runs", "ﻪﻠﻟﺍ ﻻﺇ ﻪﻟﺇ ﻻ", "لا اله الا الله", "اله لا"},
    {"ZWNJ", "ﺮﻫﺍﺯ ﻦﺑ ﻲﻠﻋﺪﻤﺤﻣ", "محمدعلي بن زاهر", "محمدعلي"},
};

static const struct edge *find(const char *reason)
{
    for (size_t i = 0; i < SND_COUNT(edges); i++)
        if (strstr(reason, edges[i].reason))
            return &edges[i];
    return NULL;
}

static void visual(const char *text, struct buf *out)
{
    struct arena *arena = arena_new();
    struct line line;
    layout_line(text, TEXT_RTL, 0, arena, &line);
    for (int i = 0; i < line.count; i++) {
        const struct cell *cell = &line.cells[i];
        char bytes[5];
        utf8_put(cell->base, bytes);
        buf_puts(out, bytes);
        for (int k = 0; k < CELL_MARKS && cell->marks[k]; k++) {
            utf8_put(cell->marks[k], bytes);
            buf_puts(out, bytes);
        }
    }
    arena_free(&arena);
}

static int same(const char *what, const struct buf *got, const char *want)
{
    if (strcmp(buf_text(got), want) == 0)
        return 1;
    tap_note("%s: got  %s", what, buf_text(got));
    tap_note("%s: want %s", what, want);
    return 0;
}

static int check(const char *name, const struct edge *edge)
{
    struct buf clean = BUF_INIT(4096), cells = BUF_INIT(4096), folded = BUF_INIT(4096);
    int good = input_clean(name, strlen(name), &clean) == 0;
    if (!good)
        tap_note("refused: %s", name);
    visual(buf_text(&clean), &cells);
    fold_text(name, &folded);
    if (!input_is_clean(buf_text(&clean))) {
        tap_note("cleaned, yet not clean: %s", buf_text(&clean));
        good = 0;
    }
    good &= same("visual", &cells, edge->visual) && same("folded", &folded, edge->folded);
    if (!fold_matches(buf_text(&folded), edge->query)) {
        tap_note("%s is not found by %s", name, edge->query);
        good = 0;
    }
    good &= !fold_matches(buf_text(&folded), "زيد");
    buf_free(&folded);
    buf_free(&cells);
    buf_free(&clean);
    return good;
}

int main(void)
{
    char line[1024];
    int good = 1, cases = 0;
    FILE *file = fopen(tap_source("tests/golden/names-edge.tsv"), "r");
    while (file && fgets(line, sizeof line, file)) {
        char *reason = strchr(line, '\t');
        if (!reason || strncmp(line, "name_ar", 7) == 0)
            continue;
        *reason++ = '\0';
        const struct edge *edge = find(reason);
        if (!edge)
            tap_note("no check for: %s", reason);
        good &= edge && check(line, edge);
        cases++;
    }
    if (file)
        fclose(file);
    tap_note("%d cases", cases);
    tap_ok(good && cases == (int)SND_COUNT(edges), "hard cases of the names");
    return tap_done();
}
