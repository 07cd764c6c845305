/* SPDX-License-Identifier: Apache-2.0
 * Identifiers and random numbers, from the kernel's generator: safe after fork. */
#include "base/id.h"
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"

void random_bytes(void *out, size_t size)
{
    uint8_t *at = out;
    while (size > 0) {
        ssize_t got = getrandom(at, size, 0);
        if (got < 0) {
            snd_assert(errno == EINTR);
            continue;
        }
        at += got;
        size -= (size_t)got;
    }
}

uint32_t random_below(uint32_t bound)
{
    snd_assert(bound > 0);
    uint32_t least = -bound % bound, number;
    do
        random_bytes(&number, sizeof number);
    while (number < least);
    return number % bound;
}

struct id id_new(void)
{
    struct id id;
    random_bytes(id.b, sizeof id.b);
    uint64_t now = (uint64_t)clock_utc_ms();
    for (int i = 5; i >= 0; i--, now >>= 8)
        id.b[i] = (uint8_t)now;
    id.b[6] = (uint8_t)(0x70 | (id.b[6] & 0x0f));
    id.b[8] = (uint8_t)(0x80 | (id.b[8] & 0x3f));
    return id;
}

int id_is_zero(const struct id *id)
{
    static const struct id zero;
    return memcmp(id, &zero, sizeof zero) == 0;
}

int id_equal(const struct id *a, const struct id *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

void id_text(const struct id *id, char out[ID_TEXT])
{
    hex_text(id->b, sizeof id->b, out);
}

int id_parse(const char *text, struct id *out)
{
    return hex_parse(text, out->b, sizeof out->b);
}
