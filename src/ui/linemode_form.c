/* SPDX-License-Identifier: Apache-2.0
 * A form in line mode: its fields one after another, then what is wrong, then the review, then the
 * number. Under it is the same state that the screens fill, so the draft is the same draft.
 *
 * Answers may be typed ahead, or a form pasted at its prompts. A wrong one among them is told at
 * once and asked for again when the others are done; but where other fields hang on it what was
 * typed ahead is held until it is right, as it might else land in the wrong fields. Nothing typed
 * is thrown away: what makes no value stays in its field as it is. */
#include <string.h>
#include "base/err.h"
#include "form/sheet.h"
#include "text/date.h"
#include "text/fold.h"
#include "ui/frame.h"
#include "ui/linemode_priv.h"

/* ---- moving ---- */

void lineform_go(struct lineform *form, int field)
{
    form->reviewing = 0;
    fill_go(&form->lm->ui, form->fill, field);
}

/* What the form has worked out by itself between two fields. */
static void say_calculated(struct lineform *form, int from, int to)
{
    const struct fill *fill = form->fill;
    for (int i = from + 1; i < to; i++) {
        const struct field *field = &fill->form->field[i];
        if (field->calculate && fill->record->relevant[i] && fill->record->value[i])
            lineform_say(form, i, value_words(&form->lm->ui, field, fill->record->value[i]));
    }
}

/* Why the field is asked for again, NULL = it isn't. */
static const char *why_wrong(struct lineform *form, int field)
{
    struct fill *fill = form->fill;
    struct fault fault;
    if (!fill_focusable(fill, field))
        x_free(&form->why[field]);
    if (form->why[field])
        return form->why[field];
    if (!record_judge(fill->record, field, &fill->day, msg_language(), &fault))
        return NULL;
    return lineform_sentence(&fill->form->field[field], fault.rule, fault.sentence);
}

/* The first field behind that one that is asked for again, around the end; -1 = none. */
static int next_wrong(struct lineform *form, int from)
{
    int fields = (int)form->fill->form->fields;
    for (int i = 1; i <= fields; i++) {
        int field = (from + i) % fields;
        if (fill_focusable(form->fill, field) && why_wrong(form, field))
            return field;
    }
    return -1;
}

void lineform_next(struct lineform *form)
{
    struct fill *fill = form->fill;
    int at = fill->focus;
    int field = form->correcting ? next_wrong(form, at) : fill_next(fill, at, 1);
    if (!form->correcting)
        say_calculated(form, at, field < 0 ? (int)fill->form->fields : field);
    if (field < 0)
        lineform_review(form);
    else
        lineform_go(form, field);
}

/* ---- the review ---- */

static size_t say_faults(struct lineform *form)
{
    size_t count = 0;
    for (size_t i = 0; i < form->fill->form->fields; i++)
        count += why_wrong(form, (int)i) != NULL;
    if (count > 0)
        linemode_sayf(form->lm,
                      P_("%s field to correct:", "%s fields to correct:", (unsigned long)count),
                      frame_number(&form->lm->ui, (int64_t)count));
    for (size_t i = 0; i < form->fill->form->fields; i++) {
        const char *why = why_wrong(form, (int)i);
        if (why)
            lineform_say(form, (int)i, why);
    }
    return count;
}

/* What is under way already for the same person. */
static void say_alike(struct lineform *form, const struct review *review)
{
    for (size_t i = 0; i < review->alikes; i++) {
        char date[16];
        const struct book_alike *alike = &review->alike[i];
        date_text(alike->day, CALENDAR_GREGORIAN, date);
        linemode_sayf(form->lm, _("This person has one: %s of %s, %s."), alike->number, date,
                      state_name(alike->state, msg_language()));
    }
}

/* The screen's own review, without its picture, in front of the form while it is open. */
static struct review *open_review(struct lineform *form)
{
    struct ui *ui = &form->lm->ui;
    struct ui_arg arg = {.thing = &form->fill->review};
    if (review_open(ui, &arg, &ui->stack[1].state) != 0)
        return NULL;
    ui->stack[1].id = SCREEN_REVIEW;
    ui->depth = 2;
    return ui->stack[1].state;
}

static void close_review(struct lineform *form)
{
    struct ui *ui = &form->lm->ui;
    ui->depth = 1;
    review_close(ui, ui->stack[1].state);
}

