/* SPDX-License-Identifier: Apache-2.0
 * Codes by time, made by liboath and compared here, since only we know which was used last. A clock
 * that is wrong finds no code right: nobody is let in by it. Codes are compared in one time,
 * whichever digit differs. */
#include "base/totp.h"
#include <ctype.h>
#include <liboath/oath.h>
#include <sodium.h>
#include <string.h>
#include "base/err.h"
#include "base/id.h"
#include "base/mem.h"

#define STEP_MS 30000
#define STEP_S 30
#define DIGITS 6

void totp_make(uint8_t secret[TOTP_SECRET])
{
    random_bytes(secret, TOTP_SECRET);
}

void totp_base32(const uint8_t secret[TOTP_SECRET], char out[TOTP_BASE32])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (size_t i = 0; i < TOTP_BASE32 - 1; i++) {
        size_t bit = i * 5;
        unsigned two = (unsigned)secret[bit / 8] << 8;
        if (bit / 8 + 1 < TOTP_SECRET)
            two |= secret[bit / 8 + 1];
        out[i] = letters[two >> (11 - bit % 8) & 31];
    }
    out[TOTP_BASE32 - 1] = '\0';
}

void totp_uri(const uint8_t secret[TOTP_SECRET], const char *account, char out[TOTP_URI])
{
    char text[TOTP_BASE32];
    totp_base32(secret, text);
    (void)str_format(out, TOTP_URI, "otpauth://totp/Sanad:%s?secret=%s&issuer=Sanad", account,
                     text);
    mem_wipe(text, sizeof text);
}

void totp_code(const uint8_t secret[TOTP_SECRET], int64_t step, char out[DIGITS + 1])
{
    memset(out, 0, DIGITS + 1);
    if (step < 0 || step > INT32_MAX || /* until the year 4011 */
        oath_totp_generate((const char *)secret, TOTP_SECRET, (time_t)(step * STEP_S), STEP_S, 0,
                           DIGITS, out) != OATH_OK)
        memset(out, 0, DIGITS + 1);
}

/* Exactly six digits, blanks left out. */
static int read_code(const char *typed, char out[DIGITS + 1])
{
    size_t count = 0;
    for (; *typed; typed++) {
        if (*typed == ' ')
            continue;
        if (!isdigit((unsigned char)*typed) || count == DIGITS)
            return SND_E_AUTH;
        out[count++] = *typed;
    }
    out[count] = '\0';
    return count == DIGITS ? 0 : SND_E_AUTH;
}

static int is_code_of(const uint8_t secret[TOTP_SECRET], int64_t step, const char *code)
{
    char right[DIGITS + 1];
    totp_code(secret, step, right);
    int same = right[0] && sodium_memcmp(right, code, DIGITS) == 0;
    mem_wipe(right, sizeof right);
    return same;
}

int totp_match(const uint8_t secret[TOTP_SECRET], const char *code, int64_t utc_ms, int64_t used,
               int64_t *step)
{
    char digits[DIGITS + 1];
    int64_t now = utc_ms / STEP_MS;
    int err = read_code(code, digits);
    if (err)
        return err;
    err = SND_E_AUTH;
    for (int64_t at = now - 1; at <= now + 1; at++)
        if (is_code_of(secret, at, digits) && at > used && err) {
            *step = at;
            err = 0;
        }
    mem_wipe(digits, sizeof digits);
    return err;
}

/* The first may be older than a code that is typed alone: its owner waited for the second. */
int totp_match_two(const uint8_t secret[TOTP_SECRET], const char *code, const char *next,
                   int64_t utc_ms, int64_t *step)
{
    char first[DIGITS + 1], second[DIGITS + 1];
    int64_t now = utc_ms / STEP_MS;
    int err = read_code(code, first);
    if (!err)
        err = read_code(next, second);
    if (err)
        return err;
    err = SND_E_AUTH;
    for (int64_t at = now - 2; at <= now; at++)
        if (is_code_of(secret, at, first) && is_code_of(secret, at + 1, second) && err) {
            *step = at + 1;
            err = 0;
        }
    mem_wipe(first, sizeof first);
    mem_wipe(second, sizeof second);
    return err;
}
