/* SPDX-License-Identifier: Apache-2.0
 * Sealing by libsodium. From each sealing key two are worked out once, when the ring is read: one
 * encrypts, one makes nonces. So a seal costs two passes over a few hundred bytes and nothing is
 * set up for a row.
 *
 * The ring's file is written whole under another name and put in place at once, and never over
 * another when it is made: losing its keys is losing every citizen's data, so nothing here writes
 * into a ring that is there. */
#include "base/vault.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"

#define KEY_SIZE 32
#define NONCE_SIZE 24
#define TAG_SIZE 16
#define NUMBER_SIZE 4
#define HEAD_SIZE (NUMBER_SIZE + NONCE_SIZE)
#define RING_KEYS 64
#define RING_FILE_MAX 65536
#define RING_FIRST "sanad-keyring 1"

static_assert(KEY_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");
static_assert(KEY_SIZE == crypto_generichash_KEYBYTES, "key of the hash");
static_assert(NONCE_SIZE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
static_assert(TAG_SIZE == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag");
static_assert(VAULT_MORE == HEAD_SIZE + TAG_SIZE, "what sealing adds");

struct key {
    uint32_t number;
    uint8_t root[KEY_SIZE], seal[KEY_SIZE], nonce[KEY_SIZE];
};
struct vault {
    char *path;
    struct timespec written; /* of the file that was read */
    ino_t file;
    uint8_t index[KEY_SIZE];
    struct key key[RING_KEYS]; /* by number, the lowest first */
    size_t keys;
};

static void key_ready(struct key *key)
{
    static const char context[crypto_kdf_CONTEXTBYTES + 1] = "sndvault";
    int failed = crypto_kdf_derive_from_key(key->seal, KEY_SIZE, 1, context, key->root) ||
                 crypto_kdf_derive_from_key(key->nonce, KEY_SIZE, 2, context, key->root);
    snd_assert(!failed);
}

/* ---- the file ---- */

static int take_key(struct vault *vault, char *rest)
{
    int64_t number;
    char *space = strchr(rest, ' ');
    if (!space || vault->keys == RING_KEYS)
        return SND_E_BAD;
    *space = '\0';
    struct key *key = &vault->key[vault->keys];
    uint32_t least = vault->keys ? vault->key[vault->keys - 1].number + 1 : 1;
    if (num_parse(rest, least, INT32_MAX, &number) ||
        hex_parse(space + 1, key->root, sizeof key->root))
        return SND_E_BAD;
    key->number = (uint32_t)number;
    key_ready(key);
    vault->keys++;
    return 0;
}

static int take_line(struct vault *vault, char *line, int *indexes)
{
    if (!*line || *line == '#')
        return 0;
    if (strncmp(line, "key ", 4) == 0)
        return take_key(vault, line + 4);
    if (strncmp(line, "index ", 6) != 0 || ++*indexes > 1)
        return SND_E_BAD;
    return hex_parse(line + 6, vault->index, sizeof vault->index);
}

static int ring_parse(struct vault *vault, char *text)
{
    char *rest = text, *line = strsep(&rest, "\n");
    int indexes = 0, err = line && strcmp(line, RING_FIRST) == 0 ? 0 : SND_E_BAD;
    while (!err && (line = strsep(&rest, "\n")))
        err = take_line(vault, line, &indexes);
    return err || indexes != 1 || vault->keys == 0 ? SND_E_BAD : 0;
}

static void ring_text(const struct vault *vault, struct buf *out)
{
    char hex[2 * KEY_SIZE + 1];
    hex_text(vault->index, KEY_SIZE, hex);
    buf_printf(out,
               RING_FIRST "\n"
                          "# Without this file nobody's data can be read. Keep a copy apart from "
                          "the database's.\n"
                          "index %s\n",
               hex);
    for (size_t i = 0; i < vault->keys; i++) {
        hex_text(vault->key[i].root, KEY_SIZE, hex);
        buf_printf(out, "key %u %s\n", (unsigned)vault->key[i].number, hex);
    }
    snd_assert(!out->failed);
    mem_wipe(hex, sizeof hex);
}

static void ring_stamp(struct vault *vault)
{
    struct stat st;
    if (stat(vault->path, &st))
        return;
    vault->written = st.st_mtim;
    vault->file = st.st_ino;
}

static int ring_write(struct vault *vault)
{
    struct buf text = BUF_INIT(RING_FILE_MAX);
    ring_text(vault, &text);
    int err = proc_write_file(vault->path, text.data, text.len, 0600);
    buf_free(&text);
    if (!err)
        ring_stamp(vault);
    return err;
}

/* Under its name only once it is whole on the disk, and only if nothing has that name. */
static int ring_put_new(const char *path, const struct buf *text)
{
    char *other = x_printf("%s.%ld", path, (long)getpid());
    int err = proc_write_file(other, text->data, text->len, 0600);
    if (!err && link(other, path))
        err = errno == EEXIST ? SND_E_EXISTS : err_from_errno(errno);
    unlink(other);
    x_free(&other);
    return err;
}

int vault_make(const char *path)
{
    snd_assert(sodium_init() >= 0);
    struct vault vault = {.keys = 1, .key[0].number = 1};
    struct buf text = BUF_INIT(RING_FILE_MAX);
    randombytes_buf(vault.index, sizeof vault.index);
    randombytes_buf(vault.key[0].root, sizeof vault.key[0].root);
    ring_text(&vault, &text);
    int err = ring_put_new(path, &text);
    buf_free(&text);
    mem_wipe(&vault, sizeof vault);
    return err;
}

int vault_load(const char *path, struct vault **out)
{
    char *text = NULL;
    size_t len = 0;
    *out = NULL;
    snd_assert(sodium_init() >= 0);
    struct vault *vault = x_alloc(sizeof *vault);
    vault->path = x_strdup(path);
    ring_stamp(vault);
    int err = proc_read_file(path, RING_FILE_MAX, &text, &len);
    if (!err)
        err = strlen(text) == len ? ring_parse(vault, text) : SND_E_BAD;
    if (text)
        mem_wipe(text, len);
    x_free(&text);
    if (err)
        vault_free(&vault);
    *out = vault;
    return err;
}

void vault_free(struct vault **vault)
{
    if (!*vault)
        return;
    x_free(&(*vault)->path);
    mem_wipe(*vault, sizeof **vault);
    x_free(vault);
}

void vault_refresh(struct vault *vault)
{
    struct stat st;
    struct vault *fresh = NULL;
    if (stat(vault->path, &st) ||
        (st.st_ino == vault->file && st.st_mtim.tv_sec == vault->written.tv_sec &&
         st.st_mtim.tv_nsec == vault->written.tv_nsec) ||
        vault_load(vault->path, &fresh))
        return;
    struct vault old = *vault;
    *vault = *fresh;
    *fresh = old;
    vault_free(&fresh);
    mem_wipe(&old, sizeof old);
}

/* ---- sealing ---- */

static const struct key *newest(const struct vault *vault)
{
    return &vault->key[vault->keys - 1];
}

static const struct key *key_find(const struct vault *vault, uint32_t number)
{
    for (size_t i = vault->keys; i-- > 0;)
        if (vault->key[i].number == number)
            return &vault->key[i];
    return NULL;
}

static void put_number(uint8_t out[NUMBER_SIZE], uint32_t number)
{
    for (size_t i = NUMBER_SIZE; i-- > 0; number >>= 8)
        out[i] = (uint8_t)number;
}

static uint32_t get_number(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

#define AD_MAX 256
/* Key and place as bytes: each part after its length, so that no two places look alike. */
static size_t place_bytes(uint32_t number, const struct vault_place *place, uint8_t out[AD_MAX])
{
    const struct {
        const void *bytes;
        size_t len;
    } part[] = {{place->table, strlen(place->table)},
                {place->column, strlen(place->column)},
                {place->row, place->row_len}};
    size_t len = NUMBER_SIZE;
    put_number(out, number);
    for (size_t i = 0; i < SND_COUNT(part); i++) {
        snd_assert(part[i].len <= UINT8_MAX && len + 1 + part[i].len <= AD_MAX);
        out[len++] = (uint8_t)part[i].len;
        memcpy(out + len, part[i].bytes, part[i].len);
        len += part[i].len;
    }
    return len;
}

static void make_nonce(const struct key *key, const uint8_t *ad, size_t ad_len, const void *plain,
                       size_t len, uint8_t out[NONCE_SIZE])
{
    crypto_generichash_state state;
    int failed = crypto_generichash_init(&state, key->nonce, KEY_SIZE, NONCE_SIZE) ||
                 crypto_generichash_update(&state, ad, ad_len) ||
                 crypto_generichash_update(&state, plain, len) ||
                 crypto_generichash_final(&state, out, NONCE_SIZE);
    snd_assert(!failed);
}

void vault_seal(const struct vault *vault, const struct vault_place *place, const void *plain,
                size_t len, struct buf *out)
{
    const struct key *key = newest(vault);
    uint8_t ad[AD_MAX], head[HEAD_SIZE], *text = x_alloc(len + TAG_SIZE);
    size_t ad_len = place_bytes(key->number, place, ad);
    if (len == 0)
        plain = "";
    put_number(head, key->number);
    make_nonce(key, ad, ad_len, plain, len, head + NUMBER_SIZE);
    int failed = crypto_aead_xchacha20poly1305_ietf_encrypt(text, NULL, plain, len, ad, ad_len,
                                                            NULL, head + NUMBER_SIZE, key->seal);
    snd_assert(!failed);
    buf_reserve(out, sizeof head + len + TAG_SIZE);
    buf_put(out, head, sizeof head);
    buf_put(out, text, len + TAG_SIZE);
    x_free(&text);
}

int vault_open(const struct vault *vault, const struct vault_place *place, const void *sealed,
               size_t len, struct buf *out)
{
    uint8_t ad[AD_MAX];
    const uint8_t *at = sealed;
    if (len < VAULT_MORE)
        return SND_E_CORRUPT;
    const struct key *key = key_find(vault, get_number(at));
    if (!key)
        return SND_E_NOTFOUND;
    size_t plain_len = len - VAULT_MORE, ad_len = place_bytes(key->number, place, ad);
    uint8_t *plain = x_alloc(plain_len + 1);
    int err = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, at + HEAD_SIZE,
                                                         len - HEAD_SIZE, ad, ad_len,
                                                         at + NUMBER_SIZE, key->seal)
                  ? SND_E_CORRUPT
                  : 0;
    if (!err)
        buf_put(out, plain, plain_len);
    mem_wipe(plain, plain_len);
    x_free(&plain);
    return err ? err : out->failed ? SND_E_LIMIT : 0;
}

void vault_index(const struct vault *vault, const char *domain, const char *text,
                 uint8_t out[VAULT_INDEX])
{
    crypto_generichash_state state;
    /* The domain with its zero: no domain is another's beginning. */
    int failed = crypto_generichash_init(&state, vault->index, KEY_SIZE, VAULT_INDEX) ||
                 crypto_generichash_update(&state, (const uint8_t *)domain, strlen(domain) + 1) ||
                 crypto_generichash_update(&state, (const uint8_t *)text, strlen(text)) ||
                 crypto_generichash_final(&state, out, VAULT_INDEX);
    snd_assert(!failed);
}

/* ---- the keys ---- */

uint32_t vault_current(const struct vault *vault)
{
    return newest(vault)->number;
}

uint32_t vault_key_of(const void *sealed, size_t len)
{
    return len < VAULT_MORE ? 0 : get_number(sealed);
}

size_t vault_keys(const struct vault *vault, uint32_t *out, size_t max)
{
    for (size_t i = 0; i < vault->keys && i < max; i++)
        out[i] = vault->key[i].number;
    return vault->keys;
}

int vault_key_add(struct vault *vault, uint32_t *number)
{
    if (vault->keys == RING_KEYS)
        return SND_E_LIMIT;
    struct key *key = &vault->key[vault->keys];
    key->number = newest(vault)->number + 1;
    randombytes_buf(key->root, sizeof key->root);
    key_ready(key);
    vault->keys++;
    int err = ring_write(vault);
    if (err) {
        vault->keys--;
        mem_wipe(key, sizeof *key);
    } else {
        *number = key->number;
    }
    return err;
}

int vault_key_drop(struct vault *vault, uint32_t number)
{
    const struct key *found = key_find(vault, number);
    if (!found)
        return SND_E_NOTFOUND;
    if (found == newest(vault))
        return SND_E_INUSE;
    size_t at = (size_t)(found - vault->key), after = vault->keys - at - 1;
    struct key gone = *found;
    memmove(&vault->key[at], &vault->key[at + 1], after * sizeof gone);
    vault->keys--;
    int err = ring_write(vault);
    if (err) {
        memmove(&vault->key[at + 1], &vault->key[at], after * sizeof gone);
        vault->key[at] = gone;
        vault->keys++;
    }
    mem_wipe(&gone, sizeof gone);
    return err;
}
