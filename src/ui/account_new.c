/* SPDX-License-Identifier: Apache-2.0
 * A new account. It has no way in until a one-time code is made for it, which the screen of the
 * account offers next. */
#include <string.h>
#include "base/ctl.h"
#include "base/err.h"
#include "ui/edit.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

enum { ACCOUNT, PERSON, ROLE, CENTRE, REACH, ACCOUNT_FIELDS };
struct account_new {
    struct edit field[ACCOUNT_FIELDS];
    int focus;
};
static const struct {
    const char *label, *hint;
    int most;
    enum text_dir dir;
} fields[] = {
    [ACCOUNT] = {N_("Account"), N_("1 to 32 of a-z 0-9 . _ -"), 32, TEXT_LTR},
    [PERSON] = {N_("Person"), N_("The person's name, as others are to read it."), 60, TEXT_AUTO},
    [ROLE] = {N_("Role"), N_("clerk owner runner agency gov_sup sup auditor admin committee"), 12,
              TEXT_LTR},
    [CENTRE] = {N_("Centre"), N_("The centre's code, as in DA01-003; nothing for who has none."),
                15, TEXT_LTR},
    [REACH] = {N_("Scope"), N_("An officer's agency, or a supervisor's governorate; else nothing."),
               60, TEXT_LTR},
};

int account_new_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct account_new *fresh = x_alloc(sizeof *fresh);
    for (int i = 0; i < ACCOUNT_FIELDS; i++)
        edit_set(&fresh->field[i], i == CENTRE ? ui->me.centre : "", fields[i].most, fields[i].dir);
    *state = fresh;
    return 0;
}

void account_new_close(struct ui *ui, void *state)
{
    (void)ui;
    struct account_new *fresh = state;
    x_free(&fresh);
}

static unsigned refuse(struct ui *ui, struct account_new *fresh, int field, const char *sentence)
{
    fresh->focus = field;
    ui_tell(ui, TELL_ERROR, "%s", sentence);
    return UI_REDRAW;
}

static unsigned make(struct ui *ui, struct account_new *fresh)
{
    struct book_account row = {0};
    if (!ctl_name_ok(fresh->field[ACCOUNT].text))
        return refuse(ui, fresh, ACCOUNT, _("Write the account with 1 to 32 of a-z 0-9 . _ -"));
    if (!fresh->field[PERSON].text[0])
        return refuse(ui, fresh, PERSON, _("Type the person's name."));
    if (role_find(fresh->field[ROLE].text, &row.role) || row.role >= ROLE_CLI)
        return refuse(ui, fresh, ROLE, _("Type one of the roles that stand below."));
    (void)str_copy(row.account, sizeof row.account, fresh->field[ACCOUNT].text);
    (void)str_copy(row.name, sizeof row.name, fresh->field[PERSON].text);
    (void)str_copy(row.centre, sizeof row.centre, fresh->field[CENTRE].text);
    (void)str_copy(row.scope, sizeof row.scope, fresh->field[REACH].text);
    int error = book_account_add(ui->book, &row, "");
    if (error == SND_E_EXISTS)
        return refuse(ui, fresh, ACCOUNT, _("There is such an account already: type another."));
    if (error == SND_E_INVALID)
        return refuse(ui, fresh, CENTRE, _("The role doesn't go with this centre or scope."));
    if (error) {
        ui_tell_error(ui, error);
        return UI_HANDLED;
    }
    ui_tell(ui, TELL_DONE, "%s", _("The account is made: open it and make its one-time code."));
    return UI_LEAVE;
}

static unsigned step(struct account_new *fresh, int by)
{
    fresh->focus = (fresh->focus + by + ACCOUNT_FIELDS) % ACCOUNT_FIELDS;
    return UI_REDRAW;
}

unsigned account_new_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct account_new *fresh = state;
    switch ((int)event->key) {
    case K_ENTER:
        return fresh->focus == ACCOUNT_FIELDS - 1 ? make(ui, fresh) : step(fresh, 1);
    case K_F10:
        return make(ui, fresh);
    case K_TAB:
    case K_DOWN:
        return step(fresh, 1);
    case K_BACKTAB:
    case K_UP:
        return step(fresh, -1);
    default:
        break;
    }
    switch (edit_key(&fresh->field[fresh->focus], event, ui->rtl, ui->arena)) {
    case EDIT_FULL:
        ui_tell(ui, TELL_ERROR, "%s", _("The field is full."));
        return UI_HANDLED;
    case EDIT_IGNORED:
        return UI_IGNORED;
    case EDIT_MOVED:
    case EDIT_CHANGED:
    case EDIT_REFUSED:
        break;
    }
    return UI_FOCUS;
}

#define LABEL_WIDTH 16
static void paint_field(struct ui *ui, const struct account_new *fresh, int i)
{
    int row = FRAME_TOP + 2 + 2 * i, focused = fresh->focus == i;
    canvas_blank(&ui->canvas, row, row + 1);
    frame_text(ui, row, 3, LABEL_WIDTH, _(fields[i].label), focused ? LOOK_FOCUS : LOOK_LABEL);
    if (focused)
        frame_text(ui, row, LABEL_WIDTH + 3, 1, "[", LOOK_PLAIN);
    edit_paint_row(ui, &fresh->field[i], row, LABEL_WIDTH + 5, 50, focused);
}

void account_new_focus(struct ui *ui, void *state)
{
    const struct account_new *fresh = state;
    paint_field(ui, fresh, fresh->focus);
}

void account_new_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("next")}, {K_F1, N_("help")}, {K_F3, N_("back")}, {K_F10, N_("save")}};
    const struct account_new *fresh = state;
    for (int i = 0; i < ACCOUNT_FIELDS; i++)
        if (i != fresh->focus)
            paint_field(ui, fresh, i);
    paint_field(ui, fresh, fresh->focus);
    frame_hint(ui, _(fields[fresh->focus].hint));
    frame_keys(ui, keys, SND_COUNT(keys));
}

/* What is typed here is Latin but for the person's name. */
int account_new_latin(struct ui *ui, void *state)
{
    (void)ui;
    const struct account_new *fresh = state;
    return fresh->focus != PERSON;
}
