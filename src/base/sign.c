/* SPDX-License-Identifier: Apache-2.0
 * Ed25519 by libsodium. Making a key or a signature can only fail by our own mistake, so that ends
 * the process; checking is for what strangers sent. */
#include "base/sign.h"
#include <assert.h>
#include <sodium.h>
#include "base/err.h"

static_assert(SIGN_PUBLIC == crypto_sign_PUBLICKEYBYTES, "the library's sizes");
static_assert(SIGN_SECRET == crypto_sign_SECRETKEYBYTES, "the library's sizes");
static_assert(SIGN_SIZE == crypto_sign_BYTES, "the library's sizes");

void sign_new(uint8_t public_key[SIGN_PUBLIC], uint8_t secret[SIGN_SECRET])
{
    snd_assert(sodium_init() >= 0 && crypto_sign_keypair(public_key, secret) == 0);
}

void sign_make(const uint8_t secret[SIGN_SECRET], const void *bytes, size_t len,
               uint8_t out[SIGN_SIZE])
{
    snd_assert(sodium_init() >= 0 && crypto_sign_detached(out, NULL, bytes, len, secret) == 0);
}

int sign_check(const uint8_t public_key[SIGN_PUBLIC], const void *bytes, size_t len,
               const uint8_t signature[SIGN_SIZE])
{
    return crypto_sign_verify_detached(signature, bytes, len, public_key) == 0;
}
