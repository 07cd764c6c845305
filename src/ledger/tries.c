/* SPDX-License-Identifier: Apache-2.0
 * How often somebody has been wrong: five tries for one name from one address, then a pause that
 * doubles. Names that don't exist count alike, so the pause tells nothing. Other addresses of the
 * same name are not held up: nobody can lock out a clerk of another centre. The table is of fixed
 * size; the one that was quiet for longest gives way. */
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"

#define TRIES_MAX 4096
#define TRIES_WRONG 5
#define PAUSE_MS 30000
#define PAUSE_MOST_MS 900000
#define FORGET_MS 1800000

struct
try {
    uint8_t key[HASH_SIZE]; /* hash of name and address */
    int count;
    int64_t last, until;
};
/* Customers asked for by number: a full hand, and a new one every while. Nobody at a counter needs
 * more, and who tries numbers to see whom they belong to gets no further. */
#define LOOK_UPS_HAND 40
#define LOOK_UP_MS 15000
#define LOOKERS_MAX 1024
struct looker {
    uint8_t key[HASH_SIZE];
    int used;     /* of the hand */
    int64_t last; /* when `used` was right; 0 = a free row */
};
struct tries {
    struct try row[TRIES_MAX];
    struct looker looker[LOOKERS_MAX];
};

struct tries *tries_new(void)
{
    return x_alloc(sizeof(struct tries));
}

void tries_free(struct tries **tries)
{
    x_free(tries);
}

/* Peers are address:port; every port is the same address. */
static void key_of(const char *account, const char *peer, uint8_t key[HASH_SIZE])
{
    const char *colon = strrchr(peer, ':');
    struct hash *hash = hash_start();
    hash_add(hash, account, strlen(account) + 1);
    hash_add(hash, peer, colon ? (size_t)(colon - peer) : strlen(peer));
    hash_end(&hash, key);
}

/* The row of a key, or the one to be used for it. */
static struct try *row_of(struct tries *tries, const uint8_t key[HASH_SIZE])
{
    struct try *oldest = &tries->row[0];
    for (size_t i = 0; i < TRIES_MAX; i++) {
        struct try *row = &tries->row[i];
        if (row->last && memcmp(row->key, key, HASH_SIZE) == 0)
            return row;
        if (row->last < oldest->last)
            oldest = row;
    }
    *oldest = (struct try){0};
    memcpy(oldest->key, key, HASH_SIZE);
    return oldest;
}

int tries_begin(struct tries *tries, const char *account, const char *peer, int64_t now)
{
    uint8_t key[HASH_SIZE];
    key_of(account, peer, key);
    struct try *row = row_of(tries, key);
    if (now - row->last > FORGET_MS && now >= row->until)
        row->count = 0;
    if (now < row->until)
        return SND_E_LIMIT;
    row->last = now;
    row->count++;
    if (row->count >= TRIES_WRONG) { /* this try is heard, the next one waits */
        int64_t pause = PAUSE_MS;
        for (int i = TRIES_WRONG; i < row->count && pause < PAUSE_MOST_MS; i++)
            pause *= 2;
        row->until = now + (pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS);
    }
    return 0;
}

void tries_clear(struct tries *tries, const char *account, const char *peer)
{
    uint8_t key[HASH_SIZE];
    key_of(account, peer, key);
    struct try *row = row_of(tries, key);
    *row = (struct try){0};
}

static struct looker *looker_of(struct tries *tries, const uint8_t key[HASH_SIZE])
{
    struct looker *oldest = &tries->looker[0];
    for (size_t i = 0; i < LOOKERS_MAX; i++) {
        struct looker *row = &tries->looker[i];
        if (row->last && memcmp(row->key, key, HASH_SIZE) == 0)
            return row;
        if (row->last < oldest->last)
            oldest = row;
    }
    *oldest = (struct looker){0};
    memcpy(oldest->key, key, HASH_SIZE);
    return oldest;
}

int tries_look_up(struct tries *tries, const char *account, int64_t now)
{
    uint8_t key[HASH_SIZE];
    key_of(account, "", key);
    struct looker *row = looker_of(tries, key);
    int64_t back = (now - row->last) / LOOK_UP_MS;
    row->used = back < row->used ? row->used - (int)back : 0;
    row->last = row->used > 0 ? row->last + back * LOOK_UP_MS : now;
    if (row->used >= LOOK_UPS_HAND)
        return SND_E_LIMIT;
    row->used++;
    return 0;
}
