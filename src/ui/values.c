/* SPDX-License-Identifier: Apache-2.0
 * A record's values to be read: by group, label and value side by side, empty and hidden fields
 * left out. The review and a stored request show the same picture. */
#include <string.h>
#include "base/err.h"
#include "text/number.h"
#include "ui/edit.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define LABEL_START 3
#define LABEL_WIDTH 32
#define VALUE_START (LABEL_START + LABEL_WIDTH + 1)
#define NARROW_START (LABEL_START + 2) /* below its label */
#define NARROW_ROWS 3                  /* of a label */
#define VALUE_ROWS 60                  /* a thousand characters in a column */

struct values {
    struct ui *ui;
    int first, rows; /* where it is painted */
    int skip;        /* rows scrolled away */
    int at;          /* row in the whole picture */
};

/* The screen row of the picture's row, or -1 when it is scrolled away. */
static int screen_row(const struct values *values, int at)
{
    int row = at - values->skip;
    return row >= 0 && row < values->rows ? values->first + row : -1;
}

#define KIB 1024
const char *document_about(struct arena *arena, const struct book_document *document)
{
    char pages[16], size[24];
    (void)number_text((int64_t)document->pages, DIGITS_ASCII, pages, sizeof pages);
    (void)number_text((document->size + KIB - 1) / KIB, DIGITS_ASCII, size, sizeof size);
    if (document->pages == 0)
        /* L10N: kind of file, kibibytes. */
        return arena_printf(arena, _("%s, %s KiB"), filetype_word(document->type), size);
    /* L10N: kind of file, pages, kibibytes. */
    return arena_printf(arena, _("%s, pages: %s, %s KiB"), filetype_word(document->type), pages,
                        size);
}

const char *value_words(struct ui *ui, const struct field *field, const char *stored)
{
    return field_words(field, stored, ui->arena);
}

/* Its label, from the row that comes next; returns the rows that it takes there. */
static int paint_label(const struct values *values, const char *label)
{
    struct ui *ui = values->ui;
    struct line line[NARROW_ROWS];
    int width = frame_width(ui) - LABEL_START, row = screen_row(values, values->at);
    if (!frame_narrow(ui)) {
        if (row >= 0)
            frame_text(ui, row, LABEL_START, width, label, LOOK_LABEL);
        return 1;
    }
    int rows = layout_wrap(label, frame_dir(ui), width, NARROW_ROWS, ui->arena, line);
    for (int i = 0; i < rows; i++) {
        row = screen_row(values, values->at + i);
        if (row >= 0)
            frame_line(ui, row, LABEL_START, &line[i], LOOK_LABEL);
    }
    return rows;
}

static void paint_value(struct values *values, const struct field *field, const char *stored)
{
    struct ui *ui = values->ui;
    struct line line[VALUE_ROWS];
    const char *words = value_words(ui, field, stored);
    enum text_dir dir =
        edit_dir(words, field->kind == FIELD_DOC ? TEXT_AUTO : field_dir(field), ui->rtl);
    const char *label = field->label[msg_language()];
    const int narrow = frame_narrow(ui), start = narrow ? NARROW_START : VALUE_START;
    int rows = layout_wrap(words, dir, frame_width(ui) - start, VALUE_ROWS, ui->arena, line);
    if (narrow || layout_width(label) > LABEL_WIDTH)
        values->at += paint_label(values, label);
    else
        (void)paint_label(values, label);
    for (int i = 0; i < rows; i++) {
        int row = screen_row(values, values->at + i);
        if (row >= 0)
            frame_line(ui, row, start, &line[i], LOOK_FOCUS);
    }
    values->at += rows > 0 ? rows : 1;
}

int values_paint(struct ui *ui, const struct record *record, int first, int rows, int skip)
{
    struct values values = {.ui = ui, .first = first, .rows = rows, .skip = skip};
    const struct form *form = record->form;
    int group = -1;
    for (size_t i = 0; i < form->fields; i++) {
        const struct field *field = &form->field[i];
        if (!record->value[i] || !*record->value[i])
            continue;
        if (field->group != group) {
            group = field->group;
            int row = screen_row(&values, values.at++);
            if (row >= 0)
                frame_text(ui, row, 2, frame_width(ui) - 2,
                           form->group[group].title[msg_language()], LOOK_HEADING);
        }
        paint_value(&values, field, record->value[i]);
    }
    return values.at;
}
