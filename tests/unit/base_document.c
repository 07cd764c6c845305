/* SPDX-License-Identifier: Apache-2.0
 * Documents as bytes: their type and pages by content whatever their pieces, ends that are missing,
 * and the sealed file that they lie in. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/filetype.h"
#include "base/mem.h"
#include "base/sealfile.h"
#include "tests/tap.h"

#define SOME (3 * SEALFILE_CHUNK + 1234)

/* The type of bytes that come in pieces of that size. */
static enum filetype scan(const void *bytes, size_t len, size_t piece, uint32_t *pages, int *cut)
{
    struct filetype_scan scan;
    filetype_begin(&scan);
    for (size_t at = 0; at < len; at += piece)
        filetype_feed(&scan, (const char *)bytes + at, len - at < piece ? len - at : piece);
    return filetype_end(&scan, pages, cut);
}

static int is(const void *bytes, size_t len, enum filetype type, uint32_t pages, int cut)
{
    int good = 1;
    for (size_t piece = 1; piece < 20; piece++) {
        uint32_t p = 99;
        int c = 99;
        good &= scan(bytes, len, piece, &p, &c) == type && p == pages && c == cut;
    }
    return good;
}
#define IS(text, type, pages, cut) is(text, sizeof(text) - 1, type, pages, cut)

static void types(void)
{
    tap_ok(IS("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>\n<</Type /Pages/Count 2>>"
              "<</Type/Page>><</Type /Page /X 1>>%%EOF\n",
              FILETYPE_PDF, 2, 0),
           "a PDF's pages are its page objects");
    tap_ok(IS("%PDF-1.7\n<</Type/Pages/Count 17/Kids[]>> %%EOF", FILETYPE_PDF, 17, 0),
           "or its largest count, when the objects are compressed");
    tap_ok(IS("%PDF-1.7\n\1\2\3 %%EOF", FILETYPE_PDF, 0, 0), "or nobody knows");
    tap_ok(IS("%PDF-1.7\n<</Count 999999999999999999999>>%%EOF", FILETYPE_PDF, 0, 0),
           "a count without measure is none");
    tap_ok(IS("%PDF-1.4 <</Type/Page>> and then the line bro", FILETYPE_PDF, 1, 1),
           "a PDF without its end is cut");
    tap_ok(IS("\xff\xd8\xff\xe0 picture \xff\xd9", FILETYPE_JPEG, 1, 0), "a JPEG");
    tap_ok(IS("\xff\xd8\xff\xe0 pict", FILETYPE_JPEG, 1, 1), "a JPEG that is cut");
    tap_ok(IS("\x89PNG\r\n\x1a\n\0\0\0\rIHDR....\0\0\0\0IEND\xae\x42\x60\x82", FILETYPE_PNG, 1, 0),
           "a PNG");
    tap_ok(IS("\x89PNG\r\n\x1a\n\0\0\0\rIHDR....", FILETYPE_PNG, 1, 1), "a PNG that is cut");
    tap_ok(IS("II*\0\10\0\0\0\1\0aaaabbbbcccc\32\0\0\0\0\0\0\0\0\0", FILETYPE_TIFF, 2, 0),
           "a TIFF of two pages, little end first");
    tap_ok(IS("MM\0*\0\0\0\12xx\0\0\0\0\0\0", FILETYPE_TIFF, 1, 0), "and big end first");
    tap_ok(IS("II*\0\10\0\0\0\1\0aaaabbbbcccc\10\0\0\0", FILETYPE_TIFF, 0, 0),
           "lists that lead backwards are not followed");
    tap_ok(IS("II*\0\0\1\0\0 here the rest is missing", FILETYPE_TIFF, 0, 1), "a TIFF that is cut");
    tap_ok(IS("MZ\x90\0 this program cannot be run %PDF- %%EOF", FILETYPE_NONE, 0, 0),
           "a program is none of them");
    tap_ok(IS("", FILETYPE_NONE, 0, 0) && IS("%PD", FILETYPE_NONE, 0, 0), "nor is next to nothing");
    tap_ok(filetype_of_mime("image/png") == FILETYPE_PNG &&
               filetype_of_mime("text/html") == FILETYPE_NONE,
           "MIME types there and back");
}

static char path[] = "/tmp/base_document.XXXXXX";

static struct sealfile make(void)
{
    struct sealfile file = {.fd = mkstemp(path), .id = id_new()};
    random_bytes(file.key, sizeof file.key);
    return file;
}

