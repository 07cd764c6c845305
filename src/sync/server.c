/* SPDX-License-Identifier: Apache-2.0
 * libmicrohttpd, and what it lacks. Its threads must not wait, so a request that is whole is taken
 * off them (suspended) until a worker has answered it. A connection that is slower than anybody may
 * be is shut down from outside, whatever it is at: the handshake, headers, a body that comes byte
 * by byte. Who may not ask is refused at the headers, before one byte of a body is kept. */
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "sync/hub_priv.h"
#include "sync/pace_priv.h"
#include "sync/proof_priv.h"

#define WORKERS 4
#define POOL 2                /* threads of the line's socket loop */
#define CONNECTIONS 4096      /* on the line */
#define PAGE_CONNECTIONS 1024 /* on the public's side */
#define MEMORY 32768          /* a connection's headers and what of a body is under way */
#define SILENT_S 30           /* a stranger who says nothing */
#define CENTRE_SILENT_S 3600  /* a centre may keep its connection */
#define BEGIN_MS 15000        /* from the connection to whole headers */
#define SHORT 1024            /* bytes of a body */
#define LINE_QUEUE 1024       /* whole requests that may wait for a worker, of centres */
#define PAGE_QUEUE 128        /* and of the public, who shall not keep centres out */
#define LATE_MS 10000         /* who waits for so long waits for too much that is before him */
#define AGAIN_LEAST_S 2       /* who is turned away comes again after so long */
#define AGAIN_SPREAD_S 8      /* and up to so much more, not all in the same second */
#define TLS "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

enum phase { AT_HEADERS, AT_BODY, AT_WORK, AT_REST };
/* One connection. */
struct visit {
    struct visit *next, *before;
    int fd;
    enum phase phase;
    int known;        /* a centre has shown its certificate on it */
    int64_t since;    /* of this phase, clock_mono_ms() */
    int64_t patience; /* ms that the body may take */
};

static struct {
    struct hub *hub;
    struct MHD_Daemon *line, *pages;
    pthread_t worker[WORKERS];
    int workers;
    pthread_mutex_t lock; /* of everything below */
    pthread_cond_t some;
    struct ask *first, *last; /* whole requests, not yet begun */
    int queued[ROUTE_BOTH];   /* how many of each side */
    struct visit *visits;
    int stopping;
} server = {.lock = PTHREAD_MUTEX_INITIALIZER, .some = PTHREAD_COND_INITIALIZER};

/* ---- visits ---- */

static void phase(struct visit *visit, enum phase to)
{
    pthread_mutex_lock(&server.lock);
    visit->phase = to;
    visit->since = clock_mono_ms();
    pthread_mutex_unlock(&server.lock);
}

static void begin_visit(struct MHD_Connection *connection, void **context)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct visit *visit = x_alloc(sizeof *visit);
    visit->fd = info ? info->connect_fd : -1;
    visit->since = clock_mono_ms();
    pthread_mutex_lock(&server.lock);
    visit->next = server.visits;
    if (server.visits)
        server.visits->before = visit;
    server.visits = visit;
    pthread_mutex_unlock(&server.lock);
    metrics_connections(1);
    *context = visit;
}

static void end_visit(void **context)
{
    struct visit *visit = *context;
    pthread_mutex_lock(&server.lock);
    if (visit->before)
        visit->before->next = visit->next;
    else
        server.visits = visit->next;
    if (visit->next)
        visit->next->before = visit->before;
    pthread_mutex_unlock(&server.lock);
    metrics_connections(-1);
    x_free(&visit);
    *context = NULL;
}

static void on_connection(void *unused SND_UNUSED, struct MHD_Connection *connection,
                          void **context, enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        begin_visit(connection, context);
    else if (*context)
        end_visit(context);
}

/* Whether it has used up what anybody may take. A centre that rests costs nothing and may. */
static int too_slow(const struct visit *visit, int64_t now)
{
    int64_t took = now - visit->since;
    switch (visit->phase) {
    case AT_HEADERS:
        return took > BEGIN_MS;
    case AT_BODY:
        return took > visit->patience;
    case AT_REST:
        return took > (visit->known ? CENTRE_SILENT_S : SILENT_S) * 1000;
    case AT_WORK:
        break;
    }
    return 0;
}

void server_tidy(void)
{
    int64_t now = clock_mono_ms();
    pthread_mutex_lock(&server.lock);
    for (struct visit *visit = server.visits; visit; visit = visit->next) {
        if (visit->fd < 0 || !too_slow(visit, now))
            continue;
        shutdown(visit->fd, SHUT_RDWR); /* its thread sees the end and closes it */
        visit->fd = -1;
        metrics_refused();
    }
    pthread_mutex_unlock(&server.lock);
}

