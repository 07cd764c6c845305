/* SPDX-License-Identifier: Apache-2.0
 * Trails: finding whose trail is wanted, the events of one, and one event whole. Every answer says
 * whom it was about, so that looking at a trail stands in that trail. What of a payload is shown is
 * veil.c's; which kinds of events a role sees at all is decided here, in one place. */
#include <string.h>
#include "base/err.h"
#include "base/json.h"
#include "base/num.h"
#include "ledger/op_priv.h"
#include "text/fold.h"

#define FIND_REQUESTS 20
#define FIND_MOST 60
#define TRAIL_ROUNDS 50 /* pages looked through for one that its reader may see something of */

static const char *const trail_words[TRAIL_KINDS] = {"request", "account", "person", "session"};

/* An administrator looks after accounts and machines, and has no business with requests. */
static int may_see(const struct call *call, const struct store_event *event)
{
    const struct deed_row *deed = deed_find(event->type);
    return call->who->role != ROLE_ADMIN || (deed && deed->class == DEED_SECURITY);
}

static struct json *payload_of(const struct store_event *event)
{
    struct json *json = NULL;
    if (!event->payload || json_parse(event->payload, strlen(event->payload), &json))
        return NULL;
    return json;
}

static void text_of(const struct json *payload, const char *member, char *out, size_t size)
{
    const char *text = payload ? json_get_text(payload, member) : NULL;
    (void)str_copy(out, size, text ? text : "");
}

/* ---- rows ---- */

/* A member's value as it may be read; "" when it isn't there. */
static void read_member(const struct call *call, const struct json *object, const char *member,
                        char out[BOOK_TEXT])
{
    const struct json *value = object && *member ? json_get(object, member) : NULL;
    char *text = value ? json_words(value) : NULL;
    veil_member(call->who->role, member, text ? text : "", out, BOOK_TEXT);
    x_free(&text);
}

static void put_actor(struct call *call, const struct store_event *event)
{
    struct store_account account = {0};
    int known = store_account_get(call->store, event->actor, &account) == 0;
    mem_wipe(account.secret, sizeof account.secret);
    wire_put_text(call->out, event->actor);
    wire_put_text(call->out, known ? account.name : event->actor);
}

static void put_number(struct call *call, const struct store_event *event,
                       const struct json *payload)
{
    char number[BOOK_NUMBER], centre[16];
    text_of(payload, "number", number, sizeof number);
    if (!number[0] && !id_is_zero(&event->tx) &&
        store_request_number(call->store, &event->tx, number, centre))
        number[0] = '\0';
    wire_put_text(call->out, number);
}

static void put_where(struct call *call, const struct store_where *where)
{
    wire_put_i64(call->out, where->epoch);
    wire_put_i64(call->out, where->seq);
    wire_put_id(call->out, &where->node);
}

static void get_where(struct call *call, struct store_where *out)
{
    out->epoch = wire_i64(&call->in);
    out->seq = wire_i64(&call->in);
    wire_id(&call->in, &out->node);
}

static void put_step(struct call *call, const void *row)
{
    const struct store_event *event = row;
    const struct deed_row *deed = deed_find(event->type);
    struct json *payload = payload_of(event);
    char was[BOOK_TEXT], now[BOOK_TEXT];
    put_where(call, &event->at);
    wire_put_i64(call->out, event->t);
    wire_put_i64(call->out, event->day);
    wire_put_text(call->out, event->type);
    put_actor(call, event);
    wire_put_text(call->out, event->centre);
    wire_put_text(call->out, event->peer);
    put_number(call, event, payload);
    read_member(call, payload ? json_get(payload, "was") : NULL, deed ? deed->member : "", was);
    read_member(call, payload, deed ? deed->member : "", now);
    wire_put_text(call->out, was);
    wire_put_text(call->out, now);
    json_free(&payload);
}

/* ---- whose trail ---- */

