/* SPDX-License-Identifier: Apache-2.0
 * Error numbers, their words, and the assertion that ends a process.
 *
 * The words are for logs and the command line. A failed assertion may find a broken heap and may
 * stand inside a signal handler, so its line is written with async-signal-safe calls alone and
 * holds nothing but our own source text. */
#include "base/err.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    int number;
    const char *text;
} table[] = {
#define SND_ERROR(name, number, text) {number, text},
#include "base/err.def"
#undef SND_ERROR
};

const char *err_text(int err)
{
    if (err == SND_OK)
        return "no error";
    for (size_t i = 0; i < SND_COUNT(table); i++) {
        if (table[i].number == err)
            return table[i].text;
    }
    return "unknown error";
}

static const struct {
    int number;
    enum snd_err err;
} from_errno[] = {
    {ENOSPC, SND_E_FULL},       {EDQUOT, SND_E_FULL},     {EIO, SND_E_IO},
    {EROFS, SND_E_IO},          {ENOENT, SND_E_NOTFOUND}, {EEXIST, SND_E_EXISTS},
    {EACCES, SND_E_DENIED},     {EPERM, SND_E_DENIED},    {EAGAIN, SND_E_BUSY},
    {EPIPE, SND_E_LOST},        {ECONNRESET, SND_E_LOST}, {ECONNREFUSED, SND_E_LOST},
    {ETIMEDOUT, SND_E_TIMEOUT}, {EMSGSIZE, SND_E_LIMIT},  {EMFILE, SND_E_LIMIT},
    {ENFILE, SND_E_LIMIT},
};

int err_from_errno(int number)
{
    for (size_t i = 0; i < SND_COUNT(from_errno); i++) {
        if (from_errno[i].number == number)
            return from_errno[i].err;
    }
    return SND_E_SYS;
}

static void say(const char *text)
{
    /* Only async-signal-safe calls: the process is about to end and its heap may be broken. */
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        return;
}

void err_assert_failed(const char *file, int line, const char *expression)
{
    char digits[12], *at = digits + sizeof digits - 1;
    *at = '\0';
    for (unsigned n = (unsigned)line; n > 0 && at > digits; n /= 10)
        *--at = (char)('0' + n % 10);
    say("assert.failed at=");
    say(file);
    say(":");
    say(at);
    say(" expression=");
    say(expression);
    say("\n");
    abort();
}
