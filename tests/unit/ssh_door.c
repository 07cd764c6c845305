/* SPDX-License-Identifier: Apache-2.0
 * A real gate and its doors, sandboxed, against the OpenSSH client; only the desk is a stand-in
 * that knows one password and one key and obeys single letters. */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/ctl.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sandbox.h"
#include "base/wire.h"
#include "ssh/gate.h"
#include "tests/tap.h"

#define FLOOD (1 << 20)
#define DEADLINE_MS 60000

static char folder[] = "/tmp/ssh_door.XXXXXX";
static char client_key[CTL_KEY]; /* "type base64" of the one key that is known */
static int port;

/* ---- the stand-in desk ---- */

static int judge(const struct ctl *asked)
{
    if (strcmp(asked->user, "clerk") != 0)
        return SND_E_AUTH;
    const char *right = asked->type == CTL_PASSWORD_TRY ? "right" : client_key;
    return strcmp(asked->text, right) == 0 ? 0 : SND_E_AUTH;
}

static void say(int bytes, const char *text)
{
    if (proc_write_all(bytes, text, strlen(text)))
        _exit(1);
}

/* One letter of the client; 1 when the desk has ended. */
static int obey(int ctl, int bytes, char letter)
{
    struct ctl leave = {.type = CTL_EXIT, .status = letter == 'x' ? 7 : 0};
    char *flood;
    switch (letter) {
    case 'k':
        kill(getpid(), SIGKILL);
        return 1;
    case 'f':
        flood = x_alloc(FLOOD + 1);
        memset(flood, '#', FLOOD);
        say(bytes, flood);
        x_free(&flood);
        return 0;
    case 'q':
    case 'x':
        say(bytes, "BYE\r\n");
        return ctl_send(ctl, &leave) == 0;
    default:
        say(bytes, "?");
        return 0;
    }
}

static void run_screen(int ctl, int bytes, const struct ctl *start)
{
    char line[256], letters[512];
    (void)str_format(line, sizeof line, "READY %ux%u term=%s lang=%s\r\n", start->rows, start->cols,
                     start->term, start->lang);
    say(bytes, line);
    struct pollfd polled[2] = {{.fd = bytes, .events = POLLIN}, {.fd = ctl, .events = POLLIN}};
    while (poll(polled, 2, DEADLINE_MS) > 0) {
        struct ctl message;
        if (polled[1].revents) {
            if (ctl_recv(ctl, &message) != 1)
                return;
            (void)str_format(line, sizeof line, "SIZE %ux%u\r\n", message.rows, message.cols);
            say(bytes, line);
        }
        if (!polled[0].revents)
            continue;
        ssize_t got = read(bytes, letters, sizeof letters);
        if (got <= 0)
            return;
        for (ssize_t i = 0; i < got; i++)
            if (obey(ctl, bytes, letters[i]))
                return;
    }
}

static void desk(int ctl, int bytes)
{
    struct ctl message;
    while (ctl_recv(ctl, &message) == 1) {
        if (message.type == CTL_START) {
            run_screen(ctl, bytes, &message);
            return;
        }
        if (message.type == CTL_REFUSED)
            return;
        message = (struct ctl){.type = CTL_ANSWER, .status = judge(&message)};
        if (ctl_send(ctl, &message))
            return;
    }
}

/* Forks a desk for every pair of sockets that the gate sends. */
static void nursery(int socket)
{
    uint8_t frame[256];
    int fds[2], count;
    signal(SIGCHLD, SIG_IGN);
    while (wire_recv_fds(socket, frame, sizeof frame, fds, &count) > 0 && count == 2) {
        if (fork() == 0) {
            close(socket);
            desk(fds[0], fds[1]);
            _exit(0);
        }
        close(fds[0]);
        close(fds[1]);
    }
}

/* ---- the gate ---- */

static int listen_somewhere(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 128) ||
        getsockname(fd, (struct sockaddr *)&address, &size))
        return -1;
    port = ntohs(address.sin_port);
    return fd;
}

