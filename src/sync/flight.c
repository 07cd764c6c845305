/* SPDX-License-Identifier: Apache-2.0
 * One request to an agency by HTTP. The agency's certificate is looked at always, by the authority
 * that was given for it or the system's; no redirection is followed; an answer has a size and a
 * time. What an answer means for a request stands in one place, flight_outcome(). */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/num.h"
#include "sync/courier_priv.h"
#include "text/input.h"

#define BODY_MAX (8u << 20)
#define CONNECT_MS 5000L
#define WHOLE_MS 30000L
#define SLOW_BYTES 16L /* a second, */
#define RETRY_MOST 3600

#define SET(flight, option, value) ((void)curl_easy_setopt((flight)->easy, option, value))

static size_t on_body(char *bytes, size_t one, size_t count, void *arg)
{
    struct flight *flight = arg;
    buf_put(&flight->answer, bytes, one * count);
    return flight->answer.failed ? 0 : one * count;
}

static size_t on_header(char *line, size_t one, size_t count, void *arg)
{
    static const char name[] = "Retry-After:";
    struct flight *flight = arg;
    size_t len = one * count, from = sizeof name - 1;
    char value[12] = "";
    if (len <= sizeof name || strncasecmp(line, name, sizeof name - 1) != 0)
        return len;
    while (from < len && line[from] == ' ')
        from++;
    for (size_t i = 0; i + 1 < sizeof value && from + i < len && line[from + i] > ' '; i++)
        value[i] = line[from + i];
    if (num_parse(value, 0, RETRY_MOST, &flight->retry_after))
        flight->retry_after = 0;
    return len;
}

/* A file of the link's that is there: yours to x_free(), or NULL. */
static char *file_of(const struct book_agency_line *line, const char *folder, const char *kind)
{
    char *path = x_printf("%s/%s.%s", folder, line->agency, kind);
    if (access(path, R_OK) != 0)
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
    SET(flight, CURLOPT_HEADERFUNCTION, on_header);
    SET(flight, CURLOPT_HEADERDATA, flight);
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

void flight_free(struct flight **flight)
{
    if (!*flight)
        return;
    curl_easy_cleanup((*flight)->easy);
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

int flight_broken(const struct flight *flight)
{
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
    const char *word = flight_why(flight);
    ack[0] = '\0';
    if (!*word && ack_of(flight, ack) != 0)
        word = "answer";
    (void)str_copy(why, AGENCY_WORD, word);
    if (!*word)
        return BOOK_TAKEN;
    if (is_final(flight) || flight->errand.attempts >= COURIER_ATTEMPTS)
        return BOOK_FAILED;
    return BOOK_AGAIN;
}
