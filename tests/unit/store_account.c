/* SPDX-License-Identifier: Apache-2.0 */
/* The office, accounts, keys and sessions. */
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "tests/unit/store_fixture.h"

static void test_office(struct fixture *f)
{
    struct store_office office;
    must(store_office_get(f->store, &office));
    tap_ok(memcmp(&office, &f->office, sizeof office) == 0, "the office as it was made");
    tap_is_int(store_office_make(f->store, &f->office, &f->actor), SND_E_EXISTS, "is made once");
    must(str_copy(office.centre, sizeof office.centre, "da01"));
    tap_is_int(store_office_make(f->store, &office, &f->actor), SND_E_BAD,
               "a code in small letters");
    must(str_copy(office.centre, sizeof office.centre, "DA01-003-ABCDE"));
    tap_is_int(store_office_make(f->store, &office, &f->actor), SND_E_BAD, "a code too long");
}

static void test_account(struct fixture *f)
{
    struct store_account account = {.account = "huda", .name = "هدى", .role = "clerk"}, got;
    must(store_account_add(f->store, &account, &f->actor));
    must(store_account_get(f->store, "huda", &got));
    tap_ok(strcmp(got.name, "هدى") == 0 && strcmp(got.role, "clerk") == 0 &&
               strcmp(got.lang, "ar") == 0 && got.secret[0] == '\0' && !got.disabled,
           "an account, Arabic unless it says otherwise");
    tap_is_int(store_account_add(f->store, &account, &f->actor), SND_E_EXISTS, "is added once");
    tap_is_int(store_account_get(f->store, "nobody", &got), SND_E_NOTFOUND, "nobody");
    f->actor.at += 5;
    must(store_account_secret(f->store, "huda", "$argon2id$x", 1, &f->actor));
    must(store_account_language(f->store, "huda", "en", &f->actor));
    must(store_account_disable(f->store, "huda", 1, &f->actor));
    must(store_account_get(f->store, "huda", &got));
    tap_ok(strcmp(got.secret, "$argon2id$x") == 0 && got.one_time && got.secret_at == f->actor.at,
           "its password");
    tap_ok(strcmp(got.lang, "en") == 0 && got.disabled, "its language; disabled");
    must(store_account_disable(f->store, "huda", 0, &f->actor));
    must(store_account_get(f->store, "huda", &got));
    tap_ok(!got.disabled, "and enabled again");
    tap_is_int(store_account_secret(f->store, "nobody", "x", 0, &f->actor), SND_E_NOTFOUND,
               "nobody has a password");
    tap_is_int(store_account_language(f->store, "huda", "arabic", &f->actor), SND_E_BAD,
               "a language has two letters");
}

/* Texts that no JSON can hold are refused; they must not end the ledger. */
static void test_bytes(struct fixture *f)
{
    static const char *const names[] = {"areas"}, *const texts[] = {"\xff"};
    const char *noise = "\xff\xfe";
    struct store_account account = {.account = "noise", .name = "\xd9", .role = "clerk"};
    struct store_office office = f->office;
    int added;
    tap_is_int(store_account_disable(f->store, noise, 1, &f->actor), SND_E_NOTFOUND,
               "no account has a name of noise");
    tap_is_int(store_account_secret(f->store, noise, "x", 0, &f->actor), SND_E_NOTFOUND,
               "nor a password");
    tap_is_int(store_account_language(f->store, noise, "ar", &f->actor), SND_E_NOTFOUND,
               "nor a language");
    tap_is_int(store_account_key(f->store, noise, "k", 1, &f->actor), SND_E_NOTFOUND, "nor a key");
    tap_is_int(store_account_language(f->store, "huda", noise, &f->actor), SND_E_BAD,
               "a language of noise");
    tap_is_int(store_account_key(f->store, "huda", noise, 1, &f->actor), SND_E_BAD,
               "a key of noise");
    tap_is_int(store_account_add(f->store, &account, &f->actor), SND_E_BAD, "half a letter");
    must(str_copy(office.centre_name, sizeof office.centre_name, noise));
    tap_is_int(store_office_make(f->store, &office, &f->actor), SND_E_BAD, "an office of noise");
    tap_is_int(store_form_load(f->store, &f->form, 1, names, texts, NULL, &added, &f->actor),
               SND_E_BAD, "a list of noise");
}

static void test_keys(struct fixture *f)
{
    const char *key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI";
    struct store_account got;
    must(store_account_key(f->store, "huda", key, 1, &f->actor));
    tap_is_int(store_account_key(f->store, "huda", key, 1, &f->actor), SND_E_EXISTS,
               "a key is added once");
    tap_is_int(store_account_has_key(f->store, "huda", key), 0, "known");
    tap_is_int(store_account_has_key(f->store, "zahir", key), SND_E_NOTFOUND, "not another's");
    must(store_account_get(f->store, "huda", &got));
    tap_is_int(got.keys, 1, "counted");
    must(store_account_key(f->store, "huda", key, 0, &f->actor));
    tap_is_int(store_account_has_key(f->store, "huda", key), SND_E_NOTFOUND, "taken away");
    tap_is_int(store_account_key(f->store, "huda", key, 0, &f->actor), SND_E_NOTFOUND,
               "nothing to take away");
}

static void test_list(struct fixture *f)
{
    struct store_account account = {.account = "ali", .name = "علي", .role = "sup"}, *list;
    struct arena *arena = arena_new();
    size_t count;
    must(store_account_add(f->store, &account, &f->actor));
    must(store_account_list(f->store, arena, &list, &count));
    tap_ok(count == 2 && strcmp(list[0].account, "ali") == 0 &&
               strcmp(list[1].account, "huda") == 0,
           "all accounts by name");
    arena_free(&arena);
}

static void test_sessions(struct fixture *f)
{
    uint8_t one[HASH_SIZE] = {1}, two[HASH_SIZE] = {2}, three[HASH_SIZE] = {3};
    char account[33];
    must(store_session_open(f->store, "huda", one, "password", &f->actor));
    must(store_session_open(f->store, "huda", two, "key", &f->actor));
    must(store_session_open(f->store, "ali", three, "key", &f->actor));
    must(store_session_find(f->store, two, account));
    tap_is(account, "huda", "a ticket says whose it is");
    must(store_session_close(f->store, one, &f->actor));
    tap_is_int(store_session_find(f->store, one, account), SND_E_NOTFOUND,
               "a closed session's not");
    tap_is_int(store_session_close(f->store, one, &f->actor), SND_E_NOTFOUND, "closed once");
    must(store_session_open(f->store, "huda", one, "password", &f->actor));
    must(store_session_close_all(f->store, "huda", &f->actor));
    tap_is_int(store_session_find(f->store, two, account), SND_E_NOTFOUND, "all of one account's");
    tap_is_int(store_session_find(f->store, three, account), 0, "and no other's");
    tap_is_int(fixture_raw_int(f, "SELECT COUNT(*) FROM session WHERE closed = 0"), 1,
               "what is left open");
    must(store_session_close_all(f->store, "nobody", &f->actor));
}

int main(void)
{
    struct fixture f;
    fixture_open(&f);
    test_office(&f);
    test_account(&f);
    test_bytes(&f);
    test_keys(&f);
    test_list(&f);
    test_sessions(&f);
    tap_is_int(fixture_findings(&f, ""), 0, "the book is whole");
    fixture_close(&f);
    return tap_done();
}
