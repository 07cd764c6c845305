/* SPDX-License-Identifier: Apache-2.0 */
/* What citizens said is sealed before it reaches the database's file and opened after it was read:
 * the one place where the store meets the vault. A value is bound to table, row and column
 * (sealed.def), so one that was copied elsewhere is as good as damaged. What is hashed into the
 * chain is the plain payload: sealing is this disk's matter, and another node that gets the event
 * seals it with its own keys. */
#include "store/seal_priv.h"
#include <string.h>
#include "base/err.h"

static const struct {
    const char *table, *row, *column;
} sealed[] = {
#define SEALED(name, table, row, column) {#table, #row, #column},
#include "store/sealed.def"
#undef SEALED
};

static struct vault_place seal_place(enum sealed what, const uint8_t row[SEAL_ROW])
{
    return (struct vault_place){sealed[what].table, sealed[what].column, row, SEAL_ROW};
}

void seal_put(const struct store *store, enum sealed what, const uint8_t row[SEAL_ROW],
              const void *plain, size_t len, struct buf *out)
{
    struct vault_place place = seal_place(what, row);
    vault_seal(store->vault, &place, plain, len, out);
}

int seal_get(const struct store *store, enum sealed what, const uint8_t row[SEAL_ROW],
             const void *bytes, size_t len, struct buf *out)
{
    struct vault_place place = seal_place(what, row);
    return bytes == NULL ? 0 : vault_open(store->vault, &place, bytes, len, out);
}

int seal_find(const char *table, const char *column, enum sealed *out)
{
    for (size_t i = 0; i < SND_COUNT(sealed); i++)
        if (strcmp(sealed[i].table, table) == 0 && strcmp(sealed[i].column, column) == 0) {
            *out = (enum sealed)i;
            return 0;
        }
    return SND_E_NOTFOUND;
}

const char *seal_table(enum sealed what)
{
    return sealed[what].table;
}

const char *seal_row_column(enum sealed what)
{
    return sealed[what].row;
}
