/* SPDX-License-Identifier: Apache-2.0
 * A centre's events at its hub and back, and what goes wrong between them. The numbers are those of
 * the list of faults that a line must survive. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"
#include "store/keep.h"
#include "tests/ending.h"
#include "tests/tap.h"
#include "tests/unit/feed_pair.h"

/* Kinds of events that this program pretends not to know. */
static const char *hidden;
int __real_event_type_find(const char *word, enum event_type *out);
int __wrap_event_type_find(const char *word, enum event_type *out);
int __wrap_event_type_find(const char *word, enum event_type *out)
{
    if (hidden != NULL && strcmp(word, hidden) == 0)
        return SND_E_NOTFOUND;
    return __real_event_type_find(word, out);
}

static struct pair hub, one, two;
static struct pair *const both[] = {&one, &two};

static void begin(void)
{
    pair_open(&hub, "MU01-001");
    pair_open(&one, "DA01-003");
    pair_open(&two, "DA01-004");
    pair_join(&hub, &one);
    pair_join(&hub, &two);
}

static void end(void)
{
    pair_close(&hub);
    pair_close(&one);
    pair_close(&two);
}

static void rule(struct pair *pair, const char *reason)
{
    struct store_ruling ruling = {.service = "MZ-01", .opens = 1, .from = 19676, .to = 19700};
    must(str_copy(ruling.reason, sizeof ruling.reason, reason));
    must(store_service_rule(pair->f.store, &ruling, NULL, &pair->f.actor));
}

static void state_of(struct pair *pair, const char *number, char state[16])
{
    struct store_request row;
    char *values = NULL;
    state[0] = '\0';
    if (store_request_get(pair->f.store, &store_reach_all, number, &row, &values) == 0)
        must(str_copy(state, 16, row.state));
    x_free(&values);
}

static void straight(void)
{
    char number[24], state[16];
    begin();
    for (int i = 0; i < 30; i++)
        pair_submit(&one, number);
    state_of(&one, number, state);
    tap_is(state, "queued", "a request that the hub hasn't got is queued");
    rule(&hub, "قرار");
    tap_is_int(pair_sync(&hub, &one), 0, "up and down");
    state_of(&one, number, state);
    tap_is(state, "at_hub", "once it is acknowledged it is at the hub, at the centre");
    state_of(&hub, number, state);
    tap_is(state, "at_hub", "and there");
    struct store_ruling ruling;
    tap_ok(store_service_ruling(one.f.store, "MZ-01", 19680, &ruling) == 0 &&
               strcmp(ruling.reason, "قرار") == 0,
           "what the hub ruled holds at the centre");
    pair_submit(&two, NULL);
    tap_is_int(pair_sync(&hub, &two), 0, "another centre");
    tap_is_int(pair_sync(&hub, &one), 0, "what came down goes up in short");
    tap_is_int(pair_wrong(&hub, both, 2), 0, "all books are whole");
    end();
}

/* A form of that code and version with this text, loaded; its hash. */
static void load_text(struct pair *pair, int version, const char *text, uint8_t sha[HASH_SIZE])
{
    struct form form = {.code = "TS-09", .version = version, .text = text};
    int added;
    hash_bytes(text, strlen(text), form.sha);
    memcpy(sha, form.sha, HASH_SIZE);
    must(store_form_load(pair->f.store, &form, 0, NULL, NULL, NULL, &added, &pair->f.actor));
}

static int newest_is(struct pair *pair, const uint8_t sha[HASH_SIZE])
{
    uint8_t head[HASH_SIZE];
    return store_form_head(pair->f.store, "TS-09", head) == 0 && memcmp(head, sha, HASH_SIZE) == 0;
}

