/* SPDX-License-Identifier: Apache-2.0
 * Records: what is typed, stored and shown for each kind; settling (defaults, what applies, what is
 * calculated); judging, also of what a desk should never send; JSON there and back. */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "form/record.h"
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "text/text.h"

static struct rule_day day = {.wilayat = "DA01"};

/* --- kinds ------------------------------------------------------------------------------------ */

static const struct choice capacities[] = {
    {"self", {[LANG_AR] = "أصيل", [LANG_EN] = "Self"}, NULL},
    {"agent", {[LANG_AR] = "وكيل", [LANG_EN] = "Agent"}, NULL},
};
static const struct choices capacity_list = {.item = capacities, .count = 2};

/* stored NULL = refused; shown NULL = as stored */
static const struct {
    enum field_kind kind;
    const char *typed, *stored, *shown;
} kind_cases[] = {
    {FIELD_TEXT, "  قرية   النخيل ", "قرية النخيل", NULL},
    {FIELD_TEXT, "١٢/٣", "12/3", NULL},
    {FIELD_TEXT,
     "a\xE2\x80\xAE"
     "b",
     NULL, NULL},
    {FIELD_NAME_AR, "سالم  بن سعيد", "سالم بن سعيد", NULL},
    {FIELD_NAME_AR, "خلـــود", "خلود", NULL},
    {FIELD_NAME_AR, "مُحَمَّد", "مُحَمَّد", NULL},
    {FIELD_NAME_AR, "سالم 3", NULL, NULL},
    {FIELD_NAME_AR, "Salim", NULL, NULL},
    {FIELD_NAME_EN, "rajesh kumar", "RAJESH KUMAR", NULL},
    {FIELD_NAME_EN, "سالم", NULL, NULL},
    {FIELD_CIVIL, "٩٩١٢٣٤٥٦", "99123456", NULL},
    {FIELD_CIVIL, "99 12 34 56", "99123456", NULL},
    {FIELD_CIVIL, "12345", NULL, NULL},
    {FIELD_CIVIL, "0123456", NULL, NULL},
    {FIELD_CR, "1234567", "1234567", NULL},
    {FIELD_MOBILE, "+968 7012 3456", "70123456", NULL},
    {FIELD_MOBILE, "00968-70123456", "70123456", NULL},
    {FIELD_MOBILE, "73123456", NULL, NULL},
    {FIELD_MOBILE, "24123456", NULL, NULL},
    {FIELD_PHONE, "24123456", "24123456", NULL},
    {FIELD_EMAIL, "Salim@Example.OM", "salim@example.om", NULL},
    {FIELD_EMAIL, "salim@example", NULL, NULL},
    {FIELD_EMAIL, "a..b@example.om", NULL, NULL},
    {FIELD_DATE_G, "28/11/2016", "2016-11-28", "28/11/2016"},
    {FIELD_DATE_G, "٢٨١١٢٠١٦", "2016-11-28", "28/11/2016"},
    {FIELD_DATE_G, "1/1/1440", "2018-09-11", "11/09/2018"},
    {FIELD_DATE_G, "30/02/2018", NULL, NULL},
    {FIELD_DATE_H, "1/1/1440", "01/01/1440", NULL},
    {FIELD_DATE_H, "11/9/2018", "01/01/1440", NULL},
    {FIELD_DATE_H, "31/01/1440", NULL, NULL},
    {FIELD_CHOICE, "agent", "agent", "وكيل"},
    {FIELD_CHOICE, "وكيل", "agent", "وكيل"},
    {FIELD_CHOICE, "اصيل", "self", "أصيل"},
    {FIELD_CHOICE, "SELF", "self", "أصيل"},
    {FIELD_CHOICE, "nobody", NULL, NULL},
    {FIELD_YESNO, "نعم", "yes", "نعم"},
    {FIELD_YESNO, "n", "no", "لا"},
    {FIELD_YESNO, "perhaps", NULL, NULL},
    {FIELD_AMOUNT, "7.5", "7.500", NULL},
    {FIELD_AMOUNT, "٧٫٥", "7.500", NULL},
    {FIELD_AMOUNT, "7.5555", NULL, NULL},
    {FIELD_AMOUNT, "-1", NULL, NULL},
    {FIELD_INT, "007", "7", NULL},
    {FIELD_INT, "1.5", NULL, NULL},
    {FIELD_DECIMAL, "012.50", "12.50", NULL},
    {FIELD_DECIMAL, "1e3", NULL, NULL},
    {FIELD_DOC, "12/7", "have:12/7", "12/7"},
    {FIELD_DOC, "none:ضاع الأصل", "none:ضاع الأصل", "ضاع الأصل"},
    {FIELD_DOC, "att:0123abcd", "att:0123abcd", "0123abcd"},
    {FIELD_DOC, "att:x", NULL, NULL},
    {FIELD_PLATE, "12345ab", "12345 AB", NULL},
    {FIELD_PLATE, "١٢٣ أ", NULL, NULL},
    {FIELD_PLATE, "١٢٣ د ح", "123 DH", NULL},
    {FIELD_PLATE, "123456 A", NULL, NULL},
    {FIELD_PASSPORT, "a 1234567", "A1234567", NULL},
    {FIELD_IBAN, "om81 0180 0000 0129 9123 456", "OM810180000001299123456", NULL},
    {FIELD_IBAN, "OM820180000001299123456", NULL, NULL},
    {FIELD_ELEC_ACC, "12345678", "12345678", NULL},
    {FIELD_METER, "m01919060", "M01919060", NULL},
    {FIELD_POSTAL, "611", "611", NULL},
    {FIELD_POSTAL, "61", NULL, NULL},
    {FIELD_TIME, "930", "09:30", NULL},
    {FIELD_TIME, "٢٣:٥٩", "23:59", NULL},
    {FIELD_TIME, "2400", NULL, NULL},
    {FIELD_LONGTEXT, "سطر\nثان", "سطر ثان", NULL},
};

