/* SPDX-License-Identifier: Apache-2.0
 * The end of every fault: each acknowledged event is there once, the chain verifies, rollups equal
 * a recount, projections equal a replay. The check of a book says all of the last three, so its
 * findings are sorted by what they begin with; what is not of the chain or the recount came out of
 * the replay. tests/lib.sh has the same for end-to-end tests. */
#include "tests/ending.h"
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "store/feed_priv.h"
#include "tests/tap.h"

/* By how a finding begins. */
static long *kind_of(struct ending *ending, const char *finding)
{
    static const char *const chain[] = {"chain:", "payload:", "engine:"};
    for (size_t i = 0; i < SND_COUNT(chain); i++)
        if (strncmp(finding, chain[i], strlen(chain[i])) == 0)
            return &ending->chain;
    return strncmp(finding, "tally:", 6) == 0 ? &ending->tally : &ending->replay;
}

void ending_check(struct ending *ending, struct store *store)
{
    struct store_check check = {0};
    struct arena *arena = arena_new();
    int err = store_check(store, arena, &check);
    if (err) {
        tap_note("the check ended with: %s", err_text(err));
        ending->chain++;
    }
    for (size_t i = 0; i < check.findings; i++) {
        tap_note("finding: %s", check.finding[i]);
        ++*kind_of(ending, check.finding[i]);
    }
    ending->books++;
    ending->requests = check.requests;
    arena_free(&arena);
}

void ending_told(struct ending *ending, struct store *store, const char *number, size_t stride,
                 size_t count)
{
    int64_t told = 0;
    ending_check(ending, store);
    for (size_t i = 0; i < count; i++, number += stride) {
        struct store_request row;
        char *values = NULL;
        if (number[0] == '\0')
            continue;
        told++;
        ending->lost += store_request_get(store, &store_reach_all, number, &row, &values) != 0;
        x_free(&values);
    }
    ending->twice += ending->requests > told ? ending->requests - told : 0;
}

static int at_place(struct store *store, const struct store_office *own, int64_t epoch, int64_t seq,
                    struct event *event, uint8_t hash[HASH_SIZE])
{
    struct buf payload = BUF_INIT(4 * 1024 * 1024);
    int err = event_at(store, own->node.b, epoch, seq, event, &payload, hash);
    buf_free(&payload);
    return err;
}

/* Of no consequence but for the trail, as the end of a session is, which comes with a stop. */
static int is_kept(const struct event *event)
{
    enum event_type type;
    return event_type_find(event->type, &type) == 0 && event_up(type) == UP_KEPT;
}

/* The hub's last event of that centre is the centre's own at that place, and what the centre has
 * after it came from the hub, or has yet to go there and nobody was told of. */
static long events_lost(struct store *hub, struct store *centre, const struct store_office *office)
{
    struct store_feed_head there = {0}, own = {0};
    struct event event;
    uint8_t hash[HASH_SIZE];
    int err = store_feed_head(hub, &office->node, &there);
    if (!err)
        err = store_feed_own(centre, &own);
    if (!err && own.at.epoch != there.at.epoch)
        err = SND_E_NOTFOUND;
    if (!err)
        err = at_place(centre, office, there.at.epoch, there.at.seq, &event, hash);
    if (err || memcmp(hash, there.hash, HASH_SIZE) != 0)
        return 1;
    long lost = 0;
    for (int64_t seq = there.at.seq + 1; !err; seq++) {
        err = at_place(centre, office, there.at.epoch, seq, &event, hash);
        lost += !err && strncmp(event.peer, "hub ", 4) != 0 && !is_kept(&event);
    }
    return lost + (err != SND_E_NOTFOUND);
}

void ending_compare(struct ending *ending, struct store *hub, struct store *centre, int64_t made)
{
    struct store_office office = {0};
    int64_t here = 0, there = 0;
    int err = store_office_get(centre, &office);
    if (!err)
        err = store_request_count(centre, office.centre, &here);
    if (!err)
        err = store_request_count(hub, office.centre, &there);
    if (!err)
        ending->lost += events_lost(hub, centre, &office);
    ending->lost += err ? 1 : there < made ? made - there : 0;
    ending->twice += there > made ? there - made : 0;
    ending->twice += here > made ? here - made : 0;
    if (err || there != made || here > made)
        tap_note("%s: told of %lld, has %lld, the hub %lld", office.centre, (long long)made,
                 (long long)here, (long long)there);
}

void ending_say(const struct ending *ending, const char *faults)
{
    int good = ending->books > 0 && !ending->lost && !ending->twice && !ending->chain &&
               !ending->tally && !ending->replay;
    tap_note("%ld books: lost %ld, twice %ld; findings: chain %ld, rollups %ld, projections %ld",
             ending->books, ending->lost, ending->twice, ending->chain, ending->tally,
             ending->replay);
    for (const char *at = faults; *at; at += strspn(at, " ")) {
        int len = (int)strcspn(at, " ");
        tap_ok(
            good,
            "fault %.*s ends: acknowledged events once, chain verifies, rollups equal a recount, "
            "projections a replay",
            len, at);
        at += len;
    }
}
