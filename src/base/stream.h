/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H
/* Frames (base/wire.h) out of a stream of bytes, which comes in pieces of any length. */
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/buf.h"
#include "base/wire.h"
#define STREAM_PIECE 16384 /* most bytes fed at once */
#define STREAM_LEAST 5     /* bytes of the shortest frame: its length and what it is */
struct stream {
    struct buf in;
    size_t at; /* first byte that was not handed out */
};
#define STREAM_INIT ((struct stream){.in = BUF_INIT(WIRE_MAX + STREAM_PIECE)})
/* Takes in bytes, at most STREAM_PIECE, after stream_next() has given 0. SND_E_LIMIT otherwise. */
SND_MUST int stream_feed(struct stream *stream, const void *bytes, size_t len);
/* 1 and a frame, borrowed until the next feed; 0: more bytes are wanted; SND_E_BAD: these are no
 * frames, and nothing that follows is one. */
SND_MUST int stream_next(struct stream *stream, const uint8_t **frame, size_t *len);
/* Forgets everything, for a new stream. */
void stream_free(struct stream *stream);
#endif
