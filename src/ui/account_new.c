/* SPDX-License-Identifier: Apache-2.0
 * A new account. It has no way in until a one-time code is made for it, which the screen of the
 * account offers next. */
#include <string.h>
#include "base/ctl.h"
#include "base/err.h"
#include "ui/fields.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

enum { ACCOUNT, PERSON, ROLE, CENTRE, REACH, ACCOUNT_FIELDS };
struct account_new {
    struct edit field[ACCOUNT_FIELDS];
    struct fields fields;
};
static const struct {
    const char *label, *hint;
    int most;
    enum text_dir dir;
} rows[] = {
    [ACCOUNT] = {N_("Account"), N_("1 to 32 of a-z 0-9 . _ -"), 32, TEXT_LTR},
    [PERSON] = {N_("Person"), N_("The person's name, as others are to read it."), 60, TEXT_AUTO},
    [ROLE] = {N_("Role"), N_("clerk owner runner agency gov_sup sup auditor admin committee"), 12,
              TEXT_LTR},
    [CENTRE] = {N_("Centre"), N_("The centre's code, as in DA01-003; nothing for who has none."),
                15, TEXT_LTR},
    [REACH] =
        {N_("Scope"),
         N_("An officer's agency or a joint desk's, a supervisor's governorate; else nothing."), 60,
         TEXT_LTR},
};

int account_new_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct account_new *fresh = x_alloc(sizeof *fresh);
    for (int i = 0; i < ACCOUNT_FIELDS; i++)
        edit_set(&fresh->field[i], i == CENTRE ? ui->me.centre : "", rows[i].most, rows[i].dir);
    fresh->fields = (struct fields){fresh->field, ACCOUNT, ACCOUNT_FIELDS, ACCOUNT};
    *state = fresh;
    return 0;
}

void account_new_close(struct ui *ui, void *state)
{
    (void)ui;
    struct account_new *fresh = state;
    x_free(&fresh);
}

static unsigned make(struct ui *ui, struct account_new *fresh)
{
    struct book_account row = {0};
    if (!ctl_name_ok(fresh->field[ACCOUNT].text))
        return fields_refuse(ui, &fresh->fields, ACCOUNT,
                             _("Write the account with 1 to 32 of a-z 0-9 . _ -"));
    if (!fresh->field[PERSON].text[0])
        return fields_refuse(ui, &fresh->fields, PERSON, _("Type the person's name."));
    if (role_find(fresh->field[ROLE].text, &row.role) || row.role >= ROLE_CLI)
        return fields_refuse(ui, &fresh->fields, ROLE,
                             _("Type one of the roles that stand below."));
    (void)str_copy(row.account, sizeof row.account, fresh->field[ACCOUNT].text);
    (void)str_copy(row.name, sizeof row.name, fresh->field[PERSON].text);
    (void)str_copy(row.centre, sizeof row.centre, fresh->field[CENTRE].text);
    (void)str_copy(row.scope, sizeof row.scope, fresh->field[REACH].text);
    int error = book_account_add(ui->book, &row, "");
    if (error == SND_E_EXISTS)
        return fields_refuse(ui, &fresh->fields, ACCOUNT,
                             _("There is such an account already: type another."));
    if (error == SND_E_INVALID)
        return fields_refuse(ui, &fresh->fields, CENTRE,
                             _("The role doesn't go with this centre or scope."));
    if (error) {
        ui_tell_error(ui, error);
        return UI_HANDLED;
    }
    ui_tell(ui, TELL_DONE, "%s", _("The account is made: open it and make its one-time code."));
    return UI_LEAVE;
}

unsigned account_new_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct account_new *fresh = state;
    unsigned did = fields_key(ui, &fresh->fields, event, _("The field is full."));
    return did == FIELDS_DONE ? make(ui, fresh) : did;
}

#define LABEL_WIDTH 16
static void paint_field(struct ui *ui, const struct account_new *fresh, int i)
{
    fields_paint(ui, &fresh->fields, i, FRAME_TOP + 2 + 2 * i, _(rows[i].label), LABEL_WIDTH, 50);
}

void account_new_focus(struct ui *ui, void *state)
{
    const struct account_new *fresh = state;
    paint_field(ui, fresh, fresh->fields.focus);
}

void account_new_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("next")}, {K_F1, N_("help")}, {K_F3, N_("back")}, {K_F10, N_("save")}};
    const struct account_new *fresh = state;
    for (int i = 0; i < ACCOUNT_FIELDS; i++)
        if (i != fresh->fields.focus)
            paint_field(ui, fresh, i);
    paint_field(ui, fresh, fresh->fields.focus);
    frame_hint(ui, _(rows[fresh->fields.focus].hint));
    frame_keys(ui, keys, SND_COUNT(keys));
}

/* What is typed here is Latin but for the person's name. */
int account_new_latin(struct ui *ui, void *state)
{
    (void)ui;
    const struct account_new *fresh = state;
    return fresh->fields.focus != PERSON;
}
