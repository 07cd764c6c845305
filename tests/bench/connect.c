/* SPDX-License-Identifier: Apache-2.0
 * From nothing to a shell, without ever blocking: one function a stage. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/bench/load.h"

static void start_command(struct session *session)
{
    struct winsize size = {.ws_row = (unsigned short)load.options.rows,
                           .ws_col = (unsigned short)load.options.cols};
    char *command = script_fill(load.options.command, true, session->number, 0);
    session->child = forkpty(&session->fd, NULL, NULL, &size);
    if (session->child < 0) {
        session->fd = -1;
        session_over(session, "no pseudo-terminal");
        return;
    }
    if (session->child == 0) {
        setenv("TERM", load.options.term, 1);
        for (int fd = 3; fd < 4096; fd++)
            close(fd);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    x_free(&command);
    fcntl(session->fd, F_SETFL, O_NONBLOCK);
    fcntl(session->fd, F_SETFD, FD_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)session->number};
    epoll_ctl(load.epoll, EPOLL_CTL_ADD, session->fd, &event);
    session->stage = STAGE_PLAY;
}

/* People sit in many places: each of so many loopback addresses is one. 0, or -1 and errno. */
static int leave_from(int fd, int number)
{
    struct sockaddr_in from = {.sin_family = AF_INET};
    unsigned at = (unsigned)(number % (load.options.sources > 0 ? load.options.sources : 1));
    from.sin_addr.s_addr = htonl(0x7f010000u + at / 250 * 256 + at % 250 + 1);
    return load.options.sources > 0 ? bind(fd, (const struct sockaddr *)&from, sizeof from) : 0;
}

static void start_ssh(struct session *session)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)load.options.port)};
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT,
                                .data.u32 = (uint32_t)session->number};
    int on = 1;
    if (inet_pton(AF_INET, load.options.host, &address.sin_addr) != 1)
        load_die("--host wants an IPv4 address");
    session->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (session->fd < 0 || leave_from(session->fd, session->number)) {
        session_over(session, strerror(errno));
        return;
    }
    setsockopt(session->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (load.options.mss) /* so that loopback doesn't merge what a real line would split */
        setsockopt(session->fd, IPPROTO_TCP, TCP_MAXSEG, &load.options.mss,
                   sizeof load.options.mss);
    epoll_ctl(load.epoll, EPOLL_CTL_ADD, session->fd, &event);
    session->stage = STAGE_TCP;
    session->want_out = true;
    if (connect(session->fd, (const struct sockaddr *)&address, sizeof address) < 0 &&
        errno != EINPROGRESS)
        session_over(session, strerror(errno));
}

void session_start(struct session *session)
{
    load.started++;
    load.alive++;
    session_setup(session);
    session->begun = load_now();
    if (load.options.command)
        start_command(session);
    else
        start_ssh(session);
}

/* Each stage: 1 = go on at once, 0 = wait for the descriptor. */
static int failed(struct session *session, const char *what)
{
    char why[256];
    snprintf(why, sizeof why, "%s: %s", what,
             session->ssh ? ssh_get_error(session->ssh) : strerror(errno));
    session_over(session, why);
    return 0;
}

