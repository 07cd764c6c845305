/* SPDX-License-Identifier: Apache-2.0
 * What supervisors note about centres, in lists that a digit chooses: issues of a governorate's
 * centres, their meetings, findings at centres, and the findings of this year counted. Enter opens
 * a row, F6 makes a new one where this person may. */
#include "ui/oversight.h"
#include <string.h>
#include "base/err.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/reports.h"
#include "ui/screens_priv.h"

enum view { ISSUES, MEETINGS, FINDINGS, BY_CODE, BY_CENTRE, VIEWS };
struct oversight {
    struct arena *arena;
    struct pick pick;
    enum view view;
    struct book_oversight *row;
    size_t count;
    struct oversight_case of;
};
static const struct view_row {
    const char *title;
    enum operation reads, adds; /* adds: OP_COUNT = nobody */
    const char *by;             /* of a count */
    const char *nothing;
} views[] = {
    [ISSUES] = {N_("Issues"), OP_ISSUE_LIST, OP_ISSUE_RAISE, NULL, N_("No issue has been raised.")},
    [MEETINGS] = {N_("Meetings"), OP_MEETING_LIST, OP_MEETING_ADD, NULL,
                  N_("No meeting has been noted.")},
    [FINDINGS] = {N_("Findings"), OP_FINDING_LIST, OP_FINDING_ADD, NULL,
                  N_("Nothing has been found.")},
    [BY_CODE] = {N_("Findings of this year by violation"), OP_FINDING_COUNT, OP_COUNT, "code",
                 N_("Nothing has been found this year.")},
    [BY_CENTRE] = {N_("Findings of this year by centre"), OP_FINDING_COUNT, OP_COUNT, "centre",
                   N_("Nothing has been found this year.")},
};

const char *violation_name(const struct oversight_case *of, const char *code)
{
    for (size_t i = 0; i < of->violations; i++)
        if (strcmp(of->violation[i].code, code) == 0)
            return of->violation[i].name[msg_language()];
    return code;
}

/* ---- the rows ---- */

static const char *row_note(struct ui *ui, const struct oversight *oversight,
                            const struct book_oversight *row)
{
    char day[16];
    date_text(row->closed ? row->closed : row->day, CALENDAR_GREGORIAN, day);
    if (oversight->view == FINDINGS)
        return arena_printf(oversight->arena, _("cases %s  %s"), frame_number(ui, row->n), day);
    if (oversight->view == ISSUES)
        return arena_printf(oversight->arena, "%s" LAYOUT_GAP "%s",
                            row->closed ? _("solved") : _("not yet solved"), day);
    return arena_strdup(oversight->arena, day);
}

static int load_rows(struct ui *ui, struct oversight *oversight)
{
    static const enum book_oversight_kind kinds[] = {
        [ISSUES] = BOOK_ISSUES, [MEETINGS] = BOOK_MEETINGS, [FINDINGS] = BOOK_FINDINGS};
    oversight->of.kind = kinds[oversight->view];
    int error = book_oversight_list(ui->book, oversight->of.kind, "", oversight->arena,
                                    &oversight->row, &oversight->count);
    struct pick_item *item = arena_alloc(oversight->arena, (oversight->count + 1) * sizeof *item);
    for (size_t i = 0; !error && i < oversight->count; i++) {
        const struct book_oversight *row = &oversight->row[i];
        item[i] = (struct pick_item){.note = row_note(ui, oversight, row),
                                     .note_look = row->closed ? LOOK_HINT : LOOK_PLAIN};
        item[i].text = arena_printf(
            oversight->arena, "%s" LAYOUT_GAP "%s", row->place,
            oversight->view == FINDINGS ? violation_name(&oversight->of, row->code) : row->words);
    }
    pick_set(&oversight->pick, item, error ? 0 : oversight->count);
    return error;
}

static int load_counts(struct ui *ui, struct oversight *oversight)
{
    struct book_findings *row;
    int error = book_finding_count(ui->book, views[oversight->view].by, year_begins(ui->me.today),
                                   ui->me.today, oversight->arena, &row, &oversight->count);
    struct pick_item *item = arena_alloc(oversight->arena, (oversight->count + 1) * sizeof *item);
    for (size_t i = 0; !error && i < oversight->count; i++) {
        item[i] = (struct pick_item){.note_look = LOOK_PLAIN};
        item[i].text = oversight->view == BY_CODE
                           ? arena_printf(oversight->arena, "%s" LAYOUT_GAP "%s", row[i].code,
                                          violation_name(&oversight->of, row[i].code))
                           : row[i].code;
        item[i].note =
            arena_printf(oversight->arena, _("findings %s, cases %s"),
                         frame_number(ui, row[i].findings), frame_number(ui, row[i].cases));
    }
    pick_set(&oversight->pick, item, error ? 0 : oversight->count);
    return error;
}

