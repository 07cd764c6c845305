/* SPDX-License-Identifier: Apache-2.0 */
/* What an office's drafts hold at this moment, for tests that wait until something was saved:
 *     drafts STATE ACCOUNT
 * One line a draft: the unfinished text, a tab, the values. It reads beside the serving ledger. */
#include <stdio.h>
#include "base/err.h"
#include "base/vault.h"
#include "store/store.h"

static int print_drafts(struct store *store, const char *account)
{
    struct arena *arena = arena_new();
    struct store_draft *draft = NULL, one;
    size_t count = 0;
    int err = store_draft_list(store, account, arena, &draft, &count);
    for (size_t i = 0; i < count && err == 0; i++) {
        char *typed = NULL, *values = NULL;
        err = store_draft_get(store, &draft[i].id, &one, &typed, &values);
        if (err == 0)
            printf("%s\t%s\n", typed, values);
        x_free(&typed);
        x_free(&values);
    }
    arena_free(&arena);
    return err;
}

int main(int argc, char **argv)
{
    struct vault *vault = NULL;
    struct store *store = NULL;
    if (argc != 3)
        return 2;
    char *db = x_printf("%s/office.db", argv[1]), *keyring = x_printf("%s/keyring", argv[1]);
    int err = vault_load(keyring, &vault);
    if (err == 0)
        err = store_open(db, STORE_READ, vault, &store);
    if (err == 0)
        err = print_drafts(store, argv[2]);
    if (err != 0)
        fprintf(stderr, "drafts: %s\n", err_text(err));
    store_close(&store);
    vault_free(&vault);
    x_free(&db);
    x_free(&keyring);
    return err != 0;
}
