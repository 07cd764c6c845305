/* SPDX-License-Identifier: Apache-2.0
 * One request to an agency by HTTP. The agency's certificate is looked at always, by the authority
 * that was given for it or the system's; no redirection is followed; an answer has a size and a
 * time. What an answer means for a request stands in one place, flight_outcome(). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "sync/courier_priv.h"
#include "text/input.h"

#define BODY_MAX (8u << 20)
#define CONNECT_MS 5000L
#define WHOLE_MS 30000L
#define SLOW_BYTES 16L /* a second, */
#define RETRY_MOST 3600
#define PAPER_PIECE 49152
#define PAPER_SPEED 32 /* bytes a millisecond that a line has at least */

#define SET(flight, option, value) ((void)curl_easy_setopt((flight)->easy, option, value))

static size_t on_body(char *bytes, size_t one, size_t count, void *arg)
{
    struct flight *flight = arg;
    buf_put(&flight->answer, bytes, one * count);
    return flight->answer.failed ? 0 : one * count;
}

/* A file of the link's that is there: yours to x_free(), or NULL. One that can't be read is there
 * too, and nothing is sent then. */
static char *file_of(const struct book_agency_line *line, const char *folder, const char *kind)
{
    char *path = x_printf("%s/%s.%s", folder, line->agency, kind);
    if (access(path, F_OK) != 0 && errno == ENOENT)
        x_free(&path);
    return path;
}

static void set_files(struct flight *flight, const struct book_agency_line *line,
                      const char *folder)
{
    char *cert = file_of(line, folder, "crt"), *key = file_of(line, folder, "key");
    char *authority = file_of(line, folder, "ca");
    if (cert && key) {
        SET(flight, CURLOPT_SSLCERT, cert);
        SET(flight, CURLOPT_SSLKEY, key);
    }
    if (authority) {
        SET(flight, CURLOPT_CAINFO, authority);
        SET(flight, CURLOPT_CAPATH, NULL);
    }
    x_free(&cert);
    x_free(&key);
    x_free(&authority);
}

