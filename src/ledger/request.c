/* SPDX-License-Identifier: Apache-2.0
 * From a frame to a handler: decoding the head of a request, deciding from the operations' table
 * whether this person may, and how far the rows reach. Everything here is decided before a handler
 * sees a byte of the arguments. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "ledger/op_priv.h"
#include "store/feed.h"
#include "text/number.h"

typedef int op_handler(struct call *call);
static op_handler *const handlers[] = {
#define OPERATION(name, wire, roles, scope, mode, handler) [OP_##name] = handler,
#include "book/operations.def"
#undef OPERATION
};

int request_parse(const void *frame, size_t len, struct request *out)
{
    char name[OP_NAME_MAX];
    *out = (struct request){0};
    if (wire_open(&out->in, frame, len) || wire_u8(&out->in) != 'Q')
        return SND_E_BAD;
    out->tag = wire_u32(&out->in);
    wire_text(&out->in, name, sizeof name);
    wire_id(&out->in, &out->id);
    if (out->in.bad)
        return SND_E_BAD;
    out->known = op_find(name, &out->op) == 0;
    int keeps = out->known && op_row(out->op)->mode == MODE_WRITE;
    return keeps && id_is_zero(&out->id) ? SND_E_BAD : 0;
}

/* What a session may do that has something to do first: what its limits leave it. A code comes
 * before a password: whoever found a one-time word chooses nothing without the code. */
static int allowed_while_limited(unsigned limited, enum operation op)
{
    static const struct {
        enum operation op;
        unsigned under; /* limits that leave it */
    } few[] = {
        {OP_AUTH_BYE, LIMITED_ALL},     {OP_OFFICE_GET, LIMITED_ALL},
        {OP_ACCOUNT_ME, LIMITED_ALL},   {OP_ACCOUNT_LANGUAGE, LIMITED_ALL},
        {OP_TERMINAL_GET, LIMITED_ALL}, {OP_TERMINAL_PUT, LIMITED_ALL},
        {OP_TOTP_NEW, LIMITED_ALL},     {OP_TOTP_PROVE, LIMITED_ALL},
        {OP_TOTP_PASS, LIMITED_ALL},    {OP_ACCOUNT_OWN_PASSWORD, LIMITED_PASSWORD | LIMITED_FRESH},
        {OP_TOTP_VOUCH, LIMITED_CODE},
    };
    for (size_t i = 0; i < SND_COUNT(few); i++)
        if (few[i].op == op)
            return (limited & ~few[i].under) == 0;
    return 0;
}

/* What a session may whose code another one's stands for: read documents. Whoever has a key and not
 * the telephone does nothing by it, whatever it finds open. */
static int allowed_when_vouched(const struct who *who, enum operation op)
{
    static const enum operation some[] = {OP_REQUEST_LIST, OP_DOCUMENT_LIST, OP_DOCUMENT_GET};
    for (size_t i = 0; i < SND_COUNT(some); i++)
        if (some[i] == op)
            return who->vouched && who->limited == LIMITED_CODE;
    return 0;
}

void call_reach(const struct who *who, enum operation op, struct store_reach *out)
{
    static const enum store_reach_kind kinds[] = {
        [REACH_NOBODYS] = REACH_OF_NOBODY,          [REACH_CENTRE] = REACH_OF_CENTRES,
        [REACH_CENTRES] = REACH_OF_CENTRES,         [REACH_AGENCY] = REACH_OF_AGENCY,
        [REACH_GOVERNORATE] = REACH_OF_GOVERNORATE, [REACH_NATION] = REACH_OF_ALL,
    };
    enum op_scope scope = op_row(op)->scope;
    enum reach role = role_reach(who->role);
    enum reach reach = scope == SCOPE_WIDE     ? role
                       : scope == SCOPE_AREA   ? role == REACH_GOVERNORATE ? role : REACH_NATION
                       : scope == SCOPE_CENTRE ? REACH_CENTRE
                       : scope == SCOPE_ALL    ? REACH_NATION
                                               : REACH_NOBODYS;
    *out = (struct store_reach){.kind = kinds[reach]};
    if (reach == REACH_CENTRE)
        (void)str_copy(out->codes, sizeof out->codes, who->centre);
    else if (reach == REACH_CENTRES)
        (void)str_format(out->codes, sizeof out->codes, "%s %s", who->centre, who->scope);
    else
        (void)str_copy(out->codes, sizeof out->codes, who->scope);
}

