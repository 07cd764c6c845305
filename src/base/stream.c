/* SPDX-License-Identifier: Apache-2.0
 * Frames out of a stream. A length is believed only between the shortest frame and the longest, so
 * no peer can make us wait for, or keep, more than one frame and one piece; what is wrong is wrong
 * for good, since nobody could say where the next frame begins. */
#include "base/stream.h"
#include "base/err.h"

int stream_feed(struct stream *stream, const void *bytes, size_t len)
{
    if (stream->at > 0) {
        buf_drop(&stream->in, stream->at);
        stream->at = 0;
    }
    buf_put(&stream->in, bytes, len);
    return stream->in.failed ? SND_E_LIMIT : 0;
}

int stream_next(struct stream *stream, const uint8_t **frame, size_t *len)
{
    size_t left = stream->in.len - stream->at;
    if (left < 4)
        return 0;
    struct wire in = {.at = stream->in.data + stream->at, .left = left};
    size_t said = wire_u32(&in);
    if (said < STREAM_LEAST || said > WIRE_MAX)
        return SND_E_BAD;
    if (said > left)
        return 0;
    *frame = stream->in.data + stream->at;
    *len = said;
    stream->at += said;
    return 1;
}

void stream_free(struct stream *stream)
{
    buf_free(&stream->in);
    *stream = STREAM_INIT;
}
