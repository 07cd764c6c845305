/* SPDX-License-Identifier: Apache-2.0
 * Requests of other centres that this person has asked for, and what the hub has answered. One that
 * was just asked for opens by itself when it is here, as long as this screen is in front. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define LOOK_EVERY_MS 1000

struct wishes {
    struct arena *arena;
    struct pick pick;
    struct book_wish *list;
    size_t count;
    char watched[BOOK_NUMBER]; /* opens when it is passed, "" = none */
    int64_t looked;
    int watching; /* one waits for the hub */
};

static const struct {
    const char *word, *name, *sentence;
} words[] = {
    {"asked", N_("asked of the hub"), NULL},
    {"passed", N_("passed here"), N_("The request is here: Enter opens it.")},
    {"pair", N_("no such pair"),
     N_("No request has this number and civil number: look at both again.")},
    {"limit", N_("too many tries"),
     N_("Too many wrong numbers were asked for from here: ask again in an hour.")},
    {"agency", N_("at the agency"),
     N_("The agency has the request: there is nothing to do for the person now.")},
    {"done", N_("done"), N_("The request is closed: a new one is begun for what is missing.")},
};

const char *wish_sentence(const char *word)
{
    for (size_t i = 0; i < SND_COUNT(words); i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].sentence ? _(words[i].sentence) : NULL;
    return NULL;
}

static const char *word_name(const char *word)
{
    for (size_t i = 0; i < SND_COUNT(words); i++)
        if (strcmp(words[i].word, word) == 0)
            return _(words[i].name);
    return word;
}

/* ---- the list ---- */

static void make_items(struct ui *ui, struct wishes *wishes)
{
    struct pick_item *item = arena_alloc(wishes->arena, (wishes->count + 1) * sizeof *item);
    for (size_t i = 0; i < wishes->count; i++) {
        const struct book_wish *wish = &wishes->list[i];
        item[i] = (struct pick_item){
            .text =
                arena_printf(wishes->arena, "%s" LAYOUT_GAP "%s", wish->number, wish->applicant),
            .note = arena_printf(wishes->arena, "%s%s" LAYOUT_GAP "%s",
                                 row_tail(ui, wish->tail, wishes->arena), word_name(wish->word),
                                 frame_moment(ui, wish->answered ? wish->answered : wish->at)),
            .note_look = wish->news ? LOOK_WARNING : LOOK_PLAIN};
    }
    wishes->pick.nothing = _("Nothing was asked for yet: F2, a number and its civil number.");
    pick_set(&wishes->pick, item, wishes->count);
}

static int waits(const struct wishes *wishes)
{
    for (size_t i = 0; i < wishes->count; i++)
        if (wishes->list[i].answered == 0)
            return 1;
    return 0;
}

static int ask(struct ui *ui, struct wishes *wishes)
{
    struct arena *fresh = arena_new();
    int chosen = pick_chosen(&wishes->pick);
    int error = book_wish_list(ui->book, fresh, &wishes->list, &wishes->count);
    arena_free(&wishes->arena);
    wishes->arena = fresh;
    if (error)
        wishes->count = 0;
    make_items(ui, wishes);
    if (chosen >= 0 && chosen < (int)wishes->count)
        pick_choose(&wishes->pick, chosen);
    ui_watch(ui, &wishes->watching, waits(wishes));
    return error;
}

int wishes_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct wishes *wishes = x_alloc(sizeof *wishes);
    (void)str_copy(wishes->watched, sizeof wishes->watched, arg->text);
    edit_set(&wishes->pick.filter, "", 60, TEXT_AUTO);
    int error = ask(ui, wishes);
    if (error) {
        ui_tell_error(ui, error);
        wishes_close(ui, wishes);
        return error;
    }
    if (book_wish_read(ui->book))
        ui_tell_error(ui, SND_E_BUSY);
    *state = wishes;
    return 0;
}

void wishes_close(struct ui *ui, void *state)
{
    struct wishes *wishes = state;
    ui_watch(ui, &wishes->watching, 0);
    pick_free(&wishes->pick);
    arena_free(&wishes->arena);
    x_free(&wishes);
}

void wishes_resume(struct ui *ui, void *state)
{
    if (ask(ui, state))
        ui_tell_error(ui, SND_E_BUSY);
}

/* ---- what comes of the newest ---- */

static void open_request(struct ui *ui, const char *number)
{
    struct ui_arg arg = {0};
    (void)str_copy(arg.text, sizeof arg.text, number);
    ui_push(ui, SCREEN_REQUEST, &arg);
}

static void tell_watched(struct ui *ui, struct wishes *wishes)
{
    const struct book_wish *wish = &wishes->list[0];
    if (wishes->count == 0 || !wish->answered || strcmp(wish->number, wishes->watched) != 0)
        return;
    wishes->watched[0] = '\0';
    if (strcmp(wish->word, "passed") == 0)
        open_request(ui, wish->number);
    else if (wish_sentence(wish->word))
        ui_tell(ui, TELL_WARNING, "%s", wish_sentence(wish->word));
}

void wishes_tick(struct ui *ui, void *state, int64_t now)
{
    struct wishes *wishes = state;
    if (!waits(wishes) || now - wishes->looked < LOOK_EVERY_MS || ui->offline ||
        ui->stack[ui->depth - 1].state != state)
        return;
    wishes->looked = now;
    if (ask(ui, wishes) || waits(wishes))
        return;
    ui->dirty |= DIRTY_ALL;
    if (book_wish_read(ui->book) == 0)
        tell_watched(ui, wishes);
}

/* ---- keys, painting ---- */

static unsigned take(struct ui *ui, void *state)
{
    struct wishes *wishes = state;
    int chosen = pick_chosen(&wishes->pick);
    if (chosen < 0)
        return UI_HANDLED;
    const struct book_wish *wish = &wishes->list[chosen];
    if (strcmp(wish->word, "passed") == 0)
        open_request(ui, wish->number);
    else if (wish_sentence(wish->word))
        ui_tell(ui, TELL_PLAIN, "%s", wish_sentence(wish->word));
    else
        ui_tell(ui, TELL_PLAIN, "%s", _("The hub has not answered yet: the question is kept."));
    return UI_HANDLED;
}

unsigned wishes_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct wishes *wishes = state;
    enum pick_did did = pick_key(&wishes->pick, event, 0, ui);
    if (did == PICK_TAKEN)
        return take(ui, wishes);
    return did == PICK_IGNORED ? UI_IGNORED : UI_REDRAW;
}

void wishes_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {
        {K_ENTER, N_("open the request")}, {K_F1, N_("help")}, {K_F3, N_("back")}};
    struct wishes *wishes = state;
    frame_context(ui, _("Requests of other centres, the newest first"), NULL);
    pick_paint(ui, &wishes->pick, FRAME_TOP, frame_body(ui), NULL);
    frame_hint(ui, waits(wishes) ? _("The hub is being asked: a request opens when it is here.")
                                 : _("F2, a request's number and the person's civil number ask for "
                                     "another."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
