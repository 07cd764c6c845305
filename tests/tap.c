/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/tap.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define ROOM (256ul << 20) /* that a folder in memory should have */

static int points, failures;

int tap_ok(int good, const char *name, ...)
{
    va_list args;
    va_start(args, name);
    printf("%sok %d - ", good ? "" : "not ", ++points);
    vprintf(name, args);
    putchar('\n');
    fflush(stdout);
    va_end(args);
    failures += !good;
    return good;
}

void tap_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("# ", stdout);
    vprintf(format, args);
    putchar('\n');
    va_end(args);
}

int tap_is(const char *got, const char *want, const char *name)
{
    int same = got && want ? strcmp(got, want) == 0 : got == want;
    if (!same) {
        tap_note("got  [%s]", got ? got : "(null)");
        tap_note("want [%s]", want ? want : "(null)");
    }
    return tap_ok(same, "%s", name);
}

int tap_is_int(long long got, long long want, const char *name)
{
    if (got != want)
        tap_note("got %lld, want %lld", got, want);
    return tap_ok(got == want, "%s", name);
}

int tap_done(void)
{
    printf("1..%d\n", points);
    return failures ? 1 : 0;
}

const char *tap_source(const char *path)
{
    static char whole[4096];
    const char *top = getenv("SND_SRCDIR");
    snprintf(whole, sizeof whole, "%s/%s", top ? top : ".", path);
    return whole;
}

const char *tap_place(void)
{
    struct statvfs st;
    const char *said = getenv("TMPDIR");
    if (said && *said)
        return said;
    if (access("/dev/shm", W_OK) == 0 && statvfs("/dev/shm", &st) == 0 &&
        st.f_bavail * st.f_frsize >= ROOM)
        return "/dev/shm";
    return "/tmp";
}
