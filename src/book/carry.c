/* SPDX-License-Identifier: Apache-2.0
 * Frames handed through. Nothing here looks into arguments or results: who may do what is the
 * ledger's to say, and a frame that is none closes the connection it came over. */
#include "book/carry.h"
#include <string.h>
#include "base/err.h"
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
