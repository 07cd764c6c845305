/* SPDX-License-Identifier: Apache-2.0
 * Looking at documents without opening them. A scanner of a few numbers sees each byte once: the
 * first ones say the type, marks near the end say that it is whole, and pages are counted where the
 * format says them in the open: page objects or the largest page count of a PDF, lists of entries
 * of a TIFF. A PDF whose objects are all compressed, or a TIFF whose lists lead backwards, has a
 * number of pages that nobody here knows: that is 0, and no mistake. */
#include "base/filetype.h"
#include <string.h>
#include "base/attr.h"

#define END_WITHIN 4096 /* the mark of the end may have so much after it */

static const char *const words[] = {
#define FILETYPE(name, word, mime) word,
#include "base/filetype.def"
#undef FILETYPE
};
static const char *const mimes[] = {
#define FILETYPE(name, word, mime) mime,
#include "base/filetype.def"
#undef FILETYPE
};

void filetype_begin(struct filetype_scan *scan)
{
    *scan = (struct filetype_scan){0};
}

/* The last bytes seen as one number, and a word of at most eight letters as such a number. */
#define WORD(a, b, c, d, e, f)                                                                     \
    ((uint64_t)(a) << 40 | (uint64_t)(b) << 32 | (uint64_t)(c) << 24 | (uint64_t)(d) << 16 |       \
     (uint64_t)(e) << 8 | (uint64_t)(f))
#define LAST(scan, bytes) ((scan)->window & ((1ULL << (8 * (bytes))) - 1))
#define WORD_TYPE WORD(0, '/', 'T', 'y', 'p', 'e')
#define WORD_COUNT WORD('/', 'C', 'o', 'u', 'n', 't')
#define WORD_EOF WORD(0, '%', '%', 'E', 'O', 'F')
#define WORD_IEND WORD(0, 0, 'I', 'E', 'N', 'D')
#define WORD_FFD9 WORD(0, 0, 0, 0, 0xff, 0xd9)

/* ---- PDF ---- */

/* What has been read: nothing yet, one of the two words, or a word that a name or number follows.
 */
enum { PDF_PLAIN, PDF_TYPE, PDF_COUNT };

static int is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t' || byte == '\f' || byte == 0;
}

/* 1 when a byte goes on with a name. */
static int in_name(uint8_t byte)
{
    return !is_space(byte) && !strchr("/<>[](){}%", byte);
}

/* After "/Type": the name "Page" and nothing more is a page. */
static void pdf_type(struct filetype_scan *scan, uint8_t byte)
{
    static const char page[] = "/Page";
    if (scan->matched == 0 && is_space(byte))
        return;
    if (scan->matched < sizeof page - 1 && byte == (uint8_t)page[scan->matched]) {
        scan->matched++;
        return;
    }
    if (scan->matched == sizeof page - 1 && !in_name(byte) && scan->pages < FILETYPE_PAGES)
        scan->pages++;
    scan->word = PDF_PLAIN;
    scan->matched = 0;
}

/* After "/Count": a number. */
static void pdf_count(struct filetype_scan *scan, uint8_t byte)
{
    if (scan->matched == 0 && is_space(byte))
        return;
    if (byte >= '0' && byte <= '9' && scan->count <= FILETYPE_PAGES) {
        scan->count = scan->count * 10 + (uint32_t)(byte - '0');
        scan->matched = 1;
        return;
    }
    if (scan->matched && scan->count <= FILETYPE_PAGES && scan->count > scan->most)
        scan->most = scan->count;
    scan->word = PDF_PLAIN;
    scan->matched = 0;
}

static void pdf(struct filetype_scan *scan, uint8_t byte)
{
    if (LAST(scan, 5) == WORD_EOF)
        scan->mark = scan->at;
    if (scan->word == PDF_TYPE)
        pdf_type(scan, byte);
    else if (scan->word == PDF_COUNT)
        pdf_count(scan, byte);
    if (LAST(scan, 5) == WORD_TYPE)
        scan->word = PDF_TYPE;
    else if (LAST(scan, 6) == WORD_COUNT)
        scan->word = PDF_COUNT;
    else
        return;
    scan->matched = 0;
    scan->count = 0;
}

/* ---- TIFF ---- */

enum { TIFF_NOTHING, TIFF_ENTRIES, TIFF_ENTRY_BYTES, TIFF_NEXT };

/* The number of so many bytes that has just passed, as this file writes numbers. */
static uint32_t tiff_number(const struct filetype_scan *scan, int bytes)
{
    uint32_t big = 0, little = 0;
    for (int i = 0; i < bytes; i++) {
        uint32_t byte = (uint32_t)(scan->window >> (8 * i)) & 0xff;
        big |= byte << (8 * i);
        little = little << 8 | byte;
    }
    return scan->head[0] == 'I' ? little : big;
}