void lineform_review(struct lineform *form)
{
    struct fill *fill = form->fill;
    struct ui *ui = &form->lm->ui;
    fill_tick(ui, fill, 0); /* the last answer is kept now */
    form->correcting = say_faults(form) > 0;
    int field = form->correcting ? next_wrong(form, -1) : -1;
    if (field >= 0) {
        lineform_go(form, field);
        return;
    }
    form->reviewing = 1;
    struct review *review = form->correcting ? NULL : open_review(form);
    if (!review)
        return;
    linemode_hear(form->lm);
    say_alike(form, review);
    close_review(form);
    record_fee(fill->record, &fill->day, &form->fee);
    linemode_say_fees(form->lm, form->fee.agency, form->fee.centre);
}

/* The fees were said just before; the ledger's own, where they are others, count. */
static void say_receipt(struct lineform *form, const struct receipt_case *done)
{
    const struct book_receipt *receipt = &done->receipt;
    struct ui *ui = &form->lm->ui;
    linemode_stand(form->lm, SCREEN_RECEIPT, done->receipt.number);
    linemode_sayf(form->lm, "%s %s", _("The request is kept. Its number:"), done->receipt.number);
    linemode_sayf(form->lm, _("Keep this number; the answer is expected within %s."),
                  sheet_target(done->form, ui->arena));
    if (receipt->fee_agency != form->fee.agency || receipt->fee_centre != form->fee.centre)
        linemode_say_fees(form->lm, receipt->fee_agency, receipt->fee_centre);
    ui_quiet(ui);
    seat_tell(ui, done->form, done->receipt.number);
    linemode_say_message(form->lm);
    if (done->receipt.disk_low)
        linemode_say(form->lm,
                     _("The server's disk is nearly full: call the person who looks after it."));
}

/* The ledger has found what the form's own rules let pass. */
static void take_faults(struct lineform *form, const struct review *review)
{
    for (size_t i = 0; i < review->faults; i++) {
        const struct fault *fault = &review->fault[i];
        char **why = &form->why[fault->field];
        x_free(why);
        *why = x_strdup(lineform_sentence(&form->fill->form->field[fault->field], fault->rule,
                                          fault->sentence));
    }
}

/* Submits: 1 = the form is done. */
static int submit(struct lineform *form)
{
    struct receipt_case done;
    struct review *review = open_review(form);
    int error = review ? review_send(&form->lm->ui, review, &done) : SND_E_BUSY;
    if (review && error == SND_E_INVALID)
        take_faults(form, review);
    if (review)
        close_review(form);
    if (error == 0)
        say_receipt(form, &done);
    else if (error == SND_E_INVALID)
        lineform_review(form);
    else if (error == SND_E_LOST || error == SND_E_TIMEOUT || error == SND_E_BUSY)
        linemode_say(form->lm,
                     _("The book did not answer. Send it again: it can't be submitted twice."));
    else
        linemode_say(form->lm, ui_error_words(error));
    return error == 0;
}

/* ---- the words ---- */

int lineword_send(struct lineform *form, const char *rest)
{
    (void)rest;
    if (!form->reviewing) {
        lineform_review(form);
        return 0;
    }
    if (form->lm->ahead && linemode_number(form->lm->line, 9)) {
        linemode_say(form->lm,
                     _("That was typed before this was asked: send it now, or list it first."));
        return 0;
    }
    return submit(form);
}

int lineword_list(struct lineform *form, const char *rest)
{
    struct fee fee;
    (void)rest;
    linemode_values(form->lm, form->fill->record, 1);
    record_fee(form->fill->record, &form->fill->day, &fee);
    linemode_say_fees(form->lm, fee.agency, fee.centre);
    return 0;
}

int lineword_back(struct lineform *form, const char *rest)
{
    (void)rest;
    int from = form->reviewing ? (int)form->fill->form->fields : form->fill->focus;
    int field = fill_next(form->fill, from, -1);
    form->correcting = 0;
    if (field < 0)
        linemode_say(form->lm, _("This is the first field."));
    else
        lineform_go(form, field);
    return 0;
}

/* A field by its number in the list, by its key, or by words of its label; -1 = none. */
static int field_said(const struct lineform *form, const char *said)
{
    const struct form *of = form->fill->form;
    int number = linemode_number(said, of->fields);
    if (number)
        return number - 1;
    if (form_field(of, said) >= 0)
        return form_field(of, said);
    for (size_t i = 0; *said && i < of->fields; i++) {
        struct arena *arena = arena_new();
        int fits = fill_focusable(form->fill, (int)i) &&
                   fold_matches(item_folded(arena, of->field[i].label[LANG_AR],
                                            of->field[i].label[LANG_EN], ""),
                                said);
        arena_free(&arena);
        if (fits)
            return (int)i;
    }
    return -1;
}

