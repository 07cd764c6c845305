/* SPDX-License-Identifier: Apache-2.0
 * Codes on paper, codes by time, and passwords that everybody tries first. */
#include <ctype.h>
#include <string.h>
#include "base/code.h"
#include "base/err.h"
#include "base/id.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/totp.h"
#include "tests/tap.h"

static void on_paper(void)
{
    char code[CODE_TEXT], plain[CODE_PLAIN], typed[64];
    int read = 0, slips = 0, swaps = 0, seen = 0;
    for (int i = 0; i < 500; i++) {
        code_make(code);
        read += code_read(code, plain) == 0 && strlen(plain) == 8;
        (void)str_format(typed, sizeof typed, " %.4s %.4s%c ", code, code + 5, code[10]);
        for (char *at = typed; *at; at++)
            *at = *at == '0' ? 'o' : *at == '1' ? 'l' : (char)tolower((unsigned char)*at);
        read += code_read(typed, typed + 32) == 0 && strcmp(plain, typed + 32) == 0;
        (void)str_copy(typed, sizeof typed, code);
        typed[i % 4] = typed[i % 4] == '7' ? '8' : '7';
        slips += code_read(typed, plain) != 0 || strcmp(typed, code) == 0;
        (void)str_copy(typed, sizeof typed, code);
        typed[0] = code[1];
        typed[1] = code[0];
        if (code[0] != code[1] && !strpbrk(code, "Z0")) {
            seen++;
            swaps += code_read(typed, plain) != 0;
        }
    }
    tap_is_int(read, 1000, "a code is read as it was made, and as people write it");
    tap_is_int(slips, 500, "a wrong symbol is seen");
    tap_is_int(swaps, seen, "so are two that changed places");
    tap_ok(code_read("", plain) && code_read("ABCD-EFGH", plain) &&
               code_read("1234567890", plain) && code_read("ABCD-EFGH-\033", plain),
           "what is no code");
}

static void by_time(void)
{
    /* RFC 6238, appendix B: the last six digits. */
    static const struct {
        int64_t second;
        const char *code;
    } row[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
               {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    const uint8_t *secret = (const uint8_t *)"12345678901234567890";
    char text[TOTP_BASE32], uri[TOTP_URI];
    int64_t step = 0, now = 2000000000000;
    int right = 0, in_time = 0;
    for (size_t i = 0; i < SND_COUNT(row); i++)
        right += totp_match(secret, row[i].code, row[i].second * 1000, 0, &step) == 0 &&
                 step == row[i].second / 30;
    tap_is_int(right, (int)SND_COUNT(row), "the codes of RFC 6238");
    for (int by = -3; by <= 3; by++)
        in_time += totp_match(secret, "279037", now + by * 30000, 0, &step) == 0;
    tap_is_int(in_time, 3, "a code is good one step before and one behind");
    tap_is_int(totp_match(secret, "279037", now, now / 30000, &step), SND_E_AUTH,
               "but not once it was used");
    tap_ok(totp_match(secret, "279037", 0, 0, &step) &&
               totp_match(secret, "279037", -1, 0, &step) &&
               totp_match(secret, "279037", INT64_MAX, 0, &step) &&
               totp_match(secret, "279037", 2145916800000, 0, &step),
           "a clock in 1970, in 2038 or nowhere lets nobody in");
    tap_ok(totp_match(secret, " 279 037", now, 0, &step) == 0 &&
               totp_match(secret, "27903", now, 0, &step) &&
               totp_match(secret, "2790370", now, 0, &step) &&
               totp_match(secret, "", now, 0, &step),
           "six digits, blanks apart");
    char next[7];
    totp_code(secret, now / 30000 + 1, next);
    tap_ok(totp_match_two(secret, "279037", next, now + 30000, &step) == 0 &&
               step == now / 30000 + 1 && totp_match_two(secret, next, "279037", now, &step) &&
               totp_match_two(secret, "279037", "279037", now, &step),
           "two codes in a row");
    totp_base32(secret, text);
    totp_uri(secret, "sup.north", uri);
    tap_is(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "the secret in base 32");
    tap_is(uri,
           "otpauth://totp/Sanad:sup.north?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sanad",
           "and as an address");
}

static void common(void)
{
    static const char *const first[] = {"password", "12345678",   "PassWord",
                                        "iloveyou", "qwertyuiop", "01011900"};
    int found = 0;
    for (size_t i = 0; i < SND_COUNT(first); i++)
        found += secret_is_common(first[i]);
    tap_is_int(found, (int)SND_COUNT(first), "passwords that everybody tries");
    tap_ok(!secret_is_common("") && !secret_is_common("zzzzzzzzzzzzzz-none") &&
               !secret_is_common("passwor") && !secret_is_common("test-word-1234") &&
               !secret_is_common("#SPDX-License-Identifier") && !secret_is_common("كلمة سر طويلة"),
           "and some that nobody does");
}

int main(void)
{
    on_paper();
    by_time();
    common();
    return tap_done();
}
