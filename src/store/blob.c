/* SPDX-License-Identifier: Apache-2.0 */
/* Documents as files. Each lies sealed with a key of its own, which stands, sealed with the key
 * ring, in its row: changing the ring's keys changes rows and no file, and to let go of a document
 * is to forget its key. The row is written before the file is there and goes after the file has
 * gone, so there is no file that nothing knows of. A file has its final name, made of its hash and
 * its id, when it has been read back whole and is on the disk. */
#include "store/blob_priv.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "base/proc.h"

#define BLOB_SYNC (4 << 20)    /* so many bytes at most wait for the disk */
#define BLOB_STEP (512 * 1024) /* read back in one step */
#define BLOB_SWEEP 50          /* files let go of in one step */
#define BLOB_COLUMNS "id, state, path, size, sha, want, sealed"

char *blob_path(const struct store *store, const char *below)
{
    return x_printf("%s/%s", store->blobs == NULL ? "." : store->blobs, below);
}

const char *store_blob_folder(const struct store *store)
{
    return store->blobs;
}

/* ---- rows ---- */

void blob_seal(const struct store *store, const struct blob_file *row, struct buf *out)
{
    seal_put(store, SEALED_BLOB_SECRET, row->id.b, row->secret, BLOB_SECRET, out);
}

/* A hash that may not be there. */
static void blob_hash(struct query *query, uint8_t out[HASH_SIZE])
{
    size_t len;
    const void *bytes = db_blob_peek(query, &len);
    memset(out, 0, HASH_SIZE);
    if (bytes != NULL && len == HASH_SIZE)
        memcpy(out, bytes, HASH_SIZE);
}

static int blob_read_row(const struct store *store, struct query *query, struct blob_file *out)
{
    struct buf plain = BUF_INIT(BLOB_SECRET);
    size_t len;
    memset(out, 0, sizeof *out);
    db_id(query, &out->id);
    out->state = (enum blob_state)db_int(query);
    db_text(query, out->path, sizeof out->path);
    out->size = db_int(query);
    blob_hash(query, out->sha);
    blob_hash(query, out->want);
    const void *sealed = db_blob_peek(query, &len);
    int err = seal_get(store, SEALED_BLOB_SECRET, out->id.b, sealed, len, &plain);
    if (err == 0 && plain.len == BLOB_SECRET)
        memcpy(out->secret, plain.data, BLOB_SECRET);
    else if (err == 0 && out->state != BLOB_GONE)
        err = SND_E_CORRUPT;
    if (err == 0 && out->state == BLOB_WHOLE &&
        memcmp(out->secret + SEALFILE_KEY, out->sha, HASH_SIZE) != 0)
        err = SND_E_CORRUPT;
    buf_free(&plain);
    return err;
}

static int blob_one(const struct store *store, struct query *query, struct blob_file *out)
{
    int err = db_one(query);
    if (err == 0)
        err = blob_read_row(store, query, out);
    return db_end(query, err);
}

int blob_row(struct store *store, const struct id *id, struct blob_file *out)
{
    struct query *query =
        db_query(store->db, "SELECT " BLOB_COLUMNS " FROM blob_file WHERE id = $1");
    db_bind_id(query, id);
    return blob_one(store, query, out);
}

int blob_row_of(struct store *store, const uint8_t sha[HASH_SIZE], struct blob_file *out)
{
    struct query *query =
        db_query(store->db, "SELECT " BLOB_COLUMNS " FROM blob_file WHERE sha = $1 AND state = 1");
    db_bind_blob(query, sha, HASH_SIZE);
    return blob_one(store, query, out);
}

static int blob_growing_row(struct store *store, const struct id *id, struct blob_file *out)
{
    int err = blob_row(store, id, out);
    return err == 0 && out->state != BLOB_GROWING ? SND_E_NOTFOUND : err;
}

/* ---- files ---- */

static int blob_make_folder(const char *path)
{
    if (mkdir(path, 0700) != 0)
        return errno == EEXIST ? 0 : err_from_errno(errno);
    return proc_sync_folder(path);
}

/* The folder that a file is to lie in. */
static int blob_make_folders(const struct store *store, const char *below)
{
    char folder[STORE_BLOB_NAME];
    size_t len = strcspn(below, "/");
    int err = store->blobs == NULL ? SND_E_NOTFOUND : blob_make_folder(store->blobs);
    if (err == 0)
        err = str_format(folder, sizeof folder, "%.*s", (int)len, below);
    char *path = blob_path(store, folder);
    if (err == 0)
        err = blob_make_folder(path);
    x_free(&path);
    return err;
}

