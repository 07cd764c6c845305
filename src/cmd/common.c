/* SPDX-License-Identifier: Apache-2.0
 * What the subcommands share: taking options out of the arguments, the folders, one way to say what
 * went wrong, and the connection to the office's ledger. When no ledger runs, a private one is
 * forked for the time of the command: the database has one owner that writes. A command that looks
 * after the file itself (backup, restore, doctor) reads it as one more reader, or has it alone. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/proc.h"
#include "cmd/cmd.h"
#include "ledger/ledger.h"
#include "text/input.h"

#define LEDGER_START_MS 30000 /* a book of years is opened within this, or says what it does */

#define SAID_BYTES 4096 /* of one sentence */
#define SAID_WHY 3      /* exit status of a private ledger that has told the reason itself */

static pid_t private_ledger = -1;
static char *private_socket;

static void take(int *argc, char **argv, int at, int count)
{
    for (int i = at; i + count <= *argc; i++)
        argv[i] = argv[i + count];
    *argc -= count;
}

char *cmd_option(int *argc, char **argv, const char *name)
{
    size_t len = strlen(name);
    for (int i = 1; i < *argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0 || strncmp(argv[i] + 2, name, len) != 0)
            continue;
        char *rest = argv[i] + 2 + len;
        if (*rest == '=') {
            take(argc, argv, i, 1);
            return rest + 1;
        }
        if (*rest == '\0' && i + 1 < *argc) {
            char *value = argv[i + 1];
            take(argc, argv, i, 2);
            return value;
        }
    }
    return NULL;
}

int cmd_flag(int *argc, char **argv, const char *name)
{
    for (int i = 1; i < *argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, name) == 0) {
            take(argc, argv, i, 1);
            return 1;
        }
    }
    return 0;
}

static const struct {
    const char *words, *arguments;
} call[] = {
#define COMMAND(name, words, function, arguments, help) {words, arguments},
#include "cmd/commands.def"
#undef COMMAND
};

int cmd_usage(const char *words)
{
    for (size_t i = 0; i < SND_COUNT(call); i++)
        if (strcmp(call[i].words, words) == 0)
            fprintf(stderr, "usage: sanad %s %s\nsanad help %s says more.\n", words,
                    call[i].arguments, words);
    return 2;
}

/* What is repeated of an argument or of a file's name may hold anything: what isn't one visible
 * letter after the other is written as \xHH, so that no terminal does what it says. */
static void put_visible(const char *text, FILE *out)
{
    size_t left = strlen(text), used = 0;
    for (const char *at = text; left > 0; at += used, left -= used) {
        uint32_t point = utf8_get(at, left, &used);
        if ((point == 0xFFFD && used == 1) || point_width(point) < 0)
            for (size_t i = 0; i < used; i++)
                fprintf(out, "\\x%02x", (unsigned)(uint8_t)at[i]);
        else
            fwrite(at, 1, used, out);
    }
}

int cmd_fail(const char *format, ...)
{
    va_list args;
    char text[SAID_BYTES];
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fputs("sanad: ", stderr);
    put_visible(text, stderr);
    fputc('\n', stderr);
    return 1;
}

void cmd_print_json(struct json *json)
{
    char *text = json_text(json, 1);
    puts(text);
    x_free(&text);
    json_free(&json);
}

const char *cmd_state(int *argc, char **argv)
{
    const char *state = cmd_option(argc, argv, "state");
    if (!state)
        state = getenv("SANAD_STATE");
    return state && *state ? state : "/var/lib/sanad";
}

char *cmd_path(const char *state, const char *name)
{
    return x_printf("%s/%s", state, name);
}

static const char *folder(const char *variable, const char *installed)
{
    const char *other = secure_getenv(variable);
    return other && *other ? other : installed;
}

const char *cmd_datadir(void)
{
    return folder("SANAD_DATADIR", SND_DATADIR);
}

const char *cmd_localedir(void)
{
    return folder("SANAD_LOCALEDIR", SND_LOCALEDIR);
}

/* The private ledger is whoever owns the database, not root: files it makes must be the office's.
 */
static int become_owner(const char *db)
{
    struct stat st;
    if (geteuid() != 0 || stat(db, &st) != 0 || st.st_uid == 0)
        return 0;
    struct passwd *owner = getpwuid(st.st_uid);
    return owner ? proc_become(owner->pw_name) : SND_E_SYS;
}

/* What the private ledger logs is nothing that somebody at a shell asked for; it is kept in a file.
 */
static void log_aside(const char *path)
{
    unlink(path); /* it may be another user's, from before the office had one of its own */
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0)
        (void)dup2(fd, STDERR_FILENO);
    proc_close(&fd);
}

SND_NORETURN static void run_private(const char *state, const char *db, const char *socket,
                                     int ready, const struct conf *conf)
{
    char *keyring = cmd_keyring(state, conf);
    char *log = cmd_path(state, "run/command.log");
    struct ledger_args args = {.db = db,
                               .keyring = keyring,
                               .socket = socket,
                               .readers = 1,
                               .hashers = 1,
                               .weak = strcmp(conf->sandbox, "weak") == 0,
                               .ready = ready,
                               .desk_uid = -1};
    int err = become_owner(db);
    if (!err && cmd_keyring_ready(db, keyring) != 0)
        _exit(SAID_WHY);
    if (!err)
        log_aside(log);
    if (!err)
        err = ledger_run(&args);
    _exit(err ? 1 : 0);
}

