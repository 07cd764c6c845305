/* SPDX-License-Identifier: Apache-2.0
 * Customers and requests alike: questions that nobody waits for. A question is sent and forgotten;
 * its answer is taken in with whatever else comes over the connection, and heard when the screens
 * ask for it. A question that the ledger was lost over is answered with just that, and not asked
 * again by itself: the look-up serves the clerk, never holds one up. */
#include <string.h>
#include "base/err.h"
#include "base/json.h"
#include "book/talk_priv.h"

#define ALIKE_LEAST 13 /* bytes of a row with empty texts */

int book_person_ask(struct book *book, enum person_part known_by, const char *number,
                    const char *service)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin_question(book, OP_PERSON_LOOK_UP, &id, &frame);
    wire_put_text(&frame, person_word(known_by));
    wire_put_text(&frame, number);
    wire_put_text(&frame, service);
    return talk_question(book, BOOK_ASKED_PERSON, &frame);
}

static int take_known(const char *text, struct book_person *out)
{
    struct json *known = NULL;
    int err = json_parse(text, strlen(text), &known);
    for (int part = 0; part < PERSON_PARTS && !err; part++) {
        const char *value = json_get_text(known, person_word((enum person_part)part));
        out->known[part] = value ? x_strdup(value) : NULL;
    }
    json_free(&known);
    return err;
}

int book_person_heard(struct book *book, struct book_person *out)
{
    struct wire answer;
    *out = (struct book_person){0};
    int err = talk_heard(book, BOOK_ASKED_PERSON, &answer);
    if (err)
        return err;
    char *known = wire_text_dup(&answer, WIRE_MAX);
    wire_text(&answer, out->newest, sizeof out->newest);
    err = wire_done(&answer);
    if (!err)
        err = *known ? take_known(known, out) : SND_E_NOTFOUND;
    mem_wipe(known, strlen(known));
    x_free(&known);
    talk_forget(book, BOOK_ASKED_PERSON);
    if (err)
        book_person_free(out);
    return err;
}

void book_person_free(struct book_person *person)
{
    for (int part = 0; part < PERSON_PARTS; part++)
        x_free(&person->known[part]);
}

int book_alike_ask(struct book *book, const struct record *record, const char *civil)
{
    struct buf frame;
    talk_begin_question(book, OP_REQUEST_ALIKE, NULL, &frame);
    wire_put_bytes(&frame, record->form->sha, HASH_SIZE);
    wire_put_text(&frame, civil);
    return talk_question(book, BOOK_ASKED_ALIKE, &frame);
}

int book_alike_heard(struct book *book, struct book_alike out[BOOK_ALIKE], size_t *count)
{
    struct wire answer;
    *count = 0;
    int err = talk_heard(book, BOOK_ASKED_ALIKE, &answer);
    if (err)
        return err;
    size_t all = talk_count(&answer, ALIKE_LEAST);
    for (size_t i = 0; i < all && i < BOOK_ALIKE; i++) {
        wire_text(&answer, out[i].number, sizeof out[i].number);
        out[i].day = talk_get_day(&answer);
        out[i].state = talk_get_enum(&answer, STATE_COUNT);
    }
    err = wire_done(&answer);
    if (!err)
        *count = all;
    talk_forget(book, BOOK_ASKED_ALIKE);
    return err;
}

int book_asking(const struct book *book)
{
    for (int i = 0; i < BOOK_QUESTIONS; i++)
        if (book->question[i].tag && !book->question[i].answered)
            return 1;
    return 0;
}

int book_heard(const struct book *book)
{
    for (int i = 0; i < BOOK_QUESTIONS; i++)
        if (book->question[i].answered)
            return 1;
    return 0;
}

void book_hear_no_more(struct book *book)
{
    for (int i = 0; i < BOOK_QUESTIONS; i++)
        if (book->question[i].answered)
            talk_forget(book, (enum book_question)i);
}
