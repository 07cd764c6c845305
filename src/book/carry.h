/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOOK_CARRY_H
#define BOOK_CARRY_H
/* A connection whose frames somebody else reads and writes: the relay at the office, which copies
 * them between a line and the ledger, and the bridge on a person's own box, which stands there in
 * the ledger's place. */
#include "base/wire.h"
#include "book/book.h"
#define BOOK_TICKET 32 /* bytes of a ticket */

/* The ticket of whoever is logged in; with it another connection becomes the same session:
 * SND_E_AUTH when that has ended. The account is in *out. */
void book_ticket(const struct book *book, uint8_t out[BOOK_TICKET]);
SND_MUST int book_auth_ticket(struct book *book, const uint8_t ticket[BOOK_TICKET],
                              const char *peer, struct book_me *out);
/* Another book at the same ledger, not logged in. */
SND_MUST int book_beside(const struct book *book, struct book **out);
/* Sends a whole frame as it is: 0, SND_E_BUSY (when book_fd() can be written), SND_E_LOST. */
SND_MUST int book_carry(struct book *book, const struct buf *frame);
/* 1 and a frame as it came, borrowed until the next call; SND_E_BUSY, SND_E_LOST, SND_E_BAD. */
SND_MUST int book_carried(struct book *book, const uint8_t **frame, size_t *len);
/* Loses the connection without a word: the session lives on for whoever has its ticket. */
void book_drop(struct book *book);

/* A desk whose ledger is behind a line: the other end of that SEQPACKET socket is a bridge, which
 * answers everything, also while the line is down (SND_E_LOST), and is not found again once it has
 * gone. Takes the socket. */
SND_MUST int book_open_on(int fd, struct book **out);
/* How that line stands, as the bridge says of itself: u8 'N', u8 state, i64 since, u32 waiting, u8
 * news, text number, i64 status. */
enum book_away_state { AWAY_UP, AWAY_DOWN, AWAY_REFUSED, AWAY_ENDED, AWAY_STATES };
enum book_away_news { AWAY_NOTHING, AWAY_TAKEN, AWAY_RETURNED, AWAY_NEWS };
struct book_away {
    enum book_away_state state;
    int64_t since;            /* UTC ms */
    int waiting;              /* requests that are kept on this side, to be sent */
    enum book_away_news news; /* of one of them: */
    char number[BOOK_NUMBER]; /* the number that it was given, */
    int status;               /* or why it was not taken */
};
/* NULL for a book that is at its ledger, and for none. */
const struct book_away *book_away(const struct book *book);
/* 1 when something was said since it was asked last; *news is what has become of a request. */
int book_away_heard(struct book *book, struct book_away *news);
void book_away_put(struct buf *frame, const struct book_away *away);
/* The results of account.me. */
SND_MUST int book_me_read(const void *results, size_t len, struct book_me *out);

/* A request as it goes over the wire, taken apart. */
struct book_asked {
    uint32_t tag;
    enum operation op;
    int known; /* op is one that there is */
    struct id id;
    const uint8_t *payload; /* the arguments, borrowed */
    size_t len;
};
SND_MUST int book_asked(const void *frame, size_t len, struct book_asked *out); /* SND_E_BAD */
#endif
