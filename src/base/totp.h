/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TOTP_H
#define BASE_TOTP_H
#include <stdint.h>
#include "base/attr.h"
/* Codes that change every 30 seconds (RFC 6238: SHA-1, six digits), as every telephone's
 * authenticator makes them. */
#define TOTP_SECRET 20 /* bytes */
#define TOTP_BASE32 33 /* the secret in base 32, and a zero */
#define TOTP_URI 256
void totp_make(uint8_t secret[TOTP_SECRET]);
void totp_base32(const uint8_t secret[TOTP_SECRET], char out[TOTP_BASE32]);
/* otpauth://totp/Sanad:ACCOUNT?...: what an authenticator takes the secret from. */
void totp_uri(const uint8_t secret[TOTP_SECRET], const char *account, char out[TOTP_URI]);
/* Finds the step whose code this is: the one of that moment, the one before or the one behind, and
 * none up to and including `used`, so that no code is ever taken twice and none when the clock went
 * back. Blanks in the code don't count. 0 and *step, or SND_E_AUTH. */
SND_MUST int totp_match(const uint8_t secret[TOTP_SECRET], const char *code, int64_t utc_ms,
                        int64_t used, int64_t *step);
/* The same for two codes of which the second is the one that follows the first; *step is its. */
SND_MUST int totp_match_two(const uint8_t secret[TOTP_SECRET], const char *code, const char *next,
                            int64_t utc_ms, int64_t *step);
/* The code of a step, for tests and for nobody else. */
void totp_code(const uint8_t secret[TOTP_SECRET], int64_t step, char out[7]);
#endif
