/* SPDX-License-Identifier: Apache-2.0
 * Codes by time: asked of those who see or run the office as a whole, after whatever else they
 * logged in with. A session that still owes one may do nothing but give it. A first login is shown
 * a new secret and types two codes that follow each other; from then on nobody is shown it again.
 * Each code is taken once, right or wrong is in the trail, and wrong ones are limited like wrong
 * passwords.
 *
 * Files are asked for by a program that can ask no question. So another session of the same person
 * may vouch for one that owes a code: it has typed its own, is open now, and came from the same
 * address. That one then owes its code still, and reads documents, for as long as the other is
 * open. What it does not keep out is somebody with the person's key, behind the same address, while
 * that person is logged in. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/totp.h"
#include "ledger/op_priv.h"

#define TYPED 16 /* a code and some blanks */
#define OWES (LIMITED_CODE | LIMITED_NEW_CODE)

static void put_secret(struct call *call, const char *account, const uint8_t secret[TOTP_SECRET])
{
    char text[TOTP_BASE32], uri[TOTP_URI];
    totp_base32(secret, text);
    totp_uri(secret, account, uri);
    wire_put_text(call->out, text);
    wire_put_text(call->out, uri);
    mem_wipe(text, sizeof text);
    mem_wipe(uri, sizeof uri);
}

/* The secret that is to be proved: the same again for as long as it was not. */
int op_totp_new(struct call *call)
{
    struct store_totp totp = {0};
    const char *account = call->who->account;
    if (!call_done(call))
        return OP_MALFORMED;
    if (!(call->who->limited & LIMITED_NEW_CODE)) {
        wire_put_text(call->out, "");
        wire_put_text(call->out, "");
        return 0;
    }
    int err = store_totp_get(call->store, account, &totp);
    if (err == SND_E_NOTFOUND) {
        totp_make(totp.secret);
        err = store_totp_put(call->store, account, &totp, "made", &call->actor);
    }
    if (!err && totp.proved)
        err = SND_E_CONFLICT; /* by another session meanwhile */
    if (!err)
        put_secret(call, account, totp.secret);
    mem_wipe(&totp, sizeof totp);
    return err;
}

/* The name under which an account's codes are counted. */
static void try_name(const struct call *call, char out[BOOK_TEXT])
{
    (void)str_format(out, BOOK_TEXT, "code %s", call->who->account);
}

/* Begins a try; *name is for its end. */
static int begin(struct call *call, char name[BOOK_TEXT])
{
    try_name(call, name);
    return tries_begin(call, name, call->who->peer,
                       tries_known(call, call->who->account, call->who->peer));
}

/* The code was right: the session owes none any more. */
static int passed(struct call *call, const char *name)
{
    const struct who *who = call->who;
    int err = store_login_passed(call->store, who->ticket_sha, who->account, &call->actor);
    if (!err)
        err = tries_right(call, name, who->peer);
    if (!err && (who->limited & ~(unsigned)OWES) == 0)
        err = tries_learn(call, who->account, who->peer);
    if (!err)
        call->effect->unlimit = OWES;
    return err;
}

/* Ends a try that was right (0) or wrong (SND_E_AUTH). */
static int judged(struct call *call, const char *name, int err)
{
    if (!err)
        return passed(call, name);
    if (err != SND_E_AUTH)
        return err;
    int failed = tries_wrong(call, name, call->who->account, "code by time", call->who->peer);
    return failed ? failed : err;
}

int op_totp_prove(struct call *call)
{
    struct store_totp totp = {0};
    char code[TYPED], next[TYPED], name[BOOK_TEXT];
    const char *account = call->who->account;
    wire_text(&call->in, code, sizeof code);
    wire_text(&call->in, next, sizeof next);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!(call->who->limited & OWES))
        return 0;
    if (!(call->who->limited & LIMITED_NEW_CODE))
        return SND_E_DENIED;
    int err = begin(call, name);
    if (!err)
        err = store_totp_get(call->store, account, &totp);
    if (!err && totp.proved)
        err = SND_E_CONFLICT;
    if (!err) {
        err = totp_match_two(totp.secret, code, next, clock_utc_ms(), &totp.used);
        totp.proved = 1;
        if (!err)
            err = store_totp_put(call->store, account, &totp, "proved", &call->actor);
        err = judged(call, name, err);
    }
    mem_wipe(&totp, sizeof totp);
    return err;
}

int op_totp_pass(struct call *call)
{
    struct store_totp totp = {0};
    char code[TYPED], name[BOOK_TEXT];
    const char *account = call->who->account;
    int64_t step = 0;
    wire_text(&call->in, code, sizeof code);
    if (!call_done(call))
        return OP_MALFORMED;
    if (!(call->who->limited & OWES))
        return 0;
    int err = begin(call, name);
    if (!err)
        err = store_totp_get(call->store, account, &totp);
    if (!err && !totp.proved)
        err = SND_E_NOTFOUND;
    if (!err) {
        err = totp_match(totp.secret, code, clock_utc_ms(), totp.used, &step);
        if (!err)
            err = store_totp_use(call->store, account, step);
        err = judged(call, name, err);
    }
    mem_wipe(&totp, sizeof totp);
    return err;
}

int op_totp_vouch(struct call *call)
{
    const struct who *who = call->who;
    uint8_t by[HASH_SIZE];
    if (!call_done(call))
        return OP_MALFORMED;
    if (!(who->limited & OWES) || who->vouched)
        return 0;
    uint64_t voucher = call->voucher ? call->voucher(call->live_arg, who, by) : 0;
    if (voucher == 0)
        return SND_E_AUTH;
    call->effect->vouch = voucher;
    return store_login_vouched(call->store, who->ticket_sha, by, who->account, &call->actor);
}

int op_account_totp(struct call *call)
{
    struct store_totp totp = {.proved = 1};
    char account[BOOK_NAME];
    wire_text(&call->in, account, sizeof account);
    if (!call_done(call))
        return OP_MALFORMED;
    totp_make(totp.secret);
    int err = store_totp_put(call->store, account, &totp, "given", &call->actor);
    if (!err)
        put_secret(call, account, totp.secret);
    mem_wipe(&totp, sizeof totp);
    return err;
}

int op_account_totp_reset(struct call *call)
{
    char account[BOOK_NAME];
    wire_text(&call->in, account, sizeof account);
    return call_done(call) ? store_totp_drop(call->store, account, &call->actor) : OP_MALFORMED;
}
