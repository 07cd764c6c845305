/* SPDX-License-Identifier: Apache-2.0
 * The accounts of the office, for its administrator: found by typing a few letters of the account
 * or the person; Enter opens one, F6 makes a new one. */
#include <string.h>
#include "base/err.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

struct accounts {
    struct arena *arena;
    struct pick pick;
    struct book_account *list;
    size_t count;
};

static const char *note_of(struct accounts *accounts, const struct book_account *account)
{
    const char *how = account->disabled   ? _("shut")
                      : account->code     ? _("a code waits")
                      : account->keys     ? _("by key")
                      : account->password ? _("by password")
                                          : _("no way in yet");
    return arena_printf(accounts->arena, "%s" LAYOUT_GAP "%s" LAYOUT_GAP "%s", account->centre,
                        role_name(account->role, msg_language()), how);
}

static int load(struct ui *ui, struct accounts *accounts)
{
    struct arena *fresh = arena_new();
    struct book_account *list = NULL;
    size_t count = 0;
    int error = book_account_list(ui->book, fresh, &list, &count);
    if (error) {
        arena_free(&fresh);
        return error;
    }
    int chosen = pick_chosen(&accounts->pick); /* asks the rows that go now */
    arena_free(&accounts->arena);
    accounts->arena = fresh;
    accounts->list = list;
    accounts->count = count;
    struct pick_item *item = arena_alloc(fresh, (count + 1) * sizeof *item);
    for (size_t i = 0; i < count; i++) {
        item[i].text = arena_printf(fresh, "%s" LAYOUT_GAP "%s", list[i].account, list[i].name);
        item[i].note = note_of(accounts, &list[i]);
        item[i].note_look = list[i].disabled ? LOOK_HINT : LOOK_PLAIN;
        item[i].folded = item_folded(fresh, list[i].account, list[i].name, list[i].centre);
    }
    pick_set(&accounts->pick, item, count);
    pick_choose(&accounts->pick, chosen);
    return 0;
}

int accounts_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    (void)arg;
    struct accounts *accounts = x_alloc(sizeof *accounts);
    accounts->arena = arena_new();
    int error = load(ui, accounts);
    if (error) {
        ui_tell_error(ui, error);
        accounts_close(ui, accounts);
        return error;
    }
    *state = accounts;
    return 0;
}

void accounts_close(struct ui *ui, void *state)
{
    (void)ui;
    struct accounts *accounts = state;
    pick_free(&accounts->pick);
    arena_free(&accounts->arena);
    x_free(&accounts);
}

/* What was changed in the screen above is shown. */
void accounts_resume(struct ui *ui, void *state)
{
    int error = load(ui, state);
    if (error)
        ui_tell_error(ui, error);
}

static unsigned take(struct ui *ui, void *state)
{
    struct accounts *accounts = state;
    int chosen = pick_chosen(&accounts->pick);
    if (chosen < 0)
        return UI_HANDLED;
    struct ui_arg arg = {0};
    (void)str_copy(arg.text, sizeof arg.text, accounts->list[chosen].account);
    ui_quiet(ui);
    ui_push(ui, SCREEN_ACCOUNT, &arg);
    return UI_HANDLED;
}

unsigned accounts_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct accounts *accounts = state;
    if (event->key == K_F6) {
        ui_quiet(ui);
        ui_push(ui, SCREEN_ACCOUNT_NEW, NULL);
        return UI_HANDLED;
    }
    return pick_screen_key(&accounts->pick, event, ui, take, accounts);
}

void accounts_focus(struct ui *ui, void *state)
{
    struct accounts *accounts = state;
    pick_paint(ui, &accounts->pick, FRAME_TOP, frame_body(ui), _("Find:"));
}

void accounts_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_ENTER, N_("open it")},
                                            {K_F1, N_("help")},
                                            {K_F3, N_("back")},
                                            {K_F6, N_("new account")}};
    const struct accounts *accounts = state;
    frame_context(
        ui, _("Who may log in here"),
        arena_printf(ui->arena, _("shown: %s"), frame_number(ui, (int64_t)accounts->count)));
    accounts_focus(ui, state);
    frame_keys(ui, keys, SND_COUNT(keys));
}
