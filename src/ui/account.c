/* SPDX-License-Identifier: Apache-2.0
 * One account, and what its administrator may do with it, by digit. What can't be taken back is
 * asked about first. A code or a word is made here, shown once and kept nowhere. */
#include <string.h>
#include "base/code.h"
#include "base/err.h"
#include "base/secret.h"
#include "ui/frame.h"
#include "ui/screens_priv.h"

#define KEYS_SHOWN 4
struct account {
    struct arena *arena;
    struct book_account row;
    struct book_key *key;
    size_t keys;
    const struct action *asking; /* to be confirmed */
    char given[CODE_TEXT > SECRET_WORD ? CODE_TEXT : SECRET_WORD];
    int64_t until; /* of a code; 0 = `given` is a word */
};
struct action {
    const char *title;
    int (*act)(struct ui *ui, struct account *account);
    const char *ask;  /* N_(); NULL = at once */
    const char *done; /* N_() */
};

static int find(struct ui *ui, const char *name, struct account *account)
{
    struct book_account *list;
    size_t count;
    struct arena *arena = arena_new();
    int error = book_account_list(ui->book, arena, &list, &count);
    for (size_t i = 0; !error && i < count; i++)
        if (strcmp(list[i].account, name) == 0)
            account->row = list[i];
    arena_free(&arena);
    if (!error && !account->row.account[0])
        error = SND_E_NOTFOUND;
    if (error)
        return error;
    arena_reset(account->arena);
    return book_account_keys(ui->book, name, account->arena, &account->key, &account->keys);
}

static int give_code(struct ui *ui, struct account *account)
{
    code_make(account->given);
    return book_account_code(ui->book, account->row.account, account->given, &account->until);
}

static int give_word(struct ui *ui, struct account *account)
{
    secret_word(account->given);
    account->until = 0;
    return book_account_password(ui->book, account->row.account, account->given, 1);
}

static int close_or_open(struct ui *ui, struct account *account)
{
    return book_account_disable(ui->book, account->row.account, !account->row.disabled);
}

static int unlock(struct ui *ui, struct account *account)
{
    return book_account_unlock(ui->book, account->row.account);
}

static int reset_totp(struct ui *ui, struct account *account)
{
    return book_account_totp_reset(ui->book, account->row.account);
}

static int remove_keys(struct ui *ui, struct account *account)
{
    int error = 0;
    for (size_t i = 0; i < account->keys && !error; i++)
        error = book_account_key(ui->book, account->row.account, account->key[i].key, 0);
    return error;
}

static const struct action actions[] = {
    {N_("Make a one-time code for a first login"), give_code, NULL,
     N_("Write the code down now: it is shown this once.")},
    {N_("Make a one-time word instead of the password"), give_word,
     N_("The password of now stops working.  1 = make a word   2 = leave it"),
     N_("Write the word down now: it is shown this once.")},
    {N_("Close or open the account"), close_or_open,
     N_("Close or open this account?  1 = yes   2 = no"), N_("The account is changed.")},
    {N_("End the pause after wrong tries"), unlock, NULL, N_("There is no pause any more.")},
    {N_("A new telephone: take the old one's codes away"), reset_totp,
     N_("The next login sets up a telephone anew.  1 = yes   2 = no"),
     N_("The next login sets up a telephone.")},
    {N_("Take all keys away"), remove_keys,
     N_("Nobody logs in with these keys any more.  1 = yes   2 = no"), N_("The keys are gone.")},
};

int account_open(struct ui *ui, const struct ui_arg *arg, void **state)
{
    struct account *account = x_alloc(sizeof *account);
    account->arena = arena_new();
    int error = find(ui, arg->text, account);
    if (error) {
        ui_tell_error(ui, error);
        account_close(ui, account);
        return error;
    }
    *state = account;
    return 0;
}

void account_close(struct ui *ui, void *state)
{
    (void)ui;
    struct account *account = state;
    mem_wipe(account->given, sizeof account->given);
    arena_free(&account->arena);
    x_free(&account);
}

static unsigned act(struct ui *ui, struct account *account, const struct action *action)
{
    char name[BOOK_NAME];
    (void)str_copy(name, sizeof name, account->row.account);
    mem_wipe(account->given, sizeof account->given);
    int error = action->act(ui, account);
    if (error)
        mem_wipe(account->given, sizeof account->given);
    if (!error)
        error = find(ui, name, account);
    if (error)
        ui_tell_error(ui, error);
    else
        ui_tell(ui, TELL_DONE, "%s", _(action->done));
    return UI_REDRAW;
}

