/* SPDX-License-Identifier: Apache-2.0
 * What the hub says about itself. Hello is what a centre asks first: an answer without Sanad-Hub
 * comes from something else on the way, a captive portal perhaps, and nothing of the book is sent
 * to it. */
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "book/feed.h"
#include "config.h"
#include "sync/hub_priv.h"
#include "sync/message_priv.h"

void page_hello(struct ask *ask, struct reply *reply)
{
    char id[ID_TEXT];
    struct json *said = json_new_object();
    id_text(&ask->hub->id, id);
    json_put_text(said, "hub", id);
    json_put_int(said, "proto_least", MESSAGE_PROTO_LEAST);
    json_put_int(said, "proto", MESSAGE_PROTO);
    json_put_int(said, "now", clock_utc_ms());
    json_put_text(said, "program", PACKAGE_VERSION);
    char *text = json_text(said, 0);
    buf_puts(&reply->body, text);
    x_free(&text);
    json_free(&said);
    reply->type = "application/json";
    reply_header(reply, "Cache-Control", "no-store");
}

void page_health(struct ask *ask, struct reply *reply)
{
    struct book_feed_head head;
    int err = book_feed_head(ask->book, NULL, &head);
    reply_plain(reply, err ? 503 : 200, err ? "the ledger does not answer" : "ok");
    reply_header(reply, "Cache-Control", "no-store");
}

void page_metrics(struct ask *ask, struct reply *reply)
{
    metrics_text(&reply->body, ask->hub, ask->book);
    reply->type = "text/plain; version=0.0.4";
}
