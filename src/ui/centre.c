/* SPDX-License-Identifier: Apache-2.0
 * One centre of the hub: how its line stands in sentences, how many requests it made, and what was
 * found there. 1 opens its report, Enter a finding. All of it is asked for when the screen opens,
 * at F5 and when one comes back to it, never at another key; what this person's role may not ask
 * for isn't there. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "text/date.h"
#include "ui/centres.h"
#include "ui/frame.h"
#include "ui/oversight.h"
#include "ui/reports.h"

struct centre {
    struct arena *arena;
    struct book_node node;
    int64_t now;                   /* when it was asked, UTC ms */
    struct report_row today, year; /* of its requests */
    int reported;
    struct pick pick; /* its findings */
    struct book_oversight *row;
    size_t count;
    struct oversight_case of;
};

/* ---- what is asked for ---- */

/* Whether that is the one: by its code alone when it was named by somebody who didn't see it. */
static int is_this(const struct centre *centre, const struct book_node *node)
{
    if (strcmp(node->centre, centre->node.centre) != 0)
        return 0;
    return id_is_zero(&centre->node.id) ? strcmp(node->state, "revoked") != 0
                                        : id_equal(&node->id, &centre->node.id);
}

/* The centre as it stands now; one that has gone meanwhile stays as it was. */
static int load_node(struct ui *ui, struct centre *centre, struct arena *arena)
{
    struct book_node *all;
    size_t count;
    int error = book_node_list(ui->book, arena, &all, &count);
    for (size_t i = 0; !error && i < count; i++)
        if (is_this(centre, &all[i]))
            centre->node = all[i];
    centre->now = clock_utc_ms();
    return !error && !*centre->node.state ? SND_E_NOTFOUND : error;
}

static int load_sum(struct ui *ui, const struct centre *centre, int32_t from, struct arena *arena,
                    struct report_row *out)
{
    struct book_report report;
    struct book_ask ask = {
        .by = DIM_CENTRE, .from = from, .to = ui->me.today, .compare = 1, .wheres = 1};
    ask.where[0].dim = DIM_CENTRE;
    (void)str_copy(ask.where[0].value, sizeof ask.where[0].value, centre->node.centre);
    int error = book_report(ui->book, &ask, arena, &report);
    if (!error)
        *out = report.all;
    return error;
}

static int load_report(struct ui *ui, struct centre *centre, struct arena *arena)
{
    centre->reported = ui_may(ui, OP_REPORT_RUN);
    if (!centre->reported)
        return 0;
    int error = load_sum(ui, centre, ui->me.today, arena, &centre->today);
    return error ? error : load_sum(ui, centre, year_begins(ui->me.today), arena, &centre->year);
}

static void make_items(struct ui *ui, struct centre *centre, struct arena *arena)
{
    struct pick_item *item = arena_alloc(arena, (centre->count + 1) * sizeof *item);
    for (size_t i = 0; i < centre->count; i++) {
        const struct book_oversight *row = &centre->row[i];
        char day[16];
        date_text(row->day, CALENDAR_GREGORIAN, day);
        item[i] = (struct pick_item){.note_look = LOOK_PLAIN};
        item[i].text = arena_printf(arena, "%s" LAYOUT_GAP "%s", row->code,
                                    violation_name(&centre->of, row->code));
        item[i].note = arena_printf(arena, _("cases %s  %s"), frame_number(ui, row->n), day);
    }
    centre->pick.nothing = _("Nothing has been found at this centre.");
    pick_set(&centre->pick, item, centre->count);
}

static int load_findings(struct ui *ui, struct centre *centre, struct arena *arena)
{
    struct book_violation *violation = NULL;
    centre->of = (struct oversight_case){.kind = BOOK_FINDINGS};
    centre->count = 0;
    if (!ui_may(ui, OP_FINDING_LIST))
        return 0;
    int error = book_violation_list(ui->book, arena, &violation, &centre->of.violations);
    centre->of.violation = violation;
    if (!error)
        error = book_oversight_list(ui->book, BOOK_FINDINGS, centre->node.centre, arena,
                                    &centre->row, &centre->count);
    return error;
}

/* All of it anew; when that fails what is shown stays. */
static int load(struct ui *ui, struct centre *centre)
{
    struct centre fresh = *centre;
    struct arena *arena = arena_new();
    int chosen = pick_chosen(&centre->pick);
    int error = load_node(ui, &fresh, arena);
    if (!error)
        error = load_report(ui, &fresh, arena);
    if (!error)
        error = load_findings(ui, &fresh, arena);
    if (error) {
        arena_free(&arena);
        ui_tell_error(ui, error);
        return error;
    }
    *centre = fresh;
    make_items(ui, centre, arena);
    if (chosen >= 0 && (size_t)chosen < centre->count)
        pick_choose(&centre->pick, chosen);
    arena_free(&centre->arena);
    centre->arena = arena;
    return 0;
}

