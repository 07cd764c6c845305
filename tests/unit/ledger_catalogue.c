/* SPDX-License-Identifier: Apache-2.0
 * Every service that may not be begun, on four business days, for a centre in Ad Dakhiliyah and one
 * in Muscat: the catalogue says why, as tests/golden/closed.tsv does, and whoever submits one all
 * the same is refused. Every other service is open and is judged by its values. What the property
 * may be is asked of the electricity company's service in both of its phases. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "form/record.h"
#include "tests/tap.h"
#include "tests/unit/form_tools.h"
#include "tests/unit/ledger_rig.h"

#define CENTRES 2
static const struct {
    const char *account, *wilayat;
} centres[CENTRES] = {{"clerk", "DA01"}, {"muscat", "MA01"}};

static struct rig rig;
static char *golden;

/* What a form asked for while it was read. */
struct found {
    const char *name[40], *text[40];
    size_t count;
};

static const char *find_list(void *arg, const char *name)
{
    struct found *found = arg;
    const char *text = tools_list(NULL, name);
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(found->name[i], name) == 0)
            return text;
    found->name[found->count] = x_strdup(name);
    found->text[found->count++] = text;
    return text;
}

static int load_one(struct book *shell, const char *service)
{
    struct arena *arena = arena_new();
    struct found found = {0};
    const struct form_fault *faults;
    struct form *form = NULL;
    uint8_t sha[HASH_SIZE];
    size_t count;
    int added = 0;
    char *path = x_printf("screens/%s.form", service), *text = tools_text(path);
    int err = form_read(text, strlen(text), find_list, &found, arena, &form, &faults, &count);
    if (!err)
        err = book_form_load(shell, text, found.count, found.name, found.text, NULL, sha, &added);
    for (size_t i = 0; i < found.count; i++) {
        char *name = (char *)(uintptr_t)found.name[i];
        x_free(&name);
    }
    form_free(&form);
    arena_free(&arena);
    x_free(&text);
    x_free(&path);
    return err == 0 && added;
}

static void make_office(void)
{
    struct book_account muscat = {.account = "muscat", .name = "مريم", .role = ROLE_CLERK};
    int loaded = 0;
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    struct book *shell = rig_shell(&rig);
    for (size_t i = 0; i < TOOLS_SERVICES; i++)
        loaded += load_one(shell, tools_service(i));
    tap_is_int(loaded, TOOLS_SERVICES, "an office with all 93 services");
    (void)str_copy(muscat.centre, sizeof muscat.centre, "MA01-001");
    tap_ok(book_account_add(shell, &muscat, "") == 0 &&
               book_account_key(shell, "muscat", rig_key("muscat"), 1) == 0,
           "and a clerk in Muscat");
    book_close(&shell);
    (void)rig_end(&rig, SIGTERM);
}

/* What the golden file says of a service, NULL when it is open. */
static const char *expected(const char *day, const char *wilayat, const char *code)
{
    static char why[80];
    char line[64];
    (void)str_format(line, sizeof line, "\n%s\t%s\t%s\t", day, wilayat, code);
    const char *at = strstr(golden, line);
    if (!at)
        return NULL;
    at += strlen(line);
    (void)str_format(why, sizeof why, "%.*s", (int)strcspn(at, "\n"), at);
    return why;
}

/* Nothing filled in: refused as closed, or judged and found wanting. */
static int submit_empty(struct book *book, const struct book_service *service)
{
    struct book_receipt receipt;
    struct fault faults[64];
    struct id id = id_new();
    const struct form *form;
    size_t count;
    int err = book_form(book, service->sha, &form);
    if (err)
        return err;
    struct record *record = record_new(form);
    err = book_submit(book, &id, record, &receipt, faults, 64, &count);
    record_free(&record);
    return err;
}

static int one_service(struct book *book, const char *day, const char *wilayat,
                       const struct book_service *service)
{
    const char *want = expected(day, wilayat, service->code), *why = book_service_why(service);
    int same = want && why ? strcmp(want, why) == 0 : want == why;
    int refused = submit_empty(book, service);
    int right = same && refused == (want ? SND_E_CLOSED : SND_E_INVALID);
    if (!right)
        tap_note("%s %s %s: want %s, got %s; submitted: %s", day, wilayat, service->code,
                 want ? want : "open", why ? why : "open", err_text(refused));
    return right;
}

static int one_centre(struct book *book, const char *day, const char *wilayat, int *closed)
{
    struct arena *arena = arena_new();
    struct book_service *list;
    size_t count = 0;
    int right = 0;
    if (book_service_list(book, arena, &list, &count) != 0)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(list[i].code, "TS-", 3) == 0)
            continue;
        right += one_service(book, day, wilayat, &list[i]);
        *closed += !list[i].open;
    }
    arena_free(&arena);
    return right;
}

static void every_service(void)
{
    static const char *const days[] = {"2016-11-28", "2018-01-14", "2018-03-12", "2018-07-02"};
    int closed = 0, right = 0, lines = -2; /* two remarks stand on top */
    for (size_t d = 0; d < SND_COUNT(days); d++) {
        setenv("SANAD_TODAY", days[d], 1);
        rig_start(&rig);
        for (size_t c = 0; c < CENTRES; c++) {
            struct book *book = rig_login(&rig, centres[c].account);
            right += one_centre(book, days[d], centres[c].wilayat, &closed);
            book_close(&book);
        }
        (void)rig_end(&rig, SIGTERM);
    }
    for (const char *at = golden; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    tap_is_int(closed, lines, "as many are closed as the table says");
    tap_is_int(right, (long long)SND_COUNT(days) * CENTRES * TOOLS_SERVICES,
               "each closed one of all 93 services refused with its reason on its date");
}

/* Whether a centre may begin MZ-01 on a day, and which properties it may do it for. */
static void phase(const char *day, int in_muscat, const char *what)
{
    static const struct {
        const char *wilayat;
        int served;
    } properties[] = {{"SS01", 1}, {"DA01", 1}, {"BS06", 1}, {"MA01", 0}, {"BS01", 0}};
    struct form *form = tools_form("mz-01");
    struct rule_day on = {.wilayat = "MA01"};
    int right = 0, field = form_field(form, "prop_wilayat");
    if (clock_day_parse(day, &on.today) != 0)
        tap_note("not a day: %s", day);
    struct record *record = record_new(form);
    for (size_t i = 0; i < SND_COUNT(properties); i++) {
        struct fault fault;
        record_set(record, field, properties[i].wilayat);
        right += record_judge(record, field, &on, LANG_EN, &fault) == !properties[i].served;
    }
    tap_ok(area_holds(form_area(form, on.today)->centre, "MA01") == in_muscat &&
               area_holds(form_area(form, on.today)->centre, "SS01"),
           "%s", what);
    tap_is_int(right, SND_COUNT(properties), "for a property in the company's area only");
    record_free(&record);
    form_free(&form);
}

int main(void)
{
    golden = tools_text("tests/golden/closed.tsv");
    make_office();
    every_service();
    phase("2018-06-30", 0, "a centre in Muscat can't begin MZ-01 in the first phase");
    phase("2018-07-01", 1, "it can from the second phase on");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    x_free(&golden);
    tools_end();
    return tap_done();
}
