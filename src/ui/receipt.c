/* SPDX-License-Identifier: Apache-2.0
 * The number of the request just submitted, alone and clear, with what to tell the person. */
#include "base/err.h"
#include "form/sheet.h"
#include "text/number.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

/* The same of a request that was submitted before. */
static int find(struct ui *ui, const char *number, struct receipt_case *out)
{
    struct arena *arena = arena_new();
    struct book_detail detail;
    int error = book_request_get(ui->book, number, arena, &detail);
    if (error == 0) {
        out->form = detail.record->form;
        out->receipt =
            (struct book_receipt){.fee_agency = detail.fee_agency, .fee_centre = detail.fee_centre};
        error = str_copy(out->receipt.number, sizeof out->receipt.number, detail.request.number);
        record_free(&detail.record);
    } else {
        ui_tell_error(ui, error);
    }
    arena_free(&arena);
    return error;
}

int receipt_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    const struct receipt_case *given = arg->thing;
    struct receipt_case *receipt = x_alloc(sizeof *receipt);
    int error = 0;
    if (given)
        *receipt = *given;
    else
        error = find(ui, arg->text, receipt);
    if (error)
        x_free(&receipt);
    else
        *state = receipt;
    return error;
}

int receipt_place(const struct ui *ui, const void *state, struct ui_arg *out)
{
    const struct receipt_case *receipt = state;
    (void)ui;
    return str_copy(out->text, sizeof out->text, receipt->receipt.number) == 0;
}

void receipt_close(struct ui *ui, void *state)
{
    (void)ui;
    struct receipt_case *receipt = state;
    x_free(&receipt);
}

unsigned receipt_key(struct ui *ui, void *state, const struct key_event *event)
{
    const struct receipt_case *receipt = state;
    struct ui_arg arg = {0};
    if (event->key == K_F6 || ui_answer(event) == 1)
        return begin_again(ui, BEGIN_EMPTY);
    if (ui_digit(event) == 3)
        return begin_again(ui, BEGIN_SAME_PERSON);
    if (ui_digit(event) == 4) {
        arg.index = BEGIN_SAME_PERSON;
        ui_quiet(ui);
        ui_home_push(ui, SCREEN_CATALOGUE, &arg);
        return UI_HANDLED;
    }
    if (ui_answer(event) == 0) {
        ui_quiet(ui);
        (void)str_copy(arg.text, sizeof arg.text, receipt->receipt.number);
        ui_home_push(ui, SCREEN_REQUEST, &arg);
        return UI_HANDLED;
    }
    if (event->key == K_F7)
        return printed_tell(ui, "requests", receipt->receipt.number);
    if (event->key == K_ENTER || event->key == K_F3 || event->key == K_F12) {
        ui_quiet(ui);
        ui_home(ui);
        return UI_HANDLED;
    }
    return UI_IGNORED;
}

int fees_paint(struct ui *ui, int row, int64_t agency_fee, int64_t centre_fee)
{
    char agency[32], centre[32], sum[32];
    (void)money_text(agency_fee, agency, sizeof agency);
    (void)money_text(centre_fee, centre, sizeof centre);
    (void)money_text(agency_fee + centre_fee, sum, sizeof sum);
    return frame_sentence(
        ui, row, 3, frame_width(ui) - 4, 2,
        arena_printf(ui->arena, _("Fees: agency %s + centre %s = %s rials"), agency, centre, sum),
        LOOK_PLAIN);
}

void receipt_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("home")}, {K_F6, N_("new customer")}, {K_F1, N_("help")}, {K_F7, N_("print")}};
    const struct receipt_case *receipt = state;
    const char *number = receipt->receipt.number;
    const int gap = !frame_narrow(ui);
    int row = FRAME_TOP + 2 * gap, width = frame_width(ui) - 4;
    frame_context(ui, receipt->form->title[msg_language()], NULL);
    frame_text(ui, row, 3, width, _("The request is kept. Its number:"), LOOK_DONE);
    row += 1 + gap;
    frame_value(ui, row, 8, 30, number, TEXT_LTR, LOOK_FOCUS);
    frame_fill(ui, row + 1, 8, layout_width(number), '=', LOOK_FOCUS);
    frame_caret(ui, row, 7);
    row += 2 + gap;
    frame_text(ui, row, 3, width, _("Tell the person:"), LOOK_HEADING);
    frame_paragraph(ui, row + 1, 3, width, 2,
                    arena_printf(ui->arena,
                                 _("Keep this number; the answer is expected within %s."),
                                 sheet_target(receipt->form, ui->arena)),
                    LOOK_PLAIN);
    row += 3;
    row += fees_paint(ui, row, receipt->receipt.fee_agency, receipt->receipt.fee_centre) + gap;
    row += frame_sentence(ui, row, 3, width, 3,
                          _("Enter = home   1 = another of this service   2 = show the request"),
                          LOOK_FOCUS);
    frame_sentence(ui, row, 3, width, 2,
                   _("The same person:  3 = this service again   4 = another service"), LOOK_FOCUS);
    frame_keys(ui, keys, SND_COUNT(keys));
}