int blob_open(const struct store *store, const struct blob_file *row, int write,
              struct sealfile *out)
{
    int flags = (write ? O_RDWR | O_CREAT : O_RDONLY) | O_NOFOLLOW | O_CLOEXEC;
    char *path = blob_path(store, row->path);
    *out = (struct sealfile){.id = row->id};
    memcpy(out->key, row->secret, SEALFILE_KEY);
    out->fd = open(path, flags, 0600);
    if (out->fd < 0 && errno == ENOENT && write && blob_make_folders(store, row->path) == 0)
        out->fd = open(path, flags, 0600);
    int err = out->fd < 0 ? err_from_errno(errno) : 0;
    x_free(&path);
    return err;
}

static void blob_close(struct sealfile *file)
{
    proc_close(&file->fd);
    mem_wipe(file->key, sizeof file->key);
}

int store_blob_begin(struct store *store, const uint8_t *want, int64_t size, int64_t at,
                     struct id *file)
{
    struct blob_file row = {.id = id_new(), .size = size};
    struct buf sealed = BUF_INIT(1024);
    char hex[ID_TEXT];
    id_text(&row.id, hex);
    int err = str_format(row.path, sizeof row.path, "part/%s", hex);
    if (err == 0)
        err = store_write_begin(store);
    if (err != 0)
        return err;
    random_bytes(row.secret, SEALFILE_KEY);
    blob_seal(store, &row, &sealed);
    struct query *query =
        db_query(store->db, "INSERT INTO blob_file (id, state, path, want, size, sent, at, sealed)"
                            " VALUES ($1, 0, $2, $3, $4, 0, $5, $6)");
    db_bind_id(query, &row.id);
    db_bind_text(query, row.path);
    if (want != NULL)
        db_bind_blob(query, want, HASH_SIZE);
    else
        db_bind_null(query);
    db_bind_int(query, size);
    db_bind_int(query, at);
    db_bind_blob(query, sealed.data, sealed.len);
    err = db_run(query, NULL);
    buf_free(&sealed);
    mem_wipe(row.secret, sizeof row.secret);
    *file = row.id;
    return store_write_end(store, err);
}

int store_blob_growing(struct store *store, const uint8_t want[HASH_SIZE], struct id *file)
{
    struct query *query =
        db_query(store->db, "SELECT id FROM blob_file WHERE state = 0 AND want = $1"
                            " ORDER BY at DESC LIMIT 1");
    db_bind_blob(query, want, HASH_SIZE);
    int err = db_one(query);
    if (err == 0)
        db_id(query, file);
    return db_end(query, err);
}

int store_blob_length(struct store *store, const struct id *file, int64_t *have)
{
    struct blob_file row;
    struct sealfile sealed;
    *have = 0;
    int err = blob_growing_row(store, file, &row);
    if (err != 0)
        return err;
    err = blob_open(store, &row, 0, &sealed);
    if (err == 0) {
        err = sealfile_length(&sealed, 0, have);
        blob_close(&sealed);
    }
    /* What was only half written is no end yet: the next put mends it. */
    return err == SND_E_NOTFOUND || err == SND_E_CORRUPT ? 0 : err;
}

/* What of a piece goes beyond `have` is added. */
static int blob_add(const struct sealfile *file, int64_t offset, const uint8_t *bytes, size_t len,
                    int64_t max, int64_t *have)
{
    if (offset > *have || offset + (int64_t)len <= *have)
        return 0;
    if (offset + (int64_t)len > max)
        return SND_E_LIMIT;
    size_t known = (size_t)(*have - offset);
    int err = sealfile_append(file, *have, bytes + known, len - known);
    if (err != 0)
        return err;
    int64_t before = *have;
    *have = offset + (int64_t)len;
    if (before / BLOB_SYNC != *have / BLOB_SYNC && fdatasync(file->fd) != 0)
        return err_from_errno(errno);
    return 0;
}

int store_blob_put(struct store *store, const struct id *file, int64_t offset, const void *bytes,
                   size_t len, int64_t max, int64_t *have)
{
    struct blob_file row;
    struct sealfile sealed;
    *have = 0;
    int err = blob_growing_row(store, file, &row);
    if (err == 0 && (offset < 0 || offset > max))
        err = SND_E_LIMIT;
    if (err == 0)
        err = blob_open(store, &row, 1, &sealed);
    if (err != 0)
        return err;
    err = sealfile_length(&sealed, 1, have);
    if (err == 0)
        err = blob_add(&sealed, offset, bytes, len, max, have);
    blob_close(&sealed);
    return err;
}