/* A centre had texts of its own of versions that the hub has, too. */
static void forms(void)
{
    uint8_t own[2][HASH_SIZE], theirs[2][HASH_SIZE];
    char *text = NULL;
    begin();
    load_text(&one, 1, "own 1", own[0]);
    load_text(&one, 2, "own 2", own[1]);
    load_text(&hub, 1, "hub 1", theirs[0]);
    must(pair_sync(&hub, &one));
    tap_ok(newest_is(&one, own[1]), "a version that the hub has not is left");
    load_text(&hub, 2, "hub 2", theirs[1]);
    must(pair_sync(&hub, &one));
    must(pair_sync(&hub, &two));
    tap_ok(newest_is(&one, theirs[1]) && newest_is(&two, theirs[1]),
           "B25: of one code and version all centres have the hub's text, whatever one had before");
    tap_ok(store_form_get(one.f.store, own[0], &text) == 0 && strcmp(text, "own 1") == 0,
           "what was filled in by its own opens with its own");
    x_free(&text);
    int64_t replaced = 0;
    tap_ok(store_forms_replaced(one.f.store, &replaced) == 0 && replaced == 2,
           "and it is known which gave way");
    tap_is_int(fixture_raw_int(&one.f, "SELECT COUNT(*) FROM event WHERE type = 'feed.refused'"), 0,
               "nothing of the hub's was refused for it");
    tap_is_int(pair_wrong(&hub, both, 2), 0, "all books are whole, replayed and verified");
    end();
}

/* 18, 19 */
static void forks(void)
{
    struct store_node node;
    struct parcel parcel;
    struct store_place have;
    begin();
    pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    fixture_keep(&one.f); /* yesterday */
    must(store_open(one.f.path, STORE_WRITE, one.f.vault, &one.f.store));
    pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    struct store_place known = one.have;
    char original[96], yesterday[96];
    must(str_copy(yesterday, sizeof yesterday, one.f.kept));
    must(str_format(original, sizeof original, "%s/original.db", one.f.folder));
    must(str_copy(one.f.kept, sizeof one.f.kept, original));
    fixture_keep(&one.f);
    must(str_copy(one.f.kept, sizeof one.f.kept, yesterday));
    fixture_restore(&one.f);
    must(store_open(one.f.path, STORE_WRITE, one.f.vault, &one.f.store));
    tap_ok(parcel_make(&one, 20000, &parcel) == SND_E_CONFLICT,
           "18: a book from yesterday sees that the hub has more of it than there is");
    tap_ok(store_feed_acked(one.f.store, &known, 0) == SND_E_CONFLICT, "18: at the answer, too");
    pair_submit(&one, NULL);
    struct store_line line;
    must(store_line_get(one.f.store, &line));
    one.have = line.acked;
    must(parcel_make(&one, 20000, &parcel));
    tap_ok(parcel_take(&hub, &parcel, &have) == FEED_FORK && have.seq == known.seq,
           "18: one that went on is refused, and no place is taken twice");
    parcel_free(&parcel);
    must(store_node_get(hub.f.store, &one.f.office.node, &node));
    tap_is(node.state, "forked", "19: of two books with one name the hub knows that there are two");
    tap_is_int(fixture_findings(&hub.f, ""), 0, "19: the hub's book is whole");
    fixture_again(&hub.f, STORE_WRITE);
    /* The first disk goes on; what the second said was never taken. */
    fixture_remove(one.f.kept);
    must(str_copy(one.f.kept, sizeof one.f.kept, original));
    fixture_restore(&one.f);
    must(store_open(one.f.path, STORE_WRITE, one.f.vault, &one.f.store));
    one.made--;
    pair_submit(&one, NULL);
    pair_ends(&hub, both, 2, "19");
    end();
}

/* 18: a backup that was put back as it should be. */
static void restored(void)
{
    struct store_node node;
    begin();
    pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    fixture_keep(&one.f);
    must(store_open(one.f.path, STORE_WRITE, one.f.vault, &one.f.store));
    pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    fixture_restore(&one.f);
    must(store_open(one.f.path, STORE_WRITE, one.f.vault, &one.f.store));
    must(store_restored(one.f.store, 2, &one.f.actor));
    one.f.office.epoch = 2;
    pair_submit(&one, NULL);
    tap_is_int(pair_sync(&hub, &one), 0, "18: a backup with an epoch of its own is taken");
    tap_is_int(one.have.epoch, 2, "18: in that epoch");
    must(store_node_get(hub.f.store, &one.f.office.node, &node));
    tap_is(node.state, "joined", "18: and its centre is in good order");
    int64_t count;
    must(store_request_count(hub.f.store, "DA01-003", &count));
    tap_is_int(count, 3, "18: the hub keeps the request that the backup had not");
    tap_is_int(fixture_findings(&hub.f, "") + fixture_findings(&one.f, ""), 0, "18: both whole");
    pair_ends(&hub, both, 2, "18");
    end();
}

