/* SPDX-License-Identifier: Apache-2.0
 * All values before they are submitted, with what is wrong on top. Submitting can't be taken back,
 * so Enter does it only when the clerk has seen this screen: an Enter typed ahead does nothing
 * here.
 *
 * The draft's id makes the submit safe to repeat: after a lost answer it is simply sent again. */
#include <string.h>
#include "base/err.h"
#include "base/log.h"
#include "form/sheet.h"
#include "text/date.h"
#include "text/number.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

static void judge(struct review *review)
{
    size_t found = record_judge_all(review->given->record, review->given->day, msg_language(),
                                    review->fault, REVIEW_FAULTS);
    review->faults = found < REVIEW_FAULTS ? found : REVIEW_FAULTS;
    review->at = 0;
}

void review_count_first(const struct review_case *given)
{
    int *first = given->first_faults;
    struct fault fault;
    if (first && *first < 0)
        *first = (int)record_judge_all(given->record, given->day, msg_language(), &fault, 1);
}

int review_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct review *review = x_alloc(sizeof *review);
    review->given = arg->thing;
    review->opened = ui->frames;
    judge(review);
    review_count_first(review->given);
    const struct record *record = review->given->record;
    const char *civil = record_get(record, record->form->applicant_civil);
    if (civil && !review->given->first_faults) /* not asked is not told: it must hold nobody up */
        (void)!book_alike_ask(ui->book, record, civil);
    *state = review;
    return 0;
}

void review_close(struct ui *ui, void *state)
{
    (void)ui;
    struct review *review = state;
    x_free(&review);
}

void review_heard(struct ui *ui, void *state)
{
    struct review *review = state;
    if (book_alike_heard(ui->book, review->alike, &review->alikes) == 0 && review->alikes > 0)
        ui->dirty |= DIRTY_ALL;
}

/* ---- submitting ---- */

/* What F5 repeats in the next request. */
void remember_record(struct ui *ui, const struct record *record)
{
    record_free(&ui->repeat.record);
    ui->repeat.record = record_new(record->form);
    ui->repeat.form = record->form;
    for (size_t i = 0; i < record->form->fields; i++)
        record_set(ui->repeat.record, (int)i, record->value[i]);
}

/* Practice ends here: what is noted of it is who, which service and how it went. The id is the
 * draft's that never was, so that a repeat after a lost answer notes nothing twice. */
static unsigned end_practice(struct ui *ui, const struct review_case *given)
{
    unsigned long faults = (unsigned long)*given->first_faults;
    int error = book_training_add(ui->book, &given->draft->id, given->record->form->sha,
                                  *given->first_faults);
    if (error) {
        ui_tell_error(ui, error);
        return UI_HANDLED;
    }
    ui_tell(ui, TELL_DONE,
            P_("Practised and noted, with %s fault at first; nothing was sent.",
               "Practised and noted, with %s faults at first; nothing was sent.", faults),
            frame_number(ui, *given->first_faults));
    *given->submitted = 1;
    ui_home(ui);
    return UI_HANDLED;
}

int review_send(struct ui *ui, struct review *review, struct receipt_case *done)
{
    const struct review_case *given = review->given;
    size_t count = 0;
    *done = (struct receipt_case){.form = given->record->form};
    int error = book_submit(ui->book, &given->draft->id, given->record, &done->receipt,
                            review->fault, REVIEW_FAULTS, &count);
    if (error == SND_E_INVALID) {
        review->faults = count < REVIEW_FAULTS ? count : REVIEW_FAULTS;
        review->at = 0;
    }
    if (error && error != SND_E_KEPT)
        return error;
    remember_record(ui, given->record);
    *given->submitted = 1; /* or kept, which is as good */
    return error;
}

static unsigned submit(struct ui *ui, struct review *review)
{
    struct receipt_case done;
    if (review->given->first_faults)
        return end_practice(ui, review->given);
    int error = review_send(ui, review, &done);
    if (error == SND_E_INVALID) {
        ui_tell(ui, TELL_ERROR, "%s", _("The request was not taken: correct what is marked."));
        return UI_REDRAW;
    }
    if (error == SND_E_KEPT) { /* the line is down: it is in a file of this person's */
        ui_tell(ui, TELL_WARNING, "%s",
                _("Kept here, and sent when the line is back: its number is shown then."));
        ui_home(ui);
        return UI_HANDLED;
    }
    if (error == SND_E_LOST || error == SND_E_TIMEOUT || error == SND_E_BUSY) {
        ui_tell(ui, TELL_WARNING, "%s",
                _("The book did not answer. Press F10 again: it can't be submitted twice."));
        return UI_HANDLED;
    }
    if (error) {
        ui_tell_error(ui, error);
        return UI_HANDLED;
    }
    ui_quiet(ui);
    ui->receipt = done;
    struct ui_arg arg = {.thing = &ui->receipt};
    ui_home_push(ui, SCREEN_RECEIPT, &arg);
    seat_tell(ui, done.form, done.receipt.number);
    if (done.receipt.disk_low)
        ui_tell(ui, TELL_WARNING, "%s",
                _("The server's disk is nearly full: call the person who looks after it."));
    return UI_HANDLED;
}

