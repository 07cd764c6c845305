/* SPDX-License-Identifier: Apache-2.0
 * Invitations. Sixteen symbols are the hub's mark and eight the secret, written down in groups of
 * four. The check symbol of a group is worked out of its symbols by their place and of the group's
 * own number, modulo 31 as in base/code.c: a wrong symbol, two that changed places and two groups
 * that changed places are seen. */
#include "base/invite.h"
#include <assert.h>
#include <string.h>
#include "base/err.h"
#include "base/id.h"
#include "base/mem.h"

#define IN_GROUP 4
#define WITH_CHECK (IN_GROUP + 1)
#define VALUES (INVITE_GROUPS * IN_GROUP)
#define MARK_VALUES (INVITE_MARK * 8 / 5)
#define CHECK_MODULUS 31
#define GROUP_WEIGHT 7

static_assert(MARK_VALUES + CODE_PLAIN - 1 == VALUES, "all symbols have their use");
static_assert(INVITE_TEXT == INVITE_GROUPS * (WITH_CHECK + 1), "dashes between, a zero behind");

static uint8_t check_value(const uint8_t *group, unsigned number)
{
    unsigned rest = number * GROUP_WEIGHT;
    for (unsigned i = 0; i < IN_GROUP; i++)
        rest += group[i] * (i + 1);
    return (uint8_t)(rest % CHECK_MODULUS);
}

/* Five bits at a time, the highest first. */
static void mark_to_values(const uint8_t mark[INVITE_MARK], uint8_t *values)
{
    for (unsigned i = 0; i < MARK_VALUES; i++) {
        unsigned bit = i * 5, byte = bit / 8;
        unsigned two = (unsigned)mark[byte] << 8 | (byte + 1 < INVITE_MARK ? mark[byte + 1] : 0);
        values[i] = (uint8_t)(two >> (11 - bit % 8) & 31);
    }
}

static void values_to_mark(const uint8_t *values, uint8_t mark[INVITE_MARK])
{
    memset(mark, 0, INVITE_MARK);
    for (unsigned bit = 0; bit < INVITE_MARK * 8; bit++)
        if (values[bit / 5] >> (4 - bit % 5) & 1)
            mark[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
}

void invite_make(const uint8_t ca[HASH_SIZE], struct invite *out)
{
    memcpy(out->mark, ca, INVITE_MARK);
    for (size_t i = 0; i < CODE_PLAIN - 1; i++)
        out->secret[i] = code_symbols[random_below(32)];
    out->secret[CODE_PLAIN - 1] = '\0';
}

void invite_text(const struct invite *invite, char out[INVITE_TEXT])
{
    uint8_t values[VALUES];
    mark_to_values(invite->mark, values);
    for (size_t i = 0; i < CODE_PLAIN - 1; i++)
        values[MARK_VALUES + i] = (uint8_t)code_value(invite->secret[i]);
    for (unsigned group = 0; group < INVITE_GROUPS; group++) {
        const uint8_t *four = values + group * IN_GROUP;
        for (unsigned i = 0; i < IN_GROUP; i++)
            *out++ = code_symbols[four[i]];
        *out++ = code_symbols[check_value(four, group + 1)];
        *out++ = group + 1 < INVITE_GROUPS ? '-' : '\0';
    }
    mem_wipe(values, sizeof values);
}

/* 1 when there are as many symbols as there should be and nothing else. */
static int symbols_of(const char *typed, uint8_t values[INVITE_GROUPS * WITH_CHECK])
{
    size_t count = 0;
    for (; *typed; typed++) {
        if (*typed == '-' || *typed == ' ')
            continue;
        int value = code_value(*typed);
        if (value < 0 || count == INVITE_GROUPS * WITH_CHECK)
            return 0;
        values[count++] = (uint8_t)value;
    }
    return count == INVITE_GROUPS * WITH_CHECK;
}

int invite_read(const char *typed, struct invite *out, int *group)
{
    uint8_t read[INVITE_GROUPS * WITH_CHECK], values[VALUES];
    int err = symbols_of(typed, read) ? 0 : SND_E_BAD;
    *group = 0;
    for (unsigned g = 0; g < INVITE_GROUPS && !err; g++) {
        const uint8_t *five = read + (size_t)g * WITH_CHECK;
        memcpy(values + (size_t)g * IN_GROUP, five, IN_GROUP);
        if (check_value(five, g + 1) != five[IN_GROUP]) {
            *group = (int)g + 1;
            err = SND_E_BAD;
        }
    }
    if (!err) {
        values_to_mark(values, out->mark);
        for (size_t i = 0; i < CODE_PLAIN - 1; i++)
            out->secret[i] = code_symbols[values[MARK_VALUES + i]];
        out->secret[CODE_PLAIN - 1] = '\0';
    }
    mem_wipe(read, sizeof read);
    mem_wipe(values, sizeof values);
    return err;
}

int invite_is_of(const struct invite *invite, const uint8_t ca[HASH_SIZE])
{
    return memcmp(invite->mark, ca, INVITE_MARK) == 0;
}
