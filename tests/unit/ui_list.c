/* SPDX-License-Identifier: Apache-2.0
 * A list that narrows while one types, and the screens made of it: catalogue and choices. */
#include "ui_fake.h"
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "ui/pick.h"
#include "ui/screens_priv.h"

#define F2 "\x1bOQ"
#define F3 "\x1bOR"

static struct fake fake;

static void press(struct pick *pick, enum key key)
{
    struct key_event event = {.key = key};
    (void)pick_key(pick, &event, 1, &fake.ui);
}

static void type(struct pick *pick, const char *text)
{
    struct key_event event;
    keys_feed(fake.keys, text, strlen(text));
    while (keys_next(fake.keys, &event))
        (void)pick_key(pick, &event, 1, &fake.ui);
}

static void narrowing(void)
{
    struct arena *arena = arena_new();
    struct pick_item item[] = {
        {.text = "first", .heading = 1},
        {.text = "إبراء", .folded = item_folded(arena, "إبراء", "Ibra", "SS01")},
        {.text = "نزوى", .folded = item_folded(arena, "نزوى", "Nizwa", "DA01")},
        {.text = "second", .heading = 1},
        {.text = "بدية", .folded = item_folded(arena, "بدية", "Bidiyah", "SS03")},
    };
    struct pick pick = {0};
    pick_set(&pick, item, 5);
    tap_is_int(pick_chosen(&pick), 1, "a heading is never chosen");
    press(&pick, K_DOWN);
    press(&pick, K_DOWN);
    tap_is_int(pick_chosen(&pick), 4, "the arrows step over it");
    press(&pick, K_DOWN);
    tap_is_int(pick_chosen(&pick), 4, "and stop at the end");
    type(&pick, "ابر");
    tap_ok(pick_chosen(&pick) == 1 && pick.shown_count == 2,
           "letters without hamza find the one with it");
    press(&pick, K_BACKSPACE);
    press(&pick, K_BACKSPACE);
    press(&pick, K_BACKSPACE);
    type(&pick, "بديه");
    tap_ok(pick_chosen(&pick) == 4 && pick.shown_count == 2,
           "ha finds ta marbuta, empty headings go");
    type(&pick, "xyz");
    tap_is_int(pick_chosen(&pick), -1, "nothing fits: nothing is chosen");
    pick_free(&pick);
    struct pick_item codes[] = {
        {.text = "TR-01", .folded = item_folded(arena, "TR-01", "تشغيل", "Operating card")},
        {.text = "OP-01", .folded = item_folded(arena, "OP-01", "إعلان", "Advertisement")},
    };
    pick = (struct pick){0};
    pick_set(&pick, codes, 2);
    type(&pick, "op-01");
    tap_ok(pick.shown_count == 2 && pick_chosen(&pick) == 1,
           "the row that begins with what was typed comes before one that has it somewhere");
    type(&pick, "\x15"
                "oper");
    tap_is_int(pick_chosen(&pick), 0, "else the first that has it");
    pick_free(&pick);
    arena_free(&arena);
}

static void catalogue(void)
{
    fake_type(&fake, "\r1");
    tap_ok(fake_shows(&fake, "شركة كهرباء مزون"), "services stand under their agency");
    tap_ok(fake_shows(&fake, "معلنة ولم تفتح بعد"), "one that isn't open says why");
    fake_type(&fake, "فحص\r");
    tap_ok(fake.ui.stack[fake.ui.depth - 1].id == SCREEN_CATALOGUE, "and can't be begun");
    fake_type(&fake, "\x15mz-02");
    tap_ok(fake_shows(&fake, "MZ-02") && !fake_shows(&fake, "MZ-03"), "a code narrows as words do");
    fake_type(&fake, "\r");
    tap_ok(fake.ui.stack[fake.ui.depth - 1].id == SCREEN_FILL, "Enter begins the request");
}

static enum screen_id front(void)
{
    return fake.ui.stack[fake.ui.depth - 1].id;
}

