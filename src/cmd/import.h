/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_IMPORT_H
#define CMD_IMPORT_H
/* Registers and history from files into the book. What is there already is left alone, so each may
 * be done again after it was cut off. 0 or an error that was told. */
#include "book/book.h"
/* How a file's columns make a register's entries. An empty name: there is no such column. */
struct import_columns {
    const char *kind; /* the register, or with ":" in front the column that says it */
    const char *code, *parent, *ar, *en, *since, *until, *note;
    const char *owner, *licence, *licensed; /* of centres */
};
SND_MUST int import_register(struct book *book, const char *path,
                             const struct import_columns *columns, size_t *entries);
/* The register that every office begins with, from the installed files. */
SND_MUST int import_first_register(struct book *book, size_t *entries);
/* For an office that was made before there was a register of violations: enters it from the same
 * files when the book has none. What is there, and an office's own changes to it, stay. */
SND_MUST int import_missing_register(struct book *book, size_t *entries);
/* Requests of the past: how many were added, how many were there. */
SND_MUST int import_history(struct book *book, const char *path, int64_t *added, int64_t *there);
#endif