static void test_kinds(void)
{
    for (size_t i = 0; i < SND_COUNT(kind_cases); i++) {
        struct field field = {.key = "x", .kind = kind_cases[i].kind, .choices = &capacity_list};
        struct buf stored = BUF_INIT(1000), shown = BUF_INIT(1000);
        const char *want = kind_cases[i].stored;
        int err = field_parse(&field, kind_cases[i].typed, &stored);
        if (!err)
            field_show(&field, buf_text(&stored), LANG_AR, &shown);
        char *name = x_printf("%s: %s", field_kind_word(field.kind), kind_cases[i].typed);
        tap_is(err ? NULL : buf_text(&stored), want, name);
        if (want)
            tap_is(buf_text(&shown), kind_cases[i].shown ? kind_cases[i].shown : want, name);
        x_free(&name);
        buf_free(&stored);
        buf_free(&shown);
    }
}

/* A label is taken to the letter; folded, only where it is one choice's alone. */
static void test_signs(void)
{
    static const struct choice groups[] = {
        {"O+", {[LANG_AR] = "فصيلة O+", [LANG_EN] = "O+"}, NULL},
        {"O-", {[LANG_AR] = "فصيلة O-", [LANG_EN] = "O-"}, NULL},
    };
    static const struct choices list = {.item = groups, .count = 2};
    struct field field = {.key = "x", .kind = FIELD_CHOICE, .choices = &list};
    struct buf stored = BUF_INIT(100);
    tap_ok(field_parse(&field, "فصيلة O-", &stored) == 0 && strcmp(buf_text(&stored), "O-") == 0,
           "labels that differ in a sign are told apart");
    buf_clear(&stored);
    tap_ok(field_parse(&field, "فصيله o", &stored) == SND_E_BAD,
           "and a text that means either is neither");
    buf_free(&stored);
}

/* Every kind takes an empty text, and an odd one without harm. */
static void test_kinds_odd(void)
{
    static const char *const odd[] = {"", " ", "\xFF", ":", "/", "@", "-", ".", "\xD9", "ا", "0"};
    int wrong = 0;
    for (int kind = 0; kind < FIELD_KINDS; kind++) {
        struct field field = {.kind = (enum field_kind)kind, .choices = &capacity_list};
        for (size_t i = 0; i < SND_COUNT(odd); i++) {
            struct buf out = BUF_INIT(1000);
            int err = field_parse(&field, odd[i], &out);
            wrong += i < 2 && (err != 0 || out.len != 0);
            wrong += err != 0 && out.len != 0;
            field_show(&field, odd[i], LANG_EN, &out);
            buf_free(&out);
        }
    }
    tap_is_int(wrong, 0, "empty text is empty in every kind, and odd text is refused quietly");
}

