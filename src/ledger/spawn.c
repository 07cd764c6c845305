/* SPDX-License-Identifier: Apache-2.0
 * The process that makes workers. It is forked before the ledger opens its database and opens none
 * itself, since a store must not be carried across a fork. It hears nobody but the ledger, and
 * nothing from it but which kind of worker is wanted. It and its workers end with the ledger. */
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "base/proc.h"
#include "ledger/server_priv.h"

static const struct {
    const char *name;
    void (*work)(int socket, const struct ledger_args *args);
} kinds[WORKER_KINDS] = {
    [WORKER_READER] = {"sanad-reader", worker_read},
    [WORKER_HASHER] = {"sanad-hasher", worker_hash},
    [WORKER_COPIER] = {"sanad-copier", worker_copy},
};

/* Forks one worker and gives its socket's other end to the ledger. */
static int make_worker(int ledger, enum worker_kind kind, const struct ledger_args *args)
{
    int pair[2];
    struct buf reply = BUF_INIT(16);
    if (proc_pair_packets(pair))
        return SND_E_SYS;
    pid_t pid = proc_fork(kinds[kind].name, 1);
    if (pid == 0) {
        close(ledger);
        close(pair[0]);
        kinds[kind].work(pair[1], args);
    }
    proc_close(&pair[1]);
    wire_begin(&reply);
    wire_put_u8(&reply, pid > 0);
    int err = wire_end(&reply);
    if (!err)
        err = wire_send_fds(ledger, &reply, pair, 1);
    buf_free(&reply);
    proc_close(&pair[0]);
    return err;
}

SND_NORETURN static void run(int ledger, const struct ledger_args *args)
{
    uint8_t frame[16];
    struct wire in;
    log_open("spawner", LOG_LEVEL_INFO);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int got = wire_recv(ledger, frame, sizeof frame);
        if (got <= 0 || wire_open(&in, frame, (size_t)got))
            _exit(0);
        enum worker_kind kind = wire_u8(&in);
        if (wire_done(&in) || kind >= WORKER_KINDS || make_worker(ledger, kind, args))
            _exit(1);
    }
}

int spawn_start(const struct ledger_args *args, int *out)
{
    int pair[2];
    if (proc_pair_packets(pair))
        return SND_E_SYS;
    pid_t pid = proc_fork("sanad-spawner", 1);
    if (pid == 0) {
        close(pair[0]);
        if (args->ready >= 0)
            close(args->ready);
        run(pair[1], args);
    }
    proc_close(&pair[1]);
    if (pid < 0) {
        proc_close(&pair[0]);
        return SND_E_SYS;
    }
    *out = pair[0];
    return 0;
}

int spawn_worker(int spawner, enum worker_kind kind, int *out)
{
    uint8_t frame[16];
    int fds[2] = {-1, -1}, count = 0;
    struct wire in;
    struct buf ask = BUF_INIT(16);
    wire_begin(&ask);
    wire_put_u8(&ask, (uint8_t)kind);
    int err = wire_end(&ask);
    if (!err)
        err = wire_send(spawner, &ask);
    buf_free(&ask);
    if (err)
        return err;
    int got = wire_recv_fds(spawner, frame, sizeof frame, fds, &count);
    if (got <= 0 || count != 1 || wire_open(&in, frame, (size_t)got) || wire_u8(&in) != 1) {
        proc_close(&fds[0]);
        proc_close(&fds[1]);
        return SND_E_SYS;
    }
    *out = fds[0];
    return proc_nonblocking(*out, 1);
}
