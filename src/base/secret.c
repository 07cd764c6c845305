/* SPDX-License-Identifier: Apache-2.0
 * Passwords: Argon2id by libsodium, always at the same cost so that time tells nothing.
 *
 * Slow and large on purpose (64 MiB): only the password workers call it, never the process that
 * writes the book. A name that doesn't exist costs the same as one that does. */
#include "base/secret.h"
#include <assert.h>
#include <sodium.h>
#include <string.h>
#include "base/err.h"
#include "base/id.h"

static_assert(SECRET_TEXT >= crypto_pwhash_STRBYTES, "a hashed password fits");

int secret_hash(const char *password, char out[SECRET_TEXT])
{
    snd_assert(sodium_init() >= 0);
    int failed =
        crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE);
    return failed ? SND_E_SYS : 0;
}

int secret_matches(const char *hashed, const char *password)
{
    snd_assert(sodium_init() >= 0);
    return crypto_pwhash_str_verify(hashed, password, strlen(password)) == 0;
}

int secret_matches_nobody(const char *password)
{
    char hashed[SECRET_TEXT];
    if (secret_hash(password, hashed))
        return 0; /* short of memory: as wrong as any password */
    return 0;
}

void secret_word(char out[SECRET_WORD])
{
    static const char symbols[] = "0123456789abcdefghjkmnpqrstvwxyz";
    for (int i = 0; i < SECRET_WORD - 1; i++)
        out[i] = i % 5 == 4 ? '-' : symbols[random_below(32)];
    out[SECRET_WORD - 1] = '\0';
}