/* --- settling and judging ----------------------------------------------------------------------
 */

static const char sample[] =
    "form T-1\nversion 1\nagency AA\ntitle.ar = عنوان\ntitle.en = Title\n"
    "applicant.civil = civil\napplicant.name = name\napplicant.mobile = mobile\nsubject = place\n"
    "open from 2017-01-01 live\narea from 2017-01-01 centre ALL subject MZAREA\n"
    "fee from 2017-01-01 agency 0.000 centre 1.500\n[group g]\ntitle.ar = فئة\ntitle.en = G\n"
    "[field total]\ntype = amount\nlabel.ar = المجموع\nlabel.en = Total\nrequired = yes\n"
    "calculate = ${count} * ${price}\n"
    "[field civil]\ntype = civil\nlabel.ar = رقم\nlabel.en = C\nrequired = yes\n"
    "[field name]\ntype = name_ar\nlabel.ar = اسم\nlabel.en = N\nrequired = no\n"
    "[field mobile]\ntype = mobile\nlabel.ar = هاتف\nlabel.en = M\nrequired = ${name} != ''\n"
    "[field place]\ntype = wilayat\nlabel.ar = ولاية\nlabel.en = P\nrequired = no\n"
    "[field count]\ntype = int\nlabel.ar = عدد\nlabel.en = K\nrequired = yes\ndefault = 2\n"
    "constraint = . >= 1 and . <= 9\nmessage.ar = من 1 إلى 9.\nmessage.en = From 1 to 9.\n"
    "[field price]\ntype = amount\nlabel.ar = سعر\nlabel.en = Price\nrequired = no\n"
    "[field why]\ntype = text\nlabel.ar = سبب\nlabel.en = Why\nrequired = yes\n"
    "relevant = ${count} > 3\n"
    "[field more]\ntype = text\nlabel.ar = مزيد\nlabel.en = More\nrequired = no\n"
    "relevant = ${why} = 'x'\n";

static void set(struct record *record, const char *key, const char *value)
{
    record_set(record, form_field(record->form, key), value);
}

static void test_settle(const struct form *form)
{
    struct record *record = record_new(form);
    record_settle(record, &day, 0);
    tap_is(record_get(record, "count"), NULL, "no default unless asked for");
    record_settle(record, &day, 1);
    tap_is(record_get(record, "count"), "2", "a default stands in an untouched field");
    set(record, "price", "1.250");
    record_settle(record, &day, 1);
    tap_is(record_get(record, "total"), "2.500", "a calculation sees fields that stand below it");
    set(record, "count", "");
    record_settle(record, &day, 1);
    tap_is(record_get(record, "count"), NULL, "a default doesn't come back to a touched field");
    tap_is(record_get(record, "total"), NULL, "a calculation without its inputs is empty");
    set(record, "count", "4");
    set(record, "why", "x");
    set(record, "more", "y");
    record_settle(record, &day, 1);
    tap_is(record_get(record, "more"), "y", "what applies keeps its value");
    set(record, "count", "3");
    record_settle(record, &day, 1);
    tap_ok(!record_get(record, "why") && !record_get(record, "more"),
           "what doesn't apply is emptied, and what hangs on it too");
    tap_ok(!record->relevant[form_field(form, "why")] && record->relevant[0], "relevance is known");
    record_free(&record);
}

static enum fault_rule judged(struct record *record, const char *key, const char *value)
{
    struct fault fault;
    set(record, key, value);
    (void)record_judge(record, form_field(record->form, key), &day, LANG_AR, &fault);
    return fault.rule;
}