static int wait_ready(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int said = 0;
    char byte;
    while (poll(&p, 1, LEDGER_START_MS) == 1 && read(fd, &byte, 1) == 1) {
        if (byte == LEDGER_READY)
            return 0;
        if (!said++)
            fputs("sanad: The book of an older sanad is brought forward. Let it work.\n", stderr);
    }
    return SND_E_SYS;
}

static int start_private(const char *state, const char *db, const char *socket,
                         const struct conf *conf)
{
    int ready[2] = {-1, -1}, err = 0;
    if (pipe(ready) != 0)
        return err_from_errno(errno);
    private_ledger = proc_fork("sanad-ledger", 1);
    if (private_ledger < 0) {
        err = SND_E_SYS;
    } else if (private_ledger == 0) {
        proc_close(&ready[0]);
        run_private(state, db, socket, ready[1], conf);
    }
    proc_close(&ready[1]);
    if (!err)
        err = wait_ready(ready[0]);
    proc_close(&ready[0]);
    return err;
}

/* A ledger that could not begin because of its keys has said so itself. */
static int said_why(void)
{
    int status = 0;
    if (private_ledger > 0)
        kill(private_ledger, SIGTERM);
    pid_t gone = private_ledger > 0 ? waitpid(private_ledger, &status, 0) : -1;
    if (gone > 0)
        private_ledger = -1;
    return gone > 0 && WIFEXITED(status) && WEXITSTATUS(status) == SAID_WHY;
}

static void stop_private(void)
{
    if (private_ledger > 0) {
        kill(private_ledger, SIGTERM);
        while (waitpid(private_ledger, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    private_ledger = -1;
    if (private_socket)
        unlink(private_socket);
    x_free(&private_socket);
}

static int is_running(const char *socket)
{
    int fd = -1;
    int err = proc_connect_packets(socket, &fd);
    proc_close(&fd);
    return err == 0;
}

/* Which socket to talk to: the office's own, or one made for us. */
static int reach_ledger(const char *state, char **socket)
{
    char error[256] = "";
    struct conf conf = {0};
    char *db = cmd_path(state, "office.db"), *path = cmd_path(state, "sanad.conf");
    int err = 0;
    *socket = cmd_path(state, "run/ledger.sock");
    if (!is_running(*socket)) {
        x_free(socket);
        if ((err = cmd_there(state)) != 0) {
            /* said already */
        } else if ((err = conf_read(path, &conf, error, sizeof error)) != 0) {
            cmd_fail("%s", error);
        } else {
            *socket = x_printf("%s/run/cli-%ld.sock", state, (long)getpid());
            private_socket = x_strdup(*socket);
            err = start_private(state, db, *socket, &conf);
            if (err && !said_why())
                cmd_fail("The ledger of %s could not be started; run/command.log there says why.",
                         state);
        }
    }
    conf_free(&conf);
    x_free(&path);
    x_free(&db);
    return err;
}

int cmd_book_connect(const char *state, struct book **out)
{
    char *socket = NULL;
    int err = reach_ledger(state, &socket);
    if (!err && book_open(socket, out))
        err = cmd_fail("The ledger of %s could not be reached.", state);
    if (err)
        stop_private();
    x_free(&socket);
    return err;
}

int cmd_book_open(const char *state, struct book **out)
{
    struct book_me me;
    struct book *book = NULL;
    int err = cmd_book_connect(state, &book);
    if (err)
        return err;
    err = book_auth_cli(book, &me);
    if (err) {
        if (err == SND_E_AUTH || err == SND_E_DENIED)
            cmd_fail("The ledger of %s lets only root and its own user in: try with sudo.", state);
        else
            cmd_fail("The ledger of %s did not let you in: %s.", state, err_text(err));
        cmd_book_close(&book);
        return err;
    }
    *out = book;
    return 0;
}

void cmd_book_close(struct book **book)
{
    book_close(book);
    stop_private();
}

int cmd_notice(int *argc, char **argv, struct book_notice *out)
{
    static const char *const names[LANG_COUNT] = {[LANG_AR] = "notice", [LANG_EN] = "notice-en"};
    *out = (struct book_notice){0};
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        const char *text = cmd_option(argc, argv, names[lang]);
        if (text && str_copy(out->body[lang], BOOK_NOTICE, text) != 0)
            return cmd_fail("Write a shorter notice: at most %d bytes.", BOOK_NOTICE - 1);
    }
    return 0;
}

static const char *verb_state;

const char *cmd_verb_state(void)
{
    return verb_state;
}

int cmd_verb_run(const char *command, const struct cmd_verb *verbs, size_t count, int argc,
                 char **argv)
{
    const char *state = cmd_state(&argc, argv);
    struct book *book = NULL;
    for (size_t i = 0; argc > 1 && i < count; i++) {
        if (strcmp(argv[1], verbs[i].word) != 0)
            continue;
        if (cmd_book_open(state, &book) != 0)
            return 1;
        verb_state = state;
        int status = verbs[i].function(book, argc - 1, argv + 1);
        cmd_book_close(&book);
        return status;
    }
    return cmd_usage(command);
}