int lineword_go(struct lineform *form, const char *rest)
{
    int field = field_said(form, rest);
    if (field < 0 || !fill_focusable(form->fill, field)) {
        linemode_say(form->lm, _("No field here has that number or name: list shows them."));
        return 0;
    }
    form->correcting = 0;
    lineform_go(form, field);
    return 0;
}

int lineword_papers(struct lineform *form, const char *rest)
{
    (void)rest;
    if (fill_papers(&form->lm->ui, form->fill) == 0)
        linemode_say(form->lm, _("All papers are noted: fill in what is still missing."));
    linemode_say_message(form->lm);
    lineform_review(form);
    return 0;
}

int lineword_later(struct lineform *form, const char *rest)
{
    (void)form;
    (void)rest;
    return 1;
}

int lineword_park(struct lineform *form, const char *rest)
{
    struct ui *ui = &form->lm->ui;
    unsigned before = ui->parked;
    (void)rest;
    (void)fill_key(ui, form->fill, &(struct key_event){.key = K_F9});
    int home = ui->next != NEXT_NONE;
    ui->next = NEXT_NONE;
    for (int digit = 1; digit <= BOOK_PARKED; digit++) {
        if ((ui->parked & ~before) & (1u << digit)) {
            ui_quiet(ui);
            linemode_sayf(form->lm, _("Put aside under %s: it stands among the drafts."),
                          frame_number(ui, digit));
        }
    }
    linemode_say_message(form->lm);
    return home;
}

int lineword_print(struct lineform *form, const char *rest)
{
    (void)rest;
    (void)fill_key(&form->lm->ui, form->fill, &(struct key_event){.key = K_F7});
    linemode_say_message(form->lm);
    return 0;
}

int lineword_needs(struct lineform *form, const char *rest)
{
    (void)rest;
    linemode_sheet(form->lm, form->fill->form, NULL);
    return 0;
}

int lineword_language(struct lineform *form, const char *rest)
{
    linehome_language(form->lm, rest);
    form->group = -1;
    return 0;
}

int lineword_order(struct lineform *form, const char *rest)
{
    linehome_order(form->lm, rest);
    return 0;
}

int lineword_leave(struct lineform *form, const char *rest)
{
    (void)rest;
    form->lm->ui.leaving = 1;
    return 1;
}

int lineword_help(struct lineform *form, const char *rest)
{
    (void)rest;
    linemode_say_words(form->lm, form->reviewing ? AT_REVIEW : AT_FIELD);
    linemode_say(form->lm, _("In a form: answer and press Enter; Enter alone keeps what stands in "
                             "brackets, a dash empties it, ? explains, < goes back."));
    return 0;
}

/* ---- one line ---- */

/* The answer as the form has it, where that isn't what was typed. */
static void say_understood(struct lineform *form, int field, const char *typed)
{
    const struct fill *fill = form->fill;
    const char *stored = fill->record->value[field];
    if (!*typed || !stored)
        return;
    const char *words = value_words(&form->lm->ui, &fill->form->field[field], stored);
    if (!linemode_same(words, typed) && strcmp(typed, "+") != 0)
        lineform_say(form, field, words);
}

static void take_wrong(struct lineform *form, const char *answer)
{
    struct fill *fill = form->fill;
    int at = fill->focus;
    lineform_say(form, at, form->why[at]);
    linemode_gather(form->lm);
    int ahead = linemode_pending(form->lm);
    if (ahead && (fill_field(fill)->choices || lineform_decides(fill->form, at))) {
        linemode_hold(form->lm);
        form->waiting = at;
    } else if (ahead || !*answer) {
        lineform_leave_wrong(form);
        lineform_next(form);
    }
}

static void take_answer(struct lineform *form, const char *answer)
{
    int at = form->fill->focus;
    char *typed = x_strdup(answer);
    if (lineform_take(form, typed)) {
        linemode_say_message(form->lm);
        say_understood(form, at, typed);
        if (form->waiting == at) {
            linemode_release(form->lm);
            form->waiting = -1;
        }
        lineform_next(form);
    } else {
        take_wrong(form, typed);
    }
    mem_wipe(typed, strlen(typed));
    x_free(&typed);
}

