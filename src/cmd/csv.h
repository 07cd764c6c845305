/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CMD_CSV_H
#define CMD_CSV_H
/* Files for spreadsheets. */
#include "base/buf.h"
/* The mark by which a file is known to be UTF-8. */
#define CSV_MARK "\xef\xbb\xbf"
#define CSV_BYTES (64u * 1024 * 1024)
/* A text in quotes and the comma behind it; what a spreadsheet would take for a formula gets an
 * apostrophe in front. */
void csv_text(struct buf *out, const char *text);
/* Writes the file, or to standard output for "-", and frees it: the exit status. */
int csv_write(struct buf *out, const char *file);
#endif
