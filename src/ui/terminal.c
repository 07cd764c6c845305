/* SPDX-License-Identifier: Apache-2.0
 * How this terminal shows Arabic: the same row four times, each turned for another kind of
 * terminal. On any terminal just one of them reads right, and its digit says which. The digits and
 * the question stand on rows of their own without Arabic, so that they can be read whatever the
 * terminal does. */
#include <string.h>
#include "base/err.h"
#include "term/profile.h"
#include "text/layout.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

/* In the order of the digits; each stands for its turning. */
static const enum profile samples[] = {PROFILE_PLAIN, PROFILE_AUTO, PROFILE_LEFT, PROFILE_RUNS};
#define KEYS_DIGIT 5
#define COLOURS_DIGIT 6
#define ARABIC_DIGIT 7

/* Order was switched off by an escape, or marks are left out: that stays so when the row right for
 * such a terminal is chosen. */
static enum profile chosen(const struct ui *ui, enum profile sample)
{
    int known;
    enum profile found = terminal_profile(&ui->terminal, &known);
    return profile_row(found)->turning == profile_row(sample)->turning ? found : sample;
}

#define MONO "mono" /* behind the profile's word: without colours */
static void remember(struct ui *ui, const struct terminal *terminal)
{
    char print[TERMINAL_PRINT], word[BOOK_PROFILE];
    terminal_print(terminal, print);
    int error =
        str_format(word, sizeof word, "%s%s", profile_row(ui->profile)->word, ui->mono ? MONO : "");
    if (!error)
        error = book_set_terminal(ui->book, print, word);
    if (error)
        ui_tell_error(ui, error);
    else
        ui->me.terminals++;
}

int terminal_recall(struct ui *ui, const char *word)
{
    char plain[BOOK_PROFILE];
    size_t len = strlen(word), tail = strlen(MONO);
    int mono = len > tail && strcmp(word + len - tail, MONO) == 0;
    (void)str_format(plain, sizeof plain, "%.*s", (int)(mono ? len - tail : len), word);
    if (profile_find(plain, &ui->profile) != 0)
        return 0;
    ui->mono = ui->mono || mono;
    return 1;
}

void terminal_choose(struct ui *ui, enum profile profile)
{
    struct terminal unanswered;
    ui->profile = profile;
    ui->terminal_asked = 0;
    layout_latin(profile_row(profile)->latin);
    if (profile_row(profile)->latin)
        ui_language(ui, LANG_EN);
    ui->dirty |= DIRTY_ALL;
    /* The next session is painted before the terminal has answered anything. */
    terminal_begin(&unanswered, ui->terminal.fact[FACT_BANNER], ui->terminal.fact[FACT_TERM]);
    remember(ui, &unanswered);
    remember(ui, &ui->terminal);
}

int terminal_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    ui_quiet(ui);
    *state = NULL;
    return 0;
}

void terminal_close(struct ui *ui, void *state)
{
    (void)ui;
    (void)state;
}

unsigned terminal_key(struct ui *ui, void *state, const struct key_event *event)
{
    (void)state;
    int digit = ui_digit(event);
    if (digit == KEYS_DIGIT) {
        ui_push(ui, SCREEN_KEYTEST, NULL);
        return UI_HANDLED;
    }
    if (digit == COLOURS_DIGIT) {
        ui->mono = !ui->mono;
        terminal_choose(ui, ui->profile);
        ui_tell(ui, TELL_DONE, "%s",
                ui->mono ? _("Without colours; 6 brings them back.") : _("With colours."));
        return UI_HANDLED;
    }
    if (digit == ARABIC_DIGIT) {
        ui_arabic_keys(ui);
        return UI_LEAVE;
    }
    if (digit < 0 || digit > (int)SND_COUNT(samples))
        return UI_IGNORED;
    terminal_choose(ui, digit == 0 ? PROFILE_LATIN : chosen(ui, samples[digit - 1]));
    if (digit == 0)
        ui_tell(ui, TELL_DONE, "%s",
                _("Arabic is written in Latin letters here; Ctrl-T asks again."));
    else
        ui_tell(ui, TELL_DONE, "%s", _("So it stays for this terminal; Ctrl-T asks again."));
    return UI_LEAVE;
}

/* Returns the rows used: one, or two where it is narrow. */
static int latin_rows(struct ui *ui, int row, const char *text)
{
    struct line line[2];
    int rows = layout_wrap(text, TEXT_LTR, ui->canvas.cols - 3, SND_COUNT(line), ui->arena, line);
    for (int i = 0; i < rows; i++)
        canvas_put_left(&ui->canvas, row + i, 2, &line[i], LOOK_PLAIN);
    return rows;
}

/* The same words in the same places for all: two words, a border, a word, a border. */
static void sample_row(struct ui *ui, int row, enum turning turning)
{
    struct line line;
    layout_line("│ هذا السطر صحيح │ سند │ 2018", TEXT_RTL, ui->canvas.cols - 4, ui->arena, &line);
    canvas_put_left(&ui->canvas, row, 6, &line, LOOK_PLAIN);
    canvas_turn(&ui->canvas, row, turning);
}

void terminal_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_F1, N_("help")}, {K_F3, N_("back")}};
    (void)state;
    int row = FRAME_TOP, narrow = frame_narrow(ui);
    row += latin_rows(ui, row,
                      "Which row of Arabic reads right, with joined letters? Press its digit.");
    row += latin_rows(ui, row,
                      "0 = none of them, or only boxes and question marks.   5 = try the keys.");
    row += latin_rows(ui, row,
                      narrow ? "6 = colours.   7 = Arabic keyboard."
                             : "6 = colours on or off.   7 = Arabic keyboard on or off.");
    canvas_caret(&ui->canvas, row, 1);
    for (size_t i = 0; i < SND_COUNT(samples); i++, row += 3 - narrow) {
        (void)latin_rows(ui, row, arena_printf(ui->arena, "%d:", (int)i + 1));
        sample_row(ui, row + 1, profile_row(samples[i])->turning);
    }
    frame_hint(ui, _("Press the digit of the row that reads right."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
