/* SPDX-License-Identifier: Apache-2.0
 * sanad user: accounts, their passwords and keys. An administrator never chooses somebody's
 * password: a one-time word is made, shown once, and must be changed at the first login. Only a
 * practice office takes a lasting password from standard input, for machines that log in. */
#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "base/ctl.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/secret.h"
#include "cmd/cmd.h"

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
    if (err == SND_E_INVALID)
        return cmd_fail("A password has at least 8 characters.");
    return done(account, err);
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

static const struct cmd_verb verbs[] = {
    {"add", user_add},       {"disable", user_disable}, {"enable", user_enable},
    {"passwd", user_passwd}, {"key", user_key},         {"list", user_list},
};

int cmd_user(int argc, char **argv)
{
    return cmd_verb_run("user", verbs, SND_COUNT(verbs), argc, argv);
}
