/* SPDX-License-Identifier: Apache-2.0
 * The lines of a paper. */
#include "paper/paper.h"
#include <string.h>
#include "form/sheet.h"

#define ROOM_FIRST 64

void paper_begin(struct paper *paper, const char *title, struct arena *arena)
{
    *paper = (struct paper){.arena = arena, .title = title, .room = ROOM_FIRST};
    paper->line = arena_alloc(arena, ROOM_FIRST * sizeof *paper->line);
}

void paper_add(struct paper *paper, enum paper_kind kind, const char *label, const char *text,
               enum text_dir dir)
{
    if (paper->lines == paper->room) {
        struct paper_line *before = paper->line;
        paper->room *= 2;
        paper->line = arena_alloc(paper->arena, paper->room * sizeof *paper->line);
        memcpy(paper->line, before, paper->lines * sizeof *before);
    }
    paper->line[paper->lines++] =
        (struct paper_line){.kind = kind, .dir = dir, .label = label, .text = text};
}

const char *paper_title(const struct form *form, struct arena *arena)
{
    return arena_printf(arena, "%s  %s", form->code, form->title[msg_language()]);
}

void paper_sheet(struct paper *paper, const struct form *form, int32_t day)
{
    struct sheet sheet;
    sheet_make(form, day, NULL, paper->arena, &sheet);
    for (size_t i = 0; i < sheet.lines; i++) {
        const struct sheet_line *line = &sheet.line[i];
        enum paper_kind kind = line->heading  ? PAPER_HEADING
                               : *line->label ? PAPER_PAIR
                                              : PAPER_MORE;
        paper_add(paper, kind, line->label, line->heading ? "" : line->text, TEXT_AUTO);
    }
}

/* The title of a field's group, where it is the first of it. */
static void add_group(struct paper *paper, const struct form *form, int field, int *group)
{
    if (form->field[field].group == *group)
        return;
    *group = form->field[field].group;
    paper_add(paper, PAPER_HEADING, form->group[*group].title[msg_language()], "", TEXT_AUTO);
}

/* What can be ticked; a long list is looked up at the counter. */
#define CHOICES_SHOWN 12
static const char *choices_of(const struct field *field, struct arena *arena)
{
    const char *all = "";
    if (!field->choices || field->choices->count > CHOICES_SHOWN)
        return all;
    for (size_t i = 0; i < field->choices->count; i++)
        all = arena_printf(arena, "%s%s☐ %s", all, i ? "   " : "",
                           field->choices->item[i].label[msg_language()]);
    return all;
}

void paper_blank(struct paper *paper, const struct form *form)
{
    int group = -1;
    for (size_t i = 0; i < form->fields; i++) {
        const struct field *field = &form->field[i];
        if (field->calculate)
            continue;
        add_group(paper, form, (int)i, &group);
        paper_add(paper, PAPER_BLANK, field->label[msg_language()], choices_of(field, paper->arena),
                  TEXT_AUTO);
    }
}

void paper_values(struct paper *paper, const struct record *record)
{
    int group = -1;
    for (size_t i = 0; i < record->form->fields; i++) {
        const struct field *field = &record->form->field[i];
        if (!record->value[i] || !*record->value[i])
            continue;
        add_group(paper, record->form, (int)i, &group);
        paper_add(paper, PAPER_PAIR, field->label[msg_language()],
                  field_words(field, record->value[i], paper->arena), field_dir(field));
    }
}

void paper_proof(struct paper *paper, const struct record *record)
{
    int field = record->form->proof ? form_field(record->form, record->form->proof) : -1;
    if (field < 0 || !record->value[field] || !*record->value[field])
        return;
    paper_add(paper, PAPER_HEADING, _("Proof"), "", TEXT_AUTO);
    paper_add(paper, PAPER_FRAME, "",
              field_words(&record->form->field[field], record->value[field], paper->arena),
              TEXT_AUTO);
    paper_add(paper, PAPER_SIGN, _("I have read this text and agree that it appears like this"), "",
              TEXT_AUTO);
}

void paper_end(struct paper *paper, const char *note)
{
    paper_add(paper, PAPER_NOTE, "", note, TEXT_AUTO);
    paper_add(paper, PAPER_SIGN, _("Applicant's name and signature"), "", TEXT_AUTO);
    paper_add(paper, PAPER_SIGN, _("Clerk's name and signature"), "", TEXT_AUTO);
}
