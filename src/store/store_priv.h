/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_STORE_PRIV_H
#define STORE_STORE_PRIV_H
/* What the files of this room share: the store itself and the frame around every write. */
#include "store/db_priv.h"
#include "store/store.h"

struct store {
    struct db *db;
    const struct vault *vault;
    enum store_mode mode;
    int batch;             /* inside a batch or view: operations add to it */
    int alone;             /* a write outside a batch has a transaction of its own */
    int stretch;           /* several steps share what is taken back when one of them is: */
    int whole;             /* ... the whole transaction, and no savepoint is open for them */
    int sharing;           /* the open step is one of those */
    int spoiled;           /* ... and a write in it failed */
    int64_t changes;       /* db_changes() when the open step began, */
    int64_t before;        /* and when the batch did */
    struct store *source;  /* of a replay: the book whose events it is made from; NULL otherwise */
    struct memo *memo;     /* what the writer knows by heart; NULL = nothing */
    int64_t answers_swept; /* when answers that are too old were last let go of, UTC ms */
    char *blobs;           /* folder of documents; NULL for a store in memory */
};

/* Around each operation that writes: all of it or nothing. Within a batch it is a savepoint,
 * otherwise a transaction of its own. `end` keeps it when err is 0 and returns the first error. */
#define store_write_begin(store) store_write_begin_at((store), __FILE__, __LINE__)
SND_MUST int store_write_begin_at(struct store *store, const char *file, int line);
SND_MUST int store_write_end(struct store *store, int err);

/* Rows of one size, gathered while a statement runs: ROWS_OF(struct x). */
struct rows {
    void *all;
    size_t size, count;
};
#define ROWS_OF(type) ((struct rows){.size = sizeof(type)})
/* The next row, not yet filled in; borrowed until the one after. */
void *rows_add(struct rows *rows);
/* All of them in the arena (never NULL), how many into *count; `rows` is empty afterwards. */
void *rows_take(struct rows *rows, struct arena *arena, size_t *count);

/* An empty store in memory with the same schema and keys, to replay events into. */
SND_MUST int store_open_empty(const struct vault *vault, struct store **out);
#endif
