/* SPDX-License-Identifier: Apache-2.0
 * Joining and renewing, as the hub does it. The authority's certificate is for everybody: a centre
 * compares it with its invitation. A certificate is issued first and counts only once the ledger
 * has taken its fingerprint, so what is refused leaves nothing behind. Who guesses at invitations
 * is held up here by centre and by address, and by the ledger besides. */
#include <pthread.h>
#include <string.h>
#include "base/clock.h"
#include "base/code.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "book/feed.h"
#include "sync/guess_priv.h"
#include "sync/hub_priv.h"

static void put_json(struct reply *reply, struct json *json)
{
    char *text = json_text(json, 0);
    buf_puts(&reply->body, text);
    x_free(&text);
    json_free(&json);
    reply->type = "application/json";
    reply_header(reply, "Cache-Control", "no-store");
}

void page_authority(struct ask *ask, struct reply *reply)
{
    struct json *json = json_new_object();
    json_put_text(json, "authority", ask->hub->args->ca->cert);
    json_put_int(json, "now", clock_utc_ms());
    put_json(reply, json);
}

/* ---- joining ---- */

struct joining {
    const char *centre, *secret, *request;
    struct id node; /* zeros (not named): it has lost its book, and asks which it was */
    uint8_t sign_key[FEED_KEY];
};

static int get_joining(const struct json *json, struct joining *out)
{
    const char *node = json_get_text(json, "node"), *key = json_get_text(json, "sign_key");
    out->centre = json_get_text(json, "centre");
    out->secret = json_get_text(json, "secret");
    out->request = json_get_text(json, "request");
    if (!key || !out->centre || !out->secret || !out->request || strlen(out->centre) > 15 ||
        strlen(out->secret) >= CODE_PLAIN)
        return SND_E_BAD;
    return (node && id_parse(node, &out->node)) || hex_parse(key, out->sign_key, FEED_KEY)
               ? SND_E_BAD
               : 0;
}

/* The book that a centre had when it was last heard of, revoked or not. SND_E_NOTFOUND. */
static int find_lost(struct ask *ask, const char *centre, struct id *node)
{
    struct book_node *list = NULL;
    size_t count = 0;
    int64_t newest = -1;
    struct arena *arena = arena_new();
    int err = book_node_list(ask->book, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++) {
        const struct book_node *one = &list[i];
        if (strcmp(one->centre, centre) != 0 || id_is_zero(&one->id) || one->have.seq == 0 ||
            one->joined <= newest)
            continue;
        newest = one->joined;
        *node = one->id;
    }
    arena_free(&arena);
    return err ? err : newest < 0 ? SND_E_NOTFOUND : 0;
}

/* Issues a certificate and prints it down (SHA-256). */
static int issue(struct ask *ask, const char *request, size_t len, const char *node,
                 const char *centre, char **cert, uint8_t print[HASH_SIZE])
{
    struct cert_facts facts;
    const struct cert_pair *ca = ask->hub->args->ca;
    if (!ca->key)
        return SND_E_BUSY; /* the authority's key is away */
    int err = cert_issue_node(ca, request, len, node, centre, clock_utc_ms(), cert);
    if (!err)
        err = cert_read(*cert, strlen(*cert), &facts);
    if (!err)
        memcpy(print, facts.fingerprint, HASH_SIZE);
    return err;
}

static int join(struct ask *ask, const struct joining *joining, struct reply *reply)
{
    char node[ID_TEXT], name[BOOK_TEXT], hub_text[ID_TEXT], *cert = NULL;
    uint8_t print[HASH_SIZE];
    struct id hub, book = joining->node;
    int err = id_is_zero(&book) ? find_lost(ask, joining->centre, &book) : 0;
    id_text(&book, node);
    if (!err)
        err = issue(ask, joining->request, strlen(joining->request), node, joining->centre, &cert,
                    print);
    if (!err)
        err = book_node_join(ask->book, joining->centre, joining->secret, &book, print,
                             joining->sign_key, &hub, name);
    if (!err) {
        struct json *json = json_new_object();
        id_text(&hub, hub_text);
        json_put_text(json, "hub", hub_text);
        json_put_text(json, "name", name);
        json_put_text(json, "certificate", cert);
        put_json(reply, json);
    }
    x_free(&cert);
    return err;
}

static void refuse(struct reply *reply, int err)
{
    static const struct {
        int err, status;
        const char *line;
    } known[] = {{SND_E_AUTH, 403, "not invited so"},
                 {SND_E_LIMIT, 429, "too many tries"},
                 {SND_E_EXISTS, 409, "this book is another centre's"},
                 {SND_E_NOTFOUND, 404, "nothing of that centre is here"},
                 {SND_E_BUSY, 503, "the authority's key is away"},
                 {SND_E_INVALID, 400, "not a centre"}};
    for (size_t i = 0; i < SND_COUNT(known); i++)
        if (known[i].err == err) {
            reply_plain(reply, known[i].status, known[i].line);
            return;
        }
    reply_error(reply, err);
}

static struct guesses *guesses;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_guesses(void)
{
    guesses = guesses_new();
}

/* Held up before anything is made or asked. */
static int try_join(struct ask *ask, const struct joining *joining, struct reply *reply)
{
    char address[64];
    ask_address(ask, address, sizeof address);
    int64_t now = clock_mono_ms();
    (void)pthread_once(&once, make_guesses);
    if (guesses_wait(guesses, joining->centre, address, now))
        return SND_E_LIMIT;
    int err = join(ask, joining, reply);
    if (err == SND_E_AUTH)
        guesses_wrong(guesses, joining->centre, address, now);
    return err;
}

void page_join(struct ask *ask, struct reply *reply)
{
    struct json *json = NULL;
    struct joining joining = {0};
    int err = json_parse(buf_text(&ask->body), ask->body.len, &json);
    if (!err)
        err = get_joining(json, &joining);
    if (!err)
        err = try_join(ask, &joining, reply);
    if (err)
        refuse(reply, err);
    json_free(&json);
}

/* ---- renewing ---- */

/* The ledger knows this very certificate, and the centre is still one of ours. */
static int still_known(struct ask *ask)
{
    struct book_node *list = NULL;
    size_t count = 0;
    char hex[HASH_TEXT];
    struct arena *arena = arena_new();
    int known = 0, err = book_node_list(ask->book, arena, &list, &count);
    hex_text(ask->peer.fingerprint, HASH_SIZE, hex);
    for (size_t i = 0; !err && i < count; i++)
        known |= id_equal(&list[i].id, &ask->node) && strcmp(list[i].state, "joined") == 0 &&
                 strcmp(list[i].centre, ask->peer.unit) == 0 &&
                 (strcmp(list[i].cert, hex) == 0 || strcmp(list[i].cert_next, hex) == 0);
    arena_free(&arena);
    return err ? err : known ? 0 : SND_E_AUTH;
}

void page_renew(struct ask *ask, struct reply *reply)
{
    uint8_t print[HASH_SIZE];
    char *cert = NULL;
    int err = still_known(ask);
    if (!err)
        err = issue(ask, buf_text(&ask->body), ask->body.len, ask->peer.name, ask->peer.unit, &cert,
                    print);
    if (!err)
        err = book_node_renew(ask->book, &ask->node, print);
    if (err) {
        refuse(reply, err);
    } else {
        buf_puts(&reply->body, cert);
        reply->type = "application/x-pem-file";
        reply_header(reply, "Cache-Control", "no-store");
    }
    x_free(&cert);
}
