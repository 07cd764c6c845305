/* SPDX-License-Identifier: Apache-2.0
 * How often somebody has been wrong, counted three ways: one name from one address, one name from
 * all addresses where its owner is not known, one address over all names. Each way has some tries
 * free and then pauses that double. Where a person has logged in before, only the first way counts:
 * no stranger elsewhere can hold her up, and a colleague who guesses at the same address can't
 * close the whole centre. Names that don't exist count alike, so a pause tells nothing.
 *
 * A try counts from its beginning, so that many at once are many. What was wrong is kept in the
 * store too and read back at the start. The table is of fixed size; of those that are not paused
 * the one that was quiet for longest gives way. */
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "ledger/op_priv.h"

#define TRIES_MAX 4096
#define FORGET_MS 1800000LL
#define KNOWN_MS (30LL * 24 * 3600 * 1000) /* a person's address of so long ago is hers */
#define WORN 200                           /* wrong tries that a one-time code outlives */
#define EVENTS_MOST 100                    /* refusals that the trail tells at once, */
#define EVENT_EACH_MS 10000                /* and one more for each so many ms */

enum way { WAY_PAIR, WAY_NAME, WAY_ADDRESS, WAYS };
static const struct {
    int free;
    int64_t pause, most;
} limits[WAYS] = {
    [WAY_PAIR] = {5, 30000, 900000},
    [WAY_NAME] = {50, 10000, 300000},
    [WAY_ADDRESS] = {100, 10000, 300000},
};

/* Customers asked for by number: a full hand, and a new one every while. Nobody at a counter needs
 * more, and who tries numbers to see whom they belong to gets no further. */
#define LOOK_UPS_HAND 40
#define LOOK_UP_MS 15000
#define LOOKERS_MAX 1024
struct looker {
    char account[BOOK_NAME];
    int used;     /* of the hand */
    int64_t last; /* when `used` was right; 0 = a free row */
};
struct tries {
    struct looker looker[LOOKERS_MAX];
    struct store_try row[TRIES_MAX];
    struct telling {
        int64_t at; /* when `told` was right */
        int told, left_out;
    } refusals, pauses; /* each of its own, so that one doesn't drown the other */
};

struct tries *tries_new(void)
{
    return x_alloc(sizeof(struct tries));
}

void tries_free(struct tries **tries)
{
    x_free(tries);
}

int tries_load(struct tries *tries, struct store *store)
{
    struct arena *arena = arena_new();
    struct store_try *list;
    size_t count = 0;
    int err = store_try_list(store, TRIES_MAX, arena, &list, &count);
    for (size_t i = 0; !err && i < count && i < TRIES_MAX; i++)
        if (list[i].kind >= 0 && list[i].kind < WAYS)
            tries->row[i] = list[i];
    arena_free(&arena);
    return err;
}

void address_of(const char *peer, char out[64])
{
    const char *colon = strrchr(peer, ':');
    (void)str_format(out, 64, "%.*s", (int)(colon ? colon - peer : (long)strlen(peer)), peer);
}

static void name_row(const struct store *store, enum way way, const char *name, const char *peer,
                     struct store_try *out)
{
    char address[64], key[BOOK_TEXT];
    address_of(peer, address);
    *out = (struct store_try){.kind = (int)way};
    if (way != WAY_ADDRESS)
        store_try_hash(store, "login name", name, out->account);
    if (way != WAY_NAME)
        store_try_hash(store, "login address", address, out->address);
    (void)str_format(key, sizeof key, "%d %s %s", (int)way, way == WAY_ADDRESS ? "" : name,
                     way == WAY_NAME ? "" : address);
    store_try_hash(store, "login try", key, out->id);
}

static struct store_try *find_row(struct tries *tries, const struct store_try *want)
{
    for (size_t i = 0; i < TRIES_MAX; i++)
        if (tries->row[i].last && memcmp(tries->row[i].id, want->id, STORE_TRY_ID) == 0)
            return &tries->row[i];
    return NULL;
}

/* The row of a key, or the one to be used for it. */
static struct store_try *row_of(struct tries *tries, const struct store_try *want, int64_t now)
{
    struct store_try *row = find_row(tries, want), *paused = &tries->row[0];
    if (row)
        return row;
    for (size_t i = 0; i < TRIES_MAX; i++) {
        struct store_try *at = &tries->row[i];
        if (at->last < paused->last)
            paused = at;
        if (at->until <= now && (!row || at->last < row->last))
            row = at;
    }
    if (!row)
        row = paused;
    *row = *want;
    return row;
}

/* A clock that went back must not make a pause longer than any is. */
static void mend_clock(struct store_try *row, int64_t now)
{
    if (row->until > now + limits[row->kind].most)
        row->until = now + limits[row->kind].most;
    if (row->last > now)
        row->last = now;
    if (now - row->last > FORGET_MS && now >= row->until)
        row->count = 0;
}

static int64_t pause_of(const struct store_try *row)
{
    int64_t pause = limits[row->kind].pause;
    for (int i = limits[row->kind].free; i < row->count && pause < limits[row->kind].most; i++)
        pause *= 2;
    return pause < limits[row->kind].most ? pause : limits[row->kind].most;
}

