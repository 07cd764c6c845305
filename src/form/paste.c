/* SPDX-License-Identifier: Apache-2.0
 * Reads a pasted form. Nothing is judged here: who fills the form does that, field by field. A
 * label may have a colon in it, so the longest beginning of a line that is a name counts as the
 * name. */
#include "form/paste.h"
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "text/fold.h"

#define NAME_MOST 512

struct names {
    const struct form *form;
    char **folded;  /* [fields * LANG_COUNT] labels */
    uint8_t *taken; /* [fields] a line has named it */
};

static char *folded(const char *text)
{
    struct buf out = BUF_INIT(NAME_MOST * 4);
    fold_text(text, &out);
    char *copy = x_strdup(buf_text(&out));
    buf_free(&out);
    return copy;
}

static void names_make(struct names *names, const struct form *form)
{
    names->form = form;
    names->folded = x_calloc(form->fields * LANG_COUNT + 1, sizeof *names->folded);
    names->taken = x_calloc(form->fields + 1, sizeof *names->taken);
    for (size_t i = 0; i < form->fields; i++)
        for (int lang = 0; lang < LANG_COUNT; lang++)
            names->folded[i * LANG_COUNT + (size_t)lang] = folded(form->field[i].label[lang]);
}

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->form->fields * LANG_COUNT; i++)
        x_free(&names->folded[i]);
    x_free(&names->folded);
    x_free(&names->taken);
}

/* The field with that label, one that no line has named before others; -1 = none. */
static int by_label(const struct names *names, const char *name)
{
    int found = -1;
    char *wanted = folded(name);
    for (size_t i = 0; *wanted && i < names->form->fields; i++)
        for (size_t lang = 0; lang < LANG_COUNT; lang++)
            if (strcmp(names->folded[i * LANG_COUNT + lang], wanted) == 0 &&
                (found < 0 || (names->taken[found] && !names->taken[i])))
                found = (int)i;
    x_free(&wanted);
    return found;
}

static int field_named(const struct names *names, const char *text, size_t len)
{
    char *name = x_strndup(text, len);
    size_t end = len;
    while (end > 0 && name[end - 1] == ' ')
        name[--end] = '\0';
    int field = form_field(names->form, name);
    if (field < 0)
        field = by_label(names, name);
    x_free(&name);
    return field;
}

/* Takes the name off the line, if it begins with one. */
static void take_name(struct names *names, struct paste_line *line)
{
    size_t len = strlen(line->text);
    if (len > NAME_MOST)
        len = NAME_MOST;
    for (size_t colon = len; colon-- > 0 && line->field < 0;) {
        if (line->text[colon] != ':')
            continue;
        line->field = field_named(names, line->text, colon);
        if (line->field >= 0) {
            names->taken[line->field] = 1;
            line->value = line->text + colon + 1;
            line->value += strspn(line->value, " ");
        }
    }
}

static char *one_line(const char *text, size_t len)
{
    while (len > 0 && (text[len - 1] == '\r' || text[len - 1] == ' '))
        len--;
    size_t start = strspn(text, " ");
    return start < len ? x_strndup(text + start, len - start) : x_strdup("");
}

static void drop_empty(struct paste *paste)
{
    size_t kept = 0;
    for (size_t i = 0; i < paste->count; i++) {
        if (*paste->line[i].text)
            paste->line[kept++] = paste->line[i];
        else
            x_free(&paste->line[i].text);
    }
    paste->count = kept;
}

void paste_read(const struct form *form, const char *text, struct paste *out)
{
    struct names names = {0};
    *out = (struct paste){.line = x_calloc(PASTE_LINES, sizeof *out->line)};
    names_make(&names, form);
    for (size_t len; *text && !out->cut; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        if (out->count == PASTE_LINES) {
            out->cut = 1;
            break;
        }
        struct paste_line *line = &out->line[out->count++];
        line->text = one_line(text, len);
        line->value = line->text;
        line->field = -1;
        take_name(&names, line);
        out->by_name |= line->field >= 0;
    }
    names_free(&names);
    if (out->by_name)
        drop_empty(out);
}

void paste_free(struct paste *paste)
{
    for (size_t i = 0; i < paste->count; i++) {
        mem_wipe(paste->line[i].text, strlen(paste->line[i].text));
        x_free(&paste->line[i].text);
    }
    x_free(&paste->line);
    paste->count = 0;
}
