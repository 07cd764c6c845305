/* SPDX-License-Identifier: Apache-2.0
 * The services, under their agencies, narrowed while one types a code or words of either language.
 * A service that is not open here today stays in the list with the reason, and can't be begun. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct catalogue {
    struct arena *arena;
    struct pick pick;
    struct pick_item *item;
    int *service; /* of each item, -1 for a heading */
    struct book_service *list;
    size_t count;
    int with; /* what its form is begun with: enum begin_with */
};

static const char *agency_name(const char *code)
{
    static const struct {
        const char *code, *name[LANG_COUNT];
    } table[] = {
#define AGENCY(code, ar, en) {code, {ar, en}},
#include "ui/agencies.def"
#undef AGENCY
    };
    for (size_t i = 0; i < SND_COUNT(table); i++)
        if (strcmp(table[i].code, code) == 0)
            return table[i].name[msg_language()];
    return code;
}

/* Why it can't be begun, or NULL. */
static const char *closed_why(const struct book_service *service)
{
    static const char *const why[] = {
        [SERVICE_LIVE] = NULL,
        [SERVICE_NEXT] = N_("announced, not yet open"),
        [SERVICE_SUSPENDED] = N_("suspended"),
        [SERVICE_CLOSED] = N_("closed"),
        [SERVICE_LINKING] = N_("its agency is being linked"),
        [SERVICE_ANNOUNCED] = N_("its sector joins soon"),
        [SERVICE_OFF_SEASON] = N_("outside its season"),
    };
    if (service->open)
        return NULL;
    if (service->state != SERVICE_LIVE && (size_t)service->state < SND_COUNT(why))
        return _(why[service->state]);
    return service->in_area ? _("not open today") : _("not offered in this wilayat");
}

static int by_agency_and_code(const void *a, const void *b)
{
    const struct book_service *left = a, *right = b;
    int order = strcmp(left->agency, right->agency);
    return order ? order : strcmp(left->code, right->code);
}

/* One agency's services stand together in the list: where they end. */
static size_t agency_end(const struct catalogue *catalogue, size_t first, int *any_open)
{
    const struct book_service *list = catalogue->list;
    size_t i = first;
    *any_open = 0;
    for (; i < catalogue->count && strcmp(list[i].agency, list[first].agency) == 0; i++)
        *any_open |= list[i].open != 0;
    return i;
}

static void make_heading(struct catalogue *catalogue, size_t at, const char *agency)
{
    catalogue->item[at].heading = 1;
    catalogue->item[at].text = agency_name(agency);
    catalogue->service[at] = -1;
}

static void make_item(struct catalogue *catalogue, size_t at, size_t number)
{
    const struct book_service *service = &catalogue->list[number];
    struct pick_item *item = &catalogue->item[at];
    item->text =
        arena_printf(catalogue->arena, "%s  %s", service->code, service->title[msg_language()]);
    item->note = closed_why(service);
    item->note_look = LOOK_WARNING;
    item->folded = item_folded(catalogue->arena, service->code, service->title[LANG_AR],
                               service->title[LANG_EN]);
    catalogue->service[at] = (int)number;
}

/* Agencies of which something can be begun here today come first. */
static void make_items(struct catalogue *catalogue)
{
    size_t used = 0, places = catalogue->count * 2;
    catalogue->item = arena_alloc(catalogue->arena, places * sizeof *catalogue->item);
    catalogue->service = arena_alloc(catalogue->arena, places * sizeof *catalogue->service);
    for (int open = 1; open >= 0; open--) {
        for (size_t first = 0, end; first < catalogue->count; first = end) {
            int any_open;
            end = agency_end(catalogue, first, &any_open);
            if (any_open != open)
                continue;
            make_heading(catalogue, used++, catalogue->list[first].agency);
            for (size_t i = first; i < end; i++)
                make_item(catalogue, used++, i);
        }
    }
    pick_set(&catalogue->pick, catalogue->item, used);
}

int catalogue_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct catalogue *catalogue = x_alloc(sizeof *catalogue);
    catalogue->with = arg->index;
    catalogue->arena = arena_new();
    int error = book_service_list(ui->book, catalogue->arena, &catalogue->list, &catalogue->count);
    if (error) {
        ui_tell_error(ui, error);
        catalogue_close(ui, catalogue);
        return error;
    }
    if (catalogue->count > 0)
        qsort(catalogue->list, catalogue->count, sizeof *catalogue->list, by_agency_and_code);
    make_items(catalogue);
    *state = catalogue;
    return 0;
}

void catalogue_close(struct ui *ui, void *state)
{
    (void)ui;
    struct catalogue *catalogue = state;
    pick_free(&catalogue->pick);
    arena_free(&catalogue->arena);
    x_free(&catalogue);
}

static unsigned begin(struct ui *ui, void *state)
{
    const struct catalogue *catalogue = state;
    int chosen = pick_chosen(&catalogue->pick);
    if (chosen < 0) {
        ui_tell(ui, TELL_ERROR, "%s", _("No service of that name: erase a letter."));
        return UI_HANDLED;
    }
    const struct book_service *service = &catalogue->list[catalogue->service[chosen]];
    const char *why = closed_why(service);
    if (why) {
        /* L10N: the reason is one of the notes of the list, such as "suspended". */
        ui_tell(ui, TELL_ERROR, _("%s can't be begun (%s): choose another."), service->code, why);
        return UI_HANDLED;
    }
    struct ui_arg arg = {0};
    const struct form *form;
    int error = book_form(ui->book, service->sha, &form);
    if (error) {
        ui_tell_error(ui, error);
        return UI_HANDLED;
    }
    ui_quiet(ui);
    arg.thing = form;
    arg.index = catalogue->with;
    ui_home_push(ui, SCREEN_FILL, &arg);
    return UI_HANDLED;
}

unsigned catalogue_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct catalogue *catalogue = state;
    return pick_screen_key(&catalogue->pick, event, ui, begin, catalogue);
}

void catalogue_focus(struct ui *ui, void *state)
{
    struct catalogue *catalogue = state;
    pick_paint(ui, &catalogue->pick, FRAME_TOP, frame_body(ui), _("Service:"));
}

void catalogue_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("begin")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    frame_context(ui, _("Which service does the person want?"), NULL);
    catalogue_focus(ui, state);
    frame_hint(ui, _("Type a few letters or the code, choose with the arrows, then Enter."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
