/* SPDX-License-Identifier: Apache-2.0
 * What sanad doctor says of a centre's line to its hub, and of a hub's centres: the same as the
 * screens say, from the book alone. */
#include <inttypes.h>
#include <stdio.h>
#include "base/clock.h"
#include "base/mem.h"
#include "book/feed.h"
#include "cmd/cmd.h"
#include "cmd/doctor.h"
#include "cmd/keep.h"
#include "store/blob.h"
#include "store/feed.h"
#include "text/msg.h"

#define MINUTE_MS (60LL * 1000)
#define FRESH_MS (3 * MINUTE_MS)

/* What the hub's clock says of ours. */
static void say_skew(struct doctor *doctor, int64_t skew)
{
    int64_t off = skew < 0 ? -skew : skew;
    if (off > LINE_SKEW_MOST_MS)
        doctor_say(doctor, DOCTOR_BAD,
                   _("The clock differs from the hub's by %lld hours: set it, nothing can be "
                     "submitted before."),
                   (long long)(off / MINUTE_MS / 60));
    else if (off > LINE_SKEW_TOLD_MS)
        doctor_say(doctor, DOCTOR_WARNING,
                   _("The clock differs from the hub's by %lld minutes: set it."),
                   (long long)(off / MINUTE_MS));
}

/* "12 requests and 3 documents wait, the oldest for 40 minutes." or nothing. */
static void waiting_text(const struct store_feed_head *head, int64_t documents, char *out,
                         size_t size)
{
    int64_t minutes = head->oldest ? (clock_utc_ms() - head->oldest) / MINUTE_MS : 0;
    out[0] = '\0';
    if (head->requests > 0 || documents > 0)
        snprintf(out, size,
                 _("%lld requests and %lld documents wait, the oldest request for %lld minutes."),
                 (long long)head->requests, (long long)documents, (long long)minutes);
}

static void say_line(struct doctor *doctor, const struct store_line *line)
{
    struct store_feed_head head = {0};
    char when[KEEP_TIME], waiting[256];
    int64_t documents = 0;
    if (store_feed_own(doctor->store, &head) || store_blob_waiting(doctor->store, &documents))
        return;
    waiting_text(&head, documents, waiting, sizeof waiting);
    keep_time(line->last_ok, when);
    const char *why = line_trouble(line->error);
    if (*why)
        doctor_say(doctor, store_line_stopped(line) ? DOCTOR_BAD : DOCTOR_WARNING, "%s %s", _(why),
                   waiting);
    else if (clock_utc_ms() - line->last_ok > FRESH_MS)
        doctor_say(doctor, DOCTOR_WARNING, _("The hub was last heard of at %s. %s"),
                   line->last_ok ? when : "-", waiting);
    else
        doctor_say(doctor, DOCTOR_GOOD, _("The line to the hub is up. %s"), waiting);
    say_skew(doctor, line->skew_ms);
}

static void say_forms(struct doctor *doctor)
{
    int64_t replaced;
    if (store_forms_replaced(doctor->store, &replaced) == 0 && replaced > 0)
        doctor_say(doctor, DOCTOR_GOOD,
                   _("Texts of forms that are kept for what was filled in by them alone, since the "
                     "hub's stand now: %lld."),
                   (long long)replaced);
}

static void say_centres(struct doctor *doctor)
{
    struct store_nodes nodes;
    int64_t minutes = doctor->conf_read ? doctor->conf.hub_silent : 60;
    if (store_nodes(doctor->store, &store_reach_all, clock_utc_ms() - minutes * MINUTE_MS,
                    &nodes) ||
        nodes.joined == 0)
        return;
    if (nodes.silent > 0)
        doctor_say(
            doctor, DOCTOR_WARNING,
            _("Of %u centres %u were not heard of for %lld minutes, or have stopped: sanad hub "
              "nodes names them."),
            nodes.joined, nodes.silent, (long long)minutes);
    else
        doctor_say(doctor, DOCTOR_GOOD, _("All %u centres were heard of."), nodes.joined);
}

void doctor_line(struct doctor *doctor)
{
    struct store_line line;
    if (!doctor->store)
        return;
    if (store_line_get(doctor->store, &line) == 0 && line.url[0]) {
        say_line(doctor, &line);
        say_forms(doctor);
    } else {
        say_centres(doctor);
    }
}