static void set_limits(struct flight *flight)
{
    SET(flight, CURLOPT_PROTOCOLS_STR, "https,http");
    SET(flight, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
    SET(flight, CURLOPT_FOLLOWLOCATION, 0L);
    SET(flight, CURLOPT_NOSIGNAL, 1L);
    SET(flight, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    SET(flight, CURLOPT_TIMEOUT_MS, WHOLE_MS);
    SET(flight, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES);
    SET(flight, CURLOPT_LOW_SPEED_TIME, WHOLE_MS / 1000);
    SET(flight, CURLOPT_SSL_VERIFYPEER, 1L);
    SET(flight, CURLOPT_SSL_VERIFYHOST, 2L);
    SET(flight, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
}

struct flight *flight_new(const struct book_agency_line *line, const char *folder, const char *path)
{
    struct flight *flight = x_alloc(sizeof *flight);
    flight->body = BUF_INIT(BODY_MAX);
    flight->answer = BUF_INIT(FLIGHT_ANSWER);
    flight->url = x_printf("%s%s", line->url, path);
    flight->easy = curl_easy_init();
    snd_assert(flight->easy != NULL);
    SET(flight, CURLOPT_URL, flight->url);
    SET(flight, CURLOPT_PRIVATE, flight);
    SET(flight, CURLOPT_WRITEFUNCTION, on_body);
    SET(flight, CURLOPT_WRITEDATA, flight);
    set_limits(flight);
    set_files(flight, line, folder);
    flight->headers = curl_slist_append(NULL, "Expect:");
    if (line->token[0]) {
        char *value = x_printf("Bearer %s", line->token);
        flight_header(flight, "Authorization", value);
        mem_wipe(value, strlen(value));
        x_free(&value);
    }
    SET(flight, CURLOPT_HTTPHEADER, flight->headers);
    return flight;
}

void flight_header(struct flight *flight, const char *name, const char *value)
{
    char *line = x_printf("%s: %s", name, value);
    flight->headers = curl_slist_append(flight->headers, line);
    snd_assert(flight->headers != NULL);
    SET(flight, CURLOPT_HTTPHEADER, flight->headers);
    x_free(&line);
}

void flight_post(struct flight *flight)
{
    SET(flight, CURLOPT_POST, 1L);
    SET(flight, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)flight->body.len);
    SET(flight, CURLOPT_POSTFIELDS, flight->body.data);
}

/* A document on its way from the book into a body. */
struct paper {
    struct book *book;
    uint8_t sha[HASH_SIZE];
    int64_t at, size;
};

static size_t on_paper(char *out, size_t one, size_t count, void *arg)
{
    struct paper *paper = arg;
    size_t room = one * count;
    if (paper->at >= paper->size)
        return 0;
    struct buf piece = BUF_INIT(room);
    uint32_t most = room < PAPER_PIECE ? (uint32_t)room : PAPER_PIECE;
    int err = book_blob_get(paper->book, paper->sha, paper->at, most, &piece);
    size_t len = err || piece.failed ? 0 : piece.len;
    if (len > 0)
        memcpy(out, piece.data, len);
    paper->at += (int64_t)len;
    buf_free(&piece);
    return len > 0 ? len : CURL_READFUNC_ABORT;
}

static int on_rewind(void *arg, curl_off_t offset, int origin)
{
    struct paper *paper = arg;
    if (origin != SEEK_SET || offset < 0 || offset > paper->size)
        return CURL_SEEKFUNC_CANTSEEK;
    paper->at = offset;
    return CURL_SEEKFUNC_OK;
}

static void on_paper_end(void *arg)
{
    struct paper *paper = arg;
    x_free(&paper);
}

/* One part: the bytes of what a document's entry in the body names. */
static int put_paper(struct flight *flight, struct book *book, const struct json *entry,
                     int64_t *total)
{
    const char *sha = json_get_text(entry, "sha256"), *mime = json_get_text(entry, "mime");
    struct paper *paper = x_alloc(sizeof *paper);
    *paper = (struct paper){.book = book, .size = json_get_int(entry, "size", -1)};
    if (!sha || !mime || paper->size < 0 || hex_parse(sha, paper->sha, HASH_SIZE)) {
        x_free(&paper);
        return SND_E_BAD;
    }
    curl_mimepart *part = curl_mime_addpart(flight->parts);
    snd_assert(part != NULL);
    (void)curl_mime_name(part, sha);
    (void)curl_mime_filename(part, sha);
    (void)curl_mime_type(part, mime);
    (void)curl_mime_data_cb(part, paper->size, on_paper, on_rewind, on_paper_end, paper);
    *total += paper->size;
    return 0;
}

/* The same document may stand at two fields, and goes once. */
static int is_repeated(const struct json *list, size_t n)
{
    const char *sha = json_get_text(json_at(list, n), "sha256");
    for (size_t i = 0; sha && i < n; i++) {
        const char *other = json_get_text(json_at(list, i), "sha256");
        if (other && strcmp(other, sha) == 0)
            return 1;
    }
    return 0;
}

int flight_post_documents(struct flight *flight, struct book *book)
{
    struct json *json = NULL;
    int64_t total = 0;
    int err = json_parse((const char *)flight->body.data, flight->body.len, &json);
    if (err)
        return err;
    const struct json *list = json_get(json, "documents");
    flight->parts = curl_mime_init(flight->easy);
    snd_assert(flight->parts != NULL);
    curl_mimepart *part = curl_mime_addpart(flight->parts);
    snd_assert(part != NULL);
    (void)curl_mime_name(part, "request");
    (void)curl_mime_type(part, "application/json");
    (void)curl_mime_data(part, (const char *)flight->body.data, flight->body.len);
    for (size_t i = 0; !err && list && i < json_count(list); i++)
        if (!is_repeated(list, i))
            err = put_paper(flight, book, json_at(list, i), &total);
    json_free(&json);
    SET(flight, CURLOPT_MIMEPOST, flight->parts);
    SET(flight, CURLOPT_TIMEOUT_MS, WHOLE_MS + (long)(total / PAPER_SPEED));
    return err;
}

void flight_free(struct flight **flight)
{
    if (!*flight)
        return;
    curl_easy_cleanup((*flight)->easy);
    curl_mime_free((*flight)->parts);
    curl_slist_free_all((*flight)->headers);
    buf_free(&(*flight)->body);
    buf_free(&(*flight)->answer);
    x_free(&(*flight)->url);
    x_free(flight);
}

/* ---- what an answer means ---- */

static const char *word_of(CURLcode result)
{
    static const struct {
        CURLcode code;
        const char *word;
    } words[] = {{CURLE_COULDNT_RESOLVE_HOST, "dns"},
                 {CURLE_COULDNT_CONNECT, "connect"},
                 {CURLE_OPERATION_TIMEDOUT, "timeout"},
                 {CURLE_PEER_FAILED_VERIFICATION, "certificate"},
                 {CURLE_SSL_CACERT_BADFILE, "certificate"},
                 {CURLE_SSL_CONNECT_ERROR, "tls"},
                 {CURLE_SSL_CERTPROBLEM, "tls"},
                 {CURLE_WRITE_ERROR, "answer"}};
    for (size_t i = 0; i < SND_COUNT(words); i++)
        if (words[i].code == result)
            return words[i].word;
    return "lost";
}

/* Statuses that say something else than their hundred. */
static const struct {
    long status;
    const char *word;
    int broken, final;
} statuses[] = {{400, "refused", 0, 1}, {401, "token", 1, 0},   {403, "token", 1, 0},
                {404, "address", 1, 0}, {405, "address", 1, 0}, {409, "busy", 0, 0},
                {413, "refused", 0, 1}, {415, "refused", 0, 1}, {422, "refused", 0, 1},
                {425, "busy", 0, 0},    {429, "busy", 0, 0},    {503, "busy", 1, 0}};

const char *flight_why(const struct flight *flight)
{
    if (flight->result)
        return word_of(flight->result);
    for (size_t i = 0; i < SND_COUNT(statuses); i++)
        if (statuses[i].status == flight->status)
            return statuses[i].word;
    return flight->status >= 200 && flight->status < 300 ? "" : "status";
}

/* An agency that doesn't know what is spoken of, or can't be spoken to about it. */
static int is_deaf(const struct flight *flight)
{
    static const long deaf[] = {404, 405, 410, 501};
    for (size_t i = 0; i < SND_COUNT(deaf); i++)
        if (!flight->result && flight->errand.follows && flight->status == deaf[i])
            return 1;
    return 0;
}

int flight_held(const struct flight *flight)
{
    return !flight->result && flight->retry_after > 0 &&
           (flight->status == 429 || flight->status == 503);
}

int flight_broken(const struct flight *flight)
{
    if (is_deaf(flight))
        return 0;
    for (size_t i = 0; i < SND_COUNT(statuses); i++)
        if (!flight->result && statuses[i].status == flight->status)
            return statuses[i].broken;
    return flight->result || flight->status < 200 || flight->status >= 300;
}

static int is_final(const struct flight *flight)
{
    for (size_t i = 0; i < SND_COUNT(statuses); i++)
        if (!flight->result && statuses[i].status == flight->status)
            return statuses[i].final;
    return 0;
}

void flight_landed(struct flight *flight, CURLcode result)
{
    curl_off_t seconds = 0;
    flight->result = result;
    (void)curl_easy_getinfo(flight->easy, CURLINFO_RESPONSE_CODE, &flight->status);
    (void)curl_easy_getinfo(flight->easy, CURLINFO_RETRY_AFTER, &seconds);
    flight->retry_after = seconds < RETRY_MOST ? (int64_t)seconds : RETRY_MOST;
    if (result)
        flight->status = 0;
}

static int ack_of(const struct flight *flight, char ack[AGENCY_ACK])
{
    struct json *json = NULL;
    if (json_parse((const char *)flight->answer.data, flight->answer.len, &json) != 0)
        return SND_E_BAD;
    const char *text = json_get_text(json, "ack");
    int err = text && *text && input_is_clean(text) ? str_copy(ack, AGENCY_ACK, text) : SND_E_BAD;
    json_free(&json);
    return err;
}

enum book_outcome flight_outcome(const struct flight *flight, char ack[AGENCY_ACK],
                                 char why[AGENCY_WORD])
{
    const char *word = is_deaf(flight) ? "unheard" : flight_why(flight);
    ack[0] = '\0';
    if (!*word && !flight->errand.follows && ack_of(flight, ack) != 0)
        word = "answer";
    if (is_deaf(flight) && flight->errand.ends)
        word = "";
    (void)str_copy(why, AGENCY_WORD, word);
    if (!*word)
        return BOOK_TAKEN;
    if (is_final(flight) || is_deaf(flight) || flight->errand.attempts >= COURIER_ATTEMPTS)
        return BOOK_FAILED;
    return BOOK_AGAIN;
}
