/* SPDX-License-Identifier: Apache-2.0
 * Forms as they ship are read, and say what they should: kinds, groups and pages, fees, areas and
 * days. And what is wrong with a form is said with its line, its column and what to do. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "form/party.h"
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "text/text.h"

static int32_t day(const char *text)
{
    int32_t number;
    return clock_day_parse(text, &number) == 0 ? number : -1;
}

/* At most 17 rows of fields a page, so that they fit a terminal of 24 lines. */
static void test_pages(const struct form *form)
{
    int rows[20] = {0};
    int documents = -1, mixed = 0;
    for (size_t i = 0; i < form->fields; i++) {
        int page = form->group[form->field[i].group].page;
        rows[page]++;
        if (form->field[i].kind == FIELD_DOC)
            documents = page;
    }
    for (size_t i = 0; i < form->fields; i++)
        mixed +=
            form->group[form->field[i].group].page == documents && form->field[i].kind != FIELD_DOC;
    int most = 0;
    for (int page = 0; page < form->pages; page++)
        most = rows[page] > most ? rows[page] : most;
    tap_ok(most <= 17, "%s: pages fit (%d rows at most)", form->code, most);
    tap_ok(documents > 0 && !mixed, "%s: the documents have their own page", form->code);
}

static void test_texts(const struct form *form)
{
    int missing = 0;
    for (size_t i = 0; i < form->fields; i++)
        for (int lang = 0; lang < LANG_COUNT; lang++)
            missing += !form->field[i].label[lang] || !form->field[i].help[lang] ||
                       (form->field[i].constraint && !form->field[i].message[lang]);
    tap_is_int(missing, 0, "every field has its texts in both languages");
}

static void test_shipped(void)
{
    for (int i = 0; i < TOOLS_FORMS; i++) {
        struct form *form = tools_form(tools_forms[i]);
        tap_ok(form->fields > 10 && form->pages == 3, "%s is read", form->code);
        test_pages(form);
        test_texts(form);
        form_free(&form);
    }
}

static void test_days(void)
{
    struct form *form = tools_form("mz-07");
    tap_is_int(form_state(form, day("2016-01-01")), SERVICE_NEXT, "next before its first line");
    tap_is_int(form_state(form, day("2018-06-30")), SERVICE_NEXT, "next on the last day before");
    tap_is_int(form_state(form, day("2018-07-01")), SERVICE_LIVE, "live from its day on");
    tap_is(form_area(form, day("2016-01-01"))->centre, "MZ1",
           "the first area holds before its day");
    tap_is(form_area(form, day("2018-06-30"))->centre, "MZ1", "phase one");
    tap_is(form_area(form, day("2018-07-01"))->centre, "ALL", "phase two: every centre");
    tap_is(form_area(form, day("2030-01-01"))->subject, "MZAREA", "the property's never widens");
    tap_is_int(form_fee(form, day("2018-07-01"))->agency, 5000, "the agency's fee in baisa");
    tap_is_int(form_fee(form, day("2018-07-01"))->centre, 1000, "the centre's fee in baisa");
    tap_ok(form->target == 7 && form->target_unit == 'd', "seven working days");
    form_free(&form);
}

/* Every service of the catalogue, against the rules for pages and texts. */
static void test_catalogue(void)
{
    const char *name;
    int count = 0;
    for (size_t i = 0; (name = tools_service(i)) != NULL; i++, count++) {
        struct form *form = tools_form(name);
        int subject = form->subject == NULL || area_known(form->area->subject);
        tap_ok(form->target_unit != 0 && subject && *form->about[LANG_AR] && *form->about[LANG_EN],
               "%s is read", form->code);
        test_pages(form);
        test_texts(form);
        form_free(&form);
    }
    tap_is_int(count, TOOLS_SERVICES, "the forms that ship");
}

/* Why a service can't be begun, on its day. */
static void test_states(void)
{
    static const struct {
        const char *form, *day;
        enum service_state state;
    } cases[] = {
        {"mz-08", "2018-06-30", SERVICE_NEXT},       {"mz-08", "2018-07-01", SERVICE_LIVE},
        {"ag-01", "2016-11-30", SERVICE_NEXT},       {"ag-01", "2016-12-01", SERVICE_LINKING},
        {"tl-01", "2018-01-01", SERVICE_ANNOUNCED},  {"sl-01", "2015-12-31", SERVICE_LIVE},
        {"sl-01", "2016-01-01", SERVICE_SUSPENDED},  {"sd-01", "2016-01-01", SERVICE_LIVE},
        {"ed-01", "2018-01-31", SERVICE_OFF_SEASON}, {"ed-01", "2018-02-01", SERVICE_LIVE},
        {"ed-01", "2018-04-30", SERVICE_LIVE},       {"ed-01", "2018-05-01", SERVICE_OFF_SEASON},
        {"ed-01", "2013-03-01", SERVICE_NEXT},       {"hj-01", "2018-01-17", SERVICE_OFF_SEASON},
        {"hj-01", "2018-01-18", SERVICE_LIVE},       {"hj-01", "2018-04-17", SERVICE_OFF_SEASON},
    };
    for (size_t i = 0; i < SND_COUNT(cases); i++) {
        struct form *form = tools_form(cases[i].form);
        tap_is_int(form_state(form, day(cases[i].day)), cases[i].state, cases[i].day);
        form_free(&form);
    }
}

