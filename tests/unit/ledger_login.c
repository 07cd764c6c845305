/* SPDX-License-Identifier: Apache-2.0
 * First logins by a one-time code, codes by time, and pauses after wrong tries that no stranger can
 * turn against a clerk. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/code.h"
#include "base/err.h"
#include "base/totp.h"
#include "ledger/op_priv.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

#define NEW_KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDemoKeyOfNobodyBroughtToAFirstLogin"

static int enrol(const struct rig *rig, const char *account, const char *password, const char *key,
                 const char *peer, struct book_me *me)
{
    struct book *book = NULL;
    int err = book_open(rig->socket, &book);
    if (!err)
        err = book_auth_enrol(book, account, password, key, peer, me);
    book_close(&book);
    return err;
}

static int try_word(const struct rig *rig, const char *account, const char *password,
                    const char *peer)
{
    struct book_me me;
    return enrol(rig, account, password, "", peer, &me);
}

static int has_key(const struct rig *rig, const char *account, const char *key)
{
    struct book *book = NULL;
    struct book_me me;
    int err = book_open(rig->socket, &book);
    if (!err)
        err = book_auth_key(book, account, key, "10.2.0.9:1", &me);
    book_close(&book);
    return err == 0;
}

static void make_code(struct book *shell, const char *account, char code[CODE_TEXT])
{
    int64_t until = 0;
    code_make(code);
    int err = book_account_code(shell, account, code, &until);
    if (err || until < clock_utc_ms() + 71LL * 3600000 || until > clock_utc_ms() + 72LL * 3600000)
        tap_note("no code for %s: %d", account, err);
}

/* A code that is well formed and wrong. */
static void another(const char *code, char out[CODE_TEXT])
{
    do
        code_make(out);
    while (strcmp(out, code) == 0);
}

static void codes(const struct rig *rig)
{
    struct book *shell = rig_shell(rig), *book = NULL;
    struct book_me me;
    struct book_office office;
    char code[CODE_TEXT], wrong[CODE_TEXT];
    make_code(shell, "clerk", code);
    another(code, wrong);
    tap_is_int(try_word(rig, "clerk", wrong, "10.2.0.1:1"), SND_E_AUTH, "a wrong code");
    tap_is_int(try_word(rig, "agency", code, "10.2.0.1:1"), SND_E_AUTH, "the code of another");
    tap_is_int(try_word(rig, "ghost", code, "10.2.0.1:1"), SND_E_AUTH, "a name that nobody has");
    tap_is_int(enrol(rig, "clerk", code, NEW_KEY, "10.2.0.1:1", &me), 0,
               "the right code lets somebody in");
    tap_ok(!me.must_change && has_key(rig, "clerk", NEW_KEY), "and enrols the key she has proved");
    tap_is_int(enrol(rig, "clerk", code, NEW_KEY, "10.2.0.1:1", &me), SND_E_AUTH,
               "a code works once");
    tap_is_int(try_word(rig, "clerk", RIG_PASSWORD, "10.2.0.1:1"), 0, "the password stays");
    make_code(shell, "runner", code);
    make_code(shell, "runner", wrong);
    tap_is_int(try_word(rig, "runner", code, "10.2.0.2:1"), SND_E_AUTH,
               "a new code takes the place of the old one");
    (void)!book_open(rig->socket, &book);
    tap_is_int(book_auth_enrol(book, "runner", wrong, "ssh-ed25519-cert-v01@openssh.com AAAA",
                               "10.2.0.2:1", &me),
               0, "with no key that may be enrolled the code is a password for once");
    tap_is_int((int)me.must_change, CHANGE_FRESH, "and a password must be chosen");
    tap_is_int(book_account_disable(book, "clerk", 1), SND_E_DENIED, "before anything else");
    tap_is_int(try_word(rig, "runner", RIG_PASSWORD, "10.2.0.2:1"), SND_E_AUTH,
               "the password of before is void");
    tap_is_int(try_word(rig, "runner", wrong, "10.2.0.2:1"), SND_E_AUTH, "this code worked too");
    tap_is_int(book_own_password(book, "", "password"), SND_E_COMMON,
               "not one of those that are tried first");
    tap_is_int(book_own_password(book, "", "Runner-1"), SND_E_COMMON, "nor the own name");
    tap_is_int(book_own_password(book, "", "DA01003!"), SND_E_COMMON, "nor the centre's code");
    tap_is_int(book_own_password(book, "", "a word of my own"), 0, "one of her own");
    tap_is_int(book_office(book, &office), 0, "and the hands are free");
    tap_is_int(try_word(rig, "runner", "a word of my own", "10.2.0.2:1"), 0, "it lasts");
    tap_is_int(book_account_code(shell, "ghost", code, &(int64_t){0}), SND_E_NOTFOUND,
               "no code for nobody");
    tap_is_int(book_account_code(shell, "clerk", "ABCD", &(int64_t){0}), SND_E_INVALID,
               "nothing but a code");
    book_close(&book);
    book_close(&shell);
}

