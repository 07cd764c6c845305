/* SPDX-License-Identifier: Apache-2.0
 * Which keys of this terminal come through. Nothing is done here but to say what came: so every key
 * can be tried, also those that leave other screens, and only the second of two F3 in a row leaves
 * (or Ctrl-C). Terminals, their menus and the window managers around them take keys away; the way
 * that always works, Esc and a digit, stands below. */
#include "base/mem.h"
#include "text/input.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define COLUMN 12 /* cells of one key's place */
#define COLUMNS 6

/* As they lie on the keyboard, a row of the screen each. */
static const enum key rows[][COLUMNS] = {
    {K_F1, K_F2, K_F3, K_F4, K_F5, K_F6},
    {K_F7, K_F8, K_F9, K_F10, K_F11, K_F12},
    {K_ENTER, K_TAB, K_BACKTAB, K_BACKSPACE, K_DELETE, K_INSERT},
    {K_UP, K_DOWN, K_LEFT, K_RIGHT},
    {K_HOME, K_END, K_PAGEUP, K_PAGEDOWN},
};

struct keytest {
    uint64_t came; /* a bit for each enum key */
    struct key_event last;
};

int keytest_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    ui_quiet(ui);
    *state = x_alloc(sizeof(struct keytest));
    return 0;
}

void keytest_close(struct ui *ui, void *state)
{
    (void)ui;
    struct keytest *test = state;
    x_free(&test);
}

unsigned keytest_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct keytest *test = state;
    int again = event->key == K_F3 && test->last.key == K_F3;
    if (again || (event->key == K_CTRL && event->point == 'c'))
        return UI_LEAVE;
    test->came |= UINT64_C(1) << event->key;
    test->last = *event;
    ui->dirty |= DIRTY_ALL;
    return UI_HANDLED;
}

/* "F5", "Ctrl-k", a letter and its number. */
static const char *words_of(struct arena *arena, const struct key_event *event)
{
    char letter[5];
    if (event->key == K_NONE)
        return "";
    if (event->key != K_CHAR && event->key != K_CTRL && event->key != K_ALT)
        return key_word(event->key);
    letter[utf8_put(event->point, letter)] = '\0';
    if (event->key == K_CHAR)
        return arena_printf(arena, "%s  U+%04X", letter, (unsigned)event->point);
    return arena_printf(arena, "%s-%s", key_word(event->key), letter);
}

void keytest_paint(struct ui *ui, void *state)
{
    const struct keytest *test = state;
    int row = FRAME_TOP;
    frame_text(ui, row, 1, frame_width(ui),
               _("Press every key that you mean to use. One that comes through is marked."),
               LOOK_PLAIN);
    row += 2;
    for (size_t i = 0; i < SND_COUNT(rows); i++, row++) {
        for (int j = 0; j < COLUMNS && rows[i][j] != K_NONE; j++) {
            int came = (test->came >> rows[i][j] & 1) != 0;
            const char *words =
                arena_printf(ui->arena, "%c %s", came ? '*' : '.', key_word(rows[i][j]));
            frame_value(ui, row, 1 + j * COLUMN, COLUMN - 1, words, TEXT_LTR,
                        came ? LOOK_DONE : LOOK_PLAIN);
        }
    }
    row++;
    int used = frame_text(ui, row, 1, frame_width(ui), _("Came last:"), LOOK_PLAIN);
    frame_value(ui, row, 2 + used, frame_width(ui) - used - 1, words_of(ui->arena, &test->last),
                TEXT_LTR, LOOK_FOCUS);
    row += 2;
    frame_paragraph(ui, row, 1, frame_width(ui), 3,
                    _("Where a function key does nothing, press Esc and then its digit: Esc 5 is "
                      "F5, Esc 0 is F10."),
                    LOOK_PLAIN);
    frame_hint(ui, _("F3 twice or Ctrl-C goes back."));
    canvas_caret(&ui->canvas, row - 2, frame_x(ui, 2 + used));
}
