/* SPDX-License-Identifier: Apache-2.0
 * How far a request is. Number and digits come in the body and never in an address, so that no log
 * and no history keeps them. A wrong number and wrong digits get the same answer; who is wrong too
 * often is asked to wait, before anything is looked up. A slip of the pen, which the number's check
 * symbol shows, is no guess. */
#include <ctype.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "sync/pages_priv.h"
#include "text/date.h"
#include "text/input.h"
#include "text/number.h"

#define TYPED 64

/* What was typed, and what is wrong with it. */
struct typed {
    char number[TYPED], digits[TYPED];
    const char *number_wrong, *digits_wrong, *wrong; /* one sentence, NULL = nothing; of both */
};

struct box {
    const char *name, *label, *more;
    int most;
};

static void put_wrong(struct page *page, const char *id, const char *wrong)
{
    struct buf *out = &page->answer->body;
    buf_printf(out, "<p class=\"wrong\" role=\"alert\" id=\"%s\">", id);
    html_text(out, wrong);
    buf_puts(out, "</p>");
}

static void put_field(struct page *page, const struct box *box, const char *value,
                      const char *wrong)
{
    struct buf *out = &page->answer->body;
    buf_printf(out, "<p><label for=\"%s\">", box->name);
    html_text(out, box->label);
    buf_puts(out, "</label>");
    if (wrong) {
        buf_puts(out, "</p>");
        put_wrong(page, "wrong", wrong);
        buf_puts(out, "<p>");
    }
    buf_printf(out,
               "<input id=\"%s\" name=\"%s\" dir=\"ltr\" required maxlength=\"%d\" "
               "autocomplete=\"off\" %s value=\"",
               box->name, box->name, box->most, box->more);
    html_text(out, value);
    buf_puts(out, wrong ? "\" aria-invalid=\"true\" aria-describedby=\"wrong\" autofocus></p>"
                        : "\"></p>");
}

static void put_form(struct page *page, const struct typed *typed)
{
    const struct box number = {"number", _("Number of the request, as on the receipt"),
                               "autocapitalize=\"characters\" spellcheck=\"false\"", 30},
                     digits = {"digits", _("Last four digits of the applicant's civil number"),
                               "inputmode=\"numeric\"", 4};
    struct buf *out = &page->answer->body;
    if (typed->wrong)
        put_wrong(page, "both", typed->wrong);
    buf_puts(out, "<form method=\"post\">");
    put_field(page, &number, typed->number, typed->number_wrong);
    put_field(page, &digits, typed->digits, typed->digits_wrong);
    buf_puts(out, "<button>");
    html_text(out, _("Show"));
    buf_puts(out, "</button></form>");
}

static void show_form(struct page *page, const struct typed *typed)
{
    html_begin(page, _("Where is my request?"), "status");
    put_form(page, typed);
    html_end(page);
}

/* The form once more, with what was typed in it and one sentence where it is wrong. */
static int refuse(struct page *page, int status, const struct typed *typed)
{
    const char *wrong = typed->number_wrong   ? typed->number_wrong
                        : typed->digits_wrong ? typed->digits_wrong
                                              : typed->wrong;
    page->answer->status = status;
    if (page->json)
        page_refuse(page, status, wrong);
    else
        show_form(page, typed);
    return 0;
}

static void put_answer(struct page *page, const struct public_status *status, const char *service,
                       const char *number)
{
    char day[16];
    struct buf *out = &page->answer->body;
    buf_puts(out, "<dl><dt>");
    html_text(out, _("Request"));
    buf_puts(out, "</dt><dd><bdi>");
    html_text(out, number);
    buf_puts(out, "</bdi></dd>");
    html_pair(page, _("Service"), service);
    html_pair(page, _("State"), state_name(status->state, page->lang));
    date_text(status->day, CALENDAR_GREGORIAN, day);
    html_pair(page, _("Submitted"), day);
    date_text(clock_oman_day(status->changed), CALENDAR_GREGORIAN, day);
    html_pair(page, _("Last change"), day);
    buf_puts(&page->answer->body, "</dl>");
}

static void as_json(struct page *page, const struct public_status *status, const char *service)
{
    struct json *root = json_new_object();
    char day[11];
    json_put_text(root, "service", status->service);
    json_put_text(root, "name", service);
    json_put_text(root, "state", state_word(status->state));
    json_put_text(root, "state_name", state_name(status->state, page->lang));
    clock_day_text(status->day, day);
    json_put_text(root, "submitted", day);
    clock_day_text(clock_oman_day(status->changed), day);
    json_put_text(root, "changed", day);
    page_json(page, root);
}

