/* SPDX-License-Identifier: Apache-2.0
 * How a form looks: labels in a column at the start, values in a box after it, a word at the end
 * where there is one to say. A label longer than its column takes a row of its own; a value longer
 * than its box makes it grow; a page longer than the screen moves with the focus, never sideways.
 *
 * The focused field is told by its label's look and the brackets of its box, and its value is
 * plain: so a typed letter costs its own bytes and no attributes. A letter repaints the box it is
 * in, and the field when the word beside the box changes. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "text/date.h"
#include "text/input.h"
#include "ui/fill_priv.h"

#define WIDE_SCREEN 110
#define NARROW_HINT 13
#define LABEL_ROWS 3 /* most, on a narrow screen */

struct fill_columns fill_columns(const struct ui *ui)
{
    struct fill_columns columns = {.label = 19, .box = 40};
    if (ui->canvas.cols >= WIDE_SCREEN)
        columns = (struct fill_columns){.label = 34, .box = 60};
    /* One under another: each label has a row, the word after the box stands at that row's end. */
    if (frame_narrow(ui))
        return (struct fill_columns){.label = 0, .box = frame_width(ui) - 2, .hint = NARROW_HINT};
    columns.hint = frame_width(ui) - columns.label - columns.box - 3;
    return columns;
}

/* ---- where things stand ---- */

static int label_width(const struct ui *ui, int of_its_own)
{
    if (frame_narrow(ui))
        return frame_width(ui) - NARROW_HINT;
    return of_its_own ? frame_width(ui) - 1 : fill_columns(ui).label;
}

/* Rows above the value's own. */
static int label_rows(struct ui *ui, const struct fill *fill, int field)
{
    struct line line[LABEL_ROWS];
    if (!frame_narrow(ui))
        return fill->wide[field] > fill_columns(ui).label;
    return layout_wrap(fill->form->field[field].label[msg_language()], frame_dir(ui),
                       label_width(ui, 1), LABEL_ROWS, ui->arena, line);
}

static void measure_labels(struct fill *fill)
{
    if (fill->wide_lang == msg_language())
        return;
    fill->wide_lang = msg_language();
    for (size_t i = 0; i < fill->form->fields; i++)
        fill->wide[i] = layout_width(fill->form->field[i].label[fill->wide_lang]);
}

/* The text in a field's box; lives in the paint's arena. */
static const char *shown_text(struct ui *ui, const struct fill *fill, int field)
{
    const char *stored = fill->record->value[field];
    if (field == fill->focus)
        return fill->edit.text;
    if (!stored || strcmp(stored, DOCUMENT_SEEN) == 0 ||
        strncmp(stored, DOCUMENT_STORED, strlen(DOCUMENT_STORED)) == 0)
        return "";
    struct buf shown = BUF_INIT(EDIT_BYTES);
    field_show(&fill->form->field[field], stored, msg_language(), &shown);
    const char *text = arena_strdup(ui->arena, buf_text(&shown));
    buf_free(&shown);
    return text;
}

static void box_of(struct ui *ui, const struct fill *fill, int field, const char *text,
                   struct edit_box *box)
{
    const struct field *about = &fill->form->field[field];
    int caret = field == fill->focus ? fill->edit.caret : -1;
    enum text_dir dir = about->kind == FIELD_DOC ? TEXT_AUTO : field_dir(about);
    int max = field_max(about);
    edit_layout(text, dir, max > 0 ? max : 80, fill_columns(ui).box, frame_body(ui) - 2, caret,
                ui->rtl, ui->arena, box);
}

static int value_rows(struct ui *ui, const struct fill *fill, int field)
{
    struct edit_box box;
    const char *text = shown_text(ui, fill, field);
    if ((int)utf8_count(text) < fill_columns(ui).box)
        return 1;
    box_of(ui, fill, field, text, &box);
    return box.rows;
}

