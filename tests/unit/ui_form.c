/* SPDX-License-Identifier: Apache-2.0
 * A form from its first field to the number, keys in and pictures out, without a terminal: what the
 * fields do with what is typed, what a draft keeps, what type-ahead may never do. */
#include "ui_fake.h"
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "ui/frame.h"

#define F2 "\x1bOQ"
#define F3 "\x1bOR"
#define F4 "\x1bOS"
#define F5 "\x1b[15~"
#define F8 "\x1b[19~"
#define F10 "\x1b[21~"
#define ANSWER "\x1b[?62;22c" /* a terminal's to TERMINAL_ECHO */
#define PAGEDOWN "\x1b[6~"
#define UP "\x1b[A"
#define DOWN "\x1b[B"

static struct fake fake;

static enum screen_id front(void)
{
    return fake.ui.stack[fake.ui.depth - 1].id;
}

static void begin(enum lang lang)
{
    fake_draft.exists = 0;
    fake_open(&fake, lang, 24, 80);
    fake_type(&fake, "\r1mz-01\r");
}

static void fields(void)
{
    begin(LANG_AR);
    fake_type(&fake, "٩٩٠١٢٣٤٥\r");
    tap_is(fake_value(&fake, "app_civil"), "99012345", "Arabic digits become the stored ones");
    fake_type(&fake, "سالم بن سعيد\r");
    tap_is(fake_focus(&fake), "app_mobile", "Enter goes to the next field");
    fake_type(&fake, "91234567\r");
    tap_is(fake_focus(&fake), "app_capacity",
           "a full field goes on by itself, and takes the Enter after it");
    fake_type(&fake, UP UP);
    tap_is(fake_focus(&fake), "app_name", "the arrows go back");
    fake_type(&fake, "\t\t2\r");
    tap_is(fake_value(&fake, "app_capacity"), "agent", "a number picks a choice");
    tap_is(fake_focus(&fake), "agent_name", "fields that now apply appear");
    fake_type(&fake, UP "أصي\r");
    tap_is(fake_value(&fake, "app_capacity"), "self", "the beginning of a label picks it too");
    tap_is(fake_focus(&fake), "prop_wilayat", "and the page turns");
    fake_close(&fake);
}

static void wrong(void)
{
    begin(LANG_AR);
    fake_type(&fake, "12\r");
    tap_ok(strcmp(fake_focus(&fake), "app_civil") == 0 && fake_shows(&fake, "! خطأ"),
           "a wrong value keeps the cursor and is marked");
    fake_type(&fake, "3456\r");
    tap_is(fake_value(&fake, "app_civil"), "123456", "typing goes on where it was");
    tap_ok(!fake_shows(&fake, "! خطأ"), "and the mark goes when it is right");
    fake_type(&fake, UP "\x15"
                        "12\rسالم\r");
    tap_ok(strcmp(fake_focus(&fake), "app_civil") == 0 && fake.ui.held_count == 5,
           "keys typed past a wrong value wait");
    fake_type(&fake, "7777\r");
    tap_is(fake_value(&fake, "app_name"), "سالم", "and are played when it is right");
    fake_type(&fake, UP UP "\x15"
                           "12\r");
    fake_type(&fake, "\r");
    tap_is(fake_focus(&fake), "app_name", "a second Enter goes on with the mark left");
    tap_is(fake_value(&fake, "app_civil"), "12", "and what was typed stays");
    fake_close(&fake);
}

/* What waits goes where it was typed to go, whatever key the wrong field is left with. */
static void left_otherwise(void)
{
    static const struct {
        const char *key, *name, *focus;
    } left[] = {
        {PAGEDOWN, "the next page", "prop_wilayat"},
        {UP, "the field before", "app_name"},
        {F8, "the papers", "app_civil"},
        {F10, "the review", NULL},
    };
    for (size_t i = 0; i < SND_COUNT(left); i++) {
        begin(LANG_AR);
        fake_type(&fake, "12\rسالم\r");
        fake_type(&fake, left[i].key);
        tap_ok(strcmp(fake_value(&fake, "app_civil"), "12") == 0 &&
                   strcmp(fake_value(&fake, "app_name"), "سالم") == 0 && fake.ui.held_count == 0 &&
                   (left[i].focus ? strcmp(fake_focus(&fake), left[i].focus) == 0
                                  : front() == SCREEN_REVIEW),
               "a wrong field left for %s: what waits is first typed where it was to go",
               left[i].name);
        fake_close(&fake);
        fake_draft.exists = 0;
    }
}

