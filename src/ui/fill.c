/* SPDX-License-Identifier: Apache-2.0
 * Filling a form: moving between fields and pages, keeping the draft, going on to the review.
 *
 * The draft is saved at each exit of a field and once a second while typing, with the unfinished
 * text, the field and the caret, and never waited for except on the way out. A lost ledger is told
 * and tried again; what was typed stays here until it is kept there.
 *
 * Practice is the same form of which nothing is kept: no draft, no request. Its F5 has somebody
 * made up. */
#include "ui/fill_priv.h"
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"

#define HELD_BYTES 20480 /* of a draft, for keys that wait: 5 a key */

/* ---- the draft ---- */

void fill_touch(struct ui *ui, struct fill *fill)
{
    if (fill->readonly || fill->practice)
        return;
    fill->exists = 1;
    fill->dirty = 1;
    fill->leave_anyway = 0;
    ui->unsaved = 1;
}

#define FAILURES_TOLD 3
static void save_failed(struct ui *ui, struct fill *fill, int error)
{
    fill->failures++;
    if (error != SND_E_LOST && error != SND_E_BUSY)
        log_warn("session.draft_refused", "error=%d", error);
    if (error == SND_E_LOST || fill->failures == FAILURES_TOLD)
        ui_tell(ui, TELL_WARNING, "%s",
                _("Your draft will be saved as soon as possible: go on typing."));
}

static int save(struct ui *ui, struct fill *fill)
{
    struct buf typed = BUF_INIT(EDIT_BYTES + 8 + HELD_BYTES);
    const char *name =
        fill->form->applicant_name ? record_get(fill->record, fill->form->applicant_name) : NULL;
    if (ui->held_count != fill->held)
        fill_touch(ui, fill);
    fill->held = ui->held_count;
    if (!fill->dirty || fill->readonly) {
        ui->unsaved = 0;
        return 0;
    }
    fill->draft.field = fill->focus;
    fill->draft.caret = fill->edit.caret;
    (void)str_copy(fill->draft.summary, sizeof fill->draft.summary, name ? name : "");
    fill_typed(fill, &typed);
    ui_held_put(ui, &typed);
    int error = book_draft_put(ui->book, &fill->draft, buf_text(&typed), fill->record);
    buf_free(&typed);
    if (error) {
        save_failed(ui, fill, error);
        return error;
    }
    fill->dirty = 0;
    ui->unsaved = 0;
    if (fill->failures > 0 && ui->message_kind == TELL_WARNING)
        ui_tell(ui, TELL_DONE, "%s", _("Your draft is saved."));
    fill->failures = 0;
    return 0;
}

void fill_tick(struct ui *ui, void *state, int64_t now)
{
    (void)now;
    (void)save(ui, state);
}

void fill_lost(struct ui *ui, void *state, int error)
{
    struct fill *fill = state;
    if (fill->submitted || fill->readonly || fill->practice)
        return;
    if (error == SND_E_INUSE) {
        fill->readonly = 1;
        fill->dirty = 0;
        ui->unsaved = 0;
        ui_tell(ui, TELL_ERROR, "%s",
                _("Another session has taken this draft: press F3 and go on there."));
        return;
    }
    fill_touch(ui, fill);
    save_failed(ui, fill, error);
}

/* Keeps the draft and waits until it is kept. */
static int keep(struct ui *ui, struct fill *fill)
{
    if (!fill->exists || fill->readonly || fill->submitted)
        return 0;
    int error = save(ui, fill);
    return error ? error : book_draft_flush(ui->book);
}

/* ---- opening and closing ---- */

static void set_up(struct ui *ui, struct fill *fill)
{
    fill->day = (struct rule_day){.today = ui->me.today, .wilayat = ui->me.wilayat};
    fill->fault = x_calloc(fill->form->fields + 1, sizeof *fill->fault);
    fill->given = x_calloc(fill->form->fields + 1, sizeof *fill->given);
    fill->place = x_calloc(fill->form->fields + 1, sizeof *fill->place);
    fill->wide = x_calloc(fill->form->fields + 1, sizeof *fill->wide);
    fill->wide_lang = LANG_COUNT;
    fill->refused = fill->asked = -1;
    fill->review =
        (struct review_case){.draft = &fill->draft,
                             .record = fill->record,
                             .day = &fill->day,
                             .submitted = &fill->submitted,
                             .first_faults = fill->practice ? &fill->first_faults : NULL};
    fill->first_faults = -1;
    ui->practising = fill->practice;
    record_settle(fill->record, &fill->day, 1);
}

