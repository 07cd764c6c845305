/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOOK_AGENCY_H
#define BOOK_AGENCY_H
/* The lines to agencies that take requests by machine: how people set and see them, what the courier
 * does with the book, and what agencies tell. */
#include "base/buf.h"
#include "book/book.h"
#define AGENCY_CODE 16
#define AGENCY_URL 256
#define AGENCY_TOKEN 256
#define AGENCY_WORD 32
#define AGENCY_ACK 64
#define AGENCY_STAGES 4
extern const char *const agency_stages[AGENCY_STAGES]; /* agreed, building, testing, live */

/* agency.add: text agency, url, token, callback, i64 until, text peer, documents, u32 poll, u32 most.
 * Makes a link or sets it anew. SND_E_INVALID: something of it can't be. */
struct book_link_terms {
    char agency[AGENCY_CODE], url[AGENCY_URL];
    char token[AGENCY_TOKEN];    /* that the agency gave us; "" = none */
    char callback[HASH_TEXT];    /* SHA-256 of the one that we give it, hex; "" = none */
    int64_t until;               /* that one ends, UTC ms */
    char peer[HASH_TEXT];        /* SHA-256 of the certificate it calls with; "" = none */
    char documents[AGENCY_WORD]; /* reference: fetched from the hub by hash */
    int poll, most;
};
SND_MUST int book_agency_add(struct book *book, const struct book_link_terms *terms);
/* agency.stage: text agency, stage, i64 day. SND_E_NOTFOUND, SND_E_INVALID. */
SND_MUST int book_agency_stage(struct book *book, const char *agency, const char *stage, int32_t day);
/* agency.pause: text agency, u8 paused, text reason. SND_E_NOTFOUND. */
SND_MUST int book_agency_pause(struct book *book, const char *agency, int paused, const char *reason);
/* agency.list -> u32 count, rows as below. */
struct book_link {
    char agency[AGENCY_CODE], url[AGENCY_URL], stage[AGENCY_WORD];
    int32_t day[AGENCY_STAGES]; /* of each stage; 0 = not yet */
    char documents[AGENCY_WORD];
    int poll, most;
    int64_t until; /* the token that it calls with ends; 0 = it has none */
    int paused;
    char reason[BOOK_TEXT];
    int open;  /* requests go over it */
    int fails; /* in a row */
    int64_t since, cut_until, last_ok; /* since: it fails since then */
    char why[AGENCY_WORD];
    int64_t waiting, failed, oldest, taken; /* oldest: came about then, 0 = nothing waits */
};
/* One word for how it stands: paused, closed (its stage is not so far), cut (left alone after faults),
 * failing, open. now: UTC ms. */
const char *book_link_word(const struct book_link *link, int64_t now);
SND_MUST int book_agency_list(struct book *book, struct arena *arena, struct book_link **out, size_t *count);
/* outbox.list: text agency ("" = all), text state ("" = waiting and failed) -> u32 count, rows. */
struct book_sending {
    char number[BOOK_NUMBER], agency[AGENCY_CODE], state[AGENCY_WORD];
    int attempts;
    int64_t first_at, next_at;
    int status; /* of the last answer by HTTP; 0 = there was none */
    char why[AGENCY_WORD];
    uint8_t sha[HASH_SIZE], answer_sha[HASH_SIZE];
    int64_t rev; /* of a later step of the request; 0 = it is the request itself */
};
SND_MUST int book_outbox_list(struct book *book, const char *agency, const char *state, struct arena *arena, struct book_sending **out, size_t *count);
/* outbox.retry: text number. What failed, or waits, is sent now. SND_E_NOTFOUND; SND_E_DENIED: it was
 * taken. */
SND_MUST int book_outbox_retry(struct book *book, const char *number);
/* agency.push: text agency. What waits is tried now. SND_E_NOTFOUND. */
SND_MUST int book_agency_push(struct book *book, const char *agency);

/* ---- for the courier ---- */

/* outbox.lines -> u32 count, {text agency, url, token, documents, u32 poll, most, u8 open, u32 fails, i64 cut until}. */
struct book_agency_line {
    char agency[AGENCY_CODE], url[AGENCY_URL], token[AGENCY_TOKEN], documents[AGENCY_WORD];
    int poll, most, open, fails;
    int64_t cut_until;
};
SND_MUST int book_outbox_lines(struct book *book, struct arena *arena, struct book_agency_line **out, size_t *count);
/* outbox.due: text agency, u32 max -> u32 count, ids to send; u32 count, ids to ask about; u32 count,
 * ids of later steps to tell. */
struct book_due {
    struct id *id;
    size_t count;
};
struct book_dues {
    struct book_due send, ask, follow;
};
SND_MUST int book_outbox_due(struct book *book, const char *agency, size_t max, struct arena *arena, struct book_dues *out);
/* outbox.begin: id request -> id key, sha of the body, u32 attempts, i64 first_at. From now on it is
 * `sent`. SND_E_DENIED: it may not be sent (any more). */
