/* SPDX-License-Identifier: Apache-2.0
 * One whole session before the first real one, in the process that gate and nursery will be forked
 * from: with a throw-away key, over a socket pair, against a client and a desk that live in
 * children of their own. Whatever libssh, libcrypto and the screens set up on first use is then
 * memory that all sessions share, and nothing is left that a sandboxed process would have to load.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "ssh/gate.h"
#include "ssh/ssh_priv.h"

#define WARM_S 10 /* children end by then, whatever happens */
#define WARM_TERM "xterm-256color"
#define WARM_ROWS 24
#define WARM_COLS 80

/* The other side of the door: logs in by key, opens a terminal, types, reads to the end. */
static int client(int fd, ssh_key key)
{
    char bytes[4096];
    int off = 0, status = 1;
    ssh_channel channel = NULL;
    ssh_session session = ssh_new();
    if (!session)
        return 1;
    if (ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &off) != SSH_OK ||
        ssh_options_set(session, SSH_OPTIONS_HOST, "localhost") != SSH_OK ||
        ssh_options_set(session, SSH_OPTIONS_USER, "warm") != SSH_OK ||
        ssh_options_set(session, SSH_OPTIONS_FD, &fd) != SSH_OK || ssh_connect(session) != SSH_OK)
        goto out;
    if (ssh_userauth_try_publickey(session, NULL, key) != SSH_AUTH_SUCCESS ||
        ssh_userauth_publickey(session, NULL, key) != SSH_AUTH_SUCCESS)
        goto out;
    channel = ssh_channel_new(session);
    if (!channel || ssh_channel_open_session(channel) != SSH_OK ||
        ssh_channel_request_env(channel, "LANG", "ar_OM.UTF-8") != SSH_OK ||
        ssh_channel_request_pty_size(channel, WARM_TERM, WARM_COLS, WARM_ROWS) != SSH_OK ||
        ssh_channel_request_shell(channel) != SSH_OK || ssh_channel_write(channel, "x", 1) != 1)
        goto out;
    while (ssh_channel_read(channel, bytes, sizeof bytes, 0) > 0)
        status = 0;
out:
    ssh_disconnect(session);
    return status;
}

/* A desk that agrees to everything, shows a screenful of text and leaves at the first key. */
static int desk_stand_in(int ctl, int bytes)
{
    struct ctl message;
    char screen[2000];
    memset(screen, '.', sizeof screen);
    while (ctl_recv(ctl, &message) == 1) {
        if (message.type == CTL_START) {
            message = (struct ctl){.type = CTL_EXIT};
            return proc_write_all(bytes, screen, sizeof screen) || read(bytes, screen, 1) != 1 ||
                   ctl_send(ctl, &message);
        }
        message = (struct ctl){.type = CTL_ANSWER};
        if (ctl_send(ctl, &message))
            return 1;
    }
    return 1;
}

/* A door that opens a terminal and takes what comes. */
static int door_stand_in(int ctl, int bytes)
{
    char taken[4096];
    struct ctl message = {.type = CTL_START, .rows = WARM_ROWS, .cols = WARM_COLS};
    (void)str_copy(message.term, sizeof message.term, WARM_TERM);
    if (ctl_send(ctl, &message))
        return 1;
    while (read(bytes, taken, sizeof taken) > 0)
        continue;
    return 0;
}

/* Three descriptor pairs of one pretended connection; [0] is the door's, [1] the other side's. */
struct warm {
    int net[2], ctl[2], bytes[2];
};

static int open_pairs(struct warm *warm)
{
    *warm = (struct warm){{-1, -1}, {-1, -1}, {-1, -1}};
    int err = proc_pair_bytes(warm->net);
    if (!err)
        err = proc_pair_packets(warm->ctl);
    if (!err)
        err = proc_pair_bytes(warm->bytes);
    return err;
}

static void close_side(struct warm *warm, int side)
{
    proc_close(&warm->net[side]);
    proc_close(&warm->ctl[side]);
    proc_close(&warm->bytes[side]);
}

static pid_t fork_child(struct warm *warm, int side)
{
    pid_t child = proc_fork("sanad-warm", 1);
    if (child == 0) {
        alarm(WARM_S);
        close_side(warm, !side);
    }
    return child;
}

static void await(pid_t child, const char *part)
{
    int status = 0;
    if (child > 0 && (waitpid(child, &status, 0) != child || status != 0))
        log_warn("warm.failed", "part=%s status=%d", part, status);
}

static void warm_door(void)
{
    struct warm warm;
    struct conf conf = {.login_grace = WARM_S, .idle_keepalive = 60, .user_timeout = 90};
    struct door_args args = {.conf = &conf, .report = -1, .peer = "warm"};
    ssh_key host = NULL, user = NULL;
    pid_t one = -1, two = -1;
    int err = open_pairs(&warm);
    if (err || ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &host) != SSH_OK ||
        ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &user) != SSH_OK ||
        hostkey_bind(host, &args.bind)) {
        log_warn("warm.failed", "part=prepare");
        ssh_key_free(host);
        goto out;
    }
    one = fork_child(&warm, 1);
    if (one == 0) {
        proc_close(&warm.ctl[1]); /* the desk's end of file must be seen */
        proc_close(&warm.bytes[1]);
        _exit(client(warm.net[1], user));
    }
    two = fork_child(&warm, 1);
    if (two == 0)
        _exit(desk_stand_in(warm.ctl[1], warm.bytes[1]));
    close_side(&warm, 1);
    args.socket = warm.net[0];
    args.ctl = warm.ctl[0];
    args.bytes = warm.bytes[0];
    door_serve(&args);
    await(one, "client");
    await(two, "desk");
    warm = (struct warm){{-1, -1}, {-1, -1}, {-1, -1}}; /* the door closed its side */
    ssh_bind_free(args.bind);
out:
    close_side(&warm, 0);
    close_side(&warm, 1);
    ssh_key_free(user);
}

static void warm_desk(void (*desk)(int ctl, int bytes))
{
    struct warm warm;
    if (open_pairs(&warm) == 0) {
        pid_t child = fork_child(&warm, 0);
        if (child == 0)
            _exit(door_stand_in(warm.ctl[0], warm.bytes[0]));
        close_side(&warm, 0);
        if (child > 0)
            desk(warm.ctl[1], warm.bytes[1]);
        close_side(&warm, 1);
        await(child, "door");
    }
    close_side(&warm, 0);
    close_side(&warm, 1);
}

void gate_warm(void (*desk)(int ctl, int bytes))
{
    ssh_init();
    ssh_set_log_level(SSH_LOG_NOLOG);
    warm_door();
    if (desk)
        warm_desk(desk);
}
