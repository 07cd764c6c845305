/* SPDX-License-Identifier: Apache-2.0
 * Verifying the chain from the screen: a piece at a time between keys, so that the person may read
 * on, leave or turn back at any moment; and at the end one plain sentence. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct verify {
    struct book_verify state;
    int64_t painted; /* clock of the last repaint */
    int running;
};
#define REPAINT_MS 200

int verify_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct verify *verify = x_alloc(sizeof *verify);
    verify->running = 1;
    ui->working = 1;
    ui_quiet(ui);
    *state = verify;
    return 0;
}

void verify_close(struct ui *ui, void *state)
{
    struct verify *verify = state;
    ui->working = 0;
    x_free(&verify);
}

static void stop(struct ui *ui, struct verify *verify)
{
    verify->running = 0;
    ui->working = 0;
    ui->dirty |= DIRTY_ALL;
}

void verify_tick(struct ui *ui, void *state, int64_t now)
{
    struct verify *verify = state;
    if (!verify->running)
        return;
    int error = book_verify(ui->book, &verify->state);
    if (error)
        ui_tell_error(ui, error);
    if (error || verify->state.done)
        stop(ui, verify);
    if (now - verify->painted >= REPAINT_MS) {
        verify->painted = now;
        ui->dirty |= DIRTY_ALL;
    }
}

unsigned verify_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct verify *verify = state;
    if (event->key != K_ENTER)
        return UI_IGNORED;
    if (verify->running)
        return UI_HANDLED;
    *verify = (struct verify){.running = 1};
    ui->working = 1;
    ui_quiet(ui);
    return UI_REDRAW;
}

static const char *flaw_words(enum book_flaw flaw)
{
    static const char *const words[BOOK_FLAWS] = {
        [BOOK_FLAW_HASH] = N_("it was changed after it was written."),
        [BOOK_FLAW_ORDER] = N_("one before it is missing or out of order."),
        [BOOK_FLAW_PAYLOAD] = N_("what it says was changed or can't be opened."),
        [BOOK_FLAW_HEAD] = N_("the end of the chain after it was cut off."),
        [BOOK_FLAW_COLUMN] = N_("the one after it can't be read."),
    };
    return _(words[flaw]);
}

static const char *result(struct ui *ui, const struct book_verify *state)
{
    const char *events = frame_number(ui, state->events);
    if (!state->done)
        return arena_printf(ui->arena, _("Verified so far: %s of %s events."), events,
                            frame_number(ui, state->total));
    if (state->flaws == 0)
        return arena_printf(ui->arena, _("The chain is whole: %s events, each as it was written."),
                            events);
    /* L10N: an event's number, what is wrong with it. */
    return arena_printf(ui->arena, _("The chain is broken at event %s: %s"),
                        frame_number(ui, state->flaw_seq), flaw_words(state->flaw));
}

void verify_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("again")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    const struct verify *verify = state;
    const struct book_verify *at = &verify->state;
    int width = frame_width(ui) - 6, row = FRAME_TOP + 2;
    enum look look = at->done && at->flaws > 0 ? LOOK_ERROR : LOOK_PLAIN;
    row += frame_paragraph(ui, row, 3, width, 3, result(ui, at), look) + 1;
    if (at->done && at->flaws > 0)
        row +=
            frame_paragraph(ui, row, 3, width, 3,
                            arena_printf(ui->arena,
                                         _("Found in all: %s. Keep the computer as it is, call the "
                                           "administrator and have `sanad fsck` run."),
                                         frame_number(ui, at->flaws)),
                            LOOK_PLAIN) +
            1;
    if (verify->running)
        frame_paragraph(ui, row, 3, width, 3,
                        _("Still working: you may go back at any time, nothing is held up."),
                        LOOK_HINT);
    frame_caret(ui, FRAME_TOP + 2, 2);
    frame_hint(ui, _("Each event holds the hash of the one before: a change of any shows here."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
