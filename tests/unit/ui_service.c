/* SPDX-License-Identifier: Apache-2.0
 * Services as a clerk meets them: why one is closed and when it opens, what it needs, what is new
 * about it, and practice that leaves nothing behind. */
#include "ui_fake.h"
#include <stdio.h>
#include <string.h>
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "ui/fill_priv.h"

#define F5 "\x1b[15~"
#define F1 "\x1bOP"
#define F10 "\x1b[21~"

static struct fake fake;

static enum screen_id front(void)
{
    return fake.ui.stack[fake.ui.depth - 1].id;
}

/* The first row alone. */
static int header_shows(const char *text)
{
    struct canvas before = fake.ui.canvas;
    fake.ui.canvas.rows = 1;
    int found = fake_shows(&fake, text);
    fake.ui.canvas = before;
    return found;
}

static void closed(void)
{
    fake_type(&fake, "\r1mz-07\r");
    tap_ok(front() == SCREEN_CATALOGUE, "a service that isn't open can't be begun");
    tap_ok(fake_shows(&fake, "خطأ: لا يمكن بدء MZ-07 (معلنة ولم تفتح بعد): تفتح في 01/07/2018."),
           "the sentence says why, and the day on which it opens");
    fake_type(&fake, "\x15"
                     "كهرباء");
    tap_ok(fake_shows(&fake, "MZ-06"), "services are found by their agency");
    fake_type(&fake, "\x15"
                     "electricity sector\x15"
                     "قطاع الكهرباء");
    tap_ok(fake_shows(&fake, "MZ-01"), "and by its sector");
}

static void sheet(void)
{
    fake_type(&fake, "\x15mz-01" F1);
    tap_ok(front() == SCREEN_HELP && fake_shows(&fake, "F1 متطلبات"),
           "the help leads on to the sheet");
    fake_type(&fake, F1);
    tap_ok(front() == SCREEN_NEEDS, "F1 twice shows what a service needs");
    tap_ok(fake_shows(&fake, "الجهة 0.000 + المركز 2.000 = 2.000 ريال"), "the fees");
    tap_ok(fake_shows(&fake, "10 أيام عمل"), "the time it takes");
    tap_ok(fake_shows(&fake, "متاحة في كل المحافظات."), "where it will be offered");
    fake_type(&fake, "\x1b[6~\x1b[6~");
    tap_ok(fake_shows(&fake, "الوكالة الشرعية أو التفويض"), "scrolled, the last of the documents");
    fake_type(&fake, "\x1b[6~\x1b[6~\x1b[6~\x1b[6~");
    tap_ok(fake_shows(&fake, "الوكالة الشرعية أو التفويض"), "and no further");
    fake_type(&fake, "\x1bOR");
    tap_ok(front() == SCREEN_CATALOGUE, "F3 goes back");
    fake_type(&fake, "\r99012345\x1b[18~");
    tap_ok(front() == SCREEN_FILL, "F7 is left to printing");
    fake_type(&fake, F1 F1);
    tap_ok(front() == SCREEN_NEEDS, "and shows it over the form");
    fake_type(&fake, "\x1bOR");
    tap_ok(front() == SCREEN_FILL && fake_shows(&fake, "99012345"), "which loses nothing typed");
    fake_type(&fake, "\x1b[20~");
}

static void notice(void)
{
    fake_notices = 1;
    fake_type(&fake, "1mz-02");
    tap_ok(fake_shows(&fake, "جديدة: اقرأ عنها أولا"), "a changed service says so in the list");
    fake_type(&fake, "\r");
    tap_ok(front() == SCREEN_NEEDS && fake_shows(&fake, "حقل جديد في الطلب."),
           "Enter shows what is new instead of beginning it");
    fake_type(&fake, "2");
    tap_ok(front() == SCREEN_CATALOGUE && fake_notices == 1, "2 leaves it unread");
    fake_type(&fake, "\r\r");
    tap_ok(front() == SCREEN_NEEDS && fake_notices == 1, "an Enter typed ahead has read nothing");
    fake_type(&fake, "\r");
    tap_ok(front() == SCREEN_FILL && fake_notices == 0, "the next one has, and the request begins");
    fake_type(&fake, "\x1b[20~1mz-02\r");
    tap_ok(front() == SCREEN_FILL, "from then on it begins at once");
    fake_type(&fake, "\x1b[20~");
}

