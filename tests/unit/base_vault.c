/* SPDX-License-Identifier: Apache-2.0
 * The vault: what is sealed opens in its place alone and with its key alone; the same gives the
 * same; the key ring is never written over and a spoilt one is refused. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/vault.h"
#include "tests/tap.h"

static char folder[] = "/tmp/sanad-vault-XXXXXX", path[64];
static const struct vault_place here = {"request", "civil", "row 1", 5};

static int seal_open(const struct vault *vault, const struct vault_place *place,
                     const struct buf *sealed, struct buf *out)
{
    buf_clear(out);
    return vault_open(vault, place, sealed->data, sealed->len, out);
}

static void test_places(const struct vault *vault)
{
    static const struct vault_place others[] = {
        {"request", "civil", "row 2", 5}, {"request", "phone", "row 1", 5},
        {"draft", "civil", "row 1", 5},   {"requestc", "ivil", "row 1", 5},
        {"request", "civilr", "ow 1", 4},
    };
    struct buf sealed = BUF_INIT(1000), again = BUF_INIT(1000), plain = BUF_INIT(1000);
    vault_seal(vault, &here, "12345678", 8, &sealed);
    vault_seal(vault, &here, "12345678", 8, &again);
    tap_is_int(sealed.len, 8 + VAULT_MORE, "sealing adds what it says");
    tap_ok(memmem(sealed.data, sealed.len, "12345678", 8) == NULL, "nothing shows");
    tap_ok(again.len == sealed.len && memcmp(again.data, sealed.data, sealed.len) == 0,
           "the same text in the same place gives the same bytes");
    tap_is_int(seal_open(vault, &here, &sealed, &plain), 0, "it opens in its place");
    tap_is(buf_text(&plain), "12345678", "as it was");
    for (size_t i = 0; i < SND_COUNT(others); i++) {
        tap_ok(seal_open(vault, &others[i], &sealed, &plain) == SND_E_CORRUPT,
               "and in no other: %s.%s", others[i].table, others[i].column);
        buf_clear(&again);
        vault_seal(vault, &others[i], "12345678", 8, &again);
        tap_ok(memcmp(again.data, sealed.data, sealed.len) != 0, "where it looks different");
    }
    buf_free(&sealed);
    buf_free(&again);
    buf_free(&plain);
}

/* Every bit of it turned, and every length that is too short. */
static void test_changed(const struct vault *vault)
{
    struct buf sealed = BUF_INIT(1000), plain = BUF_INIT(1000);
    int opened = 0, unknown = 0;
    vault_seal(vault, &here, "91234567", 8, &sealed);
    for (size_t bit = 0; bit < sealed.len * 8; bit++) {
        sealed.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        int err = seal_open(vault, &here, &sealed, &plain);
        opened += err == 0;
        unknown += err == SND_E_NOTFOUND;
        sealed.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    tap_is_int(opened, 0, "with any bit turned it doesn't open");
    tap_is_int(unknown, 32, "a key's number that isn't there is said to be that");
    for (size_t len = 0; len < sealed.len; len++) {
        buf_clear(&plain);
        opened += vault_open(vault, &here, sealed.data, len, &plain) != SND_E_CORRUPT;
    }
    tap_is_int(opened, 0, "nor cut to any length");
    buf_clear(&sealed);
    vault_seal(vault, &here, NULL, 0, &sealed);
    tap_is_int(seal_open(vault, &here, &sealed, &plain), 0, "nothing can be sealed");
    tap_is_int(plain.len, 0, "and is nothing again");
    struct buf small = BUF_INIT(4);
    buf_clear(&sealed);
    vault_seal(vault, &here, "91234567", 8, &sealed);
    tap_is_int(vault_open(vault, &here, sealed.data, sealed.len, &small), SND_E_LIMIT,
               "a buffer too small is said");
    buf_free(&small);
    buf_free(&sealed);
    buf_free(&plain);
}

static void test_index(const struct vault *vault, const struct vault *other)
{
    uint8_t a[VAULT_INDEX], b[VAULT_INDEX];
    vault_index(vault, "civil", "12345678", a);
    vault_index(vault, "civil", "12345678", b);
    tap_ok(memcmp(a, b, sizeof a) == 0, "the same text has the same index");
    vault_index(vault, "phone", "12345678", b);
    tap_ok(memcmp(a, b, sizeof a) != 0, "another in another domain");
    vault_index(vault, "civil", "12345679", b);
    tap_ok(memcmp(a, b, sizeof a) != 0, "another text another");
    vault_index(other, "civil", "12345678", b);
    tap_ok(memcmp(a, b, sizeof a) != 0, "another with another ring");
}

static void test_keys(struct vault *vault)
{
    struct vault *reader = NULL;
    struct buf old = BUF_INIT(1000), fresh = BUF_INIT(1000), plain = BUF_INIT(1000);
    uint32_t number = 0, keys[4];
    uint8_t before[VAULT_INDEX], after[VAULT_INDEX];
    vault_index(vault, "civil", "1", before);
    vault_seal(vault, &here, "12345678", 8, &old);
    tap_is_int(vault_load(path, &reader), 0, "another process reads the ring");
    tap_is_int(vault_key_add(vault, &number), 0, "a key is added");
    tap_ok(number == 2 && vault_current(vault) == 2, "it seals from now on");
    vault_seal(vault, &here, "12345678", 8, &fresh);
    tap_ok(vault_key_of(old.data, old.len) == 1 && vault_key_of(fresh.data, fresh.len) == 2,
           "each says with which key it was sealed");
    tap_is_int(seal_open(vault, &here, &old, &plain), 0, "the old one opens too");
    tap_is_int(seal_open(reader, &here, &fresh, &plain), SND_E_NOTFOUND,
               "who read the ring before lacks the key");
    vault_refresh(reader);
    tap_is_int(seal_open(reader, &here, &fresh, &plain), 0, "and has it after looking again");
    tap_is_int(vault_key_drop(vault, 2), SND_E_INUSE, "the newest key stays");
    tap_is_int(vault_key_drop(vault, 7), SND_E_NOTFOUND, "one that isn't can't go");
    tap_is_int(vault_key_drop(vault, 1), 0, "an old one goes");
    tap_is_int(seal_open(vault, &here, &old, &plain), SND_E_NOTFOUND, "with what it sealed");
    tap_ok(vault_keys(vault, keys, 4) == 1 && keys[0] == 2, "one is left");
    vault_index(vault, "civil", "1", after);
    tap_ok(memcmp(before, after, sizeof before) == 0, "indexes are as before");
    vault_free(&reader);
    buf_free(&old);
    buf_free(&fresh);
    buf_free(&plain);
}

static void test_files(void)
{
    static const char *const spoilt[] = {
        "",
        "sanad-keyring 2\n",
        "sanad-keyring 1\n",
        "sanad-keyring 1\nindex 00\nkey 1 00\n",
        "sanad-keyring 1\nkey 1 0000000000000000000000000000000000000000000000000000000000000000\n",
        "sanad-keyring 1\nindex 0000000000000000000000000000000000000000000000000000000000000000\n",
        "sanad-keyring 1\nindex 0000000000000000000000000000000000000000000000000000000000000000\n"
        "key 2 0000000000000000000000000000000000000000000000000000000000000000\n"
        "key 1 0000000000000000000000000000000000000000000000000000000000000000\n",
        "sanad-keyring 1\nindex 0000000000000000000000000000000000000000000000000000000000000000\n"
        "key 0 0000000000000000000000000000000000000000000000000000000000000000\n",
    };
    struct vault *vault = NULL;
    struct stat st;
    char other[80];
    snprintf(other, sizeof other, "%s/other", folder);
    tap_is_int(vault_load(other, &vault), SND_E_NOTFOUND, "a ring that isn't there");
    for (size_t i = 0; i < SND_COUNT(spoilt); i++) {
        int err = proc_write_file(other, spoilt[i], strlen(spoilt[i]), 0600);
        tap_ok(!err && vault_load(other, &vault) == SND_E_BAD, "a spoilt ring, number %zu", i);
    }
    tap_is_int(vault_make(other), SND_E_EXISTS, "a ring is never written over");
    tap_ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "a ring is its owner's alone");
    unlink(other);
}

