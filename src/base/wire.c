/* SPDX-License-Identifier: Apache-2.0
 * The encoding of messages between processes. Nothing here trusts the other side: each get checks
 * what is left, and a frame that was cut never comes through as a shorter one. */
#include "base/wire.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/err.h"
#include "base/mem.h"

static void put_number(struct buf *out, uint64_t v, int bytes)
{
    uint8_t raw[8];
    for (int i = bytes - 1; i >= 0; i--, v >>= 8)
        raw[i] = (uint8_t)v;
    buf_put(out, raw, (size_t)bytes);
}

void wire_put_u8(struct buf *out, uint8_t v)
{
    put_number(out, v, 1);
}

void wire_put_u32(struct buf *out, uint32_t v)
{
    put_number(out, v, 4);
}

void wire_put_i64(struct buf *out, int64_t v)
{
    put_number(out, (uint64_t)v, 8);
}

void wire_put_bytes(struct buf *out, const void *bytes, size_t len)
{
    if (len > out->max) {
        out->failed = 1;
        return;
    }
    put_number(out, len, 4);
    buf_put(out, bytes, len);
}

void wire_put_text(struct buf *out, const char *text)
{
    wire_put_bytes(out, text ? text : "", text ? strlen(text) : 0);
}

void wire_put_id(struct buf *out, const struct id *id)
{
    buf_put(out, id->b, sizeof id->b);
}

void wire_begin(struct buf *out)
{
    buf_clear(out);
    put_number(out, 0, 4);
}

int wire_end(struct buf *out)
{
    if (out->failed || out->len < 4 || out->len > WIRE_MAX)
        return SND_E_LIMIT;
    uint32_t len = (uint32_t)out->len;
    for (int i = 3; i >= 0; i--, len >>= 8)
        out->data[i] = (uint8_t)len;
    return 0;
}

static uint64_t get_number(struct wire *in, size_t bytes)
{
    uint64_t v = 0;
    if (in->bad || in->left < bytes) {
        in->bad = 1;
        return 0;
    }
    for (size_t i = 0; i < bytes; i++)
        v = v << 8 | in->at[i];
    in->at += bytes;
    in->left -= bytes;
    return v;
}

int wire_open(struct wire *in, const void *frame, size_t len)
{
    *in = (struct wire){.at = frame, .left = len};
    uint64_t said = get_number(in, 4);
    return in->bad || said != len ? SND_E_BAD : 0;
}

uint8_t wire_u8(struct wire *in)
{
    return (uint8_t)get_number(in, 1);
}

uint32_t wire_u32(struct wire *in)
{
    return (uint32_t)get_number(in, 4);
}

int64_t wire_i64(struct wire *in)
{
    return (int64_t)get_number(in, 8);
}

const uint8_t *wire_bytes(struct wire *in, size_t *len)
{
    static const uint8_t none[1];
    *len = wire_u32(in);
    if (in->bad || *len > in->left) {
        in->bad = 1;
        *len = 0;
        return none;
    }
    const uint8_t *bytes = in->at;
    in->at += *len;
    in->left -= *len;
    return bytes;
}

/* A run of bytes that is a text: no zero inside, at most max. */
static const uint8_t *text_bytes(struct wire *in, size_t max, size_t *len)
{
    const uint8_t *bytes = wire_bytes(in, len);
    if (*len > max || memchr(bytes, 0, *len)) {
        in->bad = 1;
        *len = 0;
    }
    return bytes;
}

char *wire_text_dup(struct wire *in, size_t max)
{
    size_t len;
    const uint8_t *bytes = text_bytes(in, max, &len);
    char *text = x_alloc(len + 1);
    memcpy(text, bytes, len);
    return text;
}

const char *wire_text_in(struct wire *in, struct arena *arena)
{
    size_t len;
    const uint8_t *bytes = text_bytes(in, WIRE_MAX, &len);
    return len == 0 ? "" : arena_strndup(arena, (const char *)bytes, len);
}

void wire_text(struct wire *in, char *out, size_t size)
{
    size_t len;
    const uint8_t *bytes = text_bytes(in, size - 1, &len);
    memcpy(out, bytes, len);
    out[len] = '\0';
}

void wire_id(struct wire *in, struct id *out)
{
    memset(out, 0, sizeof *out);
    if (in->bad || in->left < sizeof out->b) {
        in->bad = 1;
        return;
    }
    memcpy(out->b, in->at, sizeof out->b);
    in->at += sizeof out->b;
    in->left -= sizeof out->b;
}

int wire_done(const struct wire *in)
{
    return in->bad || in->left > 0 ? SND_E_BAD : 0;
}

static int socket_error(void)
{
    return errno == EAGAIN ? SND_E_BUSY : SND_E_LOST;
}

#define FDS_MAX 2
union control {
    char room[CMSG_SPACE(FDS_MAX * sizeof(int))];
    struct cmsghdr align;
};

int wire_send_fds(int socket, const struct buf *frame, const int *fds, int count)
{
    snd_assert(count >= 0 && count <= FDS_MAX);
    union control control = {0};
    struct iovec bytes = {.iov_base = frame->data, .iov_len = frame->len};
    struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
    if (count > 0) {
        message.msg_control = control.room;
        message.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
        memcpy(CMSG_DATA(head), fds, (size_t)count * sizeof(int));
    }
    ssize_t sent;
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? socket_error() : 0;
}

int wire_send(int socket, const struct buf *frame)
{
    return wire_send_fds(socket, frame, NULL, 0);
}

int wire_recv_fds(int socket, void *out, size_t size, int *fds, int *count)
{
    union control control = {0};
    struct iovec bytes = {.iov_base = out, .iov_len = size};
    struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
    if (fds) {
        message.msg_control = control.room;
        message.msg_controllen = sizeof control.room;
        *count = 0;
    }
    ssize_t got;
    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return socket_error();
    struct cmsghdr *head = fds ? CMSG_FIRSTHDR(&message) : NULL;
    if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS) {
        *count = (int)((head->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        memcpy(fds, CMSG_DATA(head), (size_t)*count * sizeof(int));
    }
    if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
        for (int i = 0; fds && i < *count; i++)
            close(fds[i]);
        if (fds)
            *count = 0;
        return SND_E_BAD;
    }
    return (int)got;
}

int wire_recv(int socket, void *out, size_t size)
{
    return wire_recv_fds(socket, out, size, NULL, NULL);
}
