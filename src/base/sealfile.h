/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SEALFILE_H
#define BASE_SEALFILE_H
/* A file that lies sealed on the disk with a key of its own, in chunks: it grows at its end, and any
 * part of it is read without the rest (XChaCha20-Poly1305). Each chunk is bound to the file's id and
 * to its number, so none can be moved, repeated or taken from another file; that one is missing at
 * the end shows in the length, which the owner of the key keeps beside it. */
#include <stddef.h>
#include <stdint.h>
#include "base/attr.h"
#include "base/id.h"
#define SEALFILE_KEY 32
#define SEALFILE_CHUNK 49152 /* plain bytes of a chunk; the last one may be shorter */
struct sealfile {
    int fd;
    uint8_t key[SEALFILE_KEY];
    struct id id;
};
/* How many plain bytes the file holds. An end that was only half written is cut off when `mend` is set
 * (the file must be open for writing), else it is SND_E_CORRUPT. SND_E_IO. */
SND_MUST int sealfile_length(const struct sealfile *file, int mend, int64_t *out);
/* Writes at the end; `length` is what sealfile_length() says. SND_E_IO, SND_E_FULL, SND_E_CORRUPT. */
SND_MUST int sealfile_append(const struct sealfile *file, int64_t length, const void *bytes,
                             size_t len);
/* Reads exactly len bytes that are there. SND_E_CORRUPT: cut, changed or another file's; SND_E_IO. */
SND_MUST int sealfile_read(const struct sealfile *file, int64_t length, int64_t offset, void *out,
                           size_t len);
#endif
