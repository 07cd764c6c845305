/* SPDX-License-Identifier: Apache-2.0
 * A service: its requirement sheet, made of the form as the counter's is, and the centres that
 * offer it near a wilayat that the reader chooses, with their hours, or those of them that are open
 * now. Whether one is, is said by the clock and the register; on a public holiday only that it is
 * one. */
#include <string.h>
#include <strings.h>
#include "base/clock.h"
#include "base/err.h"
#include "form/hours.h"
#include "form/sheet.h"
#include "sync/pages_priv.h"
#include "text/date.h"
#include "text/number.h"

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

/* Only the centres that are open now are asked for. */
static int only_open(const struct page *page)
{
    return page->asked->open && strcmp(page->asked->open, "now") == 0;
}

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
    buf_puts(out, "<form><p><label>");
    html_text(out, _("Your wilayat"));
    buf_puts(out, " <select name=\"near\" required><option value=\"\">");
    html_text(out, _("choose one"));
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
    buf_puts(out,
             "</select></label></p><p><label><input type=\"checkbox\" name=\"open\" value=\"now\"");
    buf_puts(out, only_open(page) ? " checked> " : "> ");
    html_text(out, _("Only centres that are open now"));
    buf_puts(out, "</label></p><p><button>");
    html_text(out, _("Show centres near it"));
    buf_puts(out, "</button></p></form>");
}

enum standing { NOT_KNOWN, HOLIDAY, OPEN, SHUT };

static enum standing standing_now(const struct public_centres *centres,
                                  const struct public_centre *centre)
{
    struct hours hours;
    int64_t now = clock_utc_ms();
    int minute = (int)((now + CLOCK_OMAN_OFFSET_MS) / 60000 % 1440);
    if (centres->holiday)
        return HOLIDAY;
    if (clock_oman_day(now) != centres->day || hours_parse(centre->hours, &hours))
        return NOT_KNOWN; /* the office is on another day than the world, or nobody wrote them down
                           */
    return hours_open(&hours, centres->day, minute) ? OPEN : SHUT;
}