/* What is asked for, found out. */
struct subject {
    struct store_trail ask;
    char key[BOOK_TEXT];
    char title[BOOK_TEXT];
    struct store_request request; /* of TRAIL_REQUEST; the civil number also of TRAIL_PERSON */
};

static int find_request(struct call *call, const char *number, struct subject *out)
{
    char *values = NULL;
    int err = store_request_get(call->store, &call->reach, number, &out->request, &values);
    x_free(&values);
    out->ask.tx = out->request.id;
    (void)str_copy(out->title, sizeof out->title, out->request.number);
    return err;
}

static int find_account(struct call *call, const char *name, struct subject *out)
{
    struct store_account account = {0};
    int err = store_account_get(call->store, name, &account);
    mem_wipe(account.secret, sizeof account.secret);
    if (err == SND_E_NOTFOUND && strncmp(name, "cli:", 4) != 0)
        return err;
    (void)str_copy(out->key, sizeof out->key, name);
    (void)str_format(out->title, sizeof out->title, "%s  %s", name, account.name);
    return err == SND_E_NOTFOUND ? 0 : err;
}

static int find_person(struct call *call, const char *key, struct subject *out)
{
    char civil[16];
    int err = 0;
    call_civil_of(key, civil);
    if (!civil[0]) {
        err = find_request(call, key, out);
        (void)str_copy(civil, sizeof civil, out->request.civil);
    }
    out->ask.tx = (struct id){0};
    (void)str_copy(out->key, sizeof out->key, civil);
    (void)str_copy(out->request.civil, sizeof out->request.civil, civil);
    veil_civil(call->who->role, civil, out->title);
    return err || civil[0] ? err : SND_E_NOTFOUND;
}

static int find_session(struct call *call, const struct store_event *event, struct subject *out)
{
    (void)str_copy(out->key, sizeof out->key, event->actor);
    (void)str_format(out->title, sizeof out->title, "%s  %s", event->actor, event->peer);
    return store_event_session(call->store, event, &out->ask.tx);
}

/* "@epoch.seq", and ".node" behind it: 0, or SND_E_BAD when it is something else. */
static int read_where(const char *key, struct store_where *out)
{
    char part[3][2 * ID_SIZE + 1] = {"", "", ""};
    size_t at = 0, len = 0;
    *out = (struct store_where){0};
    if (*key++ != '@')
        return SND_E_BAD;
    for (; *key; key++) {
        if (*key == '.' && ++at < SND_COUNT(part))
            len = 0;
        else if (at == SND_COUNT(part) || len + 1 == sizeof part[0])
            return SND_E_BAD;
        else
            part[at][len++] = *key;
    }
    int err = num_parse(part[0], 0, INT64_MAX, &out->epoch);
    if (!err)
        err = num_parse(part[1], 0, INT64_MAX, &out->seq);
    return err || !part[2][0] ? err : id_parse(part[2], &out->node);
}

/* The request, actor, person or session of an event. */
static int find_by_event(struct call *call, const struct store_where *where, struct arena *arena,
                         struct subject *out)
{
    struct store_event event;
    char number[BOOK_NUMBER], centre[16], civil[16];
    int err = store_event_get(call->store, where, arena, &event);
    if (err || !may_see(call, &event))
        return err ? err : SND_E_NOTFOUND;
    if (out->ask.of == TRAIL_ACCOUNT)
        return find_account(call, event.actor, out);
    if (out->ask.of == TRAIL_SESSION)
        return find_session(call, &event, out);
    if (!id_is_zero(&event.tx) && store_request_number(call->store, &event.tx, number, centre) == 0)
        return out->ask.of == TRAIL_REQUEST ? find_request(call, number, out)
                                            : find_person(call, number, out);
    struct json *payload = payload_of(&event);
    text_of(payload, "civil", civil, sizeof civil);
    json_free(&payload);
    return out->ask.of == TRAIL_PERSON && civil[0] ? find_person(call, civil, out) : SND_E_NOTFOUND;
}

