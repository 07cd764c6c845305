/* SPDX-License-Identifier: Apache-2.0
 * zstd, with bounds. What is sent is one frame with a small window; what is received is taken as a
 * stream, and counted as it comes out: by its length, and by how much more it is than what went in.
 * A frame that asks for a larger window is refused before anything is allocated for it. */
#include "sync/squeeze_priv.h"
#include <zstd.h>
#include "base/err.h"
#include "base/mem.h"

#define WINDOW_LOG 20  /* 1 MiB: the largest batch */
#define LEVEL_SMALL 19 /* a few events: a millisecond for some bytes of a slow line */
#define LEVEL_MIDDLE 9
#define LEVEL_LARGE 3
#define FEW 8192
#define SMALL 65536
#define RATIO_MAX 256    /* events of one kind in a row come to 60 or so */
#define RATIO_FREE 65536 /* so much may come out whatever went in */
#define PIECE 32768

int squeeze(const void *bytes, size_t len, struct buf *out)
{
    size_t room = ZSTD_compressBound(len);
    void *made = x_realloc(NULL, room, 1);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    snd_assert(context != NULL);
    size_t bad = ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel,
                                        len < FEW     ? LEVEL_SMALL
                                        : len < SMALL ? LEVEL_MIDDLE
                                                      : LEVEL_LARGE);
    if (!ZSTD_isError(bad) && len >= SMALL)
        bad = ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, WINDOW_LOG);
    snd_assert(!ZSTD_isError(bad));
    size_t got = ZSTD_compress2(context, made, room, bytes, len);
    snd_assert(!ZSTD_isError(got));
    ZSTD_freeCCtx(context);
    buf_put(out, made, got);
    x_free(&made);
    return out->failed ? SND_E_LIMIT : 0;
}

struct unsqueeze {
    ZSTD_DCtx *context;
    size_t max, in, out;
    unsqueeze_sink *sink;
    void *arg;
    int whole; /* the frame has ended */
    int err;   /* the first */
};

struct unsqueeze *unsqueeze_new(size_t max, unsqueeze_sink *sink, void *arg)
{
    struct unsqueeze *unsqueeze = x_alloc(sizeof *unsqueeze);
    *unsqueeze = (struct unsqueeze){.max = max, .sink = sink, .arg = arg};
    unsqueeze->context = ZSTD_createDCtx();
    snd_assert(unsqueeze->context != NULL);
    size_t bad = ZSTD_DCtx_setParameter(unsqueeze->context, ZSTD_d_windowLogMax, WINDOW_LOG);
    snd_assert(!ZSTD_isError(bad));
    return unsqueeze;
}

void unsqueeze_free(struct unsqueeze **unsqueeze)
{
    if (*unsqueeze)
        ZSTD_freeDCtx((*unsqueeze)->context);
    x_free(unsqueeze);
}

static int hand_on(struct unsqueeze *unsqueeze, const void *bytes, size_t len)
{
    unsqueeze->out += len;
    if (unsqueeze->out > unsqueeze->max ||
        (unsqueeze->out > RATIO_FREE && unsqueeze->out / RATIO_MAX > unsqueeze->in))
        return SND_E_LIMIT;
    return len > 0 ? unsqueeze->sink(unsqueeze->arg, bytes, len) : 0;
}

static int take(struct unsqueeze *unsqueeze, const void *bytes, size_t len)
{
    SND_UNFILLED char piece[PIECE];
    ZSTD_inBuffer in = {bytes, len, 0};
    int full = 0;
    while (in.pos < in.size || full) {
        ZSTD_outBuffer out = {piece, sizeof piece, 0};
        size_t before = in.pos;
        if (unsqueeze->whole)
            return SND_E_BAD; /* something behind the end */
        size_t left = ZSTD_decompressStream(unsqueeze->context, &out, &in);
        if (ZSTD_isError(left))
            return SND_E_BAD;
        unsqueeze->in += in.pos - before;
        unsqueeze->whole = left == 0;
        full = out.pos == out.size && !unsqueeze->whole;
        int err = hand_on(unsqueeze, piece, out.pos);
        if (err)
            return err;
    }
    return 0;
}

int unsqueeze_put(struct unsqueeze *unsqueeze, const void *bytes, size_t len)
{
    if (!unsqueeze->err && len > 0)
        unsqueeze->err = take(unsqueeze, bytes, len);
    return unsqueeze->err;
}

int unsqueeze_end(const struct unsqueeze *unsqueeze)
{
    return unsqueeze->err ? unsqueeze->err : unsqueeze->whole ? 0 : SND_E_BAD;
}
