/* SPDX-License-Identifier: Apache-2.0
 * Accounts of other people, for administrators and the command line. */
#include <string.h>
#include "base/err.h"
#include "book/talk_priv.h"

#define ROW_LEAST 22 /* bytes of a row with empty texts */
#define KEY_ROW_LEAST 12
#define LIST_MAX 20000

static void get_account(struct wire *answer, struct book_account *out)
{
    wire_text(answer, out->account, sizeof out->account);
    wire_text(answer, out->name, sizeof out->name);
    out->role = talk_get_enum(answer, ROLE_COUNT);
    wire_text(answer, out->centre, sizeof out->centre);
    wire_text(answer, out->scope, sizeof out->scope);
    out->disabled = (int)talk_get_enum(answer, 2);
    out->keys = wire_u8(answer);
    out->password = (int)talk_get_enum(answer, 2);
    out->code = (int)talk_get_enum(answer, 2);
    out->totp = (int)talk_get_enum(answer, 2);
}

/* One page after the last row of *list; *got = its rows. */
static int account_page(struct book *book, struct book_account **list, size_t *count, size_t *got)
{
    struct buf frame;
    struct wire answer;
    talk_begin(book, OP_ACCOUNT_LIST, NULL, &frame);
    wire_put_text(&frame, *count ? (*list)[*count - 1].account : "");
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *got = talk_count(&answer, ROW_LEAST);
    *list = x_realloc(*list, *count + *got + 1, sizeof **list);
    memset(*list + *count, 0, (*got + 1) * sizeof **list);
    for (size_t i = 0; i < *got; i++)
        get_account(&answer, &(*list)[*count + i]);
    err = talk_end(book, &answer);
    if (!err)
        *count += *got;
    return err;
}

int book_account_list(struct book *book, struct arena *arena, struct book_account **out,
                      size_t *count)
{
    struct book_account *list = NULL;
    size_t got = 0;
    int err;
    *count = 0;
    do
        err = account_page(book, &list, count, &got);
    while (!err && got > 0 && *count < LIST_MAX);
    *out = arena_alloc(arena, (*count + 1) * sizeof *list);
    if (!err && *count > 0)
        memcpy(*out, list, *count * sizeof *list);
    x_free(&list);
    return err;
}

int book_account_add(struct book *book, const struct book_account *account, const char *password)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_ACCOUNT_ADD, &id, &frame);
    wire_put_text(&frame, account->account);
    wire_put_text(&frame, account->name);
    wire_put_u8(&frame, (uint8_t)account->role);
    wire_put_text(&frame, account->centre);
    wire_put_text(&frame, account->scope);
    wire_put_text(&frame, password);
    return talk_plain(book, &frame);
}

int book_account_disable(struct book *book, const char *account, int disabled)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_ACCOUNT_DISABLE, &id, &frame);
    wire_put_text(&frame, account);
    wire_put_u8(&frame, disabled != 0);
    return talk_plain(book, &frame);
}

int book_account_password(struct book *book, const char *account, const char *password,
                          int one_time)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_ACCOUNT_PASSWORD, &id, &frame);
    wire_put_text(&frame, account);
    wire_put_text(&frame, password);
    wire_put_u8(&frame, one_time != 0);
    return talk_plain(book, &frame);
}

int book_account_key(struct book *book, const char *account, const char *key, int add)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_ACCOUNT_KEY, &id, &frame);
    wire_put_text(&frame, account);
    wire_put_text(&frame, key);
    wire_put_u8(&frame, add != 0);
    return talk_plain(book, &frame);
}

int book_account_code(struct book *book, const char *account, const char *code, int64_t *until)
{
    struct buf frame;
    struct wire answer;
    struct id id = id_new();
    talk_begin(book, OP_ACCOUNT_CODE, &id, &frame);
    wire_put_text(&frame, account);
    wire_put_text(&frame, code);
    int err = talk_ask(book, &frame, &answer);
    if (err)
        return err;
    *until = wire_i64(&answer);
    return talk_end(book, &answer);
}

static void get_key(struct wire *answer, struct arena *arena, void *to)
{
    struct book_key *row = to;
    (void)arena;
    wire_text(answer, row->key, sizeof row->key);
    row->added = wire_i64(answer);
}

int book_account_keys(struct book *book, const char *account, struct arena *arena,
                      struct book_key **out, size_t *count)
{
    static const struct talk_rows rows = {KEY_ROW_LEAST, sizeof **out, get_key};
    struct buf frame;
    talk_begin(book, OP_ACCOUNT_KEYS, NULL, &frame);
    wire_put_text(&frame, account);
    return talk_list(book, &frame, &rows, arena, out, count);
}

int book_account_unlock(struct book *book, const char *account)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_ACCOUNT_UNLOCK, &id, &frame);
    wire_put_text(&frame, account);
    return talk_plain(book, &frame);
}

int book_account_totp_reset(struct book *book, const char *account)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_ACCOUNT_TOTP_RESET, &id, &frame);
    wire_put_text(&frame, account);
    return talk_plain(book, &frame);
}

/* Asks for a secret and reads it. */
static int ask_totp(struct book *book, struct buf *frame, struct book_totp *out)
{
    struct wire answer;
    int err = talk_ask(book, frame, &answer);
    if (err)
        return err;
    wire_text(&answer, out->secret, sizeof out->secret);
    wire_text(&answer, out->uri, sizeof out->uri);
    return talk_end(book, &answer);
}

int book_account_totp(struct book *book, const char *account, struct book_totp *out)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_ACCOUNT_TOTP, &id, &frame);
    wire_put_text(&frame, account);
    return ask_totp(book, &frame, out);
}

int book_totp_new(struct book *book, struct book_totp *out)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_TOTP_NEW, &id, &frame);
    return ask_totp(book, &frame, out);
}

int book_totp_prove(struct book *book, const char *code, const char *next)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_TOTP_PROVE, &id, &frame);
    wire_put_text(&frame, code);
    wire_put_text(&frame, next);
    return talk_plain(book, &frame);
}

int book_totp_pass(struct book *book, const char *code)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_TOTP_PASS, &id, &frame);
    wire_put_text(&frame, code);
    return talk_plain(book, &frame);
}

int book_totp_vouch(struct book *book)
{
    struct buf frame;
    struct id id = id_new();
    talk_begin(book, OP_TOTP_VOUCH, &id, &frame);
    return talk_plain(book, &frame);
}
