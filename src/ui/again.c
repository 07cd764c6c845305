/* SPDX-License-Identifier: Apache-2.0
 * Where a person stands, in a text that the next session can go by: a line for each screen above
 * home, its name, a number and what was typed there. Made when a line breaks off and, for a desk
 * that is killed, when nothing is typed for a moment; read at the login after it. A form is none of
 * it: its draft knows field and caret, and is offered by itself.
 *
 * The text comes back from the ledger as it was given; it is judged like any other: names that are
 * not in the table, or screens that can't be opened that way, end it. */
#include <string.h>
#include "base/err.h"
#include "base/log.h"
#include "base/num.h"
#include "ui/screens_priv.h"

static const char *const names[SCREEN_COUNT] = {
#define SCREEN(name, prefix, title, help, extras) [SCREEN_##name] = #name,
#include "ui/screens.def"
#undef SCREEN
};

int place_plain(const struct ui *ui, const void *state, struct ui_arg *out)
{
    (void)ui;
    (void)state;
    (void)out;
    return 1;
}

int again_add(char place[BOOK_PLACE], enum screen_id id, const struct ui_arg *arg)
{
    size_t used = strlen(place);
    int err = str_format(place + used, BOOK_PLACE - used, "%s\t%d\t%s\n", names[id], arg->index,
                         arg->text);
    if (err)
        place[used] = '\0';
    return err;
}

int again_make(const struct ui *ui, char out[BOOK_PLACE])
{
    out[0] = '\0';
    if (ui->depth == 0 || ui->stack[0].id != SCREEN_HOME)
        return 0;
    for (int i = 1; i < ui->depth; i++)
        if (ui->stack[i].id == SCREEN_FILL)
            return 1;
    for (int i = 1; i < ui->depth; i++) {
        const struct ui_layer *layer = &ui->stack[i];
        const struct screen_row *row = &screen_table[layer->id];
        struct ui_arg arg = {0};
        if (!row->place || !row->place(ui, layer->state, &arg) || again_add(out, layer->id, &arg))
            break;
    }
    return 1;
}

/* One line's screen, or SCREEN_COUNT when it names none that can be opened so. */
static enum screen_id read_line(const char *line, size_t len, struct ui_arg *out)
{
    char copy[BOOK_PLACE];
    int64_t index;
    *out = (struct ui_arg){0};
    (void)str_format(copy, sizeof copy, "%.*s", (int)len, line);
    char *number = strchr(copy, '\t'), *text = number ? strchr(number + 1, '\t') : NULL;
    if (!text)
        return SCREEN_COUNT;
    *number++ = '\0';
    *text++ = '\0';
    if (num_parse(number, 0, 1000, &index) || str_copy(out->text, sizeof out->text, text))
        return SCREEN_COUNT;
    out->index = (int)index;
    for (int id = 0; id < SCREEN_COUNT; id++)
        if (screen_table[id].place && strcmp(names[id], copy) == 0)
            return (enum screen_id)id;
    return SCREEN_COUNT;
}

int again_next(const char **at, enum screen_id *id, struct ui_arg *out)
{
    size_t len = strcspn(*at, "\n");
    *id = read_line(*at, len, out);
    *at += len + ((*at)[len] == '\n');
    return *id != SCREEN_COUNT;
}

void again_keep(const struct ui *ui, enum session_end end, int has, const char *now)
{
    if (ui->expelled || end == SESSION_FAILED || (!has && !*now))
        return;
    if (book_place(ui->book, now))
        log_debug("session.place", "lost");
}

const char *again_words(struct ui *ui)
{
    const char *at = ui->me.place, *words = "";
    enum screen_id id;
    struct ui_arg arg;
    while (*at && again_next(&at, &id, &arg)) {
        const struct screen_row *row = &screen_table[id];
        const char *text = row->said ? row->said(ui, &arg) : arg.text;
        words = arena_printf(ui->arena, "%s%s%s%s%s", words, *words ? " › " : "", _(row->title),
                             *text ? " " : "", text);
    }
    return words;
}