static int show(struct page *page, const struct public_status *status, const char *number)
{
    struct book_service *list;
    size_t count = 0;
    const char *name = status->service;
    int err = page_catalogue(page, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        if (strcmp(list[i].code, status->service) == 0)
            name = list[i].title[page->lang];
    if (err)
        return err;
    if (page->json) {
        as_json(page, status, name);
        return 0;
    }
    html_begin(page, _("Where is my request?"), "status");
    put_answer(page, status, name, number);
    put_form(page, &(struct typed){0});
    html_end(page);
    return 0;
}

/* What people type and paste between the parts of a number. */
static int is_between(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '-' || c == 0xa0 || (c >= 0x2000 && c <= 0x200a) ||
           (c >= 0x2010 && c <= 0x2015) || c == 0x202f || c == 0x2212;
}

/* As it is stored: ASCII digits, upper case, nothing that can't be seen, and one hyphen (or `by`)
 * wherever blanks and strokes stand. */
static void tidy(char *text, const char *by)
{
    size_t put = 0, len;
    int between = 0;
    digits_to_ascii(text);
    len = strlen(text);
    for (size_t at = 0, used; at < len; at += used) {
        uint32_t c = utf8_get(text + at, len - at, &used);
        if (is_between(c)) {
            between = put > 0;
        } else if (!html_hides(c) && (c < 0x200b || c > 0x200d)) {
            if (between && *by)
                text[put++] = *by;
            for (size_t i = 0; i < used; i++)
                text[put++] = (char)toupper((unsigned char)text[at + i]);
            between = 0;
        }
    }
    text[put] = '\0';
}

/* A number by which guesses at it are counted: however its look-alikes are written. */
static void alike(const char *number, char out[TYPED])
{
    (void)str_copy(out, TYPED, number);
    for (char *at = out; *at; at++)
        *at = *at == 'O' ? '0' : *at == 'I' || *at == 'L' ? '1' : *at;
}

static int look_up(struct page *page, struct typed *typed)
{
    struct public_status status;
    char counted[TYPED];
    int64_t now = clock_mono_ms();
    alike(typed->number, counted);
    int wait = guesses_wait(page->guesses, counted, page->asked->peer, now);
    if (wait) {
        page_refuse(page, 429,
                    _("Too many wrong tries: come back in an hour, or ask at a centre."));
        page->answer->retry_after = wait;
        return 0;
    }
    int err = public_status(page->book, typed->number, typed->digits, &status);
    if (!err)
        return show(page, &status, typed->number);
    if (err == SND_E_BAD) {
        typed->number_wrong =
            _("A sign of this number is wrong: compare it with the receipt, sign by sign.");
        return refuse(page, 400, typed);
    }
    if (err != SND_E_NOTFOUND)
        return err;
    guesses_wrong(page->guesses, counted, page->asked->peer, now);
    typed->wrong = _("No request has this number and these four digits: look at the receipt "
                     "again, or ask at a centre.");
    return refuse(page, 404, typed);
}

static int answer_post(struct page *page)
{
    struct typed typed = {.number = ""};
    if (page_sent(page->asked, "number", typed.number, sizeof typed.number))
        tidy(typed.number, "-");
    if (page_sent(page->asked, "digits", typed.digits, sizeof typed.digits))
        tidy(typed.digits, "");
    if (!typed.number[0] || strlen(typed.number) >= BOOK_NUMBER)
        typed.number_wrong = _("Write the number of the request as it stands on the receipt.");
    else if (strlen(typed.digits) != 4 || strspn(typed.digits, "0123456789") != 4)
        typed.digits_wrong = _("Write four digits: the last ones of the applicant's civil number.");
    int wrong = typed.number_wrong || typed.digits_wrong;
    int err = wrong ? refuse(page, 400, &typed) : look_up(page, &typed);
    mem_wipe(&typed, sizeof typed);
    return err;
}

int show_status(struct page *page)
{
    page->answer->cache = "no-store";
    if (strcmp(page->asked->method, "POST") == 0)
        return answer_post(page);
    if (page->json) {
        page_refuse(page, 405, _("Send number and digits with POST."));
        page->answer->allow = "POST";
        return 0;
    }
    show_form(page, &(struct typed){0});
    return 0;
}
