/* SPDX-License-Identifier: Apache-2.0
 * Logging in and out. Whatever is wrong with a name or a password has one answer, after the same
 * time. A first login may bring a one-time code instead of a password: it enrols the key that the
 * client has just proved to hold, or opens the door to choose a password, and is spent. A
 * connection becomes somebody only once the event of it was committed. The ticket is known to its
 * holder alone; what is kept is its hash, and the session's number is made of that, so that it is
 * the same after the ledger was restarted. */
#include <string.h>
#include "base/code.h"
#include "base/err.h"
#include "base/log.h"
#include "ledger/op_priv.h"

/* Whether an account may log in; its role is one of those that people have. */
static int account_ready(const struct store_account *account, enum role *role)
{
    return !account->disabled && role_find(account->role, role) == 0 && *role < ROLE_CLI;
}

uint64_t session_number(const uint8_t ticket_sha[HASH_SIZE])
{
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | ticket_sha[i];
    number >>= 1; /* the store's integers have a sign */
    return number + (number == 0);
}

/* What a session must do first. `word`: it came in by a one-time word or code. */
static unsigned limits_of(const struct call *call, const struct store_account *account,
                          enum role role, int word, int passed)
{
    unsigned limits = 0;
    if (account->one_time && word)
        limits = account->secret[0] ? LIMITED_PASSWORD : LIMITED_PASSWORD | LIMITED_FRESH;
    if (!passed && role_needs_code(role) && call->office->practice != OFFICE_DEMONSTRATION)
        limits |= account->totp ? LIMITED_CODE : LIMITED_NEW_CODE;
    return limits;
}

static void who_of(struct call *call, const struct store_account *account, enum role role,
                   const char *peer, const uint8_t ticket[OP_TICKET])
{
    struct who *who = &call->effect->who;
    *who = (struct who){.role = role, .trusted = call->who->trusted, .shell = call->who->shell};
    (void)str_copy(who->account, sizeof who->account, account->account);
    (void)str_copy(who->actor, sizeof who->actor, account->account);
    (void)str_copy(who->centre, sizeof who->centre, account->centre);
    (void)str_copy(who->scope, sizeof who->scope, account->scope);
    (void)str_copy(who->peer, sizeof who->peer, peer);
    hash_bytes(ticket, OP_TICKET, who->ticket_sha);
    who->session = session_number(who->ticket_sha);
    call->effect->become = 1;
}

/* Somebody at the moment of coming in, as events name her. */
static void actor_of(const struct call *call, const struct store_account *account, const char *peer,
                     struct store_actor *out)
{
    *out = call->actor;
    (void)str_copy(out->name, sizeof out->name, account->account);
    (void)str_copy(out->peer, sizeof out->peer, peer);
    if (account->centre[0])
        (void)str_copy(out->centre, sizeof out->centre, account->centre);
}

/* Opens a session. The ticket's first bit remembers that a one-time word was used. */
static int open_session(struct call *call, const struct store_account *account, const char *peer,
                        const char *how, int by_word)
{
    uint8_t ticket[OP_TICKET];
    enum role role;
    if (!account_ready(account, &role))
        return SND_E_AUTH;
    random_bytes(ticket, sizeof ticket);
    ticket[0] = (uint8_t)((ticket[0] & 0xfe) | (by_word != 0));
    who_of(call, account, role, peer, ticket);
    struct who *who = &call->effect->who;
    who->limited = limits_of(call, account, role, by_word, 0);
    struct store_actor actor;
    actor_of(call, account, peer, &actor);
    int err = store_session_open(call->store, account->account, who->ticket_sha, how, &actor);
    if (!err && !who->limited)
        err = tries_learn(call, account->account, peer);
    if (!err) {
        call_put_me(call, who, account);
        wire_put_bytes(call->out, ticket, sizeof ticket);
    }
    mem_wipe(ticket, sizeof ticket);
    return err;
}

/* The address it says it comes from. One that isn't trusted could say a new one at each try. */
static void get_peer(struct call *call, char peer[64])
{
    wire_text(&call->in, peer, 64);
    if (!call->who->trusted)
        (void)str_copy(peer, 64, call->who->peer);
}

/* What came with a name: a password, or a one-time code and the key that it is to enrol. */
struct attempt {
    char account[BOOK_NAME], password[OP_PASSWORD], peer[64];
    char key[OP_KEY];         /* the client has proved to hold it; "" = none */
    char symbols[CODE_PLAIN]; /* of what may be a code, "" when it can't be one */
};

