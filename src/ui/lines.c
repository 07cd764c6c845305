/* SPDX-License-Identifier: Apache-2.0
 * The lines to agencies that take requests by machine: how each goes, what waits on it since when,
 * what the last failure was, in words; and by a key what waits is tried now. */
#include "ui/lines.h"
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "form/agency.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define PANE_ROWS 7 /* about the chosen one, below the list */

struct lines {
    struct arena *arena;
    struct pick pick;
    struct book_link *list;
    size_t count;
};

/* ---- in words ---- */

const char *link_fault(const char *word)
{
    static const struct {
        const char *word, *says;
    } faults[] = {
#define FAULT(word, says) {word, says},
#include "ui/line_faults.def"
#undef FAULT
    };
    for (size_t i = 0; i < SND_COUNT(faults); i++)
        if (strcmp(faults[i].word, word) == 0)
            return _(faults[i].says);
    return word;
}

static const char *stage_name(const char *stage)
{
    static const char *const names[AGENCY_STAGES] = {N_("agreed"), N_("being built"),
                                                     N_("being tested"), N_("live")};
    for (size_t i = 0; i < AGENCY_STAGES; i++)
        if (strcmp(agency_stages[i], stage) == 0)
            return _(names[i]);
    return stage;
}

static const char *standing(const struct book_link *link)
{
    if (link->paused)
        return _("paused");
    if (!link->open)
        return stage_name(link->stage);
    if (link->cut_until > clock_utc_ms())
        return _("cut off");
    return link->fails > 0 ? _("failing") : _("goes well");
}

const char *link_title(struct arena *arena, const char *agency)
{
    const char *name = agency_name(agency, msg_language());
    return name ? arena_printf(arena, "%s" LAYOUT_GAP "%s", agency, name) : agency;
}

/* ---- the list ---- */

static void make_item(struct ui *ui, struct arena *arena, const struct book_link *link,
                      struct pick_item *out)
{
    int bad = link->open && (link->fails > 0 || link->failed > 0);
    *out = (struct pick_item){.note_look = bad ? LOOK_WARNING : LOOK_PLAIN};
    out->text = link_title(arena, link->agency);
    out->note = arena_printf(arena, _("%s  waiting: %s"), standing(link),
                             arena_strdup(arena, frame_number(ui, link->waiting)));
    if (link->failed > 0)
        out->note = arena_printf(arena, _("%s  failed: %s"), out->note,
                                 arena_strdup(arena, frame_number(ui, link->failed)));
    out->folded = item_folded(arena, link->agency, out->text, "");
}

static int load(struct ui *ui, struct lines *lines)
{
    struct arena *fresh = arena_new();
    struct book_link *list;
    size_t count;
    int error = book_agency_list(ui->book, fresh, &list, &count);
    if (error) {
        arena_free(&fresh);
        return error;
    }
    arena_free(&lines->arena);
    lines->arena = fresh;
    lines->list = list;
    lines->count = count;
    struct pick_item *item = arena_alloc(fresh, (count + 1) * sizeof *item);
    for (size_t i = 0; i < count; i++)
        make_item(ui, fresh, &list[i], &item[i]);
    lines->pick.nothing = count > 0 ? NULL : _("No agency has a line to this office.");
    pick_set(&lines->pick, item, count);
    return 0;
}

static void again(struct ui *ui, struct lines *lines)
{
    int chosen = pick_chosen(&lines->pick), error = load(ui, lines);
    if (error)
        ui_tell_error(ui, error);
    else if (chosen >= 0)
        pick_choose(&lines->pick, chosen);
}

int lines_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct lines *lines = x_alloc(sizeof *lines);
    edit_set(&lines->pick.filter, "", 60, TEXT_AUTO);
    int error = load(ui, lines);
    if (error) {
        ui_tell_error(ui, error);
        lines_close(ui, lines);
        return error;
    }
    *state = lines;
    return 0;
}

void lines_close(struct ui *ui, void *state)
{
    (void)ui;
    struct lines *lines = state;
    pick_free(&lines->pick);
    arena_free(&lines->arena);
    x_free(&lines);
}

void lines_resume(struct ui *ui, void *state)
{
    again(ui, state);
}

static unsigned take(struct ui *ui, void *state)
{
    struct lines *lines = state;
    int chosen = pick_chosen(&lines->pick);
    struct ui_arg arg = {0};
    if (chosen < 0)
        return UI_HANDLED;
    (void)str_copy(arg.text, sizeof arg.text, lines->list[chosen].agency);
    ui_quiet(ui);
    ui_push(ui, SCREEN_SENDINGS, &arg);
    return UI_HANDLED;
}

