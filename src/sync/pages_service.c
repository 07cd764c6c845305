/* SPDX-License-Identifier: Apache-2.0
 * A service: its requirement sheet, made of the form as the counter's is, and the centres that
 * offer it near a wilayat that the reader chooses, with their hours. Whether one is open now is
 * said by the clock and the register; on a public holiday only that it is one. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "form/hours.h"
#include "form/sheet.h"
#include "sync/pages_priv.h"

#define CENTRES_SHOWN 20

static void put_sheet(struct page *page, const struct sheet *sheet)
{
    struct buf *out = &page->answer->body;
    int open = 0;
    for (size_t i = 0; i < sheet->lines; i++) {
        const struct sheet_line *line = &sheet->line[i];
        if (line->heading && open)
            buf_puts(out, "</dl>");
        if (line->heading) {
            buf_puts(out, "<h2>");
            html_text(out, line->label);
            buf_puts(out, "</h2>");
        }
        if (line->heading || !open)
            buf_puts(out, "<dl>");
        open = 1;
        if (!line->heading)
            html_pair(page, line->label, line->text);
    }
    if (open)
        buf_puts(out, "</dl>");
}

/* ---- where ---- */

static void put_choice(struct page *page, const struct public_place *place, const char *chosen)
{
    struct buf *out = &page->answer->body;
    buf_puts(out, "<option value=\"");
    html_text(out, place->code);
    buf_puts(out, strcmp(place->code, chosen) == 0 ? "\" selected>" : "\">");
    html_text(out, place->name[page->lang]);
}

static void put_chooser(struct page *page, const struct public_place *place, size_t count,
                        const char *chosen)
{
    struct buf *out = &page->answer->body;
    buf_puts(out, "<form><label>");
    html_text(out, _("Your wilayat"));
    buf_puts(out, " <select name=\"near\">");
    for (size_t i = 0; i < count; i++) {
        if (place[i].parent[0])
            continue;
        buf_puts(out, "<optgroup label=\"");
        html_text(out, place[i].name[page->lang]);
        buf_puts(out, "\">");
        for (size_t j = 0; j < count; j++)
            if (strcmp(place[j].parent, place[i].code) == 0)
                put_choice(page, &place[j], chosen);
        buf_puts(out, "</optgroup>");
    }
    buf_puts(out, "</select></label> <button>");
    html_text(out, _("Show centres near it"));
    buf_puts(out, "</button></form>");
}

/* Open, closed, or what else there is to say; NULL when nothing is known. */
static const char *open_now(const struct public_centres *centres, const struct hours *hours)
{
    int64_t now = clock_utc_ms() + CLOCK_OMAN_OFFSET_MS;
    int minute = (int)(now / 60000 % 1440);
    if (centres->holiday)
        return _("today is a public holiday");
    if (clock_oman_day(clock_utc_ms()) != centres->day)
        return NULL; /* the office is on another day than the world */
    return hours_open(hours, centres->day, minute) ? _("open now") : _("closed now");
}

static const char *place_name(const struct public_place *place, size_t count, const char *code,
                              enum lang lang)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(place[i].code, code) == 0)
            return place[i].name[lang];
    return code;
}

struct where {
    struct public_place *place;
    size_t places;
    struct public_centres centres;
    const char *near; /* "" = none was chosen */
};

static void put_centre(struct page *page, const struct where *where,
                       const struct public_centre *centre)
{
    struct buf *out = &page->answer->body;
    struct hours hours;
    const char *line[7];
    size_t lines = 0;
    buf_puts(out, "<li>");
    html_text(out, centre->name[page->lang]);
    buf_puts(out, " (<bdi>");
    html_text(out, centre->code);
    buf_puts(out, "</bdi>, ");
    html_text(out, place_name(where->place, where->places, centre->wilayat, page->lang));
    buf_puts(out, ")");
    if (hours_parse(centre->hours, &hours) == 0) {
        const char *now = open_now(&where->centres, &hours);
        lines = hours_lines(&hours, page->arena, line);
        if (now) {
            buf_puts(out, ": <b>");
            html_text(out, now);
            buf_puts(out, "</b>");
        }
    }
    for (size_t i = 0; i < lines; i++) {
        buf_puts(out, "<br>");
        html_text(out, line[i]);
    }
    buf_puts(out, "</li>");
}