static void date(const char *typed, const char *stored, const char *name)
{
    fake_go(&fake, "works_done");
    fake_type(&fake, "\x15");
    fake_type(&fake, typed);
    tap_ok(strcmp(fake_value(&fake, "works_done"), stored) == 0 &&
               strcmp(fake_focus(&fake), "works_done") != 0,
           "%s", name);
}

static void dates(void)
{
    fake_draft.exists = 0;
    fake_open(&fake, LANG_AR, 24, 80);
    fake_type(&fake, "\r1mz-05\r");
    date("28112016", "2016-11-28",
         "digits alone make a date, and the field goes on when it is full");
    date("٢٨١١٢٠١٦", "2016-11-28", "of either script");
    date("1/2/2017", "2017-02-01", "signs may be typed, and single digits");
    date("28-11-2016", "2016-11-28", "dashes too");
    date("2016-11-28", "2016-11-28", "the year may come first");
    date("28/02/1438", "2016-11-28", "a Hijri date is the same day");
    fake_go(&fake, "works_done");
    fake_type(&fake, "\x1b[D");
    tap_ok(fake_shows(&fake, "28/02/1438 هـ"), "the other calendar stands beside");
    fake_type(&fake, "\x15"
                     "31022017");
    tap_ok(strcmp(fake_focus(&fake), "works_done") == 0 && fake_shows(&fake, "! خطأ"),
           "a day that isn't keeps the cursor");
    fake_type(&fake, "\x15"
                     "01012999");
    tap_is(fake_focus(&fake), "works_done", "and so does one that the service doesn't take");
    fake_close(&fake);
}

static void lists(void)
{
    begin(LANG_AR);
    fake_type(&fake, "99012345\rسالم\r91234567\r\r");
    fake_type(&fake, "؟");
    tap_ok(front() == SCREEN_CHOOSER, "a question mark opens the list");
    fake_type(&fake, "نزوي\r");
    tap_is(fake_value(&fake, "prop_wilayat"), "DA01", "typed letters find the choice, folded");
    tap_is(fake_focus(&fake), "prop_village", "and the next field follows");
    fake_type(&fake, UP "ا\rفرق\r");
    tap_ok(front() == SCREEN_CHOOSER && fake.ui.held_count == 4,
           "letters that fit several open the list, and what was typed past them waits");
    fake_type(&fake, F3);
    tap_ok(front() == SCREEN_FILL && strcmp(fake_value(&fake, "prop_wilayat"), "DA01") == 0,
           "leaving the list changes nothing");
    fake_close(&fake);
}

static const char *filled =
    "99012345\rسالم بن سعيد\r91234567\r\rنزوى\rفرق\r123\r2017/44\r\r1\r12.5\r1\r\rELC123\r";

static void documents(void)
{
    begin(LANG_EN);
    fake_type(&fake, filled);
    tap_is(fake_focus(&fake), "doc_id", "type-ahead runs over pages");
    fake_type(&fake, F8);
    tap_is(fake_value(&fake, "doc_id"), "have:seen", "F8 notes a document");
    fake_type(&fake, "T-55\r");
    tap_is(fake_value(&fake, "doc_mulkiya"), "have:T-55", "its number notes it too");
    fake_type(&fake, "-lost\r");
    tap_is(fake_value(&fake, "doc_krooki"), "none:lost", "a dash begins why it is not there");
    fake_type(&fake, F4);
    fake_type(&fake, "\x1b[B\r");
    tap_is(fake_value(&fake, "doc_completion"), "none:the agency has it already",
           "F4 has the usual reasons");
    fake_type(&fake, UP);
    tap_ok(fake_shows(&fake, "not there"), "and the field says so");
    fake_close(&fake);
}