/* Bytes that differ from place to place. */
static uint8_t *sample(void)
{
    uint8_t *bytes = x_alloc(SOME);
    for (size_t i = 0; i < SOME; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 251);
    return bytes;
}

static int same(const struct sealfile *file, const uint8_t *bytes, int64_t offset, size_t len)
{
    uint8_t *back = x_alloc(len + 1);
    int good =
        sealfile_read(file, SOME, offset, back, len) == 0 && memcmp(back, bytes + offset, len) == 0;
    x_free(&back);
    return good;
}

static void grown(const struct sealfile *file, const uint8_t *bytes)
{
    static const size_t pieces[] = {1, 4095, 32768, SEALFILE_CHUNK, 7, 49151};
    int64_t at = 0, length = -1;
    int good = 1;
    for (size_t i = 0; at < SOME; i++) {
        size_t len = pieces[i % SND_COUNT(pieces)];
        if (len > (size_t)(SOME - at))
            len = (size_t)(SOME - at);
        good &= sealfile_length(file, 0, &length) == 0 && length == at &&
                sealfile_append(file, at, bytes + at, len) == 0;
        at += (int64_t)len;
    }
    tap_ok(good, "a sealed file grows by pieces of any size");
    tap_ok(sealfile_length(file, 0, &length) == 0 && length == SOME, "and says how long it is");
    tap_ok(same(file, bytes, 0, SOME) && same(file, bytes, SEALFILE_CHUNK - 3, 9) &&
               same(file, bytes, SOME - 1, 1) && same(file, bytes, 5, 0),
           "any part of it is read as it was");
    uint8_t byte;
    tap_ok(sealfile_read(file, SOME, SOME, &byte, 1) == SND_E_CORRUPT &&
               sealfile_read(file, SOME, -1, &byte, 1) == SND_E_CORRUPT,
           "and nothing beside it");
}

static int reads_at(const struct sealfile *file, int64_t offset)
{
    uint8_t bytes[16];
    return sealfile_read(file, SOME, offset, bytes, sizeof bytes);
}

static void damaged(struct sealfile *file)
{
    uint8_t *stored = x_alloc(2 * (SEALFILE_CHUNK + 40)), byte;
    const size_t chunk = SEALFILE_CHUNK + 40;
    int64_t length;
    struct sealfile other = *file;
    tap_ok(pread(file->fd, stored, 2 * chunk, 0) == (ssize_t)(2 * chunk) &&
               !memmem(stored, 2 * chunk, "\0\7\16\25\34", 5),
           "nothing of it stands there in clear");
    if (pwrite(file->fd, stored, chunk, (off_t)chunk) < 0)
        tap_note("write failed");
    tap_ok(reads_at(file, 0) == 0 && reads_at(file, SEALFILE_CHUNK) == SND_E_CORRUPT,
           "a chunk in another's place is none");
    if (pwrite(file->fd, stored + chunk, chunk, (off_t)chunk) < 0)
        tap_note("write failed");
    other.id = id_new();
    tap_ok(reads_at(file, SEALFILE_CHUNK) == 0 && reads_at(&other, 0) == SND_E_CORRUPT,
           "nor one of another file");
    byte = stored[100] ^ 1;
    if (pwrite(file->fd, &byte, 1, 100) < 0)
        tap_note("write failed");
    tap_ok(reads_at(file, 0) == SND_E_CORRUPT, "one changed bit is found");
    if (ftruncate(file->fd, (off_t)(3 * chunk + 600)))
        tap_note("cut failed");
    tap_ok(sealfile_length(file, 0, &length) == SND_E_CORRUPT,
           "so is an end that was half written");
    tap_ok(sealfile_length(file, 1, &length) == 0 && length == 3 * SEALFILE_CHUNK,
           "which can be cut off");
    if (ftruncate(file->fd, (off_t)(chunk + 3)))
        tap_note("cut failed");
    tap_ok(sealfile_length(file, 1, &length) == 0 && length == SEALFILE_CHUNK,
           "even when not one byte of it is left");
    x_free(&stored);
}

int main(void)
{
    types();
    struct sealfile file = make();
    uint8_t *bytes = sample();
    grown(&file, bytes);
    damaged(&file);
    x_free(&bytes);
    close(file.fd);
    unlink(path);
    return tap_done();
}
