/* SPDX-License-Identifier: Apache-2.0 */
/* The normalisers of ICU, for this room only. Both are singletons inside ICU: nothing is opened or
 * freed by a call. */
#include "text/norm_priv.h"
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include "base/err.h"
#include "base/mem.h"
#include "text/input.h"

static const UNormalizer2 *nfc, *nfkc;

void norm_warm(void)
{
    UErrorCode status = U_ZERO_ERROR;
    if (nfc)
        return;
    nfc = unorm2_getNFCInstance(&status);
    nfkc = unorm2_getNFKCInstance(&status);
    snd_assert(U_SUCCESS(status));
}

static int put_points(const UChar *units, int32_t count, int marks, struct buf *out)
{
    int run = 0, cut = 0;
    for (int32_t i = 0; i < count;) {
        UChar32 point;
        char bytes[5];
        U16_NEXT(units, i, count, point);
        int width = point_width((uint32_t)point);
        run = width == 0 ? run + 1 : 0;
        if (marks && (run > marks || width < 0)) {
            cut = 1;
            continue;
        }
        buf_put(out, bytes, (size_t)utf8_put((uint32_t)point, bytes));
    }
    return cut;
}

int norm_nfc(const UChar *units, int32_t count, int marks, struct buf *out)
{
    UErrorCode status = U_ZERO_ERROR;
    norm_warm();
    if (unorm2_isNormalized(nfc, units, count, &status) && U_SUCCESS(status))
        return put_points(units, count, marks, out);
    /* Three units for one is the most that NFC ever makes. */
    int32_t room = count * 3 + 1;
    UChar *made = x_calloc((size_t)room, sizeof *made);
    status = U_ZERO_ERROR;
    int32_t length = unorm2_normalize(nfc, units, count, made, room, &status);
    snd_assert(U_SUCCESS(status));
    int cut = put_points(made, length, marks, out);
    x_free(&made);
    return cut;
}

int norm_boundary_before(uint32_t point)
{
    norm_warm();
    return unorm2_hasBoundaryBefore(nfc, (UChar32)point);
}

int norm_decompose(uint32_t point, uint32_t *out, int size)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[64];
    int made = 0;
    norm_warm();
    int32_t count = unorm2_getDecomposition(nfkc, (UChar32)point, units, SND_COUNT(units), &status);
    if (U_FAILURE(status))
        return 0;
    for (int32_t i = 0; i < count && made < size;) {
        UChar32 part;
        U16_NEXT(units, i, count, part);
        out[made++] = (uint32_t)part;
    }
    return made;
}