static void put_where(struct page *page, const struct where *where)
{
    struct buf *out = &page->answer->body;
    buf_puts(out, "<h2>");
    html_text(out, _("Centres near you"));
    buf_puts(out, "</h2>");
    put_chooser(page, where->place, where->places, where->near);
    if (!*where->near)
        return;
    if (where->centres.count == 0)
        html_paragraph(page, _("No centre in this governorate offers it."));
    buf_puts(out, "<ul>");
    for (size_t i = 0; i < where->centres.count && i < CENTRES_SHOWN; i++)
        put_centre(page, where, &where->centres.centre[i]);
    buf_puts(out, "</ul>");
}

/* ---- the twin ---- */

static struct json *sheet_json(const struct sheet *sheet)
{
    struct json *lines = json_new_array();
    for (size_t i = 0; i < sheet->lines; i++) {
        struct json *line = json_new_object();
        json_put_text(line, "label", sheet->line[i].label);
        if (!sheet->line[i].heading)
            json_put_text(line, "text", sheet->line[i].text);
        json_push(lines, line);
    }
    return lines;
}

static void as_json(struct page *page, const struct book_service *service,
                    const struct sheet *sheet, const struct where *where)
{
    struct json *root = json_new_object(), *centres = json_new_array();
    json_put_text(root, "code", service->code);
    json_put_text(root, "agency", service->agency);
    json_put_text(root, "name", service->title[page->lang]);
    json_put_bool(root, "open", service->open);
    json_put(root, "sheet", sheet_json(sheet));
    for (size_t i = 0; *where->near && i < where->centres.count && i < CENTRES_SHOWN; i++) {
        const struct public_centre *centre = &where->centres.centre[i];
        struct json *row = json_new_object();
        json_put_text(row, "code", centre->code);
        json_put_text(row, "wilayat", centre->wilayat);
        json_put_text(row, "name", centre->name[page->lang]);
        json_put_text(row, "hours", centre->hours);
        json_push(centres, row);
    }
    if (*where->near)
        json_put(root, "centres", centres);
    else
        json_free(&centres);
    page_json(page, root);
}

/* ---- the page ---- */

static int find_where(struct page *page, const char *service, struct where *where)
{
    const char *near = page->asked->near ? page->asked->near : "";
    int err = public_places(page->book, page->arena, &where->place, &where->places);
    where->near = "";
    for (size_t i = 0; !err && i < where->places; i++)
        if (where->place[i].parent[0] && strcmp(where->place[i].code, near) == 0)
            where->near = where->place[i].code;
    if (!err)
        err = public_centres(page->book, service, where->near, page->arena, &where->centres);
    return err;
}

static void show(struct page *page, const struct book_service *service, const struct form *form,
                 const struct where *where)
{
    struct sheet sheet;
    const char *why = book_service_why(service);
    sheet_make(form, where->centres.day, why ? _(why) : _("open"), page->arena, &sheet);
    page->answer->cache = "public, max-age=300";
    if (page->json) {
        as_json(page, service, &sheet, where);
        return;
    }
    html_begin(page, service->title[page->lang],
               arena_printf(page->arena, "service/%s", service->code));
    put_sheet(page, &sheet);
    put_where(page, where);
    html_end(page);
}

int show_service(struct page *page)
{
    struct book_service *list;
    const struct form *form;
    struct where where = {0};
    size_t count = 0, at = 0;
    int err = page_catalogue(page, &list, &count);
    while (!err && at < count && strcmp(list[at].code, page->name) != 0)
        at++;
    if (!err && at == count) {
        page_refuse(page, 404, _("There is no such service."));
        return 0;
    }
    if (!err)
        err = book_form(page->book, list[at].sha, &form);
    if (!err)
        err = find_where(page, list[at].code, &where);
    if (!err)
        show(page, &list[at], form, &where);
    return err;
}