static int stage_tcp(struct session *session)
{
    int error = 0, no = 0;
    socklen_t size = sizeof error;
    struct sockaddr_in peer;
    socklen_t peer_size = sizeof peer;
    getsockopt(session->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    if (error)
        return failed(session, "connect");
    if (getpeername(session->fd, (struct sockaddr *)&peer, &peer_size) < 0)
        return 0;
    session->ssh = ssh_new();
    ssh_options_set(session->ssh, SSH_OPTIONS_HOST, load.options.host);
    char *user = script_fill(load.options.user, true, session->number, 0);
    ssh_options_set(session->ssh, SSH_OPTIONS_USER, user);
    x_free(&user);
    ssh_options_set(session->ssh, SSH_OPTIONS_PROCESS_CONFIG, &no);
    ssh_options_set(session->ssh, SSH_OPTIONS_FD, &session->fd);
    ssh_options_set(session->ssh, SSH_OPTIONS_COMPRESSION,
                    load.options.compress ? "zlib@openssh.com,none" : "none");
    if (load.options.ciphers &&
        (ssh_options_set(session->ssh, SSH_OPTIONS_CIPHERS_C_S, load.options.ciphers) ||
         ssh_options_set(session->ssh, SSH_OPTIONS_CIPHERS_S_C, load.options.ciphers)))
        load_die("cipher not known to libssh: %s", load.options.ciphers);
    ssh_set_blocking(session->ssh, 0);
    session->stage = STAGE_KEX;
    session->want_out = false;
    session_arm(session);
    return 1;
}

static int stage_kex(struct session *session)
{
    int rc = ssh_connect(session->ssh);
    if (rc == SSH_AGAIN)
        return 0;
    if (rc != SSH_OK)
        return failed(session, "key exchange");
    if (!load.cipher[0]) {
        (void)str_copy(load.cipher, sizeof load.cipher, ssh_get_cipher_in(session->ssh));
        (void)str_copy(load.kex, sizeof load.kex, ssh_get_kex_algo(session->ssh));
    }
    session->stage = STAGE_AUTH;
    return 1;
}

static int stage_auth(struct session *session)
{
    const char *password = load.options.password ? load.options.password : "";
    int rc = load.key ? ssh_userauth_publickey(session->ssh, NULL, load.key)
                      : ssh_userauth_password(session->ssh, NULL, password);
    if (rc == SSH_AUTH_AGAIN)
        return 0;
    if (rc != SSH_AUTH_SUCCESS)
        return failed(session, "login");
    session->channel = ssh_channel_new(session->ssh);
    session->stage = STAGE_CHANNEL;
    return 1;
}

static int advance(struct session *session, int rc, const char *what, enum stage next)
{
    if (rc == SSH_AGAIN)
        return 0;
    if (rc != SSH_OK)
        return failed(session, what);
    session->stage = next;
    return 1;
}

static int stage_channel(struct session *session)
{
    enum stage next = load.options.lines ? STAGE_SHELL : STAGE_PTY;
    return advance(session, ssh_channel_open_session(session->channel), "channel", next);
}

static int stage_pty(struct session *session)
{
    int rc = ssh_channel_request_pty_size(session->channel, load.options.term, load.options.cols,
                                          load.options.rows);
    return advance(session, rc, "terminal", load.options.send_lang ? STAGE_ENV : STAGE_SHELL);
}

static int stage_env(struct session *session)
{
    int rc = ssh_channel_request_env(session->channel, "LANG", "C.UTF-8");
    return advance(session, rc == SSH_AGAIN ? rc : SSH_OK, "environment", STAGE_SHELL);
}

static int stage_shell(struct session *session)
{
    int go_on = advance(session, ssh_channel_request_shell(session->channel), "shell", STAGE_PLAY);
    if (go_on)
        samples_add(&load.login, (load_now() - session->begun) * 1e3);
    return go_on;
}

static void read_command(struct session *session)
{
    char bytes[65536];
    ssize_t len = read(session->fd, bytes, sizeof bytes);
    if (len > 0)
        session_feed(session, bytes, (size_t)len);
    else if (len == 0 || (errno != EAGAIN && errno != EINTR))
        session->closed = true;
}

static void read_channel(struct session *session)
{
    char bytes[65536];
    int len;
    while ((len = ssh_channel_read_nonblocking(session->channel, bytes, sizeof bytes, 0)) > 0)
        session_feed(session, bytes, (size_t)len);
    if (len < 0 || ssh_channel_is_eof(session->channel))
        session->closed = true;
}

static int stage_play(struct session *session)
{
    if (load.options.command)
        read_command(session);
    else
        read_channel(session);
    session_match(session, load_now());
    session_play(session);
    if (session->stage != STAGE_PLAY || !session->closed || session->at >= load.script.steps)
        return 0;
    enum word word = load.script.step[session->at].word;
    if (word != WORD_EOF && word != WORD_WAIT)
        session_over(session, "closed early");
    return 0;
}

static int (*const stages[])(struct session *) = {
    [STAGE_TCP] = stage_tcp,         [STAGE_KEX] = stage_kex,   [STAGE_AUTH] = stage_auth,
    [STAGE_CHANNEL] = stage_channel, [STAGE_PTY] = stage_pty,   [STAGE_ENV] = stage_env,
    [STAGE_SHELL] = stage_shell,     [STAGE_PLAY] = stage_play,
};

void session_step(struct session *session)
{
    while (session->stage > STAGE_IDLE && session->stage < STAGE_OVER &&
           stages[session->stage](session))
        continue;
    if (session->stage <= STAGE_TCP || session->stage >= STAGE_PLAY)
        return;
    if (load_now() - session->begun > load.options.timeout) {
        session_over(session, "timed out while logging in");
        return;
    }
    bool pending = ssh_get_poll_flags(session->ssh) & SSH_WRITE_PENDING;
    if (pending != session->want_out) {
        session->want_out = pending;
        session_arm(session);
    }
}
