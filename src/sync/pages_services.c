/* SPDX-License-Identifier: Apache-2.0
 * The first page: every service by its agency, or those that a search finds. A service that can't
 * be begun anywhere today says so beside its name, with the day on which it opens where that is
 * known, so that nobody goes out for nothing. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "form/agency.h"
#include "sync/pages_priv.h"
#include "text/date.h"
#include "text/fold.h"

#define FIND_MAX 256 /* bytes of a search: what the box takes, in any script */

int page_catalogue(struct page *page, struct book_service **out, size_t *count)
{
    int err = book_service_list(page->book, page->arena, out, count);
    /* Asked for the whole country, not for the centre that this office is. */
    for (size_t i = 0; !err && i < *count; i++) {
        (*out)[i].in_area = 1;
        (*out)[i].open = (*out)[i].state == SERVICE_LIVE;
    }
    return err;
}

/* A word's beginnings that nobody types who looks for it. */
static size_t article_len(const char *word)
{
    static const char *const articles[] = {"وال", "بال", "ال", "لل"};
    for (size_t i = 0; i < SND_COUNT(articles); i++)
        if (strncmp(word, articles[i], strlen(articles[i])) == 0)
            return strlen(articles[i]);
    return 0;
}

/* The folded words, and behind them those with an article once more without it. */
static void add_bare_words(struct buf *folded)
{
    char *words = x_strdup(buf_text(folded)), *rest = words, *word;
    while ((word = strsep(&rest, " ")) != NULL)
        if (article_len(word))
            buf_printf(folded, " %s", word + article_len(word));
    x_free(&words);
}

/* Words of the code, the names in both languages and the agency, folded. */
static int is_found(const struct book_service *service, const char *find)
{
    struct buf words = BUF_INIT(4096), folded = BUF_INIT(4096);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        buf_printf(&words, "%s %s ", service->title[lang],
                   agency_name(service->agency, (enum lang)lang));
    buf_puts(&words, service->code);
    fold_text(buf_text(&words), &folded);
    add_bare_words(&folded);
    int found = strcasecmp(service->code, find) == 0 || fold_matches(buf_text(&folded), find);
    buf_free(&folded);
    buf_free(&words);
    return found;
}

static const char *opens_text(struct page *page, const struct book_service *service)
{
    char day[16];
    const char *why = book_service_why(service);
    if (!why)
        return "";
    why = _(why);
    date_text(service->opens, CALENDAR_GREGORIAN, day);
    if (!service->opens)
        return why;
    return arena_printf(page->arena, _("%s, from %s"), why, day);
}

static void put_service(struct page *page, const struct book_service *service)
{
    struct buf *out = &page->answer->body;
    const char *why = opens_text(page, service);
    buf_puts(out, "<li><a href=\"service/");
    html_text(out, service->code);
    buf_puts(out, "\">");
    html_text(out, service->title[page->lang]);
    buf_puts(out, "</a>");
    if (*why) {
        buf_puts(out, " (");
        html_text(out, why);
        buf_puts(out, ")");
    }
    buf_puts(out, "</li>");
}

static void put_agency(struct page *page, const struct book_service *list, size_t count,
                       const char *agency)
{
    struct buf *out = &page->answer->body;
    buf_puts(out, "<h2>");
    html_text(out, agency_name(agency, page->lang));
    buf_puts(out, "</h2><ul>");
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].agency, agency) == 0)
            put_service(page, &list[i]);
    buf_puts(out, "</ul>");
}

static int is_first_of_agency(const struct book_service *list, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(list[i].agency, list[at].agency) == 0)
            return 0;
    return 1;
}

static void put_search(struct page *page, const char *find)
{
    struct buf *out = &page->answer->body;
    buf_puts(out, "<form role=\"search\"><label>");
    html_text(out, _("Find a service"));
    buf_puts(out, " <input name=\"find\" type=\"search\" dir=\"auto\" maxlength=\"60\" value=\"");
    html_text(out, find);
    buf_puts(out, "\"></label> <button>");
    html_text(out, _("Find"));
    buf_puts(out, "</button></form>");
}

static void as_html(struct page *page, const struct book_service *list, size_t count,
                    const char *find)
{
    html_begin(page, _("Sanad services"), "");
    put_search(page, find);
    if (count == 0)
        html_paragraph(page, _("No service has these words: try fewer or other ones."));
    for (size_t i = 0; i < count; i++)
        if (is_first_of_agency(list, i))
            put_agency(page, list, count, list[i].agency);
    html_end(page);
}

static struct json *names_json(const char *const name[LANG_COUNT])
{
    struct json *names = json_new_object();
    for (int lang = 0; lang < LANG_COUNT; lang++)
        json_put_text(names, msg_lang_code((enum lang)lang), name[lang]);
    return names;
}

static void as_json(struct page *page, const struct book_service *list, size_t count)
{
    struct json *root = json_new_object(), *rows = json_new_array();
    for (size_t i = 0; i < count; i++) {
        struct json *row = json_new_object();
        char day[11];
        json_put_text(row, "code", list[i].code);
        json_put_text(row, "agency", list[i].agency);
        json_put(row, "name", names_json(list[i].title));
        json_put_bool(row, "open", list[i].open);
        if (list[i].opens) {
            clock_day_text(list[i].opens, day);
            json_put_text(row, "opens", day);
        }
        json_push(rows, row);
    }
    json_put(root, "services", rows);
    page_json(page, root);
}

int show_services(struct page *page)
{
    struct book_service *list;
    size_t count = 0, found = 0;
    const char *find = page->asked->find ? page->asked->find : "";
    if (strlen(find) > FIND_MAX || !json_text_fits(find))
        find = "";
    int err = page_catalogue(page, &list, &count);
    if (err)
        return err;
    for (size_t i = 0; i < count; i++)
        if (!*find || is_found(&list[i], find))
            list[found++] = list[i];
    if (page->json)
        as_json(page, list, found);
    else
        as_html(page, list, found, find);
    page->answer->cache = "public, max-age=300";
    return 0;
}
