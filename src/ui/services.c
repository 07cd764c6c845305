/* SPDX-License-Identifier: Apache-2.0
 * The services for those who rule which are open: the same list as the clerks' catalogue, with how
 * each stands today; Enter leads to what was ruled of one. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

int services_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    return catalogue_open(ui, arg, state);
}

void services_close(struct ui *ui, void *state)
{
    catalogue_close(ui, state);
}

void services_resume(struct ui *ui, void *state)
{
    catalogue_load(ui, state);
}

unsigned services_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct ui_arg arg = {0};
    if (event->key != K_ENTER)
        return catalogue_key(ui, state, event);
    const struct book_service *service = catalogue_chosen(ui, state);
    if (!service)
        return UI_HANDLED;
    (void)str_copy(arg.text, sizeof arg.text, service->code);
    ui_quiet(ui);
    ui_push(ui, SCREEN_RULING, &arg);
    return UI_HANDLED;
}

void services_more(struct ui *ui, void *state)
{
    catalogue_more(ui, state);
}

void services_focus(struct ui *ui, void *state)
{
    catalogue_focus(ui, state);
}

void services_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_ENTER, N_("open or close")},
                                            {K_F1, N_("help, again: what is needed")},
                                            {K_F3, N_("back")}};
    frame_context(ui, _("Which service is to be opened or closed?"), NULL);
    services_focus(ui, state);
    frame_hint(ui, _("Type a few letters or the code, choose with the arrows, then Enter."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