static int load(struct ui *ui, struct oversight *oversight)
{
    int chosen = pick_chosen(&oversight->pick); /* asks the rows that go now */
    arena_free(&oversight->arena);
    oversight->arena = arena_new();
    oversight->count = 0;
    oversight->pick.nothing = _(views[oversight->view].nothing);
    struct book_violation *violation = NULL;
    int error =
        book_violation_list(ui->book, oversight->arena, &violation, &oversight->of.violations);
    oversight->of.violation = violation;
    if (!error)
        error = views[oversight->view].by ? load_counts(ui, oversight) : load_rows(ui, oversight);
    else
        pick_set(&oversight->pick, NULL, 0);
    if (!error)
        pick_choose(&oversight->pick, chosen);
    return error;
}

/* ---- the screen ---- */

int oversight_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct oversight *oversight = x_alloc(sizeof *oversight);
    (void)arg;
    oversight->arena = arena_new();
    while (oversight->view + 1 < VIEWS && !ui_may(ui, views[oversight->view].reads))
        oversight->view++;
    int error = load(ui, oversight);
    if (error) {
        ui_tell_error(ui, error);
        oversight_close(ui, oversight);
        return error;
    }
    *state = oversight;
    return 0;
}

void oversight_close(struct ui *ui, void *state)
{
    (void)ui;
    struct oversight *oversight = state;
    pick_free(&oversight->pick);
    arena_free(&oversight->arena);
    x_free(&oversight);
}

void oversight_resume(struct ui *ui, void *state)
{
    int error = load(ui, state);
    if (error)
        ui_tell_error(ui, error);
}

static unsigned view(struct ui *ui, struct oversight *oversight, enum view view)
{
    if (!ui_may(ui, views[view].reads)) {
        ui_tell(ui, TELL_ERROR, "%s", _("No line has this digit: choose one that is shown."));
        return UI_HANDLED;
    }
    oversight->view = view;
    ui_quiet(ui);
    pick_choose(&oversight->pick, 0);
    oversight_resume(ui, oversight);
    return UI_REDRAW;
}

static unsigned one(struct ui *ui, struct oversight *oversight, const struct book_oversight *row)
{
    oversight->of.row = row;
    ui_quiet(ui);
    ui_push(ui, SCREEN_OVERSIGHT_ENTRY, &(struct ui_arg){.thing = &oversight->of});
    return UI_HANDLED;
}

static int may_add(struct ui *ui, const struct oversight *oversight)
{
    enum operation adds = views[oversight->view].adds;
    return adds != OP_COUNT && ui_may(ui, adds);
}

unsigned oversight_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct oversight *oversight = state;
    int digit = ui_digit(event), chosen = pick_chosen(&oversight->pick);
    if (digit > 0 && digit <= VIEWS)
        return view(ui, oversight, (enum view)(digit - 1));
    if (event->key == K_F6 && may_add(ui, oversight))
        return one(ui, oversight, NULL);
    if (event->key == K_ENTER && chosen >= 0 && !views[oversight->view].by)
        return one(ui, oversight, &oversight->row[chosen]);
    return pick_key(&oversight->pick, event, 0, ui) == PICK_IGNORED ? UI_IGNORED : UI_REDRAW;
}

void oversight_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("show")}, {K_F1, N_("help")}, {K_F3, N_("back")}, {K_F6, N_("add")}};
    struct oversight *oversight = state;
    const char *hint = "";
    frame_context(
        ui, _(views[oversight->view].title),
        arena_printf(ui->arena, _("shown: %s"), frame_number(ui, (int64_t)oversight->count)));
    pick_paint(ui, &oversight->pick, FRAME_TOP, frame_body(ui), NULL);
    hint = ui_may(ui, OP_ISSUE_LIST)
               ? _("1 issues  2 meetings  3 findings  4 by violation  5 by centre")
               : _("4 by violation  5 by centre");
    frame_hint(ui, hint);
    frame_keys(ui, keys, SND_COUNT(keys) - !may_add(ui, oversight));
}