static void test_judge(const struct form *form)
{
    struct record *record = record_new(form);
    struct fault fault;
    tap_is_int(judged(record, "civil", NULL), FAULT_REQUIRED, "required");
    tap_is_int(judged(record, "mobile", NULL), FAULT_NONE, "required only with a name");
    set(record, "name", "سالم");
    tap_is_int(judged(record, "mobile", NULL), FAULT_REQUIRED, "required because of a name");
    tap_is_int(judged(record, "civil", "12a45678"), FAULT_KIND, "kind");
    tap_is_int(judged(record, "civil", "1234567890"), FAULT_MAX, "longer than the kind");
    tap_is_int(judged(record, "name", "سالم\xE2\x80\xAE"), FAULT_TEXT, "a bidi control");
    tap_is_int(judged(record, "place", "DA77"), FAULT_CHOICE, "not in the list");
    tap_is_int(judged(record, "place", "MA01"), FAULT_AREA, "outside the property's area");
    tap_is_int(judged(record, "place", "BS06"), FAULT_NONE, "inside it");
    tap_is_int(judged(record, "count", "10"), FAULT_CONSTRAINT, "constraint");
    (void)record_judge(record, form_field(form, "count"), &day, LANG_AR, &fault);
    tap_is(fault.sentence, "من 1 إلى 9.", "the form's own message in Arabic");
    (void)record_judge(record, form_field(form, "count"), &day, LANG_EN, &fault);
    tap_is(fault.sentence, "From 1 to 9.", "and in English");
    tap_is_int(judged(record, "count", "2"), FAULT_NONE, "right");
    tap_is_int(judged(record, "why", "x"), FAULT_HIDDEN, "filled though it doesn't apply");
    set(record, "price", "1.000");
    tap_is_int(judged(record, "total", "1.000"), FAULT_CONSTRAINT, "a forged calculation");
    tap_is_int(judged(record, "total", "2.000"), FAULT_NONE, "the true one");
    struct fault all[2];
    tap_is_int((long long)record_judge_all(record, &day, LANG_EN, all, 2), 4,
               "all faults are counted beyond the room for them");
    tap_is(fault_word(FAULT_CONSTRAINT), "constraint", "rules have words");
    record_free(&record);
}

/* --- rules of forms that ship ------------------------------------------------------------------
 */

static void test_fee(void)
{
    struct form *form = tools_form("mu-06");
    struct record *record = record_new(form);
    struct fee fee;
    record_fee(record, &day, &fee);
    tap_ok(fee.agency == 0 && fee.centre == 1000, "nothing to work a fee out from: the fixed ones");
    set(record, "rent", "250.555");
    record_fee(record, &day, &fee);
    tap_is_int(fee.agency, 90200, "three per cent of a year's rent, to the baisa");
    set(record, "rent", "-5.000");
    record_fee(record, &day, &fee);
    tap_is_int(fee.agency, 0, "never less than nothing");
    record_free(&record);
    form_free(&form);
    form = tools_form("mz-04");
    record = record_new(form);
    record_fee(record, &day, &fee);
    tap_ok(fee.agency == 7500 && fee.centre == 1000, "without a rate the fixed fees");
    record_free(&record);
    form_free(&form);
}

static void check_total(struct record *record, const char *total, int64_t agency, const char *what)
{
    struct fee fee;
    record_settle(record, &day, 1);
    record_fee(record, &day, &fee);
    tap_is(record_get(record, "total"), total, what);
    tap_is_int(fee.agency, agency, "and is charged on top of the agency's fee");
}

/* Its words are counted; a price that is laid to another number of them is found. */
static void test_classified(const char *name, int64_t fixed)
{
    struct form *form = tools_form(name);
    struct record *record = record_new(form);
    set(record, "ad_body", "للبيع  أرض سكنية في نزوى - ت: 24123456");
    set(record, "days", "3");
    check_total(record, NULL, fixed, "no price yet: no total");
    tap_is(record_get(record, "words"), "7", "the words of the text are counted");
    set(record, "word_price", "0.125");
    check_total(record, "2.625", fixed + 2625, "seven words on three days");
    set(record, "ad_body", "للبيع أرض سكنية في نزوى");
    check_total(record, "1.875", fixed + 1875, "a shorter text costs less");
    tap_is_int(judged(record, "words", "4"), FAULT_CONSTRAINT, "words aren't typed");
    record_settle(record, &day, 1);
    tap_is_int(judged(record, "total", "1.000"), FAULT_CONSTRAINT, "nor is the total");
    tap_is_int(judged(record, "ad_body", "للبيع أرض-سكنية"), FAULT_CONSTRAINT, "too few words");
    tap_is_int(judged(record, "word_price", "0.010"), FAULT_CONSTRAINT, "too low a total");
    tap_is_int(judged(record, "word_price", "9999999999.000"), FAULT_CONSTRAINT, "too high a one");
    tap_is_int(judged(record, "from", "2018-07-01"), FAULT_CONSTRAINT,
               "published yesterday: refused");
    tap_is_int(judged(record, "from", "2018-07-02"), FAULT_NONE, "published today: right");
    record_free(&record);
    form_free(&form);
}

