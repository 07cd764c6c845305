/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SEAL_PRIV_H
#define STORE_SEAL_PRIV_H
/* Sealed columns: what goes into them and comes out of them. */
#include "base/vault.h"
#include "store/store_priv.h"
#define SEAL_ROW 16 /* bytes that name a row */
enum sealed {
#define SEALED(name, table, row, column) SEALED_##name,
#include "store/sealed.def"
#undef SEALED
    SEALED_COLUMNS
};
/* Puts the sealed bytes of that row's column into *out. */
void seal_put(const struct store *store, enum sealed what, const uint8_t row[SEAL_ROW],
              const void *plain, size_t len, struct buf *out);
/* Puts the plain bytes into *out; SND_E_CORRUPT, SND_E_NOTFOUND (a key that isn't there). NULL is
 * nothing, and is fine. */
SND_MUST int seal_get(const struct store *store, enum sealed what, const uint8_t row[SEAL_ROW],
                      const void *sealed, size_t len, struct buf *out);
/* The sealed column of that name: 0 or SND_E_NOTFOUND; and the words of one. */
SND_MUST int seal_find(const char *table, const char *column, enum sealed *out);
const char *seal_table(enum sealed what);
const char *seal_row_column(enum sealed what);

/* For bringing a database forward: seals what the columns of the first version hold in clear. */
SND_MUST int seal_first(struct store *store);
#endif
