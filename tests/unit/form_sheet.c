/* SPDX-License-Identifier: Apache-2.0
 * The requirement sheet: of every service in both languages, and of one whose fee, area and state
 * change on days to come. */
#include "form/sheet.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "text/text.h"

static struct arena *arena;

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    if (clock_day_parse(text, &day) != 0)
        tap_note("not a day: %s", text);
    return day;
}

/* The text beside a label, "" when there is none; the first of several. */
static const char *beside(const struct sheet *sheet, const char *label)
{
    for (size_t i = 0; i < sheet->lines; i++)
        if (strcmp(sheet->line[i].label, label) == 0)
            return sheet->line[i].text;
    return "";
}

static int says_all(const struct form *form)
{
    struct sheet sheet;
    int documents = 0, all = 1;
    sheet_make(form, day_of("2018-01-14"), NULL, arena, &sheet);
    static const char *const labels[] = {N_("Agency"), N_("Fees"), N_("When"), N_("Centres"),
                                         N_("Who may apply")};
    for (size_t i = 0; i < SND_COUNT(labels); i++)
        all &= *beside(&sheet, _(labels[i])) != '\0';
    for (size_t i = 0; i < form->fields; i++)
        if (form->field[i].kind == FIELD_DOC) {
            documents++;
            all &= *beside(&sheet, form->field[i].label[msg_language()]) != '\0';
        }
    if (documents == 0)
        all &= strcmp(beside(&sheet, _("What to bring")), _("no documents")) == 0;
    return all;
}

static void every_service(void)
{
    int right = 0, all = 0;
    for (size_t i = 0; i < TOOLS_SERVICES; i++) {
        struct form *form = tools_form(tools_service(i));
        for (int lang = 0; lang < LANG_COUNT; lang++, all++) {
            msg_set_language((enum lang)lang);
            int says = says_all(form);
            right += says;
            if (!says)
                tap_note("%s in %s", form->code, msg_lang_code((enum lang)lang));
        }
        arena_reset(arena);
        form_free(&form);
    }
    tap_ok(right == all && all == 186,
           "documents, fees, time, where and who of all 93 services in both languages");
}

static const char changing[] =
    "form EX-01\nversion 1\nagency MZEC\ntitle.ar = خدمة\ntitle.en = A service\n"
    "applicant.civil = civil\napplicant.name = name\napplicant.mobile = mobile\n"
    "target = 3 hours\nopen from 2018-01-01 next\nopen from 2018-03-01 live\n"
    "season gregorian from 02-01 to 04-30\n"
    "area from 2018-01-01 centre MA subject MA\narea from 2018-06-01 centre ALL subject MA\n"
    "fee from 2018-01-01 agency 1.000 centre 0.500\nfee from 2018-02-01 agency 2.000 centre 0.500\n"
    "subject = place\n"
    "[group one]\ntitle.ar = أول\ntitle.en = One\n"
    "[field civil]\ntype = civil\nlabel.ar = رقم\nlabel.en = Number\nrequired = yes\n"
    "[field name]\ntype = name_ar\nlabel.ar = اسم\nlabel.en = Name\nrequired = yes\n"
    "[field mobile]\ntype = mobile\nlabel.ar = هاتف\nlabel.en = Mobile\nrequired = yes\n"
    "[field place]\ntype = wilayat\nlabel.ar = ولاية\nlabel.en = Wilayat\nrequired = yes\n"
    "[field paper]\ntype = doc\nlabel.ar = ورقة\nlabel.en = Paper\nrequired = ${place} = 'MA01'\n"
    "[field slip]\ntype = doc\nlabel.ar = قسيمة\nlabel.en = Slip\nrequired = no\n";

static void changes(void)
{
    struct form *form = tools_read(changing);
    struct sheet sheet;
    msg_set_language(LANG_EN);
    sheet_make(form, day_of("2018-01-14"), NULL, arena, &sheet);
    tap_is(beside(&sheet, "Fees"), "agency 1.000 + centre 0.500 = 1.500 rials", "today's fee");
    tap_is(beside(&sheet, "from 01/02/2018"), "agency 2.000 + centre 0.500 = 2.500 rials",
           "and the next one with its day");
    tap_is(beside(&sheet, "When"), "announced, not yet open", "its state");
    tap_is(beside(&sheet, "from 01/03/2018"), "open", "and the next one");
    tap_is(beside(&sheet, "Season"), "from 01/02 to 30/04", "its season");
    tap_is(beside(&sheet, "Centres"), "Offered in Muscat Governorate only.", "its centres");
    tap_is(beside(&sheet, "from 01/06/2018"), "Offered in every governorate.", "and later ones");
    tap_is(beside(&sheet, "Property"), "Offered in Muscat Governorate only.",
           "the property's area stays");
    tap_is(beside(&sheet, "Answer within"), "3 hours", "the time it takes");
    tap_is(beside(&sheet, "Paper"), "where it applies", "a document under a condition");
    tap_is(beside(&sheet, "Slip"), "if there is one", "a document that may be left out");
    sheet_make(form, day_of("2018-02-02"), "closed today", arena, &sheet);
    tap_is(beside(&sheet, "Fees"), "agency 2.000 + centre 0.500 = 2.500 rials",
           "a fee holds from its day on");
    tap_is(beside(&sheet, "When"), "closed today", "what the office says of it goes first");
    form_free(&form);
}

static void openings(void)
{
    struct form *form = tools_read(changing);
    tap_is_int(form_opens(form, day_of("2018-01-14")), day_of("2018-03-01"), "opens in its season");
    tap_is_int(form_opens(form, day_of("2018-05-02")), day_of("2019-02-01"), "and in the next one");
    tap_is_int(form_opens(form, day_of("2018-04-30")), day_of("2019-02-01"), "after its last day");
    form_free(&form);
    form = tools_form("sl-01");
    tap_is_int(form_opens(form, day_of("2018-01-14")), 0,
               "nobody knows when a suspended one opens");
    form_free(&form);
    form = tools_form("hj-01");
    tap_is_int(form_opens(form, day_of("2018-01-14")), day_of("2018-01-18"),
               "a Hijri season, 1 Jumada al-Ula 1439");
    form_free(&form);
}

int main(void)
{
    char *locale = x_printf("%s/locale", getenv("SND_BUILDDIR"));
    if (text_open() != 0)
        return 1;
    msg_open(locale);
    x_free(&locale);
    arena = arena_new();
    every_service();
    changes();
    openings();
    arena_free(&arena);
    tools_end();
    return tap_done();
}
