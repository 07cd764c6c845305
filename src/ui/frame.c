/* SPDX-License-Identifier: Apache-2.0
 * The one painter: every screen puts its text at places counted from where reading starts, and
 * only here a place becomes a column. So Arabic and English screens are the same code mirrored.
 *
 * All text goes through layout_line() into the canvas; nothing is allocated outside the arena of
 * the painting in hand. Nothing here asks the ledger or changes what a screen holds. */
#include "ui/frame.h"
#include "ui/screens_priv.h"
#include <string.h>
#include "base/clock.h"
#include "text/date.h"
#include "text/number.h"

int frame_x(const struct ui *ui, int start)
{
    return ui->rtl ? ui->canvas.cols - 1 - start : start;
}

int frame_width(const struct ui *ui)
{
    return ui->canvas.cols - 2;
}

int frame_narrow(const struct ui *ui)
{
    return ui->canvas.cols < UI_COLS || ui->canvas.rows < UI_ROWS;
}

/* The rows below the body: hint, message, keys; narrow ones wrap the first two. */
#define FOOT_ROWS 3
#define NARROW_FOOT_ROWS 5
static int foot_row(const struct ui *ui)
{
    return ui->canvas.rows - (frame_narrow(ui) ? NARROW_FOOT_ROWS : FOOT_ROWS);
}

int frame_body(const struct ui *ui)
{
    return foot_row(ui) - FRAME_TOP;
}

enum text_dir frame_dir(const struct ui *ui)
{
    return ui->rtl ? TEXT_RTL : TEXT_LTR;
}

void frame_line(struct ui *ui, int row, int start, const struct line *line, enum look look)
{
    if (ui->rtl)
        canvas_put_right(&ui->canvas, row, frame_x(ui, start), line, look);
    else
        canvas_put_left(&ui->canvas, row, frame_x(ui, start), line, look);
}

static void tell_cut(const struct ui *ui, int row, const struct line *line, const char *text)
{
    if (line->cut && ui->cut)
        ui->cut(ui->cut_arg, row, text);
}

int frame_value(struct ui *ui, int row, int start, int width, const char *text, enum text_dir dir,
                enum look look)
{
    struct line line;
    if (width <= 0 || !*text)
        return 0;
    layout_line(text, dir, width, ui->arena, &line);
    tell_cut(ui, row, &line, text);
    frame_line(ui, row, start, &line, look);
    return line.count;
}

int frame_text(struct ui *ui, int row, int start, int width, const char *text, enum look look)
{
    return frame_value(ui, row, start, width, text, frame_dir(ui), look);
}

int frame_text_end(struct ui *ui, int row, int last, int width, const char *text, enum look look)
{
    struct line line;
    if (width <= 0 || !*text)
        return 0;
    layout_line(text, frame_dir(ui), width, ui->arena, &line);
    tell_cut(ui, row, &line, text);
    frame_line(ui, row, last - line.count + 1, &line, look);
    return line.count;
}

#define PARAGRAPH_ROWS 24
int frame_paragraph(struct ui *ui, int row, int start, int width, int max, const char *text,
                    enum look look)
{
    struct line lines[PARAGRAPH_ROWS];
    if (max > PARAGRAPH_ROWS)
        max = PARAGRAPH_ROWS;
    if (max <= 0 || !*text)
        return 0;
    int count = layout_wrap(text, frame_dir(ui), width, max, ui->arena, lines);
    tell_cut(ui, row, &lines[count - 1], text);
    for (int i = 0; i < count; i++)
        frame_line(ui, row + i, start, &lines[i], look);
    return count;
}

int frame_fact(struct ui *ui, int row, const char *label, const char *value, enum look look)
{
    const int at = 24, width = frame_width(ui) - at - 1;
    frame_text(ui, row, 3, at - 4, label, LOOK_LABEL);
    int used = frame_paragraph(ui, row, at, width, 4, value, look);
    return row + (used > 0 ? used : 1);
}

int frame_sentence(struct ui *ui, int row, int start, int width, int max, const char *text,
                   enum look look)
{
    if (frame_narrow(ui))
        return frame_paragraph(ui, row, start, width, max, text, look);
    (void)frame_text(ui, row, start, width, text, look);
    return *text != '\0';
}

void frame_fill(struct ui *ui, int row, int start, int count, uint32_t point, enum look look)
{
    int x = frame_x(ui, start);
    canvas_fill(&ui->canvas, row, ui->rtl ? x - count + 1 : x, count, point, look);
}

void frame_look(struct ui *ui, int row, int start, int count, enum look look)
{
    int x = frame_x(ui, start);
    canvas_look(&ui->canvas, row, ui->rtl ? x - count + 1 : x, count, look);
}

