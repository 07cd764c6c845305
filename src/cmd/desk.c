/* SPDX-License-Identifier: Apache-2.0
 * sanad desk: the same screens on the local terminal, without SSH. The password is asked for
 * without echo; the session then is one like any other, over a connection of its own to the ledger.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include "base/ctl.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "ui/session.h"

/* Reads one line into out; 1 when there was one. */
static int read_line(char *out, size_t size)
{
    if (!fgets(out, (int)size, stdin))
        return 0;
    out[strcspn(out, "\r\n")] = '\0';
    return 1;
}

static int ask_name(char *name)
{
    char line[CTL_NAME + 2];
    fputs("Name: ", stdout);
    fflush(stdout);
    if (!read_line(line, sizeof line) || !ctl_name_ok(line))
        return SND_E_AUTH;
    return str_copy(name, CTL_NAME, line);
}

static int ask_password(char *password)
{
    struct termios as_it_was, silent;
    if (tcgetattr(STDIN_FILENO, &as_it_was))
        return SND_E_SYS;
    silent = as_it_was;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    fputs("Password: ", stdout);
    fflush(stdout);
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent))
        return SND_E_SYS;
    int got = read_line(password, CTL_PASSWORD);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &as_it_was);
    putchar('\n');
    return got ? 0 : SND_E_AUTH;
}

static int log_in(struct book *book, const char *name, struct book_me *me)
{
    char password[CTL_PASSWORD] = "";
    int err = ask_password(password);
    if (!err)
        err = book_auth_password(book, name, password, "local", me);
    mem_wipe(password, sizeof password);
    return err;
}

static int run_screens(struct book *book, const struct book_me *me)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    const char *term = getenv("TERM"), *locale = getenv("LC_ALL");
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row == 0 || size.ws_col == 0)
        size = (struct winsize){.ws_row = 24, .ws_col = 80};
    if (!locale || !*locale)
        locale = getenv("LANG");
    session_warm();
    struct session_args args = {.in = STDIN_FILENO,
                                .out = STDOUT_FILENO,
                                .ctl = -1,
                                .term = term && *term ? term : "vt100",
                                .client = "",
                                .rows = size.ws_row,
                                .cols = size.ws_col,
                                .colour = 1,
                                .book = book,
                                .me = *me,
                                .peer = "local",
                                .preset = "ask",
                                .locale = locale ? locale : ""};
    return session_run(&args) == SESSION_FAILED;
}

int cmd_desk(int argc, char **argv)
{
    const char *state = cmd_state(&argc, argv), *user = cmd_option(&argc, argv, "user");
    char name[CTL_NAME] = "";
    struct book *book = NULL;
    struct book_me me;
    if (argc != 1)
        return cmd_usage("desk");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return cmd_fail("The screens need a terminal.");
    if (user ? !ctl_name_ok(user) || str_copy(name, sizeof name, user) : ask_name(name))
        return cmd_fail("An account's name has 1 to 32 of a-z 0-9 . _ -");
    if (cmd_book_connect(state, &book))
        return 1;
    log_open("desk", LOG_LEVEL_ERROR); /* lines would land on the screen */
    int err = log_in(book, name, &me);
    int status = err ? cmd_fail("The ledger did not let you in: %s.", err_text(err))
                     : run_screens(book, &me);
    cmd_book_close(&book);
    return status;
}
