/* SPDX-License-Identifier: Apache-2.0
 * Seats of campaigns: an office that has no hub gives its own at once; many centres that want the
 * same few seats at once, over lines that lose, repeat and reorder what they say, never get more
 * than there are, and every wish has one answer, the same on both sides. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "store/report.h"
#include "store/seat.h"
#include "tests/ending.h"
#include "tests/tap.h"
#include "tests/unit/feed_pair.h"

#define CENTRES 24
#define STEPS 1000

static void campaign(struct fixture *f, const char *code, const char *season, const char *seats)
{
    struct store_entry entry = {0};
    size_t added;
    must(str_copy(entry.code, sizeof entry.code, code));
    must(str_copy(entry.parent, sizeof entry.parent, season));
    must(str_copy(entry.ar, sizeof entry.ar, "حملة النور"));
    must(str_copy(entry.en, sizeof entry.en, "Al Noor"));
    must(str_copy(entry.note, sizeof entry.note, seats));
    must(store_register_enter(f->store, "campaign", &entry, 1, &added, &f->actor));
}

/* As the ledger does it: the wish, the request, the decision. */
static void want(struct pair *pair, int civil, const char *first, const char *other,
                 struct store_request *request)
{
    char number[16];
    memset(request, 0, sizeof *request);
    request->id = id_new();
    must(str_format(number, sizeof number, "%d", civil));
    must(store_seat_want(pair->f.store, &request->id, first, other, &pair->f.actor));
    must(fixture_submit(&pair->f, "سالم بن أحمد الحارثي", number, request));
    must(store_seat_decide(pair->f.store, &request->id, &pair->f.actor));
    pair->made++;
}

static const char *state_of(struct pair *pair, const struct store_request *request)
{
    static struct store_seat seat;
    return store_seat_get(pair->f.store, &request->id, &seat) ? "none" : seat.state;
}

static void cancel(struct pair *pair, const struct store_request *request)
{
    struct store_move move = {.state = "cancelled", .by = "clerk"};
    struct store_request row;
    must(store_request_row(pair->f.store, &store_reach_all, request->number, &row));
    if (strcmp(row.state, "queued") == 0 || strcmp(row.state, "at_hub") == 0)
        must(store_request_move(pair->f.store, &row, &move, &pair->f.actor));
}

static int64_t left(struct pair *pair, const char *code)
{
    struct store_campaign *list;
    size_t count;
    int64_t free = -1;
    struct arena *arena = arena_new();
    must(store_campaign_list(pair->f.store, arena, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].code, code) == 0)
            free = list[i].free;
    arena_free(&arena);
    return free;
}

static void alone(void)
{
    struct pair office;
    struct store_request a, b, c, d, e;
    pair_open(&office, "DA01-003");
    tap_ok(!store_seats_counted(office.f.store), "without campaigns no seat is counted");
    campaign(&office.f, "HC001", "1447", "1");
    campaign(&office.f, "HC002", "1447", "2");
    want(&office, 7100001, "HC001", "", &a);
    tap_is(state_of(&office, &a), "given", "an office without a hub gives a seat at once");
    tap_is_int(left(&office, "HC001"), 0, "and it is no longer free");
    want(&office, 7100002, "HC001", "", &b);
    tap_is(state_of(&office, &b), "refused", "the next one is refused");
    must(store_request_row(office.f.store, &store_reach_all, b.number, &b));
    tap_is(b.state, "cancelled", "and that request is over");
    want(&office, 7100003, "HC001", "HC002", &c);
    tap_is(state_of(&office, &c), "given", "the second choice is given where the first is full");
    want(&office, 7100001, "HC002", "", &d);
    tap_is(state_of(&office, &d), "refused", "a person has one seat a season");
    want(&office, 7100004, "HC009", "", &e);
    tap_is(state_of(&office, &e), "refused", "a campaign that isn't there has no seat");
    cancel(&office, &a);
    tap_is(state_of(&office, &a), "freed", "a cancelled request frees its seat");
    want(&office, 7100001, "HC001", "", &d);
    tap_is(state_of(&office, &d), "given", "which is given again, to the same person too");
    campaign(&office.f, "HC001", "1448", "1");
    want(&office, 7100001, "HC001", "", &e);
    tap_is(state_of(&office, &e), "given", "in another season a person has another seat");
    tap_is_int(fixture_findings(&office.f, ""), 0, "a replay gives the same");
    pair_close(&office);
}

static struct pair hub, centre[CENTRES];
static struct store_request asked[STEPS];
static int of[STEPS];
static uint64_t dice = 20171123;

static int roll(int sides)
{
    dice = dice * 6364136223846793005u + 1442695040888963407u;
    return (int)((dice >> 33) % (uint64_t)sides);
}