/* An account that belongs to nowhere reaches nothing where rows belong to somewhere. */
static int reaches_nothing(const struct who *who, enum operation op)
{
    struct store_reach reach;
    enum op_scope scope = op_row(op)->scope;
    if (scope != SCOPE_CENTRE && scope != SCOPE_WIDE && scope != SCOPE_AREA)
        return 0;
    call_reach(who, op, &reach);
    return reach.kind == REACH_OF_NOBODY ||
           (reach.kind != REACH_OF_ALL && reach.codes[strspn(reach.codes, " ")] == '\0');
}

int call_permit(const struct who *who, enum operation op)
{
    if (!op_allows(op, who->role))
        return who->role == ROLE_NOBODY ? SND_E_AUTH : SND_E_DENIED;
    if (who->limited && !allowed_while_limited(who->limited, op) && !allowed_when_vouched(who, op))
        return SND_E_DENIED;
    return reaches_nothing(who, op) ? SND_E_DENIED : 0;
}

void who_actor(const struct who *who, const struct store_office *office, int32_t day,
               struct store_actor *out)
{
    *out = (struct store_actor){.at = clock_utc_ms(), .day = day};
    (void)str_copy(out->name, sizeof out->name, who->actor);
    (void)str_copy(out->centre, sizeof out->centre, who->centre[0] ? who->centre : office->centre);
    (void)str_copy(out->peer, sizeof out->peer, who->peer);
}

/* What the hub decides is refused at a centre that has joined one. */
static int decided_elsewhere(const struct call *call)
{
    enum { OF_HUB_ALL, OF_HUB_ITS };
    static const struct {
        enum operation op;
        int what;
    } rows[] = {
#define OF_HUB(name, what) {OP_##name, OF_HUB_##what},
#include "ledger/of_hub.def"
#undef OF_HUB
    };
    for (size_t i = 0; i < SND_COUNT(rows); i++) {
        char account[BOOK_NAME];
        struct wire in = call->in;
        if (rows[i].op != call->op)
            continue;
        wire_text(&in, account, sizeof account);
        return store_line_joined(call->store) &&
               (rows[i].what == OF_HUB_ALL || store_account_of_hub(call->store, account));
    }
    return 0;
}

int call_run(struct call *call)
{
    const struct who *who = call->who;
    call_reach(who, call->op, &call->reach);
    who_actor(who, call->office, call->day, &call->actor);
    return decided_elsewhere(call) ? SND_E_ELSEWHERE : handlers[call->op](call);
}

int call_done(const struct call *call)
{
    return wire_done(&call->in) == 0;
}

int call_held_elsewhere(const struct call *call, const struct store_draft *draft)
{
    return draft->holder != 0 && draft->holder != call->who->session &&
           call->live(call->live_arg, draft->holder);
}

#define CIVIL_LEAST 6
#define CIVIL_MOST 9
void call_civil_of(const char *typed, char out[16])
{
    char text[BOOK_TEXT];
    out[0] = '\0';
    typed += strspn(typed, " ");
    if (str_copy(text, sizeof text, typed) != 0)
        return;
    digits_to_ascii(text);
    size_t len = strspn(text, "0123456789");
    if (len >= CIVIL_LEAST && len <= CIVIL_MOST && text[len + strspn(text + len, " ")] == '\0')
        (void)str_format(out, 16, "%.*s", (int)len, text);
}