#define LAST_OF_FIRST                                                                              \
    " node = (SELECT node FROM office) AND epoch = 1 AND seq = (SELECT MAX(seq) FROM event"        \
    " WHERE node = (SELECT node FROM office) AND epoch = 1)"

/* Events whose consequences are taken away as well, or that have none: only the chain shows it. */
static void tampered_chain(void)
{
    static const struct {
        const char *spoil, *finding, *name;
    } spoils[] = {
        {"UPDATE event SET day = day + 1 WHERE rowid = (SELECT MAX(rowid) FROM event"
         " WHERE type = 'request.submitted')",
         "chain: event", "an event that was edited has another hash"},
        {"DELETE FROM event WHERE rowid = (SELECT rowid FROM event WHERE node <> (SELECT node"
         " FROM office) ORDER BY seq DESC LIMIT 1)",
         "chain: it ends", "a chain whose last event is gone ends too early"},
        {"DELETE FROM event WHERE node = (SELECT node FROM event WHERE node <> (SELECT node"
         " FROM office) LIMIT 1)",
         "chain: there are", "a chain that is gone as a whole is missed"},
    };
    for (size_t i = 0; i < SND_COUNT(spoils); i++) {
        fixture_restore(&hub.f);
        fixture_raw(&hub.f, spoils[i].spoil);
        tap_ok(fixture_findings(&hub.f, spoils[i].finding) > 0, "32: %s", spoils[i].name);
    }
}

/* 32: of a book that has an epoch behind it, as much was taken off its end as its head tells. */
static void tampered_epoch(void)
{
    fixture_keep(&hub.f);
    fixture_raw(&hub.f, "DELETE FROM event WHERE" LAST_OF_FIRST);
    fixture_raw(&hub.f,
                "UPDATE head SET seq = seq - 1, hash = (SELECT hash FROM event WHERE" LAST_OF_FIRST
                ") WHERE node = (SELECT node FROM office) AND epoch = 1");
    tap_ok(fixture_findings(&hub.f, "chain: epoch") > 0,
           "32: an epoch that names another end than the one before has is found");
    fixture_restore(&hub.f);
    must(store_open(hub.f.path, STORE_WRITE, hub.f.vault, &hub.f.store));
}

/* 20: the hub is put back from a backup. */
static void hub_restored(void)
{
    struct store_ruling ruling;
    begin();
    for (int i = 0; i < 3; i++)
        pair_submit(i % 2 ? &one : &two, NULL);
    must(pair_sync(&hub, &one));
    must(pair_sync(&hub, &two));
    fixture_keep(&hub.f);
    must(store_open(hub.f.path, STORE_WRITE, hub.f.vault, &hub.f.store));
    rule(&hub, "بعد النسخة");
    for (int i = 0; i < 8; i++)
        pair_submit(i % 2 ? &one : &two, NULL);
    must(pair_sync(&hub, &one)); /* has the ruling, two has not */
    must(pair_sync(&hub, &one)); /* and has told of it */
    struct parcel parcel;
    must(parcel_make(&two, 20000, &parcel));
    (void)parcel_take(&hub, &parcel, &two.have);
    parcel_free(&parcel);
    fixture_restore(&hub.f);
    must(store_open(hub.f.path, STORE_WRITE, hub.f.vault, &hub.f.store));
    must(store_restored(hub.f.store, 2, &hub.f.actor));
    tap_ok(store_service_ruling(hub.f.store, "MZ-01", 19680, &ruling) == SND_E_NOTFOUND,
           "20: the hub has lost what was after its backup");
    tap_is_int(pair_sync(&hub, &one), 0, "20: a centre sends again");
    tap_is_int(pair_sync(&hub, &two), 0, "20: and the other");
    tap_ok(store_service_ruling(hub.f.store, "MZ-01", 19680, &ruling) == 0,
           "20: the hub has back what only a centre still had");
    tap_ok(store_service_ruling(two.f.store, "MZ-01", 19680, &ruling) == 0,
           "20: which now reaches the one that never had it");
    tap_is_int(fixture_raw_int(&one.f, "SELECT COUNT(*) FROM event WHERE type = 'feed.refused'"), 0,
               "20: and the one that had it passes over it");
    pair_submit(&one, NULL);
    tap_is_int(pair_sync(&hub, &one), 0, "20: work goes on");
    tap_is_int(pair_sync(&hub, &one), 0, "20: and on");
    tap_is_int(pair_wrong(&hub, both, 2), 0, "20, A8: nothing is missing and nothing twice");
    pair_ends(&hub, both, 2, "20");
    tampered_epoch();
    end();
}

