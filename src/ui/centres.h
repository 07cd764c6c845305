/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_CENTRES_H
#define UI_CENTRES_H
/* How a centre of the hub stands, in sentences that say what to do; in the paint's arena. */
#include "book/feed.h"
#include "ui/ui_priv.h"
const char *centre_heard(struct ui *ui, const struct book_node *node, int64_t now);
const char *centre_waiting(struct ui *ui, const struct book_node *node); /* "" = not known */
const char *centre_clock(struct ui *ui, const struct book_node *node);   /* and its program */
#endif
