/* SPDX-License-Identifier: Apache-2.0
 * Passwords: Argon2id by libsodium, always at the same cost so that time tells nothing.
 *
 * Slow and large on purpose (64 MiB): only the password workers call it, never the process that
 * writes the book. A name that doesn't exist costs the same as one that does. */
#include "base/secret.h"
#include <assert.h>
#include <ctype.h>
#include <sodium.h>
#include <string.h>
#include "base/err.h"
#include "base/id.h"
#include "base/mem.h"

#define COMMON_LONGEST 32
extern const char *const common_passwords[]; /* made by tools/embed: name, text, NULL */

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
    static char nobody[SECRET_TEXT]; /* of a word that nobody ever learns */
    if (!nobody[0]) {
        char word[SECRET_WORD];
        secret_word(word);
        if (secret_hash(word, nobody))
            nobody[0] = '\0'; /* short of memory: as wrong as any password */
        mem_wipe(word, sizeof word);
    }
    (void)secret_matches(nobody, password);
    return 0;
}

/* Lines of the list, sorted by byte; a comment of lines that begin with # comes before them. */
static const char *common_first(void)
{
    const char *at = common_passwords[1];
    while (*at == '#')
        at += strcspn(at, "\n") + 1;
    return at;
}

int secret_is_common(const char *password)
{
    char folded[COMMON_LONGEST + 1];
    size_t len = strnlen(password, sizeof folded);
    if (len == sizeof folded)
        return 0;
    for (size_t i = 0; i <= len; i++)
        folded[i] = (char)tolower((unsigned char)password[i]);
    const char *low = common_first(), *high = low + strlen(low);
    int found = 0;
    while (low < high && !found) {
        const char *line = low + (high - low) / 2;
        while (line > low && line[-1] != '\n')
            line--;
        size_t size = strcspn(line, "\n");
        int order = memcmp(folded, line, size < len ? size : len);
        if (order == 0)
            order = (len > size) - (len < size);
        found = order == 0;
        if (order < 0)
            high = line;
        else
            low = line + size + 1;
    }
    mem_wipe(folded, sizeof folded);
    return found;
}

void secret_word(char out[SECRET_WORD])
{
    static const char symbols[] = "0123456789abcdefghjkmnpqrstvwxyz";
    for (int i = 0; i < SECRET_WORD - 1; i++)
        out[i] = i % 5 == 4 ? '-' : symbols[random_below(32)];
    out[SECRET_WORD - 1] = '\0';
}