/* 23, 24: one side is older than the other. */
static void unknown(void)
{
    struct store_ruling ruling;
    char number[24], state[16];
    begin();
    hidden = "request.submitted"; /* the hub doesn't know it yet */
    hidden = NULL;
    pair_submit(&one, number);
    hidden = "request.submitted";
    tap_is_int(pair_sync(&hub, &one), 0, "23, 24: an older hub takes what it doesn't know");
    state_of(&hub, number, state);
    tap_is(state, "", "23: and does nothing with it");
    tap_is_int(fixture_findings(&hub.f, ""), 0, "23: its book is whole");
    hidden = NULL;
    fixture_again(&hub.f, STORE_WRITE);
    state_of(&hub, number, state);
    tap_is(state, "at_hub", "23: after an upgrade it follows");
    rule(&hub, "جديد");
    hidden = "service.opened";
    tap_is_int(pair_sync(&hub, &one), 0, "23, 24: an older centre takes what it doesn't know");
    tap_ok(store_service_ruling(one.f.store, "MZ-01", 19680, &ruling) == SND_E_NOTFOUND,
           "23: and does nothing with it");
    hidden = NULL;
    fixture_again(&one.f, STORE_WRITE);
    tap_ok(store_service_ruling(one.f.store, "MZ-01", 19680, &ruling) == 0,
           "23: after an upgrade it follows there, too");
    tap_is_int(pair_sync(&hub, &one), 0, "24: and the line goes on");
    tap_is_int(pair_wrong(&hub, both, 2), 0, "23, 24: all books are whole");
    pair_ends(&hub, both, 2, "23 24");
    end();
}

/* An event of that type and payload at the end of a centre's chain, as a broken program would make
 * it. */
static void poison(struct pair *pair, const char *type, const char *centre, const void *payload,
                   size_t len, const uint8_t *form)
{
    struct event event = {
        .epoch = pair->f.office.epoch, .t = pair->f.actor.at, .day = 19676, .rev = 1};
    struct id id = id_new();
    memcpy(event.node, pair->f.office.node.b, ID_SIZE);
    memcpy(event.id, id.b, ID_SIZE);
    memcpy(event.tx, id.b, ID_SIZE);
    memcpy(event.form, form, HASH_SIZE);
    must(str_copy(event.type, sizeof event.type, type));
    must(str_copy(event.actor, sizeof event.actor, "huda"));
    must(str_copy(event.centre, sizeof event.centre, centre));
    must(store_batch_begin(pair->f.store));
    must(event_keep(pair->f.store, &event, payload, len));
    must(store_batch_commit(pair->f.store));
}

static void poison_json(struct pair *pair, const char *centre, const char *json,
                        const uint8_t *form)
{
    struct buf bytes = BUF_INIT(1 << 20);
    buf_puts(&bytes, "0123456789abcdef");
    buf_puts(&bytes, json);
    poison(pair, "request.submitted", centre, bytes.data, bytes.len, form);
    buf_free(&bytes);
}

/* A request: of which centre the event says it is, its number, its payload; of which service. */
static void poison_request(struct pair *pair, const char *event, const char *number,
                           const char *payload, const char *service, const uint8_t *form)
{
    char made[24], json[256];
    store_number_make(number, made);
    must(str_format(json, sizeof json, "{\"number\":\"%s\",\"centre\":\"%s\",\"service\":\"%s\"}",
                    made, payload, service));
    poison_json(pair, event, json, form);
}

