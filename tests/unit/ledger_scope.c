/* SPDX-License-Identifier: Apache-2.0
 * How far each sees: a clerk the own centre's requests, an owner those of further centres too, an
 * officer those to the agency, a governorate's supervisor those of its centres, the nation-wide
 * roles all of them; and what the ledger takes for an account. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "book/feed.h"
#include "tests/tap.h"
#include "tests/unit/ledger_rig.h"

static char rig_far[BOOK_NUMBER]; /* a request in another governorate, to another agency */

static int add(struct book *shell, const char *account, const char *name, enum role role,
               const char *centre, const char *scope, const char *password)
{
    struct book_account row = {.role = role};
    (void)str_copy(row.account, sizeof row.account, account);
    (void)str_copy(row.name, sizeof row.name, name);
    (void)str_copy(row.centre, sizeof row.centre, centre);
    (void)str_copy(row.scope, sizeof row.scope, scope);
    return book_account_add(shell, &row, password);
}

static void accounts(struct book *shell)
{
    static const struct {
        const char *account, *name, *centre;
        enum role role;
        const char *password;
        int want;
        const char *scope;
    } row[] = {
        {"ali2", "علي", "DA01-004", ROLE_CLERK, "", 0, ""},
        {"ali2", "علي", "DA01-004", ROLE_CLERK, "", SND_E_EXISTS, ""},
        {"Ali", "علي", "DA01-004", ROLE_CLERK, "", SND_E_INVALID, ""},
        {"a b", "علي", "DA01-004", ROLE_CLERK, "", SND_E_INVALID, ""},
        {"", "علي", "DA01-004", ROLE_CLERK, "", SND_E_INVALID, ""},
        {"ali3", "", "DA01-004", ROLE_CLERK, "", SND_E_INVALID, ""},
        {"ali3",
         "\xe2\x80\xae"
         "ali",
         "DA01-004", ROLE_CLERK, "", SND_E_INVALID, ""},
        {"ali3", "علي", "", ROLE_CLERK, "", SND_E_INVALID, ""},
        {"ali3", "علي", "here;", ROLE_CLERK, "", SND_E_INVALID, ""},
        {"ali3", "علي", "", ROLE_CLI, "", SND_E_INVALID, ""},
        {"ali3", "علي", "", ROLE_NOBODY, "", SND_E_INVALID, ""},
        {"ali3", "علي", "", ROLE_AUDITOR, "short", SND_E_INVALID, ""},
        {"ali3", "علي", "", ROLE_AUDITOR, "long enough", 0, ""},
        {"ali4", "علي", "DA01-004", ROLE_CLERK, "", SND_E_INVALID, "DA01-005"},
        {"ali4", "علي", "", ROLE_GOV_SUP, "", SND_E_INVALID, ""},
        {"ali4", "علي", "", ROLE_GOV_SUP, "", SND_E_INVALID, "D"},
        {"ali4", "علي", "", ROLE_GOV_SUP, "", SND_E_INVALID, "DA01"},
        {"ali4", "علي", "", ROLE_AGENCY, "", SND_E_INVALID, "moci"},
        {"ali4", "علي", "", ROLE_COMMITTEE, "", SND_E_INVALID, "DA"},
        {"ali4", "علي", "DA01-004", ROLE_OWNER, "", SND_E_INVALID, "DA01-005  DA01-006"},
        {"ali4", "علي", "DA01-004", ROLE_OWNER, "", SND_E_INVALID, "DA01-005 "},
        {"ali4", "علي", "DA01-004", ROLE_OWNER, "", 0, "DA01-005 MU02-001"},
        {"ali5", "علي", "", ROLE_COMMITTEE, "", 0, ""},
    };
    int right = 0;
    for (size_t i = 0; i < SND_COUNT(row); i++) {
        int err = add(shell, row[i].account, row[i].name, row[i].role, row[i].centre, row[i].scope,
                      row[i].password);
        right += err == row[i].want;
        if (err != row[i].want)
            tap_note("row %zu: got %d, want %d", i, err, row[i].want);
    }
    tap_is_int(right, (long long)SND_COUNT(row), "what an account may be");
}

