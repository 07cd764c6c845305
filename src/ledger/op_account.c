/* SPDX-License-Identifier: Apache-2.0
 * The office and its accounts. Passwords are hashed by a worker before the write; what is stored is
 * never the password. Outside a practice office nobody chooses a lasting password for another
 * person: it is a word for one login. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/ctl.h"
#include "base/err.h"
#include "ledger/op_priv.h"
#include "text/input.h"

int op_office_get(struct call *call)
{
    char node[ID_TEXT];
    const struct store_office *office = call->office;
    if (!call_done(call))
        return OP_MALFORMED;
    id_text(&office->node, node);
    wire_put_text(call->out, node);
    wire_put_text(call->out, office->centre);
    wire_put_text(call->out, office->centre_name);
    wire_put_text(call->out, office->wilayat);
    wire_put_u8(call->out, (uint8_t)office->practice);
    wire_put_i64(call->out, call->day);
    return 0;
}

int op_account_me(struct call *call)
{
    struct store_account account;
    if (!call_done(call))
        return OP_MALFORMED;
    if (call->who->role == ROLE_CLI) {
        call_put_me(call, call->who, NULL);
        return 0;
    }
    int err = store_account_get(call->store, call->who->account, &account);
    if (!err)
        call_put_me(call, call->who, &account);
    mem_wipe(account.secret, sizeof account.secret);
    return err;
}

int op_account_language(struct call *call)
{
    char code[8];
    enum lang lang;
    wire_text(&call->in, code, sizeof code);
    if (!call_done(call))
        return OP_MALFORMED;
    if (msg_lang_parse(code, &lang))
        return SND_E_INVALID;
    return store_account_language(call->store, call->who->account, msg_lang_code(lang),
                                  &call->actor);
}

#define OWN_PASSWORD "password %s" /* its tries are counted like a login's, apart from them */

/* The old one is tried like a login; who came in by a one-time code has none. */
static int ask_own(struct call *call, const char *old, const char *new_one)
{
    const struct who *who = call->who;
    struct store_account row = {0};
    char name[BOOK_TEXT];
    int fresh = (who->limited & LIMITED_FRESH) != 0;
    int err = strcmp(old, new_one) == 0 ? SND_E_INVALID
                                        : password_judge(new_one, who->account, who->centre);
    (void)str_format(name, sizeof name, OWN_PASSWORD, who->account);
    if (!err && !fresh)
        err = tries_begin(call, name, who->peer, 1);
    if (!err)
        err = store_account_get(call->store, who->account, &row);
    if (err)
        return err;
    *call->ask = (struct hash_ask){.check = !fresh, .make = 1};
    (void)str_copy(call->ask->secret, sizeof call->ask->secret, row.secret);
    (void)str_copy(call->ask->password, sizeof call->ask->password, old);
    (void)str_copy(call->ask->new_password, sizeof call->ask->new_password, new_one);
    mem_wipe(row.secret, sizeof row.secret);
    return OP_HASH;
}

static int set_own(struct call *call)
{
    const struct who *who = call->who;
    unsigned gone = LIMITED_PASSWORD | LIMITED_FRESH;
    char name[BOOK_TEXT];
    (void)str_format(name, sizeof name, OWN_PASSWORD, who->account);
    if (!(who->limited & LIMITED_FRESH) && !call->hashed->matched) {
        int failed = tries_wrong(call, name, who->account, "own password", who->peer);
        return failed ? failed : SND_E_AUTH;
    }
    int err = tries_right(call, name, who->peer);
    if (!err)
        err = store_account_secret(call->store, who->account, call->hashed->made, 0, &call->actor);
    if (!err && who->limited && (who->limited & ~gone) == 0)
        err = tries_learn(call, who->account, who->peer);
    if (!err)
        call->effect->unlimit = gone;
    return err;
}