static void submitting(void)
{
    char all[1024];
    begin(LANG_AR);
    (void)snprintf(all, sizeof all, "%s%s", filled, F8 F8 F8 F8 F8 F8 "\r\r");
    fake_type(&fake, all);
    tap_ok(front() == SCREEN_REVIEW && fake_submits == 0, "an Enter typed ahead never submits");
    fake_submit_error = SND_E_LOST;
    fake_type(&fake, F10);
    tap_ok(front() == SCREEN_REVIEW && fake.ui.message_kind == TELL_WARNING,
           "a lost answer is told");
    fake_submit_error = 0;
    fake_type(&fake, "\r");
    tap_ok(front() == SCREEN_RECEIPT && fake_submits == 1, "Enter submits what was seen");
    tap_ok(strstr(fake_picture(&fake), "DA01-003-7K3M9QX-H") != NULL, "the number stands there");
    tap_ok(fake_shows(&fake, "الرسوم: الجهة 0.000 + المركز 2.000 = 2.000 ريال"),
           "with the fees to three decimals");
    fake_type(&fake, "1\r" F5);
    tap_is(fake_value(&fake, "app_name"), "سالم بن سعيد",
           "F5 repeats the value of the request before");
    fake_type(&fake, F10);
    tap_ok(front() == SCREEN_REVIEW && fake_shows(&fake, "املأ هذا الحقل، فهو مطلوب."),
           "the review lists what is missing");
    fake_type(&fake, "\r");
    tap_ok(front() == SCREEN_FILL && strcmp(fake_focus(&fake), "app_civil") == 0,
           "and Enter goes there");
    fake_close(&fake);
}

/* The picture of what was refused is under way while somebody types on: none of that was meant for
 * the wrong field, though it comes in many messages. */
static void not_yet_seen(void)
{
    begin(LANG_AR);
    fake.answers = 1;
    keys_want_replies(fake.keys, 1);
    fake_type(&fake, "12\r");
    fake_type(&fake, "سا");
    fake_type(&fake, "لم");
    fake_type(&fake, "\x7f" F10);
    tap_ok(front() == SCREEN_FILL && fake.ui.held_count == 6 &&
               strcmp(fake_typed(&fake), "12") == 0,
           "what comes before the terminal has shown that a field is wrong waits");
    fake_type(&fake, ANSWER "3456\r");
    tap_ok(strcmp(fake_value(&fake, "app_civil"), "123456") == 0 &&
               strcmp(fake_value(&fake, "app_name"), "سال") == 0 && front() == SCREEN_REVIEW,
           "what comes behind its answer corrects the field, and then what waited is typed");
    fake_type(&fake, F3);
    fake_close(&fake);
}

/* An answer to what was asked before says nothing of this picture. */
static void older_answer(void)
{
    begin(LANG_AR);
    fake.answers = 1;
    keys_want_replies(fake.keys, 1);
    fake.ui.questions = 1;
    fake_type(&fake, "12\r");
    fake_type(&fake, ANSWER "3");
    tap_ok(fake.ui.held_count == 1, "an answer to an older question is not taken for this one's");
    fake_type(&fake, ANSWER "3");
    tap_ok(fake.ui.held_count == 1 && strcmp(fake_typed(&fake), "123") == 0, "the next one is");
    fake_close(&fake);
}

/* What was typed past a wrong field when the line broke off waits with the draft. */
static void broken_off(void)
{
    begin(LANG_AR);
    fake_type(&fake, "12\r");
    fake.ui.unseen = 1; /* so whatever still comes was typed by somebody who hadn't seen that */
    fake_type(&fake, "\x15"
                     "34\rسالم بن سعيد\r");
    fake_type(&fake, "\x1b[200~91\x1b[201~234567\x1b[B");
    fake_close(&fake);
    fake_open(&fake, LANG_AR, 24, 80);
    fake_type(&fake, "\r");
    tap_ok(strcmp(fake_focus(&fake), "app_civil") == 0 && fake.ui.held_count == 22 &&
               fake_shows(&fake, "22 ضغطة تنتظر"),
           "keys that waited when the line broke off wait again with the draft");
    fake_type(&fake, F3);
    fake_close(&fake);
    fake_open(&fake, LANG_AR, 24, 80);
    fake_type(&fake, "\r");
    tap_ok(fake.ui.held_count == 22, "and when the form was only left");
    fake_type(&fake, "\x15"
                     "99012345\r");
    tap_ok(strcmp(fake_value(&fake, "app_name"), "سالم بن سعيد") == 0 &&
               strcmp(fake_value(&fake, "app_mobile"), "91234567") == 0 &&
               strcmp(fake_focus(&fake), "prop_wilayat") == 0,
           "and are played when the field is right");
    fake_close(&fake);
    tap_ok(strchr(fake_draft.typed, KEYTEXT_MARK) == NULL, "and the draft has them no more");
}

