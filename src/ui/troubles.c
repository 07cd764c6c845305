/* SPDX-License-Identifier: Apache-2.0
 * What a person has to look at since two did something at once, or since something could not be
 * taken: conflicts of requests, and at a hub the events that are held back. A list, what the chosen
 * row means in words, and a reason with which it is closed. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define REASON_MOST 200
#define WORDS_ROWS 5 /* below the list */
#define REASON_LABEL 24

struct troubles;
/* How one of the two screens comes by its rows. */
struct trouble_rows {
    const char *nothing; /* N_(): there are none */
    int (*list)(struct ui *ui, struct troubles *troubles, struct arena *arena);
    void (*item)(struct ui *ui, const struct troubles *troubles, size_t row, struct pick_item *out);
};
struct troubles {
    const struct trouble_rows *rows;
    struct arena *arena;
    struct pick pick;
    size_t count;
    struct book_conflict *conflict; /* of one of the two screens */
    struct book_quarantined *held;  /* of the other */
    int asking;                     /* the reason is being typed */
    struct edit reason;
};

/* The rows anew, as near as can be to where one was. */
static int ask(struct ui *ui, struct troubles *troubles)
{
    int chosen = pick_chosen(&troubles->pick), last;
    arena_free(&troubles->arena);
    troubles->arena = arena_new();
    int error = troubles->rows->list(ui, troubles, troubles->arena);
    if (error)
        troubles->count = 0;
    struct pick_item *item = arena_alloc(troubles->arena, (troubles->count + 1) * sizeof *item);
    for (size_t i = 0; i < troubles->count; i++) {
        item[i].note_look = LOOK_PLAIN;
        troubles->rows->item(ui, troubles, i, &item[i]);
    }
    troubles->pick.nothing = _(troubles->rows->nothing);
    pick_set(&troubles->pick, item, troubles->count);
    last = (int)troubles->count - 1;
    if (chosen >= 0 && last >= 0)
        pick_choose(&troubles->pick, chosen < last ? chosen : last);
    return error;
}

static void troubles_end(struct troubles *troubles)
{
    pick_free(&troubles->pick);
    arena_free(&troubles->arena);
    x_free(&troubles);
}

static int troubles_begin(struct ui *ui, const struct trouble_rows *rows, void **state)
{
    struct troubles *troubles = x_alloc(sizeof *troubles);
    troubles->rows = rows;
    edit_set(&troubles->pick.filter, "", 60, TEXT_AUTO);
    int error = ask(ui, troubles);
    if (error) {
        ui_tell_error(ui, error);
        troubles_end(troubles);
        return error;
    }
    *state = troubles;
    return 0;
}

static unsigned ask_reason(struct ui *ui, struct troubles *troubles)
{
    if (pick_chosen(&troubles->pick) < 0)
        return UI_HANDLED;
    edit_set(&troubles->reason, "", REASON_MOST, TEXT_AUTO);
    troubles->asking = 1;
    ui_quiet(ui);
    return UI_REDRAW;
}

/* A key while the reason is typed. `done`: Enter, closes that row. */
static unsigned reason_key(struct ui *ui, struct troubles *troubles, const struct key_event *event,
                           int (*done)(struct ui *ui, const struct troubles *troubles, size_t row))
{
    if (event->key == K_F3) {
        troubles->asking = 0;
        return UI_REDRAW;
    }
    if (event->key != K_ENTER && event->key != K_F10)
        return edit_type(ui, &troubles->reason, event, _("The field is full."));
    int error = done(ui, troubles, (size_t)pick_chosen(&troubles->pick));
    if (!error)
        error = ask(ui, troubles);
    if (error == SND_E_INVALID) {
        ui_tell(ui, TELL_ERROR, "%s", _("Write in a few words why it is closed."));
        return UI_REDRAW;
    }
    if (error) {
        ui_tell_error(ui, error);
        return UI_REDRAW;
    }
    troubles->asking = 0;
    ui_tell(ui, TELL_DONE, "%s", _("It is closed, and the trail says why."));
    return UI_REDRAW;
}

