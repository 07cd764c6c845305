/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_PAPERS_PRIV_H
#define SYNC_PAPERS_PRIV_H
/* A centre's documents on their way to the hub and from it: one piece of one document a step, so that
 * an event that is made in between goes first. */
#include "base/hash.h"
#include "book/book.h"
#include "sync/carrier_priv.h"
#include "sync/pace_priv.h"
struct papers {
    struct pace pace;
    uint8_t sha[HASH_SIZE]; /* the one under way */
    int64_t at;             /* the hub has so much of it; -1 = it is to be asked */
    int64_t later;          /* nothing to be done before then, clock_mono_ms() */
    int unsure;             /* after a failure: ask before sending */
    int spoiled;            /* it arrived as something else, so many times in a row */
    uint32_t put_by;        /* of those to be sent, from the smallest: so many that can't go now */
    uint32_t passed;        /* of the documents that we lack: so many the hub lacks, too */
};
void papers_begin(struct papers *papers);
/* One step. *did: something was sent or got. Trouble of the line ends it until the line is good. */
enum trouble papers_step(struct papers *papers, struct book *book, struct carrier *carrier, int *did);
#endif