static void get_attempt(struct call *call, struct attempt *out)
{
    wire_text(&call->in, out->account, sizeof out->account);
    wire_text(&call->in, out->password, sizeof out->password);
    get_peer(call, out->peer);
    wire_text(&call->in, out->key, sizeof out->key);
    if (!call->who->trusted || !key_ok(out->key))
        out->key[0] = '\0';
    if (code_read(out->password, out->symbols))
        out->symbols[0] = '\0';
}

/* The code that waits for this account and is still worth something. */
static int live_code(struct call *call, const char *account, struct store_code *out)
{
    int err = store_code_get(call->store, account, out);
    if (!err && call->actor.at >= out->until)
        err = SND_E_NOTFOUND;
    return err;
}

/* One look-up of each kind and one hash, whatever was typed and whoever has that name. */
static int check_attempt(struct call *call, const struct attempt *attempt)
{
    struct store_account row = {0};
    struct store_code code = {0};
    enum role role;
    int known = tries_known(call, attempt->account, attempt->peer);
    int err = tries_begin(call, attempt->account, attempt->peer, known);
    if (err) {
        log_warn("ledger.auth_limit", "peer=%s", attempt->peer);
        return err;
    }
    *call->ask = (struct hash_ask){.check = 1};
    err = store_account_get(call->store, attempt->account, &row);
    int coded = live_code(call, attempt->account, &code) == 0 && attempt->symbols[0];
    if (!err && account_ready(&row, &role))
        (void)str_copy(call->ask->secret, sizeof call->ask->secret,
                       coded ? code.secret : row.secret);
    (void)str_copy(call->ask->password, sizeof call->ask->password,
                   coded ? attempt->symbols : attempt->password);
    mem_wipe(row.secret, sizeof row.secret);
    mem_wipe(&code, sizeof code);
    return err && err != SND_E_NOTFOUND ? err : OP_HASH;
}

/* The code was right: it is spent, and its account has the key, or no password but a new one. */
static int spend_code(struct call *call, const struct attempt *attempt, struct store_account *row)
{
    struct store_actor actor;
    const char *account = row->account;
    actor_of(call, row, attempt->peer, &actor);
    int err = store_code_gone(call->store, account, attempt->key[0] ? "key" : "password", &actor);
    if (!err && attempt->key[0]) {
        err = store_account_has_key(call->store, account, attempt->key);
        if (err == SND_E_NOTFOUND)
            err = store_account_key(call->store, account, attempt->key, 1, &actor);
    } else if (!err) {
        err = store_account_secret(call->store, account, "", 1, &actor);
        mem_wipe(row->secret, sizeof row->secret);
        row->one_time = 1;
    }
    return err;
}

/* Lets somebody in by what the worker found right, if that is still what is wanted. */
static int enter(struct call *call, const struct attempt *attempt, struct store_account *row)
{
    struct store_code code = {0};
    const char *checked = call->hashed->checked;
    enum role role;
    int err = store_account_get(call->store, attempt->account, row);
    if (err || !call->hashed->matched || !checked[0] || !account_ready(row, &role))
        return err ? err : SND_E_AUTH;
    int coded = live_code(call, attempt->account, &code) == 0 && strcmp(code.secret, checked) == 0;
    mem_wipe(&code, sizeof code);
    if (!coded && strcmp(row->secret, checked) != 0)
        return SND_E_AUTH;
    if (coded)
        err = spend_code(call, attempt, row);
    if (!err)
        err = open_session(call, row, attempt->peer, coded ? "code" : "password",
                           coded ? !attempt->key[0] : row->one_time);
    return err;
}

/* A code that so many wrong ones were tried for is worth nothing any more. */
static int wear_code(struct call *call, const struct attempt *attempt)
{
    struct store_code code = {0};
    struct store_account row = {0};
    struct store_actor actor;
    if (!attempt->symbols[0] || live_code(call, attempt->account, &code) ||
        !tries_worn(call, attempt->account))
        return 0;
    mem_wipe(&code, sizeof code);
    (void)str_copy(row.account, sizeof row.account, attempt->account);
    actor_of(call, &row, attempt->peer, &actor);
    return store_code_gone(call->store, attempt->account, "wrong", &actor);
}