static int find_subject(struct call *call, const char *key, struct arena *arena,
                        struct subject *out)
{
    static int (*const ways[TRAIL_KINDS])(struct call *, const char *, struct subject *) = {
        [TRAIL_REQUEST] = find_request,
        [TRAIL_ACCOUNT] = find_account,
        [TRAIL_PERSON] = find_person,
    };
    struct store_where where;
    if (read_where(key, &where) == 0)
        return find_by_event(call, &where, arena, out);
    return ways[out->ask.of] ? ways[out->ask.of](call, key, out) : SND_E_NOTFOUND;
}

/* ---- a page ---- */

static void say_trail(struct call *call, const struct subject *subject, int later, uint32_t rows)
{
    struct store_seen *seen = call->seen;
    enum trail_of of = subject->ask.of;
    seen->sight = SIGHT_TRAIL;
    seen->rows = rows;
    seen->later = later;
    (void)str_copy(seen->of, sizeof seen->of, trail_words[of]);
    if (of == TRAIL_REQUEST)
        seen->tx = subject->request.id;
    (void)str_copy(seen->number, sizeof seen->number, subject->request.number);
    (void)str_copy(seen->civil, sizeof seen->civil, subject->request.civil);
    if (of == TRAIL_ACCOUNT || of == TRAIL_SESSION)
        (void)str_copy(seen->account, sizeof seen->account, subject->key);
}

/* Rows from the place in ask.before on, until there are `max` or none is left; ask.before is then
 * where the next page goes on, and its seq 0 when there is no next one. */
static int put_page(struct call *call, struct subject *subject, size_t max, uint32_t *rows)
{
    struct store_trail *ask = &subject->ask;
    int err = 0, full = 0;
    for (int round = 0; round < TRAIL_ROUNDS && !full && !err && *rows < max; round++) {
        struct arena *arena = arena_new();
        struct store_event *event;
        size_t count = 0;
        err = store_trail(call->store, ask, arena, &event, &count);
        for (size_t i = 0; i < count && !full && *rows < max; i++) {
            if (may_see(call, &event[i]) && !call_put_row(call, put_step, &event[i])) {
                full = 1;
                break;
            }
            *rows += (uint32_t)may_see(call, &event[i]);
            ask->before = event[i].at;
        }
        arena_free(&arena);
        if (count < ask->max && !full && *rows < max) {
            ask->before = (struct store_where){0};
            break;
        }
    }
    return err;
}

static void patch_i64(struct buf *out, size_t at, int64_t value)
{
    uint64_t bits = (uint64_t)value;
    for (size_t i = 8; i-- > 0; bits >>= 8)
        out->data[at + i] = (uint8_t)bits;
}

static int put_trail(struct call *call, struct subject *subject, size_t max)
{
    uint32_t rows = 0;
    wire_put_text(call->out, subject->title);
    size_t next = call->out->len;
    put_where(call, &(struct store_where){0});
    size_t at = call_begin_list(call);
    int later = subject->ask.before.seq != INT64_MAX, err = put_page(call, subject, max, &rows);
    if (err || call->out->failed)
        return err;
    patch_i64(call->out, next, subject->ask.before.epoch);
    patch_i64(call->out, next + 8, subject->ask.before.seq);
    memcpy(call->out->data + next + 16, subject->ask.before.node.b, ID_SIZE);
    call_put_count(call, at, rows);
    say_trail(call, subject, later, rows);
    return 0;
}

static int trail(struct call *call, enum trail_of of)
{
    struct subject subject = {.ask = {.of = of, .max = BOOK_PAGE}};
    char key[BOOK_TEXT];
    wire_text(&call->in, key, sizeof key);
    get_where(call, &subject.ask.before);
    uint32_t max = wire_u32(&call->in);
    if (!call_done(call))
        return OP_MALFORMED;
    if (subject.ask.before.seq <= 0)
        subject.ask.before = (struct store_where){.epoch = INT64_MAX, .seq = INT64_MAX};
    subject.ask.key = subject.key;
    struct arena *arena = arena_new();
    int err = find_subject(call, key, arena, &subject);
    if (!err)
        err = put_trail(call, &subject, max < BOOK_PAGE ? max : BOOK_PAGE);
    arena_free(&arena);
    return err;
}

