/* SPDX-License-Identifier: Apache-2.0
 * What a clerk need not type: a service by its code, values of the request before, the same person
 * again, all papers at once, a form that was put aside. And what of it never overwrites typing. */
#include "ui_fake.h"
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "ui/screens_priv.h"

#define F3 "\x1bOR"
#define F5 "\x1b[15~"
#define F6 "\x1b[17~"
#define F8 "\x1b[19~"
#define F9 "\x1b[20~"
#define UP "\x1b[A"
#define DOWN "\x1b[B"
#define CLEAR "\x15"

static struct fake fake;

static enum screen_id front(void)
{
    return fake.ui.stack[fake.ui.depth - 1].id;
}

static void open_desk(void)
{
    fake_draft.exists = 0;
    memset(&fake_draft.draft, 0, sizeof fake_draft.draft);
    fake_open(&fake, LANG_AR, 24, 80);
    fake_type(&fake, "\r");
}

/* From an open form to its number. */
static void submit_one(void)
{
    fake_type(&fake, "99012345\rسالم بن حمد العبري\r91234567");
    fake_type(&fake, "\t\rفرق\r123\r4412\r\r1");
    fake_type(&fake, "12\r");
    fake_type(&fake, "2");
    fake_type(&fake, "\tE1084");
    fake_type(&fake, F8);
    fake_type(&fake, "\r");
}

static void by_code(void)
{
    open_desk();
    fake_type(&fake, "mz1\r");
    tap_ok(front() == SCREEN_FILL && strcmp(fake_focus(&fake), "app_civil") == 0,
           "a service's code typed at home begins it");
    fake_type(&fake, F3);
    fake_type(&fake, "ةئ-٠١\r");
    tap_ok(front() == SCREEN_FILL, "also with the Arabic keyboard on and Arabic digits");
    fake_type(&fake, F3);
    fake_type(&fake, "mz07\r");
    tap_ok(front() == SCREEN_HOME && fake.ui.message_kind == TELL_ERROR,
           "one that is not open is refused with a sentence");
    fake_type(&fake, "mz88\r");
    tap_ok(front() == SCREEN_REQUESTS, "what is no code is looked up");
    fake_type(&fake, F3 F6);
    tap_ok(front() == SCREEN_HOME, "without a request before F6 has nothing to begin");
    fake_close(&fake);
}

static void by_place(void)
{
    open_desk();
    fake_type(&fake, "mz1\r99012345\rسالم\r91234567\t\rفرق\r1\r4412\r\r");
    tap_is(fake_focus(&fake), "prop_use", "at a short list");
    fake_type(&fake, "1");
    tap_ok(strcmp(fake_value(&fake, "prop_use"), "res") == 0 &&
               strcmp(fake_focus(&fake), "load_kw") == 0,
           "a digit that can only be a place takes the choice and goes on");
    fake_type(&fake, "12\r1");
    tap_is(fake_focus(&fake), "phase", "one that begins a choice's word waits for Enter");
    fake_type(&fake, "\r");
    tap_is(fake_value(&fake, "phase"), "1ph", "and then is that word");
    tap_is(fake_focus(&fake), "meters", "a field with a default");
    fake_type(&fake, "3\r");
    tap_is(fake_value(&fake, "meters"), "3", "typing begins a default anew");
    fake_type(&fake, UP "\x1b[D"
                        "1\r");
    tap_is(fake_value(&fake, "meters"), "13", "what was typed is mended where the caret stands");
    fake_close(&fake);
}

static void papers(void)
{
    open_desk();
    fake_type(&fake, "mz1\r99012345\r" F8);
    tap_ok(strcmp(fake_value(&fake, "doc_id"), DOCUMENT_SEEN) == 0 &&
               strcmp(fake_value(&fake, "doc_load_list"), DOCUMENT_SEEN) == 0,
           "F8 outside the papers notes all that are required");
    tap_is(fake_value(&fake, "doc_poa"), "", "and no other");
    tap_is(fake_focus(&fake), "app_name", "and goes to what is missing");
    fake_close(&fake);
}

static void repeated(void)
{
    open_desk();
    fake_type(&fake, "mz1\r");
    submit_one();
    tap_ok(front() == SCREEN_RECEIPT, "a request before");
    fake_type(&fake, "3");
    tap_is(fake_value(&fake, "app_civil"), "99012345", "the same person, the service again");
    tap_is(fake_focus(&fake), "prop_village", "at the first field that is empty");
    fake_type(&fake, F5);
    tap_is(fake_value(&fake, "prop_village"), "فرق", "F5 repeats a value");
    fake_type(&fake, "بركة الموز\r");
    tap_is(fake_value(&fake, "prop_village"), "بركة الموز", "typing begins it anew");
    fake_type(&fake, UP F5 DOWN F5 F5);
    tap_is(fake_value(&fake, "elec_lic"), "E1084", "F5 twice repeats the whole request");
    tap_is(fake_value(&fake, "doc_id"), "", "but for its papers");
    fake_type(&fake, F6);
    fake_type(&fake, "99012346\r" UP F5);
    fake_type(&fake, "99012346\r" F5 F5);
    tap_ok(strcmp(fake_value(&fake, "app_civil"), "99012346") == 0 &&
               strcmp(fake_value(&fake, "app_mobile"), "") == 0,
           "what is said of one person is never said of another");
    tap_is(fake_value(&fake, "prop_plot"), "123", "the rest is");
    fake_type(&fake, F6 "99012345\rسالم\r" UP UP);
    fake_go(&fake, "prop_plot");
    fake_type(&fake, "77" DOWN F5 F5);
    tap_is(fake_value(&fake, "prop_plot"), "77", "what was typed stays as it is");
    fake_type(&fake, F3);
    fake_close(&fake);
}

