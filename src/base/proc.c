/* SPDX-License-Identifier: Apache-2.0
 * Processes, their sockets and whole files.
 *
 * Every descriptor made here closes on exec. A child starts with no signal handler of its parent's,
 * none blocked, and with writes to a closed socket as an error and not a signal. A file is written
 * under another name first and renamed when it is on the disk, so nobody ever reads half of one. */
#include "base/proc.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/sched/types.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"

int proc_pair_packets(int out[2])
{
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, out) ? SND_E_SYS : 0;
}

int proc_pair_bytes(int out[2])
{
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, out) ? SND_E_SYS : 0;
}

int proc_nonblocking(int fd, int on)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK) < 0)
        return SND_E_SYS;
    return 0;
}

void proc_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

int proc_write_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t put = write(fd, at, len);
        if (put < 0) {
            if (errno == EINTR)
                continue;
            return err_from_errno(errno);
        }
        at += put;
        len -= (size_t)put;
    }
    return 0;
}

static int read_open_file(int fd, size_t max, char **out, size_t *len)
{
    size_t room = 4096, used = 0;
    char *text = x_alloc(room + 1);
    for (;;) {
        ssize_t got = read(fd, text + used, room - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || (used += (size_t)got) > max) {
            if (got == 0) {
                text[used] = '\0';
                *out = text;
                *len = used;
                return 0;
            }
            x_free(&text);
            return got < 0 ? err_from_errno(errno) : SND_E_LIMIT;
        }
        if (used == room) {
            room *= 2;
            text = x_realloc(text, room + 1, 1);
        }
    }
}

int proc_read_file(const char *path, size_t max, char **out, size_t *len)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_from_errno(errno);
    int err = read_open_file(fd, max, out, len);
    close(fd);
    return err;
}

int proc_sync_folder(const char *path)
{
    char *folder = x_strdup(path);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    x_free(&folder);
    if (fd < 0)
        return err_from_errno(errno);
    int err = fsync(fd) ? err_from_errno(errno) : 0;
    close(fd);
    return err;
}

int proc_write_file(const char *path, const void *bytes, size_t len, mode_t mode)
{
    char *other = x_printf("%s.new", path);
    int err, fd = open(other, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0) {
        err = err_from_errno(errno);
        goto out;
    }
    err = proc_write_all(fd, bytes, len);
    if (!err && (fchmod(fd, mode) || fsync(fd)))
        err = err_from_errno(errno);
    if (close(fd) && !err)
        err = err_from_errno(errno);
    if (!err && rename(other, path))
        err = err_from_errno(errno);
    if (!err)
        err = proc_sync_folder(path);
    else
        unlink(other);
out:
    x_free(&other);
    return err;
}

static int copy_bytes(int from, int to)
{
    char bytes[65536];
    for (;;) {
        ssize_t got = read(from, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        int err = got < 0 ? err_from_errno(errno) : 0;
        if (!err && got > 0)
            err = proc_write_all(to, bytes, (size_t)got);
        if (err || got == 0)
            return err;
    }
}

int proc_copy_file(const char *from, const char *to, mode_t mode)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return err_from_errno(errno);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    int err = out < 0 ? err_from_errno(errno) : copy_bytes(in, out);
    if (!err && fsync(out))
        err = err_from_errno(errno);
    if (out >= 0 && close(out) && !err)
        err = err_from_errno(errno);
    if (out >= 0 && err)
        unlink(to);
    close(in);
    return err;
}

void proc_name(const char *name)
{
    prctl(PR_SET_NAME, name);
}

pid_t proc_fork(const char *name, int tied)
{
    pid_t parent = getpid();
    pid_t child = fork();
    if (child != 0)
        return child;
    static const int signals[] = {SIGTERM, SIGINT,  SIGHUP,  SIGCHLD,
                                  SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH};
    sigset_t none;
    sigemptyset(&none);
    for (size_t i = 0; i < SND_COUNT(signals); i++)
        signal(signals[i], SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_NAME, name);
    if (tied) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(1); /* the parent died in between */
    }
    return 0;
}

#define SHORT_TURN_NS 100000

void proc_short_turns(void)
{
    struct sched_attr now = {0};
    if (syscall(SYS_sched_getattr, 0, &now, sizeof now, 0) || now.sched_policy != 0)
        return;
    now.size = sizeof now;
    now.sched_runtime = SHORT_TURN_NS;
    if (syscall(SYS_sched_setattr, 0, &now, 0))
        log_debug("proc.short_turns", "errno=%d", errno);
}

#define NICER 5 /* a third of the share of those who are not */

void proc_give_way(void)
{
    if (setpriority(PRIO_PROCESS, 0, NICER))
        log_debug("proc.give_way", "errno=%d", errno);
}

int proc_become(const char *user)
{
    if (geteuid() != 0)
        return 0;
    const struct passwd *entry = getpwnam(user);
    int death_signal = 0; /* the kernel forgets it when the user changes */
    if (!entry || prctl(PR_GET_PDEATHSIG, &death_signal) || setgroups(0, NULL) ||
        setgid(entry->pw_gid) || setuid(entry->pw_uid) || prctl(PR_SET_PDEATHSIG, death_signal))
        return SND_E_SYS;
    return setuid(0) == 0 ? SND_E_SYS : 0; /* must not be able to come back */
}

static int unix_address(const char *path, struct sockaddr_un *out)
{
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    return str_copy(out->sun_path, sizeof out->sun_path, path);
}

int proc_listen_packets(const char *path, mode_t mode, int *out)
{
    struct sockaddr_un address;
    if (unix_address(path, &address))
        return SND_E_LIMIT;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return SND_E_SYS;
    unlink(path);
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) || chmod(path, mode) ||
        listen(fd, 1024)) {
        int err = err_from_errno(errno);
        close(fd);
        return err;
    }
    *out = fd;
    return 0;
}

int proc_connect_packets(const char *path, int *out)
{
    struct sockaddr_un address;
    if (unix_address(path, &address))
        return SND_E_LIMIT;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return SND_E_SYS;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address)) {
        int err = err_from_errno(errno);
        close(fd);
        return err;
    }
    *out = fd;
    return 0;
}

void proc_spare(int *spare)
{
    if (*spare < 0)
        *spare = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
}

int proc_turn_away(int listener, int *spare)
{
    proc_close(spare);
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    int turned_away = fd >= 0;
    proc_close(&fd);
    proc_spare(spare);
    return turned_away;
}

int proc_peer(int socket, uid_t *uid, pid_t *pid)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size))
        return SND_E_SYS;
    *uid = peer.uid;
    *pid = peer.pid;
    return 0;
}
