/* SPDX-License-Identifier: Apache-2.0
 * libcurl, one multi handle and two easy ones. Each is set up anew for a request and keeps its
 * connection. What is slow is told from what is stuck by bytes: a body that doesn't get away for
 * eight seconds, or an answer that doesn't begin in twenty, ends the request.
 *
 * The trusted authority is the hub's alone: libcurl's own store of public ones is taken away. */
#include "sync/carrier_priv.h"
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "sync/pace_priv.h"
#include "sync/trust_priv.h"

#define CONNECT_MS 5000L /* doubled each time that it wasn't enough, */
#define CONNECT_MOST_MS                                                                            \
    20000L              /* until a connection stands: its hub is there, and has a crowd before it */
#define STUCK_MS 8000   /* less than SLOWEST bytes in so long */
#define SLOWEST 128     /* 16 a second */
#define ANSWER_MS 20000 /* from the last byte of a request to the first of its answer */
#define AGAIN_MOST_S 3600
#define LISTEN_MS 60000L /* the hub answers in 25 to 50 s */
#define PORTAL_MS 5000L
#define IDLE_S 45L /* of silence before TCP asks whether the other side is there */

static const struct {
    const char *word, *help;
} troubles[TROUBLES] = {
#define TROUBLE(name, word, help, words) [TROUBLE_##name] = {word, help},
#include "book/trouble.def"
#undef TROUBLE
};

const char *trouble_word(enum trouble trouble)
{
    return troubles[trouble].word;
}

const char *trouble_help(enum trouble trouble)
{
    return troubles[trouble].help;
}

/* One request. */
struct leg {
    CURL *easy;
    struct curl_slist *headers;
    struct buf *body;        /* where the answer goes */
    int64_t gives;           /* bytes of the content */
    int ours;                /* the answer names our kind of hub */
    int64_t offset;          /* Upload-Offset, -1 = none */
    int64_t again_s;         /* Retry-After, 0 = none */
    int64_t moved, moved_at; /* bytes so far, and since when */
    int full, busy, done;
    CURLcode result;
    const volatile int *stop;
};
struct carrier {
    const struct centre_args *args;
    CURLM *multi;
    struct leg send, listen;
    long connect_ms; /* patience with the next connection */
};

/* ---- callbacks ---- */

static size_t on_body(char *bytes, size_t one, size_t count, void *arg)
{
    struct leg *leg = arg;
    if (!leg->body)
        return one * count;
    buf_put(leg->body, bytes, one * count);
    leg->full = leg->body->failed;
    return leg->full ? 0 : one * count;
}

/* The number that stands in a header of that name; -1 when the line is another or no number. */
static int64_t header_number(const char *line, size_t len, const char *name, int64_t most)
{
    char value[24] = "";
    int64_t number;
    size_t from = strlen(name);
    if (len <= from || strncasecmp(line, name, from) != 0)
        return -1;
    while (from < len && line[from] == ' ')
        from++;
    for (size_t i = 0; i + 1 < sizeof value && from + i < len; i++)
        value[i] = (char)(line[from + i] < ' ' ? '\0' : line[from + i]);
    return num_parse(value, 0, most, &number) ? -1 : number;
}

static size_t on_header(char *line, size_t one, size_t count, void *arg)
{
    static const char ours[] = "Sanad-Hub:";
    struct leg *leg = arg;
    size_t len = one * count;
    int64_t offset = header_number(line, len, "Upload-Offset:", INT64_MAX);
    int64_t again_s = header_number(line, len, "Retry-After:", AGAIN_MOST_S);
    if (len > sizeof ours && strncasecmp(line, ours, sizeof ours - 1) == 0)
        leg->ours = 1;
    if (offset >= 0)
        leg->offset = offset;
    if (again_s >= 0)
        leg->again_s = again_s;
    return len;
}

