/* SPDX-License-Identifier: Apache-2.0
 * gzip, for browsers: a public page comes to a third or less. Only what is the same for everybody
 * is sent so, since the length of what is compressed tells of what is in it. */
#include "sync/gzip_priv.h"
#include <string.h>
#include <strings.h>
#include <zlib.h>
#include "base/err.h"
#include "base/mem.h"

#define LEVEL 6
#define WINDOW_OF_GZIP (15 + 16)
#define MEMORY 8

/* Whether what stands in one part of the list is refused: `;q=0`, `;q=0.00`. */
static int is_refused(const char *at, size_t len)
{
    const char *q = memchr(at, '=', len);
    return q && strspn(q + 1, "0. ") >= (size_t)(at + len - q - 1);
}

int gzip_wanted(const char *accepted)
{
    for (const char *at = accepted ? accepted : ""; *at;) {
        at += strspn(at, " \t,");
        size_t len = strcspn(at, ","), name = strcspn(at, " \t;,");
        if (name == 4 && strncasecmp(at, "gzip", 4) == 0)
            return !is_refused(at, len);
        at += len;
    }
    return 0;
}

int gzip(const void *bytes, size_t len, struct buf *out)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)len};
    snd_assert(len <= UINT32_MAX / 2);
    snd_assert(deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_OF_GZIP, MEMORY,
                            Z_DEFAULT_STRATEGY) == Z_OK);
    size_t room = deflateBound(&stream, (uLong)len);
    void *made = x_realloc(NULL, room, 1);
    stream.next_out = made;
    stream.avail_out = (uInt)room;
    snd_assert(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    buf_put(out, made, stream.total_out);
    deflateEnd(&stream);
    x_free(&made);
    return out->failed ? SND_E_LIMIT : 0;
}
