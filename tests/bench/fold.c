/* SPDX-License-Identifier: Apache-2.0
 * Presentation forms, lam-alef, Arabic-Indic digits and marks brought to base letters cell by cell,
 * so that a server that shapes is matched as well as one that doesn't. Separate from the product's
 * own folding on purpose: what is measured must not also be the measure. */
#include "tests/bench/load.h"

int fold_decode(const char *text, uint32_t *out, int max)
{
    const unsigned char *at = (const unsigned char *)text;
    int n = 0;
    while (*at && n < max) {
        uint32_t c = *at++;
        int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
        if (more)
            c &= 0x3fu >> more;
        while (more-- > 0 && (*at & 0xc0) == 0x80)
            c = c << 6 | (*at++ & 0x3fu);
        out[n++] = c;
    }
    return n;
}

int fold_encode(uint32_t c, char out[5])
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    int len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (int i = len - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead[len] | c);
    if (len == 1)
        out[0] = (char)c;
    out[len] = '\0';
    return len;
}

/* The block U+FE80..U+FEF4 in order: each base letter and how many forms it has there. */
static const struct {
    uint16_t base;
    uint8_t forms;
} letters[] = {
    {0x621, 1}, {0x622, 2}, {0x623, 2}, {0x624, 2}, {0x625, 2}, {0x626, 4}, {0x627, 2}, {0x628, 4},
    {0x629, 2}, {0x62a, 4}, {0x62b, 4}, {0x62c, 4}, {0x62d, 4}, {0x62e, 4}, {0x62f, 2}, {0x630, 2},
    {0x631, 2}, {0x632, 2}, {0x633, 4}, {0x634, 4}, {0x635, 4}, {0x636, 4}, {0x637, 4}, {0x638, 4},
    {0x639, 4}, {0x63a, 4}, {0x641, 4}, {0x642, 4}, {0x643, 4}, {0x644, 4}, {0x645, 4}, {0x646, 4},
    {0x647, 4}, {0x648, 2}, {0x649, 2}, {0x64a, 4},
};

static uint32_t base_of(uint32_t c)
{
    static uint16_t table[0xfef5 - 0xfe80];
    if (!table[0]) {
        unsigned at = 0;
        for (size_t i = 0; i < SND_COUNT(letters); i++) {
            for (int k = 0; k < letters[i].forms; k++)
                table[at++] = letters[i].base;
        }
    }
    return table[c - 0xfe80];
}

static bool dropped(uint32_t c)
{
    return c == 0x640 || (c >= 0x64b && c <= 0x652) || c == 0x200e || c == 0x200f ||
           (c >= 0x2066 && c <= 0x2069);
}

int fold_point(uint32_t c, uint32_t out[2])
{
    static const uint16_t alefs[] = {0x622, 0x623, 0x625, 0x627};
    if (c >= 0xfef5 && c <= 0xfefc) {
        out[0] = 0x644;
        out[1] = alefs[(c - 0xfef5) / 2];
        return 2;
    }
    if (c >= 0xfe80 && c < 0xfef5)
        c = base_of(c);
    if (c >= 0x660 && c <= 0x669)
        c = c - 0x660 + '0';
    if (dropped(c))
        return 0;
    out[0] = c ? c : ' ';
    return 1;
}

int fold_string(const char *text, uint32_t *out, int max)
{
    uint32_t points[LOAD_TYPED], folded[2];
    int count = fold_decode(text, points, LOAD_TYPED), n = 0;
    for (int i = 0; i < count; i++) {
        int k = fold_point(points[i], folded);
        for (int j = 0; j < k && n < max; j++)
            out[n++] = folded[j];
    }
    return n;
}
