/* SPDX-License-Identifier: Apache-2.0
 * One finding, meeting or issue: what is noted of a new one, what one says, and of an issue who is
 * to solve it, how, and since when it is closed, for those who may say so. Going back keeps the row
 * as the book has it; nothing is kept before F10. */
#include <string.h>
#include "base/err.h"
#include "base/num.h"
#include "text/date.h"
#include "text/input.h"
#include "ui/fields.h"
#include "ui/frame.h"
#include "ui/oversight.h"
#include "ui/screens_priv.h"

enum { PLACE, CODE, DAY, CASES, WORDS, OWNER, ANSWER, CLOSED, FIELDS };
#define SHOWN_MOST 6
#define WORDS_MOST 480
struct entry {
    const struct oversight_case *of;
    struct edit field[SHOWN_MOST];
    const signed char *shown; /* which they are, -1 at the end */
    struct fields fields;
    int reads; /* nothing can be typed */
    int first; /* row of the first field, after a painting */
};
static const struct {
    const char *label, *hint;
    int most;
    enum text_dir dir;
} rows[FIELDS] = {
    [PLACE] = {N_("Place"), N_("A centre, as in DA01-003, or a governorate, as in DA."), 15,
               TEXT_LTR},
    [CODE] = {N_("Violation"), N_("Its code, from the list below."), 15, TEXT_LTR},
    [DAY] = {N_("Day"), N_("The day on which it was, such as 14/1/2018."), 20, TEXT_LTR},
    [CASES] = {N_("Cases"), N_("How many such cases were found."), 6, TEXT_LTR},
    [WORDS] = {N_("Words"), N_("What was seen or said, in a few sentences; no citizen's name."),
               WORDS_MOST, TEXT_AUTO},
    [OWNER] = {N_("To be solved by"), N_("The body or the person that is to solve it."), 60,
               TEXT_AUTO},
    [ANSWER] = {N_("Solution"), N_("What was decided or done."), WORDS_MOST, TEXT_AUTO},
    [CLOSED] = {N_("Closed on"), N_("The day on which it was solved; nothing while it is open."),
                20, TEXT_LTR},
};
static const signed char fresh_issue[] = {PLACE, WORDS, -1};
static const signed char fresh_meeting[] = {PLACE, DAY, WORDS, -1};
static const signed char fresh_finding[] = {PLACE, CODE, DAY, CASES, WORDS, -1};
static const signed char answered[] = {OWNER, ANSWER, CLOSED, -1};
static const struct {
    const char *title;
    const signed char *fresh;
} kinds[] = {
    [BOOK_ISSUES] = {N_("An issue"), fresh_issue},
    [BOOK_MEETINGS] = {N_("A meeting"), fresh_meeting},
    [BOOK_FINDINGS] = {N_("A finding"), fresh_finding},
};

static int count_of(const signed char *shown)
{
    int count = 0;
    while (shown[count] >= 0)
        count++;
    return count;
}

static const char *begins_with(struct ui *ui, const struct entry *entry, int field, char day[16])
{
    const struct book_oversight *row = entry->of->row;
    int32_t when = row ? row->closed : ui->me.today;
    if (field == OWNER || field == ANSWER)
        return field == OWNER ? row->owner : row->answer;
    if (field == CASES)
        return "1";
    if (field == PLACE)
        return ui->me.role == ROLE_OWNER ? ui->me.centre : "";
    if ((field != DAY && field != CLOSED) || when == 0)
        return "";
    date_text(when, CALENDAR_GREGORIAN, day);
    return day;
}

int oversight_entry_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct entry *entry = x_alloc(sizeof *entry);
    char day[16];
    entry->of = arg->thing;
    entry->shown = entry->of->row ? answered : kinds[entry->of->kind].fresh;
    entry->reads =
        entry->of->row && (entry->of->kind != BOOK_ISSUES || !ui_may(ui, OP_ISSUE_ANSWER));
    int count = count_of(entry->shown);
    for (int i = 0; i < count && !entry->reads; i++)
        edit_set(&entry->field[i], begins_with(ui, entry, entry->shown[i], day),
                 rows[entry->shown[i]].most, rows[entry->shown[i]].dir);
    entry->fields = (struct fields){entry->field, 0, count, 0};
    *state = entry;
    return 0;
}

void oversight_entry_close(struct ui *ui, void *state)
{
    (void)ui;
    struct entry *entry = state;
    x_free(&entry);
}

/* ---- keys ---- */