void frame_caret(struct ui *ui, int row, int start)
{
    canvas_caret(&ui->canvas, row, frame_x(ui, start));
}

const char *frame_number(struct ui *ui, int64_t number)
{
    char out[32];
    if (number_text(number, DIGITS_ASCII, out, sizeof out) != 0)
        return "";
    return arena_strdup(ui->arena, out);
}

const char *frame_both_dates(struct ui *ui, int32_t day)
{
    char gregorian[16], hijri[16];
    date_text(day, CALENDAR_GREGORIAN, gregorian);
    date_text(day, CALENDAR_HIJRI, hijri);
    /* L10N: a date in both calendars, Gregorian first. */
    return arena_printf(ui->arena, _("%s AD, %s AH"), gregorian, hijri);
}

#define MINUTE_MS 60000
#define DAY_MINUTES 1440
const char *frame_moment(struct ui *ui, int64_t utc_ms)
{
    char date[16];
    int minute = (int)((utc_ms + CLOCK_OMAN_OFFSET_MS) / MINUTE_MS % DAY_MINUTES);
    date_text(clock_oman_day(utc_ms), CALENDAR_GREGORIAN, date);
    return arena_printf(ui->arena, "%s %02d:%02d", date, minute / 60, minute % 60);
}

const char *frame_span(struct ui *ui, int64_t ms)
{
    int64_t minutes = ms / MINUTE_MS;
    if (minutes < 60)
        /* L10N: minutes, in short. */
        return arena_printf(ui->arena, _("%s min"), frame_number(ui, minutes > 0 ? minutes : 0));
    if (minutes < 48 * 60)
        /* L10N: hours, in short. */
        return arena_printf(ui->arena, _("%s h"), frame_number(ui, minutes / 60));
    /* L10N: days, in short. */
    return arena_printf(ui->arena, _("%s d"), frame_number(ui, minutes / 60 / 24));
}

/* Sanad, then the titles of the screens that are open, the one in front last. */
static const char *path_text(struct ui *ui)
{
    const char *path = _("Sanad");
    if (ui->practising)
        /* L10N: between Sanad and the screens' names while a service is only practised. */
        path = arena_printf(ui->arena, "%s › %s", path, _("PRACTICE"));
    for (int i = 0; i < ui->depth; i++) {
        const struct screen_row *row = &screen_table[ui->stack[i].id];
        const char *title = row->name ? row->name(ui, ui->stack[i].state) : _(row->title);
        /* Home is where Sanad begins: its name is worth a column only when one is there. */
        if (ui->stack[i].id == SCREEN_GREETING || (ui->stack[i].id == SCREEN_HOME && ui->depth > 1))
            continue;
        if (frame_narrow(ui) && i + 1 < ui->depth)
            continue;
        /* The sign is mirrored with its line. */
        path = arena_printf(ui->arena, "%s › %s", path, title);
    }
    return path;
}

/* The time, and the screen in front alone. */
static void narrow_header(struct ui *ui)
{
    const char *hour = strrchr(frame_moment(ui, clock_utc_ms()), ' ');
    int width = frame_width(ui), used = 2;
    canvas_blank(&ui->canvas, 0, 1);
    if (hour)
        used += frame_text_end(ui, 0, width - 1, 5, hour + 1, LOOK_HEADER) + 2;
    if (ui->parked)
        used += frame_text_end(ui, 0, width - used, 12, parked_words(ui), LOOK_HEADER) + 2;
    if (*ui_arabic_sign(ui))
        used += frame_text_end(ui, 0, width - used, 3, ui_arabic_sign(ui), LOOK_HEADER) + 2;
    frame_text(ui, 0, 2, width - used - 1, path_text(ui), LOOK_HEADER);
    canvas_look(&ui->canvas, 0, 1, width, LOOK_HEADER);
}

void frame_header(struct ui *ui)
{
    if (frame_narrow(ui)) {
        narrow_header(ui);
        return;
    }
    const char *now = frame_moment(ui, clock_utc_ms());
    const char *centre = *ui->me.centre ? ui->me.centre : role_name(ui->me.role, msg_language());
    /* L10N: instead of the centre's code, where nobody is asked for one-time codes: at most 20. */
    if (ui->me.practice == OFFICE_DEMONSTRATION)
        centre = _("demo: no codes");
    int width = frame_width(ui), used = 2;
    canvas_blank(&ui->canvas, 0, 1);
    /* Three runs of their own, so that a Latin name never turns the order of the others. */
    used += frame_text_end(ui, 0, width - 1, 20, now, LOOK_HEADER) + 2;
    used += frame_text_end(ui, 0, width - used, 20, centre, LOOK_HEADER) + 2;
    used += frame_text_end(ui, 0, width - used, BOOK_NAME, ui->me.account, LOOK_HEADER) + 2;
    if (ui->parked)
        used += frame_text_end(ui, 0, width - used, 24, parked_words(ui), LOOK_HEADER) + 2;
    if (*ui_arabic_sign(ui))
        used += frame_text_end(ui, 0, width - used, 3, ui_arabic_sign(ui), LOOK_HEADER) + 2;
    frame_text(ui, 0, 2, width - used - 1, path_text(ui), LOOK_HEADER);
    canvas_look(&ui->canvas, 0, 1, width, LOOK_HEADER);
}

