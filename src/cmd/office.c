/* SPDX-License-Identifier: Apache-2.0
 * What must be right before any process is started, in this order: there is an office, its
 * configuration is sound, the state folder belongs to whom it should, nobody else serves it, it has
 * a host key, the port is free. Each failure is one sentence for whoever typed the command. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "cmd/cmd.h"
#include "cmd/office.h"
#include "ssh/gate.h"
#include "term/profile.h"

#define BACKLOG 1024

static void name_files(struct office *office)
{
    office->db = cmd_path(office->state, "office.db");
    office->socket = cmd_path(office->state, "run/ledger.sock");
    office->host_key = cmd_path(office->state, "host_key");
    office->pid_file = cmd_path(office->state, "pid");
    office->log_file = cmd_path(office->state, "log");
}

static int read_conf(struct office *office, const char *port)
{
    enum profile terminals;
    char error[256] = "";
    int64_t number;
    char *path = cmd_path(office->state, "sanad.conf");
    int err = conf_read(path, &office->conf, error, sizeof error);
    x_free(&path);
    if (err)
        return cmd_fail("%s", error);
    if (port && num_parse(port, 0, 65535, &number))
        return cmd_fail("--port takes a number from 0 to 65535.");
    if (port)
        office->conf.port = number;
    if (office->conf.startups_begin > office->conf.startups_full)
        office->conf.startups_begin = office->conf.startups_full;
    if (strcmp(office->conf.terminal, "ask") != 0 &&
        profile_find(office->conf.terminal, &terminals) != 0)
        return cmd_fail("sanad.conf: `terminal` is ask, plain, bare, auto, left or runs.");
    office->weak = strcmp(office->conf.sandbox, "weak") == 0;
    if (!office->weak && !sandbox_available())
        return cmd_fail(
            "This kernel lacks landlock or seccomp; `sandbox = weak` in sanad.conf goes "
            "on without.");
    return 0;
}

static int make_over(const char *path, const struct passwd *to, mode_t mode)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? 0 : SND_E_SYS;
    int err = fchown(fd, to->pw_uid, to->pw_gid) || fchmod(fd, mode) ? SND_E_SYS : 0;
    close(fd);
    return err;
}

static int uid_of(const char *name)
{
    const struct passwd *user = getpwnam(name);
    return user ? (int)user->pw_uid : -1;
}

/* The book is the ledger's user's, but a folder above it may keep all others out. */
static int ledger_reaches(const struct office *office)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0)
        _exit(proc_become(OFFICE_LEDGER_USER) || access(office->db, R_OK | W_OK));
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return status == 0;
}

/* The ledger's user owns the book; the desk's may pass through to the ledger's socket. */
static int hand_over(struct office *office)
{
    static const char *const files[] = {"office.db", "office.db-wal", "office.db-shm", "keyring"};
    static const char *const users[] = {OFFICE_DOOR_USER, OFFICE_DESK_USER, OFFICE_LEDGER_USER};
    const struct passwd *user = NULL;
    if (!office->as_root)
        return 0;
    office->sync_uid = uid_of(OFFICE_SYNC_USER);
    office->hub_uid = uid_of(OFFICE_HUB_USER);
    office->courier_uid = uid_of(OFFICE_COURIER_USER);
    for (size_t i = 0; i < SND_COUNT(users); i++) {
        user = getpwnam(users[i]);
        if (!user)
            return cmd_fail("The service user %s is missing: useradd --system %s", users[i],
                            users[i]);
        if (strcmp(users[i], OFFICE_DESK_USER) == 0)
            office->desk_uid = (int)user->pw_uid;
    }
    char *run = cmd_path(office->state, "run");
    int err = make_over(office->state, user, 0711);
    if (!err)
        err = make_over(run, user, 0711);
    x_free(&run);
    for (size_t i = 0; i < SND_COUNT(files) && !err; i++) {
        char *path = cmd_path(office->state, files[i]);
        err = make_over(path, user, 0600);
        x_free(&path);
    }
    if (err)
        return cmd_fail("%s could not be handed to %s.", office->state, OFFICE_LEDGER_USER);
    if (!ledger_reaches(office))
        return cmd_fail("The service users can't pass to %s: chmod o+x each folder above it.",
                        office->state);
    return 0;
}

