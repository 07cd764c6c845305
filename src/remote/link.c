/* SPDX-License-Identifier: Apache-2.0
 * ssh as a child. Everything of the person's own configuration holds: keys, agents, jump hosts,
 * known hosts; we ask for a subsystem, no terminal, no escape sign, compression, and no master
 * connection, since that would outlive a line that has died. At the first login ssh speaks to the
 * person by itself, on the terminal, before any screen is there; later it has no terminal at all,
 * so no prompt can ever appear among the screens. Where that configuration names no algorithms, few
 * are named (brevity.c). */
#include "remote/link.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/proc.h"
#include "remote/frames.h"

#define OUT_MOST (8 * WIRE_MAX)
#define END_MS 500      /* for its last words */
#define BREVITY_MS 5000 /* for what it tells of its configuration, which may run programs */

void link_init(struct link *link, const char *who, const char *port, const char *config)
{
    *link = (struct link){
        .who = who, .port = port, .config = config, .pid = -1, .fd = -1, .errors = -1};
    link->in = STREAM_INIT;
    link->out = BUF_INIT(OUT_MOST);
}

SND_NORETURN static void become_ssh(const struct link *link, int fd, int errors)
{
    char ssh[] = "ssh", plain[] = "-T", no_escape[] = "-e", none[] = "none", squeeze[] = "-C",
         o1[] = "-oControlMaster=no", o2[] = "-oControlPath=none",
         o3[] = "-oClearAllForwardings=yes", quiet[] = "-oBatchMode=yes", file[] = "-F",
         at[] = "-p", sub[] = "-s", end[] = "--", name[] = FRAMES_NAME;
    char *argv[24] = {ssh, plain, no_escape, none, squeeze, o1, o2, o3};
    size_t count = 8;
    sigset_t nothing;
    for (size_t i = 0; i < BREVITY_LISTS; i++)
        if (link->brevity.option[i])
            argv[count++] = link->brevity.option[i];
    if (errors >= 0)
        argv[count++] = quiet;
    if (link->config) {
        argv[count++] = file;
        argv[count++] = x_strdup(link->config);
    }
    if (link->port) {
        argv[count++] = at;
        argv[count++] = x_strdup(link->port);
    }
    argv[count++] = sub;
    argv[count++] = end;
    argv[count++] = x_strdup(link->who);
    argv[count++] = name;
    sigemptyset(&nothing);
    (void)sigprocmask(SIG_SETMASK, &nothing, NULL);
    if (dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0)
        _exit(127);
    if (errors >= 0 && (setsid() < 0 || dup2(errors, STDERR_FILENO) < 0))
        _exit(127);
    execvp(ssh, argv);
    _exit(127);
}

int link_start(struct link *link, int asking)
{
    int pair[2], errors[2] = {-1, -1};
    if (asking)
        brevity_find(&link->brevity, link->who, link->port, link->config, BREVITY_MS);
    if (proc_pair_bytes(pair))
        return SND_E_SYS;
    if (!asking && (pipe2(errors, O_CLOEXEC | O_NONBLOCK) || fcntl(errors[1], F_SETFL, 0))) {
        proc_close(&pair[0]);
        proc_close(&pair[1]);
        return SND_E_SYS;
    }
    link->pid = fork();
    if (link->pid == 0)
        become_ssh(link, pair[1], errors[1]);
    proc_close(&pair[1]);
    proc_close(&errors[1]);
    link->fd = pair[0];
    link->errors = errors[0];
    if (link->pid < 0 || proc_nonblocking(link->fd, 1)) {
        (void)link_stop(link);
        return SND_E_SYS;
    }
    return 0;
}

/* 1 when what ssh said was that it has nothing that would let it in. */
static int was_refused(int errors)
{
    char said[4096];
    ssize_t got = errors < 0 ? 0 : read(errors, said, sizeof said - 1);
    said[got > 0 ? got : 0] = '\0';
    return strstr(said, "Permission denied") != NULL || strstr(said, "verification failed") != NULL;
}

int link_stop(struct link *link)
{
    int64_t until = clock_mono_ms() + END_MS;
    proc_close(&link->fd);
    while (link->pid > 0 && waitpid(link->pid, NULL, WNOHANG) == 0) {
        struct timespec moment = {.tv_nsec = 10 * 1000000L};
        if (clock_mono_ms() >= until)
            (void)kill(link->pid, SIGKILL);
        else
            (void)nanosleep(&moment, NULL);
    }
    link->pid = -1;
    int refused = was_refused(link->errors);
    proc_close(&link->errors);
    stream_free(&link->in);
    buf_free(&link->out);
    return refused;
}

void link_free(struct link *link)
{
    brevity_free(&link->brevity);
}

int link_put(struct link *link, const struct buf *frame)
{
    buf_put(&link->out, frame->data, frame->len);
    return link->out.failed ? SND_E_LIMIT : 0;
}

int link_flush(struct link *link)
{
    while (link->out.len > 0) {
        ssize_t sent = send(link->fd, link->out.data, link->out.len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN ? SND_E_BUSY : SND_E_LOST;
        buf_drop(&link->out, (size_t)sent);
    }
    return 0;
}

int link_fill(struct link *link)
{
    static uint8_t piece[STREAM_PIECE];
    ssize_t got = recv(link->fd, piece, sizeof piece, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return SND_E_BUSY;
    if (got <= 0)
        return SND_E_LOST;
    return stream_feed(&link->in, piece, (size_t)got);
}
