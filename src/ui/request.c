/* SPDX-License-Identifier: Apache-2.0
 * One submitted request: its state, its values, and all that happened to it, read-only. Who sees
 * the values masked may have them in full for once, for a reason that goes into the trail. */
#include <string.h>
#include "base/err.h"
#include "book/report.h"
#include "text/number.h"
#include "ui/act.h"
#include "ui/edit.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct request {
    struct arena *arena;
    struct book_detail detail;
    int skip;   /* rows scrolled away */
    int rows;   /* rows there are in all, after a painting */
    int shown;  /* rows of them on the screen */
    int full;   /* nothing is masked any more */
    int asking; /* the reason is being typed */
    struct edit reason;
    struct arena *documents_arena;
    struct book_document *document; /* what it has, in that arena */
    size_t documents;
    struct act_case acting; /* what the screen above does with it */
};

/* What it has now. */
static void list_documents(struct ui *ui, struct request *request)
{
    arena_free(&request->documents_arena);
    request->documents_arena = arena_new();
    if (book_document_list(ui->book, request->detail.request.number, request->documents_arena,
                           &request->document, &request->documents) != 0)
        request->documents = 0;
}

int request_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct request *request = x_alloc(sizeof *request);
    request->arena = arena_new();
    int error = book_request_get(ui->book, arg->text, request->arena, &request->detail);
    if (error) {
        ui_tell_error(ui, error);
        request_close(ui, request);
        return error;
    }
    list_documents(ui, request);
    request->full = !ui_may(ui, OP_REQUEST_REVEAL);
    ui_quiet(ui);
    if (request->detail.record)
        seat_tell(ui, request->detail.record->form, request->detail.request.number);
    *state = request;
    return 0;
}

void request_close(struct ui *ui, void *state)
{
    (void)ui;
    struct request *request = state;
    record_free(&request->detail.record);
    arena_free(&request->documents_arena);
    arena_free(&request->arena);
    x_free(&request);
}

int request_place(const struct ui *ui, const void *state, struct ui_arg *out)
{
    const struct request *request = state;
    (void)ui;
    return str_copy(out->text, sizeof out->text, request->detail.request.number) == 0;
}

#define REASON_MOST 100
static unsigned ask_reason(struct ui *ui, struct request *request)
{
    edit_set(&request->reason, "", REASON_MOST, TEXT_AUTO);
    request->asking = 1;
    ui_quiet(ui);
    return UI_REDRAW;
}

/* As it stands now, when something was done with it above. */
void request_resume(struct ui *ui, void *state)
{
    struct request *request = state;
    struct book_detail now;
    if (!request->acting.act)
        return;
    request->acting.act = NULL;
    list_documents(ui, request);
    if (ui->answer != 1)
        return;
    struct arena *arena = arena_new();
    if (book_request_get(ui->book, request->detail.request.number, arena, &now)) {
        record_free(&now.record);
        arena_free(&arena);
        return;
    }
    record_free(&request->detail.record);
    arena_free(&request->arena);
    request->arena = arena;
    request->detail = now;
}

static unsigned do_act(struct ui *ui, struct request *request, int digit)
{
    const struct act *act = act_of(ui, &request->detail, digit);
    if (act->with == ACT_CORRECT) {
        unsigned did = begin_correction(ui, request->detail.record);
        ui_tell(ui, TELL_PLAIN, "%s", _(act->done));
        return did;
    }
    request->acting = (struct act_case){act, &request->detail};
    ui_push(ui, SCREEN_ACT, &(struct ui_arg){.thing = &request->acting});
    return UI_HANDLED;
}

/* The whole record in place of the masked one. */
static unsigned reveal(struct ui *ui, struct request *request)
{
    struct book_detail full;
    struct arena *arena = arena_new();
    int error = book_request_reveal(ui->book, request->detail.request.number, request->reason.text,
                                    arena, &full);
    if (error == SND_E_INVALID)
        ui_tell(ui, TELL_ERROR, "%s", _("Write in a few words why you need to see all of it."));
    else if (error)
        ui_tell_error(ui, error);
    if (error) {
        record_free(&full.record);
        arena_free(&arena);
        return UI_HANDLED;
    }
    record_free(&request->detail.record);
    arena_free(&request->arena);
    request->arena = arena;
    request->detail = full;
    request->full = 1;
    request->asking = 0;
    ui_tell(ui, TELL_DONE, "%s", _("You see all of it now, and the trail says so."));
    return UI_REDRAW;
}

