/* SPDX-License-Identifier: Apache-2.0
 * At 9600 bit/s the algorithms that ssh names by itself cost more than a second of each login. A
 * server of Sanad takes the first of each list below; the ones behind it are for whatever else
 * may stand there. What the person or the system has set wins: ssh is asked what it would do
 * (`ssh -G`), with the configuration and without any, and only where both are the same is a list
 * made short, of names that this ssh knows. What it says is material: whatever is odd about it
 * leaves ssh as it is. */
#include "remote/brevity.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/proc.h"

#define TOLD_MOST 65536

/* By ssh_config(5), in the words of -o and of -G. */
static const struct {
    const char *option, *told, *names;
} lists[BREVITY_LISTS] = {
    {"KexAlgorithms", "kexalgorithms",
     "mlkem768x25519-sha256,curve25519-sha256,diffie-hellman-group16-sha512"},
    {"HostKeyAlgorithms", "hostkeyalgorithms", "ssh-ed25519,rsa-sha2-512"},
    {"Ciphers", "ciphers", "chacha20-poly1305@openssh.com,aes256-ctr"},
    {"MACs", "macs", "hmac-sha2-256-etm@openssh.com,hmac-sha2-256"},
};

/* ---- what ssh tells */

struct told {
    pid_t pid;
    int fd;
    struct buf text;
};

SND_NORETURN static void tell(int out, const char *who, const char *port, const char *config)
{
    char ssh[] = "ssh", ask[] = "-G", file[] = "-F", at[] = "-p", end[] = "--";
    char *argv[10] = {ssh, ask};
    size_t count = 2;
    sigset_t nothing;
    if (config) {
        argv[count++] = file;
        argv[count++] = x_strdup(config);
    }
    if (port) {
        argv[count++] = at;
        argv[count++] = x_strdup(port);
    }
    argv[count++] = end;
    argv[count++] = x_strdup(who);
    sigemptyset(&nothing);
    (void)sigprocmask(SIG_SETMASK, &nothing, NULL);
    int none = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (none < 0 || dup2(none, STDIN_FILENO) < 0 || dup2(none, STDERR_FILENO) < 0 ||
        dup2(out, STDOUT_FILENO) < 0)
        _exit(127);
    execvp(ssh, argv);
    _exit(127);
}

static void ask_ssh(struct told *told, const char *who, const char *port, const char *config)
{
    int ends[2];
    *told = (struct told){.pid = -1, .fd = -1, .text = BUF_INIT(TOLD_MOST)};
    if (pipe2(ends, O_CLOEXEC))
        return;
    told->pid = fork();
    if (told->pid == 0)
        tell(ends[1], who, port, config);
    told->fd = ends[0];
    proc_close(&ends[1]);
}

/* 1 when it has told all, in time and without a fault. */
static int has_told(struct told *told, int64_t until)
{
    char piece[4096];
    ssize_t got = -1;
    int status = 1;
    while (told->pid > 0 && !told->text.failed) {
        struct pollfd from = {.fd = told->fd, .events = POLLIN};
        int64_t left = until - clock_mono_ms();
        int ready = left > 0 ? poll(&from, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        got = ready > 0 ? read(told->fd, piece, sizeof piece) : -1;
        if (got <= 0)
            break;
        buf_put(&told->text, piece, (size_t)got);
    }
    proc_close(&told->fd);
    if (told->pid > 0 && got != 0)
        (void)kill(told->pid, SIGKILL);
    while (told->pid > 0 && waitpid(told->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return got == 0 && status == 0;
}

/* The list that ssh would name: where it begins in what it told, NULL if it didn't; its length. */
static const char *list_in(const struct told *told, const char *name, size_t *len)
{
    size_t word = strlen(name);
    for (const char *at = buf_text(&told->text); *at; at += *at == '\n') {
        size_t line = strcspn(at, "\n");
        if (line > word && strncmp(at, name, word) == 0 && at[word] == ' ') {
            *len = line - word - 1;
            return at + word + 1;
        }
        at += line;
    }
    return NULL;
}

/* ---- what is made of it */

static int names_it(const char *list, size_t len, const char *name, size_t name_len)
{
    for (size_t at = 0, end; at < len; at = end + 1) {
        for (end = at; end < len && list[end] != ',';)
            end++;
        if (end - at == name_len && memcmp(list + at, name, name_len) == 0)
            return 1;
    }
    return 0;
}

/* Ours of those that this ssh knows; NULL when there is none. */
static char *shortened(size_t which, const char *known, size_t len)
{
    struct buf out = BUF_INIT(512);
    const char *name = lists[which].names;
    int any = 0;
    buf_printf(&out, "-o%s=", lists[which].option);
    while (*name) {
        size_t name_len = strcspn(name, ",");
        if (names_it(known, len, name, name_len)) {
            buf_puts(&out, any ? "," : "");
            buf_put(&out, name, name_len);
            any = 1;
        }
        name += name_len + (name[name_len] == ',');
    }
    char *option = any && !out.failed ? buf_take(&out) : NULL;
    buf_free(&out);
    return option;
}

void brevity_find(struct brevity *out, const char *who, const char *port, const char *config,
                  int wait_ms)
{
    struct told as_set, by_itself;
    int64_t until = clock_mono_ms() + wait_ms;
    *out = (struct brevity){0};
    ask_ssh(&as_set, who, port, config);
    ask_ssh(&by_itself, who, port, "none");
    int told = has_told(&as_set, until);
    told &= has_told(&by_itself, until);
    for (size_t i = 0; i < BREVITY_LISTS && told; i++) {
        size_t set_len = 0, own_len = 0;
        const char *set = list_in(&as_set, lists[i].told, &set_len);
        const char *own = list_in(&by_itself, lists[i].told, &own_len);
        if (set && own && set_len == own_len && memcmp(set, own, own_len) == 0)
            out->option[i] = shortened(i, own, own_len);
    }
    buf_free(&as_set.text);
    buf_free(&by_itself.text);
}

void brevity_free(struct brevity *brevity)
{
    for (size_t i = 0; i < BREVITY_LISTS; i++)
        x_free(&brevity->option[i]);
}
