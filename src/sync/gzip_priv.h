/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYNC_GZIP_PRIV_H
#define SYNC_GZIP_PRIV_H
#include "base/buf.h"
/* 1 when an Accept-Encoding (NULL: none was sent) takes gzip. */
int gzip_wanted(const char *accepted);
/* The bytes as one member of gzip, added to out: 0, or SND_E_LIMIT when out is too small. */
int gzip(const void *bytes, size_t len, struct buf *out);
#endif
