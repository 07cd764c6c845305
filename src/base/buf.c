/* SPDX-License-Identifier: Apache-2.0
 * A growing run of bytes with a hard cap; the only way text grows in the program.
 *
 * There is always a zero byte behind what was put, so the text can be read at any time. Memory that
 * is given back, also when the run moves because it grows, is wiped first: a run may hold a
 * password. Who puts too much finds `failed`, and nothing of the last put. */
#include "base/buf.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

static void move(struct buf *buf, size_t need)
{
    size_t room = buf->room ? buf->room : 64;
    while (room < need)
        room *= 2;
    uint8_t *grown = x_realloc(NULL, room, 1);
    if (buf->data) {
        memcpy(grown, buf->data, buf->len + 1);
        mem_wipe(buf->data, buf->room); /* what was put may be a password: no copy stays behind */
        free(buf->data);
    }
    buf->data = grown;
    buf->room = room;
}

/* Makes room for len more bytes and the closing zero; 0 when that would pass the cap. */
static inline int grow(struct buf *buf, size_t len)
{
    if (buf->failed || len > buf->max - buf->len) {
        buf->failed = 1;
        return 0;
    }
    if (buf->len + len + 1 > buf->room)
        move(buf, buf->len + len + 1);
    return 1;
}

void buf_reserve(struct buf *buf, size_t len)
{
    if (!buf->failed && len <= buf->max - buf->len && buf->len + len + 1 > buf->room) {
        move(buf, buf->len + len + 1);
        buf->data[buf->len] = 0;
    }
}

void buf_put(struct buf *buf, const void *bytes, size_t len)
{
    if (!grow(buf, len))
        return;
    if (len > 0)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    buf->data[buf->len] = 0;
}

void buf_puts(struct buf *buf, const char *text)
{
    buf_put(buf, text, strlen(text));
}

void buf_putc(struct buf *buf, char c)
{
    if (!grow(buf, 1))
        return;
    buf->data[buf->len++] = (uint8_t)c;
    buf->data[buf->len] = 0;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 || !grow(buf, (size_t)len)) {
        buf->failed = 1;
        return;
    }
    va_start(args, format);
    vsnprintf((char *)buf->data + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

void buf_drop(struct buf *buf, size_t len)
{
    if (len > buf->len)
        len = buf->len;
    if (len == 0)
        return;
    buf->len -= len;
    memmove(buf->data, buf->data + len, buf->len + 1);
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = 0;
    if (buf->data)
        buf->data[0] = 0;
}

void buf_free(struct buf *buf)
{
    mem_wipe(buf->data, buf->room);
    free(buf->data);
    *buf = BUF_INIT(buf->max);
}

const char *buf_text(const struct buf *buf)
{
    return buf->data ? (const char *)buf->data : "";
}

char *buf_take(struct buf *buf)
{
    char *text = buf->data ? (char *)buf->data : x_strdup("");
    *buf = BUF_INIT(buf->max);
    return text;
}
