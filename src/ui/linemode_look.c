/* SPDX-License-Identifier: Apache-2.0
 * What line mode shows to be read: services, what they need, notices, requests with their history,
 * the values of a form. A line says one thing whole, with its label before it. */
#include <string.h>
#include "base/err.h"
#include "form/agency.h"
#include "form/sheet.h"
#include "text/date.h"
#include "text/fold.h"
#include "text/number.h"
#include "ui/act.h"
#include "ui/frame.h"
#include "ui/linemode_priv.h"

/* ---- services ---- */

size_t linemode_services(struct linemode *lm, const char *words, struct arena *arena,
                         struct book_service **out)
{
    size_t count = 0, found = 0;
    int error = book_service_list(lm->ui.book, arena, out, &count);
    if (error)
        linemode_say(lm, ui_error_words(error));
    for (size_t i = 0; i < count && !error; i++) {
        const struct book_service *service = &(*out)[i];
        if (linemode_same(service->code, words)) {
            (*out)[0] = *service;
            return 1;
        }
        const char *folded =
            item_folded(arena, service->code, service->title[LANG_AR], service->title[LANG_EN]);
        if (fold_matches(folded, words))
            (*out)[found++] = *service;
    }
    return found;
}

void linemode_say_services(struct linemode *lm, const struct book_service *list, size_t count)
{
    for (size_t i = 0; i < count && i < LINEMODE_ITEMS; i++) {
        const char *why = service_why(&list[i]);
        linemode_sayf(lm, "%s %s%s%s", list[i].code, list[i].title[msg_language()], why ? ", " : "",
                      why ? why : "");
    }
    if (count > LINEMODE_ITEMS)
        linemode_sayf(lm, P_("and %s more", "and %s more", (unsigned long)(count - LINEMODE_ITEMS)),
                      frame_number(&lm->ui, (int64_t)(count - LINEMODE_ITEMS)));
    linemode_say(lm, _("Type the code of one; find and a name after it looks among requests."));
}

void linemode_sheet(struct linemode *lm, const struct form *form, const char *standing)
{
    struct arena *arena = arena_new();
    struct sheet sheet;
    sheet_make(form, lm->ui.me.today, standing, arena, &sheet);
    linemode_sayf(lm, "%s %s", form->code, form->title[msg_language()]);
    for (size_t i = 0; i < sheet.lines; i++) {
        const struct sheet_line *line = &sheet.line[i];
        if (line->heading || !*line->text)
            linemode_say(lm, line->label);
        else
            linemode_sayf(lm, "%s%s%s", line->label, *line->label ? ": " : "", line->text);
    }
    arena_free(&arena);
}

static void say_notice(struct linemode *lm, const struct book_notice *notice)
{
    const char *body = notice->body[msg_language()];
    char day[16];
    date_text(notice->from, CALENDAR_GREGORIAN, day);
    if (!*body)
        body = notice->body[msg_language() == LANG_AR ? LANG_EN : LANG_AR];
    linemode_sayf(lm, "%s: %s %s", _("What is new"), notice->service,
                  notice->title[msg_language()]);
    if (notice->version == 0)
        linemode_sayf(lm, _("This service opens for the first time on %s."), day);
    linemode_say(lm, body);
}

/* A digit that was typed before the notice was there says nothing of having read it. */
int linemode_notice(struct linemode *lm, const struct book_notice *notice)
{
    const char *line;
    say_notice(lm, notice);
    line = linemode_ask(lm, _("Have you read it? 1 = yes, 2 = not yet:"));
    int seen = line && (!lm->ahead || linemode_same(line, "yes") || linemode_same(line, "نعم"));
    if (!seen || linemode_yes(line) != 1) {
        linemode_say(lm, _("It stays among what is to be read."));
        return 0;
    }
    int error = book_notice_read(lm->ui.book, &notice->id);
    lm->ui.me.notices -= !error && lm->ui.me.notices > 0;
    linemode_say(lm, error ? ui_error_words(error)
                           : _("It is noted that you have read it: the service is open to you."));
    return !error;
}

/* ---- requests ---- */

static void say_documents(struct linemode *lm, const struct book_detail *detail)
{
    struct arena *arena = arena_new();
    struct book_document *list;
    size_t count = 0;
    if (book_document_list(lm->ui.book, detail->request.number, arena, &list, &count) != 0)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        int field = form_field(detail->record->form, list[i].role);
        linemode_sayf(lm, "%s: %s, %s",
                      field >= 0 ? detail->record->form->field[field].label[msg_language()]
                                 : list[i].role,
                      list[i].name, document_about(lm->ui.arena, &list[i]));
    }
    const char *files = request_files(&lm->ui, list, count);
    if (*files) {
        linemode_say(lm, request_way_out(&lm->ui, detail));
        linemode_say(lm, files);
    }
    const char *printed = printed_words(&lm->ui, "requests", detail->request.number);
    if (*printed)
        linemode_say(lm, printed);
    arena_free(&arena);
}

