/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_DB_PRIV_H
#define STORE_DB_PRIV_H
/* The database driver as the rest of the room sees it: SQL text in the subset that SQLite and
 * PostgreSQL share, parameters $1.. bound in order, columns read in order, errors in our own
 * numbers. Another engine goes behind these calls. */
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/mem.h"

struct db;
struct query;
/* DB_ALONE: nobody else may have it open, and it is one file without a log beside it. */
enum db_mode { DB_CREATE, DB_WRITE, DB_READ, DB_MEMORY, DB_ALONE };
/* path: a file; not used by DB_MEMORY. 0, SND_E_NOTFOUND, SND_E_EXISTS (DB_CREATE), SND_E_IO,
 * SND_E_CORRUPT, SND_E_SYS; SND_E_BUSY: somebody else has what should be ours alone. */
SND_MUST int db_open(const char *path, enum db_mode mode, struct db **out);
void db_close(struct db **db);
/* Runs a file of statements, its dialect words replaced. For the schema only. */
SND_MUST int db_script(struct db *db, const char *sql);
/* Calls `beat` now and then, many times a second, while statements run; NULL = no more. */
void db_pulse(struct db *db, void (*beat)(void));
/* From now on: a reader writes nothing, and nobody changes an event or the schema. */
void db_guard(struct db *db);

/* Transactions. The place of the start is kept for the log. DB_BEGIN_WRITE waits for the other
 * writer (SND_E_BUSY after some seconds). After a failed commit nothing of it is left; after
 * SND_E_IO the database takes no more writes. */
enum db_begin { DB_BEGIN_READ, DB_BEGIN_WRITE };
#define db_begin(db, kind) db_begin_at((db), (kind), __FILE__, __LINE__)
SND_MUST int db_begin_at(struct db *db, enum db_begin kind, const char *file, int line);
SND_MUST int db_commit(struct db *db);
void db_rollback(struct db *db);
/* 1 between a begin and its end. A failing disk ends a transaction by itself: then SND_E_... */
int db_inside(const struct db *db);
/* A point inside a transaction to which it can go back; they nest. */
SND_MUST int db_save(struct db *db);
SND_MUST int db_release(struct db *db, int keep);
/* Rows changed since it was opened, also those that were rolled back: whether two moments differ
 * says whether anything was written between them. */
int64_t db_changes(const struct db *db);
/* How often something was taken back: what was read before that may not be there any more. */
int64_t db_undone(const struct db *db);

/* A prepared statement, kept by the address of its text (so: literals only), ready to be bound.
 * Never NULL: what went wrong comes out of db_run(), db_row() or db_one(). A bound text or blob
 * must live until the statement has ended. */
struct query *db_query(struct db *db, const char *sql);
void db_bind_int(struct query *query, int64_t number);
void db_bind_text(struct query *query, const char *text);
void db_bind_blob(struct query *query, const void *bytes, size_t len);
void db_bind_null(struct query *query);
void db_bind_id(struct query *query, const struct id *id);
/* Runs a statement that has no rows; rows changed into *changed unless NULL. */
SND_MUST int db_run(struct query *query, int64_t *changed);
/* 1 = the next row, 0 = there is none, or an error. */
SND_MUST int db_row(struct query *query);
/* 0 = the row, SND_E_NOTFOUND = there is none, or an error. */
SND_MUST int db_one(struct query *query);
/* Ends a statement; gives back err, or if that is 0 the first column that didn't fit its place. */
SND_MUST int db_end(struct query *query, int err);

/* The row's columns, one after the other. What has another type or doesn't fit is SND_E_CORRUPT at
 * db_end(). */
int64_t db_int(struct query *query);
void db_text(struct query *query, char *out, size_t size);
const char *db_text_peek(struct query *query); /* borrowed until the next row */
void db_blob(struct query *query, void *out, size_t size);
const void *db_blob_peek(struct query *query, size_t *len); /* borrowed; NULL when it is NULL */
void db_id(struct query *query, struct id *out);

/* Columns of any type, for comparing the rows of two statements: how many, a column's name, its
 * text
 * ("" when it has none; borrowed), and which of two values comes first in ORDER BY (<0, 0, >0). */
int db_columns(const struct query *query);
const char *db_column_name(const struct query *query, int column);
const char *db_column_text(const struct query *query, int column);
const void *db_column_blob(const struct query *query, int column, size_t *len); /* NULL: none */
int db_column_order(const struct query *a, const struct query *b, int column);
/* The schema as the engine holds it, one row a table or index: name, name, then what it is. */
struct query *db_schema(struct db *db);

/* Copies all that is committed now into a new file, whoever writes meanwhile; the file is on the
 * disk when this returns 0. SND_E_EXISTS, SND_E_FULL, SND_E_IO; what was begun is removed. */
SND_MUST int db_copy(struct db *db, const char *path);
/* Makes of a database in memory that nobody has used yet what the other one is. */
SND_MUST int db_fill(struct db *db, struct db *with);
/* The log is written back by another process (db_copy_log): this one does it only when the log has
 * grown very long. db_log_len: pages in it after the last commit. */
void db_leave_log(struct db *db);
int db_log_len(const struct db *db);
/* Writes back what of the log no reader needs; writers go on meanwhile. */
SND_MUST int db_copy_log(struct db *db);
/* Writes the log into the database's file and empties it, unless a reader needs it: SND_E_BUSY. */
SND_MUST int db_settle(struct db *db);
/* Writes the file anew, so that no page that is not in use any more keeps what it held. Outside a
 * transaction, with no other connection open, before db_guard(). */
SND_MUST int db_compact(struct db *db);

/* The engine's version. */
const char *db_engine(void);
/* As db_verify(), without looking whether indexes have what their tables have. */
SND_MUST int db_quick(struct db *db, void (*each)(void *arg, const char *complaint), void *arg);
/* The engine's own check of its file: calls back for each complaint. */
SND_MUST int db_verify(struct db *db, void (*each)(void *arg, const char *complaint), void *arg);
#endif
