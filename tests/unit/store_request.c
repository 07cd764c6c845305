/* SPDX-License-Identifier: Apache-2.0 */
/* Requests: submitting once and only once, looking up, history, searching by folded beginnings in
 * both of the search's ways, and pages that neither skip nor repeat. Forms and answers too. */
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

static void test_submit(struct fixture *f)
{
    struct store_request request = {0}, again, got;
    char *values = NULL;
    tap_is_int(fixture_submit(f, "سالم بن أحمد", "7000001", &request), 0, "a request is submitted");
    tap_ok(store_number_ok(request.number), "it has a good number");
    tap_is(request.state, "queued", "it is queued");
    tap_ok(request.rev == 1 && request.at == f->actor.at && request.day == f->actor.day,
           "with revision, time and business day");
    again = request;
    tap_is_int(fixture_submit(f, "سالم بن أحمد", "7000001", &again), SND_E_EXISTS,
               "the same id is not submitted twice");
    tap_is_int(store_request_get(f->store, &store_reach_all, request.number, &got, &values), 0,
               "it is looked up");
    tap_ok(id_equal(&got.id, &request.id) && strcmp(got.applicant, "سالم بن أحمد") == 0 &&
               got.fee_agency == 2000 && got.fee_centre == 500 &&
               memcmp(got.sha, f->form.sha, HASH_SIZE) == 0,
           "as it was submitted");
    tap_is(values, "{\"name\":\"سالم بن أحمد\",\"civil\":\"7000001\"}", "with its values");
    x_free(&values);
    tap_is_int(store_request_get(f->store, &store_reach_all, "DA01-003-0000000-0", &got, &values),
               SND_E_NOTFOUND, "a number that isn't");
    tap_ok(values == NULL, "gives no values");
    again = (struct store_request){.centre = "DA01-0000000003"};
    tap_is_int(fixture_submit(f, "سالم بن أحمد", "7000001", &again), SND_E_BAD,
               "a centre that no number can begin with");
}

static void test_history(struct fixture *f)
{
    struct store_request request = {0};
    struct store_history *history;
    size_t count;
    struct arena *arena = arena_new();
    must(fixture_submit(f, "سالم", "7000001", &request));
    must(store_request_history(f->store, &request.id, arena, &history, &count));
    tap_ok(count == 1 && strcmp(history[0].type, "request.submitted") == 0 &&
               strcmp(history[0].actor, "huda") == 0 && strcmp(history[0].state, "queued") == 0 &&
               history[0].at == request.at,
           "its history is its events");
    arena_free(&arena);
}

/* How many rows a query finds, and the first one's name. */
static int found(struct fixture *f, const char *centre, const char *query, char first[256])
{
    struct arena *arena = arena_new();
    struct store_request *row;
    size_t count;
    struct store_reach reach = {.kind = centre[0] ? REACH_OF_CENTRES : REACH_OF_ALL};
    must(str_copy(reach.codes, sizeof reach.codes, centre));
    must(store_request_list(f->store, &reach, query, "", 100, arena, &row, &count));
    must(str_copy(first, 256, count > 0 ? row[0].applicant : ""));
    arena_free(&arena);
    return (int)count;
}

static void test_search(struct fixture *f)
{
    static const struct {
        const char *query, *centre, *first, *what;
        int count;
    } cases[] = {
        {"", "", "Zahir Al-Balushi", "everything", 6},
        {"", "MU02-001", "مُحمَّد بن عيسى", "one centre's", 1},
        {"احمد", "", "أحمد بن إبراهيم", "alef without its hamza", 2},
        {"فاطمه", "", "فاطِمة الهنائي", "ta marbuta as ha, marks left out", 1},
        {"ابرا", "", "أحمد بن إبراهيم", "the beginning of a word", 1},
        {"راهيم", "", "", "but not its middle", 0},
        {"ابراهيم احمد", "", "أحمد بن إبراهيم", "words in any order", 1},
        {"احمد فاطمة", "", "", "all of the words", 0},
        {"٧٠٠٠٠٠٣", "", "فاطِمة الهنائي", "a civil number in Arabic digits", 1},
        {"70000", "", "", "not by the beginning of a civil number", 0},
        {"7000005 zahir", "", "Zahir Al-Balushi", "a civil number and a name", 1},
        {"7000005 فاطمة", "", "", "of the same person", 0},
        {"zahir", "", "Zahir Al-Balushi", "a Latin name in small letters", 1},
        {"DA01-003-", "", "Zahir Al-Balushi", "the beginning of a number", 5},
        {"da01", "", "Zahir Al-Balushi", "in small letters", 5},
        {"محمد", "DA01-003", "", "not another centre's", 0},
        {"محمد", "MU02-001", "مُحمَّد بن عيسى", "in its own centre", 1},
        {"' OR 1=1 --", "", "", "SQL is text", 0},
        {"%", "", "", "signs alone find nothing", 0},
    };
    char first[256];
    for (size_t i = 0; i < SND_COUNT(cases); i++) {
        int count = found(f, cases[i].centre, cases[i].query, first);
        if (!tap_ok(count == cases[i].count && strcmp(first, cases[i].first) == 0, "search: %s",
                    cases[i].what))
            tap_note("%d found, first: %s", count, first);
    }
}