int op_account_own_password(struct call *call)
{
    char old[OP_PASSWORD], new_one[OP_PASSWORD];
    wire_text(&call->in, old, sizeof old);
    wire_text(&call->in, new_one, sizeof new_one);
    int err = OP_MALFORMED;
    if (call_done(call))
        err = call->hashed ? set_own(call) : ask_own(call, old, new_one);
    mem_wipe(old, sizeof old);
    mem_wipe(new_one, sizeof new_one);
    return err;
}

static int by_name(const void *a, const void *b)
{
    const struct store_account *x = a, *y = b;
    return strcmp(x->account, y->account);
}

static void put_account(struct call *call, const void *row)
{
    const struct store_account *account = row;
    enum role role = ROLE_NOBODY;
    (void)(role_find(account->role, &role) == 0); /* unknown words show as nobody */
    wire_put_text(call->out, account->account);
    wire_put_text(call->out, account->name);
    wire_put_u8(call->out, (uint8_t)role);
    wire_put_text(call->out, account->centre);
    wire_put_text(call->out, account->scope);
    wire_put_u8(call->out, account->disabled != 0);
    wire_put_u8(call->out, (uint8_t)(account->keys < 255 ? account->keys : 255));
    wire_put_u8(call->out, account->secret[0] != '\0');
    wire_put_u8(call->out, account->code != 0);
    wire_put_u8(call->out, account->totp != 0);
}

int op_account_list(struct call *call)
{
    char after[BOOK_NAME];
    struct store_account *list;
    size_t count;
    wire_text(&call->in, after, sizeof after);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_account_list(call->store, arena, &list, &count);
    if (!err) {
        uint32_t rows = 0;
        size_t at = call_begin_list(call);
        qsort(list, count, sizeof *list, by_name);
        for (size_t i = 0; i < count && rows < BOOK_PAGE; i++) {
            if (strcmp(list[i].account, after) <= 0)
                continue;
            if (!call_put_row(call, put_account, &list[i]))
                break;
            rows++;
        }
        call_put_count(call, at, rows);
    }
    arena_free(&arena);
    return err;
}

/* DA01-003, or nothing for those who belong to no centre. */
static int centre_ok(const char *centre, enum role role)
{
    int bound = role == ROLE_CLERK || role == ROLE_OWNER || role == ROLE_RUNNER;
    return centre[0] ? store_centre_ok(centre) : !bound;
}