static void tiff_go(struct filetype_scan *scan, uint32_t offset)
{
    scan->reading = TIFF_NOTHING;
    scan->next = offset;
    if (offset != 0 && (int64_t)offset < scan->at)
        scan->lost = 1;
    if (offset == 0)
        scan->mark = scan->at;
}

static void tiff(struct filetype_scan *scan)
{
    if (scan->at == 8) {
        tiff_go(scan, tiff_number(scan, 4));
        return;
    }
    if (scan->lost || scan->at <= 8)
        return;
    if (scan->reading == TIFF_NOTHING && scan->next != 0 && scan->at == scan->next + 1) {
        scan->reading = TIFF_ENTRIES;
        scan->bytes = 0;
    }
    if (scan->reading == TIFF_ENTRIES && ++scan->bytes == 2) {
        scan->left = tiff_number(scan, 2) * 12;
        scan->pages += scan->pages < FILETYPE_PAGES;
        scan->reading = scan->left ? TIFF_ENTRY_BYTES : TIFF_NEXT;
        scan->bytes = 0;
    } else if (scan->reading == TIFF_ENTRY_BYTES && --scan->left == 0) {
        scan->reading = TIFF_NEXT;
    } else if (scan->reading == TIFF_NEXT && ++scan->bytes == 4) {
        tiff_go(scan, tiff_number(scan, 4));
    }
}

/* ---- all ---- */

static enum filetype type_of(const uint8_t head[16])
{
    static const struct {
        enum filetype type;
        const char *bytes;
        size_t len;
    } magics[] = {
        {FILETYPE_PDF, "%PDF-", 5},
        {FILETYPE_JPEG, "\xff\xd8\xff", 3},
        {FILETYPE_PNG, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16},
        {FILETYPE_TIFF, "II*\0", 4},
        {FILETYPE_TIFF, "MM\0*", 4},
    };
    for (size_t i = 0; i < SND_COUNT(magics); i++)
        if (memcmp(head, magics[i].bytes, magics[i].len) == 0)
            return magics[i].type;
    return FILETYPE_NONE;
}

static void feed_one(struct filetype_scan *scan, uint8_t byte)
{
    if (scan->at < (int64_t)sizeof scan->head)
        scan->head[scan->at] = byte;
    scan->window = scan->window << 8 | byte;
    scan->at++;
    switch ((int)scan->type) {
    case FILETYPE_PDF:
        pdf(scan, byte);
        break;
    case FILETYPE_JPEG:
        if (LAST(scan, 2) == WORD_FFD9)
            scan->mark = scan->at;
        break;
    case FILETYPE_PNG:
        if (LAST(scan, 4) == WORD_IEND)
            scan->mark = scan->at;
        break;
    case FILETYPE_TIFF:
        tiff(scan);
        break;
    default:
        break;
    }
}

void filetype_feed(struct filetype_scan *scan, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    while (len > 0 && scan->at < (int64_t)sizeof scan->head) {
        /* The type is told by 16 bytes at most, and a TIFF's first list by the eight before it. */
        feed_one(scan, *at++);
        len--;
        if (scan->type == FILETYPE_NONE)
            scan->type = type_of(scan->head);
    }
    if (scan->type == FILETYPE_NONE) {
        scan->at += (int64_t)len;
        return;
    }
    for (; len > 0; len--)
        feed_one(scan, *at++);
}

static uint32_t pages_of(const struct filetype_scan *scan)
{
    if (scan->type == FILETYPE_PDF)
        return scan->pages ? scan->pages : scan->most <= FILETYPE_PAGES ? scan->most : 0;
    if (scan->type == FILETYPE_TIFF)
        return scan->lost ? 0 : scan->pages;
    return scan->type != FILETYPE_NONE;
}

enum filetype filetype_end(const struct filetype_scan *scan, uint32_t *pages, int *cut)
{
    *pages = pages_of(scan);
    if (scan->type == FILETYPE_TIFF)
        *cut = !scan->lost && scan->mark == 0;
    else
        *cut =
            scan->type != FILETYPE_NONE && (scan->mark == 0 || scan->at - scan->mark > END_WITHIN);
    return scan->type;
}

const char *filetype_word(enum filetype type)
{
    return words[type];
}

const char *filetype_mime(enum filetype type)
{
    return mimes[type];
}

enum filetype filetype_of_mime(const char *mime)
{
    for (int i = 1; i < FILETYPES; i++)
        if (strcmp(mimes[i], mime) == 0)
            return (enum filetype)i;
    return FILETYPE_NONE;
}
