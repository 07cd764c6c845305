/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UI_TRAIL_H
#define UI_TRAIL_H
/* What the screens of trails share: how events are told in words. */
#include "ui/ui_priv.h"
/* What happened, a payload's member, and its value, in the session's language; borrowed. */
const char *trail_deed(const char *type);
const char *trail_member(const char *name);
const char *trail_value(const char *member, const char *value);
/* "Closed: from 0 to 1", "State: queued", ""; in the paint's arena. */
const char *trail_change(struct ui *ui, const char *member, const char *was, const char *now);
/* A moment to the second, as clocks in Muscat show it, or in UTC. */
const char *trail_clock(struct ui *ui, int64_t utc_ms, int utc);
/* A digit on an event: opens the trail of its request, actor, person or session. */
unsigned trail_follow(struct ui *ui, const struct book_where *place, uint32_t point);
#endif
