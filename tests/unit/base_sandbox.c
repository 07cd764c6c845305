/* SPDX-License-Identifier: Apache-2.0
 * Each kind of process inside its sandbox: what it must not do kills it or fails, what it needs
 * works. */
#include "config.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "tests/tap.h"

static char folder[] = "/tmp/base_sandbox.XXXXXX";

static const char *const kinds[SANDBOX_KINDS] = {"gate",   "door",   "nursery", "desk", "ledger",
                                                 "reader", "hasher", "sync",    "hub",  "courier",
                                                 "files"};

/* ---- deeds: 0 = it worked, else the errno it failed with ---- */

static int do_nothing(void)
{
    return 0;
}

static int do_network(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

static int do_run(void)
{
    char *const argv[] = {NULL};
    execve("/bin/true", argv, argv);
    return errno;
}

static int do_trace(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) ? errno : 0;
}

static int do_code(void)
{
    void *page =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? errno : 0;
}

static void *idle(void *arg)
{
    return arg;
}

static int do_thread(void)
{
    pthread_t thread;
    int err = pthread_create(&thread, NULL, idle, NULL);
    return err ? err : pthread_join(thread, NULL);
}

static int do_unix(void)
{
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

static int do_open(const char *name, int flags)
{
    char path[128];
    (void)str_format(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

static int do_read_given(void)
{
    return do_open("given/file", O_RDONLY);
}

static int do_write_given(void)
{
    return do_open("given/file", O_WRONLY);
}

static int do_create_given(void)
{
    return do_open("given/new", O_WRONLY | O_CREAT);
}

static int do_read_other(void)
{
    return do_open("other", O_RDONLY);
}

static int do_kill_parent(void)
{
    return kill(getppid(), 0) ? errno : 0;
}

/* ---- */

#define KILLED (-1)

/* What comes of a deed in that sandbox: 0, an errno, or KILLED by the kernel. */
static int outcome(enum sandbox_kind kind, int write, int (*deed)(void))
{
    char path[128];
    (void)str_format(path, sizeof path, "%s/given", folder);
    const struct sandbox_path paths[] = {
        {.path = path, .write = write}, {.path = "/nowhere/at/all"}, {.path = NULL}};
    int status;
    pid_t child = fork();
    if (child == 0) {
        if (sandbox_enter(kind, paths, 0))
            _exit(255);
        _exit(deed());
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return 254;
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSYS ? KILLED : 253;
    return WEXITSTATUS(status);
}

static int calls_out(int kind)
{
    return kind == SANDBOX_SYNC || kind == SANDBOX_COURIER;
}

static void test_callers(void)
{
    for (int kind = 0; kind < SANDBOX_KINDS; kind++) {
        if (!calls_out(kind))
            continue;
        tap_ok(outcome((enum sandbox_kind)kind, 0, do_network) == 0, "%s: may call out",
               kinds[kind]);
        tap_ok(outcome((enum sandbox_kind)kind, 0, do_thread) == 0, "%s: has threads", kinds[kind]);
    }
    tap_is_int(outcome(SANDBOX_HUB, 0, do_thread), 0, "hub: has threads");
    tap_is_int(outcome(SANDBOX_HUB, 0, do_unix), 0, "hub: may reach the ledger");
    tap_is_int(outcome(SANDBOX_HUB, 0, do_read_other), EACCES, "hub: reads nothing");
    tap_is_int(outcome(SANDBOX_SYNC, 1, do_create_given), 0, "sync: makes files where it may");
    tap_is_int(outcome(SANDBOX_SYNC, 1, do_read_other), EACCES, "sync: and reads nowhere else");
}

static void test_everybody(void)
{
    static const struct {
        const char *name;
        int (*deed)(void);
        int want;
    } cases[] = {
        {"lives", do_nothing, 0},
        {"is killed for a network socket", do_network, KILLED},
        {"is killed for starting a program", do_run, KILLED},
        {"is killed for tracing", do_trace, KILLED},
        {"is killed for making new code", do_code, KILLED},
    };
    for (int kind = 0; kind < SANDBOX_KINDS; kind++)
        for (size_t i = 0; i < SND_COUNT(cases); i++) {
            if (cases[i].deed == do_network && calls_out(kind))
                continue;
            int got = outcome((enum sandbox_kind)kind, 0, cases[i].deed);
            if (got != cases[i].want)
                tap_note("outcome %d", got);
            tap_ok(got == cases[i].want, "%s: %s", kinds[kind], cases[i].name);
        }
}

static void test_files(void)
{
    static const enum sandbox_kind readers[] = {SANDBOX_NURSERY, SANDBOX_DESK, SANDBOX_READER,
                                                SANDBOX_LEDGER};
    for (size_t i = 0; i < SND_COUNT(readers); i++) {
        const char *name = kinds[readers[i]];
        tap_ok(outcome(readers[i], 0, do_read_given) == 0, "%s: reads what it is given", name);
        tap_ok(outcome(readers[i], 0, do_write_given) == EACCES, "%s: doesn't write it", name);
        tap_ok(outcome(readers[i], 0, do_read_other) == EACCES, "%s: reads nothing else", name);
    }
    tap_is_int(outcome(SANDBOX_LEDGER, 1, do_create_given), 0, "ledger: makes files where it may");
    tap_is_int(outcome(SANDBOX_LEDGER, 1, do_read_other), EACCES, "ledger: and nowhere else");
#ifndef SND_SANITIZERS
    tap_is_int(outcome(SANDBOX_DOOR, 0, do_read_given), KILLED, "door: is killed for opening");
    tap_is_int(outcome(SANDBOX_GATE, 0, do_read_given), KILLED, "gate: is killed for opening");
    tap_is_int(outcome(SANDBOX_HASHER, 0, do_read_given), KILLED, "hasher: is killed for opening");
#endif
}

static void test_company(void)
{
    tap_is_int(outcome(SANDBOX_DESK, 0, do_unix), 0, "desk: may reach the ledger");
    tap_is_int(outcome(SANDBOX_HASHER, 0, do_unix), KILLED, "hasher: makes no socket");
    tap_is_int(outcome(SANDBOX_DOOR, 0, do_unix), KILLED, "door: makes no socket");
    tap_is_int(outcome(SANDBOX_DESK, 0, do_kill_parent), KILLED, "desk: signals nobody");
    int got = outcome(SANDBOX_GATE, 0, do_kill_parent);
    tap_ok(got == EPERM || got == 0, "gate: signals its own only, where the kernel can tell");
}

static int prepare(void)
{
    char given[128], other[128], file[160];
    if (!mkdtemp(folder))
        return 0;
    (void)str_format(given, sizeof given, "%s/given", folder);
    (void)str_format(file, sizeof file, "%s/given/file", folder);
    (void)str_format(other, sizeof other, "%s/other", folder);
    return mkdir(given, 0700) == 0 && proc_write_file(file, "x", 1, 0600) == 0 &&
           proc_write_file(other, "x", 1, 0600) == 0;
}

int main(void)
{
    if (!tap_ok(sandbox_available(), "the kernel has landlock and seccomp") ||
        !tap_ok(prepare(), "a folder to play in"))
        return tap_done();
    sandbox_warm();
    test_everybody();
    test_callers();
    test_files();
    test_company();
    char *clean = x_printf("rm -rf %s", folder);
    if (system(clean))
        tap_note("left: %s", folder);
    x_free(&clean);
    return tap_done();
}