static pid_t start_gate(const struct conf *conf, const char *host_key)
{
    int pair[2], ready[2], listener = listen_somewhere();
    char byte;
    if (listener < 0 || proc_pair_packets(pair) || pipe(ready))
        return -1;
    if (proc_fork("nursery", 1) == 0) {
        close(listener);
        close(pair[0]);
        close(ready[1]);
        nursery(pair[1]);
        _exit(0);
    }
    pid_t gate = proc_fork("gate", 1);
    if (gate == 0) {
        struct gate_args args = {.conf = conf,
                                 .listener = listener,
                                 .nursery = pair[0],
                                 .host_key = host_key,
                                 .ready = ready[1]};
        close(pair[1]);
        close(ready[0]);
        _exit(gate_run(&args) ? 1 : 0);
    }
    close(pair[0]);
    close(pair[1]);
    close(listener);
    close(ready[1]);
    int good = read(ready[0], &byte, 1) == 1;
    close(ready[0]);
    return good ? gate : -1;
}

/* ---- the client ---- */

/* Runs a shell line with $P the ssh command up to the host; keeps what it wrote. Its exit status.
 */
static int run(struct buf *out, const char *line)
{
    char bytes[4096];
    char *whole = x_printf(
        "P='ssh -F /dev/null -p %d -o StrictHostKeyChecking=accept-new -o "
        "UserKnownHostsFile=%s/known -o LogLevel=ERROR -o IdentityAgent=none'; "
        "K=\"-o IdentitiesOnly=yes -o BatchMode=yes -i %s/key\"; D=%s; export D; exec 2>&1; %s",
        port, folder, folder, folder, line);
    buf_clear(out);
    FILE *pipe = popen(whole, "r");
    x_free(&whole);
    if (!pipe)
        return -1;
    size_t got;
    while ((got = fread(bytes, 1, sizeof bytes, pipe)) > 0)
        buf_put(out, bytes, got);
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int said(const struct buf *out, const char *text)
{
    if (strstr(buf_text(out), text))
        return 1;
    tap_note("missing [%s] in [%.400s]", text, buf_text(out));
    return 0;
}

static void write_text(const char *name, const char *text, mode_t mode)
{
    char *path = x_printf("%s/%s", folder, name);
    if (proc_write_file(path, text, strlen(text), mode))
        tap_note("could not write %s", path);
    x_free(&path);
}

/* Client key, a second key, an askpass program that says what $D/word holds. */
static int make_client(struct buf *out)
{
    write_text("askpass", "#!/bin/sh\ncat \"$D/word\"\n", 0700);
    write_text("word", "right\n", 0600);
    int bad = run(out, "ssh-keygen -q -t ed25519 -N '' -f $D/key && ssh-keygen -q -t ed25519 -N '' "
                       "-f $D/other && ssh-keygen -q -t ecdsa -N '' -f $D/ca");
    char *text = NULL, *path = x_printf("%s/key.pub", folder);
    size_t len;
    if (!bad && proc_read_file(path, CTL_KEY, &text, &len) == 0) {
        char *second = strchr(text, ' ');
        char *third = second ? strchr(second + 1, ' ') : NULL;
        if (third)
            *third = '\0';
        (void)str_copy(client_key, sizeof client_key, text);
    }
    x_free(&text);
    x_free(&path);
    return bad || !client_key[0];
}

#define ASK "SSH_ASKPASS=$D/askpass SSH_ASKPASS_REQUIRE=force "

static void test_login(struct buf *out)
{
    int status = run(out, "printf q | LANG=ar_OM.UTF-8 LC_ALL= $P $K -o SendEnv=LANG "
                          "-o SetEnv=LANG=ar_OM.UTF-8 -tt clerk@127.0.0.1");
    tap_ok(status == 0 && said(out, "READY") && said(out, "BYE"),
           "login by key, a screen, leaving");
    tap_ok(said(out, "lang=ar_OM.UTF-8"), "LANG reaches the desk");
    status = run(out, "printf x | $P $K -tt clerk@127.0.0.1");
    tap_is_int(status, 7, "the desk's exit status reaches the client");
    status = run(out, "printf q | " ASK "$P -o PubkeyAuthentication=no -tt clerk@127.0.0.1");
    tap_ok(status == 0 && said(out, "BYE"), "login by password");
    write_text("word", "wrong\n", 0600);
    int64_t before = clock_mono_ms();
    status = run(out, ASK "$P -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=20 -tt "
                          "clerk@127.0.0.1 </dev/null");
    tap_ok(status == 255 && !strstr(buf_text(out), "READY"), "a wrong password, again and again");
    tap_ok(clock_mono_ms() - before < 5000, "the sixth ends it");
    write_text("word", "right\n", 0600);
    status = run(out, "$P -o IdentitiesOnly=yes -o BatchMode=yes -i $D/other -tt clerk@127.0.0.1 "
                      "</dev/null");
    tap_ok(status == 255 && said(out, "Permission denied"), "an unknown key");
    status = run(out, "$P $K -tt nobody@127.0.0.1 </dev/null");
    tap_ok(status == 255 && said(out, "Permission denied"), "an unknown name");
}

static void test_certificates(struct buf *out)
{
    /* Signed by a foreign authority, for this very name; and one that ran out. */
    int bad =
        run(out, "cp $D/key $D/forged; cp $D/key.pub $D/forged.pub; cp $D/key $D/expired; "
                 "cp $D/key.pub $D/expired.pub; "
                 "ssh-keygen -q -s $D/ca -I x -n clerk $D/forged.pub && "
                 "ssh-keygen -q -s $D/ca -I x -n clerk -V 20200101:20200102 $D/expired.pub && "
                 "rm $D/forged.pub $D/expired.pub");
    int forged = run(out, "$P -o IdentitiesOnly=yes -o BatchMode=yes -o "
                          "CertificateFile=$D/forged-cert.pub -i $D/other -o "
                          "PubkeyAcceptedAlgorithms=*cert* -tt clerk@127.0.0.1 </dev/null");
    int expired = run(out, "$P -o IdentitiesOnly=yes -o BatchMode=yes -o "
                           "CertificateFile=$D/expired-cert.pub -i $D/expired -o "
                           "PubkeyAcceptedAlgorithms=*cert* -tt clerk@127.0.0.1 </dev/null");
    tap_ok(!bad && forged == 255 && expired == 255, "certificates are refused");
}

static void test_unserved(struct buf *out)
{
    static const struct {
        const char *line, *words, *name;
    } cases[] = {
        {"$P $K clerk@127.0.0.1 ls", "runs no commands", "a command"},
        {"$P $K -tt clerk@127.0.0.1 ls", "runs no commands", "a command with a terminal"},
        {"$P $K -s clerk@127.0.0.1 netconf", "no such subsystem", "a subsystem"},
    };
    for (size_t i = 0; i < SND_COUNT(cases); i++) {
        int status = run(out, cases[i].line);
        tap_ok(status == 1 && said(out, cases[i].words) && said(out, "«سند"),
               "%s is refused with a line in both languages", cases[i].name);
    }
    (void)run(out, "$P $K -T clerk@127.0.0.1 </dev/null");
    tap_ok(said(out, "READY 0x0 term= "), "a shell without a terminal is a desk's, too");
    int64_t before = clock_mono_ms();
    int status = run(out, "$P $K -N -o ExitOnForwardFailure=yes -R 0:127.0.0.1:1 clerk@127.0.0.1");
    tap_ok(status == 255 && clock_mono_ms() - before < 5000, "forwarding is refused");
    status = run(out, "printf q | $P $K -X -A -tt clerk@127.0.0.1");
    tap_ok(status == 0 && said(out, "BYE"), "X11 and agent forwarding don't stop the screen");
}

static void test_terminal(struct buf *out)
{
    int status = run(out, "printf q | TERM='x;rm -rf' $P $K -tt clerk@127.0.0.1");
    tap_ok(status == 0 && said(out, "term=vt100"), "a hostile TERM becomes vt100");
    status = run(out, "printf q | TERM=xterm-kitty $P $K -tt clerk@127.0.0.1");
    tap_ok(status == 0 && said(out, "READY 24x80 term=xterm-kitty"), "no size given is 24x80");
    status = run(out, "printf fq | $P $K -tt clerk@127.0.0.1");
    tap_ok(status == 0 && out->len > FLOOD && said(out, "BYE"), "a megabyte passes whole");
    status = run(out, "printf fq | $P $K -C -tt clerk@127.0.0.1");
    tap_ok(status == 0 && out->len > FLOOD && said(out, "BYE"), "compressed too");
    status = run(out, "printf ffq | $P $K -o RekeyLimit=64K -tt clerk@127.0.0.1");
    tap_ok(status == 0 && out->len > 2 * FLOOD && said(out, "BYE"), "through many key exchanges");
    status = run(out, "{ head -c 300000 /dev/zero | tr '\\0' '?'; printf q; } | $P $K -tt "
                      "clerk@127.0.0.1");
    size_t marks = 0;
    for (size_t i = 0; i < out->len; i++)
        marks += out->data[i] == '?';
    tap_ok(status == 0 && said(out, "BYE"), "a large paste arrives");
    tap_is_int((long long)marks, 300000, "and not a byte of it is lost");
    status = run(out, "printf k | $P $K -tt clerk@127.0.0.1");
    tap_ok(status == 1 && said(out, "\033[?1049l") && said(out, "This session broke off"),
           "a desk that dies leaves a restored terminal and a line");
}

/* A hundred silent visitors from other addresses, and the next clerk gets in all the same. */
static void test_crowd(struct buf *out)
{
    int crowd[100];
    for (int i = 0; i < 100; i++) {
        struct sockaddr_in from = {.sin_family = AF_INET}, to = from;
        from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1u + (uint32_t)(i % 10));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port = htons((uint16_t)port);
        crowd[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (bind(crowd[i], (struct sockaddr *)&from, sizeof from) ||
            connect(crowd[i], (struct sockaddr *)&to, sizeof to))
            tap_note("visitor %d could not come", i);
    }
    int64_t before = clock_mono_ms();
    int status = run(out, "printf q | $P $K -tt clerk@127.0.0.1");
    tap_ok(status == 0 && said(out, "BYE"), "a login in a crowd of silent visitors");
    tap_note("it took %lld ms", (long long)(clock_mono_ms() - before));
    struct pollfd last = {.fd = crowd[9], .events = POLLIN};
    char bytes[512];
    ssize_t got = 1;
    while (got > 0 && poll(&last, 1, 60000) == 1)
        got = read(crowd[9], bytes, sizeof bytes);
    tap_ok(got <= 0, "a silent visitor is put out after the grace time");
    for (int i = 0; i < 100; i++)
        close(crowd[i]);
}

static int children_of(pid_t parent)
{
    char *path = x_printf("/proc/%d/task/%d/children", (int)parent, (int)parent), *text = NULL;
    size_t len;
    int count = 0;
    if (proc_read_file(path, 65536, &text, &len) == 0)
        for (size_t i = 0; i < len; i++)
            count += text[i] == ' ';
    x_free(&text);
    x_free(&path);
    return count;
}

static void test_end(pid_t gate)
{
    int status = -1, left = children_of(gate);
    for (int64_t until = clock_mono_ms() + 60000; left && clock_mono_ms() < until;) {
        poll(NULL, 0, 20);
        left = children_of(gate);
    }
    tap_is_int(left, 0, "no door is left over");
    kill(gate, SIGTERM);
    tap_ok(waitpid(gate, &status, 0) == gate && status == 0, "the gate ends when told");
}

int main(void)
{
    struct buf out = BUF_INIT(4 * FLOOD);
    struct conf conf;
    char *host_key = NULL, fingerprint[64] = "";
    signal(SIGPIPE, SIG_IGN);
    if (!mkdtemp(folder) || make_client(&out)) {
        tap_ok(0, "a client's keys");
        return tap_done();
    }
    conf_default(&conf);
    conf.login_grace = 4;
    conf.startups_begin = 10;
    conf.startups_full = 40;
    host_key = x_printf("%s/host_key", folder);
    tap_ok(gate_make_key(host_key) == 0 && gate_make_key(host_key) == 0, "a host key is made");
    tap_ok(gate_fingerprint(host_key, fingerprint) == 0 && strncmp(fingerprint, "SHA256:", 7) == 0,
           "it has a fingerprint");
    sandbox_warm();
    gate_warm(NULL);
    pid_t gate = start_gate(&conf, host_key);
    if (tap_ok(gate > 0, "the gate is ready")) {
        test_login(&out);
        test_certificates(&out);
        test_unserved(&out);
        test_terminal(&out);
        test_crowd(&out);
        test_end(gate);
    }
    run(&out, "rm -rf $D");
    buf_free(&out);
    x_free(&host_key);
    conf_free(&conf);
    return tap_done();
}
