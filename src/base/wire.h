/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_WIRE_H
#define BASE_WIRE_H
/* The one encoding of messages between our processes: big-endian numbers; texts and byte runs
 * with a 32-bit length before them. A message ("frame") is at most WIRE_MAX bytes and begins with
 * its own length, so the same bytes go over a SEQPACKET socket and over a byte stream. */
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/mem.h"
#define WIRE_MAX 65536

/* Writing: put into a struct buf made with BUF_INIT(WIRE_MAX); an overflow shows in buf->failed. */
void wire_put_u8(struct buf *out, uint8_t v);
void wire_put_u32(struct buf *out, uint32_t v);
void wire_put_i64(struct buf *out, int64_t v);
void wire_put_bytes(struct buf *out, const void *bytes, size_t len);
void wire_put_text(struct buf *out, const char *text); /* NULL is sent as "" */
void wire_put_id(struct buf *out, const struct id *id);
/* Begins a frame (room for its length) / fills the length in. end: 0 or SND_E_LIMIT. */
void wire_begin(struct buf *out);
SND_MUST int wire_end(struct buf *out);

/* Reading: a cursor over received bytes. The first thing that doesn't fit sets `bad`; from then on
 * every get returns 0 / "" / zeros, so look once at the end with wire_done(). */
struct wire {
    const uint8_t *at; /* next byte */
    size_t left;       /* bytes not yet read */
    int bad;           /* something was cut or malformed */
};
/* Opens a whole frame: checks that its length field equals len. 0 or SND_E_BAD. */
SND_MUST int wire_open(struct wire *in, const void *frame, size_t len);
uint8_t wire_u8(struct wire *in);
uint32_t wire_u32(struct wire *in);
int64_t wire_i64(struct wire *in);
/* A run of bytes, borrowed from the frame. */
const uint8_t *wire_bytes(struct wire *in, size_t *len);
/* A text without zero bytes, copied and terminated in the arena-like scratch of the caller:
 * at most max bytes, else bad. Yours to x_free(); "" when bad. */
char *wire_text_dup(struct wire *in, size_t max);
/* The same of any length, in the arena. */
const char *wire_text_in(struct wire *in, struct arena *arena);
/* The same into a fixed array (size counts the zero); longer text is bad. */
void wire_text(struct wire *in, char *out, size_t size);
void wire_id(struct wire *in, struct id *out);
/* 0 when everything was read and fitted, else SND_E_BAD. */
SND_MUST int wire_done(const struct wire *in);

/* One frame over a SEQPACKET socket. send: 0, SND_E_BUSY (would block), SND_E_LOST.
 * recv: bytes received, 0 at the other side's end, SND_E_BUSY, SND_E_BAD (truncated), SND_E_LOST. */
SND_MUST int wire_send(int socket, const struct buf *frame);
SND_MUST int wire_recv(int socket, void *out, size_t size);
/* The same with one or two file descriptors riding along (count 0..2); received ones are yours to
 * close, and there are none when it isn't a whole message. fds has room for two. */
SND_MUST int wire_send_fds(int socket, const struct buf *frame, const int *fds, int count);
SND_MUST int wire_recv_fds(int socket, void *out, size_t size, int *fds, int *count);
#endif
