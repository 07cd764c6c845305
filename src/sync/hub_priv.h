/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_HUB_PRIV_H
#define SYNC_HUB_PRIV_H
/* The hub's web server, as its pages see it. A new page is one line of routes.def and a handler.
 *
 * Two threads of libmicrohttpd read and write sockets and wait for nobody. When a request is whole
 * it goes to a worker, a thread with a connection to the ledger of its own, which runs the handler
 * and may take its time. */
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/cert.h"
#include "base/id.h"
#include "book/agency.h"
#include "book/book.h"
#include "sync/pages.h"
#include "sync/sync.h"

/* Where a page is to be had, and by whom. */
enum route_side { ROUTE_LINE = 1, ROUTE_PAGES = 2, ROUTE_BOTH = 3 };
enum route_who {
    ROUTE_ANYONE, /* a handler may ask for a token */
    ROUTE_CENTRE, /* a certificate of our authority, for a centre; whether the ledger still knows it
                   * is the ledger's to say */
    ROUTE_LOCAL,  /* from this machine, and not handed on by a proxy */
};

#define REPLY_HEADERS 16
/* What a handler answers. Begins as 200, no body, no type. */
struct reply {
    int status;
    struct buf body;
    const char *type; /* Content-Type; NULL = none */
    struct {
        const char *name;
        char value[256];
    } header[REPLY_HEADERS];
    size_t headers;
};
void reply_header(struct reply *reply, const char *name, const char *value);
/* A status and one line of text for whoever looks at the wire. */
void reply_plain(struct reply *reply, int status, const char *line);
/* The status that stands for an error of the ledger's. */
void reply_error(struct reply *reply, int err);

struct visit;
struct hub;
/* One request. A handler may read all of it and change nothing but its reply. */
struct ask {
    struct hub *hub;
    const struct route *route;
    enum route_side side; /* on which it came */
    const char *method;
    const char *tail;       /* what follows the route's path: "" or, say, a hash */
    struct buf body;        /* whole */
    struct cert_facts peer; /* of ROUTE_CENTRE: unit is the centre's code */
    struct id node;         /* and name the node's id */
    struct book *book;      /* the worker's */
    struct reply reply;
    /* the server's own */
    void *connection;
    struct visit *visit;
    void *corked; /* the TLS session that keeps the answer back until it is whole */
    struct ask *next;
    char path[160];
    int64_t begun, until; /* clock_mono_ms(); of a wait: when it ends */
    int queued, finished;
};
/* A header or an argument behind `?` (NULL when absent); borrowed from the request. */
const char *ask_header(const struct ask *ask, const char *name);
const char *ask_argument(const struct ask *ask, const char *name);
/* The last of several headers of that name: a proxy puts its own behind what it was sent. */
const char *ask_last_header(const struct ask *ask, const char *name);
/* The address that the request came from, as text; "" when unknown. Never to be logged. */
void ask_address(const struct ask *ask, char *out, size_t size);

/* Whether the ledger still knows the centre that asks, by this certificate: 0 or SND_E_DENIED. */
SND_MUST int ask_known(const struct ask *ask);

struct route {
    const char *method,
        *path; /* a path that ends with '/' stands for what follows it, too; "*": any */
    enum route_side side;
    enum route_who who;
    size_t body_max;
    void (*handler)(struct ask *ask, struct reply *reply);
    const char *name; /* in logs and metrics */
    int later;        /* the handler sees to it that it is answered, some time (server_answer) */
};
/* NULL: there is none; then *status is 404 or 405. */
const struct route *route_find(enum route_side side, const char *method, const char *path,
                               int *status, const char **tail);
size_t route_count(void);
const struct route *route_at(size_t n);
size_t route_index(const struct route *route);

#define ROUTE(name, method, path, side, who, body_max, handler)                                    \
    void handler(struct ask *ask, struct reply *reply);
#define ROUTE_LATER ROUTE
#include "sync/routes.def"
#undef ROUTE
#undef ROUTE_LATER

/* ---- counting ---- */

/* One request was answered. */
void metrics_count(const struct ask *ask, int64_t ms);
void metrics_connections(int more);
void metrics_refused(void); /* before there was a request: too many, too slow */
/* All of it, with what the ledger says of centres and agencies: without, where it does not answer. */
void metrics_text(struct buf *out, const struct hub *hub, struct book *book);

/* ---- who waits for news (hub_wait.c) ---- */

/* How many are parked. */
int wait_count(void);
/* Answers those for whom there is something new, or who have waited long enough. */
void wait_watch(struct book *book);
/* Answers all of them: the end. */
void wait_let_go(void);

/* ---- the server ---- */

struct hub {
    const struct hub_args *args;
    struct id id;    /* this node */
    int64_t started; /* UTC ms */
    struct pages *pages;
};
/* A connection to the ledger as the hub's process; waits until the ledger is there. NULL when the
 * process is to end. */
struct book *hub_book(const struct hub_args *args);
/* Starts threads and takes connections / ends them. */
SND_MUST int server_start(struct hub *hub);
void server_stop(void);
/* Answers one with its reply. Nothing of the ask may be touched afterwards. */
void server_answer(struct ask *ask);
/* Closes connections that are slower than anybody may be. Called about every second. */
void server_tidy(void);
#endif
