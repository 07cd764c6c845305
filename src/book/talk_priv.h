/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BOOK_TALK_PRIV_H
#define BOOK_TALK_PRIV_H
/* One call over the ledger's socket, and what the calls of this room share. */
#include "base/wire.h"
#include "book/book.h"
#include "book/carry.h"
#define TALK_TICKET 32 /* bytes of a ticket */
#define TALK_PUTS 8    /* drafts with a put on its way */
#define TALK_WINDOW 32 /* most puts not yet answered */

/* The newest put of one draft, kept until it has been answered. */
struct put {
    struct id draft; /* zeros: of where the person stands */
    uint32_t tag;
    int sent;         /* on this connection */
    struct buf frame; /* empty = free */
};
/* A question that nobody waits for. */
struct question {
    uint32_t tag; /* 0 = none was asked */
    int answered, status;
    struct buf results;
};
struct kept_form {
    struct kept_form *next;
    struct form *form;
};
/* How to become this person again on a new connection. */
enum talk_who { WHO_NOBODY, WHO_TICKET, WHO_CLI, WHO_PART };
/* What a bridge has said. */
struct talk_away {
    struct book_away now, news;
    int heard;
};
struct book {
    char *path;
    int fd;       /* -1 = not connected */
    uint32_t tag; /* of the last request */
    enum talk_who who;
    uint8_t ticket[TALK_TICKET];
    char peer[64]; /* of a part its name */
    uint8_t *in;   /* the last frame received, WIRE_MAX bytes */
    struct put put[TALK_PUTS];
    int outstanding;   /* puts sent on this connection and not answered */
    int64_t put_since; /* when the oldest of them may have been sent, clock_mono_ms() */
    int put_error;     /* the first that a put was answered with, until told */
    struct id put_error_draft;
    int64_t put_retry; /* when a put may try to reconnect again, clock_mono_ms() */
    struct question question[BOOK_QUESTIONS];
    struct kept_form *forms;
    struct talk_away *away; /* NULL: the ledger itself is behind the socket */
};

/* Begins a request. id: of a write, NULL for a read. */
void talk_begin(struct book *book, enum operation op, const struct id *id, struct buf *frame);
/* The same for a put: talk_put(). */
void talk_begin_put(struct book *book, enum operation op, const struct id *id, struct buf *frame);
/* The same for a question that nobody waits for: talk_question(). */
void talk_begin_question(struct book *book, enum operation op, const struct id *id,
                         struct buf *frame);
/* The tag of a request that was begun. */
uint32_t talk_tag(const struct buf *frame);
/* Sends it, frees it and waits for its answer, over a restart of the ledger if need be. Returns the
 * status; the results (of 0, and of SND_E_INVALID) are to be read from *answer and borrowed from
 * the book until the next call. */
SND_MUST int talk_ask(struct book *book, struct buf *frame, struct wire *answer);
/* The results were read: 0, or SND_E_BAD when they were not what they should be; then the
 * connection is closed. */
SND_MUST int talk_end(struct book *book, const struct wire *answer);
/* A call without results: ask and end. */
SND_MUST int talk_plain(struct book *book, struct buf *frame);
/* Connects if it isn't: 0, or SND_E_LOST at once when nobody listens. */
SND_MUST int talk_connect(struct book *book);
/* Loses the connection; the next call makes a new one. */
void talk_drop(struct book *book);

/* Sends a put without waiting; tries at most one quick reconnect. 0, SND_E_BUSY, SND_E_LOST. */
SND_MUST int talk_put(struct book *book, struct put *put);
/* Takes in the answers that are there. 0 or SND_E_LOST. */
SND_MUST int talk_pump(struct book *book);
/* Waits until no put is unanswered. */
SND_MUST int talk_retry(struct book *book);
SND_MUST int talk_flush(struct book *book);
/* That draft has come to its end: nothing of it is to be sent again or complained about. */
void talk_forget_puts(struct book *book, const struct id *draft);
/* What a put was answered with, told once: 0 or an error. */
SND_MUST int talk_put_error(struct book *book);

/* Sends a question without waiting, and frees the frame: 0, SND_E_LOST, SND_E_BUSY. */
SND_MUST int talk_question(struct book *book, enum book_question which, struct buf *frame);
/* Its answer's status, and the results to be read; SND_E_BUSY while there is none. A status other
 * than 0 is told once. */
SND_MUST int talk_heard(struct book *book, enum book_question which, struct wire *answer);
void talk_forget(struct book *book, enum book_question which);

/* What a bridge says of its line. 0 or SND_E_BAD. */
SND_MUST int talk_take_away(struct book *book, struct wire *in);

/* A number of rows that an answer announces, refused when the rest can't hold so many. */
size_t talk_count(struct wire *answer, size_t least_row);
/* Rows of a kind: bytes of the shortest in an answer, bytes of one in memory, how one is read. */
struct talk_rows {
    size_t least, size;
    void (*get)(struct wire *answer, struct arena *arena, void *row);
};
/* The rows that come next in an answer, in the arena, and how many they are. */
void *talk_get_rows(struct wire *answer, const struct talk_rows *rows, struct arena *arena,
                    size_t *count);
/* A call whose results are rows alone: ask, take them, end. out: a pointer to the rows. */
SND_MUST int talk_list(struct book *book, struct buf *frame, const struct talk_rows *rows,
                       struct arena *arena, void *out, size_t *count);
/* A notice's two texts, empty for NULL. */
void talk_put_notice(struct buf *frame, const struct book_notice *notice);
/* Shared results. */
void talk_get_me(struct wire *answer, struct book_me *out);
void talk_get_request(struct wire *answer, struct book_request *out);
void talk_get_sha(struct wire *answer, uint8_t sha[HASH_SIZE]);
unsigned talk_get_enum(struct wire *answer, unsigned count);
int talk_get_int(struct wire *answer);
int32_t talk_get_day(struct wire *answer);
#endif