/* A dot before digits may be the beginning of an amount. No document has the number `send`. */
static int is_word(const struct lineform *form, const char *line)
{
    const struct field *field = fill_field(form->fill);
    const char *rest;
    if (field->kind == FIELD_DOC && !linemode_number(line, 99) &&
        linemode_word(&form->lm->ui, line, AT_FIELD, &rest) && !*rest)
        return 1;
    int number = field->kind == FIELD_AMOUNT || field->kind == FIELD_DECIMAL;
    return *line == '.' && !(number && line[1] >= '0' && line[1] <= '9');
}

/* Returns 1 when the form is left. */
static int take_line(struct lineform *form, const char *line)
{
    unsigned where = form->reviewing ? AT_REVIEW : AT_FIELD;
    const char *rest = "";
    int asks = *line == '?' || strncmp(line, "؟", strlen("؟")) == 0;
    if (strcmp(line, "<") == 0)
        return lineword_back(form, "");
    if (asks && form->reviewing)
        return lineword_help(form, "");
    if (asks) {
        line += *line == '?' ? 1 : strlen("؟");
        lineform_help(form, line + strspn(line, " "));
        return 0;
    }
    if (form->reviewing || is_word(form, line)) {
        const struct lineword *word = linemode_word(&form->lm->ui, line, where, &rest);
        if (word)
            return word->form(form, rest);
        linemode_say(form->lm, form->reviewing
                                   ? _("There is no such word here: ? lists them.")
                                   : _("There is no such word here: .help lists them."));
        return 0;
    }
    take_answer(form, line);
    return 0;
}

/* ---- the form ---- */

static void say_group(struct lineform *form)
{
    const struct form *of = form->fill->form;
    int group = fill_field(form->fill)->group;
    if (group == form->group || linemode_pending(form->lm))
        return;
    form->group = group;
    linemode_sayf(form->lm, "%d/%d %s", of->group[group].page + 1, of->pages,
                  of->group[group].title[msg_language()]);
}

static const char *ask(struct lineform *form)
{
    if (form->reviewing)
        return linemode_ask(
            form->lm,
            form->correcting
                ? _("What is wrong can't be typed here: go to the field that it follows from.")
                : _("All is filled in. 1 = send, 2 = list, < = back; ? says more:"));
    say_group(form);
    return linemode_ask(form->lm, lineform_prompt(form));
}

/* The beginning of an answer, when a pipe or the line ended within it. */
static void keep_rest(struct lineform *form)
{
    const char *rest = linemode_rest(form->lm);
    struct edit *edit = &form->fill->edit;
    if (!*rest || form->reviewing || form->fill->submitted || form->fill->readonly)
        return;
    if (form->waiting >= 0) { /* it is no answer to the field that is wrong */
        buf_puts(&form->lm->held, rest);
        return;
    }
    edit_set(edit, rest, edit->max, edit->dir);
    edit->changed = 1;
    fill_touch(&form->lm->ui, form->fill);
}

static void run(struct lineform *form)
{
    const char *line;
    while ((line = ask(form)) != NULL) {
        if (form->fill->readonly) {
            linemode_say(form->lm, _("Another session has taken this draft: go on there."));
            return;
        }
        if (take_line(form, line) || form->lm->ui.leaving)
            return;
    }
    keep_rest(form);
}

void linemode_fill(struct linemode *lm, const struct ui_arg *arg)
{
    struct ui *ui = &lm->ui;
    struct lineform form = {.lm = lm, .group = -1, .waiting = -1};
    ui->answer = -1;
    if (fill_open(ui, arg, &ui->stack[0].state) != 0) {
        linemode_say_message(lm);
        return;
    }
    lm->stood = 1;
    lm->place[0] = '\0'; /* the draft is offered by itself */
    ui->stack[0].id = SCREEN_FILL;
    ui->depth = 1;
    form.fill = ui->stack[0].state;
    size_t fields = form.fill->form->fields;
    form.why = x_calloc(fields + 1, sizeof *form.why);
    linemode_sayf(lm, "%s %s", form.fill->form->code, form.fill->form->title[msg_language()]);
    if (linemode_take_held(lm))
        form.waiting = form.fill->focus;
    run(&form);
    if (lm->input_ended || lm->ended)
        linemode_keep_held(lm);
    else
        linemode_drop_held(lm);
    int kept = form.fill->exists && !form.fill->submitted && !form.fill->readonly;
    ui->depth = 0;
    fill_close(ui, form.fill);
    linemode_say_message(lm);
    if (kept)
        linemode_say(lm, _("The draft is kept."));
    for (size_t i = 0; i < fields; i++)
        x_free(&form.why[i]);
    x_free(&form.why);
}