int op_trail_request(struct call *call)
{
    return trail(call, TRAIL_REQUEST);
}

int op_trail_account(struct call *call)
{
    return trail(call, TRAIL_ACCOUNT);
}

int op_trail_person(struct call *call)
{
    return trail(call, TRAIL_PERSON);
}

int op_trail_session(struct call *call)
{
    return trail(call, TRAIL_SESSION);
}

/* ---- one event ---- */

/* The members of a payload, put one by one; those of an object within under "object.member". */
struct members {
    struct call *call;
    const struct json *was;
    const char *within;
    uint32_t rows;
};

static int put_member(void *arg, const char *key, const struct json *value)
{
    struct members *members = arg;
    struct call *call = members->call;
    char name[BOOK_TEXT], was[BOOK_TEXT];
    (void)str_format(name, sizeof name, "%s%s%s", members->within, *members->within ? "." : "",
                     key);
    if (!*members->within && strcmp(key, "was") == 0)
        return 0;
    if (!*members->within && json_is_members(value)) {
        struct members inner = {.call = call, .within = key, .rows = members->rows};
        int stop = json_each(value, put_member, &inner);
        members->rows = inner.rows;
        return stop;
    }
    char *text = json_words(value);
    size_t size = strlen(text) + 32, before = call->out->len;
    char *now = x_alloc(size);
    veil_member(call->who->role, name, text, now, size);
    read_member(call, members->was, key, was);
    wire_put_text(call->out, name);
    wire_put_text(call->out, was);
    wire_put_text(call->out, now);
    x_free(&text);
    x_free(&now);
    if (call->out->failed) { /* what doesn't fit any more is left out */
        call->out->failed = 0;
        call->out->len = before;
        return 1;
    }
    members->rows++;
    return 0;
}

static void put_event(struct call *call, const struct store_event *event, struct json *payload)
{
    struct id session;
    struct members members = {.call = call, .within = ""};
    wire_put_i64(call->out, event->rev);
    wire_put_id(call->out, &event->id);
    wire_put_id(call->out, &event->tx);
    call_put_sha(call, event->form);
    call_put_sha(call, event->payload_sha);
    call_put_sha(call, event->hash);
    wire_put_u8(call->out, payload && json_get_text(payload, "civil") != NULL);
    wire_put_u8(call->out, store_event_session(call->store, event, &session) == 0);
    size_t at = call_begin_list(call);
    members.was = payload ? json_get(payload, "was") : NULL;
    if (payload)
        (void)json_each(payload, put_member, &members);
    call_put_count(call, at, members.rows);
}

static void say_event(struct call *call, const struct store_event *event,
                      const struct json *payload)
{
    struct store_seen *seen = call->seen;
    char centre[16];
    seen->sight = SIGHT_TRAIL;
    seen->rows = 1;
    seen->seq = event->at.seq;
    (void)str_copy(seen->of, sizeof seen->of, "event");
    text_of(payload, "civil", seen->civil, sizeof seen->civil);
    if (store_request_number(call->store, &event->tx, seen->number, centre) == 0)
        seen->tx = event->tx;
    else
        seen->number[0] = '\0';
}

int op_trail_event(struct call *call)
{
    struct store_where where;
    struct store_event event;
    get_where(call, &where);
    if (!call_done(call))
        return OP_MALFORMED;
    struct arena *arena = arena_new();
    int err = store_event_get(call->store, &where, arena, &event);
    if (!err && !may_see(call, &event))
        err = SND_E_NOTFOUND;
    if (!err) {
        struct json *payload = payload_of(&event);
        put_step(call, &event);
        put_event(call, &event, payload);
        say_event(call, &event, payload);
        json_free(&payload);
    }
    arena_free(&arena);
    return err;
}

