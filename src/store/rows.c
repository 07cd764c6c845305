/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of rows. How many there are is known only at the end of a statement, so they are gathered
 * in a run that grows and then moved into the caller's arena, where each list lives. */
#include <string.h>
#include "store/store_priv.h"

void *rows_add(struct rows *rows)
{
    rows->all = x_realloc(rows->all, rows->count + 1, rows->size);
    return (char *)rows->all + rows->count++ * rows->size;
}

void *rows_take(struct rows *rows, struct arena *arena, size_t *count)
{
    void *kept = arena_alloc(arena, (rows->count + 1) * rows->size);
    if (rows->count > 0)
        memcpy(kept, rows->all, rows->count * rows->size);
    *count = rows->count;
    x_free(&rows->all);
    return kept;
}
