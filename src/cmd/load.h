/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_LOAD_H
#define CMD_LOAD_H
/* Forms from files: a form and the lists that it names. */
#include "book/book.h"
/* A form file read, with every list that was asked for meanwhile. */
struct load {
    char *text; /* of the form */
    size_t len;
    char *folder; /* where the form stands */
    char **names; /* the lists it names */
    char **texts;
    char **paths; /* where each was found */
    size_t lists;
};
/* Reads the file. 0 or an error; load_free() either way. */
SND_MUST int load_open(struct load *load, const char *path);
void load_free(struct load *load);
/* A form_list_find over lists/NAME.list beside the form, NAME.list beside it and the installed lists;
 * arg is the struct load, which keeps what it found. */
const char *load_list(void *arg, const char *name);
/* Loads one form into the book, with what clerks must read about it (NULL = nothing). 0, or an
 * error already printed. */
SND_MUST int load_form(struct book *book, const char *path, const struct book_notice *notice,
                       int *added);
/* 1 when the folder has a *.form at all. */
int load_any(const char *folder);
/* Loads every *.form of a folder, in the order of their names. 0, or an error already printed. */
SND_MUST int load_folder(struct book *book, const char *folder, int *added);
#endif