/* ---- requests ---- */

const char *ask_header(const struct ask *ask, const char *name)
{
    return MHD_lookup_connection_value(ask->connection, MHD_HEADER_KIND, name);
}

struct last {
    const char *name, *value;
};

static enum MHD_Result keep_last(void *arg, enum MHD_ValueKind kind SND_UNUSED, const char *name,
                                 const char *value)
{
    struct last *last = arg;
    if (strcasecmp(name, last->name) == 0)
        last->value = value;
    return MHD_YES;
}

const char *ask_last_header(const struct ask *ask, const char *name)
{
    struct last last = {name, NULL};
    MHD_get_connection_values(ask->connection, MHD_HEADER_KIND, keep_last, &last);
    return last.value;
}

const char *ask_argument(const struct ask *ask, const char *name)
{
    return MHD_lookup_connection_value(ask->connection, MHD_GET_ARGUMENT_KIND, name);
}

void ask_address(const struct ask *ask, char *out, size_t size)
{
    proof_address(ask->connection, out, size);
}

static void free_ask(struct ask **ask)
{
    buf_free(&(*ask)->body);
    buf_free(&(*ask)->reply.body);
    x_free(ask);
}

/* libmicrohttpd sends headers and body in two records of TLS. A short answer is kept back by the
 * session until on_completed(), and goes out in one. */
static void cork(struct MHD_Connection *connection, struct ask *ask)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (!info || !info->tls_session || ask->reply.body.len > SHORT)
        return;
    ask->corked = info->tls_session;
    gnutls_record_cork(ask->corked);
}

static void uncork(struct ask *ask)
{
    if (ask->corked && gnutls_record_uncork(ask->corked, 0) < 0 && ask->visit &&
        ask->visit->fd >= 0)
        shutdown(ask->visit->fd, SHUT_RDWR); /* it takes not even so much: it begins anew */
}

