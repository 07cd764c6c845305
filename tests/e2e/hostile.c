/* SPDX-License-Identifier: Apache-2.0
 * Strangers at the gate, from addresses of their own on the loopback network.
 *   hostile silent N PORT     opens N connections that say nothing, or only who they are; prints
 *                             "open M", then holds them until standard input ends
 *   hostile malformed N PORT  N handshakes broken in six ways, one after the other; prints "done M"
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ADDRESSES 30
#define PEERS_MAX 2000
#define WAIT_MS 200

static const char banner[] = "SSH-2.0-stranger\r\n";

static int visit(int n, int port)
{
    struct sockaddr_in from = {.sin_family = AF_INET}, to = from;
    struct timeval wait = {.tv_sec = 2};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1u + (uint32_t)(n % ADDRESSES));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)port);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) ||
        bind(fd, (struct sockaddr *)&from, sizeof from) ||
        connect(fd, (struct sockaddr *)&to, sizeof to)) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

static void say(int fd, const void *bytes, size_t len)
{
    if (send(fd, bytes, len, MSG_NOSIGNAL) < 0)
        return; /* put out already: as good */
}

static void say_noise(int fd, size_t len)
{
    uint8_t noise[4096];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)rand();
    say(fd, noise, len < sizeof noise ? len : sizeof noise);
}

/* A binary packet that claims `length` bytes and brings `len` of them. */
static void say_packet(int fd, uint32_t length, const void *payload, size_t len)
{
    uint8_t head[5] = {(uint8_t)(length >> 24), (uint8_t)(length >> 16), (uint8_t)(length >> 8),
                       (uint8_t)length, 4};
    say(fd, head, sizeof head);
    say(fd, payload, len);
}

static void noise_only(int fd)
{
    say_noise(fd, 600);
}

static void noise_after_banner(int fd)
{
    say(fd, banner, sizeof banner - 1);
    say_noise(fd, 4000);
}

static void endless_banner(int fd)
{
    char line[4096];
    memset(line, 'A', sizeof line);
    say(fd, "SSH-2.0-", 8);
    for (int i = 0; i < 8; i++)
        say(fd, line, sizeof line);
}

static void giant_packet(int fd)
{
    static const uint8_t kexinit[20] = {20};
    say(fd, banner, sizeof banner - 1);
    say_packet(fd, 0x7fffffff, kexinit, sizeof kexinit);
}

static void cut_kexinit(int fd)
{
    static const uint8_t kexinit[17] = {20, 1, 2, 3};
    say(fd, banner, sizeof banner - 1);
    say_packet(fd, 200, kexinit, sizeof kexinit);
}

static void empty_kexinit(int fd)
{
    static const uint8_t kexinit[17 + 40 + 5 + 10] = {20};
    say(fd, banner, sizeof banner - 1);
    say_packet(fd, sizeof kexinit + 1, kexinit, sizeof kexinit);
}

static void (*const families[])(int fd) = {noise_only,   noise_after_banner, endless_banner,
                                           giant_packet, cut_kexinit,        empty_kexinit};

/* Lets the server answer or hang up, but doesn't wait for a server that waits for us. */
static void hear(int fd)
{
    char bytes[2048];
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    while (poll(&polled, 1, WAIT_MS) > 0 && recv(fd, bytes, sizeof bytes, 0) > 0)
        continue;
}

static int malformed(int count, int port)
{
    int done = 0;
    for (int i = 0; i < count; i++) {
        int fd = visit(i, port);
        if (fd < 0)
            continue;
        families[(size_t)i % (sizeof families / sizeof *families)](fd);
        if (i % 7 == 0)
            hear(fd);
        close(fd);
        done++;
    }
    printf("done %d\n", done);
    return done == count ? 0 : 1;
}

static int silent(int count, int port)
{
    static int peer[PEERS_MAX];
    char byte;
    int open = 0;
    for (int i = 0; i < count && i < PEERS_MAX; i++) {
        peer[i] = visit(i, port);
        open += peer[i] >= 0;
        if (peer[i] >= 0 && i % 2)
            say(peer[i], banner, sizeof banner - 1);
    }
    printf("open %d\n", open);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    return open == count ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    int count = (int)strtol(argv[2], NULL, 10), port = (int)strtol(argv[3], NULL, 10);
    srand(1);
    signal(SIGPIPE, SIG_IGN);
    return strcmp(argv[1], "silent") == 0 ? silent(count, port) : malformed(count, port);
}
