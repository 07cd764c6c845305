/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_MEMO_PRIV_H
#define STORE_MEMO_PRIV_H
/* What the writer has looked up and needs again for nearly every event. */
#include "store/tally_priv.h"

/* What is known has changed: it is looked up again. */
void memo_forget(struct store *store);
/* word_number(), weekends and holidays (1 = nobody works), and the office, by heart. */
SND_MUST int memo_word(struct store *store, const char *kind, const char *word, const char *parent,
                       int64_t *no);
SND_MUST int memo_rest(struct store *store, int32_t day, int *rest);
SND_MUST int memo_office(struct store *store, struct id *node, int64_t *epoch);
#endif