/* 25, 26 */
static void poisoned(void)
{
    static const uint8_t none[HASH_SIZE], other[HASH_SIZE] = {1};
    char deep[20100];
    struct arena *arena = arena_new();
    struct store_verdict *verdicts;
    size_t count;
    int64_t requests;
    begin();
    memset(deep, '[', 20000);
    deep[20000] = '\0';
    memcpy(deep, "0123456789abcdef", 16);
    pair_submit(&one, NULL);
    int64_t from = one.have.seq + 1;
    poison(&one, "request.submitted", "DA01-003", deep, 20000, none);
    poison(&one, "request.submitted", "DA01-003", "0123456789abcdef{\"a\":\"\xff\xfe\"}", 26, none);
    poison(&one, "request.submitted", "DA01-003", "short", 5, none);
    poison_json(&one, "DA01-003", "[\"DA01-003\"]", none);
    /* Each by one thing alone. */
    poison_request(&one, "DA01-003", "DA01-003", "DA01-004", "MZ-01", none);
    poison_request(&one, "DA01-004", "DA01-003", "DA01-003", "MZ-01", none);
    poison_request(&one, "DA01-003", "DA01-003", "DA01-003", "MZ-01", other);
    poison_request(&one, "DA01-003", "DA01-003", "DA01-003",
                   "a service whose code is much too long to be one", none);
    pair_submit(&one, NULL);
    tap_is_int(pair_sync(&hub, &one), 0, "25: events that can't be are no reason to stop");
    must(store_feed_verdicts(hub.f.store, &one.f.office.node, 1, from, one.have.seq, arena,
                             &verdicts, &count));
    tap_is_int((long)count, 8,
               "25, 26: each of them is named: deep, bad UTF-8, no JSON, foreign, "
               "unknown form, impossible");
    static const struct {
        enum feed_why why;
        const char *name;
    } reasons[] = {{FEED_WHY_JSON, "JSON twenty thousand deep is no JSON"},
                   {FEED_WHY_JSON, "nor are bytes that are no text"},
                   {FEED_WHY_JSON, "nor is what is shorter than its salt"},
                   {FEED_WHY_JSON, "nor is a list what an event says"},
                   {FEED_WHY_FOREIGN, "a payload of another centre's is foreign"},
                   {FEED_WHY_FOREIGN, "an event of another centre's is foreign"},
                   {FEED_WHY_FORM, "a form that isn't here"},
                   {FEED_WHY_REFUSED, "what can't be kept is refused"}};
    for (size_t i = 0; i < SND_COUNT(reasons); i++)
        tap_ok(i < count && verdicts[i].seq == verdicts[0].seq + (int64_t)i &&
                   verdicts[i].why == reasons[i].why,
               "25: %s", reasons[i].name);
    must(store_request_count(hub.f.store, "DA01-003", &requests));
    tap_is_int(requests, 2, "25: and the good ones around them are there");
    tap_is_int(fixture_findings(&hub.f, ""), 0, "25: the hub's book is whole");
    /* The broken program's own book is no book. */
    struct ending ending = {0};
    fixture_again(&hub.f, STORE_WRITE);
    pair_submit(&two, NULL);
    must(pair_sync(&hub, &two));
    must(pair_sync(&hub, &one));
    ending_check(&ending, hub.f.store);
    ending_check(&ending, two.f.store);
    ending_compare(&ending, hub.f.store, one.f.store, one.made);
    ending_compare(&ending, hub.f.store, two.f.store, two.made);
    ending_say(&ending, "25 26");
    arena_free(&arena);
    end();
}

/* A centre that says its own name, under a number of another's. */
static void number_of_another(void)
{
    static const uint8_t none[HASH_SIZE];
    char number[24], json[256];
    struct arena *arena = arena_new();
    struct store_verdict *verdicts;
    size_t count;
    begin();
    pair_submit(&one, NULL);
    int64_t from = one.have.seq + 1;
    store_number_make("DA01-004", number);
    must(str_format(json, sizeof json, "{\"number\":\"%s\",\"centre\":\"DA01-003\"}", number));
    poison_json(&one, "DA01-003", json, none);
    must(pair_sync(&hub, &one));
    must(store_feed_verdicts(hub.f.store, &one.f.office.node, 1, from, one.have.seq, arena,
                             &verdicts, &count));
    tap_ok(count == 1 && verdicts[0].why == FEED_WHY_FOREIGN,
           "a number of another centre's is foreign, whoever says it");
    arena_free(&arena);
    end();
}