static unsigned reason_key(struct ui *ui, struct request *request, const struct key_event *event)
{
    if (event->key == K_ENTER || event->key == K_F10)
        return reveal(ui, request);
    if (event->key == K_F3) {
        request->asking = 0;
        return UI_REDRAW;
    }
    return edit_type(ui, &request->reason, event, _("The field is full."));
}

unsigned request_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct request *request = state;
    if (request->asking)
        return reason_key(ui, request, event);
    if (!request->full && event->key == K_CHAR && ui_digit(event) == 2)
        return ask_reason(ui, request);
    if (event->key == K_F7)
        return printed_tell(ui, "requests", request->detail.request.number);
    int page = request->shown, last = request->rows - page;
    int by = event->key == K_DOWN       ? 1
             : event->key == K_UP       ? -1
             : event->key == K_PAGEDOWN ? page
             : event->key == K_PAGEUP   ? -page
                                        : 0;
    if (event->key == K_CHAR && event->point == '1' && ui_may(ui, OP_TRAIL_REQUEST)) {
        struct ui_arg arg = {.index = BOOK_TRAIL_REQUEST};
        (void)str_copy(arg.text, sizeof arg.text, request->detail.request.number);
        ui_push(ui, SCREEN_TRAIL, &arg);
        return UI_HANDLED;
    }
    if (by == 0 && ui_digit(event) >= 0 && act_of(ui, &request->detail, ui_digit(event)))
        return do_act(ui, request, ui_digit(event));
    if (by == 0) {
        ui->answer = -1;
        return event->key == K_ENTER ? UI_LEAVE : UI_IGNORED;
    }
    request->skip += by;
    if (request->skip > last)
        request->skip = last;
    if (request->skip < 0)
        request->skip = 0;
    return UI_REDRAW;
}

/* How it stands with its agency, "" for what nobody has looked at yet. */
const char *request_standing(struct ui *ui, const struct book_detail *detail)
{
    char due[32];
    const char *words = "";
    if (strcmp(detail->holder, detail->request.centre) != 0)
        words = arena_printf(ui->arena, _("Made at centre %s, gone on with at centre %s."),
                             detail->request.centre, detail->holder);
    if (detail->officer[0])
        words = arena_printf(ui->arena, "%s%s%s", words, *words ? " " : "",
                             arena_printf(ui->arena, _("With %s."), detail->officer_name));
    if (detail->ack[0])
        words = arena_printf(ui->arena, "%s%s%s", words, *words ? " " : "",
                             arena_printf(ui->arena, _("Number at the agency: %s."), detail->ack));
    if (detail->fee_due > 0) {
        (void)money_text(detail->fee_due, due, sizeof due);
        words = arena_printf(ui->arena, "%s%s%s", words, *words ? " " : "",
                             arena_printf(ui->arena, _("Fee asked for: %s rials."), due));
    }
    return words;
}

/* What was said with the state that it is in: which documents, why. */
const char *request_said(struct ui *ui, const struct book_detail *detail)
{
    for (size_t i = detail->histories; i-- > 0;) {
        const struct book_history *step = &detail->history[i];
        if (step->state != detail->request.state)
            break;
        if (!step->documents[0] && !step->note[0])
            continue;
        return arena_printf(ui->arena, "%s: %s%s%s", state_name(step->state, msg_language()),
                            act_documents(ui, detail->record->form, step->documents),
                            step->documents[0] && step->note[0] ? _(", ") : "", step->note);
    }
    return "";
}

