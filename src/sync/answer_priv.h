/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_ANSWER_PRIV_H
#define SYNC_ANSWER_PRIV_H
/* What a hub has answered with events: a head, and behind it the run, squeezed together. */
#include <stddef.h>
#include "base/attr.h"
#include "base/buf.h"
#include "sync/carrier_priv.h"

/* What is wrong when a request came to this end: TROUBLE_NONE is an answer to be opened. */
enum trouble answer_judge(const struct carried *carried);
/* How a head is read, into `head`: message_get_down() and its like. */
typedef int answer_head(const void *bytes, size_t len, void *head);
/* Opens the answer, of which no more than `most` bytes may come: its head is read into `head`, its
 * run put behind what is in `run` (of which a part may be there when it is not TROUBLE_NONE). */
SND_MUST enum trouble answer_open(const struct buf *answer, size_t most, answer_head *read,
                                  void *head, struct buf *run);
#endif
