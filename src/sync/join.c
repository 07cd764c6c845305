/* SPDX-License-Identifier: Apache-2.0
 * Joining, as the centre does it. First the hub is asked for its authority's certificate, by a
 * connection that is not believed; its fingerprint must begin as the invitation says. Then that
 * authority, and no other, is believed on a second connection, and only on it goes the secret out.
 * Whoever stands between would have to make an authority whose fingerprint begins with the same 80
 * bits. */
#include "sync/join.h"
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "config.h"
#include "sync/trust_priv.h"

#define ANSWER_MAX 65536
#define CONNECT_MS 10000L
#define WHOLE_MS 30000L
#define DAY_MS 86400000LL
#define SET(easy, option, value) ((void)curl_easy_setopt(easy, option, value))

static const char *const sentences[JOIN_FAULTS] = {
#define JOIN_FAULT(name, sentence) [JOIN_##name] = sentence,
#include "sync/join_fault.def"
#undef JOIN_FAULT
};

const char *join_sentence(enum join_fault fault)
{
    return sentences[fault];
}

void join_free(struct join_answer *answer)
{
    x_free(&answer->authority);
    cert_pair_free(&answer->own);
}

/* ---- one request ---- */

struct said {
    struct buf body;
    long status;
    int ours; /* the answer names a hub */
};

static size_t on_body(char *bytes, size_t one, size_t count, void *arg)
{
    struct said *said = arg;
    buf_put(&said->body, bytes, one * count);
    return said->body.failed ? 0 : one * count;
}

static size_t on_header(char *line, size_t one, size_t count, void *arg)
{
    static const char ours[] = "Sanad-Hub:";
    struct said *said = arg;
    size_t len = one * count;
    if (len >= sizeof ours && strncasecmp(line, ours, sizeof ours - 1) == 0)
        said->ours = 1;
    return len;
}

static enum join_fault fault_of(CURLcode code)
{
    static const struct {
        CURLcode code;
        enum join_fault fault;
    } known[] = {{CURLE_OK, JOIN_NONE},
                 {CURLE_URL_MALFORMAT, JOIN_URL},
                 {CURLE_UNSUPPORTED_PROTOCOL, JOIN_URL},
                 {CURLE_COULDNT_RESOLVE_HOST, JOIN_NAME},
                 {CURLE_COULDNT_RESOLVE_PROXY, JOIN_NAME},
                 {CURLE_COULDNT_CONNECT, JOIN_UNREACHABLE},
                 {CURLE_PEER_FAILED_VERIFICATION, JOIN_CERTIFICATE},
                 {CURLE_SSL_ISSUER_ERROR, JOIN_CERTIFICATE},
                 {CURLE_SSL_CONNECT_ERROR, JOIN_PORTAL},
                 {CURLE_WRITE_ERROR, JOIN_ODD}};
    for (size_t i = 0; i < SND_COUNT(known); i++)
        if (known[i].code == code)
            return known[i].fault;
    return JOIN_CUT;
}

/* authority NULL: whoever answers. body NULL: GET. */
static enum join_fault request(const char *url, const char *path, const char *authority,
                               const char *body, struct said *out)
{
    char *whole = x_printf("%s%s", url, path);
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    *out = (struct said){.body = BUF_INIT(ANSWER_MAX)};
    snd_assert(easy && headers);
    headers = curl_slist_append(headers, "Expect:");
    trust_set(easy, authority, NULL);
    SET(easy, CURLOPT_URL, whole);
    SET(easy, CURLOPT_HTTPHEADER, headers);
    SET(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    SET(easy, CURLOPT_TIMEOUT_MS, WHOLE_MS);
    SET(easy, CURLOPT_WRITEFUNCTION, on_body);
    SET(easy, CURLOPT_WRITEDATA, out);
    SET(easy, CURLOPT_HEADERFUNCTION, on_header);
    SET(easy, CURLOPT_HEADERDATA, out);
    if (body)
        SET(easy, CURLOPT_POSTFIELDS, body);
    enum join_fault fault = fault_of(curl_easy_perform(easy));
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &out->status);
    if (!fault && !out->ours)
        fault = JOIN_PORTAL;
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    x_free(&whole);
    return fault;
}

/* ---- which hub it is ---- */

static enum join_fault judge_authority(const struct join_ask *ask, const char *authority,
                                       int64_t their_now)
{
    struct cert_facts facts;
    int64_t now = clock_utc_ms(), apart = their_now - now;
    if (cert_read(authority, strlen(authority), &facts))
        return JOIN_ODD;
    if (!invite_is_of(ask->invite, facts.fingerprint))
        return JOIN_OTHER;
    if (apart > DAY_MS || apart < -DAY_MS)
        return JOIN_CLOCK;
    return cert_check(authority, strlen(authority), authority, CERT_CA, NULL, now, NULL)
               ? JOIN_CERTIFICATE
               : JOIN_NONE;
}

