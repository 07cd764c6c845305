/* SPDX-License-Identifier: Apache-2.0
 * Any bytes in the place of frames on a line, in pieces of a length that the first byte says. Each
 * frame that comes out is the next part of what went in, with a length that it says itself; what
 * was wrong once stays wrong; and nothing is kept beyond a frame and a piece. */
#include <stdint.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* How much of the bytes has come out as frames, or SND_E_BAD. */
static int take(struct stream *stream, const uint8_t *bytes, size_t *out)
{
    const uint8_t *frame;
    size_t len;
    int got;
    while ((got = stream_next(stream, &frame, &len)) == 1) {
        struct wire in;
        snd_assert(len >= STREAM_LEAST && len <= WIRE_MAX);
        snd_assert(wire_open(&in, frame, len) == 0 && in.left == len - 4);
        snd_assert(memcmp(frame, bytes + *out, len) == 0);
        *out += len;
    }
    snd_assert(stream->in.len <= WIRE_MAX + STREAM_PIECE);
    snd_assert(got == 0 || (got == SND_E_BAD && stream_next(stream, &frame, &len) == SND_E_BAD));
    return got;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stream stream = STREAM_INIT;
    size_t out = 0, step;
    int err = 0;
    if (size < 1)
        return 0;
    step = data[0] == 255 ? STREAM_PIECE : 1u + data[0] * 7u;
    data++;
    size--;
    for (size_t at = 0; at < size && !err; at += step) {
        err = stream_feed(&stream, data + at, size - at < step ? size - at : step);
        snd_assert(err == 0);
        err = take(&stream, data, &out);
    }
    snd_assert(err || size - out < WIRE_MAX);
    stream_free(&stream);
    return 0;
}
