/* SPDX-License-Identifier: Apache-2.0
 * sanad user: accounts, their passwords and keys. An administrator never chooses somebody's
 * password: a one-time word is made, shown once, and must be changed at the first login. Only a
 * practice office takes a lasting password from standard input, for machines that log in. */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/code.h"
#include "base/conf.h"
#include "base/ctl.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/secret.h"
#include "cmd/card.h"
#include "cmd/cmd.h"
#include "ssh/gate.h"

#define HOST_SIGNS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-"

/* Says what went wrong with an account; returns the exit status. */
static int done(const char *account, int err)
{
    if (err == SND_E_NOTFOUND)
        return cmd_fail("There is no account %s here.", account);
    if (err == SND_E_EXISTS)
        return cmd_fail("There is an account %s already.", account);
    if (err)
        return cmd_fail("The account %s could not be changed: %s.", account, err_text(err));
    return 0;
}

static int no_key(const char *path)
{
    return cmd_fail("%s is not a public key; name the file that ends in .pub.", path);
}

/* "type base64" of a public key file, without its comment. */
static int read_key(const char *path, char out[CTL_KEY])
{
    char *text = NULL, type[64] = "", body[CTL_KEY] = "";
    size_t len = 0;
    int err = proc_read_file(path, CTL_KEY, &text, &len);
    if (err)
        return cmd_fail("The key file %s could not be read: %s.", path, err_text(err));
    static_assert(CTL_KEY == 4096, "the width below is CTL_KEY - 1");
    if (sscanf(text, "%63s %4095s", type, body) != 2 || strstr(text, "PRIVATE") ||
        str_format(out, CTL_KEY, "%s %s", type, body) != 0)
        err = no_key(path);
    x_free(&text);
    return err;
}

static int one_time_word(struct book *book, const char *account)
{
    char word[SECRET_WORD];
    secret_word(word);
    int status = done(account, book_account_password(book, account, word, 1));
    if (status == 0)
        printf("The one-time word of %s is %s\n", account, word);
    mem_wipe(word, sizeof word);
    return status;
}

/* What --scope must be, when an account could not be taken as it was given. */
static int say_scope(enum role role)
{
    static const char *const wanted[REACHES] = {
        [REACH_CENTRE] =
            "Write the centre's code as in DA01-003, and the agency of a joint desk in "
            "capital letters: --scope MZEC.",
        [REACH_AGENCY] = "Name the officer's agency: --scope MOCI, in capital letters.",
        [REACH_GOVERNORATE] = "Name the governorate by its two letters: --scope DA.",
        [REACH_CENTRES] =
            "Further centres are codes with a space between: --scope 'DA01-004 DA01-007'.",
    };
    const char *sentence = wanted[role_reach(role)];
    return cmd_fail("%s", sentence ? sentence
                                   : "Write the centre's code as in DA01-003 and the name without "
                                     "signs that can't be seen; --scope is not for this role.");
}

static int user_add(struct book *book, int argc, char **argv)
{
    struct book_account account = {0};
    struct book_office office = {0};
    char key[CTL_KEY];
    const char *name = cmd_option(&argc, argv, "name"), *role = cmd_option(&argc, argv, "role");
    const char *scope = cmd_option(&argc, argv, "scope");
    const char *centre = cmd_option(&argc, argv, "centre"), *path = cmd_option(&argc, argv, "key");
    if (argc != 2 || !name || !role)
        return cmd_usage("user");
    if (!ctl_name_ok(argv[1]))
        return cmd_fail("Write the account's name with 1 to 32 of a-z 0-9 . _ -");
    if (role_find(role, &account.role) != 0)
        return cmd_fail("There is no role %.20s; sanad help user lists them.", role);
    if (path && read_key(path, key) != 0)
        return 1;
    int err = book_office(book, &office);
    if (!centre)
        centre = account.role == ROLE_CLERK || account.role == ROLE_OWNER ? office.centre : "";
    if (!err)
        err = str_copy(account.account, sizeof account.account, argv[1]);
    if (!err)
        err = str_copy(account.name, sizeof account.name, name);
    if (!err)
        err = str_copy(account.centre, sizeof account.centre, centre);
    if (!err && scope)
        err = str_copy(account.scope, sizeof account.scope, scope);
    if (!err)
        err = book_account_add(book, &account, "");
    if (!err && path) {
        err = book_account_key(book, argv[1], key, 1);
        if (err == SND_E_INVALID)
            return no_key(path);
    }
    if (err == SND_E_INVALID)
        return say_scope(account.role);
    if (err || path)
        return done(argv[1], err);
    return one_time_word(book, argv[1]);
}