/* Gives every field of the page its rows; returns the rows of the page. */
static int place_fields(struct ui *ui, struct fill *fill)
{
    const struct form *form = fill->form;
    int row = 0, group = -1;
    measure_labels(fill);
    fill->page = form->group[form->field[fill->focus].group].page;
    for (size_t i = 0; i < form->fields; i++) {
        struct place *place = &fill->place[i];
        place->shown =
            fill->record->relevant[i] && form->group[form->field[i].group].page == fill->page;
        if (!place->shown)
            continue;
        place->heading = -1;
        if (form->field[i].group != group) {
            group = form->field[i].group;
            place->heading = row++;
        }
        place->label = row;
        row += label_rows(ui, fill, (int)i);
        place->row = row;
        place->rows = value_rows(ui, fill, (int)i);
        row += place->rows;
    }
    return row;
}

static void scroll_to_focus(struct ui *ui, struct fill *fill, int rows)
{
    const struct place *place = &fill->place[fill->focus];
    int body = frame_body(ui);
    int first = place->heading >= 0 ? place->heading : place->label,
        last = place->row + place->rows - 1;
    if (last >= fill->top + body)
        fill->top = last - body + 1;
    if (first < fill->top)
        fill->top = first;
    if (fill->top > rows - body)
        fill->top = rows - body;
    if (fill->top < 0)
        fill->top = 0;
}

/* The screen's row of a page's row, or -1 when it is scrolled away. */
static int screen_row(const struct ui *ui, const struct fill *fill, int row)
{
    int at = row - fill->top;
    return at >= 0 && at < frame_body(ui) ? FRAME_TOP + at : -1;
}

/* ---- one field ---- */

/* The same day in the other calendar, when the text is a whole date. */
static const char *other_date(struct ui *ui, const struct fill *fill, int field, const char *text)
{
    int32_t day;
    char date[16];
    enum field_kind kind = fill->form->field[field].kind;
    if ((kind != FIELD_DATE_G && kind != FIELD_DATE_H) || strlen(text) < 8 ||
        date_parse(text, CALENDAR_ANY, &day) != 0)
        return NULL;
    int hijri_typed = date_to_gregorian(day).year != 0 && strlen(text) == 10 &&
                      strcmp((date_text(day, CALENDAR_HIJRI, date), date), text) == 0;
    date_text(day, hijri_typed ? CALENDAR_GREGORIAN : CALENDAR_HIJRI, date);
    return arena_printf(ui->arena, hijri_typed ? _("%s AD") : _("%s AH"), date);
}

static const char *document_hint(const struct fill *fill, int field)
{
    const char *stored = fill->record->value[field];
    int absent = field == fill->focus ? fill->absent : stored && strncmp(stored, "none:", 5) == 0;
    if (absent)
        return _("not there");
    if (stored && strncmp(stored, DOCUMENT_STORED, strlen(DOCUMENT_STORED)) == 0 &&
        !(field == fill->focus && fill->edit.text[0]))
        return _("attached");
    if (stored || (field == fill->focus && fill->edit.text[0]))
        return _("with the papers");
    return NULL;
}

/* 1 when the word that a field must be filled in still stands there. In front of the person it
 * stays until she has left the field, for a typed letter is to cost no more than itself. */
static int still_required(const struct fill *fill, int field, const char *text)
{
    struct fault fault;
    if (field == fill->focus ? fill->record->value[field] != NULL : *text != '\0')
        return 0;
    return record_judge(fill->record, field, &fill->day, msg_language(), &fault) &&
           fault.rule == FAULT_REQUIRED;
}

