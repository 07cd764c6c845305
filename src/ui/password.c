/* SPDX-License-Identifier: Apache-2.0
 * The own password: the old one, and the new one twice. Comes by itself, and can't be passed, when
 * the person logged in with a one-time word. What is typed is shown as stars and wiped. */
#include <string.h>
#include "base/err.h"
#include "text/input.h"
#include "ui/fields.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define PASSWORD_LEAST 8
#define PASSWORD_MOST 64
struct password {
    struct edit field[PASSWORD_FIELDS];
    struct fields fields;
};
static const char *const labels[] = {N_("Old password"), N_("New password"),
                                     N_("New password again")};

static void clear(struct password *password)
{
    for (int i = 0; i < PASSWORD_FIELDS; i++) {
        mem_wipe(password->field[i].text, sizeof password->field[i].text);
        edit_set(&password->field[i], "", PASSWORD_MOST, TEXT_LTR);
        password->field[i].secret = 1;
    }
}

/* Who came in by a one-time code has no old password to type. */
static int first_field(const struct ui *ui)
{
    return ui->me.must_change == CHANGE_FRESH ? PASSWORD_NEW : PASSWORD_OLD;
}

int password_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct password *password = x_alloc(sizeof *password);
    int first = first_field(ui);
    clear(password);
    password->fields = (struct fields){password->field, first, PASSWORD_FIELDS, first};
    if (ui->me.must_change)
        ui_tell(ui, TELL_WARNING, "%s", _("Choose a password of your own before you go on."));
    *state = password;
    return 0;
}

void password_close(struct ui *ui, void *state)
{
    struct password *password = state;
    (void)ui;
    clear(password);
    x_free(&password);
}

const char *password_label(int which)
{
    return _(labels[which]);
}

/* What the book said of it. */
static const char *refusal(int error, int *which)
{
    static const struct {
        int error, which;
        const char *sentence;
    } table[] = {
        {SND_E_AUTH, PASSWORD_OLD, N_("Type the old password again: it is not right.")},
        {SND_E_INVALID, PASSWORD_NEW, N_("Type at least 8 characters.")},
        {SND_E_COMMON, PASSWORD_NEW,
         N_("Everybody tries that one first: choose a password that is yours alone.")},
    };
    for (size_t i = 0; i < SND_COUNT(table); i++) {
        if (table[i].error == error) {
            *which = table[i].which;
            return _(table[i].sentence);
        }
    }
    *which = PASSWORD_AGAIN;
    return ui_error_words(error);
}

const char *password_change(struct ui *ui, const char *const typed[PASSWORD_FIELDS], int *which)
{
    const char *fresh = typed[PASSWORD_NEW];
    *which = PASSWORD_NEW;
    if (utf8_count(fresh) < PASSWORD_LEAST)
        return _("Type at least 8 characters.");
    if (strcmp(fresh, typed[PASSWORD_AGAIN]) != 0) {
        *which = PASSWORD_AGAIN;
        return _("Type the same password again: the two differ.");
    }
    if (first_field(ui) == PASSWORD_OLD && strcmp(fresh, typed[PASSWORD_OLD]) == 0)
        return _("Choose another password than the old one.");
    int error = book_own_password(ui->book, typed[PASSWORD_OLD], fresh);
    if (error)
        return refusal(error, which);
    ui->me.must_change = CHANGE_NONE;
    return NULL;
}

static unsigned change(struct ui *ui, struct password *password)
{
    const char *const typed[] = {password->field[PASSWORD_OLD].text,
                                 password->field[PASSWORD_NEW].text,
                                 password->field[PASSWORD_AGAIN].text};
    int which;
    const char *why = password_change(ui, typed, &which);
    if (why)
        return fields_refuse(ui, &password->fields, which, why);
    ui_tell(ui, TELL_DONE, "%s", _("The password is changed."));
    return UI_LEAVE;
}

unsigned password_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct password *password = state;
    switch ((int)event->key) {
    case K_F3:
        /* A one-time word must not stay: without a new password the only way is out. */
        if (ui->me.must_change) {
            ui->leaving = 1;
            return UI_HANDLED;
        }
        return UI_IGNORED;
    case K_F12:
    case K_CTRL:
        if (ui->me.must_change)
            return UI_HANDLED;
        return UI_IGNORED;
    default:
        break;
    }
    unsigned did = fields_key(ui, &password->fields, event, _("The field is full."));
    return did == FIELDS_DONE ? change(ui, password) : did;
}

#define LABEL_WIDTH 30
static void paint_field(struct ui *ui, const struct password *password, int i)
{
    fields_paint(ui, &password->fields, i, FRAME_TOP + 3 + 2 * i, _(labels[i]), LABEL_WIDTH, 40);
}

void password_focus(struct ui *ui, void *state)
{
    const struct password *password = state;
    paint_field(ui, password, password->fields.focus);
}

void password_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("next")}, {K_F1, N_("help")}, {K_F3, N_("back")}, {K_F10, N_("save")}};
    const struct password *password = state;
    for (int i = first_field(ui); i < PASSWORD_FIELDS; i++)
        if (i != password->fields.focus)
            paint_field(ui, password, i);
    paint_field(ui, password, password->fields.focus);
    frame_hint(ui, _("At least 8 characters; nobody at Sanad will ever ask for it."));
    frame_keys(ui, keys, SND_COUNT(keys));
}

int password_latin(struct ui *ui, void *state)
{
    (void)ui;
    (void)state;
    return 1;
}