static void greeting(void)
{
    struct fake other;
    fake_notices = 1;
    fake_draft.exists = 0;
    fake_open(&other, LANG_AR, 24, 80);
    ui_end(&other.ui);
    other.ui.me.notices = 1;
    ui_begin(&other.ui);
    fake_type(&other, "\x0c");
    tap_ok(fake_shows(&other, "خدمات جديدة أو معدلة، اقرأ عنها أولا:") &&
               fake_shows(&other, "التوصيل المبدئي (البيانات الأولية لتوصيل التيار)"),
           "the greeting names what is new");
    fake_type(&other, "\r");
    tap_ok(other.ui.stack[other.ui.depth - 1].id == SCREEN_NEWS, "Enter lists it");
    fake_type(&other, "\r");
    tap_ok(other.ui.stack[other.ui.depth - 1].id == SCREEN_NEEDS, "Enter shows it");
    fake_type(&other, "1");
    tap_ok(other.ui.stack[other.ui.depth - 1].id == SCREEN_HOME && fake_notices == 0,
           "and when the last one has been read, home");
    fake_close(&other);
}

/* MZ-05, as a person would who is at the form now. */
static void fill_in(void)
{
    static const char *const values[][2] = {
        {"app_civil", "99012345"}, {"app_name", "سالم بن حمد"},    {"app_mobile", "92345678"},
        {"app_capacity", "self"},  {"prop_wilayat", "DA01"},       {"elec_acc", "12345678"},
        {"meter_no", "12345678"},  {"same_meter", "yes"},          {"works_done", "2017-12-01"},
        {"doc_id", "have:seen"},   {"doc_last_bill", "have:seen"}, {"doc_elec_permit", "have:seen"},
    };
    struct fill *fill = fake.ui.stack[1].state;
    for (size_t i = 0; i < SND_COUNT(values); i++)
        record_set(fill->record, form_field(fill->form, values[i][0]), values[i][1]);
    record_settle(fill->record, &fill->day, 1);
    fake_go(&fake, "doc_id");
}

static void practice(void)
{
    int puts = fake_puts, submits = fake_submits;
    fake_draft.exists = 0;
    fake_type(&fake, "1mz-07" F5);
    tap_ok(front() == SCREEN_FILL, "a service that isn't open can be practised");
    tap_ok(header_shows("سند › تدريب"), "the first row says that it is practice");
    fake_type(&fake, "99012345\rسالم بن حمد\r" F10);
    tap_ok(front() == SCREEN_REVIEW && header_shows("سند › تدريب"), "the review too");
    fake_type(&fake, "\x1bOR\x1b[20~");
    tap_ok(fake_puts == puts && !fake_draft.exists && fake_trained == 0,
           "leaving it keeps no draft and notes nothing");
    tap_ok(front() == SCREEN_HOME && !header_shows("سند › تدريب"), "and the mark is gone");
    fake_type(&fake, "1mz-05" F5);
    fake_type(&fake, "99012345\r" F10);
    tap_ok(front() == SCREEN_REVIEW, "too early to the review");
    fake_type(&fake, "\x1bOR");
    fill_in();
    fake_type(&fake, F10);
    tap_ok(fake_shows(&fake, "اكتمل الطلب.  Enter أو F10 = إنهاء التدريب   F3 = العودة إلى الحقول"),
           "the review says that it ends the practice");
    fake_type(&fake, F10);
    tap_ok(fake_trained == 1 && fake_faults > 1, "finished, it is noted with its first faults");
    tap_ok(fake_submits == submits && fake_puts == puts && !fake_draft.exists,
           "and nothing was sent or kept");
    tap_ok(front() == SCREEN_HOME, "it ends at home");
}