unsigned account_key(struct ui *ui, void *state, const struct key_event *event)
{
    struct account *account = state;
    const struct action *asking = account->asking;
    if (asking) {
        account->asking = NULL;
        ui_quiet(ui);
        return ui_answer(event) == 1 ? act(ui, account, asking) : UI_REDRAW;
    }
    uint32_t point = event->key == K_CHAR ? event->point : 0;
    size_t digit = point >= '1' && point <= '9'       ? point - '0'
                   : point >= 0x661 && point <= 0x669 ? point - 0x660
                                                      : 0;
    if (digit == 0 || digit > SND_COUNT(actions))
        return UI_IGNORED;
    if (!actions[digit - 1].ask)
        return act(ui, account, &actions[digit - 1]);
    account->asking = &actions[digit - 1];
    ui_tell(ui, TELL_WARNING, "%s", _(account->asking->ask));
    return UI_HANDLED;
}

static void fact(struct ui *ui, int row, const char *label, const char *value)
{
    frame_text(ui, row, 3, 22, label, LOOK_LABEL);
    frame_text(ui, row, 26, frame_width(ui) - 27, value, LOOK_PLAIN);
}

static void paint_keys(struct ui *ui, const struct account *account, int row)
{
    for (size_t i = 0; i < account->keys && i < KEYS_SHOWN; i++) {
        const char *key = account->key[i].key;
        size_t len = strlen(key);
        const char *text =
            arena_printf(ui->arena, "%.*s …%s" LAYOUT_GAP "%s", (int)strcspn(key, " "), key,
                         key + (len > 12 ? len - 12 : 0), frame_moment(ui, account->key[i].added));
        frame_value(ui, row + (int)i, 26, frame_width(ui) - 27, text, TEXT_LTR, LOOK_PLAIN);
    }
}

static const char *ways_in(const struct account *account)
{
    if (account->row.disabled)
        return _("shut");
    if (account->row.code)
        return _("a code waits");
    if (account->row.keys)
        return _("by key");
    return account->row.password ? _("by password") : _("no way in yet");
}

static const char *centre_words(struct ui *ui, const struct book_account *row)
{
    if (row->role != ROLE_CLERK || !*row->scope)
        return row->centre;
    return arena_printf(ui->arena, _("%s, joint desk of %s"), row->centre, row->scope);
}

void account_paint(struct ui *ui, void *state)
{
    static const struct frame_key keys[] = {{K_F1, N_("help")}, {K_F3, N_("back")}};
    const struct account *account = state;
    const struct book_account *row = &account->row;
    int at = FRAME_TOP + 1;
    frame_context(ui, arena_printf(ui->arena, "%s" LAYOUT_GAP "%s", row->account, row->name), NULL);
    fact(ui, at, _("Role"), role_name(row->role, msg_language()));
    fact(ui, at + 1, _("Centre"), *row->centre ? centre_words(ui, row) : "-");
    fact(ui, at + 2, _("Logs in"), ways_in(account));
    fact(ui, at + 3, _("Codes by telephone"), row->totp ? _("set up") : _("not set up"));
    fact(ui, at + 4, _("Keys"), frame_number(ui, row->keys));
    paint_keys(ui, account, at + 5);
    at += 5 + KEYS_SHOWN;
    for (size_t i = 0; i < SND_COUNT(actions); i++) {
        frame_text(ui, at + (int)i, 5, 2, frame_number(ui, (int)i + 1), LOOK_FOCUS);
        frame_text(ui, at + (int)i, 8, frame_width(ui) - 9, _(actions[i].title), LOOK_PLAIN);
    }
    at += (int)SND_COUNT(actions) + 1;
    if (account->given[0]) {
        frame_text(ui, at, 3, 22, account->until ? _("One-time code:") : _("One-time word:"),
                   LOOK_FOCUS);
        frame_value(ui, at, 26, 20, account->given, TEXT_LTR, LOOK_PLAIN);
        if (account->until)
            frame_text_end(ui, at, frame_width(ui), 30,
                           arena_printf(ui->arena, _("until %s"), frame_moment(ui, account->until)),
                           LOOK_PLAIN);
    }
    frame_caret(ui, FRAME_TOP + 6 + KEYS_SHOWN, 2);
    frame_hint(ui, _("A card to print comes from the server's shell: sanad user card."));
    frame_keys(ui, keys, SND_COUNT(keys));
}
