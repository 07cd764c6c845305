/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_BLOB_H
#define STORE_BLOB_H
/* Documents: their bytes in sealed files below a folder beside the database, `blobs`; who sent them
 * (the inbox), and the requests that they belong to. A file grows piece by piece under its own id
 * until it is whole: only then does it have the name of its hash, and only then does anything
 * count on it. */
#include "base/filetype.h"
#include "store/store.h"

#define STORE_BLOB_PIECE (48 * 1024) /* most bytes of one put or read */
#define STORE_BLOB_NAME 256

/* ---- files that grow ---- */

/* A file to be filled. want: its hash where that is known, else NULL; size: as announced, 0 = unknown. */
SND_MUST int store_blob_begin(struct store *store, const uint8_t *want, int64_t size, int64_t at, struct id *file);
/* One that grows towards that hash: SND_E_NOTFOUND. */
SND_MUST int store_blob_growing(struct store *store, const uint8_t want[HASH_SIZE], struct id *file);
/* How many bytes a growing file has. SND_E_NOTFOUND. */
SND_MUST int store_blob_length(struct store *store, const struct id *file, int64_t *have);
/* Adds bytes at `offset`. What is there already is passed over; nothing is added beyond the end. How
 * many bytes it has afterwards into *have. SND_E_LIMIT: it would be longer than `max`; SND_E_NOTFOUND,
 * SND_E_FULL, SND_E_IO. */
SND_MUST int store_blob_put(struct store *store, const struct id *file, int64_t offset, const void *bytes, size_t len, int64_t max, int64_t *have);
/* Empties a growing file, or takes it away. */
SND_MUST int store_blob_empty(struct store *store, const struct id *file);
SND_MUST int store_blob_drop(struct store *store, const struct id *file);

/* Reading a growing file from its beginning, a bounded piece at a time, to learn what it is; then it
 * is made whole. One walk is kept for each file that is being finished, by whoever finishes them. */
struct store_blob {
    uint8_t sha[HASH_SIZE];
    int64_t size;
    enum filetype type;
    uint32_t pages; /* 0 = not known */
};
struct store_walk; /* NULL = not begun */
enum store_walked { WALK_MORE, WALK_WHOLE, WALK_CUT, WALK_TYPE, WALK_SHA };
void store_walk_free(struct store_walk **walk);
/* WALK_MORE: call again. WALK_WHOLE: it is on the disk and *file is the one that has these bytes now,
 * another one when they were there before. CUT: its end is missing, more is to come; TYPE: it is none
 * of the kinds that are taken; SHA: it is not what was wanted. */
SND_MUST int store_blob_end(struct store *store, struct store_walk **walk, struct id *file, int64_t at, struct store_blob *out, enum store_walked *how);

/* ---- files that are whole ---- */

/* Whether a document's bytes are here: 0 and its size, or SND_E_NOTFOUND. / A piece of them, at most
 * `max` bytes into *out (nothing at the end). SND_E_BAD: beyond the end; SND_E_CORRUPT. */
SND_MUST int store_blob_find(struct store *store, const uint8_t sha[HASH_SIZE], int64_t *size);
SND_MUST int store_blob_read(struct store *store, const uint8_t sha[HASH_SIZE], int64_t offset, size_t max, struct buf *out);
/* Documents of requests whose bytes are not here / that the hub was not yet given, the smallest first;
 * how many in all into *total. `have` is how much of it is here. */
struct store_blob_lack {
    uint8_t sha[HASH_SIZE];
    int64_t size, have;
};
SND_MUST int store_blob_missing(struct store *store, size_t max, struct arena *arena, struct store_blob_lack **out, size_t *count, int64_t *total);
/* How many that is. */
SND_MUST int store_blob_waiting(struct store *store, int64_t *count);
SND_MUST int store_blob_unsent(struct store *store, size_t max, struct arena *arena, struct store_blob_lack **out, size_t *count, int64_t *total);
SND_MUST int store_blob_sent(struct store *store, const uint8_t sha[HASH_SIZE]);
/* What some request has of that hash: size, type, pages; SND_E_NOTFOUND. */
SND_MUST int store_blob_known(struct store *store, const uint8_t sha[HASH_SIZE], struct store_blob *out);
/* Lets go of files that nothing speaks of any more, and of what grew or waited in an inbox before
 * `stale` and was forgotten; a bounded number of them. Outside a batch. *more: there are more. */
