/* SPDX-License-Identifier: Apache-2.0
 * One service opened or closed from a day to another, for a reason, whatever its form says; and
 * what was ruled of it before. What is to happen stands in one sentence and is asked about before
 * it is done; going back keeps what was typed. */
#include <string.h>
#include "base/err.h"
#include "text/date.h"
#include "ui/fields.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

enum { FROM, TO, REASON, NOTICE, RULING_FIELDS };
enum stage { CHOOSING, TYPING, ASKING };
struct ruling {
    struct arena *arena;
    struct book_service service;
    struct book_ruled *ruled;
    size_t count;
    enum stage stage;
    int opens; /* it is being opened, else closed */
    struct edit field[RULING_FIELDS];
    struct fields fields;
    struct book_ruling asked; /* what is done when the answer is yes */
};
static const struct {
    const char *label, *hint;
    int most;
    enum text_dir dir;
} rows[] = {
    [FROM] = {N_("First day"), N_("A day, such as 1/7/2018."), 20, TEXT_LTR},
    [TO] = {N_("Last day"), N_("A day, such as 31/7/2018; nothing means until further notice."), 20,
            TEXT_LTR},
    [REASON] = {N_("Reason"), N_("In a few words; of a service that is closed, clerks read them."),
                100, TEXT_AUTO},
    [NOTICE] =
        {N_("Clerks read first"),
         N_("What is new about it, to be read before it is begun; nothing when nothing is new."),
         200, TEXT_AUTO},
};

/* The service as it stands now, and what was ruled of it, into a fresh arena. */
static int find(struct ui *ui, struct ruling *ruling, const char *code)
{
    struct arena *arena = arena_new();
    struct book_service *list;
    size_t count;
    int error = book_service_list(ui->book, arena, &list, &count), found = 0;
    for (size_t i = 0; !error && i < count; i++)
        if (strcmp(list[i].code, code) == 0) {
            ruling->service = list[i];
            found = 1;
        }
    if (!error && !found)
        error = SND_E_NOTFOUND;
    if (!error)
        error = book_service_rulings(ui->book, code, arena, &ruling->ruled, &ruling->count);
    arena_free(error ? &arena : &ruling->arena);
    if (!error)
        ruling->arena = arena;
    return error;
}

static void empty_fields(struct ui *ui, struct ruling *ruling)
{
    char today[16];
    date_text(ui->me.today, CALENDAR_GREGORIAN, today);
    for (int i = 0; i < RULING_FIELDS; i++)
        edit_set(&ruling->field[i], i == FROM ? today : "", rows[i].most, rows[i].dir);
}

int ruling_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct ruling *ruling = x_alloc(sizeof *ruling);
    ruling->arena = arena_new();
    int error = find(ui, ruling, arg->text);
    if (error) {
        ui_tell_error(ui, error);
        arena_free(&ruling->arena);
        x_free(&ruling);
        return error;
    }
    empty_fields(ui, ruling);
    *state = ruling;
    return 0;
}

void ruling_close(struct ui *ui, void *state)
{
    (void)ui;
    struct ruling *ruling = state;
    arena_free(&ruling->arena);
    x_free(&ruling);
}

/* ---- keys ---- */

static unsigned choose(struct ui *ui, struct ruling *ruling, int opens)
{
    ruling->opens = opens;
    ruling->stage = TYPING;
    ruling->fields = (struct fields){ruling->field, FROM, opens ? RULING_FIELDS : NOTICE, FROM};
    ui_quiet(ui);
    return UI_REDRAW;
}

/* "from 14/01/2018 to 16/01/2018", as both the question and the list have it. */
static const char *days_words(struct ui *ui, const struct book_ruling *ruling)
{
    char from[16], to[16];
    date_text(ruling->from, CALENDAR_GREGORIAN, from);
    if (ruling->to == BOOK_FOREVER)
        return arena_printf(ui->arena, _("from %s until further notice"), from);
    date_text(ruling->to, CALENDAR_GREGORIAN, to);
    return ruling->from == ruling->to ? arena_printf(ui->arena, _("on %s alone"), from)
                                      : arena_printf(ui->arena, _("from %s to %s"), from, to);
}