/* The word after the box, and its look. */
static const char *hint_of(struct ui *ui, const struct fill *fill, int field, const char *text,
                           enum look *look)
{
    const struct field *about = &fill->form->field[field];
    const char *hint = NULL;
    *look = LOOK_HINT;
    if (fill->fault[field] != FAULT_NONE) {
        *look = LOOK_ERROR;
        return fill->fault[field] == FAULT_REQUIRED ? _("! required") : _("! wrong");
    }
    if (about->kind == FIELD_DOC)
        hint = document_hint(fill, field);
    else
        hint = other_date(ui, fill, field, text);
    if (hint)
        return hint;
    if (about->calculate)
        return _("calculated");
    if (fill->given[field] && *text)
        return _("filled in");
    if (field == fill->focus && about->choices)
        return _("F4 list");
    return still_required(fill, field, text) ? _("required") : NULL;
}

static void paint_label(struct ui *ui, const struct fill *fill, int field)
{
    const struct place *place = &fill->place[field];
    int row = screen_row(ui, fill, place->label);
    if (row < 0)
        return;
    enum look look = field == fill->focus && !ui->far     ? LOOK_FOCUS
                     : fill->form->field[field].calculate ? LOOK_READONLY
                                                          : LOOK_LABEL;
    frame_sentence(ui, row, 1, label_width(ui, place->label < place->row), LABEL_ROWS,
                   fill->form->field[field].label[msg_language()], look);
}

/* The value in its box, as much of it as the screen has rows for. */
static void paint_box(struct ui *ui, const struct fill *fill, int field, const char *text, int row)
{
    struct edit_box box;
    int left = FRAME_TOP + frame_body(ui) - row;
    box_of(ui, fill, field, text, &box);
    if (box.rows > left)
        box.rows = left;
    edit_paint(ui, &box, row, fill_columns(ui).label + 2,
               field == fill->focus ? fill->edit.caret : -1, LOOK_PLAIN);
}

static void paint_field(struct ui *ui, const struct fill *fill, int field)
{
    enum look look;
    const struct fill_columns columns = fill_columns(ui);
    const struct place *place = &fill->place[field];
    const char *text = shown_text(ui, fill, field);
    int row = screen_row(ui, fill, place->row);
    const int start = columns.label + 2;
    paint_label(ui, fill, field);
    if (row < 0)
        return;
    if (field == fill->focus) {
        frame_text(ui, row, start - 1, 1, "[", LOOK_PLAIN);
        frame_text(ui, row, start + columns.box, 1, "]", LOOK_PLAIN);
    }
    paint_box(ui, fill, field, text, row);
    const char *hint = hint_of(ui, fill, field, text, &look);
    if (hint && !frame_narrow(ui))
        frame_text(ui, row, start + columns.box + 2, columns.hint - 1, hint, look);
    else if (hint && screen_row(ui, fill, place->label) >= 0)
        frame_text_end(ui, screen_row(ui, fill, place->label), frame_width(ui), columns.hint - 1,
                       hint, look);
}

static void repaint_field(struct ui *ui, const struct fill *fill, int field)
{
    const struct place *place = &fill->place[field];
    for (int row = place->label; row < place->row + place->rows; row++) {
        int at = screen_row(ui, fill, row);
        if (at >= 0)
            canvas_blank(&ui->canvas, at, at + 1);
    }
    paint_field(ui, fill, field);
}

/* The focused field's box alone: what stands beside it is as it was. */
static void repaint_box(struct ui *ui, const struct fill *fill, const char *text)
{
    const struct fill_columns columns = fill_columns(ui);
    const struct place *place = &fill->place[fill->focus];
    int row = screen_row(ui, fill, place->row), start = columns.label + 2;
    int near = frame_x(ui, start), far = frame_x(ui, start + columns.box - 1);
    for (int i = row; i < row + place->rows && i < FRAME_TOP + frame_body(ui); i++)
        canvas_fill(&ui->canvas, i, near < far ? near : far, columns.box, ' ', LOOK_PLAIN);
    paint_box(ui, fill, fill->focus, text, row);
}

/* ---- the rows around the fields ---- */

static int missing(const struct fill *fill)
{
    struct fault fault;
    int count = 0;
    for (size_t i = 0; i < fill->form->fields; i++)
        if (!fill->record->value[i] && !fill->form->field[i].calculate &&
            record_judge(fill->record, (int)i, &fill->day, msg_language(), &fault) &&
            fault.rule == FAULT_REQUIRED)
            count++;
    return count;
}