static void begin_new(struct fill *fill, const struct form *form)
{
    fill->form = form;
    fill->record = record_new(form);
    fill->draft.id = id_new();
    (void)str_copy(fill->draft.service, sizeof fill->draft.service, form->code);
    memcpy(fill->draft.sha, form->sha, HASH_SIZE);
}

/* The first field that has nothing in it yet, or the first of all. */
static void first_field(struct fill *fill)
{
    int first = fill_next(fill, -1, 1), field = first;
    while (field >= 0 && fill->record->value[field])
        field = fill_next(fill, field, 1);
    fill_enter(fill, field >= 0 ? field : first < 0 ? 0 : first);
}

/* A value that was left wrong is marked again when its draft is opened. */
static void mark_wrong(struct fill *fill)
{
    struct fault fault;
    for (size_t i = 0; i < fill->form->fields; i++)
        if (fill->record->value[i] &&
            record_judge(fill->record, (int)i, &fill->day, msg_language(), &fault) &&
            fault.rule != FAULT_REQUIRED)
            fill->fault[i] = (uint8_t)fault.rule;
}

/* Of keys that were typed past the field when the line broke off. */
static void tell_held(struct ui *ui, struct fill *fill)
{
    fill->held = ui->held_count;
    if (ui->held_count > 0)
        ui_tell(ui, TELL_WARNING, "%s",
                _("Correct this field and press Enter: what you typed after it goes on then."));
}

static int begin_draft(struct ui *ui, struct fill *fill, const struct id *id)
{
    char *typed = NULL;
    int error = book_draft_open(ui->book, id, &fill->draft, &typed, &fill->record);
    if (error) {
        ui_tell_error(ui, error);
        x_free(&typed);
        return error;
    }
    fill->form = fill->record->form;
    fill->exists = 1;
    set_up(ui, fill);
    mark_wrong(fill);
    int field = fill->draft.field;
    if (field >= 0 && (size_t)field < fill->form->fields && fill_focusable(fill, field)) {
        fill_enter(fill, field);
        ui_held_take(ui, typed);
        fill_restore(fill, typed, fill->draft.caret);
        tell_held(ui, fill);
    } else {
        first_field(fill);
    }
    x_free(&typed);
    return 0;
}

int fill_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct fill *fill = x_alloc(sizeof *fill);
    int error = 0;
    if (arg->thing) {
        fill->practice = arg->index == BEGIN_PRACTICE;
        begin_new(fill, arg->thing);
        set_up(ui, fill);
        if (arg->index == BEGIN_SAME_PERSON && ui->repeat.record)
            fill_carry(fill, ui->repeat.record);
        if (arg->index == BEGIN_CORRECTION && ui->repeat.record)
            fill_again(fill, ui->repeat.record);
        ui->unsaved |= fill->dirty;
        first_field(fill);
        if (fill->practice)
            ui_tell(ui, TELL_PLAIN, "%s",
                    _("Practice: F5 answers for somebody made up, F5 again all of the form."));
    } else {
        error = begin_draft(ui, fill, &arg->id);
    }
    if (error) {
        fill_close(ui, fill);
        return error;
    }
    *state = fill;
    return 0;
}

void fill_close(struct ui *ui, void *state)
{
    struct fill *fill = state;
    if (fill->record && keep(ui, fill) == 0 && fill->exists && !fill->readonly && !fill->submitted)
        (void)!book_draft_release(ui->book, &fill->draft.id);
    ui_drop(ui);
    ui->unsaved = 0;
    ui->practising = 0;
    record_free(&fill->record);
    record_free(&fill->past);
    arena_free(&fill->choices);
    x_free(&fill->fault);
    x_free(&fill->given);
    x_free(&fill->place);
    x_free(&fill->wide);
    if (fill->refused_text)
        mem_wipe(fill->refused_text, strlen(fill->refused_text));
    x_free(&fill->refused_text);
    mem_wipe(&fill->edit, sizeof fill->edit);
    x_free(&fill);
}

