/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOOK_SEAT_H
#define BOOK_SEAT_H
/* Seats that are counted: campaigns with what is free, and how a request's wish for one stands. */
#include "book/book.h"
#define SEAT_WORD 32

/* seat.list -> u32 n {text code, text season, text ar, text en, i64 seats, i64 free, i64 wishes without
 * an answer, i64 at}: at = when the hub said how many are free, UTC ms; 0 = as it is now. */
struct book_campaign {
    char code[BOOK_NAME], season[SEAT_WORD];
    const char *name[LANG_COUNT]; /* in the arena */
    int64_t seats, free, wanted, at;
};
SND_MUST int book_seat_list(struct book *book, struct arena *arena, struct book_campaign **out, size_t *count);

/* seat.get: text number -> text campaign, text second choice, text season, text state, text why, i64
 * at. SND_E_NOTFOUND: that request wants no seat, or there is no such request. */
struct book_seat {
    char campaign[SEAT_WORD], other[SEAT_WORD], season[SEAT_WORD], state[SEAT_WORD], why[SEAT_WORD];
    int64_t at;
};
SND_MUST int book_seat_get(struct book *book, const char *number, struct book_seat *out);
/* What that means for a person, and what to do: N_(). */
const char *seat_words(const struct book_seat *seat);
#endif