void call_wilayat(const struct store_office *office, const char *centre, char out[8])
{
    if (!centre[0] || strcmp(centre, office->centre) == 0) {
        (void)str_copy(out, 8, office->wilayat);
        return;
    }
    size_t len = strcspn(centre, "-");
    (void)str_format(out, 8, "%.*s", (int)(len < 7 ? len : 7), centre);
}

/* Notices that this person has yet to read before beginning what they are about. */
static int unread(struct call *call, const struct who *who, const struct store_account *account)
{
    int count = 0;
    if (!account || !op_allows(OP_NOTICE_READ, who->role))
        return 0;
    int err = store_notice_count(call->store, account->account, &count);
    return err ? 0 : count; /* the catalogue asks again */
}

static int terminals(struct call *call, const struct store_account *account)
{
    int count = 0;
    int err = account ? store_terminal_count(call->store, account->account, &count) : 0;
    return err ? 0 : count; /* what the terminal says of itself decides */
}

void call_put_me(struct call *call, const struct who *who, const struct store_account *account)
{
    char wilayat[8] = "";
    enum lang lang = LANG_AR;
    int here = strcmp(who->centre, call->office->centre) == 0;
    if (account && msg_lang_parse(account->lang, &lang))
        lang = LANG_AR;
    if (who->centre[0])
        call_wilayat(call->office, who->centre, wilayat);
    wire_put_text(call->out, account ? account->account : who->actor);
    wire_put_text(call->out, account ? account->name : who->actor);
    wire_put_u8(call->out, (uint8_t)who->role);
    wire_put_u8(call->out, (uint8_t)lang);
    wire_put_text(call->out, who->centre);
    wire_put_text(call->out, wilayat);
    wire_put_text(call->out, here ? call->office->centre_name : "");
    wire_put_u8(call->out, (uint8_t)who->limited);
    wire_put_u8(call->out, (uint8_t)call->office->practice);
    wire_put_i64(call->out, call->day);
    wire_put_u32(call->out, (uint32_t)unread(call, who, account));
    wire_put_u32(call->out, (uint32_t)terminals(call, account));
    call_put_place(call, account ? account->account : NULL);
}

void call_put_sha(struct call *call, const uint8_t sha[HASH_SIZE])
{
    wire_put_bytes(call->out, sha, HASH_SIZE);
}

int call_get_sha(struct call *call, uint8_t sha[HASH_SIZE])
{
    size_t len;
    const uint8_t *bytes = wire_bytes(&call->in, &len);
    if (len == HASH_SIZE)
        memcpy(sha, bytes, HASH_SIZE);
    else
        call->in.bad = 1;
    return call->in.bad;
}

int call_get_flag(struct call *call)
{
    uint8_t flag = wire_u8(&call->in);
    if (flag > 1)
        call->in.bad = 1;
    return flag == 1;
}

int call_put_row(struct call *call, void (*put)(struct call *call, const void *row),
                 const void *row)
{
    size_t before = call->out->len;
    put(call, row);
    if (!call->out->failed)
        return 1;
    call->out->failed = 0;
    call->out->len = before;
    return 0;
}

size_t call_begin_list(struct call *call)
{
    size_t at = call->out->len;
    wire_put_u32(call->out, 0);
    return at;
}

void call_put_count(struct call *call, size_t at, uint32_t count)
{
    if (call->out->failed)
        return;
    for (size_t i = 4; i-- > 0; count >>= 8)
        call->out->data[at + i] = (uint8_t)count;
}

uint32_t call_put_list(struct call *call, void (*put)(struct call *call, const void *row),
                       const void *list, size_t size, size_t count)
{
    const char *row = list;
    uint32_t rows = 0;
    size_t at = call_begin_list(call);
    for (; rows < count && !call->out->failed && call_put_row(call, put, row); row += size)
        rows++;
    call_put_count(call, at, rows);
    return rows;
}
