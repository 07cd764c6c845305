/* SPDX-License-Identifier: Apache-2.0
 * sanad fsck: has the ledger verify its chain and compare every projection with a replay. Says what
 * it found; repairs nothing, since the chain is the truth and a projection can be rebuilt from it.
 */
#include <inttypes.h>
#include <stdio.h>
#include "base/err.h"
#include "base/mem.h"
#include "cmd/cmd.h"

int cmd_fsck(int argc, char **argv)
{
    const char *state = cmd_state(&argc, argv);
    struct book *book = NULL;
    struct book_check check = {0};
    if (argc != 1)
        return cmd_usage("fsck");
    if (cmd_book_open(state, &book) != 0)
        return 1;
    struct arena *arena = arena_new();
    int err = book_check(book, arena, &check);
    if (err)
        cmd_fail("The book could not be checked: %s.", err_text(err));
    for (size_t i = 0; i < check.findings; i++)
        puts(check.finding[i]);
    if (!err)
        printf("%" PRId64 " events, %" PRId64 " requests: %s\n", check.events, check.requests,
               check.findings ? "damaged" : "clean");
    int status = err || check.findings > 0;
    arena_free(&arena);
    cmd_book_close(&book);
    return status;
}
