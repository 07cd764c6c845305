/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SEAT_H
#define STORE_SEAT_H
/* Seats: places that are counted, such as those of a Hajj campaign. What there is, is register
 * `campaign`: code, parent = the season, ar, en, note = how many seats. Who has one is decided in one place
 * alone, at the hub (or in an office that has none), one wish after the other. */
#include "store/store.h"

#define SEAT_CODE 32
struct store_seat {
    struct id request;
    char centre[16], season[SEAT_CODE];
    char campaign[SEAT_CODE], other[SEAT_CODE]; /* wanted first, and failing that; given: campaign */
    char state[12];                             /* wanted, given, refused, freed */
    char why[16]; /* of a refusal: full, unknown, person (has one already), over, foreign */
    int64_t at;
};
/* 1 where seats are counted: there are campaigns in the register, or a hub that may have some. */
int store_seats_counted(struct store *store);
/* The wish that comes with a request that is about to be submitted: event seat.wanted. SND_E_BAD:
 * what can't be a campaign's code. */
SND_MUST int store_seat_want(struct store *store, const struct id *request, const char *campaign, const char *other, const struct store_actor *actor);
/* Decides upon a wish that is open, where that is done here; nothing otherwise. Given or refused, each
 * is an event; a request without a seat is cancelled. */
SND_MUST int store_seat_decide(struct store *store, const struct id *request, const struct store_actor *actor);
/* SND_E_NOTFOUND: it wants none. */
SND_MUST int store_seat_get(struct store *store, const struct id *request, struct store_seat *out);

struct store_campaign {
    char code[64], season[SEAT_CODE], ar[256], en[256];
    int64_t seats, free, wanted; /* free: as of `at`; wanted: wishes that have no answer here */
    int64_t at;                  /* when the hub said so, UTC ms; 0 = as it is */
};
SND_MUST int store_campaign_list(struct store *store, struct arena *arena, struct store_campaign **out, size_t *count);
#endif