static void test_targets(void)
{
    static const struct {
        const char *form;
        int target;
        char unit;
    } cases[] = {{"hj-01", 0, 's'}, {"hs-01", 0, 'q'}, {"sd-01", 1, 'h'}, {"rp-05", 1, 'd'}};
    for (size_t i = 0; i < SND_COUNT(cases); i++) {
        struct form *form = tools_form(cases[i].form);
        tap_ok(form->target == cases[i].target && form->target_unit == cases[i].unit,
               "target of %s", form->code);
        form_free(&form);
    }
}

static void test_areas(void)
{
    static const struct {
        const char *area, *wilayat;
        int holds;
    } cases[] = {
        {"ALL", "MA01", 1},     {"MA", "MA01", 1},      {"MA", "DA01", 0},
        {"NOT_MA", "MA01", 0},  {"NOT_MA", "DA01", 1},  {"MZ1", "BS06", 1},
        {"MZ1", "BS05", 0},     {"MZAREA", "SS07", 1},  {"MZAREA", "MA01", 0},
        {"ZU+WU02", "ZU10", 1}, {"ZU+WU02", "WU02", 1}, {"ZU+WU02", "WU01", 0},
    };
    for (size_t i = 0; i < SND_COUNT(cases); i++)
        tap_is_int(area_holds(cases[i].area, cases[i].wilayat), cases[i].holds, cases[i].area);
    tap_ok(!area_known("MZ3") && !area_known("") && !area_known("ZU+") && area_known("ZU+WU02"),
           "areas are known by name or by codes");
}

/* The wilayats: 63 in 11 governorates, and the list is in the field. */
static void test_wilayats(void)
{
    struct form *form = tools_form("mz-01");
    const struct field *field = &form->field[form_field(form, "prop_wilayat")];
    tap_ok(field->choices && field->choices->count == 63 && field->choices->groups == 11,
           "63 wilayats in 11 governorates");
    tap_is(field->choices->item[23].value, "DA01", "in the order of the list");
    tap_is(field->choices->item[23].group, "DA", "each in its governorate");
    form_free(&form);
}

#define HEAD                                                                                       \
    "form X-1\nversion 1\nagency AA\ntitle.ar = عنوان\ntitle.en = Title\n"                    \
    "applicant.civil = c\napplicant.name = n\napplicant.mobile = m\n"                              \
    "open from 2017-01-01 live\narea from 2017-01-01 centre ALL subject ALL\n"                     \
    "fee from 2017-01-01 agency 0.000 centre 1.500\n[group g]\ntitle.ar = فئة\ntitle.en = G\n"  \
    "[field c]\ntype = civil\nlabel.ar = رقم\nlabel.en = C\nrequired = yes\n"                   \
    "[field n]\ntype = name_ar\nlabel.ar = اسم\nlabel.en = N\nrequired = yes\n"                 \
    "[field m]\ntype = mobile\nlabel.ar = هاتف\nlabel.en = M\nrequired = yes\n"                \
    "[field x]\nlabel.ar = آخر\nlabel.en = X\n" /* line 30 is [field x] */

static void test_complaint(const char *tail, int line, int column, const char *part)
{
    struct arena *arena = arena_new();
    struct form *form = NULL;
    const struct form_fault *fault;
    size_t count;
    char *text = x_printf("%s%s", HEAD, tail);
    int err = form_read(text, strlen(text), tools_list, NULL, arena, &form, &fault, &count);
    int good = err != 0 && count > 0 && fault[0].line == line && fault[0].column == column &&
               strstr(fault[0].sentence, part);
    for (size_t i = 0; i < count; i++)
        tap_note("%d:%d: %s", fault[i].line, fault[i].column, fault[i].sentence);
    tap_ok(good, "%d:%d: ... %s", line, column, part);
    form_free(&form);
    x_free(&text);
    arena_free(&arena);
}

