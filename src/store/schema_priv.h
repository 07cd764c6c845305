/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SCHEMA_PRIV_H
#define STORE_SCHEMA_PRIV_H
#include "store/store_priv.h"
#define SCHEMA_TRAILS 7 /* from this version on events are found by whom they are about */
#define SCHEMA_TALLY 9  /* from this version on requests are counted as facts */
#define SCHEMA_PARTS 13 /* from this version on those of a day lie in parts */
#define SCHEMA_MOVES 16 /* from this version on a request knows its fact */
#define SCHEMA_FEED 17  /* from this version on events have places in the feeds of centres */
#define SCHEMA_SEALED 4 /* from this version on what citizens said is sealed */
/* The files of schema/, built into the program by tools/embed: name, text, name, text ... NULL.
 * NNNN_<part>.sql; all files of one number together bring a database to that version. */
extern const char *const schema_files[];
/* The newest version that this program knows; and the one that a database has: SND_E_CORRUPT when
 * it is no store. */
int64_t schema_newest(void);
SND_MUST int schema_version(struct db *db, int64_t *out);
/* For bringing a database forward. / After an upgrade: what follows from kinds of events that were
 * not known before; nothing for most. */
SND_MUST int feed_first(struct store *store);
SND_MUST int reproject(struct store *store);
/* Brings a database forward to this program's version, in one transaction with what the program
 * must do for it (in two, with the file written anew between them, when it was never sealed);
 * `fresh` when it has nothing yet. 0, SND_E_VERSION when it is newer, SND_E_CORRUPT when it is no
 * store. */
SND_MUST int schema_forward(struct store *store, int fresh);
#endif