#define CHANNEL_WIDTH 22
/* What it is, and how it was submitted; returns the rows used. */
static int paint_head(struct ui *ui, const struct book_detail *detail)
{
    char agency[32], centre[32];
    const struct book_request *request = &detail->request;
    (void)money_text(detail->fee_agency, agency, sizeof agency);
    (void)money_text(detail->fee_centre, centre, sizeof centre);
    frame_context(ui, request->number, state_name(request->state, msg_language()));
    int room = frame_width(ui) - (frame_narrow(ui) ? 0 : CHANNEL_WIDTH + 1);
    int rows = frame_sentence(ui, FRAME_TOP, 1, room, 2,
                              arena_printf(ui->arena, "%s" LAYOUT_GAP "%s", request->service,
                                           detail->record->form->title[msg_language()]),
                              LOOK_HEADING);
    if (!frame_narrow(ui))
        frame_text_end(ui, FRAME_TOP, frame_width(ui), CHANNEL_WIDTH,
                       report_word_name(DIM_CHANNEL, detail->channel), LOOK_HINT);
    rows += frame_paragraph(
        ui, FRAME_TOP + rows, 2, frame_width(ui) - 2, frame_narrow(ui) ? 4 : 2,
        arena_printf(ui->arena, _("Submitted %s by %s. Fees: agency %s, centre %s rials."),
                     frame_moment(ui, request->at), request->account, agency, centre),
        LOOK_PLAIN);
    const char *standing = request_standing(ui, detail);
    if (*standing)
        rows +=
            frame_paragraph(ui, FRAME_TOP + rows, 2, frame_width(ui) - 2, 2, standing, LOOK_PLAIN);
    const char *said = request_said(ui, detail);
    if (*said)
        rows +=
            frame_paragraph(ui, FRAME_TOP + rows, 2, frame_width(ui) - 2, 3, said, LOOK_WARNING);
    return rows;
}

/* One step of its history in words. */
const char *request_step(struct ui *ui, const struct book_detail *detail,
                         const struct book_history *step)
{
    char fee[32];
    const char *who = *step->actor_name ? step->actor_name : step->actor, *more = "";
    int given = strcmp(step->type, "request.assigned") == 0;
    if (given)
        more = *step->account ? arena_printf(ui->arena, _("given to %s"), step->account)
                              : _("given back into the queue");
    if (strcmp(step->type, "request.passed") == 0)
        more = arena_printf(ui->arena, _("passed to centre %s"), step->account);
    if (step->fee > 0 && money_text(step->fee, fee, sizeof fee) == 0)
        more = arena_printf(ui->arena, _("%s rials"), fee);
    if (step->documents[0])
        more = act_documents(ui, detail->record->form, step->documents);
    return arena_printf(ui->arena, "%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s%s%s",
                        frame_moment(ui, step->at), state_name(step->state, msg_language()), who,
                        more, *more && step->note[0] ? "  " : "", step->note);
}

/* An officer's session has typed a code, which sftp can ask nobody: its screen stands for it. */
const char *request_way_out(struct ui *ui, const struct book_detail *detail)
{
    const char *folder = arena_printf(ui->arena, "outbox/documents/%s", detail->request.number);
    return role_needs_code(ui->me.role)
               ? arena_printf(ui->arena,
                              _("To read them, leave this screen open and take them out with sftp "
                                "from this computer: %s"),
                              folder)
               : arena_printf(ui->arena, _("To read them, take them out with sftp: %s"), folder);
}

const char *request_files(struct ui *ui, const struct book_document *list, size_t count)
{
    const char *files = "";
    for (size_t i = 0; i < count; i++)
        if (list[i].whole && ui_may(ui, OP_DOCUMENT_GET))
            files = arena_printf(ui->arena, "%s%s%s", files, *files ? LAYOUT_GAP : "",
                                 book_document_file(ui->arena, list, i));
    return files;
}

#define WORDS_ROWS 12
/* A paragraph among what scrolls; returns where the next one stands. */
static int paint_words(struct ui *ui, const char *words, enum look look, int first, int end, int at)
{
    struct line line[WORDS_ROWS];
    int used = layout_wrap(words, frame_dir(ui), frame_width(ui) - 4, WORDS_ROWS, ui->arena, line);
    for (int row = 0; row < used; row++, at++)
        if (at >= 0 && first + at < end)
            frame_line(ui, first + at, 3, &line[row], look);
    return at;
}

