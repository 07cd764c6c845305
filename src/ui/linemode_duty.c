/* SPDX-License-Identifier: Apache-2.0
 * What must be done at a login before anything else, in line mode: the code of this moment from the
 * telephone, a password of one's own. There is no way past but out. A terminal shows what is typed,
 * and it is said before a password is. */
#include <string.h>
#include "base/err.h"
#include "ui/linemode_priv.h"

#define SECRET_MOST 65

/* An answer that must not stay anywhere: 0, or SND_E_LOST when the session is over. */
static int ask_secret(struct linemode *lm, const char *prompt, char out[SECRET_MOST])
{
    const char *line;
    while ((line = linemode_ask(lm, prompt)) != NULL) {
        int error = str_copy(out, SECRET_MOST, line);
        mem_wipe(lm->line, sizeof lm->line);
        if (!error)
            return 0;
        linemode_say(lm, _("The field is full."));
    }
    return SND_E_LOST;
}

static void ask_code(struct linemode *lm)
{
    char first[SECRET_MOST] = "", next[SECRET_MOST] = "";
    struct ui *ui = &lm->ui;
    int fresh = ui->me.must_code == CODE_NEW;
    if (ask_secret(lm, fresh ? _("The code that appears:") : _("The code now:"), first))
        return;
    if (fresh && ask_secret(lm, _("The code after it:"), next))
        return;
    const char *why = code_give(ui, first, next);
    linemode_say(lm, why ? why : _("The code is right."));
}

static void codes(struct linemode *lm)
{
    struct book_totp totp;
    struct ui *ui = &lm->ui;
    if (ui->me.must_code == CODE_ASKED)
        linemode_say(lm, _("Type the code that the authenticator of your telephone shows now."));
    if (ui->me.must_code == CODE_NEW) {
        int error = book_totp_new(ui->book, &totp);
        if (error) {
            linemode_say(lm, ui_error_words(error));
            lm->ui.leaving = 1;
            return;
        }
        linemode_say(lm, _("Open the authenticator of your telephone, add an account and type this "
                           "secret into it. It is shown this once."));
        linemode_say(lm, totp.secret);
        linemode_say(lm, _("or this address, where one can be pasted:"));
        linemode_say(lm, totp.uri);
        mem_wipe(&totp, sizeof totp);
    }
    while (ui->me.must_code && !lm->ended && !(lm->input_ended && !linemode_pending(lm)))
        ask_code(lm);
}

static void change_password(struct linemode *lm)
{
    static char typed[PASSWORD_FIELDS][SECRET_MOST];
    const char *const given[] = {typed[PASSWORD_OLD], typed[PASSWORD_NEW], typed[PASSWORD_AGAIN]};
    struct ui *ui = &lm->ui;
    int which = ui->me.must_change == CHANGE_FRESH ? PASSWORD_NEW : PASSWORD_OLD;
    const char *why = NULL;
    linemode_say(lm, _("What you type is shown: see that nobody looks on. Enter alone gives up."));
    do {
        for (; which < PASSWORD_FIELDS; which++)
            if (ask_secret(lm, password_label(which), typed[which]) || !typed[which][0])
                goto out;
        why = password_change(ui, given, &which);
        linemode_say(lm, why ? why : _("The password is changed."));
    } while (why);
out:
    mem_wipe(typed, sizeof typed);
}

void linehome_password(struct linemode *lm, const char *rest)
{
    (void)rest;
    change_password(lm);
}

void linemode_duties(struct linemode *lm)
{
    if (lm->ui.me.must_code)
        codes(lm);
    if (lm->ui.me.must_code)
        return;
    if (lm->ui.me.must_change) {
        linemode_say(lm, _("Choose a password of your own before you go on."));
        change_password(lm);
    }
}
