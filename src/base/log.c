/* SPDX-License-Identifier: Apache-2.0
 * One line a happening. The line is built whole and written with one write(2), so lines of several
 * processes never mix. */
#include "base/log.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"

static const char *process_name = "sanad";
static enum log_level least_level = LOG_LEVEL_INFO;

void log_open(const char *process, enum log_level least)
{
    process_name = process;
    least_level = least;
}

char *log_escape(char *out, size_t size, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    size_t at = 0;
    for (; *text && at + 5 <= size; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x20 && c < 0x7f && c != '\\') {
            out[at++] = (char)c;
            continue;
        }
        out[at++] = '\\';
        out[at++] = 'x';
        out[at++] = hex[c >> 4];
        out[at++] = hex[c & 15];
    }
    out[at] = '\0';
    return out;
}

void log_event(enum log_level level, const char *event, const char *fields, ...)
{
    static const char *const words[] = {"error", "warn", "info", "debug"};
    char when[25], said[700], safe[900], line[1200];
    if (level > least_level)
        return;
    va_list args;
    va_start(args, fields);
    vsnprintf(said, sizeof said, fields, args);
    va_end(args);
    clock_utc_text(clock_utc_ms(), when);
    log_escape(safe, sizeof safe, said);
    int len = snprintf(line, sizeof line, "%s %s[%d] %s %s %s\n", when, process_name, (int)getpid(),
                       words[level], event, safe);
    if (len > (int)sizeof line - 1)
        len = (int)sizeof line - 1;
    if (len > 0 && write(STDERR_FILENO, line, (size_t)len) < 0)
        return; /* nobody to tell */
}
