/* SPDX-License-Identifier: Apache-2.0
 * sanad desk: the same screens on the local terminal, without SSH; with --line the same line by
 * line, on a terminal, a pipe or a file. The password is asked for without echo, or is the first
 * line of a pipe; the session then is one like any other, over a connection of its own to the
 * ledger. With --to the office is elsewhere: desk_to.c. */
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
#include "cmd/desk.h"
#include "cmd/desk_to.h"
#include "ui/session.h"

/* Reads one line into out; 1 when there was one. Byte by byte: what follows is the session's. */
static int read_line(char *out, size_t size)
{
    size_t len = 0;
    char byte;
    ssize_t got;
    while ((got = read(STDIN_FILENO, &byte, 1)) == 1 && byte != '\n')
        if (len + 1 < size)
            out[len++] = byte;
    out[len] = '\0';
    out[strcspn(out, "\r")] = '\0';
    return got == 1 || len > 0;
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
    if (!isatty(STDIN_FILENO))
        return read_line(password, CTL_PASSWORD) ? 0 : SND_E_AUTH;
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

const struct sandbox_path desk_paths[] = {
    {.path = "/etc/terminfo"},
    {.path = "/lib/terminfo"},
    {.path = "/usr/lib/terminfo"},
    {.path = "/usr/share/terminfo"},
    {.path = NULL},
};

static int run_session(struct book *book, const struct book_me *me, int ctl, int lines,
                       int confined)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM"), *locale = getenv("LC_ALL");
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row == 0 || size.ws_col == 0)
        size = (struct winsize){.ws_row = 24, .ws_col = 80};
    if (!locale || !*locale)
        locale = getenv("LANG");
    session_warm();
    if (confined && sandbox_enter(SANDBOX_DESK, desk_paths, 1))
        return cmd_fail("The desk could not be confined.");
    struct session_args args = {.in = STDIN_FILENO,
                                .out = STDOUT_FILENO,
                                .ctl = ctl,
                                .term = term && *term ? term : "vt100",
                                .client = "",
                                .rows = size.ws_row,
                                .cols = size.ws_col,
                                .colour = !no_color || !*no_color,
                                .book = book,
                                .me = *me,
                                .peer = "local",
                                .preset = "ask",
                                .locale = locale ? locale : ""};
    return (lines ? linemode_run(&args) : session_run(&args)) == SESSION_FAILED;
}

int desk_screens(struct book *book, const struct book_me *me, int ctl)
{
    return run_session(book, me, ctl, 0, 1);
}

int cmd_desk(int argc, char **argv)
{
    const char *state = cmd_state(&argc, argv), *user = cmd_option(&argc, argv, "user");
    char name[CTL_NAME] = "";
    const char *to = cmd_option(&argc, argv, "to"), *config = cmd_option(&argc, argv, "ssh-config");
    struct book *book = NULL;
    struct book_me me;
    int lines = cmd_flag(&argc, argv, "line");
    if (argc != 1 || (to && (user || lines)))
        return cmd_usage("desk");
    if (!lines && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
        return cmd_fail("The screens need a terminal; --line does without.");
    if (to)
        return desk_to_run(to, config);
    if (user ? !ctl_name_ok(user) || str_copy(name, sizeof name, user) : ask_name(name))
        return cmd_fail("An account's name has 1 to 32 of a-z 0-9 . _ -");
    if (cmd_book_connect(state, &book))
        return 1;
    log_open("desk", LOG_LEVEL_ERROR); /* lines would land on the screen */
    int err = log_in(book, name, &me);
    int status = err ? cmd_fail("The ledger did not let you in: %s.", err_text(err))
                     : run_session(book, &me, -1, lines, 0);
    cmd_book_close(&book);
    return status;
}
