/* SPDX-License-Identifier: Apache-2.0
 * How the line to the hub stands, in whole sentences: since when it is down and why, what waits and
 * for how long, and what to do. It looks again every second while it is open, and sends at once
 * what waits when it is told to. */
#include "base/clock.h"
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define LOOK_AGAIN_MS 1000

struct uplink {
    int64_t looked; /* clock_mono_ms() */
};

static int look(struct ui *ui)
{
    struct book_line_state state;
    int error = book_line_state(ui->book, &state);
    if (!error) {
        line_take(ui, &state);
        ui->dirty |= DIRTY_ALL;
    }
    return error;
}

int uplink_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    int error = look(ui);
    if (error) {
        ui_tell_error(ui, error);
        return error;
    }
    ui_quiet(ui);
    struct uplink *uplink = x_alloc(sizeof *uplink);
    uplink->looked = clock_mono_ms();
    ui->watching++;
    *state = uplink;
    return 0;
}

void uplink_close(struct ui *ui, void *state)
{
    struct uplink *uplink = state;
    ui->watching--;
    ui_quiet(ui);
    x_free(&uplink);
}

void uplink_tick(struct ui *ui, void *state, int64_t now)
{
    struct uplink *uplink = state;
    if (now - uplink->looked < LOOK_AGAIN_MS)
        return;
    uplink->looked = now;
    if (look(ui))
        uplink->looked = now + 10 * LOOK_AGAIN_MS;
}

static unsigned send_now(struct ui *ui)
{
    int error = ui_may(ui, OP_LINE_PUSH) ? book_line_push(ui->book) : SND_E_DENIED;
    if (error == SND_E_NOTFOUND)
        ui_tell(ui, TELL_PLAIN, "%s", _("This office has no hub: nothing needs to be sent."));
    else if (error)
        ui_tell_error(ui, error);
    else
        ui_tell(ui, TELL_DONE, "%s", _("Tried now: this screen says at once how it goes."));
    return UI_REDRAW;
}

unsigned uplink_key(struct ui *ui, void *state, const struct key_event *event)
{
    (void)state;
    if (event->key == K_F10 || event->key == K_ENTER || ui_digit(event) == 1)
        return send_now(ui);
    return UI_IGNORED;
}

static const char *state_words(struct ui *ui)
{
    const struct book_line_state *line = &ui->line;
    const char *last = frame_moment(ui, line->last_ok);
    switch (line->state) {
    case BOOK_LINE_UP:
        return _("Up.");
    case BOOK_LINE_STOPPED:
        return _("Stopped: nothing is sent until this is put right.");
    case BOOK_LINE_DOWN:
        if (line->last_ok > 0)
            /* L10N: a moment, and how long ago. */
            return arena_printf(ui->arena,
                                _("Down since %s (%s). Work goes on here: nothing is lost."), last,
                                frame_span(ui, ui->line_at - line->last_ok));
        return _("Not up yet. Work goes on here: nothing is lost.");
    case BOOK_LINE_NONE:
    case BOOK_LINES:
        break;
    }
    return _("This office has no hub: nothing needs to be sent.");
}

static const char *waiting_words(struct ui *ui)
{
    const struct book_line_state *line = &ui->line;
    if (line->requests == 0)
        return _("none: the hub has them all");
    return arena_printf(ui->arena, _("%s, the oldest for %s"), frame_number(ui, line->requests),
                        frame_span(ui, ui->line_at - line->oldest));
}

/* What the hub's clock says of ours. */
static const char *clock_words(struct ui *ui, enum look *look)
{
    int64_t skew = ui->line.skew_ms, off = skew < 0 ? -skew : skew;
    const char *span = frame_span(ui, off);
    *look = LOOK_PLAIN;
    if (off <= LINE_SKEW_TOLD_MS)
        return _("right");
    *look = off > LINE_SKEW_MOST_MS ? LOOK_ERROR : LOOK_WARNING;
    if (off > LINE_SKEW_MOST_MS)
        return arena_printf(ui->arena,
                            _("wrong by %s: nothing can be submitted until the "
                              "administrator sets it"),
                            span);
    return arena_printf(ui->arena,
                        skew > 0 ? _("%s behind the hub's: the administrator should set it")
                                 : _("%s ahead of the hub's: the administrator should set it"),
                        span);
}

static void paint_facts(struct ui *ui)
{
    const struct book_line_state *line = &ui->line;
    const char *why = line->state == BOOK_LINE_UP ? "" : line_trouble(line->why);
    enum look look;
    int row = FRAME_TOP + 1;
    row = frame_fact(ui, row, _("The line"), state_words(ui), line_look(line->state)) + 1;
    if (*why)
        row = frame_fact(ui, row, _("Why, and what to do"), _(why), LOOK_PLAIN) + 1;
    if (!line->joined)
        return;
    row = frame_fact(ui, row, _("Requests waiting"), waiting_words(ui), LOOK_PLAIN);
    row = frame_fact(ui, row, _("Documents waiting"),
                     line->documents ? frame_number(ui, line->documents) : _("none"), LOOK_PLAIN);
    row = frame_fact(ui, row, _("Heard of the hub"),
                     line->last_ok ? frame_moment(ui, line->last_ok) : _("never yet"), LOOK_PLAIN);
    const char *clock = clock_words(ui, &look);
    (void)frame_fact(ui, row, _("This clock"), clock, look);
}

void uplink_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_F10, N_("send now")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    (void)state;
    frame_context(ui, _("How the line between this centre and its hub stands"), ui->me.centre_name);
    paint_facts(ui);
    frame_caret(ui, FRAME_TOP + 1, 2);
    frame_hint(ui, _("What waits goes by itself when the line is back. 1 or F10 tries at once."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
