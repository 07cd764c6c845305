/* SPDX-License-Identifier: Apache-2.0
 * Logging in and out. Whatever is wrong with a name or a password has one answer, after the same
 * time. A connection becomes somebody only once the event of it was committed. The ticket is known
 * to its holder alone; what is kept is its hash, and the session's number is made of that, so that
 * it is the same after the ledger was restarted. */
#include <string.h>
#include "base/clock.h"
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
    who->limited = account->one_time && (ticket[0] & 1);
    hash_bytes(ticket, OP_TICKET, who->ticket_sha);
    who->session = session_number(who->ticket_sha);
    call->effect->become = 1;
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
    struct store_actor actor = call->actor;
    const struct who *who = &call->effect->who;
    (void)str_copy(actor.name, sizeof actor.name, who->actor);
    (void)str_copy(actor.peer, sizeof actor.peer, peer);
    if (who->centre[0])
        (void)str_copy(actor.centre, sizeof actor.centre, who->centre);
    int err = store_session_open(call->store, account->account, who->ticket_sha, how, &actor);
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

static int check_password(struct call *call, const char *account, const char *password,
                          const char *peer)
{
    struct store_account row;
    enum role role;
    int err = tries_begin(call->tries, account, peer, clock_mono_ms());
    if (err) {
        log_warn("ledger.auth_limit", "account=%s peer=%s", account, peer);
        return err;
    }
    *call->ask = (struct hash_ask){.check = 1};
    err = store_account_get(call->store, account, &row);
    if (!err && account_ready(&row, &role))
        (void)str_copy(call->ask->secret, sizeof call->ask->secret, row.secret);
    (void)str_copy(call->ask->password, sizeof call->ask->password, password);
    mem_wipe(row.secret, sizeof row.secret);
    return err && err != SND_E_NOTFOUND ? err : OP_HASH;
}

int op_auth_password(struct call *call)
{
    char account[BOOK_NAME], password[OP_PASSWORD], peer[64];
    struct store_account row = {0};
    wire_text(&call->in, account, sizeof account);
    wire_text(&call->in, password, sizeof password);
    get_peer(call, peer);
    int err = OP_MALFORMED;
    if (!call_done(call))
        goto out;
    if (!call->hashed) {
        err = check_password(call, account, password, peer);
        goto out;
    }
    err = call->hashed->matched ? store_account_get(call->store, account, &row) : SND_E_AUTH;
    if (!err)
        err = open_session(call, &row, peer, "password", row.one_time);
    if (!err)
        tries_clear(call->tries, account, peer);
    else if (err == SND_E_AUTH)
        log_warn("ledger.auth_refused", "account=%s peer=%s how=password", account, peer);
out:
    mem_wipe(password, sizeof password);
    mem_wipe(row.secret, sizeof row.secret);
    return err == SND_E_NOTFOUND ? SND_E_AUTH : err;
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

int op_auth_key_known(struct call *call)
{
    char account[BOOK_NAME], key[OP_KEY];
    struct store_account row;
    wire_text(&call->in, account, sizeof account);
    wire_text(&call->in, key, sizeof key);
    return call_done(call) ? key_account(call, account, key, &row) : OP_MALFORMED;
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
        log_warn("ledger.auth_refused", "account=%s peer=%s how=key", account, peer);
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