/* The list, the words about the chosen row, and the reason; `hint` while none is typed. */
static void paint(struct ui *ui, struct troubles *troubles, const char *title, const char *words,
                  const char *hint)
{
    int rows = frame_body(ui) - WORDS_ROWS, below = FRAME_TOP + rows;
    frame_context(
        ui, title,
        arena_printf(ui->arena, _("open: %s"), frame_number(ui, (int64_t)troubles->count)));
    frame_hint(ui, troubles->asking
                       ? _("Enter closes it; your name and the reason stay in the trail.")
                       : hint);
    pick_paint(ui, &troubles->pick, FRAME_TOP, rows - 1, NULL);
    frame_paragraph(ui, below, 2, frame_width(ui) - 2, WORDS_ROWS - 1, words, LOOK_PLAIN);
    if (!troubles->asking)
        return;
    frame_text(ui, below + WORDS_ROWS - 1, 2, REASON_LABEL, _("Reason:"), LOOK_FOCUS);
    edit_paint_row(ui, &troubles->reason, below + WORDS_ROWS - 1, REASON_LABEL + 3,
                   frame_width(ui) - REASON_LABEL - 5, 1);
}

static unsigned list_key(struct ui *ui, struct troubles *troubles, const struct key_event *event)
{
    return pick_key(&troubles->pick, event, 0, ui) == PICK_IGNORED ? UI_IGNORED : UI_REDRAW;
}

/* ---- conflicts of requests ---- */

static int list_conflicts(struct ui *ui, struct troubles *troubles, struct arena *arena)
{
    return book_conflict_list(ui->book, arena, &troubles->conflict, &troubles->count);
}

static void conflict_item(struct ui *ui, const struct troubles *troubles, size_t row,
                          struct pick_item *out)
{
    const struct book_conflict *conflict = &troubles->conflict[row];
    struct arena *arena = troubles->arena;
    out->text = arena_printf(arena, "%s" LAYOUT_GAP "%s", short_number(ui, conflict->number),
                             conflict->applicant);
    out->note =
        arena_printf(arena, "%s%s" LAYOUT_GAP "%s", row_tail(ui, conflict->tail, arena),
                     state_name(conflict->state, msg_language()), frame_moment(ui, conflict->at));
}

int conflicts_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    static const struct trouble_rows rows = {N_("No conflict is open."), list_conflicts,
                                             conflict_item};
    (void)arg;
    return troubles_begin(ui, &rows, state);
}

void conflicts_close(struct ui *ui, void *state)
{
    (void)ui;
    troubles_end(state);
}

void conflicts_resume(struct ui *ui, void *state)
{
    int error = ask(ui, state);
    if (error)
        ui_tell_error(ui, error);
}

static int close_conflict(struct ui *ui, const struct troubles *troubles, size_t row)
{
    return book_conflict_close(ui->book, &troubles->conflict[row], troubles->reason.text);
}

unsigned conflicts_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct troubles *troubles = state;
    int chosen = pick_chosen(&troubles->pick);
    struct ui_arg arg = {0};
    if (troubles->asking)
        return reason_key(ui, troubles, event, close_conflict);
    if (event->key == K_F8 && ui_may(ui, OP_CONFLICT_CLOSE))
        return ask_reason(ui, troubles);
    if (event->key != K_ENTER || chosen < 0)
        return list_key(ui, troubles, event);
    (void)str_copy(arg.text, sizeof arg.text, troubles->conflict[chosen].number);
    ui_push(ui, SCREEN_REQUEST, &arg);
    return UI_HANDLED;
}

static const char *conflict_words(struct ui *ui, const struct book_conflict *conflict)
{
    return arena_printf(
        ui->arena,
        _("Two changed the request at once. What %s of centre %s did was not taken: "
          "%s, %s. The hub's word stands: %s. Look at the request, tell the person, "
          "and close the conflict."),
        conflict->account, conflict->centre, state_name(conflict->lost, msg_language()),
        frame_moment(ui, conflict->at), state_name(conflict->state, msg_language()));
}

void conflicts_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_ENTER, N_("open the request")},
                                            {K_F1, N_("help")},
                                            {K_F3, N_("back")},
                                            {K_F8, N_("close it")}};
    struct troubles *troubles = state;
    int chosen = pick_chosen(&troubles->pick), closes = ui_may(ui, OP_CONFLICT_CLOSE);
    paint(ui, troubles, _("What two did at once"),
          chosen < 0 ? "" : conflict_words(ui, &troubles->conflict[chosen]),
          closes ? _("Enter opens the request, F8 closes the conflict.")
                 : _("The owner of the centre closes a conflict."));
    frame_keys(ui, keys, SND_COUNT(keys) - (closes ? 0 : 1));
}

