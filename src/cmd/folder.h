/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_FOLDER_H
#define CMD_FOLDER_H
#include <limits.h>
#include "base/attr.h"
#define FOLDER_MAKING "office.db.making" /* a book that is not yet one */
/* 1 when nothing but an office's own files is there; else one of the others in `other`. */
int folder_is_free(const char *path, char other[NAME_MAX + 1]);
/* The folder, its run/, the configuration, the host key and the key ring, where they are not. */
SND_MUST int folder_make_files(const char *state);
#endif