static void next_service(void)
{
    open_desk();
    fake_type(&fake, "mz1\r");
    submit_one();
    fake_type(&fake, "4");
    tap_ok(front() == SCREEN_CATALOGUE, "another service for the same person");
    fake_type(&fake, "mz-02\r");
    tap_ok(strcmp(fake_value(&fake, "app_name"), "سالم بن حمد العبري") == 0 &&
               strcmp(fake_value(&fake, "app_mobile"), "91234567") == 0 &&
               strcmp(fake_value(&fake, "prop_plot"), "") == 0,
           "who it is goes along, and nothing else");
    fake_type(&fake, F5 F5);
    tap_ok(fake.ui.message_kind == TELL_PLAIN,
           "a request of another service is not repeated whole");
    fake_close(&fake);
}

static void parked(void)
{
    open_desk();
    fake_type(&fake, F9);
    tap_ok(front() == SCREEN_HOME, "nothing is parked");
    fake_type(&fake, "mz1\r99012345\rسال");
    fake_type(&fake, F9);
    tap_ok(front() == SCREEN_HOME && fake.ui.parked == 2 && fake_shows(&fake, "F9: 1"),
           "F9 puts a form aside under a digit, which the first row shows");
    fake_close(&fake);
    fake_open(&fake, LANG_AR, 24, 80);
    tap_ok(fake.ui.parked == 2 && !fake_shows(&fake, "99012345"),
           "the next session has it under the same digit");
    fake_type(&fake, F9);
    tap_ok(front() == SCREEN_PARKED, "F9 anywhere lists what is parked");
    fake_type(&fake, "2");
    tap_ok(front() == SCREEN_PARKED, "a digit with nothing under it does nothing");
    fake_type(&fake, "١");
    tap_ok(front() == SCREEN_FILL && fake.ui.parked == 0 &&
               strcmp(fake_focus(&fake), "app_name") == 0,
           "its digit goes on with it at the same field");
    fake_type(&fake, "م\r");
    tap_is(fake_value(&fake, "app_name"), "سالم", "and the unfinished word");
    fake_close(&fake);
}

static void customers(void)
{
    open_desk();
    fake_type(&fake, "mz1\r");
    fake_person = (struct fake_person){0};
    fake_type(&fake, "99012345\r");
    tap_ok(fake_person.asked == 1 && strcmp(fake_focus(&fake), "app_name") == 0,
           "a civil number is asked for, and nobody waits");
    fake_person.answers = 1;
    fake_type(&fake, "س");
    tap_is(fake_value(&fake, "app_mobile"), "91234567", "what is known fills an empty field");
    tap_is(fake_value(&fake, "app_name"), "", "not the one that is being typed");
    fake_type(&fake, "يف\r");
    tap_is(fake_value(&fake, "app_name"), "سيف", "and what was typed stays");
    fake_type(&fake, UP UP "99012346\r");
    tap_is(fake_value(&fake, "app_mobile"), "", "another number: what was known is gone");
    tap_is(fake_value(&fake, "app_name"), "سيف", "what was typed is not");
    fake_type(&fake, UP CLEAR "99012345\r");
    tap_ok(strcmp(fake_value(&fake, "app_mobile"), "91234567") == 0 && fake_shows(&fake, "معبأ"),
           "known again, and said to be filled in");
    fake_type(&fake, DOWN CLEAR "\r");
    tap_is(fake_value(&fake, "app_mobile"), "", "clearing takes it back");
    fake_person.answers = 0;
    fake_type(&fake, UP UP UP CLEAR "99012345\r\x1b[21~");
    fake_person.answers = 1;
    fake_type(&fake, "\x1bOP\x1bOR");
    tap_ok(front() == SCREEN_REVIEW && strcmp(fake_value(&fake, "app_mobile"), "") == 0,
           "nothing changes under a screen that is being read");
    fake_type(&fake, F3);
    fake_go(&fake, "app_mobile");
    fake_person.error = SND_E_LIMIT;
    fake_go(&fake, "app_civil");
    fake_type(&fake, CLEAR "99012347\r");
    tap_ok(fake.ui.message_kind == TELL_WARNING, "too many: a sentence, and typing goes on");
    fake_type(&fake, F3);
    fake_close(&fake);
    fake_person = (struct fake_person){0};
}

static void repeat_customer(void)
{
    open_desk();
    fake_type(&fake, "mz1\r");
    submit_one();
    fake_close(&fake);
    open_desk(); /* a new session: nothing was submitted in it */
    fake_person = (struct fake_person){.answers = 1, .alike = 1};
    fake_type(&fake, "mz1\r99012345\r");
    tap_is(fake_value(&fake, "app_name"), "سالم بن حمد العبري", "a customer of before");
    fake_type(&fake, F5 F5);
    tap_ok(strcmp(fake_value(&fake, "prop_plot"), "123") == 0 &&
               strcmp(fake_focus(&fake), "prop_wilayat") == 0,
           "F5 twice takes his own last request, and goes to where requests differ");
    fake_type(&fake, F8);
    tap_ok(front() == SCREEN_REVIEW && fake_shows(&fake, "للشخص طلب قائم: "),
           "what is under way for him is shown");
    fake_type(&fake, "\r");
    tap_ok(front() == SCREEN_RECEIPT, "and holds nobody up");
    fake_close(&fake);
    fake_person = (struct fake_person){0};
}

int main(void)
{
    by_code();
    by_place();
    papers();
    repeated();
    next_service();
    parked();
    customers();
    repeat_customer();
    return tap_done();
}