static int oversold(void)
{
    return fixture_raw_int(&hub.f,
                           "SELECT COUNT(*) FROM (SELECT s.campaign, COUNT(*) AS n FROM seat s"
                           " WHERE s.state = 'given' GROUP BY s.campaign) g JOIN register r"
                           " ON r.kind = 'campaign' AND r.code = g.campaign"
                           " WHERE g.n > CAST(r.note AS INTEGER)") != 0;
}

/* One message up, that may be lost, come twice, or come after a later one. */
static void carry(struct pair *from)
{
    static struct parcel late;
    static struct pair *late_from;
    struct parcel parcel;
    struct store_place have = {0};
    if (parcel_make(from, 3000, &parcel))
        return;
    int luck = roll(10);
    if (luck < 6 && parcel_take(&hub, &parcel, &have) == FEED_OK && luck < 4)
        from->have = have; /* else the answer is lost */
    if (luck == 5)
        (void)parcel_take(&hub, &parcel, &have);
    if (late_from && roll(3) == 0) {
        (void)parcel_take(&hub, &late, &have);
        parcel_free(&late);
        late_from = NULL;
    }
    if (!late_from && luck >= 4) {
        parcel_copy(&parcel, &late);
        late_from = from;
    }
    parcel_free(&parcel);
}

static int same_answers(int count)
{
    int wrong = 0;
    for (int i = 0; i < count; i++) {
        char there[16];
        must(str_copy(there, sizeof there, state_of(&hub, &asked[i])));
        if (strcmp(there, state_of(&centre[of[i]], &asked[i])) != 0 ||
            strcmp(there, "wanted") == 0) {
            tap_note("%s at the hub, %s at %s", there, state_of(&centre[of[i]], &asked[i]),
                     centre[of[i]].f.office.centre);
            wrong++;
        }
    }
    return wrong;
}

static void many(void)
{
    static struct pair *all[CENTRES];
    static const char *const codes[] = {"HC001", "HC002", "HC003"};
    int wrong = 0, wishes = 0;
    pair_open(&hub, "MU01-001");
    for (int i = 0; i < CENTRES; i++) {
        char code[16];
        must(str_format(code, sizeof code, "DA01-%03d", i + 10));
        pair_open(&centre[i], code);
        pair_join(&hub, &centre[i]);
        all[i] = &centre[i];
    }
    campaign(&hub.f, "HC001", "1447", "1");
    campaign(&hub.f, "HC002", "1447", "7");
    campaign(&hub.f, "HC003", "1447", "60");
    for (int step = 0; step < STEPS; step++) {
        int who = roll(CENTRES);
        if (roll(10) == 0 && wishes > 0) {
            int which = roll(wishes);
            cancel(&centre[of[which]], &asked[which]);
        } else {
            of[wishes] = who;
            want(&centre[who], 7200000 + roll(700), codes[roll(3)], roll(2) ? codes[roll(3)] : "",
                 &asked[wishes]);
            wishes++;
        }
        if (roll(3) == 0)
            carry(&centre[roll(CENTRES)]);
        if (roll(6) == 0)
            (void)pair_down(&hub, &centre[who]);
        if (step % 50 == 0)
            wrong += oversold();
    }
    for (int turn = 0; turn < 3; turn++)
        for (int i = 0; i < CENTRES; i++)
            wrong += pair_sync(&hub, &centre[i]) != 0;
    wrong += oversold();
    tap_is_int(wrong, 0, "many centres that choose at once never get more seats than there are");
    tap_is_int((long)fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM seat WHERE state = 'given'") -
                   (long)(68 - left(&hub, "HC001") - left(&hub, "HC002") - left(&hub, "HC003")),
               0, "what is free is what was not given");
    tap_ok(left(&hub, "HC001") == 0 || fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM seat WHERE"
                                                               " state = 'freed'") > 0,
           "and no seat stays empty that somebody wanted");
    tap_is_int((long)fixture_raw_int(&hub.f,
                                     "SELECT COUNT(*) FROM (SELECT tx FROM event WHERE type IN"
                                     " ('seat.given', 'seat.refused') AND node = (SELECT node"
                                     " FROM office) GROUP BY tx HAVING COUNT(*) <> 1)"),
               0, "every wish has one answer");
    tap_is_int(same_answers(wishes), 0, "the same at the hub and at its centre");
    tap_is_int((long)fixture_raw_int(&hub.f, "SELECT COUNT(*) FROM (SELECT l.mark FROM seat s JOIN"
                                             " lookup l ON l.request = s.request WHERE s.state ="
                                             " 'given' GROUP BY l.mark HAVING COUNT(*) > 1)"),
               0, "nobody has two");
    tap_is_int((long)left(&centre[0], "HC002"), (long)left(&hub, "HC002"),
               "a centre knows how many are free");
    pair_ends(&hub, all, CENTRES, "seats");
    pair_close(&hub);
    for (int i = 0; i < CENTRES; i++)
        pair_close(&centre[i]);
}

int main(void)
{
    alone();
    many();
    return tap_done();
}