/* A line among those that the form says of itself: line 2. */
static void test_head(const char *said, int column, const char *part)
{
    struct arena *arena = arena_new();
    struct form *form = NULL;
    const struct form_fault *fault;
    size_t count;
    char *text =
        x_printf("form X-1\n%s\n%stype = int\nrequired = no\n", said, HEAD + strlen("form X-1\n"));
    int err = form_read(text, strlen(text), tools_list, NULL, arena, &form, &fault, &count);
    int good = part ? err != 0 && count > 0 && fault[0].line == 2 && fault[0].column == column &&
                          strstr(fault[0].sentence, part) != NULL
                    : err == 0;
    for (size_t i = 0; i < count; i++)
        tap_note("%d:%d: %s", fault[i].line, fault[i].column, fault[i].sentence);
    tap_ok(good, "%s", said);
    form_free(&form);
    x_free(&text);
    arena_free(&arena);
}

static void test_heads(void)
{
    test_head("fee.agency = ${x} * 0.03", 0, NULL);
    test_head("fee.agency = ${y} * 0.03", 14, "there is no such key");
    test_head("fee.agency = . * 0.03", 14, "worked out from fields");
    test_head("fee.agency = 'much'", 14, "worked out from fields");
    test_head("fee.agency = if(${x} = 'a', 1, 2)", 14, "Compare x");
    test_head("season gregorian from 11-15 to 02-29", 0, NULL);
    test_head("season hijri from 02-30 to 03-01", 0, NULL);
    test_head("season gregorian from 02-30 to 03-01", 23, "two digits each");
    test_head("season hijri from 1-1 to 03-01", 19, "two digits each");
    test_head("season gregorian from 01-01 to 00-10", 32, "two digits each");
    test_head("season lunar from 01-01 to 02-01", 8, "gregorian or hijri");
    test_head("season hijri 01-01 02-01", 1, "season CALENDAR from");
    test_head("duplicate = 10 days", 0, NULL);
    test_head("duplicate = 10 weeks", 13, "30 days");
    test_head("target = queue", 0, NULL);
    test_head("target = 1 hour", 0, NULL);
    test_head("target = some day", 10, "season, queue");
}

/* An end before its beginning lies in the next year. */
static void test_winter(void)
{
    char *text = x_printf("form X-1\nseason gregorian from 11-15 to 02-28\n%stype = int\n"
                          "required = no\n",
                          HEAD + strlen("form X-1\n"));
    struct form *form = tools_read(text);
    tap_ok(form_state(form, day("2017-11-14")) == SERVICE_OFF_SEASON &&
               form_state(form, day("2017-11-15")) == SERVICE_LIVE &&
               form_state(form, day("2018-02-28")) == SERVICE_LIVE &&
               form_state(form, day("2018-03-01")) == SERVICE_OFF_SEASON,
           "a season over the turn of the year");
    form_free(&form);
    x_free(&text);
}

/* Lines of fields that say something of somebody; the first of the form's own fields is line 30. */
static void test_people(void)
{
    test_complaint("type = text\nrequired = no\nperson = agent\n", 35, 10, "agent.name");
    test_complaint("type = text\nrequired = no\nperson = agent.shoe\n", 35, 10, "agent.name");
    test_complaint("type = int\nrequired = no\nperson = agent.name\n", 35, 10, "of this kind");
    test_complaint("type = name_ar\nrequired = no\nperson = applicant.name\n", 35, 10,
                   "another field says this");
    test_complaint("type = cr\nrequired = no\nperson = applicant.cr\n", 35, 10,
                   "another number already");
    struct form *form = tools_form("mp-01");
    enum person_part part;
    int sign = form_field(form, "sign_civil"), cr = form_field(form, "cr_no");
    tap_ok(form->parties == 2 && party_known_by(form, sign) == &form->party[0] &&
               party_known_by(form, cr) == &form->party[1] &&
               party_key(&form->party[1], &part) == cr && part == PERSON_CR,
           "an establishment and its signatory are known by their numbers");
    tap_ok(form->party[0].field[PERSON_MOBILE] < 0 &&
               form->party[1].field[PERSON_MOBILE] == form_field(form, "co_mobile"),
           "a telephone is of whom the field says");
    form_free(&form);
}

