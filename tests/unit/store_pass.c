/* SPDX-License-Identifier: Apache-2.0
 * A request that was passed from one centre to another, when a book is put back or lets go of
 * people; and an event that was held back at the hub, tried again. */
#include <string.h>
#include "base/err.h"
#include "store/feed.h"
#include "store/keep.h"
#include "tests/tap.h"
#include "tests/unit/feed_pair.h"

#define CIVIL "4812093"
#define NAME "زبيدة بنت مرهون الشقصية"

static struct pair hub, maker, other;

static void begin(void)
{
    pair_open(&hub, "MU01-001");
    pair_open(&maker, "DA01-003");
    pair_open(&other, "DA01-004");
    pair_join(&hub, &maker);
    pair_join(&hub, &other);
}

static void end(void)
{
    pair_close(&hub);
    pair_close(&maker);
    pair_close(&other);
}

static int findings(void)
{
    struct pair *const all[] = {&hub, &maker, &other};
    int found = 0;
    for (size_t i = 0; i < SND_COUNT(all); i++) {
        found += fixture_findings(&all[i]->f, "");
        fixture_again(&all[i]->f, STORE_WRITE);
    }
    return found;
}

static void make(char number[24])
{
    struct store_request request = {0};
    must(fixture_submit(&maker.f, NAME, CIVIL, &request));
    maker.made++;
    memcpy(number, request.number, 24);
}

static void pass(const char *number)
{
    struct id wish = id_new();
    must(pair_sync(&hub, &maker));
    must(store_request_want(other.f.store, &wish, number, CIVIL, &other.f.actor));
    must(pair_sync(&hub, &other));
    must(pair_sync(&hub, &maker));
}

static int held_by(struct pair *pair, const char *number, const char *holder)
{
    struct store_request row = {0};
    int err = store_request_row(pair->f.store, &store_reach_all, number, &row);
    if (err != 0 || strcmp(row.holder, holder) != 0)
        tap_note("%d: at %s", err, row.holder);
    return err == 0 && strcmp(row.holder, holder) == 0;
}

static void hub_put_back(void)
{
    char number[24];
    begin();
    must(pair_sync(&hub, &maker));
    must(pair_sync(&hub, &other));
    fixture_keep(&hub.f);
    must(store_open(hub.f.path, STORE_WRITE, hub.f.vault, &hub.f.store));
    make(number);
    pass(number);
    tap_ok(held_by(&hub, number, "DA01-004") && held_by(&maker, number, "DA01-004") &&
               held_by(&other, number, "DA01-004"),
           "a request is passed");
    tap_is_int(findings(), 0, "all books are whole");
    fixture_restore(&hub.f);
    must(store_open(hub.f.path, STORE_WRITE, hub.f.vault, &hub.f.store));
    must(store_restored(hub.f.store, 2, &hub.f.actor));
    hub.f.office.epoch = 2;
    must(pair_sync(&hub, &other));
    tap_ok(held_by(&hub, number, "DA01-004"),
           "20: a hub that was put back has it again from the centre that holds it");
    must(pair_sync(&hub, &maker));
    must(pair_sync(&hub, &other));
    must(pair_sync(&hub, &maker));
    tap_ok(held_by(&hub, number, "DA01-004") && held_by(&maker, number, "DA01-004"),
           "20: and the one that made it brings no second");
    tap_is_int(fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM request"), 1, "20: it is there once");
    tap_is_int(fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM quarantine"), 0,
               "20: nothing was held back");
    tap_is_int(findings(), 0, "20: all books are whole");
    end();
}

static void purge(struct pair *pair)
{
    static const char *const services[] = {"MZ-01"};
    struct store_purge what = {.class = "utilities",
                               .before = pair->f.actor.at + 1000000,
                               .service = services,
                               .services = 1};
    struct store_purged out;
    must(store_purge(pair->f.store, &what, &out, &pair->f.actor));
    what.services = 0;
    what.trail = 1;
    for (int more = 1; more; more = out.more) {
        must(store_purge(pair->f.store, &what, &out, &pair->f.actor));
        what.place = out.place;
    }
}

static void let_go(void)
{
    char number[24];
    struct store_request row = {0};
    begin();
    make(number);
    pass(number);
    must(store_request_row(other.f.store, &store_reach_all, number, &row));
    tap_ok(strcmp(row.applicant, NAME) == 0 && strcmp(row.civil, CIVIL) == 0,
           "the other centre knows the person");
    must(pair_sync(&hub, &other));
    purge(&other);
    must(store_request_row(other.f.store, &store_reach_all, number, &row));
    tap_ok(row.applicant[0] == '\0' && row.civil[0] == '\0' && strcmp(row.holder, "DA01-004") == 0,
           "and lets go of them in its time");
    tap_is_int(fixture_raw_int(&other.f, "SELECT COUNT(*) FROM event WHERE payload IS NOT NULL AND"
                                         " type IN ('request.passed', 'request.wanted')"),
               0, "nothing of them is in its events");
    tap_is_int(fixture_raw_int(&other.f, "SELECT COUNT(*) FROM lookup"), 0, "nor to be looked up");
    must(pair_sync(&hub, &other));
    purge(&hub);
    tap_is_int(findings(), 0, "all books are whole");
    end();
}

/* The maker's form. */
static void load(struct pair *pair)
{
    static const char *const list = "areas", *const text = "ALL\nMA\n";
    int added;
    must(store_form_load(pair->f.store, &maker.f.form, 1, &list, &text, NULL, &added,
                         &pair->f.actor));
}

/* The hub gets what was missing for the first event. */
static void tried_again(void)
{
    char number[24];
    struct store_quarantined *list;
    size_t count;
    struct arena *arena = arena_new();
    begin();
    maker.f.form.sha[0] ^= 1; /* one that the hub has not */
    maker.f.form.version++;
    load(&maker);
    make(number);
    must(pair_sync(&hub, &maker));
    must(store_quarantine_list(hub.f.store, 10, arena, &list, &count));
    tap_ok(count == 1 && strcmp(list[0].why, "form") == 0 &&
               strcmp(list[0].type, "request.submitted") == 0 &&
               strcmp(list[0].centre, "DA01-003") == 0,
           "25: an event whose form the hub lacks is held back");
    tap_ok(count == 1 && strcmp(list[0].number, number) == 0 && list[0].civil[0] != '\0',
           "and one sees which request it is, and whose");
    tap_is_int(store_quarantine_retry(hub.f.store, &list[0].node, &list[0].at, &hub.f.actor),
               SND_E_INVALID, "it can't be taken yet");
    load(&hub);
    tap_is_int(store_quarantine_retry(hub.f.store, &list[0].node, &list[0].at, &hub.f.actor), 0,
               "25: with the form it is");
    tap_ok(held_by(&hub, number, "DA01-003"), "25: and the request is there");
    tap_is_int(store_quarantine_retry(hub.f.store, &list[0].node, &list[0].at, &hub.f.actor),
               SND_E_NOTFOUND, "once");
    tap_is_int(findings(), 0, "25: all books are whole");
    arena_free(&arena);
    end();
}

int main(void)
{
    hub_put_back();
    let_go();
    tried_again();
    return tap_done();
}