int tries_begin(struct call *call, const char *name, const char *peer, int known)
{
    struct store_try want, *row[WAYS];
    int64_t now = clock_utc_ms();
    int ways = known ? WAY_PAIR + 1 : WAYS;
    for (int way = 0; way < ways; way++) {
        name_row(call->store, (enum way)way, name, peer, &want);
        row[way] = row_of(call->tries, &want, now);
        mend_clock(row[way], now);
        if (now < row[way]->until)
            return SND_E_LIMIT;
        row[way]->last = now; /* it is in use: the next one doesn't take its place */
    }
    for (int way = 0; way < ways; way++)
        if (++row[way]->count >= limits[way].free) /* this one is heard, the next one waits */
            row[way]->until = now + pause_of(row[way]);
    return 0;
}

/* Whether the trail is to tell of one more. */
static int may_tell(struct telling *telling, int64_t now)
{
    int64_t back = (now - telling->at) / EVENT_EACH_MS;
    if (now < telling->at || back >= telling->told) {
        telling->told = 0;
        telling->at = now;
    } else {
        telling->told -= (int)back;
        telling->at += back * EVENT_EACH_MS;
    }
    if (telling->told >= EVENTS_MOST) {
        telling->left_out++;
        return 0;
    }
    telling->told++;
    return 1;
}

int tries_wrong(struct call *call, const char *name, const char *account, const char *why,
                const char *peer)
{
    struct store_try want, *row;
    struct store_actor actor = call->actor;
    int64_t now = clock_utc_ms(), paused = 0;
    int err = store_try_sweep(call->store, now - FORGET_MS);
    for (int way = 0; way < WAYS && !err; way++) {
        name_row(call->store, (enum way)way, name, peer, &want);
        row = find_row(call->tries, &want);
        if (row && row->count > 0)
            err = store_try_put(call->store, row);
        if (row && way == WAY_PAIR && row->until > now)
            paused = row->until;
    }
    struct telling *telling = paused ? &call->tries->pauses : &call->tries->refusals;
    call->keep = 1;
    if (err || !may_tell(telling, now))
        return err;
    (void)str_copy(actor.peer, sizeof actor.peer, peer);
    if (!actor.name[0])
        (void)str_copy(actor.name, sizeof actor.name, "nobody");
    err = store_login_refused(call->store, account, why, telling->left_out, paused, &actor);
    if (!err)
        telling->left_out = 0;
    return err;
}

int tries_right(struct call *call, const char *name, const char *peer)
{
    struct store_try want, *row;
    int before = 0;
    for (int way = 0; way < WAYS; way++) {
        name_row(call->store, (enum way)way, name, peer, &want);
        row = find_row(call->tries, &want);
        if (!row)
            continue;
        if (way == WAY_PAIR) {
            before = row->count;
            *row = (struct store_try){0};
        } else if (row->count > 0 && --row->count < limits[way].free) {
            row->until = 0;
        }
    }
    name_row(call->store, WAY_PAIR, name, peer, &want);
    return before > 1 ? store_try_drop(call->store, want.id) : 0; /* once right is never kept */
}

int tries_worn(struct call *call, const char *name)
{
    struct store_try want;
    name_row(call->store, WAY_NAME, name, "", &want);
    const struct store_try *row = find_row(call->tries, &want);
    return row && row->count >= WORN;
}

int tries_forgive(struct call *call, const char *name)
{
    uint8_t account[STORE_TRY_ID];
    struct tries *tries = call->tries;
    int err = 0;
    store_try_hash(call->store, "login name", name, account);
    for (size_t i = 0; i < TRIES_MAX && !err; i++) {
        struct store_try *row = &tries->row[i];
        if (!row->last || memcmp(row->account, account, STORE_TRY_ID) != 0)
            continue;
        for (size_t j = 0; j < TRIES_MAX && row->kind == WAY_PAIR && !err; j++)
            if (tries->row[j].kind == WAY_ADDRESS && tries->row[j].last &&
                memcmp(tries->row[j].address, row->address, STORE_TRY_ID) == 0) {
                err = store_try_drop(call->store, tries->row[j].id);
                tries->row[j] = (struct store_try){0};
            }
        if (!err)
            err = store_try_drop(call->store, row->id);
        *row = (struct store_try){0};
    }
    return err;
}

int tries_known(struct call *call, const char *account, const char *peer)
{
    char address[64];
    address_of(peer, address);
    return store_address_known(call->store, account, address, clock_utc_ms() - KNOWN_MS) == 0;
}

int tries_learn(struct call *call, const char *account, const char *peer)
{
    char address[64];
    address_of(peer, address);
    return store_address_learn(call->store, account, address, clock_utc_ms());
}

static struct looker *looker_of(struct tries *tries, const char *account)
{
    struct looker *oldest = &tries->looker[0];
    for (size_t i = 0; i < LOOKERS_MAX; i++) {
        struct looker *row = &tries->looker[i];
        if (row->last && strcmp(row->account, account) == 0)
            return row;
        if (row->last < oldest->last)
            oldest = row;
    }
    *oldest = (struct looker){0};
    (void)str_copy(oldest->account, sizeof oldest->account, account);
    return oldest;
}

int tries_look_up(struct tries *tries, const char *account, int64_t now)
{
    struct looker *row = looker_of(tries, account);
    int64_t back = (now - row->last) / LOOK_UP_MS;
    row->used = back < row->used ? row->used - (int)back : 0;
    row->last = row->used > 0 ? row->last + back * LOOK_UP_MS : now;
    if (row->used >= LOOK_UPS_HAND)
        return SND_E_LIMIT;
    row->used++;
    return 0;
}