/* 22 */
static void clocks(void)
{
    static const int64_t moments[] = {0,
                                      1000,
                                      1700000000000 - 86400000,
                                      1700000000000 + 31536000000,
                                      4102444800000,
                                      1709251199999 /* the end of a leap day */};
    begin();
    for (size_t i = 0; i < SND_COUNT(moments); i++) {
        one.f.actor.at = moments[i];
        pair_submit(&one, NULL);
    }
    tap_is_int(pair_sync(&hub, &one), 0, "22: whatever a centre's clock says, its order stands");
    tap_is_int((long)fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM event WHERE type ="
                                             " 'request.submitted' AND t < 100000"),
               2, "22: its own time is kept");
    tap_is_int((long)fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM event WHERE type = 'feed.taken'"
                                             " AND t BETWEEN 1690000000000 AND 1710000000000"
                                             " AND t > 0") > 0,
               1, "22: and so is the hub's");
    tap_is_int(pair_wrong(&hub, both, 2), 0, "22: all books are whole");
    pair_ends(&hub, both, 2, "22");
    end();
}

/* 32 */
static void tampered(void)
{
    struct store_purge what = {.class = "all", .before = INT64_MAX};
    static const char *const services[] = {"MZ-01"};
    struct store_purged purged;
    begin();
    for (int i = 0; i < 4; i++)
        pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    what.service = services;
    what.services = 1;
    must(store_purge(one.f.store, &what, &purged, &one.f.actor));
    tap_ok(purged.requests == 4, "32: a centre lets go of what the hub has");
    pair_submit(&one, NULL);
    must(store_purge(one.f.store, &what, &purged, &one.f.actor));
    tap_ok(purged.requests == 0, "32: and of nothing that the hub hasn't");
    must(pair_sync(&hub, &one));
    tap_is_int(pair_wrong(&hub, both, 2), 0,
               "32: purged at the centre: whole, and whole at the hub");
    fixture_again(&hub.f, STORE_WRITE);
    must(store_purge(hub.f.store, &what, &purged, &hub.f.actor));
    tap_ok(purged.requests == 5, "32: the hub lets go of its own");
    tap_is_int(fixture_findings(&hub.f, ""), 0, "32: and is whole");
    static const char *const spoils[] = {
        "UPDATE event SET day = day + 1 WHERE type = 'request.submitted' AND rowid = (SELECT"
        " MAX(rowid) FROM event WHERE type = 'request.submitted')",
        "DELETE FROM event WHERE type = 'form.loaded' AND centre = 'DA01-003'",
        "INSERT INTO event SELECT node, epoch, seq + 1, zeroblob(16), tx, rev, type, actor, centre,"
        " peer, t, day, form, payload_sha, payload, hash FROM event e WHERE centre = 'DA01-003'"
        " AND seq = (SELECT MAX(seq) FROM event WHERE node = e.node)",
        "UPDATE request SET state = 'approved'",
        "DELETE FROM quarantine; DELETE FROM node WHERE centre = 'DA01-003'",
    };
    fixture_keep(&hub.f);
    for (size_t i = 0; i < SND_COUNT(spoils); i++) {
        fixture_restore(&hub.f);
        fixture_raw(&hub.f, spoils[i]);
        tap_ok(fixture_findings(&hub.f, "") > 0, "32: found at the hub: %.40s", spoils[i]);
    }
    tampered_chain();
    fixture_restore(&hub.f);
    must(store_open(hub.f.path, STORE_WRITE, hub.f.vault, &hub.f.store));
    pair_ends(&hub, both, 2, "32");
    end();
}