/* ---- keys ---- */

static unsigned key_faults(struct ui *ui, struct review *review, const struct key_event *event)
{
    switch ((int)event->key) {
    case K_UP:
        review->at -= review->at > 0;
        return UI_REDRAW;
    case K_DOWN:
        review->at += review->at + 1 < review->faults;
        return UI_REDRAW;
    case K_ENTER:
    case K_F10:
        ui->answer = review->fault[review->at].field;
        return UI_LEAVE;
    default:
        return UI_IGNORED;
    }
}

static unsigned scroll(struct ui *ui, struct review *review, int by)
{
    int last = review->rows - (frame_body(ui) - 4);
    review->skip += by;
    if (review->skip > last)
        review->skip = last;
    if (review->skip < 0)
        review->skip = 0;
    return UI_REDRAW;
}

static int asks_in_place(const struct ui *ui, const struct review *review)
{
    return ui->far && !review->whole && review->faults == 0 && review->alikes == 0;
}

unsigned review_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct review *review = state;
    int page = frame_body(ui) - 5;
    ui->answer = -1;
    if (event->key == K_PAGEDOWN && asks_in_place(ui, review)) {
        review->whole = 1;
        return UI_REDRAW;
    }
    if (event->key == K_PAGEDOWN)
        return scroll(ui, review, page);
    if (event->key == K_PAGEUP)
        return scroll(ui, review, -page);
    if (review->faults > 0)
        return key_faults(ui, review, event);
    if (event->key == K_DOWN)
        return scroll(ui, review, 1);
    if (event->key == K_UP)
        return scroll(ui, review, -1);
    int seen = ui->frames != review->opened;
    if (event->key == K_F10 || (event->key == K_ENTER && seen && !event->pasted))
        return submit(ui, review);
    if (event->key == K_ENTER) {
        ui_tell(ui, TELL_PLAIN, "%s", _("Look the values over, then Enter submits the request."));
        return UI_HANDLED;
    }
    return UI_IGNORED;
}

/* ---- painting ---- */

/* What is wrong with a field, in one paragraph. */
static const char *fault_words(struct ui *ui, const struct review *review, size_t number)
{
    const struct fault *fault = &review->fault[number];
    const struct form *form = review->given->record->form;
    /* A fault of the form's own rule comes in words; the others are ids. */
    const char *sentence = fault->sentence ? _(fault->sentence) : "";
    return arena_printf(ui->arena, "%s: %s", form->field[fault->field].label[msg_language()],
                        sentence);
}

#define FAULT_START 6
#define FAULT_ROWS 4
static int fault_rows(struct ui *ui, const struct review *review, size_t number)
{
    struct line line[FAULT_ROWS];
    return layout_wrap(fault_words(ui, review, number), frame_dir(ui),
                       frame_width(ui) - FAULT_START, FAULT_ROWS, ui->arena, line);
}

/* The first fault to show, so that the chosen one is whole among `rows`. */
static size_t first_fault(struct ui *ui, const struct review *review, int rows)
{
    size_t top = review->at;
    for (int left = rows - fault_rows(ui, review, top); top > 0; top--) {
        left -= fault_rows(ui, review, top - 1);
        if (left < 0)
            break;
    }
    return top;
}

static void paint_fault(struct ui *ui, const struct review *review, size_t number, int row)
{
    int chosen = review->at == number;
    frame_text(ui, row, 2, 3, chosen ? (ui->rtl ? "◄ !" : "> !") : "  !", LOOK_ERROR);
    frame_paragraph(ui, row, FAULT_START, frame_width(ui) - FAULT_START, FAULT_ROWS,
                    fault_words(ui, review, number), chosen ? LOOK_FOCUS : LOOK_PLAIN);
    if (chosen)
        frame_caret(ui, row, 2);
}

