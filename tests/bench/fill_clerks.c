/* SPDX-License-Identifier: Apache-2.0
 * As many clerks as work in a nation: puts N accounts, clerk0000 and so on, into an office's
 * database, all with one public key. For machines that log in, in an office that nobody works in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/vault.h"
#include "store/store.h"

static void try(int err, const char *what)
{
    if (err == 0)
        return;
    fprintf(stderr, "fill_clerks: %s: %s\n", what, err_text(err));
    exit(1);
}

static void one(struct store *store, const struct store_office *office, int64_t n, const char *key)
{
    struct store_account account = {.role = "clerk", .lang = "ar"};
    struct store_actor actor = {.at = clock_utc_ms()};
    try(str_copy(actor.name, sizeof actor.name, "cli:bench"), "name");
    try(str_copy(actor.centre, sizeof actor.centre, office->centre), "centre");
    try(str_copy(account.centre, sizeof account.centre, office->centre), "centre");
    try(str_format(account.account, sizeof account.account, "clerk%04lld", (long long)n),
        "account");
    try(str_format(account.name, sizeof account.name, "سالم %lld", (long long)n), "name");
    try(store_account_add(store, &account, &actor), "add");
    try(store_account_key(store, account.account, key, 1, &actor), "key");
}

int main(int argc, char **argv)
{
    struct vault *vault;
    struct store *store;
    struct store_office office;
    char *text, type[32], body[4096], key[4200];
    size_t len;
    int64_t count;
    if (argc != 5 || num_parse(argv[3], 1, 100000, &count) != 0) {
        fputs("usage: fill_clerks DB KEYRING N PUBLIC-KEY\n", stderr);
        return 2;
    }
    try(proc_read_file(argv[4], sizeof body, &text, &len), argv[4]);
    if (sscanf(text, "%31s %4095s", type, body) != 2)
        try(SND_E_BAD, argv[4]);
    try(str_format(key, sizeof key, "%s %s", type, body), "key");
    x_free(&text);
    try(vault_load(argv[2], &vault), argv[2]);
    try(store_open(argv[1], STORE_WRITE, vault, &store), argv[1]);
    try(store_office_get(store, &office), "office");
    try(store_batch_begin(store), "begin");
    for (int64_t n = 0; n < count; n++)
        one(store, &office, n, key);
    try(store_batch_commit(store), "commit");
    store_close(&store);
    vault_free(&vault);
    return 0;
}