/* What is typed in one of the fields; "" when it is not there. */
static const char *typed(const struct entry *entry, int field)
{
    for (int i = 0; i < entry->fields.count; i++)
        if (entry->shown[i] == field)
            return entry->field[i].text;
    return "";
}

static unsigned refuse(struct ui *ui, struct entry *entry, int field, const char *sentence)
{
    int at = 0;
    while (at + 1 < entry->fields.count && entry->shown[at] != field)
        at++;
    return fields_refuse(ui, &entry->fields, at, sentence);
}

static void upper(char *text)
{
    for (; *text; text++)
        if (*text >= 'a' && *text <= 'z')
            *text = (char)(*text - 'a' + 'A');
}

static int is_violation(const struct oversight_case *of, const char *code)
{
    for (size_t i = 0; i < of->violations; i++)
        if (strcmp(of->violation[i].code, code) == 0)
            return 1;
    return 0;
}

static unsigned told(struct ui *ui, struct entry *entry, int error)
{
    switch (error) {
    case 0:
        ui_tell(ui, TELL_DONE, "%s", _("It is kept; those it concerns read it."));
        return UI_LEAVE;
    case SND_E_NOTFOUND:
        return refuse(ui, entry, PLACE, _("This place is not within your reach: type another."));
    case SND_E_INVALID:
        return refuse(ui, entry, PLACE,
                      _("There is no such centre or governorate, or the words have signs that "
                        "can't be stored."));
    case SND_E_CONFLICT:
        ui_tell(ui, TELL_ERROR, "%s",
                _("Somebody else changed it meanwhile: go back and open it again."));
        return UI_REDRAW;
    default:
        ui_tell_error(ui, error);
        return UI_REDRAW;
    }
}

static unsigned note(struct ui *ui, struct entry *entry)
{
    struct book_oversight row = {.day = ui->me.today, .words = typed(entry, WORDS)};
    int64_t cases = 0;
    (void)str_copy(row.place, sizeof row.place, typed(entry, PLACE));
    (void)str_copy(row.code, sizeof row.code, typed(entry, CODE));
    upper(row.place);
    upper(row.code);
    if (!row.place[0])
        return refuse(ui, entry, PLACE, _("Type the code of a centre or a governorate."));
    if (entry->of->kind == BOOK_FINDINGS && !is_violation(entry->of, row.code))
        return refuse(ui, entry, CODE, _("Type one of the codes that stand below."));
    if (*typed(entry, DAY) && date_parse(typed(entry, DAY), CALENDAR_ANY, &row.day))
        return refuse(ui, entry, DAY, _("Write the day as day/month/year."));
    if (row.day > ui->me.today)
        return refuse(ui, entry, DAY,
                      _("That day has not been yet: take today or an earlier one."));
    if (entry->of->kind == BOOK_FINDINGS && num_parse(typed(entry, CASES), 1, 999999, &cases))
        return refuse(ui, entry, CASES, _("Type how many, from 1 on."));
    if (utf8_count(row.words) < BOOK_REASON_LEAST)
        return refuse(ui, entry, WORDS, _("Write in a few words what it is."));
    row.n = (uint32_t)cases;
    return told(ui, entry, book_oversight_add(ui->book, entry->of->kind, &row));
}

static unsigned answer(struct ui *ui, struct entry *entry)
{
    struct book_oversight row = *entry->of->row;
    row.answer = typed(entry, ANSWER);
    row.closed = 0;
    if (*typed(entry, CLOSED) && date_parse(typed(entry, CLOSED), CALENDAR_ANY, &row.closed))
        return refuse(ui, entry, CLOSED, _("Write the day as day/month/year."));
    if (row.closed > ui->me.today)
        return refuse(ui, entry, CLOSED,
                      _("That day has not been yet: take today or an earlier one."));
    if (row.closed && utf8_count(row.answer) < BOOK_REASON_LEAST)
        return refuse(ui, entry, ANSWER, _("Write how it was solved before it is closed."));
    if (str_copy(row.owner, sizeof row.owner, typed(entry, OWNER)))
        return refuse(ui, entry, OWNER, _("Write a shorter name."));
    return told(ui, entry, book_issue_answer(ui->book, &row));
}

unsigned oversight_entry_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct entry *entry = state;
    if (entry->reads)
        return event->key == K_ENTER ? UI_LEAVE : UI_IGNORED;
    unsigned did = fields_key(ui, &entry->fields, event, _("The field is full."));
    if (did != FIELDS_DONE)
        return did;
    return entry->of->row ? answer(ui, entry) : note(ui, entry);
}