static void keys(struct book *shell)
{
    static const char *const bad[] = {
        "",
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAA",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDemoKeyOfNobodyButATestclerk and a comment",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDemoKeyOfNobody\nButATestclerk000000000"};
    int refused = 0;
    for (size_t i = 0; i < SND_COUNT(bad); i++)
        refused += book_account_key(shell, "ali2", bad[i], 1) == SND_E_INVALID;
    tap_is_int(refused, (long long)SND_COUNT(bad), "what is no key, or a certificate, is refused");
    tap_is_int(book_account_key(shell, "ghost", rig_key("ghost"), 1), SND_E_NOTFOUND,
               "nor is one taken for nobody");
    tap_is_int(book_account_key(shell, "ali2", rig_key("ali2"), 1), 0, "a key is taken");
    tap_is_int(book_account_key(shell, "ali4", rig_key("ali4"), 1), 0, "another too");
}

static void pages(struct book *shell)
{
    struct arena *arena = arena_new();
    struct book_account *list = NULL;
    size_t count = 0;
    int added = 0, sorted = 1;
    char name[BOOK_NAME];
    for (int i = 0; i < 250; i++) {
        (void)str_format(name, sizeof name, "many%03d", i);
        added += add(shell, name, "كثير", ROLE_AGENCY, "", "MOCI", "") == 0;
    }
    tap_is_int(added, 250, "250 accounts more");
    tap_is_int(book_account_list(shell, arena, &list, &count), 0, "the list");
    tap_is_int((long long)count, 250 + 9 + 4, "has them all");
    for (size_t i = 1; i < count; i++)
        sorted &= strcmp(list[i - 1].account, list[i].account) < 0;
    tap_ok(sorted, "each once, in order");
    arena_free(&arena);
}

/* How many requests somebody sees, and whether that one. */
static size_t sees(const struct rig *rig, const char *account, const char *number, int *found)
{
    struct book *book = rig_login(rig, account);
    struct arena *arena = arena_new();
    struct book_request *list;
    struct book_detail detail = {0};
    size_t count = 0;
    if (book_request_list(book, "", "", 100, arena, &list, &count))
        count = 9999;
    *found = book_request_get(book, number, arena, &detail);
    record_free(&detail.record);
    arena_free(&arena);
    book_close(&book);
    return count;
}

static void sight(const struct rig *rig)
{
    struct book *here = rig_login(rig, "clerk"), *there = rig_login(rig, "ali2");
    struct record *record = rig_record(here, rig, "سالم بن سعيد");
    struct record *other = rig_record(there, rig, "سالم بن سعيد");
    struct book_receipt receipt, receipt2;
    struct fault faults[4];
    struct id id = id_new(), id2 = id_new();
    size_t count;
    int found;
    tap_is_int(book_submit(here, &id, record, &receipt, faults, 4, &count), 0, "a request here");
    tap_is_int(book_submit(there, &id2, other, &receipt2, faults, 4, &count), 0, "one there");
    tap_ok(strncmp(receipt2.number, "DA01-004-", 9) == 0, "under its own centre's code");
    tap_ok(sees(rig, "clerk", receipt.number, &found) == 1 && found == 0,
           "a clerk sees the own centre's");
    tap_ok(sees(rig, "clerk", receipt2.number, &found) == 1 && found == SND_E_NOTFOUND,
           "and of the other's not even that it is there");
    tap_ok(sees(rig, "ali2", receipt.number, &found) == 1 && found == SND_E_NOTFOUND,
           "nor the other way round");
    tap_ok(sees(rig, "sup", receipt2.number, &found) == 3 && found == 0, "a supervisor sees all");
    tap_ok(sees(rig, "auditor", receipt.number, &found) == 3 && found == 0, "an auditor too");
    tap_ok(sees(rig, "gov_sup", receipt2.number, &found) == 2 && found == 0,
           "a governorate's supervisor those of its centres");
    tap_ok(sees(rig, "gov_sup", rig_far, &found) == 2 && found == SND_E_NOTFOUND,
           "and none of another's");
    tap_ok(sees(rig, "agency", receipt2.number, &found) == 2 && found == 0,
           "an agency's officer those to the agency");
    tap_ok(sees(rig, "agency", rig_far, &found) == 2 && found == SND_E_NOTFOUND,
           "and none to another");
    tap_ok(sees(rig, "owner", receipt2.number, &found) == 1 && found == SND_E_NOTFOUND,
           "an owner the own centre's");
    tap_ok(sees(rig, "ali4", receipt2.number, &found) == 2 && found == 0,
           "and those of further centres");
    record_free(&record);
    record_free(&other);
    book_close(&here);
    book_close(&there);
}

/* How many centres of a hub somebody is shown; those of another governorate than DA in *far. */
static int sees_centres(const struct rig *rig, const char *account, int *far)
{
    struct book *book = rig_login(rig, account);
    struct arena *arena = arena_new();
    struct book_node *list = NULL;
    size_t count = 0;
    int err = book_node_list(book, arena, &list, &count);
    *far = 0;
    for (size_t i = 0; !err && i < count; i++)
        *far += strncmp(list[i].centre, "DA", 2) != 0;
    arena_free(&arena);
    book_close(&book);
    return err ? err : (int)count;
}

static void centres(const struct rig *rig)
{
    struct book *shell = rig_shell(rig);
    int far, err = 0;
    for (const char *const *code = (const char *const[]){"DA01-010", "DA02-011", "MA01-001", NULL};
         *code && !err; code++)
        err = book_node_invite(shell, *code, "مركز", "seven-words", clock_utc_ms() + 60000);
    tap_is_int(err, 0, "centres of two governorates are invited");
    tap_ok(sees_centres(rig, "sup", &far) == 3 && far == 1, "a supervisor sees the centres of all");
    tap_ok(sees_centres(rig, "admin", &far) == 3 && far == 1, "so does the administrator");
    tap_ok(sees_centres(rig, "gov_sup", &far) == 2 && far == 0,
           "a governorate's supervisor those of the own governorate, and no other");
    tap_is_int(sees_centres(rig, "owner", &far), SND_E_DENIED, "an owner none");
    book_close(&shell);
}

static void services(const struct rig *rig)
{
    struct book *clerk = rig_login(rig, "clerk");
    struct arena *arena = arena_new();
    struct book_service *list = NULL;
    size_t count = 0;
    tap_is_int(book_service_list(clerk, arena, &list, &count), 0, "the services");
    tap_is_int((long long)count, 2, "both");
    int right = 0;
    for (size_t i = 0; i < count; i++) {
        int open = strcmp(list[i].code, "TS-01") == 0;
        right += list[i].open == open && list[i].in_area &&
                 list[i].state == (open ? SERVICE_LIVE : SERVICE_CLOSED) &&
                 memcmp(list[i].sha, open ? rig->open_form : rig->closed_form, HASH_SIZE) == 0;
    }
    tap_is_int(right, 2, "one open here today, one closed");
    arena_free(&arena);
    book_close(&clerk);
}

int main(void)
{
    struct rig rig;
    rig_make(&rig, RIG_USUAL);
    rig_add_request(&rig, "MU02-001", "OTHER", rig_far);
    rig_start(&rig);
    struct book *shell = rig_shell(&rig);
    accounts(shell);
    keys(shell);
    pages(shell);
    sight(&rig);
    centres(&rig);
    services(&rig);
    book_close(&shell);
    tap_is_int(rig_end(&rig, SIGTERM), 0, "the ledger ends cleanly");
    tap_is_int(rig_check(&rig, NULL), 0, "the book is clean");
    rig_remove(&rig);
    return tap_done();
}
