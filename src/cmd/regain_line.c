/* SPDX-License-Identifier: Apache-2.0
 * The hub, as a centre asks it for what it has lost: over a line that may break at any time. A
 * person watches, so what is wrong is said once, and asking goes on until nothing has come for ten
 * minutes. */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/cert.h"
#include "base/clock.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/hub.h"
#include "cmd/join_priv.h"

#define PATIENCE_MS 600000
#define TROUBLE_MS 30000 /* between two lines about the same trouble */
#define SAY_MS 1000     /* on a terminal */
#define SAY_APART 10000 /* elsewhere */

struct regain_line {
    struct cert_pair own;
    char *authority, *url;
    struct back *back;
    int64_t since;   /* something came last, clock_mono_ms() */
    int64_t said_at; /* progress */
    int open;        /* a line of progress stands on the terminal */
    const char *why; /* the trouble that was said last, and when */
    int64_t why_at;
};

struct regain_line *regain_line_open(const char *state, const char *url)
{
    struct regain_line *line = x_alloc(sizeof *line);
    line->own = (struct cert_pair){hub_file(state, NODE_CERT), hub_file(state, NODE_KEY)};
    line->authority = hub_file(state, NODE_CA_CERT);
    line->url = x_strdup(url);
    line->since = clock_mono_ms();
    struct back_args args = {line->url, &line->own, line->authority};
    if (!line->own.cert || !line->own.key || !line->authority || back_open(&args, &line->back))
        regain_line_close(&line);
    return line;
}

void regain_line_close(struct regain_line **line)
{
    if (!*line)
        return;
    back_close(&(*line)->back);
    cert_pair_free(&(*line)->own);
    x_free(&(*line)->authority);
    x_free(&(*line)->url);
    x_free(line);
}

struct back *regain_line_back(const struct regain_line *line)
{
    return line->back;
}

static void end_row(struct regain_line *line)
{
    if (line->open)
        putchar('\n');
    line->open = 0;
}

static void say_why(struct regain_line *line, int64_t now)
{
    const char *why = back_why(line->back);
    if (line->why == why && now - line->why_at < TROUBLE_MS)
        return;
    end_row(line);
    printf("Not now: %s. Trying again.\n", why);
    (void)fflush(stdout);
    line->why = why;
    line->why_at = now;
}

int regain_line_again(struct regain_line *line, enum back_came came)
{
    int64_t now = clock_mono_ms();
    if (came == BACK_CAME) {
        line->since = now;
        return 1;
    }
    if (came == BACK_NEVER || now - line->since > PATIENCE_MS) {
        end_row(line);
        cmd_fail("%s.", back_why(line->back));
        return 0;
    }
    say_why(line, now);
    (void)poll(NULL, 0, (int)back_pause(line->back));
    return 1;
}

void regain_progress(struct regain_line *line, const char *format, ...)
{
    char text[160];
    va_list args;
    int terminal = isatty(STDOUT_FILENO);
    int64_t now = clock_mono_ms();
    if (line->said_at && now - line->said_at < (terminal ? SAY_MS : SAY_APART))
        return;
    line->said_at = now;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    printf(terminal ? "\r%s\033[K" : "%s\n", text);
    line->open = terminal;
    (void)fflush(stdout);
}