int store_blob_empty(struct store *store, const struct id *file)
{
    struct blob_file row;
    struct sealfile sealed;
    int err = blob_growing_row(store, file, &row);
    if (err == 0)
        err = blob_open(store, &row, 1, &sealed);
    if (err != 0)
        return err;
    err = ftruncate(sealed.fd, 0) != 0 ? err_from_errno(errno) : 0;
    blob_close(&sealed);
    return err;
}

/* From now on nobody can read it: its key is gone. The file itself goes with the next sweep. */
static int blob_let_go(struct store *store, const struct id *id)
{
    struct query *query = db_query(store->db, "UPDATE blob_file SET state = 2, sha = NULL,"
                                              " want = NULL, sealed = NULL WHERE id = $1");
    db_bind_id(query, id);
    return db_run(query, NULL);
}

int store_blob_drop(struct store *store, const struct id *file)
{
    struct blob_file row;
    int err = blob_growing_row(store, file, &row);
    if (err == 0)
        err = store_write_begin(store);
    return err != 0 ? err : store_write_end(store, blob_let_go(store, file));
}

int blob_unused(struct store *store, const uint8_t sha[HASH_SIZE])
{
    struct query *query =
        db_query(store->db, "UPDATE blob_file SET state = 2, sha = NULL, want = NULL, sealed = NULL"
                            " WHERE sha = $1"
                            " AND NOT EXISTS (SELECT 1 FROM request_blob r WHERE r.sha = $2)"
                            " AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.file = blob_file.id)");
    db_bind_blob(query, sha, HASH_SIZE);
    db_bind_blob(query, sha, HASH_SIZE);
    return db_run(query, NULL);
}

/* ---- making one whole ---- */

struct store_walk {
    struct blob_file row;
    struct sealfile file;
    int64_t length, at;
    struct hash *hash;
    struct filetype_scan scan;
};

void store_walk_free(struct store_walk **walk)
{
    uint8_t nothing[HASH_SIZE];
    if (*walk == NULL)
        return;
    if ((*walk)->hash != NULL)
        hash_end(&(*walk)->hash, nothing);
    blob_close(&(*walk)->file);
    mem_wipe(*walk, sizeof **walk);
    x_free(walk);
}

static int walk_begin(struct store *store, const struct id *file, struct store_walk **out)
{
    struct store_walk *walk = x_alloc(sizeof *walk);
    walk->file.fd = -1;
    *out = walk;
    int err = blob_growing_row(store, file, &walk->row);
    if (err == 0)
        err = blob_open(store, &walk->row, 1, &walk->file);
    if (err == 0)
        err = sealfile_length(&walk->file, 1, &walk->length);
    if (err == 0 && fsync(walk->file.fd) != 0)
        err = err_from_errno(errno);
    filetype_begin(&walk->scan);
    walk->hash = hash_start();
    return err;
}

/* Reads a piece back. */
static int walk_step(struct store_walk *walk)
{
    uint8_t *piece = x_alloc(STORE_BLOB_PIECE);
    int64_t length, end = walk->at + BLOB_STEP;
    int err = sealfile_length(&walk->file, 0, &length);
    if (err == 0 && length != walk->length)
        err = SND_E_BUSY; /* it has grown meanwhile */
    while (err == 0 && walk->at < walk->length && walk->at < end) {
        int64_t left = walk->length - walk->at;
        size_t len = left < STORE_BLOB_PIECE ? (size_t)left : STORE_BLOB_PIECE;
        err = sealfile_read(&walk->file, walk->length, walk->at, piece, len);
        hash_add(walk->hash, piece, len);
        filetype_feed(&walk->scan, piece, len);
        walk->at += (int64_t)len;
    }
    mem_wipe(piece, STORE_BLOB_PIECE);
    x_free(&piece);
    return err;
}

/* Under its final name, and on the disk there. */
static int blob_place(const struct store *store, struct blob_file *row)
{
    char sha[HASH_TEXT], id[ID_TEXT], *from = blob_path(store, row->path);
    hex_text(row->sha, HASH_SIZE, sha);
    id_text(&row->id, id);
    int err = str_format(row->path, sizeof row->path, "%.2s/%s.%s", sha, sha, id + ID_TEXT - 9);
    char *to = blob_path(store, row->path);
    if (err == 0)
        err = blob_make_folders(store, row->path);
    if (err == 0 && rename(from, to) != 0)
        err = err_from_errno(errno);
    if (err == 0)
        err = proc_sync_folder(to);
    x_free(&from);
    x_free(&to);
    return err;
}