/* Somebody made up answers for the field, and for all of the form. */
static void made_up(void)
{
    int trained = fake_trained, puts = fake_puts;
    char civil[16];
    fake_type(&fake, "1mz-05" F5);
    tap_ok(fake_shows(&fake, "تدريب: F5 يجيب عن شخص مختلق، و F5 مرة أخرى يملأ النموذج كله."),
           "practice says that somebody made up is at hand");
    fake_type(&fake, F5);
    (void)str_copy(civil, sizeof civil, fake_value(&fake, "app_civil"));
    tap_ok(strncmp(civil, "99", 2) == 0 && *fake_value(&fake, "app_name") == '\0',
           "F5 answers for the field alone, with a number of nobody");
    fake_type(&fake, "\r\r\x1b[A");
    fake_type(&fake, "سالم بن حمد\r" F5 F5);
    tap_ok(strcmp(fake_value(&fake, "app_civil"), civil) == 0 &&
               strcmp(fake_value(&fake, "app_name"), "سالم بن حمد") == 0 &&
               *fake_value(&fake, "app_mobile") && *fake_value(&fake, "doc_id"),
           "F5 again fills in the rest, papers too, and leaves what was typed");
    fake_type(&fake, F10);
    tap_ok(front() == SCREEN_REVIEW &&
               fake_shows(&fake,
                          "اكتمل الطلب.  Enter أو F10 = إنهاء التدريب   F3 = العودة إلى الحقول"),
           "and all of it is right");
    fake_type(&fake, F10);
    tap_ok(fake_trained == trained + 1 && fake_faults > 5 && fake_puts == puts,
           "what was not known when all was asked for counts as faults; nothing is kept");
}

/* One form, filled by F5 twice, reviewed and ended: 1 = it was right, and noted. */
static int practised(const struct form *form)
{
    int trained = fake_trained;
    ui_home_push(&fake.ui, SCREEN_FILL, &(struct ui_arg){.thing = form, .index = BEGIN_PRACTICE});
    fake_type(&fake, "\x0c");
    fake_type(&fake, F5 F5 F10);
    const struct review *review = fake.ui.stack[fake.ui.depth - 1].state;
    int right = front() == SCREEN_REVIEW && review->faults == 0;
    fake_type(&fake, F10);
    return right && front() == SCREEN_HOME && fake_trained == trained + 1;
}

static void all_practised(void)
{
    const char *name;
    int right = 0, submits = fake_submits, puts = fake_puts;
    for (size_t i = 0; (name = tools_service(i)) != NULL; i++) {
        struct form *form = tools_form(name);
        right += practised(form);
        if (right != (int)i + 1)
            tap_note("%s", name);
        form_free(&form);
    }
    tap_ok(right == TOOLS_SERVICES && fake_submits == submits && fake_puts == puts,
           "each of the 93 services is practised with somebody made up, found right, noted and "
           "never sent");
    tools_end();
}

