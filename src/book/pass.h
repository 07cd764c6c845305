/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOOK_PASS_H
#define BOOK_PASS_H
/* Requests that go from one centre to another through the hub, and what went wrong between two. */
#include "book/book.h"

/* request.want: text number (as it was typed), text civil number -> text number (as it is kept), text
 * word: a request that another centre made is asked for. It is here when the word is "passed", at once
 * where it already was or this office is its own hub; "asked": the hub hears of it as soon as the line
 * is up. Other words say why not: pair (no such number, or another applicant), limit (too many wrong
 * ones, for an hour), agency (there is nothing for a centre to do with it now), done. SND_E_INVALID:
 * no number, or no civil number, can be that. */
#define BOOK_WISH_WORD 16
struct book_wish {
    char number[BOOK_NUMBER], word[BOOK_WISH_WORD];
    char applicant[BOOK_TEXT]; /* of a request that is here, as in its row */
    char tail[BOOK_TAIL];      /* of the applicant's number, before that of the one that was asked with */
    int64_t at, answered; /* 0 = not yet */
    int news;             /* answered, and not read yet */
};
SND_MUST int book_request_want(struct book *book, const char *number, const char *civil,
                               struct book_wish *out);
/* wish.list -> u32 count, {text number, text word, i64 at, i64 answered, u8 news, text applicant, text
 * the tail of the civil number}: what this person has asked for in the last 30 days, the newest first. wish.read: its answers are read. */
SND_MUST int book_wish_list(struct book *book, struct arena *arena, struct book_wish **out,
                            size_t *count);
SND_MUST int book_wish_read(struct book *book);

/* conflict.list -> u32 count, {text number, id event, u8 state that was lost, u8 state that stands, i64
 * at, text centre and text account of what was lost, text applicant, text the tail of the applicant's
 * number}: where a centre and its hub, or two centres,
 * changed a request at once, and the hub's word stood; until a person has looked and closed it.
 * conflict.close: text number, id event, text reason -> nothing; closed on both sides. SND_E_INVALID: a
 * reason of less than BOOK_REASON_LEAST letters. */
struct book_conflict {
    char number[BOOK_NUMBER];
    struct id event;
    enum request_state lost, state;
    int64_t at;
    char centre[16], account[BOOK_NAME + 8];
    char applicant[BOOK_TEXT], tail[BOOK_TAIL];
};
SND_MUST int book_conflict_list(struct book *book, struct arena *arena, struct book_conflict **out,
                                size_t *count);
SND_MUST int book_conflict_close(struct book *book, const struct book_conflict *conflict,
                                 const char *reason);

/* quarantine.list -> u32 count, {id node, i64 epoch, i64 seq, text centre, text type, text why, i64 at,
 * text number of the request that it is about ("" = not known), text the tail of its applicant's number}:
 * events of centres from which nothing could follow at this hub, the oldest first. quarantine.retry: id
 * node, i64 epoch, i64 seq -> nothing: it is tried again, after an upgrade. SND_E_INVALID: nothing can
 * follow from it still. quarantine.close: the same and text reason: it is let rest. SND_E_NOTFOUND:
 * there is none such. */
struct book_quarantined {
    struct id node;
    int64_t epoch, seq, at;
    char centre[16], type[32], why[16];
    char number[BOOK_NUMBER], tail[BOOK_TAIL];
};
SND_MUST int book_quarantine_list(struct book *book, struct arena *arena,
                                  struct book_quarantined **out, size_t *count);
SND_MUST int book_quarantine_retry(struct book *book, const struct book_quarantined *event);
SND_MUST int book_quarantine_close(struct book *book, const struct book_quarantined *event,
                                   const char *reason);
#endif