#define CIVIL_SHOWN 4
static const char *applicant(struct ui *ui, const struct fill *fill)
{
    const struct form *form = fill->form;
    const char *name = form->applicant_name ? record_get(fill->record, form->applicant_name) : NULL;
    const char *civil =
        form->applicant_civil ? record_get(fill->record, form->applicant_civil) : NULL;
    if (!civil || strlen(civil) < CIVIL_SHOWN)
        return name ? name : "";
    return arena_printf(ui->arena, "%s ••%s", name ? name : "",
                        civil + strlen(civil) - CIVIL_SHOWN);
}

static void paint_context(struct ui *ui, const struct fill *fill)
{
    const struct form *form = fill->form;
    int count = missing(fill);
    const char *words =
        count == 0 ? _("all filled in")
                   : arena_printf(ui->arena,
                                  P_("%s field missing", "%s fields missing", (unsigned long)count),
                                  frame_number(ui, count));
    const char *page = arena_printf(ui->arena, "«%d/%d»", fill->page + 1, form->pages);
    int width = frame_width(ui), end = width - layout_width(words) - 2;
    frame_context(ui, NULL, words);
    int used = frame_text(ui, 1, 1, width / 2, page, LOOK_PLAIN) + 2;
    /* A run of its own: a name in the other script must not turn the words around it. Beside the
     * page, so that it stays where it is when the count beside it gets shorter. */
    const char *who = applicant(ui, fill);
    struct line line;
    layout_line(who, edit_dir(who, TEXT_AUTO, ui->rtl), end - used - 1, ui->arena, &line);
    frame_line(ui, 1, used + 1, &line, LOOK_PLAIN);
}

/* A short list is shown whole in the help row, with the numbers that pick. */
static const char *choices_hint(struct ui *ui, const struct field *field)
{
    const char *all = "";
    if (!field->choices || field->choices->count > 9)
        return NULL;
    for (size_t i = 0; i < field->choices->count; i++)
        all = arena_printf(ui->arena, "%s%s%d = %s", all, i ? "   " : "", (int)i + 1,
                           field->choices->item[i].label[msg_language()]);
    return layout_width(all) <= frame_width(ui) ? all : NULL;
}

static void paint_hint(struct ui *ui, const struct fill *fill)
{
    const struct field *field = &fill->form->field[fill->focus];
    const char *hint = choices_hint(ui, field);
    /* The form's own help may be about something else than how the value is written. */
    if (fill->fault[fill->focus] == FAULT_KIND)
        hint = field_kind_help(field->kind, msg_language());
    if (!hint && field->kind == FIELD_DOC && fill->form->proof && !fill->practice)
        hint = _("F7 = print its proof; F8 = with the papers; F4 and why it is not there.");
    if (!hint && field->kind == FIELD_DOC)
        hint = _("F8 = with the papers; or type its number; or F4 and why it is not there.");
    if (!hint && field->kind == FIELD_YESNO)
        hint = _("y = yes   n = no   the space bar changes it");
    if (!hint)
        hint = ui->far ? _("Slow line: F1 explains this field.") : field->help[msg_language()];
    frame_hint(ui, hint);
}

/* ---- moving on the page ---- */

/* Places the fields anew: 1 when none of them has moved. */
static int still_placed(struct ui *ui, struct fill *fill)
{
    size_t size = fill->form->fields * sizeof *fill->place;
    struct place *before = arena_alloc(ui->arena, size);
    int page = fill->page, top = fill->top;
    memcpy(before, fill->place, size);
    scroll_to_focus(ui, fill, place_fields(ui, fill));
    return page == fill->page && top == fill->top && memcmp(before, fill->place, size) == 0;
}

/* What another field's value may change besides the focused one: a calculated value, the word
 * "required". */
