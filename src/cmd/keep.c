/* SPDX-License-Identifier: Apache-2.0
 * What the commands that look after an office share: the small files beside the book, who types
 * them, and times as people and file names have them. */
#include "cmd/keep.h"
#include <pwd.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "store/store.h"

const struct keep_file keep_files[] = {
    {"sanad.conf", 0}, {"retention", 0}, {"host_key", 1}, {"keyring", 1}, {NULL, 0},
};

void keep_actor(const char *centre, struct store_actor *out)
{
    struct passwd *user = getpwuid(getuid());
    *out = (struct store_actor){.at = clock_utc_ms()};
    out->day = clock_oman_day(out->at);
    if (user)
        (void)str_format(out->name, sizeof out->name, "cli:%s", user->pw_name);
    else
        (void)str_format(out->name, sizeof out->name, "cli:%ld", (long)getuid());
    (void)str_copy(out->centre, sizeof out->centre, centre);
}

void keep_stamp(char out[KEEP_STAMP])
{
    char text[25]; /* 2018-01-14T08:30:15.123Z */
    size_t at = 0;
    clock_utc_text(clock_utc_ms(), text);
    for (size_t i = 0; i < 19; i++)
        if (text[i] != '-' && text[i] != ':')
            out[at++] = text[i];
    out[at++] = 'Z';
    out[at] = '\0';
}

void keep_time(int64_t utc_ms, char out[KEEP_TIME])
{
    char text[25];
    clock_utc_text(utc_ms + CLOCK_OMAN_OFFSET_MS, text);
    memcpy(out, text, KEEP_TIME - 1);
    out[10] = ' ';
    out[KEEP_TIME - 1] = '\0';
}
