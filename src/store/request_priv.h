/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_REQUEST_PRIV_H
#define STORE_REQUEST_PRIV_H
/* A request's row, and the words by which it is found. */
#include "store/event_priv.h"

/* The columns that request_row() reads, in its order, of a table that is called r. A request of a
 * centre is at the hub once that has its event. */
#define REQUEST_COLUMNS                                                                            \
    "r.id, r.number, r.service, r.agency, r.centre, r.account, r.applicant, r.civil,"              \
    " CASE WHEN r.state = 'queued' AND EXISTS (SELECT 1 FROM uplink u WHERE u.url <> '' AND"       \
    " (r.epoch, r.seq) <= (u.acked_epoch, u.acked_seq)) THEN 'at_hub' ELSE r.state END,"           \
    " r.day, r.at, r.changed, r.fee_agency, r.fee_centre, r.rev, r.form, r.holder, r.officer,"     \
    " r.fee_due, r.ack, r.channel"
/* `civil` stays empty: its sealed bytes are what request_row() gives, borrowed until the next row,
 * and request_civil() opens them. */
struct sealed_bytes {
    const void *bytes;
    size_t len;
};
struct sealed_bytes request_row(struct query *query, struct store_request *out);
SND_MUST int request_civil(const struct store *store, const struct sealed_bytes *sealed,
                           struct store_request *row);

/* The row of a request that another centre made, as event request.passed brings it. */
SND_MUST int request_put_passed(struct store *store, const struct event *event,
                                const struct json *payload);

/* 1 or 0: whether that reach holds a request: by its centre, its holder or its agency. */
int request_within(const struct store_reach *reach, const struct store_request *row);

/* Takes the person out of a request: its row, and the words by which it is found. */
SND_MUST int request_redact(struct store *store, const struct id *id);
/* Takes away what a request can be looked up by, while its payload still says what that is. */
SND_MUST int request_forget_marks(struct store *store, const struct id *id,
                                  const struct json *payload);

/* For bringing a database forward: everybody's name among the words of each request. */
SND_MUST int request_words_anew(struct store *store);
/* The same: no symbols of a number among the tokens. */
SND_MUST int request_symbols_gone(struct store *store);
/* The folded words of a request, a space between them; put into out. */
void search_text(const char *applicant, const char *number, struct buf *out);
/* A civil or telephone number as it is looked up by; put into out. */
void search_number(const char *number, struct buf *out);
/* Keeps a number's mark for that request; an empty number has none. */
SND_MUST int search_mark(struct store *store, const struct id *request, const char *domain,
                         const char *number);
SND_MUST int search_unmark(struct store *store, const struct id *request, const char *domain,
                           const char *number);
/* Keeps each of these words as a token of that request, but for the symbols of its number. */
SND_MUST int search_keep(struct store *store, const struct id *request, const char *number,
                         const char *words);
/* Takes each of these words away again. */
SND_MUST int search_drop(struct store *store, const struct id *request, const char *number,
                         const char *words);
/* What the first of text's words is: *len bytes at the result; NULL when there is none. */
const char *search_word(const char *text, size_t *len);
#endif