/* Every word of it is a centre's code, and there may be none. */
static int centres_ok(const char *scope)
{
    char code[STORE_SCOPE];
    while (*scope) {
        size_t len = strcspn(scope, " ");
        (void)str_format(code, sizeof code, "%.*s", (int)len, scope);
        if (!store_centre_ok(code))
            return 0;
        scope += len;
        scope += *scope == ' ' && scope[1] ? 1 : 0;
    }
    return 1;
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define GOVERNORATE_CODE 2
static int agency_ok(const char *code, const char *signs)
{
    size_t len = strlen(code);
    return len > 0 && len < sizeof((struct store_request *)0)->agency && strspn(code, signs) == len;
}

/* What the role's reach is said by: further centres, an agency, a governorate; else nothing. A
 * clerk's reach is the centre; the agency there is the one whose joint desk it is, and no centre by
 * mistake. */
static int scope_ok(const char *scope, enum role role)
{
    size_t len = strlen(scope);
    enum reach reach = role_reach(role);
    if (reach == REACH_CENTRES)
        return centres_ok(scope);
    if (reach == REACH_AGENCY)
        return agency_ok(scope, LETTERS "0123456789-");
    if (role == ROLE_CLERK && len > 0)
        return agency_ok(scope, LETTERS "0123456789");
    if (reach == REACH_GOVERNORATE)
        return len == GOVERNORATE_CODE && strspn(scope, LETTERS) == len;
    return len == 0;
}

/* Has the new password hashed. "" needs no hash: nobody can log in with it. */
static int ask_new(struct call *call, const char *account, const char *centre, const char *password)
{
    int err = password_judge(password, account, centre);
    if (err)
        return err;
    *call->ask = (struct hash_ask){.make = 1};
    (void)str_copy(call->ask->new_password, sizeof call->ask->new_password, password);
    return OP_HASH;
}

static int add_account(struct call *call, struct store_account *row, enum role role,
                       const char *password)
{
    int fits = ctl_name_ok(row->account) && row->name[0] && input_is_clean(row->name) &&
               role < ROLE_CLI && centre_ok(row->centre, role) && scope_ok(row->scope, role);
    if (!fits)
        return SND_E_INVALID;
    if (password[0] && !call->hashed)
        return ask_new(call, row->account, row->centre, password);
    if (password[0]) {
        (void)str_copy(row->secret, sizeof row->secret, call->hashed->made);
        row->one_time = !call->office->practice;
        row->secret_at = call->actor.at;
    }
    (void)str_copy(row->role, sizeof row->role, role_word(role));
    (void)str_copy(row->lang, sizeof row->lang, msg_lang_code(LANG_AR));
    return store_account_add(call->store, row, &call->actor);
}

int op_account_add(struct call *call)
{
    char password[OP_PASSWORD];
    struct store_account row = {0};
    wire_text(&call->in, row.account, sizeof row.account);
    wire_text(&call->in, row.name, sizeof row.name);
    unsigned role = wire_u8(&call->in);
    wire_text(&call->in, row.centre, sizeof row.centre);
    wire_text(&call->in, row.scope, sizeof row.scope);
    wire_text(&call->in, password, sizeof password);
    int err = OP_MALFORMED;
    if (call_done(call) && role < ROLE_COUNT)
        err = add_account(call, &row, role, password);
    mem_wipe(password, sizeof password);
    mem_wipe(row.secret, sizeof row.secret);
    return err;
}

int op_account_disable(struct call *call)
{
    char account[BOOK_NAME];
    wire_text(&call->in, account, sizeof account);
    int disabled = call_get_flag(call);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_account_disable(call->store, account, disabled, &call->actor);
    if (!err && disabled)
        err = store_session_close_all(call->store, account, &call->actor);
    if (!err && disabled)
        (void)str_copy(call->effect->end_account, sizeof call->effect->end_account, account);
    return err;
}

int op_account_password(struct call *call)
{
    char account[BOOK_NAME], password[OP_PASSWORD];
    wire_text(&call->in, account, sizeof account);
    wire_text(&call->in, password, sizeof password);
    int one_time = call_get_flag(call), err;
    if (!call_done(call))
        err = OP_MALFORMED;
    else if (!one_time && !call->office->practice)
        err = SND_E_DENIED;
    else if (!call->hashed)
        err = ask_new(call, account, call->office->centre, password);
    else
        err =
            store_account_secret(call->store, account, call->hashed->made, one_time, &call->actor);
    mem_wipe(password, sizeof password);
    return err;
}

int key_ok(const char *key)
{
    size_t type = strcspn(key, " ");
    size_t body = key[type] ? strlen(key + type + 1) : 0;
    if (type < 7 || body < 40 || strstr(key, "-cert-"))
        return 0;
    for (const char *at = key; at < key + type; at++)
        if (!islower((unsigned char)*at) && !isdigit((unsigned char)*at) && !strchr("-@.", *at))
            return 0;
    for (const char *at = key + type + 1; *at; at++)
        if (!isalnum((unsigned char)*at) && !strchr("+/=", *at))
            return 0;
    return 1;
}

int op_account_key(struct call *call)
{
    char account[BOOK_NAME], key[OP_KEY];
    wire_text(&call->in, account, sizeof account);
    wire_text(&call->in, key, sizeof key);
    int add = call_get_flag(call);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!key_ok(key))
        return SND_E_INVALID;
    return store_account_key(call->store, account, key, add, &call->actor);
}
