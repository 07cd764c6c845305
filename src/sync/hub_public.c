/* SPDX-License-Identifier: Apache-2.0
 * The pages for everybody (pages.h) on the public's side of the web server. */
#include <string.h>
#include "base/mem.h"
#include "sync/gzip_priv.h"
#include "sync/hub_priv.h"
#include "sync/pages.h"

#define PLAIN_MOST 600 /* bytes: less fits a packet anyway */

/* An address as proxies write it: some put its port behind it, and brackets around one of IPv6. */
static void take_address(const char *from, char *out, size_t size)
{
    char text[80];
    const char *end;
    from += strspn(from, " \t");
    if (*from == '[')
        end = strchr(++from, ']');
    else
        end = strchr(from, '.') ? strchr(from, ':') : NULL;
    size_t len = end ? (size_t)(end - from) : strcspn(from, " \t");
    if (len < sizeof text) {
        memcpy(text, from, len);
        text[len] = '\0';
        (void)str_copy(out, size, text);
    }
}

/* Whose X-Forwarded-For is believed: our proxies', on this machine or named. */
static int is_proxy(const struct hub_args *args, const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
           (args->proxy[0] && strcmp(address, args->proxy) == 0) ||
           (args->pages_proxy[0] && strcmp(address, args->pages_proxy) == 0);
}

/* Who asks: when a proxy of ours does, it says for whom, behind all that others said. */
static void who_asks(const struct ask *ask, char *out, size_t size)
{
    ask_address(ask, out, size);
    const char *passed_on =
        is_proxy(ask->hub->args, out) ? ask_last_header(ask, "X-Forwarded-For") : NULL;
    if (!passed_on)
        return;
    const char *last = strrchr(passed_on, ',');
    take_address(last ? last + 1 : passed_on, out, size);
}

static void put_headers(const struct pages_answer *answer, struct reply *reply)
{
    char seconds[16];
    (void)str_format(seconds, sizeof seconds, "%d", answer->retry_after);
    const struct pages_header some[] = {{"Cache-Control", answer->cache},
                                        {"Allow", answer->allow},
                                        {"Location", answer->location[0] ? answer->location : NULL},
                                        {"ETag", answer->etag[0] ? answer->etag : NULL},
                                        {"Retry-After", answer->retry_after ? seconds : NULL}};
    for (size_t i = 0; i < SND_COUNT(some); i++)
        if (some[i].value)
            reply_header(reply, some[i].name, some[i].value);
}

/* The body into the reply, compressed where the reader takes that and it is worth it. */
static void put_body(const struct ask *ask, const struct pages_answer *answer, struct reply *reply)
{
    int same_for_all = answer->etag[0] != '\0';
    if (same_for_all)
        reply_header(reply, "Vary", "Accept-Encoding");
    else if (answer->location[0])
        reply_header(reply, "Vary", "Accept-Language");
    if (same_for_all && answer->body.len > PLAIN_MOST &&
        gzip_wanted(ask_header(ask, "Accept-Encoding")) &&
        gzip(answer->body.data, answer->body.len, &reply->body) == 0)
        reply_header(reply, "Content-Encoding", "gzip");
    else
        buf_put(&reply->body, answer->body.data, answer->body.len);
}

void page_public(struct ask *ask, struct reply *reply)
{
    char peer[64];
    struct pages_asked asked = {.method = ask->method,
                                .path = ask->path,
                                .near = ask_argument(ask, "near"),
                                .open = ask_argument(ask, "open"),
                                .find = ask_argument(ask, "find"),
                                .body = buf_text(&ask->body),
                                .len = ask->body.len,
                                .type = ask_header(ask, "Content-Type"),
                                .languages = ask_header(ask, "Accept-Language"),
                                .known = ask_header(ask, "If-None-Match"),
                                .peer = peer};
    struct pages_answer answer = {0};
    who_asks(ask, peer, sizeof peer);
    pages_answer(ask->hub->pages, ask->book, &asked, &answer);
    put_headers(&answer, reply);
    reply->status = answer.status;
    reply->type = answer.type;
    put_body(ask, &answer, reply);
    buf_free(&answer.body);
}
