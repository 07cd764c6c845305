/* SPDX-License-Identifier: Apache-2.0
 * A telephone's authenticator:   totp SECRET STEPS
 * prints the code of so many steps from now, for a secret in base 32. */
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
    if (argc != 3)
        return 2;
    for (const char *text = argv[1]; *text && at < TOTP_SECRET; text++) {
        bits = bits << 5 | (unsigned)(*text >= 'A' ? *text - 'A' : *text - '2' + 26);
        held += 5;
        if (held >= 8)
            secret[at++] = (uint8_t)(bits >> (held -= 8));
    }
    totp_code(secret, clock_utc_ms() / 30000 + strtol(argv[2], NULL, 10), code);
    puts(code);
    return 0;
}
