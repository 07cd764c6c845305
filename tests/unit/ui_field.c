/* SPDX-License-Identifier: Apache-2.0
 * The text being typed and how it lies in its box: caret keys, slots of numbers, values that grow.
 */
#include "ui_fake.h"
#include <string.h>
#include "base/err.h"
#include "tests/tap.h"
#include "ui/edit.h"
#include "ui/frame.h"

static struct fake fake;

static enum edit_did press(struct edit *edit, enum key key, uint32_t point)
{
    struct key_event event = {.key = key, .point = point};
    return edit_key(edit, &event, fake.ui.rtl, fake.ui.arena);
}

static void type(struct edit *edit, const char *text)
{
    keys_feed(fake.keys, text, strlen(text));
    struct key_event event;
    while (keys_next(fake.keys, &event))
        (void)edit_key(edit, &event, fake.ui.rtl, fake.ui.arena);
}

static void editing(void)
{
    struct edit edit;
    edit_set(&edit, "", 10, TEXT_RTL);
    type(&edit, "سلام");
    tap_is(edit.text, "سلام", "letters are kept in logical order");
    press(&edit, K_LEFT, 0);
    tap_is_int(edit.caret, 4, "left at the end of a right-to-left text stays at its end");
    press(&edit, K_RIGHT, 0);
    press(&edit, K_RIGHT, 0);
    tap_is_int(edit.caret, 1, "right goes back over the mim and the lam-alef in two steps");
    press(&edit, K_HOME, 0);
    tap_is_int(edit.caret, 0, "Home is the beginning of the text");
    type(&edit, "ا");
    tap_is(edit.text, "اسلام", "typing inserts at the caret");
    press(&edit, K_END, 0);
    press(&edit, K_BACKSPACE, 0);
    tap_is(edit.text, "اسلا", "backspace takes the last letter");
    press(&edit, K_BACKSPACE, 0);
    tap_is(edit.text, "اسل", "backspace takes the alef off a lam-alef");
    press(&edit, K_CTRL, 'u');
    tap_is(edit.text, "", "Ctrl-U empties");
}

static void limits(void)
{
    struct edit edit;
    edit_set(&edit, "123456789", 10, TEXT_LTR);
    tap_is_int(press(&edit, K_CHAR, '0'), EDIT_CHANGED, "the tenth character fits");
    tap_is_int(press(&edit, K_CHAR, '1'), EDIT_FULL, "the eleventh doesn't");
    tap_is(edit.text, "1234567890", "and changes nothing");
    edit_set(&edit, "", 10, TEXT_AUTO);
    tap_is_int(press(&edit, K_CHAR, 0x202e), EDIT_REFUSED, "a bidi control is refused");
    tap_is_int(press(&edit, K_CHAR, 0xfefb), EDIT_CHANGED, "a lam-alef key is two letters");
    tap_is(edit.text, "لا", "stored without presentation forms");
}

static void boxes(void)
{
    struct edit_box box;
    edit_layout("123", TEXT_LTR, 8, 40, 5, 3, 1, fake.ui.arena, &box);
    tap_is_int(box.slot, 9, "a number on an Arabic screen has a slot of its own length");
    edit_layout("123", TEXT_LTR, 8, 40, 5, 3, 0, fake.ui.arena, &box);
    tap_is_int(box.slot, 40, "and the whole box where it runs as the screen does");
    char text[EDIT_BYTES] = "";
    for (int i = 0; i < 100; i++)
        strncat(text, "كلمات ", sizeof text - strlen(text) - 1);
    edit_layout(text, TEXT_AUTO, 1000, 40, 19, 600, 1, fake.ui.arena, &box);
    int widest = 0, chars = 0;
    for (int i = 0; i < box.rows; i++) {
        widest = box.line[i].count > widest ? box.line[i].count : widest;
        chars += box.first[i + 1] - box.first[i];
    }
    tap_ok(box.rows > 10 && widest <= 39,
           "a long value grows over rows that leave the caret a cell");
    tap_is_int(chars, 600, "and no character is left out");
    edit_layout(text, TEXT_AUTO, 1000, 40, 4, 600, 1, fake.ui.arena, &box);
    tap_ok(box.rows == 4 && box.first[box.rows] == 600,
           "a box that can't grow shows the caret's rows");
    edit_layout(text, TEXT_AUTO, 1000, 40, 4, 0, 1, fake.ui.arena, &box);
    tap_is_int(box.first[0], 0, "wherever it is");
}

static void carets(void)
{
    struct ui *ui = &fake.ui;
    struct edit_box box;
    canvas_blank(&ui->canvas, 0, 24);
    edit_layout("12", TEXT_LTR, 8, 40, 5, 2, 1, ui->arena, &box);
    edit_paint(ui, &box, 5, 21, 2, LOOK_PLAIN);
    tap_is_int(ui->canvas.caret_col, frame_x(ui, 29) + 2,
               "the caret of a number stands right of it");
    edit_layout("سل", TEXT_RTL, 80, 40, 5, 2, 1, ui->arena, &box);
    edit_paint(ui, &box, 5, 21, 2, LOOK_PLAIN);
    tap_is_int(ui->canvas.caret_col, frame_x(ui, 21) - 2, "the caret of a word stands left of it");
}

int main(void)
{
    fake_open(&fake, LANG_AR, 24, 80);
    editing();
    limits();
    boxes();
    carets();
    fake_close(&fake);
    return tap_done();
}
