/* SPDX-License-Identifier: Apache-2.0
 * Who is on the connection: logging in, leaving, and what a person may change of their own account.
 * The ticket stays in memory only, and is wiped when the session ends. */
#include <poll.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "book/feed.h"
#include "book/talk_priv.h"

#define BYE_MS 500 /* a good-bye is worth no longer wait */

void talk_get_me(struct wire *answer, struct book_me *out)
{
    *out = (struct book_me){0};
    wire_text(answer, out->account, sizeof out->account);
    wire_text(answer, out->name, sizeof out->name);
    out->role = talk_get_enum(answer, ROLE_COUNT);
    out->lang = talk_get_enum(answer, LANG_COUNT);
    wire_text(answer, out->centre, sizeof out->centre);
    wire_text(answer, out->wilayat, sizeof out->wilayat);
    wire_text(answer, out->centre_name, sizeof out->centre_name);
    unsigned owes = talk_get_enum(answer, 16);
    out->must_change = owes & 1 ? (owes & 2 ? CHANGE_FRESH : CHANGE_OLD) : CHANGE_NONE;
    out->must_code = owes & 8 ? CODE_NEW : owes & 4 ? CODE_ASKED : CODE_NONE;
    out->practice = (int)talk_get_enum(answer, OFFICE_KINDS);
    out->today = talk_get_day(answer);
    out->notices = talk_get_int(answer);
    out->terminals = talk_get_int(answer);
    wire_text(answer, out->place, sizeof out->place);
}

void talk_get_sha(struct wire *answer, uint8_t sha[HASH_SIZE])
{
    size_t len;
    const uint8_t *bytes = wire_bytes(answer, &len);
    if (len != HASH_SIZE)
        answer->bad = 1;
    else
        memcpy(sha, bytes, HASH_SIZE);
}

unsigned talk_get_enum(struct wire *answer, unsigned count)
{
    unsigned value = wire_u8(answer);
    if (value < count)
        return value;
    answer->bad = 1;
    return 0;
}

int talk_get_int(struct wire *answer)
{
    uint32_t value = wire_u32(answer);
    if (value <= INT32_MAX)
        return (int)value;
    answer->bad = 1;
    return 0;
}

int32_t talk_get_day(struct wire *answer)
{
    int64_t value = wire_i64(answer);
    if (value >= INT32_MIN && value <= INT32_MAX)
        return (int32_t)value;
    answer->bad = 1;
    return 0;
}

size_t talk_count(struct wire *answer, size_t least_row)
{
    uint32_t count = wire_u32(answer);
    if (count <= answer->left / least_row)
        return count;
    answer->bad = 1;
    return 0;
}

void *talk_get_rows(struct wire *answer, const struct talk_rows *rows, struct arena *arena,
                    size_t *count)
{
    *count = talk_count(answer, rows->least);
    char *all = arena_alloc(arena, (*count + 1) * rows->size);
    for (size_t i = 0; i < *count; i++)
        rows->get(answer, arena, all + i * rows->size);
    return all;
}

int talk_list(struct book *book, struct buf *frame, const struct talk_rows *rows,
              struct arena *arena, void *out, size_t *count)
{
    struct wire answer;
    *count = 0;
    int err = talk_ask(book, frame, &answer);
    if (err)
        return err;
    void *all = talk_get_rows(&answer, rows, arena, count);
    memcpy(out, &all, sizeof all);
    return talk_end(book, &answer);
}

/* Asks one of the auth operations and becomes what it says. */
static int log_in(struct book *book, struct buf *frame, const char *peer, struct book_me *out)
{
    struct wire answer;
    size_t len;
    int err = talk_ask(book, frame, &answer);
    if (err)
        return err;
    talk_get_me(&answer, out);
    const uint8_t *ticket = wire_bytes(&answer, &len);
    if (len != TALK_TICKET)
        answer.bad = 1;
    else
        memcpy(book->ticket, ticket, TALK_TICKET);
    err = talk_end(book, &answer);
    if (err)
        return err;
    book->who = WHO_TICKET;
    (void)str_copy(book->peer, sizeof book->peer, peer);
    return 0;
}

int book_auth_password(struct book *book, const char *account, const char *password,
                       const char *peer, struct book_me *out)
{
    return book_auth_enrol(book, account, password, "", peer, out);
}

int book_auth_enrol(struct book *book, const char *account, const char *password, const char *key,
                    const char *peer, struct book_me *out)
{
    struct buf frame;
    talk_begin(book, OP_AUTH_PASSWORD, NULL, &frame);
    wire_put_text(&frame, account);
    wire_put_text(&frame, password);
    wire_put_text(&frame, peer);
    wire_put_text(&frame, key);
    return log_in(book, &frame, peer, out);
}

