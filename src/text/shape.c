/* SPDX-License-Identifier: Apache-2.0 */
/* Arabic joining. Letters become presentation forms, because those are the only Arabic that every
 * terminal draws as it is told: one that shapes by itself leaves them alone, one that doesn't shows
 * them joined. Which letters join comes from Unicode's joining types, and which form is which from
 * the decompositions of the presentation forms, both read out of ICU once.
 *
 * ICU's own u_shapeArabic is not used: it moves marks into cells of their own, doesn't know some
 * letters and breaks joining at others' marks. Letters without presentation forms (Kurdish, Sindhi)
 * stay unjoined. Marks never influence joining and ride on their base, at most CELL_MARKS of them.
 */
#include "text/shape_priv.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include "base/err.h"
#include "text/input.h"

enum { BLOCK = 0x0600, BLOCK_SIZE = 0x100, LAM = 0x0644, ZWNJ = 0x200C, ZWJ = 0x200D };
enum { DOTTED_CIRCLE = 0x25CC, NO_PLACE = 0xFFFD };
/* Bits of a letter's surroundings; together the column of the forms table. */
enum { AFTER = 1, BEFORE = 2, FORMS = 4 };

static const uint16_t alefs[] = {0x0622, 0x0623, 0x0625, 0x0627};
static uint16_t forms[BLOCK_SIZE][FORMS];
static uint16_t lam_alefs[SND_COUNT(alefs)][FORMS];
static uint8_t join_types[BLOCK_SIZE];
static int warm;

static int alef_number(uint32_t point)
{
    for (size_t i = 0; i < SND_COUNT(alefs); i++)
        if (alefs[i] == point)
            return (int)i;
    return -1;
}

/* Which column of the table a presentation form fills; -1 for none. */
static int form_of(UChar32 point)
{
    switch (u_getIntPropertyValue(point, UCHAR_DECOMPOSITION_TYPE)) {
    case U_DT_ISOLATED:
        return 0;
    case U_DT_FINAL:
        return AFTER;
    case U_DT_INITIAL:
        return BEFORE;
    case U_DT_MEDIAL:
        return AFTER | BEFORE;
    default:
        return -1;
    }
}

static void learn_form(const UNormalizer2 *norm, UChar32 point)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar parts[32];
    int form = form_of(point);
    if (form < 0)
        return;
    int32_t count = unorm2_getRawDecomposition(norm, point, parts, SND_COUNT(parts), &status);
    if (U_FAILURE(status))
        return;
    if (count == 1 && parts[0] >= BLOCK && parts[0] < BLOCK + BLOCK_SIZE) {
        uint16_t *slot = &forms[parts[0] - BLOCK][form];
        if (!*slot)
            *slot = (uint16_t)point;
    }
    if (count == 2 && parts[0] == LAM && alef_number(parts[1]) >= 0)
        lam_alefs[alef_number(parts[1])][form] = (uint16_t)point;
}

void shape_warm(void)
{
    UErrorCode status = U_ZERO_ERROR;
    if (warm)
        return;
    const UNormalizer2 *norm = unorm2_getNFKCInstance(&status);
    snd_assert(U_SUCCESS(status));
    for (UChar32 c = 0xFB50; c <= 0xFDFF; c++)
        learn_form(norm, c);
    for (UChar32 c = 0xFE70; c <= 0xFEFC; c++)
        learn_form(norm, c);
    for (int i = 0; i < BLOCK_SIZE; i++)
        join_types[i] = (uint8_t)u_getIntPropertyValue(BLOCK + i, UCHAR_JOINING_TYPE);
    warm = 1;
}

static int join_type(uint32_t point)
{
    if (point - BLOCK < BLOCK_SIZE)
        return join_types[point - BLOCK];
    if (point < 0x0300)
        return U_JT_NON_JOINING;
    return u_getIntPropertyValue((UChar32)point, UCHAR_JOINING_TYPE);
}

static int joins_on(int type)
{
    return type == U_JT_DUAL_JOINING || type == U_JT_JOIN_CAUSING || type == U_JT_LEFT_JOINING;
}