static int user_disable(struct book *book, int argc, char **argv)
{
    return argc == 2 ? done(argv[1], book_account_disable(book, argv[1], 1)) : cmd_usage("user");
}

static int user_enable(struct book *book, int argc, char **argv)
{
    return argc == 2 ? done(argv[1], book_account_disable(book, argv[1], 0)) : cmd_usage("user");
}

static int no_password(const char *account, int err)
{
    if (err == SND_E_INVALID)
        return cmd_fail("A password has at least 8 characters.");
    if (err == SND_E_COMMON)
        return cmd_fail("That password is among the first that anybody tries: choose another.");
    return done(account, err);
}

static int password_from_stdin(struct book *book, const char *account)
{
    struct book_office office;
    char line[CTL_PASSWORD];
    int err = book_office(book, &office);
    if (!err && !office.practice)
        return cmd_fail("Only a practice office takes a password from standard input.");
    if (err || !fgets(line, sizeof line, stdin))
        return cmd_fail("No password came on standard input.");
    line[strcspn(line, "\n")] = '\0';
    err = book_account_password(book, account, line, 0);
    mem_wipe(line, sizeof line);
    return no_password(account, err);
}

static int user_passwd(struct book *book, int argc, char **argv)
{
    int from_stdin = cmd_flag(&argc, argv, "stdin");
    if (argc != 2)
        return cmd_usage("user");
    return from_stdin ? password_from_stdin(book, argv[1]) : one_time_word(book, argv[1]);
}

static int user_key(struct book *book, int argc, char **argv)
{
    char key[CTL_KEY];
    if (argc != 4 || (strcmp(argv[1], "add") != 0 && strcmp(argv[1], "remove") != 0))
        return cmd_usage("user");
    if (read_key(argv[3], key) != 0)
        return 1;
    int err = book_account_key(book, argv[2], key, strcmp(argv[1], "add") == 0);
    if (err == SND_E_INVALID)
        return no_key(argv[3]);
    return done(argv[2], err);
}

static int user_list(struct book *book, int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct book_account *account = NULL;
    size_t count = 0;
    (void)argv;
    int err = argc == 1 ? book_account_list(book, arena, &account, &count) : SND_E_BAD;
    for (size_t i = 0; !err && i < count; i++)
        printf("%s\t%s\t%s\t%s\t%d\t%s\t%s\n", account[i].account, role_word(account[i].role),
               account[i].centre[0] ? account[i].centre : "-",
               account[i].disabled ? "disabled" : "open", account[i].keys, account[i].name,
               account[i].scope[0] ? account[i].scope : "-");
    arena_free(&arena);
    if (argc != 1)
        return cmd_usage("user");
    return err ? cmd_fail("The accounts could not be read: %s.", err_text(err)) : 0;
}

