/* SPDX-License-Identifier: Apache-2.0
 * Which passwords may be chosen: long enough, not one of those that everybody tries first, and more
 * than the account's name or the centre's code with a few signs about it. Nothing else is asked of
 * a password: rules about kinds of signs only make people write them down. */
#include <ctype.h>
#include <string.h>
#include "base/err.h"
#include "ledger/op_priv.h"
#include "text/input.h"

#define PASSWORD_LEAST 8 /* characters */
#define AROUND_LEAST 4   /* besides a name that is in it */

/* Letters and digits alone, in lower case: "DA01-003" and "da01003" are the same word. */
static void bare(const char *text, char out[OP_PASSWORD])
{
    size_t count = 0;
    for (; *text && count < OP_PASSWORD - 1; text++)
        if (isalnum((unsigned char)*text) || (unsigned char)*text >= 0x80)
            out[count++] = (char)tolower((unsigned char)*text);
    out[count] = '\0';
}

/* 1 when the password is hardly more than that word. */
static int is_about(const char *password, const char *word)
{
    char bare_word[OP_PASSWORD], bare_password[OP_PASSWORD];
    bare(word, bare_word);
    bare(password, bare_password);
    int about = bare_word[0] && strstr(bare_password, bare_word) &&
                strlen(bare_password) - strlen(bare_word) < AROUND_LEAST;
    mem_wipe(bare_password, sizeof bare_password);
    return about;
}

int password_judge(const char *password, const char *account, const char *centre)
{
    if (utf8_count(password) < PASSWORD_LEAST)
        return SND_E_INVALID;
    if (secret_is_common(password) || is_about(password, account) || is_about(password, centre))
        return SND_E_COMMON;
    return 0;
}
