/* SPDX-License-Identifier: Apache-2.0
 * Sealed files. A chunk is its nonce (drawn anew each time it is written), the sealed bytes and
 * their tag. Adding to a chunk that is not full writes it anew as a whole: should the power go just
 * then, that chunk is lost and with it at most SEALFILE_CHUNK bytes, which whoever sends the file
 * sends again. */
#include "base/sealfile.h"
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "base/mem.h"

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define MORE (NONCE + TAG)
#define STORED (SEALFILE_CHUNK + MORE)
#define PLACE (8 + ID_SIZE + 8)

_Static_assert(SEALFILE_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");

/* What a chunk is bound to. */
static void place_of(const struct sealfile *file, int64_t chunk, uint8_t out[PLACE])
{
    memcpy(out, "sndfile1", 8);
    memcpy(out + 8, file->id.b, ID_SIZE);
    for (int i = 0; i < 8; i++)
        out[8 + ID_SIZE + i] = (uint8_t)((uint64_t)chunk >> (56 - 8 * i));
}

static int read_all(int fd, uint8_t *out, size_t len, int64_t at)
{
    while (len > 0) {
        ssize_t got = pread(fd, out, len, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? err_from_errno(errno) : SND_E_CORRUPT;
        out += got;
        at += got;
        len -= (size_t)got;
    }
    return 0;
}

static int write_all(int fd, const uint8_t *bytes, size_t len, int64_t at)
{
    while (len > 0) {
        ssize_t put = pwrite(fd, bytes, len, at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return put < 0 ? err_from_errno(errno) : SND_E_IO;
        bytes += put;
        at += put;
        len -= (size_t)put;
    }
    return 0;
}

/* Opens one chunk of `len` plain bytes into `out`. */
static int chunk_read(const struct sealfile *file, int64_t chunk, uint8_t *out, size_t len)
{
    uint8_t place[PLACE], *stored = x_alloc(len + MORE);
    int err = read_all(file->fd, stored, len + MORE, chunk * STORED);
    place_of(file, chunk, place);
    if (!err &&
        crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, stored + NONCE, len + TAG,
                                                   place, sizeof place, stored, file->key))
        err = SND_E_CORRUPT;
    x_free(&stored);
    return err;
}

static int chunk_write(const struct sealfile *file, int64_t chunk, const uint8_t *plain, size_t len)
{
    uint8_t place[PLACE], *stored = x_alloc(len + MORE);
    random_bytes(stored, NONCE);
    place_of(file, chunk, place);
    int failed = crypto_aead_xchacha20poly1305_ietf_encrypt(stored + NONCE, NULL, plain, len, place,
                                                            sizeof place, NULL, stored, file->key);
    snd_assert(!failed);
    int err = write_all(file->fd, stored, len + MORE, chunk * STORED);
    x_free(&stored);
    return err;
}

int sealfile_length(const struct sealfile *file, int mend, int64_t *out)
{
    struct stat st;
    uint8_t *plain;
    *out = 0;
    if (fstat(file->fd, &st))
        return err_from_errno(errno);
    int64_t chunks = st.st_size / STORED, rest = st.st_size % STORED;
    int64_t last = rest ? chunks : chunks - 1;
    size_t len = rest > (int64_t)MORE ? (size_t)rest - MORE : rest ? 0 : SEALFILE_CHUNK;
    if (st.st_size == 0)
        return 0;
    plain = x_alloc(SEALFILE_CHUNK);
    int err = len ? chunk_read(file, last, plain, len) : SND_E_CORRUPT;
    mem_wipe(plain, SEALFILE_CHUNK);
    x_free(&plain);
    if (err == SND_E_CORRUPT && mend) {
        len = 0;
        err = ftruncate(file->fd, last * STORED) ? err_from_errno(errno) : 0;
    }
    *out = last * SEALFILE_CHUNK + (int64_t)len;
    return err;
}

int sealfile_append(const struct sealfile *file, int64_t length, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    uint8_t *plain = x_alloc(SEALFILE_CHUNK);
    int err = 0;
    while (len > 0 && !err) {
        int64_t chunk = length / SEALFILE_CHUNK;
        size_t there = (size_t)(length % SEALFILE_CHUNK), room = SEALFILE_CHUNK - there;
        size_t part = len < room ? len : room;
        if (there > 0)
            err = chunk_read(file, chunk, plain, there);
        memcpy(plain + there, at, part);
        if (!err)
            err = chunk_write(file, chunk, plain, there + part);
        at += part;
        len -= part;
        length += (int64_t)part;
    }
    mem_wipe(plain, SEALFILE_CHUNK);
    x_free(&plain);
    return err;
}

int sealfile_read(const struct sealfile *file, int64_t length, int64_t offset, void *out,
                  size_t len)
{
    uint8_t *at = out, *plain;
    int err = 0;
    if (offset < 0 || offset > length || len > (size_t)(length - offset))
        return SND_E_CORRUPT;
    plain = x_alloc(SEALFILE_CHUNK);
    while (len > 0 && !err) {
        int64_t chunk = offset / SEALFILE_CHUNK, begins = chunk * SEALFILE_CHUNK;
        size_t in = (size_t)(offset - begins);
        size_t whole =
            length - begins < SEALFILE_CHUNK ? (size_t)(length - begins) : SEALFILE_CHUNK;
        size_t part = len < whole - in ? len : whole - in;
        err = chunk_read(file, chunk, plain, whole);
        if (!err)
            memcpy(at, plain + in, part);
        at += part;
        offset += (int64_t)part;
        len -= part;
    }
    mem_wipe(plain, SEALFILE_CHUNK);
    x_free(&plain);
    return err;
}
