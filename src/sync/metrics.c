/* SPDX-License-Identifier: Apache-2.0
 * What the hub's web server counts: numbers by route and status, never who. In the text format of
 * Prometheus (version 0.0.4). */
#include <stdatomic.h>
#include "base/clock.h"
#include "base/log.h"
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

void metrics_text(struct buf *out, const struct hub *hub)
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
}
