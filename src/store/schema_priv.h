/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SCHEMA_PRIV_H
#define STORE_SCHEMA_PRIV_H
/* The files of schema/, built into the program by tools/embed: name, text, name, text ... NULL.
 * NNNN_<part>.sql; all files of one number together bring a database to that version. */
struct db;
extern const char *const schema_files[];
/* Brings a database forward to this program's version in one transaction; `fresh` when it has
 * nothing yet. 0, SND_E_VERSION when it is newer, SND_E_CORRUPT when it is no store. */
int schema_forward(struct db *db, int fresh);
#endif
