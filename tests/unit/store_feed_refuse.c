/* SPDX-License-Identifier: Apache-2.0
 * What a hub and its centre refuse of one another, where one condition alone stands between: each
 * point here is of one guard that no other makes up for. The numbers are those of the list of
 * faults that a line must survive. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "store/feed_priv.h"
#include "store/keep.h"
#include "tests/tap.h"
#include "tests/unit/feed_pair.h"

static struct pair hub, one;

static void open_again(void)
{
    must(store_open(one.f.path, STORE_WRITE, one.f.vault, &one.f.store));
}

static void begin(void)
{
    pair_open(&hub, "MU01-001");
    pair_open(&one, "DA01-003");
    pair_join(&hub, &one);
}

/* A hub and a centre whose disk was cloned when both had the same; the centre has gone on since,
 * and what is open now is the clone. The place that the hub has then. */
static struct store_place begin_cloned(void)
{
    begin();
    pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    fixture_keep(&one.f);
    open_again();
    pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    struct store_place known = one.have;
    fixture_restore(&one.f);
    open_again();
    return known;
}

static void end(void)
{
    pair_close(&hub);
    pair_close(&one);
}

/* What the hub says to the run that the clone would send after that place, as if it had heard that
 * the hub is there; nothing of it may be taken. */
static int refused(const struct store_place *after, const struct store_place *known)
{
    struct parcel parcel;
    struct store_place have = {0};
    one.have = *after;
    must(parcel_make(&one, 20000, &parcel));
    enum feed_code code = parcel_take(&hub, &parcel, &have);
    parcel_free(&parcel);
    if (code != FEED_FORK)
        tap_note("code %d", (int)code);
    return code == FEED_FORK && place_order(&have, known) == 0 && fixture_findings(&hub.f, "") == 0;
}

/* The clone has made more than the office, so nothing that it sends is known at the hub. */
static void another_past(void)
{
    struct store_place known = begin_cloned();
    while (fixture_raw_int(&one.f, "SELECT MAX(seq) FROM head") <= known.seq + 1)
        pair_submit(&one, NULL);
    tap_ok(refused(&known, &known),
           "19: a copy that goes on from where the hub is, but from another past, is refused");
    end();
}

/* The clone has made as much as the office, and begins an epoch behind that. */
static void another_beginning(void)
{
    struct store_place known = begin_cloned();
    while (fixture_raw_int(&one.f, "SELECT MAX(seq) FROM head") < known.seq)
        pair_submit(&one, NULL);
    must(store_restored(one.f.store, 2, &one.f.actor));
    one.f.office.epoch = 2;
    tap_ok(refused(&known, &known),
           "18: an epoch that begins behind a place which nobody has is refused");
    end();
}

/* The office was put back from its backup and has begun an epoch; its old disk is still there, and
 * goes on from what the hub has of it. */
static void old_epoch(void)
{
    begin();
    pair_submit(&one, NULL);
    must(pair_sync(&hub, &one));
    struct store_place before = one.have;
    fixture_keep(&one.f); /* the old disk */
    open_again();
    must(store_restored(one.f.store, 2, &one.f.actor));
    one.f.office.epoch = 2;
    must(pair_sync(&hub, &one));
    struct store_place known = one.have;
    fixture_restore(&one.f);
    open_again();
    one.f.office.epoch = 1;
    pair_submit(&one, NULL);
    tap_ok(refused(&before, &known),
           "18: who goes on with an epoch after a newer one has begun is refused");
    end();
}

