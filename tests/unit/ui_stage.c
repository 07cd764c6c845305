/* SPDX-License-Identifier: Apache-2.0
 * The stage of a test of the screens: opens them without a terminal, types, and looks at the
 * picture. */
#include "ui_fake.h"
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "text/text.h"
#include "ui/fill_priv.h"

void fake_open(struct fake *fake, enum lang lang, int rows, int cols)
{
    static int opened;
    if (!opened) {
        char *locale = x_printf("%s/locale", getenv("SND_BUILDDIR"));
        snd_assert(text_open() == 0);
        msg_open(locale);
        fake_load_forms();
        x_free(&locale);
        opened = 1;
    }
    memset(fake, 0, sizeof *fake);
    fake->keys = keys_new();
    fake->ui.arena = arena_new();
    fake->ui.me = (struct book_me){.role = ROLE_CLERK, .lang = lang, .today = FAKE_TODAY};
    (void)str_copy(fake->ui.me.account, BOOK_NAME, "clerk");
    (void)str_copy(fake->ui.me.name, BOOK_TEXT, "سالم بن سعيد الهنائي");
    (void)str_copy(fake->ui.me.centre, 16, "DA01-003");
    (void)str_copy(fake->ui.me.wilayat, 8, "DA01");
    (void)str_copy(fake->ui.me.centre_name, BOOK_TEXT, "مركز نزوى");
    canvas_init(&fake->ui.canvas, rows, cols);
    ui_language(&fake->ui, lang);
    ui_begin(&fake->ui);
    ui_paint(&fake->ui);
    fake->ui.frames++;
}

void fake_close(struct fake *fake)
{
    ui_end(&fake->ui);
    keys_free(&fake->keys);
    canvas_free(&fake->ui.canvas);
    arena_free(&fake->ui.arena);
    record_free(&fake->ui.repeat.record);
}

void fake_type(struct fake *fake, const char *bytes)
{
    keys_feed(fake->keys, bytes, strlen(bytes));
    ui_keys(&fake->ui, fake->keys);
    if (fake->ui.rests_at)
        ui_rested(&fake->ui);
    if (book_heard(NULL))
        ui_heard(&fake->ui);
    ui_tick(&fake->ui, 0);
    if (fake->ui.dirty)
        ui_paint(&fake->ui);
    if (fake->ui.refused && fake->answers)
        ui_ask_seen(&fake->ui);
    else if (fake->ui.refused)
        ui_seen(&fake->ui);
    fake->ui.frames++;
}

const char *fake_picture(struct fake *fake)
{
    static struct buf out = {.max = 1 << 20};
    buf_clear(&out);
    canvas_text(&fake->ui.canvas, &out);
    return buf_text(&out);
}

int fake_shows(struct fake *fake, const char *text)
{
    struct canvas canvas = {0};
    struct line line;
    struct buf want = BUF_INIT(4096);
    struct arena *arena = arena_new();
    canvas_init(&canvas, 1, 200);
    layout_line(text, fake->ui.rtl ? TEXT_RTL : TEXT_LTR, 0, arena, &line);
    canvas_put_left(&canvas, 0, 1, &line, LOOK_PLAIN);
    canvas_text(&canvas, &want);
    char *wanted = buf_take(&want);
    wanted[strcspn(wanted, "\n")] = '\0';
    int found = strstr(fake_picture(fake), wanted + 1) != NULL;
    x_free(&wanted);
    canvas_free(&canvas);
    arena_free(&arena);
    return found;
}

static struct fill *fill_in_front(struct fake *fake)
{
    for (int i = fake->ui.depth - 1; i >= 0; i--)
        if (fake->ui.stack[i].id == SCREEN_FILL)
            return fake->ui.stack[i].state;
    return NULL;
}

const char *fake_value(struct fake *fake, const char *key)
{
    struct fill *fill = fill_in_front(fake);
    const char *value = fill ? record_get(fill->record, key) : NULL;
    return value ? value : "";
}

const char *fake_focus(struct fake *fake)
{
    struct fill *fill = fill_in_front(fake);
    return fill ? fill->form->field[fill->focus].key : "";
}

const char *fake_typed(struct fake *fake)
{
    struct fill *fill = fill_in_front(fake);
    return fill ? fill->edit.text : "";
}

void fake_go(struct fake *fake, const char *key)
{
    struct fill *fill = fill_in_front(fake);
    snd_assert(fill != NULL);
    fill_enter(fill, form_field(fill->form, key));
    fake->ui.dirty |= DIRTY_ALL;
}
