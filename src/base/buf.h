/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_BUF_H
#define BASE_BUF_H
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"

/* A growing run of bytes with a hard cap. Writing past the cap sets `failed` and changes nothing
 * more, so a caller may put many things and look once at the end. */
struct buf {
    uint8_t *data; /* the bytes; always followed by a zero byte that isn't counted, once anything was put */
    size_t len;    /* bytes in use */
    size_t room;   /* bytes allocated */
    size_t max;    /* never more than this */
    int failed;    /* a put went past max */
};

#define BUF_INIT(cap) ((struct buf){.max = (cap)})
/* Put at the end: all of it, or nothing and `failed`. */
void buf_put(struct buf *buf, const void *bytes, size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
SND_PRINTF(2, 3) void buf_printf(struct buf *buf, const char *format, ...);
/* Makes room for `len` bytes more at once, for who knows that so many will come. */
void buf_reserve(struct buf *buf, size_t len);
/* Removes the first `len` bytes. */
void buf_drop(struct buf *buf, size_t len);
/* Empties it and keeps the memory. */
void buf_clear(struct buf *buf);
/* Frees the memory (wiped first); the cap stays, so it can be used again. */
void buf_free(struct buf *buf);
/* The text so far, "" when empty; borrowed until the next change. */
const char *buf_text(const struct buf *buf);
/* The text, now yours to x_free(); the buffer is empty afterwards. */
char *buf_take(struct buf *buf);
#endif
