/* SPDX-License-Identifier: Apache-2.0
 * SHA-256 by libcrypto, and hex.
 *
 * libcrypto can only fail here for want of memory or by our own mistake, and a hash that isn't one
 * would end up in the book's chain: so a failure ends the process. */
#include "base/hash.h"
#include <openssl/evp.h>
#include <string.h>
#include "base/err.h"
#include "base/mem.h"

struct hash {
    EVP_MD_CTX *ctx;
};

/* Looked up by its name once: that takes as long as hashing a kilobyte. */
static const EVP_MD *sha256(void)
{
    static EVP_MD *found;
    if (!found)
        found = EVP_MD_fetch(NULL, "SHA256", NULL);
    snd_assert(found != NULL);
    return found;
}

void hash_bytes(const void *bytes, size_t len, uint8_t out[HASH_SIZE])
{
    unsigned size = HASH_SIZE;
    snd_assert(EVP_Digest(bytes, len, out, &size, sha256(), NULL) == 1);
}

struct hash *hash_start(void)
{
    struct hash *hash = x_alloc(sizeof *hash);
    hash->ctx = EVP_MD_CTX_new();
    snd_assert(hash->ctx && EVP_DigestInit_ex(hash->ctx, sha256(), NULL) == 1);
    return hash;
}

void hash_add(struct hash *hash, const void *bytes, size_t len)
{
    snd_assert(EVP_DigestUpdate(hash->ctx, bytes, len) == 1);
}

void hash_end(struct hash **hash, uint8_t out[HASH_SIZE])
{
    unsigned size = HASH_SIZE;
    snd_assert(EVP_DigestFinal_ex((*hash)->ctx, out, &size) == 1);
    EVP_MD_CTX_free((*hash)->ctx);
    x_free(hash);
}

void hex_text(const void *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *at = bytes;
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[at[i] >> 4];
        out[2 * i + 1] = digits[at[i] & 15];
    }
    out[2 * len] = '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int hex_parse(const char *text, void *out, size_t len)
{
    uint8_t *at = out;
    if (strlen(text) != 2 * len)
        return SND_E_BAD;
    for (size_t i = 0; i < len; i++) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return SND_E_BAD;
        at[i] = (uint8_t)(high << 4 | low);
    }
    return 0;
}
