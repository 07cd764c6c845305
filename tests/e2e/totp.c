/* SPDX-License-Identifier: Apache-2.0
 * A telephone's authenticator:   totp SECRET STEPS...
 * prints the codes of so many steps from now, a line each, for a secret in base 32. All are of one
 * moment: the second of two calls may fall into the next step. */
#include <stdio.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/totp.h"

int main(int argc, char **argv)
{
    uint8_t secret[TOTP_SECRET] = {0};
    unsigned bits = 0, held = 0;
    size_t at = 0;
    char code[7];
    if (argc < 3)
        return 2;
    for (const char *text = argv[1]; *text && at < TOTP_SECRET; text++) {
        bits = bits << 5 | (unsigned)(*text >= 'A' ? *text - 'A' : *text - '2' + 26);
        held += 5;
        if (held >= 8)
            secret[at++] = (uint8_t)(bits >> (held -= 8));
    }
    int64_t now = clock_utc_ms() / 30000;
    for (int i = 2; i < argc; i++) {
        totp_code(secret, now + strtol(argv[i], NULL, 10), code);
        puts(code);
    }
    return 0;
}
