/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_COURIER_PRIV_H
#define SYNC_COURIER_PRIV_H
/* The courier's parts: when something is tried (courier_pace.c), and one request to an agency
 * (flight.c). */
#include <curl/curl.h>
#include <stdint.h>
#include "base/buf.h"
#include "sync/courier.h"

/* ---- when ---- */

#define COURIER_ATTEMPTS 10 /* then a person is told */
/* How long to wait after so many attempts, ms; `chance` from 0 to 1 spreads it by a fifth either way. */
int64_t courier_wait(int attempts, int64_t first, double chance);

/* A line that fails again and again is cut off: nothing is tried on it but one request now and then,
 * until that gets through. */
#define CUT_FAILS 5
struct cut {
    int fails;     /* in a row */
    int64_t until; /* clock_mono_ms(); 0 = not cut off */
};
void cut_good(struct cut *cut);
void cut_bad(struct cut *cut, int64_t now, int64_t first);
/* How many requests may be on their way now, of at most `most`. */
int cut_room(const struct cut *cut, int64_t now, int most);

/* ---- one request ---- */

#define FLIGHT_ANSWER 32768
struct flight {
    struct flight *next;
    struct lane *lane; /* of whoever began it */
    struct book_errand errand;
    int asks; /* how it stands, instead of sending it */
    CURL *easy;
    struct curl_slist *headers;
    char *url;
    struct buf body, answer;
    curl_mime *parts; /* of a request whose documents come along */
    int64_t retry_after; /* seconds, 0 = nothing was said */
    CURLcode result;
    long status;
};
/* A request to that agency: nothing is sent yet. `path` is added to the line's address. */
struct flight *flight_new(const struct book_agency_line *line, const char *folder, const char *path);
void flight_header(struct flight *flight, const char *name, const char *value);
/* Sends the body along; with its documents, which are read from the book while it flies: 0, or
 * SND_E_BAD when the body is no request. */
void flight_post(struct flight *flight);
SND_MUST int flight_post_documents(struct flight *flight, struct book *book);
void flight_free(struct flight **flight);
/* It has ended so: result, status and retry_after are filled in. */
void flight_landed(struct flight *flight, CURLcode result);
/* What came of it: for a request that was sent, with the agency's number of it and the word for what
 * is wrong. */
enum book_outcome flight_outcome(const struct flight *flight, char ack[AGENCY_ACK], char why[AGENCY_WORD]);
/* 1 when the agency as a whole asks to be left alone for a while (retry_after). */
int flight_held(const struct flight *flight);
/* 1 when the line itself is to blame, or the agency as a whole. */
int flight_broken(const struct flight *flight);
/* The word of what is wrong: "" when a 2xx came. */
const char *flight_why(const struct flight *flight);
#endif