/* ---- codes by time ---- */

static void secret_of(const char *text, uint8_t out[TOTP_SECRET])
{
    unsigned bits = 0, held = 0;
    size_t at = 0;
    for (; *text && at < TOTP_SECRET; text++) {
        unsigned value = *text >= 'A' ? (unsigned)(*text - 'A') : (unsigned)(*text - '2') + 26;
        bits = bits << 5 | value;
        held += 5;
        if (held >= 8)
            out[at++] = (uint8_t)(bits >> (held -= 8));
    }
}

static int64_t step_now(void)
{
    return clock_utc_ms() / 30000;
}

static struct book *come_in(const struct rig *rig, const char *account, struct book_me *me)
{
    struct book *book = NULL;
    (void)!book_open(rig->socket, &book);
    if (book_auth_key(book, account, rig_key(account), "10.3.0.1:1", me))
        tap_note("%s could not come in", account);
    return book;
}

static int sees(struct book *book)
{
    struct arena *arena = arena_new();
    struct book_service *list;
    size_t count;
    int err = book_service_list(book, arena, &list, &count);
    arena_free(&arena);
    return err;
}

static void by_time(struct rig *rig)
{
    struct book *shell = rig_shell(rig), *book, *second;
    struct book_me me;
    struct book_totp totp, again;
    uint8_t secret[TOTP_SECRET];
    char code[7], next[7];
    book = come_in(rig, "clerk", &me);
    tap_ok(!me.must_code && sees(book) == 0, "a clerk is asked for no code");
    book_close(&book);
    book = come_in(rig, "sup", &me);
    tap_is_int((int)me.must_code, CODE_NEW, "a supervisor is, by key too");
    tap_is_int(sees(book), SND_E_DENIED, "and sees nothing before");
    tap_ok(book_totp_new(book, &totp) == 0 && book_totp_new(book, &again) == 0 &&
               strcmp(totp.secret, again.secret) == 0 && strlen(totp.secret) == 32,
           "a first login makes a secret, once");
    secret_of(totp.secret, secret);
    totp_code(secret, step_now() - 1, code);
    tap_is_int(book_totp_prove(book, code, code), SND_E_AUTH, "one code twice is not two");
    totp_code(secret, step_now(), next);
    tap_is_int(book_totp_prove(book, code, next), 0, "two in a row prove it");
    tap_is_int(sees(book), 0, "and the hands are free");
    tap_is_int(book_totp_prove(book, code, next), 0, "asked again it is done already");
    second = come_in(rig, "sup", &me);
    tap_is_int((int)me.must_code, CODE_ASKED, "the next login is asked for one");
    tap_ok(book_totp_new(second, &again) == 0 && !again.secret[0], "and shown no secret");
    tap_is_int(book_totp_pass(second, next), SND_E_AUTH, "a code that was used");
    tap_is_int(book_own_password(second, RIG_PASSWORD, "something quite new"), SND_E_DENIED,
               "no password is changed before the code");
    totp_code(secret, step_now() + 1, code);
    tap_is_int(book_totp_pass(second, code), 0, "the next one passes");
    tap_is_int(sees(second), 0, "and the hands are free again");
    rig_end(rig, SIGKILL);
    rig_start(rig);
    tap_is_int(sees(second), 0, "a session that passed has passed after a restart of the ledger");
    tap_is_int(sees(shell), 0, "the command line is asked for none");
    book_close(&second);
    book_close(&book);
    book = come_in(rig, "sup", &me);
    int refused = 0, limited = 0;
    for (int i = 0; i < 12; i++) {
        int err = book_totp_pass(book, code);
        refused += err == SND_E_AUTH;
        limited += err == SND_E_LIMIT;
    }
    tap_ok(refused == 5 && limited == 7, "codes are not to be guessed (%d, %d)", refused, limited);
    book_close(&book);
    tap_is_int(book_account_unlock(shell, "sup"), 0, "an administrator ends the pause");
    tap_is_int(book_account_totp_reset(shell, "sup"), 0,
               "and takes a lost telephone's secret away");
    book = come_in(rig, "sup", &me);
    tap_is_int((int)me.must_code, CODE_NEW, "the next login makes a new one");
    book_close(&book);
    tap_ok(book_account_totp(shell, "auditor", &totp) == 0 && totp.uri[0], "a secret is given");
    secret_of(totp.secret, secret);
    book = come_in(rig, "auditor", &me);
    totp_code(secret, step_now(), code);
    tap_ok(me.must_code == CODE_ASKED && book_totp_pass(book, code) == 0, "and passes");
    second = come_in(rig, "auditor", &me);
    tap_is_int(book_totp_pass(second, code), SND_E_AUTH, "once");
    book_close(&second);
    book_close(&book);
    book_close(&shell);
}