/* Gives the reply to libmicrohttpd, which then owns the body. */
static enum MHD_Result send_reply(struct MHD_Connection *connection, struct ask *ask)
{
    struct reply *reply = &ask->reply;
    char id[ID_TEXT];
    struct MHD_Response *response = MHD_create_response_from_buffer(
        reply->body.len, reply->body.len ? reply->body.data : NULL, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    id_text(&ask->hub->id, id);
    /* A centre knows whom it speaks to by the certificate: every byte counts on its line. */
    if (ask->route && ask->route->side == ROUTE_LINE)
        MHD_add_response_header(response, "Sanad-Hub", ask->route->who == ROUTE_CENTRE ? "1" : id);
    for (const struct pages_header *each = pages_headers; ask->side == ROUTE_PAGES && each->name;
         each++)
        MHD_add_response_header(response, each->name, each->value);
    if (reply->type)
        MHD_add_response_header(response, "Content-Type", reply->type);
    for (size_t i = 0; i < reply->headers; i++)
        MHD_add_response_header(response, reply->header[i].name, reply->header[i].value);
    cork(connection, ask);
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- workers ---- */

static struct ask *next_ask(void)
{
    pthread_mutex_lock(&server.lock);
    while (!server.first && !server.stopping)
        pthread_cond_wait(&server.some, &server.lock);
    struct ask *ask = server.first;
    if (ask) {
        server.first = ask->next;
        if (!server.first)
            server.last = NULL;
        ask->next = NULL;
        server.queued[ask->side]--;
    }
    pthread_mutex_unlock(&server.lock);
    return ask;
}

void server_answer(struct ask *ask)
{
    metrics_count(ask, clock_mono_ms() - ask->begun);
    ask->finished = 1;
    MHD_resume_connection(ask->connection);
}

static void *work(void *unused)
{
    struct book *book = hub_book(server.hub->args);
    for (struct ask *ask; book && (ask = next_ask());) {
        const struct route *route = ask->route;
        ask->book = book;
        route->handler(ask, &ask->reply);
        if (!route->later) /* else it may be answered, and gone, by now */
            server_answer(ask);
    }
    book_close(&book);
    return unused;
}

/* More is asked than can be answered while anybody waits for it. Under the lock. */
static int overloaded(const struct ask *ask)
{
    int most = ask->side == ROUTE_PAGES ? PAGE_QUEUE : LINE_QUEUE;
    return server.queued[ask->side] >= most ||
           (server.first && clock_mono_ms() - server.first->begun > LATE_MS);
}

static int is_overloaded(const struct ask *ask)
{
    pthread_mutex_lock(&server.lock);
    int is = overloaded(ask);
    pthread_mutex_unlock(&server.lock);
    return is;
}

/* Come again, and when. */
static void reply_later(struct ask *ask)
{
    char seconds[12];
    (void)str_format(seconds, sizeof seconds, "%u", AGAIN_LEAST_S + random_below(AGAIN_SPREAD_S));
    reply_plain(&ask->reply, 503,
                ask->side == ROUTE_PAGES ? pages_busy(ask->hub->pages)
                                         : "too much is asked just now");
    reply_header(&ask->reply, "Retry-After", seconds);
}

/* The request is whole: its connection rests until it is answered. */
static enum MHD_Result hand_to_workers(struct MHD_Connection *connection, struct ask *ask)
{
    ask->queued = 1;
    ask->begun = clock_mono_ms();
    phase(ask->visit, AT_WORK);
    pthread_mutex_lock(&server.lock);
    if (!server.stopping && overloaded(ask)) {
        pthread_mutex_unlock(&server.lock);
        reply_later(ask);
        metrics_count(ask, 0);
        return send_reply(connection, ask);
    }
    int goes = !server.stopping;
    if (goes) {
        server.queued[ask->side]++;
        MHD_suspend_connection(connection);
        if (server.last)
            server.last->next = ask;
        else
            server.first = ask;
        server.last = ask;
        pthread_cond_signal(&server.some);
    }
    pthread_mutex_unlock(&server.lock);
    return goes ? MHD_YES : MHD_NO;
}

/* ---- what libmicrohttpd calls ---- */

static size_t announced(struct MHD_Connection *connection)
{
    const char *text = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    int64_t size = 0;
    if (text && num_parse(text, 0, INT64_MAX, &size))
        return SIZE_MAX;
    return (size_t)size;
}

/* Whether it may ask this: 0, or the reply is made. */
static int admit(struct MHD_Connection *connection, struct ask *ask)
{
    const struct hub_args *args = ask->hub->args;
    if (announced(connection) > ask->route->body_max)
        reply_plain(&ask->reply, 413, "the body is larger than this takes");
    else if (ask->route->who == ROUTE_LOCAL && !proof_local(connection))
        reply_plain(&ask->reply, 403, "to be asked from this machine");
    else if (ask->route->who == ROUTE_CENTRE &&
             proof_centre(connection, args, &ask->peer, &ask->node))
        reply_plain(&ask->reply, 401, "a centre's certificate is wanted");
    else if (is_overloaded(ask))
        reply_later(ask); /* before its body has come */
    else
        return 0;
    return SND_E_DENIED;
}

/* The headers are there. */
static enum MHD_Result begin(enum route_side side, struct MHD_Connection *connection,
                             const char *path, const char *method, void **context)
{
    struct ask *ask = x_alloc(sizeof *ask);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    int status = 0;
    *context = ask;
    ask->hub = server.hub;
    ask->side = side;
    ask->connection = connection;
    ask->visit = info ? info->socket_context : NULL;
    ask->reply = (struct reply){.status = 200, .body = BUF_INIT(8u << 20)};
    ask->tail = "";
    ask->method = method;
    if (!ask->visit || str_copy(ask->path, sizeof ask->path, path))
        status = 414;
    else
        ask->route = route_find(side, method, ask->path, &status, &ask->tail);
    if (!ask->route) {
        reply_plain(&ask->reply, status, status == 405 ? "not by this method" : "nothing here");
        return send_reply(connection, ask);
    }
    ask->body = BUF_INIT(ask->route->body_max);
    if (admit(connection, ask)) {
        metrics_count(ask, 0);
        return send_reply(connection, ask);
    }
    if (ask->route->who == ROUTE_CENTRE && !ask->visit->known) {
        ask->visit->known = 1;
        MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, CENTRE_SILENT_S);
    }
    ask->visit->patience = pace_patience((int64_t)announced(connection));
    phase(ask->visit, AT_BODY);
    return MHD_YES;
}

static enum MHD_Result on_request(void *side, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version SND_UNUSED,
                                  const char *bytes, size_t *len, void **context)
{
    struct ask *ask = *context;
    if (!ask)
        return begin(side == &server.pages ? ROUTE_PAGES : ROUTE_LINE, connection, path, method,
                     context);
    if (!ask->route)
        return MHD_NO;
    if (*len > 0) {
        buf_put(&ask->body, bytes, *len);
        *len = 0;
        return ask->body.failed ? MHD_NO : MHD_YES;
    }
    if (ask->finished)
        return send_reply(connection, ask);
    return ask->queued ? MHD_YES : hand_to_workers(connection, ask);
}

static void on_completed(void *unused SND_UNUSED, struct MHD_Connection *connection SND_UNUSED,
                         void **context, enum MHD_RequestTerminationCode code SND_UNUSED)
{
    struct ask *ask = *context;
    if (!ask)
        return;
    uncork(ask);
    if (ask->visit)
        phase(ask->visit, AT_REST);
    free_ask(&ask);
    *context = NULL;
}

/* Its remarks may hold what strangers sent. */
static void on_remark(void *unused SND_UNUSED, const char *format SND_UNUSED,
                      va_list args SND_UNUSED)
{
}

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Paths and arguments decoded in place. A zero stays as it was written: decoded it would end the
 * text, and what follows would be there for a proxy and not for us. */
static size_t on_escapes(void *unused SND_UNUSED, struct MHD_Connection *connection SND_UNUSED,
                         char *text)
{
    char *to = text;
    for (const char *at = text; *at; to++) {
        int high = *at == '%' ? hex_value(at[1]) : -1;
        int low = high >= 0 ? hex_value(at[2]) : -1;
        int whole = low >= 0 && high + low > 0;
        *to = whole ? (char)(high * 16 + low) : *at;
        at += whole ? 3 : 1;
    }
    *to = '\0';
    return (size_t)(to - text);
}

/* ---- starting and ending ---- */

static struct MHD_Daemon *start_line(const struct hub_args *args)
{
    int tls = args->proxy[0] == '\0';
    struct MHD_OptionItem secrets[] = {
        {MHD_OPTION_HTTPS_MEM_KEY, 0, args->own ? args->own->key : NULL},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, args->own ? args->own->cert : NULL},
        {MHD_OPTION_HTTPS_MEM_TRUST, 0, (void *)(uintptr_t)args->ca->cert},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS},
        {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    unsigned per_source = args->proxy[0] ? 0 : (unsigned)args->source_most;
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
            MHD_USE_SUPPRESS_DATE_NO_CLOCK | /* the messages say it in fewer bytes */
            (tls ? MHD_USE_TLS : 0u),
        0, NULL, NULL, on_request, &server.line, MHD_OPTION_EXTERNAL_LOGGER, on_remark, NULL,
        MHD_OPTION_UNESCAPE_CALLBACK, on_escapes, NULL, MHD_OPTION_LISTEN_SOCKET, args->line,
        MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_source,
        MHD_OPTION_CONNECTION_TIMEOUT, SILENT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
        MHD_OPTION_THREAD_POOL_SIZE, POOL, MHD_OPTION_NOTIFY_CONNECTION, on_connection, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_ARRAY, tls ? secrets : none, MHD_OPTION_END);
}

