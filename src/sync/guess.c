/* SPDX-License-Identifier: Apache-2.0
 * Guesses at the last four digits of a civil number. Five wrong ones about one number or twenty
 * from one address, and both are heard again an hour later: by guessing, a number's four digits
 * would take most of a year. Only hashes under a key of this process's own are kept, and only in
 * memory. An address of IPv6 counts by its first half, which is one customer's.
 *
 * The table is of fixed size; the row that began longest ago gives way. */
#include "sync/guess_priv.h"
#include <pthread.h>
#include <string.h>
#include "base/err.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/mem.h"

#define ROWS 8192
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
    } row[ROWS];
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

/* As much of an address as is one customer's. */
static size_t address_len(const char *peer)
{
    size_t groups = 0, len = strlen(peer);
    if (strchr(peer, '.') || !strchr(peer, ':'))
        return len;
    for (size_t i = 0; i < len; i++)
        if (peer[i] == ':' && ++groups == 4)
            return i;
    return len;
}

static void make_key(const struct guesses *guesses, enum of of, const char *text, uint8_t key[KEY])
{
    uint8_t whole[HASH_SIZE], kind = (uint8_t)of;
    struct hash *hash = hash_start();
    hash_add(hash, guesses->secret, sizeof guesses->secret);
    hash_add(hash, &kind, 1);
    hash_add(hash, text, of == OF_ADDRESS ? address_len(text) : strlen(text));
    hash_end(&hash, whole);
    memcpy(key, whole, KEY);
}

static struct row *find_row(struct guesses *guesses, const uint8_t key[KEY], int64_t now)
{
    for (size_t i = 0; i < ROWS; i++) {
        struct row *row = &guesses->row[i];
        if (row->since && memcmp(row->key, key, KEY) == 0)
            return now - row->since < HOUR_MS ? row : NULL;
    }
    return NULL;
}

static struct row *make_row(struct guesses *guesses, const uint8_t key[KEY], int64_t now)
{
    struct row *oldest = &guesses->row[0];
    for (size_t i = 0; i < ROWS; i++) {
        struct row *row = &guesses->row[i];
        if (row->since && memcmp(row->key, key, KEY) == 0) {
            oldest = row; /* its hour is over */
            break;
        }
        if (row->since < oldest->since)
            oldest = row;
    }
    *oldest = (struct row){.since = now > 0 ? now : 1};
    memcpy(oldest->key, key, KEY);
    return oldest;
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
