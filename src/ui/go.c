/* SPDX-License-Identifier: Apache-2.0
 * What F2 opens everywhere: one box for where to go. It lists the screens and the services that may
 * be begun here today; what fits none of them is looked up among the requests. Going there closes
 * what is open, and a form keeps its draft as it closes. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

/* The screens that can be gone to, before the services. */
static const struct {
    enum screen_id id;
    enum operation needs;
} places[] = {
    {SCREEN_HOME, OP_ACCOUNT_ME},
    {SCREEN_DRAFTS, OP_DRAFT_LIST},
    {SCREEN_REQUESTS, OP_REQUEST_LIST},
};
struct go {
    struct arena *arena;
    struct pick pick;
    struct pick_item *item;
    const struct book_service **service; /* of each item; NULL for a screen */
    enum screen_id *place;               /* of each item without a service */
    size_t count;
};

static void add_places(struct ui *ui, struct go *go)
{
    for (size_t i = 0; i < SND_COUNT(places); i++) {
        if (!ui_may(ui, places[i].needs))
            continue;
        const char *title = _(screen_table[places[i].id].title);
        go->item[go->count].text = title;
        go->item[go->count].folded =
            item_folded(go->arena, title, screen_table[places[i].id].title, "");
        go->place[go->count++] = places[i].id;
    }
}

static void add_services(struct go *go, const struct book_service *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!list[i].open)
            continue;
        go->item[go->count].text =
            arena_printf(go->arena, "%s  %s", list[i].code, list[i].title[msg_language()]);
        go->item[go->count].folded =
            item_folded(go->arena, list[i].code, list[i].title[LANG_AR], list[i].title[LANG_EN]);
        go->service[go->count++] = &list[i];
    }
}

int go_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct book_service *list = NULL;
    size_t count = 0;
    (void)arg;
    struct go *go = x_alloc(sizeof *go);
    go->arena = arena_new();
    int error = 0;
    if (ui_may(ui, OP_REQUEST_SUBMIT))
        error = book_service_list(ui->book, go->arena, &list, &count);
    if (error) {
        ui_tell_error(ui, error);
        go_close(ui, go);
        return error;
    }
    size_t most = SND_COUNT(places) + count;
    go->item = arena_alloc(go->arena, most * sizeof *go->item);
    go->service = arena_alloc(go->arena, most * sizeof *go->service);
    go->place = arena_alloc(go->arena, most * sizeof *go->place);
    add_places(ui, go);
    add_services(go, list, count);
    if (ui_may(ui, OP_REQUEST_LIST))
        go->pick.nothing = _("Enter looks it up among the requests.");
    pick_set(&go->pick, go->item, go->count);
    *state = go;
    return 0;
}

void go_close(struct ui *ui, void *state)
{
    (void)ui;
    struct go *go = state;
    pick_free(&go->pick);
    arena_free(&go->arena);
    x_free(&go);
}

static unsigned begin(struct ui *ui, const struct book_service *service)
{
    const struct form *form;
    int error = book_form(ui->book, service->sha, &form);
    if (error) {
        ui_tell_error(ui, error);
        return UI_HANDLED;
    }
    struct ui_arg arg = {.thing = form};
    ui_home_push(ui, SCREEN_FILL, &arg);
    return UI_HANDLED;
}

static unsigned take(struct ui *ui, void *state)
{
    const struct go *go = state;
    int chosen = pick_chosen(&go->pick);
    struct ui_arg arg = {0};
    if (chosen < 0 && !ui_may(ui, OP_REQUEST_LIST)) {
        ui_tell(ui, TELL_ERROR, "%s", _("Nothing fits: erase a letter."));
        return UI_HANDLED;
    }
    ui_quiet(ui);
    if (chosen >= 0 && go->service[chosen])
        return begin(ui, go->service[chosen]);
    if (chosen < 0)
        (void)str_copy(arg.text, sizeof arg.text, go->pick.filter.text);
    if (chosen >= 0 && go->place[chosen] == SCREEN_HOME)
        ui_home(ui);
    else
        ui_home_push(ui, chosen < 0 ? SCREEN_REQUESTS : go->place[chosen], &arg);
    return UI_HANDLED;
}

unsigned go_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct go *go = state;
    ui->answer = -1;
    return pick_screen_key(&go->pick, event, ui, take, go);
}

void go_focus(struct ui *ui, void *state)
{
    struct go *go = state;
    pick_paint(ui, &go->pick, FRAME_TOP, frame_body(ui), _("Go to:"));
}

void go_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("go there")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    frame_context(ui, _("Where to?"), NULL);
    go_focus(ui, state);
    frame_hint(ui, _("A service, a screen, a request number, a civil number or a name."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