/* A supervisor closes MZ-01 for some days, and opens MZ-07 for good. */
static void rulings(void)
{
    struct fake super;
    fake_open(&super, LANG_AR, 24, 80);
    ui_end(&super.ui);
    super.ui.me.role = ROLE_SUP;
    super.ui.me.centre[0] = '\0';
    ui_begin(&super.ui);
    fake_type(&super, "\r4");
    tap_ok(super.ui.stack[super.ui.depth - 1].id == SCREEN_SERVICES,
           "a supervisor has the services");
    fake_type(&super, "mz-01\r");
    tap_ok(fake_shows(&super, "لا شيء بعد: تسري تواريخ استمارتها."),
           "and sees what was ruled of one");
    fake_type(&super, "2\r1/1/2016\r" F10);
    tap_ok(fake_shows(&super, "اليوم الأخير يسبق اليوم الأول."),
           "an end before the beginning is refused");
    fake_type(&super, "\x15"
                      "6/12/2017" F10);
    tap_ok(fake_shows(&super, "اكتب السبب بكلمات قليلة."), "a reason must be given");
    fake_type(&super, "انتقال الجهة\r");
    tap_ok(fake_shows(&super, "MZ-01 من 04/12/2017 إلى 06/12/2017.  1 = أغلقها") &&
               !fake_ruled.ruling.service[0],
           "what is to happen is asked about first");
    fake_type(&super, "2");
    tap_ok(!fake_ruled.ruling.service[0] && fake_shows(&super, "انتقال الجهة"),
           "2 does nothing and keeps what was typed");
    fake_type(&super, F10 "\r");
    tap_ok(!fake_ruled.ruling.service[0], "nor does an Enter");
    fake_type(&super, F10 "1");
    tap_ok(strcmp(fake_ruled.ruling.service, "MZ-01") == 0 && !fake_ruled.opens &&
               fake_ruled.ruling.from == 17504 && fake_ruled.ruling.to == 17506 &&
               strcmp(fake_ruled.ruling.reason, "انتقال الجهة") == 0,
           "1 closes it for those days");
    tap_ok(fake_shows(&super, "مغلقة من 04/12/2017 إلى 06/12/2017  انتقال الجهة"),
           "and it stands among what was ruled");
    fake_type(&super, "\x1bOR\x15mz-07\r1\r\rافتتاح\rسداد الرسوم\r1");
    tap_ok(strcmp(fake_ruled.ruling.service, "MZ-07") == 0 && fake_ruled.opens &&
               fake_ruled.ruling.to == BOOK_FOREVER,
           "another is opened until further notice");
    tap_ok(fake_shows(&super, "حتى إشعار آخر، لكل موظف قرأ الجديد عنها."),
           "with what is new about it");
    fake_close(&super);
}

/* What is registered of a centre stands over its clerks. */
static void centre(void)
{
    struct fake super;
    fake_open(&super, LANG_AR, 24, 80);
    ui_end(&super.ui);
    super.ui.me.role = ROLE_SUP;
    super.ui.me.centre[0] = '\0';
    ui_begin(&super.ui);
    fake_type(&super, "\r3\r\r");
    tap_ok(!fake_shows(&super, "صاحبه:"), "a wilayat has no owner");
    fake_type(&super, "\r");
    tap_ok(fake_shows(&super, "صاحبه: سالم بن حمد العبري   منذ: 01/05/2008"),
           "the drill of a centre says whose it is, and since when");
    tap_ok(
        fake_shows(&super, "الترخيص: DA01/3   حتى: 18/07/2016   الربط: fibre   انتهى الترخيص.") &&
            fake_shows(&super, "Nizwa Centre"),
        "its licence, until when, its line and its English name");
    fake_type(&super, "\x1bOR");
    tap_ok(!fake_shows(&super, "صاحبه:"), "and goes with it");
    fake_close(&super);
}

/* Who has practised, for those who answer for clerks. */
static void trained(void)
{
    struct fake owner;
    fake_open(&owner, LANG_AR, 24, 80);
    ui_end(&owner.ui);
    owner.ui.me.role = ROLE_OWNER;
    ui_begin(&owner.ui);
    fake_type(&owner, "\r5");
    tap_ok(owner.ui.stack[owner.ui.depth - 1].id == SCREEN_TRAINING &&
               fake_shows(&owner, "layla" LAYOUT_GAP "MZ-02"),
           "an owner sees who has practised");
    tap_ok(fake_shows(&owner, "3 أخطاء  03/12/2017") && fake_shows(&owner, "بلا خطأ  04/12/2017"),
           "when, and with how many mistakes");
    fake_type(&owner, "da01-007");
    tap_ok(fake_shows(&owner, "salim") && !fake_shows(&owner, "layla"), "a centre narrows it");
    fake_close(&owner);
}

int main(void)
{
    fake_open(&fake, LANG_AR, 24, 80);
    closed();
    sheet();
    notice();
    greeting();
    practice();
    made_up();
    all_practised();
    rulings();
    centre();
    trained();
    fake_close(&fake);
    return tap_done();
}