/* ---- finding ---- */

struct finding {
    struct call *call;
    const char *words;
    uint32_t rows;
};

static void put_found(struct finding *finding, enum trail_of of, const char *key, const char *name,
                      const char *note)
{
    struct buf *out = finding->call->out;
    if (finding->rows >= FIND_MOST)
        return;
    wire_put_u8(out, (uint8_t)of);
    wire_put_text(out, key);
    wire_put_text(out, name);
    wire_put_text(out, note);
    finding->rows++;
}

static int account_fits(const struct store_account *account, const char *words)
{
    struct buf folded = BUF_INIT(4096);
    fold_text(account->name, &folded);
    buf_putc(&folded, ' ');
    fold_text(account->account, &folded);
    int fits = fold_matches(buf_text(&folded), words);
    buf_free(&folded);
    return fits;
}

/* Those with exactly that name first. */
static int find_accounts(struct finding *finding, struct arena *arena)
{
    struct store_account *list;
    size_t count;
    int err = store_account_list(finding->call->store, arena, &list, &count);
    for (int exact = 1; exact >= 0 && !err; exact--)
        for (size_t i = 0; i < count; i++)
            if ((strcmp(list[i].account, finding->words) == 0) == exact &&
                account_fits(&list[i], finding->words))
                put_found(finding, TRAIL_ACCOUNT, list[i].account, list[i].name, list[i].centre);
    if (!err)
        mem_wipe(list, count * sizeof *list);
    return err;
}

static int find_people(struct finding *finding, struct arena *arena)
{
    struct subject subject = {.ask = {.of = TRAIL_PERSON,
                                      .before = {.epoch = INT64_MAX, .seq = INT64_MAX},
                                      .key = subject.key,
                                      .max = 1}};
    struct store_event *event;
    char civil[16];
    size_t count = 0;
    call_civil_of(finding->words, civil);
    if (!civil[0])
        return 0;
    int err = find_person(finding->call, civil, &subject);
    if (!err)
        err = store_trail(finding->call->store, &subject.ask, arena, &event, &count);
    if (!err && count > 0)
        put_found(finding, TRAIL_PERSON, civil, subject.title, "");
    return err;
}

static int find_requests(struct finding *finding, struct arena *arena)
{
    struct store_request *list;
    size_t count;
    int err = store_request_list(finding->call->store, &finding->call->reach, finding->words, "",
                                 FIND_REQUESTS, arena, &list, &count);
    for (size_t i = 0; !err && i < count; i++)
        put_found(finding, TRAIL_REQUEST, list[i].number, list[i].applicant, list[i].service);
    return err;
}

int op_trail_find(struct call *call)
{
    char words[BOOK_TEXT];
    struct finding finding = {.call = call, .words = words};
    wire_text(&call->in, words, sizeof words);
    if (!call_done(call))
        return OP_MALFORMED;
    size_t at = call_begin_list(call);
    if (!words[strspn(words, " ")]) {
        call_put_count(call, at, 0);
        return 0;
    }
    struct arena *arena = arena_new();
    int all = call->who->role != ROLE_ADMIN;
    int err = all ? find_people(&finding, arena) : 0;
    int known = finding.rows > 0; /* a whole civil number: who else could be meant? */
    if (!err && !known)
        err = find_accounts(&finding, arena);
    if (!err && !known && all)
        err = find_requests(&finding, arena);
    arena_free(&arena);
    if (err)
        return err;
    call_put_count(call, at, finding.rows);
    call->seen->sight = SIGHT_FIND;
    call->seen->rows = finding.rows;
    (void)str_copy(call->seen->words, sizeof call->seen->words, words);
    call_civil_of(words, call->seen->civil);
    return 0;
}