static int joins_back(int type)
{
    return type == U_JT_DUAL_JOINING || type == U_JT_JOIN_CAUSING || type == U_JT_RIGHT_JOINING;
}

/* For each character: is it joined to the one before, to the one after. */
static void surroundings(const uint32_t *points, int count, uint8_t *out)
{
    int last = -1, last_type = U_JT_NON_JOINING;
    for (int i = 0; i < count; i++) {
        int type = join_type(points[i]);
        out[i] = 0;
        if (type == U_JT_TRANSPARENT)
            continue;
        if (last >= 0 && joins_on(last_type) && joins_back(type)) {
            out[last] |= BEFORE;
            out[i] |= AFTER;
        }
        last = i;
        last_type = type;
    }
}

/* The form of a letter; a letter that lacks the joined form keeps the nearest it has. */
static uint32_t form(uint32_t point, int around)
{
    if (point - BLOCK >= BLOCK_SIZE)
        return point;
    const uint16_t *row = forms[point - BLOCK];
    if (row[around])
        return row[around];
    return row[around & AFTER] ? row[around & AFTER] : point;
}

static void add_mark(struct cluster *cluster, uint32_t mark)
{
    for (int i = 0; i < CELL_MARKS; i++) {
        if (!cluster->marks[i]) {
            cluster->marks[i] = mark;
            return;
        }
    }
}

/* The alef that makes one cell with the lam at i, with nothing but marks between; -1 if none. */
static int find_alef(const uint32_t *points, int count, int i)
{
    if (points[i] != LAM)
        return -1;
    do
        i++;
    while (i < count && point_width(points[i]) == 0);
    return i < count && alef_number(points[i]) >= 0 ? i : -1;
}

/* Starts a cluster at character i and takes what is fixed to it; returns the next character. */
static int start(const uint32_t *points, int count, int i, uint8_t around, struct cluster *out)
{
    int width = point_width(points[i]), alef = find_alef(points, count, i);
    memset(out, 0, sizeof *out);
    out->index = i;
    out->span = 1;
    out->width = 1;
    if (alef >= 0) {
        out->base = lam_alefs[alef_number(points[alef])][around & AFTER];
        out->span = (int16_t)(alef - i + 1);
        for (int k = i + 1; k < alef; k++)
            add_mark(out, points[k]);
        return alef + 1;
    }
    if (points[i] == LAYOUT_GAP_SIGN) {
        out->base = ' ';
    } else if (width == 0) {
        out->base = DOTTED_CIRCLE;
        add_mark(out, points[i]);
    } else if (width < 0) {
        out->base = NO_PLACE;
    } else {
        out->base = form(points[i], around);
        out->width = (uint8_t)width;
    }
    return i + 1;
}

int shape_join(const uint32_t *points, const uint8_t *levels, int count, struct cluster *out)
{
    static uint8_t around[LAYOUT_MOST];
    int made = 0;
    snd_assert(count <= LAYOUT_MOST);
    shape_warm();
    surroundings(points, count, around);
    for (int i = 0; i < count;) {
        struct cluster *last = made ? &out[made - 1] : NULL;
        int joiner = points[i] == ZWNJ || points[i] == ZWJ;
        int rides = last && (joiner || (last->base != NO_PLACE && point_width(points[i]) == 0));
        if (!rides) {
            int next = start(points, count, i, around[i], &out[made]);
            out[made++].level = levels[i];
            i = next;
            continue;
        }
        if (!joiner)
            add_mark(last, points[i]);
        last->span++;
        i++;
    }
    return made;
}

/* Cutting is rare, so the letter is looked for rather than kept in each cluster. */
uint32_t shape_alone(uint32_t base)
{
    for (int i = 0; i < BLOCK_SIZE && base >= 0xFB50; i++) {
        if (forms[i][BEFORE] == base)
            return form(BLOCK + (uint32_t)i, 0);
        if (forms[i][BEFORE | AFTER] == base)
            return form(BLOCK + (uint32_t)i, AFTER);
    }
    return base;
}