static void test_speed(const struct vault *vault)
{
    char text[400];
    struct buf sealed = BUF_INIT(1000);
    memset(text, 'x', sizeof text);
    int64_t begun = clock_mono_ms();
    for (int i = 0; i < 20000; i++) {
        buf_clear(&sealed);
        vault_seal(vault, &here, text, sizeof text, &sealed);
    }
    int64_t took = clock_mono_ms() - begun;
    tap_note("20 000 seals of 400 bytes: %lld ms", (long long)took);
    tap_ok(took < 4000, "a seal is cheap");
    buf_free(&sealed);
}

int main(void)
{
    struct vault *vault = NULL, *other = NULL;
    char second[80];
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/keyring", folder);
    snprintf(second, sizeof second, "%s/second", folder);
    tap_is_int(vault_make(path), 0, "a ring is made");
    tap_is_int(vault_load(path, &vault), 0, "and read");
    tap_ok(vault_make(second) == 0 && vault_load(second, &other) == 0, "another too");
    test_places(vault);
    test_changed(vault);
    test_index(vault, other);
    test_keys(vault);
    test_files();
    test_speed(vault);
    vault_free(&vault);
    vault_free(&other);
    unlink(path);
    unlink(second);
    tap_ok(rmdir(folder) == 0, "no other file is left behind");
    return tap_done();
}