/* Codes and days are Latin on any keyboard. */
int oversight_entry_latin(struct ui *ui, void *state)
{
    (void)ui;
    const struct entry *entry = state;
    return !entry->reads && rows[entry->shown[entry->fields.focus]].dir == TEXT_LTR;
}

/* ---- painting ---- */

#define LABEL_WIDTH 18
#define BOX_WIDTH 52
#define SAID_ROWS 8
static void paint_field(struct ui *ui, const struct entry *entry, int i, int row)
{
    fields_paint(ui, &entry->fields, i, row + i, _(rows[entry->shown[i]].label), LABEL_WIDTH,
                 BOX_WIDTH);
}

static void paint_violations(struct ui *ui, const struct oversight_case *of, int row)
{
    int end = FRAME_TOP + frame_body(ui);
    for (size_t i = 0; i < of->violations && row < end; i++, row++) {
        frame_text(ui, row, 5, 5, of->violation[i].code, LOOK_FOCUS);
        frame_text(ui, row, 11, frame_width(ui) - 12, of->violation[i].name[msg_language()],
                   LOOK_PLAIN);
    }
}

/* What a row says; returns the first row below it. */
static int paint_said(struct ui *ui, const struct entry *entry, int row)
{
    const struct book_oversight *said = entry->of->row;
    char day[16];
    date_text(said->day, CALENDAR_GREGORIAN, day);
    if (said->code[0])
        frame_text(ui, row++, 2, frame_width(ui) - 2,
                   arena_printf(ui->arena, _("%s  %s, cases %s"), said->code,
                                violation_name(entry->of, said->code), frame_number(ui, said->n)),
                   LOOK_HEADING);
    frame_text(ui, row++, 2, frame_width(ui) - 2,
               arena_printf(ui->arena, _("%s, %s, noted by %s"), said->place, day, said->account),
               LOOK_LABEL);
    return row + 1 +
           frame_paragraph(ui, row, 2, frame_width(ui) - 3, SAID_ROWS, said->words, LOOK_PLAIN);
}

/* An issue's answer for those who only read it. */
static void paint_answer(struct ui *ui, const struct book_oversight *said, int row)
{
    char day[16];
    if (said->owner[0])
        row += frame_paragraph(ui, row, 2, frame_width(ui) - 3, 2,
                               arena_printf(ui->arena, _("To be solved by: %s"), said->owner),
                               LOOK_PLAIN);
    if (*said->answer)
        row +=
            frame_paragraph(ui, row, 2, frame_width(ui) - 3, SAID_ROWS,
                            arena_printf(ui->arena, _("Solution: %s"), said->answer), LOOK_PLAIN);
    if (said->closed == 0)
        return;
    date_text(said->closed, CALENDAR_GREGORIAN, day);
    frame_text(ui, row, 2, frame_width(ui) - 2, arena_printf(ui->arena, _("Closed on %s"), day),
               LOOK_PLAIN);
}

void oversight_entry_focus(struct ui *ui, void *state)
{
    const struct entry *entry = state;
    if (!entry->reads)
        paint_field(ui, entry, entry->fields.focus, entry->first);
}

void oversight_entry_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_F1, N_("help")}, {K_F3, N_("back")}, {K_ENTER, N_("next")}, {K_F10, N_("save")}};
    struct entry *entry = state;
    int row = FRAME_TOP;
    frame_context(ui, _(kinds[entry->of->kind].title),
                  entry->of->row ? entry->of->row->place : NULL);
    if (entry->of->row)
        row = paint_said(ui, entry, row);
    entry->first = row;
    if (entry->reads) {
        if (entry->of->kind == BOOK_ISSUES)
            paint_answer(ui, entry->of->row, row);
        frame_caret(ui, FRAME_TOP, 1);
        frame_keys(ui, keys, 2);
        return;
    }
    for (int i = 0; i < entry->fields.count; i++)
        if (i != entry->fields.focus)
            paint_field(ui, entry, i, entry->first);
    if (!entry->of->row && entry->of->kind == BOOK_FINDINGS)
        paint_violations(ui, entry->of, FRAME_TOP + entry->fields.count + 1);
    paint_field(ui, entry, entry->fields.focus, entry->first);
    frame_hint(ui, _(rows[entry->shown[entry->fields.focus]].hint));
    frame_keys(ui, keys, SND_COUNT(keys));
}