/* As many as fit, with how many more there are; returns the rows used. */
static int paint_faults(struct ui *ui, const struct review *review, int row, int rows)
{
    size_t top = first_fault(ui, review, rows - 1), i = top;
    int used = 0;
    for (; i < review->faults; i++) {
        int more = fault_rows(ui, review, i);
        if (used + more > rows - 1)
            break;
        paint_fault(ui, review, i, row + used);
        used += more;
    }
    size_t hidden = review->faults - (i - top);
    if (hidden > 0)
        frame_text(ui, row + used++, FAULT_START, frame_width(ui) - FAULT_START,
                   arena_printf(ui->arena,
                                P_("%s more field to correct: the arrows show it.",
                                   "%s more fields to correct: the arrows show them.",
                                   (unsigned long)hidden),
                                frame_number(ui, (int64_t)hidden)),
                   LOOK_WARNING);
    return used;
}

static int paint_question(struct ui *ui, int row, int practice)
{
    const char *words =
        practice ? _("All is filled in.  Enter or F10 = end the practice   F3 = back to the fields")
                 : _("All is filled in.  Enter or F10 = submit   F3 = back to the fields");
    frame_caret(ui, row, 1);
    return frame_sentence(ui, row, 2, frame_width(ui) - 2, 3, words, LOOK_FOCUS);
}

/* What is under way already for the same person: the clerk knows whether this is the same again. */
static int paint_alike(struct ui *ui, const struct review *review, int row)
{
    int first = row;
    for (size_t i = 0; i < review->alikes; i++) {
        char date[16];
        const struct book_alike *alike = &review->alike[i];
        date_text(alike->day, CALENDAR_GREGORIAN, date);
        /* L10N: a request's number, its day, its state. */
        row += frame_sentence(ui, row, 2, frame_width(ui) - 2, 2,
                              arena_printf(ui->arena, _("This person has one: %s of %s, %s."),
                                           alike->number, date,
                                           state_name(alike->state, msg_language())),
                              LOOK_WARNING);
    }
    return row - first;
}

static const struct frame_key submit_keys[] = {
    {K_F10, N_("submit")}, {K_F1, N_("help")}, {K_F3, N_("back")}, {K_PAGEDOWN, N_("more")}};
#define PLACE_ROWS 5 /* under the fields: a blank, the question, the fees */

/* Over a long line the values that were just typed are not sent again unless asked for: the
 * question comes under the form's page that stands there. */
static int paint_in_place(struct ui *ui, const struct review *review, const struct fee *fee)
{
    const struct ui_layer *under = &ui->stack[ui->depth > 1 ? ui->depth - 2 : 0];
    int used = 0;
    if (asks_in_place(ui, review) && under->id == SCREEN_FILL)
        used = fill_paint_under(ui, under->state, frame_body(ui) - PLACE_ROWS);
    if (used == 0)
        return 0;
    int row = FRAME_TOP + used + 1;
    row += paint_question(ui, row, review->given->first_faults != NULL);
    fees_paint(ui, row, fee->agency, fee->centre);
    frame_keys(ui, submit_keys, SND_COUNT(submit_keys));
    return 1;
}

void review_paint(struct ui *ui, void *state)
{
    static const struct frame_key fault_keys[] = {
        {K_ENTER, N_("to the field")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    struct review *review = state;
    const struct form *form = review->given->record->form;
    struct fee fee;
    int row = FRAME_TOP, end = FRAME_TOP + frame_body(ui);
    record_fee(review->given->record, review->given->day, &fee);
    if (paint_in_place(ui, review, &fee))
        return;
    frame_context(ui, form->title[msg_language()],
                  frame_narrow(ui) ? NULL
                                   : arena_printf(ui->arena, _("answer within %s"),
                                                  sheet_target(form, ui->arena)));
    if (review->faults > 0)
        row += paint_faults(ui, review, row, frame_body(ui) / 2);
    else
        row += paint_question(ui, row, review->given->first_faults != NULL);
    row += paint_alike(ui, review, row);
    row += fees_paint(ui, row, fee.agency, fee.centre) + !frame_narrow(ui);
    review->rows = values_paint(ui, review->given->record, row, end - row, review->skip);
    if (review->rows - review->skip > end - row)
        frame_hint(ui, _("PgDn shows more."));
    if (review->faults > 0)
        frame_keys(ui, fault_keys, SND_COUNT(fault_keys));
    else
        frame_keys(ui, submit_keys, SND_COUNT(submit_keys));
}