/* Anything but 0 ends the request. */
static int on_progress(void *arg, curl_off_t down_all SND_UNUSED, curl_off_t down,
                       curl_off_t up_all SND_UNUSED, curl_off_t up)
{
    struct leg *leg = arg;
    int64_t now = clock_mono_ms(), moved = down + up;
    if (*leg->stop)
        return 1;
    if (moved - leg->moved >= SLOWEST || leg->moved_at == 0) {
        leg->moved = moved;
        leg->moved_at = now;
    }
    int answer_due = up >= leg->gives && down == 0;
    return now - leg->moved_at > (answer_due ? ANSWER_MS : STUCK_MS);
}

static int no_stall(void *arg, curl_off_t a SND_UNUSED, curl_off_t b SND_UNUSED,
                    curl_off_t c SND_UNUSED, curl_off_t d SND_UNUSED)
{
    const struct leg *leg = arg;
    return *leg->stop != 0;
}

/* ---- setting up ---- */

#define SET(easy, option, value) ((void)curl_easy_setopt(easy, option, value))

static void set_up(struct carrier *carrier, struct leg *leg, const char *path, const char *header)
{
    CURL *easy = leg->easy;
    char *url = x_printf("%s%s", carrier->args->url, path);
    curl_easy_reset(easy);
    trust_set(easy, carrier->args->authority, carrier->args->own);
    curl_slist_free_all(leg->headers);
    leg->headers = NULL;
    static const char *const without[] = {
        "Accept:", "Expect:", "Content-Type:", "Transfer-Encoding:"};
    for (size_t i = 0; i < SND_COUNT(without); i++)
        leg->headers = curl_slist_append(leg->headers, without[i]);
    if (header)
        leg->headers = curl_slist_append(leg->headers, header);
    leg->ours = leg->full = leg->done = 0;
    leg->offset = -1;
    leg->again_s = 0;
    leg->moved = leg->moved_at = 0;
    leg->result = CURLE_OK;
    SET(easy, CURLOPT_URL, url);
    SET(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    SET(easy, CURLOPT_CONNECTTIMEOUT_MS, carrier->connect_ms);
    SET(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    SET(easy, CURLOPT_TCP_KEEPIDLE, IDLE_S);
    SET(easy, CURLOPT_TCP_KEEPINTVL, IDLE_S / 3);
    SET(easy, CURLOPT_MAXCONNECTS, 1L);
    SET(easy, CURLOPT_HTTPHEADER, leg->headers);
    SET(easy, CURLOPT_WRITEFUNCTION, on_body);
    SET(easy, CURLOPT_WRITEDATA, leg);
    SET(easy, CURLOPT_HEADERFUNCTION, on_header);
    SET(easy, CURLOPT_HEADERDATA, leg);
    SET(easy, CURLOPT_NOPROGRESS, 0L);
    SET(easy, CURLOPT_XFERINFODATA, leg);
    SET(easy, CURLOPT_PRIVATE, leg);
    x_free(&url);
}

/* A small content goes in one piece with the headers: one record of TLS, one packet. */
static void set_method(struct leg *leg, const char *method, const struct buf *content)
{
    CURL *easy = leg->easy;
    leg->gives = content ? (int64_t)content->len : 0;
    if (content) {
        SET(easy, CURLOPT_POST, 1L);
        SET(easy, CURLOPT_POSTFIELDS, content->len ? (const char *)content->data : "");
        SET(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)content->len);
        SET(easy, CURLOPT_CUSTOMREQUEST, method);
    } else if (strcmp(method, "HEAD") == 0) {
        SET(easy, CURLOPT_NOBODY, 1L);
    }
}

/* ---- what came of it ---- */

static enum trouble trouble_of(const struct leg *leg)
{
    static const struct {
        CURLcode code;
        enum trouble trouble;
    } known[] = {{CURLE_COULDNT_RESOLVE_HOST, TROUBLE_NAME},
                 {CURLE_COULDNT_RESOLVE_PROXY, TROUBLE_NAME},
                 {CURLE_COULDNT_CONNECT, TROUBLE_UNREACHABLE},
                 {CURLE_OPERATION_TIMEDOUT, TROUBLE_SILENT},
                 {CURLE_ABORTED_BY_CALLBACK, TROUBLE_SILENT},
                 {CURLE_PEER_FAILED_VERIFICATION, TROUBLE_CERTIFICATE},
                 {CURLE_SSL_ISSUER_ERROR, TROUBLE_CERTIFICATE},
                 {CURLE_WRITE_ERROR, TROUBLE_ODD},
                 {CURLE_URL_MALFORMAT, TROUBLE_ODD},
                 {CURLE_UNSUPPORTED_PROTOCOL, TROUBLE_ODD},
                 {CURLE_WEIRD_SERVER_REPLY, TROUBLE_PORTAL}};
    if (leg->result == CURLE_OK)
        return leg->ours ? TROUBLE_NONE : TROUBLE_PORTAL;
    for (size_t i = 0; i < SND_COUNT(known); i++)
        if (known[i].code == leg->result)
            return known[i].trouble;
    return TROUBLE_CUT;
}

/* Whether a connection stood, by how long that took. */
static void learn_patience(struct carrier *carrier, const struct leg *leg)
{
    curl_off_t tcp = 0, tls = 0;
    curl_easy_getinfo(leg->easy, CURLINFO_CONNECT_TIME_T, &tcp);
    curl_easy_getinfo(leg->easy, CURLINFO_APPCONNECT_TIME_T, &tls);
    if (leg->result == CURLE_OK)
        carrier->connect_ms = CONNECT_MS;
    else if (leg->result == CURLE_OPERATION_TIMEDOUT && tcp > 0 && tls == 0)
        carrier->connect_ms =
            carrier->connect_ms * 2 < CONNECT_MOST_MS ? carrier->connect_ms * 2 : CONNECT_MOST_MS;
}

static void look_back(const struct leg *leg, struct carried *out)
{
    long status = 0, connects = 0;
    curl_off_t sent = 0, got = 0;
    curl_easy_getinfo(leg->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(leg->easy, CURLINFO_NUM_CONNECTS, &connects);
    curl_easy_getinfo(leg->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
    curl_easy_getinfo(leg->easy, CURLINFO_SIZE_DOWNLOAD_T, &got);
    *out = (struct carried){.trouble = trouble_of(leg),
                            .status = (int)status,
                            .fresh = connects > 0,
                            .sent = sent,
                            .got = got};
}

/* Lets everything go on that may. */
static void drive(struct carrier *carrier)
{
    int running, left;
    (void)curl_multi_perform(carrier->multi, &running);
    for (CURLMsg *said; (said = curl_multi_info_read(carrier->multi, &left));) {
        char *of = NULL;
        if (said->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(said->easy_handle, CURLINFO_PRIVATE, &of);
        struct leg *leg = (struct leg *)(void *)of;
        leg->result = said->data.result;
        leg->done = 1;
    }
}

static void end_leg(struct carrier *carrier, struct leg *leg)
{
    (void)curl_multi_remove_handle(carrier->multi, leg->easy);
    leg->busy = 0;
}

/* ---- the calls ---- */

int carrier_open(const struct centre_args *args, const volatile int *stop, struct carrier **out)
{
    struct carrier *carrier = x_alloc(sizeof *carrier);
    carrier->args = args;
    carrier->connect_ms = CONNECT_MS;
    carrier->multi = curl_multi_init();
    carrier->send = (struct leg){.easy = curl_easy_init(), .stop = stop};
    carrier->listen = (struct leg){.easy = curl_easy_init(), .stop = stop};
    *out = carrier;
    return carrier->multi && carrier->send.easy && carrier->listen.easy ? 0 : SND_E_SYS;
}

static void close_leg(struct carrier *carrier, struct leg *leg)
{
    if (leg->busy)
        end_leg(carrier, leg);
    curl_slist_free_all(leg->headers);
    curl_easy_cleanup(leg->easy);
}

void carrier_close(struct carrier **carrier)
{
    if (!*carrier)
        return;
    close_leg(*carrier, &(*carrier)->send);
    close_leg(*carrier, &(*carrier)->listen);
    curl_multi_cleanup((*carrier)->multi);
    x_free(carrier);
}

void carrier_send(struct carrier *carrier, const char *method, const char *path, const char *header,
                  const struct buf *content, struct buf *body, struct carried *out)
{
    struct leg *leg = &carrier->send;
    set_up(carrier, leg, path, header);
    set_method(leg, method, content);
    leg->body = body;
    SET(leg->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(leg->easy, CURLOPT_TIMEOUT_MS,
        (long)pace_patience((int64_t)((content ? content->len : 0) + (body ? body->max : 0) / 8)));
    leg->busy = 1;
    if (curl_multi_add_handle(carrier->multi, leg->easy)) {
        leg->busy = 0;
        *out = (struct carried){.trouble = TROUBLE_ODD};
        return;
    }
    for (drive(carrier); !leg->done; drive(carrier))
        (void)curl_multi_poll(carrier->multi, NULL, 0, 200, NULL);
    look_back(leg, out);
    learn_patience(carrier, leg);
    end_leg(carrier, leg);
}

int64_t carrier_offset(const struct carrier *carrier)
{
    return carrier->send.offset;
}

int64_t carrier_again_s(const struct carrier *carrier)
{
    return carrier->send.again_s;
}

void carrier_listen(struct carrier *carrier, const char *path)
{
    struct leg *leg = &carrier->listen;
    set_up(carrier, leg, path, NULL);
    leg->body = NULL;
    SET(leg->easy, CURLOPT_XFERINFOFUNCTION, no_stall);
    SET(leg->easy, CURLOPT_TIMEOUT_MS, LISTEN_MS);
    leg->busy = curl_multi_add_handle(carrier->multi, leg->easy) == CURLM_OK;
    drive(carrier);
}

int carrier_listening(const struct carrier *carrier)
{
    return carrier->listen.busy;
}

int carrier_doze(struct carrier *carrier, int64_t ms, int fd, struct carried *heard, int *readable)
{
    struct leg *leg = &carrier->listen;
    struct curl_waitfd also = {.fd = fd, .events = CURL_WAIT_POLLIN};
    (void)curl_multi_poll(carrier->multi, fd >= 0 ? &also : NULL, fd >= 0, (int)ms, NULL);
    *readable = (also.revents & CURL_WAIT_POLLIN) != 0;
    drive(carrier);
    if (!leg->busy || !leg->done)
        return 0;
    look_back(leg, heard);
    end_leg(carrier, leg);
    return 1;
}

/* The same host, in clear, at the port of the web. */
int carrier_portal(struct carrier *carrier)
{
    char *host = NULL;
    struct leg leg = {.easy = curl_easy_init(), .stop = carrier->send.stop};
    CURLU *url = curl_url();
    long status = 0;
    int stands = 0;
    if (!leg.easy || !url || curl_url_set(url, CURLUPART_URL, carrier->args->url, 0) ||
        curl_url_set(url, CURLUPART_SCHEME, "http", 0) ||
        curl_url_set(url, CURLUPART_PORT, NULL, 0) ||
        curl_url_set(url, CURLUPART_PATH, "/v1/hello", 0) ||
        curl_url_get(url, CURLUPART_URL, &host, 0))
        goto out;
    SET(leg.easy, CURLOPT_URL, host);
    SET(leg.easy, CURLOPT_NOSIGNAL, 1L);
    SET(leg.easy, CURLOPT_TIMEOUT_MS, PORTAL_MS);
    SET(leg.easy, CURLOPT_WRITEFUNCTION, on_body);
    SET(leg.easy, CURLOPT_WRITEDATA, &leg);
    SET(leg.easy, CURLOPT_HEADERFUNCTION, on_header);
    SET(leg.easy, CURLOPT_HEADERDATA, &leg);
    if (curl_easy_perform(leg.easy) == CURLE_OK)
        curl_easy_getinfo(leg.easy, CURLINFO_RESPONSE_CODE, &status);
    char *to = NULL;
    curl_easy_getinfo(leg.easy, CURLINFO_REDIRECT_URL, &to);
    /* A hub's own proxy may send everybody on to the same place under https. */
    int home = to && strncmp(to, "https://", 8) == 0 &&
               strncmp(to + 8, host + 7, strcspn(host + 7, "/")) == 0;
    stands = status >= 200 && status < 400 && !leg.ours && !home;
out:
    curl_free(host);
    curl_url_cleanup(url);
    curl_easy_cleanup(leg.easy);
    return stands;
}
