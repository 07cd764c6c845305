/* SPDX-License-Identifier: Apache-2.0
 * Identifiers and random numbers, from the kernel's generator. Small ones are taken from a page
 * that is filled at once, since whoever saves needs many; what was taken is wiped there, and the
 * kernel empties the page of a process that was forked, so nobody gets what another has had. */
#include "base/id.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"

#define DRAWN 512 /* bytes that are fetched at once */
#define SMALL 32  /* at most so many are taken from them */

struct drawn {
    size_t left;
    uint8_t bytes[DRAWN];
};

static void fetch(void *out, size_t size)
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

/* The page of this thread, or NULL when the kernel can't empty it after a fork. */
static struct drawn *drawn_page(void)
{
    static _Thread_local struct drawn *page;
    static _Thread_local int tried;
    if (tried)
        return page;
    tried = 1;
    void *made =
        mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (made == MAP_FAILED)
        return NULL;
    if (madvise(made, sizeof *page, MADV_WIPEONFORK) == 0)
        page = made;
    else
        munmap(made, sizeof *page);
    return page;
}

void random_bytes(void *out, size_t size)
{
    struct drawn *drawn = size <= SMALL ? drawn_page() : NULL;
    if (!drawn) {
        fetch(out, size);
        return;
    }
    if (drawn->left < size) {
        fetch(drawn->bytes, DRAWN);
        drawn->left = DRAWN;
    }
    drawn->left -= size;
    memcpy(out, drawn->bytes + drawn->left, size);
    mem_wipe(drawn->bytes + drawn->left, size);
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