static int blob_write_whole(struct store *store, struct blob_file *row, int64_t at)
{
    struct buf sealed = BUF_INIT(1024);
    memcpy(row->secret + SEALFILE_KEY, row->sha, HASH_SIZE);
    blob_seal(store, row, &sealed);
    struct query *query =
        db_query(store->db, "UPDATE blob_file SET state = 1, path = $1, sha = $2, want = NULL,"
                            " size = $3, at = $4, sealed = $5 WHERE id = $6");
    db_bind_text(query, row->path);
    db_bind_blob(query, row->sha, HASH_SIZE);
    db_bind_int(query, row->size);
    db_bind_int(query, at);
    db_bind_blob(query, sealed.data, sealed.len);
    db_bind_id(query, &row->id);
    int err = db_run(query, NULL);
    buf_free(&sealed);
    return err;
}

/* The same bytes may be here already: then this file goes and that one serves. */
static int blob_become_whole(struct store *store, struct blob_file *row, int64_t at,
                             struct id *file)
{
    struct blob_file other;
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = blob_row_of(store, row->sha, &other);
    if (err == 0) {
        *file = other.id;
        err = blob_let_go(store, &row->id);
    } else if (err == SND_E_NOTFOUND) {
        err = blob_place(store, row);
        if (err == 0)
            err = blob_write_whole(store, row, at);
    }
    return store_write_end(store, err);
}

static int walk_end(struct store *store, struct store_walk *walk, int64_t at, struct id *file,
                    struct store_blob *out, enum store_walked *how)
{
    static const uint8_t unknown[HASH_SIZE];
    struct blob_file *row = &walk->row;
    int cut;
    hash_end(&walk->hash, out->sha);
    out->size = row->size = walk->length;
    out->type = filetype_end(&walk->scan, &out->pages, &cut);
    memcpy(row->sha, out->sha, HASH_SIZE);
    if (memcmp(row->want, unknown, HASH_SIZE) != 0 && memcmp(row->want, out->sha, HASH_SIZE) != 0) {
        *how = WALK_SHA;
        return store_blob_drop(store, file);
    }
    if (out->type == FILETYPE_NONE || cut) {
        *how = cut ? WALK_CUT : WALK_TYPE;
        return cut ? 0 : store_blob_drop(store, file);
    }
    *how = WALK_WHOLE;
    return blob_become_whole(store, row, at, file);
}

int store_blob_end(struct store *store, struct store_walk **walk, struct id *file, int64_t at,
                   struct store_blob *out, enum store_walked *how)
{
    int err = 0;
    memset(out, 0, sizeof *out);
    *how = WALK_MORE;
    if (*walk != NULL && !id_equal(&(*walk)->row.id, file))
        store_walk_free(walk);
    if (*walk == NULL)
        err = walk_begin(store, file, walk);
    if (err == 0)
        err = walk_step(*walk);
    if (err == 0 && (*walk)->at < (*walk)->length)
        return 0;
    if (err == 0)
        err = walk_end(store, *walk, at, file, out, how);
    store_walk_free(walk);
    return err == SND_E_BUSY ? 0 : err;
}

/* ---- reading ---- */

int store_blob_find(struct store *store, const uint8_t sha[HASH_SIZE], int64_t *size)
{
    struct blob_file row;
    int err = blob_row_of(store, sha, &row);
    *size = err == 0 ? row.size : 0;
    mem_wipe(row.secret, sizeof row.secret);
    return err;
}

int store_blob_read(struct store *store, const uint8_t sha[HASH_SIZE], int64_t offset, size_t max,
                    struct buf *out)
{
    struct blob_file row;
    struct sealfile file;
    uint8_t *piece;
    int err = blob_row_of(store, sha, &row);
    if (err == 0 && (offset < 0 || offset > row.size))
        err = SND_E_BAD;
    if (err == 0)
        err = blob_open(store, &row, 0, &file);
    if (err != 0)
        return err;
    int64_t left = row.size - offset;
    size_t len = max < STORE_BLOB_PIECE ? max : STORE_BLOB_PIECE;
    len = left < (int64_t)len ? (size_t)left : len;
    piece = x_alloc(len + 1);
    err = sealfile_read(&file, row.size, offset, piece, len);
    if (err == 0)
        buf_put(out, piece, len);
    mem_wipe(piece, len);
    x_free(&piece);
    blob_close(&file);
    return err;
}