/* All is typed: what is wrong with it, or the question. */
static unsigned ask(struct ui *ui, struct ruling *ruling)
{
    struct book_ruling *asked = &ruling->asked;
    struct fields *fields = &ruling->fields;
    *asked = (struct book_ruling){.to = BOOK_FOREVER};
    (void)str_copy(asked->service, sizeof asked->service, ruling->service.code);
    if (date_parse(ruling->field[FROM].text, CALENDAR_ANY, &asked->from))
        return fields_refuse(ui, fields, FROM, _("Write the first day as day/month/year."));
    if (asked->from < ui->me.today)
        return fields_refuse(ui, fields, FROM, _("That day is over: take today or a later one."));
    if (ruling->field[TO].text[0] && date_parse(ruling->field[TO].text, CALENDAR_ANY, &asked->to))
        return fields_refuse(ui, fields, TO,
                             _("Write the last day as day/month/year, or nothing."));
    if (asked->to < asked->from)
        return fields_refuse(ui, fields, TO, _("The last day lies before the first one."));
    if (!ruling->field[REASON].text[0])
        return fields_refuse(ui, fields, REASON, _("Write in a few words why."));
    if (str_copy(asked->reason, sizeof asked->reason, ruling->field[REASON].text))
        return fields_refuse(ui, fields, REASON, _("Write a shorter reason."));
    ruling->stage = ASKING;
    ui_tell(ui, TELL_WARNING,
            ruling->opens ? _("%s opens %s.  1 = open it   2 = not yet")
                          : _("%s closes %s.  1 = close it   2 = not yet"),
            asked->service, days_words(ui, asked));
    return UI_REDRAW;
}

static int rule(struct ui *ui, struct ruling *ruling, int *told)
{
    struct book_notice notice = {0};
    *told = 0;
    if (!ruling->opens)
        return book_service_close(ui->book, &ruling->asked);
    const char *text = ruling->field[NOTICE].text;
    if (str_copy(notice.body[msg_language()], BOOK_NOTICE, text))
        return SND_E_BAD;
    return book_service_open(ui->book, &ruling->asked, *text ? &notice : NULL, 0, told);
}

static unsigned done(struct ui *ui, struct ruling *ruling)
{
    int told, error = rule(ui, ruling, &told);
    ruling->stage = TYPING;
    if (error == SND_E_BAD)
        return fields_refuse(ui, &ruling->fields, REASON,
                             _("The text has signs that can't be stored, or is too long."));
    if (!error)
        error = find(ui, ruling, ruling->asked.service);
    if (error) {
        ui_tell_error(ui, error);
        return UI_REDRAW;
    }
    empty_fields(ui, ruling);
    ruling->stage = CHOOSING;
    ui_tell(ui, TELL_DONE,
            !ruling->opens ? _("%s closes %s.")
            : told         ? _("%s opens %s, for each clerk who has read what is new.")
                           : _("%s opens %s."),
            ruling->asked.service, days_words(ui, &ruling->asked));
    return UI_REDRAW;
}

static unsigned typing_key(struct ui *ui, struct ruling *ruling, const struct key_event *event)
{
    if (event->key == K_F3 || event->key == K_F12) {
        ruling->stage = CHOOSING;
        ui_quiet(ui);
        return UI_REDRAW;
    }
    unsigned did = fields_key(ui, &ruling->fields, event, _("The field is full."));
    return did == FIELDS_DONE ? ask(ui, ruling) : did;
}

unsigned ruling_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct ruling *ruling = state;
    if (ruling->stage == TYPING)
        return typing_key(ui, ruling, event);
    if (ruling->stage == ASKING) {
        ruling->stage = TYPING;
        ui_quiet(ui);
        return !event->pasted && ui_answer(event) == 1 ? done(ui, ruling) : UI_REDRAW;
    }
    int digit = ui_digit(event);
    return digit == 1 || digit == 2 ? choose(ui, ruling, digit == 1) : UI_IGNORED;
}

/* What is typed here is Latin but for the words. */
int ruling_latin(struct ui *ui, void *state)
{
    (void)ui;
    const struct ruling *ruling = state;
    return ruling->stage == TYPING && ruling->fields.focus < REASON;
}

