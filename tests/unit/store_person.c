/* SPDX-License-Identifier: Apache-2.0
 * A centre's customers: made by its requests, found by their whole number in their own centre only,
 * nothing of them in clear but the name; and requests that look like another. */
#include <string.h>
#include "base/err.h"
#include "store/request_priv.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

static void submit(struct fixture *f, const char *name, const char *civil, const char *mobile)
{
    struct store_request request = {.id = id_new()};
    must(str_copy(f->mobile, sizeof f->mobile, mobile));
    must(fixture_submit(f, name, civil, &request));
}

static void test_met(struct fixture *f)
{
    char *known;
    const char *centre = f->office.centre;
    tap_is_int(store_person_find(f->store, centre, "civil", "61234567", &known), SND_E_NOTFOUND,
               "nobody was here yet");
    submit(f, "سالم بن حمد", "61234567", "91234567");
    must(store_person_find(f->store, centre, "civil", "61234567", &known));
    tap_is(known, "{\"civil\":\"61234567\",\"name\":\"سالم بن حمد\",\"mobile\":\"91234567\"}",
           "a request makes its applicant known");
    x_free(&known);
    submit(f, "سالم بن حمد العبري", "61234567", "");
    must(store_person_find(f->store, centre, "civil", "61234567", &known));
    tap_is(known,
           "{\"civil\":\"61234567\",\"name\":\"سالم بن حمد العبري\",\"mobile\":\"91234567\"}",
           "the next one adds to it and takes nothing away");
    x_free(&known);
    submit(f, "ليلى", "61234568", "");
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(*) FROM person"), 2, "one row a person");
    tap_is_int(fixture_raw_int(f, "SELECT MAX(requests) FROM person"), 2, "which counts requests");
}

static void test_apart(struct fixture *f)
{
    char *known;
    tap_is_int(store_person_find(f->store, "MA01-001", "civil", "61234567", &known), SND_E_NOTFOUND,
               "another centre's customers are unknown here");
    tap_is_int(store_person_find(f->store, f->office.centre, "cr", "61234567", &known),
               SND_E_NOTFOUND, "an establishment's number is not a person's");
    tap_is_int(store_person_find(f->store, f->office.centre, "civil", "6123456", &known),
               SND_E_NOTFOUND, "nor is the beginning of a number");
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(*) FROM person WHERE name LIKE '%6123%'"
                                  " OR CAST(kept AS TEXT) LIKE '%6123%'"
                                  " OR CAST(kept AS TEXT) LIKE '%91234567%'"),
               0, "no number stands there in clear");
}

static void test_alike(struct fixture *f)
{
    struct store_alike *list;
    size_t count;
    struct arena *arena = arena_new();
    const char *centre = f->office.centre;
    int32_t day = f->actor.day;
    must(store_request_alike(f->store, centre, "MZ-01", "61234567", day, arena, &list, &count));
    tap_ok(count == 2 && strcmp(list[0].state, "queued") == 0 && list[0].day == day,
           "requests of the same person and service");
    must(store_request_alike(f->store, centre, "MZ-01", "61234567", day + 1, arena, &list, &count));
    tap_is_int((long long)count, 0, "not those of before that day");
    must(store_request_alike(f->store, centre, "MZ-02", "61234567", 0, arena, &list, &count));
    tap_is_int((long long)count, 0, "nor of another service");
    must(store_request_alike(f->store, "MA01-001", "MZ-01", "61234567", 0, arena, &list, &count));
    tap_is_int((long long)count, 0, "nor of another centre");
    arena_free(&arena);
}

static size_t found(struct fixture *f, const char *query, struct store_party *party)
{
    struct store_request *list;
    size_t count = 0;
    struct arena *arena = arena_new();
    *party = (struct store_party){0};
    must(store_request_list(f->store, &store_reach_all, query, "", 10, arena, &list, &count));
    if (count > 0 && store_request_party(f->store, &list[0].id, query, party) != 0)
        (void)str_copy(party->name, sizeof party->name, "-");
    arena_free(&arena);
    return count;
}

static void test_agent(struct fixture *f)
{
    struct store_party party;
    must(str_copy(f->agent, sizeof f->agent, "هدى بنت أحمد"));
    must(str_copy(f->agent_civil, sizeof f->agent_civil, "71234567"));
    submit(f, "سعيد بن ناصر", "61234570", "");
    f->agent[0] = f->agent_civil[0] = '\0';
    tap_ok(found(f, "احمد هدى", &party) == 1 && strcmp(party.name, "هدى بنت أحمد") == 0,
           "an agent is found by name");
    tap_is(party.civil, "71234567", "with the number");
    tap_ok(found(f, "٧١٢٣٤٥٦٧", &party) == 1 && strcmp(party.name, "هدى بنت أحمد") == 0,
           "and by the number, in digits of either script");
    tap_ok(found(f, "سعيد", &party) == 1 && strcmp(party.name, "سعيد بن ناصر") == 0,
           "who applies still is");
    tap_ok(found(f, "سعيد هدى", &party) == 1 && strcmp(party.name, "-") == 0,
           "the words of two are their request, and nobody's name");
    tap_is_int((long long)found(f, "7123456", &party), 0, "the beginning of a number finds nobody");
}

/* As an office was before requests were found by everybody's name. */
static void test_brought_forward(struct fixture *f)
{
    struct store_party party;
    fixture_raw(f, "UPDATE request SET search = REPLACE(search, ' هدي بنت احمد', '')");
    fixture_raw(f, "DELETE FROM token WHERE word IN ('هدي', 'احمد')");
    tap_is_int((long long)found(f, "هدى", &party), 0, "an agent who isn't among the words");
    must(request_words_anew(f->store));
    tap_is_int((long long)found(f, "هدى", &party), 1, "an older office learns its agents' names");
    tap_is_int(fixture_findings(f, ""), 0, "and is as a replay makes it");
}

static void test_checked(struct fixture *f)
{
    tap_is_int(fixture_findings(f, ""), 0, "a replay makes the same customers");
    fixture_raw(f, "UPDATE person SET requests = 9");
    tap_ok(fixture_findings(f, "") > 0, "a changed row is found");
    fixture_raw(f, "UPDATE person SET requests = 2 WHERE name LIKE 'سالم%'");
    fixture_raw(f, "UPDATE person SET requests = 1 WHERE name NOT LIKE 'سالم%'");
    tap_is_int(fixture_findings(f, ""), 0, "put back, it is clean");
    fixture_raw(f, "UPDATE person SET kept = (SELECT p.kept FROM person p WHERE p.id <> person.id)"
                   " WHERE name LIKE 'سالم%'");
    tap_ok(fixture_findings(f, "") > 0, "what is known of one does not open for another");
}

int main(void)
{
    struct fixture f;
    fixture_open(&f);
    fixture_fill(&f, 0);
    test_met(&f);
    test_apart(&f);
    test_alike(&f);
    test_agent(&f);
    test_brought_forward(&f);
    test_checked(&f);
    fixture_close(&f);
    return tap_done();
}