SND_MUST int store_blob_sweep(struct store *store, int64_t stale, int *more);
/* Reads one document from end to end; `after` is the one before it, zeros at first. SND_E_NOTFOUND: that
 * was the last. SND_E_CORRUPT: it is not what it was; with `after` as it came, the table itself can't be
 * read. For the check. */
SND_MUST int store_blob_verify(struct store *store, uint8_t after[HASH_SIZE]);
/* Files that lie whole: id and path below the folder, in order after `after`. SND_E_NOTFOUND at the end. */
SND_MUST int store_blob_next(struct store *store, struct id *after, char path[STORE_BLOB_NAME]);
const char *store_blob_folder(const struct store *store);

/* ---- the inbox ---- */

struct store_inbox {
    struct id id, file;
    char account[33], centre[16];
    char name[STORE_BLOB_NAME];
    struct store_blob blob; /* size: so far; sha and type once it is whole */
    int whole;
    int64_t at;
};
/* A new entry for a growing file: SND_E_EXISTS when that account has one of that name. get by name, find
 * by id: SND_E_NOTFOUND, also when it is another account's. The list is newest first. */
SND_MUST int store_inbox_add(struct store *store, const struct store_inbox *entry);
SND_MUST int store_inbox_named(struct store *store, const char *account, const char *name, struct store_inbox *out);
SND_MUST int store_inbox_get(struct store *store, const char *account, const struct id *id, struct store_inbox *out);
SND_MUST int store_inbox_list(struct store *store, const char *account, size_t max, struct arena *arena, struct store_inbox **out, size_t *count);
/* What came of it: the file that has its bytes, type and pages. */
SND_MUST int store_inbox_whole(struct store *store, const struct id *id, const struct id *file, const struct store_blob *blob, int64_t at);
/* Another name (SND_E_EXISTS) / away with it, and with its file if that still grows. */
SND_MUST int store_inbox_rename(struct store *store, const struct store_inbox *entry, const char *name);
SND_MUST int store_inbox_drop(struct store *store, const char *account, const struct id *id);
/* How many entries an account has, and bytes those of the centre take. */
SND_MUST int store_inbox_use(struct store *store, const char *account, const char *centre, int64_t *entries, int64_t *bytes);

/* ---- requests ---- */

struct store_document {
    struct id id; /* of the event */
    char role[64], name[STORE_BLOB_NAME];
    struct store_blob blob;
    int64_t at, rev; /* rev: the request's revision that it was attached to, 0 = it came with it */
    int have; /* its bytes are here */
};
/* What that account of that centre may attach: a whole document of its own inbox, or one of any of
 * the centre's requests. SND_E_NOTFOUND. */
SND_MUST int store_document_offered(struct store *store, const char *account, const char *centre, const uint8_t sha[HASH_SIZE], struct store_document *out);
/* Event document.attached, of blob, role and name; the account's inbox lets go of it. / Event
 * document.dropped. SND_E_NOTFOUND. */
SND_MUST int store_document_attach(struct store *store, const struct id *request, const struct store_document *document, const struct store_actor *actor);
SND_MUST int store_document_drop(struct store *store, const struct id *request, const char *role, const uint8_t sha[HASH_SIZE], const struct store_actor *actor);
/* Of a request, as they were attached. / Of a person's requests at a centre, the newest first, each once. */
SND_MUST int store_document_list(struct store *store, const struct id *request, struct arena *arena, struct store_document **out, size_t *count);
SND_MUST int store_document_known(struct store *store, const char *centre, const char *civil, size_t max, struct arena *arena, struct store_document **out, size_t *count);
/* 1 in *complete when the bytes of all its documents are here: before that it goes to no agency. */
SND_MUST int store_document_complete(struct store *store, const struct id *request, int *complete);
#endif