/* ---- moving ---- */

void fill_go(struct ui *ui, struct fill *fill, int field)
{
    fill->refused = -1;
    fill->moves++;
    fill_enter(fill, field);
    if (fill->exists)
        fill_touch(ui, fill);
    (void)save(ui, fill);
}

static unsigned review(struct ui *ui, struct fill *fill)
{
    struct ui_arg arg = {.thing = &fill->review};
    (void)save(ui, fill);
    ui_push(ui, SCREEN_REVIEW, &arg);
    return UI_HANDLED;
}

/* Goes on with a wrong value left behind. */
static void abandon(struct ui *ui, struct fill *fill)
{
    fill_abandon(ui, fill);
    ui_release(ui);
    if (fill->fault[fill->focus] == FAULT_NONE)
        ui_quiet(ui);
    else
        /* L10N: the label of a field. */
        ui_tell(ui, TELL_WARNING, _("Correct it before submitting: %s."),
                fill_field(fill)->label[msg_language()]);
}

/* A wrong value keeps the cursor once; a second Enter goes on, the mark stays for the review. */
static int may_leave(struct ui *ui, struct fill *fill, enum commit commit)
{
    if (commit == COMMIT_ASKING)
        return 0;
    if (commit == COMMIT_RIGHT) {
        fill->refused = -1;
        ui_release(ui);
        return 1;
    }
    if (fill->refused == fill->focus && strcmp(fill->refused_text, fill->edit.text) == 0) {
        fill->refused = -1;
        abandon(ui, fill);
        return 1;
    }
    fill->refused = fill->focus;
    x_free(&fill->refused_text);
    fill->refused_text = x_strdup(fill->edit.text);
    ui_hold(ui);
    return 0;
}

unsigned fill_forward(struct ui *ui, struct fill *fill)
{
    if (!may_leave(ui, fill, fill_commit(ui, fill)))
        return UI_REDRAW;
    int field = fill_next(fill, fill->focus, 1);
    if (field < 0)
        return review(ui, fill) | UI_REDRAW;
    fill_go(ui, fill, field);
    return UI_FOCUS;
}

static unsigned back(struct ui *ui, struct fill *fill, enum key key)
{
    (void)key;
    enum commit commit = fill_commit(ui, fill);
    if (commit == COMMIT_ASKING)
        return UI_REDRAW;
    if (commit == COMMIT_WRONG)
        abandon(ui, fill);
    int field = fill_next(fill, fill->focus, -1);
    ui_release(ui);
    if (field < 0)
        return UI_REDRAW;
    fill_go(ui, fill, field);
    return UI_FOCUS;
}

static int page_of(const struct fill *fill, int field)
{
    return fill->form->group[fill->form->field[field].group].page;
}

static unsigned turn(struct ui *ui, struct fill *fill, enum key key)
{
    enum commit commit = fill_commit(ui, fill);
    if (commit == COMMIT_ASKING)
        return UI_REDRAW;
    if (commit == COMMIT_WRONG)
        abandon(ui, fill);
    ui_release(ui);
    int want = page_of(fill, fill->focus) + (key == K_PAGEDOWN ? 1 : -1);
    for (int field = fill_next(fill, -1, 1); field >= 0; field = fill_next(fill, field, 1)) {
        if (page_of(fill, field) == want) {
            fill_go(ui, fill, field);
            break;
        }
    }
    return UI_REDRAW;
}

/* Home with the draft kept, or nowhere when it could not be. */
static int kept(struct ui *ui, struct fill *fill)
{
    if (keep(ui, fill) == 0 || fill->leave_anyway) {
        if (fill->practice)
            ui_tell(ui, TELL_PLAIN, "%s", _("The practice is over: nothing of it was kept."));
        else if (fill->exists && !fill->readonly)
            ui_tell(ui, TELL_DONE, "%s", _("The draft is kept."));
        return 1;
    }
    fill->leave_anyway = 1;
    ui_tell(ui, TELL_ERROR, "%s",
            _("The draft is not saved yet: wait, or press the key again to leave."));
    return 0;
}

