/* SPDX-License-Identifier: Apache-2.0
 * The services, under their agencies, narrowed while one types a code or words of either language,
 * also of the agency or its sector. A service that is not open here today stays in the list with
 * the reason, and can't be begun; one with a notice that the clerk hasn't read shows this first. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "form/agency.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct catalogue {
    struct arena *arena;
    struct pick pick;
    struct pick_item *item;
    int *service; /* of each item, -1 for a heading */
    struct book_service *list;
    size_t count;
    int with;                   /* what its form is begun with: enum begin_with */
    struct book_notice *notice; /* those that this person hasn't read */
    size_t notices;
};

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
    catalogue->item[at].text =
        arena_printf(catalogue->arena, "%s - %s", agency_name(agency, msg_language()),
                     agency_sector(agency, msg_language()));
    catalogue->service[at] = -1;
}

static int unread(const struct catalogue *catalogue, const struct book_service *service)
{
    for (size_t i = 0; i < catalogue->notices; i++)
        if (id_equal(&catalogue->notice[i].id, &service->notice))
            return 1;
    return 0;
}

static const char *agency_words(struct arena *arena, const char *agency, enum lang lang)
{
    return arena_printf(arena, "%s %s", agency_name(agency, lang), agency_sector(agency, lang));
}

static void make_item(struct catalogue *catalogue, size_t at, size_t number)
{
    const struct book_service *service = &catalogue->list[number];
    struct pick_item *item = &catalogue->item[at];
    item->text = arena_printf(catalogue->arena, "%s" LAYOUT_GAP "%s", service->code,
                              service->title[msg_language()]);
    item->note = service_why(service);
    if (!item->note && unread(catalogue, service))
        item->note = _("new: read about it first");
    item->note_look = LOOK_WARNING;
    struct arena *arena = catalogue->arena;
    const char *titles =
        arena_printf(arena, "%s %s", service->title[LANG_AR], service->title[LANG_EN]);
    const char *agency = arena_printf(arena, "%s %s", agency_words(arena, service->agency, LANG_AR),
                                      agency_words(arena, service->agency, LANG_EN));
    item->folded = item_folded(arena, service->code, titles, agency);
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

/* Which notices are still to be read is asked only where there is one at all. */
static int find_notices(struct ui *ui, struct catalogue *catalogue)
{
    int any = 0;
    for (size_t i = 0; i < catalogue->count; i++)
        any |= !id_is_zero(&catalogue->list[i].notice);
    return any && ui_may(ui, OP_NOTICE_LIST)
               ? book_notice_list(ui->book, catalogue->arena, &catalogue->notice,
                                  &catalogue->notices)
               : 0;
}

static int load(struct ui *ui, struct catalogue *catalogue)
{
    int error = book_service_list(ui->book, catalogue->arena, &catalogue->list, &catalogue->count);
    if (!error)
        error = find_notices(ui, catalogue);
    if (error)
        return error;
    if (catalogue->count > 0)
        qsort(catalogue->list, catalogue->count, sizeof *catalogue->list, by_agency_and_code);
    make_items(catalogue);
    return 0;
}

int catalogue_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct catalogue *catalogue = x_alloc(sizeof *catalogue);
    catalogue->with = arg->index;
    edit_set(&catalogue->pick.filter, arg->text, 60, TEXT_AUTO);
    catalogue->arena = arena_new();
    int error = load(ui, catalogue);
    if (error) {
        ui_tell_error(ui, error);
        catalogue_close(ui, catalogue);
        return error;
    }
    *state = catalogue;
    return 0;
}

void catalogue_load(struct ui *ui, void *state)
{
    struct catalogue *catalogue = state;
    struct arena *before = catalogue->arena;
    int chosen = pick_chosen(&catalogue->pick),
        service = chosen < 0 ? -1 : catalogue->service[chosen];
    char code[16] = "";
    if (service >= 0)
        (void)str_copy(code, sizeof code, catalogue->list[service].code);
    catalogue->arena = arena_new();
    int error = load(ui, catalogue);
    if (error) {
        ui_tell_error(ui, error);
        arena_free(&catalogue->arena);
        catalogue->arena = before;
        return;
    }
    arena_free(&before);
    for (size_t i = 0; i < catalogue->pick.count; i++)
        if (catalogue->service[i] >= 0 &&
            strcmp(catalogue->list[catalogue->service[i]].code, code) == 0)
            pick_choose(&catalogue->pick, (int)i);
}

int catalogue_place(const struct ui *ui, const void *state, struct ui_arg *out)
{
    const struct catalogue *catalogue = state;
    (void)ui;
    out->index = catalogue->with;
    return str_copy(out->text, sizeof out->text, catalogue->pick.filter.text) == 0;
}

void catalogue_close(struct ui *ui, void *state)
{
    (void)ui;
    struct catalogue *catalogue = state;
    pick_free(&catalogue->pick);
    arena_free(&catalogue->arena);
    x_free(&catalogue);
}

const struct book_service *catalogue_chosen(struct ui *ui, const void *state)
{
    const struct catalogue *catalogue = state;
    int chosen = pick_chosen(&catalogue->pick);
    if (chosen >= 0)
        return &catalogue->list[catalogue->service[chosen]];
    ui_tell(ui, TELL_ERROR, "%s", _("No service of that name: erase a letter."));
    return NULL;
}

static unsigned begin(struct ui *ui, void *state)
{
    const struct catalogue *catalogue = state;
    const struct book_service *service = catalogue_chosen(ui, catalogue);
    return service ? service_begin(ui, service, catalogue->with) : UI_HANDLED;
}

unsigned catalogue_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct catalogue *catalogue = state;
    if (event->key != K_F5)
        return pick_screen_key(&catalogue->pick, event, ui, begin, catalogue);
    const struct book_service *service = catalogue_chosen(ui, catalogue);
    return service ? service_practise(ui, service) : UI_HANDLED;
}

void catalogue_more(struct ui *ui, void *state)
{
    const struct book_service *service = catalogue_chosen(ui, state);
    if (service)
        (void)service_sheet(ui, service);
}

void catalogue_focus(struct ui *ui, void *state)
{
    struct catalogue *catalogue = state;
    pick_paint(ui, &catalogue->pick, FRAME_TOP, frame_body(ui), _("Service:"));
}

void catalogue_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_ENTER, N_("begin")},
                                            {K_F1, N_("help, again: what is needed")},
                                            {K_F3, N_("back")},
                                            {K_F5, N_("practise")}};
    frame_context(ui, _("Which service does the person want?"), NULL);
    catalogue_focus(ui, state);
    frame_hint(ui, _("Type a few letters or the code, choose with the arrows, then Enter."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