/* B5 */
static void forged(void)
{
    struct parcel good, bad;
    struct store_feed_head before, after;
    struct store_place have;
    uint8_t key[SIGN_PUBLIC], secret[SIGN_SECRET];
    int taken = 0;
    begin();
    pair_submit(&one, NULL);
    pair_submit(&one, NULL);
    must(parcel_make(&one, 20000, &good));
    must(store_feed_head(hub.f.store, &one.f.office.node, &before));
    sign_new(key, secret);
    for (int i = 0; i < 10000; i++) {
        parcel_copy(&good, &bad);
        struct store_feed_taking *t = &bad.taking;
        uint8_t bit = (uint8_t)(1u << random_below(8));
        switch (i % 8) {
        case 0:
        case 1:
        case 2:
            bad.bytes[random_below((uint32_t)t->len)] ^= bit;
            break;
        case 3:
            t->signature[random_below(SIGN_SIZE)] ^= bit;
            break;
        case 4:
            t->head[random_below(HASH_SIZE)] ^= bit;
            break;
        case 5: /* another's key */
            sign_make(secret, t->head, HASH_SIZE, t->signature);
            break;
        case 6: /* another centre's */
            t->node = two.f.office.node;
            break;
        case 7:
            t->epoch += 1 + random_below(3);
            break;
        }
        enum feed_code code = parcel_take(&hub, &bad, &have);
        taken += code == FEED_OK;
        parcel_free(&bad);
    }
    must(store_feed_head(hub.f.store, &one.f.office.node, &after));
    tap_is_int(taken, 0, "B5: of 10000 forged, foreign and damaged runs none is taken");
    tap_is_int(after.at.seq, before.at.seq, "B5: nothing of them is there");
    parcel_free(&good);
    tap_is_int(pair_sync(&hub, &one), 0, "B5: the true one is");
    tap_is_int(fixture_findings(&hub.f, ""), 0, "B5: the book is whole");
    end();
}

/* B6 */
static void two_histories(void)
{
    struct store_node node;
    struct parcel first, second;
    struct store_place have;
    begin();
    must(pair_sync(&hub, &one));
    fixture_keep(&one.f);
    must(store_open(one.f.path, STORE_WRITE, one.f.vault, &one.f.store));
    pair_submit(&one, NULL);
    must(parcel_make(&one, 20000, &first));
    fixture_restore(&one.f);
    must(store_open(one.f.path, STORE_WRITE, one.f.vault, &one.f.store));
    pair_submit(&one, NULL);
    must(parcel_make(&one, 20000, &second));
    tap_ok(parcel_take(&hub, &first, &have) == FEED_OK, "B6: the first of two histories is taken");
    tap_ok(parcel_take(&hub, &second, &have) == FEED_FORK,
           "B6: the second, signed by the same centre, is refused");
    must(store_node_get(hub.f.store, &one.f.office.node, &node));
    tap_ok(feed_signed(node.sign_key, &node.id, 1, second.last, second.taking.head,
                       second.taking.signature) &&
               fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM event WHERE type = 'node.forked'") ==
                   1,
           "B6: both ends with their signatures stand in the hub's trail");
    tap_ok(parcel_take(&hub, &first, &have) == FEED_OK,
           "B6: who goes on with the known history is heard");
    parcel_free(&first);
    parcel_free(&second);
    end();
}

/* A centre has lost its book. */
static void lost(void)
{
    struct pair back;
    struct store_feed_run run;
    struct store_place after = {0};
    int64_t last;
    int err = 0;
    begin();
    rule(&hub, "قرار");
    for (int i = 0; i < 5; i++)
        pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    must(pair_sync(&hub, &one));
    back = one;
    store_close(&one.f.store);
    fixture_remove(one.f.path);
    must(store_open(back.f.path, STORE_CREATE, back.f.vault, &back.f.store));
    do {
        struct store_feed_taking taking = {.node = back.f.office.node};
        struct buf bytes = BUF_INIT(1 << 20);
        must(store_feed_up(hub.f.store, &taking.node, &after, 0, 1 << 20, 1, &bytes, &run));
        taking.epoch = run.epoch;
        taking.first = run.first;
        taking.run = bytes.data;
        taking.len = bytes.len;
        memcpy(taking.before, run.before, HASH_SIZE);
        memcpy(taking.head, run.hash, HASH_SIZE);
        err = store_feed_back(back.f.store, &taking, &last);
        after = (struct store_place){run.epoch, run.last};
        buf_free(&bytes);
    } while (err == 0 && run.more);
    tap_is_int(err, 0, "a centre without a book gets its own back");
    must(store_feed_returned(back.f.store, 2, &back.f.actor));
    back.f.office.epoch = 2;
    one = back;
    one.have = (struct store_place){0};
    pair_join(&hub, &one);
    pair_submit(&one, NULL);
    tap_is_int(pair_sync(&hub, &one), 0, "and works on in an epoch of its own");
    tap_is_int(pair_wrong(&hub, both, 2), 0, "with every request, and whole books");
    end();
}