static void test_symbols(struct fixture *f)
{
    struct store_request request = {0}, other = {.centre = "BA02-004"};
    char symbols[8], first[256], both[64];
    must(fixture_submit(f, "ناصر الغافري", "6999999", &request));
    must(fixture_submit(f, "هلال الغافري", "6999998", &other));
    must(str_format(symbols, sizeof symbols, "%.7s", request.number + 9));
    tap_is_int(found(f, "", request.number, first), 1, "search: a whole number");
    tap_is_int(found(f, "", symbols, first), 1, "search: its seven symbols alone");
    tap_is(first, "ناصر الغافري", "find that request");
    must(str_format(both, sizeof both, "%.4s الغافري", other.number + 9));
    tap_is_int(found(f, "", both, first), 1, "search: a name and the first of its symbols");
    tap_is(first, "هلال الغافري", "of another centre, too");
    tap_is_int(found(f, "DA01-003", both, first), 0, "but not for who doesn't reach it");
}

static void fill_search(struct fixture *f)
{
    static const struct {
        const char *name, *civil, *centre;
    } people[] = {
        {"مُحمَّد بن عيسى", "8123456", "MU02-001"}, {"أحمد الحارثي", "7000001", ""},
        {"سالم السيابي", "7000002", ""},         {"فاطِمة الهنائي", "7000003", ""},
        {"أحمد بن إبراهيم", "7000004", ""},      {"Zahir Al-Balushi", "7000005", ""},
    };
    for (size_t i = 0; i < SND_COUNT(people); i++) {
        struct store_request request = {0};
        must(str_copy(request.centre, sizeof request.centre, people[i].centre));
        must(fixture_submit(f, people[i].name, people[i].civil, &request));
    }
}

static const struct store_reach here = {.kind = REACH_OF_CENTRES, .codes = "DA01-003"};

/* Walks all pages of a query; counts rows, and those that stand where they must. */
static void walk(struct fixture *f, const char *query, size_t page, int *rows, int *ordered)
{
    char after[24] = "";
    int64_t last = INT64_MAX;
    struct id last_id;
    size_t count;
    memset(last_id.b, 0xff, ID_SIZE);
    *rows = *ordered = 0;
    do {
        struct arena *arena = arena_new();
        struct store_request *row;
        must(store_request_list(f->store, &here, query, after, page, arena, &row, &count));
        for (size_t i = 0; i < count; i++) {
            *ordered += row[i].at < last ||
                        (row[i].at == last && memcmp(row[i].id.b, last_id.b, ID_SIZE) < 0);
            last = row[i].at;
            last_id = row[i].id;
            must(str_copy(after, sizeof after, row[i].number));
            ++*rows;
        }
        arena_free(&arena);
    } while (count == page);
}

static void test_pages(struct fixture *f)
{
    static const char *const names[] = {"خميس الرواحي", "خميس الراشدي"};
    int rows, ordered;
    must(store_batch_begin(f->store));
    for (int i = 0; i < 2500; i++) {
        struct store_request request = {0};
        if (i % 3 > 0)
            f->actor.at -= 1000; /* three at the same moment */
        must(fixture_submit(f, names[i % 2], i % 50 == 0 ? "5050505" : "6060606", &request));
    }
    must(store_batch_commit(f->store));
    walk(f, "خميس", 100, &rows, &ordered);
    tap_ok(rows == 2500 && ordered == 2500, "pages of a common word: each row once, newest first");
    walk(f, "5050505", 7, &rows, &ordered);
    tap_ok(rows == 50 && ordered == 50, "pages of a rare word: each row once, newest first");
    walk(f, "خميس الراشدي 6060606", 100, &rows, &ordered);
    tap_ok(rows == 1250 && ordered == 1250, "pages of common words together");
    walk(f, "DA01-003", 100, &rows, &ordered);
    tap_ok(rows == ordered && rows == 2500, "pages of a common number's beginning");
}

static size_t finds(struct fixture *f, const char *query, char first[256])
{
    struct arena *arena = arena_new();
    struct store_request *row;
    size_t count;
    must(store_request_find(f->store, &here, query, 20, arena, &row, &count));
    first[0] = '\0';
    if (count > 0)
        must(str_copy(first, 256, row[0].applicant));
    arena_free(&arena);
    return count;
}

/* Somebody who is still typing: all words here are of more than a thousand requests. */
static void test_find(struct fixture *f)
{
    struct store_request request = {0};
    char first[256];
    f->actor.at -= 1000000;
    must(fixture_submit(f, "الراشدي الرواحي", "6161616", &request));
    tap_is_int((long long)finds(f, "خميس", first), 20, "find: the newest of a common word");
    tap_is_int((long long)finds(f, "خميس الراشدي", first), 20, "find: of common words together");
    tap_is(first, "خميس الراشدي", "which are all there");
    tap_is_int((long long)finds(f, "الراشدي الرواحي", first), 1,
               "find: an old request alone with two common words");
    tap_is(first, "الراشدي الرواحي", "is met by its words");
    tap_is_int((long long)finds(f, "الرواحي خميس الرا", first), 0, "find: nobody has all of these");
    tap_is_int((long long)finds(f, "خميس الرو", first), 20,
               "find: the last word may be unfinished");
}

