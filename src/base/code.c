/* SPDX-License-Identifier: Apache-2.0
 * One-time codes on paper. The check symbol is the value of the eight symbols modulo 31, each by
 * its place: always one of the same symbols, and one that is wrong, or two that changed places, are
 * seen (but 0 for Z). */
#include "base/code.h"
#include <ctype.h>
#include <string.h>
#include "base/err.h"
#include "base/id.h"
#include "base/mem.h"

#define SYMBOLS 8
#define CHECK_MODULUS 31

const char code_symbols[33] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static char check_symbol(const char *plain)
{
    unsigned rest = 0;
    for (int i = 0; i < SYMBOLS; i++)
        rest += (unsigned)code_value(plain[i]) * (unsigned)(i + 1);
    return code_symbols[rest % CHECK_MODULUS];
}

void code_make(char out[CODE_TEXT])
{
    char plain[CODE_PLAIN];
    for (int i = 0; i < SYMBOLS; i++)
        plain[i] = code_symbols[random_below(32)];
    plain[SYMBOLS] = '\0';
    (void)str_format(out, CODE_TEXT, "%.4s-%.4s-%c", plain, plain + 4, check_symbol(plain));
    mem_wipe(plain, sizeof plain);
}

int code_value(char typed)
{
    char upper = (char)toupper((unsigned char)typed);
    if (upper == 'O')
        return 0;
    if (upper == 'I' || upper == 'L')
        return 1;
    const char *found = upper ? strchr(code_symbols, upper) : NULL;
    return found ? (int)(found - code_symbols) : -1;
}

int code_read(const char *typed, char out[CODE_PLAIN])
{
    char read[SYMBOLS + 1];
    size_t count = 0;
    for (; *typed; typed++) {
        if (*typed == '-' || *typed == ' ')
            continue;
        int value = code_value(*typed);
        if (value < 0 || count == sizeof read)
            return SND_E_BAD;
        read[count++] = code_symbols[value];
    }
    if (count != sizeof read || read[SYMBOLS] != check_symbol(read))
        return SND_E_BAD;
    memcpy(out, read, SYMBOLS);
    out[SYMBOLS] = '\0';
    mem_wipe(read, sizeof read);
    return 0;
}
