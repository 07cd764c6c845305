/* SPDX-License-Identifier: Apache-2.0
 * One event whole: who, when by both clocks, from where, every member of what it says with its old
 * value, and the hashes that hold it in the chain. What this role may not read came masked. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"
#include "ui/trail.h"

#define HEX_SIZE (2 * HASH_SIZE + 1)
#define LABEL_WIDTH 26
#define VALUE_AT 30

struct event {
    struct arena *arena;
    struct book_event event;
    int skip, rows; /* rows scrolled away / there are in all, after a painting */
};

int event_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct event *event = x_alloc(sizeof *event);
    event->arena = arena_new();
    int error = book_trail_event(ui->book, arg->thing, event->arena, &event->event);
    if (error) {
        ui_tell_error(ui, error);
        event_close(ui, event);
        return error;
    }
    ui_quiet(ui);
    *state = event;
    return 0;
}

void event_close(struct ui *ui, void *state)
{
    (void)ui;
    struct event *event = state;
    arena_free(&event->arena);
    x_free(&event);
}

unsigned event_key(struct ui *ui, void *state, const struct key_event *key)
{
    struct event *event = state;
    int page = frame_body(ui) - 1, last = event->rows - frame_body(ui);
    int by = key->key == K_DOWN       ? 1
             : key->key == K_UP       ? -1
             : key->key == K_PAGEDOWN ? page
             : key->key == K_PAGEUP   ? -page
                                      : 0;
    if (key->key == K_CHAR)
        return trail_follow(ui, &event->event.step.place, key->point);
    if (by == 0) {
        ui->answer = -1;
        return key->key == K_ENTER ? UI_LEAVE : UI_IGNORED;
    }
    event->skip += by;
    event->skip = event->skip > last ? last : event->skip;
    event->skip = event->skip < 0 ? 0 : event->skip;
    return UI_REDRAW;
}

/* ---- painting ---- */

/* Where the next line goes. */
struct lines {
    struct ui *ui;
    int at, end; /* counted from the first body row, may be scrolled out of it */
};

static void line(struct lines *lines, const char *label, const char *value, enum text_dir dir)
{
    struct ui *ui = lines->ui;
    int row = FRAME_TOP + lines->at, width = frame_width(ui);
    if (lines->at++ < 0 || lines->at > lines->end)
        return;
    frame_text(ui, row, 2, LABEL_WIDTH, label, LOOK_LABEL);
    frame_value(ui, row, VALUE_AT, width - VALUE_AT - 1, value, dir, LOOK_PLAIN);
}

static const char *hex(struct ui *ui, const uint8_t *bytes, size_t size)
{
    char out[HEX_SIZE];
    for (size_t i = 0; i < size && i < HASH_SIZE; i++)
        (void)str_format(out + 2 * i, 3, "%02x", bytes[i]);
    return arena_strdup(ui->arena, out);
}

static void paint_members(struct lines *lines, const struct book_event *event)
{
    struct ui *ui = lines->ui;
    for (size_t i = 0; i < event->members; i++) {
        const struct book_member *member = &event->member[i];
        const char *now = trail_value(member->name, member->now);
        if (*member->was)
            /* L10N: an old value, a new one. */
            now = arena_printf(ui->arena, _("from %s to %s"),
                               trail_value(member->name, member->was), now);
        line(lines, trail_member(member->name), now,
             strncmp(now, "•", strlen("•")) == 0 ? TEXT_LTR : TEXT_AUTO);
    }
}

static void paint_lines(struct lines *lines, const struct book_event *event)
{
    struct ui *ui = lines->ui;
    const struct book_step *step = &event->step;
    enum text_dir dir = frame_dir(ui);
    line(lines, _("What"), trail_deed(step->type), dir);
    line(lines, _("When, in Muscat"), trail_clock(ui, step->at, 0), dir);
    line(lines, _("When, in UTC"), trail_clock(ui, step->at, 1), dir);
    line(lines, _("Business day"), frame_both_dates(ui, step->day), dir);
    line(lines, _("Who"),
         arena_printf(ui->arena, "%s" LAYOUT_GAP "%s", step->actor, step->actor_name), dir);
    line(lines, _("From"), step->peer, TEXT_LTR);
    line(lines, _("Centre"), step->centre, TEXT_LTR);
    if (event->rev > 0)
        line(lines, _("Revision"), frame_number(ui, event->rev), dir);
    paint_members(lines, event);
    line(lines, _("Kind"), step->type, TEXT_LTR);
    line(lines, _("Event"), hex(ui, event->id.b, ID_SIZE), TEXT_LTR);
    if (!id_is_zero(&event->tx))
        line(lines, _("About"), hex(ui, event->tx.b, ID_SIZE), TEXT_LTR);
    line(lines, _("Form"), hex(ui, event->form, 8), TEXT_LTR);
    line(lines, _("Hash of what it says"), hex(ui, event->payload_sha, 16), TEXT_LTR);
    line(lines, _("Hash in the chain"), hex(ui, event->hash, 16), TEXT_LTR);
}

void event_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_PAGEDOWN, N_("more")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    struct event *event = state;
    const struct book_step *step = &event->event.step;
    struct lines lines = {.ui = ui, .at = -event->skip, .end = frame_body(ui)};
    frame_context(ui,
                  arena_printf(ui->arena, _("Event %s of epoch %s"),
                               frame_number(ui, step->place.seq),
                               frame_number(ui, step->place.epoch)),
                  step->number);
    paint_lines(&lines, &event->event);
    event->rows = lines.at + event->skip;
    frame_caret(ui, FRAME_TOP, 1);
    frame_hint(ui, _("Trail of this event's 1 request, 2 account, 3 person, 4 session."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
