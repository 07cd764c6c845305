/* SPDX-License-Identifier: Apache-2.0
 * What strangers send to the public pages, and what gets into them. The first byte says which: B
 * the body of a form, H the hours of a centre, T a text. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"
#include "form/hours.h"
#include "sync/pages_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void body(const char *bytes, size_t len)
{
    char out[64];
    if (body_get(bytes, len, "number", out, sizeof out) && !json_text_fits(out))
        abort();
    (void)body_get(bytes, len, "digits", out, sizeof out);
}

static void hours(const char *text)
{
    struct hours hours;
    const char *line[7];
    if (hours_parse(text, &hours))
        return;
    struct arena *arena = arena_new();
    if (hours_lines(&hours, arena, line) == 0)
        abort(); /* what is good names a day */
    for (int minute = 0; minute < 1440; minute += 97)
        (void)hours_open(&hours, minute, minute);
    arena_free(&arena);
}

static void markup(const char *text)
{
    struct buf out = BUF_INIT(1 << 20);
    html_text(&out, text);
    if (strpbrk(buf_text(&out), "<>\"'\033\n") || !json_text_fits(buf_text(&out)))
        abort();
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    char *text = x_strndup((const char *)data + 1, size - 1);
    if (data[0] == 'B')
        body((const char *)data + 1, size - 1);
    else if (data[0] == 'H')
        hours(text);
    else if (data[0] == 'T')
        markup(text);
    x_free(&text);
    return 0;
}
