/* SPDX-License-Identifier: Apache-2.0 */
/* The disk that loses its power (powercut_vfs.h). Killing a process proves nothing about a disk:
 * the kernel still writes what it was given. Here every write is remembered until the file's next
 * sync, and the cut lets each of them through whole, in part, or not at all, in any mixture that a
 * disk with a cache may leave behind. It serves one process with one connection, so locks always
 * succeed and the shared memory of the write-ahead log is plain memory, gone with the power. */
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/proc.h"
#include "tests/powercut_vfs.h"

#define POWERCUT_FILES 8
#define POWERCUT_SECTOR 512
#define POWERCUT_NAME 128
#define POWERCUT_REGIONS 16

/* One write or truncation that no sync has followed yet. */
struct pending {
    uint8_t *bytes; /* NULL for a truncation */
    size_t len;
    size_t at; /* offset, or the length truncated to */
};
struct image {
    uint8_t *bytes;
    size_t len, room;
};
struct disk_file {
    char name[POWERCUT_NAME]; /* "" = no such file */
    struct image now;         /* what a reader sees */
    struct image safe;        /* what was synced */
    struct pending *pending;
    size_t count, room;
    void *region[POWERCUT_REGIONS]; /* shared memory of the write-ahead log */
};
/* What SQLite holds of an open file. */
struct handle {
    sqlite3_file base;
    struct disk_file *file;
};

static struct disk_file disk[POWERCUT_FILES];
static long operations, cut_at;
static int failing;
static long fault_at;
static int fault_code, fault_stays;
static unsigned seed_now;

static unsigned chance(unsigned bound)
{
    return (unsigned)rand_r(&seed_now) % bound;
}

static void image_size(struct image *image, size_t len)
{
    if (len > image->room) {
        image->room = len * 2;
        image->bytes = x_realloc(image->bytes, image->room, 1);
    }
    if (len > image->len)
        memset(image->bytes + image->len, 0, len - image->len);
    image->len = len;
}

static void image_put(struct image *image, const void *bytes, size_t len, size_t at)
{
    if (at + len > image->len)
        image_size(image, at + len);
    memcpy(image->bytes + at, bytes, len);
}

static void pending_add(struct disk_file *file, const void *bytes, size_t len, size_t at)
{
    if (file->count == file->room) {
        file->room = file->room == 0 ? 64 : file->room * 2;
        file->pending = x_realloc(file->pending, file->room, sizeof *file->pending);
    }
    struct pending *one = &file->pending[file->count++];
    *one = (struct pending){.len = len, .at = at};
    if (bytes != NULL) {
        one->bytes = x_alloc(len);
        memcpy(one->bytes, bytes, len);
    }
}

static void pending_clear(struct disk_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        x_free(&file->pending[i].bytes);
    file->count = 0;
}

/* One of four things happens to what wasn't synced: lost, torn, or (twice as likely) written. */
static void survive(struct disk_file *file, const struct pending *one)
{
    unsigned fate = chance(4);
    if (fate == 0)
        return;
    if (one->bytes == NULL) {
        if (one->at < file->safe.len)
            file->safe.len = one->at;
        return;
    }
    size_t len = one->len, sectors = len / POWERCUT_SECTOR;
    if (fate == 1 && sectors > 0)
        len = POWERCUT_SECTOR * chance((unsigned)sectors);
    if (len > 0)
        image_put(&file->safe, one->bytes, len, one->at);
}

SND_NORETURN void powercut_now(void)
{
    int err = 0;
    for (size_t i = 0; i < POWERCUT_FILES; i++) {
        struct disk_file *file = &disk[i];
        if (file->name[0] == '\0')
            continue;
        for (size_t k = 0; k < file->count; k++)
            survive(file, &file->pending[k]);
        const void *bytes = file->safe.bytes;
        if (err == 0)
            err = proc_write_file(file->name, bytes == NULL ? "" : bytes, file->safe.len, 0600);
    }
    _exit(err == 0 ? 0 : 2);
}

/* Counts one and cuts if it is time; gives back the code to fail with, 0 = go on. */
static int operation(void)
{
    operations++;
    if (cut_at > 0 && operations >= cut_at)
        powercut_now();
    if (fault_at > 0 && (operations == fault_at || (fault_stays && operations > fault_at)))
        return fault_code;
    return failing;
}

static struct disk_file *disk_find(const char *name, int make)
{
    struct disk_file *empty = NULL;
    for (size_t i = 0; i < POWERCUT_FILES; i++) {
        if (strcmp(disk[i].name, name) == 0)
            return &disk[i];
        if (empty == NULL && disk[i].name[0] == '\0')
            empty = &disk[i];
    }
    if (!make || empty == NULL || str_copy(empty->name, sizeof empty->name, name) != 0)
        return NULL;
    empty->now.len = empty->safe.len = 0;
    pending_clear(empty);
    return empty;
}

static struct disk_file *file_of(sqlite3_file *file)
{
    return ((struct handle *)file)->file;
}

static int io_close(sqlite3_file *file)
{
    (void)file;
    return SQLITE_OK;
}

