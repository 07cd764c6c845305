/* SPDX-License-Identifier: Apache-2.0
 * What the hub serves agencies: it hears how requests stand, and gives out the documents of
 * requests that went to whoever asks. The token or certificate of an agency is known by its hash
 * alone, which the ledger looks up; nothing here compares it. */
#include <string.h>
#include <strings.h>
#include "base/err.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "book/agency.h"
#include "sync/agency_priv.h"
#include "sync/proof_priv.h"

#define PIECE 49152
#define DOCUMENT_MOST (64u << 20)

void agency_json(struct reply *reply, int status, struct json *json)
{
    char *text = json_text(json, 0);
    reply->status = status;
    reply->type = "application/json";
    buf_clear(&reply->body);
    buf_puts(&reply->body, text);
    reply_header(reply, "Cache-Control", "no-store");
    x_free(&text);
    json_free(&json);
}

struct json *agency_fault(const struct agency_fault *faults, size_t count, int err, int *status)
{
    struct json *json = json_new_object();
    const char *sentence = "Say it again later.";
    *status = 503;
    for (size_t i = 0; i < count; i++)
        if (faults[i].err == err) {
            *status = faults[i].status;
            sentence = faults[i].sentence;
        }
    json_put_text(json, "error", sentence);
    json_put_text(json, "whose", *status == 503 ? "receiver" : "sender");
    return json;
}

static void answer_fault(struct reply *reply, int err)
{
    static const struct agency_fault faults[] = {
        {SND_E_AUTH, 401,
         "Call with the token of this agency, as Authorization: Bearer, or its certificate."},
        {SND_E_INVALID, 400, "Mend the message: it is not what openapi.json says."},
        {SND_E_NOTFOUND, 404, "There is no such document in a request of this agency."},
        {SND_E_BAD, 416, "Ask for a range that the document has."}};
    int status;
    struct json *json = agency_fault(faults, SND_COUNT(faults), err, &status);
    agency_json(reply, status, json);
    if (status == 401)
        reply_header(reply, "WWW-Authenticate", "Bearer");
}

/* The hash of the certificate that is shown. */
static int read_certificate(const struct ask *ask, struct book_told *out)
{
    struct cert_facts facts;
    int err = proof_shown(ask->connection, ask->hub->args, &facts);
    if (!err)
        hex_text(facts.fingerprint, HASH_SIZE, out->peer);
    return err;
}

int agency_caller(const struct ask *ask, struct book_told *out)
{
    static const char scheme[] = "Bearer ";
    const char *shown = ask_header(ask, "Authorization");
    uint8_t hash[HASH_SIZE];
    if (!shown)
        return read_certificate(ask, out);
    if (strncasecmp(shown, scheme, sizeof scheme - 1) != 0 || !shown[sizeof scheme - 1])
        return SND_E_AUTH;
    shown += sizeof scheme - 1;
    hash_bytes(shown, strlen(shown), hash);
    hex_text(hash, HASH_SIZE, out->token);
    return 0;
}

void page_agency_status(struct ask *ask, struct reply *reply)
{
    struct book_told told = {.body = ask->body.data, .len = ask->body.len};
    char heard[AGENCY_WORD], state[AGENCY_WORD];
    int err = agency_caller(ask, &told);
    if (!err)
        err = book_agency_told(ask->book, &told, heard, state);
    if (err) {
        answer_fault(reply, err);
        return;
    }
    struct json *json = json_new_object();
    json_put_text(json, "code", heard);
    if (state[0])
        json_put_text(json, "state", state);
    agency_json(reply, 200, json);
}

/* `bytes=FROM-` or `bytes=FROM-TO` of so many: 1 and the range, 0 = none was asked for, or
 * SND_E_BAD. */
static int read_range(const char *header, int64_t size, int64_t *from, int64_t *to)
{
    static const char unit[] = "bytes=";
    char text[24];
    *from = 0;
    *to = size - 1;
    if (!header || strncmp(header, unit, sizeof unit - 1) != 0)
        return 0;
    const char *at = header + sizeof unit - 1, *dash = strchr(at, '-');
    if (!dash || str_format(text, sizeof text, "%.*s", (int)(dash - at), at) ||
        num_parse(text, 0, size - 1, from) ||
        (dash[1] && num_parse(dash + 1, *from, INT64_MAX, to)))
        return SND_E_BAD;
    *to = *to < size - 1 ? *to : size - 1;
    return 1;
}

static int read_document(struct ask *ask, const uint8_t sha[HASH_SIZE], int64_t from, int64_t to,
                         struct buf *out)
{
    int err = 0;
    while (!err && from <= to) {
        size_t before = out->len;
        uint32_t most = to - from + 1 < PIECE ? (uint32_t)(to - from + 1) : PIECE;
        err = book_blob_get(ask->book, sha, from, most, out);
        if (!err && (out->failed || out->len == before))
            err = SND_E_LIMIT;
        from += (int64_t)(out->len - before);
    }
    return err;
}

void page_agency_blob(struct ask *ask, struct reply *reply)
{
    struct book_told caller = {0};
    uint8_t sha[HASH_SIZE];
    char mime[64], span[64];
    int64_t size = 0, from = 0, to = -1;
    int part = 0, err = agency_caller(ask, &caller);
    if (!err && hex_parse(ask->tail, sha, HASH_SIZE))
        err = SND_E_NOTFOUND;
    if (!err)
        err = book_agency_document(ask->book, &caller, sha, &size, mime);
    if (!err) {
        part = read_range(ask_header(ask, "Range"), size, &from, &to);
        err = part < 0 ? part : 0;
    }
    reply->body.max = DOCUMENT_MOST;
    if (!err)
        err = read_document(ask, sha, from, to, &reply->body);
    if (err) {
        answer_fault(reply, err);
        return;
    }
    reply->type = "application/octet-stream";
    reply->status = part ? 206 : 200;
    (void)str_format(span, sizeof span, "bytes %lld-%lld/%lld", (long long)from, (long long)to,
                     (long long)size);
    if (part)
        reply_header(reply, "Content-Range", span);
    reply_header(reply, "Cache-Control", "no-store");
}
