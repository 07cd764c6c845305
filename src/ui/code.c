/* SPDX-License-Identifier: Apache-2.0
 * The code of this moment, from the authenticator of a telephone. Comes by itself, before anything
 * else, for those who must type one; there is no way past it but out. The first time it shows the
 * secret that the telephone is to be given, and asks for two codes that follow each other, so that
 * nobody is sent off with a telephone that shows other codes. */
#include <string.h>
#include "base/err.h"
#include "text/number.h"
#include "ui/fields.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define CODE_MOST 8 /* six digits and what people put between them */
enum { FIRST, SECOND, CODE_FIELDS };
struct code {
    struct edit field[CODE_FIELDS];
    struct fields fields;
    struct book_totp totp; /* to be proved */
};

static void clear(struct code *code)
{
    for (int i = 0; i < CODE_FIELDS; i++) {
        mem_wipe(code->field[i].text, sizeof code->field[i].text);
        edit_set(&code->field[i], "", CODE_MOST, TEXT_LTR);
    }
    code->fields.focus = FIRST;
}

int code_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct code *code = x_alloc(sizeof *code);
    int count = ui->me.must_code == CODE_NEW ? CODE_FIELDS : 1;
    code->fields = (struct fields){code->field, FIRST, count, FIRST};
    clear(code);
    *state = code;
    if (ui->me.must_code == CODE_NEW) {
        int error = book_totp_new(ui->book, &code->totp);
        if (error)
            ui_tell_error(ui, error);
    }
    return 0;
}

void code_close(struct ui *ui, void *state)
{
    (void)ui;
    struct code *code = state;
    clear(code);
    mem_wipe(&code->totp, sizeof code->totp);
    x_free(&code);
}

/* Why the book did not take it, translated. */
static const char *refusal(struct ui *ui, int error)
{
    int fresh = ui->me.must_code == CODE_NEW;
    if (error == SND_E_AUTH && fresh)
        return _("Those are not two codes in a row: type the next two that appear.");
    if (error == SND_E_AUTH)
        return _("That code is wrong or was used: wait for the next one and type it.");
    if (error == SND_E_LIMIT)
        return _("Too many wrong codes: wait a minute, then type the code that appears.");
    if (error == SND_E_CONFLICT) {
        ui->me.must_code = CODE_ASKED;
        return _("Your telephone was set up meanwhile: type the code that appears.");
    }
    return ui_error_words(error);
}

const char *code_give(struct ui *ui, char *first, char *next)
{
    digits_to_ascii(first);
    digits_to_ascii(next);
    int error = ui->me.must_code == CODE_NEW ? book_totp_prove(ui->book, first, next)
                                             : book_totp_pass(ui->book, first);
    if (error)
        return refusal(ui, error);
    ui->me.must_code = CODE_NONE;
    return NULL;
}

static unsigned give(struct ui *ui, struct code *code)
{
    const char *why = code_give(ui, code->field[FIRST].text, code->field[SECOND].text);
    if (why) {
        clear(code);
        code->fields.count = ui->me.must_code == CODE_NEW ? CODE_FIELDS : 1;
        ui_tell(ui, TELL_ERROR, "%s", why);
        return UI_REDRAW;
    }
    ui_tell(ui, TELL_DONE, "%s", _("The code is right."));
    return UI_LEAVE;
}

unsigned code_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct code *code = state;
    switch ((int)event->key) {
    case K_F3:
        ui->leaving = 1;
        return UI_HANDLED;
    case K_F12:
        return UI_HANDLED;
    case K_CTRL:
        if (event->point == 'c')
            return UI_HANDLED;
        break;
    default:
        break;
    }
    unsigned did = fields_key(ui, &code->fields, event, _("A code has six digits."));
    return did == FIELDS_DONE ? give(ui, code) : did;
}

#define LABEL_WIDTH 30
static int field_row(const struct ui *ui, int i)
{
    return FRAME_TOP + (ui->me.must_code == CODE_NEW ? 11 : 4) + 2 * i;
}

static void paint_field(struct ui *ui, const struct code *code, int i)
{
    const char *label = code->fields.count == 1 ? _("The code now")
                        : i == FIRST            ? _("The code that appears")
                                                : _("The code after it");
    fields_paint(ui, &code->fields, i, field_row(ui, i), label, LABEL_WIDTH, 12);
}

void code_focus(struct ui *ui, void *state)
{
    const struct code *code = state;
    paint_field(ui, code, code->fields.focus);
}

/* Left to right whatever the screen: it is copied letter by letter. */
static void paint_latin(struct ui *ui, int row, const char *text, size_t len)
{
    const char *part = arena_printf(ui->arena, "%.*s", (int)len, text);
    frame_value(ui, row, 5, frame_width(ui) - 6, part, TEXT_LTR, LOOK_PLAIN);
}

#define GROUP 4
static void paint_secret(struct ui *ui, const struct code *code)
{
    const char *secret = code->totp.secret, *uri = code->totp.uri, *groups = "";
    size_t width = (size_t)frame_width(ui) - 8;
    int row = FRAME_TOP + 5;
    for (size_t i = 0; secret[i] && i < strlen(secret); i += GROUP)
        groups = arena_printf(ui->arena, "%s%s%.4s", groups, i ? " " : "", secret + i);
    paint_latin(ui, row, groups, strlen(groups));
    frame_text(ui, row + 2, 3, frame_width(ui) - 4, _("or this address, where one can be pasted:"),
               LOOK_PLAIN);
    for (size_t at = 0; at < strlen(uri) && row < FRAME_TOP + 7; at += width, row++)
        paint_latin(ui, row + 3, uri + at, width);
}

void code_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("next")}, {K_F1, N_("help")}, {K_F3, N_("leave")}};
    const struct code *code = state;
    int width = frame_width(ui) - 4;
    if (ui->me.must_code == CODE_NEW) {
        frame_paragraph(ui, FRAME_TOP + 1, 3, width, 3,
                        _("Open the authenticator of your telephone, add an account and type this "
                          "secret into it. It is shown this once."),
                        LOOK_PLAIN);
        paint_secret(ui, code);
    } else {
        frame_sentence(ui, FRAME_TOP + (frame_narrow(ui) ? 1 : 2), 3, width, 3,
                       _("Type the code that the authenticator of your telephone shows now."),
                       LOOK_PLAIN);
    }
    for (int i = 0; i < code->fields.count; i++)
        if (i != code->fields.focus)
            paint_field(ui, code, i);
    paint_field(ui, code, code->fields.focus);
    frame_hint(ui, _("Six digits. A code can be used once."));
    frame_keys(ui, keys, SND_COUNT(keys));
}

/* Not the secret of a new telephone, which is too wide. */
int code_narrow(const struct ui *ui, const void *state)
{
    (void)state;
    return ui->me.must_code != CODE_NEW;
}

int code_latin(struct ui *ui, void *state)
{
    (void)ui;
    (void)state;
    return 1;
}