/* ---- events that are held back ---- */

static const struct {
    const char *word, *name;
} reasons[] = {
    {"json", N_("it can't be read")},     {"foreign", N_("it speaks of another centre")},
    {"form", N_("its form is not here")}, {"refused", N_("it does not fit what is here")},
    {"large", N_("it is too large")},     {"purged", N_("its contents were purged before it came")},
};

static const char *why_words(const char *why)
{
    for (size_t i = 0; i < SND_COUNT(reasons); i++)
        if (strcmp(reasons[i].word, why) == 0)
            return _(reasons[i].name);
    return why;
}

static const char *deed_words(const char *type)
{
    const struct deed_row *deed = deed_find(type);
    return deed ? deed->name[msg_language()] : type;
}

static int list_held(struct ui *ui, struct troubles *troubles, struct arena *arena)
{
    return book_quarantine_list(ui->book, arena, &troubles->held, &troubles->count);
}

static void held_item(struct ui *ui, const struct troubles *troubles, size_t row,
                      struct pick_item *out)
{
    const struct book_quarantined *held = &troubles->held[row];
    struct arena *arena = troubles->arena;
    out->text = arena_printf(arena, "%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s", held->centre,
                             deed_words(held->type), short_number(ui, held->number));
    out->note =
        arena_printf(arena, "%s%s", row_tail(ui, held->tail, arena), frame_moment(ui, held->at));
}

int quarantine_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    static const struct trouble_rows rows = {N_("No event is held back."), list_held, held_item};
    (void)arg;
    return troubles_begin(ui, &rows, state);
}

void quarantine_close(struct ui *ui, void *state)
{
    (void)ui;
    troubles_end(state);
}

static int close_held(struct ui *ui, const struct troubles *troubles, size_t row)
{
    return book_quarantine_close(ui->book, &troubles->held[row], troubles->reason.text);
}

static unsigned try_again(struct ui *ui, struct troubles *troubles)
{
    int chosen = pick_chosen(&troubles->pick);
    if (chosen < 0)
        return UI_HANDLED;
    int error = book_quarantine_retry(ui->book, &troubles->held[chosen]);
    if (!error)
        error = ask(ui, troubles);
    if (error == SND_E_INVALID)
        ui_tell(ui, TELL_WARNING, "%s",
                _("It still can't be taken: something is missing; F8 closes it."));
    else if (error)
        ui_tell_error(ui, error);
    else
        ui_tell(ui, TELL_DONE, "%s", _("It is taken now, as if it had just come."));
    return UI_REDRAW;
}

unsigned quarantine_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct troubles *troubles = state;
    int may = ui_may(ui, OP_QUARANTINE_RETRY);
    if (troubles->asking)
        return reason_key(ui, troubles, event, close_held);
    if (event->key == K_F5 && may)
        return try_again(ui, troubles);
    if (event->key == K_F8 && may)
        return ask_reason(ui, troubles);
    return list_key(ui, troubles, event);
}

static const char *held_words(struct ui *ui, const struct book_quarantined *held)
{
    return arena_printf(
        ui->arena,
        _("Event %s of centre %s was not taken: %s. It is kept as it came, and "
          "nothing else waits for it. After an upgrade, or when what was missing is "
          "here, it is tried again."),
        arena_printf(ui->arena, "%lld.%lld", (long long)held->epoch, (long long)held->seq),
        held->centre, why_words(held->why));
}

void quarantine_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_F1, N_("help")}, {K_F3, N_("back")}, {K_F5, N_("try again")}, {K_F8, N_("close it")}};
    struct troubles *troubles = state;
    int chosen = pick_chosen(&troubles->pick), may = ui_may(ui, OP_QUARANTINE_RETRY);
    paint(ui, troubles, _("What centres sent and was not taken"),
          chosen < 0 ? "" : held_words(ui, &troubles->held[chosen]),
          may ? _("F5 tries the event again, F8 lets it rest for a reason.")
              : _("The administrator tries it again or lets it rest."));
    frame_keys(ui, keys, SND_COUNT(keys) - (may ? 0 : 2));
}
