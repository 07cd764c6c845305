/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_FILETYPE_H
#define BASE_FILETYPE_H
/* What kind of document a run of bytes is, by its content alone, and how many pages it has. The
 * bytes pass by once, in pieces of any size; nothing is kept of them and nothing is followed
 * backwards, so whatever they are it takes their length and no more. */
#include <stddef.h>
#include <stdint.h>
enum filetype {
#define FILETYPE(name, word, mime) FILETYPE_##name,
#include "base/filetype.def"
#undef FILETYPE
    FILETYPES
};
struct filetype_scan {
    enum filetype type;
    int64_t at;        /* bytes seen */
    uint8_t head[16];  /* the first of them */
    uint64_t window;   /* the last eight, the newest lowest */
    int64_t mark;      /* after the last mark with which such a file ends, 0 = none */
    uint32_t pages;
    uint32_t count, most; /* PDF: the number that is being read, and the largest of its kind */
    int word;             /* PDF: what was read before this byte, see filetype.c */
    size_t matched;
    int64_t next;       /* TIFF: where the next list of entries begins, 0 = there is none */
    uint32_t left;      /* TIFF: bytes of the list still to pass */
    int reading, bytes; /* TIFF: which of the numbers of a list */
    int lost;           /* TIFF: the lists lie in another order than the bytes */
};
#define FILETYPE_PAGES 100000 /* more than that is said as that */
void filetype_begin(struct filetype_scan *scan);
void filetype_feed(struct filetype_scan *scan, const void *bytes, size_t len);
/* The type; how many pages, 0 = that can't be told; *cut = its end is missing. */
enum filetype filetype_end(const struct filetype_scan *scan, uint32_t *pages, int *cut);
/* "PDF", "application/pdf"; "" for what is none. */
const char *filetype_word(enum filetype type);
const char *filetype_mime(enum filetype type);
enum filetype filetype_of_mime(const char *mime);
#endif
