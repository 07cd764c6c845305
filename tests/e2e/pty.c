/* SPDX-License-Identifier: Apache-2.0
 * For the end-to-end tests: a command on a terminal of its own, and every byte that it writes there
 * kept for judging.
 *   pty OUT random SEED COUNT -- COMMAND...   COUNT keys at random; a command that ends before is
 *                                             begun anew
 *   pty OUT file KEYS -- COMMAND...           the lines of KEYS one after the other, with \e \r \t
 *                                             \\ and \xNN, each when the screen has come to rest
 * PTY_LOGIN is typed first, as a line. Prints the number of keys and how often the command was
 * begun; exit status 0 when all keys went in. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "base/attr.h"
#include "base/num.h"

#define BEGUN_MOST 2000
#define REST_MS 15
#define REST_MOST_MS 5000
#define SLOW_MS 60000
#define LINE_BYTES 8192

static const char *const tokens[] = {
    "\r",         "\r",
    "\r",         "\x1b[B",
    "\x1b[B",     "\x1b[A",
    "\x1b[5~",    "\x1b[6~",
    "\x1b[6~",    "1",
    "2",          "3",
    "4",          "5",
    "1",          "2",
    "3",          "0",
    "7",          "8",
    "9",          "\x1bOR",
    "\x1bOR",     "\x1bOP",
    "\x1bOQ",     "\x1bOS",
    "\x1b[15~",   "\x1b[17~",
    "\x1b[18~",   "\x1b[19~",
    "\x1b[20~",   "\x1b[21~",
    "\x1b[24~",   "\t",
    "\x1b[Z",     "\x7f",
    "\025",       "\x1b[3~",
    "\x1b[H",     "\x1b[F",
    "\x0c",       "\x1d",
    "\x14",       "salim",
    "12345678",   "سالم",
    "DA01-003-",  "MZ-01",
    "6",          "\025salim\r",
    "\025سالم\r", "\02599012345\r",
    "\r1",        "\r2",
    "\r3",        "\x1bOR\r",
    "\x1b[B\r",   "\025DA01-003\r",
    "clerk\r",    "سعيد\r",
    "99012345\r", "نعم",
    "y",          "\x1b[200~x",
    "\x1b[201~",
};

struct pty {
    int fd, out;
    pid_t child;
    int begun;
    long keys;
    char **command;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void stop(const char *what)
{
    perror(what);
    exit(2);
}

static void begin(struct pty *pty)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    pty->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (pty->fd < 0 || grantpt(pty->fd) || unlockpt(pty->fd))
        stop("pty");
    const char *name = ptsname(pty->fd);
    pty->begun++;
    pty->child = fork();
    if (pty->child == 0) {
        setsid();
        int fd = open(name, O_RDWR);
        /* What comes before the screens have the terminal must not be taken for what they say. */
        struct termios plain;
        if (fd < 0 || ioctl(fd, TIOCSWINSZ, &size) || tcgetattr(fd, &plain))
            _exit(126);
        plain.c_lflag &= ~(tcflag_t)ECHO;
        if (tcsetattr(fd, TCSANOW, &plain))
            _exit(126);
        for (int i = 0; i < 3; i++)
            dup2(fd, i);
        if (fd > 2)
            close(fd);
        setenv("TERM", "xterm-256color", 1);
        execvp(pty->command[0], pty->command);
        _exit(127);
    }
    if (pty->child < 0)
        stop("fork");
}

static void end(struct pty *pty)
{
    close(pty->fd);
    kill(pty->child, SIGHUP);
    waitpid(pty->child, NULL, 0);
    pty->fd = -1;
}

/* What it writes within that time: 1 = something, 0 = nothing, -1 = it has ended. */
static int take(struct pty *pty, int wait_ms)
{
    char bytes[16384];
    struct pollfd poller = {.fd = pty->fd, .events = POLLIN};
    if (poll(&poller, 1, wait_ms) != 1)
        return 0;
    ssize_t got = read(pty->fd, bytes, sizeof bytes);
    if (got <= 0)
        return -1;
    if (write(pty->out, bytes, (size_t)got) != got)
        stop("write");
    return 1;
}

