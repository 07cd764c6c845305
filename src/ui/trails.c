/* SPDX-License-Identifier: Apache-2.0
 * Whose trail: one box for a request's number or its seven symbols, a civil number, and the name of
 * an account or a person. Enter asks; what is the only one that fits is opened at once. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct trails {
    struct arena *arena;
    struct pick pick;
    struct pick_item *item;
    struct book_found *found;
    size_t count;
    char asked[BOOK_TEXT];
};

/* What a kind of trail is called where several stand together. */
static const char *kind_word(enum book_trail of)
{
    static const char *const words[] = {
        [BOOK_TRAIL_REQUEST] = N_("request"),
        [BOOK_TRAIL_ACCOUNT] = N_("account"),
        [BOOK_TRAIL_PERSON] = N_("person"),
        [BOOK_TRAIL_SESSION] = N_("session"),
    };
    return _(words[of]);
}

static void make_items(struct trails *trails)
{
    trails->item = arena_alloc(trails->arena, (trails->count + 1) * sizeof *trails->item);
    for (size_t i = 0; i < trails->count; i++) {
        const struct book_found *found = &trails->found[i];
        struct pick_item *item = &trails->item[i];
        const char *key = found->of == BOOK_TRAIL_PERSON ? "" : found->key;
        item->text = arena_printf(trails->arena, "%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s",
                                  kind_word(found->of), key, found->name);
        item->note = found->note;
        item->note_look = LOOK_PLAIN;
    }
    trails->pick.nothing =
        *trails->asked ? _("Nothing here has that number or name: type another.") : "";
    pick_set(&trails->pick, trails->item, trails->count);
}

static void open_trail(struct ui *ui, const struct book_found *found)
{
    struct ui_arg arg = {.index = (int)found->of};
    (void)str_copy(arg.text, sizeof arg.text, found->key);
    ui_push(ui, SCREEN_TRAIL, &arg);
}

static int ask(struct ui *ui, struct trails *trails)
{
    struct arena *fresh = arena_new();
    int error =
        book_trail_find(ui->book, trails->pick.filter.text, fresh, &trails->found, &trails->count);
    if (error) {
        trails->count = 0;
        arena_free(&fresh);
        return error;
    }
    (void)str_copy(trails->asked, sizeof trails->asked, trails->pick.filter.text);
    arena_free(&trails->arena);
    trails->arena = fresh;
    make_items(trails);
    if (trails->count == 1)
        open_trail(ui, &trails->found[0]);
    return 0;
}

int trails_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct trails *trails = x_alloc(sizeof *trails);
    trails->arena = arena_new();
    edit_set(&trails->pick.filter, arg->text, 60, TEXT_AUTO);
    make_items(trails);
    *state = trails;
    int error = *arg->text ? ask(ui, trails) : 0;
    if (error)
        ui_tell_error(ui, error);
    return 0;
}

int trails_place(const struct ui *ui, const void *state, struct ui_arg *out)
{
    const struct trails *trails = state;
    (void)ui;
    return str_copy(out->text, sizeof out->text, trails->pick.filter.text) == 0;
}

void trails_close(struct ui *ui, void *state)
{
    (void)ui;
    struct trails *trails = state;
    pick_free(&trails->pick);
    arena_free(&trails->arena);
    x_free(&trails);
}

static unsigned take(struct ui *ui, struct trails *trails)
{
    if (strcmp(trails->asked, trails->pick.filter.text) != 0) {
        int error = ask(ui, trails);
        if (error)
            ui_tell_error(ui, error);
        else
            ui_quiet(ui);
        return UI_REDRAW;
    }
    int chosen = pick_chosen(&trails->pick);
    if (chosen >= 0)
        open_trail(ui, &trails->found[chosen]);
    return UI_HANDLED;
}

unsigned trails_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct trails *trails = state;
    enum pick_did did = pick_key(&trails->pick, event, 0, ui);
    if (did == PICK_TAKEN)
        return take(ui, trails);
    if (did == PICK_MOVED)
        return UI_FOCUS;
    if (event->key == K_UP || event->key == K_DOWN)
        return UI_HANDLED;
    if (edit_key(&trails->pick.filter, event, ui->rtl, ui->arena) == EDIT_IGNORED)
        return UI_IGNORED;
    trails->pick.roamed = 0;
    return UI_FOCUS;
}

void trails_focus(struct ui *ui, void *state)
{
    struct trails *trails = state;
    pick_paint(ui, &trails->pick, FRAME_TOP, frame_body(ui), _("Whose trail:"));
}

void trails_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("find or open")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    frame_context(ui, _("Whatever you look at here is itself kept in the trail."), NULL);
    trails_focus(ui, state);
    frame_hint(ui, _("A request's number or its seven symbols, a civil number, or a name."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