static void test_list_limits(struct fixture *f)
{
    struct arena *arena = arena_new();
    struct store_request *row;
    size_t count;
    char huge[2000];
    memset(huge, 'x', sizeof huge - 1);
    huge[sizeof huge - 1] = '\0';
    tap_is_int(store_request_list(f->store, &store_reach_all, "", "DA01-003-0000000-0", 5, arena,
                                  &row, &count),
               SND_E_NOTFOUND, "a page after a row that isn't");
    tap_is_int(store_request_list(f->store, &store_reach_all, huge, "", 5, arena, &row, &count),
               SND_E_LIMIT, "a query too long");
    tap_is_int(store_request_list(f->store, &store_reach_all, "", "", 0, arena, &row, &count), 0,
               "no rows asked");
    arena_free(&arena);
}

static void test_count(struct fixture *f)
{
    int64_t all, one;
    must(store_request_count(f->store, "", &all));
    must(store_request_count(f->store, "MU02-001", &one));
    tap_ok(all == fixture_raw_int(f, "SELECT COUNT(*) FROM request") && one == 1,
           "counts are those of the table");
}

static void test_forms(struct fixture *f)
{
    static const char *const names[] = {"areas"}, *const texts[] = {"ALL\n"};
    struct arena *arena = arena_new();
    struct form other = f->form;
    struct store_form_head *head;
    size_t count;
    int added = 0;
    char *text = NULL;
    must(store_form_load(f->store, &f->form, 1, names, texts, NULL, &added, &f->actor));
    tap_is_int(added, 1, "a form is loaded");
    must(store_form_load(f->store, &f->form, 1, names, texts, NULL, &added, &f->actor));
    tap_is_int(added, 0, "once");
    other.text = "form MZ-01 version 1 changed\n";
    hash_bytes(other.text, strlen(other.text), other.sha);
    tap_is_int(store_form_load(f->store, &other, 0, NULL, NULL, NULL, &added, &f->actor),
               SND_E_EXISTS, "a version is never another text");
    other.version = 2;
    must(store_form_load(f->store, &other, 0, NULL, NULL, NULL, &added, &f->actor));
    must(store_form_heads(f->store, arena, &head, &count));
    tap_ok(count == 1 && head[0].version == 2 && memcmp(head[0].sha, other.sha, HASH_SIZE) == 0,
           "the newest version of each code");
    must(store_form_get(f->store, f->form.sha, &text));
    tap_is(text, f->form.text, "an old version stays");
    x_free(&text);
    must(store_form_list_get(f->store, f->form.sha, "areas", &text));
    tap_is(text, "ALL\n", "with its list");
    x_free(&text);
    tap_is_int(store_form_list_get(f->store, other.sha, "areas", &text), SND_E_NOTFOUND,
               "which is no other form's");
    arena_free(&arena);
}

static void test_answers(struct fixture *f)
{
    struct id id = id_new();
    struct buf out = BUF_INIT(100);
    const int64_t month = 31LL * 24 * 3600 * 1000;
    tap_is_int(store_answer_find(f->store, &id, "huda", "op", &out), SND_E_NOTFOUND,
               "no answer yet");
    must(store_answer_keep(f->store, &id, "huda", "op", "a\0b", 3, 1000));
    tap_is_int(store_answer_find(f->store, &id, "huda", "op", &out), 0, "an answer kept");
    tap_ok(out.len == 3 && memcmp(out.data, "a\0b", 3) == 0, "byte for byte");
    tap_is_int(store_answer_find(f->store, &id, "zahir", "op", &out), SND_E_CONFLICT,
               "is not another actor's");
    tap_is_int(store_answer_find(f->store, &id, "huda", "op2", &out), SND_E_CONFLICT,
               "nor another operation's");
    struct id next = id_new();
    must(store_answer_keep(f->store, &next, "huda", "op", "", 0, 1000 + month));
    tap_is_int(store_answer_find(f->store, &id, "huda", "op", &out), SND_E_NOTFOUND,
               "and goes after thirty days");
    tap_is_int(store_answer_find(f->store, &next, "huda", "op", &out), 0, "an empty answer");
    buf_free(&out);
}

int main(void)
{
    struct fixture f;
    fixture_open(&f);
    fill_search(&f);
    test_search(&f);
    test_symbols(&f);
    test_submit(&f);
    test_history(&f);
    test_list_limits(&f);
    test_count(&f);
    test_forms(&f);
    test_answers(&f);
    tap_is_int(fixture_findings(&f, ""), 0, "the book is whole");
    fixture_close(&f);
    fixture_open(&f);
    test_pages(&f);
    test_find(&f);
    fixture_close(&f);
    return tap_done();
}