/* An event at the end of that side's chain, as a broken program would make it. */
static void poison(struct pair *pair, const char *type, const struct id *of, int64_t rev,
                   const char *json, struct event *event)
{
    static const char salt[] = "0123456789abcdef";
    struct buf bytes = BUF_INIT(4096);
    struct id id = id_new();
    *event = (struct event){
        .epoch = pair->f.office.epoch, .t = pair->f.actor.at, .day = 19676, .rev = rev};
    memcpy(event->node, pair->f.office.node.b, ID_SIZE);
    memcpy(event->id, id.b, ID_SIZE);
    memcpy(event->tx, of == NULL ? id.b : of->b, ID_SIZE);
    must(str_copy(event->type, sizeof event->type, type));
    must(str_copy(event->actor, sizeof event->actor, "huda"));
    must(str_copy(event->centre, sizeof event->centre, pair->f.office.centre));
    buf_puts(&bytes, salt);
    buf_puts(&bytes, json);
    must(store_batch_begin(pair->f.store));
    must(event_keep(pair->f.store, event, bytes.data, bytes.len));
    must(event_feed(pair->f.store, event, DOWN_EVERYONE, NULL));
    must(store_batch_commit(pair->f.store));
    buf_free(&bytes);
}

/* One centre says of another's request that it is cancelled: by its next revision, and from a state
 * that allows it. */
static void of_another(void)
{
    char number[24], json[256];
    struct store_request row;
    struct event event;
    char *values = NULL;
    struct pair two;
    begin();
    pair_open(&two, "DA01-004");
    pair_join(&hub, &two);
    pair_submit(&one, number);
    must(pair_sync(&hub, &one));
    must(store_request_get(hub.f.store, &store_reach_all, number, &row, &values));
    x_free(&values);
    must(str_format(json, sizeof json, "{\"number\":\"%s\",\"state\":\"cancelled\"}", number));
    poison(&two, "request.moved", &row.id, 2, json, &event);
    must(pair_sync(&hub, &two));
    must(store_request_get(hub.f.store, &store_reach_all, number, &row, &values));
    x_free(&values);
    tap_ok(strcmp(row.state, "at_hub") == 0 && row.rev == 1 &&
               fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM conflict") == 1 &&
               fixture_findings(&hub.f, "") == 0,
           "27: a centre that moves another's request moves nothing, and a person sees it");
    pair_close(&two);
    end();
}

/* The second of two requests with one number is counted before its row is refused. */
static void half_taken(void)
{
    char number[24], json[256];
    struct event event;
    int64_t requests = 0;
    begin();
    pair_submit(&one, number);
    must(str_format(json, sizeof json,
                    "{\"number\":\"%s\",\"centre\":\"DA01-003\",\"service\":\"MZ-01\"}", number));
    poison(&one, "request.submitted", NULL, 1, json, &event);
    pair_submit(&one, NULL);
    tap_is_int(pair_sync(&hub, &one), 0, "25: a second request with one number stops nobody");
    must(store_request_count(hub.f.store, "DA01-003", &requests));
    tap_ok(requests == 2 && fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM quarantine") == 1 &&
               fixture_findings(&hub.f, "") == 0,
           "25: of an event that is held back the hub's rollups count nothing");
    end();
}

/* What the hub sends down may be wrong, too: it is named, and what comes after it is taken. */
static void wrong_from_above(void)
{
    struct store_ruling ruling = {
        .service = "MZ-01", .opens = 1, .from = 19676, .to = 19700, .reason = "قرار"};
    struct event event;
    begin();
    poison(&hub, "request.clashed", NULL, 1,
           "{\"event\":\"00112233445566778899aabbccddeeff\",\"lost\":\"cancelled\","
           "\"state\":\"a state that is much too long to be one\"}",
           &event);
    must(store_service_rule(hub.f.store, &ruling, NULL, &hub.f.actor));
    tap_is_int(pair_sync(&hub, &one), 0, "25: what a hub says and can't be stops no centre");
    tap_ok(store_service_ruling(one.f.store, "MZ-01", 19680, &ruling) == 0 &&
               fixture_raw_int(&one.f, "SELECT COUNT(*) FROM event"
                                       " WHERE type = 'feed.refused'") == 1,
           "25: it is named at the centre, and what came after it is there");
    tap_ok(fixture_raw_int(&one.f, "SELECT COUNT(*) FROM conflict") == 0 &&
               fixture_findings(&one.f, "") == 0,
           "25: and nothing half done of it is left");
    end();
}

int main(void)
{
    another_past();
    another_beginning();
    old_epoch();
    of_another();
    half_taken();
    wrong_from_above();
    return tap_done();
}
