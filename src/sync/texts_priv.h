/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_TEXTS_PRIV_H
#define SYNC_TEXTS_PRIV_H
/* Texts of forms that a centre lacks, fetched from its hub. */
#include "book/book.h"
#include "sync/carrier_priv.h"
struct texts {
    int64_t later; /* nothing to be done before then, clock_mono_ms() */
    size_t passed; /* of those that we lack: so many the hub lacks, too */
};
/* One text. *did: something was got. Trouble of the line ends it until the line is good. */
enum trouble texts_step(struct texts *texts, struct book *book, struct carrier *carrier, int *did);
#endif