unsigned link_push(struct ui *ui, const char *agency)
{
    int error = book_agency_push(ui->book, agency);
    if (error)
        ui_tell_error(ui, error);
    else
        ui_tell(ui, TELL_DONE, "%s", _("What waits is tried now. F5 shows how it goes."));
    return UI_REDRAW;
}

unsigned lines_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct lines *lines = state;
    int chosen = pick_chosen(&lines->pick);
    if (event->key == K_F6 && chosen >= 0)
        return link_push(ui, lines->list[chosen].agency);
    if (event->key == K_F5) {
        ui_quiet(ui);
        again(ui, lines);
        return UI_REDRAW;
    }
    unsigned did = pick_screen_key(&lines->pick, event, ui, take, lines);
    return did == UI_FOCUS ? UI_REDRAW : did; /* what stands below changes too */
}

/* ---- painting ---- */

static const char *stages_words(struct ui *ui, const struct book_link *link)
{
    const char *words = "";
    char date[16];
    for (size_t i = 0; i < AGENCY_STAGES; i++) {
        if (!link->day[i])
            continue;
        date_text(link->day[i], CALENDAR_GREGORIAN, date);
        words = arena_printf(ui->arena, "%s%s%s %s", words, *words ? _(", ") : "",
                             stage_name(agency_stages[i]), date);
    }
    return words;
}

static const char *goes_words(struct ui *ui, const struct book_link *link)
{
    if (link->paused)
        return link->reason[0] ? arena_printf(ui->arena, _("Paused: %s"), link->reason)
                               : _("Paused by a person.");
    if (!link->open)
        return _("Nothing is sent yet: it is not live.");
    if (link->cut_until > clock_utc_ms())
        return arena_printf(ui->arena, _("Cut off: it fails since %s, and is tried again at %s."),
                            frame_moment(ui, link->since), frame_moment(ui, link->cut_until));
    if (link->fails > 0)
        return arena_printf(ui->arena, _("It fails since %s, and is tried again and again."),
                            frame_moment(ui, link->since));
    return _("It goes well.");
}

static const char *waits_words(struct ui *ui, const struct book_link *link)
{
    const char *words =
        arena_printf(ui->arena, _("Waiting: %s, failed: %s, taken by the agency: %s."),
                     frame_number(ui, link->waiting), frame_number(ui, link->failed),
                     frame_number(ui, link->taken));
    if (!link->oldest)
        return words;
    return arena_printf(
        ui->arena, "%s %s", words,
        arena_printf(ui->arena, _("The oldest: since %s."), frame_moment(ui, link->oldest)));
}

static const char *last_words(struct ui *ui, const struct book_link *link)
{
    const char *last = link->last_ok ? arena_printf(ui->arena, _("Last answer: %s."),
                                                    frame_moment(ui, link->last_ok))
                                     : _("It has never answered.");
    if (!link->why[0])
        return last;
    return arena_printf(ui->arena, "%s %s", last,
                        arena_printf(ui->arena, _("Last failure: %s."), link_fault(link->why)));
}

static void paint_pane(struct ui *ui, const struct book_link *link, int row)
{
    const char *words[] = {goes_words(ui, link), waits_words(ui, link), last_words(ui, link),
                           arena_printf(ui->arena, _("Stages: %s."), stages_words(ui, link))};
    frame_value(ui, row++, 2, frame_width(ui) - 2, link->url, TEXT_LTR, LOOK_HINT);
    for (size_t i = 0; i < SND_COUNT(words); i++)
        row += frame_paragraph(ui, row, 2, frame_width(ui) - 2, 2, words[i], LOOK_PLAIN);
}

void lines_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_ENTER, N_("what waits")},
                                            {K_F1, N_("help")},
                                            {K_F3, N_("back")},
                                            {K_F5, N_("again")},
                                            {K_F6, N_("try now")}};
    struct lines *lines = state;
    int list_rows = frame_body(ui) - PANE_ROWS, chosen = pick_chosen(&lines->pick);
    frame_context(ui, _("Lines to agencies"),
                  arena_printf(ui->arena, _("shown: %s"), frame_number(ui, (int64_t)lines->count)));
    pick_paint(ui, &lines->pick, FRAME_TOP, list_rows, _("Find:"));
    if (chosen >= 0)
        paint_pane(ui, &lines->list[chosen], FRAME_TOP + list_rows);
    frame_hint(ui, _("Enter shows the requests that wait. F6 tries them now."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