/* Where a document can be taken out and read, since a terminal shows none, and what it is called
 * there. */
static int paint_way_out(struct ui *ui, const struct request *request, int first, int end, int at)
{
    const char *files = request_files(ui, request->document, request->documents);
    if (!*files)
        return at;
    at = paint_words(ui, request_way_out(ui, &request->detail), LOOK_HINT, first, end, at);
    return paint_words(ui, files, LOOK_PLAIN, first, end, at);
}

/* Its documents: field, name, what each is, and the beginning of its hash. */
static int paint_documents(struct ui *ui, const struct request *request, int first, int rows,
                           int at)
{
    const struct form *form = request->detail.record->form;
    int end = first + rows;
    if (request->documents == 0)
        return at;
    if (at >= 0 && first + at < end)
        frame_text(ui, first + at, 2, 40, _("Documents"), LOOK_HEADING);
    at++;
    for (size_t i = 0; i < request->documents; i++) {
        char hash[HASH_TEXT];
        const struct book_document *document = &request->document[i];
        int field = form_field(form, document->role);
        hex_text(document->sha, HASH_SIZE, hash);
        const char *words =
            arena_printf(ui->arena, "%s: %s" LAYOUT_GAP "%s" LAYOUT_GAP "%.16s" LAYOUT_GAP "%s",
                         field >= 0 ? form->field[field].label[msg_language()] : document->role,
                         document->name, document_about(ui->arena, document), hash,
                         document->whole ? "" : _("its bytes are still on their way"));
        at = paint_words(ui, words, LOOK_PLAIN, first, end, at);
    }
    return paint_way_out(ui, request, first, end, at) + 1;
}

static int paint_history(struct ui *ui, const struct book_detail *detail, int first, int rows,
                         int at)
{
    int end = first + rows;
    if (at >= 0 && first + at < end)
        frame_text(ui, first + at, 2, 40, _("What happened"), LOOK_HEADING);
    at++;
    for (size_t i = 0; i < detail->histories; i++) {
        const char *words = request_step(ui, detail, &detail->history[i]);
        at = paint_words(ui, words, LOOK_PLAIN, first, end, at);
    }
    return at;
}

#define REASON_LABEL 24
void request_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_PAGEDOWN, N_("more")}, {K_F1, N_("help")}, {K_F3, N_("back")}, {K_F7, N_("print")}};
    struct request *request = state;
    const int prints = *printed_words(ui, "requests", request->detail.request.number) != '\0';
    int head = paint_head(ui, &request->detail), first = FRAME_TOP + head,
        rows = frame_body(ui) - head;
    if (request->asking) {
        const int at = frame_narrow(ui) ? 3 : REASON_LABEL + 3;
        frame_text(ui, first, 2, REASON_LABEL, _("Why do you need it?"), LOOK_FOCUS);
        edit_paint_row(ui, &request->reason, first + frame_narrow(ui), at, frame_width(ui) - at - 2,
                       1);
        first += 2;
        rows -= 2;
    }
    int used = values_paint(ui, request->detail.record, first, rows, request->skip);
    used = paint_documents(ui, request, first, rows, used + 1 - request->skip);
    used = paint_history(ui, &request->detail, first, rows, used);
    request->rows = used + request->skip;
    request->shown = rows;
    if (request->asking)
        frame_hint(
            ui, _("Enter shows all of it; your name, the time and the reason stay in the trail."));
    else if (!request->full && ui_may(ui, OP_TRAIL_REQUEST))
        frame_hint(ui, _("1 shows the trail. Numbers are masked: 2 shows them, for a reason."));
    else if (!request->full)
        frame_hint(ui, _("Numbers are masked. 2 shows all of it, for a reason."));
    else if (*act_words(ui, &request->detail))
        frame_hint(ui, act_words(ui, &request->detail));
    else if (request->rows > request->skip + rows)
        frame_hint(ui, _("PgDn shows more."));
    if (!request->asking)
        frame_caret(ui, FRAME_TOP, 1);
    frame_keys(ui, keys, SND_COUNT(keys) - !prints);
}