int book_auth_key(struct book *book, const char *account, const char *key, const char *peer,
                  struct book_me *out)
{
    struct buf frame;
    talk_begin(book, OP_AUTH_KEY, NULL, &frame);
    wire_put_text(&frame, account);
    wire_put_text(&frame, key);
    wire_put_text(&frame, peer);
    return log_in(book, &frame, peer, out);
}

int book_auth_cli(struct book *book, struct book_me *out)
{
    struct buf frame;
    struct wire answer;
    int err = talk_connect(book);
    if (err)
        return err;
    talk_begin(book, OP_AUTH_CLI, NULL, &frame);
    err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    talk_get_me(&answer, out);
    err = talk_end(book, &answer);
    if (!err)
        book->who = WHO_CLI;
    return err;
}

int book_auth_part(struct book *book, const char *part, struct book_me *out)
{
    struct buf frame;
    struct wire answer;
    int err = talk_connect(book);
    if (err)
        return err;
    talk_begin(book, OP_AUTH_PART, NULL, &frame);
    wire_put_text(&frame, part);
    err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    talk_get_me(&answer, out);
    err = talk_end(book, &answer);
    if (!err)
        err = str_copy(book->peer, sizeof book->peer, part);
    if (!err)
        book->who = WHO_PART;
    return err;
}

/* Ends the session at the ledger, if it can be done at once. */
static void say_bye(struct book *book)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_AUTH_BYE, &id, &frame);
    if (wire_end(&frame) == 0 && wire_send(book->fd, &frame) == 0) {
        struct pollfd poller = {.fd = book->fd};
        int64_t end = clock_mono_ms() + BYE_MS;
        /* The ledger closes when the session has ended: hang-up is asked for implicitly. */
        while (poll(&poller, 1, 20) == 0 && clock_mono_ms() < end)
            continue;
    }
    buf_free(&frame);
}

void book_close(struct book **book)
{
    struct book *old = *book;
    if (!old)
        return;
    if (old->who == WHO_TICKET && old->fd >= 0)
        say_bye(old);
    talk_drop(old);
    for (size_t i = 0; i < TALK_PUTS; i++)
        buf_free(&old->put[i].frame);
    for (int i = 0; i < BOOK_QUESTIONS; i++) {
        talk_forget(old, (enum book_question)i);
        buf_free(&old->question[i].results);
    }
    while (old->forms) {
        struct kept_form *kept = old->forms;
        old->forms = kept->next;
        form_free(&kept->form);
        x_free(&kept);
    }
    mem_wipe(old->ticket, sizeof old->ticket);
    mem_wipe(old->in, WIRE_MAX);
    x_free(&old->in);
    x_free(&old->away);
    x_free(&old->path);
    x_free(book);
}

int book_office(struct book *book, struct book_office *out)
{
    struct buf frame;
    struct wire answer;
    char node[ID_TEXT];
    *out = (struct book_office){0};
    talk_begin(book, OP_OFFICE_GET, NULL, &frame);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    wire_text(&answer, node, sizeof node);
    wire_text(&answer, out->centre, sizeof out->centre);
    wire_text(&answer, out->centre_name, sizeof out->centre_name);
    wire_text(&answer, out->wilayat, sizeof out->wilayat);
    out->practice = (int)talk_get_enum(&answer, OFFICE_KINDS);
    out->today = talk_get_day(&answer);
    return talk_end(book, &answer);
}

int book_set_language(struct book *book, enum lang lang)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_ACCOUNT_LANGUAGE, &id, &frame);
    wire_put_text(&frame, msg_lang_code(lang));
    return talk_plain(book, &frame);
}

int book_terminal(struct book *book, const char *print, char out[BOOK_PROFILE])
{
    struct buf frame;
    struct wire in;
    uint8_t sha[HASH_SIZE];
    hash_bytes(print, strlen(print), sha);
    talk_begin(book, OP_TERMINAL_GET, NULL, &frame);
    wire_put_bytes(&frame, sha, HASH_SIZE);
    out[0] = '\0';
    int err = talk_ask(book, &frame, &in);
    if (err)
        return err;
    wire_text(&in, out, BOOK_PROFILE);
    return talk_end(book, &in);
}

int book_set_terminal(struct book *book, const char *print, const char *word)
{
    struct buf frame;
    struct id id = id_new();
    uint8_t sha[HASH_SIZE];
    hash_bytes(print, strlen(print), sha);
    talk_begin(book, OP_TERMINAL_PUT, &id, &frame);
    wire_put_bytes(&frame, sha, HASH_SIZE);
    wire_put_text(&frame, word);
    return talk_plain(book, &frame);
}

int book_place(struct book *book, const char *place)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_PLACE_PUT, &id, &frame);
    wire_put_text(&frame, place);
    return talk_plain(book, &frame);
}

int book_own_password(struct book *book, const char *old, const char *new_one)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_ACCOUNT_OWN_PASSWORD, &id, &frame);
    wire_put_text(&frame, old);
    wire_put_text(&frame, new_one);
    return talk_plain(book, &frame);
}
