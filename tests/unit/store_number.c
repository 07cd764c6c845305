/* SPDX-License-Identifier: Apache-2.0 */
/* Request numbers: their form, and that the check symbol finds what people get wrong. */
#include <ctype.h>
#include <string.h>
#include "base/mem.h"
#include "store/number_priv.h"
#include "store/store.h"
#include "tests/tap.h"

static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static int shaped(const char *number)
{
    return strlen(number) == 18 && strncmp(number, "DA01-003-", 9) == 0 && number[16] == '-' &&
           strspn(number + 9, symbols) == 7 && strspn(number + 17, symbols) == 1;
}

/* Every other symbol in every place of the random part and the check. */
static int wrong_symbols_found(const char *number)
{
    for (size_t at = 9; at < 18; at++)
        for (size_t i = 0; i < 32 && at != 16; i++) {
            char other[NUMBER_SIZE];
            memcpy(other, number, sizeof other);
            if (other[at] == symbols[i])
                continue;
            other[at] = symbols[i];
            if (store_number_ok(other))
                return 0;
        }
    return 1;
}

static int exchanges_found(const char *number)
{
    for (size_t a = 9; a < 18; a++)
        for (size_t b = a + 1; b < 18; b++) {
            char other[NUMBER_SIZE];
            memcpy(other, number, sizeof other);
            if (a == 16 || b == 16 || other[a] == other[b])
                continue;
            other[a] = number[b];
            other[b] = number[a];
            if (store_number_ok(other))
                return 0;
        }
    return 1;
}

static int forgiving(const char *number)
{
    char other[NUMBER_SIZE];
    memcpy(other, number, sizeof other);
    for (size_t i = 0; i < 18; i++) {
        other[i] = other[i] == '0' ? 'o' : other[i] == '1' ? 'l' : (char)tolower(other[i]);
    }
    return store_number_ok(other);
}

static void test_many(void)
{
    int form = 0, ok = 0, wrong = 0, exchanged = 0, forgiven = 0;
    for (int i = 0; i < 500; i++) {
        char number[NUMBER_SIZE];
        store_number_make("DA01-003", number);
        form += shaped(number);
        ok += store_number_ok(number);
        wrong += wrong_symbols_found(number);
        exchanged += exchanges_found(number);
        forgiven += forgiving(number);
    }
    tap_is_int(form, 500, "centre, seven symbols and a check symbol");
    tap_is_int(ok, 500, "a number made is a number accepted");
    tap_is_int(wrong, 500, "every single wrong symbol is found");
    tap_is_int(exchanged, 500, "every exchange of two symbols is found");
    tap_is_int(forgiven, 500, "small letters, o for 0 and l for 1 are forgiven");
}

int main(void)
{
    static const char *const bad[] = {
        "",           "-",          "DA01-003",    "DA01-003-",           "-1234567-0",
        "A-123456-0", "A-12345678", "A-1234567-*", "DA01-003-7K3M9QX-H-", "\xd9\xa1-1234567-0"};
    char number[NUMBER_SIZE];
    test_many();
    for (size_t i = 0; i < SND_COUNT(bad); i++)
        tap_is_int(store_number_ok(bad[i]), 0, "no number");
    store_number_make("DA01-003", number);
    number[0] = 'M';
    tap_is_int(store_number_ok(number), 0, "the centre's code is checked too");
    store_number_make("MU99-123-ABCD", number);
    tap_ok(store_number_ok(number) && strlen(number) == NUMBER_SIZE - 1, "the longest centre code");
    char word[NUMBER_SYMBOLS + 1];
    number_word("DA01-003-7K3M9QX-H", word);
    tap_is(word, "7k3m9qx", "the word to search by");
    return tap_done();
}
