/* SPDX-License-Identifier: Apache-2.0 */
/* The number that a citizen gets: the centre's code, seven random Crockford base-32 symbols (35
 * bits: made offline, looked up before use, never in sequence so that nobody can count a centre's
 * requests) and a check symbol. The check is a sum modulo 37 with the powers of two as weights: 37
 * is prime and 2 generates all of its 36 residues, so every single wrong symbol and every exchange
 * of two is found in numbers up to 36 symbols. Numbers whose check would be one of Crockford's five
 * extra signs (* ~ $ = U) are not given out: a number is read over the telephone. */
#include <string.h>
#include "base/err.h"
#include "base/id.h"
#include "base/mem.h"
#include "store/number_priv.h"
#include "store/store.h"

#define NUMBER_MODULUS 37

static const char number_symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Value of a symbol, look-alikes forgiven; -1 for what isn't one. U is outside of Crockford's
 * alphabet but may stand in a centre's code. */
static int number_value(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        return 0;
    if (c == 'I' || c == 'L')
        return 1;
    if (c == 'U')
        return 32;
    const char *at = c == '\0' ? NULL : strchr(number_symbols, c);
    return at == NULL ? -1 : (int)(at - number_symbols);
}

/* The value that makes the sum of all symbols nought; -1 when something isn't a symbol. */
static int number_check(const char *symbols, size_t len)
{
    int sum = 0;
    for (size_t i = 0; i < len; i++) {
        if (symbols[i] == '-')
            continue;
        int value = number_value(symbols[i]);
        if (value < 0)
            return -1;
        sum = (sum + value) * 2 % NUMBER_MODULUS;
    }
    return (NUMBER_MODULUS - sum) % NUMBER_MODULUS;
}

int store_centre_ok(const char *centre)
{
    static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    size_t len = strnlen(centre, NUMBER_CENTRE_MAX + 1);
    return len > 0 && len <= NUMBER_CENTRE_MAX && strspn(centre, signs) == len &&
           centre[0] != '-' && centre[len - 1] != '-';
}

void store_number_make(const char *centre, char out[24])
{
    size_t len = strlen(centre);
    snd_assert(store_centre_ok(centre));
    memcpy(out, centre, len);
    out[len++] = '-';
    int check;
    do {
        uint8_t drawn[NUMBER_SYMBOLS];
        random_bytes(drawn, sizeof drawn);
        for (size_t i = 0; i < NUMBER_SYMBOLS; i++)
            out[len + i] = number_symbols[drawn[i] % 32];
        check = number_check(out, len + NUMBER_SYMBOLS);
        snd_assert(check >= 0);
    } while (check >= 32);
    len += NUMBER_SYMBOLS;
    out[len++] = '-';
    out[len++] = number_symbols[check];
    out[len] = '\0';
}

/* Where the seven symbols begin, or 0. */
static size_t number_random_at(const char *number)
{
    size_t len = strnlen(number, NUMBER_SIZE);
    size_t tail = NUMBER_SYMBOLS + 2;
    if (len >= NUMBER_SIZE || len < tail + 2 || number[len - 2] != '-')
        return 0;
    return number[len - tail - 1] == '-' ? len - tail : 0;
}

int store_number_ok(const char *number)
{
    size_t at = number_random_at(number);
    if (at == 0)
        return 0;
    for (size_t i = at; i < at + NUMBER_SYMBOLS; i++)
        if (number_value(number[i]) < 0 || number_value(number[i]) > 31)
            return 0;
    int check = number_value(number[at + NUMBER_SYMBOLS + 1]);
    return check >= 0 && check < 32 && check == number_check(number, at + NUMBER_SYMBOLS);
}

int store_number_read(const char *typed, char out[24])
{
    char number[NUMBER_SIZE];
    if (str_copy(number, sizeof number, typed) != 0)
        return SND_E_BAD;
    for (char *c = number; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    if (!store_number_ok(number))
        return SND_E_BAD;
    for (size_t i = number_random_at(number); number[i] != '\0'; i++)
        if (number[i] != '-')
            number[i] = number_symbols[number_value(number[i])];
    return str_copy(out, NUMBER_SIZE, number);
}

void number_word(const char *number, char out[NUMBER_SYMBOLS + 1])
{
    size_t at = number_random_at(number);
    memset(out, 0, NUMBER_SYMBOLS + 1);
    for (size_t i = 0; at > 0 && i < NUMBER_SYMBOLS; i++) {
        char c = number[at + i];
        out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
}
