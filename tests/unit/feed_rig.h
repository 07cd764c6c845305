/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FEED_RIG_H
#define TESTS_FEED_RIG_H
/* A hub and centres that have joined it, each with a real ledger, and the way between them in this
 * process: what a sync does, with a fault wherever a test wants one. */
#include "book/feed.h"
#include "tests/unit/ledger_rig.h"
struct side {
    struct rig rig;
    char centre[16];
    struct id node;
    uint8_t cert[HASH_SIZE];
    struct book *book;  /* as the part that speaks */
    struct book *clerk; /* of a centre */
    struct book_place have; /* what the hub is known to have */
    int whole;
    int64_t made; /* requests */
};
/* Made, started and logged in as the part: "hub", or "sync" of a centre. Ends the test program when
 * it can't be. */
void side_hub(struct side *side);
void side_centre(struct side *side, const char *centre);
void side_join(struct side *hub, struct side *centre);
/* After the ledger was stopped: starts it again. */
void side_start(struct side *side, const char *part);
void side_end(struct side *side);
/* One request of the clerk's: its number. */
int side_submit(struct side *centre, const char *name, char number[BOOK_NUMBER]);

/* One run from a centre to the hub, of at most `max` bytes: 0 and *out. */
struct carried {
    struct book_feed_run head; /* of its last frame; .run is not to be used */
    uint8_t before[HASH_SIZE];
    int64_t first;
    uint8_t *bytes;
    size_t len;
};
int carry_give(struct side *centre, size_t max, struct carried *out);
int carry_take(struct side *hub, const struct side *centre, const struct carried *run, struct book_feed_taken *out);
int carry_down(struct side *hub, struct side *centre, size_t max);
void carried_free(struct carried *run);
/* Everything up, everything down: 0, or what went wrong. */
int side_sync(struct side *hub, struct side *centre, size_t max);
/* Findings of a check after the ledger was stopped; it is started again. */
int side_check(struct side *side, const char *part, int64_t *requests);
/* How these faults end, after a last sync with each of the centres. The ledgers are stopped for good. */
void sides_end(struct side *hub, struct side *const *centre, size_t count, const char *faults);
#endif
