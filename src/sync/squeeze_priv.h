/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_SQUEEZE_PRIV_H
#define SYNC_SQUEEZE_PRIV_H
/* Bodies made small and large again (zstd, RFC 8878). */
#include <stddef.h>
#include "base/attr.h"
#include "base/buf.h"
/* Puts the compressed form of the bytes behind what is in `out`. 0 or SND_E_LIMIT (out's cap). */
SND_MUST int squeeze(const void *bytes, size_t len, struct buf *out);

/* Takes compressed bytes as they come and hands on what they hold, piece by piece; neither side is
 * ever held whole, so a bomb costs no more than a window (1 MiB). */
struct unsqueeze;
/* What comes out; anything but 0 ends it and is returned. */
typedef int unsqueeze_sink(void *arg, const void *bytes, size_t len);
/* max: most bytes that may come out. */
struct unsqueeze *unsqueeze_new(size_t max, unsqueeze_sink *sink, void *arg);
void unsqueeze_free(struct unsqueeze **unsqueeze);
/* 0; SND_E_LIMIT: more than max, or more than 64 KiB that came from next to nothing; SND_E_BAD: not
 * zstd, or something behind its end; or the sink's error. After an error nothing more is taken. */
SND_MUST int unsqueeze_put(struct unsqueeze *unsqueeze, const void *bytes, size_t len);
/* The input has ended: 0, or SND_E_BAD when it was cut short. */
SND_MUST int unsqueeze_end(const struct unsqueeze *unsqueeze);
#endif