/* ---- files beside an open screen ---- */

static struct book *come_from(const struct rig *rig, const char *account, const char *peer)
{
    struct book *book = NULL;
    struct book_me me;
    (void)!book_open(rig->socket, &book);
    if (book_auth_key(book, account, rig_key(account), peer, &me) || me.must_code != CODE_ASKED)
        tap_note("%s could not come in", account);
    return book;
}

static int folders(struct book *book, const char *number)
{
    struct arena *arena = arena_new();
    struct book_request *list;
    struct book_document *document;
    size_t count = 0, documents = 0;
    int err = book_request_list(book, "", "", 10, arena, &list, &count);
    if (!err)
        err = count == 1 && strcmp(list[0].number, number) == 0 ? 0 : SND_E_NOTFOUND;
    if (!err)
        err = book_document_list(book, number, arena, &document, &documents);
    arena_free(&arena);
    return err;
}

/* All that the table allows a session whose code another's stands for, and not one that owes it. */
static void only_documents(void)
{
    static const enum operation some[] = {OP_REQUEST_LIST, OP_DOCUMENT_LIST, OP_DOCUMENT_GET};
    struct who who = {.role = ROLE_AGENCY, .scope = "TEST", .limited = LIMITED_CODE};
    int more = 0, wanted = 0, others = 0;
    for (enum operation op = 0; op < OP_COUNT; op++) {
        who.vouched = 0;
        int before = call_permit(&who, op) == 0;
        who.vouched = 1;
        if (call_permit(&who, op) || before)
            continue;
        more++;
        for (size_t i = 0; i < SND_COUNT(some); i++)
            wanted += some[i] == op;
    }
    tap_ok(more == 3 && wanted == 3, "that is: lists requests and reads documents");
    for (unsigned owes = 0; owes <= LIMITED_ALL; owes++) {
        who.limited = owes;
        others += owes != 0 && owes != LIMITED_CODE && call_permit(&who, OP_DOCUMENT_GET) == 0;
    }
    tap_is_int(others, 0, "and owes nothing but the code of this moment");
}

/* Two of the rest, at the ledger: the account's password, and a request that is another agency's,
 * whose being there is not said either. */
static int does_more(struct book *book, const char *far)
{
    struct arena *arena = arena_new();
    struct book_detail detail = {0};
    int more = book_request_get(book, far, arena, &detail) != SND_E_DENIED;
    more += book_own_password(book, RIG_PASSWORD, "something quite new") != SND_E_DENIED;
    more += sees(book) != SND_E_DENIED;
    record_free(&detail.record);
    arena_free(&arena);
    return more;
}

/* A second officer of the same agency, with a telephone too. */
static void second_officer(struct book *shell)
{
    struct book_account row = {
        .role = ROLE_AGENCY, .account = "officer", .name = "هند", .scope = "TEST"};
    struct book_totp totp;
    tap_ok(book_account_add(shell, &row, "") == 0 &&
               book_account_key(shell, "officer", rig_key("officer"), 1) == 0 &&
               book_account_totp(shell, "officer", &totp) == 0,
           "a second officer of the agency");
}

