/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_TSV_H
#define CMD_TSV_H
/* A file of tab-separated lines whose first says what the columns are; lines with # in front and
 * empty ones are left out. */
#include <stdint.h>
#include <stdio.h>
#include "base/attr.h"
#define TSV_COLUMNS 24
#define TSV_LINE 8192
struct tsv {
    FILE *file;
    const char *path;
    long line;    /* number of the row in hand */
    int64_t size; /* of the file, for saying how far one is */
    size_t columns, fields;
    char head[TSV_LINE], text[TSV_LINE];
    const char *name[TSV_COLUMNS], *field[TSV_COLUMNS];
};
/* 0 or an error that was told on standard error; tsv_close() in any case. */
SND_MUST int tsv_open(struct tsv *tsv, const char *path);
void tsv_close(struct tsv *tsv);
/* 1 = the next row is in hand, 0 = there is none, SND_E_BAD (told). */
SND_MUST int tsv_next(struct tsv *tsv);
/* What the row has in that column, "" when the file has none of that name. */
const char *tsv_get(const struct tsv *tsv, const char *column);
/* Tells what is wrong with the row in hand; returns SND_E_BAD. */
int tsv_complain(const struct tsv *tsv, const char *what);
#endif