static int io_read(sqlite3_file *file, void *out, int len, sqlite3_int64 at)
{
    const struct image *now = &file_of(file)->now;
    size_t want = (size_t)len, from = (size_t)at;
    size_t have = from >= now->len ? 0 : now->len - from;
    if (have > want)
        have = want;
    memset(out, 0, want);
    if (have > 0)
        memcpy(out, now->bytes + from, have);
    return have < want ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int io_write(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 at)
{
    int code = operation();
    if (code != SQLITE_OK)
        return code;
    image_put(&file_of(file)->now, bytes, (size_t)len, (size_t)at);
    pending_add(file_of(file), bytes, (size_t)len, (size_t)at);
    return SQLITE_OK;
}

static int io_truncate(sqlite3_file *file, sqlite3_int64 len)
{
    int code = operation();
    if (code != SQLITE_OK)
        return code;
    if ((size_t)len < file_of(file)->now.len)
        file_of(file)->now.len = (size_t)len;
    pending_add(file_of(file), NULL, 0, (size_t)len);
    return SQLITE_OK;
}

static int io_sync(sqlite3_file *file, int flags)
{
    struct disk_file *one = file_of(file);
    (void)flags;
    int code = operation();
    if (code != SQLITE_OK)
        return code;
    image_size(&one->safe, one->now.len);
    if (one->now.len > 0)
        memcpy(one->safe.bytes, one->now.bytes, one->now.len);
    pending_clear(one);
    return SQLITE_OK;
}

static int io_size(sqlite3_file *file, sqlite3_int64 *len)
{
    *len = (sqlite3_int64)file_of(file)->now.len;
    return SQLITE_OK;
}

static int io_lock(sqlite3_file *file, int level)
{
    (void)file, (void)level;
    return SQLITE_OK;
}

static int io_reserved(sqlite3_file *file, int *out)
{
    (void)file;
    *out = 0;
    return SQLITE_OK;
}

static int io_control(sqlite3_file *file, int what, void *arg)
{
    (void)file, (void)what, (void)arg;
    return SQLITE_NOTFOUND;
}

static int io_sector(sqlite3_file *file)
{
    (void)file;
    return POWERCUT_SECTOR;
}

static int io_device(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static int io_shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    struct disk_file *one = file_of(file);
    *out = NULL;
    if (region >= POWERCUT_REGIONS)
        return SQLITE_IOERR_SHMMAP;
    if (one->region[region] == NULL && extend)
        one->region[region] = x_alloc((size_t)size);
    *out = one->region[region];
    return SQLITE_OK;
}

static int io_shm_lock(sqlite3_file *file, int at, int count, int flags)
{
    (void)file, (void)at, (void)count, (void)flags;
    return SQLITE_OK;
}

static void io_shm_barrier(sqlite3_file *file)
{
    (void)file;
}

static int io_shm_unmap(sqlite3_file *file, int away)
{
    struct disk_file *one = file_of(file);
    for (size_t i = 0; away && i < POWERCUT_REGIONS; i++)
        x_free(&one->region[i]);
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = io_close,
    .xRead = io_read,
    .xWrite = io_write,
    .xTruncate = io_truncate,
    .xSync = io_sync,
    .xFileSize = io_size,
    .xLock = io_lock,
    .xUnlock = io_lock,
    .xCheckReservedLock = io_reserved,
    .xFileControl = io_control,
    .xSectorSize = io_sector,
    .xDeviceCharacteristics = io_device,
    .xShmMap = io_shm_map,
    .xShmLock = io_shm_lock,
    .xShmBarrier = io_shm_barrier,
    .xShmUnmap = io_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    struct handle *handle = (struct handle *)file;
    (void)vfs;
    handle->base.pMethods = NULL;
    handle->file = name == NULL ? NULL : disk_find(name, flags & SQLITE_OPEN_CREATE);
    if (handle->file == NULL)
        return SQLITE_CANTOPEN;
    handle->base.pMethods = &methods;
    if (out != NULL)
        *out = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    struct disk_file *file = disk_find(name, 0);
    (void)vfs, (void)sync;
    int code = operation();
    if (code != SQLITE_OK)
        return code;
    if (file == NULL)
        return SQLITE_IOERR_DELETE_NOENT;
    file->name[0] = '\0';
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    (void)vfs, (void)flags;
    *out = disk_find(name, 0) != NULL;
    return SQLITE_OK;
}

static int vfs_full(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
    (void)vfs;
    return str_copy(out, (size_t)size, name) == 0 ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int vfs_random(sqlite3_vfs *vfs, int len, char *out)
{
    (void)vfs;
    for (int i = 0; i < len; i++)
        out[i] = (char)chance(256);
    return len;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, double *out)
{
    (void)vfs;
    *out = 2460000;
    return SQLITE_OK;
}

static sqlite3_vfs vfs_methods = {
    .iVersion = 1,
    .szOsFile = sizeof(struct handle),
    .mxPathname = POWERCUT_NAME,
    .zName = "powercut",
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full,
    .xRandomness = vfs_random,
    .xSleep = vfs_sleep,
    .xCurrentTime = vfs_time,
};

void powercut_start(unsigned seed)
{
    seed_now = seed;
    sqlite3_vfs_register(&vfs_methods, 1);
}

int powercut_load(const char *path)
{
    char *bytes;
    size_t len;
    int err = proc_read_file(path, 64 << 20, &bytes, &len);
    if (err != 0)
        return err;
    struct disk_file *file = disk_find(path, 1);
    image_put(&file->now, bytes, len, 0);
    image_put(&file->safe, bytes, len, 0);
    x_free(&bytes);
    return 0;
}

void powercut_after(long count)
{
    cut_at = operations + count;
}

void powercut_fail(int code)
{
    failing = code;
}

void powercut_fail_at(long count, int code, int for_good)
{
    fault_at = operations + count;
    fault_code = code;
    fault_stays = for_good;
}

void powercut_heal_once(void)
{
    fault_at = 0;
}

long powercut_operations(void)
{
    return operations;
}
