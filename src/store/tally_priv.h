/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_TALLY_PRIV_H
#define STORE_TALLY_PRIV_H
/* What reports count. A request is a fact of 18 bytes: numbers of its service, clerk and state, the
 * minute and band of its day, its fees and its channel. The facts of one centre's day lie together in `tally`, in
 * the order in which they came and TALLY_PART in a row, so that a report reads only the days and
 * centres it is about, and each of these once, whatever it counts by. */
#include "store/event_priv.h"
#include "store/report.h"

enum tally_band { BAND_MORNING, BAND_EVENING, BAND_WEEKEND, BANDS };
#define FACT_SIZE 18
#define TALLY_PART 128   /* facts of a row */
#define TALLY_PARTS 8192 /* rows of a centre's day, at most */
#define FACT_WORDS 65536 /* numbers that a fact has room for; later words count as 0, "other" */
struct fact {
    uint16_t service, clerk, state; /* numbers of words */
    uint16_t n;                     /* how many such requests; 1 but in counted history */
    int minute, band, gender;       /* of the day; enum tally_band; 0 unknown, 1 man, 2 woman */
    int channel;                    /* place in store_channels[] */
    int64_t fee_agency, fee_centre; /* of each; a centre's below FACT_FEE */
};
/* The two bits above a centre's fee say the channel: no fee of a centre comes near a million rials. */
#define FACT_FEE_BITS 30
#define FACT_FEE (INT64_C(1) << FACT_FEE_BITS)
void fact_put(const struct fact *fact, uint8_t out[FACT_SIZE]);
/* The place of a word in store_channels[], or -1. */
int tally_channel(const char *word);
void fact_get(const uint8_t in[FACT_SIZE], struct fact *out);

/* A row of tally; facts are borrowed until the next row of its statement. */
struct tally_row {
    int64_t id;
    int32_t day;
    char centre[16];
    int past;
    int64_t n;
    const uint8_t *facts;
    size_t count; /* facts */
    size_t first; /* facts of the same day in the rows before */
};
#define TALLY_COLUMNS "id, day, centre, past, n, facts"
/* The day, the centre's word, the part and `past` in one: what is read together lies together. */
int64_t tally_id(int32_t day, int64_t centre, int64_t part, int past);
void tally_row(struct query *query, struct tally_row *out);
/* All facts of a centre's day, into `facts`: 0 or SND_E_NOTFOUND. */
SND_MUST int tally_find(struct db *db, int32_t day, const char *centre, int past,
                        struct buf *facts);
/* Adds facts (a run of FACT_SIZE bytes each) at the end of a centre's day; the place of the last
 * one into *place unless it is NULL. */
SND_MUST int tally_append(struct db *db, int32_t day, const char *centre, int past,
                          const struct buf *run, int64_t *place);
/* Counts a request that was submitted; its place among its day's facts into *place. */
SND_MUST int tally_add(struct store *store, const struct store_request *request, int64_t *place);
/* That request's fact is of another state from now on. */
SND_MUST int tally_restate(struct db *db, int32_t day, const char *centre, int64_t place,
                           const char *state);
/* Counts all requests of a book that was made before there were facts. */
SND_MUST int tally_first(struct store *store);
/* Tells the requests of a book that was made before they knew it the places of their facts. */
SND_MUST int tally_places(struct store *store);
/* Moves facts from rows that held a whole day each into parts. */
SND_MUST int tally_parts(struct store *store);

/* Number of a word: made when it is new / 0 and *no = 0 when there is none. */
SND_MUST int word_number(struct db *db, const char *kind, const char *word, const char *parent,
                         int64_t *no);
SND_MUST int word_find(struct db *db, const char *kind, const char *word, int64_t *no);
uint16_t word_in_fact(int64_t no);
/* Whether the tally says what the requests say, and every row as many as its facts: calls back with
 * what is wrong. Bands are left to a replay, since the calendar may have changed since. */
SND_MUST int tally_recount(struct db *db, void (*each)(void *arg, const char *finding), void *arg);
/* Which band of its day a moment is in, by the calendar as it is registered now. */
SND_MUST int band_of(struct db *db, int32_t day, int minute, int *band);
/* Whether nobody works on that day, by that calendar: 1 or 0. */
SND_MUST int rest_of(struct db *db, int32_t day, int *rest);
/* Days of the week on which nobody works: bit 0 is Sunday, from that day on. */
SND_MUST int weekend_of(struct db *db, int32_t day, unsigned *mask);

/* The register's rows of a kind, by code. */
struct query *register_walk(struct store *store, const char *kind);
void register_row(struct query *query, struct store_entry *out);
#endif