static enum join_fault find_authority(const struct join_ask *ask, char **out)
{
    struct said said;
    struct json *json = NULL;
    enum join_fault fault = request(ask->url, "/v1/authority", NULL, NULL, &said);
    if (!fault && (said.status != 200 || json_parse(buf_text(&said.body), said.body.len, &json)))
        fault = JOIN_ODD;
    const char *authority = json ? json_get_text(json, "authority") : NULL;
    if (!fault && !authority)
        fault = JOIN_ODD;
    if (!fault)
        fault = judge_authority(ask, authority, json_get_int(json, "now", 0));
    if (!fault)
        *out = x_strdup(authority);
    json_free(&json);
    buf_free(&said.body);
    return fault;
}

/* ---- joining ---- */

static char *words(const struct join_ask *ask, const char *request_text)
{
    char node[ID_TEXT], key[2 * JOIN_SIGN_KEY + 1];
    struct json *json = json_new_object();
    id_text(&ask->node, node);
    hex_text(ask->sign_key, JOIN_SIGN_KEY, key);
    json_put_text(json, "centre", ask->centre);
    json_put_text(json, "secret", ask->invite->secret);
    if (!id_is_zero(&ask->node))
        json_put_text(json, "node", node);
    json_put_text(json, "sign_key", key);
    json_put_text(json, "request", request_text);
    json_put_text(json, "program", PACKAGE_VERSION);
    char *text = json_text(json, 0);
    json_free(&json);
    return text;
}

static enum join_fault fault_of_status(long status)
{
    static const struct {
        long status;
        enum join_fault fault;
    } known[] = {{200, JOIN_NONE},  {403, JOIN_REFUSED}, {404, JOIN_NOTHING},
                 {409, JOIN_TAKEN}, {429, JOIN_WAIT},    {503, JOIN_AWAY}};
    for (size_t i = 0; i < SND_COUNT(known); i++)
        if (known[i].status == status)
            return known[i].fault;
    return JOIN_ODD;
}

/* What the hub gave must be for this key, this book and this centre, and good. */
static enum join_fault take_certificate(const struct join_ask *ask, const char *cert,
                                        struct join_answer *out)
{
    struct cert_facts facts;
    int lost = id_is_zero(&ask->node);
    x_free(&out->own.cert);
    out->own.cert = x_strdup(cert);
    if (cert_check(cert, strlen(cert), out->authority, CERT_NODE, NULL, clock_utc_ms(), NULL) ||
        cert_read(cert, strlen(cert), &facts) || !cert_key_fits(&out->own) ||
        id_parse(facts.name, &out->node) || (!lost && !id_equal(&out->node, &ask->node)) ||
        strcmp(facts.unit, ask->centre) != 0)
        return JOIN_ODD;
    return JOIN_NONE;
}

static enum join_fault take_answer(const struct join_ask *ask, const struct said *said,
                                   struct join_answer *out)
{
    struct json *json = NULL;
    enum join_fault fault = fault_of_status(said->status);
    if (!fault && json_parse(buf_text(&said->body), said->body.len, &json))
        fault = JOIN_ODD;
    const char *hub = json ? json_get_text(json, "hub") : NULL;
    const char *name = json ? json_get_text(json, "name") : NULL;
    const char *cert = json ? json_get_text(json, "certificate") : NULL;
    if (!fault && (!hub || !name || !cert || id_parse(hub, &out->hub) ||
                   str_copy(out->name, sizeof out->name, name)))
        fault = JOIN_ODD;
    if (!fault)
        fault = take_certificate(ask, cert, out);
    json_free(&json);
    return fault;
}

static enum join_fault join_known(const struct join_ask *ask, struct join_answer *out)
{
    struct said said;
    char *text = words(ask, out->own.cert);
    enum join_fault fault = request(ask->url, "/v1/join", out->authority, text, &said);
    if (!fault)
        fault = take_answer(ask, &said, out);
    mem_wipe(text, strlen(text));
    x_free(&text);
    buf_free(&said.body);
    return fault;
}

enum join_fault join_hub(const struct join_ask *ask, struct join_answer *out)
{
    *out = (struct join_answer){0};
    if (strncmp(ask->url, "https://", 8) != 0)
        return JOIN_URL;
    enum join_fault fault = find_authority(ask, &out->authority);
    if (!fault && cert_ask(&out->own))
        fault = JOIN_ODD;
    if (!fault)
        fault = join_known(ask, out);
    if (fault)
        join_free(out);
    return fault;
}
