/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_VAULT_H
#define BASE_VAULT_H
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/buf.h"
/* Personal data as it lies on this machine's disk: sealed with keys that stand in a file of their
 * own, the key ring, outside the database. What is sealed is bound to its place: moved to another
 * row or column, or changed by one bit, it does not open.
 *
 * sealed = key's number (4 bytes, big-endian) | nonce (24) | XChaCha20-Poly1305 text and tag
 *
 * The nonce is made of the key's number, the place and the plain text by a keyed hash (as in SIV
 * modes), never drawn: a replay of the events must write byte for byte the rows that stand there,
 * or the book could not be checked. What this gives away is that the same text stands in the same
 * place again, and a row is only ever written in its own place.
 *
 * The key ring is text: "sanad-keyring 1", then "index HEX" and one or more "key NUMBER HEX" of 32
 * bytes each. New things are sealed with the highest number; the index key never changes. */
struct vault;
#define VAULT_MORE 44 /* bytes that sealing adds */
#define VAULT_INDEX 16
/* A place in the database. The row is what names it, by bytes. */
struct vault_place {
    const char *table, *column;
    const void *row;
    size_t row_len;
};

/* Makes a key ring with new keys, 0600, and never over another: SND_E_EXISTS. */
SND_MUST int vault_make(const char *path);
/* SND_E_NOTFOUND: there is no such file; SND_E_BAD: it is no key ring; SND_E_DENIED, SND_E_IO. */
SND_MUST int vault_load(const char *path, struct vault **out);
void vault_free(struct vault **vault);
/* Reads the file again if it is another than was read. What can't be read changes nothing. */
void vault_refresh(struct vault *vault);

/* Puts the sealed bytes into *out. */
void vault_seal(const struct vault *vault, const struct vault_place *place, const void *plain,
                size_t len, struct buf *out);
/* Puts the plain bytes into *out. SND_E_CORRUPT: cut, changed, or of another place; SND_E_NOTFOUND:
 * sealed with a key that this ring doesn't have; SND_E_LIMIT: *out is full. */
SND_MUST int vault_open(const struct vault *vault, const struct vault_place *place,
                        const void *sealed, size_t len, struct buf *out);
/* What stands for a text where it is to be looked up but not read: equal texts of one domain
 * ("civil", "phone") have equal indexes. Nobody makes it without the key. */
void vault_index(const struct vault *vault, const char *domain, const char *text,
                 uint8_t out[VAULT_INDEX]);

/* Number of the key that seals now; and of the key that something was sealed with, 0 when cut. */
uint32_t vault_current(const struct vault *vault);
uint32_t vault_key_of(const void *sealed, size_t len);
/* All numbers, lowest first: how many there are, the first `max` of them in out. */
size_t vault_keys(const struct vault *vault, uint32_t *out, size_t max);
/* Adds a new key to the ring and its file, which seals from then on; takes one away that is not the
 * newest (SND_E_NOTFOUND, SND_E_INUSE). On an error nothing has changed. */
SND_MUST int vault_key_add(struct vault *vault, uint32_t *number);
SND_MUST int vault_key_drop(struct vault *vault, uint32_t number);
#endif