static int find_account(struct book *book, struct arena *arena, const char *name,
                        struct book_account **out)
{
    struct book_account *list = NULL;
    size_t count = 0;
    int err = book_account_list(book, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        if (strcmp(list[i].account, name) == 0) {
            *out = &list[i];
            return 0;
        }
    return err ? err : SND_E_NOTFOUND;
}

/* A new one-time code; what the server keeps of it is a hash, so it can never be shown again. */
static int user_enrol(struct book *book, int argc, char **argv)
{
    char code[CODE_TEXT];
    int64_t until = 0;
    if (argc != 2)
        return cmd_usage("user");
    code_make(code);
    int status = done(argv[1], book_account_code(book, argv[1], code, &until));
    if (status == 0)
        printf("The code of %s is %s; it works once, within 72 hours.\n", argv[1], code);
    mem_wipe(code, sizeof code);
    return status;
}

/* Where this office is reached: what was said, else what it listens to. */
static int where(const char *host, const char *port, char name[256], int *number)
{
    char error[256] = "";
    struct conf conf = {0};
    int64_t said = 0;
    char *path = cmd_path(cmd_verb_state(), "sanad.conf");
    int err = conf_read(path, &conf, error, sizeof error);
    if (err)
        (void)cmd_fail("%s", error);
    else if (port && num_parse(port, 1, 65535, &said))
        err = cmd_fail("Write the port as a number from 1 to 65535.");
    *number = port ? (int)said : (int)conf.port;
    if (!err && host && (!*host || strspn(host, HOST_SIGNS) != strlen(host) || strlen(host) > 60))
        err = cmd_fail("Write the server's name or address with at most 60 letters, digits, . : -");
    if (!err && host)
        (void)str_copy(name, 256, host);
    else if (!err && gethostname(name, 61))
        err = cmd_fail("This machine has no short name: say --host.");
    conf_free(&conf);
    x_free(&path);
    return err;
}

static int print_card(struct book *book, const char *account, struct card *card)
{
    struct arena *arena = arena_new();
    struct book_account *row = NULL;
    char code[CODE_TEXT], print[64];
    char *path = cmd_path(cmd_verb_state(), "host_key");
    int status = 0;
    code_make(code);
    if (gate_fingerprint(path, print))
        status = cmd_fail("The host key in %s could not be read: try with sudo.", path);
    if (status == 0)
        status = done(account, find_account(book, arena, account, &row));
    if (status == 0)
        status = done(account, book_account_code(book, account, code, &card->until));
    if (status == 0) {
        card->account = row;
        card->code = code;
        card->fingerprint = print;
        card_print(card);
    }
    mem_wipe(code, sizeof code);
    x_free(&path);
    arena_free(&arena);
    return status;
}

static int user_card(struct book *book, int argc, char **argv)
{
    struct card card = {0};
    char host[256] = "";
    const char *said = cmd_option(&argc, argv, "host"), *port = cmd_option(&argc, argv, "port");
    if (argc != 2)
        return cmd_usage("user");
    if (where(said, port, host, &card.port))
        return 1;
    card.host = host;
    return print_card(book, argv[1], &card);
}

static int user_unlock(struct book *book, int argc, char **argv)
{
    return argc == 2 ? done(argv[1], book_account_unlock(book, argv[1])) : cmd_usage("user");
}

/* A secret for codes by time, to be handed over; or none any more, so that the next login makes
 * one.
 */
static int user_totp(struct book *book, int argc, char **argv)
{
    struct book_totp totp = {0};
    if (cmd_flag(&argc, argv, "reset"))
        return argc == 2 ? done(argv[1], book_account_totp_reset(book, argv[1]))
                         : cmd_usage("user");
    if (argc != 2)
        return cmd_usage("user");
    int status = done(argv[1], book_account_totp(book, argv[1], &totp));
    if (status == 0) {
        printf("Type this secret into the telephone of %s, in an authenticator:\n ", argv[1]);
        for (size_t i = 0; totp.secret[i]; i += 4)
            printf(" %.4s", totp.secret + i);
        printf("\n  %s\n", totp.uri);
    }
    mem_wipe(&totp, sizeof totp);
    return status;
}

static const struct cmd_verb verbs[] = {
    {"add", user_add},       {"disable", user_disable}, {"enable", user_enable},
    {"passwd", user_passwd}, {"key", user_key},         {"list", user_list},
    {"enrol", user_enrol},   {"card", user_card},       {"totp", user_totp},
    {"unlock", user_unlock},
};

int cmd_user(int argc, char **argv)
{
    return cmd_verb_run("user", verbs, SND_COUNT(verbs), argc, argv);
}
