/* SPDX-License-Identifier: Apache-2.0
 * The one way to read a number.
 *
 * Whole, ASCII, within the bounds that the caller names, and nothing before or behind it: no
 * blanks, no other base, no silent cut of what is too large. */
#include "base/num.h"
#include <errno.h>
#include <stdlib.h>
#include "base/err.h"

int num_parse(const char *text, int64_t min, int64_t max, int64_t *out)
{
    const char *digits = text + (*text == '-' || *text == '+');
    if (*digits < '0' || *digits > '9')
        return SND_E_BAD;
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || *end || number < min || number > max)
        return SND_E_BAD;
    *out = number;
    return 0;
}

size_t num_text(int64_t number, char out[NUM_TEXT])
{
    char digits[NUM_TEXT];
    size_t count = 0, len = 0;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        digits[count++] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (number < 0)
        out[len++] = '-';
    while (count > 0)
        out[len++] = digits[--count];
    out[len] = '\0';
    return len;
}
