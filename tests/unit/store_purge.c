/* SPDX-License-Identifier: Apache-2.0 */
/* Letting go: afterwards nobody's name is anywhere in the file, the request stands with its number
 * and dates, the chain verifies, and a replay gives the same projections. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "base/proc.h"
#include "store/keep.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

#define OLD 1500000000000
#define CUT 1600000000000
#define MANY 250

/* How often the words stand in the database's file and its log. */
static int in_files(struct fixture *f, const char *words)
{
    static const char *const tails[] = {"", "-wal"};
    int n = 0;
    for (size_t i = 0; i < SND_COUNT(tails); i++) {
        char name[128], *bytes;
        size_t len;
        must(str_format(name, sizeof name, "%s%s", f->path, tails[i]));
        if (proc_read_file(name, 64 << 20, &bytes, &len) != 0)
            continue;
        for (size_t at = 0; at + strlen(words) <= len; at++)
            n += memcmp(bytes + at, words, strlen(words)) == 0;
        x_free(&bytes);
    }
    return n;
}

static void purge(struct fixture *f, int trail, int dry, struct store_purged *sum, int *steps)
{
    static const char *const services[] = {"MZ-09", "MZ-01"};
    struct store_purge what = {.class = "utilities", .before = CUT, .trail = trail, .dry = dry};
    what.service = services;
    what.services = trail ? 0 : SND_COUNT(services);
    memset(sum, 0, sizeof *sum);
    *steps = 0;
    for (int more = 1; more; ++*steps) {
        struct store_purged out;
        must(store_purge(f->store, &what, &out, &f->actor));
        sum->requests += out.requests;
        sum->events += out.events;
        sum->drafts += out.drafts;
        what.after_at = out.after_at;
        what.after = out.after;
        what.place = out.place;
        more = out.more;
    }
}

static void make_old(struct fixture *f, char number[24])
{
    int64_t now = f->actor.at;
    f->actor.at = OLD;
    for (int i = 0; i < MANY; i++) {
        struct store_request request = {0};
        must(fixture_submit(f, "زبيدة بنت مرهون الشقصية", "4812093", &request));
        memcpy(number, request.number, 24);
        struct store_seen seen = {.sight = SIGHT_REQUEST, .tx = request.id, .rows = 1};
        memcpy(seen.number, request.number, sizeof request.number);
        must(str_copy(seen.civil, sizeof seen.civil, "4812093"));
        if (i < 5)
            must(store_seen_keep(f->store, &seen, &f->actor));
    }
    struct store_draft draft = {
        .id = id_new(), .account = "huda", .service = "MZ-01", .saved = OLD};
    must(str_copy(draft.summary, sizeof draft.summary, "زبيدة"));
    must(store_draft_put(f->store, &draft, "", "{\"name\":\"زبيدة\"}"));
    f->actor.at = now;
}

static void test_dry(struct fixture *f)
{
    struct store_purged out;
    int steps;
    long long events = fixture_raw_int(f, "SELECT COUNT(*) FROM event");
    purge(f, 0, 1, &out, &steps);
    tap_ok(out.requests == MANY && out.events == MANY + 5 && out.drafts == 1,
           "a dry run counts what would go");
    tap_ok(fixture_raw_int(f, "SELECT COUNT(*) FROM event") == events &&
               fixture_raw_int(f, "SELECT COUNT(*) FROM draft") == 1,
           "and changes nothing");
}

static void test_purge(struct fixture *f, const char *number)
{
    struct store_purged out;
    struct store_request request;
    char *values;
    int steps;
    purge(f, 0, 0, &out, &steps);
    tap_ok(out.requests == MANY && out.events == MANY + 5 && out.drafts == 1, "the old ones go");
    tap_ok(steps >= MANY / 100, "in bounded steps");
    must(store_settle(f->store));
    must(store_request_get(f->store, &store_reach_all, number, &request, &values));
    tap_ok(strcmp(values, "{}") == 0 && request.applicant[0] == '\0' && request.civil[0] == '\0',
           "a request that was purged has nobody in it");
    tap_ok(strcmp(request.service, "MZ-01") == 0 && strcmp(request.state, "queued") == 0 &&
               request.at >= OLD && request.fee_agency == 2000,
           "but its number, service, dates, state and fees");
    x_free(&values);
    tap_is_int(fixture_findings(f, ""), 0,
               "after a purge the chain verifies and projections equal a replay");
    store_close(&f->store);
    tap_is_int(in_files(f, "زبيدة"), 0, "the name stands nowhere in the files");
    tap_is_int(in_files(f, "4812093"), 0, "nor does the civil number");
    tap_ok(in_files(f, "سالم") > 0, "those of younger requests do");
}

static void test_found(struct fixture *f, const char *number)
{
    struct arena *arena = arena_new();
    struct store_request *list;
    size_t count;
    must(store_open(f->path, STORE_WRITE, f->vault, &f->store));
    must(store_request_list(f->store, &store_reach_all, "زبيدة", "", 10, arena, &list, &count));
    tap_is_int((long long)count, 0, "nobody is found by that name any more");
    must(store_request_list(f->store, &store_reach_all, number, "", 10, arena, &list, &count));
    tap_is_int((long long)count, 1, "the request is found by its number");
    arena_free(&arena);
}

static void test_again(struct fixture *f)
{
    struct store_purged out;
    int steps;
    long long events = fixture_raw_int(f, "SELECT COUNT(*) FROM event");
    purge(f, 0, 0, &out, &steps);
    tap_ok(out.requests == 0 && fixture_raw_int(f, "SELECT COUNT(*) FROM event") == events,
           "a second time there is nothing to let go, and no event of it");
}

static void test_trail(struct fixture *f)
{
    struct store_seen seen = {.sight = SIGHT_SEARCH, .words = "غنيمة", .rows = 3};
    struct store_actor then = f->actor;
    struct store_purged out;
    int steps;
    then.at = OLD;
    must(store_seen_keep(f->store, &seen, &then));
    (void)str_copy(seen.words, sizeof seen.words, "بثينة");
    must(store_seen_keep(f->store, &seen, &f->actor));
    purge(f, 1, 0, &out, &steps);
    tap_is_int(out.events, 1, "what was searched for long ago goes");
    must(store_settle(f->store));
    tap_is_int(fixture_findings(f, ""), 0, "and the book is clean");
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(*) FROM event WHERE type = 'request.searched'"
                                  " AND payload IS NOT NULL"),
               1, "the younger words stay");
}

/* What stayed in the place of a payload can't be changed unseen. */
static void test_forged(struct fixture *f)
{
    fixture_again(f, STORE_WRITE);
    fixture_keep(f);
    fixture_restore(f);
    fixture_raw(f, "UPDATE purged SET kept = REPLACE(kept, 'MZ-01', 'MZ-02')");
    tap_ok(fixture_findings(f, "purged") > 0, "what stayed can't be changed unseen");
    fixture_restore(f);
    fixture_raw(f, "DELETE FROM purged");
    tap_ok(fixture_findings(f, "payload") > 0, "nor taken away");
    fixture_restore(f);
    fixture_raw(f, "UPDATE event SET payload = NULL WHERE type = 'request.submitted'");
    tap_ok(fixture_findings(f, "payload") > 0, "a payload that was taken without a purge is found");
}

int main(void)
{
    struct fixture f;
    char number[24];
    fixture_open(&f);
    fixture_fill(&f, 3);
    make_old(&f, number);
    test_dry(&f);
    test_purge(&f, number);
    test_found(&f, number);
    test_again(&f);
    test_trail(&f);
    test_forged(&f);
    fixture_close(&f);
    return tap_done();
}
