/* SPDX-License-Identifier: Apache-2.0
 * A whole form at once in line mode: lines are taken until one with a single dot, read as one, and
 * put into the fields; then what is wrong is named, all of it. What could not be taken is said
 * again, so that nobody has to look for it. */
#include "form/paste.h"
#include <string.h>
#include "ui/linemode_priv.h"

/* Lines until one with a single dot, or the end of all. */
static void collect(struct lineform *form, struct buf *text)
{
    const char *line;
    linemode_say(form->lm, _("Paste the form now, a line a field: values in order, or name: value. "
                             "A line with a single dot ends it."));
    while ((line = linemode_ask(form->lm, NULL)) != NULL && strcmp(line, ".") != 0) {
        buf_puts(text, line);
        buf_putc(text, '\n');
    }
}

static int paste_one(struct lineform *form, const char *value)
{
    int right = lineform_take(form, value);
    ui_quiet(&form->lm->ui);
    if (!right)
        lineform_leave_wrong(form);
    return right;
}

/* In the order of the fields, as often as new ones come to apply. */
static void paste_named(struct lineform *form, struct paste *paste)
{
    for (int again = 1; again;) {
        again = 0;
        for (size_t i = 0; i < form->fill->form->fields; i++) {
            for (size_t k = 0; k < paste->count; k++) {
                struct paste_line *line = &paste->line[k];
                if (line->field != (int)i || !fill_focusable(form->fill, (int)i))
                    continue;
                lineform_go(form, (int)i);
                (void)paste_one(form, line->value);
                line->field = -1;
                line->value = "";
                again = 1;
            }
        }
    }
    for (size_t k = 0; k < paste->count; k++) {
        if (!*paste->line[k].value)
            continue;
        linemode_sayf(form->lm, "%s %s",
                      paste->line[k].field >= 0 ? _("Not taken, as the field does not apply:")
                                                : _("Not taken, as no field has this name:"),
                      paste->line[k].text);
    }
}

/* Value by value. Behind a wrong one on which others hang the rest waits until it is right. */
static void paste_ordered(struct lineform *form, struct paste *paste)
{
    size_t k = 0;
    int field = form->fill->focus, right = 1;
    while (k < paste->count && field >= 0) {
        lineform_go(form, field);
        right = paste_one(form, paste->line[k++].value);
        if (!right && (fill_field(form->fill)->choices ||
                       lineform_decides(form->fill->form, form->fill->focus)))
            break;
        field = fill_next(form->fill, form->fill->focus, 1);
    }
    if (!right && k < paste->count)
        form->waiting = form->fill->focus;
    for (; k < paste->count; k++) {
        if (form->waiting >= 0) {
            buf_puts(&form->lm->held, paste->line[k].text);
            buf_putc(&form->lm->held, '\n');
        } else {
            linemode_sayf(form->lm, "%s %s", _("Not taken, as no field is left for it:"),
                          paste->line[k].text);
        }
    }
}

int lineword_paste(struct lineform *form, const char *rest)
{
    struct buf text = BUF_INIT(LINEMODE_INPUT);
    struct paste paste;
    (void)rest;
    collect(form, &text);
    paste_read(form->fill->form, buf_text(&text), &paste);
    buf_free(&text);
    linemode_say(form->lm,
                 paste.by_name ? _("Read as names and values.") : _("Read as values in order."));
    if (form->reviewing)
        lineform_go(form, fill_next(form->fill, -1, 1));
    if (paste.by_name)
        paste_named(form, &paste);
    else
        paste_ordered(form, &paste);
    if (paste.cut)
        linemode_say(form->lm, _("The lines after that were too many and were not taken."));
    paste_free(&paste);
    if (form->waiting >= 0) {
        form->correcting = 0;
        lineform_say(form, form->waiting, form->why[form->waiting]);
        lineform_go(form, form->waiting);
    } else {
        lineform_review(form);
    }
    return 0;
}