static void test_complaints(void)
{
    test_complaint("type = text\n", 30, 1, "required = ...");
    test_complaint("required = no\n", 30, 1, "type = ...");
    test_complaint("type = txt\nrequired = no\n", 33, 8, "Write one of the kinds: text longtext");
    test_complaint("type = text\nrequired = no\nrequired = no\n", 35, 1, "line 34");
    test_complaint("type = text\nrequired = no\nfoo = bar\n", 35, 1, "README.md");
    test_complaint("type = text\nrequired = ${y} = 'a'\n", 34, 12, "there is no such key");
    test_complaint("type = text\nrequired = ${c}\n", 34, 12, "condition");
    test_complaint("type = text\nrequired = no\nhelp.ar = Arabic\n", 35, 11, "Arabic text");
    test_complaint("type = choice\nrequired = no\n", 30, 1, "Add choices");
    test_complaint("type = choice\nrequired = no\nchoices = nowhere\n", 35, 11, "nowhere.list");
    test_complaint("type = choice\nrequired = no\nchoice a | ألف\nchoice b | باء | B\n"
                   "choice c | جيم | C\n",
                   35, 1, "choice value |");
    test_complaint("type = text\nrequired = no\nmax = 500\n", 35, 7, "from 1 to 120");
    test_complaint("type = text\nrequired = no\nconstraint = . = 'a'\n", 35, 1, "message.ar");
    test_complaint("type = text\nrequired = no\nrelevant = . = 'a'\n", 35, 12,
                   "instead of the dot");
    test_complaint("type = yesno\nrequired = no\ndefault = 'maybe'\n", 35, 11, "itself would take");
    test_complaint(
        "type = yesno\nrequired = no\n[field z]\ntype = int\nlabel.ar = عدد\nlabel.en = Z\n"
        "required = ${x} = 'ja'\n",
        39, 12, "'ja' is none");
    test_complaint(
        "type = int\nrequired = no\n[field z]\ntype = int\nlabel.ar = عدد\nlabel.en = Z\n"
        "required = ${x} > 'b'\n",
        39, 12, "Compare x");
    test_complaint("type = int\nrequired = no\nrelevant = ${y} = 1\n[field y]\ntype = int\n"
                   "label.ar = عدد\nlabel.en = Y\nrequired = no\nrelevant = ${x} = 1\n",
                   30, 1, "Break the circle");
    test_complaint(
        "type = text\nrequired = no\nhelp.ar = نص\nhelp.en = This line is longer than what a "
        "screen of eighty columns has for one line of help.\n",
        36, 11, "it takes 82 columns");
    test_complaint("type = text\nrequired = no\n[page]\n", 35, 1, "after this page");
    test_complaint("type = text\nrequired = no\nhelp.ar = نص\xE2\x80\xAE\n", 35, 13, "invisible");
    test_complaint("type = text\nrequired = no\n  help.ar = نص\n", 35, 1, "other language");
    test_complaint("type = text\nrequired = no\nfee from 2018-01-01 agency 0.000 centre 0.000\n",
                   35, 1, "Move this line up");
}

/* The code block number n of screens/README.md. */
static char *readme_block(int n)
{
    char *text = tools_text("screens/README.md");
    const char *at = text;
    for (int i = 0; at && i < 2 * n + 1; i++) {
        at = strstr(at, "\n```\n");
        at = at ? at + (i < 2 * n ? 4 : 5) : NULL;
    }
    const char *end = at ? strstr(at, "```\n") : NULL;
    char *block = x_strndup(at ? at : "", end ? (size_t)(end - at) : 0);
    x_free(&text);
    return block;
}

/* What the page for people shows is true. */
static void test_readme(void)
{
    struct arena *arena = arena_new();
    const struct form_fault *fault;
    size_t count = 0;
    char *text = readme_block(0), *list = readme_block(1);
    struct form *form = tools_read(text);
    tap_ok(form->fields == 9 && form->pages == 2, "the form of screens/README.md is read");
    const struct choices *choices;
    int err = form_list_read(list, strlen(list), arena, &choices, &fault, &count);
    tap_ok(strlen(list) > 100 && !err, "and its list");
    form_free(&form);
    x_free(&text);
    x_free(&list);
    arena_free(&arena);
}

static void test_odd(void)
{
    char *text = x_printf("\xEF\xBB\xBF%s%s", HEAD, "type = text\r\n  required = no\r\n");
    struct form *form = tools_read(text);
    tap_ok(form && form->fields == 4, "a byte order mark, Windows line ends and indents are fine");
    form_free(&form);
    x_free(&text);
}

int main(void)
{
    if (text_open() != 0)
        return 1;
    test_shipped();
    test_catalogue();
    test_days();
    test_states();
    test_targets();
    test_areas();
    test_wilayats();
    test_people();
    test_complaints();
    test_heads();
    test_winter();
    test_odd();
    test_readme();
    tools_end();
    return tap_done();
}