static void say_detail(struct linemode *lm, const struct book_detail *detail)
{
    const struct book_request *request = &detail->request;
    struct ui *ui = &lm->ui;
    const char *more[] = {request_standing(ui, detail), request_said(ui, detail)};
    linemode_sayf(lm, "%s: %s", request->number, state_name(request->state, msg_language()));
    linemode_sayf(lm, "%s %s", request->service, detail->record->form->title[msg_language()]);
    for (size_t i = 0; i < SND_COUNT(more); i++)
        if (*more[i])
            linemode_say(lm, more[i]);
    linemode_say_fees(lm, detail->fee_agency, detail->fee_centre);
    linemode_values(lm, detail->record, 0);
    say_documents(lm, detail);
    linemode_say(lm, _("History"));
    for (size_t i = 0; i < detail->histories; i++)
        linemode_say(lm, request_step(ui, detail, &detail->history[i]));
    seat_tell(ui, detail->record->form, request->number);
    linemode_say_message(lm);
}

void linemode_request(struct linemode *lm, const char *number)
{
    struct arena *arena = arena_new();
    struct book_detail detail;
    linemode_stand(lm, SCREEN_REQUEST, number);
    int error = book_request_get(lm->ui.book, number, arena, &detail);
    if (error)
        linemode_say(lm, ui_error_words(error));
    else
        say_detail(lm, &detail);
    record_free(&detail.record);
    arena_free(&arena);
}

static void say_request(struct linemode *lm, int number, const struct book_request *request)
{
    char date[16];
    date_text(request->day, CALENDAR_GREGORIAN, date);
    linemode_sayf(lm, "%d %s, %s%s%s, %s, %s, %s", number, request->number, request->applicant,
                  *request->tail ? " " : "", request->tail, request->service,
                  state_name(request->state, msg_language()), date);
}

static void choose_request(struct linemode *lm, const struct book_request *list, size_t count,
                           int more)
{
    for (size_t i = 0; i < count; i++)
        say_request(lm, (int)i + 1, &list[i]);
    if (more)
        linemode_say(lm, _("There are more: type more of the name or number."));
    const char *line = linemode_ask(lm, _("Which one? Its number; Enter alone goes back:"));
    int number = line ? linemode_number(line, count) : 0;
    if (number)
        linemode_request(lm, list[number - 1].number);
    else if (line && *line)
        linemode_say(lm, _("No line has this number: choose one that is shown."));
}

void linemode_find(struct linemode *lm, const char *query)
{
    struct arena *arena = arena_new();
    struct book_request *list;
    size_t count = 0;
    linemode_stand(lm, SCREEN_REQUESTS, query);
    int error = book_request_list(lm->ui.book, query, "", LINEMODE_ITEMS, arena, &list, &count);
    if (error)
        linemode_say(lm, ui_error_words(error));
    else if (count == 0)
        linemode_say(lm, _("No request has that number or name: type another."));
    else if (count == 1)
        linemode_request(lm, list[0].number);
    else
        choose_request(lm, list, count, count == LINEMODE_ITEMS);
    arena_free(&arena);
}

/* ---- values ---- */

void linemode_say_fees(struct linemode *lm, int64_t agency_fee, int64_t centre_fee)
{
    char agency[32], centre[32], sum[32];
    (void)money_text(agency_fee, agency, sizeof agency);
    (void)money_text(centre_fee, centre, sizeof centre);
    (void)money_text(agency_fee + centre_fee, sum, sizeof sum);
    linemode_sayf(lm, _("Fees: agency %s + centre %s = %s rials"), agency, centre, sum);
}

/* Of a form that is being filled also the fields that have none, each with the number to go to it
 * by. */
void linemode_values(struct linemode *lm, const struct record *record, int numbered)
{
    const struct form *form = record->form;
    int group = -1;
    for (size_t i = 0; i < form->fields; i++) {
        const struct field *field = &form->field[i];
        const char *stored = record->value[i], *label = field->label[msg_language()];
        if (numbered ? !record->relevant[i] : !stored)
            continue;
        if (field->group != group) {
            group = field->group;
            linemode_say(lm, form->group[group].title[msg_language()]);
        }
        const char *words = stored ? value_words(&lm->ui, field, stored) : _("nothing yet");
        if (numbered)
            linemode_sayf(lm, "%d %s: %s", (int)i + 1, label, words);
        else
            linemode_sayf(lm, "%s: %s", label, words);
    }
}