void frame_context(struct ui *ui, const char *start, const char *end)
{
    int width = frame_width(ui), used = 0;
    canvas_blank(&ui->canvas, 1, 2);
    if (end)
        used = frame_text_end(ui, 1, width, width / 2, end, LOOK_PLAIN);
    if (start)
        frame_text(ui, 1, 1, width - used - 1, start, LOOK_PLAIN);
}

void frame_hint(struct ui *ui, const char *text)
{
    int row = foot_row(ui);
    canvas_blank(&ui->canvas, row, frame_narrow(ui) ? row + 2 : row + 1);
    frame_sentence(ui, row, 1, frame_width(ui), 2, text, LOOK_HINT);
}

static const char *held_words(struct ui *ui)
{
    return arena_printf(
        ui->arena,
        P_("%s key typed ahead waits", "%s keys typed ahead wait", (unsigned long)ui->held_count),
        frame_number(ui, (int64_t)ui->held_count));
}

/* That the line to this person is slow, as much of it as has room beside a message of so many
 * columns; returns the columns used. */
static int slow_paint(struct ui *ui, int row, int width, int message)
{
    const char *const words[] = {_("Slow line: type on, nothing is lost"), _("Slow line")};
    int room = width - message - (message > 0 ? 2 : 0);
    for (size_t i = 0; ui->slow && i < SND_COUNT(words); i++)
        if (layout_width(words[i]) <= room)
            return frame_text_end(ui, row, width, room, words[i], LOOK_WARNING) + 1;
    return 0;
}

/* As many rows as the message needs, upwards from the keys; a long one stands over the hint. */
static void narrow_message(struct ui *ui)
{
    struct line line[NARROW_FOOT_ROWS - 1];
    int last = ui->canvas.rows - 2, width = frame_width(ui), count = 0;
    const char *words = ui->message;
    if (ui->held_count > 0)
        words = arena_printf(ui->arena, "%s" LAYOUT_GAP "%s", held_words(ui), words);
    if (*words)
        count = layout_wrap(words, frame_dir(ui), width, SND_COUNT(line), ui->arena, line);
    canvas_blank(&ui->canvas, last - (count > 2 ? count - 1 : 1), last + 1);
    for (int i = 0; i < count; i++)
        frame_line(ui, last - count + 1 + i, 1, &line[i], ui->message_look);
    if (count == 0 && slow_paint(ui, last, width, 0) == 0 && away_paint(ui, last, width, 0) == 0)
        (void)line_paint(ui, last, width, 0);
}

void frame_message(struct ui *ui)
{
    if (frame_narrow(ui)) {
        narrow_message(ui);
        return;
    }
    int row = ui->canvas.rows - 2;
    canvas_blank(&ui->canvas, row, row + 1);
    int width = frame_width(ui), used = 0;
    if (ui->held_count > 0)
        used = frame_text_end(ui, row, width, width / 2, held_words(ui), LOOK_HINT) + 1;
    used += slow_paint(ui, row, width - used, layout_width(ui->message));
    int away = away_paint(ui, row, width - used, layout_width(ui->message));
    used += away > 0 ? away : line_paint(ui, row, width - used, layout_width(ui->message));
    frame_text(ui, row, 1, width - used, ui->message, ui->message_look);
}

void frame_keys(struct ui *ui, const struct frame_key *keys, size_t count)
{
    int row = ui->canvas.rows - 1, at = 1, width = frame_width(ui);
    canvas_blank(&ui->canvas, row, row + 1);
    for (size_t i = 0; i < count; i++) {
        const char *name = key_word(keys[i].key), *word = _(keys[i].word);
        if (at + layout_width(name) + 1 + layout_width(word) > width)
            return;
        at += frame_value(ui, row, at, width - at, name, TEXT_LTR, LOOK_KEY) + 1;
        at += frame_text(ui, row, at, width - at, word, LOOK_PLAIN) + 2;
    }
    /* L10N: what to press where the terminal keeps the F keys for itself. */
    const char *otherwise = _("Esc 1 = F1");
    if (at + layout_width(otherwise) <= width)
        frame_text_end(ui, row, width, width - at, otherwise, LOOK_HINT);
}
