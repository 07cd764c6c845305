/* SPDX-License-Identifier: Apache-2.0
 * The keys that seal what citizens say, for the command line. */
#include "base/err.h"
#include "book/talk_priv.h"

int book_key_list(struct book *book, struct book_seal_key *key, size_t *count)
{
    struct buf frame;
    struct wire answer;
    *count = 0;
    talk_begin(book, OP_KEY_LIST, NULL, &frame);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    size_t rows = talk_count(&answer, 14);
    for (size_t i = 0; i < rows; i++) {
        struct book_seal_key one = {.number = wire_u32(&answer)};
        one.known = wire_u8(&answer);
        one.current = wire_u8(&answer);
        one.rows = wire_i64(&answer);
        if (*count < BOOK_KEYS)
            key[(*count)++] = one;
    }
    return talk_end(book, &answer);
}

int book_key_add(struct book *book, uint32_t *number, int *going_on)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_KEY_ADD, &id, &frame);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *number = wire_u32(&answer);
    *going_on = wire_u8(&answer);
    return talk_end(book, &answer);
}

int book_key_reseal(struct book *book, struct book_key_place *place, int64_t *sealed)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_KEY_RESEAL, NULL, &frame);
    wire_put_u32(&frame, place->what);
    wire_put_id(&frame, &place->id);
    wire_put_i64(&frame, place->epoch);
    wire_put_i64(&frame, place->seq);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *sealed = wire_i64(&answer);
    place->more = wire_u8(&answer) == 1;
    place->what = wire_u32(&answer);
    wire_id(&answer, &place->id);
    place->epoch = wire_i64(&answer);
    place->seq = wire_i64(&answer);
    return talk_end(book, &answer);
}

int book_key_drop(struct book *book, uint32_t *dropped)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_KEY_DROP, &id, &frame);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *dropped = wire_u32(&answer);
    return talk_end(book, &answer);
}
