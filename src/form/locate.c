/* SPDX-License-Identifier: Apache-2.0
 * From what stands on a screen back to the line of the file that says it. A screen may put a text
 * for people together with others (a code before a title, a mark before a message), so the longest
 * text of the file that is part of what was shown is the one that is meant. */
#include <string.h>
#include "base/mem.h"
#include "form/form.h"
#include "text/input.h"

struct place {
    const char *shown;
    const char *line; /* the one at hand */
    int number;
    size_t len; /* of the best text so far ... */
    int at, column;
};

static void try_text(struct place *place, const char *from, const char *end)
{
    while (from < end && *from == ' ')
        from++;
    while (end > from && (end[-1] == ' ' || end[-1] == '\r'))
        end--;
    size_t len = (size_t)(end - from);
    if (len <= place->len)
        return;
    char *text = x_strndup(from, len),
         *before = x_strndup(place->line, (size_t)(from - place->line));
    if (strstr(place->shown, text)) {
        place->len = len;
        place->at = place->number;
        place->column = (int)utf8_count(before) + 1;
    }
    x_free(&text);
    x_free(&before);
}

/* `key = text`, or `choice value | text | text`. */
static void try_line(struct place *place, size_t len)
{
    const char *end = place->line + len, *equals = memchr(place->line, '=', len),
               *bar = memchr(place->line, '|', len);
    if (equals && !bar)
        try_text(place, equals + 1, end);
    while (bar) {
        const char *from = bar + 1;
        bar = memchr(from, '|', (size_t)(end - from));
        try_text(place, from, bar ? bar : end);
    }
}

size_t form_locate(const char *file, const char *shown, int *line, int *column)
{
    struct place place = {.shown = shown};
    for (const char *at = file; *at;) {
        size_t len = strcspn(at, "\n");
        place.line = at;
        place.number++;
        if (len > 0 && *at != '#')
            try_line(&place, len);
        at += len + (at[len] == '\n');
    }
    *line = place.at;
    *column = place.column;
    return place.len;
}