int office_listen(const char *key, const char *address, const char *port, int *out, int *bound_port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE},
                    *found = NULL;
    struct sockaddr_storage bound = {0};
    socklen_t size = sizeof bound;
    int one = 1, fd = -1;
    if (getaddrinfo(address, port, &hints, &found))
        return cmd_fail("`%s = %s` in sanad.conf is not an address.", key, address);
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int bad = fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
              bind(fd, found->ai_addr, found->ai_addrlen) || listen(fd, BACKLOG) ||
              getsockname(fd, (struct sockaddr *)&bound, &size);
    freeaddrinfo(found);
    if (bad) {
        int why = errno;
        proc_close(&fd);
        return cmd_fail("Port %s of %s could not be opened: %s.", port, address, strerror(why));
    }
    *bound_port =
        ntohs(bound.ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)&bound)->sin6_port
                                          : ((const struct sockaddr_in *)&bound)->sin_port);
    *out = fd;
    return 0;
}

static int listen_on(struct office *office)
{
    char port[8];
    (void)str_format(port, sizeof port, "%d", (int)office->conf.port);
    return office_listen("listen", office->conf.listen, port, &office->listener, &office->port);
}

/* One server an office: the lock on the pid file is the server's alone, children give it up. */
static int take_lock(struct office *office)
{
    office->lock = open(office->pid_file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (office->lock < 0)
        return cmd_fail("%s can't be written.", office->pid_file);
    if (flock(office->lock, LOCK_EX | LOCK_NB))
        return cmd_fail("The office in %s is running already.", office->state);
    return 0;
}

int office_write_pid(const struct office *office)
{
    char text[16];
    (void)str_format(text, sizeof text, "%d\n", (int)getpid());
    int err = ftruncate(office->lock, 0) ? SND_E_IO : 0;
    if (!err)
        err = proc_write_all(office->lock, text, strlen(text));
    (void)str_format(text, sizeof text, "%d\n", office->port);
    char *port = cmd_path(office->state, "run/port");
    if (!err)
        err = proc_write_file(port, text, strlen(text), 0644);
    x_free(&port);
    return err;
}

/* A pid file may outlive its process, and somebody else have its number: who serves is a `sanad`
 * that holds the lock. */
static int is_ours(pid_t pid)
{
    char path[40], *name = NULL;
    size_t len;
    (void)str_format(path, sizeof path, "/proc/%d/comm", (int)pid);
    int ours = proc_read_file(path, 64, &name, &len) == 0 && strcmp(name, "sanad\n") == 0;
    x_free(&name);
    return ours;
}

int office_tell(const char *state)
{
    char *path = cmd_path(state, "pid"), *text = NULL;
    size_t len = 0;
    int64_t pid = 0;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), told = 0;
    int held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (held && proc_read_file(path, 16, &text, &len) == 0) {
        text[strcspn(text, "\n")] = '\0';
        if (num_parse(text, 2, INT32_MAX, &pid) == 0 && is_ours((pid_t)pid))
            told = kill((pid_t)pid, SIGHUP) == 0;
    }
    proc_close(&fd);
    x_free(&text);
    x_free(&path);
    return told;
}

int office_read(struct office *office, const char *state, const char *port)
{
    *office = (struct office){.state = state,
                              .as_root = geteuid() == 0,
                              .desk_uid = -1,
                              .sync_uid = -1,
                              .hub_uid = -1,
                              .courier_uid = -1,
                              .listener = -1,
                              .lock = -1};
    name_files(office);
    return read_conf(office, port);
}

int office_open(struct office *office, const char *state, const char *port)
{
    int bad = office_read(office, state, port);
    if (!bad)
        bad = cmd_there(state) != 0;
    if (!bad)
        office->keyring = cmd_keyring(state, &office->conf);
    if (!bad)
        bad = cmd_keyring_ready(office->db, office->keyring);
    if (!bad)
        bad = hand_over(office);
    if (!bad)
        bad = take_lock(office);
    if (!bad && gate_make_key(office->host_key))
        bad = cmd_fail("%s can't be written.", office->host_key);
    if (!bad)
        bad = listen_on(office);
    return bad;
}

void office_close(struct office *office)
{
    proc_close(&office->listener);
    proc_close(&office->lock);
    conf_free(&office->conf);
    x_free(&office->db);
    x_free(&office->keyring);
    x_free(&office->socket);
    x_free(&office->host_key);
    x_free(&office->pid_file);
    x_free(&office->log_file);
}
