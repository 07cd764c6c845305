/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_BLOB_PRIV_H
#define STORE_BLOB_PRIV_H
/* What the files about documents share. */
#include "base/sealfile.h"
#include "store/blob.h"
#include "store/seal_priv.h"
struct event;
struct json;
enum blob_state { BLOB_GROWING, BLOB_WHOLE, BLOB_GONE };
#define BLOB_SECRET (SEALFILE_KEY + HASH_SIZE) /* what is sealed of a file: its key, its hash */
struct blob_file {
    struct id id;
    enum blob_state state;
    char path[STORE_BLOB_NAME];
    int64_t size;
    uint8_t sha[HASH_SIZE], want[HASH_SIZE]; /* zeros = none */
    uint8_t secret[BLOB_SECRET];
};
/* By id / by hash: SND_E_NOTFOUND, SND_E_CORRUPT. */
SND_MUST int blob_row(struct store *store, const struct id *id, struct blob_file *out);
SND_MUST int blob_row_of(struct store *store, const uint8_t sha[HASH_SIZE], struct blob_file *out);
/* Opens the file of a row; close file->fd. */
SND_MUST int blob_open(const struct store *store, const struct blob_file *row, int write, struct sealfile *out);
char *blob_path(const struct store *store, const char *below);
/* Its key and hash, sealed for that row. */
void blob_seal(const struct store *store, const struct blob_file *row, struct buf *out);
/* Lets go of the file of that hash if no request and no inbox has it any more. */
SND_MUST int blob_unused(struct store *store, const uint8_t sha[HASH_SIZE]);
/* Entries of inboxes that came before then go, a bounded number of them. */
SND_MUST int inbox_forget(struct store *store, int64_t before);
/* A document that came with a request from another centre: a member of request.passed's files. */
SND_MUST int document_keep_passed(struct store *store, const struct event *event,
                                  const struct json *file);
/* When a request lets go of its people: of its documents too. */
SND_MUST int document_forget(struct store *store, const struct id *request);
#endif