struct book_errand {
    struct id request, key;
    uint8_t sha[HASH_SIZE];
    int attempts;
    int64_t first_at;
    int follows; /* it is a later step: key is that event's id */
    int ends;    /* of one: whoever hasn't the request needn't hear it */
};
SND_MUST int book_outbox_begin(struct book *book, const struct id *request, struct book_errand *out);
/* outbox.body: id request, u32 skip -> bytes, u8 more. The whole of it into *out. */
SND_MUST int book_outbox_body(struct book *book, const struct id *request, struct buf *out);
/* outbox.done: id request, u8 outcome, text ack, u32 status, text why, i64 next_at, bytes answer. */
enum book_outcome { BOOK_TAKEN, BOOK_AGAIN, BOOK_FAILED };
struct book_attempt {
    struct id request;
    enum book_outcome outcome;
    char ack[AGENCY_ACK], why[AGENCY_WORD];
    int status;
    int64_t next_at;
    const void *answer;
    size_t len;
};
SND_MUST int book_outbox_done(struct book *book, const struct book_attempt *attempt);
/* followup.begin: id event -> id request, u32 attempts, u8 ends, bytes body: also put into *body.
 * SND_E_DENIED as above. / followup.done: id event, u8 outcome, u32 status, text why, i64 next_at,
 * bytes answer; attempt->request is the event's id, ack isn't looked at. */
SND_MUST int book_followup_begin(struct book *book, const struct id *event, struct book_errand *out, struct buf *body);
SND_MUST int book_followup_done(struct book *book, const struct book_attempt *attempt);
/* outbox.line: text agency, u32 fails, i64 until, i64 last_ok, text why: how a line goes. */
SND_MUST int book_outbox_line(struct book *book, const char *agency, int fails, int64_t until, int64_t last_ok, const char *why);

/* ---- what agencies tell ---- */

/* agency.told: text agency (the courier's) or "", text SHA-256 of the token, text SHA-256 of the
 * certificate, bytes body -> text what became of it, text the request's state. SND_E_AUTH: nobody that
 * is known; SND_E_INVALID: no such message. */
#define AGENCY_BODY 32768
struct book_told {
    char agency[AGENCY_CODE], token[HASH_TEXT], peer[HASH_TEXT];
    const void *body;
    size_t len;
};
/* agency.document: text "", token, certificate, bytes sha -> i64 size, text mime. SND_E_AUTH;
 * SND_E_NOTFOUND: no request that went to that agency has it. */
SND_MUST int book_agency_document(struct book *book, const struct book_told *caller, const uint8_t sha[HASH_SIZE], int64_t *size, char mime[64]);
SND_MUST int book_agency_told(struct book *book, const struct book_told *told, char heard[AGENCY_WORD], char state[AGENCY_WORD]);

/* ---- the unified national portal ---- */

/* It has a link like an agency's, under this code, and files by the channel `self` what people ask
 * for there. The hub's own centre has such a request. Each begins with text "", token, certificate. */
#define AGENCY_PORTAL "PORTAL"
#define PORTAL_KEY_LEAST 8
#define PORTAL_KEY 81
/* 1 for PORTAL_KEY_LEAST visible signs of ASCII or more, less than PORTAL_KEY. */
int portal_key_fits(const char *key);
/* portal.hello: SND_E_AUTH: nobody, or another's link; SND_E_DENIED: the link is not open today. */
SND_MUST int book_portal_hello(struct book *book, const struct book_told *caller);
/* portal.submit: text key, bytes sha, text values -> as request.submit. The key is the portal's own name
 * of this submission: a repeat gets the first one's receipt; SND_E_EXISTS: it named another. SND_E_AUTH,
 * SND_E_DENIED, SND_E_BAD: no key; SND_E_INVALID with faults, SND_E_CLOSED. */
SND_MUST int book_portal_submit(struct book *book, const struct book_told *caller, const char *key, const struct record *record, struct book_receipt *out, struct fault *faults, size_t max, size_t *count);
/* portal.status: text number -> text number, service, u8 state, i64 changed, fee due, u32 count, rows:
 * i64 at, u8 state, text note, documents, i64 fee: nothing of who worked on it. SND_E_NOTFOUND: not one
 * that the portal filed. */
struct portal_step {
    int64_t at, fee;
    enum request_state state;
    char note[BOOK_NOTE], documents[BOOK_NOTE];
};
struct portal_status {
    char number[BOOK_NUMBER], service[16];
    enum request_state state;
    int64_t changed, fee_due;
    struct portal_step *step; /* oldest first */
    size_t steps;
};
SND_MUST int book_portal_status(struct book *book, const struct book_told *caller, const char *number, struct arena *arena, struct portal_status *out);
#endif