static struct MHD_Daemon *start_pages(const struct hub_args *args)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        on_request, &server.pages, MHD_OPTION_EXTERNAL_LOGGER, on_remark, NULL,
        MHD_OPTION_UNESCAPE_CALLBACK, on_escapes, NULL, MHD_OPTION_LISTEN_SOCKET, args->pages,
        MHD_OPTION_CONNECTION_LIMIT, PAGE_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, SILENT_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

int server_start(struct hub *hub)
{
    server.hub = hub;
    for (; server.workers < WORKERS; server.workers++)
        if (pthread_create(&server.worker[server.workers], NULL, work, NULL))
            return SND_E_SYS;
    if (hub->args->line >= 0 && !(server.line = start_line(hub->args)))
        return SND_E_SYS;
    if (hub->args->pages >= 0 && !(server.pages = start_pages(hub->args)))
        return SND_E_SYS;
    return 0;
}

/* Nobody begins anything any more; what was begun is answered, what was not is let go. */
void server_stop(void)
{
    if (server.line)
        MHD_quiesce_daemon(server.line);
    if (server.pages)
        MHD_quiesce_daemon(server.pages);
    pthread_mutex_lock(&server.lock);
    server.stopping = 1;
    pthread_cond_broadcast(&server.some);
    pthread_mutex_unlock(&server.lock);
    while (server.workers > 0)
        pthread_join(server.worker[--server.workers], NULL);
    wait_let_go();
    if (server.line)
        MHD_stop_daemon(server.line);
    if (server.pages)
        MHD_stop_daemon(server.pages);
}
