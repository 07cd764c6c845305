/* SPDX-License-Identifier: Apache-2.0
 * How what is on the screen comes to paper: no terminal prints, so it is taken out over sftp. */
#include "base/mem.h"
#include "ui/screens_priv.h"

const char *printed_words(struct ui *ui, const char *folder, const char *name)
{
    /* Who types codes by time gets no files. */
    if (!ui_may(ui, OP_REQUEST_SUBMIT) || role_needs_code(ui->me.role))
        return "";
    return arena_printf(ui->arena, _("To print it, take it out with sftp: %s"),
                        arena_printf(ui->arena, "outbox/%s/%s.html", folder, name));
}

unsigned printed_tell(struct ui *ui, const char *folder, const char *name)
{
    const char *words = printed_words(ui, folder, name);
    if (!*words)
        return UI_IGNORED;
    ui_tell(ui, TELL_PLAIN, "%s", words);
    return UI_HANDLED;
}