static unsigned leave(struct ui *ui, struct fill *fill, enum key key)
{
    if (!kept(ui, fill))
        return UI_HANDLED;
    ui->answer = -1;
    if (key == K_F3)
        return UI_LEAVE;
    struct ui_arg arg = {.thing = fill->form,
                         .index = fill->practice ? BEGIN_PRACTICE : BEGIN_EMPTY};
    ui_home_push(ui, SCREEN_FILL, &arg);
    return UI_HANDLED;
}

/* Home, with the form put aside under a digit. */
static unsigned park(struct ui *ui, struct fill *fill, enum key key)
{
    int digit = 0, error = 0;
    (void)key;
    if (!kept(ui, fill))
        return UI_HANDLED;
    if (fill->exists && !fill->readonly)
        error = book_draft_park(ui->book, &fill->draft.id, &digit);
    if (error == SND_E_LIMIT) {
        ui_tell(ui, TELL_ERROR, "%s",
                _("Nine forms are parked: press F3, and this one is kept among the drafts."));
        return UI_HANDLED;
    }
    if (digit) {
        ui->parked |= 1u << digit;
        /* L10N: twice the same digit. */
        ui_tell(ui, TELL_DONE, _("Parked under %s: F9 and then %s go on with it."),
                frame_number(ui, digit), frame_number(ui, digit));
    }
    ui_home(ui);
    return UI_HANDLED;
}

/* What the service needs, over the form. */
void fill_more(struct ui *ui, void *state)
{
    struct fill *fill = state;
    struct ui_arg arg = {.thing = &ui->needs};
    ui->needs = (struct needs_case){.form = fill->form};
    (void)save(ui, fill);
    ui_push(ui, SCREEN_NEEDS, &arg);
}

/* ---- keys ---- */

static unsigned key_readonly(struct ui *ui, struct fill *fill, const struct key_event *event)
{
    if (event->key == K_F3)
        return leave(ui, fill, event->key);
    if (event->key == K_F9)
        return park(ui, fill, event->key);
    if (event->key == K_F1)
        return UI_IGNORED;
    int by = event->key == K_UP || event->key == K_BACKTAB ? -1 : 1;
    int field = fill_next(fill, fill->focus, by);
    if (field >= 0)
        fill_enter(fill, field);
    return UI_REDRAW;
}

static unsigned forward(struct ui *ui, struct fill *fill, enum key key)
{
    (void)key;
    return fill_forward(ui, fill);
}

static unsigned finish(struct ui *ui, struct fill *fill, enum key key)
{
    (void)key;
    return may_leave(ui, fill, fill_commit(ui, fill)) ? review(ui, fill) | UI_REDRAW : UI_REDRAW;
}

/* F8: the document of this field; outside such a field all the papers are here, and nothing may be
 * left to fill in. */
static unsigned papers(struct ui *ui, struct fill *fill, enum key key)
{
    struct fault fault;
    (void)key;
    if (fill_field(fill)->kind == FIELD_DOC)
        return fill_document(ui, fill);
    if (!may_leave(ui, fill, fill_commit(ui, fill)))
        return UI_REDRAW;
    int noted = fill_papers(ui, fill);
    if (record_judge_all(fill->record, &fill->day, msg_language(), &fault, 1) == 0)
        return review(ui, fill) | UI_REDRAW;
    if (fill_focusable(fill, fault.field))
        fill_go(ui, fill, fault.field);
    if (noted == 0)
        ui_tell(ui, TELL_PLAIN, "%s", _("All papers are noted: fill in what is still missing."));
    return UI_REDRAW;
}

static unsigned help_field(struct ui *ui, struct fill *fill, enum key key)
{
    return key == K_F4 ? fill_list(ui, fill) : fill_repeat(ui, fill);
}

/* How the draft is printed, to be read and signed before it is submitted. */
static unsigned print(struct ui *ui, struct fill *fill, enum key key)
{
    char file[BOOK_TEXT];
    (void)key;
    if (fill->practice || !fill->exists)
        return UI_IGNORED;
    (void)save(ui, fill);
    book_draft_file(&fill->draft, file);
    return printed_tell(ui, "drafts", file);
}

