/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SIGN_H
#define BASE_SIGN_H
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
/* Ed25519 (RFC 8032) signatures. Wipe a secret when it has been used. */
#define SIGN_PUBLIC 32
#define SIGN_SECRET 64
#define SIGN_SIZE 64
void sign_new(uint8_t public_key[SIGN_PUBLIC], uint8_t secret[SIGN_SECRET]);
void sign_make(const uint8_t secret[SIGN_SECRET], const void *bytes, size_t len, uint8_t out[SIGN_SIZE]);
/* 1 when it is that key's signature of these bytes, else 0. */
int sign_check(const uint8_t public_key[SIGN_PUBLIC], const void *bytes, size_t len, const uint8_t signature[SIGN_SIZE]);
#endif