static void test_display(void)
{
    struct form *form = tools_form("op-03");
    struct record *record = record_new(form);
    set(record, "page_price", "600.125");
    check_total(record, NULL, 60000, "no size yet: no total");
    set(record, "size", "8");
    check_total(record, "75.016", 135016, "an eighth of a page, to the baisa");
    set(record, "size", "1");
    check_total(record, "600.125", 660125, "a full page");
    tap_is_int(judged(record, "page_price", "5000.001"), FAULT_CONSTRAINT, "too high a total");
    record_free(&record);
    form_free(&form);
    form = tools_form("ry-02");
    record = record_new(form);
    set(record, "medium", "both");
    set(record, "size", "4");
    set(record, "page_price", "400.000");
    set(record, "weeks", "3");
    check_total(record, NULL, 50000, "no price of a week yet: no total");
    set(record, "week_price", "12.500");
    check_total(record, "137.500", 187500, "a quarter of a page and three weeks on the site");
    set(record, "medium", "web");
    check_total(record, "37.500", 87500, "the site alone");
    tap_ok(!record_get(record, "page_price"), "has no price of a page");
    record_free(&record);
    form_free(&form);
}

/* The Hijri day stands there by itself, and one day beside it is right too. */
static void test_hijri(void)
{
    static const struct {
        const char *value;
        enum fault_rule rule;
    } cases[] = {{"02/10/1439", FAULT_NONE},
                 {"30/09/1439", FAULT_NONE},
                 {"29/09/1439", FAULT_CONSTRAINT},
                 {"03/10/1439", FAULT_CONSTRAINT},
                 {"28/09/1439", FAULT_CONSTRAINT}};
    struct form *form = tools_form("rp-09");
    struct record *record = record_new(form);
    set(record, "b_date", "2018-06-15");
    record_settle(record, &day, 1);
    tap_is(record_get(record, "b_date_h"), "01/10/1439", "the Hijri day is worked out");
    for (size_t i = 0; i < SND_COUNT(cases); i++) {
        enum fault_rule rule = judged(record, "b_date_h", cases[i].value);
        tap_ok(rule == cases[i].rule, "%s is %s", cases[i].value, fault_word(rule));
    }
    record_free(&record);
    form_free(&form);
}

/* --- JSON ---------------------------------------------------------------------------------------
 */

static void test_json(const struct form *form)
{
    static const char text[] = "{\"civil\":\"99123456\",\"name\":\"سالم \\\"بن\\\" سعيد\"}";
    static const char *const bad[] = {
        "",
        "[]",
        "null",
        "{",
        "{\"civil\":1}",
        "{\"nobody\":\"x\"}",
        "{\"civil\":\"1\",\"civil\":\"2\"}",
        "{\"name\":\"a\\u202eb\"}",
        "{\"name\":\"a\\u0000b\"}",
        "{\"name\":\"a\"} x",
        "{\"name\":\"\xFF\"}",
        "{\"name\":\"a\\nb\"}",
    };
    struct record *record = NULL;
    int err = record_from_json(form, text, strlen(text), &record);
    tap_ok(!err && record, "JSON is read");
    if (record) {
        char *again = record_json(record);
        tap_is(again, text, "and written the same");
        x_free(&again);
    }
    record_free(&record);
    for (size_t i = 0; i < SND_COUNT(bad); i++) {
        err = record_from_json(form, bad[i], strlen(bad[i]), &record);
        tap_ok(err == SND_E_BAD && !record, "refused: %s", i == 10 ? "bad UTF-8" : bad[i]);
    }
}

int main(void)
{
    if (text_open() != 0 || clock_day_parse("2018-07-02", &day.today) != 0)
        return 1;
    struct form *form = tools_read(sample);
    test_kinds();
    test_kinds_odd();
    test_signs();
    test_settle(form);
    test_judge(form);
    test_json(form);
    test_fee();
    test_classified("op-01", 5000);
    test_classified("ry-01", 4000);
    test_display();
    test_hijri();
    form_free(&form);
    tools_end();
    return tap_done();
}