/* Leaves those that are open now. */
static void keep_open(struct public_centres *centres)
{
    size_t kept = 0;
    for (size_t i = 0; i < centres->count; i++)
        if (standing_now(centres, &centres->centre[i]) == OPEN)
            centres->centre[kept++] = centres->centre[i];
    centres->count = kept;
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

static void put_hours(struct page *page, const struct where *where,
                      const struct public_centre *centre)
{
    static const char *const words[] = {[NOT_KNOWN] = "",
                                        [HOLIDAY] = N_("today is a public holiday"),
                                        [OPEN] = N_("open now"),
                                        [SHUT] = N_("closed now")};
    struct buf *out = &page->answer->body;
    struct hours hours;
    const char *line[7], *now = words[standing_now(&where->centres, centre)];
    size_t lines = 0;
    if (*now) {
        buf_puts(out, ": <b>");
        html_text(out, _(now));
        buf_puts(out, "</b>");
    }
    if (hours_parse(centre->hours, &hours) == 0)
        lines = hours_lines(&hours, page->arena, line);
    for (size_t i = 0; i < lines; i++) {
        buf_puts(out, "<br>");
        html_text(out, line[i]);
    }
    if (lines == 0) {
        buf_puts(out, "<br>");
        html_text(out, _("Its hours are not known here: ask before you go."));
    }
}

static void put_centre(struct page *page, const struct where *where,
                       const struct public_centre *centre)
{
    struct buf *out = &page->answer->body;
    const char *wilayat = place_name(where->place, where->places, centre->wilayat, page->lang);
    buf_puts(out, "<li><bdi>");
    html_text(out, centre->name[page->lang]);
    buf_puts(out, "</bdi> (");
    html_text(out, wilayat);
    buf_puts(out, " <bdi>");
    html_text(out, centre->code);
    buf_puts(out, "</bdi>)");
    put_hours(page, where, centre);
    buf_puts(out, "</li>");
}

static void put_centres(struct page *page, const struct where *where)
{
    struct buf *out = &page->answer->body;
    size_t count = where->centres.count, more = count > CENTRES_SHOWN ? count - CENTRES_SHOWN : 0;
    char number[32];
    if (count == 0) {
        html_paragraph(
            page,
            only_open(page)
                ? _("No centre near it that offers this is open now: untick the box to see all.")
                : _("No centre in this governorate offers it."));
        return;
    }
    buf_puts(out, "<ul>");
    for (size_t i = 0; i < count - more; i++)
        put_centre(page, where, &where->centres.centre[i]);
    buf_puts(out, "</ul>");
    if (more) {
        (void)number_text((int64_t)more, DIGITS_ASCII, number, sizeof number);
        html_paragraph(page, arena_printf(page->arena,
                                          P_("There is %s more in this governorate.",
                                             "There are %s more in this governorate.", more),
                                          number));
    }
}

static void put_where(struct page *page, const struct where *where)
{
    struct buf *out = &page->answer->body;
    buf_puts(out, "<h2 id=\"near\">");
    html_text(out, _("Centres near you"));
    buf_puts(out, "</h2>");
    put_chooser(page, where->place, where->places, where->near);
    if (*where->near)
        put_centres(page, where);
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

static struct json *centre_json(const struct page *page, const struct where *where,
                                const struct public_centre *centre)
{
    struct json *row = json_new_object();
    enum standing now = standing_now(&where->centres, centre);
    json_put_text(row, "code", centre->code);
    json_put_text(row, "wilayat", centre->wilayat);
    json_put_text(row, "wilayat_name",
                  place_name(where->place, where->places, centre->wilayat, page->lang));
    json_put_text(row, "name", centre->name[page->lang]);
    json_put_text(row, "hours", centre->hours);
    if (now == OPEN || now == SHUT)
        json_put_bool(row, "open_now", now == OPEN);
    return row;
}

static void as_json(struct page *page, const struct book_service *service,
                    const struct sheet *sheet, const struct where *where)
{
    struct json *root = json_new_object(), *centres = json_new_array();
    char day[11];
    clock_day_text(where->centres.day, day);
    json_put_text(root, "code", service->code);
    json_put_text(root, "agency", service->agency);
    json_put_text(root, "name", service->title[page->lang]);
    json_put_bool(root, "open", service->open);
    json_put_text(root, "day", day);
    json_put(root, "sheet", sheet_json(sheet));
    for (size_t i = 0; *where->near && i < where->centres.count && i < CENTRES_SHOWN; i++)
        json_push(centres, centre_json(page, where, &where->centres.centre[i]));
    if (*where->near) {
        json_put(root, "centres", centres);
        json_put_int(root, "centres_count", (int64_t)where->centres.count);
        json_put_bool(root, "holiday", where->centres.holiday);
    } else {
        json_free(&centres);
    }
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
    if (!err && only_open(page))
        keep_open(&where->centres);
    return err;
}

/* This page below /ar/ or /en/, as it was asked for. */
static const char *path_of(struct page *page, const struct book_service *service,
                           const struct where *where)
{
    if (!*where->near)
        return arena_printf(page->arena, "service/%s", service->code);
    return arena_printf(page->arena, "service/%s?near=%s%s", service->code, where->near,
                        only_open(page) ? "&open=now" : "");
}

static void show(struct page *page, const struct book_service *service, const struct form *form,
                 const struct where *where)
{
    struct sheet sheet;
    char day[16];
    const char *why = book_service_why(service);
    sheet_make(form, where->centres.day, why ? _(why) : _("open"), page->arena, &sheet);
    /* What is said of now may not be said for long. */
    page->answer->cache = *where->near ? "public, max-age=60" : "public, max-age=300";
    if (page->json) {
        as_json(page, service, &sheet, where);
        return;
    }
    html_begin(page, service->title[page->lang], path_of(page, service, where));
    put_sheet(page, &sheet);
    date_text(where->centres.day, CALENDAR_GREGORIAN, day);
    html_paragraph(page, arena_printf(page->arena, _("As it stands on %s."), day));
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
    while (!err && at < count && strcasecmp(list[at].code, page->name) != 0)
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
