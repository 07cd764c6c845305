/* SPDX-License-Identifier: Apache-2.0
 * The requirement sheet of a service, to be read to the person who asks. When there is a notice
 * that the clerk hasn't read it stands above, and one key says that it has been read: an Enter that
 * was typed ahead of the picture doesn't. */
#include "base/err.h"
#include "form/sheet.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define LABEL_START 3
#define WRAP_ROWS 8

struct needs {
    struct needs_case given;
    struct arena *arena;
    struct sheet sheet;
    int skip, rows;  /* rows scrolled away, and all there are after a painting */
    unsigned opened; /* frames shown when it opened */
};

int needs_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct needs *needs = x_alloc(sizeof *needs);
    needs->given = *(const struct needs_case *)arg->thing;
    needs->arena = arena_new();
    needs->opened = ui->frames;
    const char *standing = *needs->given.standing ? needs->given.standing : NULL;
    sheet_make(needs->given.form, ui->me.today, standing, needs->arena, &needs->sheet);
    *state = needs;
    return 0;
}

void needs_close(struct ui *ui, void *state)
{
    (void)ui;
    struct needs *needs = state;
    arena_free(&needs->arena);
    x_free(&needs);
}

/* ---- keys ---- */

static int has_notice(const struct needs *needs)
{
    return !id_is_zero(&needs->given.notice.id);
}

static unsigned confirm(struct ui *ui, const struct needs *needs)
{
    int error = book_notice_read(ui->book, &needs->given.notice.id);
    if (error) {
        ui_tell_error(ui, error);
        return UI_HANDLED;
    }
    ui->me.notices -= ui->me.notices > 0;
    ui_tell(ui, TELL_DONE, "%s",
            _("It is noted that you have read it: the service is open to you."));
    ui->answer = 1;
    if (!needs->given.begins)
        return UI_LEAVE;
    struct ui_arg arg = {.thing = needs->given.form, .index = needs->given.with};
    ui_home_push(ui, SCREEN_FILL, &arg);
    return UI_HANDLED;
}

static unsigned scroll(struct ui *ui, struct needs *needs, int by)
{
    int last = needs->rows - frame_body(ui);
    needs->skip += by;
    if (needs->skip > last)
        needs->skip = last;
    if (needs->skip < 0)
        needs->skip = 0;
    return UI_REDRAW;
}

unsigned needs_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct needs *needs = state;
    int page = frame_body(ui) - 2, seen = ui->frames != needs->opened && !event->pasted;
    ui->answer = -1;
    switch ((int)event->key) {
    case K_DOWN:
        return scroll(ui, needs, 1);
    case K_UP:
        return scroll(ui, needs, -1);
    case K_PAGEDOWN:
        return scroll(ui, needs, page);
    case K_PAGEUP:
        return scroll(ui, needs, -page);
    default:
        break;
    }
    if (!has_notice(needs))
        return event->key == K_ENTER ? UI_LEAVE : UI_IGNORED;
    if (event->key == K_ENTER || ui_answer(event) == 1)
        return seen ? confirm(ui, needs) : UI_HANDLED;
    return ui_answer(event) == 0 ? UI_LEAVE : UI_IGNORED;
}

/* ---- painting ---- */

/* Where the picture is painted; `at` is the row in the whole picture. */
struct area_rows {
    struct ui *ui;
    int first, rows, skip, at;
};

static void paint_lines(const struct area_rows *to, int start, const struct line *lines, int count,
                        enum look look)
{
    for (int i = 0; i < count; i++) {
        int row = to->at + i - to->skip;
        if (row >= 0 && row < to->rows)
            frame_line(to->ui, to->first + row, start, &lines[i], look);
    }
}

static int wrap(struct ui *ui, const char *text, int width, struct line out[WRAP_ROWS])
{
    return *text ? layout_wrap(text, frame_dir(ui), width, WRAP_ROWS, ui->arena, out) : 0;
}

static void paint_paragraph(struct area_rows *to, int start, const char *text, enum look look)
{
    struct line lines[WRAP_ROWS];
    int count = wrap(to->ui, text, frame_width(to->ui) - start - 1, lines);
    paint_lines(to, start, lines, count, look);
    to->at += count;
}

static void paint_pair(struct area_rows *to, const struct sheet_line *pair)
{
    struct line label[WRAP_ROWS], text[WRAP_ROWS];
    if (frame_narrow(to->ui)) { /* one under another */
        paint_paragraph(to, LABEL_START, pair->label, LOOK_LABEL);
        paint_paragraph(to, LABEL_START + 2, pair->text, LOOK_PLAIN);
        return;
    }
    int width = frame_width(to->ui), labels = width * 2 / 5, start = LABEL_START + labels + 1;
    int rows = wrap(to->ui, pair->label, labels, label);
    int more = wrap(to->ui, pair->text, width - start - 1, text);
    paint_lines(to, LABEL_START, label, rows, LOOK_LABEL);
    paint_lines(to, start, text, more, LOOK_PLAIN);
    to->at += rows > more ? rows : more;
}

static void paint_notice(struct area_rows *to, const struct book_notice *notice)
{
    const char *body = notice->body[msg_language()];
    char day[16];
    date_text(notice->from, CALENDAR_GREGORIAN, day);
    if (!*body)
        body = notice->body[msg_language() == LANG_AR ? LANG_EN : LANG_AR];
    paint_paragraph(to, 2, _("What is new"), LOOK_HEADING);
    if (notice->version == 0)
        paint_paragraph(
            to, LABEL_START,
            arena_printf(to->ui->arena, _("This service opens for the first time on %s."), day),
            LOOK_PLAIN);
    paint_paragraph(to, LABEL_START, body, LOOK_PLAIN);
    to->at++;
}

static void paint_keys(struct ui *ui, const struct needs *needs)
{
    static const struct frame_key plain[] = {
        {K_F3, N_("back")}, {K_F1, N_("help")}, {K_PAGEDOWN, N_("more")}};
    static const struct frame_key notice[] = {{K_ENTER, N_("I have read it")},
                                              {K_F3, N_("not yet")},
                                              {K_F1, N_("help")},
                                              {K_PAGEDOWN, N_("more")}};
    if (has_notice(needs))
        frame_keys(ui, notice, SND_COUNT(notice));
    else
        frame_keys(ui, plain, SND_COUNT(plain));
}

void needs_paint(struct ui *ui, void *state)
{
    struct needs *needs = state;
    const struct needs_case *given = &needs->given;
    struct area_rows to = {
        .ui = ui, .first = FRAME_TOP, .rows = frame_body(ui), .skip = needs->skip};
    frame_context(
        ui, arena_printf(ui->arena, "%s %s", given->form->code, given->form->title[msg_language()]),
        given->standing);
    if (has_notice(needs))
        paint_notice(&to, &given->notice);
    for (size_t i = 0; i < needs->sheet.lines; i++) {
        const struct sheet_line *line = &needs->sheet.line[i];
        if (line->heading)
            paint_paragraph(&to, 2, line->label, LOOK_HEADING);
        else
            paint_pair(&to, line);
    }
    needs->rows = to.at;
    if (has_notice(needs))
        frame_hint(ui, _("Have you read it?  Enter or 1 = yes   2 = not yet"));
    else if (needs->rows > needs->skip + to.rows)
        frame_hint(ui, _("PgDn shows more."));
    frame_caret(ui, FRAME_TOP, 1);
    paint_keys(ui, needs);
}
