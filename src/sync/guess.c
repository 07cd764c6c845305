/* SPDX-License-Identifier: Apache-2.0
 * Guesses at the last four digits of a civil number. Five wrong ones about one number or twenty
 * from one address, and both are heard again an hour later: by guessing, a number's four digits
 * would take most of a year. Only hashes under a key of this process's own are kept, and only in
 * memory. An address of IPv6 counts by its first half, which is one customer's.
 *
 * The table is of fixed size, in sets that a hash under that key chooses, so that nobody can aim at
 * one. Where a set is full, the row with the fewest wrong guesses gives way, and of those the one
 * that began longest ago: many new rows don't push out one that is held up. */
#include "sync/guess_priv.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include "base/err.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/mem.h"

#define SETS 2048
#define WAYS 16
#define HOUR_MS 3600000LL
#define KEY 16

enum of { OF_THING, OF_ADDRESS, OFS };
static const int most[OFS] = {[OF_THING] = 5, [OF_ADDRESS] = 20};

struct guesses {
    pthread_mutex_t lock; /* of the rows */
    uint8_t secret[HASH_SIZE];
    struct row {
        uint8_t key[KEY];
        int64_t since; /* 0 = free */
        int wrong;
    } row[SETS][WAYS];
};

struct guesses *guesses_new(void)
{
    struct guesses *guesses = x_alloc(sizeof *guesses);
    snd_assert(pthread_mutex_init(&guesses->lock, NULL) == 0);
    random_bytes(guesses->secret, sizeof guesses->secret);
    return guesses;
}

void guesses_free(struct guesses **guesses)
{
    if (*guesses)
        pthread_mutex_destroy(&(*guesses)->lock);
    x_free(guesses);
}

/* As much of an address as is one customer's, in out: how many bytes. */
static size_t customer(const char *peer, uint8_t out[16])
{
    struct in6_addr six;
    if (inet_pton(AF_INET, peer, out) == 1)
        return 4;
    if (inet_pton(AF_INET6, peer, &six) != 1)
        return 0; /* nobody knows: one customer for all of them */
    int mapped = IN6_IS_ADDR_V4MAPPED(&six);
    memcpy(out, six.s6_addr + (mapped ? 12 : 0), mapped ? 4 : 8);
    return mapped ? 4 : 8;
}

static void make_key(const struct guesses *guesses, enum of of, const char *text, uint8_t key[KEY])
{
    uint8_t whole[HASH_SIZE], kind = (uint8_t)of, address[16];
    struct hash *hash = hash_start();
    hash_add(hash, guesses->secret, sizeof guesses->secret);
    hash_add(hash, &kind, 1);
    if (of == OF_ADDRESS)
        hash_add(hash, address, customer(text, address));
    else
        hash_add(hash, text, strlen(text));
    hash_end(&hash, whole);
    memcpy(key, whole, KEY);
}

static struct row *set_of(struct guesses *guesses, const uint8_t key[KEY])
{
    return guesses->row[(key[0] | (size_t)key[1] << 8) % SETS];
}

static struct row *find_row(struct guesses *guesses, const uint8_t key[KEY], int64_t now)
{
    struct row *set = set_of(guesses, key);
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].since && memcmp(set[i].key, key, KEY) == 0)
            return now - set[i].since < HOUR_MS ? &set[i] : NULL;
    return NULL;
}

/* Whether a row gives way before another. */
static int is_less(const struct row *row, const struct row *than, int64_t now)
{
    int left = now - row->since < HOUR_MS ? row->wrong : 0;
    int than_left = now - than->since < HOUR_MS ? than->wrong : 0;
    return left != than_left ? left < than_left : row->since < than->since;
}

static struct row *make_row(struct guesses *guesses, const uint8_t key[KEY], int64_t now)
{
    struct row *set = set_of(guesses, key), *least = set;
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].since && memcmp(set[i].key, key, KEY) == 0) {
            least = &set[i]; /* its hour is over */
            break;
        }
        if (is_less(&set[i], least, now))
            least = &set[i];
    }
    *least = (struct row){.since = now > 0 ? now : 1};
    memcpy(least->key, key, KEY);
    return least;
}

int guesses_wait(struct guesses *guesses, const char *thing, const char *peer, int64_t now)
{
    const char *const text[OFS] = {[OF_THING] = thing, [OF_ADDRESS] = peer};
    int wait = 0;
    snd_assert(pthread_mutex_lock(&guesses->lock) == 0);
    for (int of = 0; of < OFS; of++) {
        uint8_t key[KEY];
        make_key(guesses, (enum of)of, text[of], key);
        const struct row *row = find_row(guesses, key, now);
        int left = row ? (int)((row->since + HOUR_MS - now) / 1000) + 1 : 0;
        if (row && row->wrong >= most[of] && left > wait)
            wait = left;
    }
    snd_assert(pthread_mutex_unlock(&guesses->lock) == 0);
    return wait;
}

void guesses_wrong(struct guesses *guesses, const char *thing, const char *peer, int64_t now)
{
    const char *const text[OFS] = {[OF_THING] = thing, [OF_ADDRESS] = peer};
    snd_assert(pthread_mutex_lock(&guesses->lock) == 0);
    for (int of = 0; of < OFS; of++) {
        uint8_t key[KEY];
        make_key(guesses, (enum of)of, text[of], key);
        struct row *row = find_row(guesses, key, now);
        if (!row)
            row = make_row(guesses, key, now);
        row->wrong++;
    }
    snd_assert(pthread_mutex_unlock(&guesses->lock) == 0);
}
