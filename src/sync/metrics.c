/* SPDX-License-Identifier: Apache-2.0
 * What the hub's web server counts: numbers by route and status, never who. In the text format of
 * Prometheus (version 0.0.4). */
#include <stdatomic.h>
#include "base/clock.h"
#include "base/log.h"
#include "book/agency.h"
#include "book/feed.h"
#include "sync/hub_priv.h"

#define ROUTES_MAX 64
enum outcome { INFORMED, DONE, MOVED, REFUSED, FAILED, OUTCOMES };
static const char *const outcomes[OUTCOMES] = {"1xx", "2xx", "3xx", "4xx", "5xx"};

static struct {
    _Atomic uint64_t requests[ROUTES_MAX][OUTCOMES];
    _Atomic uint64_t bytes_in[ROUTES_MAX], bytes_out[ROUTES_MAX], ms[ROUTES_MAX];
    _Atomic int64_t connections;
    _Atomic uint64_t refused;
} counts;

void metrics_count(const struct ask *ask, int64_t ms)
{
    size_t route = route_index(ask->route), class = (size_t)(ask->reply.status / 100 - 1);
    counts.requests[route][class < OUTCOMES ? class : FAILED]++;
    counts.bytes_in[route] += ask->body.len;
    counts.bytes_out[route] += ask->reply.body.len;
    counts.ms[route] += (uint64_t)ms;
    log_info("hub.answered", "route=%s status=%d in=%zu out=%zu ms=%d centre=%s", ask->route->name,
             ask->reply.status, ask->body.len, ask->reply.body.len, (int)ms,
             ask->route->who == ROUTE_CENTRE ? ask->peer.unit : "-");
}

void metrics_connections(int more)
{
    counts.connections += more;
}

void metrics_refused(void)
{
    counts.refused++;
}

static void head(struct buf *out, const char *name, const char *kind, const char *help)
{
    buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static void by_route(struct buf *out, const char *name, const char *help,
                     const _Atomic uint64_t values[])
{
    head(out, name, "counter", help);
    for (size_t i = 0; i < route_count(); i++)
        buf_printf(out, "%s{route=\"%s\"} %llu\n", name, route_at(i)->name,
                   (unsigned long long)values[i]);
}

/* What the ledger knows: centres by the words of the hub's screen, and the lines to agencies. */
static void centres(struct buf *out, struct book *book)
{
    struct book_line_state line;
    if (book_line_state(book, &line))
        return;
    head(out, "sanad_centres", "gauge", "Centres that have joined.");
    buf_printf(out, "sanad_centres %u\n", (unsigned)line.centres);
    head(out, "sanad_centres_silent", "gauge", "Those of them that are silent or stopped.");
    buf_printf(out, "sanad_centres_silent %u\n", (unsigned)line.silent);
}

static void requests_of(struct buf *out, const struct book_link *link, const char *state,
                        int64_t count)
{
    buf_printf(out, "sanad_agency_requests{agency=\"%s\",state=\"%s\"} %lld\n", link->agency, state,
               (long long)count);
}

static void agencies(struct buf *out, struct book *book, int64_t now)
{
    struct arena *arena = arena_new();
    struct book_link *list = NULL;
    size_t count = 0;
    if (book_agency_list(book, arena, &list, &count))
        count = 0;
    head(out, "sanad_agency_requests", "gauge",
         "Requests that wait for an agency or failed there.");
    for (size_t i = 0; i < count; i++) {
        requests_of(out, &list[i], "waiting", list[i].waiting);
        requests_of(out, &list[i], "failed", list[i].failed);
    }
    head(out, "sanad_agency_oldest_seconds", "gauge", "Age of the oldest that waits, 0 for none.");
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "sanad_agency_oldest_seconds{agency=\"%s\"} %lld\n", list[i].agency,
                   (long long)(list[i].oldest ? (now - list[i].oldest) / 1000 : 0));
    head(out, "sanad_agency_line", "gauge", "How the line to an agency stands: 1 at its word.");
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "sanad_agency_line{agency=\"%s\",state=\"%s\"} 1\n", list[i].agency,
                   book_link_word(&list[i], now));
    arena_free(&arena);
}

void metrics_text(struct buf *out, const struct hub *hub, struct book *book)
{
    head(out, "sanad_hub_requests_total", "counter", "Requests answered.");
    for (size_t i = 0; i < route_count(); i++)
        for (size_t k = 0; k < OUTCOMES; k++)
            if (counts.requests[i][k])
                buf_printf(out, "sanad_hub_requests_total{route=\"%s\",status=\"%s\"} %llu\n",
                           route_at(i)->name, outcomes[k],
                           (unsigned long long)counts.requests[i][k]);
    by_route(out, "sanad_hub_received_bytes_total", "Bytes of requests' bodies.", counts.bytes_in);
    by_route(out, "sanad_hub_sent_bytes_total", "Bytes of answers' bodies.", counts.bytes_out);
    by_route(out, "sanad_hub_milliseconds_total", "Time from a whole request to its answer.",
             counts.ms);
    head(out, "sanad_hub_connections", "gauge", "Connections open.");
    buf_printf(out, "sanad_hub_connections %lld\n", (long long)counts.connections);
    head(out, "sanad_hub_refused_total", "counter",
         "Connections ended because they were too slow.");
    buf_printf(out, "sanad_hub_refused_total %llu\n", (unsigned long long)counts.refused);
    head(out, "sanad_hub_waiting", "gauge", "Centres that wait for news.");
    buf_printf(out, "sanad_hub_waiting %d\n", wait_count());
    head(out, "sanad_hub_start_time_seconds", "gauge", "When this process began, Unix time.");
    buf_printf(out, "sanad_hub_start_time_seconds %lld\n", (long long)(hub->started / 1000));
    centres(out, book);
    agencies(out, book, clock_utc_ms());
}