static void vouched(struct rig *rig, const char *number, const char *far)
{
    struct book *shell = rig_shell(rig), *screen, *screen2, *file, *file2;
    struct book_totp totp;
    struct arena *arena = arena_new();
    struct book_document *list;
    size_t count;
    uint8_t secret[TOTP_SECRET];
    char code[7];
    tap_is_int(book_account_totp(shell, "agency", &totp), 0, "an officer's telephone");
    secret_of(totp.secret, secret);
    screen = come_from(rig, "agency", "10.4.0.1:1001");
    file = come_from(rig, "agency", "10.4.0.1:1002");
    tap_is_int(book_totp_vouch(file), SND_E_AUTH,
               "nobody vouches for a session while no other has shown its code");
    totp_code(secret, step_now(), code);
    tap_is_int(book_totp_pass(screen, code), 0, "a screen has");
    tap_is_int(folders(file, number), SND_E_DENIED, "that alone gives the other nothing");
    tap_is_int(book_totp_vouch(file), 0, "it vouches for one of the same address");
    tap_is_int(book_totp_vouch(file), 0, "as often as that is asked");
    tap_is_int(folders(file, number), 0, "which reads documents");
    tap_is_int(book_document_list(file, far, arena, &list, &count), SND_E_NOTFOUND,
               "of the own agency");
    tap_is_int(does_more(file, far), 0, "and does nothing else");
    only_documents();
    file2 = come_from(rig, "agency", "10.4.0.2:1001");
    tap_is_int(book_totp_vouch(file2), SND_E_AUTH, "nobody vouches for another address");
    book_close(&file2);
    tap_ok(book_account_totp(shell, "sup", &totp) == 0, "another account");
    file2 = come_from(rig, "sup", "10.4.0.1:1003");
    tap_is_int(book_totp_vouch(file2), SND_E_DENIED, "has no right to it in that role");
    book_close(&file2);
    second_officer(shell);
    file2 = come_from(rig, "officer", "10.4.0.1:1003");
    tap_is_int(book_totp_vouch(file2), SND_E_AUTH, "nor does one officer vouch for another");
    book_close(&file2);
    book_close(&screen);
    int64_t until = clock_mono_ms() + 60000;
    while (folders(file, number) != SND_E_DENIED && clock_mono_ms() < until)
        usleep(10000);
    tap_is_int(folders(file, number), SND_E_DENIED, "when the screen ends, so do the files");
    tap_is_int(book_totp_vouch(file), SND_E_AUTH, "and nobody vouches any more");
    file2 = come_from(rig, "agency", "10.4.0.1:1004");
    screen2 = come_from(rig, "agency", "10.4.0.1:1005");
    totp_code(secret, step_now() + 1, code);
    tap_ok(book_totp_pass(screen2, code) == 0 && book_totp_vouch(file2) == 0, "a next screen does");
    rig_end(rig, SIGKILL);
    rig_start(rig);
    tap_is_int(sees(screen2), 0, "the ledger is started anew");
    tap_is_int(folders(file2, number), SND_E_DENIED, "and has forgotten whom it vouched for");
    tap_ok(book_totp_vouch(file2) == 0 && folders(file2, number) == 0, "until it is asked again");
    book_close(&screen2);
    book_close(&file2);
    book_close(&file);
    book_close(&shell);
    arena_free(&arena);
}

static int who_vouched(const struct book_step *step)
{
    return strcmp(step->type, "login.vouched") == 0 && strcmp(step->actor, "agency") == 0 &&
           strncmp(step->peer, "10.4.0.1:", 9) == 0;
}

static void vouched_in_trail(const struct rig *rig)
{
    struct book *shell = rig_shell(rig);
    struct arena *arena = arena_new();
    struct book_trail_page page = {0};
    int found = 0;
    if (book_trail(shell, BOOK_TRAIL_ACCOUNT, "agency", NULL, arena, &page) == 0)
        for (size_t i = 0; i < page.steps; i++)
            found += who_vouched(&page.step[i]);
    tap_is_int(found, 3, "each time is in the trail, with who and from where");
    arena_free(&arena);
    book_close(&shell);
}

