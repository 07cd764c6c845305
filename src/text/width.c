/* SPDX-License-Identifier: Apache-2.0 */
/* How many columns a code point takes. Only what every terminal and the C library agree on has a
 * width here; the rest has none, is refused on input and drawn as U+FFFD. That is why characters
 * newer than the C library's Unicode 14 have no width, and neither have emoji, conjoining jamo,
 * spacing combining marks, the enclosing Arabic signs and the word ligatures U+FDF0..FDFF. */
#include "text/input.h"
#include <unicode/uchar.h>

#define NEWEST_UNICODE 14

struct range {
    uint32_t first, last;
};
/* Measured widths that differ between terminals or from wcwidth(), in rising order. */
static const struct range uncertain[] = {
    {0x1160, 0x11FF}, {0x3248, 0x324F}, {0x4DC0, 0x4DFF}, {0xD7B0, 0xD7FF}, {0xFDF0, 0xFDFF},
};

static int is_uncertain(uint32_t point)
{
    for (size_t i = 0; i < SND_COUNT(uncertain); i++)
        if (point >= uncertain[i].first && point <= uncertain[i].last)
            return 1;
    return 0;
}

static int by_properties(uint32_t point)
{
    static const uint32_t none = U_MASK(U_UNASSIGNED) | U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK |
                                 U_GC_CS_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK | U_GC_MC_MASK;
    UChar32 c = (UChar32)point;
    uint32_t category = U_GET_GC_MASK(c);
    if ((category & none) || is_uncertain(point) ||
        u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) ||
        u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION))
        return -1;
    UVersionInfo age;
    u_charAge(c, age);
    if (age[0] > NEWEST_UNICODE)
        return -1;
    if (category & (U_GC_MN_MASK | U_GC_ME_MASK))
        return 0;
    int east = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return east == U_EA_WIDE || east == U_EA_FULLWIDTH ? 2 : 1;
}

int point_width(uint32_t point)
{
    if (point < 0x7F)
        return point >= 0x20 ? 1 : -1;
    if ((point >= 0x0620 && point <= 0x064A) || (point >= 0xFE80 && point <= 0xFEFC))
        return 1;
    if (point >= 0x064B && point <= 0x065F)
        return 0;
    return point > 0x10FFFF ? -1 : by_properties(point);
}
