/* SPDX-License-Identifier: Apache-2.0
 * The pages for everybody (pages.h) on the public's side of the web server. */
#include <string.h>
#include "base/mem.h"
#include "sync/hub_priv.h"
#include "sync/pages.h"

/* Who asks: when our proxy does, it says for whom, last in X-Forwarded-For. */
static void who_asks(const struct ask *ask, char *out, size_t size)
{
    const char *passed_on = ask_header(ask, "X-Forwarded-For");
    ask_address(ask, out, size);
    if (!passed_on || !ask->hub->args->proxy[0] || strcmp(out, ask->hub->args->proxy) != 0)
        return;
    const char *last = strrchr(passed_on, ',');
    last = last ? last + 1 : passed_on;
    (void)str_copy(out, size, last + strspn(last, " "));
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
    for (const struct pages_header *each = pages_headers; each->name; each++)
        reply_header(reply, each->name, each->value);
    for (size_t i = 0; i < SND_COUNT(some); i++)
        if (some[i].value)
            reply_header(reply, some[i].name, some[i].value);
}

void page_public(struct ask *ask, struct reply *reply)
{
    char peer[64];
    struct pages_asked asked = {.method = ask->method,
                                .path = ask->path,
                                .near = ask_argument(ask, "near"),
                                .find = ask_argument(ask, "find"),
                                .body = buf_text(&ask->body),
                                .len = ask->body.len,
                                .languages = ask_header(ask, "Accept-Language"),
                                .known = ask_header(ask, "If-None-Match"),
                                .peer = peer};
    struct pages_answer answer = {0};
    who_asks(ask, peer, sizeof peer);
    pages_answer(ask->hub->pages, ask->book, &asked, &answer);
    put_headers(&answer, reply);
    reply->status = answer.status;
    reply->type = answer.type;
    buf_put(&reply->body, answer.body.data, answer.body.len);
    buf_free(&answer.body);
}