/* ---- painting ---- */

#define LABEL_WIDTH 20
#define BOX_WIDTH 50
static void paint_field(struct ui *ui, const struct ruling *ruling, int i)
{
    fields_paint(ui, &ruling->fields, i, FRAME_TOP + 2 + i, _(rows[i].label), LABEL_WIDTH,
                 BOX_WIDTH);
}

void ruling_focus(struct ui *ui, void *state)
{
    const struct ruling *ruling = state;
    if (ruling->stage == TYPING)
        paint_field(ui, ruling, ruling->fields.focus);
}

static void paint_fields(struct ui *ui, const struct ruling *ruling)
{
    const struct fields *fields = &ruling->fields;
    frame_text(ui, FRAME_TOP, 3, frame_width(ui) - 4,
               ruling->opens ? _("To be opened") : _("To be closed"), LOOK_HEADING);
    for (int i = 0; i < fields->count; i++)
        if (i != fields->focus)
            paint_field(ui, ruling, i);
    paint_field(ui, ruling, fields->focus);
}

static void paint_choices(struct ui *ui)
{
    static const char *const choices[] = {N_("Open it"), N_("Close it")};
    for (int i = 0; i < (int)SND_COUNT(choices); i++) {
        frame_text(ui, FRAME_TOP + 2 + i, 5, 2, frame_number(ui, i + 1), LOOK_FOCUS);
        frame_text(ui, FRAME_TOP + 2 + i, 8, frame_width(ui) - 9, _(choices[i]), LOOK_PLAIN);
    }
    frame_caret(ui, FRAME_TOP + 2, 4);
}

/* What was ruled before, as many as there is room for. */
static void paint_ruled(struct ui *ui, const struct ruling *ruling, int row)
{
    int end = FRAME_TOP + frame_body(ui);
    frame_text(ui, row++, 3, frame_width(ui) - 4, _("What was ruled of it, the newest first"),
               LOOK_HEADING);
    if (ruling->count == 0)
        frame_text(ui, row, 5, frame_width(ui) - 6, _("Nothing yet: its form's own dates count."),
                   LOOK_HINT);
    for (size_t i = 0; i < ruling->count && row < end; i++) {
        const struct book_ruled *ruled = &ruling->ruled[i];
        const char *what = ruled->opens ? _("opened") : _("closed");
        const char *words = arena_printf(ui->arena, "%s %s" LAYOUT_GAP "%s", what,
                                         days_words(ui, &ruled->ruling), ruled->ruling.reason);
        row += frame_paragraph(ui, row, 5, frame_width(ui) - 6, end - row, words, LOOK_PLAIN);
        if (row < end)
            frame_text(ui, row++, 7, frame_width(ui) - 8,
                       arena_printf(ui->arena, "%s" LAYOUT_GAP "%s", ruled->actor,
                                    frame_moment(ui, ruled->at)),
                       LOOK_HINT);
    }
}

void ruling_paint(struct ui *ui, void *state)
{
    static const struct frame_key choosing[] = {{K_F1, N_("help")}, {K_F3, N_("back")}};
    static const struct frame_key typing[] = {
        {K_ENTER, N_("next")}, {K_F1, N_("help")}, {K_F3, N_("back")}, {K_F10, N_("save")}};
    const struct ruling *ruling = state;
    const struct book_service *service = &ruling->service;
    const char *why = service_why(service);
    frame_context(ui,
                  arena_printf(ui->arena, "%s" LAYOUT_GAP "%s", service->code,
                               service->title[msg_language()]),
                  why ? why : _("open"));
    if (ruling->stage == CHOOSING) {
        paint_choices(ui);
        frame_hint(ui, _("Press the digit of what is to be done."));
        frame_keys(ui, choosing, SND_COUNT(choosing));
    } else {
        paint_fields(ui, ruling);
        frame_hint(ui, _(rows[ruling->fields.focus].hint));
        frame_keys(ui, typing, SND_COUNT(typing));
    }
    paint_ruled(ui, ruling, FRAME_TOP + 3 + RULING_FIELDS);
}
