/* SPDX-License-Identifier: Apache-2.0
 * How far a request is. Number and digits come in the body and never in an address, so that no log
 * and no history keeps them. A wrong number and wrong digits get the same answer; who is wrong too
 * often is asked to wait, before anything is looked up. */
#include <ctype.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "sync/pages_priv.h"
#include "text/date.h"
#include "text/number.h"

#define TYPED 64

static void put_field(struct page *page, const char *label, const char *name, int max,
                      const char *more)
{
    struct buf *out = &page->answer->body;
    buf_puts(out, "<p><label>");
    html_text(out, label);
    buf_printf(out,
               " <input name=\"%s\" dir=\"ltr\" required maxlength=\"%d\" autocomplete=\"off\"%s>"
               "</label></p>",
               name, max, more);
}

static void put_form(struct page *page)
{
    struct buf *out = &page->answer->body;
    buf_puts(out, "<form method=\"post\">");
    put_field(page, _("Number of the request, as on the receipt"), "number", 30, "");
    put_field(page, _("Last four digits of the applicant's civil number"), "digits", 4,
              " inputmode=\"numeric\"");
    buf_puts(out, "<button>");
    html_text(out, _("Show"));
    buf_puts(out, "</button></form>");
}

static void put_answer(struct page *page, const struct public_status *status, const char *service)
{
    char day[16];
    buf_puts(&page->answer->body, "<dl>");
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

static int show(struct page *page, const struct public_status *status)
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
    put_answer(page, status, name);
    put_form(page);
    html_end(page);
    return 0;
}

/* As it is stored: ASCII digits, upper case, no blanks. */
static void tidy(char *text)
{
    char *to = text;
    digits_to_ascii(text);
    for (const char *at = text; *at; at++)
        if (!isspace((unsigned char)*at))
            *to++ = (char)toupper((unsigned char)*at);
    *to = '\0';
}

static int look_up(struct page *page, const char *number, const char *digits)
{
    struct public_status status;
    int64_t now = clock_mono_ms();
    int wait = guesses_wait(page->guesses, number, page->asked->peer, now);
    if (wait) {
        page_refuse(page, 429,
                    _("Too many wrong tries: come back in an hour, or ask at a centre."));
        page->answer->retry_after = wait;
        return 0;
    }
    int err = public_status(page->book, number, digits, &status);
    if (!err)
        return show(page, &status);
    if (err != SND_E_NOTFOUND)
        return err;
    guesses_wrong(page->guesses, number, page->asked->peer, now);
    page_refuse(page, 404,
                _("No request has this number and these four digits: look at the receipt "
                  "again, or ask at a centre."));
    return 0;
}

static int answer_post(struct page *page)
{
    char number[TYPED], digits[TYPED];
    const struct pages_asked *asked = page->asked;
    int whole = asked->body != NULL;
    whole = whole && body_get(asked->body, asked->len, "number", number, sizeof number);
    whole = whole && body_get(asked->body, asked->len, "digits", digits, sizeof digits);
    if (whole) {
        tidy(number);
        tidy(digits);
    }
    if (!whole || strspn(digits, "0123456789") != 4 || strlen(digits) != 4 || !*number ||
        strlen(number) >= BOOK_NUMBER) {
        page_refuse(page, 400,
                    _("Write the number of the request as it stands on the receipt, and four "
                      "digits."));
        return 0;
    }
    int err = look_up(page, number, digits);
    mem_wipe(digits, sizeof digits);
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
    html_begin(page, _("Where is my request?"), "status");
    put_form(page);
    html_end(page);
    return 0;
}
