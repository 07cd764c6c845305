/* SPDX-License-Identifier: Apache-2.0
 * Documents of any bytes, looked at whole and in pieces: both must say the same. The first byte is
 * the size of the pieces. */
#include <stdlib.h>
#include "base/filetype.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct filetype_scan whole, parts;
    uint32_t pages[2];
    int cut[2];
    if (size < 1)
        return 0;
    size_t piece = data[0] + 1u;
    data++;
    size--;
    filetype_begin(&whole);
    filetype_begin(&parts);
    filetype_feed(&whole, data, size);
    for (size_t at = 0; at < size; at += piece)
        filetype_feed(&parts, data + at, size - at < piece ? size - at : piece);
    if (filetype_end(&whole, &pages[0], &cut[0]) != filetype_end(&parts, &pages[1], &cut[1]) ||
        pages[0] != pages[1] || cut[0] != cut[1] || pages[0] > FILETYPE_PAGES)
        abort();
    return 0;
}
