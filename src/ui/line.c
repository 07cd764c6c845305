/* SPDX-License-Identifier: Apache-2.0
 * Some words on the line between this office and its hub, at the end of the message row. They are
 * asked for with the clock's minute and never at a key; they stand only where the message leaves
 * room, and say what was heard then, so that nothing changes while somebody types. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define DAY_MS (24 * 3600 * 1000LL)

void line_ask(struct ui *ui)
{
    if (!ui_may(ui, OP_LINE_STATE) || ui->me.must_change || ui->me.must_code ||
        book_line_ask(ui->book))
        ui->line = (struct book_line_state){0}; /* nobody can say just now */
}

void line_take(struct ui *ui, const struct book_line_state *state)
{
    int other = line_screen(ui) == SCREEN_COUNT;
    ui->line = *state;
    ui->line_at = clock_utc_ms();
    other = other != (line_screen(ui) == SCREEN_COUNT);
    ui->dirty |= other ? DIRTY_ALL : DIRTY_MESSAGE; /* a key has come or gone with it */
}

void line_heard(struct ui *ui)
{
    struct book_line_state state;
    if (book_line_heard(ui->book, &state) == 0)
        line_take(ui, &state);
}

enum screen_id line_screen(const struct ui *ui)
{
    if (ui->line.joined)
        return SCREEN_LINE;
    return ui->line.centres > 0 && ui_may(ui, OP_NODE_LIST) ? SCREEN_CENTRES : SCREEN_COUNT;
}

/* 14:05 of today, or the day. */
static const char *since_words(struct ui *ui, int64_t at)
{
    const char *moment = frame_moment(ui, at), *hour = strrchr(moment, ' ');
    if (ui->line_at - at < DAY_MS && hour)
        return hour + 1;
    return arena_printf(ui->arena, "%.*s", (int)strcspn(moment, " "), moment);
}

/* From the most to the least that can be said. */
enum { LINE_WORDS = 3 };
static size_t line_words(struct ui *ui, const char *out[LINE_WORDS])
{
    const struct book_line_state *line = &ui->line;
    const char *waiting = frame_number(ui, line->requests);
    const char *oldest = frame_span(ui, ui->line_at - line->oldest);
    size_t n = 0;
    if (line->state == BOOK_LINE_STOPPED) {
        out[n++] = _("Line to the hub stopped: F2 says why");
        out[n++] = _("Line stopped");
    } else if (line->state == BOOK_LINE_UP && line->requests == 0) {
        out[n++] = _("Line to the hub: up");
        out[n++] = _("Line up");
    } else if (line->state == BOOK_LINE_UP) {
        out[n++] = arena_printf(ui->arena, _("Line to the hub: up, to be sent: %s"), waiting);
        out[n++] = arena_printf(ui->arena, _("Line up, waiting: %s"), waiting);
    } else {
        const char *since = line->last_ok > 0 ? since_words(ui, line->last_ok) : "-";
        if (line->requests > 0)
            /* L10N: since when, how many requests wait, how long the oldest does. */
            out[n++] = arena_printf(ui->arena, _("Line down since %s; waiting: %s, the oldest %s"),
                                    since, waiting, oldest);
        /* L10N: since when, how many requests wait. */
        out[n++] = arena_printf(ui->arena, _("Line down since %s; waiting: %s"), since, waiting);
        out[n++] = arena_printf(ui->arena, _("Line down, waiting: %s"), waiting);
    }
    return n;
}

/* At a hub: nothing as long as all is well. */
static size_t centres_words(struct ui *ui, const char *out[LINE_WORDS])
{
    const char *silent = frame_number(ui, ui->line.silent);
    if (ui->line.silent == 0)
        return 0;
    out[0] = arena_printf(ui->arena, _("Centres not heard of: %s; F2 shows them"), silent);
    out[1] = arena_printf(ui->arena, _("Centres not heard of: %s"), silent);
    return 2;
}

enum look line_look(enum book_line state)
{
    static const enum look looks[BOOK_LINES] = {[BOOK_LINE_NONE] = LOOK_HINT,
                                                [BOOK_LINE_UP] = LOOK_HINT,
                                                [BOOK_LINE_DOWN] = LOOK_WARNING,
                                                [BOOK_LINE_STOPPED] = LOOK_ERROR};
    return looks[state];
}

int line_paint(struct ui *ui, int row, int width, int message)
{
    const char *words[LINE_WORDS];
    int room = width - message - (message > 0 ? 2 : 0);
    if (line_screen(ui) == SCREEN_COUNT || ui->stack[ui->depth - 1].id == line_screen(ui))
        return 0;
    size_t count = ui->line.joined ? line_words(ui, words) : centres_words(ui, words);
    for (size_t i = 0; i < count; i++)
        if (layout_width(words[i]) <= room)
            return frame_text_end(ui, row, width, room, words[i],
                                  ui->line.joined ? line_look(ui->line.state) : LOOK_WARNING) +
                   1;
    return 0;
}