static void drafts(void)
{
    begin(LANG_AR);
    fake_type(&fake, F3);
    tap_ok(!fake_draft.exists, "an untouched form leaves no draft");
    fake_type(&fake, "\x1bOR"
                     "1mz-01\r99012345\rسالم ب");
    tap_is(fake_draft.typed, "سالم ب", "the draft has the unfinished text");
    fake_close(&fake);
    fake_open(&fake, LANG_AR, 24, 80);
    tap_ok(fake_shows(&fake, "طلب لم يكتمل:"), "the next login offers it");
    fake_type(&fake, "\r");
    tap_is(fake_focus(&fake), "app_name", "one Enter goes on at the same field");
    fake_type(&fake, "ن علي\r");
    tap_is(fake_value(&fake, "app_name"), "سالم بن علي", "in mid-word");
    fake_type(&fake, "12\r");
    fake_type(&fake, "\r");
    fake_close(&fake);
    fake_open(&fake, LANG_AR, 24, 80);
    fake_type(&fake, "\r");
    tap_ok(fake_shows(&fake, "! خطأ"),
           "a value left wrong is marked when the draft is opened again");
    fake_type(&fake, UP "\x15");
    fake_put_error = SND_E_LOST;
    fake_type(&fake, "912");
    tap_ok(fake.ui.message_kind == TELL_WARNING && fake.ui.unsaved,
           "a lost book is told, typing goes on");
    fake_type(&fake, F3);
    tap_ok(front() == SCREEN_FILL, "and one isn't let out before it is saved");
    fake_put_error = 0;
    fake_type(&fake, "345");
    tap_is(fake_draft.typed, "912345", "it is saved when the book is back");
    ui_lost(&fake.ui, SND_E_INUSE);
    fake_type(&fake, "67");
    tap_is(fake_draft.typed, "912345", "a draft that another session took can't be typed into");
    fake_close(&fake);
    fake_draft.draft.elsewhere = 1;
    fake_open(&fake, LANG_AR, 24, 80);
    fake_type(&fake, "\r2\r");
    tap_ok(front() == SCREEN_DRAFTS && fake_shows(&fake, "مفتوحة في جلسة أخرى"), "nor opened here");
    fake_close(&fake);
    fake_draft.draft.elsewhere = 0;
}

static void cheap(void)
{
    begin(LANG_AR);
    fake_type(&fake, "99012345\rسال");
    memset(fake.ui.canvas.dirty, 0, (size_t)fake.ui.canvas.rows);
    struct canvas_cell before[80];
    struct canvas_cell *row = fake.ui.canvas.cell + fake.ui.canvas.caret_row * 80;
    memcpy(before, row, sizeof before);
    fake_type(&fake, "م");
    int rows = 0, cells = 0, looks = 0;
    for (int i = 0; i < fake.ui.canvas.rows; i++)
        rows += fake.ui.canvas.dirty[i] != 0;
    for (int i = 0; i < 80; i++) {
        cells += memcmp(&before[i], &row[i], sizeof before[i]) != 0;
        looks += before[i].look != row[i].look;
    }
    tap_is_int(rows, 1, "a typed letter changes one row");
    tap_ok(cells > 0 && cells <= 2 && looks == 0,
           "of it that letter and its neighbour, and no look");
    fake_close(&fake);
}

/* The cell of the box of the field in front's row at the place where reading starts. */
static uint32_t first_in_box(int row)
{
    const struct canvas *canvas = &fake.ui.canvas;
    int start = 21; /* after the label and its bracket */
    return canvas->cell[row * canvas->cols + frame_x(&fake.ui, start)].base;
}

static void edges(void)
{
    begin(LANG_AR);
    fake_type(&fake, "99012345");
    int row = fake.ui.canvas.caret_row;
    tap_ok(first_in_box(row) != '5', "a number being typed has room to grow");
    fake_type(&fake, "\r");
    tap_ok(first_in_box(row) == '5', "and stands where reading starts when it is left");
    fake_go(&fake, "elec_lic");
    fake_type(&fake, "ELC");
    tap_is_int(fake.ui.canvas.caret_col, frame_x(&fake.ui, 21) - 11 + 3,
               "a Latin code is typed near that place too");
    fake_close(&fake);
    begin(LANG_EN);
    fake_type(&fake, "99012345\rسالم\r");
    tap_ok(first_in_box(row + 1) == 0xfee2, "an Arabic name on an English screen likewise");
    fake_close(&fake);
}