static void going(void)
{
    fake_type(&fake, "99012345\rسال");
    fake_type(&fake, F2);
    tap_ok(front() == SCREEN_GO, "F2 asks where to");
    fake_type(&fake, "MZ-07\r");
    tap_ok(front() == SCREEN_GO && fake_shows(&fake, "معلنة ولم تفتح بعد"),
           "what isn't open is offered with the reason, and can't be begun");
    fake_type(&fake, "\x15"
                     "فحص عداد");
    tap_ok(fake_shows(&fake, "MZ-07"), "words in any order find a service");
    fake_type(&fake, "\x15"
                     "tariff");
    tap_ok(fake_shows(&fake, "MZ-06"), "English ones too");
    fake_finds = 0;
    fake_type(&fake, "\x15"
                     "سالم");
    tap_ok(fake_finds == 1 && fake_shows(&fake, "شخص، طلب واحد"),
           "people come when typing pauses, asked for once");
    tap_ok(fake_shows(&fake, "طلب" LAYOUT_GAP "MZ-01" LAYOUT_GAP "04/12/2017"),
           "and their requests");
    fake_type(&fake, "\r");
    tap_ok(front() == SCREEN_REQUESTS && fake.ui.depth == 2, "Enter on a person: their requests");
    tap_is(fake_draft.typed, "سال", "what was typed in the form that was open is kept");
    fake_type(&fake, F2 "DA01-003-7K3");
    tap_ok(fake_shows(&fake, "ابحث في كل الطلبات"), "what is not found is looked up further");
    fake_type(&fake, "\r");
    tap_ok(front() == SCREEN_REQUESTS && fake.ui.depth == 2, "among all requests");
    fake_type(&fake, F2 FAKE_PAST);
    tap_ok(fake_shows(&fake, "DA01-003-20160114-0003" LAYOUT_GAP "MP-01") &&
               fake_shows(&fake, "معدود، من سنة سابقة  14/01/2016"),
           "a number of imported history is said to be a counted request");
    fake_type(&fake, "\r");
    tap_ok(front() == SCREEN_GO && fake_shows(&fake, "هذا الطلب من زمن قبل هذا السجل"),
           "of which there is no more, as one sentence says");
    fake_type(&fake, F3 "\x15" FAKE_PAST "\r");
    tap_ok(front() == SCREEN_REQUESTS && fake_shows(&fake, "هذا الطلب من زمن قبل هذا السجل"),
           "the list of requests says so too");
    fake_type(&fake, F2 "مسودة\r");
    tap_ok(front() == SCREEN_FILL, "one finds one's own draft");
    tap_is(fake_focus(&fake), "app_name", "and Enter goes on in it");
    fake_put_error = SND_E_LOST;
    fake_type(&fake, "م" F2 "mz-06\r");
    tap_ok(front() == SCREEN_GO && fake.ui.unsaved, "nobody leaves a form that is not saved");
    fake_put_error = 0;
    fake_type(&fake, "\r");
    tap_ok(front() == SCREEN_FILL && strcmp(fake_draft.typed, "سالم") == 0,
           "a code begins the request when it is");
    fake_type(&fake, F3 F2 "mz6");
    tap_ok(front() == SCREEN_GO && fake_shows(&fake, "MZ-06"), "a short code fits its service");
    fake_type(&fake, "\r9");
    tap_ok(front() == SCREEN_FILL && strcmp(fake_draft.draft.service, "MZ-06") == 0,
           "and begins it");
}

static void keyboard(void)
{
    fake_type(&fake, "\x1d"
                     "qwe\r");
    tap_is(fake_value(&fake, "app_civil"), "",
           "a Latin field stays Latin under the Arabic keyboard");
    fake_type(&fake, "\x15"
                     "99012345\rsghl\r");
    tap_is(fake_value(&fake, "app_name"), "سلام",
           "Latin keys write the Arabic letters in their place");
    tap_ok(fake_shows(&fake, "[A]") && !fake_shows(&fake, "[ع]"),
           "the first row says where Latin is typed all the same");
    fake_type(&fake, "\x1b[A");
    tap_ok(fake_shows(&fake, "[ع]"), "and where Arabic letters are");
    fake_type(&fake, "\x1d");
    tap_ok(!fake_shows(&fake, "[ع]") && !fake_shows(&fake, "[A]"), "and nothing when it is off");
}

/* On a line that holds the digit back for long, the Esc is a key of its own meanwhile. */
static void late_digit(void)
{
    static const char *const digits[] = {"1", "١", "۱"};
    for (size_t i = 0; i < SND_COUNT(digits); i++) {
        fake_type(&fake, "\x1b");
        keys_expire(fake.keys);
        fake_type(&fake, digits[i]);
        tap_ok(front() == SCREEN_HELP, "Esc, and its digit long after it: %s", digits[i]);
        fake_type(&fake, "\x1bOR");
    }
}

static void places(void)
{
    struct canvas *canvas = &fake.ui.canvas;
    int blank = 1;
    for (int row = 0; row < canvas->rows; row++)
        for (int col = 0; col < canvas->cols; col += canvas->cols - 1)
            blank &= canvas->cell[row * canvas->cols + col].base <= ' ' &&
                     canvas->cell[row * canvas->cols + col].look == LOOK_PLAIN;
    tap_ok(blank, "the first and the last column stay blank");
}

int main(void)
{
    fake_open(&fake, LANG_AR, 24, 80);
    narrowing();
    catalogue();
    going();
    keyboard();
    late_digit();
    places();
    fake_close(&fake);
    return tap_done();
}
