/* SPDX-License-Identifier: Apache-2.0
 * The ledger's part of the screens of accounts and codes, as a stand-in: two accounts, one right
 * code. */
#include <string.h>
#include "base/err.h"
#include "book/book.h"

#define UNUSED(argument) (void)(argument)

int book_totp_new(struct book *book, struct book_totp *out)
{
    UNUSED(book);
    (void)str_copy(out->secret, sizeof out->secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    (void)str_copy(
        out->uri, sizeof out->uri,
        "otpauth://totp/Sanad:clerk?secret=ABCDEFGHIJKLMNOPQRSTUVWXYZ234567&issuer=Sanad");
    return 0;
}

int book_totp_prove(struct book *book, const char *code, const char *next)
{
    UNUSED(book);
    return strcmp(code, "111111") == 0 && strcmp(next, "222222") == 0 ? 0 : SND_E_AUTH;
}

int book_totp_pass(struct book *book, const char *code)
{
    UNUSED(book);
    return strcmp(code, "111111") == 0 ? 0 : SND_E_AUTH;
}

int book_account_list(struct book *book, struct arena *arena, struct book_account **out,
                      size_t *count)
{
    static const struct book_account accounts[] = {
        {.account = "admin", .name = "أحمد", .role = ROLE_ADMIN, .totp = 1},
        {.account = "clerk", .name = "سالم", .centre = "DA01-003", .keys = 1}};
    UNUSED(book);
    *out = arena_alloc(arena, sizeof accounts);
    memcpy(*out, accounts, sizeof accounts);
    *count = SND_COUNT(accounts);
    return 0;
}

int book_account_add(struct book *book, const struct book_account *account, const char *password)
{
    UNUSED(book);
    UNUSED(password);
    return strcmp(account->account, "clerk") == 0 ? SND_E_EXISTS : 0;
}

int book_account_disable(struct book *book, const char *account, int disabled)
{
    UNUSED(book);
    UNUSED(account);
    UNUSED(disabled);
    return 0;
}

int book_account_password(struct book *book, const char *account, const char *password,
                          int one_time)
{
    UNUSED(book);
    UNUSED(account);
    UNUSED(password);
    UNUSED(one_time);
    return 0;
}

int book_account_key(struct book *book, const char *account, const char *key, int add)
{
    UNUSED(book);
    UNUSED(account);
    UNUSED(key);
    UNUSED(add);
    return 0;
}

int book_account_keys(struct book *book, const char *account, struct arena *arena,
                      struct book_key **out, size_t *count)
{
    UNUSED(book);
    UNUSED(account);
    *out = arena_alloc(arena, sizeof **out);
    *count = 1;
    (void)str_copy((*out)->key, sizeof(*out)->key, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA");
    (*out)->added = 0;
    return 0;
}

int book_account_code(struct book *book, const char *account, const char *code, int64_t *until)
{
    UNUSED(book);
    UNUSED(account);
    UNUSED(code);
    *until = 0;
    return 0;
}

int book_account_unlock(struct book *book, const char *account)
{
    UNUSED(book);
    UNUSED(account);
    return 0;
}

int book_account_totp_reset(struct book *book, const char *account)
{
    UNUSED(book);
    UNUSED(account);
    return 0;
}