/* Reads a whole file and compares its hash. */
static int blob_verify(const struct store *store, const struct blob_file *row)
{
    struct sealfile file;
    uint8_t sha[HASH_SIZE], *piece = x_alloc(SEALFILE_CHUNK);
    int64_t length = 0;
    int err = blob_open(store, row, 0, &file);
    if (err != 0)
        goto out;
    err = sealfile_length(&file, 0, &length);
    struct hash *hash = hash_start();
    for (int64_t at = 0; err == 0 && at < length; at += SEALFILE_CHUNK) {
        size_t len = length - at < SEALFILE_CHUNK ? (size_t)(length - at) : SEALFILE_CHUNK;
        err = sealfile_read(&file, length, at, piece, len);
        hash_add(hash, piece, len);
    }
    hash_end(&hash, sha);
    blob_close(&file);
    if (err == 0 && (length != row->size || memcmp(sha, row->sha, HASH_SIZE) != 0))
        err = SND_E_CORRUPT;
out:
    mem_wipe(piece, SEALFILE_CHUNK);
    x_free(&piece);
    return err == 0 ? 0 : SND_E_CORRUPT;
}

int store_blob_verify(struct store *store, uint8_t after[HASH_SIZE])
{
    struct blob_file row = {0};
    struct query *query =
        db_query(store->db, "SELECT " BLOB_COLUMNS " FROM blob_file WHERE sha > $1 AND state = 1"
                            " ORDER BY sha LIMIT 1");
    db_bind_blob(query, after, HASH_SIZE);
    int err = db_one(query);
    if (err != 0)
        return db_end(query, err);
    err = blob_read_row(store, query, &row);
    if (memcmp(row.sha, after, HASH_SIZE) > 0)
        memcpy(after, row.sha, HASH_SIZE);
    err = db_end(query, err);
    return err != 0 ? err : blob_verify(store, &row);
}

int store_blob_next(struct store *store, struct id *after, char path[STORE_BLOB_NAME])
{
    struct query *query = db_query(store->db, "SELECT id, path FROM blob_file WHERE id > $1"
                                              " AND state = 1 ORDER BY id LIMIT 1");
    db_bind_id(query, after);
    int err = db_one(query);
    if (err == 0) {
        db_id(query, after);
        db_text(query, path, STORE_BLOB_NAME);
    }
    return db_end(query, err);
}

/* ---- letting go ---- */

static int sweep_stale(struct store *store, int64_t stale)
{
    int err = store_write_begin(store);
    if (err != 0)
        return err;
    err = inbox_forget(store, stale);
    if (err == 0) {
        struct query *query = db_query(store->db, "UPDATE blob_file SET state = 2, want = NULL,"
                                                  " sealed = NULL WHERE state = 0 AND at < $1");
        db_bind_int(query, stale);
        err = db_run(query, NULL);
    }
    return store_write_end(store, err);
}

static int sweep_find(struct store *store, struct id *gone, size_t *count)
{
    int got;
    struct query *query =
        db_query(store->db, "SELECT id, path FROM blob_file WHERE state = 2 LIMIT $1");
    db_bind_int(query, BLOB_SWEEP);
    while (*count < BLOB_SWEEP && (got = db_row(query)) == 1) {
        char path[STORE_BLOB_NAME];
        db_id(query, &gone[*count]);
        db_text(query, path, sizeof path);
        char *whole = blob_path(store, path);
        if (path[0] == '\0' || unlink(whole) == 0 || errno == ENOENT)
            (*count)++;
        x_free(&whole);
    }
    return db_end(query, *count == BLOB_SWEEP ? 0 : got);
}

int store_blob_sweep(struct store *store, int64_t stale, int *more)
{
    struct id gone[BLOB_SWEEP];
    size_t count = 0;
    int err = sweep_stale(store, stale);
    if (err == 0)
        err = sweep_find(store, gone, &count);
    *more = count == BLOB_SWEEP;
    if (err != 0 || count == 0)
        return err;
    err = store_write_begin(store);
    if (err != 0)
        return err;
    for (size_t i = 0; i < count && err == 0; i++) {
        struct query *query = db_query(store->db, "DELETE FROM blob_file WHERE id = $1");
        db_bind_id(query, &gone[i]);
        err = db_run(query, NULL);
    }
    return store_write_end(store, err);
}