/* ---- the screen ---- */

int centre_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct centre *centre = x_alloc(sizeof *centre);
    if (arg->thing)
        centre->node = *(const struct book_node *)arg->thing;
    else
        (void)str_copy(centre->node.centre, sizeof centre->node.centre, arg->text);
    int error = load(ui, centre);
    if (error) {
        centre_close(ui, centre);
        return error;
    }
    *state = centre;
    return 0;
}

void centre_close(struct ui *ui, void *state)
{
    (void)ui;
    struct centre *centre = state;
    pick_free(&centre->pick);
    arena_free(&centre->arena);
    x_free(&centre);
}

int centre_place(const struct ui *ui, const void *state, struct ui_arg *out)
{
    const struct centre *centre = state;
    (void)ui;
    return str_copy(out->text, sizeof out->text, centre->node.centre) == 0;
}

void centre_resume(struct ui *ui, void *state)
{
    (void)load(ui, state);
}

static unsigned open_report(struct ui *ui, const struct centre *centre)
{
    struct ui_arg arg = {.thing = centre->node.name};
    (void)str_copy(arg.text, sizeof arg.text, centre->node.centre);
    ui_quiet(ui);
    ui_push(ui, SCREEN_REPORTS, &arg);
    return UI_HANDLED;
}

static unsigned open_finding(struct ui *ui, struct centre *centre, int chosen)
{
    centre->of.row = &centre->row[chosen];
    ui_quiet(ui);
    ui_push(ui, SCREEN_OVERSIGHT_ENTRY, &(struct ui_arg){.thing = &centre->of});
    return UI_HANDLED;
}

unsigned centre_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct centre *centre = state;
    int chosen = pick_chosen(&centre->pick);
    if (ui_digit(event) == 1 && centre->reported)
        return open_report(ui, centre);
    if (event->key == K_ENTER && chosen >= 0)
        return open_finding(ui, centre, chosen);
    if (event->key == K_F5) {
        ui_quiet(ui);
        centre_resume(ui, centre);
        return UI_REDRAW;
    }
    return pick_key(&centre->pick, event, 0, ui) == PICK_IGNORED ? UI_IGNORED : UI_REDRAW;
}

static const char *requests_words(struct ui *ui, const struct centre *centre)
{
    char change[16];
    const char *words =
        arena_printf(ui->arena, _("today %s, this year %s"), frame_number(ui, centre->today.n),
                     frame_number(ui, centre->year.n));
    report_change(centre->year.n, centre->year.before, change);
    if (change[0] == '\0')
        return words;
    /* L10N: this year's requests beside the same days of the year before: +5 %. */
    return arena_printf(ui->arena, _("%s (%s beside the year before)"), words, change);
}

static int paint_facts(struct ui *ui, const struct centre *centre)
{
    const struct book_node *node = &centre->node;
    enum node_standing standing = node_standing(node, centre->now);
    const char *waiting = centre_waiting(ui, node), *clock = centre_clock(ui, node);
    int row = FRAME_TOP;
    row = frame_fact(ui, row, _("The line"), centre_heard(ui, node, centre->now),
                     standing <= NODE_SILENT  ? LOOK_ERROR
                     : standing == NODE_QUIET ? LOOK_WARNING
                                              : LOOK_PLAIN);
    if (*waiting)
        row = frame_fact(ui, row, _("Waiting there"), waiting, LOOK_PLAIN);
    if (*clock)
        row = frame_fact(ui, row, _("Its computer"), clock, LOOK_PLAIN);
    if (node->joined)
        row = frame_fact(ui, row, _("Joined"), frame_moment(ui, node->joined), LOOK_PLAIN);
    if (centre->reported)
        row = frame_fact(ui, row, _("Requests"), requests_words(ui, centre), LOOK_PLAIN);
    return row;
}

void centre_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_F1, N_("help")}, {K_F3, N_("back")}, {K_F5, N_("again")}, {K_ENTER, N_("show")}};
    struct centre *centre = state;
    size_t hidden = centre->count == 0;
    frame_context(ui, centre->node.name, centre->node.centre);
    int row = paint_facts(ui, centre);
    if (ui_may(ui, OP_FINDING_LIST)) {
        frame_text(ui, row + 1, 3, frame_width(ui) - 3, _("Findings"), LOOK_LABEL);
        pick_paint(ui, &centre->pick, row + 2, FRAME_TOP + frame_body(ui) - row - 2, NULL);
    } else {
        frame_caret(ui, FRAME_TOP, 2);
    }
    frame_hint(ui,
               !centre->reported ? "" : _("1 opens its report. Enter opens the chosen finding."));
    frame_keys(ui, keys, SND_COUNT(keys) - hidden);
}
