/* SPDX-License-Identifier: Apache-2.0
 * What can be done with a service wherever one is chosen: begin a request of it, read what it
 * needs, practise it. Whether it may be begun was said by the ledger with the list; here it is only
 * told. The ledger judges again when the request is submitted. */
#include "base/err.h"
#include "text/date.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

const char *service_why(const struct book_service *service)
{
    const char *why = book_service_why(service);
    return why ? _(why) : NULL;
}

static unsigned tell_why(struct ui *ui, const struct book_service *service, const char *why)
{
    char day[16];
    date_text(service->opens, CALENDAR_GREGORIAN, day);
    if (service->opens)
        /* L10N: the code of a service, why it is closed, and the day on which it opens. */
        ui_tell(ui, TELL_ERROR, _("%s can't be begun (%s): it opens on %s."), service->code, why,
                day);
    else
        /* L10N: the reason is one of the notes of the list, such as "suspended". */
        ui_tell(ui, TELL_ERROR, _("%s can't be begun (%s): choose another."), service->code, why);
    return UI_HANDLED;
}

static const struct form *form_of(struct ui *ui, const struct book_service *service)
{
    const struct form *form = NULL;
    int error = book_form(ui->book, service->sha, &form);
    if (error)
        ui_tell_error(ui, error);
    return error ? NULL : form;
}

/* The notice that is to be read before it is begun, into *out; its id stays zeros when it was. */
static int find_notice(struct ui *ui, const struct book_service *service, struct book_notice *out)
{
    struct book_notice *list;
    size_t count = 0;
    *out = (struct book_notice){0};
    if (id_is_zero(&service->notice) || !ui_may(ui, OP_NOTICE_READ))
        return 0;
    struct arena *arena = arena_new();
    int error = book_notice_list(ui->book, arena, &list, &count);
    for (size_t i = 0; !error && i < count; i++)
        if (id_equal(&list[i].id, &service->notice))
            *out = list[i];
    arena_free(&arena);
    return error;
}

static unsigned show_needs(struct ui *ui, const struct book_service *service)
{
    const char *why = service_why(service);
    ui->needs.form = form_of(ui, service);
    (void)str_copy(ui->needs.standing, sizeof ui->needs.standing, why ? why : _("open"));
    if (ui->needs.form) {
        struct ui_arg arg = {.thing = &ui->needs};
        ui_quiet(ui);
        ui_push(ui, SCREEN_NEEDS, &arg);
    }
    return UI_HANDLED;
}

static unsigned open_form(struct ui *ui, const struct book_service *service, int with)
{
    struct ui_arg arg = {.thing = form_of(ui, service), .index = with};
    if (arg.thing) {
        ui_quiet(ui);
        ui_home_push(ui, SCREEN_FILL, &arg);
    }
    return UI_HANDLED;
}

unsigned service_begin(struct ui *ui, const struct book_service *service, int with)
{
    const char *why = service_why(service);
    if (why)
        return tell_why(ui, service, why);
    ui->needs = (struct needs_case){.begins = 1, .with = with};
    int error = find_notice(ui, service, &ui->needs.notice);
    if (error) {
        ui_tell_error(ui, error);
        return UI_HANDLED;
    }
    if (!id_is_zero(&ui->needs.notice.id))
        return show_needs(ui, service);
    return open_form(ui, service, with);
}

unsigned service_sheet(struct ui *ui, const struct book_service *service)
{
    ui->needs = (struct needs_case){0};
    return show_needs(ui, service);
}

unsigned service_practise(struct ui *ui, const struct book_service *service)
{
    if (!ui_may(ui, OP_TRAINING_ADD)) {
        ui_tell_error(ui, SND_E_DENIED);
        return UI_HANDLED;
    }
    return open_form(ui, service, BEGIN_PRACTICE);
}
