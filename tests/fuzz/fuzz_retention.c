/* SPDX-License-Identifier: Apache-2.0
 * Any text as the file that says how long people are kept. What is read must say all that the text
 * says: put down again class by class it reads the same, and each word of the text outside of a
 * comment stands in it. What is refused names a line that is there. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "cmd/retention.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct retention read_first, read_again;

static void put_down(const struct retention *retention, struct buf *out)
{
    for (size_t i = 0; i < retention->classes; i++) {
        const struct retention_class *class = &retention->class[i];
        snd_assert(class->codes > 0 && class->years > 0 && class->years <= 100);
        buf_printf(out, "%s %d", class->name, class->years);
        for (size_t j = 0; j < class->codes; j++) {
            snd_assert(retention_of(retention, class->code[j]) == class);
            buf_printf(out, " %s", class->code[j]);
        }
        buf_puts(out, "\n");
    }
}

static size_t words_of(const char *text, size_t len)
{
    size_t words = 0;
    int inside = 0, comment = 0;
    for (size_t i = 0; i < len; i++) {
        comment = text[i] != '\n' && (comment || text[i] == '#');
        int letter = !comment && !strchr(" \t\r\n", text[i]);
        words += letter && !inside;
        inside = letter;
    }
    return words;
}

static void judge(const char *text, size_t len)
{
    char error[128];
    struct buf out = BUF_INIT(1 << 20), again = BUF_INIT(1 << 20);
    put_down(&read_first, &out);
    snd_assert(words_of(buf_text(&out), out.len) == words_of(text, len));
    snd_assert(retention_parse(buf_text(&out), out.len, &read_again, error, sizeof error) == 0);
    put_down(&read_again, &again);
    snd_assert(strcmp(buf_text(&out), buf_text(&again)) == 0);
    buf_free(&out);
    buf_free(&again);
}

static void refused(const char *text, size_t len, const char *error)
{
    int line = 0, lines = 1, end = 0;
    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    snd_assert(sscanf(error, "line %d: %n", &line, &end) == 1 && end > 0 && error[end]);
    snd_assert(line > 0 && line <= lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    char error[128] = "";
    if (retention_parse(text, size, &read_first, error, sizeof error) == 0)
        judge(text, size);
    else
        refused(text, size, error);
    return 0;
}
