/* SPDX-License-Identifier: Apache-2.0 */
/* Folding, matching and the order of texts. */
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "tests/tap.h"
#include "text/fold.h"

static const struct {
    const char *text, *folded, *name;
} folds[] = {
    {"أإآٱا", "ااااا", "alefs"},
    {"مؤمن رئيس ء", "مومن رييس ء", "waw and ya with hamza; hamza alone stays"},
    {"مصطفى", "مصطفي", "alef maqsura"},
    {"فاطمة", "فاطمه", "ta marbuta"},
    {"\u06A9\u06CC", "كي", "Persian kaf and ya"},
    {"مُحَمَّدٌ", "محمد", "marks"},
    {"خلـــود", "خلود", "tatweel"},
    {"محمد\u200Cعلي", "محمدعلي", "ZWNJ"},
    {"٠١٢۳۴ 5", "01234 5", "digits"},
    {"\uFEFB\uFEDF\uFEE0", "لالل", "presentation forms"},
    {"Éric STRAßE Łódź", "eric strasse lodz", "Latin"},
    {"  a -- b،؛ c. ", "a b c", "other signs part words"},
    {"", "", "nothing"},
    {"!؟", "", "nothing but signs"},
    {"a\xFF\xFE z", "a z", "malformed bytes part words"},
};

static void folding(void)
{
    int again = 0;
    for (size_t i = 0; i < SND_COUNT(folds); i++) {
        struct buf once = BUF_INIT(256), twice = BUF_INIT(256);
        fold_text(folds[i].text, &once);
        fold_text(buf_text(&once), &twice);
        tap_is(buf_text(&once), folds[i].folded, folds[i].name);
        again += strcmp(buf_text(&once), buf_text(&twice)) != 0;
        buf_free(&twice);
        buf_free(&once);
    }
    tap_is_int(again, 0, "folding the folded changes nothing");
}

static void matching(void)
{
    tap_ok(fold_matches("محمد بن سالم الهنايي", "الهنائي محم"), "words in any order, begun");
    tap_ok(!fold_matches("محمد بن سالم", "المد"), "not in the middle of a word");
    tap_ok(!fold_matches("محمد بن سالم", "محمد علي"), "every word of the query counts");
    tap_ok(fold_matches("محمد", ""), "an empty query matches");
    tap_ok(fold_matches("محمد", " -- "), "so does one of signs");
    tap_ok(fold_matches("عبد الله", "عبدالله") && fold_matches("عبدالله", "عبد الله"),
           "the servant's name, together or apart");
    tap_ok(fold_matches("عبد الرحمن", "الرحم") && fold_matches("عبد بن محمد", "عبد محمد"),
           "and its words alone");
    tap_ok(!fold_matches("عبدالله", "عبد السلام") && !fold_matches("عبد", "عبدالله"),
           "but not another's");
    tap_ok(fold_matches("99123456", "٩٩١٢"), "a number by Arabic digits");
}

static int by_people(const void *a, const void *b)
{
    return text_compare(*(const char *const *)a, *(const char *const *)b);
}

static void order(void)
{
    const char *names[] = {"يوسف", "بدر", "أحمد", "Zayd", "إبراهيم", "Ahmed", "تركي", "٢", "10"};
    static const char *const sorted[] = {"٢", "10", "إبراهيم", "أحمد", "بدر", "تركي", "يوسف"};
    int good = 1, at = 0;
    qsort(names, SND_COUNT(names), sizeof *names, by_people);
    for (size_t i = 0; i < SND_COUNT(names); i++) {
        int latin = strcmp(names[i], "Zayd") == 0 || strcmp(names[i], "Ahmed") == 0;
        if (!latin && at < 2)
            good &= strcmp(names[i], sorted[0]) == 0 || strcmp(names[i], sorted[1]) == 0;
        else if (!latin)
            good &= strcmp(names[i], sorted[at]) == 0;
        at += !latin;
    }
    tap_ok(good, "names as people look for them");
    tap_ok(text_compare("a", "a") == 0 && text_compare("", "a") < 0, "equal and empty");
    tap_ok(text_compare("أحمد", "احمد") != 0, "hamza counts when nothing else differs");
}

int main(void)
{
    folding();
    matching();
    order();
    return tap_done();
}
