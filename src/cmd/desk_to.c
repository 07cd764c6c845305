/* SPDX-License-Identifier: Apache-2.0
 * sanad desk --to: two processes on the person's own box. The one that was started logs in with
 * ssh, while the terminal is still plain, and is the bridge to the office from then on. Its child
 * is a desk like any other, in the same sandbox, with neither network nor files: all that it says
 * goes to the bridge. When either dies the other one ends too, and the terminal is as it was. */
#include "cmd/desk_to.h"
#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "base/ctl.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "book/carry.h"
#include "cmd/cmd.h"
#include "cmd/desk.h"
#include "remote/bridge.h"

#define PART_MOST 253

/* What the desk has left of the terminal when it could not put it right itself. */
static const char plain_again[] = "\033[?1049l\033[?25h\033[0m\033(B\033[?2004l\033[?1l\033>\r\n";

struct place {
    char who[CTL_NAME + PART_MOST + 1], port[8];
};

/* USER@HOST[:PORT], [ADDRESS]:PORT too. Nothing in it can be an option of ssh's, or leave a folder.
 */
static int read_place(const char *to, struct place *out)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:%";
    char name[CTL_NAME], host[PART_MOST + 1];
    const char *at = strchr(to, '@'), *end = NULL;
    size_t len = at ? (size_t)(at - to) : 0;
    int64_t port = 0;
    if (!at || str_format(name, sizeof name, "%.*s", (int)len, to) || !ctl_name_ok(name))
        return SND_E_BAD;
    at++;
    int boxed = *at == '[';
    end = boxed ? strchr(++at, ']') : strchr(at, ':');
    len = end ? (size_t)(end - at) : strlen(at);
    if ((boxed && !end) || len == 0 || len > PART_MOST)
        return SND_E_BAD;
    (void)str_format(host, sizeof host, "%.*s", (int)len, at);
    if (host[0] == '-' || strspn(host, letters) != len || (!boxed && strchr(host, ':')))
        return SND_E_BAD;
    end = end ? end + boxed : at + len;
    if (*end && (*end != ':' || num_parse(end + 1, 1, 65535, &port)))
        return SND_E_BAD;
    out->port[0] = '\0';
    if (port > 0)
        (void)str_format(out->port, sizeof out->port, "%d", (int)port);
    return str_format(out->who, sizeof out->who, "%s@%s", name, host);
}

/* ---- folders ---- */

static int make_folder(const char *path)
{
    struct stat status;
    if (mkdir(path, 0700) == 0)
        return 0;
    if (errno != EEXIST || stat(path, &status) || !S_ISDIR(status.st_mode) ||
        status.st_uid != getuid())
        return SND_E_DENIED;
    return (status.st_mode & 077) && chmod(path, 0700) ? SND_E_DENIED : 0;
}

/* $NAME/sanad/WHO:PORT, or HOME/usual/sanad/...; made if it isn't there. NULL after a sentence. */
static char *own_folder(const char *name, const char *const usual[2], const struct place *place)
{
    const char *base = getenv(name), *home = getenv("HOME");
    const struct passwd *user = home && *home ? NULL : getpwuid(getuid());
    if (user)
        home = user->pw_dir;
    char *path = base && base[0] == '/' ? x_strdup(base) : x_strdup(home ? home : "");
    const char *steps[] = {usual[0], usual[1], "sanad", place->who};
    /* A folder that XDG_... names is made if it isn't there, as that specification wants it. */
    struct stat given;
    int err = *path && stat(path, &given) ? make_folder(path) : 0;
    for (size_t i = base && base[0] == '/' ? 2 : 0; i < SND_COUNT(steps) && !err; i++) {
        if (!*steps[i])
            continue;
        int last = i + 1 == SND_COUNT(steps) && place->port[0];
        char *next =
            x_printf("%s/%s%s%s", path, steps[i], last ? ":" : "", last ? place->port : "");
        x_free(&path);
        path = next;
        struct stat status;
        err = i >= 2 || stat(path, &status) ? make_folder(path) : 0;
    }
    if (err) {
        cmd_fail("The folder %s can't be made, or is not only yours.", path);
        x_free(&path);
    }
    return path;
}

/* ---- the two ---- */

SND_NORETURN static void be_desk(int book_end, int ctl, const struct book_me *me)
{
    struct book *book = NULL;
    proc_name("sanad-desk");
    if (book_open_on(book_end, &book) || proc_nonblocking(ctl, 1))
        _exit(1);
    int status = desk_screens(book, me, ctl);
    book_close(&book);
    _exit(status);
}