/* More is wrong than the screen has rows for. */
static void many_faults(void)
{
    begin(LANG_AR);
    fake_type(&fake, F10);
    tap_ok(front() == SCREEN_REVIEW && fake_shows(&fake, "حقول أخرى للتصحيح: تظهرها الأسهم."),
           "the review says how many more faults there are than it shows");
    tap_ok(!fake_shows(&fake, "كشف الأجهزة والأحمال المطلوبة: املأ هذا الحقل، فهو مطلوب."),
           "the last is not among those shown");
    for (int i = 0; i < 40; i++)
        fake_type(&fake, DOWN);
    tap_ok(fake_shows(&fake, "كشف الأجهزة والأحمال المطلوبة: املأ هذا الحقل، فهو مطلوب."),
           "the arrows go down to it");
    fake_type(&fake, "\r");
    tap_is(fake_focus(&fake), "doc_load_list", "and Enter goes to its field");
    fake_close(&fake);
}

static void sizes(void)
{
    struct canvas *canvas = &fake.ui.canvas;
    begin(LANG_AR);
    fake_type(&fake, "990123");
    canvas_resize(canvas, 20, 39);
    fake.ui.dirty = DIRTY_ALL;
    fake_type(&fake, "45");
    tap_ok(fake_shows(&fake, "ما كتبته محفوظ."), "too small a screen says so");
    canvas_resize(canvas, 43, 132);
    fake.ui.dirty = DIRTY_ALL;
    fake_type(&fake, "\r");
    tap_is(fake_value(&fake, "app_civil"), "99012345", "and what is typed meanwhile is kept");
    fake_close(&fake);
}

/* Over a long line nothing comes that wasn't asked for. */
static void far(void)
{
    begin(LANG_AR);
    fake.ui.far = 1;
    fake_type(&fake, "\t");
    tap_ok(fake_shows(&fake, "الخط بطيء: F1 تشرح هذا الحقل."), "help waits until it is asked for");
    int bold = 0;
    for (int i = 0; i < fake.ui.canvas.rows * fake.ui.canvas.cols; i++)
        bold += fake.ui.canvas.cell[i].look == LOOK_FOCUS;
    tap_is_int(bold, 0, "and no look moves along");
    fake_type(&fake, "\x1b[Z");
    fake_type(&fake, filled);
    fake_type(&fake, F8 F8 F8 F8 F8 F8 F10);
    tap_ok(front() == SCREEN_REVIEW && fake_shows(&fake, "كل الحقول مكتملة") &&
               fake_shows(&fake, "الرسوم") && !fake_shows(&fake, "91234567"),
           "the question comes under the page that stands there");
    fake_type(&fake, "\x1b[6~");
    tap_ok(front() == SCREEN_REVIEW && fake_shows(&fake, "91234567"),
           "all values when they are asked for");
    fake_type(&fake, F10);
    tap_ok(front() == SCREEN_RECEIPT, "and they are submitted");
    fake_close(&fake);
}

/* F3 leaves when pressed twice at home, and not once more after something else was looked at. */
static void leaving(void)
{
    fake_open(&fake, LANG_EN, 24, 80);
    fake_type(&fake, F3);
    fake_type(&fake, F3);
    tap_ok(front() == SCREEN_HOME && fake_shows(&fake, "Press F3 once more to leave Sanad."),
           "F3 at home asks");
    fake_type(&fake, F2);
    tap_ok(front() == SCREEN_GO && !fake_shows(&fake, "Press F3 once more to leave Sanad."),
           "in the go box, where it only goes back, nothing says that it leaves");
    fake_type(&fake, F3);
    fake_type(&fake, F3);
    tap_ok(front() == SCREEN_HOME && !fake.ui.leaving, "back at home it asks again");
    fake_type(&fake, F3);
    tap_ok(fake.ui.leaving, "and leaves when it is pressed once more");
    fake_close(&fake);
}

int main(void)
{
    fields();
    wrong();
    left_otherwise();
    not_yet_seen();
    older_answer();
    dates();
    lists();
    documents();
    submitting();
    far();
    broken_off();
    drafts();
    cheap();
    edges();
    many_faults();
    sizes();
    leaving();
    return tap_done();
}