/* Until nothing has come for a while: 0, or -1 when it has ended. */
static int rest(struct pty *pty)
{
    int64_t until = now_ms() + REST_MOST_MS;
    int got;
    while ((got = take(pty, REST_MS)) == 1 && now_ms() < until)
        ;
    return got < 0 ? -1 : 0;
}

static int type(struct pty *pty, const char *bytes, size_t len)
{
    while (len > 0) {
        struct pollfd poller = {.fd = pty->fd, .events = POLLIN | POLLOUT};
        if (poll(&poller, 1, SLOW_MS) < 1)
            return -1;
        if ((poller.revents & POLLIN) && take(pty, 0) < 0)
            return -1;
        if (!(poller.revents & POLLOUT)) {
            if (poller.revents & (POLLHUP | POLLERR))
                return -1;
            continue;
        }
        ssize_t put = write(pty->fd, bytes, len);
        if (put <= 0)
            return -1;
        bytes += put;
        len -= (size_t)put;
    }
    return 0;
}

static int log_in(struct pty *pty)
{
    const char *line = getenv("PTY_LOGIN");
    int64_t until = now_ms() + SLOW_MS;
    begin(pty);
    int got = take(pty, SLOW_MS); /* the question */
    if (got < 0 || rest(pty))
        return -1;
    if (line && (type(pty, line, strlen(line)) || type(pty, "\r", 1)))
        return -1;
    while (take(pty, REST_MS) >= 0 && now_ms() < until)
        if (take(pty, 200) == 1) /* the first screen */
            return rest(pty);
    return -1;
}

static void random_keys(struct pty *pty, uint32_t seed, long count)
{
    uint32_t state = seed;
    int in = log_in(pty) == 0;
    while (pty->keys < count && pty->begun < BEGUN_MOST) {
        if (!in) {
            end(pty);
            in = log_in(pty) == 0;
            continue;
        }
        state = state * 1664525u + 1013904223u;
        const char *token = tokens[(state >> 8) % SND_COUNT(tokens)];
        in = type(pty, token, strlen(token)) == 0;
        pty->keys++;
        if (in && pty->keys % 20 == 0)
            in = rest(pty) == 0;
    }
    end(pty);
}

/* One line's escapes become bytes, in place; how many. */
static size_t unescape(char *text)
{
    char *out = text;
    for (const char *at = text; *at; at++) {
        char hex[3] = "";
        if (*at != '\\' || !at[1]) {
            *out++ = *at;
            continue;
        }
        at++;
        if (*at == 'x' && at[1] && at[2]) {
            hex[0] = at[1];
            hex[1] = at[2];
            *out++ = (char)strtol(hex, NULL, 16);
            at += 2;
        } else {
            *out++ = *at == 'e' ? '\x1b' : *at == 'r' ? '\r' : *at == 't' ? '\t' : *at;
        }
    }
    return (size_t)(out - text);
}

static int file_keys(struct pty *pty, const char *path)
{
    static char line[LINE_BYTES];
    FILE *file = fopen(path, "re");
    if (!file)
        stop(path);
    int failed = log_in(pty);
    while (!failed && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        size_t len = unescape(line);
        failed = type(pty, line, len) || rest(pty);
        pty->keys++;
    }
    fclose(file);
    end(pty);
    return failed;
}

int main(int argc, char **argv)
{
    struct pty pty = {.fd = -1};
    int64_t seed = 0, count = 0;
    int random = argc > 6 && strcmp(argv[2], "random") == 0 && strcmp(argv[5], "--") == 0 &&
                 num_parse(argv[3], 0, INT32_MAX, &seed) == 0 &&
                 num_parse(argv[4], 1, 1000000, &count) == 0;
    int file = argc > 5 && strcmp(argv[2], "file") == 0 && strcmp(argv[4], "--") == 0;
    if (!random && !file) {
        fputs("usage: pty OUT random SEED COUNT -- COMMAND... | pty OUT file KEYS -- COMMAND...\n",
              stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    pty.out = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (pty.out < 0)
        stop(argv[1]);
    pty.command = argv + (random ? 6 : 5);
    int failed = 0;
    if (random)
        random_keys(&pty, (uint32_t)seed, (long)count);
    else
        failed = file_keys(&pty, argv[3]);
    printf("keys %ld begun %d\n", pty.keys, pty.begun);
    return failed || (random && pty.keys < count);
}