static volatile sig_atomic_t desk_pid;

static void on_terminate(int number SND_UNUSED)
{
    if (desk_pid > 0)
        (void)kill((pid_t)desk_pid, SIGTERM);
}

static void keep_signals(void)
{
    static const int caught[] = {SIGTERM, SIGHUP, SIGINT};
    struct sigaction pass = {.sa_handler = on_terminate}, ignore = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < SND_COUNT(caught); i++)
        (void)sigaction(caught[i], &pass, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigaction(SIGWINCH, &ignore, NULL);
}

/* The end of a desk: its exit status; the terminal as it was, if it died. */
static int end_of(pid_t desk, int ctl, const struct termios *as_it_was)
{
    struct ctl message;
    char modes[64] = "";
    int status = 0;
    while (proc_nonblocking(ctl, 1) == 0 && ctl_recv(ctl, &message) == 1)
        if (message.type == CTL_MODES)
            (void)str_copy(modes, sizeof modes, message.text);
    while (waitpid(desk, &status, 0) < 0 && errno == EINTR)
        continue;
    (void)tcsetattr(STDIN_FILENO, TCSADRAIN, as_it_was);
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    if (proc_write_all(STDOUT_FILENO, modes, strlen(modes)) ||
        proc_write_all(STDOUT_FILENO, plain_again, sizeof plain_again - 1))
        return 1;
    return cmd_fail("The screens broke off; what you typed is kept here.");
}

static int run_both(struct bridge *bridge, const struct book_me *me)
{
    struct termios as_it_was;
    int books[2], ctls[2];
    if (tcgetattr(STDIN_FILENO, &as_it_was) || proc_pair_packets(books) || proc_pair_packets(ctls))
        return cmd_fail("The system refused two processes a line between them.");
    log_open("desk", LOG_LEVEL_ERROR); /* lines would land on the screen */
    pid_t desk = fork();
    if (desk == 0) {
        proc_close(&books[0]);
        proc_close(&ctls[0]);
        bridge_leave(&bridge);
        be_desk(books[1], ctls[1], me);
    }
    proc_close(&books[1]);
    proc_close(&ctls[1]);
    if (desk < 0)
        return cmd_fail("The system refused another process.");
    desk_pid = desk;
    keep_signals();
    proc_name("sanad-bridge");
    bridge_serve(bridge, books[0]);
    int status = end_of(desk, ctls[0], &as_it_was);
    proc_close(&ctls[0]);
    return status;
}

static void say_kept(const struct bridge *bridge)
{
    int drafts, requests = bridge_waiting(bridge, &drafts);
    if (requests > 0)
        printf(
            "Kept here, not at the office yet: %d submitted. Run the command again to send them.\n",
            requests);
    if (drafts > 0)
        printf("Kept here: %d unfinished. They are offered when you run the command again.\n",
               drafts);
}

static int say_why_not(int err)
{
    if (err == SND_E_INUSE)
        return cmd_fail("These screens are open already on this computer: go on there.");
    if (err == SND_E_IO)
        return cmd_fail("The folder of your drafts can't be written.");
    return cmd_fail("The office did not let this desk in: see the line above, and try again.");
}

int desk_to_run(const char *to, const char *config)
{
    static const char *const cache_usual[] = {".cache", ""}, *const held_usual[] = {".local",
                                                                                    "state"};
    struct place place;
    struct bridge *bridge = NULL;
    struct book_me me = {0};
    if (read_place(to, &place))
        return cmd_fail("Say where to as USER@HOST or USER@HOST:PORT.");
    char *cache = own_folder("XDG_CACHE_HOME", cache_usual, &place);
    char *held = cache ? own_folder("XDG_STATE_HOME", held_usual, &place) : NULL;
    int status = 1;
    if (held) {
        const struct bridge_args args = {.who = place.who,
                                         .port = place.port[0] ? place.port : NULL,
                                         .config = config,
                                         .cache = cache,
                                         .held = held};
        int err = bridge_open(&args, &bridge, &me);
        status = err ? say_why_not(err) : run_both(bridge, &me);
        if (err != SND_E_INUSE)
            say_kept(bridge);
    }
    bridge_close(&bridge);
    x_free(&cache);
    x_free(&held);
    return status;
}
