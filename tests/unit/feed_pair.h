/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FEED_PAIR_H
#define TESTS_FEED_PAIR_H
/* The book of a hub and those of its centres in one program: what a sync does, without a ledger and
 * a network, so that a history of many faults takes a moment. */
#include "store/feed.h"
#include "tests/unit/store_fixture.h"
struct pair {
    struct fixture f;
    struct store_place have; /* of a centre: what the hub is known to have */
    int whole;
    int made; /* requests */
};
/* A run as it travels. */
struct parcel {
    struct store_feed_taking taking;
    uint8_t *bytes;
    int64_t last;
    int more;
};
void pair_open(struct pair *pair, const char *centre);
void pair_close(struct pair *pair);
void pair_join(struct pair *hub, struct pair *centre);
/* One request: its number into number[24] unless NULL. */
void pair_submit(struct pair *centre, char *number);
/* What the centre would send now: SND_E_CONFLICT. */
int parcel_make(struct pair *centre, size_t max, struct parcel *out);
void parcel_copy(const struct parcel *from, struct parcel *to);
void parcel_free(struct parcel *parcel);
/* What the ledger of a hub does with it: a code, and *have. */
enum feed_code parcel_take(struct pair *hub, const struct parcel *parcel, struct store_place *have);
/* The same; 0 and *code, or what the hub's disk had against it. */
int parcel_try(struct pair *hub, const struct parcel *parcel, struct store_place *have,
               enum feed_code *code);
/* The way down: everything after the centre's cursor. */
int pair_down(struct pair *hub, struct pair *centre);
/* Up and down until both have all: FEED_OK, or the code that stopped it; < 0 an error. */
int pair_sync(struct pair *hub, struct pair *centre);
/* How these faults end, after a last sync with each of the centres. A request that a centre's book has
 * lost with its disk is at the hub. */
void pair_ends(struct pair *hub, struct pair *const *centre, size_t count, const char *faults);
/* 0 when both checks find nothing and the hub has each of the centres' requests once. */
int pair_wrong(struct pair *hub, struct pair *const *centre, size_t count);
#endif