static int hangs_on_others(const struct field *field)
{
    return field->calculate != NULL || field->need == NEED_IF;
}

static void note_painted(struct ui *ui, struct fill *fill)
{
    const char *hint =
        hint_of(ui, fill, fill->focus, shown_text(ui, fill, fill->focus), &fill->hint_look);
    (void)str_copy(fill->hint, sizeof fill->hint, hint ? hint : "");
    fill->painted = fill->focus;
    fill->moves = 0;
}

static void paint_moved(struct ui *ui, struct fill *fill)
{
    paint_context(ui, fill);
    for (int i = 0; i < (int)fill->form->fields; i++)
        if (fill->place[i].shown && i != fill->focus &&
            (i == fill->painted || hangs_on_others(&fill->form->field[i])))
            repaint_field(ui, fill, i);
    repaint_field(ui, fill, fill->focus);
    paint_hint(ui, fill);
    note_painted(ui, fill);
}

/* After a key that changed nothing but the focused field's value. */
static void paint_typed(struct ui *ui, struct fill *fill)
{
    enum look look;
    const char *text = shown_text(ui, fill, fill->focus);
    const char *hint = hint_of(ui, fill, fill->focus, text, &look);
    if (look == fill->hint_look && strcmp(hint ? hint : "", fill->hint) == 0 &&
        screen_row(ui, fill, fill->place[fill->focus].row) >= 0) {
        repaint_box(ui, fill, text);
        return;
    }
    repaint_field(ui, fill, fill->focus);
    note_painted(ui, fill);
}

/* What a key changed: its own field, or two neighbours. All else is the whole screen's matter, also
 * a value that grows or shrinks and so moves what is below it. */
void fill_focus(struct ui *ui, void *state)
{
    struct fill *fill = state;
    const struct place *place = &fill->place[fill->focus];
    if (fill->moves == 1 && still_placed(ui, fill))
        paint_moved(ui, fill);
    else if (fill->moves == 0 && fill->painted == fill->focus && place->shown &&
             value_rows(ui, fill, fill->focus) == place->rows)
        paint_typed(ui, fill);
    else
        ui->dirty |= DIRTY_ALL;
}

/* ---- the whole screen ---- */

static void paint_page(struct ui *ui, struct fill *fill)
{
    paint_context(ui, fill);
    for (size_t i = 0; i < fill->form->fields; i++) {
        const struct place *place = &fill->place[i];
        if (!place->shown)
            continue;
        int heading = place->heading >= 0 ? screen_row(ui, fill, place->heading) : -1;
        if (heading >= 0)
            frame_text(ui, heading, 1, frame_width(ui),
                       fill->form->group[fill->form->field[i].group].title[msg_language()],
                       LOOK_HEADING);
        paint_field(ui, fill, (int)i);
    }
}

int fill_paint_under(struct ui *ui, void *state, int rows)
{
    struct fill *fill = state;
    int used = place_fields(ui, fill);
    if (used > rows)
        return 0;
    fill->top = 0;
    paint_page(ui, fill);
    return used;
}

void fill_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_F1, N_("help")},  {K_F3, N_("back")}, {K_F4, N_("list")},   {K_F5, N_("repeat")},
        {K_F8, N_("paper")}, {K_F9, N_("park")}, {K_F10, N_("review")}};
    /* As many as there is room for: what a field takes is said beside it and in its hint. */
    static const struct frame_key narrow[] = {
        {K_F1, N_("help")}, {K_F3, N_("back")}, {K_F10, N_("review")}, {K_F4, N_("list")}};
    struct fill *fill = state;
    int rows = place_fields(ui, fill);
    scroll_to_focus(ui, fill, rows);
    paint_page(ui, fill);
    paint_hint(ui, fill);
    if (frame_narrow(ui))
        frame_keys(ui, narrow, SND_COUNT(narrow));
    else
        frame_keys(ui, keys, SND_COUNT(keys));
    note_painted(ui, fill);
}
