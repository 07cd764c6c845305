/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_REPORT_PRIV_H
#define STORE_REPORT_PRIV_H
/* What reports are made of: dimensions, filters, and the walk over the tally's rows. */
#include "store/tally_priv.h"

enum dim_kind { DIM_PLACE, DIM_TIME, DIM_SERVICE, DIM_CLERK, DIM_STATE, DIM_BAND, DIM_CHANNEL };
struct report_dim {
    const char *word;
    enum dim_kind kind;
    int length;
    const char *names;
};
/* NULL when there is none of that word. */
const struct report_dim *report_dim(const char *word);
/* "government", "private" or "network": an agency's sector by the register, "-" when unknown. */
SND_MUST int report_sector(struct store *store, const char *agency, char out[16]);
extern const char *const report_bands[BANDS];

/* What must be true of a request to be counted. */
struct filter {
    const struct store_ask *ask;
    size_t places;
    const char *place[STORE_WHERES]; /* beginnings that a centre's code must have */
    const char *centre;              /* the one centre it is about, or NULL */
    unsigned bands, channels;        /* bit by each of them */
    uint8_t *service, *clerk, *state; /* by a word's number: 1 = counts; NULL = all do */
};
/* SND_E_BAD for a filter that can't be. Free with filter_free() in any case. */
SND_MUST int filter_make(struct store *store, const struct store_ask *ask, struct filter *out);
void filter_free(struct filter *filter);
int filter_place(const struct filter *filter, const char *centre);
/* 1 when a place (a centre, a wilayat, ...) has centres that count. */
int filter_overlaps(const struct filter *filter, const char *place);
static inline int filter_fact(const struct filter *filter, const struct fact *fact)
{
    return (filter->bands >> fact->band & 1u) != 0 &&
           (filter->channels >> fact->channel & 1u) != 0 &&
           (filter->service == NULL || filter->service[fact->service]) &&
           (filter->clerk == NULL || filter->clerk[fact->clerk]) &&
           (filter->state == NULL || filter->state[fact->state]);
}

/* The rows of the tally from a day to a day, oldest or newest first, of the filter's places. */
struct tally_walk {
    struct db *db;
    const struct filter *filter;
    int32_t day, last;   /* the next day of one centre; of all centres one range is all */
    int64_t centre;      /* its word, 0 = all */
    int64_t low, high;   /* ids that the caller wants */
    int newest;
    struct query *query; /* NULL between ranges */
};
SND_MUST int tally_walk_begin(struct db *db, const struct filter *filter, int32_t from, int32_t to,
                              int newest, struct tally_walk *out);
SND_MUST int tally_walk_next(struct tally_walk *walk, struct tally_row *row); /* 1, 0 or an error */
/* Ends it early too; gives back err. */
SND_MUST int tally_walk_end(struct tally_walk *walk, int err);
#endif
