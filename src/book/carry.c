/* SPDX-License-Identifier: Apache-2.0
 * Frames handed through. Nothing here looks into arguments or results: who may do what is the
 * ledger's to say, and a frame that is none closes the connection it came over. */
#include "book/carry.h"
#include <string.h>
#include "base/err.h"
#include "base/proc.h"
#include "book/talk_priv.h"

void book_ticket(const struct book *book, uint8_t out[BOOK_TICKET])
{
    memcpy(out, book->ticket, BOOK_TICKET);
}

int book_auth_ticket(struct book *book, const uint8_t ticket[BOOK_TICKET], const char *peer,
                     struct book_me *out)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_AUTH_TICKET, NULL, &frame);
    wire_put_bytes(&frame, ticket, BOOK_TICKET);
    wire_put_text(&frame, peer);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    talk_get_me(&answer, out);
    err = talk_end(book, &answer);
    if (err)
        return err;
    memcpy(book->ticket, ticket, BOOK_TICKET);
    book->who = WHO_TICKET;
    (void)str_copy(book->peer, sizeof book->peer, peer);
    return 0;
}

int book_beside(const struct book *book, struct book **out)
{
    return book_open(book->path, out);
}

int book_carry(struct book *book, const struct buf *frame)
{
    return book->fd < 0 ? SND_E_LOST : wire_send(book->fd, frame);
}

int book_carried(struct book *book, const uint8_t **frame, size_t *len)
{
    struct wire in;
    int got = book->fd < 0 ? 0 : wire_recv(book->fd, book->in, WIRE_MAX);
    if (got <= 0)
        return got == 0 ? SND_E_LOST : got;
    if (wire_open(&in, book->in, (size_t)got))
        return SND_E_BAD;
    *frame = book->in;
    *len = (size_t)got;
    return 1;
}

void book_drop(struct book *book)
{
    talk_drop(book);
}

int book_asked(const void *frame, size_t len, struct book_asked *out)
{
    struct wire in;
    char name[64];
    *out = (struct book_asked){0};
    if (wire_open(&in, frame, len) || wire_u8(&in) != 'Q')
        return SND_E_BAD;
    out->tag = wire_u32(&in);
    wire_text(&in, name, sizeof name);
    wire_id(&in, &out->id);
    out->known = !in.bad && op_find(name, &out->op) == 0;
    out->payload = in.at;
    out->len = in.left;
    return in.bad ? SND_E_BAD : 0;
}

/* ---- behind a line ---- */

int book_open_on(int fd, struct book **out)
{
    int err = proc_nonblocking(fd, 1);
    if (!err)
        err = book_open("", out);
    if (err)
        return err;
    (*out)->fd = fd;
    (*out)->away = x_alloc(sizeof *(*out)->away);
    return 0;
}

const struct book_away *book_away(const struct book *book)
{
    return book && book->away ? &book->away->now : NULL;
}

void book_away_put(struct buf *frame, const struct book_away *away)
{
    wire_begin(frame);
    wire_put_u8(frame, 'N');
    wire_put_u8(frame, (uint8_t)away->state);
    wire_put_i64(frame, away->since);
    wire_put_u32(frame, (uint32_t)away->waiting);
    wire_put_u8(frame, (uint8_t)away->news);
    wire_put_text(frame, away->number);
    wire_put_i64(frame, away->status);
}

int talk_take_away(struct book *book, struct wire *in)
{
    struct book_away said = {0};
    if (!book->away)
        return SND_E_BAD;
    said.state = talk_get_enum(in, AWAY_STATES);
    said.since = wire_i64(in);
    said.waiting = talk_get_int(in);
    said.news = talk_get_enum(in, AWAY_NEWS);
    wire_text(in, said.number, sizeof said.number);
    said.status = (int)wire_i64(in);
    if (wire_done(in))
        return SND_E_BAD;
    struct talk_away *away = book->away;
    away->now = said;
    away->heard = 1;
    if (said.news != AWAY_NOTHING)
        away->news = said;
    return 0;
}

int book_away_heard(struct book *book, struct book_away *news)
{
    if (!book->away || !book->away->heard)
        return 0;
    *news = book->away->news;
    book->away->news.news = AWAY_NOTHING;
    book->away->heard = 0;
    return 1;
}

int book_me_read(const void *results, size_t len, struct book_me *out)
{
    struct wire in = {.at = results, .left = len};
    talk_get_me(&in, out);
    return wire_done(&in);
}