static unsigned drop_held(struct ui *ui, struct fill *fill, enum key key)
{
    (void)fill;
    (void)key;
    ui_drop(ui);
    return UI_REDRAW;
}

static const struct act {
    enum key key;
    unsigned (*act)(struct ui *ui, struct fill *fill, enum key key);
    int elsewhere; /* it leaves the field, but not for the next one */
} acts[] = {
    {K_ENTER, forward, 0}, {K_TAB, forward, 0}, {K_PLUS_PAD, forward, 0}, {K_DOWN, forward, 0},
    {K_BACKTAB, back, 1},  {K_UP, back, 1},     {K_PAGEDOWN, turn, 1},    {K_PAGEUP, turn, 1},
    {K_F3, leave, 0},      {K_F6, leave, 0},    {K_F9, park, 0},          {K_F4, help_field, 0},
    {K_F5, help_field, 0}, {K_F7, print, 0},    {K_F8, papers, 1},        {K_F10, finish, 1},
    {K_F12, drop_held, 0},
};

/* What waits was typed for the fields after this one: whoever goes elsewhere now gets it there
 * first, as if this field had been left when it was typed. So the key waits behind it. */
static unsigned after_held(struct ui *ui, struct fill *fill, const struct key_event *event)
{
    enum commit commit = fill_commit(ui, fill);
    if (commit == COMMIT_ASKING)
        return UI_REDRAW;
    if (commit == COMMIT_WRONG)
        abandon(ui, fill);
    ui_hold_key(ui, event);
    ui_release(ui);
    int field = fill_next(fill, fill->focus, 1);
    if (field < 0)
        return review(ui, fill) | UI_REDRAW;
    fill_go(ui, fill, field);
    return UI_REDRAW;
}

static unsigned take_key(struct ui *ui, struct fill *fill, const struct key_event *event)
{
    int absorb = fill->absorb_until > 0 && clock_mono_ms() < fill->absorb_until;
    fill->absorb_until = 0;
    if (fill->readonly)
        return key_readonly(ui, fill, event);
    if (event->pasted)
        return fill_type(ui, fill, event);
    /* The field before went on by itself, and the Enter was meant for it. */
    if (event->key == K_ENTER && absorb)
        return UI_HANDLED;
    for (const struct act *act = acts; act < acts + SND_COUNT(acts); act++)
        if (act->key == event->key)
            return act->elsewhere && ui->held_count > 0 ? after_held(ui, fill, event)
                                                        : act->act(ui, fill, event->key);
    return fill_type(ui, fill, event);
}

unsigned fill_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct fill *fill = state;
    unsigned result = take_key(ui, fill, event);
    fill->last = event->key;
    return result;
}

void fill_resume(struct ui *ui, void *state)
{
    struct fill *fill = state;
    int answer = ui->answer;
    ui->answer = -1;
    ui->dirty |= DIRTY_ALL;
    if (fill->choosing != CHOOSING_NOTHING) {
        if (fill_answered(ui, fill, answer))
            (void)fill_forward(ui, fill);
        return;
    }
    /* The review names the field to correct. */
    if (answer >= 0 && (size_t)answer < fill->form->fields && fill_focusable(fill, answer)) {
        struct fault fault;
        fill_enter(fill, answer);
        if (record_judge(fill->record, answer, &fill->day, msg_language(), &fault)) {
            fill->fault[answer] = (uint8_t)fault.rule;
            ui_tell(ui, TELL_ERROR, "%s", _(fault.sentence));
        }
    }
}

const char *fill_topic(struct ui *ui, void *state)
{
    const struct fill *fill = state;
    (void)ui;
    return fill->form->field[fill->focus].help[msg_language()];
}

const char *fill_name(struct ui *ui, void *state)
{
    const struct fill *fill = state;
    if (ui->stack[ui->depth - 1].state != state)
        return fill->form->code;
    return arena_printf(ui->arena, "%s %s", fill->form->code, fill->form->title[msg_language()]);
}

int fill_latin(struct ui *ui, void *state)
{
    (void)ui;
    return field_dir(fill_field(state)) == TEXT_LTR;
}
