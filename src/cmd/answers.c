/* SPDX-License-Identifier: Apache-2.0
 * Does an SSH server greet at an address? It speaks first, so a connection and eight bytes tell. */
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/proc.h"
#include "cmd/doctor.h"

#define PATIENCE_MS 2000

static int greets(int fd)
{
    static const char greeting[] = "SSH-2.0-";
    char got[sizeof greeting - 1];
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    if (poll(&polled, 1, PATIENCE_MS) != 1)
        return 0;
    return recv(fd, got, sizeof got, MSG_WAITALL) == (ssize_t)sizeof got &&
           memcmp(got, greeting, sizeof got) == 0;
}

/* An office that listens everywhere is asked here. */
static const char *reachable(const char *address)
{
    if (strcmp(address, "0.0.0.0") == 0)
        return "127.0.0.1";
    return strcmp(address, "::") == 0 ? "::1" : address;
}

int doctor_answers(const char *address, int port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV},
                    *at = NULL;
    char number[8];
    if (str_format(number, sizeof number, "%d", port) != 0 ||
        getaddrinfo(reachable(address), number, &hints, &at) != 0)
        return 0;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int good = fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen) == 0 && greets(fd);
    freeaddrinfo(at);
    proc_close(&fd);
    return good;
}
