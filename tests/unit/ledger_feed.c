/* SPDX-License-Identifier: Apache-2.0
 * A centre and its hub with two ledgers and no network: events up, events down, and both books
 * whole in the end. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/feed_rig.h"

static void straight(struct side *hub, struct side *centre)
{
    char number[BOOK_NUMBER];
    int64_t requests = 0;
    struct book_feed_head own, there;
    struct book_line_state line;
    for (int i = 0; i < 20; i++)
        tap_ok(side_submit(centre, "سالم بن سعيد", number) == 0, "request %d", i + 1);
    tap_ok(book_line_state(centre->clerk, &line) == 0 && line.joined && line.requests == 20,
           "the clerk sees twenty waiting");
    tap_is_int(side_sync(hub, centre, FEED_RUN), 0, "a sync");
    tap_ok(book_feed_head(centre->book, NULL, &own) == 0 &&
               book_feed_head(hub->book, &centre->node, &there) == 0 &&
               there.at.seq == centre->have.seq && own.acked.seq == centre->have.seq,
           "both agree on what the hub has");
    tap_ok(own.requests == 0, "nothing waits");
    tap_is_int(side_sync(hub, centre, FEED_RUN), 0, "another");
    tap_is_int(side_check(hub, "hub", &requests), 0, "the hub's book is whole");
    tap_is_int(requests, 20, "with twenty requests");
    tap_is_int(side_check(centre, "sync", &requests), 0, "the centre's book is whole");
    tap_is_int(requests, 20, "with as many");
}

int main(void)
{
    struct side hub, centre;
    side_hub(&hub);
    side_centre(&centre, "DA01-003");
    side_join(&hub, &centre);
    straight(&hub, &centre);
    side_end(&hub);
    side_end(&centre);
    rig_remove(&hub.rig);
    rig_remove(&centre.rig);
    return tap_done();
}