/* ---- pauses ---- */

static int until_limited(const struct rig *rig, const char *account, const char *peer)
{
    int tries = 0;
    while (tries < 20 && try_word(rig, account, "wrong", peer) != SND_E_LIMIT)
        tries++;
    return tries;
}

static void pauses(struct rig *rig)
{
    char peer[32];
    int heard = 0;
    tap_is_int(try_word(rig, "owner", RIG_PASSWORD, "10.9.0.1:7"), 0, "her own address");
    for (int i = 0; i < 60; i++) {
        (void)str_format(peer, sizeof peer, "10.8.0.%d:7", i);
        heard += try_word(rig, "owner", "wrong", peer) == SND_E_AUTH;
    }
    tap_is_int(heard, 50, "strangers at many addresses are heard fifty times");
    tap_is_int(try_word(rig, "owner", RIG_PASSWORD, "10.8.0.99:7"), SND_E_LIMIT,
               "then no new address is");
    tap_is_int(try_word(rig, "owner", RIG_PASSWORD, "10.9.0.1:9"), 0,
               "but hers is never held up by them");
    for (int i = 0; i < 60; i++) {
        (void)str_format(peer, sizeof peer, "10.8.1.%d:7", i);
        heard += try_word(rig, "nobody-at-all", "wrong", peer) == SND_E_AUTH;
    }
    tap_is_int(heard, 100, "a name that nobody has is treated alike");
    heard = 0;
    for (int i = 0; i < 105; i++) {
        char name[16];
        (void)str_format(name, sizeof name, "name%d", i);
        heard += try_word(rig, name, "wrong", "10.7.0.1:1") == SND_E_AUTH;
    }
    tap_is_int(heard, 100, "an address that tries many names is slowed");
    tap_is_int(until_limited(rig, "agency", "10.9.0.1:7"), 5, "a clerk who forgot her password");
    tap_is_int(try_word(rig, "owner", RIG_PASSWORD, "10.9.0.1:9"), 0,
               "doesn't close the door to her colleagues at the same address");
    rig_end(rig, SIGKILL);
    rig_start(rig);
    tap_is_int(try_word(rig, "agency", RIG_PASSWORD, "10.9.0.1:7"), SND_E_LIMIT,
               "a pause outlives the ledger");
    struct book *shell = rig_shell(rig);
    tap_is_int(book_account_unlock(shell, "agency"), 0, "until it is ended");
    tap_is_int(try_word(rig, "agency", RIG_PASSWORD, "10.9.0.1:7"), 0, "and then she comes in");
    tap_is_int(book_account_unlock(shell, "ghost"), SND_E_NOTFOUND, "there is no such account");
    book_close(&shell);
}

/* Guessing a code: what the pauses leave of a thousand guesses, and nothing found by them. */
static void guesses(const struct rig *rig)
{
    struct book *shell = rig_shell(rig);
    char code[CODE_TEXT], guess[CODE_TEXT];
    int heard = 0, found = 0;
    make_code(shell, "gov_sup", code);
    for (int i = 0; i < 1000; i++) {
        another(code, guess);
        int err = try_word(rig, "gov_sup", guess, "10.6.0.1:1");
        heard += err == SND_E_AUTH;
        found += err == 0;
    }
    tap_ok(heard <= 5 && found == 0, "of 1000 guesses of a code %d are heard", heard);
    struct book_me me;
    tap_is_int(enrol(rig, "gov_sup", code, NEW_KEY, "10.6.0.2:1", &me), 0,
               "and the one whose code it is comes in elsewhere");
    book_close(&shell);
}

int main(void)
{
    struct rig rig;
    char number[24], far[24];
    rig_make(&rig, RIG_USUAL);
    rig_start(&rig);
    codes(&rig);
    guesses(&rig);
    pauses(&rig);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    rig_make(&rig, RIG_CODES);
    rig_add_request(&rig, "DA01-003", "TEST", number);
    rig_add_request(&rig, "DA01-003", "MOCI", far);
    rig_start(&rig);
    by_time(&rig);
    vouched(&rig, number, far);
    vouched_in_trail(&rig);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