/* ---- what a hub tells of several chains ---- */

#define TOLD 40
/* A whole trail in pages of so many. */
static size_t told(enum trail_of of, const char *key, size_t page, struct store_event *out)
{
    struct arena *arena = arena_new();
    struct store_trail ask = {
        .of = of, .key = key, .max = page, .before = {.epoch = INT64_MAX, .seq = INT64_MAX}};
    struct store_event *event;
    size_t all = 0, count;
    do {
        must(store_trail(hub.f.store, &ask, arena, &event, &count));
        for (size_t i = 0; i < count && all < TOLD; i++) {
            out[all++] = event[i];
            ask.before = event[i].at;
        }
    } while (count == page && all < TOLD);
    arena_free(&arena);
    return all;
}

static int falling(const struct store_event *event, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 1; i < count; i++)
        wrong += event[i].t > event[i - 1].t;
    return wrong == 0;
}

static size_t of_centre(const struct store_event *event, size_t count, const char *centre)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += strcmp(event[i].centre, centre) == 0;
    return found;
}

/* One person served by turns at two centres, whose clerks have the same name. */
static void trails(void)
{
    static struct store_event whole[TOLD], paged[TOLD];
    struct store_account clerk = {.account = "huda", .role = "clerk", .lang = "ar"};
    must(str_copy(clerk.name, sizeof clerk.name, "هدى"));
    must(str_copy(clerk.centre, sizeof clerk.centre, "DA01-003"));
    begin();
    for (int i = 0; i < 12; i++) {
        struct pair *centre = both[i % 2];
        centre->made = 0;
        centre->f.actor.at = 1700000000000 + i * 60000;
        pair_submit(centre, NULL);
    }
    one.made = two.made = 6;
    must(pair_sync(&hub, &two));
    must(pair_sync(&hub, &one));
    hub.f.actor.at = 1700000000000 + 12 * 60000;
    must(store_account_add(hub.f.store, &clerk, &hub.f.actor));
    must(pair_sync(&hub, &one));
    must(pair_sync(&hub, &two));
    size_t count = told(TRAIL_PERSON, "7000000", TOLD, whole);
    tap_is_int((int64_t)count, 12, "a hub tells of a person what both centres did");
    tap_ok(falling(whole, count) && of_centre(whole, 2, "DA01-003") == 1,
           "by time, however it came to the hub");
    int same = 1;
    for (size_t page = 1; page < 13; page += 2) {
        same &= told(TRAIL_PERSON, "7000000", page, paged) == count;
        for (size_t i = 0; i < count; i++)
            same &= id_equal(&whole[i].id, &paged[i].id);
    }
    tap_ok(same, "page by page the same, whatever their size");
    count = told(TRAIL_ACCOUNT, "huda", 5, whole);
    tap_ok(count > 6 && falling(whole, count) && of_centre(whole, count, "DA01-004") == 0 &&
               of_centre(whole, count, "DA01-003") >= 6,
           "of a clerk what was done at her centre, and not by another of that name");
    size_t added = 0;
    for (size_t i = 0; i < count; i++)
        added += strcmp(whole[i].type, "account.added") == 0;
    tap_is_int((int64_t)added, 1, "what went down and came up again is told once");
    struct arena *arena = arena_new();
    struct store_event one_event, other;
    must(store_event_get(hub.f.store, &paged[0].at, arena, &one_event));
    must(store_event_get(hub.f.store, &paged[1].at, arena, &other));
    tap_ok(id_equal(&one_event.id, &paged[0].id) && id_equal(&other.id, &paged[1].id) &&
               strcmp(one_event.centre, other.centre) != 0,
           "events of two centres at the same place of their chains are told apart");
    arena_free(&arena);
    tap_is_int(pair_wrong(&hub, both, 2), 0, "and all books are whole");
    end();
}

int main(void)
{
    straight();
    forms();
    forks();
    restored();
    hub_restored();
    unknown();
    poisoned();
    number_of_another();
    clocks();
    tampered();
    forged();
    two_histories();
    lost();
    trails();
    return tap_done();
}