static int answer_attempt(struct call *call, const struct attempt *attempt)
{
    struct store_account row = {0};
    int err = enter(call, attempt, &row);
    mem_wipe(row.secret, sizeof row.secret);
    if (!err)
        return tries_right(call, attempt->account, attempt->peer);
    if (err != SND_E_AUTH && err != SND_E_NOTFOUND)
        return err;
    log_warn("ledger.auth_refused", "account=%s peer=%s how=password", row.account, attempt->peer);
    err = tries_wrong(call, attempt->account, row.account,
                      attempt->symbols[0] ? "code" : "password", attempt->peer);
    if (!err)
        err = wear_code(call, attempt);
    return err ? err : SND_E_AUTH;
}

int op_auth_password(struct call *call)
{
    struct attempt attempt;
    get_attempt(call, &attempt);
    int err = OP_MALFORMED;
    if (call_done(call))
        err = call->hashed ? answer_attempt(call, &attempt) : check_attempt(call, &attempt);
    mem_wipe(&attempt, sizeof attempt);
    return err;
}

/* The account, if this key is one of its keys. Everything else is SND_E_AUTH. */
static int key_account(struct call *call, const char *account, const char *key,
                       struct store_account *row)
{
    enum role role;
    int err = call->who->trusted ? store_account_get(call->store, account, row) : SND_E_AUTH;
    if (!err)
        err = store_account_has_key(call->store, account, key);
    if (!err && !account_ready(row, &role))
        err = SND_E_AUTH;
    mem_wipe(row->secret, sizeof row->secret);
    return err == SND_E_NOTFOUND ? SND_E_AUTH : err;
}

int op_auth_key(struct call *call)
{
    char account[BOOK_NAME], key[OP_KEY], peer[64];
    struct store_account row;
    wire_text(&call->in, account, sizeof account);
    wire_text(&call->in, key, sizeof key);
    wire_text(&call->in, peer, sizeof peer);
    if (!call_done(call))
        return OP_MALFORMED;
    int err = key_account(call, account, key, &row);
    if (!err)
        err = open_session(call, &row, peer, "key", 0);
    if (err == SND_E_AUTH)
        log_warn("ledger.auth_refused", "peer=%s how=key", peer);
    return err;
}

int op_auth_ticket(struct call *call)
{
    char peer[64], account[BOOK_NAME];
    uint8_t ticket[OP_TICKET], sha[HASH_SIZE];
    struct store_account row;
    enum role role;
    size_t len;
    const uint8_t *bytes = wire_bytes(&call->in, &len);
    if (len == sizeof ticket)
        memcpy(ticket, bytes, sizeof ticket);
    get_peer(call, peer);
    if (!call_done(call) || len != sizeof ticket)
        return OP_MALFORMED;
    hash_bytes(ticket, sizeof ticket, sha);
    int err = store_session_find(call->store, sha, account);
    if (!err)
        err = store_account_get(call->store, account, &row);
    if (!err && !account_ready(&row, &role))
        err = SND_E_AUTH;
    if (!err) {
        who_of(call, &row, role, peer, ticket);
        call->effect->who.limited =
            limits_of(call, &row, role, ticket[0] & 1, store_session_passed(call->store, sha));
        call_put_me(call, &call->effect->who, &row);
        mem_wipe(row.secret, sizeof row.secret);
    }
    mem_wipe(ticket, sizeof ticket);
    return err == SND_E_NOTFOUND ? SND_E_AUTH : err;
}

int op_auth_cli(struct call *call)
{
    if (!call_done(call))
        return OP_MALFORMED;
    if (!call->who->shell)
        return SND_E_AUTH;
    struct who *who = &call->effect->who;
    *who = *call->who;
    who->role = ROLE_CLI;
    call->effect->become = 1;
    call_put_me(call, who, NULL);
    return 0;
}

int op_auth_part(struct call *call)
{
    char part[BOOK_NAME];
    enum role role;
    wire_text(&call->in, part, sizeof part);
    if (!call_done(call))
        return OP_MALFORMED;
    if (role_find(part, &role) || !(call->who->parts & 1u << role))
        return SND_E_AUTH;
    struct who *who = &call->effect->who;
    *who = *call->who;
    who->role = role;
    (void)str_format(who->actor, sizeof who->actor, "part:%s", part);
    call->effect->become = 1;
    call_put_me(call, who, NULL);
    return 0;
}

int op_auth_bye(struct call *call)
{
    if (!call_done(call))
        return OP_MALFORMED;
    int err = store_session_close(call->store, call->who->ticket_sha, &call->actor);
    if (err && err != SND_E_NOTFOUND)
        return err;
    call->effect->bye = 1;
    return 0;
}
