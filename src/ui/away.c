/* SPDX-License-Identifier: Apache-2.0
 * A desk whose office is behind a line: how the line stands, in words at the end of the message
 * row, and what has become of requests that were kept here until it came back. Their numbers stay
 * on the first screen until the person leaves, since each has to be told to somebody. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

static void note_number(struct ui *ui, const char *number)
{
    size_t last = ui->away_count < UI_AWAY ? ui->away_count++ : UI_AWAY - 1;
    if (last == UI_AWAY - 1)
        memmove(ui->away_number[0], ui->away_number[1], sizeof *ui->away_number * last);
    (void)str_copy(ui->away_number[last], sizeof ui->away_number[last], number);
}

void away_heard(struct ui *ui)
{
    const struct book_away *away = book_away(ui->book);
    struct book_away news;
    if (!away || !book_away_heard(ui->book, &news))
        return;
    if (news.news == AWAY_TAKEN) {
        note_number(ui, news.number);
        /* L10N: a request's number. */
        ui_tell(ui, TELL_DONE, _("What was kept here has been sent: %s."), news.number);
    } else if (news.news == AWAY_RETURNED) {
        ui_tell(ui, TELL_ERROR, "%s",
                _("A request that was kept here was not taken: it is among your drafts."));
    } else if (away->state == AWAY_REFUSED) {
        ui_tell(ui, TELL_WARNING, "%s",
                _("The line needs your password: leave, and run the command again. All is kept."));
    } else if (away->state == AWAY_ENDED) {
        ui_tell_error(ui, SND_E_AUTH);
    }
    ui->dirty |= DIRTY_ALL;
}

int away_is_down(const struct ui *ui)
{
    const struct book_away *away = book_away(ui->book);
    return away && away->state != AWAY_UP;
}

/* From the most to the least that can be said; how many ways there are. */
enum { AWAY_WAYS = 2 };
static size_t away_words(struct ui *ui, const struct book_away *away, const char *out[AWAY_WAYS])
{
    const char *waiting = frame_number(ui, away->waiting);
    if (away->state == AWAY_UP && away->waiting == 0)
        return 0;
    if (away->state == AWAY_UP) {
        out[0] = arena_printf(ui->arena, _("Being sent to the office: %s"), waiting);
        return 1;
    }
    const char *since = frame_moment(ui, away->since);
    if (away->waiting > 0)
        /* L10N: since when, how many requests. */
        out[0] = arena_printf(ui->arena, _("Office out of reach since %s; kept here: %s"), since,
                              waiting);
    else
        out[0] = arena_printf(ui->arena, _("Office out of reach since %s"), since);
    out[1] = _("Office out of reach");
    return AWAY_WAYS;
}

/* The check of forms paints without a book. */
int away_paint(struct ui *ui, int row, int width, int message)
{
    const struct book_away *away = ui->book ? book_away(ui->book) : NULL;
    const char *words[AWAY_WAYS];
    int room = width - message - (message > 0 ? 2 : 0);
    size_t count = away ? away_words(ui, away, words) : 0;
    for (size_t i = 0; i < count; i++)
        if (layout_width(words[i]) <= room)
            return frame_text_end(ui, row, width, room, words[i],
                                  away->state == AWAY_UP ? LOOK_HINT : LOOK_WARNING) +
                   1;
    return 0;
}

void away_paint_numbers(struct ui *ui, int row)
{
    const char *words = "";
    for (size_t i = 0; i < ui->away_count; i++)
        words = arena_printf(ui->arena, "%s%s%s", words, *words ? "  " : "", ui->away_number[i]);
    if (*words)
        frame_text(ui, row, 3, frame_width(ui) - 4,
                   arena_printf(ui->arena, _("Sent meanwhile: %s"), words), LOOK_DONE);
}
